"""Guessing is slowed by name and address together; nobody can slow others by guessing."""

from __future__ import annotations

import pytest

from signaling import throttle
from signaling.errors import HeaderedRefusal
from signaling.throttle import ADDRESS, NAME, PAIR, Slowing, Throttle


def fail(subject: Throttle, times: int, now: float, keys: dict[str, Slowing]) -> None:
    for _ in range(times):
        subject.begin(keys, now)


def wait(subject: Throttle, now: float, keys: dict[str, Slowing]) -> int:
    """The seconds after which a try is let through, 0 for now."""
    try:
        subject.begin(keys, now)
    except HeaderedRefusal as refused:
        return int(refused.headers["Retry-After"])
    return 0


def test_delays_double_from_the_fifth_mistake_on_and_end_at_the_longest() -> None:
    subject, keys, now = Throttle(), {"a": PAIR}, 0.0
    waits = []
    for _ in range(PAIR.free + 16):
        asked = wait(subject, now, keys)
        waits.append(asked)
        if asked:
            now += asked
            assert wait(subject, now, keys) == 0
    assert waits[: PAIR.free] == [0] * PAIR.free
    assert waits[PAIR.free : PAIR.free + 5] == [1, 2, 4, 8, 16]
    assert max(waits) <= PAIR.longest_s
    assert waits[-1] > 200, "who goes on guessing gets a guess in some minutes"


def test_mistakes_some_time_apart_count_as_well() -> None:
    subject, keys = Throttle(), {"a": PAIR}
    for number in range(PAIR.free):
        assert wait(subject, number * 5.0, keys) == 0
    assert wait(subject, PAIR.free * 5.0 - 4.9, keys) == 1


def test_mistakes_are_forgiven_one_by_one() -> None:
    subject, keys = Throttle(), {"a": PAIR}
    fail(subject, PAIR.free, 0.0, keys)
    assert wait(subject, 0.5, keys) == 1
    assert wait(subject, PAIR.forgive_s, keys) == 0
    assert wait(subject, PAIR.forgive_s + 1.0, keys) == 0


def test_other_keys_are_not_slowed_and_a_name_has_far_fewer_mistakes_than_an_address() -> None:
    subject = Throttle()
    fail(subject, PAIR.free, 0.0, {"name a, address 1": PAIR})
    assert wait(subject, 0.0, {"name a, address 2": PAIR}) == 0
    assert wait(subject, 0.0, {"name b, address 1": PAIR}) == 0
    assert PAIR.free * 4 <= NAME.free
    assert NAME.free * 5 <= ADDRESS.free


def test_a_refused_try_does_not_lengthen_the_wait() -> None:
    subject, keys = Throttle(), {"a": PAIR}
    fail(subject, PAIR.free, 0.0, keys)
    for number in range(50):
        assert wait(subject, number / 100, keys) == 1
    assert wait(subject, 1.0, keys) == 0


def test_a_success_forgets_mistakes_at_its_own_place_and_takes_back_one_elsewhere() -> None:
    subject = Throttle()
    keys = {"pair": PAIR, "address": ADDRESS}
    fail(subject, 4, 0.0, keys)
    subject.begin(keys, 0.0)
    subject.succeed(keys)
    assert subject.failures("pair", PAIR, 0.0) == 0
    assert subject.failures("address", ADDRESS, 0.0) == 4
    subject.begin(keys, 0.0)
    subject.take_back(keys)
    assert subject.failures("address", ADDRESS, 0.0) == 4


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MAX_KEYS", 10)
    subject = Throttle()
    for number in range(100):
        subject.begin({f"name {number}": PAIR}, 0.0)
    assert len(subject._failures) == 10
