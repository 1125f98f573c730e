"""What is booked, as rules keep it: what entries do to it, and what the clock brings next."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import ConfigDict, Field

from hub.clock import from_wire
from hub.codes import PackedCodes
from hub.directory.secrecy import NORMAL, SECRET, Secrecy
from hub.entry import CLEARED, Entry, center_audience
from hub.parts import Part
from hub.ruling import Apply, Due, Subject
from hub.state import HubState

#: How long after its start a meeting still opens, and how long an opened one waits for somebody to come.
GRACE: Final = timedelta(minutes=30)


@dataclass(slots=True)
class Booked:
    """A booking that has not come to its end."""

    id: str
    title: str
    kind: str
    #: Who booked it: `{account, name, center, center_name}`.
    author: dict[str, str]
    #: Who leads it, and its center.
    chair: str
    chair_center: str
    #: Who takes over when the chair drops; None for nobody.
    backup: str | None
    centers: PackedCodes
    starts_at: datetime
    minutes: int
    record: bool
    notice_minutes: int
    by_itself: bool
    #: `proposed`, `approved`, `noticed` or `opened`.
    state: str
    #: Whether those called have heard of it.
    announced: bool
    #: How often it was changed.
    sequence: int = 0
    #: Whether it is a drill.
    drill: bool = False
    #: Who may know of it.
    level: Secrecy = NORMAL
    #: The meeting that it became, and since when it waits for somebody to come.
    meeting: str | None = None
    opened_at: datetime | None = None

    @property
    def by(self) -> str:
        """The account that booked it."""
        return self.author["account"]

    @property
    def center(self) -> str:
        """The center that booked it."""
        return self.author["center"]

    @property
    def ends_at(self) -> datetime:
        """When it is meant to end."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def next_at(self) -> datetime:
        """When the clock next changes it, while nobody does."""
        if self.opened_at is not None:
            return self.opened_at + GRACE
        if self.state == "proposed":
            return self.starts_at
        if self.state == "approved" and self.notice_minutes:
            return self.starts_at - timedelta(minutes=self.notice_minutes)
        return self.starts_at if self.by_itself else self.starts_at + GRACE


class Bookings(Part):
    """Everything that is booked."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, Booked] = Field(default_factory=dict)
    over: dict[str, str] = Field(default_factory=dict)
    """Bookings that came to their end -> the center that booked."""
    secret: set[str] = Field(default_factory=set)
    """Those of them of which only who is cleared may know."""
    meetings: dict[str, str] = Field(default_factory=dict)
    """Meeting -> the booking it came from, while it runs."""
    approval: set[str] = Field(default_factory=set)
    """Centers whose dispatchers' bookings need approval."""
    upcoming: list[tuple[datetime, str]] = Field(default_factory=list)
    """Booking and moment of all that are not opened, the next one first."""

    def put(self, booked: Booked) -> None:
        """A booking as it is from now on, also when it was changed in place: then `drop` it first."""
        self.by_id[booked.id] = booked
        if booked.meeting is None:
            insort(self.upcoming, (booked.next_at, booked.id))
        else:
            self.meetings[booked.meeting] = booked.id

    def drop(self, id: str) -> Booked | None:
        """Take a booking out."""
        booked = self.by_id.pop(id, None)
        if booked is not None and booked.meeting is not None:
            self.meetings.pop(booked.meeting, None)
        elif booked is not None:
            at = bisect_left(self.upcoming, (booked.next_at, id))
            del self.upcoming[at]
        return booked


def bookings_of(state: HubState) -> Bookings:
    """What is booked, to look at."""
    return state.parts.read(Bookings)


def readers(booked: Booked, announced: bool = True) -> tuple[str, ...]:
    """Who hears what becomes of a booking; those called only if they heard of it at all."""
    called = booked.centers if announced else ()
    return addressed(booked.center, booked.chair_center, called, booked.level)


def addressed(center: str, chair_center: str, called: Iterable[str], level: str) -> tuple[str, ...]:
    """The audience of an entry about a booking of these and this level."""
    words = tuple(center_audience(code) for code in dict.fromkeys([center, chair_center, *called]))
    return words if level == NORMAL else (*words, CLEARED)


