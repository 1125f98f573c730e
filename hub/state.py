"""The state that rules decide against: open meetings and unfinished orders, in memory.

It is made by applying entries and by nothing else, so a restart rebuilds it from the journal. What only
readers need (texts, times of steps, notes, reports, decisions) is not here but in the store's projections.

A rebuild feeds, in seq order: all entries of meetings that have not ended, all `order.*` entries of orders
that some target has not completed, and the entries of the kinds in ALWAYS_REPLAYED. Without the last ones an
ended meeting would answer `not_found` instead of `meeting_ended`. A finished order that is not fed answers
`not_found`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeVar, cast

T = TypeVar("T")

#: Kinds of entries that a rebuild feeds for every meeting, also an ended one (two a meeting).
ALWAYS_REPLAYED: Final = frozenset({"meeting.opened", "meeting.ended"})

TargetState = Literal["issued", "signed", "in_progress", "completed"]
#: What a target goes through, in this order.
TARGET_STATES: Final[tuple[TargetState, ...]] = ("issued", "signed", "in_progress", "completed")


@dataclass(frozen=True, slots=True)
class Participant:
    """An account in a meeting, as it is shown to others. `id` is the account's id."""

    id: str
    name: str
    role: str
    center: str
    center_name: str
    level: str

    def to_data(self) -> dict[str, str]:
        """Plain JSON, as in the data of `meeting.opened` and `meeting.joined`."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "center": self.center,
            "center_name": self.center_name,
            "level": self.level,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Participant:
        """The participant written by `to_data`; fields of a later version are left aside."""
        return cls(*(data[name] for name in ("id", "name", "role", "center", "center_name", "level")))


@dataclass(slots=True)
class Attendance:
    """A participant's standing in one meeting."""

    participant: Participant
    state: Literal["joined", "left", "removed"]
    #: Muted by the chair; survives leaving and joining again.
    muted: bool = False


@dataclass(slots=True)
class Meeting:
    """A meeting. After its end only the identity stays: attendances and parts are cleared."""

    id: str
    title: str
    #: `dispatch` or `consultation`.
    kind: str
    #: Codes of the called centers, the chair's first.
    centers: tuple[str, ...]
    chair: Participant
    opened_at: datetime
    ended_at: datetime | None = None
    #: Everybody who ever joined, by participant id. The chair is here once it has joined.
    attendances: dict[str, Attendance] = field(default_factory=dict)
    #: What single rules keep about the meeting, each under its own class; see `read` and `edit`.
    parts: dict[type[Any], Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def joined(self) -> list[Participant]:
        """Who is in the meeting now, in the order of first joining."""
        return [each.participant for each in self.attendances.values() if each.state == "joined"]

    @property
    def muted(self) -> list[str]:
        """Ids of those whom the chair muted and who are in the meeting now."""
        return [who for who, each in self.attendances.items() if each.muted and each.state == "joined"]

    def read(self, part: type[T]) -> T:
        """A rule's part of the state, to look at: a fresh default if nothing happened yet."""
        return cast(T, self.parts[part]) if part in self.parts else part()

    def edit(self, part: type[T]) -> T:
        """A rule's part of the state, to change. Only `apply` functions call this."""
        return cast(T, self.parts.setdefault(part, part()))


@dataclass(slots=True)
class Order:
    """An order, as far as rules need it."""

    id: str
    #: The meeting it was issued in, if any; that meeting may have ended, or be unknown after a restart.
    meeting: str | None
    #: Code of the issuer's center.
    issuer_center: str
    #: State per target, by center code.
    targets: dict[str, TargetState]

    @property
    def state(self) -> TargetState:
        """That of the slowest target."""
        return min(self.targets.values(), key=TARGET_STATES.index)


@dataclass(slots=True)
class HubState:
    """Everything rules know. Deep-copyable; equal when the same entries were applied."""

    meetings: dict[str, Meeting] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    #: Seq of the newest entry applied; 0 before the first.
    last_seq: int = 0
