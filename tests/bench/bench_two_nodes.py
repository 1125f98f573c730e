"""CPU per forwarded packet with all viewers on one node, and with the same viewers on two nodes that are linked.

Run as ``python -m tests.bench.bench_two_nodes [--seconds 6] [--subscribers 360,1000] [--rounds 2]``; prints JSON. The
source has 500 kbit/s at 30 fps, two packets a frame, and is at the first node; with two nodes one copy crosses by the
relay. CPU is what the kernel accounted to the nodes (user and system) over what reached the viewers; the kinds take
turns, and the median of the rounds counts. Viewers and source run in this process. `half` is one node with half of the
viewers: a node costs something however few it serves, and what two nodes cost beyond that is the relay's.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import os
import resource
import statistics
import sys
from contextlib import ExitStack
from typing import Any

from hub.media.transport.dtls import Certificate
from tests.bench.light_source import PAYLOAD_BYTES, Source, connect
from tests.support.media_light import LightPeer, LightSocket, vp8_payload
from tests.support.media_node import FakeControl
from tests.support.media_process import NodeProcess
from tests.support.waiting import eventually

PACKETS_PER_FRAME = 2


class SlowSource(Source):
    """The source of a lecture: a small picture."""

    def send_frame(self) -> None:
        """One frame in one burst."""
        for index in range(PACKETS_PER_FRAME):
            payload = vp8_payload(self.picture, key=self.key_wanted, first=index == 0, size=PAYLOAD_BYTES)
            self.peer.send_video(self.seq, self.picture * 3000, payload, index == PACKETS_PER_FRAME - 1)
            self.seq += 1
        self.key_wanted = False
        self.picture += 1


async def _link(controls: list[FakeControl]) -> None:
    """Open the relay between two nodes, and pass on what each tells of its streams."""
    forth, back = os.urandom(28).hex(), os.urandom(28).hex()
    for here, there, send, receive in (
        (controls[0], controls[1], forth, back),
        (controls[1], controls[0], back, forth),
    ):
        media = there.hellos[-1]["media"]
        await here.call(
            "relay.open",
            relay="x_bench",
            meeting="bench",
            node="other",
            host=media["host"],
            port=media["port"],
            send_key=send,
            receive_key=receive,
        )


def _pass_on(here: FakeControl, there: FakeControl) -> None:
    assert here.link is not None
    assert there.link is not None
    told = {event: functools.partial(there.link.tell, event) for event in ("relay.stream", "relay.told")}
    here.link.events = {**here.link.events, **told}


async def _keep(peers: list[LightPeer]) -> None:
    """Check the connections as browsers do, only more rarely: without it the hub gives them up after 30 s."""
    while True:
        await asyncio.sleep(8.0)
        for peer in list(peers):
            peer.check()


async def measure(nodes: int, subscribers: int, seconds: float) -> dict[str, float]:
    """One round with fresh node processes."""
    controls = [FakeControl() for _ in range(nodes)]
    certificate = Certificate()
    sockets: list[LightSocket] = []
    viewers: list[LightPeer] = []
    with ExitStack() as stack:
        processes = []
        for control in controls:
            await control.start()
            processes.append(stack.enter_context(NodeProcess(control.url)))
        await eventually(lambda: all(control.link for control in controls), 30, "the nodes have not linked")
        ports = [control.hellos[-1]["media"]["port"] for control in controls]
        if nodes == 2:
            _pass_on(controls[0], controls[1])
            _pass_on(controls[1], controls[0])
            await _link(controls)
        keeping = asyncio.create_task(_keep(viewers))
        for index in range(subscribers):
            at = index % nodes
            viewer, sock = await connect(controls[at], ports[at], certificate, f"viewer{index}", "watch")
            viewer.count_only = True
            viewers.append(viewer)
            sockets.append(sock)
        publisher, sock = await connect(controls[0], ports[0], certificate, "source", "publish")
        sockets.append(sock)
        running = asyncio.create_task(SlowSource(publisher).run())
        await eventually(
            lambda: all(viewer.counters["srtp"] > 20 for viewer in viewers), 30, "not all viewers see it"
        )
        await asyncio.sleep(1.0)
        begun = _arrived(viewers)
        cpu = sum(process.cpu_s() for process in processes)
        await asyncio.sleep(seconds)
        cpu = sum(process.cpu_s() for process in processes) - cpu
        packets = _arrived(viewers) - begun
        running.cancel()
        keeping.cancel()
        await asyncio.gather(running, keeping, return_exceptions=True)
        for peer in (*viewers, publisher):
            peer.close()
        for sock in sockets:
            sock.close()
    for control in controls:
        await control.stop()
    return {"us_per_packet": cpu / packets * 1e6, "packets_per_s": packets / seconds}


def _arrived(viewers: list[LightPeer]) -> int:
    return sum(viewer.counters["srtp"] for viewer in viewers)


async def run(counts: list[int], seconds: float, rounds: int) -> dict[str, Any]:
    """All rounds."""
    rows = []
    for count in counts:
        kinds = {"one": (1, count), "two": (2, count), "half": (1, count // 2)}
        found: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, (nodes, viewers) in kinds.items():
                found[kind].append(await measure(nodes, viewers, seconds))
        one, two, half = (
            statistics.median(each["us_per_packet"] for each in figures) for figures in found.values()
        )
        rows.append(
            {
                "subscribers": count,
                "one_node_us_per_packet": round(one, 2),
                "two_nodes_us_per_packet": round(two, 2),
                "half_us_per_packet": round(half, 2),
                "ratio": round(two / one, 3),
                "packets_per_s": round(found["two"][-1]["packets_per_s"]),
            }
        )
    return {"bench": "two_nodes", "rounds": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--subscribers", default="360,1000")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each viewer has a socket
    counts = [int(word) for word in options.subscribers.split(",")]
    json.dump(asyncio.run(run(counts, options.seconds, options.rounds)), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
