"""Which moment recorded media belongs to when a clock is set: by control's word, evenly within a part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from recordings.hub_time import HubTime

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Machine:
    """A machine whose clocks are the test's."""

    def __init__(self) -> None:
        self.up_ns = 5_000_000_000
        self.wall_ns = int(NOON.timestamp()) * 1_000_000_000
        self.time = HubTime(lambda: self.up_ns, lambda: self.wall_ns)

    def after(self, seconds: float) -> datetime:
        self.up_ns += round(seconds * 1e9)
        self.wall_ns += round(seconds * 1e9)
        return self.moment()

    def moment(self) -> datetime:
        return self.time.moment(self.time.now_us())


def test_without_control_the_machines_clock_counts(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    assert machine.after(60) == NOON + timedelta(seconds=60)
    before_us = machine.time.now_us()
    machine.wall_ns += 3 * 3600 * 10**9
    assert machine.time.now_us() == before_us, "what is recorded goes on evenly"
    assert machine.time.look(control_is_there=False)
    assert machine.moment() == NOON + timedelta(hours=3, seconds=60)
    assert not machine.time.look(control_is_there=False)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("hours", [-8, 3])
def test_control_says_what_time_it_is(hours: int, caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.wall_ns += hours * 3600 * 10**9
    assert not machine.time.look(control_is_there=True), "control has the word"
    assert machine.moment() == NOON
    there = NOON + timedelta(hours=hours)
    assert machine.time.told(there)
    assert machine.moment() == there
    machine.after(10)
    assert not machine.time.told(there + timedelta(seconds=10.1)), "a line is slow now and then"
    assert machine.moment() == there + timedelta(seconds=10)
    assert not machine.time.told(there + timedelta(seconds=10.5)), (
        "nobody hears that; the next part has it right"
    )
    assert machine.moment() == there + timedelta(seconds=10.5)
    assert len(caplog.records) == 1
