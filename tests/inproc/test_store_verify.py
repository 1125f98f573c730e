"""Verification finds every kind of tampering, on both databases, and a rebuild mends projections."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub import __main__ as hub_main
from hub.journal.checkpoint import CHECKPOINTS_FILE
from hub.journal.ports import StoreBroken, StoreBusy
from hub.journal.verify import Report, verify
from hub.store import tables
from hub.store.database import Database, open_database
from hub.store.offline import offline_journal, rebuild
from tests.support.journal import running_writer
from tests.support.story import ENTRIES, ORDER_ISSUED, Told, play


@dataclass
class Kept:
    """A stopped hub's database and folders."""

    url: str
    data: Path
    recordings: Path
    database: Database
    told: Told

    def verify(self) -> Report:
        with offline_journal(self.database) as journal:
            return verify(journal, self.data, self.recordings)

    def kinds(self) -> set[str]:
        return {finding.kind for finding in self.verify().findings}

    def tamper(self, *statements: str) -> None:
        with self.database.writing() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))


@pytest.fixture
async def kept(database_url: str, tmp_path: Path) -> AsyncIterator[Kept]:
    data, recordings = tmp_path / "data", tmp_path / "recordings"
    async with running_writer(database_url, folder=data) as (writer, _):
        told = await play(writer, recordings)
    database = open_database(database_url)
    yield Kept(database_url, data, recordings, database, told)
    database.close_now()


async def test_an_untouched_journal_is_whole(kept: Kept) -> None:
    report = kept.verify()
    assert report.findings == []
    assert (report.entries, report.checkpoints, report.parts) == (ENTRIES, 1, 1)


async def test_an_edited_row_is_found(kept: Kept) -> None:
    kept.tamper("UPDATE entries SET data = REPLACE(data, '加强巡查', '不必巡查') WHERE kind = 'order.issued'")
    report = kept.verify()
    assert {"hash", "projection"} <= {finding.kind for finding in report.findings}
    assert any(f"entry {ORDER_ISSUED} is not what was written" in finding.text for finding in report.findings)


@pytest.mark.parametrize("column", ["at", "account", "center", "kind", "audience", "hash", "prev"])
async def test_an_edit_of_any_column_is_found(kept: Kept, column: str) -> None:
    values = {"at": "2020-01-01T00:00:00.000000Z", "audience": '["center:1"]'}
    kept.tamper(f"UPDATE entries SET {column} = '{values.get(column, '0' * 64)}' WHERE seq = 7")
    assert kept.kinds() & {"hash", "link"}


async def test_a_deleted_middle_row_is_found(kept: Kept) -> None:
    kept.tamper("DELETE FROM entries WHERE seq = 9")
    assert {"gap", "link"} <= kept.kinds()


async def test_a_deleted_tail_is_found_by_the_checkpoint(kept: Kept) -> None:
    # A careful forger takes the projections and the database's own checkpoints along; the file is shipped elsewhere.
    kept.tamper("DELETE FROM entries WHERE seq > 15", "DELETE FROM checkpoints", "DELETE FROM marks")
    assert rebuild(kept.database) == 15
    assert kept.kinds() == {"tail"}


async def test_a_reordered_pair_is_found(kept: Kept) -> None:
    kept.tamper(
        "UPDATE entries SET seq = 1000 WHERE seq = 8",
        "UPDATE entries SET seq = 8 WHERE seq = 9",
        "UPDATE entries SET seq = 9 WHERE seq = 1000",
    )
    assert "hash" in kept.kinds()


async def test_a_chain_forged_anew_is_found_by_the_checkpoint(kept: Kept) -> None:
    from dataclasses import replace

    from hub.journal.chain import GENESIS, entry_hash
    from hub.store.rows import entry_row

    with offline_journal(kept.database) as journal:
        entries = list(journal.all_entries(lambda seq, text: None))
    issued = entries[ORDER_ISSUED - 1]
    entries[ORDER_ISSUED - 1] = replace(issued, data={**issued.data, "text": "不必巡查"})
    prev = GENESIS
    for place, entry in enumerate(entries):
        chained = replace(entry, prev=prev)
        entries[place] = replace(chained, hash=entry_hash(chained))
        prev = entries[place].hash
    names = [column.name for column in tables.entries.columns]
    with kept.database.writing() as connection:
        connection.execute(tables.entries.delete())
        connection.execute(
            tables.entries.insert(), [dict(zip(names, entry_row(each), strict=True)) for each in entries]
        )
    rebuild(kept.database)
    assert kept.kinds() == {"checkpoint"}


