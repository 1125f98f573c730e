"""`kill -9` of the hub and of its database under orders and lists: what was answered stands, once and in order.

The short form of ``python -m tests.bench orders_killed``, where a whole hub is killed under thousands of orders.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from hub.dispatch.clearings import clearing_of
from hub.store.database import Database
from tests.support.journal import HubWriter, running_writer
from tests.support.postgres import running_postgres
from tests.support.receipts import Callers, Receipt
from tests.support.receipts_child import CLEARING, COMMANDS, a_list, account_of, asking, everything
from tests.support.receipts_kept import ask_again, look
from tests.support.waiting import eventually

# A connection that is cut while the driver still sets it up is dropped by the driver, not by us, without closing.
pytestmark = pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")


async def killed_after(count: int, url: str, done: set[str]) -> list[Receipt]:
    """What a hub's writer answered until it had answered so many, and was killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.receipts_child", url, *done), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines: list[bytes] = []
    try:
        while len(lines) < count:
            line = await asyncio.wait_for(process.stdout.readline(), 60)
            assert line, "it ended by itself"
            lines.append(line)
    finally:
        process.send_signal(signal.SIGKILL)
    lines += (await process.stdout.read()).splitlines(keepends=True)
    assert await process.wait() == -signal.SIGKILL
    return [Receipt.of_line(line) for line in lines if line.endswith(b"\n")]


async def nothing_is_wrong(writer: HubWriter, database: Database, folder: Path, callers: Callers) -> None:
    """All of it stands as it was answered, and is answered so again; nothing is left to do."""
    receipts = list(callers.receipts.values())
    assert len(receipts) == COMMANDS
    found = look(database, folder, receipts)
    await ask_again(writer, receipts, account_of, found)
    assert found.all() == []
    assert [order.id for order in writer.state.orders.values() if order.closed is None] == []
    clearing = clearing_of(writer.state, CLEARING)
    assert clearing is not None
    assert {clearing.outcome(row) for row in range(1, clearing.rows + 1)} == {"normal"}


async def test_a_killed_hub_loses_and_doubles_no_order_and_no_row(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    async with running_writer(url) as (writer, _):
        await a_list(writer)
    answered: dict[str, Receipt] = {}
    for count in (60, 400):
        for receipt in await killed_after(count, url, set(answered)):
            answered[receipt.asked.id] = receipt
    async with running_writer(url) as (writer, database):
        callers = Callers(asking(writer))
        callers.receipts.update(answered)
        await everything(callers, set(answered))
        assert {id: callers.receipts[id] for id in answered} == answered, (
            "asked again it was answered otherwise"
        )
        await nothing_is_wrong(writer, database, tmp_path, callers)


@pytest.mark.postgres
async def test_a_killed_postgresql_loses_and_doubles_no_order_and_no_row(tmp_path: Path) -> None:
    with running_postgres() as server:
        async with running_writer(server.new_database(), patience_s=0.3) as (writer, database):
            await a_list(writer)
            callers = Callers(asking(writer))
            work = asyncio.create_task(everything(callers))
            await eventually(lambda: len(callers.receipts) >= 300, 60, "nothing goes on")
            await asyncio.to_thread(server.kill)
            again = callers.again
            await eventually(
                lambda: callers.again > again, 30, "callers do not hear that the journal is away"
            )
            await asyncio.to_thread(server.start)
            await asyncio.wait_for(work, 60)
            await nothing_is_wrong(writer, database, tmp_path, callers)
