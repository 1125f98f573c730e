"""The pace of an account: bursts pass, a flood gets its share and no more, and nobody else waits for it."""

from __future__ import annotations

import pytest

from hub.errors import Refusal
from signaling import pace as pace_module
from signaling.errors import HeaderedRefusal
from signaling.pace import Pace, Paces


def taken(pace: Pace, account: str, times: int, now: float) -> int:
    """How many of so many tries pass at one moment."""
    passed = 0
    for _ in range(times):
        try:
            pace.take(account, now)
        except Refusal:
            continue
        passed += 1
    return passed


def test_a_burst_passes_and_what_is_over_it_is_told_when_to_come_again() -> None:
    pace = Pace(at_once=10, per_s=2.0, what="offers")
    assert taken(pace, "a", 12, 0.0) == 10
    with pytest.raises(HeaderedRefusal) as refused:
        pace.take("a", 0.0)
    assert (refused.value.code, refused.value.headers) == ("too_many", {"Retry-After": "1"})
    assert taken(pace, "b", 10, 0.0) == 10, "another account has a pace of its own"
    assert taken(pace, "a", 5, 1.0) == 2
    assert taken(pace, "a", 20, 1000.0) == 10, "what was not used does not pile up"


def test_a_flood_of_four_hundred_a_second_is_cut_to_the_pace() -> None:
    paces = Paces()
    offers = sum(taken(paces.offers, "hostile", 1, n / 400) for n in range(400 * 60))
    commands = sum(taken(paces.commands, "hostile", 1, n / 400) for n in range(400 * 60))
    assert offers <= pace_module.OFFERS_AT_ONCE + 60 * pace_module.OFFERS_PER_S
    assert commands <= pace_module.COMMANDS_AT_ONCE + 60 * pace_module.COMMANDS_PER_S


def test_looking_takes_nothing() -> None:
    pace = Pace(at_once=1, per_s=0.5, what="offers")
    for _ in range(5):
        pace.check("a", 0.0)
    pace.take("a", 0.0)
    with pytest.raises(Refusal):
        pace.check("a", 1.0)
    pace.check("a", 2.0)


def test_only_so_many_accounts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "MAX_ACCOUNTS", 3)
    paces = Paces()
    for number in range(10):
        paces.seen(f"key {number}", f"a{number}")
        paces.offers.take(f"a{number}", 0.0)
    assert paces.owner("key 0") is None
    assert paces.owner("key 9") == "a9"
    assert len(paces.offers) == 3
