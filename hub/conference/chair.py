"""The chair (主席): who leads the meeting, who stands by, who controls beside him, and how the chair passes on.

| command | refused with |
|---|---|
| `chair.request` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `forbidden` (role) |
| `chair.withdraw` | `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `chair.grant` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (does not ask for it, not here) |
| `chair.refuse` | `not_found`, `meeting_ended`, `forbidden` |
| `chair.hand_over` | `not_found`, `meeting_ended`, `forbidden` (also: whose role has no chair), `wrong_state` (not here) |
| `chair.give_back` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (nobody is here to have it) |
| `chair.take` | `not_found`, `meeting_ended`, `not_joined`, `removed`, `forbidden` |
| `chair.name_backup` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (is the chair, was removed) |
| `chair.name_co` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (is the chair, was removed), `too_many` |
| `chair.dismiss_co` | `not_found`, `meeting_ended`, `forbidden` |
| `chair.away`, `chair.back` (the hub only) | `not_found`, `meeting_ended` |
| `chair.expire` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (time is not up) |

There is one chair at any time; at first it is the convener. The chair and who may take it from him decide about it. It
passes to the backup, to a co-chair, to the convener or to who else commands the meeting: at once when the chair leaves, and
after some time when his desk stays away, or when he never came. Who has it then keeps it until it is handed over or taken.
Who gets it while muted is heard again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hub.conference.chair_shapes import Chair, ChairAsk, ChairBackup, ChairOf
from hub.conference.chair_state import (
    ENTRIES,
    commands_here,
    holds,
    is_there,
    may_succeed,
    passes_at,
    ref_of,
    successor,
)
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import may_take_chair, require_joined, require_lead, running_meeting, seat_of
from hub.ruling import CommandRule, Context, Due, NoData, RuleFile
from hub.seats import Seat
from hub.state import HubState, Meeting

#: Co-chairs of a meeting.
MAX_CO_CHAIRS: Final = 8


def _passing(meeting: Meeting, seat: Seat, reason: str) -> list[Draft]:
    """The chair passes to this participant."""
    changed = {"participant": ref_of(seat), "before": meeting.chair.id, "reason": reason}
    heard = [Draft("participant.unmuted", meeting.id, {"participant": seat.id})] if seat.muted else []
    return [Draft("chair.changed", meeting.id, changed), *heard]


def _asks(meeting: Meeting, participant: str) -> bool:
    return any(each.participant.id == participant for each in meeting.read(Chair).requests)


def _led(state: HubState, command: Command, context: Context) -> Meeting:
    meeting = running_meeting(state, command, context)
    require_lead(meeting, context)
    return meeting


def _holder(meeting: Meeting, participant: str, *, here: bool) -> Seat:
    """A participant who is to have something of the chair. Raises Refusal as the table says."""
    seat = seat_of(meeting, participant)
    if not holds(seat.role):
        raise Refusal("forbidden", "this role leads no meeting", "participant")
    if seat.state == "removed" or (here and seat.state != "joined"):
        raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
    return seat


def _request(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    who = context.account.id
    if not holds(context.account.role):
        raise Refusal("forbidden", "this role leads no meeting")
    if meeting.chair.id == who or _asks(meeting, who):
        return []
    data = {
        "participant": ref_of(meeting.seats[who]),
        "reason": ChairAsk.model_validate(command.data).reason,
    }
    return [Draft("chair.requested", meeting.id, data)]


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Ask for the chair no more."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    return _no_more(meeting, context.account.id)


def _no_more(meeting: Meeting, participant: str) -> list[Draft]:
    if not _asks(meeting, participant):
        return []
    return [Draft("chair.request_withdrawn", meeting.id, {"participant": participant})]


def _grant(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Give the chair to who asks for it."""
    meeting = _led(state, command, context)
    who = ChairOf.model_validate(command.data).participant
    if who == meeting.chair.id:
        return []
    seat = _holder(meeting, who, here=True)
    if not _asks(meeting, who):
        raise Refusal("wrong_state", "this participant does not ask for the chair any more", "participant")
    return _passing(meeting, seat, "granted")


