"""Policies: what the security administrator demands of passwords, sign-ins and sessions, for the whole hub.

| command | refused with |
|---|---|
| `policy.change` | `forbidden`, `invalid` (nothing to change, a role twice), `not_found` (approver), `conflict` (no approver) |

A policy holds from the moment its entry is written: whoever asks (`policy_of`) gets the one of now. It is changed by a security
administrator whose subtree holds every root of the directory, or by the hub's owner at the command line.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.clock import to_wire
from hub.directory.accounts import SECURITY_ADMIN
from hub.directory.permissions import may
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.house.parts import DIRECTORY, Accounts
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Role, Wire
from hub.state import HubState

#: Roles of those who look after the house: their sessions end early unless a policy says otherwise.
_GUARDED: Final[tuple[Role, ...]] = ("system_admin", "security_admin", "audit_admin")


class PasswordPolicy(Wire):
    """What a password that somebody chooses must be."""

    shortest: int = Field(default=10, ge=8, le=64)
    """Characters at least."""
    classes: int = Field(default=1, ge=1, le=4)
    """Of small letters, capital letters, digits and other characters at least so many."""
    common: bool = True
    """Whether what everybody tries first is refused."""
    history: int = Field(default=0, ge=0, le=12)
    """The last so many passwords of an account are not taken again."""
    days: int = Field(default=0, ge=0, le=3650)
    """After so many days another one is asked for at the next sign-in; 0: never."""


class SlowingPolicy(Wire):
    """After how many mistakes the next sign-in has to wait, 1, 2, 4 … seconds up to the longest."""

    place: int = Field(default=5, ge=1, le=100)
    """Mistakes of one name at one place."""
    name: int = Field(default=20, ge=3, le=1000)
    """Mistakes of one name everywhere together."""
    address: int = Field(default=100, ge=5, le=10_000)
    """Mistakes of one address with any names; a whole county may stand behind it."""
    forgive_s: int = Field(default=300, ge=10, le=86_400)
    """Seconds in which one mistake of a name at a place is forgotten."""
    longest_s: int = Field(default=300, ge=10, le=3600)
    """The longest wait of a name at a place, in seconds."""


class SessionPolicy(Wire):
    """How long sign-ins of one role last."""

    role: Role
    """Whose."""
    hours: int = Field(default=0, ge=0, le=8760)
    """Hours after which a sign-in ends, used or not; 0: as long as it is used."""
    idle_minutes: int = Field(default=0, ge=0, le=1440)
    """Minutes without anything done by a person after which it ends; 0: only after HUB_SESSION_DAYS without use."""


class LockPolicy(Wire):
    """When a desk covers itself and asks for the password."""

    minutes: int = Field(default=0, ge=0, le=240)
    """Minutes without key or pointer; 0: never."""
    sound: bool = True
    """Whether a running meeting is heard while the desk is locked."""


class ApprovalPolicy(Wire):
    """Whether far-reaching rights need a second person."""

    rights: bool = False
    """Whether giving them waits for an approval."""
    approver: str | None = Field(default=None, max_length=20)
    """An account that may approve besides security administrators."""


def _usual_sessions() -> list[SessionPolicy]:
    return [SessionPolicy(role=role, hours=12, idle_minutes=30) for role in _GUARDED]


class Policy(Wire):
    """All of it, as it holds."""

    password: PasswordPolicy = PasswordPolicy()
    """Of passwords that people choose."""
    slowing: SlowingPolicy = SlowingPolicy()
    """Of guessing."""
    second_factor: list[Role] = Field(default_factory=list)
    """Roles that sign in with a code of their phone as well."""
    sessions: list[SessionPolicy] = Field(default_factory=_usual_sessions)
    """How long sign-ins last, by role; roles that are missing have no end of their own."""
    most_sessions: int = Field(default=0, ge=0, le=100)
    """Sign-ins an account may have at the same time, the oldest ends; 0: as many as it likes."""
    lock: LockPolicy = LockPolicy()
    """Of desks that nobody sits at."""
    approval: ApprovalPolicy = ApprovalPolicy()
    """Of rights."""

    def of_role(self, role: str) -> SessionPolicy | None:
        """How long sign-ins of this role last; None: no end of their own."""
        return next((each for each in self.sessions if each.role == role), None)


class PolicyChange(CommandData):
    """Change policies: what is null stays as it is."""

    password: PasswordPolicy | None = None
    """Of passwords that people choose."""
    slowing: SlowingPolicy | None = None
    """Of guessing."""
    second_factor: list[Role] | None = Field(default=None, max_length=7)
    """Roles that sign in with a code as well: all of them."""
    sessions: list[SessionPolicy] | None = Field(default=None, max_length=7)
    """How long sign-ins last: for all roles."""
    most_sessions: int | None = Field(default=None, ge=0, le=100)
    """Sign-ins an account may have at the same time; 0: as many as it likes."""
    lock: LockPolicy | None = None
    """Of desks that nobody sits at."""
    approval: ApprovalPolicy | None = None
    """Of rights."""


class PolicyChanged(Wire):
    """The policies are these from now on."""

    policy: Policy
    was: Policy


#: As the hub comes. Every request asks: it is shared, not copied, since nobody can change it.
_USUAL: Final = Policy()


class Policies(Part):
    """The policies, since when and by whom; as the hub comes until somebody changes them."""

    policy: Policy = Field(default_factory=lambda: _USUAL)
    changed_at: str | None = None
    by: str | None = None


def policy_of(state: HubState) -> Policy:
    """The policies of now."""
    return state.parts.read(Policies).policy


def reaches_all(context: Context, action: str) -> bool:
    """Whether the asker may do this to the whole directory: about each of its roots."""
    roots = context.tree.roots
    return bool(roots) and all(may(context.account, action, context.tree, root.code) for root in roots)


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    if context.account.id != SYSTEM and not reaches_all(context, "policy.manage"):
        raise Refusal("forbidden", "policies are those of the security administrator of the whole hub")
    data = PolicyChange.model_validate(command.data)
    given = {name: value for name in PolicyChange.model_fields if (value := getattr(data, name)) is not None}
    if not given:
        raise Refusal("invalid", "say what is to be changed")
    for name, roles in (("second_factor", data.second_factor), ("sessions", data.sessions)):
        listed = [each if isinstance(each, str) else each.role for each in roles or ()]
        if len(listed) != len(set(listed)):
            raise Refusal("invalid", "a role stands there once", name)
    was = policy_of(state)
    policy = was.model_copy(update=given)
    if policy == was:
        return []
    if data.approval is not None and data.approval.rights:
        _require_approvers(state, data.approval, context)
    told = {"policy": policy.model_dump(mode="json"), "was": was.model_dump(mode="json")}
    return [Draft("policy.changed", None, told, (HOUSE,))]


def _require_approvers(state: HubState, approval: ApprovalPolicy, context: Context) -> None:
    """Raises Refusal unless somebody but the asker could approve: else nobody would get a right any more."""
    known = state.parts.read(Accounts).by_id
    if approval.approver is not None:
        approver = known.get(approval.approver)
        if approver is None or approver.disabled:
            raise Refusal("not_found", "there is no such account", "approval.approver")
        if approver.id != context.account.id:
            return
    others = (
        each
        for each in known.values()
        if each.role == SECURITY_ADMIN and not each.disabled and each.id != context.account.id
    )
    if next(others, None) is None:
        raise Refusal(
            "conflict", "name somebody who approves: there is no other security administrator", "approval"
        )


def _changed(state: HubState, entry: Entry) -> None:
    policies = state.parts.edit(Policies)
    policies.policy = Policy.model_validate(entry.data["policy"])
    policies.changed_at = to_wire(entry.at)
    policies.by = entry.actor.account


RULES = RuleFile(
    "policies",
    commands=(CommandRule("policy.change", PolicyChange, _change, meeting="never", owner=True),),
    entries=(
        EntryRule(
            "policy.changed", PolicyChanged, _changed, reads="audit.read", subject=DIRECTORY, house=True
        ),
    ),
)
