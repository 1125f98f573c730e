"""Ten thousand joins and leaves at one node process, as fast as they go: what it holds before and after.

Run as ``python -m tests.bench.bench_churn [--joins 10000]``; prints JSON. Every peer makes a real DTLS handshake; every
other one sends a little, some restart ICE, half of them say goodbye and half are closed. Before counting, 1,000 have come
and gone. `growth_percent` is the largest of memory, tasks and descriptors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from typing import Any

from tests.support.churn import Churn
from tests.support.media_node import FakeControl
from tests.support.media_process import NodeProcess
from tests.support.waiting import eventually

WARM_UP = 1000


async def measure(joins: int) -> dict[str, Any]:
    """One row."""
    control = FakeControl()
    await control.start()
    try:
        with NodeProcess(control.url) as process:
            await eventually(lambda: control.link is not None, why="the node has not linked")
            churn = Churn(control, process)
            await churn.go(WARM_UP)
            before, cpu, began = await churn.held(), process.cpu_s(), time.monotonic()
            await churn.go(joins)
            took, cpu = time.monotonic() - began, process.cpu_s() - cpu
            after = await churn.held()
    finally:
        await control.stop()
    growth = max(
        after.memory_bytes / before.memory_bytes,
        after.tasks / before.tasks,
        after.descriptors / before.descriptors,
    )
    return {
        "joins": joins,
        "joins_per_s": round(joins / took),
        "node_cpu_ms_per_join": round(cpu / joins * 1000, 2),
        "memory_before_bytes": before.memory_bytes,
        "memory_after_bytes": after.memory_bytes,
        "tasks": f"{before.tasks} to {after.tasks}",
        "descriptors": f"{before.descriptors} to {after.descriptors}",
        "growth_percent": round((growth - 1) * 100, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joins", type=int, default=10_000)
    joins = parser.parse_args().joins
    json.dump({"bench": "churn", "rows": [asyncio.run(measure(joins))]}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