def _refuse(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Tell who asks for the chair that he does not get it."""
    meeting = _led(state, command, context)
    who = seat_of(meeting, ChairOf.model_validate(command.data).participant).id
    return [Draft("chair.refused", meeting.id, {"participant": who})] if _asks(meeting, who) else []


def _hand_over(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Hand the chair over to somebody who is here."""
    meeting = _led(state, command, context)
    who = ChairOf.model_validate(command.data).participant
    seat = _holder(meeting, who, here=True)
    return [] if who == meeting.chair.id else _passing(meeting, seat, "handed_over")


def _give_back(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Give the chair back: to the convener, else to who commands the meeting."""
    meeting = running_meeting(state, command, context)
    if meeting.chair.id != context.account.id:
        raise Refusal("forbidden", "only who has the chair gives it back")
    if meeting.convener.id != meeting.chair.id and is_there(meeting, meeting.convener.id):
        return _passing(meeting, meeting.seats[meeting.convener.id], "given_back")
    next_one = successor(meeting)
    if next_one is None or not commands_here(meeting, next_one):
        raise Refusal("wrong_state", "nobody is here to have it back; hand it over to somebody")
    return _passing(meeting, next_one, "given_back")


def _take(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Take the chair from who has it."""
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    if meeting.chair.id == context.account.id:
        return []
    if not may_take_chair(meeting, context.account, context.tree):
        raise Refusal("forbidden", "you may ask for the chair, not take it")
    return _passing(meeting, meeting.seats[context.account.id], "taken")


def _name_backup(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _led(state, command, context)
    who, before = ChairBackup.model_validate(command.data).participant, meeting.read(Chair).backup
    if who == (None if before is None else before.id):
        return []
    named: Mapping[str, Any] | None = None
    if who is not None:
        if who == meeting.chair.id:
            raise Refusal("wrong_state", "the chair does not stand by for himself", "participant")
        named = ref_of(_holder(meeting, who, here=False))
    return [Draft("chair.backup_named", meeting.id, {"participant": named})]


def _name_co(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Have somebody control the meeting beside the chair."""
    meeting = _led(state, command, context)
    who = ChairOf.model_validate(command.data).participant
    if any(one.id == who for one in meeting.co_chairs):
        return []
    seat = _holder(meeting, who, here=False)
    if who == meeting.chair.id:
        raise Refusal("wrong_state", "the chair is no co-chair", "participant")
    if len(meeting.co_chairs) >= MAX_CO_CHAIRS:
        raise Refusal("too_many", f"a meeting has at most {MAX_CO_CHAIRS} co-chairs", "participant")
    return [Draft("chair.co_named", meeting.id, {"participant": ref_of(seat)})]


def _dismiss_co(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Have a co-chair control the meeting no more."""
    meeting = _led(state, command, context)
    who = seat_of(meeting, ChairOf.model_validate(command.data).participant).id
    return _dismissed(meeting, who)


def _dismissed(meeting: Meeting, participant: str) -> list[Draft]:
    if not any(one.id == participant for one in meeting.co_chairs):
        return []
    return [Draft("chair.co_dismissed", meeting.id, {"participant": participant})]


def _away(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    who = ChairOf.model_validate(command.data).participant
    if who in meeting.read(Chair).away or not may_succeed(meeting, who):
        return []
    return [Draft("chair.lost", meeting.id, {"participant": who})]


def _back(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    return _returned(meeting, ChairOf.model_validate(command.data).participant)


def _returned(meeting: Meeting, participant: str) -> list[Draft]:
    if participant not in meeting.read(Chair).away:
        return []
    return [Draft("chair.returned", meeting.id, {"participant": participant})]


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    """The chair was waited for long enough."""
    meeting = running_meeting(state, command, context)
    passes = passes_at(meeting)
    if passes is None:
        return []
    if passes[0] > context.now:
        raise Refusal("wrong_state", "the time is not up yet")
    return _passing(meeting, passes[1], "away")


def _after_leaving(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who leaves asks for nothing more; the chair who leaves has it no more, if somebody else can have it."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    over = [*_no_more(meeting, who), *_returned(meeting, who)]
    if meeting.chair.id != who:
        return over
    next_one = successor(meeting)
    return over if next_one is None else [*over, *_passing(meeting, next_one, "left")]


def _after_removal(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who was put out stands by for nothing."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    backup = meeting.read(Chair).backup
    no_backup = (
        [Draft("chair.backup_named", meeting.id, {"participant": None})]
        if backup is not None and backup.id == who
        else []
    )
    return [*_no_more(meeting, who), *_returned(meeting, who), *no_backup, *_dismissed(meeting, who)]


def _passes(meeting: Meeting) -> Due | None:
    """When the chair passes on."""
    passes = passes_at(meeting)
    return None if passes is None else Due(passes[0], "chair.expire", meeting.id, passes[1].id)


RULES = RuleFile(
    "chair",
    part=Chair,
    commands=(
        CommandRule("chair.request", ChairAsk, _request),
        CommandRule("chair.withdraw", NoData, _withdraw),
        CommandRule("chair.grant", ChairOf, _grant),
        CommandRule("chair.refuse", ChairOf, _refuse),
        CommandRule("chair.hand_over", ChairOf, _hand_over),
        CommandRule("chair.give_back", NoData, _give_back),
        CommandRule("chair.take", NoData, _take),
        CommandRule("chair.name_backup", ChairBackup, _name_backup),
        CommandRule("chair.name_co", ChairOf, _name_co),
        CommandRule("chair.dismiss_co", ChairOf, _dismiss_co),
        CommandRule("chair.away", ChairOf, _away, system=True),
        CommandRule("chair.back", ChairOf, _back, system=True),
        CommandRule("chair.expire", NoData, _expire, system=True),
    ),
    entries=ENTRIES,
    follows={"meeting.left": _after_leaving, "participant.removed": _after_removal},
    due=_passes,
)
