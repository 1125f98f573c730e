"""What of a right needs a second person, and what waits for one."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.directory.accounts import ADMINISTRATORS, DISPATCHER, LEADER, STATION, Account
from hub.directory.tree import CenterTree
from hub.parts import Part, Row
from hub.shapes import Role

#: Roles that convene, command, or look after the house.
FAR_REACHING: Final = (LEADER, DISPATCHER, *ADMINISTRATORS)


class Proposal(Row):
    """A right that somebody is to have, once a second person agrees."""

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


class Proposals(Part):
    """What waits for approval, by id."""

    open: dict[str, Proposal] = Field(default_factory=dict)

    def of(self, account: str) -> Proposal | None:
        """What waits for this account."""
        return next((each for each in self.open.values() if each.account == account), None)


def reaches_further(before: Account, after: Account, tree: CenterTree) -> bool:
    """Whether an account may do more after a change: another far-reaching role, or a subtree that is not within the old one."""
    if after.role != before.role and after.role in FAR_REACHING:
        return True
    if after.role == STATION or after.center == before.center:
        return False
    return not tree.contains(before.center, after.center)
