"""What the journal is told of sign-ins: all of it in the end, and little however much is guessed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from signaling import trace as trace_module
from signaling.address import network_of
from signaling.trace import Trace
from tests.support.waiting import eventually

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEGUN = {"account": "a_1", "network": "192.0.2.0/24", "at": "2026-11-23T12:00:00Z"}


class Journal:
    """Takes commands, or cannot."""

    def __init__(self) -> None:
        self.taken: list[Command] = []
        self.refusal: Refusal | None = None

    async def submit(self, command: Command, account: Account) -> None:
        assert account == SYSTEM_ACCOUNT
        if self.refusal is not None:
            raise self.refusal
        self.taken.append(command)


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> Journal:
    monkeypatch.setattr(trace_module, "RETRY_S", 0.01)
    monkeypatch.setattr(trace_module, "WRITE_WAIT_S", 0.05)
    return Journal()


async def test_what_cannot_be_written_holds_nobody_up_and_is_written_once_it_can(journal: Journal) -> None:
    trace = Trace(journal, lambda: NOON)
    journal.refusal = Refusal("unavailable", "disk full")
    async with asyncio.timeout(1):
        await trace.tell("session.note_begun", BEGUN)
    assert journal.taken == []
    journal.refusal = None
    await eventually(lambda: [each.kind for each in journal.taken] == ["session.note_begun"], 2)
    await trace.close()
    assert len({each.id for each in journal.taken}) == 1


async def test_what_is_told_is_written_when_it_returns(journal: Journal) -> None:
    trace = Trace(journal, lambda: NOON)
    await trace.tell("session.note_begun", BEGUN)
    assert len(journal.taken) == 1
    await trace.close()


async def test_more_than_can_wait_is_lost_and_named(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(trace_module, "MOST_WAITING", 3)
    trace = Trace(journal, lambda: NOON)
    journal.refusal = Refusal("unavailable", "disk full")
    for _ in range(4):
        trace.note("session.note_begun", BEGUN)
    assert "is lost" in caplog.text
    journal.refusal = None
    await trace.close()
    assert len(journal.taken) == 3


async def test_a_flood_of_guesses_is_one_entry(journal: Journal) -> None:
    trace = Trace(journal, lambda: NOON)
    for number in range(10_000):
        trace.failed(f"a_{number % 100}", "192.0.2.0/24", slowed=False)
        trace.failed(None, "198.51.100.0/24", slowed=False)
        trace.refused()
    await trace.close()
    (command,) = journal.taken
    data: dict[str, Any] = dict(command.data)
    assert command.kind == "session.note_failures"
    assert data["refused"] == 10_000
    assert len(data["failures"]) == 50
    assert sum(each["times"] for each in data["failures"]) + data["others"] == 20_000
    assert {each["account"] for each in data["failures"] if each["network"] == "198.51.100.0/24"} == {None}


async def test_beginning_delays_are_told_soon_and_then_at_most_once_a_minute(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_module, "SLOWED_S", 0.02)
    trace = Trace(journal, lambda: NOON)
    trace.failed("a_1", "192.0.2.0/24", slowed=False)
    await asyncio.sleep(0)
    assert journal.taken == []
    trace.failed("a_1", "192.0.2.0/24", slowed=True)
    await eventually(lambda: len(journal.taken) == 1, 2)
    assert journal.taken[0].data["failures"] == [
        {"account": "a_1", "network": "192.0.2.0/24", "times": 2, "slowed": True}
    ]
    trace.failed("a_2", "192.0.2.0/24", slowed=True)
    assert trace._timer is not None
    assert trace._timer.when() - asyncio.get_running_loop().time() > 50
    await trace.close()
    assert len(journal.taken) == 2


def test_of_an_address_its_network_is_noted() -> None:
    assert network_of("192.0.2.77") == "192.0.2.0/24"
    assert network_of("2001:db8:1:2:3::9") == "2001:db8:1::/48"
    assert network_of("somewhere") == ""
