"""Roll call (点名): one center after the other is called and answers; only it and the chair are heard meanwhile.

| command | refused with |
|---|---|
| `roll_call.begin` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (one goes on), `invalid` (nobody to call) |
| `roll_call.next`, `pause`, `resume`, `finish` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (none goes on) |
| `roll_call.call`, `skip`, `mark` | `not_found` (meeting, center), `meeting_ended`, `forbidden`, `wrong_state` (none goes on) |
| `roll_call.answer` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `forbidden` (role), `wrong_state` (not its turn) |
| `roll_call.expire` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (time is not up) |

Whose turn is over without an answer stands as unanswered; while the roll call goes on it may answer late. An answer is a
report, too, and reaches everybody whom reports reach. A roll call that calls by itself rests on an answer 有情况: somebody
has to look into it, and goes on with `roll_call.next`. Mutes stand as they were: they hold again while it rests and when it
is over. While the meeting is paused it stands still, and goes on for what was left of the time to answer.
"""

from __future__ import annotations

from hub.clock import from_wire
from hub.conference.pause import require_not_paused
from hub.conference.roll_call_shapes import (
    RollCall,
    RollCallAnswer,
    RollCallBegin,
    RollCallExpire,
    RollCallList,
    RollCallMark,
    RollCallOf,
    RollCallRow,
)
from hub.conference.roll_call_state import ENTRIES
from hub.conference.roll_call_turns import (
    about,
    calling,
    closing,
    in_tree_order,
    named,
    next_turn,
    on_with_the_meeting,
    over,
    rested,
    resumed,
)
from hub.directory.permissions import may
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import require_here, require_joined, running_meeting, signature_of
from hub.ruling import CommandRule, Context, Due, NoData, RuleFile
from hub.state import HubState, Meeting


def _going_on(state: HubState, command: Command, context: Context) -> tuple[Meeting, RollCall]:
    """A meeting and its roll call, for who controls it. Raises Refusal as the table says."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    roll = meeting.read(RollCall)
    if roll.state not in ("running", "paused"):
        raise Refusal("wrong_state", "no roll call goes on")
    return meeting, roll


def _row(meeting: Meeting, center: str) -> RollCallRow:
    row = meeting.read(RollCallList).rows.get(center)
    if row is None:
        raise Refusal("not_found", f"center {center} is not in the list", "center")
    return row


def _answered(meeting: Meeting, center: str, context: Context, **how: object) -> Draft:
    return Draft("roll_call.answered", meeting.id, about(meeting, **named(center, context), **how))


def _begin(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    require_not_paused(meeting)
    if meeting.read(RollCall).state in ("running", "paused"):
        raise Refusal("wrong_state", "a roll call goes on already")
    data = RollCallBegin.model_validate(command.data)
    called = set(meeting.centers)
    wanted = list(dict.fromkeys(data.centers)) or [
        code for code in meeting.centers if code != meeting.chair.center
    ]
    for code in wanted:
        if code not in called:
            raise Refusal("not_found", f"center {code} is not called to this meeting", "centers")
    if not wanted:
        raise Refusal("invalid", "there is nobody to call", "centers")
    if data.order == "tree":
        wanted = in_tree_order(wanted, context.tree)
    here = {seat.center for seat in meeting.joined}
    centers = [code for code in wanted if code in here] + [code for code in wanted if code not in here]
    roll = RollCall(
        roll=context.new_id("c"), seconds=data.seconds, automatic=data.automatic, shows=data.shows
    )
    by = signature_of(context.account, context.tree)
    settings = roll.model_dump(include={"roll", "seconds", "automatic", "shows"})
    begun = {"by": by, "centers": centers, **settings}
    return [Draft("roll_call.begun", meeting.id, begun), *calling(meeting, centers[0], roll, context)]


def _step(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Call the next center; after the last one the roll call is over."""
    meeting, roll = _going_on(state, command, context)
    require_not_paused(meeting)
    return next_turn(meeting, roll, context)


