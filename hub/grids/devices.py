"""Phones of grid members: a code given out by the village, one phone bound by it, and its end.

| command | refused with |
|---|---|
| `device.issue` | `not_found`, `wrong_state` (the account is disabled), `conflict` (it has as many phones as it may) |
| `device.withdraw` | `not_found` |
| `device.note_bound` (the hub only) | `not_found`, `wrong_state` (used before), `conflict` (too late) |

A grid member never needs a password: whoever leads the village shows a code on a screen, the phone reads it, and is signed in
from then on (signaling/phones.py). The code itself stands nowhere in the journal. Who has the phone sees what its owner's grids
hold, so a grid leader gives one out only to members who walk no grid but those that he answers for. A phone that is withdrawn
is signed out within 2 s, and wipes what it holds when it hears of that. So it is when its account is disabled, deleted, moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from pydantic import Field

from hub.clock import from_wire, to_wire
from hub.directory.accounts import GRID_LEADER, GRID_MEMBER, Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import ObjectId, ParticipantId, Text
from hub.grids.catalog import grids_in
from hub.parts import Part
from hub.people import Accounts
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState

#: Whose phones there are.
CARRIERS: Final = (GRID_LEADER, GRID_MEMBER)
#: How long a code can be used: as long as one stands beside the other.
GOOD_FOR: Final = timedelta(minutes=10)
#: Phones that one account may have bound.
MOST: Final = 3

#: Why a phone is no more: somebody says so; another code was given out in the place of this one; its account is.
Why = Literal["person", "replaced", "account"]


@dataclass(slots=True)
class Device:
    """One phone, or the code for one."""

    account: str
    until: str
    bound: bool = False


class Devices(Part):
    """The phones that are bound or may still be, by id."""

    by_id: dict[str, Device] = Field(default_factory=dict)
    of_account: dict[str, list[str]] = Field(default_factory=dict)

    def of(self, account: str) -> list[tuple[str, Device]]:
        """Those of an account, the oldest first."""
        return [(each, self.by_id[each]) for each in self.of_account.get(account, ())]

    def put(self, device: str, one: Device) -> None:
        """A code was given out."""
        self.by_id[device] = one
        self.of_account.setdefault(one.account, []).append(device)

    def drop(self, device: str) -> None:
        """It is no more."""
        one = self.by_id.pop(device, None)
        if one is None:
            return
        rest = self.of_account[one.account]
        rest.remove(device)
        if not rest:
            del self.of_account[one.account]


class DeviceIssue(CommandData):
    """Give out a code by which one phone is bound to a grid member's account."""

    account: ParticipantId
    """Whose phone."""


class DeviceWithdraw(CommandData):
    """End a phone's sign-in; what it holds is wiped."""

    device: ObjectId
    """Which."""
    reason: Text = Field(default="", max_length=500)
    """Why: lost, handed on, left."""


class NoteBound(CommandData):
    """Note that a phone was bound."""

    device: ObjectId
    """Which."""
    agent: Text = Field(default="", max_length=100)
    """What it calls itself, in two words."""


class OfDevice(Wire):
    """Base of what happened to a phone."""

    device: str
    account: str
    username: str


class DeviceIssued(OfDevice):
    """A code for a phone was given out. It is told to who asked for it, and stands nowhere."""

    name: str
    center: str
    until: str


class DeviceBound(OfDevice):
    """A phone was bound by such a code, and is signed in."""

    agent: str


class DeviceWithdrawn(OfDevice):
    """A phone, or the code for one, is no more; its sign-in ended."""

    why: Why
    reason: str = ""


def may_keep(state: HubState, asker: Account, action: str, owner: Account, tree: CenterTree) -> bool:
    """Whether `asker` may do this to phones of `owner`: a grid leader to his own, and to those of members of his grids.

    A code he gives out only where all grids of the member are his: a phone shows all of them.
    """
    if asker.id == SYSTEM:
        return True
    if owner.role not in CARRIERS or not may(asker, action, tree, owner.center):
        return False
    if asker.role != GRID_LEADER or owner.id == asker.id:
        return True
    grids = grids_in(state)
    leads = [grids.by_code[code].leader == asker.id for code in grids.of_account.get(owner.id, ())]
    return owner.role == GRID_MEMBER and any(leads) and (action != "device.issue" or all(leads))


def _told(device: str, owner: Account) -> dict[str, str]:
    return {"device": device, "account": owner.id, "username": owner.username}


def _withdrawn(device: str, owner: Account, why: Why, reason: str = "") -> Draft:
    return Draft("device.withdrawn", None, {**_told(device, owner), "why": why, "reason": reason}, (HOUSE,))


