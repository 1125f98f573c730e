"""What was sent and not told of: the log in Python and the one of the compiled loops say the same."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from hub.media import native
from hub.media.estimate import line as hub_line
from hub.media.estimate.sent_log import BatchLog, SentLog
from tests.support.native_library import needs_compiler, present_library

pytestmark = needs_compiler


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


@pytest.mark.parametrize("seed", range(5))
def test_both_logs_find_the_same_in_messages(seed: int) -> None:
    """Messages that come late, twice, or not at all; numbers that wrap; packets that were never sent."""
    chance = random.Random(seed)
    start = 65_000
    logs: list[SentLog] = [BatchLog(), hub_line.Line(native.native(), start)]
    logs[0].sent(start - 1 & 0xFFFF, (1,), 0.0)
    logs[0].forget()
    now, number, told, found = 5000.0, start, start, 0
    for _ in range(3000):
        now += chance.choice((0.001, 0.02, 0.5))
        sizes = tuple(chance.randrange(1, 1400) for _ in range(chance.randrange(1, 9)))
        for log in logs:
            log.sent(number & 0xFFFF, sizes, now)
        number += len(sizes)
        happens = chance.random()
        if happens < 0.4:
            base, count = told + chance.choice((0, 0, 0, -3, 2)), chance.randrange(1, number - told + 4)
            told = max(told, min(number, base + count))
            seen = [
                [
                    (place.place + at, size, pytest.approx(place.sent_at, abs=3e-6))
                    for place in log.tell(base & 0xFFFF, count, now)
                    for at, size in enumerate(place.sizes)
                ]
                for log in logs
            ]
            assert seen[0] == seen[1]
            found += len(seen[0])
        elif happens < 0.42:
            told = number
            for log in logs:
                log.forget()
        elif happens < 0.5:
            told += chance.randrange(number - told + 1)
            for log in logs:
                log.tell_all(told & 0xFFFF)
        else:
            assert logs[0].next_number == logs[1].next_number == number & 0xFFFF
        spans = [log.span(now) for log in logs]
        assert spans[1][1] == pytest.approx(spans[0][1], abs=3e-6)
    assert found > 3000
