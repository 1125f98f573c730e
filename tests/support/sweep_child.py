"""A hub's edge with a sweep, in a process of its own, to be killed: ``python -m tests.support.sweep_child FOLDER``.

The first time it makes people, households and a sweep; each time it says where it listens, and who walks which rows with which
token, in one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.support.edge import running_edge
from tests.support.swept import City


async def serve(folder: Path) -> None:
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
        print(json.dumps({"url": edge.url, **json.loads(told.read_text())}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