def _issue(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = DeviceIssue.model_validate(command.data)
    owner = state.parts.read(Accounts).by_id.get(data.account)
    if owner is None or not may_keep(state, context.account, "device.issue", owner, context.tree):
        raise Refusal("not_found", "there is nobody like that", "account")
    if owner.disabled:
        raise Refusal("wrong_state", "this account is disabled", "account")
    there = state.parts.read(Devices).of(owner.id)
    if sum(one.bound for _, one in there) >= MOST:
        raise Refusal("conflict", f"this account has {MOST} phones: withdraw one of them first", "account")
    device = context.new_id("dv")
    until = to_wire(context.now + GOOD_FOR)
    issued = {**_told(device, owner), "name": owner.name, "center": owner.center, "until": until}
    replaced = [_withdrawn(each, owner, "replaced") for each, one in there if not one.bound]
    return [*replaced, Draft("device.issued", None, issued, (HOUSE,))]


def _bind(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteBound.model_validate(command.data)
    one = state.parts.read(Devices).by_id.get(data.device)
    owner = state.parts.read(Accounts).by_id.get(one.account) if one is not None else None
    if one is None or owner is None or owner.disabled:
        raise Refusal("not_found", "there is no such phone", "device")
    if one.bound:
        raise Refusal("wrong_state", "this code was used before", "device")
    if from_wire(one.until) < context.now:
        raise Refusal("conflict", "this code is too old", "device")
    return [Draft("device.bound", None, {**_told(data.device, owner), "agent": data.agent}, (HOUSE,))]


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = DeviceWithdraw.model_validate(command.data)
    one = state.parts.read(Devices).by_id.get(data.device)
    owner = state.parts.read(Accounts).by_id.get(one.account) if one is not None else None
    if owner is None or not (
        owner.id == context.account.id
        or may_keep(state, context.account, "device.withdraw", owner, context.tree)
    ):
        raise Refusal("not_found", "there is no such phone", "device")
    return [_withdrawn(data.device, owner, "person", data.reason)]


def _with_account(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What an account's phones hold is for its duty and its place: with another one they begin anew."""
    owner = state.parts.read(Accounts).by_id.get(draft.data["account"])
    if owner is None:
        return []
    was = draft.data.get("was")
    if was is not None and was["role"] == draft.data["role"] and was["center"] == draft.data["center"]:
        return []
    return [_withdrawn(each, owner, "account") for each, _ in state.parts.read(Devices).of(owner.id)]


def _with_center(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Of a center that is no more nobody works in a grid: where the hub's owner takes one away its accounts may be left."""
    gone = {each if isinstance(each, str) else each["center"] for each in draft.data["gone"]}
    accounts, devices = state.parts.read(Accounts).by_id, state.parts.read(Devices)
    owners = [accounts[each] for each in sorted(devices.of_account) if each in accounts]
    lost = [owner for owner in owners if owner.center in gone]
    return [_withdrawn(each, owner, "account") for owner in lost for each, _ in devices.of(owner.id)]


def _issued(state: HubState, entry: Entry) -> None:
    state.parts.edit(Devices).put(entry.data["device"], Device(entry.data["account"], entry.data["until"]))


def _bound(state: HubState, entry: Entry) -> None:
    one = state.parts.edit(Devices).by_id.get(entry.data["device"])
    if one is not None:
        one.bound = True


def _gone(state: HubState, entry: Entry) -> None:
    state.parts.edit(Devices).drop(entry.data["device"])


#: A restart needs those that are bound, or may be.
_DEVICE: Final = Subject(
    lambda entry: entry.data["device"], lambda state, device: device in state.parts.read(Devices).by_id
)


RULES = RuleFile(
    "devices",
    commands=(
        CommandRule("device.issue", DeviceIssue, _issue, meeting="never"),
        CommandRule("device.withdraw", DeviceWithdraw, _withdraw, meeting="never"),
        CommandRule("device.note_bound", NoteBound, _bind, meeting="never", system=True),
    ),
    entries=(
        EntryRule("device.issued", DeviceIssued, _issued, reads="audit.read", subject=_DEVICE, house=True),
        EntryRule("device.bound", DeviceBound, _bound, reads="audit.read", subject=_DEVICE, house=True),
        EntryRule(
            "device.withdrawn", DeviceWithdrawn, _gone, reads="audit.read", subject=_DEVICE, house=True
        ),
    ),
    precedes={
        "account.changed": _with_account,
        "account.disabled": _with_account,
        "account.deleted": _with_account,
        "center.removed": _with_center,
        "center.imported": _with_center,
    },
)
