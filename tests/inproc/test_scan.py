"""The slow scan: files and objects are read again, a restart goes on, what is wrong is told to health and to the meeting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hub.clock import system_clock, to_wire
from hub.evidence.scanned import Counts, Due
from hub.store.scan_store import ScanStore
from hub.upkeep.scan import Scan
from tests.support.edge import Edge, running_edge
from tests.support.objects import jpeg, put
from tests.support.rules import CITY, VILLAGE
from tests.support.story import play


@dataclass
class Stand:
    """A scan over a hub's own files, at a clock of its own."""

    edge: Edge
    now: datetime = field(default_factory=system_clock)
    pace: int = 1 << 40

    def scan(self) -> Scan:
        rows, config, blobs = ScanStore(self.edge.database), self.edge.services.config, self.edge.depot.blobs
        return Scan(rows, config.recordings_dir, blobs, lambda: self.now, self.pace, timedelta(days=30))

    async def states(self, scan: Scan) -> list[tuple[str, str]]:
        scan.counted = await scan.rows.counts(self.now - timedelta(days=30))
        return [(row.state, row.why) for row in scan.looked()]


async def test_files_and_objects_are_read_again_in_turn_and_what_is_wrong_is_told(
    database_url: str, tmp_path: Path
) -> None:
    async with running_edge(tmp_path, database_url=database_url) as edge:
        told = await play(edge.writer, edge.services.config.recordings_dir)
        station = await edge.person("station", VILLAGE)
        status, photo = await put(station.http, jpeg(5000))
        assert status == 201
        attached = [{**photo, "name": "水位.jpg"}]
        await station.command("report.file", situation="abnormal", text="水位上涨", attachments=attached)
        stand = Stand(edge)
        scan = stand.scan()
        assert await scan.once() == 2
        assert await stand.states(scan) == [("good", "")]
        assert scan.counted == Counts(total=2, looked=2, damaged=0)
        assert await stand.scan().once() == 0, "a restart begins anew with what was looked at"

        path = edge.services.config.recordings_dir / told.file
        whole = path.read_bytes()
        clerk = await edge.person("clerk", CITY)
        offer = f"/api/v1/meetings/{told.meeting}/evidence"
        assert (await clerk.get(offer))["scanned"] == {
            "parts": 1,
            "looked": 1,
            "damaged": 0,
            "oldest_at": to_wire(stand.now),
        }
        for content, finding in ((whole[:-1], "short"), (b"P" + whole[1:], "changed"), (None, "missing")):
            stand.now += timedelta(days=31)
            path.unlink()
            path.with_name("else.webm").write_bytes(whole)
            if content is not None:
                path.write_bytes(content)
            assert await scan.once() == 2
            assert await stand.states(scan) == [("bad", "damaged")], finding
            assert scan.counted.damaged == 1
            assert (await clerk.get(offer))["scanned"]["damaged"] == 1
            path.write_bytes(whole)
        stand.now += timedelta(days=31)
        assert await scan.once() == 2
        assert await stand.states(scan) == [("good", "")], "put back from a backup, it is well again"


async def test_a_folder_that_is_away_is_no_damage(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        await play(edge.writer, edge.services.config.recordings_dir)
        edge.services.config.recordings_dir.rename(tmp_path / "away")
        stand = Stand(edge)
        scan = stand.scan()
        with pytest.raises(OSError, match="not there"):
            await scan.once()
        assert (await scan.rows.counts(stand.now)).damaged == 0
        scan.away = True
        assert await stand.states(scan) == [("warning", "unreadable")]
        stand.pace = 0
        assert await stand.states(stand.scan()) == [("off", "")]


async def test_those_never_looked_at_come_first_then_those_looked_at_longest_ago(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        for name in ("one", "two", "three"):
            await play(edge.writer, edge.services.config.recordings_dir / name)
        rows, now = ScanStore(edge.database), system_clock()
        first, second, third = await rows.due(now, 20)
        await rows.note(second, None, now - timedelta(days=3))
        await rows.note(first, "changed", now - timedelta(days=2))

        async def next_ones(before: datetime) -> list[Due]:
            return list(await rows.due(before, 20))

        assert await next_ones(now) == [third, second, first]
        assert await next_ones(now - timedelta(days=2, hours=1)) == [third, second]
