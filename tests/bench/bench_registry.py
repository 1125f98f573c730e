"""A city in the registry: ``python -m tests.bench.bench_registry [--households 1600000]``. Prints JSON.

Made-up households (30 to 50 a grid, in grids of the real villages) are written straight into the store, sealed and marked, on
SQLite; then cards of grids are read as a phone's first sync reads them, somebody is looked for by number, and by how the name
sounds in a village, and numbers are added up by village. The counts kept by grid are held against a recount (`recount`: 1).
At last a list of 20,000 people, a hundred of whom are registered somewhere in the city (`import_known` of them are found), is
matched and loaded by the edge's own calls into grids of a township.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.grids.likeness import Wanted, alike
from hub.grids.registry import Counts, Person
from hub.grids.registry_forms import check_digit
from hub.store import tables
from hub.store.registry_made import grid_codes, write_made
from tests.bench.bench_lists import post
from tests.bench.bench_lists import timed as clocked
from tests.bench.live import percentiles
from tests.support import journal, rules
from tests.support.edge import Edge, running_edge
from tests.support.journal import command

#: Households of a grid on average, as they are made up.
EACH = 42
TRIES = 200
#: Of the list that is brought, so many are registered already.
KNOWN = 100
API = "/api/v1/registry"


async def timed(what: str, tries: int, ask: Callable[[], Awaitable[Any]]) -> dict[str, float]:
    """How long it takes, in milliseconds."""
    took: list[float] = []
    for _ in range(tries):
        begun = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - begun) * 1000)
    found = percentiles(took)
    return {f"{what}_{name}": found[name] for name in ("p50_ms", "p95_ms")}


def a_number(nth: int) -> str:
    """Of a region (99) that there is none of, and that no made-up city has."""
    digits = f"99{nth // 1000 % 10_000:04}19800512{nth % 1000:03}"
    return digits + check_digit(digits)


def listed(villages: list[str], names: dict[str, str], rows: int, there: list[Person]) -> bytes:
    """A list of people, three a household, some of whom are registered already, as a spreadsheet gives it out."""
    file = io.StringIO()
    sheet = csv.writer(file)
    sheet.writerow(
        ["村", "网格", "楼栋", "房号", "户号", "与户主关系", "姓名", "身份证号", "手机号", "人口类型", "备注"]
    )
    for nth in range(rows):
        household = nth // 3
        village = villages[household % len(villages)]
        number = there[nth].number if nth < len(there) else a_number(nth)
        place = (
            names[village],
            f"第{1 + household // len(villages) % 20}网格",
            f"新{household % 97}栋",
            str(household),
        )
        person = ("户主" if nth % 3 == 0 else "其他", f"某{nth}", number, "", "户籍", "")
        sheet.writerow((*place, str(household), *person))
    return file.getvalue().encode()


async def imported(edge: Edge, villages: list[str], rows: int, there: list[Person]) -> dict[str, Any]:
    """How fast a list of so many rows is matched and loaded by the edge's own calls, into grids of these villages."""
    tree = edge.services.tree
    keeper = rules.account("dispatcher", rules.CITY, number=7)
    for village in villages:
        grids = [{"grid": code, "name": f"第{int(code[-3:])}网格"} for code in grid_codes([village], 20)]
        await edge.writer.submit(command("grid.make", village=village, grids=grids), keeper)
    desk = await edge.person("dispatcher", tree[villages[0]].parent or "")
    content = listed(villages, {code: tree[code].name for code in villages}, rows, there)
    async with desk.http.post(f"{API}/drafts", data=content) as answer:
        draft = await answer.json()
        if answer.status != 201:
            raise RuntimeError(str(draft))
    columns = [column["guess"] for column in draft["columns"]]
    path = f"{API}/drafts/{draft['draft']}"
    matched_s, found = await clocked(post(desk, f"{path}/match", {"columns": columns}))

    async def loaded() -> dict[str, Any]:
        await post(desk, f"{path}/load", {"columns": columns, "leave_out": True})
        while (now := await desk.get(path))["state"] == "loading":
            await asyncio.sleep(0.2)
        return now

    loaded_s, now = await clocked(loaded())
    if now["state"] != "loaded":
        raise RuntimeError(str(now))
    return {
        "import_rows": rows,
        "import_households": found["households"],
        "import_known": found["known"],
        "import_match_s": round(matched_s, 1),
        "import_load_s": round(loaded_s, 1),
        "import_rows_s": round(rows / (matched_s + loaded_s)),
    }


async def measured(folder: Path, households: int, rows: int) -> dict[str, Any]:
    """The figures of a city of so many households."""
    tree = CenterTree(yueyang_centers())
    for module in (rules, journal):
        vars(module)["TREE"] = tree
    villages = [each.code for each in tree.subtree(rules.CITY) if each.level == "village"]
    grids = list(grid_codes(villages, max(1, round(households / EACH / len(villages)))))
    chance = random.Random(7)
    async with running_edge(folder) as edge:
        edge.services.tree = tree
        store, database = edge.services.registry, edge.database
        key = store.key
        begun = time.perf_counter()
        made, persons = await database.in_writer(
            lambda: write_made(database, key, [(grid, None) for grid in grids])
        )
        wrote = time.perf_counter() - begun
        size = (folder / "hub.db").stat().st_size
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
            "bytes": size,
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
        figures["recount"] = int((kept.households, kept.persons) == tuple(counted) == (made, persons))
        there = [each.persons[0] for each in await store.in_grids(chance.sample(grids, 5))][:KNOWN]
        town = [each.code for each in tree.children(tree[villages[0]].parent)]
        figures |= await imported(edge, town, rows, there)
        return {**figures, "load": round(os.getloadavg()[0], 1)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_600_000)
    parser.add_argument("--rows", type=int, default=20_000, help="of the list that is brought")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measured(Path(folder), arguments.households, arguments.rows))
        print(json.dumps({"registry": [found]}))


if __name__ == "__main__":
    main()
