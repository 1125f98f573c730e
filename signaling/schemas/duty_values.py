"""Who is on duty, who was, whose shift it is, and what concerns a center in a day."""

from __future__ import annotations

from typing import Literal

from hub.dispatch.duty_shapes import Shift
from hub.shapes import Author, Wire
from signaling.schemas.entries import Entry


class DutyTurn(Wire):
    """Somebody took over; where `handed_at` is set he has handed over, and his note waits to be read."""

    id: str
    name: str
    post: str
    since: str
    handed_at: str | None


class Duty(Wire):
    """A center's duty. On duty is who took over and has not handed over; else whose shift (`watch`) it is; else nobody."""

    id: str
    """The center."""
    turn: DutyTurn | None
    """The last one that took over."""
    shifts: list[Shift]
    """Those that have not ended and begin before `until`, by their beginning."""
    ended_at: str | None
    """Where nobody is on duty: since when, as far as it is known."""
    missed: Shift | None
    """The shift that has begun, was told to be missed, and nobody has taken over since."""
    until: str


class Duties(Wire):
    """The duty of all centers that have said anything of it and that one may read, or of one; the others have none."""

    duties: list[Duty]
    time_zone: str
    """The hub's (IANA): the days and times of rosters are meant in it."""
    seq: int


class DutyAbove(Wire):
    """Who is on duty at a center above one's own."""

    center: str
    name: str
    """The center's."""
    how: Literal["taken", "roster", "nobody"]
    """Who took over; whose shift it is by the roster; nobody."""
    person: str
    """Empty where nobody is."""


class DutiesAbove(Wire):
    """The centers above one's own that have said anything of their duty, the nearest first, at this moment."""

    above: list[DutyAbove]
    at: str


class Roster(Wire):
    """The shifts of a center that meet a span of time, by their beginning. Those that are long past are not kept at hand."""

    center: str
    shifts: list[Shift]
    seq: int


class HandOverNote(Wire):
    """What the next one is told, in the parts of ICS form 201."""

    situation: str
    done: str
    to_do: str
    resources: str
    remarks: str


class DutyPast(Wire):
    """Somebody's time on duty."""

    id: str
    center: str
    name: str
    post: str
    by: Author
    """The account at which he took over."""
    taken_at: str
    handed_at: str | None
    note: HandOverNote | None
    relieved_at: str | None
    """When the next one took over, and confirmed the note where there was one."""
    relieved_by: str | None
    """The next one's name."""


class DutyTurns(Wire):
    """A page of turns, newest first; `next` is the `before` of the following page."""

    turns: list[DutyPast]
    next: str | None


class DutyLog(Wire):
    """A page of a center's log, newest first; `next` is the `before` of the following page."""

    entries: list[Entry]
    next: int | None
