"""A hub's journal for tests: the real writer, the real rules and a real database."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hub.clock import Clock, system_clock
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.ids import new_id
from hub.journal.checkpoint import Checkpointer
from hub.journal.writer import Answer, Writer
from hub.rules import Context, apply, decide, parse_data, recall, standing
from hub.state import HubState
from hub.store.database import Database, open_database
from hub.store.journal_store import SqlJournalStore
from tests.support.rules import TREE

HubWriter = Writer[HubState, Context]
_serial = itertools.count(1)
_ZONE = ZoneInfo("Asia/Shanghai")


def context(account: Account, now: datetime) -> Context:
    """What rules decide in, with the small tree of the rule tests, in the zone that hubs have where nobody says another."""
    return Context(now, account, TREE, partial(new_id, now=now), zone=_ZONE)


def make_writer(
    database: Database, *, clock: Clock = system_clock, folder: Path | None = None, **more: Any
) -> HubWriter:
    """A writer with the real rules, not started; with `folder` it signs checkpoints there."""
    checkpointer = Checkpointer(folder, clock) if folder is not None else None
    store = SqlJournalStore(database)
    rules = (HubState(), decide, apply)
    more |= {"standing": standing, "recall": recall, "clock": clock, "checkpointer": checkpointer}
    return Writer(store, *rules, context=context, **more)


def command(kind: str, meeting: str | None = None, /, *, id: str | None = None, **data: Any) -> Command:
    """A command that passed its schema; a fresh id unless one is given."""
    return Command(id or f"c{next(_serial)}", kind, meeting, parse_data(kind, data))


@asynccontextmanager
async def running_writer(url: str, **more: Any) -> AsyncIterator[tuple[HubWriter, Database]]:
    """A started writer on this database, stopped at the end."""
    database = open_database(url)
    writer = make_writer(database, **more)
    try:
        await writer.start()
        try:
            yield writer, database
        finally:
            await writer.stop()
    finally:
        await database.close()


async def open_meeting(
    writer: HubWriter,
    chair: Account,
    *centers: str,
    title: str = "防汛调度",
    record: bool = True,
    level: str = "normal",
) -> str:
    """Convene these centers; the meeting's id."""
    wanted: dict[str, Any] = {"centers": list(centers), "record": record, "level": level}
    answer = await writer.submit(command("meeting.open", title=title, kind="dispatch", **wanted), chair)
    assert answer.entries[0].meeting is not None
    return answer.entries[0].meeting


async def join(writer: HubWriter, meeting: str, *accounts: Account) -> list[Answer]:
    """Have these accounts join."""
    return [await writer.submit(command("meeting.join", meeting), account) for account in accounts]


async def adopt(writer: HubWriter, *accounts: Account) -> None:
    """These accounts are in the directory, cleared as they are."""
    fields = ("username", "name", "role", "center", "disabled")
    found = [{"account": each.id, **{name: getattr(each, name) for name in fields}} for each in accounts]
    await writer.submit(command("directory.adopt", accounts=found), SYSTEM_ACCOUNT)
    for each in accounts:
        if each.cleared:
            await writer.submit(command("account.change", account=each.id, cleared=True), SYSTEM_ACCOUNT)
