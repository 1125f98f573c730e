"""Real faults: whatever is killed, what was acknowledged is there exactly once, and a repetition gets the first answer."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.errors import Refusal
from hub.journal.verify import verify
from hub.store import tables
from hub.store.database import Database
from hub.store.offline import offline_journal
from hub.store.queries import Queries
from tests.support.journal import HubWriter, command, open_meeting, running_writer
from tests.support.postgres import Postgres, running_postgres
from tests.support.rules import TREE, VILLAGE
from tests.support.story import LEADER
from tests.support.waiting import eventually

# A connection that is cut while the driver still sets it up is dropped by the driver, not by us, without closing.
pytestmark = pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")

#: command id -> (seq, hash) of the answer that was given
Answers = dict[str, tuple[int, str]]


def notes_in(database: Database) -> Counter[str]:
    """How often each note stands in the journal; its text is the id of its command."""
    with database.reading() as connection:
        return Counter(connection.execute(sa.select(tables.notes.c.text)).scalars())


async def check(writer: HubWriter, database: Database, folder: Path, meeting: str, given: Answers) -> None:
    """Every acknowledged command is there once, gets its first answer again, and the journal is whole."""
    stands = notes_in(database)
    assert set(given) <= set(stands), "an acknowledged command is lost"
    assert max(stands.values(), default=0) <= 1, "a command was done twice"
    before = writer.tip
    again = await asyncio.gather(
        *(writer.submit(command("note.add", meeting, id=id, text=id), LEADER) for id in given)
    )
    assert {
        id: (answer.seq, answer.entries[-1].hash) for id, answer in zip(given, again, strict=True)
    } == given
    assert writer.tip == before, "a repetition wrote something"
    with offline_journal(database) as journal:
        assert verify(journal, folder, None).findings == []


async def run_until_killed(url: str, prefix: str, meeting: str, acknowledged: int) -> Answers:
    """Let a child write until it has acknowledged so many commands, `kill -9` it, and return what it had answered."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.journal_child", url, prefix, meeting),
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    lines: list[bytes] = []
    try:
        while len(lines) < acknowledged:
            line = await asyncio.wait_for(child.stdout.readline(), 60)
            assert line, "the child ended by itself"
            lines.append(line)
    finally:
        child.send_signal(signal.SIGKILL)
    lines += (await child.stdout.read()).splitlines(keepends=True)
    assert await child.wait() == -signal.SIGKILL
    answers: Answers = {}
    for line in lines:
        if line.endswith(b"\n"):
            id, seq, entry_hash = line.decode().split()
            answers[id] = (int(seq), entry_hash)
    return answers


async def test_a_killed_hub_loses_and_doubles_nothing(database_url: str, tmp_path: Path) -> None:
    async with running_writer(database_url) as (writer, _):
        meeting = await open_meeting(writer, LEADER, VILLAGE)
    given: Answers = {}
    for number, acknowledged in enumerate((1, 300, 900)):
        given |= await run_until_killed(database_url, f"run{number}", meeting, acknowledged)
        async with running_writer(database_url) as (writer, database):
            await check(writer, database, tmp_path, meeting, given)
    assert len(given) >= 1201


class Load:
    """Callers that write notes, each again with the same id until it is acknowledged."""

    def __init__(self, writer: HubWriter, meeting: str) -> None:
        self.given: Answers = {}
        self.refused = 0
        self._writer = writer
        self._meeting = meeting
        self._going = True
        self._tasks = [asyncio.create_task(self._call(caller)) for caller in range(32)]

    async def _call(self, caller: int) -> None:
        number = 0
        while self._going:
            id = f"c{caller}.{number}"
            note = command("note.add", self._meeting, id=id, text=id)
            try:
                answer = await self._writer.submit(note, LEADER)
            except Refusal as refusal:
                if refusal.code != "unavailable":
                    raise
                self.refused += 1
                await asyncio.sleep(0.05)
                continue
            assert id not in self.given
            self.given[id] = (answer.seq, answer.entries[-1].hash)
            number += 1

    async def reach(self, more: int) -> None:
        """Wait until so many more commands are acknowledged."""
        wanted = len(self.given) + more
        await eventually(lambda: len(self.given) >= wanted, 60, f"not {wanted} commands acknowledged")

    async def end(self) -> Mapping[str, tuple[int, str]]:
        self._going = False
        await asyncio.wait_for(asyncio.gather(*self._tasks), 60)
        return self.given


