"""A journal that lost what it once held is written to by nobody until a person says so, on both databases."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub import __main__ as hub_main
from hub.errors import Refusal
from hub.journal.checkpoint import CHECKPOINTS_FILE
from hub.journal.head import HEAD_FILE, read_head
from hub.journal.ports import StoreBusy
from hub.journal.verify import Report, verify
from hub.store import tables
from hub.store.database import Database, open_database
from hub.store.offline import offline_journal, rebuild
from hub.store.queries import Queries
from tests.support.journal import command, make_writer, open_meeting, running_writer
from tests.support.rules import TREE, VILLAGE
from tests.support.story import LEADER, Told, play

#: Entries of a story whose meeting goes on.
ENTRIES = 21
#: Acknowledged entries that the damage takes.
CUT = 15
LEFT = ENTRIES - CUT


@dataclass
class Kept:
    """A stopped hub's database and folders, and the commands of its command line."""

    url: str
    data: Path
    database: Database
    told: Told

    def sql(self, *statements: str) -> None:
        with self.database.writing() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def cut(self) -> None:
        """What an old copy of the database put back, or a damaged one, leaves: neither entries nor what was made of them."""
        self.sql(
            f"DELETE FROM entries WHERE seq > {LEFT}",
            f"DELETE FROM checkpoints WHERE seq > {LEFT}",
            "DELETE FROM marks WHERE name = 'signed'",
        )
        assert rebuild(self.database) == LEFT

    def verify(self) -> Report:
        with offline_journal(self.database) as journal:
            return verify(journal, self.data, None)

    def last(self) -> tuple[int, str]:
        with self.database.reading() as connection:
            entries = tables.entries.c
            row = connection.execute(
                sa.select(entries.seq, entries.kind).order_by(entries.seq.desc())
            ).first()
            assert row is not None
            return row.seq, row.kind


@pytest.fixture
async def kept(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kept]:
    data = tmp_path / "data"
    async with running_writer(database_url, folder=data) as (writer, _):
        told = await play(writer, tmp_path / "recordings", end=False)
    database = open_database(database_url)
    monkeypatch.setenv("HUB_DATA_DIR", str(data))
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    yield Kept(database_url, data, database, told)
    database.close_now()


