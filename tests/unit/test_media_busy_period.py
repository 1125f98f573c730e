"""A queue that is never empty says what the line carries; gaps, jitter and a wide line say nothing."""

from __future__ import annotations

import random

import pytest

from hub.media.estimate.busy_period import BusyPeriod

SIZE = 1000
SENT_BPS = 1_000_000.0


def told(busy: BusyPeriod, gaps: list[float], queue_s: float = 0.1, began: float = 5.0) -> float | None:
    """Messages of five packets each that arrived after these gaps; what the last one says."""
    busy.begin(0.0, began)
    now, found = began, None
    for start in range(0, len(gaps), 5):
        arrivals = []
        for gap in gaps[start : start + 5]:
            now += gap
            arrivals.append(now)
        busy.told(queue_s, arrivals, SIZE * len(arrivals))
        found = busy.narrow_bps(SENT_BPS)
    return found


def test_even_arrivals_behind_a_queue_tell_the_rate_of_the_line() -> None:
    assert told(BusyPeriod(), [0.02] * 15) == pytest.approx(400_000)


def test_a_short_time_a_short_queue_or_a_line_wide_enough_say_nothing() -> None:
    assert told(BusyPeriod(), [0.02] * 5) is None
    assert told(BusyPeriod(), [0.02] * 15, queue_s=0.04) is None
    assert told(BusyPeriod(), [0.009] * 30) is None


def test_a_line_that_stopped_for_a_moment_is_not_narrow() -> None:
    assert told(BusyPeriod(), [0.01] * 8 + [0.15] + [0.01] * 6) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_line_that_jitters_is_not_narrow(seed: int) -> None:
    chance = random.Random(seed)
    free = 0.0
    arrivals = []
    for number in range(200):
        free = max(free, number * 0.008 + chance.random() * 0.1)
        arrivals.append(free)
    busy = BusyPeriod()
    busy.begin(0.0, arrivals[0])
    for start in range(1, 195, 5):
        busy.told(0.1, arrivals[start : start + 5], 5 * SIZE)
        assert busy.narrow_bps(SENT_BPS) is None


def test_what_arrived_before_the_sender_gave_way_does_not_count() -> None:
    busy = BusyPeriod()
    assert told(busy, [0.02] * 15) is not None
    busy.forget()
    assert busy.narrow_bps(SENT_BPS) is None
    busy.told(0.1, [9.0, 9.02], 2 * SIZE)
    assert busy.narrow_bps(SENT_BPS) is None
