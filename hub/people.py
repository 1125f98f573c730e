"""People: every account as the journal has it. Rules of all kinds look here whom an id means."""

from __future__ import annotations

from pydantic import Field

from hub.directory.accounts import Account
from hub.parts import Part


class Accounts(Part):
    """Every account."""

    by_id: dict[str, Account] = Field(default_factory=dict)
    ids: dict[str, str] = Field(default_factory=dict)
    """User name -> id."""
    begun: bool = False
    """Whether there ever was one: a hub is set up once."""

    def put(self, account: Account) -> None:
        """An account as it is from now on."""
        self.begun = True
        before = self.by_id.get(account.id)
        if before is not None:
            del self.ids[before.username]
        self.by_id[account.id] = account
        self.ids[account.username] = account.id

    def drop(self, account: str) -> None:
        """There is no such account any more."""
        before = self.by_id.pop(account, None)
        if before is not None:
            del self.ids[before.username]
