"""Phones of grid members in a meeting: called in, answered, let go, and the case of a household shown from one.

| command | who | refused with |
|---|---|---|
| `phone.call` | who leads | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (disabled), `conflict`, `too_many` |
| `phone.release` | who leads | `not_found`, `meeting_ended`, `forbidden` |
| `phone.ring` | the member | `not_found` (nobody calls) |
| `phone.answer`, `phone.decline` | the member | `not_found`, `wrong_state` (too late, or in the meeting) |
| `phone.leave` | the member | `not_found` |
| `case.show`, `case.hide` | the member | `not_found` (not his household, for one), `not_joined` |
| `case.look` | who is in the meeting | `not_found`, `meeting_ended`, `not_joined`, `removed`, `forbidden` |
| `phone.miss` (the hub only) | | `not_found`, `meeting_ended`, `wrong_state` (it may still be answered) |

Grid members are called to no meeting as centers are, and see none: a phone that is called has its call and nothing else. It
has a place beside the seats: it is seen, heard, muted, broadcast, toured, recorded and in the film as participants are; no
center has come by it, no roll is called of it, nothing counts it. One account is in one meeting at a time by its phone. A
call that is not taken ends at its time, whether the phone was there or not. Whose phone is withdrawn, whose account is
disabled or changed, and who is not cleared when a meeting becomes secret, is out at once.

What is shown of a household is no entry: entries name it by its id, and who may see what of it the rights of the registry say
whenever somebody looks. A look is told, once for each time that a case is shown, before anything is seen.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hub.clock import from_wire, to_wire
from hub.directory.accounts import GRID_ROLES
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL, may_see_level
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import participant_of, require_here, require_joined, running_meeting, signature_of
from hub.grids import phone_state as kept
from hub.grids.catalog import grid_of, grids_in, may_in_grid
from hub.grids.devices import Devices
from hub.grids.phone_shapes import (
    CaseHidden,
    CaseLook,
    CaseLooked,
    CaseShow,
    CaseShown,
    PhoneCall,
    PhoneCalled,
    PhoneDecline,
    PhoneEnded,
    PhoneJoined,
    PhoneMiss,
    PhoneRelease,
)
from hub.grids.phone_state import call_of
from hub.people import Accounts
from hub.ruling import CommandRule, Context, Control, Due, EntryRule, NoData, RuleFile
from hub.seats import PhoneEnd, PhoneSeat, PhonesHere
from hub.shapes import OfParticipant
from hub.state import HubState, Meeting

#: How long a phone is called: time to take it out of a pocket, and to open the page.
RING_FOR: Final = timedelta(seconds=45)
#: Most phones that are called or in one meeting at the same time.
MOST_PHONES: Final = 16


def _grid_name(state: HubState, account: str) -> str:
    grids = (grid_of(state, code) for code in grids_in(state).of_account.get(account, ()))
    return "、".join(grid.name for grid in grids if grid is not None)[:60]


def _ended(meeting: Meeting, who: str, why: PhoneEnd) -> Draft:
    return Draft("phone.ended", meeting.id, {"participant": who, "why": why})


# -- who leads


def _call(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    who = state.parts.read(Accounts).by_id.get(PhoneCall.model_validate(command.data).account)
    if who is None or who.role not in GRID_ROLES or who.center not in context.tree:
        raise Refusal("not_found", "there is nobody like that", "account")
    if not may(context.account, "phone.call", context.tree, who.center):
        raise Refusal("not_found", "there is nobody like that", "account")
    if who.disabled:
        raise Refusal("wrong_state", "this account is disabled", "account")
    if not may_see_level(who, meeting.level):
        raise Refusal("forbidden", "this account is not cleared for a secret meeting", "account")
    other = call_of(state, who.id)
    if other is not None:
        if other[0].id == meeting.id:
            return []
        raise Refusal("conflict", "another meeting calls this phone, or has it", "account")
    busy = sum(
        each.until is not None or each.state == "joined" for each in meeting.read(PhonesHere).rows.values()
    )
    if busy >= MOST_PHONES:
        raise Refusal("too_many", f"a meeting has at most {MOST_PHONES} phones", "account")
    called = {
        "participant": participant_of(who, context.tree).model_dump(mode="json"),
        "grid_name": _grid_name(state, who.id),
        "by": signature_of(context.account, context.tree),
        "until": to_wire(context.now + RING_FOR),
    }
    return [Draft("phone.called", meeting.id, called)]


def _release(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    who = PhoneRelease.model_validate(command.data).participant
    seat = meeting.read(PhonesHere).rows.get(who)
    if seat is None:
        raise Refusal("not_found", "this phone was never called here", "participant")
    if seat.state == "joined":
        return [_ended(meeting, who, "let_go")]
    return [] if seat.until is None else [_ended(meeting, who, "called_off")]


# -- the member


def _own(state: HubState, command: Command, context: Context) -> tuple[Meeting, PhoneSeat]:
    """Where one's own phone is called, or is. Raises Refusal `not_found`: of other meetings a member knows nothing."""
    found = call_of(state, context.account.id)
    if found is None or found[0].id != command.meeting or not may_see_level(context.account, found[0].level):
        raise Refusal("not_found", "nobody calls this phone", "meeting")
    return found


