"""The state that rules decide against: open meetings, unfinished orders, alarms that are not over, in memory.

It is made by applying entries and by nothing else, so a restart rebuilds it from the journal. What only
readers need (texts, times of steps, notes, reports, decisions) is not here but in the store's projections.

A restart feeds, in seq order: the entries of all subjects that are open, and of those that are closed (ended
meetings, finished orders) the few that say what they were (`hub.ruling.EntryRule`). So a command about something that is
over is answered alike before and after.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from hub.codes import PackedCodes
from hub.directory.secrecy import NORMAL, Secrecy
from hub.parts import P, Part, PartTable
from hub.seats import BesideSeat, CamerasHere, PhonesHere, Seat, Seats
from hub.shapes import ParticipantRef

TargetState = Literal["issued", "delivered", "signed", "returned", "in_progress", "completed", "accepted"]
#: How far a target is, the slowest first. What was completed may be returned, and is then worked on again.
TARGET_STATES: Final[tuple[TargetState, ...]] = (
    "issued",
    "delivered",
    "signed",
    "returned",
    "in_progress",
    "completed",
    "accepted",
)
#: A target in one of these has nothing more to do, unless it is returned.
DONE: Final[frozenset[str]] = frozenset({"completed", "accepted"})


class Life(Part):
    """Whether the meeting runs, and who leads it."""

    state: Literal["open", "ended"] = "open"
    ended_at: str | None = None
    chair: ParticipantRef | None = None
    """Who leads it now; null for its convener."""
    co_chairs: list[ParticipantRef] = Field(default_factory=list)
    """Who controls it beside the chair, in the order in which they were named."""
    level: Secrecy = NORMAL
    """`secret` 涉密: only who is cleared may know of it; it stays so when the meeting has ended."""


@dataclass(slots=True)
class Meeting:
    """A meeting. After its end only the identity stays, and `Life`."""

    id: str
    title: str
    #: `dispatch` or `consultation`.
    kind: str
    #: Codes of the called centers, the convener's first; packed when it has ended.
    centers: Collection[str]
    #: Who opened it; rights in the meeting are asked towards this center, whoever leads it.
    convener: ParticipantRef
    opened_at: datetime
    #: Whether it was to be recorded from the start.
    record: bool = True
    #: Whether it is a drill: nothing of it is counted as real.
    drill: bool = False
    ended_at: datetime | None = None
    #: What single rules keep about the meeting.
    parts: PartTable = field(default_factory=PartTable)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def chair(self) -> ParticipantRef:
        """Who leads the meeting now."""
        return self.parts.read(Life).chair or self.convener

    @property
    def level(self) -> Secrecy:
        """Who may know of it; see hub.directory.secrecy."""
        return self.parts.read(Life).level

    @property
    def co_chairs(self) -> list[ParticipantRef]:
        """Who controls it beside the chair."""
        return self.parts.read(Life).co_chairs

    @property
    def seats(self) -> Mapping[str, Seat]:
        """Everybody who ever joined, by participant id. The chair is here once it has joined."""
        return self.parts.read(Seats).rows

    @property
    def joined(self) -> list[Seat]:
        """Who is in the meeting now, in the order of first joining."""
        return [seat for seat in self.seats.values() if seat.state == "joined"]

    @property
    def beside(self) -> list[BesideSeat]:
        """Cameras and phones that were ever here: shown as participants are, counted by nobody."""
        return [*self.parts.read(CamerasHere).rows.values(), *self.parts.read(PhonesHere).rows.values()]

    @property
    def beside_now(self) -> list[BesideSeat]:
        """Those that are in the meeting now."""
        return [seat for seat in self.beside if seat.state == "joined"]

    def shown(self, participant: str) -> Seat | None:
        """The place of who can be shown: a camera, a phone, a participant. None for one who never was here."""
        camera = self.parts.read(CamerasHere).rows.get(participant)
        return camera or self.parts.read(PhonesHere).rows.get(participant) or self.seats.get(participant)

    def is_in(self, participant: str) -> bool:
        """Whether this participant, or his phone, is in the meeting now: who may send and watch."""
        seat = self.seats.get(participant) or self.parts.read(PhonesHere).rows.get(participant)
        return seat is not None and seat.state == "joined"

    @property
    def muted(self) -> list[str]:
        """Ids of those whom the chair muted and who are in the meeting now."""
        return [seat.id for seat in self.joined if seat.muted]

    def read(self, part: type[P]) -> P:
        """A rule's part of the state, to look at: a fresh default if nothing happened yet."""
        return self.parts.read(part)


