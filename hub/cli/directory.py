"""The directory for one command of the command line: changed by the running hub, or here while none runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from hub.clock import system_clock
from hub.config import Config
from hub.errors import Refusal
from hub.ids import new_id
from hub.journal.ports import StoreBroken, StoreBusy, StoreLost
from hub.keeping import Keeping
from hub.owner import give_to_running_hub
from hub.store.accounts_store import AccountStore
from hub.store.database import Database, open_database
from hub.store.unadopted import UnadoptedStore

Data = dict[str, Any]


class Directory:
    """Accounts to be read and to be changed. The journal is taken at the first change, and given back at the end."""

    def __init__(self, settings: Config, database: Database, stack: AsyncExitStack) -> None:
        self.accounts = AccountStore(database)
        self._settings = settings
        self._database = database
        self._stack = stack
        self._keeping: Keeping | None = None
        self._hub_runs = False

    async def take_over(self) -> None:
        """Have the journal tell of what an older version left in the directory, if nobody has yet."""
        found = await UnadoptedStore(self._database).load()
        if found.accounts or found.centers:
            await self._take()

    async def give(self, kind: str, data: Data) -> Sequence[Data]:
        """Give a command as the hub's owner; what the entries hold that it made. Raises Refusal."""
        id = f"owner-{new_id('s', system_clock())}"
        await self._take()
        if self._keeping is not None:
            return [dict(entry.data) for entry in await self._keeping.give(kind, data, id)]
        return [entry["data"] for entry in await give_to_running_hub(self._settings, id, kind, data)]

    async def _take(self) -> None:
        """Take the journal, unless it is taken: then a hub runs."""
        if self._keeping is not None or self._hub_runs:
            return
        keeping = Keeping(self._settings, self._database, system_clock)
        try:
            await keeping.start()
        except StoreBusy:
            self._hub_runs = True
            return
        self._stack.push_async_callback(keeping.stop)
        self._keeping = keeping


def with_directory(settings: Config, work: Callable[[Directory], Awaitable[int]]) -> int:
    """Run `work` with the directory of this hub's database; its exit code. What is refused is said in one line."""

    async def run() -> int:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = open_database(settings.database_url)
        try:
            async with AsyncExitStack() as stack:
                directory = Directory(settings, database, stack)
                await directory.take_over()
                return await work(directory)
        except (Refusal, StoreBroken, StoreLost) as problem:
            print(f"hub: {problem}", file=sys.stderr)
            return 1
        finally:
            await database.close()

    return asyncio.run(run())
