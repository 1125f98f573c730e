"""Opening the directory's stores for one command of the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hub.config import Config
from hub.store.accounts_store import AccountStore
from hub.store.centers_store import CenterStore
from hub.store.database import open_database


def with_directory(settings: Config, work: Callable[[AccountStore, CenterStore], Awaitable[int]]) -> int:
    """Run `work` with the stores of this hub's database; its exit code."""

    async def run() -> int:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = open_database(settings.database_url)
        try:
            return await work(AccountStore(database), CenterStore(database))
        finally:
            await database.close()

    return asyncio.run(run())
