"""The text of minutes: what the clerk writes, what the chair approves, and what DOCX, PDF and the printable page are made of.

It may hold what residents said, so it never stands in the journal: an entry names it by its SHA-256. Every text of a table
or a section is plain; nothing of it is markup anywhere.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.fields import ObjectId, Text
from hub.ruling import CommandData

#: Its content type as an object.
TEXT_TYPE: Final = "application/json"
#: How large a text is at most, in bytes of UTF-8: a table of all 2,048 centers of a city has some 300,000.
MAX_TEXT_BYTES: Final = 2 << 20
MAX_SECTIONS: Final = 24
MAX_ROWS: Final = 2500
MAX_COLUMNS: Final = 8
MAX_CELL: Final = 500
#: Pictures of one section.
MAX_PICTURES: Final = 12

Language = TypeAliasType("Language", Literal["zh", "en"])
Line = Annotated[Text, StringConstraints(pattern=r"^[^\n\t]*$")]
Cell = Annotated[Text, StringConstraints(max_length=MAX_CELL)]


class MinutesTable(CommandData):
    """A table: its head is said again on every page."""

    columns: list[Annotated[Line, StringConstraints(min_length=1, max_length=40)]] = Field(
        min_length=1, max_length=MAX_COLUMNS
    )
    """What the columns are called."""
    rows: list[list[Cell]] = Field(max_length=MAX_ROWS)
    """As many cells a row as there are columns."""

    @model_validator(mode="after")
    def _even(self) -> MinutesTable:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise PydanticCustomError("uneven", "a row has as many cells as the table has columns")
        return self


class MinutesPicture(CommandData):
    """A picture of the recording: what a job took from it, which stays where the job left it."""

    job: ObjectId
    """Which job, of the same meeting."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Of the file: another picture is never shown in its place."""
    caption: Line = Field(max_length=120)
    """What stands below it."""
    at_ms: int = Field(ge=0)
    """Its moment, in ms after the meeting's opening."""


class MinutesSection(CommandData):
    """A section: words, and a table and pictures where it has them."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
    """Which: that of the draft, or one that the clerk added."""
    title: Line = Field(min_length=1, max_length=60)
    text: Text = Field(max_length=20_000)
    """Lines; `[00:12:47]` in it is a moment of the meeting, counted from its opening."""
    table: MinutesTable | None = None
    pictures: list[MinutesPicture] = Field(default_factory=list, max_length=MAX_PICTURES)
    """Below the words and the table, in this order."""


class MinutesFact(CommandData):
    """A line of the head: what it is about, and what is so."""

    label: Line = Field(min_length=1, max_length=30)
    value: Line = Field(max_length=500)


class MinutesText(CommandData):
    """Minutes as they are written."""

    language: Language = "zh"
    """In which the words of the frame are (page numbers, approval)."""
    title: Line = Field(min_length=1, max_length=120)
    head: list[MinutesFact] = Field(max_length=16)
    """Time, place, chair, clerk and the like."""
    sections: list[MinutesSection] = Field(min_length=1, max_length=MAX_SECTIONS)

    @model_validator(mode="after")
    def _once(self) -> MinutesText:
        if len({each.id for each in self.sections}) != len(self.sections):
            raise PydanticCustomError("repeated", "each section stands once")
        return self


def canonical(text: MinutesText) -> bytes:
    """The bytes that the digest is made of: JSON in UTF-8, keys sorted, no space."""
    plain = text.model_dump(mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