def _is_open(state: HubState, booking: str) -> bool:
    return booking in bookings_of(state).by_id


#: What the entries of one booking are about.
BOOKING: Final = Subject(lambda entry: str(entry.data["booking"]), _is_open)
#: What the settings of centers are about: a restart needs every one of them.
APPROVAL: Final = Subject(lambda entry: "booking.approval", lambda state, subject: True)


def made(state: HubState, entry: Entry) -> None:
    """A booking, new or changed."""
    bookings, data = state.parts.edit(Bookings), entry.data
    before = bookings.drop(data["booking"])
    if entry.kind == "booking.changed" and before is None:
        return
    bookings.put(
        Booked(
            id=data["booking"],
            title=data["title"],
            kind=data["kind"],
            author=dict(data["by"]),
            chair=data["chair"]["account"],
            chair_center=data["chair"]["center"],
            backup=(data.get("backup") or {}).get("account"),
            centers=PackedCodes(data["centers"]),
            starts_at=from_wire(data["starts_at"]),
            minutes=data["minutes"],
            record=data["record"],
            notice_minutes=data["notice_minutes"],
            by_itself=data["by_itself"],
            state=data["state"],
            announced=data["state"] == "approved" or (before is not None and before.announced),
            sequence=0 if before is None else before.sequence + 1,
            drill=data.get("drill", False),
            level=data.get("level", NORMAL),
        )
    )


def recalled(state: HubState, entry: Entry) -> None:
    """Of a booking that is over only that there was one."""
    data = entry.data
    _over(state.parts.edit(Bookings), data["booking"], data["by"]["center"], data.get("level", NORMAL))


def _over(bookings: Bookings, id: str, center: str, level: str) -> None:
    bookings.over[id] = center
    (bookings.secret.discard if level == NORMAL else bookings.secret.add)(id)


def stepped(change: Callable[[Booked, Entry], None]) -> Apply:
    """What changes a booking that goes on."""

    def apply(state: HubState, entry: Entry) -> None:
        bookings = state.parts.edit(Bookings)
        booked = bookings.drop(entry.data["booking"])
        if booked is not None:
            change(booked, entry)
            bookings.put(booked)

    return apply


def approve(booked: Booked, entry: Entry) -> None:
    """It may take place."""
    booked.state, booked.announced = "approved", True


def recalled_hidden(state: HubState, entry: Entry) -> None:
    """Of a booking that is over, that only who is cleared may know of it."""
    state.parts.edit(Bookings).secret.add(entry.data["booking"])


def hide(booked: Booked, entry: Entry) -> None:
    """Only who is cleared knows of it from now on."""
    booked.level = SECRET


def notice(booked: Booked, entry: Entry) -> None:
    """Those called know that it begins soon."""
    booked.state = "noticed"


def become(booked: Booked, entry: Entry) -> None:
    """It is a meeting now."""
    booked.state, booked.meeting, booked.opened_at = "opened", entry.data["opened"], entry.at


def ended(state: HubState, entry: Entry) -> None:
    """It is over, whatever came of it."""
    bookings = state.parts.edit(Bookings)
    booked = bookings.drop(entry.data["booking"])
    if booked is not None:
        _over(bookings, booked.id, booked.center, booked.level)


def required(state: HubState, entry: Entry) -> None:
    """A center's setting."""
    approval = state.parts.edit(Bookings).approval
    (approval.add if entry.data["required"] else approval.discard)(entry.data["center"])


def waits_in_vain(state: HubState, booked: Booked) -> bool:
    """Whether the meeting that it became runs, and nobody has ever come to it."""
    meeting = state.meetings.get(booked.meeting or "")
    return meeting is not None and meeting.is_open and not meeting.seats


def next_due(state: HubState) -> Due | None:
    """The next thing that the clock brings about."""
    bookings = bookings_of(state)
    nexts = [bookings.by_id[id] for _, id in bookings.upcoming[:1]]
    nexts += [
        booked for id in bookings.meetings.values() if waits_in_vain(state, booked := bookings.by_id[id])
    ]
    if not nexts:
        return None
    first = min(nexts, key=lambda booked: (booked.next_at, booked.id))
    return Due(first.next_at, "booking.advance", None, f"{first.id}.{first.sequence}")
