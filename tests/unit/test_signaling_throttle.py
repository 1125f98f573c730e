"""Sign-in throttling: ten failures of a name or an address in five minutes."""

from __future__ import annotations

import pytest

from signaling import throttle
from signaling.errors import HeaderedRefusal
from signaling.throttle import MAX_FAILURES, WINDOW_S, Throttle


def fail(subject: Throttle, times: int, now: float, keys: tuple[str, ...] = ("name a", "address 1")) -> None:
    for _ in range(times):
        subject.begin(keys, now)


def test_the_eleventh_try_is_refused_and_says_when_to_come_back() -> None:
    subject = Throttle()
    fail(subject, MAX_FAILURES, 100.0)
    with pytest.raises(HeaderedRefusal) as refused:
        subject.begin(("name a", "address 2"), 160.0)
    assert refused.value.code == "too_many"
    assert refused.value.headers["Retry-After"] == str(int(WINDOW_S - 60))
    subject.begin(("name b", "address 2"), 160.0)
    with pytest.raises(HeaderedRefusal):
        subject.begin(("name c", "address 1"), 160.0)
    subject.begin(("name a", "address 1"), 100.0 + WINDOW_S)


def test_a_success_takes_back_its_own_try_only() -> None:
    subject = Throttle()
    fail(subject, MAX_FAILURES - 1, 1.0)
    subject.begin(("name a", "address 1"), 2.0)
    subject.succeed(("name a", "address 1"), 2.0)
    fail(subject, 1, 3.0)
    with pytest.raises(HeaderedRefusal):
        fail(subject, 1, 3.0)


def test_a_refused_try_does_not_lengthen_the_wait() -> None:
    subject = Throttle()
    fail(subject, MAX_FAILURES, 0.0)
    for now in range(1, int(WINDOW_S)):
        with pytest.raises(HeaderedRefusal):
            fail(subject, 1, float(now))
    fail(subject, 1, WINDOW_S)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MAX_KEYS", 10)
    subject = Throttle()
    for number in range(100):
        subject.begin((f"name {number}",), 0.0)
    assert len(subject._failures) == 10
