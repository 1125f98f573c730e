"""The headless station answers a check before a meeting: by itself, over the real media node, and as things are."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, VILLAGE
from tests.support.waiting import eventually


async def test_a_headless_station_says_how_its_devices_and_its_line_are(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub")
    await hub.start()
    account = hub.account("station", VILLAGE)
    station = Station(
        StationOptions(hub.url, account["username"], account["password"], cache_dir=tmp_path / "clips")
    )
    running = asyncio.create_task(station.run())
    try:
        await eventually(lambda: station.connected, 30, "the station is not there")
        async with aiohttp.ClientSession() as http:
            leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            started = await leader.command("check.start", {"centers": [VILLAGE], "present": 1})
            check = started["entries"][0]["data"]["check"]

            async def answered() -> dict[str, Any]:
                told = await leader.get(f"/api/v1/checks/{check}")
                assert told["reported"] == 1, "no answer yet"
                return dict(told["rows"][VILLAGE])

            answer = await eventually(answered, 25)
        assert (answer["camera"], answer["microphone"], answer["way"]) == ("ready", "ready", "direct")
        assert answer["loss_permille"] == 0
        assert answer["rtt_ms"] is not None
    finally:
        await station.stop()
        await running
        hub.stop()
