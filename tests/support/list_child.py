"""A hub's edge with a list of people to be looked for, in a process of its own, to be killed. Few rows make one transaction.

The first time it makes people, households and a list that was given out; each time it says where it listens, and the token.
"""

from __future__ import annotations

import asyncio
import json
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Final

from hub.grids.made_up import MadePerson, made_grid
from signaling import app as application
from signaling.list_matching import ListMatcher
from tests.inproc.test_clearings import bring
from tests.support import sweep_child
from tests.support.edge import running_edge
from tests.support.swept import HOUSEHOLDS, City

#: Rows that the hub writes at a time.
PIECE: Final = 4
ROWS: Final = 320
COLUMNS: Final = ["id", "personal", "personal", "center"]


def people() -> list[tuple[MadePerson | None, str, str | None]]:
    """Of each row who it is about, the village, and the grid in which he lives: None for nobody known."""
    there = [
        (person, grid)
        for at, (grid, count) in enumerate(HOUSEHOLDS)
        for home in made_grid(3, grid, at, count).households
        for person in home.persons
        if person.number
    ]
    rows = [
        (None, there[at % len(there)][1][:12], None) if at % 9 == 0 else (person, grid[:12], grid)
        for at in range(ROWS)
        for person, grid in (there[at % len(there)],)
    ]
    return sorted(rows, key=lambda each: each[1])


def begun(folder: Path) -> tuple[ForkServerProcess, dict[str, Any]]:
    """A hub that has begun on this folder, and what it says."""
    return sweep_child.begun(folder, _live)


def _live(folder: Path, says: Connection) -> None:
    vars(application)["ListMatcher"] = lambda services: ListMatcher(services, PIECE)
    asyncio.run(_serve(folder, says))


async def _serve(folder: Path, says: Connection) -> None:
    """Until it is killed."""
    told = folder / "told.json"
    async with running_edge(folder) as edge:
        if not told.exists():
            city = City(edge)
            await city.begin()
            lines = [
                ",".join((person.number, person.name, "", village) if person else ("", "诸葛某", "", village))
                for person, village, _ in people()
            ]
            content = "\r\n".join(["身份证号,姓名,联系电话,所属村", *lines]).encode()
            clearing = await bring(city.desk, content, columns=COLUMNS)
            await city.desk.command("clearing.issue", clearing=clearing)
            told.write_text(json.dumps({"clearing": clearing, "token": city.desk.token}))
        says.send({"url": edge.url, **json.loads(told.read_text())})
        await asyncio.Event().wait()
