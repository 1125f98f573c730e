"""A list of 65,218 people in the real directory, and a day of it: ``python -m tests.bench.bench_lists``. Prints JSON.

With the edge's own calls: looking at the file, matching, loading (beside it commands of a meeting, whose answers are
timed), giving out. Then all centers clear their rows, some at a time and in a random order, twenty at once as their pages send
them: most are normal, some abnormal (with words, which are sealed), absent, or moved to another center, which clears them in
turn. Meanwhile the board is read on each level and held against a recount of all rows (`recounts`, `wrong` of them), and so are
the pages of lists and of a center's rows. At last the rows are taken away, and the journal is verified (`unsound`: findings).
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
import xlsxwriter

from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.dispatch.clearings import OUTCOMES, Clearing, clearing_of
from hub.journal.verify import verify
from hub.store import tables
from hub.store.offline import offline_journal
from tests.support import journal, rules
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command
from tests.support.postgres import running_postgres

ALL = "/api/v1/clearings"
LEVELS = ("county", "township", "village")
#: Stations that report at the same time.
AT_ONCE = 8
_ids = itertools.count(1)
#: Center and outcome -> rows.
Counted = Counter[tuple[str, str]]


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


async def again(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Asked until it is answered, as stations do whose line is lost."""
    while True:
        try:
            return await ask()
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.1)


def p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1] * 1000, 1) if len(values) > 1 else 0.0


async def beside(leader: Person, until: asyncio.Event) -> list[float]:
    """How long commands of others take meanwhile."""
    took = []
    while not until.is_set():
        spent, _ = await timed(leader.command("report.file", situation="normal"))
        took.append(spent)
        await asyncio.sleep(0.05)
    return took


