"""What pulling cameras costs: ``python -m tests.bench.bench_cameras``. Prints JSON.

Cameras of 1080p with 25 pictures and 2 Mbit/s a second over loopback (TCP), read, put together and cut anew by a process of its
own, as the gateway does before it passes packets on. Told for each number of cameras: the share of one core and the memory a
camera takes, and how long after its picture's moment the last packet of a picture is there (the camera's own sending included).

"relayed": the same cameras through a whole gateway process to a node, whose viewer counts pictures and decodes none; told is
the gateway alone, and as many cameras as came up together.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.bench_camera_faults import Apart, venue
from tests.bench.camera_viewer import only_count

#: The estimate of a line begins low.
_SETTLING_S = 20.0
_CAMERAS = [sys.executable, "-m", "clients.camera", "--port", "0", "--with-parent", "--size", "1920x1080"]


async def measure(cameras: int, seconds: float) -> dict[str, Any]:
    """One run with fresh processes."""
    command = [*_CAMERAS, "--cameras", str(cameras), "--fault", "stamps=midnight", "--fault", "midway"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        place = server.stdout.readline().split()[2].rstrip("/")
        urls = [f"{place}/cam{number}/main" for number in range(1, cameras + 1)]
        reader = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.camera_reader", str(seconds), *urls, stdout=subprocess.PIPE
        )
        printed, _ = await reader.communicate()
        server.stdin.close()
        server.wait(10)
    if reader.returncode != 0:
        raise RuntimeError(f"the reader ended with {reader.returncode}")
    told = json.loads(printed)
    assert told["playing"] == cameras, f"{told['playing']} of {cameras} play"
    return {
        "way": "read",
        "cameras": cameras,
        "mbit_s": round(told["octets"] * 8 / told["seconds"] / cameras / 1e6, 2),
        "packets_s": round(told["packets"] / told["seconds"] / cameras),
        "core_percent_a_camera": round(told["cpu_share"] * 100 / cameras, 3),
        "mb_a_camera": round(told["bytes"] / cameras / 1e6, 2),
        "late_p50_ms": round(told["late_p50_ms"], 1),
        "late_p95_ms": round(told["late_p95_ms"], 1),
    }


async def relayed(count: int, seconds: float) -> dict[str, Any]:
    """What a gateway's process costs that passes them on to a node."""
    async with venue() as place:
        cameras = Apart("--cameras", str(count), "--size", "1920x1080", "--kbps", "2000")
        place.stack.callback(cameras.stop)
        await cameras.start()
        url = f"rtsp://127.0.0.1:{cameras.port}"
        ids = [await place.add(f"c{at}", f"{url}/cam{at}/main", None) for at in range(1, count + 1)]
        gateway = place.hub.pid("gateway")
        memory = _resident_bytes(gateway)
        only_count()
        viewer = await place.viewer(count)
        await viewer.select(ids, (640, 360))
        await asyncio.sleep(_SETTLING_S)
        # A machine too busy to take so much lets the estimate of the line fall, and with it what is pulled.
        playing = sum(viewer.states.get(camera) == "playing" for camera in ids)
        if not playing:
            raise RuntimeError("no camera plays")
        before, begun = _cpu_s(gateway), time.perf_counter()
        await asyncio.sleep(seconds)
        used, passed = _cpu_s(gateway) - before, time.perf_counter() - begun
        return {
            "way": "relayed",
            "cameras": playing,
            "core_percent_a_camera": round(used / passed * 100 / playing, 3),
            "mb_a_camera": round((_resident_bytes(gateway) - memory) / playing / 1e6, 2),
        }


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def run(numbers: list[int], relays: list[int], seconds: float) -> dict[str, Any]:
    rows = [await measure(number, seconds) for number in numbers]
    return {"cameras": rows + [await relayed(number, seconds) for number in relays]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, nargs="*", default=[16, 48])
    parser.add_argument("--relayed", type=int, nargs="*", default=[8])
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    print(json.dumps(asyncio.run(run(options.cameras, options.relayed, options.seconds)), indent=1))


if __name__ == "__main__":
    main()
