"""CPU per forwarded packet and memory per subscriber of a real node process, over loopback with real SRTP.

Run as ``python -m tests.bench.bench_forward [--seconds 6] [--subscribers 1,20,60,120]``; prints JSON. The source has
1.5 Mbit/s at 30 fps, six packets a frame in one burst, as a pacer sends them. CPU is what the kernel accounted to the
node (user and system, its part of the loopback included); viewers and source run in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any

from hub.media.dtls import Certificate
from tests.support.media_light import LightPeer, LightSocket, vp8_payload
from tests.support.media_node import FakeControl
from tests.support.media_process import NodeProcess
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


async def measure(subscribers: int, seconds: float) -> dict[str, Any]:
    """One round with a fresh node process."""
    control = FakeControl()
    await control.start()
    sockets: list[LightSocket] = []
    with NodeProcess(control.url) as process:
        await eventually(lambda: control.link is not None, why="the node has not linked")
        port = control.hellos[-1]["media"]["port"]
        certificate = Certificate()
        before_bytes = process.memory_bytes()
        viewers = []
        for index in range(subscribers):
            viewer, sock = await connect(control, port, certificate, f"viewer{index}", "watch")
            viewer.count_only = True
            viewers.append(viewer)
            sockets.append(sock)
        memory = (process.memory_bytes() - before_bytes) / subscribers
        publisher, sock = await connect(control, port, certificate, "source", "publish")
        sockets.append(sock)
        running = asyncio.create_task(Source(publisher).run())
        await eventually(lambda: all(v.counters["srtp"] > 20 for v in viewers), why="not all viewers see it")
        await asyncio.sleep(1.0)
        begun = await control.call("dump")
        cpu = process.cpu_s()
        started = asyncio.get_running_loop().time()
        await asyncio.sleep(seconds)
        cpu = process.cpu_s() - cpu
        took = asyncio.get_running_loop().time() - started
        ended = await control.call("dump")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for peer in (*viewers, publisher):
            peer.close()
        for sock in sockets:
            sock.close()
    await control.stop()
    packets = _forwarded(ended) - _forwarded(begun)
    runs = ended["port"].get("runs", 0) - begun["port"].get("runs", 0)
    return {
        "subscribers": subscribers,
        "packets_per_s": round(packets / took),
        "us_per_packet": round(cpu / packets * 1e6, 2),
        "cpu_share": round(cpu / took, 3),
        "packets_per_run": round(packets / runs, 1) if runs else None,
        "memory_per_subscriber_bytes": round(memory),
    }


def _forwarded(dump: dict[str, Any]) -> int:
    return sum(int(peer["sent"]["packets"]) for peer in dump["peers"])


async def run(counts: list[int], seconds: float) -> dict[str, Any]:
    """All rounds."""
    return {"bench": "forward", "rounds": [await measure(count, seconds) for count in counts]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--subscribers", default="1,20,60,120")
    options = parser.parse_args()
    counts = [int(word) for word in options.subscribers.split(",")]
    json.dump(asyncio.run(run(counts, options.seconds)), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
