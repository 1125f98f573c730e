"""Views as they are told: those that are kept and ready, readings with their rows, sums and files."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hub.grids.views import ViewAsks, ViewShare
from hub.shapes import Author, Level, Wire


class KeptView(Wire):
    """A view that is kept under a name."""

    id: str
    center: str
    """The center that it belongs to."""
    name: str
    share: ViewShare
    asks: ViewAsks
    by: Author
    at: str


class ReadyViewTold(Wire):
    """A view that is ready to be used."""

    key: str
    zh: str
    en: str
    asks: ViewAsks


class AnswerField(Wire):
    """A field of forms, of which the last answer is known."""

    key: str
    label: str
    kind: Literal["choice", "number", "text"]
    words: dict[str, str]
    """Of a choice: answer -> what people read."""
    unit: str
    each_person: bool


class ViewsTold(Wire):
    """Views that one may use, and what can be asked."""

    views: list[KeptView]
    ready: list[ReadyViewTold]
    answers: list[AnswerField]
    columns: dict[str, list[str]]
    """Source -> columns, besides answers."""
    sums: dict[str, list[str]]
    """Source -> what it is summed by, besides answers."""
    orders: dict[str, list[str]]


class ViewSum(Wire):
    """Rows counted together."""

    key: str
    """A code or word; empty for nothing."""
    name: str
    """What it is called; empty where pages have the word."""
    rows: int
    persons: int


class ViewSums(Wire):
    """All rows of a reading counted, as far as they are."""

    state: Literal["counting", "done", "failed"]
    scanned: int
    rows: int
    persons: int
    lines: list[ViewSum]


class ViewFile(Wire):
    """A file that is made of a reading."""

    state: Literal["making", "done", "failed"]
    what: Literal["rows", "sums"]
    format: Literal["csv", "xlsx"]
    scanned: int
    rows: int
    """How many stand in it."""
    why: Literal["too_many", "unavailable", "forbidden"] | None
    """Why it could not be made."""
    until: str | None
    """Until when it can be fetched."""


class ViewReading(Wire):
    """A view as it is read: the list of its rows is fixed, so that each comes once."""

    reading: str
    asks: ViewAsks
    center: str
    center_name: str
    level: Level
    of: int
    """How many households, or visits, are looked at."""
    sealed: bool
    """Whether each has to be opened to say whether it is one."""
    full: bool
    may_full: bool
    """Whether one may have what is personal uncovered."""
    seq: int
    at: str
    sums: ViewSums | None
    file: ViewFile | None


class ViewRow(Wire):
    """A row: cells in the order of the columns, each a text or word, a number, several words, or nothing."""

    household: str = Field(repr=False)
    person: str | None = Field(repr=False)
    masked: bool
    cells: list[str | int | list[str] | None] = Field(repr=False)


class ViewRows(Wire):
    """Some rows of a reading; `next` is the `after` of the following page."""

    rows: list[ViewRow]
    scanned: int
    """How far one has come in the list of all."""
    of: int
    next: int | None


class GridFigures(Wire):
    """What there is, and was done, below a center or in a grid."""

    key: str
    name: str
    level: Level | Literal["grid"]
    below: bool
    """Whether something stands below it."""
    households: int
    persons: int
    visited_today: int
    """Households of which the last visit was today."""
    visited_week: int
    """The same in the last seven days."""
    fresh: int | None
    """Whole percents of households that were visited in the last seven days; null without any."""
    visits: int
    """Visits of the days that are asked for."""
    met: int
    absent: int
    symptom: int
    """Households whose last visit gave reason to look at a symptom."""
    origin: int
    need: int
    errands_open: int
    errands_done: int
    """Errands that were done in the days that are asked for."""


class GridDay(Wire):
    """A day's visits."""

    day: str
    visits: int
    met: int
    absent: int


class GridStatistics(Wire):
    """What there is and was done, by what stands next below a center."""

    parent: str
    name: str
    level: Level
    path: list[dict[str, str]]
    first: str
    last: str
    today: str
    """Which day it is in the hub's zone."""
    total: GridFigures
    lines: list[GridFigures]
    days: list[GridDay]
    at: str
    seq: int
