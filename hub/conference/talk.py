"""Push-to-talk (对讲): who holds the key is heard, for as long as he holds it, and somebody of a higher level before him.

| command | refused with |
|---|---|
| `talk.press` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `wrong_state`, `conflict` (others talk) |
| `talk.release` | `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `talk.cut` | `not_found`, `meeting_ended`, `forbidden` |
| `talk.expire` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (time is not up) |

One talks by a key where the meeting has it so, but not who is muted or apart, and not in a roll call.
The meeting says how many may talk at the same time. Where all places are taken, who is of a higher level interrupts the lowest
(the last of several), the chair everybody; who is of no higher level is refused. A key that is held for a minute lets go by
itself: somebody whose line broke while he talked holds nobody up.
Pressing what is held and releasing what is not change nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hub.clock import from_wire, to_wire
from hub.conference.roll_call_shapes import RollCall
from hub.conference.sound_shapes import Sound, TalkCut, TalkEnd, Talker, TalkExpire
from hub.conference.sound_state import TALK
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import require_here, require_joined, running_meeting, seat_of
from hub.ruling import CommandRule, Context, Due, NoData, RuleFile
from hub.shapes import Level
from hub.state import HubState, Meeting

#: So long a key is held at most.
TALK_FOR: Final = timedelta(seconds=60)
#: Who interrupts whom: the smaller one the larger one.
RANKS: Final[dict[Level, int]] = {"city": 1, "county": 2, "township": 3, "village": 4}


def _rank(meeting: Meeting, who: str, level: Level) -> int:
    return 0 if who == meeting.chair.id else RANKS[level]


def _over(meeting: Meeting, participant: str, reason: TalkEnd) -> Draft:
    return Draft("talk.ended", meeting.id, {"participant": participant, "reason": reason})


def _talker(meeting: Meeting, participant: str) -> Talker | None:
    return next((one for one in meeting.read(Sound).talking if one.participant == participant), None)


def _press(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Hold the key down: be heard until one releases it."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    sound, seat = meeting.read(Sound), meeting.seats[context.account.id]
    if sound.mode != "talk":
        raise Refusal("wrong_state", "one does not talk by a key in this meeting")
    if seat.muted:
        raise Refusal("wrong_state", "the chair muted you")
    if meeting.read(RollCall).heard is not None:
        raise Refusal("wrong_state", "a roll call goes on")
    if any(one.participant == seat.id for each in sound.apart for one in each.members):
        raise Refusal("wrong_state", "you are in a word apart")
    if _talker(meeting, seat.id) is not None:
        return []
    drafts: list[Draft] = []
    if len(sound.talking) >= sound.at_once:
        last = max(
            enumerate(sound.talking),
            key=lambda one: (_rank(meeting, one[1].participant, one[1].level), one[0]),
        )[1]
        if _rank(meeting, last.participant, last.level) <= _rank(meeting, seat.id, seat.level):
            raise Refusal("conflict", f"{last.center_name} talks now")
        # fewer may talk at once than did before: all beyond the number make room
        lowest = sorted(sound.talking, key=lambda one: -_rank(meeting, one.participant, one.level))
        spare = len(sound.talking) - sound.at_once
        ended = [last, *[one for one in lowest if one is not last][:spare]]
        drafts = [_over(meeting, one.participant, "interrupted") for one in ended]
    until = to_wire(context.now + TALK_FOR)
    who = {"participant": seat.id, "name": seat.name, "center": seat.center, "center_name": seat.center_name}
    return [*drafts, Draft("talk.begun", meeting.id, {**who, "level": seat.level, "until": until})]


def _release(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Let the key go."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    who = context.account.id
    return [_over(meeting, who, "released")] if _talker(meeting, who) is not None else []


def _cut(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    who = seat_of(meeting, TalkCut.model_validate(command.data).participant).id
    if _talker(meeting, who) is None:
        return []
    return [Draft("talk.cut_off", meeting.id, {"participant": who})]


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    talker = _talker(meeting, TalkExpire.model_validate(command.data).participant)
    if talker is None:
        return []
    if from_wire(talker.until) > context.now:
        raise Refusal("wrong_state", "the time is not up yet")
    return [_over(meeting, talker.participant, "time")]


def _before_going(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who leaves, or is put out, lets go before."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    return [_over(meeting, who, "left")] if _talker(meeting, who) is not None else []


def _before_muting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Whom the chair mutes talks no more."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    return [_over(meeting, who, "muted")] if _talker(meeting, who) is not None else []


def _before_muting_all(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting, but = state.meetings[draft.meeting or ""], draft.data["but"]
    return [
        _over(meeting, one.participant, "muted")
        for one in meeting.read(Sound).talking
        if one.participant not in but
    ]


def _before_roll_call(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """In a roll call the chair and who is called are heard, and nobody by a key."""
    meeting = state.meetings[draft.meeting or ""]
    return [_over(meeting, one.participant, "roll_call") for one in meeting.read(Sound).talking]


def _before_apart(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who is taken apart talks to the rest no more."""
    meeting = state.meetings[draft.meeting or ""]
    apart = {one["participant"] for one in draft.data["members"]}
    return [
        _over(meeting, one.participant, "apart")
        for one in meeting.read(Sound).talking
        if one.participant in apart
    ]


def _before_joining_apart(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting, who = state.meetings[draft.meeting or ""], draft.data["member"]["participant"]
    return [_over(meeting, who, "apart")] if _talker(meeting, who) is not None else []


def _time_is_up(meeting: Meeting) -> Due | None:
    talking = meeting.read(Sound).talking
    if not talking:
        return None
    first = min(talking, key=lambda one: one.until)
    about = {"participant": first.participant}
    return Due(from_wire(first.until), "talk.expire", meeting.id, first.participant, about)


RULES = RuleFile(
    "talk",
    commands=(
        CommandRule("talk.press", NoData, _press),
        CommandRule("talk.release", NoData, _release),
        CommandRule("talk.cut", TalkCut, _cut),
        CommandRule("talk.expire", TalkExpire, _expire, system=True),
    ),
    entries=TALK,
    precedes={
        "meeting.left": _before_going,
        "participant.removed": _before_going,
        "participant.muted": _before_muting,
        "participant.all_muted": _before_muting_all,
        "roll_call.begun": _before_roll_call,
        "roll_call.resumed": _before_roll_call,
        "apart.begun": _before_apart,
        "apart.joined": _before_joining_apart,
    },
    due=_time_is_up,
)
