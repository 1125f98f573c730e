"""Rows of objects, on both databases: who reads an object by the entries that name it, and the race of naming and sweeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.config import load
from hub.depot.folder import FolderBlobs
from hub.depot.looking import looking
from hub.directory.accounts import Account
from hub.entry import EVERYONE_IN_MEETING, Actor, Draft, Entry, center_audience
from hub.ids import new_id
from hub.journal.chain import GENESIS, seal
from hub.journal.ports import Batch
from hub.journal.verify import verify
from hub.objects.quota import Standing
from hub.objects.values import Upload
from hub.store.database import Database, open_database
from hub.store.journal_store import SqlJournalStore
from hub.store.object_rows import SqlObjectRows
from hub.store.offline import offline_journal
from tests.support.objects import jpeg, sha256
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TREE, VILLAGE, account

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
GRACE = timedelta(hours=24)
ONE, TWO = "1" * 64, "2" * 64
STATION = account("station", VILLAGE)


class Journal:
    """Writes entries that name objects."""

    def __init__(self, database: Database) -> None:
        self._store = SqlJournalStore(database)
        self._seq, self._prev = 0, GENESIS

    async def open(self) -> None:
        await self._store.open()

    async def close(self) -> None:
        await self._store.close()

    async def write(self, kind: str, meeting: str | None, data: dict[str, Any], *audience: str) -> Entry:
        draft = Draft(kind, meeting, data, audience)
        entry = seal(self._seq + 1, NOW, Actor(STATION.id, STATION.center), draft, self._prev)
        self._seq, self._prev = entry.seq, entry.hash
        await self._store.append(Batch([entry], [], [None]))
        return entry

    async def name(self, digest: str, *audience: str, meeting: str | None = None) -> None:
        named = {"object": digest, "name": "a.jpg", "type": "image/jpeg", "bytes": 9}
        await self.write("thing.named", meeting, {"attachments": [named]}, *audience)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    made = Journal(database)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def rows(database: Database) -> SqlObjectRows:
    return SqlObjectRows(database)


async def uploaded(rows: SqlObjectRows, digest: str, who: Account = STATION) -> Upload:
    upload = Upload(new_id("u", NOW), who.id, 9, "image/jpeg", NOW)
    await rows.begin(upload, NOW - GRACE, lambda standing: None)
    await rows.finish(upload, digest, NOW, NOW + GRACE)
    return upload


async def readers(rows: SqlObjectRows, digest: str) -> set[str]:
    """Role and center of those who may read it, out of one of each."""
    people = [
        account(role, center)
        for role in ("leader", "station", "clerk", "system_admin", "audit_admin")
        for center in (CITY, COUNTY, OTHER_COUNTY, VILLAGE, OTHER_VILLAGE)
    ]
    names = {
        CITY: "city",
        COUNTY: "county",
        OTHER_COUNTY: "other",
        VILLAGE: "village",
        OTHER_VILLAGE: "neighbour",
    }
    return {f"{who.role} {names[who.center]}" for who in people if await rows.may_read(who, TREE, digest)}


async def test_an_object_is_read_by_who_uploaded_it_and_by_who_reads_an_entry_that_names_it(
    rows: SqlObjectRows, journal: Journal
) -> None:
    await uploaded(rows, ONE)
    assert await readers(rows, ONE) == {"station village"}
    await journal.name(ONE, center_audience(VILLAGE))
    auditors = {f"audit_admin {where}" for where in ("city", "county", "other", "village", "neighbour")}
    above = {"leader city", "clerk city", "leader county", "clerk county"}
    own = {"station village", "leader village", "clerk village"}
    assert await readers(rows, ONE) == auditors | above | own
    assert await readers(rows, TWO) == set()
    await journal.name(ONE, center_audience(OTHER_VILLAGE))
    assert {"station neighbour", "leader neighbour"} <= await readers(rows, ONE)


async def test_what_a_meeting_names_is_read_by_who_sees_the_meeting(
    rows: SqlObjectRows, journal: Journal
) -> None:
    meeting, village = "m_01m82v7m00dg4wd225", account("station", OTHER_VILLAGE)
    chair = {"id": account("leader", CITY).id, "name": "王", "role": "leader", "center": CITY}
    chair |= {"center_name": "岳阳市"}
    opened = {
        "title": "防汛",
        "kind": "dispatch",
        "centers": [CITY, OTHER_VILLAGE],
        "record": False,
        "chair": chair,
    }
    await journal.write("meeting.opened", meeting, opened, EVERYONE_IN_MEETING)
    await uploaded(rows, ONE)
    await journal.name(ONE, EVERYONE_IN_MEETING, meeting=meeting)
    assert await rows.may_read(village, TREE, ONE)
    assert not await rows.may_read(account("station", COUNTY), TREE, ONE)
    who = {"id": village.id, "name": "坦", "role": "station", "center": OTHER_VILLAGE}
    joined = {"participant": {**who, "center_name": "坦", "level": "village"}}
    await journal.write("meeting.joined", meeting, joined, EVERYONE_IN_MEETING)
    removed = {"participant": village.id, "reason": ""}
    await journal.write("participant.removed", meeting, removed, EVERYONE_IN_MEETING)
    assert not await rows.may_read(village, TREE, ONE), "who was removed reads it no more"


async def test_a_named_object_is_never_swept_and_an_unnamed_one_when_its_time_is_over(
    rows: SqlObjectRows, journal: Journal
) -> None:
    for digest in (ONE, TWO):
        await uploaded(rows, digest)
    await journal.name(ONE, center_audience(VILLAGE))
    later = NOW + GRACE + timedelta(seconds=1)
    assert await rows.unnamed(NOW, 10) == []
    assert await rows.unnamed(later, 10) == [TWO]
    assert not await rows.drop_if_unnamed(ONE, later)
    assert not await rows.drop_if_unnamed(TWO, NOW)
    assert await rows.drop_if_unnamed(TWO, later)
    assert await rows.known([ONE, TWO]) == {ONE}
    assert not await rows.may_read(STATION, TREE, TWO)


@pytest.mark.parametrize("harm", ["changed", "shorter", "missing", "none"])
async def test_verifying_a_journal_looks_at_every_object_that_an_entry_names(
    database: Database, journal: Journal, tmp_path: Path, harm: str
) -> None:
    content = jpeg(9)
    config = load({"HUB_DATA_DIR": str(tmp_path / "data")})
    blobs = FolderBlobs(config.objects_dir)
    (tmp_path / "source").write_bytes(content)
    await blobs.put(sha256(content), tmp_path / "source", 9)
    await journal.name(sha256(content), center_audience(VILLAGE))
    file = blobs.path(sha256(content))
    if harm == "missing":
        file.unlink()
    elif harm != "none":
        file.write_bytes(b"x" * 9 if harm == "changed" else b"")
    with offline_journal(database) as offline, looking(config) as look:
        report = verify(offline, config.data_dir, None, objects=look)
    found = [finding.text for finding in report.findings if finding.kind == "object"]
    assert report.objects == 1
    assert len(found) == (0 if harm == "none" else 1), found
    assert harm == "none" or ("missing" if harm == "missing" else "changed") in found[0]


async def test_of_naming_and_sweeping_at_the_same_time_one_comes_first(
    rows: SqlObjectRows, journal: Journal
) -> None:
    later = NOW + GRACE + timedelta(seconds=1)
    for number in range(20):
        digest = f"{number:064d}"
        await uploaded(rows, digest)
        pinned, dropped = await asyncio.gather(
            rows.pin(STATION, TREE, [digest], later + timedelta(hours=1)), rows.drop_if_unnamed(digest, later)
        )
        assert (digest in pinned) is not dropped


async def test_uploading_the_same_again_keeps_it_longer_and_keeps_its_type(rows: SqlObjectRows) -> None:
    await uploaded(rows, ONE)
    again = Upload(new_id("u", NOW), account("leader", CITY).id, 9, "image/png", NOW)
    await rows.begin(again, NOW - GRACE, lambda standing: None)
    stored = await rows.finish(again, ONE, NOW + GRACE, NOW + 2 * GRACE)
    assert stored.type == "image/jpeg"
    assert await rows.unnamed(NOW + GRACE + timedelta(seconds=1), 10) == []
    assert (await rows.upload(again.id) or again).object == ONE


async def test_what_there_is_counts_by_account_by_day_and_in_all(rows: SqlObjectRows) -> None:
    await uploaded(rows, ONE)
    seen: list[Standing] = []
    for who in (STATION, STATION, account("leader", CITY)):
        await rows.begin(Upload(new_id("u", NOW), who.id, 5, "text/csv", NOW), NOW, seen.append)
    await rows.begin(
        Upload(new_id("u", NOW), STATION.id, 5, "text/csv", NOW), NOW + timedelta(seconds=1), seen.append
    )
    assert seen == [Standing(9, 0, 9), Standing(14, 1, 14), Standing(0, 0, 19), Standing(0, 2, 24)]
