"""Tours (轮巡): one center, or one camera or phone, after the other is shown by itself, to its viewer alone, to all, or
several at a time.

| command | refused with |
|---|---|
| `tour.start` | `not_found`, `meeting_ended`, `forbidden`, `not_joined`, `removed`, `stage_locked`, `wrong_state` (taken) |
| … | `invalid` (nobody to show), `too_many` (see something of their own) |
| `tour.next`, `back`, `resume` | `not_found`, `meeting_ended`, `forbidden`, `stage_locked`, `wrong_state` (a roll call) |
| `tour.go` | `not_joined` (nobody of it), `not_found`, `meeting_ended`, `forbidden`, `stage_locked`, `wrong_state` |
| `tour.pause`, `pace`, `stop` | `not_found` (meeting, tour), `meeting_ended`, `forbidden` |
| `tour.stay` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (it is paused) |
| `tour.turn` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (time is not up) |

One tour for all goes on at a time, and one own tour for each viewer, which nobody else leads. A tour shows who is in the
meeting and passes over who is not; where nobody else is there it waits for the next who comes. It is paused when somebody
puts something there by hand, when who spoke takes the stage, and when the stage is locked; a roll call that shows whom it
calls has the stage before it. While the meeting is paused it stands still, and goes on for what was left of its step. It ends
with the meeting, an own one when its viewer goes or controls the meeting no more. A tour for all ends that voices take the
stage. When it is stopped, what stood before stands again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hub.called import meant_here
from hub.clock import from_wire, to_wire
from hub.conference.pause import require_not_paused
from hub.conference.roll_call_turns import in_tree_order
from hub.conference.stage import Stage, is_free, require_free
from hub.conference.stage_shapes import MAX_VIEWS
from hub.conference.tour_rests import (
    after_locking,
    going_again,
    on_with_the_meeting,
    paced,
    resting,
    roll_call_shows,
    taken,
    with_the_meeting,
)
from hub.conference.tour_shapes import (
    ALL,
    Tour,
    TourFaces,
    TourGo,
    TourList,
    TourLists,
    TourOf,
    TourPace,
    Tours,
    TourStart,
    TourStay,
)
from hub.conference.tour_state import ENTRIES
from hub.conference.tour_steps import (
    after,
    faces,
    going_on,
    key_of,
    shown_at_once,
    standing_again,
    step_of,
    stepping,
    stopped,
)
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import require_here, require_joined, running_meeting, signature_of
from hub.ruling import CommandRule, Context, Due, RuleFile
from hub.seats import PhonesHere, Seat, taken_seat
from hub.shapes import Author
from hub.state import HubState, Meeting


def _controlled(state: HubState, command: Command, context: Context) -> Meeting:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    return meeting


def _led(state: HubState, command: Command, context: Context) -> tuple[Meeting, Tour, TourList]:
    """The tour that the command names, for who leads it. Raises Refusal as the table says."""
    meeting = _controlled(state, command, context)
    wanted = command.data["tour"]
    tour = next((each for each in going_on(meeting) if each.tour == wanted), None)
    if tour is None:
        raise Refusal("not_found", "this tour is over", "tour")
    if tour.viewer not in (None, context.account.id):
        raise Refusal("forbidden", "this tour is somebody else's own")
    return meeting, tour, meeting.read(TourLists).rows[key_of(tour)]


def _require_stage(meeting: Meeting, kind: str, context: Context) -> None:
    """Raises Refusal `stage_locked`, or `wrong_state` while a roll call shows whom it calls."""
    require_free(meeting, context)
    _require_roll_call_over(meeting, kind)


def _require_free_hub(meeting: Meeting, kind: str) -> None:
    """The same for a tour that steps by itself: the hub may not change a locked stage, whoever locked it."""
    if not is_free(meeting):
        raise Refusal("stage_locked", "the stage is locked; unlock it first")
    _require_roll_call_over(meeting, kind)


def _require_roll_call_over(meeting: Meeting, kind: str) -> None:
    if kind == "broadcast" and roll_call_shows(meeting):
        raise Refusal("wrong_state", "a roll call has the stage")


def _start(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _controlled(state, command, context)
    require_not_paused(meeting)
    data, account = TourStart.model_validate(command.data), context.account
    own = data.kind == "own"
    if own:
        require_joined(meeting, context)
    if (account.id if own else ALL) in meeting.read(Tours).rows:
        raise Refusal("wrong_state", "a tour goes on already")
    _require_free_hub(meeting, data.kind)
    stage = meeting.read(Stage)
    if own and account.id not in stage.views and len(stage.views) >= MAX_VIEWS:
        raise Refusal("too_many", f"{MAX_VIEWS} are shown something of their own; let some see the stage")
    meant = meant_here(meeting, data.centers, data.reaches, context)
    leads = account.center if own else meeting.chair.center
    if meant is None:
        meant = [] if data.cameras or data.phones else [code for code in meeting.centers if code != leads]
    centers = meant
    if data.order == "tree":
        centers = in_tree_order(centers, context.tree)
    centers = [*centers, *dict.fromkeys((*data.cameras, *data.phones))]
    here = faces(meeting, [account.id] if own else [])
    if data.present:
        centers = [code for code in centers if code in here]
    if not centers:
        raise Refusal("invalid", "there is nobody to show", "centers")
    if not any(code in here for code in centers):
        raise Refusal("not_joined", "nobody of these is in the meeting now", "centers")
    by = signature_of(account, context.tree)
    tour = Tour(
        tour=context.new_id("j"),
        kind=data.kind,
        state="running",
        by=Author.model_validate(by),
        viewer=account.id if own else None,
        begun_at=to_wire(context.now),
        seconds=data.seconds,
        grid=data.grid,
        to=data.to,
    )
    told = tour.model_dump(mode="json", include={"tour", "kind", "viewer", "seconds", "grid", "to"})
    quiet = [Draft("stage.voice_followed", meeting.id, {"on": False})] if stage.voice and not own else []
    return [
        *quiet,
        Draft("tour.started", meeting.id, {**told, "by": by, "centers": centers}),
        *stepping(meeting, tour, TourList(centers=centers), 0, context),
    ]


def _next(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go on to the next at once."""
    meeting, tour, listed = _led(state, command, context)
    _require_stage(meeting, tour.kind, context)
    return stepping(meeting, tour, listed, after(tour, listed), context, paused=tour.state == "paused")


