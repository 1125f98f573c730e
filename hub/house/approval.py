"""What of a right needs a second person, what waits for one, and who may give whom a one-time password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import Field

from hub.clock import to_wire
from hub.directory.accounts import ADMINISTRATORS, DISPATCHER, GRID_ROLES, LEADER, STATION, Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.parts import Part, Row
from hub.shapes import Role
from hub.state import HubState

#: Roles that convene, command, or look after the house.
FAR_REACHING: Final = (LEADER, DISPATCHER, *ADMINISTRATORS)
#: Decisions that are kept to be looked at; all of them stand in the audit.
KEPT_DECIDED: Final = 200
#: What became of a proposal: agreed to, refused, taken back by who made it, or its account was deleted.
Outcome = Literal["approved", "rejected", "taken_back", "lapsed"]


#: How long a one-time password may be given after a second person agreed.
GRANT_FOR: Final = timedelta(days=7)


class Proposal(Row):
    """A right that somebody is to have, or a one-time password, once a second person agrees."""

    id: str
    account: str
    username: str
    name: str
    role: Role
    """As it would be."""
    center: str
    was_role: Role
    was_center: str
    new: bool
    """Whether the account was just made, and is disabled until then."""
    reason: str
    by: str
    """Account id of who proposed it."""
    by_name: str
    at: str
    password: bool = False
    """Whether a one-time password is asked for; role and center stay."""
    cleared: bool = False
    """Whether it would be cleared for secret things."""
    was_cleared: bool = False


class Grant(Row):
    """That somebody may give an account one one-time password."""

    by: str
    """Account id of who asked, and may."""
    role: Role
    center: str
    """As they were when it was agreed to: for another role or center it counts no more."""
    until: str


class Decided(Proposal):
    """A proposal that nobody waits for any more, and what became of it."""

    outcome: Outcome
    decided_by: str
    """Account id."""
    decided_by_name: str
    """Empty: the hub's owner, at the command line."""
    decided_at: str
    decided_reason: str
    """In the words of who decided."""


class Proposals(Part):
    """What waits for approval, by id; what was agreed to and is still to be done; the last that was decided, oldest first."""

    open: dict[str, Proposal] = Field(default_factory=dict)
    grants: dict[str, Grant] = Field(default_factory=dict)
    """One-time passwords that were agreed to and not yet given, by account."""
    decided: list[Decided] = Field(default_factory=list)

    def of(self, account: str) -> Proposal | None:
        """What waits for this account."""
        return next((each for each in self.open.values() if each.account == account), None)


def reaches_further(before: Account, after: Account, tree: CenterTree) -> bool:
    """Whether an account may do or know more after a change: another far-reaching role, a subtree that is not within the old
    one, or clearance."""
    if after.cleared and not before.cleared:
        return True
    if after.role != before.role and after.role in FAR_REACHING:
        return True
    if after.role in (STATION, *GRID_ROLES) or after.center == before.center:
        return False
    return not tree.contains(before.center, after.center)


def password_right(
    state: HubState, asker: Account, found: Account, tree: CenterTree, now: datetime
) -> Literal["give", "ask"] | None:
    """Whether the asker may give this account a one-time password, or has to ask for it; None: neither.

    For who convenes, commands, looks after the house or is cleared for secret things a second person agrees first, whatever the
    policy says: a password is all that such an account may do. Nobody does it to himself.
    """
    if asker.id == found.id or not may(asker, "account.manage", tree, found.center):
        return None
    if found.role not in FAR_REACHING and not found.cleared:
        return "give"
    grant = state.parts.read(Proposals).grants.get(found.id)
    good = (
        grant is not None
        and (grant.by, grant.role, grant.center) == (asker.id, found.role, found.center)
        and to_wire(now) < grant.until
    )
    return "give" if good else "ask"
