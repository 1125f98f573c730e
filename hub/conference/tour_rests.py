"""How a tour rests and goes on: by key, because something else has what it showed, and with the meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hub.clock import from_wire, to_wire
from hub.conference.roll_call_shapes import RollCall
from hub.conference.stage import is_free
from hub.conference.tour_shapes import ALL, Tour, TourLists, TourRests, Tours
from hub.conference.tour_steps import faces, going_on, key_of, shown_at_once, stepping
from hub.entry import Draft
from hub.ruling import Context
from hub.state import HubState, Meeting


def roll_call_shows(meeting: Meeting) -> bool:
    """Whether the stage is the roll call's now."""
    roll = meeting.read(RollCall)
    return roll.state == "running" and roll.shows


def resting(meeting: Meeting, tour: Tour, reason: TourRests) -> list[Draft]:
    """A tour rests from now on; one that rests with the meeting stays where it is when that goes on, and says why."""
    if tour.state == "paused" and (tour.rests != "meeting" or reason == "meeting"):
        return []
    return [Draft("tour.paused", meeting.id, {"tour": tour.tour, "reason": reason})]


def going_again(meeting: Meeting, tour: Tour, context: Context) -> list[Draft]:
    """Who was shown last is shown again: for what is left of his time where that is known, else for his whole time."""
    listed = meeting.read(TourLists).rows[key_of(tour)]
    here = faces(meeting, [] if tour.viewer is None else [tour.viewer])
    known = sum(code in here for code in listed.centers)
    waits = known <= shown_at_once(tour) and len(tour.shown) == known
    if tour.left_ms is not None and tour.shown and not waits:
        until = to_wire(context.now + timedelta(milliseconds=tour.left_ms))
        return [Draft("tour.resumed", meeting.id, {"tour": tour.tour, "until": until})]
    resumed = Draft("tour.resumed", meeting.id, {"tour": tour.tour, "until": None})
    return [resumed, *stepping(meeting, tour, listed, tour.place - 1, context)]


def taken(kind: str) -> Callable[[HubState, Draft, Context], list[Draft]]:
    """Somebody puts something where a tour of this kind shows: it rests."""

    def follow(state: HubState, draft: Draft, context: Context) -> list[Draft]:
        meeting, because = state.meetings[draft.meeting or ""], draft.data.get("because", "chair")
        tour = meeting.read(Tours).rows.get(draft.data["viewer"] if kind == "own" else ALL)
        if tour is None or tour.kind != kind or because not in ("chair", "voice"):
            return []
        return resting(meeting, tour, "voice" if because == "voice" else "taken_over")

    return follow


def after_locking(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What is held does not change by itself."""
    meeting = state.meetings[draft.meeting or ""]
    return [each for tour in going_on(meeting) for each in resting(meeting, tour, "locked")]


def with_the_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The meeting is paused: nobody is seen, so nobody's time passes."""
    meeting = state.meetings[draft.meeting or ""]
    return [each for tour in going_on(meeting) for each in resting(meeting, tour, "meeting")]


def on_with_the_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The meeting goes on, and with it what rested with it; a roll call that shows whom it calls comes before a tour."""
    meeting = state.meetings[draft.meeting or ""]
    roll = meeting.read(RollCall)
    called = roll.shows and roll.state == "paused" and roll.rests == "meeting"
    drafts: list[Draft] = []
    for tour in going_on(meeting):
        if tour.rests != "meeting":
            continue
        if not is_free(meeting):
            drafts += resting(meeting, tour, "locked")
        elif called and tour.kind == "broadcast":
            drafts += resting(meeting, tour, "taken_over")
        else:
            drafts += going_again(meeting, tour, context)
    return drafts


def paced(meeting: Meeting, tour: Tour, seconds: int, context: Context) -> list[Draft]:
    """Each is shown for so long from now on; who is shown already has that time from when he was first shown."""
    if seconds == tour.seconds:
        return []
    until = tour.until
    if until is not None and tour.since is not None:
        until = to_wire(max(context.now, from_wire(tour.since) + timedelta(seconds=seconds)))
    return [Draft("tour.paced", meeting.id, {"tour": tour.tour, "seconds": seconds, "until": until})]
