"""A hub's edge with a sweep, in a process of its own, to be killed. One process imports it all and splits for each life.

The first time it makes people, households and a sweep; each time it says where it listens, and who walks which rows with which
token.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.support.edge import running_edge
from tests.support.swept import City


def begun(
    folder: Path, live: Callable[[Path, Connection], None] | None = None
) -> tuple[ForkServerProcess, dict[str, Any]]:
    """A hub that has begun on this folder, and what it says; `live` is what it does, else what is here."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    hears, says = context.Pipe(duplex=False)
    process = context.Process(target=live or _live, args=(folder, says), daemon=True)
    process.start()
    says.close()
    if not hears.poll(120):
        raise TimeoutError("the hub does not begin")
    return process, hears.recv()


def _live(folder: Path, says: Connection) -> None:
    asyncio.run(_serve(folder, says))


async def _serve(folder: Path, says: Connection) -> None:
    """Until it is killed."""
    told = folder / "told.json"
    async with running_edge(folder) as edge:
        if not told.exists():
            city = City(edge)
            await city.begin()
            sweep = await city.open()
            walkers = []
            for who in (city.one, city.two, city.other):
                rows = [each["row"] for each in (await who.get("/api/v1/grid-work"))["rows"]]
                walkers.append({"account": who.account.id, "token": who.token, "rows": rows})
            told.write_text(json.dumps({"sweep": sweep, "walkers": walkers}))
        says.send({"url": edge.url, **json.loads(told.read_text())})
        await asyncio.Event().wait()