def _call(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Call a center of the list now, before its turn or again."""
    meeting, roll = _going_on(state, command, context)
    require_not_paused(meeting)
    center = RollCallOf.model_validate(command.data).center
    row = _row(meeting, center)
    if center == roll.center and roll.state == "running" and row.state == "called":
        return []
    done = closing(meeting, roll, context) if center != roll.center else []
    return [*done, *resumed(meeting, roll), *calling(meeting, center, roll, context)]


def _skip(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Leave a center of the list out; who is called now is left at once."""
    meeting, roll = _going_on(state, command, context)
    center = RollCallOf.model_validate(command.data).center
    row = _row(meeting, center)
    if row.state not in ("waiting", "called"):
        return []
    skipped = Draft("roll_call.skipped", meeting.id, about(meeting, **named(center, context)))
    if row.state == "waiting":
        return [skipped]
    require_not_paused(meeting)
    if roll.next is None:
        return [skipped, over(meeting, roll, skipped=1)]
    return [skipped, *resumed(meeting, roll), *calling(meeting, roll.next, roll, context)]


def _mark(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, roll = _going_on(state, command, context)
    data = RollCallMark.model_validate(command.data)
    row = _row(meeting, data.center)
    if data.answered:
        if row.state == "answered":
            return []
        return [
            _answered(
                meeting,
                data.center,
                context,
                situation=None,
                report=None,
                text="",
                late=row.state != "called",
                name=context.account.name,
                marked=True,
            )
        ]
    if data.center == roll.center and row.state == "called":
        require_not_paused(meeting)
        return next_turn(meeting, roll, context, by_chair=True)
    if row.state == "unanswered":
        return []
    return [
        Draft(
            "roll_call.unanswered", meeting.id, about(meeting, **named(data.center, context), by_chair=True)
        )
    ]


def _pause(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Let the roll call rest: everybody is heard as before."""
    meeting, roll = _going_on(state, command, context)
    return rested(meeting, roll, "chair")


def _resume(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go on with the roll call where it stands."""
    meeting, roll = _going_on(state, command, context)
    if roll.state == "running" or roll.center is None:
        return []
    require_not_paused(meeting)
    if meeting.read(RollCallList).rows[roll.center].state == "called":  # its time begins anew
        return [*resumed(meeting, roll), *calling(meeting, roll.center, roll, context)]
    return next_turn(meeting, roll, context) if roll.automatic else resumed(meeting, roll)


def _finish(state: HubState, command: Command, context: Context) -> list[Draft]:
    """End the roll call before its end; who was not called stays so."""
    meeting, roll = _going_on(state, command, context)
    done = closing(meeting, roll, context)
    return [*done, over(meeting, roll, unanswered=len(done))]


def _answer(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    account = context.account
    if not may(account, "report.file", context.tree, account.center):
        raise Refusal("forbidden", "this role answers no roll call")
    roll = meeting.read(RollCall)
    row = meeting.read(RollCallList).rows.get(account.center)
    if roll.state not in ("running", "paused") or row is None:
        raise Refusal("wrong_state", "no roll call with your center goes on")
    if row.state == "waiting":
        raise Refusal("wrong_state", "it is not your center's turn yet")
    data = RollCallAnswer.model_validate(command.data)
    if row.state == "answered" and not row.marked and row.situation == data.situation == "normal":
        return []
    in_turn = row.state == "called"
    drafts = [
        _answered(
            meeting,
            account.center,
            context,
            situation=data.situation,
            report=context.new_id("e"),
            text=data.text,
            late=row.late if row.state == "answered" else not in_turn,
            name=account.name,
            marked=False,
        )
    ]
    if not (roll.automatic and in_turn):
        return drafts
    if data.situation == "abnormal":
        return [*drafts, *rested(meeting, roll, "abnormal")]
    if roll.state != "running":
        return drafts
    if roll.next is None:
        return [*drafts, over(meeting, roll, answered=1)]
    return [*drafts, *calling(meeting, roll.next, roll, context)]


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    roll = meeting.read(RollCall)
    if _time_is_up(meeting) is None or roll.center != RollCallExpire.model_validate(command.data).center:
        return []
    if roll.until is None or from_wire(roll.until) > context.now:
        raise Refusal("wrong_state", "the time is not up yet")
    return next_turn(meeting, roll, context)


def _after_joining(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Somebody of the center that is called comes: he is heard, and its time begins anew."""
    meeting = state.meetings[draft.meeting or ""]
    roll, who = meeting.read(RollCall), draft.data["participant"]
    if (
        roll.state != "running"
        or roll.center is None
        or who["center"] != roll.center
        or who["id"] in (roll.heard or ())
    ):
        return []
    if meeting.read(RollCallList).rows[roll.center].state != "called":
        return []
    return calling(meeting, roll.center, roll, context)


def _with_the_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The meeting is paused: nobody is heard, so nobody's time passes."""
    meeting = state.meetings[draft.meeting or ""]
    roll = meeting.read(RollCall)
    return rested(meeting, roll, "meeting") if roll.state == "running" else []


def _on_with_the_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting = state.meetings[draft.meeting or ""]
    return on_with_the_meeting(meeting, meeting.read(RollCall), context)


def _before_the_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A meeting ends: its roll call is over before."""
    meeting = state.meetings[draft.meeting or ""]
    roll = meeting.read(RollCall)
    if roll.state not in ("running", "paused"):
        return []
    done = closing(meeting, roll, context)
    return [*done, over(meeting, roll, unanswered=len(done))]


def _time_is_up(meeting: Meeting) -> Due | None:
    """When a roll call that calls by itself goes on to the next one."""
    roll = meeting.read(RollCall)
    if roll.state != "running" or not roll.automatic or roll.center is None or roll.until is None:
        return None
    if meeting.read(RollCallList).rows[roll.center].state != "called":
        return None
    return Due(from_wire(roll.until), "roll_call.expire", meeting.id, roll.center, {"center": roll.center})


RULES = RuleFile(
    "roll_call",
    part=RollCall,
    commands=(
        CommandRule("roll_call.begin", RollCallBegin, _begin),
        CommandRule("roll_call.next", NoData, _step),
        CommandRule("roll_call.call", RollCallOf, _call),
        CommandRule("roll_call.skip", RollCallOf, _skip),
        CommandRule("roll_call.mark", RollCallMark, _mark),
        CommandRule("roll_call.pause", NoData, _pause),
        CommandRule("roll_call.resume", NoData, _resume),
        CommandRule("roll_call.finish", NoData, _finish),
        CommandRule("roll_call.answer", RollCallAnswer, _answer),
        CommandRule("roll_call.expire", RollCallExpire, _expire, system=True),
    ),
    entries=ENTRIES,
    follows={
        "meeting.joined": _after_joining,
        "meeting.paused": _with_the_meeting,
        "meeting.resumed": _on_with_the_meeting,
    },
    precedes={"meeting.ended": _before_the_end},
    due=_time_is_up,
)
#: Its list is a part of its own: of a city's list, only the rows that changed are told.
LIST = RuleFile("roll_call_list", part=RollCallList)
