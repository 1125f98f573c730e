"""Views (一表通) over a city's registry and visits: ``python -m tests.bench.bench_views [--villages 250]``. Prints JSON.

The city of `bench_sweep` (20 grids a village, 42 households each), a sweep with visits told by commands, and answers known of
every household, sealed as they are after a sweep: usual ones, one household of five hundred from elsewhere (marked), and one of
five hundred that has a dog, which an own question asks (not marked: every household has to be opened). Views are begun and read
over HTTP by the city for itself, for a county and for a township, in pages of 50. Told for each: until it is begun (`begin`), a
page (`page`), and from the click to the first 50 rows or all there are (`first_rows`). `wrong`: views whose rows are others
than those that were planted. Then the households of a smaller county become a spreadsheet, while another view is read
(`beside`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import system_clock
from hub.directory.tree import CenterTree
from hub.grids.sweep_kept import NewKnown
from hub.grids.sweep_ready import READY
from hub.people import Accounts
from hub.store import tables
from tests.bench.bench_lists import post, timed
from tests.bench.bench_sweep import GRIDS, HOUSEHOLDS, city, lay, visited
from tests.bench.live import percentiles
from tests.support import rules
from tests.support.edge import Edge, Person, running_edge

READINGS: Final = "/api/v1/views/readings"
PAGE: Final = 50
#: Pages that are read of each reading, and readings of each view.
PAGES: Final = 8
TIMES: Final = 5
RARE: Final = 500
#: Of a file, at most (`signaling.view_desk`).
FILE_ROWS: Final = 80_000
_PLACE: Final = ["village", "grid", "building", "house", "head", "persons"]


def _answered(key: str, *values: str) -> dict[str, Any]:
    return {"columns": [*_PLACE, f"answer.{key}"], "filters": {"answers": [{"key": key, "values": values}]}}


VIEWS: Final[dict[str, dict[str, Any]]] = {
    "all households": {"columns": [*_PLACE, "last_outcome"]},
    "not visited for three days": {
        "columns": [*_PLACE, "last_at"],
        "filters": {"not_visited_days": 3},
        "order": "longest",
    },
    "visits of seven days": {
        "source": "visits",
        "columns": ["at", "outcome", *_PLACE],
        "filters": {"visited_days": 7},
        "order": "newest",
    },
    "floating persons": {
        "source": "persons",
        "columns": ["village", "grid", "name", "age"],
        "filters": {"residence": ["floating"]},
    },
    "usual answer": _answered("origin", "no"),
    "rare answer": _answered("origin", "outside", "abroad"),
    "rare answer to an own question": _answered("dog", "yes"),
}
#: Views of which is known which rows there are: the remainder of a household's number by `RARE`.
PLANTED: Final = {"rare answer": 0, "rare answer to an own question": 1}


async def answered(edge: Edge) -> dict[str, int]:
    """Answers known of every household; household -> its number."""
    query = sa.select(tables.households.c.id, tables.households.c.row)
    rows = await edge.database.read(lambda connection: connection.execute(query).all())
    now = system_clock()
    for first in range(0, len(rows), 1_000):
        known = {}
        for row in rows[first : first + 1_000]:
            answers = {"origin": "no", "need": "none", "dog": "no"}
            if row.row % RARE == PLANTED["rare answer"]:
                answers["origin"] = "outside"
            if row.row % RARE == PLANTED["rare answer to an own question"]:
                answers["dog"] = "yes"
            known[row.id] = [NewKnown(1, now, answers)]
        await edge.services.sweeps.put([], known)
    return {row.id: row.row for row in rows}


class Read:
    """Readings of one view in one area, timed."""

    def __init__(self, name: str, level: str) -> None:
        self.name, self.level = name, level
        self.begin: list[float] = []
        self.page: list[float] = []
        self.first_rows: list[float] = []
        self.of = 0

    async def once(self, desk: Person, center: str) -> None:
        """Begin it, and read the first pages."""
        asked = {"asks": VIEWS[self.name], "center": center}
        spent, reading = await timed(post(desk, READINGS, asked))
        self.begin.append(spent * 1000)
        self.of = reading["of"]
        whole, rows, shown, after = spent, 0, None, 0
        for _ in range(PAGES):
            path = f"{READINGS}/{reading['reading']}/rows"
            spent, page = await timed(desk.get(path, after=str(after), limit=str(PAGE)))
            self.page.append(spent * 1000)
            whole, rows, after = whole + spent, rows + len(page["rows"]), page["next"]
            if shown is None and (rows >= PAGE or after is None):
                shown = whole
            if after is None:
                break
        if shown is not None:
            self.first_rows.append(shown * 1000)

    def told(self, wrong: int) -> dict[str, Any]:
        """Its figures; no `first_rows` where it was not come to that many in the pages that were read."""
        began, page = percentiles(self.begin), percentiles(self.page)
        return {
            "view": self.name,
            "area": self.level,
            "rows_listed": self.of,
            "begin_p95_ms": began["p95_ms"],
            "page_p50_ms": page["p50_ms"],
            "page_p95_ms": page["p95_ms"],
            "first_rows_ms": percentiles(self.first_rows)["p95_ms"] if self.first_rows else None,
            "wrong": wrong,
        }


async def households_of(desk: Person, name: str, center: str) -> set[str]:
    """All households of a view."""
    reading = await post(desk, READINGS, {"asks": VIEWS[name], "center": center})
    found: set[str] = set()
    after: int | None = 0
    while after is not None:
        page = await desk.get(f"{READINGS}/{reading['reading']}/rows", after=str(after), limit="200")
        found |= {row["household"] for row in page["rows"]}
        after = page["next"]
    return found


async def filed(desk: Person, county: str, town: str) -> dict[str, Any]:
    """A spreadsheet of an area's households, and pages of another view while it is made."""
    reading = await post(desk, READINGS, {"asks": VIEWS["all households"], "center": county})
    path, begun = f"{READINGS}/{reading['reading']}", time.perf_counter()
    async with desk.http.post(f"{path}/file", json={"format": "xlsx"}) as answer:
        if answer.status != 202:
            raise RuntimeError(await answer.text())
    beside = Read("usual answer", "township")
    while (now := (await desk.get(path))["file"])["state"] == "making":
        await beside.once(desk, town)
    if now["state"] != "done":
        raise RuntimeError(str(now))
    took = time.perf_counter() - begun
    async with desk.http.get(f"{path}/file") as answer:
        size = len(await answer.read())
    told = beside.told(0)
    return {
        "view": "all households as a spreadsheet",
        "area": "county",
        "rows_listed": now["rows"],
        "file_s": round(took, 1),
        "file_kib": size // 1024,
        "beside_page_p95_ms": told["page_p95_ms"],
    }


