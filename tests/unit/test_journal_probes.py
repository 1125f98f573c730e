"""The journal finds out by itself whether it can be written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from hub.journal import writer as writer_module
from hub.journal.chain import verify_chain
from hub.journal.writer import Writer
from tests.support.memory_store import (
    MemoryStore,
    Tally,
)
from tests.support.waiting import eventually
from tests.unit.test_journal_writer import add, make, refusal, submit

TallyWriter = Writer[Tally, datetime]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def writer(store: MemoryStore) -> AsyncIterator[TallyWriter]:
    running = make(store, patience_s=0.05)
    await running.start()
    yield running
    store.away = False
    store.gate.set()
    await running.stop()


@pytest.fixture
def quick_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "PROBE_IDLE_S", 0.05)
    monkeypatch.setattr(writer_module, "PROBE_FAILING_S", 0.02)


@pytest.mark.usefixtures("quick_probes")
async def test_a_journal_that_cannot_be_written_is_not_available_though_nobody_commands(
    store: MemoryStore,
) -> None:
    writer = make(store)
    await writer.start()
    await eventually(lambda: store.probes > 1, why="an idle journal is not probed")
    await eventually(lambda: writer.available, why="a journal that can be written is said not to be")
    store.full = True
    await eventually(lambda: not writer.available, why="nobody knows that nothing can be written")
    assert await refusal(submit(writer, add("c1"))) == "unavailable"
    assert store.full
    await eventually(lambda: not writer.available, why="a refused command makes it available")
    store.full = False
    await eventually(lambda: writer.available, why="it is not known that the journal is back")
    assert (await submit(writer, add("c1"))).seq == 1
    assert list(verify_chain(store.entries_)) == []
    await writer.stop()


async def test_a_refused_commit_makes_the_journal_unavailable_and_the_next_that_holds_available(
    writer: TallyWriter, store: MemoryStore
) -> None:
    store.faults = ["fail"]
    assert await refusal(submit(writer, add("c1"))) == "unavailable"
    before = writer.available
    await submit(writer, add("c2"))
    assert (before, writer.available) == (False, True)


async def test_a_busy_journal_is_not_probed(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "PROBE_IDLE_S", 0.5)
    writer = make(store)
    await writer.start()
    loop = asyncio.get_running_loop()
    until = loop.time() + 1.2
    number = 0
    while loop.time() < until:
        await submit(writer, add(f"c{number}"))
        number += 1
        await asyncio.sleep(0.002)
    assert store.probes == 0
    await writer.stop()
