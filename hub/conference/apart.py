"""A word apart (单独通话) with one center: both leave the common sound, the others are told; one key brings them back.

| command | refused with |
|---|---|
| `apart.begin` | `not_found`, `meeting_ended`, `forbidden`, `not_joined`, `removed`, `wrong_state` (nobody there, apart) |
| `apart.end` | `not_found` (meeting, word), `meeting_ended`, `forbidden` |
| `apart.insert` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `forbidden`, `wrong_state` (apart already) |
| `apart.leave` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `wrong_state` (he did not come in by force) |
| `apart.release` | `not_found` (meeting, word), `meeting_ended`, `forbidden` |

Who controls the meeting begins one, with all who are there for a center, but not in a roll call; who comes later is in it,
too, and its loudspeakers are turned on. Going back ends it for both. Who has the right over all who are in it may come in by
force (`sound.insert`, 强插): all of them are told, and hear him. He may end it by force, too (强拆). It is over when one of the
two sides has left, and before a roll call goes on.
"""

from __future__ import annotations

from typing import Any

from hub.conference.roll_call_shapes import RollCall
from hub.conference.sound_shapes import Apart, ApartBegin, ApartEnd, ApartOf, Sound
from hub.conference.sound_state import APART
from hub.conference.unit_state import unit_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import own_targets, require_here, require_joined, running_meeting, signature_of
from hub.ruling import CommandRule, Context, RuleFile
from hub.seats import Seat
from hub.state import HubState, Meeting


def _apart(meeting: Meeting, who: str) -> Apart | None:
    """The word apart that a participant is in."""
    words = meeting.read(Sound).apart
    return next((each for each in words if any(one.participant == who for one in each.members)), None)


def _word(meeting: Meeting, command: Command) -> Apart:
    wanted = ApartOf.model_validate(command.data).talk
    found = next((each for each in meeting.read(Sound).apart if each.talk == wanted), None)
    if found is None:
        raise Refusal("not_found", "no such word apart goes on", "talk")
    return found


def _member(seat: Seat, *, forced: bool = False) -> dict[str, Any]:
    who = {"participant": seat.id, "name": seat.name, "center": seat.center, "center_name": seat.center_name}
    return {**who, "forced": forced}


def _over(meeting: Meeting, apart: Apart, reason: ApartEnd) -> Draft:
    return Draft("apart.ended", meeting.id, {"talk": apart.talk, "reason": reason})


def _require_all_of(meeting: Meeting, apart: Apart, context: Context) -> None:
    """Raises Refusal unless the asker has the right over everybody in it but himself."""
    others = [one.center for one in apart.members if one.participant != context.account.id]
    own_targets(others, "sound.insert", "talk", context)


def _begin(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    require_joined(meeting, context)
    center, me = ApartBegin.model_validate(command.data).center, context.account.id
    if center not in meeting.centers:
        raise Refusal("not_found", f"center {center} is not called to this meeting", "center")
    # The chair of a unit hears his own meeting: with him one speaks in the common sound.
    there = [
        seat
        for seat in meeting.joined
        if seat.center == center and seat.id != me and unit_of(meeting, seat.id) is None
    ]
    if not there:
        raise Refusal("wrong_state", "nobody is there for this center now", "center")
    mine = _apart(meeting, me)
    if mine is not None and mine.by == me and mine.center == center:
        return []
    if meeting.read(RollCall).heard is not None:
        raise Refusal("wrong_state", "a roll call goes on")
    if mine is not None or any(_apart(meeting, seat.id) is not None for seat in there):
        raise Refusal("wrong_state", "one of the two is in a word apart already", "center")
    opened = []
    if center in meeting.read(Sound).closed:
        opened = [Draft("speaker.opened", meeting.id, {"centers": [center]})]
    begun = {
        "talk": context.new_id("x"),
        "by": signature_of(context.account, context.tree),
        "center": center,
        "center_name": there[0].center_name,
        "members": [_member(seat) for seat in (meeting.seats[me], *there)],
    }
    return [*opened, Draft("apart.begun", meeting.id, begun)]


def _end(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go back to the others: it is over for both."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    return [_over(meeting, _word(meeting, command), "back")]


def _insert(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Come in by force (强插): all who are in it are told, and hear one."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    word, mine = _word(meeting, command), _apart(meeting, context.account.id)
    _require_all_of(meeting, word, context)
    if mine is word:
        return []
    if mine is not None:
        raise Refusal("wrong_state", "you are in another word apart")
    member = _member(meeting.seats[context.account.id], forced=True)
    return [Draft("apart.joined", meeting.id, {"talk": word.talk, "member": member})]


def _leave(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go out of a word apart that one came into by force; it goes on."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    word, me = _word(meeting, command), context.account.id
    if not any(one.participant == me and one.forced for one in word.members):
        raise Refusal("wrong_state", "you did not come into it by force", "talk")
    return [Draft("apart.left", meeting.id, {"talk": word.talk, "participant": me})]


def _release(state: HubState, command: Command, context: Context) -> list[Draft]:
    """End a word apart by force (强拆)."""
    meeting = running_meeting(state, command, context)
    word = _word(meeting, command)
    _require_all_of(meeting, word, context)
    return [_over(meeting, word, "forced")]


def _before_going(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who leaves, or is put out, goes out of it before; without one of its two sides it is over."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    word = _apart(meeting, who)
    if word is None:
        return []
    sides = [one for one in word.members if not one.forced and one.participant != word.by]
    if who == word.by or [one.participant for one in sides] == [who]:
        return [_over(meeting, word, "left")]
    return [Draft("apart.left", meeting.id, {"talk": word.talk, "participant": who})]


def _after_joining(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who comes for a center that is in a word apart is in it, but who speaks for a unit."""
    if draft.data.get("unit") is not None:
        return []
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    word = next((each for each in meeting.read(Sound).apart if each.center == who["center"]), None)
    if word is None:
        return []
    member = {
        "participant": who["id"],
        "name": who["name"],
        "center": who["center"],
        "center_name": who["center_name"],
        "forced": False,
    }
    return [Draft("apart.joined", meeting.id, {"talk": word.talk, "member": member})]


def _before_roll_call(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A roll call wants everybody."""
    meeting = state.meetings[draft.meeting or ""]
    return [_over(meeting, each, "roll_call") for each in meeting.read(Sound).apart]


RULES = RuleFile(
    "apart",
    commands=(
        CommandRule("apart.begin", ApartBegin, _begin),
        CommandRule("apart.end", ApartOf, _end),
        CommandRule("apart.insert", ApartOf, _insert),
        CommandRule("apart.leave", ApartOf, _leave),
        CommandRule("apart.release", ApartOf, _release),
    ),
    entries=APART,
    precedes={
        "meeting.left": _before_going,
        "participant.removed": _before_going,
        "roll_call.begun": _before_roll_call,
        "roll_call.resumed": _before_roll_call,
    },
    follows={"meeting.joined": _after_joining},
)
