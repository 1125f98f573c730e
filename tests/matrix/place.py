"""A meeting on a running hub for one row of the table, and what its recorder made of it."""

from __future__ import annotations

import asyncio
import math
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import av
import numpy as np

from tests.support import flash_beep
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

CITY, VILLAGE = "430600000000", "430682115210"


class Refused(Exception):
    """A publisher or viewer was turned away, or turns away itself; the words say why."""


@dataclass(frozen=True)
class Place:
    """Where one row is made: the doors of its meeting, who publishes and who watches there."""

    hub: HubProcess
    http: aiohttp.ClientSession
    leader: Tool
    village: Tool
    meeting: str
    folder: Path

    @property
    def whip(self) -> str:
        return f"{self.hub.url}/whip/{self.meeting}"

    @property
    def whep(self) -> str:
        return f"{self.hub.url}/whep/{self.meeting}"


def own_address() -> str:
    """The address at which other programs of this machine reach it without the loopback, which some of them leave out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


@asynccontextmanager
async def running_hub(folder: Path) -> AsyncIterator[HubProcess]:
    """A hub with the demo's accounts, whose media are at this machine's own address."""
    hub = HubProcess(folder / "hub", {"HUB_MEDIA_HOST": own_address(), "HUB_MEDIA_BIND": ""})
    try:
        await hub.start(90)
        yield hub
    finally:
        hub.stop()


@asynccontextmanager
async def open_meeting(hub: HubProcess, folder: Path) -> AsyncIterator[Place]:
    """A recorded meeting of the city's leader with one village; it ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    async with aiohttp.ClientSession() as http:
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        village = await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE))
        called = {"title": "flash and beep", "kind": "dispatch", "centers": [VILLAGE], "record": True}
        opened = await leader.command("meeting.open", called)
        place = Place(hub, http, leader, village, opened["entries"][0]["meeting"], folder)
        try:
            yield place
        finally:
            if not (await leader.get(f"/api/v1/meetings/{place.meeting}")).get("ended_at"):
                await leader.command("meeting.end", meeting=place.meeting)


async def recorded(place: Place) -> flash_beep.Verdict:
    """End the meeting and judge the longest part of the village. Raises AssertionError when there is none in time."""
    await place.leader.command("meeting.end", meeting=place.meeting)

    async def longest() -> dict[str, Any]:
        found = (await place.leader.get(f"/api/v1/meetings/{place.meeting}/recordings"))["recordings"]
        parts = [part for one in found for part in one["parts"]]
        parts = [part for part in parts if part["participant"] == place.village.account["id"]]
        assert parts, "no part"
        assert all(part["state"] != "recording" for part in parts), "a part is not closed"
        return max(parts, key=lambda part: int(part["duration_ms"] or 0))

    part = await eventually(longest, 30)
    path = place.folder / "part"
    async with place.http.get(f"{place.hub.url}{part['media']}", headers=place.leader.headers) as answer:
        assert answer.status == 200, f"the part is not served: {answer.status}"
        path.write_bytes(await answer.read())
    return await asyncio.to_thread(judge_file, path)


def judge_file(path: Path) -> flash_beep.Verdict:
    """A recorded file by its decoded pictures and sound, each at its own time."""
    luma: list[tuple[float, float]] = []
    loud: list[tuple[float, float]] = []
    with av.open(str(path)) as container:
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        for frame in container.decode(streams):
            if (
                not isinstance(frame, av.VideoFrame | av.AudioFrame)
                or frame.pts is None
                or not frame.time_base
            ):
                continue
            at = float(frame.pts * frame.time_base)
            if isinstance(frame, av.VideoFrame):
                luma.append((at, float(np.mean(frame.reformat(32, 18, "gray").to_ndarray()))))
            else:
                values = np.asarray(frame.to_ndarray(), np.float64)
                full = 1.0 if frame.format.name.startswith("flt") else 32768.0
                loud.append((at, math.sqrt(float(np.mean(values**2))) / full))
    return flash_beep.judge(luma, loud)
