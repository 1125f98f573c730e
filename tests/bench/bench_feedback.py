"""What one viewer's congestion control costs: run as `python -m tests.bench.bench_feedback`, prints JSON, µs a call.

The viewer is sent 1.5 Mbit/s at 30 pictures a second with sound, and tells of it every 55 ms as a browser does; the
messages of ten minutes are made beforehand, then given to estimators one after the other. Besides, the allocation
for one slot and for sixteen, and how much memory an estimator in use takes.
"""

from __future__ import annotations

import gc
import json
import random
import time
import timeit
import tracemalloc

from hub.media.egress.allocation import Allocator, SlotOffer
from hub.media.estimate.bandwidth import Estimator
from hub.media.ingest.offer import LayerOffer, Offer
from hub.wire.rtcp import TransportFeedback, feedback_from_arrivals
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound

#: One batch sent: first number, sizes, time. One message heard: bytes, time.
Sent = tuple[int, tuple[int, ...], float]
Heard = tuple[bytes, float]


def call(seconds: float, loss: float) -> list[Sent | Heard]:
    """All that happens between the hub and one viewer in that time, in order."""
    chance = random.Random(1)
    number = told = 0
    events: list[Sent | Heard] = []
    arrivals: list[tuple[int, int]] = []
    now = 1.0
    frame_due = sound_due = tell_due = now
    while now < seconds:
        now = min(frame_due, sound_due, tell_due)
        if now == tell_due:
            tell_due += 0.055
            if arrivals:
                first = feedback_from_arrivals(1, 2, 0, arrivals)[0]
                gap = (None,) * (arrivals[0][0] - told)
                message = TransportFeedback(1, 2, told & 0xFFFF, first.reference_time, 0, gap + first.deltas)
                told = arrivals[-1][0] + 1
                events.append((serialise([message]), now))
                arrivals = []
            continue
        if now == frame_due:
            frame_due += 1 / 30
            sizes = (1160,) * chance.choice((4, 5, 5, 6, 7))
        else:
            sound_due += 0.02
            sizes = (120,)
        events.append((number & 0xFFFF, sizes, now))
        for offset, size in enumerate(sizes):
            if chance.random() >= loss:
                arrivals.append((number + offset, int((now + 0.02 + size * offset * 8e-7) * 1e6)))
        number += len(sizes)
    return events


def replay(events: list[Sent | Heard]) -> tuple[float, float, Estimator]:
    """µs a `sent` and µs a `feedback` of one whole call."""
    estimator = Estimator(0.0)
    clock = time.perf_counter
    hear, send = estimator.feedback, estimator.sent
    heard = 0
    spent = 0.0
    begin = clock()
    for event in events:
        if len(event) == 2:
            at = clock()
            hear(*event)
            spent += clock() - at
            heard += 1
        else:
            send(*event)
    total = clock() - begin
    return (total - spent) / (len(events) - heard) * 1e6, spent / heard * 1e6, estimator


def cost_us(function: object) -> float:
    """The best of five rounds, µs a call."""
    timer = timeit.Timer(function)  # type: ignore[arg-type]
    number, _ = timer.autorange()
    return min(timer.repeat(5, number // 4 + 1)) / (number // 4 + 1) * 1e6


def allocation_us(slots: int) -> float:
    """One allocation for so many slots, with a budget that moves."""
    allocator = Allocator()
    offers = [
        Offer(
            f"source {n}",
            [LayerOffer((90_000 << 2 * i, 150_000 << 2 * i), 320 << i, 180 << i) for i in range(3)],
        )
        for n in range(slots)
    ]
    offered = [
        SlotOffer(offer, 1280 if not n else 320, 720 if not n else 180, n == 0)
        for n, offer in enumerate(offers)
    ]
    state = {"now": 0.0}

    def once() -> None:
        state["now"] += 0.2
        allocator.allocate(800_000 + 1_000_000 * (state["now"] % 3), offered, state["now"])

    return cost_us(once)


def memory_bytes(events: list[Sent | Heard]) -> int:
    """What an estimator holds in the middle of a call, sizes and times (which all viewers share) not counted."""
    gc.collect()
    tracemalloc.start()
    estimators = []
    for _ in range(20):
        estimator = Estimator(0.0)
        for event in events[:2000]:
            estimator.feedback(*event) if len(event) == 2 else estimator.sent(*event)
        estimators.append(estimator)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held // len(estimators)


def main() -> None:
    """Measure and print."""
    rows: list[dict[str, object]] = []
    for loss in (0.0, 0.05):
        events = call(120.0, loss)
        rounds = [replay(events)[:2] for _ in range(5)]
        sent, heard = min(one[0] for one in rounds), min(one[1] for one in rounds)
        messages = [event[0] for event in events if len(event) == 2]
        full = cost_us(lambda: parse_compound(messages[50]))  # noqa: B023
        rows += [
            {"call": f"sent, a batch ({loss:.0%} loss)", "us_per_call": round(sent, 2)},
            {"call": f"feedback, a message ({loss:.0%} loss)", "us_per_call": round(heard, 2)},
            {"call": f"(full parser of the same, alone, {loss:.0%} loss)", "us_per_call": round(full, 2)},
        ]
        if not loss:
            rows.append(
                {"call": "(memory of an estimator: bytes, not µs)", "us_per_call": memory_bytes(events)}
            )
    for slots in (1, 16):
        rows.append({"call": f"allocation, {slots} slots", "us_per_call": round(allocation_us(slots), 2)})
    idle = replay(call(10.0, 0.0))[2]
    rows.append(
        {"call": "probe, nothing to do", "us_per_call": round(cost_us(lambda: idle.probe(10.0, 0)), 2)}
    )
    print(json.dumps({"feedback": rows}, ensure_ascii=False))


if __name__ == "__main__":
    main()
