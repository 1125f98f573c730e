"""The moves of a roll call: a center is called, is done with, and the next one follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from hub.clock import to_wire
from hub.conference.pause import Pause
from hub.conference.roll_call_shapes import RollCall, RollCallList, RollCallRests
from hub.conference.stage import broadcasting, is_free
from hub.directory.tree import CenterTree
from hub.entry import Draft
from hub.ruling import Context
from hub.seats import Seat
from hub.state import Meeting


def in_tree_order(codes: Iterable[str], tree: CenterTree) -> list[str]:
    """Codes as they stand in the tree: each center before those below it."""
    wanted = set(codes)
    return [center.code for root in tree.roots for center in tree.subtree(root.code) if center.code in wanted]


def about(meeting: Meeting, **data: object) -> dict[str, object]:
    """The data of an entry about the roll call that goes on."""
    return {"roll": meeting.read(RollCall).roll, **data}


def named(center: str, context: Context) -> dict[str, str]:
    """A center in the data of an entry: the record tells its name also where the center never came."""
    found = context.tree.get(center)
    return {"center": center, "center_name": center if found is None else found.name}


def closing(meeting: Meeting, roll: RollCall, context: Context, by_chair: bool = False) -> list[Draft]:
    """Who is called and has not answered did not answer."""
    if roll.center is None or meeting.read(RollCallList).rows[roll.center].state != "called":
        return []
    return [
        Draft(
            "roll_call.unanswered",
            meeting.id,
            about(meeting, **named(roll.center, context), by_chair=by_chair),
        )
    ]


def shown_of(meeting: Meeting, center: str) -> Seat | None:
    """Who is put on the stage for a center: its station, else who joined first."""
    here = [seat for seat in meeting.joined if seat.center == center]
    return next((seat for seat in here if seat.role == "station"), here[0] if here else None)


def calling(meeting: Meeting, center: str, roll: RollCall, context: Context) -> list[Draft]:
    until = None if roll.seconds is None else to_wire(context.now + timedelta(seconds=roll.seconds))
    drafts = [
        Draft("roll_call.called", meeting.id, {"roll": roll.roll, **named(center, context), "until": until})
    ]
    shown = shown_of(meeting, center) if roll.shows and is_free(meeting) else None
    return drafts if shown is None else [*drafts, *broadcasting(meeting, shown.id)]


def over(
    meeting: Meeting, roll: RollCall, *, answered: int = 0, unanswered: int = 0, skipped: int = 0
) -> Draft:
    """The end, where so many more answered, did not or were skipped by the drafts before it."""
    counts = {
        "total": roll.total,
        "answered": roll.answered + answered,
        "abnormal": roll.abnormal,
        "unanswered": roll.unanswered + unanswered,
        "skipped": roll.skipped + skipped,
        "uncalled": roll.waiting,
    }
    return Draft("roll_call.finished", meeting.id, about(meeting, **counts))


def rested(meeting: Meeting, roll: RollCall, reason: RollCallRests) -> list[Draft]:
    """It rests from now on; one that rests with the meeting stays where it is when that goes on."""
    if roll.state == "paused" and (roll.rests != "meeting" or reason == "meeting"):
        return []
    return [Draft("roll_call.paused", meeting.id, about(meeting, reason=reason))]


def resumed(meeting: Meeting, roll: RollCall, until: str | None = None) -> list[Draft]:
    """Who rests goes on; `until`: who is called has had a part of his time."""
    if roll.state != "paused":
        return []
    return [Draft("roll_call.resumed", meeting.id, about(meeting, until=until))]


def on_with_the_meeting(meeting: Meeting, roll: RollCall, context: Context) -> list[Draft]:
    """The meeting goes on, and with it the roll call that rested with it: who is called has the time that he had left.

    Who came for him meanwhile is called anew; where he answered meanwhile a roll call that calls by itself calls the next one.
    """
    if roll.rests != "meeting" or roll.center is None:
        return []
    if meeting.read(RollCallList).rows[roll.center].state != "called":
        return next_turn(meeting, roll, context) if roll.automatic else resumed(meeting, roll)
    since = meeting.read(Pause).at or ""
    if any(seat.center == roll.center and seat.joined_at > since for seat in meeting.joined):
        return [*resumed(meeting, roll), *calling(meeting, roll.center, roll, context)]
    left = None if roll.left_ms is None else context.now + timedelta(milliseconds=roll.left_ms)
    return resumed(meeting, roll, None if left is None else to_wire(left))


def next_turn(meeting: Meeting, roll: RollCall, context: Context, by_chair: bool = False) -> list[Draft]:
    """Whoever is called is done with; the next one is called, or it is over."""
    done = closing(meeting, roll, context, by_chair)
    if roll.next is None:
        return [*done, over(meeting, roll, unanswered=len(done))]
    return [*done, *resumed(meeting, roll), *calling(meeting, roll.next, roll, context)]
