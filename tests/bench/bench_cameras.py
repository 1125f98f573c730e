"""What pulling cameras costs: ``python -m tests.bench.bench_cameras``. Prints JSON.

Cameras of 1080p with 25 pictures and 2 Mbit/s a second over loopback (TCP), read, put together and cut anew by a process of its
own, as the gateway does before it passes packets on. Told for each number of cameras: the share of one core and the memory a
camera takes, and how long after its picture's moment the last packet of a picture is there (the camera's own sending included).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from typing import Any

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
        "cameras": cameras,
        "mbit_s": round(told["octets"] * 8 / told["seconds"] / cameras / 1e6, 2),
        "packets_s": round(told["packets"] / told["seconds"] / cameras),
        "core_percent_a_camera": round(told["cpu_share"] * 100 / cameras, 3),
        "mb_a_camera": round(told["bytes"] / cameras / 1e6, 2),
        "late_p50_ms": round(told["late_p50_ms"], 1),
        "late_p95_ms": round(told["late_p95_ms"], 1),
    }


async def run(numbers: list[int], seconds: float) -> dict[str, Any]:
    return {"cameras": [await measure(number, seconds) for number in numbers]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, nargs="*", default=[16, 48])
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    print(json.dumps(asyncio.run(run(options.cameras, options.seconds)), indent=1))


if __name__ == "__main__":
    main()
