"""A list of 65,218 people in a registered city, to its last metre: ``python -m tests.bench.bench_list_grids``. Prints JSON.

The real directory, grids in each village with 42 households each and a member for each grid. Of the list's people most stand
in the registry by their number, others by telephone alone; of some the list has a name and nothing else, some stand nowhere.
It is brought, given out, looked for and shared out over HTTP, while commands of others are timed. A sample of members clears
rows over HTTP from the work that its phone is told; then each row that lies with a grid is cleared by that grid's member, one
command a row, while others' commands are timed again. Of every row the grid is held against where its person was made up
(`wrong`). At last the rows are taken away, and the journal is verified (`unsound`: findings).
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
import xlsxwriter

from hub import collector
from hub.directory.accounts import Account
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.dispatch.clearings import Clearing, clearing_of
from hub.grids.made_up import MadePerson, made_grid
from hub.store import tables
from hub.store.registry_made import grid_codes, write_made
from tests.bench.bench_lists import ALL, _findings, beside, p95, post, timed
from tests.bench.bench_sweep import GRIDS, HOUSEHOLDS, people_and_grids
from tests.support import journal, rules
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command

SEED: Final = 1
#: What the list knows of its people, and how many of a hundred are of this sort.
SORTS: Final = {"number": 80, "phone": 10, "name": 5, "nobody": 5}
HEAD: Final = ("身份证号", "姓名", "电话", "现住址", "村", "来源")
ROLES: Final = ["id", "personal", "personal", "personal", "center", "shown"]
#: Members' commands that are under way at the same time.
AT_ONCE: Final = 32
_ids = itertools.count(1)


class Made(NamedTuple):
    """A row, and in which grid its person lives: None for nobody."""

    cells: tuple[str, ...]
    sort: str
    grid: str | None


def people(villages: list[str], each: int, rows: int) -> Iterator[Made]:
    """So many rows over all these villages."""
    chance = random.Random(11)
    places = {code: at for at, code in enumerate(grid_codes(villages, each))}
    of_village = rows // len(villages) + 1
    sorts, weights = list(SORTS), list(SORTS.values())
    for number, village in enumerate(villages):
        homes = [
            (grid, home)
            for grid in chance.sample(list(grid_codes([village], each)), min(2, each))
            for home in made_grid(SEED, grid, places[grid], HOUSEHOLDS).households
        ]
        for _ in range(min(of_village, rows - number * of_village)):
            grid, home = chance.choice(homes)
            yield _row(chance.choices(sorts, weights)[0], village, grid, chance.choice(home.persons))


def _row(sort: str, village: str, grid: str, person: MadePerson) -> Made:
    told = {"number": "", "name": person.name, "phone": "", "address": ""}
    if sort == "phone" and not person.phone:
        sort = "number"
    if sort == "number":
        told |= {"number": person.number, "phone": person.phone}
    elif sort == "phone":
        told |= {"phone": person.phone}
    elif sort == "nobody":
        told |= {"name": "诸葛无此人", "number": f"P{next(_ids):08d}"}
    whole = (*told.values(), village, "铁路")
    return Made(whole, sort, grid if sort in ("number", "phone") else None)


def book(made: list[Made]) -> bytes:
    """As a spreadsheet writes it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for at, cells in enumerate([HEAD, *(each.cells for each in made)]):
            for column, cell in enumerate(cells):
                sheet.write_string(at, column, cell)
    return file.getvalue()


async def brought(desk: Person, content: bytes) -> str:
    """The list that the file becomes, given out."""
    draft = (await post(desk, f"{ALL}/drafts", content))["draft"]
    path = f"{ALL}/drafts/{draft}"
    await post(desk, f"{path}/load", {"columns": ROLES, "title": "演练"})
    while (now := await desk.get(path))["state"] == "loading":
        await asyncio.sleep(0.2)
    if now["state"] != "loaded":
        raise RuntimeError(str(now))
    await desk.command("clearing.issue", clearing=now["clearing"])
    return str(now["clearing"])


async def step(desk: Person, clearing: str, word: str) -> dict[str, Any]:
    """Look for the rows, or give out what was found; to its end."""
    path = f"{ALL}/{clearing}/grids"
    told = await post(desk, f"{path}/{word}", {"center": rules.CITY})
    while told["search"]["ended_at"] is None:
        await asyncio.sleep(0.5)
        told = await desk.get(path, center=rules.CITY)
    if told["search"]["state"] == "failed":
        raise RuntimeError(told["search"]["why"])
    return told


async def cleared(edge: Edge, members: dict[str, Account], found: Clearing) -> tuple[int, float]:
    """Each row that lies with a grid, by its member, as fast as the writer takes it; how many, and a second."""
    rows = [row for row in range(1, found.rows + 1) if found.grid(row) is not None]
    random.Random(5).shuffle(rows)
    begun = time.perf_counter()

    async def some(piece: list[int]) -> None:
        for row in piece:
            results = [{"row": row, "outcome": "normal"}]
            who = members[str(found.grid(row))]
            await edge.writer.submit(command("clearing.report", clearing=found.id, results=results), who)

    await asyncio.gather(*(some(rows[at::AT_ONCE]) for at in range(AT_ONCE)))
    return len(rows), len(rows) / (time.perf_counter() - begun)


