"""A list of 65,218 people in the real directory: ``python -m tests.bench.bench_lists``. Prints JSON.

With the edge's own calls: looking at the file, matching, loading (beside it commands of a meeting, whose answers are
timed), giving out, the board while centers report, rows of a village, and taking all of it away.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from hub.directory.accounts import Account
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.dispatch.clearings import clearing_of
from tests.support import journal, rules
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command
from tests.support.postgres import running_postgres

ALL = "/api/v1/clearings"
_ids = itertools.count(1)


def book(tree: CenterTree, rows: int, seed: int = 7) -> bytes:
    """Made-up people of real villages, one in 500 listed twice, as a spreadsheet writes them."""
    chance = random.Random(seed)
    villages = [each for each in tree.subtree(tree.roots[0].code) if each.level == "village"]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["身份证号", "姓名", "电话", "县", "乡镇", "村", "来源"])
        for number in range(rows):
            path = tree.path(chance.choice(villages).code)
            person = number if number % 500 else max(0, number - 1)
            cells = [f"4306{person:014d}", f"某{person}", f"139{person:08d}"]
            names = ([each.name for each in path[1:]] + ["", "", ""])[:3]
            for column, cell in enumerate([*cells, *names, "铁路"]):
                sheet.write_string(number + 1, column, cell)
    return file.getvalue()


async def timed(work: Awaitable[Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = await work
    return time.perf_counter() - begun, found


async def post(person: Person, path: str, body: bytes | dict[str, Any]) -> dict[str, Any]:
    more: dict[str, Any] = {"json": body} if isinstance(body, dict) else {"data": body}
    async with person.http.post(path, **more) as answer:
        found: dict[str, Any] = await answer.json()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {found}")
        return found


def p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1] * 1000, 1) if len(values) > 1 else 0.0


async def beside(edge: Edge, until: asyncio.Event) -> list[float]:
    """How long commands of others take meanwhile."""
    leader = await edge.person("leader", rules.CITY, number=8)
    took = []
    while not until.is_set():
        spent, _ = await timed(leader.command("report.file", situation="normal"))
        took.append(spent)
        await asyncio.sleep(0.05)
    return took


async def whole_day(edge: Edge, clearing: str, answer: Callable[[], Awaitable[None]], share: float) -> int:
    """Centers report their rows, twenty at a time, in a random order; `answer` is asked in between. Rows reported."""
    found = clearing_of(edge.writer.state, clearing)
    assert found is not None
    chance, told = random.Random(3), 0
    codes = list(found.codes)
    chance.shuffle(codes)
    for number, code in enumerate(codes[: int(len(codes) * share)]):
        who = station_of(code)
        rows = list(found.rows_of(code))
        for begin in range(0, len(rows), 20):
            results = [{"row": row, "outcome": "normal"} for row in rows[begin : begin + 20]]
            await edge.writer.submit(command("clearing.report", clearing=clearing, results=results), who)
            told += len(results)
        if number % 20 == 0:
            await answer()
    return told


def station_of(code: str) -> Account:
    """The station of a center."""
    return Account(f"a_{code:0>18}", code, "某", "station", code)


async def measure(rows: int, share: float, url: str | None) -> dict[str, Any]:
    """One list from the file to its end, on this database; None: an SQLite file."""
    tree = CenterTree(yueyang_centers())
    # The edge of tests stands in the small tree of the rules' tests: here in the real one.
    for module in (rules, journal):
        vars(module)["TREE"] = tree
    content = await asyncio.to_thread(book, tree, rows)
    with tempfile.TemporaryDirectory() as folder:
        async with running_edge(Path(folder), None, url) as edge:
            edge.services.tree = tree
            desk = await edge.person("dispatcher", rules.CITY)
            looked_s, draft = await timed(post(desk, f"{ALL}/drafts", content))
            path = f"{ALL}/drafts/{draft['draft']}"
            roles = ["id", "personal", "personal", "center", "center", "center", "shown"]
            matched_s, match = await timed(post(desk, f"{path}/match", {"columns": roles}))
            done = asyncio.Event()
            others = asyncio.create_task(beside(edge, done))
            begun = time.perf_counter()
            asked = {"columns": roles, "title": "演练", "leave_out": True}
            await post(desk, f"{path}/load", asked)
            while (now := await desk.get(path))["state"] == "loading":
                await asyncio.sleep(0.1)
            loaded_s = time.perf_counter() - begun
            done.set()
            meanwhile = await others
            if now["state"] != "loaded":
                raise RuntimeError(str(now))
            clearing = now["clearing"]
            issued_s, _ = await timed(desk.command("clearing.issue", clearing=clearing))
            boards: dict[str, list[float]] = {"county": [], "township": [], "village": []}
            heads: list[float] = []

            async def look() -> None:
                for level, took in boards.items():
                    took.append((await timed(desk.get(f"{ALL}/{clearing}/board", level=level)))[0])
                heads.append((await timed(desk.get(ALL)))[0])

            reported_s, told = await timed(whole_day(edge, clearing, look, share))
            code = clearing_of(edge.writer.state, clearing).codes[0]  # type: ignore[union-attr]
            pages = [(await timed(desk.get(f"{ALL}/{clearing}/rows", center=code)))[0] for _ in range(20)]
            deleted_s, _ = await timed(
                edge.writer.submit(command("clearing.delete", clearing=clearing), desk.account)
            )
    return {
        "database": "sqlite" if url is None else url.partition(":")[0],
        "rows": rows,
        "file_mib": round(len(content) / (1 << 20), 1),
        "look_s": round(looked_s, 2),
        "match_s": round(matched_s, 2),
        "matched": match["matched"],
        "unsure_rows": match["unsure_rows"],
        "load_s": round(loaded_s, 2),
        "commands_beside_p95_ms": p95(meanwhile),
        "commands_beside_max_ms": round(max(meanwhile) * 1000, 1),
        "issue_s": round(issued_s, 2),
        "reported": told,
        "report_s": round(reported_s, 1),
        **{f"board_{level}_p95_ms": p95(took) for level, took in boards.items()},
        "lists_p95_ms": p95(heads),
        "rows_p95_ms": p95(pages),
        "delete_s": round(deleted_s, 2),
    }


def main() -> None:
    """Measure on SQLite and PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=65_218)
    parser.add_argument("--share", type=float, default=0.3, help="of centers that report")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    results = []
    if arguments.only != "postgresql":
        results.append(asyncio.run(measure(arguments.rows, arguments.share, None)))
    if arguments.only != "sqlite":
        with running_postgres() as server:
            results.append(asyncio.run(measure(arguments.rows, arguments.share, server.new_database())))
    print(json.dumps({"lists": results}, indent=2))


if __name__ == "__main__":
    main()
