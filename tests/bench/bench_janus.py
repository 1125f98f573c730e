"""The node beside Janus: ``python -m tests.bench.bench_janus [--seconds 5] [--rounds 3] [--subscribers 60,120]``. Prints JSON.

Janus is the Debian package with its VideoRoom, once as it comes (a thread a peer) and once with `event_loops=1`, its best
setting; both with transport-wide feedback from every viewer, as ours. The same generator sends the same source (see the
forwarding above) and watches in the same way; each server has one core, the generator the other; the three take turns, and of
each the median round counts. CPU is that of the whole server process a forwarded packet. Without Janus on the machine only
our own figures are there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
from typing import Any, Final

from tests.bench.forwarding import Cost, Load, cost_of
from tests.support.janus_venue import janus_venue, janus_version, own_address
from tests.support.node_venue import node_venue

HUB: Final = "hub"
BEST: Final = "janus_event_loops_1"
DEFAULT: Final = "janus_default"


async def measure(server: str, load: Load) -> Cost:
    """One round of one server, freshly started."""
    if server == HUB:
        async with node_venue() as (venue, process):
            return await cost_of(venue, process.pid, load)
    own = own_address()
    async with janus_venue(1 if server == BEST else None) as (room, janus):
        return await cost_of(room, janus.pid, load, (own,))


async def run(counts: tuple[int, ...], rounds: int, seconds: float) -> dict[str, Any]:
    """A row for each number of subscribers."""
    version = janus_version()
    servers = [HUB]
    try:
        own_address()
    except OSError:
        print("this machine has no address but loopback, which Janus does not take", file=sys.stderr)
        version = None
    if version is None:
        print("Janus is not measured: it is not installed here (Debian: janus)", file=sys.stderr)
    else:
        servers += [BEST, DEFAULT]
    rows = []
    for count in counts:
        found: dict[str, list[Cost]] = {server: [] for server in servers}
        for _ in range(rounds):
            for server in servers:
                found[server].append(await measure(server, Load(count, seconds)))
        row: dict[str, Any] = {"subscribers": count, "janus": version or "not there"}
        for server in (HUB, BEST, DEFAULT):
            costs = found.get(server)
            row[f"{server}_us"] = median_us(costs) if costs else None
        for server in (BEST, DEFAULT):
            row[f"of_{server}"] = (
                round(row["hub_us"] / row[f"{server}_us"], 3) if row[f"{server}_us"] else None
            )
        for server in (HUB, BEST, DEFAULT):
            delays = [cost.window.tally.delays.percentile(0.95) or 0.0 for cost in found.get(server, [])]
            row[f"{server}_delay_p95_ms"] = round(statistics.median(delays) * 1000, 2) if delays else None
        rows.append(row)
    return {"janus": rows}


def median_us(costs: list[Cost]) -> float:
    """The median cost of a packet."""
    return round(statistics.median(cost.us_per_packet for cost in costs), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--subscribers", default="60,120")
    options = parser.parse_args()
    counts = tuple(int(word) for word in options.subscribers.split(","))
    print(json.dumps(asyncio.run(run(counts, options.rounds, options.seconds)), indent=1))


if __name__ == "__main__":
    main()