@dataclass(slots=True)
class Order:
    """An order, as far as rules need it. Of one that is over, `targets` is empty and `closed` is not."""

    id: str
    #: The meeting it was issued in, if any; that meeting may have ended, or be unknown after a restart.
    meeting: str | None
    #: Code of the issuer's center.
    issuer_center: str
    #: State per target, by center code.
    targets: dict[str, TargetState]
    #: Its targets, once it is over.
    closed: PackedCodes | None = None
    #: Whether it is over because it was withdrawn.
    withdrawn: bool = False
    #: Whether what is completed has to be accepted; orders of before there was that are over when all have completed.
    checked: bool = False
    #: As it is written on it; empty for one of before there were numbers.
    number: str = ""
    priority: str = "normal"
    #: By when, as on the wire; None for no date.
    due: str | None = None
    #: The order that it carries out for the issuer's center, if that passed one down.
    parent: str | None = None
    #: How many targets have something to do, and how many are not accepted.
    undone: int = 0
    unaccepted: int = 0
    #: Of single targets that were given more time: by when. Of those that have asked for it: until when.
    dues: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    supervised: bool = False
    #: Codes of the centers above the issuer's, the nearest first: to whom it is escalated when it is late.
    above: tuple[str, ...] = ()
    #: Whether there is an alarm about its being late, since when, or since when a level above has been asked; how many have.
    overdue: bool = False
    since: str | None = None
    level: int = 0
    #: When the hub has to look at it again, as on the wire.
    next_at: str | None = None

    @property
    def state(self) -> str:
        """That of the slowest target; `withdrawn` for one that was."""
        if self.closed is not None:
            return "withdrawn" if self.withdrawn else "accepted" if self.checked else "completed"
        return min(self.targets.values(), key=TARGET_STATES.index)


@dataclass(slots=True)
class Alarm:
    """An alarm that is not over, as far as rules need it."""

    id: str
    kind: str
    meeting: str | None
    #: Code of the center that it is about.
    center: str
    #: Code of the center that has to answer it first; those above may as well.
    owner: str
    #: Code of the center that it was escalated to last: the owner at first.
    asked: str
    #: What of the hub or a meeting it is about, of which there is one alarm at a time; None for reports and orders.
    subject: str | None = None
    report: str | None = None
    order: str | None = None
    delivered: bool = False
    acknowledged: bool = False
    ordered: bool = False
    #: When the hub has to look at it again, as on the wire.
    next_at: str | None = None


@dataclass(slots=True)
class HubState:
    """Everything rules know. Deep-copyable; equal when the same entries were applied."""

    meetings: dict[str, Meeting] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    #: Alarms that are not over.
    alarms: dict[str, Alarm] = field(default_factory=dict)
    #: Moments (as on the wire) of orders and alarms that have to be looked at, sorted: hub/dispatch/agenda.py.
    agenda: list[tuple[str, str]] = field(default_factory=list)
    #: What rules keep outside meetings.
    parts: PartTable = field(default_factory=PartTable)
    #: Seq of the newest entry applied; 0 before the first.
    last_seq: int = 0
    #: Whether ended meetings keep their lasting parts: where one meeting is replayed to be looked at, never in the hub's own.
    keeps_ended: bool = False
