"""Journals that earlier versions wrote: they are read, verified, rebuilt and gone on with, and say what they said."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hub.directory.accounts import Account
from hub.journal.verify import verify
from hub.store.database import Database, open_database
from hub.store.offline import offline_journal, rebuild
from hub.store.queries import Queries
from tests.support.journal import command, running_writer
from tests.support.rules import COUNTY, OTHER_VILLAGE, TREE, VILLAGE, account

GOLDEN: Final = Path(__file__).parents[1] / "golden"
#: What is answered otherwise on purpose, by version, person and read: the removed read their meeting no more; of an order that
#: waits for a center, its own row alone is read.
CHANGED: Final = {"first": {"village": {"meetings", "snapshots", "decisions"}, "county": {"open_orders"}}}
#: Reads that there are no more: which meetings call is made from the state (signaling.greeting).
GONE: Final = {"calls"}
PEOPLE: Final = {
    "leader": account("leader", "430600000000"),
    "county": account("leader", COUNTY),
    "village": account("station", VILLAGE),
    "other": account("station", OTHER_VILLAGE),
    "clerk": account("clerk", "430600000000"),
}


class Golden:
    """One old journal, unpacked into a folder of its own."""

    def __init__(self, version: str, folder: Path) -> None:
        source = GOLDEN / version
        self.data, self.recordings = folder / "data", folder / "recordings"
        self.data.mkdir()
        for name in ("checkpoints.jsonl", "checkpoint.pub"):
            shutil.copy(source / name, self.data / name)
        with sqlite3.connect(folder / "hub.db") as connection:
            connection.executescript((source / "journal.sql").read_text(encoding="utf-8"))
            files = [row[0] for row in connection.execute("SELECT file FROM parts")]
        connection.close()
        for file in files:
            (self.recordings / file).parent.mkdir(parents=True, exist_ok=True)
            (self.recordings / file).write_bytes(b"picture and sound" * 1000)
        self.version = version
        self.url = f"sqlite:///{folder}/hub.db"
        self.expected: dict[str, Any] = json.loads((source / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(params=sorted(path.name for path in GOLDEN.iterdir() if path.is_dir()))
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Golden:
    return Golden(request.param, tmp_path)


async def answers(database: Database, golden: Golden, who: Account) -> dict[str, Any]:
    queries, expected = Queries(database), golden.expected
    return {
        "meetings": (await queries.meetings(who, TREE))["meetings"],
        "snapshots": {
            meeting: await queries.meeting_snapshot(who, TREE, meeting)
            for meeting in (expected["ended"], expected["running"])
        },
        "orders": (await queries.orders(who, TREE))["orders"],
        "reports": (await queries.reports(who, TREE))["reports"],
        "decisions": (await queries.decisions(who, TREE))["decisions"],
        "open_orders": await queries.open_orders(who, TREE),
    }


def lacking(said: Any, before: Any, where: str = "") -> Iterator[str]:
    """What was said before and is not any more. More may be said than before: new fields beside the old ones."""
    if isinstance(before, dict) and isinstance(said, dict):
        for name, value in before.items():
            yield from lacking(said.get(name), value, f"{where}.{name}")
    elif isinstance(before, list) and isinstance(said, list) and len(before) == len(said):
        for place, value in enumerate(before):
            yield from lacking(said[place], value, f"{where}[{place}]")
    elif said != before:
        yield f"{where}: {said!r} where it was {before!r}"


def unmended(golden: Golden) -> None:
    """The projections as that version left them."""


def rebuilt(golden: Golden) -> None:
    """The projections made anew from the entries."""
    database = open_database(golden.url)
    rebuild(database)
    database.close_now()


@pytest.mark.parametrize("prepare", [unmended, rebuilt])
async def test_an_old_journal_is_whole_and_says_what_it_said(
    golden: Golden, prepare: Callable[[Golden], None]
) -> None:
    prepare(golden)
    database = open_database(golden.url)
    try:
        with offline_journal(database) as journal:
            report = verify(journal, golden.data, golden.recordings)
        assert report.findings == []
        assert report.entries == golden.expected["entries"]
        for name, who in PEOPLE.items():
            said = await answers(database, golden, who)
            changed = GONE | CHANGED[golden.version].get(name, set())
            before = {
                read: value for read, value in golden.expected["reads"][name].items() if read not in changed
            }
            assert list(lacking(said, before)) == []
    finally:
        await database.close()


async def test_an_old_journal_is_gone_on_with(golden: Golden) -> None:
    running, ended = golden.expected["running"], golden.expected["ended"]
    async with running_writer(golden.url) as (writer, _):
        assert writer.state.last_seq == golden.expected["entries"]
        assert writer.state.meetings[running].is_open
        assert not writer.state.meetings[ended].is_open
        end = command("meeting.end", running, id="golden-end")
        answer = await writer.submit(end, PEOPLE["leader"])
        assert [entry.kind for entry in answer.entries] == ["recording.stopped", "meeting.ended"]
    database = open_database(golden.url)
    try:
        with offline_journal(database) as journal:
            findings = verify(journal, golden.data, golden.recordings).findings
        assert [finding for finding in findings if finding.kind != "checkpoint"] == []
    finally:
        await database.close()
