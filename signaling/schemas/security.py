"""Bodies and answers about ways in: the second step, one's own second factor, sessions, policies, rights, the first start."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.fields import CenterCode
from hub.house.accounts import Word
from hub.house.approval import Outcome
from hub.house.policies import LockPolicy, PasswordPolicy, Policy, SessionPolicy
from hub.shapes import Role, Wire

Need = TypeAliasType("Need", Literal["second_factor", "password"])


class SecondStepAsked(Wire):
    """The password is right; the code of the second factor is wanted, too."""

    challenge: str
    """To be sent with the code."""
    expires_at: str
    """Until then."""


class SecondFactorWanted(Wire):
    """The answer (202) to a sign-in of an account that has a second factor."""

    second_factor: SecondStepAsked


class SecondStep(Wire):
    """The code of a second factor, after the password."""

    challenge: str = Field(max_length=512)
    code: str = Field(max_length=64)
    """Six digits of now, or a code for bad days."""


class FactorBegin(Wire):
    """Begin with a second factor, or with another one."""

    password: str = Field(max_length=256)
    """The present one."""
    code: str | None = Field(default=None, max_length=64)
    """Of the second factor that there is, where there is one."""


class QrCode(Wire):
    """A QR code: the dark squares as one SVG path in a box of `size` by `size`."""

    size: int
    path: str


class FactorBegun(Wire):
    """What a phone needs to make codes; told once."""

    secret: str
    uri: str
    """`otpauth://…`, as the QR code has it."""
    qr: QrCode


class Code(Wire):
    """A code of the second factor."""

    code: str = Field(max_length=64)


class RecoveryCodes(Wire):
    """Codes for bad days, each good once; told once."""

    recovery_codes: list[str]
    needs: Need | None
    """What is left to be done under this token before anything else."""


class FactorState(Wire):
    """How it stands with one's own second factor."""

    enrolled_at: str | None
    recovery_left: int
    required: bool
    """Whether the policy asks for one in one's role."""


class Unlock(Wire):
    """Who is back at a locked desk."""

    password: str = Field(max_length=256)


class Session(Wire):
    """A sign-in of an account."""

    id: str
    begun_at: str
    seen_at: str
    """When a person last did something in it."""
    ends_at: str
    """When it ends if nobody does anything more."""
    address: str
    """Where it was begun; empty: unknown."""
    agent: str
    """In what, in words; empty: unknown."""
    own: bool
    """Whether it is the one in which this is asked."""


class Sessions(Wire):
    """Sign-ins of one account, the newest first."""

    sessions: list[Session]


class OwnPolicy(Wire):
    """What is demanded of oneself."""

    password: PasswordPolicy
    lock: LockPolicy
    second_factor: bool
    """Whether one's role signs in with a code as well."""
    session: SessionPolicy | None
    """How long sign-ins of one's role last; null: no end of their own."""


class Policies(Wire):
    """The policies: what concerns oneself, and for the security and the audit administrator all."""

    own: OwnPolicy
    all: Policy | None
    usual: Policy | None
    """As the hub comes; null where `all` is."""
    changed_at: str | None
    """Null: they are as the hub came, or not for one to read."""
    by: str | None
    """Name of who changed them last."""
    approver: str | None
    """Name of the account that approves rights besides security administrators."""


class OfRight(Wire):
    """Base of rights that were proposed."""

    id: str
    account: str
    username: str
    name: str
    role: Role
    center: str
    center_name: str
    was_role: Role
    was_center: str
    was_center_name: str
    new: bool
    """Whether the account was just made."""
    password: bool
    """Whether a one-time password is asked for: role and center stay as they are."""
    cleared: bool
    """Whether it would be cleared for secret things."""
    was_cleared: bool
    reason: str
    by_name: str
    at: str
    own: bool
    """Whether one proposed it oneself."""


class WaitingRight(OfRight):
    """A right that waits for a second person."""

    may_decide: bool


class DecidedRight(OfRight):
    """A right that nobody waits for any more."""

    outcome: Outcome
    decided_by_name: str
    """Empty: the hub's owner, at the command line."""
    decided_at: str
    decided_reason: str


class Rights(Wire):
    """What waits, the oldest first, and what was decided, the newest first and the last ones only."""

    rights: list[WaitingRight]
    decided: list[DecidedRight]


class GuardedAccount(Wire):
    """An account as the security administrator sees it."""

    id: str
    username: str
    name: str
    role: Role
    center: str
    center_name: str
    disabled: bool
    cleared: bool
    """Whether it may know of secret things."""
    second_factor: bool
    """Whether it has one."""
    sessions: int
    slowed_s: int | None
    """Seconds that sign-ins of it have to wait somewhere; null: they need not."""
    waits: bool
    """Whether a right of it waits for approval."""


class GuardedAccounts(Wire):
    """Accounts by user name; `next` is the `after` of the following page."""

    accounts: list[GuardedAccount]
    total: int
    next: str | None


class RoleFactors(Wire):
    """Accounts of one role that are not disabled, and how many of them have a second factor."""

    role: Role
    accounts: int
    having: int
    required: bool
    """Whether the policy asks for one in this role."""


class Factors(Wire):
    """Second factors by role, of the accounts that one guards."""

    roles: list[RoleFactors]


class FirstAdministrator(Wire):
    """One of the three, with a password of his own."""

    username: Word
    name: Word
    password: str = Field(max_length=256)


class TopCenter(Wire):
    """The center at the top."""

    code: CenterCode
    name: str = Field(min_length=1, max_length=100)


class FirstStart(Wire):
    """The three administrators, and the center at the top where there is none yet."""

    code: str = Field(max_length=64)
    """The set-up code that the hub printed on its machine."""
    root: TopCenter | None = None
    system: FirstAdministrator
    security: FirstAdministrator
    audit: FirstAdministrator


class FirstStartState(Wire):
    """Whether the hub waits to be set up; the rest is told only then."""

    needed: bool
    root: TopCenter | None
    """The center at the top, where there is one."""
    password: PasswordPolicy | None
