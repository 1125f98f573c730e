"""CPU per forwarded packet, delay, and memory per subscriber of a real node process, over loopback with real SRTP.

Run as ``python -m tests.bench.bench_forward [--seconds 5] [--rounds 3] [--subscribers 60,120] [--even] [--python] [--remb]``;
prints JSON. Without a choice: 1, 20, 60, 120 and 700 subscribers, 120 who send receiver reports and REMB instead of
transport-wide feedback, 60 with an evenly paced source, and 60 and 120 forwarded in Python,
without the compiled loops; of each the round with the median cost of those that are interleaved. One source of 1.5 Mbit/s at
30 fps, 720p: six packets a frame in one burst, as a pacer sends them, or spread evenly; a key frame of some twenty packets
every three seconds in one burst. The viewers (clients/loadtest) answer as a browser does: transport-wide feedback 15 times a
second, reports, NACKs; the node estimates each line, chooses layers, and tells the source. CPU is what the kernel accounted to
the node, user and system; on loopback that includes what receiving costs in the kernel. The delay is from a picture's last
packet leaving the source to the kernel's stamp on it at the viewer's socket.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

from clients.loadtest.synthetic import video_frames
from hub.media.native import SWITCH
from tests.bench.forwarding import PICTURE, Cost, Load, cost_of
from tests.support.node_venue import node_venue

#: Beyond this many the generator looks at its viewers more rarely, and opens fewer frames.
_MANY: Final = 300


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the result, and in how many rounds it is measured."""

    subscribers: int
    even: bool = False
    compiled: bool = True
    repeated: bool = False
    remb: bool = False


CASES: Final = (
    Case(1),
    Case(20),
    Case(60, repeated=True),
    Case(120, repeated=True),
    Case(120, repeated=True, remb=True),
    Case(60, even=True, repeated=True),
    Case(60, compiled=False, repeated=True),
    Case(120, compiled=False, repeated=True),
    Case(700),
)


async def measure(case: Case, seconds: float) -> dict[str, Any]:
    """One round with a fresh node process."""
    every = 6 if case.subscribers > _MANY else 2
    load = Load(case.subscribers, seconds, case.even, sample_every=every, remb=case.remb)
    video_frames(PICTURE)  # takes longer than a link goes without an answer
    async with node_venue({SWITCH: "1" if case.compiled else "0"}) as (venue, process):
        cost: Cost = await cost_of(venue, process.pid, load)
        port = (await venue.dump())["port"]
    seen = cost.window.tally.told(cost.window.seconds)
    return {
        "subscribers": case.subscribers,
        "source": "even" if case.even else "bursts",
        "compiled": "yes" if case.compiled else "no",
        "answers": "REMB" if case.remb else "transport-wide feedback",
        "packets_per_s": seen["packets_per_s"],
        "us_per_packet": cost.us_per_packet,
        "cpu_share": cost.cpu_share,
        "feedback_per_s": round(
            cost.window.tally.counters["remb_sent" if case.remb else "feedback_sent"] / cost.window.seconds
        ),
        "packets_per_run": round(port["sent"] / port["runs"], 1) if port["runs"] else None,
        "delay_p50_ms": seen["delay_ms"]["p50"],
        "delay_p95_ms": seen["delay_ms"]["p95"],
        "delay_p99_ms": seen["delay_ms"]["p99"],
        "lost_permille": seen["video_loss_permille"],
        "memory_per_subscriber_bytes": cost.memory_bytes,
    }


async def run(cases: tuple[Case, ...], rounds: int, seconds: float) -> dict[str, Any]:
    """All cases, those that are repeated one after the other in each round; of each the median."""
    rows: dict[Case, list[dict[str, Any]]] = {case: [] for case in cases}
    for number in range(rounds):
        for case in cases:
            if case.repeated or number == 0:
                rows[case].append(await measure(case, seconds))
    found = [sorted(of, key=lambda row: float(row["us_per_packet"]))[len(of) // 2] for of in rows.values()]
    return {"forward": found}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--subscribers", default="")
    parser.add_argument("--even", action="store_true")
    parser.add_argument("--python", action="store_true")
    parser.add_argument("--remb", action="store_true", help="of each number, some with REMB too")
    options = parser.parse_args()
    cases = tuple(
        Case(int(word), options.even, not options.python, repeated=True, remb=remb)
        for word in options.subscribers.split(",")
        if word
        for remb in (False, True)[: 1 + options.remb]
    )
    print(json.dumps(asyncio.run(run(cases or CASES, options.rounds, options.seconds)), indent=1))


if __name__ == "__main__":
    main()
