"""Stamps run with arrival: hours of virtual pictures, under clocks that cameras really have."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest

from hub.gateway.clock import RATE, Stamps

FPS = 25
HOURS_10 = 10 * 3600 * RATE


def shown(
    camera: Callable[[float], int],
    seconds: float = 60.0,
    *,
    fps: float = FPS,
    late: Callable[[float], float] = lambda at: 0.0,
) -> tuple[list[float], list[float], Stamps]:
    """Stamps and arrivals, in s, of pictures that arrive in turns of 20 ms under seeded jitter."""
    chance = random.Random(7)
    stamps = Stamps(fps=None)
    out: list[float] = []
    arrived: list[float] = []
    previous = 0.0
    for number in range(int(seconds * fps)):
        at = number / fps
        now = max(previous, at + late(at) + chance.random() * 0.01)
        now = previous = -(-now // 0.02) * 0.02
        out.append(stamps.take(camera(at) & 0xFFFF_FFFF, 1000 + now) / RATE)
        arrived.append(now)
    return out, arrived, stamps


def steps(times: list[float]) -> list[float]:
    return [after - before for before, after in itertools.pairwise(times)]


def test_a_good_clock_is_believed_to_the_tick_or_nearly() -> None:
    out, _, stamps = shown(lambda at: 77 + round(at * RATE))
    assert all(abs(step - 1 / FPS) < 0.0005 for step in steps(out))
    assert (stamps.made, stamps.jumps) == (0, 0)


@pytest.mark.parametrize(
    ("name", "camera"),
    [
        ("zero", lambda at: 0),
        ("still", lambda at: 123),
        ("ten hours forth", lambda at: round(at * RATE) + (HOURS_10 if at > 20 else 0)),
        ("ten hours back", lambda at: round(at * RATE) - (HOURS_10 if at > 20 else 0)),
        ("to and fro each second", lambda at: round(at * RATE) + HOURS_10 * (1 if int(at) % 2 else -1)),
        ("half as fast", lambda at: round(at * RATE / 2)),
        ("twice as fast", lambda at: round(at * RATE * 2)),
        ("counted in milliseconds", lambda at: round(at * 1000)),
        ("backwards", lambda at: -round(at * RATE)),
        ("random", lambda at: random.Random(at).randrange(1 << 32)),
        ("wrapping", lambda at: (1 << 32) - 90_000 + round(at * RATE)),
        ("a day a year fast", lambda at: round(at * RATE * 1.003)),
    ],
)
def test_whatever_the_clock_does_stamps_stay_with_arrival(name: str, camera: Callable[[float], int]) -> None:
    out, arrived, _ = shown(camera)
    assert min(steps(out)) > 0
    assert max(steps(out)) < 0.5
    apart = [(stamp - out[0]) - (at - arrived[0]) for stamp, at in zip(out, arrived, strict=True)]
    assert max(map(abs, apart)) < 0.75
    # From the middle on it only trembles: nothing goes on running away.
    later = apart[len(apart) // 2 :]
    assert max(later) - min(later) < 0.4


def test_a_line_that_stood_for_two_seconds_squeezes_nothing() -> None:
    out, _, _ = shown(lambda at: round(at * RATE), late=lambda at: 2.0 - (at - 10) if 10 <= at < 12 else 0.0)
    assert all(0.03 < step < 0.05 for step in steps(out))


def test_pictures_that_were_lost_leave_their_time() -> None:
    stamps = Stamps()
    moments = [n / FPS for n in range(100)] + [10 + n / FPS for n in range(100)]
    out = [stamps.take(round(at * RATE), 50 + at) / RATE for at in moments]
    assert abs(out[100] - out[99] - (10 - 99 / FPS)) < 0.1


def test_a_camera_that_sends_what_it_kept_at_once_is_no_reason_to_hurry() -> None:
    stamps = Stamps()
    moments = [(n / FPS, max(n / FPS, 1.6)) for n in range(200)]
    out = [stamps.take(round(at * RATE), 50 + now) / RATE for at, now in moments]
    assert all(abs(step - 1 / FPS) < 0.001 for step in steps(out))


def test_after_a_reboot_stamps_go_on_by_the_time_that_passed() -> None:
    stamps = Stamps()
    before = [stamps.take(round(n / FPS * RATE) + 5, 10 + n / FPS) for n in range(100)]
    stamps.anew()
    after = [stamps.take(round(n / FPS * RATE) + 3_000_000_000, 20 + n / FPS) for n in range(100)]
    assert abs((after[0] - before[0]) / RATE - 10.0) < 0.1
    assert all(3500 < step < 3700 for step in (b - a for a, b in itertools.pairwise(after)))


def test_the_stamp_of_a_moment_is_that_of_a_picture_that_comes_then() -> None:
    stamps = Stamps(begin=1 << 31)
    assert stamps.at(5.0) == 1 << 31
    for n in range(500):
        stamp = stamps.take(round(n / FPS * RATE), 10 + n / FPS)
    assert abs(stamps.at(10 + 499 / FPS) - stamp) < RATE * 0.1


def test_the_picture_rate_is_found_where_nobody_tells_it() -> None:
    _, _, stamps = shown(lambda at: 0, fps=8)
    assert abs(1 / stamps.picture_s - 8) < 0.3
