"""Lists of people to be checked: files that are brought, lists in numbers, boards, and single rows."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.dispatch.clearing_shapes import DeletedWhy, Outcome, Trouble
from hub.shapes import Author, Level, Wire

ColumnRole = TypeAliasType("ColumnRole", Literal["center", "id", "personal", "shown", "out"])
ListEncoding = TypeAliasType("ListEncoding", Literal["xlsx", "utf-8", "utf-8-bom", "gb18030"])


class ListWrong(Wire):
    """A row of a file that cannot be used, and why: `digits`, `too_long`, `cells`, `control`."""

    row: int
    column: str
    why: str
    value: str


class ListColumn(Wire):
    """A column of a file, what it may be, and how it begins."""

    name: str
    guess: ColumnRole
    samples: list[str]


class ListDraft(Wire):
    """A file that was brought and is nobody's list yet; it stands in memory alone and is forgotten after an hour."""

    draft: str
    encoding: ListEncoding
    rows: int
    columns: list[ListColumn]
    wrong: list[ListWrong]
    """The first of them."""
    wrong_rows: int
    state: Literal["looked", "loading", "loaded", "failed"]
    done: int
    """Rows that stand in the hub."""
    of: int
    clearing: str | None
    """The list that it became."""
    why: str | None
    """Why it could not be loaded."""


class ListPlace(Wire):
    """A center with the way to it."""

    center: str
    name: str
    path: list[str]


class UnsureText(Wire):
    """What rows say of their center that means several, or none; or they say nothing."""

    text: str
    rows: int
    first: list[int]
    """Numbers of the first rows, as a spreadsheet shows them."""
    why: Literal["several", "unknown", "none"]
    centers: list[ListPlace]
    """Those that may be meant."""


class ListMatch(Wire):
    """Whose the rows of a file are."""

    rows: int
    matched: int
    centers: int
    """How many centers have rows."""
    left_out: int
    repeated: int
    """Rows whose person stands in the list more than once."""
    unsure: list[UnsureText]
    """The first of them, the most frequent first."""
    unsure_texts: int
    unsure_rows: int
    wrong_rows: int


class ListLoading(Wire):
    """A list is being loaded; its draft says how far it has come."""

    draft: str


class ClearingCounts(Wire):
    """What came of rows: `total` are those that are to be checked there."""

    total: int
    normal: int
    abnormal: int
    absent: int
    moved: int
    passed: int
    """Given on to other centers; not in the total."""


class KeptColumn(Wire):
    """A column of a list."""

    name: str
    role: ColumnRole


class Clearing(Wire):
    """A list of people to be checked, in numbers: those of the centers that one may read."""

    id: str
    title: str
    state: Literal["loaded", "issued", "deleted"]
    center: str
    by: Author
    """Who brought it."""
    note: str
    due: str | None
    left_out: int
    repeated: int
    commitment: str
    """What commits to its rows; worth nothing once they are gone."""
    loaded_at: str
    issued_at: str | None
    delete_at: str
    deleted_at: str | None
    deleted_why: DeletedWhy | None
    deleted_reason: str = ""
    """Why it was closed before its time."""
    deleted_by: Author | None = None
    """Who closed it; null where its time was over."""
    counts: ClearingCounts
    centers: int
    taken: int
    """Centers that have received their rows."""


class ClearingPage(Wire):
    """A page of lists, newest first; `next` is the `before` of the following page."""

    clearings: list[Clearing]
    next: str | None
    seq: int
    """As of which entry it was read; it may know of later ones."""


class BoardRow(Wire):
    """A center, and what came of the rows there and below."""

    center: str
    name: str
    path: list[str]
    level: Level
    counts: ClearingCounts
    centers: int
    taken: int
    gridded: int
    """How many of the rows lie with grids."""


class ClearingBoard(Wire):
    """A list, and what came of it by center: where the largest share is left comes first."""

    clearing: Clearing
    level: Level
    rows: list[BoardRow]
    more: int
    """Centers that are not shown."""
    seq: int
    at: str
    """When it was read."""


class SameRow(Wire):
    """Another row of the list about the same person."""

    number: int
    center: str
    name: str
    outcome: Outcome | None


class ClearingRow(Wire):
    """A row of a list; personal values are masked but for its own center."""

    number: int
    source: int
    """The number it had in the file, as a spreadsheet shows it."""
    grid: str | None
    """Code of the grid that it is given to."""
    outcome: Outcome | None
    trouble: Trouble | None
    at: str | None
    values: list[str]
    """As the list's columns."""
    masked: bool
    text: str | None
    """What was written about it; null where nothing was, or one may not read it."""
    written: bool
    """Whether something was written about it."""
    same: list[SameRow]
    elsewhere: int
    """Rows of other lists about the same person."""


class ClearingRows(Wire):
    """Rows of one center, by number; `next` is the `after` of the following page."""

    columns: list[KeptColumn]
    center: str
    rows: list[ClearingRow]
    next: int | None
    seq: int


class UnmaskedRow(Wire):
    """A row in full, told once; that it was is an entry."""

    row: ClearingRow


class ResultsTaken(Wire):
    """Results stand in the journal."""

    seq: int
    rows: int


class ListPlaces(Wire):
    """Centers to which a person may have moved."""

    centers: list[ListPlace]
