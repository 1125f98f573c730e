"""What a draft is made from: a meeting as its entries make it, and its documents as the clerk may read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from hub.clock import from_wire
from hub.conference.roll_call_shapes import RollCall, RollCallList
from hub.directory.tree import CenterTree
from hub.entry import Entry
from hub.minutes.text import Language, MinutesPicture
from hub.minutes.words import say
from hub.shapes import Author
from hub.state import Meeting

Json = Mapping[str, Any]

#: The entries that a draft looks at.
KINDS: Final = frozenset(
    {
        *("meeting.opened", "meeting.joined", "meeting.left", "meeting.ended", "participant.removed"),
        *("mark.added", "mark.changed", "mark.withdrawn", "job.done"),
        *("meeting.paused", "meeting.resumed", "waiting.admitted", "stage.broadcast"),
        *("floor.granted", "floor.released", "floor.revoked"),
        *("report.filed", "order.issued", "decision.recorded", "decision.confirmed", "note.added"),
        *("incident.registered", "roll_call.answered", "roll_call.begun"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a draft, or a row of its table, and where in the meeting it is from."""

    text: str
    at_ms: int | None = None
    """From the opening on; None for what has no moment in the meeting."""
    seq: int | None = None
    """The entry that tells of it."""
    cells: tuple[str, ...] | None = None
    """A row of the section's table."""
    picture: MinutesPicture | None = None
    """A picture of the recording; `text` is what stands below it."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A section of a draft."""

    id: str
    intro: str = ""
    lines: Sequence[Line] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a draft is made from; nothing else is looked at."""

    meeting: Meeting
    entries: Sequence[Entry]
    """Those of KINDS that the clerk may read, by seq."""
    documents: Json
    """`orders`, `reports`, `decisions`, `notes` of the meeting, oldest first."""
    roll_calls: Sequence[tuple[RollCall, RollCallList]]
    recordings: Sequence[Json]
    incidents: Sequence[Json]
    clerk: Author
    tree: CenterTree
    zone: tzinfo
    now: datetime
    language: Language = "zh"
    seqs: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            kind = entry.kind.partition(".")[0]
            id = entry.data.get(kind)
            if isinstance(id, str):
                self.seqs.setdefault(id, entry.seq)

    @property
    def end(self) -> datetime:
        """When the meeting was over; now, while it runs."""
        return self.meeting.ended_at or self.now

    def say(self, key: str, **words: object) -> str:
        """In the language of the draft."""
        return say(self.language, key, **words)

    def name(self, code: str) -> str:
        """What a center is called."""
        return self.tree[code].name if code in self.tree else code

    def offset(self, at: str | datetime) -> int | None:
        """Milliseconds after the opening; None for what was before it or after the end."""
        moment = from_wire(at) if isinstance(at, str) else at
        if not self.meeting.opened_at <= moment <= self.end:
            return None
        return (moment - self.meeting.opened_at) // timedelta(milliseconds=1)

    def clock(self, at: str | datetime | None) -> str:
        """A moment as the city writes it: the time alone on the day of the meeting."""
        if at is None:
            return ""
        moment = (from_wire(at) if isinstance(at, str) else at).astimezone(self.zone)
        same = moment.date() == self.meeting.opened_at.astimezone(self.zone).date()
        return moment.strftime("%H:%M:%S" if same else "%Y-%m-%d %H:%M")

    def day(self, at: datetime) -> str:
        """A moment with its day."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def span(self, long: timedelta) -> str:
        """How long, in words."""
        minutes, seconds = divmod(max(0, int(long.total_seconds())), 60)
        return (
            self.say("minutes", minutes=minutes, seconds=seconds)
            if minutes
            else self.say("seconds", seconds=seconds)
        )


def time_code(at_ms: int) -> str:
    """A moment of the meeting as it stands in the text: it can be read, copied, and clicked.

    >>> time_code(767_900)
    '[00:12:47]'
    """
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"[{hours:02}:{minutes:02}:{seconds:02}]"
