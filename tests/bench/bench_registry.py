"""A city in the registry: ``python -m tests.bench.bench_registry [--households 1600000]``. Prints JSON.

Made-up households (30 to 50 a grid, in grids of the real villages) are written straight into the store, sealed and marked, on
SQLite; then cards of grids are read as a phone's first sync reads them, somebody is looked for by number, and by how the name
sounds in a village, and numbers are added up by village. The counts kept by grid are held against a recount.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hub.clock import system_clock
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.grids.likeness import Wanted, alike
from hub.grids.registry import Counts
from hub.grids.registry_sealing import RegistryKey
from hub.store import tables
from hub.store.database import open_database
from hub.store.registry_made import grid_codes, write_made
from hub.store.registry_store import RegistryStore
from tests.bench.live import percentiles

#: Households of a grid on average, as they are made up.
EACH = 42
TRIES = 200


async def timed(what: str, tries: int, ask: Callable[[], Awaitable[Any]]) -> dict[str, float]:
    """How long it takes, in milliseconds."""
    took: list[float] = []
    for _ in range(tries):
        begun = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - begun) * 1000)
    found = percentiles(took)
    return {f"{what}_{name}": found[name] for name in ("p50_ms", "p95_ms")}


async def measured(folder: Path, households: int) -> dict[str, Any]:
    """The figures of a city of so many households."""
    tree = CenterTree(yueyang_centers())
    villages = [each.code for each in tree.subtree(tree.roots[0].code) if each.level == "village"]
    grids = list(grid_codes(villages, max(1, round(households / EACH / len(villages)))))
    path, key, chance = (
        folder / "hub.db",
        RegistryKey(b"a key of measurements, kept nowhere"),
        random.Random(7),
    )
    database = open_database(f"sqlite:///{path}")
    try:
        begun = time.perf_counter()
        made, persons = write_made(database, key, [(grid, None) for grid in grids])
        wrote = time.perf_counter() - begun
        store = RegistryStore(database, key, system_clock)
        some = (await store.in_grids([chance.choice(grids)]))[0].persons[0]

        async def find_by_sound() -> None:
            alike(Wanted(some.name, birth=some.birth), await store.in_village(chance.choice(villages)))

        async def find_marked(mark: str) -> None:
            await store.marked([mark], 20)

        figures = {
            "households": made,
            "persons": persons,
            "grids": len(grids),
            "write_s": round(wrote, 1),
            "households_s": round(made / wrote),
            "bytes": path.stat().st_size,
            **await timed("cards", TRIES, lambda: store.households_of([chance.choice(grids)])),
            **await timed("number", TRIES, lambda: find_marked(key.number_mark(some.number))),
            **await timed("alike", 20, find_by_sound),
            **await timed("sums", 20, store.village_sums),
        }
        kept = sum((await store.sums()).values(), Counts())
        with database.reading() as connection:
            live = tables.households.c
            counted = connection.execute(
                sa.select(sa.func.count(), sa.func.sum(live.persons)).where(live.state == "here")
            ).one()
        figures["recount"] = (kept.households, kept.persons) == tuple(counted) == (made, persons)
        return figures
    finally:
        await database.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_600_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({"registry": [asyncio.run(measured(Path(folder), arguments.households))]}))


if __name__ == "__main__":
    main()
