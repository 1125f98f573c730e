"""A capacity curve: where it ends, and which steps are measured again."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any, cast

import pytest

from clients.loadtest import machine, scenarios
from clients.loadtest.crowd import Viewers
from clients.loadtest.measuring import Hub, Window
from clients.loadtest.plan import ATTEMPTS, Plan
from clients.loadtest.scenarios import Outcome, Stage, curve
from clients.loadtest.tally import Kind, Tally
from clients.loadtest.venue import Venue


class Guests:
    """A crowd of which only the comings are kept."""

    def __init__(self) -> None:
        self.came: list[int] = []

    async def join(self, persons: Collection[int], at_once: int) -> None:
        self.came += persons


def stretch(delay_s: float, **changes: float) -> Window:
    """A measured one with this delay, but for `changes` good."""
    tally = Tally(
        viewers=10, video=Kind(10, 10, expected=1000, packets=1000), audio=Kind(10, 10, expected=500)
    )
    tally.delays.add(delay_s)
    made = Window("x", 10.0, tally, {"node": 0.4}, {}, 0, 0.0, 0.2)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def climb(monkeypatch: pytest.MonkeyPatch, *stretches: Window) -> tuple[Outcome, Guests, int]:
    """A curve of the steps 2 and 4 in which these stretches are measured one after the other; how many of them were."""
    left, guests = list(stretches), Guests()

    async def measure(*_: object) -> Window:
        return left.pop(0)

    monkeypatch.setattr(scenarios, "measure", measure)
    monkeypatch.setattr(scenarios, "SETTLE_S", 0.0)
    monkeypatch.setattr(Stage, "hub", lambda _: Hub())
    plan = Plan(scenario="curve", publishers=0, layers=(), steps=(2, 4))
    stage = Stage(cast(Venue, None), plan, lambda _: cast(Viewers, guests))
    return asyncio.run(curve(stage)), guests, len(stretches) - len(left)


def rows(outcome: Outcome) -> list[tuple[Any, ...]]:
    return [(row["viewers"], row["met"], row["bottleneck"]) for row in outcome.curve]


@pytest.mark.parametrize(("change", "who"), [({"own_cpu": 0.95}, "generator"), ({"stolen": 0.08}, "machine")])
def test_a_step_that_broke_a_promise_for_our_sake_is_measured_again(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, float], who: str
) -> None:
    outcome, guests, _ = climb(monkeypatch, stretch(0.03, **change), stretch(0.01), stretch(0.01))
    assert rows(outcome) == [(2, False, who), (2, True, "none"), (4, True, "none")]
    assert (outcome.met, guests.came) == (True, [0, 1, 2, 3])
    assert [len(outcome.windows), outcome.notes[-1][1]] == [3, "the limit was not reached with 4 viewers"]


def test_every_attempt_is_a_row_and_the_last_one_ends_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = stretch(0.03, stolen=0.08)
    outcome, guests, measured = climb(monkeypatch, *[bad] * (ATTEMPTS + 2))
    assert rows(outcome) == [(2, False, "machine")] * ATTEMPTS
    assert (measured, guests.came) == (ATTEMPTS, [0, 1])
    assert "the host took 8.0% of a core" in outcome.notes[-1][1]


def test_what_the_hub_broke_is_not_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    full = stretch(0.03)
    full.cpu = {"node": 0.97}
    outcome, _, _ = climb(monkeypatch, stretch(0.01), full, stretch(0.01))
    assert rows(outcome) == [(2, True, "none"), (4, False, "node")]
    assert outcome.notes[-1][1].startswith("2 viewers are served as promised, 4 are not")


def test_a_full_generator_that_kept_every_promise_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome, _, _ = climb(monkeypatch, stretch(0.01, own_cpu=0.95), stretch(0.01))
    assert rows(outcome) == [(2, True, "generator"), (4, True, "none")]


def test_what_the_host_took_is_read_of_each_core(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stat").write_text(
        "cpu  9 9 9 9 9 9 9 950 0 0\ncpu0 1 2 3 4 5 6 7 150 0 0\ncpu1 1 2 3 4 5 6 7 800 0 0\nintr 5\n"
    )
    monkeypatch.setattr(machine, "_PROC", tmp_path)
    assert machine.stolen_s() == (1.5, 8.0)
    (tmp_path / "stat").write_text("cpu  1 2 3\ncpu0 1 2 3\n")
    assert machine.stolen_s() == ()
