"""The process that `bench_cameras` measures: pulls cameras, fits what comes, and tells what that cost. Prints JSON."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hub.gateway.clock import Stamps
from hub.gateway.fit import Fit
from hub.gateway.rtsp_port import RtspPull
from hub.gateway.sink import State, Target
from hub.gateway.turns import Turns
from hub.wire import h264
from hub.wire.sdp_rtsp import Track
from tests.support.camera_pull import LOOPBACK


class _Fits:
    """A viewer's side of one camera: fitted packets are counted and let go, stamps kept beside their arrival."""

    def __init__(self) -> None:
        self.fit = Fit(Stamps())
        self.packets = self.octets = 0
        self.late_s: list[float] = []
        self._stamp = -1

    def described(self, tracks: Sequence[Track]) -> None:
        self.fit.anew(h264.described_sets(tracks[0].fmtp))

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        for fitted in self.fit.take(packet, now):
            self.packets += 1
            self.octets += len(fitted.payload)
        if packet[1] & 0x80:
            # The cameras of this measurement count their stamps from midnight, without an offset.
            sent = int.from_bytes(packet[4:8], "big") / 90_000
            self.late_s.append((time.time() % 86_400 - sent) % (2**32 / 90_000))

    def state(self, state: State, reason: str) -> None:
        pass


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def main(urls: list[str], seconds: float) -> None:
    turns = Turns()
    sinks = [_Fits() for _ in urls]
    pulls = [
        RtspPull(Target(url), sink, time.monotonic, networks=LOOPBACK, turns=turns)
        for url, sink in zip(urls, sinks, strict=True)
    ]
    await asyncio.sleep(1)
    before = _resident_bytes()
    for pull in pulls:
        pull.start()
    await asyncio.sleep(5)
    for sink in sinks:
        sink.packets = sink.octets = 0
        sink.late_s.clear()
    cpu, begun = _cpu_s(), time.monotonic()
    await asyncio.sleep(seconds)
    cpu, took = _cpu_s() - cpu, time.monotonic() - begun
    late = sorted(at for sink in sinks for at in sink.late_s)
    report = {
        "cpu_share": cpu / took,
        "bytes": _resident_bytes() - before,
        "packets": sum(sink.packets for sink in sinks),
        "octets": sum(sink.octets for sink in sinks),
        "seconds": took,
        "late_p50_ms": late[len(late) // 2] * 1000,
        "late_p95_ms": late[len(late) * 95 // 100] * 1000,
        "playing": sum(pull.state == "playing" for pull in pulls),
    }
    for pull in pulls:
        pull.close()
    await asyncio.sleep(0)
    print(json.dumps(report))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[2:], float(sys.argv[1])))
