"""Watching cameras of a whole hub without a browser: a session of the place `cameras`, its pictures decoded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import aiohttp
import socketio
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from clients.camera.scene import read_number
from tests.support.hub_process import Tool
from tests.support.waiting import eventually


class CameraViewer:
    """One person's page as far as pictures go, so many `slots` of them."""

    def __init__(self, tool: Tool, http: aiohttp.ClientSession, slots: int) -> None:
        #: How many pictures came, and how wide the last one was, by slot.
        self.frames = [0] * slots
        self.widths = [0] * slots
        #: Whether the number that stands in pictures is read, and what was: (number, when).
        self.reads = False
        self.numbers: list[tuple[int, float]] = []
        #: How the hub says that cameras are.
        self.states: dict[str, str] = {}
        self.session = ""
        self._tool = tool
        self._http = http
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._socket = socketio.AsyncClient(reconnection=False)
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect, showing nothing yet."""
        tool = self._tool
        self._socket.on("media", self._told)
        await self._socket.connect(tool.url, auth={"token": tool.token}, transports=["websocket"])
        for _ in self.frames:
            self._pc.addTransceiver("video", direction="recvonly")
        await self._pc.setLocalDescription(await self._pc.createOffer())
        headers = {**tool.headers, "Content-Type": "application/sdp"}
        url = f"{tool.url}/whep/cameras"
        async with self._http.post(url, data=self._pc.localDescription.sdp, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 201, text
            self.session = answer.headers["Location"].rpartition("/")[2]
        await self._pc.setRemoteDescription(RTCSessionDescription(text, "answer"))
        await eventually(lambda: self._pc.connectionState == "connected", 20, "the viewer is not connected")
        for slot, transceiver in enumerate(self._pc.getTransceivers()):
            self._tasks.append(asyncio.create_task(self._take(slot, transceiver.receiver.track)))

    async def select(self, cameras: Sequence[str | None], tile: tuple[int, int] = (320, 180)) -> None:
        """Show these; raises AssertionError where the hub will not."""
        body = {"session": self.session, "video": list(cameras), "tiles": [list(tile) for _ in cameras]}
        await self.say("select", body)

    async def say(self, event: str, body: dict[str, Any]) -> None:
        answer = await self._socket.call(event, body)
        assert not (isinstance(answer, dict) and "error" in answer), answer

    async def next_picture(self, slot: int = 0, timeout_s: float = 30.0, width: int | None = None) -> float:
        """Wait for one more picture (of this width); seconds until it came."""
        begun, before = time.perf_counter(), self.frames[slot]
        end = begun + timeout_s
        while time.perf_counter() < end:
            if self.frames[slot] > before and width in (None, self.widths[slot]):
                return time.perf_counter() - begun
            await asyncio.sleep(0.002)
        raise AssertionError(f"no picture within {timeout_s} s")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._pc.close()
        await self._socket.disconnect()

    async def _told(self, event: dict[str, Any]) -> None:
        if event["kind"] == "camera":
            self.states[event["camera"]] = event["state"]

    async def _take(self, slot: int, track: Any) -> None:
        while True:
            frame: Any = await track.recv()
            self.frames[slot] += 1
            self.widths[slot] = frame.width
            if self.reads:
                at = time.time()
                self.numbers.append((read_number(frame.to_image()), at))
