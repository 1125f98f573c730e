"""What a search finds."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.directory.secrecy import Secrecy
from hub.shapes import MeetingKind, Wire

FoundSort = TypeAliasType(
    "FoundSort",
    Literal[
        "meeting",
        "person",
        "order",
        "answer",
        "report",
        "incident",
        "decision",
        "note",
        "mark",
        "banner",
        "task",
        "booking",
        "duty",
        "patrol",
        "said",
    ],
)


class FoundHit(Wire):
    """An entry, or a line that was said, with the words that were looked for."""

    seq: int
    """Of the entry; of what was said its own number."""
    meeting: str | None
    """The meeting that it belongs to, where one sees that."""
    drill: bool
    sort: FoundSort
    kind: str
    """Of the entry; `said`."""
    at: str
    """The moment that it is about."""
    subject: str
    """The document, or the meeting, that it belongs to."""
    center: str
    who: str
    text: str
    """The piece with the first hit."""
    marks: list[list[int]]
    """Where the words stand in `text`, in characters: from, to."""
    who_marks: list[list[int]]
    """The same in `who`."""
    cut_before: bool
    """The text begins before the piece."""
    cut_after: bool
    """It goes on behind it."""


class FoundMeeting(Wire):
    """The meeting that hits belong to."""

    id: str
    title: str
    kind: MeetingKind
    state: Literal["open", "ended"]
    drill: bool
    level: Secrecy
    opened_at: str
    ended_at: str | None


class FoundGroup(Wire):
    """Hits of one meeting, or one that belongs to none that is seen."""

    meeting: FoundMeeting | None
    hits: list[FoundHit]


class Found(Wire):
    """A page of hits."""

    groups: list[FoundGroup]
    next: str | None
    """The `before` of the following page."""
    total: int | None
    """How many there are, counted up to a thousand; on the first page alone."""
    more: bool | None
    """There are more than `total`."""


SpanWhy = TypeAliasType("SpanWhy", Literal["voice", "floor", "talk", "roll_call", "broadcast"])


class SpokenSpan(Wire):
    """Somebody of a center had the word, or was heard."""

    why: SpanWhy
    """How it is known: `voice` by the recorded sound, the others by what the chair and the clock did."""
    account: str | None
    """The participant; null: the center as such was called."""
    center: str
    center_name: str
    name: str
    """Of the participant; empty where the center was called."""
    from_at: str
    to_at: str | None
    """Null while it lasts."""


class SpokenGroup(Wire):
    """When a center had the word in one meeting."""

    meeting: FoundMeeting
    spans: list[SpokenSpan]
    more: bool
    """There are more than are told here."""


class Spoken(Wire):
    """A page of meetings in which a center had the word."""

    groups: list[SpokenGroup]
    next: str | None
    """The `before` of the following page."""


class Voice(Wire):
    """Where somebody's voice is in one recorded file."""

    recording: str
    part: str
    participant: str
    center: str
    name: str
    spoken_ms: int
    spans: list[list[int]]
    """From, to, ms since the meeting was opened."""


class Voices(Wire):
    """Who speaks when in a meeting, by its recorded sound."""

    voices: list[Voice]
    listened: int
    """So many recorded files were listened to."""
    parts: int
    """Of so many."""


class SaidLine(Wire):
    """Something that was said, as a recogniser wrote it down."""

    id: int
    participant: str
    who: str
    from_ms: int
    """Since the meeting was opened."""
    to_ms: int
    text: str


class SaidLines(Wire):
    """What was said in a meeting, by time; empty where no recogniser is."""

    lines: list[SaidLine]
    next: int | None
    """The `after` of the following page."""
