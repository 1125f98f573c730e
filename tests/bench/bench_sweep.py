"""A sweep through a city of 1.6 million made-up households: ``python -m tests.bench.bench_sweep``. Prints JSON.

The real directory, 21 grids a village with 42 households each, a member for each grid, all told by commands; the households
come from the registry's own generator. The sweep is opened over HTTP while commands of others are timed. Visits are given to
the writer as fast as it takes them, while boards from the city to the grid and the unvisited of a township are read; at last
every board is held against a count of all rows (`wrong` of them). Then members sync, each with the whole of its grid and ten
visits in one request, from a process of their own: the hub's processor time for one is told for 38,000 within ten minutes.
Finally the writer is begun anew on the same journal (`restart_s`).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import aiohttp
import sqlalchemy as sa

from hub import collector
from hub.clock import system_clock, to_wire
from hub.directory.accounts import GRID_MEMBER, SYSTEM_ACCOUNT, Account
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.grids.sweep_ready import READY
from hub.grids.sweep_state import sweep_of
from hub.store import tables
from hub.store.registry_made import grid_codes, write_made
from tests.bench.bench_lists import beside, p95, post, timed
from tests.support import journal, rules
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command, running_writer

GRIDS: Final = 21
HOUSEHOLDS: Final = 42
MEMBERS: Final = 38_000
WINDOW_S: Final = 600
#: Visits of one sync.
BROUGHT: Final = 10
OUTCOMES: Final = ("met", "met", "unchanged", "unchanged", "phone", "absent", "refused", "gone")
LEVELS: Final = ("city", "county", "township", "village")
_ids = itertools.count(1)


async def people_and_grids(edge: Edge, villages: list[str]) -> dict[str, Account]:
    """A member for each grid, told by commands: grid -> account."""
    codes = list(grid_codes(villages, GRIDS))
    made: dict[str, Account] = {}
    for first in range(0, len(codes), 200):
        piece = codes[first : first + 200]
        new = [
            {"username": f"g{code}", "name": f"网格{code[-6:]}", "role": GRID_MEMBER, "center": code[:12]}
            for code in piece
        ]
        answer = await edge.writer.submit(command("account.create", accounts=new), SYSTEM_ACCOUNT)
        for code, told in zip(piece, answer.entries[0].data["accounts"], strict=True):
            made[code] = Account(told["account"], f"g{code}", f"网格{code[-6:]}", GRID_MEMBER, code[:12])
    desk = rules.account("dispatcher", rules.CITY, number=7)
    for village in villages:
        grids = [
            {"grid": code, "name": f"第{code[-3:]}网格", "members": [made[code].id]}
            for code in grid_codes([village], GRIDS)
        ]
        await edge.writer.submit(command("grid.make", village=village, grids=grids), desk)
    return made


async def visited(edge: Edge, members: dict[str, Account], sweep: str, count: int) -> float:
    """So many visits, as fast as they are taken; how many a second."""
    found = sweep_of(edge.writer.state, sweep)
    assert found is not None
    chance = random.Random(3)
    rows = chance.sample(range(1, found.rows + 1), min(count, found.rows))
    begun = time.perf_counter()

    async def give(piece: list[int]) -> None:
        for row in piece:
            village = found.village_of(row)
            assert village is not None
            who = members[village.grid_of(row)]
            data = {"sweep": sweep, "row": row, "outcome": chance.choice(OUTCOMES), "seen": 2}
            await edge.writer.submit(command("visit.record", id=f"v{next(_ids)}", **data), who)

    await asyncio.gather(*(give(rows[at::256]) for at in range(256)))
    return len(rows) / (time.perf_counter() - begun)


class Looking:
    """Pages that are read meanwhile, and boards held against a recount."""

    def __init__(self, desk: Person, sweep: str, tree: CenterTree, villages: list[str]) -> None:
        self.took: dict[str, list[float]] = {name: [] for name in (*LEVELS, "unvisited")}
        self._desk, self._sweep = desk, sweep
        chance = random.Random(4)
        above = {step.code: step.level for code in villages for step in tree.path(code)}
        self._of = {level: [code for code, found in above.items() if found == level] for level in LEVELS}
        for codes in self._of.values():
            chance.shuffle(codes)

    async def run(self) -> None:
        """Until it is cancelled."""
        for turn in itertools.count():
            for level in LEVELS:
                await self.board(level, self._of[level][turn % len(self._of[level])])
            town = self._of["township"][turn % len(self._of["township"])]
            path = f"/api/v1/sweeps/{self._sweep}/rows"
            spent, _ = await timed(self._desk.get(path, center=town, outcome="left", limit="100"))
            self.took["unvisited"].append(spent)
            await asyncio.sleep(0.1)

    async def board(self, level: str, parent: str) -> dict[str, Any]:
        """One board, timed."""
        path = f"/api/v1/sweeps/{self._sweep}/board"
        spent, board = await timed(self._desk.get(path, parent=parent))
        self.took[level].append(spent)
        return dict(board)


def counted(connection: sa.Connection, sweep: str) -> Counter[tuple[str, str]]:
    """Village and outcome -> rows, counted over all standings."""
    rows, stands = tables.sweep_rows.c, tables.sweep_standings.c
    village = sa.func.substr(rows.grid, 1, 12)
    query = (
        sa.select(village.label("village"), stands.outcome, sa.func.count().label("rows"))
        .select_from(
            tables.sweep_rows.outerjoin(
                tables.sweep_standings, sa.and_(stands.sweep == rows.sweep, stands.number == rows.number)
            )
        )
        .where(rows.sweep == sweep)
        .group_by(village, stands.outcome)
    )
    found: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(query):
        found[row.village, row.outcome or "left"] = row.rows
    return found


async def wrong_boards(edge: Edge, looking: Looking, sweep: str, villages: list[str]) -> tuple[int, int]:
    """How many boards were held against a recount, and how many did not agree."""
    tree = edge.services.tree
    truth = await edge.database.read(lambda connection: counted(connection, sweep))
    above = {step.code: step.level for code in villages for step in tree.path(code)}
    parents = [code for code, level in above.items() if level in ("city", "county")]
    wrong = 0
    for parent in [*parents, *villages[:50]]:
        board = await looking.board(tree[parent].level, parent)
        below = {each.code for each in tree.subtree(parent)}
        for outcome in set(OUTCOMES):
            wrong += board["counts"][outcome] != sum(
                count for (village, came), count in truth.items() if came == outcome and village in below
            )
        lines = Counter[str]()
        for line in board["lines"]:
            lines.update(line["counts"])
        wrong += any(lines[name] != board["counts"][name] for name in ("rows", "persons", "seen", "met"))
    return len(parents) + len(villages[:50]), wrong


async def phones(url: str, told: list[dict[str, Any]]) -> None:
    """Members sync, eight at a time: the work of their grid, and visits in one request. In a process of its own."""

    async def some(piece: list[dict[str, Any]]) -> None:
        for each in piece:
            headers = {"Authorization": f"Bearer {each['token']}"}
            async with aiohttp.ClientSession(url, headers=headers) as http:
                async with http.get("/api/v1/grid-work") as answer:
                    work = await answer.json()
                visits = [
                    {
                        "id": f"s{row['row']}",
                        "sweep": row["sweep"],
                        "row": row["row"],
                        "outcome": "met",
                        "seen": 2,
                        "base": row["base"],
                        "occurred_at": to_wire(system_clock()),
                        "offline": True,
                        "answers": {"origin": "no"},
                    }
                    for row in work["rows"][:BROUGHT]
                ]
                async with http.post("/api/v1/visits", json={"visits": visits}) as answer:
                    found = await answer.json()
                    assert not [one for one in found["results"] if one["error"]], found

    await asyncio.gather(*(some(told[at::8]) for at in range(8)))


async def synced(edge: Edge, members: dict[str, Account], sample: int) -> float:
    """Processor seconds of the hub for one member that syncs."""
    chance = random.Random(5)
    told = []
    for number, account in enumerate(chance.sample(list(members.values()), sample)):
        person = await edge._signed_in(account)
        told.append({"token": person.token, "number": number})
        await person.http.close()
    file = edge.folder / "phones.json"
    file.write_text(json.dumps({"url": edge.url, "told": told}))
    before = time.process_time()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.bench_sweep", "--phones", str(file))
    )
    if await process.wait() != 0:
        raise RuntimeError("a member was refused")
    return (time.process_time() - before) / sample


async def measure(villages_wanted: int | None, visits: int, sample: int) -> dict[str, Any]:
    """One city, on SQLite."""
    tree = CenterTree(yueyang_centers())
    for module in (rules, journal):
        vars(module)["TREE"] = tree
    villages = [each.code for each in tree.subtree(rules.CITY) if each.level == "village"][:villages_wanted]
    with tempfile.TemporaryDirectory() as folder:
        async with running_edge(Path(folder)) as edge:
            edge.services.tree = tree
            made_s, members = await timed(people_and_grids(edge, villages))
            grids = [(code, HOUSEHOLDS) for code in grid_codes(villages, GRIDS)]
            key = edge.services.registry.key
            filled_s, (households, persons) = await timed(
                asyncio.to_thread(write_made, edge.database, key, grids)
            )
            desk = await edge.person("dispatcher", rules.CITY)
            done = asyncio.Event()
            others = asyncio.create_task(beside(edge, done))
            form = [each.model_dump(mode="json") for each in READY["fever"].form]
            asked = {"id": "city", "title": "全城排查", "sort": "blanket", "center": rules.CITY, "form": form}
            opened_s, opened = await timed(post(desk, "/api/v1/sweeps", asked))
            done.set()
            meanwhile = await others
            sweep = opened["sweep"]
            looking = Looking(desk, sweep, tree, villages)
            reading = asyncio.create_task(looking.run())
            rate = await visited(edge, members, sweep, visits)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            boards, wrong = await wrong_boards(edge, looking, sweep, villages)
            collector.calm()  # as a hub does
            sync_s = await synced(edge, members, sample)
            state = sweep_of(edge.writer.state, sweep)
        begun = time.perf_counter()
        async with running_writer(f"sqlite:///{folder}/hub.db") as (writer, _):
            restart_s = time.perf_counter() - begun
            same = sweep_of(writer.state, sweep) == state
    return {
        "households": households,
        "persons": persons,
        "grids": len(grids),
        "people_and_grids_s": round(made_s, 1),
        "registry_filled_s": round(filled_s, 1),
        "open_s": round(opened_s, 2),
        "commands_beside_p95_ms": p95(meanwhile),
        "commands_beside_max_ms": round(max(meanwhile) * 1000, 1),
        "visits": visits,
        "visits_a_second": round(rate),
        **{f"board_{name}_p95_ms": p95(values) for name, values in looking.took.items() if name in LEVELS},
        "unvisited_p95_ms": p95(looking.took["unvisited"]),
        "boards": boards,
        "wrong": wrong,
        "sync_cpu_ms": round(sync_s * 1000, 2),
        "sync_38000_in_10_min_cores": round(sync_s * MEMBERS / WINDOW_S, 2),
        "restart_s": round(restart_s, 1),
        "restart_same": int(same),
    }


def main() -> None:
    """Measure, or be the phones of a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, help="only so many")
    parser.add_argument("--visits", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=400, help="members that sync")
    parser.add_argument("--phones", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.phones:
        told = json.loads(Path(arguments.phones).read_text())
        asyncio.run(phones(told["url"], told["told"]))
        return
    result = asyncio.run(measure(arguments.villages, arguments.visits, arguments.sample))
    print(json.dumps({"sweep": [result]}, indent=2))


if __name__ == "__main__":
    main()
