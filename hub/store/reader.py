"""What all that reads the journal shares: one consistent, committed state a call, and what an account may see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from hub.clock import Clock, system_clock
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.store.database import Database
from hub.store.sight import Sight

T = TypeVar("T")


class Reader:
    """Reads of one database."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def _sight(self, account: Account, tree: CenterTree) -> Sight:
        return Sight(account, tree, self._database.engine.dialect.name)

    async def _read(self, work: Callable[[sa.Connection], T]) -> T:
        return await self._database.read(work)