async def by_phone(edge: Edge, members: dict[str, Account], found: Clearing, sample: int) -> dict[str, float]:
    """Some members clear their rows over HTTP, from what their phone is told."""
    grids = sorted({code for row in range(1, found.rows + 1) if (code := found.grid(row)) is not None})
    works, reports = [], []
    for grid in random.Random(6).sample(grids, min(sample, len(grids))):
        person = await edge._signed_in(members[grid])
        spent, work = await timed(person.get("/api/v1/grid-work"))
        works.append(spent)
        for row in work["list_rows"]:
            body = {"id": f"p{next(_ids)}", "results": [{"row": row["row"], "outcome": "normal"}]}
            spent, _ = await timed(post(person, f"{ALL}/{found.id}/results", body))
            reports.append(spent)
        await person.http.close()
    return {"work_p95_ms": p95(works), "report_p95_ms": p95(reports), "by_http": len(reports)}


def wrong(found: Clearing, made: list[Made]) -> int:
    """Rows that lie with another grid than that in which their person was made up."""
    # Rows are numbered by the codes of their villages, then as in the file.
    ordered = sorted(made, key=lambda each: each.cells[4])
    return sum(found.grid(row) != each.grid for row, each in enumerate(ordered, 1))


async def measure(villages_wanted: int | None, each: int, rows: int, sample: int) -> dict[str, Any]:
    """One list, on SQLite."""
    tree = CenterTree(yueyang_centers())
    for module in (rules, journal):
        vars(module)["TREE"] = tree
    villages = [one.code for one in tree.subtree(rules.CITY) if one.level == "village"][:villages_wanted]
    made = list(people(villages, each, rows))
    content = await asyncio.to_thread(book, made)
    with tempfile.TemporaryDirectory() as folder:
        async with running_edge(Path(folder)) as edge:
            edge.services.tree = tree
            members = await people_and_grids(edge, villages, each)
            grids = [(code, HOUSEHOLDS) for code in grid_codes(villages, each)]
            key = edge.services.registry.key
            households, _ = await asyncio.to_thread(write_made, edge.database, key, grids, SEED)
            collector.calm()  # as a hub does
            desk = await edge.person("dispatcher", rules.CITY)
            clearing = await brought(desk, content)
            done = asyncio.Event()
            others = asyncio.create_task(beside(await edge.person("leader", rules.CITY, number=8), done))
            matched_s, told = await timed(step(desk, clearing, "search"))
            shared_s, after = await timed(step(desk, clearing, "share"))
            done.set()
            matching = await others
            found = clearing_of(edge.writer.state, clearing)
            assert found is not None
            differs = wrong(found, made)
            phones = await by_phone(edge, members, found, sample)
            done = asyncio.Event()
            others = asyncio.create_task(beside(await edge.person("leader", rules.CITY, number=9), done))
            reported, rate = await cleared(edge, members, found)
            done.set()
            clearing_beside = await others
            left = (await desk.get(f"{ALL}/{clearing}/grids", center=rules.CITY))["left"]
            await edge.writer.submit(
                command("clearing.delete", clearing=clearing, reason="演练结束"), desk.account
            )
            rows_left = await edge.database.read(_rows_left)
            findings = await asyncio.to_thread(_findings, edge)
    return {
        "households": households,
        "rows": len(made),
        "match_s": round(matched_s, 1),
        "share_s": round(shared_s, 1),
        "matched_and_shared_s": round(matched_s + shared_s, 1),
        **{
            f"by_{way}": told["ways"].get(way, 0)
            for way in ("number", "phone", "building", "candidates", "none")
        },
        "given": after["given"],
        "wrong": differs,
        "commands_beside_p95_ms": p95(matching),
        "commands_beside_max_ms": round(max(matching) * 1000, 1),
        "cleared": reported,
        "cleared_a_second": round(rate),
        "commands_beside_clearing_p95_ms": p95(clearing_beside),
        **phones,
        "left_of_given": left - (len(made) - after["given"]),
        "rows_left": rows_left,
        "unsound": len(findings),
    }


def _rows_left(connection: sa.Connection) -> int:
    sealed = (tables.clearing_keys, tables.clearing_rows, tables.clearing_words, tables.clearing_results)
    there = (*sealed, tables.clearing_matches, tables.clearing_searches)
    return sum(
        connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in there
    )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, help="only so many")
    parser.add_argument("--grids", type=int, default=GRIDS, help="of each village")
    parser.add_argument("--rows", type=int, default=65_218)
    parser.add_argument("--sample", type=int, default=60, help="members who clear over HTTP")
    arguments = parser.parse_args()
    result = asyncio.run(measure(arguments.villages, arguments.grids, arguments.rows, arguments.sample))
    print(json.dumps({"list_grids": [result]}, indent=2))


if __name__ == "__main__":
    main()