@pytest.mark.postgres
async def test_a_killed_postgresql_loses_and_doubles_nothing_and_the_hub_goes_on(tmp_path: Path) -> None:
    with running_postgres() as server:
        url = server.new_database()
        async with running_writer(url, patience_s=0.3) as (writer, database):
            published: list[int] = []
            writer.subscribe(lambda entries: published.extend(entry.seq for entry in entries))
            meeting = await open_meeting(writer, LEADER, VILLAGE)
            load = Load(writer, meeting)
            for _ in range(3):
                await load.reach(300)
                await _kill_and_start(server, load)
            await load.reach(300)
            given = dict(await load.end())
            await check(writer, database, tmp_path, meeting, given)
            assert load.refused > 0
            assert published == list(range(1, writer.tip.seq + 1)), (
                "a follower missed an entry or saw one twice"
            )
            # Every command was repeated until it was acknowledged, so nothing else may stand there.
            assert set(notes_in(database)) == set(given)
        async with running_writer(url) as (writer, database):
            await check(writer, database, tmp_path, meeting, given)


@pytest.mark.postgres
async def test_readers_hear_that_the_database_is_away_and_read_again_when_it_is_back(tmp_path: Path) -> None:
    with running_postgres() as server:
        async with running_writer(server.new_database()) as (writer, database):
            meeting = await open_meeting(writer, LEADER, VILLAGE)
            queries = Queries(database)
            before = await queries.meetings(LEADER, TREE)
            await asyncio.to_thread(server.kill)
            with pytest.raises(Refusal) as caught:
                await queries.meetings(LEADER, TREE)
            assert caught.value.code == "unavailable"
            await asyncio.to_thread(server.start)
            assert await queries.meetings(LEADER, TREE) == before
            assert before["meetings"][0]["id"] == meeting


async def _kill_and_start(server: Postgres, load: Load) -> None:
    await asyncio.to_thread(server.kill)
    refused = load.refused
    await eventually(lambda: load.refused > refused, 30, "callers do not hear that the journal is away")
    await asyncio.to_thread(server.start)


@pytest.mark.postgres
async def test_a_cut_connection_is_resolved_by_reading_back(tmp_path: Path) -> None:
    with running_postgres() as server:
        async with running_writer(server.new_database()) as (writer, database):
            meeting = await open_meeting(writer, LEADER, VILLAGE)
            load = Load(writer, meeting)
            for _ in range(10):
                await load.reach(60)
                with database.engine.connect() as connection:
                    connection.execute(
                        sa.text(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        )
                    )
            given = dict(await load.end())
            await check(writer, database, tmp_path, meeting, given)
            assert set(notes_in(database)) == set(given)


@pytest.mark.postgres
async def test_an_idle_hub_knows_by_itself_that_postgresql_is_away_and_that_it_is_back(
    tmp_path: Path,
) -> None:
    with running_postgres() as server:
        async with running_writer(server.new_database(), folder=tmp_path, patience_s=0.3) as (
            writer,
            database,
        ):
            meeting = await open_meeting(writer, LEADER, VILLAGE)
            await asyncio.to_thread(server.kill)
            await eventually(lambda: not writer.available, 5, "nobody knows that the journal is away")
            await asyncio.to_thread(server.start)
            await eventually(lambda: writer.available, 10, "nobody knows that the journal is back")
            await writer.submit(command("note.add", meeting, text="又通了"), LEADER)
            with offline_journal(database) as journal:
                assert verify(journal, tmp_path, None).findings == []
