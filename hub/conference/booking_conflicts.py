"""What is in the way of a booking: centers that are called elsewhere at the time, and a chair who leads another meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hub.conference.booking_state import bookings_of
from hub.directory.secrecy import NORMAL
from hub.state import HubState

#: How long a running meeting that nobody booked is taken to go on.
RUNNING: Final = timedelta(hours=1)
#: The most conflicts that are told.
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another meeting at the same time."""

    #: `booking`, or `meeting` for one that runs.
    what: str
    id: str
    title: str
    #: The center that booked or opened it, and the one of its chair: what rights to see it are asked towards.
    center: str
    chair: str
    starts_at: datetime
    ends_at: datetime | None
    #: Codes of the centers that are called to both.
    centers: Collection[str]
    same_chair: bool = False
    #: Whether those called know of it.
    announced: bool = True
    #: To whom it may be told that there is one.
    level: str = NORMAL


def conflicts(
    state: HubState,
    *,
    starts_at: datetime,
    minutes: int,
    centers: Collection[str],
    chair: str,
    chair_center: str,
    now: datetime,
    but: str | None = None,
) -> list[Conflict]:
    """Bookings and running meetings that overlap with this one and share its chair or a center, earliest first.

    `but` is the booking itself. The chair's own center counts through the chair alone: his colleagues may meet elsewhere.
    """
    ends_at = starts_at + timedelta(minutes=minutes)
    wanted = set(centers) - {chair_center}
    found = [
        conflict
        for conflict in (*_booked(state, now, but), *_running(state, now, but))
        if conflict.starts_at < ends_at
        and (conflict.ends_at or max(now, conflict.starts_at) + RUNNING) > starts_at
    ]
    met: list[Conflict] = []
    for each in sorted(found, key=lambda conflict: (conflict.starts_at, conflict.id)):
        both = [code for code in each.centers if code in wanted]
        same_chair = each.chair == chair
        if both or same_chair:
            met.append(replace(each, centers=both, same_chair=same_chair))
    return met[:MOST]


def _booked(state: HubState, now: datetime, but: str | None) -> Iterator[Conflict]:
    for booked in bookings_of(state).by_id.values():
        if booked.id != but and booked.meeting is None:
            yield Conflict(
                "booking",
                booked.id,
                booked.title,
                booked.center,
                booked.chair,
                booked.starts_at,
                booked.ends_at,
                booked.centers,
                announced=booked.announced,
                level=booked.level,
            )


def _running(state: HubState, now: datetime, but: str | None) -> Iterator[Conflict]:
    bookings = bookings_of(state)
    for meeting in state.meetings.values():
        if not meeting.is_open:
            continue
        booked = bookings.by_id.get(bookings.meetings.get(meeting.id, ""))
        if booked is not None and booked.id == but:
            continue
        # One that runs over its time is taken to go on a little.
        ends_at = None if booked is None else max(booked.ends_at, now + timedelta(minutes=5))
        yield Conflict(
            "meeting",
            meeting.id,
            meeting.title,
            meeting.convener.center,
            meeting.chair.id,
            meeting.opened_at,
            ends_at,
            meeting.centers,
            level=meeting.level,
        )
