"""Accounts as values: who signs in, in which role, for which center."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from hub.entry import SYSTEM

LEADER: Final = "leader"
DISPATCHER: Final = "dispatcher"
STATION: Final = "station"
CLERK: Final = "clerk"
SYSTEM_ADMIN: Final = "system_admin"
SECURITY_ADMIN: Final = "security_admin"
AUDIT_ADMIN: Final = "audit_admin"
#: Who answers for grids of a village (网格长), and who walks them (网格员): they see their grids and convene nothing.
GRID_LEADER: Final = "grid_leader"
GRID_MEMBER: Final = "grid_member"
#: Every role a person's account can have.
ROLES: Final = (
    LEADER,
    DISPATCHER,
    STATION,
    CLERK,
    SYSTEM_ADMIN,
    SECURITY_ADMIN,
    AUDIT_ADMIN,
    GRID_LEADER,
    GRID_MEMBER,
)
#: Those who look after the house and convene nothing.
ADMINISTRATORS: Final = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN)
#: Those who work in the grids of their village.
GRID_ROLES: Final = (GRID_LEADER, GRID_MEMBER)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in. The password's hash never leaves the store."""

    #: `a_…`, the participant's id in every meeting.
    id: str
    #: What is typed at sign-in; unique.
    username: str
    #: What others read.
    name: str
    #: One of ROLES.
    role: str
    #: The code of the center it belongs to.
    center: str
    #: A disabled account can do nothing; its past stays.
    disabled: bool = False
    #: Whether it may know of secret things, as far as its role lets it see them (`hub.directory.secrecy`).
    cleared: bool = False

    def __deepcopy__(self, memo: object) -> Account:
        return self


@dataclass(frozen=True, slots=True)
class SignIn:
    """When somebody signed in, and from where: what the next sign-in is shown, so that a foreign one is noticed."""

    at: datetime
    #: The network address, as far as the hub knows it.
    address: str


@dataclass(frozen=True, slots=True)
class TokenStanding:
    """What stands behind a token that is in use: looked at again and again, so that what was withdrawn ends."""

    account: Account
    expires_at: datetime
    #: A piece of the password's hash, which is another one with another password; opens nothing.
    password_mark: str = field(repr=False)
    #: When it began, and when a person last did something in it; None where that is not known.
    begun_at: datetime | None = None
    seen_at: datetime | None = None
    #: What has to be done in it before anything else.
    needs: Need | None = None


#: What a sign-in is good for alone, until it is done: getting a second factor, or another password.
Need = Literal["second_factor", "password"]


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A sign-in of an account, as its owner and the security administrator see it."""

    #: The first digits of its token's digest; opens nothing.
    id: str
    account: str
    begun_at: datetime
    seen_at: datetime
    expires_at: datetime
    #: Where it was begun, and in what; empty where that is not known.
    address: str
    agent: str
    needs: Need | None


#: The actor of the hub's own commands (`recording.part_open` …). Nobody can sign in as it.
SYSTEM_ACCOUNT: Final = Account(SYSTEM, SYSTEM, "hub", SYSTEM, "", cleared=True)