async def refuses_to_write(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """A hub on it starts and can be read, and changes nothing."""
    before = kept.last()
    with caplog.at_level(logging.CRITICAL, "hub.journal.writer"):
        async with running_writer(kept.url, folder=kept.data) as (writer, database):
            assert not writer.available
            with pytest.raises(Refusal) as caught:
                await writer.submit(command("report.file", situation="normal"), LEADER)
            found = await Queries(database).meetings(LEADER, TREE)
            assert [each["id"] for each in found["meetings"]] == [kept.told.meeting]
            assert kept.told.meeting in writer.state.meetings
    assert caught.value.code == "unavailable"
    assert "hub journal recover" in caught.value.message
    assert "hub journal recover" in caplog.text
    assert kept.last() == before


async def test_a_hub_that_stopped_before_its_first_entry_writes_when_it_starts_again(
    database_url: str, tmp_path: Path
) -> None:
    for _ in range(2):
        async with running_writer(database_url, folder=tmp_path) as (writer, _database):
            assert writer.available
    async with running_writer(database_url, folder=tmp_path) as (writer, _database):
        assert (await writer.submit(command("report.file", situation="normal"), LEADER)).seq == 1


@pytest.mark.parametrize("left", ["the checkpoints", "the head", "both"])
async def test_a_journal_that_lost_acknowledged_entries_is_not_written_to(
    kept: Kept, caplog: pytest.LogCaptureFixture, left: str
) -> None:
    kept.cut()
    if left == "the head":
        (kept.data / CHECKPOINTS_FILE).unlink()
    if left == "the checkpoints":
        (kept.data / HEAD_FILE).unlink()
    await refuses_to_write(kept, caplog)
    assert f"{CUT} entries are missing" in caplog.text
    assert "tail" in {finding.kind for finding in kept.verify().findings}


async def test_entries_that_are_cut_within_the_last_minute_are_missed_too(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They were never signed: the hub was killed before."""
    database = open_database(database_url)
    killed = make_writer(database, folder=tmp_path)
    await killed.start()
    await open_meeting(killed, LEADER, VILLAGE)
    last = killed.tip
    head = read_head(tmp_path)
    assert head is not None
    assert (head.seq, head.hash) == (last.seq, last.hash)
    for task in killed._tasks:
        task.cancel()
    await killed._store.close()
    with database.writing() as connection:
        connection.execute(tables.entries.delete().where(tables.entries.c.seq == last.seq))
    rebuild(database)
    writer = make_writer(database, folder=tmp_path)
    await writer.start()
    assert not writer.available
    await writer.stop()
    await database.close()
    assert "1 entries are missing" in caplog.text


async def test_entries_cut_without_their_rows_are_missed_by_those(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    kept.sql(f"DELETE FROM entries WHERE seq > {LEFT}", "DELETE FROM checkpoints")
    for name in (CHECKPOINTS_FILE, HEAD_FILE):
        (kept.data / name).unlink()
    await refuses_to_write(kept, caplog)


async def test_a_person_has_it_go_on_by_an_entry_of_its_own_and_no_number_is_used_twice(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    with kept.database.reading() as connection:
        commands = tables.commands.c
        lost = connection.execute(sa.select(commands.id).where(commands.seq > LEFT)).scalars().all()
        assert lost
    kept.cut()
    assert hub_main.main(["journal", "recover"]) == 1, "nobody confirmed it"
    assert "not at a terminal" in capsys.readouterr().err
    assert kept.last()[0] == LEFT
    sure = ["journal", "recover", "--yes", "--who", "王某", "--why", "磁盘损坏"]
    assert hub_main.main(sure) == 0
    said = capsys.readouterr().out
    assert f"the journal ends at entry {LEFT}, but it had come to entry {ENTRIES}" in said
    assert f"{LEFT + 1} to {ENTRIES} stay lost" in said
    assert kept.last() == (ENTRIES + 1, "journal.recovered")

    report = kept.verify()
    assert report.findings == []
    assert [(each.first, each.last, each.who, each.why) for each in report.recovered] == [
        (LEFT + 1, ENTRIES, "王某", "磁盘损坏")
    ]
    assert hub_main.main(["journal", "verify", "--no-recordings"]) == 0
    said = capsys.readouterr().out
    assert f"recovered: entries {LEFT + 1} to {ENTRIES} were lost" in said
    assert "the journal is whole but for what was given up" in said
    assert hub_main.main(sure) == 0
    assert "nothing is missing" in capsys.readouterr().out

    async with running_writer(kept.url, folder=kept.data) as (writer, _):
        assert writer.available
        answer = await writer.submit(command("note.add", kept.told.meeting, text="继续"), LEADER)
        assert [entry.seq for entry in answer.entries] == [ENTRIES + 2]
        # A client that was answered and sends again what was lost with the answer has it carried out.
        answer = await writer.submit(command("note.add", kept.told.meeting, id=lost[-1], text="再来"), LEADER)
        assert [entry.seq for entry in answer.entries] == [ENTRIES + 3]
    assert kept.verify().findings == []
    # Nothing else may be missing under the cover of that entry.
    kept.sql(f"DELETE FROM entries WHERE seq = {LEFT}")
    assert {"gap", "link"} <= {finding.kind for finding in kept.verify().findings}


async def test_numbers_that_were_used_again_are_found_and_given_up_as_such(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """An older hub wrote on after the damage."""
    head = (kept.data / HEAD_FILE).read_bytes()
    kept.cut()
    async with running_writer(kept.url) as (writer, _):  # without a folder there are no marks
        for number in range(CUT + 5):
            await writer.submit(command("note.add", kept.told.meeting, text=f"{number}"), LEADER)
    (kept.data / HEAD_FILE).write_bytes(head)
    await refuses_to_write(kept, caplog)
    assert f"entry {ENTRIES} is not the one that was written" in caplog.text
    assert "checkpoint" in {finding.kind for finding in kept.verify().findings}
    assert hub_main.main(["journal", "recover", "--yes", "--why", "旧程序续写"]) == 0
    report = kept.verify()
    assert report.findings == []
    assert [(each.last, each.used_again) for each in report.recovered] == [(ENTRIES, True)]
    async with running_writer(kept.url, folder=kept.data) as (writer, _):
        assert writer.available


async def test_a_running_hub_keeps_recovery_out(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    kept.cut()
    async with running_writer(kept.url, folder=kept.data) as (writer, _):
        assert not writer.available
        assert hub_main.main(["journal", "recover", "--yes", "--why", "x"]) == 1
        assert "another hub is running" in capsys.readouterr().err
        with pytest.raises(StoreBusy):
            rebuild(kept.database)


async def test_an_old_journal_without_marks_is_gone_on_with(kept: Kept) -> None:
    kept.sql("DELETE FROM checkpoints", "DELETE FROM marks WHERE name <> 'projections'")
    for path in kept.data.iterdir():
        path.unlink()
    async with running_writer(kept.url, folder=kept.data) as (writer, _):
        assert writer.available
        await writer.submit(command("note.add", kept.told.meeting, text="继续"), LEADER)
    assert kept.verify().findings == []


async def test_a_head_that_says_nothing_keeps_nobody_from_writing(kept: Kept) -> None:
    for content in (b"", b"x" * 200, (kept.data / HEAD_FILE).read_bytes().replace(b"0", b"1", 1)):
        (kept.data / HEAD_FILE).write_bytes(content)
        assert read_head(kept.data) is None
        async with running_writer(kept.url, folder=kept.data) as (writer, _):
            assert writer.available
        head = read_head(kept.data)
        assert head is not None
        assert head.seq == ENTRIES


async def test_checkpoints_that_must_be_there_and_are_not_are_a_finding(kept: Kept) -> None:
    path = kept.data / CHECKPOINTS_FILE
    whole = path.read_text()
    assert kept.verify().ok
    # The database knows that it once had one.
    kept.sql("DELETE FROM checkpoints")
    assert {finding.kind for finding in kept.verify().findings} == {"checkpoint"}
    path.unlink()
    assert {finding.kind for finding in kept.verify().findings} == {"checkpoint"}
    path.write_text("")
    assert {finding.kind for finding in kept.verify().findings} == {"checkpoint"}
    assert whole


async def test_a_journal_that_was_written_for_minutes_and_never_signed_is_a_finding(
    database_url: str, tmp_path: Path
) -> None:
    """Every checkpoint, and everything that says there was one, is deleted: the key is there, and so is the time."""
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    async with running_writer(database_url, folder=tmp_path, clock=lambda: now) as (writer, database):
        meeting = await open_meeting(writer, LEADER, VILLAGE)
        now += timedelta(minutes=5)
        await writer.submit(command("note.add", meeting, text="五分钟后"), LEADER)
    database = open_database(database_url)
    try:
        with database.writing() as connection:
            connection.execute(tables.checkpoints.delete())
            connection.execute(tables.marks.delete().where(tables.marks.c.name != "projections"))
        (tmp_path / CHECKPOINTS_FILE).unlink()
        with offline_journal(database) as journal:
            report = verify(journal, tmp_path, None)
        assert {finding.kind for finding in report.findings} == {"checkpoint"}
        assert "missing" in report.findings[0].text
    finally:
        database.close_now()
