"""Approval: what gives somebody more than before waits for a second person where the policy says so; some passwords always do.

| command | refused with |
|---|---|
| `right.propose` | `not_found`, `forbidden`, `invalid` (nothing to change), `wrong_state` (not needed), `conflict` |
| `right.approve` | `not_found`, `forbidden`, `wrong_state` (the account is another one by now) |
| `right.reject` | `not_found`, `forbidden` |

Who may change an account so may propose it. Another security administrator above the account, or the approver whom the policy
names, agrees; nobody agrees to what he proposed or what is about himself. Who proposed may take it back (`right.reject`). An
account that is made in a far-reaching role is disabled until somebody agrees. The hub's owner needs nobody.

The system administrator, who gives no roles, may ask for one of who is no administrator: that always waits, and the security
administrator agrees. What agrees to a new account agrees to its first password, too; for others see `asked_passwords`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from hub.clock import to_wire
from hub.directory.accounts import ADMINISTRATORS, Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, ObjectId, ParticipantId, Text
from hub.house.accounts import allowed_change, changed_draft, found_account
from hub.house.approval import (
    FAR_REACHING,
    GRANT_FOR,
    KEPT_DECIDED,
    Decided,
    Grant,
    Outcome,
    Proposal,
    Proposals,
    reaches_further,
)
from hub.house.parts import DIRECTORY, Accounts
from hub.house.policies import policy_of
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Role, Wire
from hub.state import HubState


class RightPropose(CommandData):
    """Propose that an account gets another role or center, or clearance for secret things."""

    account: ParticipantId
    """Which."""
    role: Role | None = None
    """Null leaves it."""
    center: CenterCode | None = None
    """Null leaves it."""
    cleared: bool | None = None
    """Null leaves it."""
    reason: Text = Field(default="", max_length=500)
    """Why, for who agrees."""


class RightApprove(CommandData):
    """Agree to a right or a password that somebody else proposed: it is given at once, or may be given by who asked."""

    proposal: ObjectId
    """Which."""
    reason: Text = Field(default="", max_length=500)
    """Why."""


class RightReject(CommandData):
    """Refuse a right that was proposed, or take one's own proposal back."""

    proposal: ObjectId
    """Which."""
    reason: Text = Field(default="", max_length=500)
    """Why."""


class RightProposed(Wire):
    """A right waits for approval."""

    proposal: str
    account: str
    username: str
    name: str
    role: str
    center: str
    was_role: str
    was_center: str
    new: bool
    reason: str
    by_name: str
    password: bool = False
    cleared: bool = False
    was_cleared: bool = False


class OfProposal(Wire):
    """Base of what becomes of a proposal."""

    proposal: str
    account: str
    username: str


class RightApproved(OfProposal):
    """A right was agreed to, and given; or a one-time password, which who asked may give now."""

    password_until: str | None = None
    """Until when the password may be given; null: none was asked for."""

    reason: str = ""


class RightRejected(OfProposal):
    """A right was refused, or its proposal taken back."""

    reason: str


class RightLapsed(OfProposal):
    """Nothing is left to agree to: the account was deleted."""


def may_decide(state: HubState, account: Account, proposal: Proposal, tree: CenterTree) -> bool:
    """Whether this account may agree to the proposal."""
    if account.id in (proposal.by, proposal.account) or account.disabled:
        return False
    if policy_of(state).approval.approver == account.id:
        return True
    return all(may(account, "right.approve", tree, each) for each in (proposal.center, proposal.was_center))


def sees_proposal(state: HubState, account: Account, proposal: Proposal, tree: CenterTree) -> bool:
    """Whether this account may know of it: who proposed, who decides, and who reads the account with right to guard it."""
    return (
        account.id == proposal.by
        or may_decide(state, account, proposal, tree)
        or may(account, "account.guard", tree, proposal.was_center)
    )


