"""A paper as plain values: what DOCX and PDF are made of. All of it is text, and nothing of it is markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

#: What XML cannot hold (XML 1.0 §2.2).
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Narrowest and widest a column counts, in half-width characters.
_NARROW, _WIDE = 4, 36
#: A column no wider than this is as wide as what stands in it; the others share what is left.
WHOLE: Final = 14
#: So many rows are looked at for the widths of columns.
_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its head stands on every page."""

    columns: list[str]
    rows: list[list[str]]
    widths: list[int]
    """How wide each column would be, in half-width characters; from WHOLE on it is a share of what is left."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as wide as the text, with what stands below it."""

    caption: str
    png: str
    """The file in base64; empty: it cannot be shown, and the caption says so."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its heading."""

    title: str
    paragraphs: list[str]
    table: Table | None
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, ready to be set."""

    language: str
    title: str
    number: str
    """文号; empty where it has none yet."""
    marks: list[str]
    """What stands on every page: 草稿, 演练."""
    head: list[list[str]]
    """Pairs: what it is about, and what is so."""
    sections: list[Section]
    closing: list[str]
    """Who approved it and when, its digest."""
    page: str
    """How a page says which it is, with `{page}` and `{pages}`."""

    def to_json(self) -> dict[str, Any]:
        """As the child takes it."""
        return asdict(self)


def paper_from(data: Any) -> Paper:
    """What `to_json` gave. Raises KeyError and TypeError for anything else."""
    sections = [
        Section(
            each["title"],
            each["paragraphs"],
            None if each["table"] is None else Table(**each["table"]),
            [Picture(**picture) for picture in each["pictures"]],
        )
        for each in data["sections"]
    ]
    return Paper(**{**data, "sections": sections})


def table_of(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table whose columns are as wide as what stands in them asks for."""
    widths = []
    for at, name in enumerate(columns):
        longest = max([_width(name), *(_width(row[at]) for row in rows[:_LOOKED_AT])])
        widths.append(min(_WIDE, max(_NARROW, longest)))
    if columns and max(widths) <= WHOLE:
        widths[widths.index(max(widths))] = (
            WHOLE + 1
        )  # one takes what is left, so that the table is as wide as the text
    return Table([fit(each) for each in columns], [[fit(cell) for cell in row] for row in rows], widths)


def fit(text: str) -> str:
    """Without what no file can hold."""
    return _UNFIT.sub("", text)


def _width(text: str) -> int:
    """In half-width characters, of its longest line."""
    wide = ("W", "F", "A")
    return max(
        sum(2 if unicodedata.east_asian_width(char) in wide else 1 for char in line)
        for line in text.split("\n")
    )