def _back(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go back to who was shown before."""
    meeting, tour, listed = _led(state, command, context)
    _require_stage(meeting, tour.kind, context)
    return stepping(meeting, tour, listed, tour.place - 2, context, way=-1, paused=tour.state == "paused")


def _go(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, tour, listed = _led(state, command, context)
    _require_stage(meeting, tour.kind, context)
    center = TourGo.model_validate(command.data).center
    if center not in listed.centers:
        raise Refusal("not_found", f"center {center} is not in the list", "center")
    if center not in faces(meeting, [] if tour.viewer is None else [tour.viewer]):
        raise Refusal("not_joined", "nobody of this center is in the meeting now", "center")
    start = listed.centers.index(center)
    return stepping(meeting, tour, listed, start, context, paused=tour.state == "paused")


def _pause(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Let a tour rest on who is shown."""
    meeting, tour, _ = _led(state, command, context)
    return resting(meeting, tour, "chair")


def _resume(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go on where a tour stands: who was shown last is shown again, for his whole time."""
    meeting, tour, _ = _led(state, command, context)
    if tour.state == "running":
        return []
    require_not_paused(meeting)
    _require_free_hub(meeting, tour.kind)
    return going_again(meeting, tour, context)


def _pace(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, tour, _ = _led(state, command, context)
    return paced(meeting, tour, TourPace.model_validate(command.data).seconds, context)


def _stay(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, tour, _ = _led(state, command, context)
    if tour.state == "paused":
        raise Refusal("wrong_state", "the tour is paused")
    if tour.until is None:  # there is nobody else to go on to
        return []
    until = context.now + timedelta(seconds=TourStay.model_validate(command.data).seconds)
    if until <= from_wire(tour.until):
        return []
    return [Draft("tour.stayed", meeting.id, {"tour": tour.tour, "until": to_wire(until)})]


def _stop(state: HubState, command: Command, context: Context) -> list[Draft]:
    """End a tour; what stood before stands again."""
    meeting, tour, _ = _led(state, command, context)
    return [stopped(meeting, tour, "stopped"), *standing_again(meeting, tour)]


def _turn(state: HubState, command: Command, context: Context) -> list[Draft]:
    """The time of who is shown is up."""
    meeting = running_meeting(state, command, context)
    wanted = TourOf.model_validate(command.data).tour
    tour = next((each for each in going_on(meeting) if each.tour == wanted), None)
    if tour is None or tour.until is None:
        return []
    if from_wire(tour.until) > context.now:
        raise Refusal("wrong_state", "the time is not up yet")
    if not is_free(meeting):
        return resting(meeting, tour, "locked")
    if tour.kind == "broadcast" and roll_call_shows(meeting):
        return resting(meeting, tour, "taken_over")
    listed = meeting.read(TourLists).rows[key_of(tour)]
    return stepping(meeting, tour, listed, after(tour, listed), context)


def _after_joining(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A tour that waits for somebody to go on to goes on with who comes."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    return _with(meeting, taken_seat(who, meeting.seats.get(who["id"]), to_wire(context.now)), context)


def _after_answering(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The same with a phone that is answered."""
    meeting = state.meetings[draft.meeting or ""]
    return _with(meeting, meeting.read(PhonesHere).rows[draft.data["participant"]], context)


def _with(meeting: Meeting, who: Seat, context: Context) -> list[Draft]:
    step = step_of(who.id, who.role, who.center)
    drafts: list[Draft] = []
    for tour in going_on(meeting):
        listed, never = meeting.read(TourLists).rows[key_of(tour)], [tour.viewer or ""]
        waits = tour.state == "running" and tour.until is None and is_free(meeting)
        if not waits or step not in listed.centers or who.id in never:
            continue
        if step in faces(meeting, never):
            continue
        here = faces(meeting, never, [who])
        start = tour.place - 1 if tour.kind == "mosaic" else after(tour, listed)
        drafts += stepping(meeting, tour, listed, start, context, here=here)
    return drafts


def _after_leaving(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who goes takes his own tour with him; where he was shown the next one is."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    drafts: list[Draft] = []
    for tour in going_on(meeting):
        if tour.viewer == who:
            drafts.append(stopped(meeting, tour, "left"))
        elif who in tour.shown or _leaves_alone(meeting, tour, who):
            drafts += _without(meeting, tour, who, context)
    return drafts


def _leaves_alone(meeting: Meeting, tour: Tour, who: str) -> bool:
    """Whether without him nobody is left to go on to: those that are shown stay, and no countdown runs."""
    if tour.until is None:
        return False
    here = faces(meeting, [who, tour.viewer or ""])
    listed = meeting.read(TourLists).rows[key_of(tour)].centers
    return sum(code in here for code in listed) <= shown_at_once(tour)


def _without(meeting: Meeting, tour: Tour, who: str, context: Context) -> list[Draft]:
    """A step to those that are there without somebody; a tour that rests shows the others, and nobody new."""
    listed = meeting.read(TourLists).rows[key_of(tour)]
    if tour.state == "running" and is_free(meeting):
        here = faces(meeting, [who, tour.viewer or ""])
        return stepping(meeting, tour, listed, tour.place - 1, context, here=here)
    left = [(code, each) for code, each in zip(tour.centers, tour.shown, strict=True) if each != who]
    rests = {
        "tour": tour.tour,
        "place": tour.place,
        "centers": [code for code, _ in left],
        "shown": [each for _, each in left],
        "passed": [],
        "until": None,
    }
    return [Draft("tour.stepped", meeting.id, rests)]


def _after_a_loss_of_rights(who: str) -> Callable[[HubState, Draft, Context], list[Draft]]:
    """Who led the meeting, or beside its chair, and may not any more has no tour of his own. `who`: the field with his id."""

    def follow(state: HubState, draft: Draft, context: Context) -> list[Draft]:
        meeting, former = state.meetings[draft.meeting or ""], str(draft.data[who])
        tour, seat = meeting.read(Tours).rows.get(former), meeting.seats.get(former)
        if tour is None or seat is None or draft.data.get("reason") == "left":  # who leaves takes it with him
            return []
        account = Account(seat.id, "", seat.name, seat.role, seat.center)
        if may(account, "meeting.control", context.tree, meeting.convener.center):
            return []
        return [stopped(meeting, tour, "handed_over"), *standing_again(meeting, tour)]

    return follow


def _before_the_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting = state.meetings[draft.meeting or ""]
    return [stopped(meeting, tour, "ended") for tour in going_on(meeting)]


def _next_step(meeting: Meeting) -> Due | None:
    """When the first of the tours goes on."""
    waiting = [(tour.until, tour.tour) for tour in going_on(meeting) if tour.until is not None]
    if not waiting:
        return None
    until, tour = min(waiting)
    return Due(from_wire(until), "tour.turn", meeting.id, tour, {"tour": tour})


RULES = RuleFile(
    "tours",
    part=Tours,
    commands=(
        CommandRule("tour.start", TourStart, _start),
        CommandRule("tour.next", TourOf, _next),
        CommandRule("tour.back", TourOf, _back),
        CommandRule("tour.go", TourGo, _go),
        CommandRule("tour.pause", TourOf, _pause),
        CommandRule("tour.resume", TourOf, _resume),
        CommandRule("tour.stay", TourStay, _stay),
        CommandRule("tour.pace", TourPace, _pace),
        CommandRule("tour.stop", TourOf, _stop),
        CommandRule("tour.turn", TourOf, _turn, system=True),
    ),
    entries=ENTRIES,
    follows={
        "meeting.joined": _after_joining,
        "camera.brought": _after_joining,
        "phone.joined": _after_answering,
        "meeting.left": _after_leaving,
        "camera.parted": _after_leaving,
        "phone.ended": _after_leaving,
        "participant.removed": _after_leaving,
        "stage.broadcast": taken("broadcast"),
        "stage.layout": taken("mosaic"),
        "stage.view": taken("own"),
        "stage.locked": after_locking,
        "chair.changed": _after_a_loss_of_rights("before"),
        "chair.co_dismissed": _after_a_loss_of_rights("participant"),
        "meeting.paused": with_the_meeting,
        "meeting.resumed": on_with_the_meeting,
    },
    precedes={"meeting.ended": _before_the_end},
    due=_next_step,
)
#: Through whom tours go: told when one begins, and when others are passed over.
LISTS = RuleFile("tour_lists", part=TourLists)
#: Who is shown now: each hears it of himself.
FACES = RuleFile("tour_faces", part=TourFaces)
