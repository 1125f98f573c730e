"""An account of a running hub with light peers: signs in, follows its meeting, publishes and watches by WHIP and WHEP."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

import aiohttp
import socketio

from hub.families import family_of
from hub.media.transport.dtls import Certificate
from tests.support.hub_process import Tool
from tests.support.light_call import Connected
from tests.support.media_light import LightPeer, LightSocket
from tests.support.waiting import eventually

SDP = {"Content-Type": "application/sdp"}


class Caller:
    """An account with light peers; `told` are the media events it hears, `hub` what the hub tells of itself.

    Peers' sockets are bound to `bind`; `place`, where given, is entered while one is made (a network namespace, say).
    """

    def __init__(self, http: aiohttp.ClientSession, tool: Tool, certificate: Certificate) -> None:
        self.http = http
        self.tool = tool
        self.told: list[dict[str, Any]] = []
        self.hub: list[dict[str, Any]] = []
        self.bind = "127.0.0.1"
        self.place: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
        self._certificate = certificate
        self._socket = socketio.AsyncClient()
        self._socket.on("media", self.told.append)
        self._socket.on("hub", self.hub.append)

    async def follow(self, meeting: str) -> None:
        await self._socket.connect(self.tool.url, auth={"token": self.tool.token})
        await self._socket.call("follow", {"meeting": meeting, "since": 0})

    async def call(self, door: str, meeting: str, video: int = 1) -> Connected:
        """A connected peer by `whip` or `whep`; `socket.to` is where its node is."""
        with self.place():
            sock = LightSocket(9, self.bind)
        peer = LightPeer(sock.send, self._certificate.endpoint, self._certificate.fingerprint)
        sock.peer = peer
        offer = peer.offer("sendonly" if door == "whip" else "recvonly", video=video, audio=1)
        headers = {**self.tool.headers, **SDP}
        async with self.http.post(f"{self.tool.url}/{door}/{meeting}", data=offer, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            text = await answer.text()
            peer.id = answer.headers["Location"].rsplit("/", 1)[1]
        candidates = re.findall(r"a=candidate:\S+ 1 \S+ \d+ (\S+) (\d+)", text)
        mine = [each for each in candidates if family_of(each[0]) == family_of(self.bind)]
        assert mine, f"no candidate for {self.bind}: {candidates}"
        sock.to = (mine[0][0], int(mine[0][1]))
        peer.take_answer(text)
        connected = Connected(peer, sock)
        peer.check()
        await eventually(lambda: peer.keys is not None, 15, "no keys")
        return connected

    async def hang_up(self, door: str, meeting: str, connected: Connected) -> None:
        """End a session."""
        url = f"{self.tool.url}/{door}/{meeting}/{connected.peer.id}"
        async with self.http.delete(url, headers=self.tool.headers) as answer:
            assert answer.status == 200, await answer.text()

    def lost(self) -> list[str]:
        """Sessions it was told are gone with their node."""
        return [e["session"] for e in self.told if e["kind"] == "closed" and e["reason"] == "node_lost"]

    def sources(self) -> list[str]:
        """The participants who send, as last told."""
        told = [event for event in self.told if event["kind"] == "sources"]
        return [row["participant"] for row in told[-1]["sources"]] if told else []

    async def close(self) -> None:
        await self._socket.disconnect()


async def flows(viewer: Connected, packets: int = 30, timeout_s: float = 10.0) -> None:
    """Until so many more media packets have reached the viewer."""
    begun = viewer.peer.counters["rtp"]
    await eventually(
        lambda: viewer.peer.counters["rtp"] - begun > packets, timeout_s, "nothing reaches the viewer"
    )
