"""Commands a second through the writer, with the real rules: ``python -m tests.bench.bench_journal``. Prints JSON.

Each caller sends a command, waits for its answer and sends the next. The mix is that of a busy hour: notes, reports, orders
issued to one village, signed for and completed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

from hub import collector
from hub.directory.accounts import Account
from tests.support.journal import HubWriter, command, join, open_meeting, running_writer
from tests.support.postgres import running_postgres
from tests.support.rules import OTHER_VILLAGE, VILLAGE
from tests.support.story import LEADER, OTHER_VILLAGER, VILLAGER

_ids = count()


async def caller(writer: HubWriter, meeting: str, until: float, latencies: list[float]) -> None:
    """One caller's share of the busy hour, until the time is up."""

    async def do(who: Account, kind: str, in_meeting: str | None, **data: Any) -> Any:
        started = time.perf_counter()
        answer = await writer.submit(command(kind, in_meeting, id=f"b{next(_ids)}", **data), who)
        latencies.append(time.perf_counter() - started)
        return answer.entries[0]

    while time.perf_counter() < until:
        issued = await do(
            LEADER, "order.issue", meeting, text="加强巡查,有情况立即报告", targets=[VILLAGE, OTHER_VILLAGE]
        )
        order = issued.data["order"]
        await do(VILLAGER, "order.sign", None, order=order)
        await do(VILLAGER, "report.file", meeting, situation="abnormal", text="水位上涨十厘米")
        await do(VILLAGER, "order.complete", None, order=order, text="已完成")
        await do(LEADER, "note.add", meeting, text="北堤巡查完毕")
        await do(OTHER_VILLAGER, "order.sign", None, order=order)
        await do(OTHER_VILLAGER, "order.complete", None, order=order)
        await do(LEADER, "decision.record", meeting, text="转移低洼处群众")


async def measure(url: str, callers: int, seconds: float) -> dict[str, Any]:
    """One run on a fresh database."""
    async with running_writer(url) as (writer, _):
        meeting = await open_meeting(writer, LEADER, VILLAGE, OTHER_VILLAGE)
        await join(writer, meeting, LEADER, VILLAGER, OTHER_VILLAGER)
        latencies: list[float] = []
        begun = time.perf_counter()
        await asyncio.gather(*(caller(writer, meeting, begun + seconds, latencies) for _ in range(callers)))
        spent = time.perf_counter() - begun
    milliseconds = sorted(each * 1000 for each in latencies)
    return {
        "database": url.partition(":")[0],
        "callers": callers,
        "commands_per_s": round(len(milliseconds) / spent),
        "latency_p50_ms": round(statistics.median(milliseconds), 2),
        "latency_p95_ms": round(milliseconds[int(len(milliseconds) * 0.95)], 2),
    }


def main() -> None:
    """Measure 1 and 256 callers on SQLite and PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each run")
    parser.add_argument("--callers", type=int, nargs="*", default=[1, 256])
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    collector.calm()  # as control does
    results = []
    if arguments.only != "postgresql":
        for callers in arguments.callers:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                url = f"sqlite:///{Path(folder) / 'hub.db'}"
                results.append(asyncio.run(measure(url, callers, arguments.seconds)))
    if arguments.only != "sqlite":
        with running_postgres() as server:
            for callers in arguments.callers:
                results.append(asyncio.run(measure(server.new_database(), callers, arguments.seconds)))
    print(json.dumps({"journal": results}, indent=2))


if __name__ == "__main__":
    main()
