"""How the hub fares: what is not good says why and since when, as of one moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hub.clock import to_wire
from hub.config import load
from hub.errors import Refusal
from hub.house.backups import Backups, Kept
from hub.upkeep import probes
from hub.upkeep.health import Health, Looked, certificate, gateways_looked
from hub.upkeep.schedule import next_due
from signaling.hub_alarms import troubles
from signaling.mass_loss import MassLoss
from tests.support.edge import running_edge
from tests.support.waiting import eventually

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


#: No word of room where the machine that tests run on has little.
QUIET = {"HUB_RECORDINGS_REFUSE_MB": "0", "HUB_RECORDINGS_WARN_MB": "0"}


class Stand:
    """A hub whose parts come and go."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.now = NOW
        self.parts = {"journal": True, "recorder": True, "recording": True}
        self.nodes = ["node-1"]
        self.away = False
        config = load({"HUB_DATA_DIR": str(folder), "HUB_DISK_RESERVE_MB": "0", **QUIET, **settings})
        self.health = Health(config, lambda: self.now, self.ping, lambda: self.parts, lambda: self.nodes)

    async def ping(self) -> None:
        if self.away:
            raise Refusal("unavailable", "the database is away")

    async def look(self) -> dict[tuple[str, str], dict[str, Any]]:
        await self.health.look()
        return {(each["part"], each["name"]): each for each in self.health.to_wire()["parts"]}


async def test_a_part_that_goes_says_why_and_since_when(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    first = await stand.look()
    assert first["node", "node-1"]["state"] == first["recorder", ""]["state"] == "good"
    assert first["database", ""]["figures"]["kind"] == "sqlite"
    stand.now += timedelta(minutes=1)
    stand.nodes, stand.away, stand.parts["recorder"] = [], True, False
    second = await stand.look()
    for part, why in (("node", "away"), ("database", "away"), ("recorder", "away")):
        assert (second[part, ""]["state"], second[part, ""]["why"]) == ("bad", why)
        assert second[part, ""]["since"] == to_wire(stand.now)
    assert ("node", "node-1") not in second
    since = stand.now
    stand.now += timedelta(minutes=1)
    third = await stand.look()
    assert third["recorder", ""]["since"] == to_wire(since), (
        "it is so since it began, not since it was looked at"
    )
    assert third["control", ""]["since"] == to_wire(NOW)
    assert stand.health.to_wire()["as_of"] == to_wire(stand.now)


def test_a_gateway_is_missed_only_where_there_can_be_cameras() -> None:
    without, named = load({}), load({"HUB_CAMERA_NETWORKS": "10.43.0.0/16"})
    assert list(gateways_looked(without, [])) == []
    assert list(gateways_looked(named, [])) == [Looked("gateway", state="bad", why="away")]
    two = [Looked("gateway", "east"), Looked("gateway", "west")]
    assert list(gateways_looked(named, ["west", "east"])) == two


async def test_a_disk_that_fills_is_told_before_nothing_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = Stand(tmp_path)
    for free, state, why in ((500, "good", ""), (50, "warning", "fills")):
        monkeypatch.setattr(probes, "room", lambda folder, free=free: probes.Room(free, 1000))
        found = (await stand.look())["disk", "data"]
        assert (found["state"], found["why"]) == (state, why)
        assert found["figures"] == {"free_bytes": free, "total_bytes": 1000}


async def test_the_recordings_disk_is_judged_by_its_own_thresholds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"HUB_DISK_RESERVE_MB": "1", "HUB_RECORDINGS_REFUSE_MB": "4", "HUB_RECORDINGS_WARN_MB": "16"}
    stand = Stand(tmp_path, **limits)
    for free_mb, state, why in (
        (17, "good", ""),
        (15, "warning", "fills"),
        (3, "bad", "refuses"),
        (0, "bad", "low"),
    ):
        monkeypatch.setattr(probes, "room", lambda folder, free=free_mb: probes.Room(free << 20, 1 << 30))
        found = (await stand.look())["disk", "recordings"]
        assert (found["state"], found["why"]) == (state, why)


@pytest.mark.parametrize(
    ("days", "state", "why"),
    [(90, "good", ""), (29, "warning", "soon"), (6, "bad", "soon"), (-1, "bad", "expired")],
)
def test_a_certificate_says_how_many_days_are_left(days: int, state: str, why: str) -> None:
    looked = certificate("turn", NOW + timedelta(days=days), NOW)
    assert (looked.state, looked.why, looked.figures["days"]) == (state, why, max(0, days))


def parts_of(stand: Stand, part: str) -> list[dict[str, Any]]:
    """What was found of this part; nothing before the first look."""
    return [each for each in stand.health.to_wire()["parts"] if each["part"] == part]


async def test_a_relay_whose_tls_has_no_name_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "answers", lambda host, port: True)
    for urls, state, why in (
        ("turns:203.0.113.7", "warning", "no_name"),
        ("turns:turn.example.org", "good", ""),
    ):
        stand = Stand(tmp_path, HUB_TURN="there", HUB_TURN_URLS=urls, HUB_TURN_HOST="203.0.113.7")
        running = asyncio.create_task(stand.health.run())
        found = await eventually(partial(parts_of, stand, "turn"))
        running.cancel()
        assert (found[0]["state"], found[0]["why"]) == (state, why)


def test_the_next_backup_is_at_the_next_such_hour() -> None:
    assert next_due(NOW, 3, UTC) == datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert next_due(NOW, 9, UTC) == datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_a_backup_that_failed_is_an_alarm_until_one_is_made(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        kept = edge.writer.state.parts.edit(Backups).by_name
        kept["a"] = Kept(
            name="a", begun_at=to_wire(NOW), by="system", keys=False, scheduled=True, state="failed"
        )
        assert troubles(edge.services, MassLoss(), 0.0)["backup"].words == {"backup": "a"}
        kept["b"] = Kept(
            name="b", begun_at=to_wire(NOW), by="system", keys=False, scheduled=True, state="made"
        )
        assert "backup" not in troubles(edge.services, MassLoss(), 0.0)
        kept["b"].holds = False
        assert troubles(edge.services, MassLoss(), 0.0)["backup"].words == {"backup": "b"}