class Day:
    """The day on which a list is cleared."""

    def __init__(self, edge: Edge, desk: Person, clearing: str) -> None:
        self.reported = 0
        self.recounts = self.wrong = 0
        self.took: dict[str, list[float]] = {name: [] for name in (*LEVELS, "lists", "rows", "report")}
        """Seconds of each board by its level, of the pages of lists and of rows, and of a report."""
        self._edge = edge
        self._desk = desk
        self._clearing = clearing
        self._chance = random.Random(3)
        self._people: dict[str, Person] = {}

    @property
    def _list(self) -> Clearing:
        found = clearing_of(self._edge.writer.state, self._clearing)
        assert found is not None
        return found

    async def run(self, share: float) -> None:
        """Centers report until nothing is left, also of what went on to them; with `share` only some of them."""
        codes = list(self._list.codes)
        self._chance.shuffle(codes)
        left = codes[: int(len(codes) * share)]
        chosen = set(left)
        while left:
            waiting = iter(left)
            looking = asyncio.create_task(self._look())
            await asyncio.gather(*(self._report(waiting) for _ in range(AT_ONCE)))
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            found = self._list
            passed = {code for row, code in found.passed.items() if found.outcome(row) is None}
            left = sorted(passed & chosen if share < 1 else passed)
        await self._recount()

    async def _report(self, centers: Iterator[str]) -> None:
        for code in centers:
            if (known := self._people.get(code)) is None:
                who = self._people[code] = await self._edge.person("station", code)
            else:
                who = await self._edge.signed_in_again(known)
            page = await who.get(f"{ALL}/own")
            assert [each["id"] for each in page["clearings"]] == [self._clearing]
            await again(partial(who.command, "clearing.take", clearing=self._clearing))
            spent, _ = await timed(who.get(f"{ALL}/{self._clearing}/rows", state="left"))
            self.took["rows"].append(spent)
            rows = [row for row in self._list.rows_of(code) if self._list.outcome(row) is None]
            for begin in range(0, len(rows), 20):
                results = [self._result(row, code) for row in rows[begin : begin + 20]]
                path = f"{ALL}/{self._clearing}/results"
                body = {"id": f"d{next(_ids)}", "results": results}
                spent, _ = await timed(again(partial(post, who, path, body)))
                self.took["report"].append(spent)
                self.reported += len(results)
            await who.http.close()

    def _result(self, row: int, code: str) -> dict[str, Any]:
        """What came of one row; one that has moved once stays where it is."""
        drawn = self._chance.random()
        if drawn < 0.05:
            return {"row": row, "outcome": "abnormal", "trouble": "unreached", "text": f"第 {row} 行无人应答"}
        if drawn < 0.08:
            return {"row": row, "outcome": "absent"}
        if drawn < 0.10 and row not in self._list.passed:
            to = self._chance.choice(self._list.codes)
            return {"row": row, "outcome": "moved"} | ({"to": to} if to != code else {})
        return {"row": row, "outcome": "normal"}

    async def _look(self) -> None:
        while True:
            await self._recount()
            spent, _ = await timed(self._desk.get(ALL))
            self.took["lists"].append(spent)
            await asyncio.sleep(3)

    async def _recount(self) -> None:
        """Each board beside a count of all rows at the same entry; one that lags behind its rows would show."""
        for level in LEVELS:
            before = self._counted()
            spent, board = await timed(
                self._desk.get(f"{ALL}/{self._clearing}/board", level=level, limit="5000")
            )
            self.took[level].append(spent)
            # Meanwhile more may be reported: a figure stands between that of before and that of after.
            after = self._counted()
            self.recounts += 1
            self.wrong += not all(self._stands_between(line, before, after) for line in board["rows"])

    def _counted(self) -> Counted:
        """All rows by what came of them, at the center that has them and at all above it."""
        found, tree, counted = self._list, self._edge.services.tree, Counted()
        by_holder = Counter((found.holder(row), found.outcome(row)) for row in range(1, found.rows + 1))
        for (holder, outcome), count in by_holder.items():
            assert holder is not None
            for each in tree.path(holder):
                counted[each.code, outcome or "left"] += count
        return counted

    @staticmethod
    def _stands_between(line: dict[str, Any], before: Counted, after: Counted) -> bool:
        code, counts = line["center"], line["counts"]
        if before == after and counts["total"] != sum(after[code, each] for each in (*OUTCOMES, "left")):
            return False
        # An outcome stays where it is, so that its count only grows.
        return all(before[code, each] <= counts[each] <= after[code, each] for each in OUTCOMES)


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
            others = asyncio.create_task(beside(await edge.person("leader", rules.CITY, number=8), done))
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
            day = Day(edge, desk, clearing)
            day_s, _ = await timed(day.run(share))
            deleted_s, _ = await timed(
                edge.writer.submit(
                    command("clearing.delete", clearing=clearing, reason="演练结束"), desk.account
                )
            )
            rows_left = await edge.database.read(_rows_left)
            verified_s, findings = await timed(asyncio.to_thread(_findings, edge))
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
        "reported": day.reported,
        "day_s": round(day_s, 1),
        "report_p95_ms": p95(day.took["report"]),
        **{f"board_{level}_p95_ms": p95(day.took[level]) for level in LEVELS},
        "lists_p95_ms": p95(day.took["lists"]),
        "rows_p95_ms": p95(day.took["rows"]),
        "recounts": day.recounts,
        "wrong": day.wrong,
        "delete_s": round(deleted_s, 2),
        "rows_left": rows_left,
        "verify_s": round(verified_s, 1),
        "unsound": len(findings),
    }


def _rows_left(connection: sa.Connection) -> int:
    """Rows, words, results and keys of lists in the database."""
    there = (tables.clearing_keys, tables.clearing_rows, tables.clearing_words, tables.clearing_results)
    return sum(
        connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in there
    )


def _findings(edge: Edge) -> list[str]:
    """What a verification says; the accounts of this measurement are put in past the journal."""
    with offline_journal(edge.database) as journal:
        found = verify(journal, edge.folder, edge.folder / "recordings").findings
    told = [each.text for each in found if not each.text.startswith("accounts")]
    print(*told, sep="\n", file=sys.stderr)
    return told


def main() -> None:
    """Measure on SQLite and PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=65_218)
    parser.add_argument("--share", type=float, default=1.0, help="of centers that report")
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
