"""Arrival: whether all who were called have come, and how long that took.

No command: it follows from who joins. A center has come once anybody has joined for it, whatever happens later; the chair's
own center is not counted, and of those who are let in together the last one completes it. Who calls further centers once all
had come begins the count anew, from that call on.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from hub.clock import from_wire, to_wire
from hub.conference.lock_shapes import Waiting
from hub.entry import Draft, Entry
from hub.parts import Audience, Part
from hub.ruling import Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState, Meeting


class Arrival(Part):
    """Whether all called centers have come."""

    audience: ClassVar[Audience] = "desk"
    lasting: ClassVar[bool] = True

    since: str | None = None
    """The call that is counted from; null for the opening of the meeting."""
    full_at: str | None = None
    """When the last of those called had come; null while somebody is missing."""


class MeetingAssembled(Wire):
    """The last of the called centers has come."""

    centers: int
    """How many were called, the chair's own left out."""
    seconds: int
    """From the call on that is counted from."""


def counted_from(meeting: Meeting) -> datetime:
    """The call from which the time to full arrival is counted."""
    since = meeting.read(Arrival).since
    return meeting.opened_at if since is None else from_wire(since)


def _after_joining(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The last one to come completes the meeting."""
    meeting = state.meetings[draft.meeting or ""]
    # Who is let in with others comes with all of them: see below.
    if draft.data["participant"]["id"] in meeting.read(Waiting).rows:
        return []
    return _completed(meeting, {draft.data["participant"]["center"]}, context)


def _after_letting_in(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Several come at once."""
    meeting = state.meetings[draft.meeting or ""]
    return _completed(meeting, {one["center"] for one in draft.data["participants"]}, context)


def _completed(meeting: Meeting, coming: set[str], context: Context) -> list[Draft]:
    own, called = meeting.convener.center, len(meeting.centers) - 1
    # Who joins is asked each time: while too few have seats, nobody has to be counted.
    if called < 1 or len(meeting.seats) + len(coming) < called or meeting.read(Arrival).full_at is not None:
        return []
    came = {seat.center for seat in meeting.seats.values()} | coming | {own}
    if not came.issuperset(meeting.centers):
        return []
    seconds = max(0, round((context.now - counted_from(meeting)).total_seconds()))
    return [Draft("meeting.assembled", meeting.id, {"centers": called, "seconds": seconds})]


def _assembled(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        meeting.parts.edit(Arrival).full_at = to_wire(entry.at)


RULES = RuleFile(
    "arrival",
    part=Arrival,
    entries=(EntryRule("meeting.assembled", MeetingAssembled, _assembled, control="none"),),
    follows={"meeting.joined": _after_joining, "waiting.admitted": _after_letting_in},
)