async def test_a_row_that_is_no_entry_is_found(kept: Kept) -> None:
    kept.tamper("UPDATE entries SET data = 'no json' WHERE seq = 5")
    assert {"form", "gap"} <= kept.kinds()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE decisions SET text = '不转移'", "differs in text"),
        ("DELETE FROM order_words", "is missing"),
        ("UPDATE order_targets SET step = 0", "differs in step"),
        ("DELETE FROM subjects WHERE seq = 1", "is missing"),
        ("INSERT INTO subjects (subject, seq, open, stays) VALUES ('o_none', 3, TRUE, FALSE)", "no entry"),
        ("UPDATE marks SET seq = 3", "stand at entry 3"),
    ],
)
async def test_a_changed_projection_is_found_and_mended_by_a_rebuild(
    kept: Kept, statement: str, told: str
) -> None:
    kept.tamper(statement)
    report = kept.verify()
    assert {finding.kind for finding in report.findings} == {"projection"}
    assert any(told in finding.text for finding in report.findings)
    assert rebuild(kept.database) == report.entries
    assert kept.verify().ok


async def test_a_changed_byte_in_a_recording_is_found(kept: Kept) -> None:
    path = kept.recordings / kept.told.file
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    report = kept.verify()
    assert [(finding.kind, finding.text) for finding in report.findings] == [
        ("recording", f"{kept.told.file} was changed: its SHA-256 differs")
    ]
    path.write_bytes(content[:-1])
    assert "bytes, not" in kept.verify().findings[0].text
    path.unlink()
    assert "is missing" in kept.verify().findings[0].text


async def test_a_changed_or_missing_checkpoint_file_is_found(kept: Kept) -> None:
    path = kept.data / CHECKPOINTS_FILE
    line = json.loads(path.read_text())
    path.write_text(json.dumps({**line, "seq": 19}) + "\n")
    assert kept.kinds() == {"checkpoint"}
    path.write_text("nothing\n")
    assert kept.kinds() == {"checkpoint"}
    path.unlink()
    assert kept.kinds() == {"checkpoint"}


async def test_a_broken_chain_is_not_rebuilt_from(kept: Kept) -> None:
    kept.tamper("DELETE FROM entries WHERE seq = 9")
    with pytest.raises(StoreBroken):
        rebuild(kept.database)
    with kept.database.reading() as connection:
        assert connection.execute(sa.select(tables.meetings.c.id)).scalars().all() == [kept.told.meeting]


async def test_a_running_hub_can_be_verified_but_not_rebuilt(kept: Kept) -> None:
    async with running_writer(kept.url, folder=kept.data):
        assert kept.verify().ok
        with pytest.raises(StoreBusy):
            rebuild(kept.database)


def test_the_command_line_makes_no_database_where_none_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path / "nowhere"))
    for action in ("verify", "rebuild", "export"):
        assert hub_main.main(["journal", action]) == 1
        assert "there is no database" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


async def test_the_command_line_says_what_is_wrong_and_exits_with_1(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, value in (
        ("DATA_DIR", kept.data),
        ("RECORDINGS_DIR", kept.recordings),
        ("DATABASE_URL", kept.url),
    ):
        monkeypatch.setenv(f"HUB_{name}", str(value))
    assert hub_main.main(["journal", "verify"]) == 0
    assert "the journal is whole" in capsys.readouterr().out
    kept.tamper("DELETE FROM notes")
    assert hub_main.main(["journal", "verify"]) == 1
    assert "projection: notes n_" in capsys.readouterr().out
    assert hub_main.main(["journal", "rebuild"]) == 0
    assert hub_main.main(["journal", "verify", "--no-recordings"]) == 0
    capsys.readouterr()
    target = tmp_path / "out.jsonl"
    assert hub_main.main(["journal", "export", str(target)]) == 0
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, ENTRIES + 1))


async def test_entries_that_are_not_those_that_were_signed_are_found_by_the_root(kept: Kept) -> None:
    """The chain is forged anew with all but the signed entry, whose hash stays: the root over all of them tells."""
    assert kept.kinds() == set()
    path = kept.data / CHECKPOINTS_FILE
    text = path.read_text()
    assert '"root":"' in text
    kept.tamper(f"UPDATE entries SET hash = '{'0' * 64}' WHERE seq = 3")
    assert {"checkpoint", "hash"} <= kept.kinds()