def _ring(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Say that the phone rings."""
    meeting, seat = _own(state, command, context)
    if seat.rings or seat.until is None:
        return []
    return [Draft("phone.rang", meeting.id, {"participant": seat.id})]


def _answer(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Answer: the phone is in the meeting."""
    meeting, seat = _own(state, command, context)
    if seat.state == "joined":
        return []
    if seat.until is None or from_wire(seat.until) <= context.now:
        raise Refusal("wrong_state", "the call is over", "meeting")
    return [Draft("phone.joined", meeting.id, {"participant": seat.id})]


def _decline(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, seat = _own(state, command, context)
    if seat.state == "joined":
        raise Refusal("wrong_state", "this phone is in the meeting; leave it", "meeting")
    busy = PhoneDecline.model_validate(command.data).busy
    return [_ended(meeting, seat.id, "busy" if busy else "declined")]


def _leave(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Hang up: the phone goes out of the meeting."""
    meeting, seat = _own(state, command, context)
    return [_ended(meeting, seat.id, "left" if seat.state == "joined" else "declined")]


def _in(state: HubState, command: Command, context: Context) -> tuple[Meeting, PhoneSeat]:
    meeting, seat = _own(state, command, context)
    if seat.state != "joined":
        raise Refusal("not_joined", "answer the call first", "meeting")
    return meeting, seat


def _show(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, seat = _in(state, command, context)
    data = CaseShow.model_validate(command.data)
    grid = data.found.grid if data.found is not None else None
    if grid is None or not may_in_grid(state, context.account, "registry.see", context.tree, grid):
        raise Refusal("not_found", "there is no such household", "household")
    if seat.household == data.household:
        return []
    shown = {"participant": seat.id, "household": data.household, "grid": grid}
    return [*_hidden(meeting, seat), Draft("case.shown", meeting.id, shown)]


def _hide(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Show no case any more."""
    return _hidden(*_in(state, command, context))


def _hidden(meeting: Meeting, seat: PhoneSeat) -> list[Draft]:
    if seat.household is None:
        return []
    return [Draft("case.hidden", meeting.id, {"participant": seat.id, "household": seat.household})]


# -- who looks at a case


def _look(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    seat = meeting.read(PhonesHere).rows.get(CaseLook.model_validate(command.data).participant)
    if seat is None or seat.household is None:
        raise Refusal("not_found", "no case is shown from there", "participant")
    grid = seat.grid or ""
    if not may_in_grid(state, context.account, "registry.read", context.tree, grid):
        raise Refusal("forbidden", "this household is not yours to see", "participant")
    if context.account.id in seat.looked:
        return []
    told = {"participant": seat.id, "household": seat.household, "grid": grid}
    return [Draft("case.looked", meeting.id, told)]


# -- by time, and what follows from something else


def _miss(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    seat = meeting.read(PhonesHere).rows.get(PhoneMiss.model_validate(command.data).participant)
    if seat is None or seat.until is None:
        return []
    if from_wire(seat.until) > context.now:
        raise Refusal("wrong_state", "it may still be answered", "participant")
    return [_ended(meeting, seat.id, "unanswered")]


def _first(meeting: Meeting) -> Due | None:
    """When the next call is over."""
    calls = [
        (each.until, each.id) for each in meeting.read(PhonesHere).rows.values() if each.until is not None
    ]
    if not calls:
        return None
    until, who = min(calls)
    return Due(from_wire(until), "phone.miss", meeting.id, who, {"participant": who})


def _out(state: HubState, account: str, why: PhoneEnd) -> list[Draft]:
    found = call_of(state, account)
    return [] if found is None else [_ended(found[0], account, why)]


def _device_gone(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A phone that somebody withdraws is in no meeting; a code that was never used is none."""
    device = state.parts.read(Devices).by_id.get(draft.data["device"])
    bound = device is not None and device.bound and draft.data["why"] == "person"
    return _out(state, draft.data["account"], "withdrawn") if bound else []


def _account_gone(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Nobody is there whose account ends, has another role or center, or is not cleared for the meeting any more."""
    account, was = str(draft.data["account"]), draft.data.get("was")
    found = call_of(state, account)
    if found is None:
        return []
    if was is not None and was["role"] == draft.data["role"] and was["center"] == draft.data["center"]:
        kept = found[0].level == NORMAL or draft.data.get("cleared", False)
        return [] if kept else _out(state, account, "level")
    return _out(state, account, "withdrawn")


def _made_secret(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting = state.meetings[draft.meeting or ""]
    people = state.parts.read(Accounts).by_id
    there = _busy(meeting) if meeting.is_open else []
    return [_ended(meeting, who, "level") for who in there if who not in people or not people[who].cleared]


def _over(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    meeting = state.meetings[draft.meeting or ""]
    return [_ended(meeting, who, "meeting_ended") for who in _busy(meeting)]


def _busy(meeting: Meeting) -> list[str]:
    rows = meeting.read(PhonesHere).rows
    return [who for who, seat in rows.items() if seat.state == "joined" or seat.until is not None]


_ENDS: Final = {
    "declined": ("未接听", "declined"),
    "busy": ("对方正忙", "busy"),
    "unanswered": ("无人接听", "not answered"),
    "called_off": ("取消呼叫", "called off"),
    "left": ("本人挂断", "hung up"),
    "let_go": ("请离", "let go"),
    "withdrawn": ("手机或账号已停用", "phone or account withdrawn"),
    "level": ("会议定为涉密", "made secret"),
    "meeting_ended": ("会议结束", "meeting ended"),
}

RULES = RuleFile(
    "phones_here",
    part=PhonesHere,
    commands=(
        CommandRule("phone.call", PhoneCall, _call),
        CommandRule("phone.release", PhoneRelease, _release),
        CommandRule("phone.ring", NoData, _ring),
        CommandRule("phone.answer", NoData, _answer),
        CommandRule("phone.decline", PhoneDecline, _decline),
        CommandRule("phone.leave", NoData, _leave),
        CommandRule("phone.miss", PhoneMiss, _miss, system=True),
        CommandRule("case.show", CaseShow, _show),
        CommandRule("case.hide", NoData, _hide),
        CommandRule("case.look", CaseLook, _look),
    ),
    entries=(
        EntryRule("phone.called", PhoneCalled, kept.called, control=Control("呼叫手机", "phone called")),
        EntryRule("phone.rang", OfParticipant, kept.rang, control="none"),
        # Nodes are told whom all hear while one talks by a key.
        EntryRule("phone.joined", PhoneJoined, kept.joined, nodes=True, control="none"),
        EntryRule(
            "phone.ended",
            PhoneEnded,
            kept.ended,
            nodes=True,
            control=Control("手机离会", "phone out", _ENDS),
        ),
        EntryRule("case.shown", CaseShown, kept.shown, control="none"),
        EntryRule("case.hidden", CaseHidden, kept.hidden, control="none"),
        EntryRule("case.looked", CaseLooked, kept.looked, control="none"),
    ),
    precedes={
        "meeting.ended": _over,
        "device.withdrawn": _device_gone,
        "account.changed": _account_gone,
        "account.disabled": _account_gone,
        "account.deleted": _account_gone,
    },
    follows={"secrecy.raised": _made_secret},
    due=_first,
)
