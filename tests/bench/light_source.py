"""A source and viewers made of the tests' light peers, where a measurement needs packets of its own making."""

from __future__ import annotations

import asyncio

from hub.media.transport.dtls import Certificate
from tests.support.media_light import LightPeer, LightSocket, vp8_payload
from tests.support.media_node import FakeControl
from tests.support.waiting import eventually

FRAMES_PER_S = 30
PACKETS_PER_FRAME = 6
PAYLOAD_BYTES = 1041  # 6 x 30 of them a second are 1.5 Mbit/s


class Source:
    """Publishes VP8-shaped packets with a key frame whenever it is asked for one."""

    def __init__(self, peer: LightPeer) -> None:
        self.peer = peer
        self.seq = 1000
        self.picture = 1
        self.key_wanted = True
        self.peer.on_rtcp = self._heard
        self._body = [vp8_payload(0, key=False, first=False, size=PAYLOAD_BYTES) for _ in range(2)]

    def _heard(self, packet: object) -> None:
        self.key_wanted = self.key_wanted or type(packet).__name__ == "Pli"

    def send_frame(self) -> None:
        """One frame in one burst."""
        timestamp = self.picture * 3000
        for index in range(PACKETS_PER_FRAME):
            first = index == 0
            payload = vp8_payload(self.picture, key=self.key_wanted, first=first, size=PAYLOAD_BYTES)
            self.peer.send_video(self.seq, timestamp, payload, index == PACKETS_PER_FRAME - 1)
            self.seq += 1
        self.key_wanted = False
        self.picture += 1

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        start, frame = loop.time(), 0
        while True:
            self.send_frame()
            frame += 1
            await asyncio.sleep(max(0.0, start + frame / FRAMES_PER_S - loop.time()))


async def connect(
    control: FakeControl, port: int, certificate: Certificate, name: str, direction: str
) -> tuple[LightPeer, LightSocket]:
    """One light peer with a real DTLS handshake."""
    sock = LightSocket(port)
    peer = LightPeer(sock.send, certificate.endpoint, certificate.fingerprint)
    sock.peer = peer
    offer = peer.offer("sendonly" if direction == "publish" else "recvonly", video=1, audio=1)
    opened = await control.call(
        "peer.open", peer=name, meeting="bench", participant=name, direction=direction, offer=offer
    )
    peer.take_answer(opened["answer"])
    peer.check()
    await eventually(lambda: peer.keys is not None, why=f"{name} has no keys")
    return peer, sock
