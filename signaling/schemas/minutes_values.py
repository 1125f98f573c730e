"""Minutes of meetings: how they stand, what is written of them, and the bodies of requests about them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.directory.secrecy import Secrecy
from hub.fields import Text
from hub.minutes.shapes import MAX_WHY, MinutesState
from hub.minutes.text import MinutesPicture, MinutesText
from hub.ruling import CommandData
from hub.shapes import Author, Wire

MinutesRight = TypeAliasType("MinutesRight", Literal["write", "approve", "read"])


class Minutes(Wire):
    """How the minutes of a meeting stand; `id` is that of the meeting."""

    id: str
    seq: int
    """The entry that changed them last."""
    center: str
    """Code of the convener's center."""
    title: str
    opened_at: str
    ended_at: str | None
    drill: bool
    level: Secrecy
    state: MinutesState
    submission: int
    """Which text waits, or waited last."""
    version: int
    """How many versions were approved."""
    number: str
    """Empty before the first."""
    digest: str | None
    """SHA-256 of the text that waits, or waited last."""
    why: str
    """Why there is a new version."""
    chair: Author
    """Who led the meeting last."""
    submitted_by: Author
    submitted_at: str
    decided_by: Author | None
    """Who approved, returned or took back what waited last."""
    decided_at: str | None
    reason: str
    """What is to be put right, where they were returned."""


class MinutesVersion(Wire):
    """A version that was approved."""

    version: int
    number: str
    digest: str
    """SHA-256 of its text."""
    bytes: int
    why: str
    written_by: Author
    approved_by: Author
    approved_at: str


class MinutesStep(Wire):
    """Something that was done to them."""

    seq: int
    at: str
    state: MinutesState
    submission: int
    version: int
    by: Author
    words: str
    """What was said of it; may be empty."""


class MinutesSaved(Wire):
    """What is being written was saved so, by whom, and when."""

    rev: int
    by: Author
    at: str


class MinutesBook(Wire):
    """The minutes of one meeting."""

    meeting: str
    title: str
    opened_at: str
    ended_at: str | None
    drill: bool
    level: Secrecy
    chair: Author
    """Who led it last."""
    standing: Minutes | None
    """Null where none were submitted, or one may not know."""
    work: MinutesSaved | None
    """What is being written, without its text; null where nothing is, or one may not know."""
    versions: list[MinutesVersion]
    steps: list[MinutesStep]
    """The first one first, as far as one may read them."""
    can: list[MinutesRight]
    seq: int


class MinutesPage(Wire):
    """A page of minutes, what changed last first; `next` is the `before` of the following page."""

    minutes: list[Minutes]
    next: int | None
    seq: int


class MinutesSource(Wire):
    """A line that the meeting gives."""

    text: str
    at_ms: int | None
    """Milliseconds after the opening; null for what has no moment in the meeting."""
    seq: int | None
    """The entry that tells of it."""
    cells: list[str] | None
    """A row of its section's table."""
    picture: MinutesPicture | None
    """A picture of the recording."""


class MinutesSources(Wire):
    """The lines of one section."""

    section: str
    lines: list[MinutesSource]


class MinutesDraft(Wire):
    """What the meeting's entries give, as of a moment."""

    text: MinutesText
    sources: list[MinutesSources]
    as_of: str


class MinutesRead(Wire):
    """A text of minutes, with what is known of it."""

    text: MinutesText
    rev: int | None = None
    """Of what is being written."""
    by: Author | None = None
    at: str | None = None
    standing: Minutes | None = None
    """Of what was submitted."""
    version: MinutesVersion | None = None
    """Of a version."""


class MinutesTaken(Wire):
    """They were submitted, by this entry."""

    seq: int


class MinutesWork(CommandData):
    """Keep what is written."""

    rev: int = Field(ge=0)
    """Which one was read; 0 where nothing was saved."""
    text: MinutesText
    """All of it."""


class MinutesAsked(CommandData):
    """Put before the chair what was saved."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
    """Made by the client; the same again is answered alike."""
    rev: int = Field(ge=1)
    """Which one was read."""
    why: Text = Field(default="", max_length=MAX_WHY)
    """Why there is a new version; needed once one was approved."""
