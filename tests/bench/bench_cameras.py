"""What pulling cameras costs: ``python -m tests.bench.bench_cameras``. Prints JSON.

Cameras of 1080p with 25 pictures and 2 Mbit/s a second over loopback (TCP), read, put together and cut anew by a process of its
own, as the gateway does before it passes packets on. Told for each number of cameras: the share of one core and the memory a
camera takes, and how long after its picture's moment the last packet of a picture is there (the camera's own sending included).

"relayed": the same cameras through a whole gateway process to a node, where all of it is taken and counted; told is the gateway
alone, and what arrives at the node.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.coordination.camera_offers import Wanted
from hub.coordination.sessions import CAMERAS
from hub.media.ingest.layer import Layer
from hub.media.row.packet_cache import Packet
from tests.bench.bench_camera_faults import Apart
from tests.support.camera_stand import Secret, camera_stand
from tests.support.coordination_stand import KEY
from tests.support.hub_process import free_port
from tests.support.waiting import eventually

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


class _Counted:
    """In the place of a viewer: takes what comes of one stream at the node, as a recorder does, and counts it."""

    def __init__(self) -> None:
        self.packets = self.octets = 0

    def forward(self, packets: Sequence[Packet], now: float) -> None:
        self.packets += len(packets)
        self.octets += sum(len(packet.payload) for packet in packets)


async def relayed(count: int, seconds: float) -> dict[str, Any]:
    """What a gateway's process costs that passes them on to a node."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        patch = pytest.MonkeyPatch()
        stack.callback(patch.undo)
        stand = await stack.enter_async_context(camera_stand(patch))
        cameras = Apart("--cameras", str(count), "--size", "1920x1080", "--kbps", "2000")
        stack.callback(cameras.stop)
        await cameras.start()
        gateway = stack.enter_context(_gateway(stand.stand.url, Path(folder)))
        node = stand.node()
        await stand.ready()
        memory = _resident_bytes(gateway.pid)
        await stand.looker()  # who is there and looks at nothing: a relay is made
        for at in range(1, count + 1):
            camera = f"ca_01m82v7m00dg4wd{at:03}"
            stand.directory.secrets[camera] = Secret(f"rtsp://127.0.0.1:{cameras.port}/cam{at}/main")
            stand.cameras._offers.want(Wanted(CAMERAS, camera), sound=False)
        taken = dict[Layer, _Counted]()

        def all_taken() -> bool:
            for publication in node.sfu.router_of(CAMERAS).publications:
                for layer in publication.layers:
                    if layer not in taken:
                        taken[layer] = _Counted()
                        layer.sinks.append(taken[layer])
            came = sum(each.packets > 500 for each in taken.values())
            assert came == count, f"{came} of {count} cameras come"
            return True

        await eventually(all_taken, 60)
        for each in taken.values():
            each.packets = each.octets = 0
        before, begun = _cpu_s(gateway.pid), time.perf_counter()
        await asyncio.sleep(seconds)
        used, passed = _cpu_s(gateway.pid) - before, time.perf_counter() - begun
        return {
            "way": "relayed",
            "cameras": count,
            "mbit_s": round(sum(each.octets for each in taken.values()) * 8 / passed / count / 1e6, 2),
            "packets_s": round(sum(each.packets for each in taken.values()) / passed / count),
            "core_percent_a_camera": round(used / passed * 100 / count, 3),
            "mb_a_camera": round((_resident_bytes(gateway.pid) - memory) / count / 1e6, 2),
        }


@contextmanager
def _gateway(url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A gateway's process that dials this control."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    settings = {
        "HUB_DATA_DIR": str(folder),
        "HUB_LINK_URL": url,
        "HUB_LINK_KEY": KEY,
        "HUB_GATEWAY_PORT": str(free_port(socket.SOCK_DGRAM)),
        "HUB_MEDIA_HOST": "127.0.0.1",
        "HUB_MEDIA_BIND": "127.0.0.1",
        "HUB_CAMERA_NETWORKS": "127.0.0.0/8",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "gateway"], env={**kept, **settings}, stdin=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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
