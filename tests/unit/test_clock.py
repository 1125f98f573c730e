"""The hub's time when the machine's clock is set: it goes on, never back, and agrees with the machine's again in the end."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from hub.clock import ForwardClock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Machine:
    """A machine whose clocks are the test's; `set_by` sets the wall clock."""

    def __init__(self) -> None:
        self.up_s = 1000.0
        self.off = timedelta()
        self.busy = False
        self.clock = ForwardClock(self.wall, monotonic=lambda: self.up_s, keeps_pace=lambda: self.busy)

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.up_s - 1000) + self.off

    def after(self, seconds: float) -> datetime:
        self.up_s += seconds
        return self.clock()

    def set_by(self, **step: float) -> None:
        self.off += timedelta(**step)


def test_the_machines_clock_is_followed_while_nobody_sets_it(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    assert [machine.after(step) for step in (0, 0.5, 3600)] == [
        NOON,
        NOON + timedelta(seconds=0.5),
        NOON + timedelta(seconds=3600.5),
    ]
    machine.set_by(milliseconds=-3)  # as a clock is kept
    machine.after(1)
    assert not caplog.records


def test_a_clock_that_is_set_forward_is_followed_at_once(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.set_by(hours=3)
    assert machine.after(1) == NOON + timedelta(hours=3, seconds=1)
    machine.after(1)
    assert len(caplog.records) == 1
    assert "set forward by 3:00:00" in caplog.text


def test_time_goes_on_while_a_clock_that_was_set_back_catches_up(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    machine = Machine()
    machine.after(10)
    machine.set_by(hours=-1)
    given = [machine.after(60) for _ in range(119)]
    assert all(later - earlier == timedelta(seconds=30) for earlier, later in pairwise(given))
    assert "set back by 1:00:00" in caplog.text
    machine.after(60)
    assert machine.after(60) == machine.wall()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_in_a_meeting_time_keeps_its_pace() -> None:
    machine = Machine()
    machine.busy = True
    machine.after(10)
    machine.set_by(hours=-8)
    assert machine.after(90) == NOON + timedelta(seconds=100)
    machine.busy = False
    assert machine.after(90) == NOON + timedelta(seconds=145)


def test_what_was_written_before_is_not_overtaken_by_a_start_with_an_earlier_clock() -> None:
    machine = Machine()
    written = NOON + timedelta(hours=2)
    machine.clock.not_before(written)
    assert machine.clock() == written
    assert machine.after(10) == written + timedelta(seconds=5)
    machine.clock.not_before(written)
    assert machine.after(0) == written + timedelta(seconds=5)
