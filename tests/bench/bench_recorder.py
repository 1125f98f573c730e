"""How many publishers one recorder sustains: ``python -m tests.bench.bench_recorder``. Prints JSON.

Each publisher sends 500 kbit/s (VP8 with 15 pictures a second, and Opus), or 720p at 1.5 Mbit/s with 25, over SRTP to a real
recorder process. Told for each number of publishers: the recorder's share of one core (writers included), and what was lost on
the way into the files.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.support.fake_control import LINK_KEY, FakeControl
from tests.support.media_files import Clip, Pixels, encode_pictures, flash_and_beep, labelled_picture
from tests.support.relay_sender import OutgoingStream, RelaySender

MEETING = "m_01m82v7m00dg4wd225"
RECORDING = "r_01m82v7m00dg4wd226"
#: Size, pictures and bits of picture a second.
KINDS: dict[str, tuple[tuple[int, int], int, int]] = {
    "360p": ((640, 360), 15, 470_000),
    "720p": ((1280, 720), 25, 1_470_000),
}
_PROGRAM = """
import asyncio, pathlib, sys
from recordings.process import RecorderConfig, run_recorder
asyncio.run(run_recorder(RecorderConfig("recorder", sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]))))
"""


def _clips(kind: str, seconds: int) -> tuple[Clip, Clip]:
    """Pictures that fill the bit rate with key frames of a camera's size (some 20 kB), and sound."""
    luck = np.random.default_rng(1)
    size, fps, bits = KINDS[kind]

    def pictures() -> Iterator[Pixels]:
        for number in range(seconds * fps):
            picture = np.asarray(labelled_picture("blue", "坦渡村", number / fps, size)).astype(np.int16)
            grain = luck.integers(-24, 24, (90, 160, 1), np.int16).repeat(size[1] // 90, 0)
            yield np.clip(picture + grain.repeat(size[0] // 160, 1), 0, 255).astype(np.uint8)

    video = encode_pictures("vp8", pictures(), fps, key_every=fps * 2, bit_rate=bits)
    return video, flash_and_beep("vp8", seconds)[1]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _frames(path: Path) -> int:
    with av.open(str(path)) as source:
        streams = source.streams.video
        return sum(1 for packet in source.demux(*streams) if packet.size) if streams else 0


async def measure(kind: str, publishers: int, clips: tuple[Clip, Clip], seconds: int) -> dict[str, Any]:
    """One run with a fresh recorder."""
    control = FakeControl()
    await control.start()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        recorder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _PROGRAM, control.url, LINK_KEY, folder
        )
        try:
            link = await control.recorder()
            sender = RelaySender(await control.open_recording(RECORDING, MEETING))
            streams: list[OutgoingStream] = []
            for number in range(publishers):
                for clip in clips:
                    stream = OutgoingStream(clip, late_s=number / publishers * 2)
                    streams.append(stream)
                    link.tell("stream", stream.told("relay", RECORDING, MEETING, f"s_{number}"))
            await link.call("dump", {})
            cpu, began = _cpu_s(recorder.pid), time.monotonic()
            await sender.play(*streams)
            spent = time.monotonic() - began
            cpu = _cpu_s(recorder.pid) - cpu
            counters = (await link.call("dump", {}))["relay_port"]["counters"]
            finishing = time.monotonic()
            await link.call("recording.close", {"recording": RECORDING}, timeout_s=120)
            finishing = time.monotonic() - finishing
            sender.close()
            frames = [_frames(root / part["file"]) for part in control.opened]
            sent = sum(stream.packets for stream in streams)
            octets = sum(stream.octets for stream in streams)
        finally:
            recorder.kill()
            await recorder.wait()
            await control.stop()
    return {
        "picture": kind,
        "publishers": publishers,
        "kbit_s_each": round(octets * 8 / seconds / publishers / 1000),
        "cores": round(cpu / spent, 3),
        "percent_of_a_core_each": round(100 * cpu / spent / publishers, 2),
        "us_per_packet": round(cpu * 1e6 / sent, 1),
        "packets_s": round(sent / spent),
        "nacked_packets": counters.get("nacked_packets", 0),
        "spent_s": round(spent, 2),
        "lost_packets": sent - counters["packets"],
        "parts": len(frames),
        "pictures_missing": publishers * len(clips[0].frames) - sum(frames),
        "finishing_s": round(finishing, 2),
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publishers", type=int, nargs="*", default=[1, 10, 30, 60])
    parser.add_argument("--of-720p", type=int, nargs="*", default=[6, 12])
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    clips = {kind: _clips(kind, options.seconds) for kind in KINDS}
    runs = [
        await measure(kind, publishers, clips[kind], options.seconds)
        for kind, many in (("360p", options.publishers), ("720p", options.of_720p))
        for publishers in many
    ]
    print(json.dumps({"recorder": runs}, indent=1))


if __name__ == "__main__":
    asyncio.run(main())
