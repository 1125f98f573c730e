"""The writer on a real database: restarts, repetition, locks, and failures inside a transaction."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.entry import Entry
from hub.errors import Refusal
from hub.journal.answers import AnswerCache
from hub.journal.ports import StoreBroken, StoreBusy
from hub.store import tables
from hub.store.database import open_database
from tests.support.journal import command, join, make_writer, open_meeting, running_writer
from tests.support.rules import VILLAGE
from tests.support.story import LEADER, OTHER_VILLAGER, VILLAGER, play


async def test_a_restart_brings_back_open_meetings_unfinished_orders_and_the_chain(
    database_url: str, tmp_path: Path
) -> None:
    async with running_writer(database_url) as (writer, _):
        await play(writer, tmp_path)
        told = await play(writer, tmp_path, end=False)
        finished = command("order.issue", text="一次", targets=[VILLAGE])
        order = (await writer.submit(finished, LEADER)).entries[0].data["order"]
        for kind in ("order.sign", "order.complete"):
            await writer.submit(command(kind, order=order), VILLAGER)
        before, tip = writer.state, writer.tip
    async with running_writer(database_url) as (writer, _):
        assert writer.tip == tip
        assert writer.state.last_seq == before.last_seq == tip.seq
        assert writer.state.meetings == before.meetings
        # The unfinished of the ended and of the open meeting, and that the finished one is finished.
        assert writer.state.orders == before.orders
        for kind in ("order.sign", "order.progress", "order.complete"):
            more = {"text": "又"} if kind == "order.progress" else {}
            with pytest.raises(Refusal) as caught:
                await writer.submit(command(kind, order=order, **more), VILLAGER)
            assert caught.value.code == "already_done"
        answer = await writer.submit(command("order.sign", order=told.order), OTHER_VILLAGER)
        assert answer.entries[0].seq == tip.seq + 1
        assert answer.entries[0].prev == tip.hash


async def test_a_repeated_command_gets_the_first_answer_from_the_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE], record=True)
    async with running_writer(database_url) as (writer, _):
        first = await writer.submit(opening, LEADER)
        meeting = first.entries[0].meeting
        assert meeting is not None
        joining = command("meeting.join", meeting)
        joined = await writer.submit(joining, LEADER)
        again = command("meeting.join", meeting)
        nothing = await writer.submit(again, LEADER)
        assert nothing.entries == ()
        # What has fallen out of memory is looked up; the same after a restart.
        monkeypatch.setattr(AnswerCache, "get", lambda self, key: None)
        assert await writer.submit(joining, LEADER) == joined
    monkeypatch.undo()
    async with running_writer(database_url) as (writer, _):
        answers = await asyncio.gather(*(writer.submit(each, LEADER) for each in (opening, joining, again)))
        assert answers == [first, joined, nothing]
        with pytest.raises(Refusal) as caught:
            await writer.submit(command("meeting.join", "m_other", id=joining.id), LEADER)
        assert caught.value.code == "id_reused"


async def test_a_second_hub_refuses_to_start(database_url: str) -> None:
    async with running_writer(database_url):
        with pytest.raises(StoreBusy, match="another hub"):
            async with running_writer(database_url):
                raise AssertionError("two hubs run on one database")
    async with running_writer(database_url):
        pass


async def test_projections_that_stand_elsewhere_than_the_journal_stop_the_start(database_url: str) -> None:
    async with running_writer(database_url) as (writer, database):
        await open_meeting(writer, LEADER, VILLAGE)
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(tables.marks.update().values(seq=1))
    database.close_now()
    with pytest.raises(StoreBroken, match="rebuild"):
        async with running_writer(database_url):
            pass


async def test_a_failure_inside_the_transaction_leaves_nothing_behind(database_url: str) -> None:
    async with running_writer(database_url) as (writer, database):
        meeting = await open_meeting(writer, LEADER, VILLAGE)
        with database.writing() as connection:
            connection.execute(sa.text("ALTER TABLE participants RENAME TO elsewhere"))
        joining = command("meeting.join", meeting)
        with pytest.raises(Refusal) as caught:
            await writer.submit(joining, LEADER)
        assert caught.value.code == "unavailable"
        assert writer.state.meetings[meeting].joined == []
        with database.writing() as connection:
            connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO participants"))
        answer = await writer.submit(joining, LEADER)
        assert answer.seq == 3
        with database.reading() as connection:
            rows = (
                connection.execute(sa.select(tables.entries.c.seq).order_by(tables.entries.c.seq))
                .scalars()
                .all()
            )
            assert rows == [1, 2, 3]


async def test_entries_come_back_from_the_database_as_they_were_published(
    database_url: str, tmp_path: Path
) -> None:
    database = open_database(database_url)
    writer = make_writer(database)
    published: list[Entry] = []
    writer.subscribe(published.extend)
    await writer.start()
    await play(writer, tmp_path)
    assert await writer._store.entries(1, len(published)) == published
    await writer.stop()
    await database.close()


async def test_many_callers_at_once_leave_a_whole_journal(database_url: str) -> None:
    async with running_writer(database_url) as (writer, database):
        meeting = await open_meeting(writer, LEADER, VILLAGE)
        await join(writer, meeting, LEADER, VILLAGER)
        seen: list[int] = []
        writer.subscribe(lambda entries: seen.extend(entry.seq for entry in entries))
        notes = [command("note.add", meeting, text=f"第{n}条") for n in range(600)]
        answers = await asyncio.gather(*(writer.submit(note, LEADER) for note in notes))
        assert sorted(answer.seq for answer in answers) == list(range(6, 606))
        assert seen == list(range(6, 606))
        with database.reading() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(tables.notes)).scalar() == 600
