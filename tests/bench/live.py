"""A whole hub for a measurement: real processes, a headless station, and percentiles of what was measured."""

from __future__ import annotations

import asyncio
import math
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.support.hub_process import HubProcess, Tool
from tests.support.real_media import bunny_mp4
from tests.support.waiting import eventually

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"


@dataclass(frozen=True, slots=True)
class LiveHub:
    """A running hub, its leader, and where a folder for files is."""

    hub: HubProcess
    leader: Tool
    folder: Path


@asynccontextmanager
async def live_hub(database_url: str | None = None) -> AsyncIterator[LiveHub]:
    """A hub with demo accounts and no demo stations; on SQLite unless a database is given."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        hub = HubProcess(Path(name) / "hub", {"HUB_DATABASE_URL": database_url} if database_url else {})
        try:
            await hub.start(60)
            async with aiohttp.ClientSession() as http:
                leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
                yield LiveHub(hub, leader, Path(name))
        finally:
            hub.stop()


@asynccontextmanager
async def filming_station(live: LiveHub, center: str) -> AsyncIterator[Station]:
    """A headless station of this center that answers calls and publishes the real film."""
    account = live.hub.account("station", center)
    station = Station(
        StationOptions(
            url=live.hub.url,
            username=account["username"],
            password=account["password"],
            video=bunny_mp4(),
            cache_dir=live.folder / "cache",
            auto_answer_s=0.1,
        )
    )
    running = asyncio.create_task(station.run())
    try:
        await eventually(lambda: station.connected, 60, "the station is not connected")
        yield station
    finally:
        await station.stop()
        await running


async def open_meeting(leader: Tool, *centers: str) -> str:
    """Convene these centers, not recorded; the meeting's id."""
    data = {"title": "测量", "kind": "dispatch", "centers": list(centers), "record": False}
    opened = await leader.command("meeting.open", data)
    return str(opened["entries"][0]["meeting"])


def percentiles(values_ms: Sequence[float]) -> dict[str, float | int]:
    """How many, median, 95th percentile (nearest rank) and the worst, in milliseconds."""
    ordered = sorted(values_ms)
    return {
        "count": len(ordered),
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[math.ceil(len(ordered) * 0.95) - 1], 1),
        "worst_ms": round(ordered[-1], 1),
    }
