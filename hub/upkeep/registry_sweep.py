"""The registry forgets: who left is kept for a set time, then told to the journal by id and deleted, row, salt and marks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from hub.clock import Clock
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.registry import Forgettable
from hub.ids import new_id
from hub.rules import parse_data

#: Pause between two rounds: what is due stays a day longer at most.
EVERY_S: Final = 3600.0
#: Households and persons of one round, and of one entry; those of the last household may come on top.
PIECE: Final = 200

log = logging.getLogger(__name__)


class ForgettingRows(Protocol):
    """The registry: hub.store.registry_store.RegistryStore. Everything raises Refusal."""

    async def forgettable(self, before: datetime, limit: int) -> Forgettable: ...
    async def forget(self, what: Forgettable, before: datetime) -> None: ...


class Teller(Protocol):
    """The journal's writer."""

    async def submit(self, command: Command, account: Account) -> Any: ...


@dataclass
class RegistrySweep:
    """One for a hub. `run` until cancelled."""

    rows: ForgettingRows
    writer: Teller
    clock: Clock
    days: int
    sleep: Callable[[float], Any] = asyncio.sleep

    async def run(self) -> None:
        """Forget, until cancelled."""
        while True:
            try:
                while await self.once():
                    pass
            except Refusal as refusal:
                log.warning("the registry could not forget who left: %s", refusal.message)
            await self.sleep(EVERY_S)

    async def once(self) -> bool:
        """One round; whether there may be more. Raises Refusal."""
        now = self.clock()
        before = now - timedelta(days=self.days)
        due = await self.rows.forgettable(before, PIECE)
        if not due.is_some:
            return False
        persons = [person for some in due.persons.values() for person in some]
        data = {
            "households": due.households,
            "persons": persons,
            "versions": due.versions,
            "days": self.days,
        }
        kind = "registry.note_deleted"
        command = Command(f"registry-{new_id('s', now)}", kind, None, parse_data(kind, data))
        await self.writer.submit(command, SYSTEM_ACCOUNT)
        await self.rows.forget(due, before)
        return True
