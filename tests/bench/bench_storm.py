"""Everybody joins at once: ``python -m tests.bench.bench_storm [--joiners 1000] [--running 20]``. Prints JSON.

A call of 20 viewers runs on one node on one core; then so many others all open a session, check, shake hands and watch at the
same moment, as after a line came back. Measured are the time until each of them has its first whole picture, counted from that
moment, and the delay of the running call meanwhile (see the lecture for what a delay is). The session calls go over the link,
so that the HTTP side of a hub is not part of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from clients.loadtest.plan import Plan
from tests.bench.bench_lecture import PICTURE
from tests.support.node_venue import perform_on_node


async def run(joiners: int, running: int, seconds: float) -> dict[str, Any]:
    """One storm; a row with what it came to."""
    plan = Plan(scenario="storm", viewers=joiners, running=running, seconds=seconds, layers=(PICTURE,))
    result = await perform_on_node(plan)
    before, during, after = result["windows"]
    first = after["seen"]["first_picture_ms"]
    row = {
        "joiners": joiners,
        "with_picture": after["seen"]["pictures_playing"],
        "first_picture_p50_ms": first["p50"],
        "first_picture_p95_ms": first["p95"],
        "all_have_picture_ms": first["max"],
        "delay_p95_before_ms": before["seen"]["delay_ms"]["p95"],
        "delay_p95_meanwhile_ms": during["seen"]["delay_ms"]["p95"],
        "delay_worst_meanwhile_ms": during["seen"]["delay_ms"]["max"],
        "lost_meanwhile_permille": during["seen"]["video_loss_permille"],
        "node_cpu_meanwhile": during["cost"]["cpu"].get("node"),
        "generator_cpu_meanwhile": during["generator"]["busiest_process"],
        "bottleneck": result["bottleneck"]["who"],
    }
    return {"storm": [row], "bottleneck": result["bottleneck"], "failures": after["seen"]["failures"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joiners", type=int, default=1000)
    parser.add_argument("--running", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    print(json.dumps(asyncio.run(run(options.joiners, options.running, options.seconds)), indent=1))


if __name__ == "__main__":
    main()