def _propose(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = RightPropose.model_validate(command.data)
    found = found_account(state, data.account, context)
    asks = data.role is not None and data.role != found.role and _asks_for_roles(found, data.role, context)
    role = None if asks else data.role
    changed = allowed_change(found, None, role, data.center, context, cleared=data.cleared)
    if asks and data.role is not None:
        changed = replace(changed, role=data.role)
    if changed == found:
        raise Refusal("invalid", "say another role, center or clearance")
    needed = policy_of(state).approval.rights and reaches_further(found, changed, context.tree)
    if not asks and not needed:
        raise Refusal("wrong_state", "this needs no approval: change the account")
    waiting = state.parts.read(Proposals).of(found.id)
    if waiting is not None:
        same = not waiting.password and (waiting.role, waiting.center, waiting.cleared, waiting.by) == (
            changed.role,
            changed.center,
            changed.cleared,
            context.account.id,
        )
        if same:
            return []
        raise Refusal("conflict", "something waits for this account already", "account")
    return [proposed(found, changed, context, data.reason)]


def _asks_for_roles(found: Account, role: Role, context: Context) -> bool:
    """Whether the asker looks after this account without giving it roles: he may ask for one that is no administrator's."""
    return (
        context.account.id not in (SYSTEM, found.id)
        and found.role not in ADMINISTRATORS
        and role not in ADMINISTRATORS
        and may(context.account, "account.manage", context.tree, found.center)
        and not may(context.account, "account.guard", context.tree, found.center)
    )


def proposed(
    found: Account,
    changed: Account,
    context: Context,
    reason: str,
    *,
    new: bool = False,
    password: bool = False,
) -> Draft:
    """That something waits for approval."""
    data = {
        "proposal": context.new_id("v"),
        "account": found.id,
        "username": found.username,
        "name": found.name,
        "role": changed.role,
        "center": changed.center,
        "was_role": found.role,
        "was_center": found.center,
        "new": new,
        "reason": reason,
        "by_name": context.account.name,
        "password": password,
        "cleared": changed.cleared,
        "was_cleared": found.cleared,
    }
    return Draft("right.proposed", None, data, (HOUSE,))


def _waiting(state: HubState, proposal: str, context: Context) -> Proposal:
    """What waits under this id. Raises Refusal `not_found`, also for one that the asker may not know of."""
    found = state.parts.read(Proposals).open.get(proposal)
    owner = context.account.id == SYSTEM
    if found is None or not (owner or sees_proposal(state, context.account, found, context.tree)):
        raise Refusal("not_found", "nothing of this id waits for approval", "proposal")
    return found


def _about(proposal: Proposal) -> dict[str, Any]:
    return {"proposal": proposal.id, "account": proposal.account, "username": proposal.username}


def _approve(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = RightApprove.model_validate(command.data)
    proposal = _waiting(state, data.proposal, context)
    if context.account.id != SYSTEM and not may_decide(state, context.account, proposal, context.tree):
        raise Refusal("forbidden", "a second person agrees, who neither proposed this nor gets it")
    found = state.parts.read(Accounts).by_id.get(proposal.account)
    before = (proposal.was_role, proposal.was_center, proposal.was_cleared)
    if found is None or (found.role, found.center, found.cleared) != before:
        raise Refusal("wrong_state", "the account is another one by now", "proposal")
    if proposal.center not in context.tree:
        raise Refusal("wrong_state", "the center is gone", "proposal")
    asked = proposal.new or proposal.password
    until = to_wire(context.now + GRANT_FOR) if asked else None
    approved = Draft(
        "right.approved", None, {**_about(proposal), "password_until": until, "reason": data.reason}, (HOUSE,)
    )
    if proposal.password:
        return [approved]
    if proposal.new:
        enabled = {"account": found.id, "username": found.username}
        return [approved, Draft("account.enabled", None, enabled, (HOUSE,))]
    changed = replace(found, role=proposal.role, center=proposal.center, cleared=proposal.cleared)
    return [approved, changed_draft(found, changed)]


def _reject(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = RightReject.model_validate(command.data)
    proposal = _waiting(state, data.proposal, context)
    own = context.account.id in (SYSTEM, proposal.by)
    if not own and not may_decide(state, context.account, proposal, context.tree):
        raise Refusal("forbidden", "this is not yours to decide")
    return [Draft("right.rejected", None, {**_about(proposal), "reason": data.reason}, (HOUSE,))]


def _new_waits(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Accounts that were made in a far-reaching role wait, disabled, until somebody agrees."""
    if context.account.id == SYSTEM or not policy_of(state).approval.rights:
        return []
    drafts = []
    for each in draft.data["accounts"]:
        if each["role"] in FAR_REACHING:
            made = Account(each["account"], each["username"], each["name"], each["role"], each["center"])
            named = {"account": made.id, "username": made.username}
            drafts.append(Draft("account.disabled", None, named, (HOUSE,)))
            drafts.append(proposed(made, made, context, "", new=True))
    return drafts


def _lapse(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Of an account that is no more, nothing waits."""
    waiting = state.parts.read(Proposals).of(draft.data["account"])
    return [] if waiting is None else [Draft("right.lapsed", None, _about(waiting), (HOUSE,))]


def _waits(state: HubState, entry: Entry) -> None:
    data = dict(entry.data)
    id = data.pop("proposal")
    row = Proposal.model_validate({**data, "id": id, "by": entry.actor.account, "at": to_wire(entry.at)})
    state.parts.edit(Proposals).open[id] = row


def _approved(state: HubState, entry: Entry) -> None:
    proposal = state.parts.read(Proposals).open.get(entry.data["proposal"])
    until = entry.data.get("password_until")
    if proposal is not None and until is not None:
        grant = Grant(by=proposal.by, role=proposal.role, center=proposal.center, until=until)
        state.parts.edit(Proposals).grants[proposal.account] = grant
    _over(state, entry, "approved")


def _rejected(state: HubState, entry: Entry) -> None:
    found = state.parts.read(Proposals).open.get(entry.data["proposal"])
    own = found is not None and found.by == entry.actor.account
    _over(state, entry, "taken_back" if own else "rejected")


def _lapsed(state: HubState, entry: Entry) -> None:
    _over(state, entry, "lapsed")


def _over(state: HubState, entry: Entry, outcome: Outcome) -> None:
    proposals = state.parts.edit(Proposals)
    found = proposals.open.pop(entry.data["proposal"], None)
    if found is None:
        return
    by = entry.actor.account
    decider = state.parts.read(Accounts).by_id.get(by)
    decided = Decided(
        **found.model_dump(),
        outcome=outcome,
        decided_by=by,
        decided_by_name=decider.name if decider is not None else "",
        decided_at=to_wire(entry.at),
        decided_reason=entry.data.get("reason", ""),
    )
    proposals.decided = [*proposals.decided[1 - KEPT_DECIDED :], decided]


def _entry(kind: str, schema: type[Wire], apply: Any) -> EntryRule:
    return EntryRule(kind, schema, apply, reads="account.read", subject=DIRECTORY, house=True)


RULES = RuleFile(
    "rights",
    commands=(
        CommandRule("right.propose", RightPropose, _propose, meeting="never"),
        CommandRule("right.approve", RightApprove, _approve, meeting="never", owner=True),
        CommandRule("right.reject", RightReject, _reject, meeting="never", owner=True),
    ),
    entries=(
        _entry("right.proposed", RightProposed, _waits),
        _entry("right.approved", RightApproved, _approved),
        _entry("right.rejected", RightRejected, _rejected),
        _entry("right.lapsed", RightLapsed, _lapsed),
    ),
    follows={"account.created": _new_waits, "account.deleted": _lapse},
)
