"""What sources that do not belong here cost: CPU per packet of a call, in-process, against the same call without them.

Run as ``python -m tests.bench.bench_hostile_sources``; prints JSON. One publisher (VP8, six packets a frame), four
viewers, real SRTP, no sockets. Rows: the call alone; the same call after and during 20,000 unannounced sources of its
publisher; beside a second call, and beside one whose sources have the same numbers (against the former); and while
another publisher sends into its source.
`us_per_packet` is what one packet of the call costs with its forwarding, `us_per_hostile_packet` what a refused one
does, `times_normal` the larger of both against the call alone.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from hub.media.transport.srtp import SealBuffer, SrtpSession
from hub.wire import rtp
from tests.support.media_light import MID_ID, TRANSPORT_ID, VP8, LightPeer, vp8_payload
from tests.support.media_world import World

SOURCES = 20_000
FRAME_PACKETS = 6
FRAMES = 300
ROUNDS = 7
PAYLOAD_BYTES = 1041


class Call:
    """A publisher and four viewers whose datagrams go nowhere."""

    def __init__(self, world: World, name: str, sources_of: LightPeer | None = None) -> None:
        self.world = world
        self.station = world.join("publish", name, sources_of=sources_of)
        self.viewers = [world.join("watch", f"{name}-{index}") for index in range(4)]
        for viewer in self.viewers:
            world.sfu.peer_select(viewer.id, [name])
            del world.peers[viewer.address]
        self.seq = 1

    def frames(self) -> list[list[bytes]]:
        """The datagrams of the next frames, sealed; the first is a key frame."""
        made = []
        for frame in range(FRAMES):
            row = []
            for index in range(FRAME_PACKETS):
                payload = vp8_payload(self.seq, key=frame == 0, first=index == 0, size=PAYLOAD_BYTES)
                number = (self.seq & 0xFFFF).to_bytes(2, "big")
                packet = rtp.build_packet(
                    VP8,
                    self.seq & 0xFFFF,
                    frame * 3000,
                    self.station.video_ssrc,
                    payload,
                    marker=index == FRAME_PACKETS - 1,
                    extensions=[(TRANSPORT_ID, number), (MID_ID, b"0")],
                )
                row.append(self.station.sealed(packet))
                self.seq += 1
            made.append(row)
        return made

    def play(
        self,
        frames: list[list[bytes]],
        between: Iterator[bytes] | None = None,
        sender: LightPeer | None = None,
    ) -> float:
        """CPU seconds for these frames, with as many datagrams `between` from `sender` among them."""
        sfu, view, address = self.world.sfu, self.world.inbox.view, self.station.address
        other = (sender or self.station).address
        began = time.process_time()
        for row in frames:
            self.world.network.now += 1 / 30
            for datagram in row:
                view[: len(datagram)] = datagram
                sfu.receive(len(datagram), address)
                if between is not None:
                    hostile = next(between)
                    view[: len(hostile)] = hostile
                    sfu.receive(len(hostile), other)
            sfu.drained()
            sfu.tick()
        return time.process_time() - began


def forged(peer: LightPeer, ssrcs: Iterator[int]) -> Iterator[bytes]:
    """Authentic datagrams of `peer` from other sources."""
    assert peer.keys is not None
    buffer = SealBuffer(2048)
    body = vp8_payload(1, key=False, first=True, size=PAYLOAD_BYTES)
    for count, ssrc in enumerate(ssrcs):
        if count % 100 == 0:
            session = SrtpSession(peer.keys.profile, peer.keys.send, inbound=False)
        packet = rtp.build_packet(VP8, count & 0xFFFF, 1, ssrc, body)
        buffer.view[: len(packet)] = packet
        yield bytes(buffer.view[: session.protect_rtp(buffer, 0, len(packet))])


def run() -> dict[str, Any]:
    """All rows, each the best of some rounds."""
    world = World()
    call = Call(world, "station")
    evil = world.join("publish", "evil")
    count = FRAMES * FRAME_PACKETS
    unannounced = list(forged(call.station, iter(range(1, SOURCES + 1))))
    into = list(forged(evil, iter([call.station.video_ssrc] * count)))
    taken: dict[str, list[float]] = {
        "alone": [],
        "during": [],
        "clean": [],
        "after": [],
        "beside": [],
        "equal": [],
        "into": [],
    }
    at = 0
    gc.collect()
    gc.freeze()
    gc.disable()
    for _ in range(ROUNDS):
        taken["alone"].append(call.play(call.frames()))
        some = unannounced[at : at + count] or unannounced[:count]
        at += len(some) if len(some) == count else -at
        some = (some + unannounced)[:count]
        taken["during"].append(call.play(call.frames(), iter(some)))
        taken["into"].append(call.play(call.frames(), iter(into), evil))
    for datagram in unannounced:
        world.inject(datagram, call.station.address)
    # In turns with a call that never met them: the machine is not the same from one minute to the next.
    clean = Call(World(), "clean")
    for _ in range(ROUNDS):
        taken["clean"].append(clean.play(clean.frames()))
        taken["after"].append(call.play(call.frames()))
    # Two calls on one node take each other's caches: what equal sources cost shows beside a twin with its own.
    twins = {"beside": Call(world, "beside"), "equal": Call(world, "equal", sources_of=call.station)}
    for _ in range(ROUNDS):
        for name, twin in twins.items():
            twin.play(twin.frames())
            taken[name].append(call.play(call.frames()))
    gc.enable()
    each = {name: min(values) / count * 1e6 for name, values in taken.items()}
    normal = each["alone"]
    rows = [
        _row("the call alone", normal, None, normal),
        _row("during 20,000 unannounced sources", normal, each["during"] - normal, normal),
        _row("after 20,000 unannounced sources", each["after"], None, each["clean"]),
        _row("beside another call", each["beside"], None, each["beside"]),
        _row("beside another call with equal sources", each["equal"], None, each["beside"]),
        _row("another sends into its source", normal, each["into"] - normal, normal),
    ]
    return {"bench": "hostile_sources", "rows": rows}


def _row(what: str, us: float, hostile_us: float | None, normal: float) -> dict[str, Any]:
    return {
        "what": what,
        "us_per_packet": round(us, 2),
        "us_per_hostile_packet": round(hostile_us, 2) if hostile_us is not None else None,
        "times_normal": round(max(us, hostile_us or 0.0) / normal, 2),
    }


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
