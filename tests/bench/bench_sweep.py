"""A sweep through a city of 1.6 million made-up households: ``python -m tests.bench.bench_sweep``. Prints JSON.

``--lay FOLDER`` makes the city and keeps it, ``--on FOLDER`` measures it: where one cannot have the machine for both at once.

The real directory, 20 grids a village with 42 households each, a member for each grid, all told by commands; the households
come from the registry's own generator. The sweep is opened over HTTP while commands of others are timed. Visits are given to
the writer as fast as it takes them, while boards from the city to the village, the unvisited of a township and the conflicts of
the city are read; at last every board is held against a count of all rows (`wrong` of them), those of some villages grid by
grid. Then members sync, from a process of their own: each reads the whole of its grid (`read`), asks whether there is something
new (`again`), and brings ten visits in one request (`visits`). What is told is the hub's processor time for one, and what that
is for 38,000 who sync within ten minutes, or ask every two minutes. Ten grids are split in mid-sweep beside commands of others,
and their rows counted before and after (`split_wrong`). Finally the writer is begun anew on the same journal (`restart_s`), and
a whole hub (`start_s`, until it says that it is ready). `mib` is memory: of the process that holds the hub and this program
(`edge_mib`), and of that whole hub's control (`control_mib`). `load` is how many processes wanted a processor at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final, TypeVar

import aiohttp
import sqlalchemy as sa

from hub import collector
from hub.clock import system_clock, to_wire
from hub.directory.accounts import GRID_MEMBER, SYSTEM_ACCOUNT, Account
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.grids.sweep_ready import READY
from hub.grids.sweep_state import sweep_of
from hub.people import Accounts
from hub.store import tables
from hub.store.registry_made import grid_codes, write_made
from tests.bench.bench_lists import beside, p95, post, timed
from tests.support import journal, rules
from tests.support.edge import Edge, Person, running_edge
from tests.support.hub_process import HubProcess
from tests.support.journal import command, running_writer

GRIDS: Final = 20
HOUSEHOLDS: Final = 42
MEMBERS: Final = 38_000
WINDOW_S: Final = 600
#: How often a phone that is looked at asks whether there is something new.
ASKS_EVERY_S: Final = 120
#: Visits of one sync.
BROUGHT: Final = 10
OUTCOMES: Final = ("met", "met", "unchanged", "unchanged", "phone", "absent", "refused", "gone")
LEVELS: Final = ("city", "county", "township", "village")
#: Pages of rows: those of a township that nobody visited, those of the city that wait for a grid leader.
PAGES: Final = ("unvisited", "conflicts")
_ids = itertools.count(1)
T = TypeVar("T")


async def people_and_grids(edge: Edge, villages: list[str], each: int = GRIDS) -> dict[str, Account]:
    """So many grids for each village and a member for each, told by commands: grid -> account."""
    codes = list(grid_codes(villages, each))
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
            for code in grid_codes([village], each)
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
        self.took: dict[str, list[float]] = {name: [] for name in (*LEVELS, *PAGES)}
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
            spent, _ = await timed(self._desk.get(path, center=rules.CITY, outcome="conflict", limit="100"))
            self.took["conflicts"].append(spent)
            await asyncio.sleep(0.1)

    async def board(self, level: str, parent: str) -> dict[str, Any]:
        """One board, timed."""
        path = f"/api/v1/sweeps/{self._sweep}/board"
        spent, board = await timed(self._desk.get(path, parent=parent))
        self.took[level].append(spent)
        return dict(board)


def counted(connection: sa.Connection, sweep: str) -> Counter[tuple[str, str]]:
    """Grid and outcome -> rows, counted over all standings."""
    rows, stands = tables.sweep_rows.c, tables.sweep_standings.c
    query = (
        sa.select(rows.grid, stands.outcome, sa.func.count().label("rows"))
        .select_from(
            tables.sweep_rows.outerjoin(
                tables.sweep_standings, sa.and_(stands.sweep == rows.sweep, stands.number == rows.number)
            )
        )
        .where(rows.sweep == sweep)
        .group_by(rows.grid, stands.outcome)
    )
    return Counter({(row.grid, row.outcome or "left"): row.rows for row in connection.execute(query)})


async def wrong_boards(edge: Edge, looking: Looking, sweep: str, villages: list[str]) -> tuple[int, int]:
    """How many boards were held against a recount, and how many numbers did not agree."""
    tree = edge.services.tree
    truth = await edge.database.read(lambda connection: counted(connection, sweep))
    #: Center or grid, and outcome -> rows.
    whole: Counter[tuple[str, str]] = Counter()
    for (grid, came), count in truth.items():
        whole[grid, came] += count
        for step in tree.path(grid[:12]):
            whole[step.code, came] += count
    above = {step.code: step.level for code in villages for step in tree.path(code)}
    parents = [code for code, level in above.items() if level != "village"] + villages[
        :: len(villages) // 100 or 1
    ]
    wrong = 0
    for parent in parents:
        board = await looking.board(tree[parent].level, parent)
        for outcome in set(OUTCOMES):
            wrong += board["counts"][outcome] != whole[parent, outcome]
            wrong += sum(line["counts"][outcome] != whole[line["key"], outcome] for line in board["lines"])
        lines = Counter[str]()
        for line in board["lines"]:
            lines.update(line["counts"])
        wrong += any(lines[name] != board["counts"][name] for name in ("rows", "persons", "seen", "met"))
    return len(parents), wrong


async def phones(file: Path, what: str) -> None:
    """Members do one thing, eight at a time, in a process of its own: `read`, `again`, or `visits`."""
    told = json.loads(file.read_text())

    async def read(http: aiohttp.ClientSession, each: dict[str, Any]) -> None:
        async with http.get("/api/v1/grid-work") as answer:
            work = await answer.json()
            each["tag"], each["rows"] = answer.headers["ETag"], work["rows"][:BROUGHT]

    async def again(http: aiohttp.ClientSession, each: dict[str, Any]) -> None:
        async with http.get("/api/v1/grid-work", headers={"If-None-Match": each["tag"]}) as answer:
            assert answer.status == 304, answer.status

    async def visits(http: aiohttp.ClientSession, each: dict[str, Any]) -> None:
        brought = [
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
            for row in each["rows"]
        ]
        async with http.post("/api/v1/visits", json={"visits": brought}) as answer:
            found = await answer.json()
            assert not [one for one in found["results"] if one["error"]], found

    async def some(piece: list[dict[str, Any]]) -> None:
        do = {"read": read, "again": again, "visits": visits}[what]
        for each in piece:
            headers = {"Authorization": f"Bearer {each['token']}"}
            async with aiohttp.ClientSession(told["url"], headers=headers) as http:
                await do(http, each)

    await asyncio.gather(*(some(told["people"][at::8]) for at in range(8)))
    file.write_text(json.dumps(told))


async def synced(edge: Edge, members: dict[str, Account], sample: int) -> dict[str, float]:
    """Processor milliseconds of the hub for one member that reads, asks again, and brings visits."""
    chance = random.Random(5)
    people = []
    for account in chance.sample(list(members.values()), sample):
        person = await edge._signed_in(account)
        people.append({"token": person.token})
        await person.http.close()
    file = edge.folder / "phones.json"
    file.write_text(json.dumps({"url": edge.url, "people": people}))
    found: dict[str, float] = {}
    for what in ("read", "again", "visits"):
        before = time.process_time()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.bench_sweep", "--phones", str(file), "--do", what)
        )
        if await process.wait() != 0:
            raise RuntimeError("a member was refused")
        found[what] = round((time.process_time() - before) * 1000 / sample, 2)
    return found


async def split(edge: Edge, desk: Person, members: dict[str, Account], sweep: str) -> dict[str, Any]:
    """Ten grids are split in mid-sweep; how long that took, and rows that were lost, doubled or left where they were."""
    chance = random.Random(6)
    took, wrong = [], 0
    rows = tables.sweep_rows.c
    for grid in chance.sample(sorted(members), 10):
        there = sa.select(rows.household, rows.grid).where(
            rows.sweep == sweep, rows.grid.startswith(grid[:12])
        )

        def where(connection: sa.Connection, query: Any = there) -> list[Any]:
            return list(connection.execute(query).all())

        before = await edge.database.read(where)
        going = [row.household for row in before if row.grid == grid][::2]
        parts = [
            {"grid": grid, "name": f"第{grid[-3:]}网格", "members": [members[grid].id]},
            {"name": f"新{grid[-3:]}", "members": [members[grid].id], "households": going},
        ]
        spent, made = await timed(desk.command("grid.split", grid=grid, into=parts, rest=0))
        took.append(spent)
        new = made["entries"][0]["data"]["into"][1]["grid"]
        after = await edge.database.read(where)
        expected = {row.household: new if row.household in set(going) else row.grid for row in before}
        wrong += len(before) != len(after) or {row.household: row.grid for row in after} != expected
        board = await desk.get(f"/api/v1/sweeps/{sweep}/board", parent=grid[:12])
        wrong += {line["key"]: line["counts"]["rows"] for line in board["lines"]} != Counter(
            expected.values()
        )
    return {"split_max_ms": round(max(took) * 1000, 1), "split_wrong": wrong}


async def started(folder: Path) -> dict[str, float]:
    """How long a whole hub takes until it is ready on this folder, and what its control holds then."""
    hub = HubProcess(folder, demo=False)
    begun = time.perf_counter()
    try:
        await hub.start(600)
        took = time.perf_counter() - begun
        return {"start_s": round(took, 1), "control_mib": _mib(hub.pid("control"))}
    finally:
        hub.stop()


def _mib(pid: int | str) -> int:
    words = Path(f"/proc/{pid}/status").read_text().split()
    return int(words[words.index("VmRSS:") + 1]) // 1024


def city(villages_wanted: int | None) -> tuple[CenterTree, list[str]]:
    """The real directory, in which tests think from now on, and villages of it."""
    tree = CenterTree(yueyang_centers())
    for module in (rules, journal):
        vars(module)["TREE"] = tree
    return tree, [each.code for each in tree.subtree(rules.CITY) if each.level == "village"][:villages_wanted]


async def lay(folder: Path, villages_wanted: int | None) -> dict[str, Any]:
    """Lay the city into this folder: grids, members, households; what is told of that."""
    tree, villages = city(villages_wanted)
    async with running_edge(folder) as edge:
        edge.services.tree = tree
        made_s, members = await timed(people_and_grids(edge, villages))
        grids = [(code, HOUSEHOLDS) for code in grid_codes(villages, GRIDS)]
        key = edge.services.registry.key
        filled_s, (households, persons) = await timed(
            edge.database.in_writer(lambda: write_made(edge.database, key, grids))
        )
    (folder / "members.json").write_text(json.dumps({grid: each.id for grid, each in members.items()}))
    return {
        "households": households,
        "persons": persons,
        "grids": len(grids),
        "people_and_grids_s": round(made_s, 1),
        "registry_filled_s": round(filled_s, 1),
    }


async def measure(
    folder: Path, villages_wanted: int | None, visits: int, sample: int, laid: dict[str, Any]
) -> dict[str, Any]:
    """One city that was laid into this folder, on SQLite."""
    tree, villages = city(villages_wanted)
    async with running_edge(folder) as edge:
        edge.services.tree = tree
        people = edge.writer.state.parts.read(Accounts).by_id
        known = json.loads((folder / "members.json").read_text())
        members = {grid: people[account] for grid, account in known.items()}
        desk = await edge.person("dispatcher", rules.CITY)
        leader = await edge.person("leader", rules.CITY, number=8)
        form = [each.model_dump(mode="json") for each in READY["fever"].form]
        asked = {"id": "city", "title": "全城排查", "sort": "blanket", "center": rules.CITY, "form": form}
        (opened_s, opened), meanwhile = await with_others(leader, timed(post(desk, "/api/v1/sweeps", asked)))
        sweep = opened["sweep"]
        looking = Looking(desk, sweep, tree, villages)
        reading = asyncio.create_task(looking.run())
        rate = await visited(edge, members, sweep, visits)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        boards, wrong = await wrong_boards(edge, looking, sweep, villages)
        collector.calm()  # as a hub does
        sync = await synced(edge, members, sample)
        splitting, beside_split = await with_others(leader, split(edge, desk, members, sweep))
        edge_mib = _mib("self")
        state = sweep_of(edge.writer.state, sweep)
    begun = time.perf_counter()
    async with running_writer(f"sqlite:///{folder}/hub.db") as (writer, _):
        restart_s = time.perf_counter() - begun
        same = sweep_of(writer.state, sweep) == state
    del writer, state
    start = await started(folder)
    size = (folder / "hub.db").stat().st_size
    return {
        **laid,
        "open_s": round(opened_s, 2),
        "commands_beside_p95_ms": p95(meanwhile),
        "commands_beside_max_ms": round(max(meanwhile) * 1000, 1),
        "visits": visits,
        "visits_a_second": round(rate),
        **{f"board_{name}_p95_ms": p95(values) for name, values in looking.took.items() if name in LEVELS},
        **{f"{name}_p95_ms": p95(looking.took[name]) for name in PAGES},
        "boards": boards,
        "wrong": wrong,
        **{f"{name}_cpu_ms": value for name, value in sync.items()},
        "sync_38000_in_10_min_cores": round((sync["read"] + sync["visits"]) / 1000 * MEMBERS / WINDOW_S, 2),
        "asking_38000_cores": round(sync["again"] / 1000 * MEMBERS / ASKS_EVERY_S, 2),
        **splitting,
        "commands_beside_splits_max_ms": round(max(beside_split) * 1000, 1),
        "restart_s": round(restart_s, 1),
        "restart_same": int(same),
        **start,
        "edge_mib": edge_mib,
        "database_mib": round(size / 2**20),
        "load": round(os.getloadavg()[0], 1),
    }


async def with_others(leader: Person, work: Awaitable[T]) -> tuple[T, list[float]]:
    """Do something, and how long commands of others took meanwhile."""
    done = asyncio.Event()
    others = asyncio.create_task(beside(leader, done))
    try:
        found = await work
    finally:
        done.set()
        took = await others
    return found, took


def main() -> None:
    """Measure, or be the phones of a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, help="only so many")
    parser.add_argument("--visits", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=400, help="members that sync")
    parser.add_argument("--lay", type=Path, metavar="FOLDER", help="only lay the city, and keep it there")
    parser.add_argument("--on", type=Path, metavar="FOLDER", help="measure a city that was laid there; once")
    parser.add_argument("--phones", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--do", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    villages, rest = arguments.villages, (arguments.visits, arguments.sample)
    if arguments.phones:
        asyncio.run(phones(arguments.phones, arguments.do))
    elif arguments.lay:
        told = asyncio.run(lay(arguments.lay, villages))
        (arguments.lay / "laid.json").write_text(json.dumps(told))
    elif arguments.on:
        told = json.loads((arguments.on / "laid.json").read_text())
        print(json.dumps({"sweep": [asyncio.run(measure(arguments.on, villages, *rest, told))]}, indent=2))
    else:
        with tempfile.TemporaryDirectory() as folder:
            told = asyncio.run(lay(Path(folder), villages))
            result = asyncio.run(measure(Path(folder), villages, *rest, told))
        print(json.dumps({"sweep": [result]}, indent=2))


if __name__ == "__main__":
    main()
