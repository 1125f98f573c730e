"""Joins and leaves of light peers with real handshakes, as fast as they go, and what the node holds before and after."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hub.media.transport.dtls import Certificate
from tests.support.light_call import Connected, connect
from tests.support.media_light import vp8_payload
from tests.support.media_node import FakeControl
from tests.support.media_process import NodeProcess
from tests.support.waiting import eventually

#: Handshakes under way at once.
AT_ONCE = 32
_MEETINGS = 8


@dataclass(frozen=True, slots=True)
class Held:
    """What the node's process holds while nobody is connected."""

    memory_bytes: int
    descriptors: int
    tasks: int
    peers: int
    addresses: int
    meetings: int


class Churn:
    """Keeps peers coming and going: every other a publisher that sends a little, every other a viewer."""

    def __init__(self, control: FakeControl, process: NodeProcess) -> None:
        self.control = control
        self.process = process
        self.counters: Counter[str] = Counter()
        self._certificate = Certificate()
        self._names = itertools.count()
        self._closed: set[str] = set()
        self._read = 0
        self._port = int(control.hellos[-1]["media"]["port"])

    async def go(self, joins: int) -> None:
        """So many peers join and leave."""
        left = iter(range(joins))

        async def one_after_another() -> None:
            for _ in left:
                await self._visit(next(self._names))

        await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
        for meeting in range(_MEETINGS):
            await self.control.call("meeting.close", meeting=f"m{meeting}")
        self.control.told.clear()
        self._closed.clear()
        self._read = 0

    async def _visit(self, number: int) -> None:
        """One peer's whole life; it ends in one of four ways."""
        direction = "publish" if number % 2 else "watch"
        name, meeting = f"p{number}", f"m{number // 2 % _MEETINGS}"
        visitor = await connect(
            self.control, self._port, self._certificate, name, direction, meeting=meeting, timeout_s=30
        )
        if direction == "publish":
            self._talk(visitor)
        else:
            await self.control.call("peer.select", peer=name, video=[f"p{number + 1}"])
        if number % 8 in (0, 1):
            fragment = f"a=ice-ufrag:{visitor.peer.ufrag}x\r\na=ice-pwd:{visitor.peer.password}x"
            await self.control.call("peer.restart", peer=name, fragment=fragment)
        if number % 4 in (0, 1):
            visitor.close()
            await self._gone(name)
        else:
            await self.control.call("peer.close", peer=name, reason="left")
            visitor.close()
        self.counters["visits"] += 1

    def _talk(self, station: Connected) -> None:
        for index in range(6):
            payload = vp8_payload(1, key=True, first=index == 0, size=500)
            station.peer.send_video(index, 3000, payload, index == 5)
        station.peer.send_audio(1, 960, 30)

    async def _gone(self, name: str) -> None:
        await eventually(lambda: self._has_gone(name), timeout_s=30, why=f"{name} has not gone")

    def _has_gone(self, name: str) -> bool:
        """Whether control was told that this peer is closed; reads what was told since the last time."""
        for event, data in self.control.told[self._read :]:
            if event == "peer" and data["state"] == "closed":
                self._closed.add(data["peer"])
        self._read = len(self.control.told)
        return name in self._closed

    async def held(self) -> Held:
        """What the node holds now."""
        dump = await self.control.call("dump")
        return Held(
            self.process.memory_bytes(),
            len(os.listdir(Path("/proc") / str(self.process.pid) / "fd")),
            int(dump["tasks"]),
            len(dump["peers"]),
            int(dump["ingress"]["addresses"]) + int(dump["ingress"]["ufrags"]),
            len(dump["meetings"]),
        )
