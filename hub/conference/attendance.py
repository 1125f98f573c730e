"""Attendance: who came to a meeting and when, who declined and why, who was absent; and the one way of counting them.

Read from a meeting as its entries make it, running or over. The convener's own center is not counted. A center has come once
anybody has joined for it who was not removed; who only declined has declined; of all others nothing was heard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Literal

from typing_extensions import TypeAliasType

from hub.clock import to_wire
from hub.conference.arrival import Arrival
from hub.conference.calls import Calls, DeclineReason
from hub.seats import Seat
from hub.shapes import Wire
from hub.state import Meeting

#: `came` 到会, `declined` 拒接, `absent` 未到, `removed` 移出: all who came were removed.
AttendanceState = TypeAliasType("AttendanceState", Literal["came", "declined", "absent", "removed"])


class AttendancePerson(Wire):
    """Somebody who joined for a center."""

    id: str
    name: str
    present: str
    """Who was said to be there for him; empty where nobody said it."""
    duty: str
    """In which duty; may be empty."""
    joined_at: str
    """When he first joined."""
    left_at: str | None
    """When he left or was removed; null while he is there."""
    removed: bool


class AttendanceDeclined(Wire):
    """That a center does not come."""

    at: str
    name: str
    """Who said so."""
    reason: DeclineReason


class AttendanceCenter(Wire):
    """How a called center took part."""

    center: str
    name: str
    state: AttendanceState
    came_at: str | None
    """When the first of its people joined who was not removed; null where none came."""
    called_at: str
    """When it was called last."""
    times: int
    """How often it was called."""
    people: list[AttendancePerson]
    """In the order of their joining."""
    declined: AttendanceDeclined | None
    """Told of those who came later, too."""


class AttendanceCount(Wire):
    """The sums: 应到, 实到, and people; the convener's own center apart."""

    called: int
    """Centers that were called."""
    came: int
    """Centers that came; in the list of running meetings those that are there now."""
    people: int
    """People who came for them; in the list of running meetings those who are there now."""


class Attendance(Wire):
    """Who came to a meeting."""

    count: AttendanceCount
    declined: int
    absent: int
    """Centers that did not come, those that declined among them."""
    full_at: str | None
    """When all had come; null where that was never so."""
    centers: list[AttendanceCenter]
    """By code: a county stands before its townships."""


def attendance(meeting: Meeting, name_of: Callable[[str], str]) -> Attendance:
    """Who came to this meeting; `name_of` gives the name of a center by its code."""
    seats: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in meeting.seats.values():
        seats[seat.center].append(seat)
    convener = meeting.convener.center
    centers = [
        _center(meeting, code, seats.get(code, []), name_of)
        for code in sorted(meeting.centers)
        if code != convener
    ]
    came = [each for each in centers if each.state == "came"]
    people = sum(not person.removed for each in came for person in each.people)
    return Attendance(
        count=AttendanceCount(called=len(centers), came=len(came), people=people),
        declined=sum(each.state == "declined" for each in centers),
        absent=len(centers) - len(came),
        full_at=meeting.read(Arrival).full_at,
        centers=centers,
    )


def _center(
    meeting: Meeting, code: str, seats: list[Seat], name_of: Callable[[str], str]
) -> AttendanceCenter:
    call = meeting.read(Calls).rows.get(code)
    declined = call.declined if call is not None else None
    stayed = [seat for seat in seats if seat.state != "removed"]
    state: AttendanceState = "came"
    if not stayed:
        state = "removed" if seats else "declined" if declined is not None else "absent"
    return AttendanceCenter(
        center=code,
        name=seats[0].center_name if seats else name_of(code),
        state=state,
        came_at=min((seat.joined_at for seat in stayed), default=None),
        called_at=call.called_at if call is not None else to_wire(meeting.opened_at),
        times=call.times if call is not None else 1,
        people=[_person(seat) for seat in sorted(seats, key=lambda seat: seat.joined_at)],
        declined=None
        if declined is None
        else AttendanceDeclined(at=declined.at, name=declined.name, reason=declined.reason),
    )


def _person(seat: Seat) -> AttendancePerson:
    return AttendancePerson(
        id=seat.id,
        name=seat.name,
        present=seat.present,
        duty=seat.duty,
        joined_at=seat.joined_at,
        left_at=seat.left_at,
        removed=seat.state == "removed",
    )
