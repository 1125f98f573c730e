"""Six publishers who come back by themselves, a hub that records them, and what its files are worth at any moment."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import av

from hub.media.transport.dtls import Certificate
from tests.support.hub_process import HubProcess, Tool
from tests.support.light_call import ClipTalker, Connected
from tests.support.light_caller import Caller
from tests.support.media_files import Clip

#: A node that says nothing for so long is gone: a browser notices about as soon by its checks.
SILENT_S = 1.5


class Returning:
    """Publishes clips into a meeting, and again whenever its node is gone; until cancelled."""

    def __init__(self, caller: Caller, meeting: str, clips: Sequence[Clip]) -> None:
        self._caller = caller
        self._meeting = meeting
        self._clips = clips

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            try:
                station = await self._caller.call("whip", self._meeting)
            except (TimeoutError, AssertionError, OSError, aiohttp.ClientError):
                await asyncio.sleep(0.3)
                continue
            heard = Heard(station)
            talking = asyncio.create_task(ClipTalker(station, self._clips).run())
            try:
                while not talking.done() and heard.since() < SILENT_S:
                    await asyncio.sleep(0.1)
            finally:
                talking.cancel()
                await asyncio.gather(talking, return_exceptions=True)
                station.close()


class Heard:
    """When anything came for a peer last: its node reports to who sends several times a second."""

    def __init__(self, station: Connected) -> None:
        self._at = time.monotonic()
        receive = station.peer.receive

        def noticed(data: bytes) -> None:
            self._at = time.monotonic()
            receive(data)

        station.peer.receive = noticed  # type: ignore[method-assign]

    def since(self) -> float:
        """Seconds since then."""
        return time.monotonic() - self._at


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A part's record as it stands beside its file."""

    data: dict[str, Any]
    path: Path

    @property
    def part(self) -> str:
        return str(self.data["part"])

    @property
    def started(self) -> float:
        """Unix time of its first frame."""
        return datetime.fromisoformat(self.data["started_at"]).timestamp()


def parts_on_disk(folder: Path) -> list[OnDisk]:
    """All parts of a recordings folder that have bytes, oldest first."""
    found = []
    for record in sorted(folder.rglob("p_*.json")):
        try:
            data = json.loads(record.read_text())
        except (OSError, ValueError):
            continue  # being replaced
        path = folder / data["file"]
        if path.exists() and path.stat().st_size:
            found.append(OnDisk(data, path))
    return sorted(found, key=lambda part: part.part)


def newest(parts: Sequence[OnDisk]) -> dict[str, OnDisk]:
    """The newest part of each participant."""
    return {part.data["participant"]: part for part in parts}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file gives without repair: where picture and sound end, in seconds from its start, and all its packets."""

    picture_s: float
    sound_s: float
    packets: tuple[tuple[int, bytes], ...]


def look(path: Path) -> Seen:
    """Open and decode a whole file as it is. Raises av.FFmpegError where it cannot be opened, or a picture does not decode."""
    picture = sound = 0.0
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            picture = max(picture, frame.time or 0.0)
    with av.open(str(path)) as source:
        for heard in source.decode(audio=0):
            sound = max(sound, (heard.time or 0.0) + heard.samples / heard.sample_rate)
    packets = []
    with av.open(str(path)) as source:
        for packet in source.demux():
            if packet.size:
                packets.append((packet.stream_index, hashlib.sha256(bytes(packet)).digest()[:8]))
    return Seen(picture, sound, tuple(packets))


class Stand:
    """A hub with a meeting of six publishers that is recorded."""

    def __init__(self, hub: HubProcess, clips: Sequence[Clip], publishers: int = 6) -> None:
        self.hub = hub
        self.clips = clips
        self.publishers = publishers
        self.meeting = ""
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def recordings(self) -> Path:
        return self.hub.folder / "recordings"

    async def begin(self, http: aiohttp.ClientSession) -> None:
        """Open the meeting and have all publish into it."""
        roles = ("station", "leader", "dispatcher")
        below = [each for each in self.hub.accounts() if not each["center"].endswith("0" * 8)]
        stations = sorted(
            (each for each in below if each["role"] in roles), key=lambda each: roles.index(each["role"])
        )[: self.publishers]
        leader = next(
            each
            for each in self.hub.accounts()
            if each["role"] == "leader" and each["center"].endswith("0" * 8)
        )
        chair = await Tool.sign_in(http, self.hub.url, leader)
        centers = sorted({each["center"] for each in stations})
        data = {"title": "六路录像", "kind": "dispatch", "centers": centers, "record": True}
        opened = await chair.command("meeting.open", data)
        self.meeting = opened["entries"][0]["meeting"]
        certificate = Certificate()
        for each in stations:
            caller = Caller(http, await Tool.sign_in(http, self.hub.url, each), certificate)
            self._tasks.append(asyncio.create_task(Returning(caller, self.meeting, self.clips).run()))
        self._chair = chair

    async def end(self) -> None:
        """End the meeting, and then everybody."""
        await self._chair.command("meeting.end", meeting=self.meeting)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
