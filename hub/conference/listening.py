"""Listening in (监听): who has the right hears one participant alone, muted or not; he is told, and it stands in the journal.

| command | refused with |
|---|---|
| `listen.begin` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `forbidden`, `wrong_state` (not there, oneself) |
| `listen.end` | `not_found`, `meeting_ended`, `not_joined`, `removed` |

The right (`sound.listen`) is over the center of whom one hears; leading the meeting does not give it. Who listens in hears
nothing else meanwhile; to whom he listens goes on as before, and hears nothing more by it. A microphone that is off at its own
place gives nothing. It ends when one of the two leaves, and when who listens is taken apart or calls the roll.
"""

from __future__ import annotations

from typing import Any

from hub.conference.sound_shapes import ListenBegin, OwnSounds, Sound
from hub.conference.sound_state import LISTENING
from hub.conference.unit_state import unit_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import own_targets, require_joined, running_meeting, seat_of
from hub.ruling import CommandRule, Context, NoData, RuleFile
from hub.seats import Seat
from hub.state import HubState, Meeting


def _voice(seat: Seat) -> dict[str, Any]:
    return {"participant": seat.id, "name": seat.name, "center": seat.center, "center_name": seat.center_name}


def _over(meeting: Meeting, by: str, reason: str) -> list[Draft]:
    """He listens no more, if he did."""
    row = meeting.read(OwnSounds).rows.get(by)
    if row is None or row.listens is None:
        return []
    return [Draft("listen.ended", meeting.id, {"by": by, "to": row.listens.participant, "reason": reason})]


def _begin(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    to, me = seat_of(meeting, ListenBegin.model_validate(command.data).participant), context.account.id
    own_targets([to.center], "sound.listen", "participant", context)
    if to.state != "joined" or to.id == me:
        raise Refusal("wrong_state", "one listens in to somebody who is in the meeting now", "participant")
    if unit_of(meeting, to.id) is not None:
        raise Refusal(
            "wrong_state", "who speaks for a unit is heard in the common sound alone", "participant"
        )
    if any(one.participant == me for each in meeting.read(Sound).apart for one in each.members):
        raise Refusal("wrong_state", "you are in a word apart")
    row = meeting.read(OwnSounds).rows.get(me)
    if row is not None and row.listens is not None and row.listens.participant == to.id:
        return []
    begun = {"by": _voice(meeting.seats[me]), "to": _voice(to)}
    return [*_over(meeting, me, "other"), Draft("listen.begun", meeting.id, begun)]


def _end(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Listen in no more."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    return _over(meeting, context.account.id, "ended")


def _before_going(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who leaves, or is put out, listens to nobody and is listened to by nobody."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    row = meeting.read(OwnSounds).rows.get(who)
    if row is None:
        return []
    by_others = [each for one in row.listeners for each in _over(meeting, one.participant, "left")]
    return [*_over(meeting, who, "left"), *by_others]


def _before_apart(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who is in a word apart hears that."""
    meeting, data = state.meetings[draft.meeting or ""], draft.data
    members = data["members"] if "members" in data else [data["member"]]
    return [each for one in members for each in _over(meeting, one["participant"], "other")]


def _before_roll_call(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who calls the roll has to hear the answers."""
    return _over(state.meetings[draft.meeting or ""], context.account.id, "roll_call")


RULES = RuleFile(
    "listening",
    commands=(
        CommandRule("listen.begin", ListenBegin, _begin),
        CommandRule("listen.end", NoData, _end),
    ),
    entries=LISTENING,
    precedes={
        "meeting.left": _before_going,
        "participant.removed": _before_going,
        "apart.begun": _before_apart,
        "apart.joined": _before_apart,
        "roll_call.begun": _before_roll_call,
        "roll_call.resumed": _before_roll_call,
    },
)