async def measured(folder: Path, villages_wanted: int, visits: int) -> list[dict[str, Any]]:
    """A row for each view and area, and one of the file."""
    laid = await lay(folder, villages_wanted)
    tree, villages = city(villages_wanted)
    async with running_edge(folder) as edge:
        edge.services.tree = tree
        people = edge.writer.state.parts.read(Accounts).by_id
        known = json.loads((folder / "members.json").read_text())
        desk = await edge.person("dispatcher", rules.CITY)
        form = [each.model_dump(mode="json") for each in READY["fever"].form]
        asked = {"id": "city", "title": "全城排查", "sort": "blanket", "center": rules.CITY, "form": form}
        sweep = (await post(desk, "/api/v1/sweeps", asked))["sweep"]
        await visited(edge, {grid: people[account] for grid, account in known.items()}, sweep, visits)
        numbers = await answered(edge)
        way = {step.level: step.code for step in tree.path(villages[0])}
        rows = []
        for name in VIEWS:
            for level in ("city", "county", "township"):
                read = Read(name, level)
                for _ in range(TIMES):
                    await read.once(desk, way[level])
                wrong = 0
                if name in PLANTED and (level == "township" or name == "rare answer"):
                    planted = {id for id, number in numbers.items() if number % RARE == PLANTED[name]}
                    found = await households_of(desk, name, way[level])
                    wrong = int(not found <= planted or (level == "city" and found != planted))
                rows.append({**read.told(wrong), "households": laid["households"]})
        file = await filed(desk, _for_a_file(tree, villages), way["township"])
        rows.append({**file, "households": laid["households"]})
    load = round(os.getloadavg()[0], 1)
    return [{**row, "load": load} for row in rows]


def _for_a_file(tree: CenterTree, villages: list[str]) -> str:
    """The county, or township, with the most households that still fit into a file."""
    there = Counter(
        step.code
        for village in villages
        for step in tree.path(village)
        if step.level in ("county", "township")
    )
    fit = {code: count for code, count in there.items() if count * GRIDS * HOUSEHOLDS <= FILE_ROWS}
    return max(fit, key=lambda code: fit[code])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, default=250, help="a county of them, and some more")
    parser.add_argument("--visits", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measured(Path(folder), arguments.villages, arguments.visits))
    names = list(dict.fromkeys(name for row in found for name in row))
    print(json.dumps({"views": [{name: row.get(name) for name in names} for row in found]}, indent=2))


if __name__ == "__main__":
    main()
