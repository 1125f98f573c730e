"""Cameras from request to picture, and through their faults: ``python -m tests.bench.bench_camera_faults``. Prints JSON.

A whole hub (control, a node and a gateway, each a process) and made-up cameras on loopback: 720p and 270p, 12 pictures a
second, 900 and 220 kbit/s. One viewer decodes what he gets. "cold": a camera that nobody watches is chosen, until its first
picture is decoded; "warm": one that was let go of a moment before. "enlarged": one of sixteen small tiles is asked for at the
size of its main stream, until the first picture of that size. "power cut": each time every connection is lost and none is taken
for 2 to 5 s; "kill -9" of the cameras' process and "SIGSTOP" for 6 s; "unplugged" (connections stand, nothing comes or is
answered) for 2 to 25 s: from the camera being there again to the next picture in the same slot of the same session. "ten
viewers": how often one stream is pulled at once. "let go": from the last viewer to the end of the pull. "delay": from a
picture's moment at the camera to its being decoded, the viewer's own work included.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from clients.camera.faults import Faults
from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from tests.bench.camera_viewer import CameraViewer
from tests.bench.live import percentiles
from tests.support.hub_process import HubProcess, Tool, free_port
from tests.support.waiting import eventually

CITY, TOWN, VILLAGE = "430600000000", "430682115000", "430682115210"
LARGE, SMALL = 1280, 480
#: For the warm looks, the tiles and the faults.
TILES = 16
AWAY_S = 6.0
#: How long a camera is unplugged: short ones, and those in which several tries fall.
AWAYS_S = (2.0, 3.5, 5.0, 6.0, 7.5, 9.0, 11.0, 14.0, 18.0, 25.0)
#: The cases there are, in the order in which they are measured.
CASES = ("looks", "tiles", "cuts", "unplugged", "deaths", "ten", "delay")
_LOOP_S = 4


@dataclass
class Venue:
    """A hub, its directory's keeper, and who watches."""

    hub: HubProcess
    http: aiohttp.ClientSession
    admin: Tool
    stack: AsyncExitStack
    viewers: list[CameraViewer] = field(default_factory=list)

    async def add(self, name: str, main: str, sub: str | None) -> str:
        """Put a camera into the directory; its id."""
        body: dict[str, Any] = {"center": VILLAGE, "name": name, "main": main}
        body |= {"sub": sub} if sub else {}
        url = f"{self.hub.url}/api/v1/cameras"
        async with self.http.post(url, json=body, headers=self.admin.headers) as answer:
            assert answer.status == 201, await answer.text()
            return str((await answer.json())["camera"])

    async def viewer(self, slots: int = 1, center: str = TOWN) -> CameraViewer:
        tool = await Tool.sign_in(self.http, self.hub.url, self.hub.account("leader", center))
        viewer = CameraViewer(tool, self.http, slots)
        self.viewers.append(viewer)
        await viewer.open()
        return viewer

    async def clear(self) -> None:
        """Everybody goes."""
        viewers, self.viewers = self.viewers, []
        await asyncio.gather(*(viewer.close() for viewer in viewers))


@asynccontextmanager
async def venue(more: Mapping[str, str] | None = None) -> AsyncIterator[Venue]:
    """A running hub that may dial loopback, and is left as if it had never been. `more`: of its settings."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        hub = HubProcess(
            Path(folder) / "hub",
            {"HUB_CAMERA_NETWORKS": "127.0.0.0/8", "HUB_CAMERA_LOOKS_A_MINUTE": "0", **(more or {})},
        )
        stack.callback(hub.stop)
        await hub.start(240)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        admin = await Tool.sign_in(http, hub.url, hub.account("system_admin", CITY))
        await eventually(lambda: bool(hub.pid("gateway")), 20, "no gateway")
        made = Venue(hub, http, admin, stack)
        stack.push_async_callback(made.clear)
        yield made


def row(case: str, took_s: Sequence[float], aim_ms: float) -> dict[str, Any]:
    """One line: how long it took each time, and what was aimed at for the 95th of a hundred."""
    found = percentiles([each * 1000 for each in took_s])
    return {"case": case, "times": found.pop("count"), **found, "aim_ms": aim_ms}


async def looks(place: Venue, ids: Sequence[str]) -> list[dict[str, Any]]:
    viewer = await place.viewer()
    cold, warm = [], []
    for camera in ids:
        await viewer.select([None])
        begun = time.perf_counter()
        await viewer.select([camera])
        await viewer.next_picture()
        cold.append(time.perf_counter() - begun)
    for _ in range(2):
        for camera in ids[-5:]:  # those of which the pull is kept still
            await viewer.select([None])
            await asyncio.sleep(0.3)
            begun = time.perf_counter()
            await viewer.select([camera])
            await viewer.next_picture()
            warm.append(time.perf_counter() - begun)
    for _ in range(10):
        await viewer.select([None])
        await asyncio.sleep(0.3)
        begun = time.perf_counter()
        await viewer.select([ids[-1]])
        await viewer.next_picture()
        warm.append(time.perf_counter() - begun)
    await viewer.select([None])
    return [row("cold", cold, 1500), row("warm", warm, 500)]


async def tiles(place: Venue, server: CameraServer, ids: Sequence[str]) -> list[dict[str, Any]]:
    viewer = await place.viewer(TILES)
    begun = time.perf_counter()
    await viewer.select(ids[:TILES])
    for slot in range(TILES):
        if not viewer.frames[slot]:
            await viewer.next_picture(slot)
    all_there = time.perf_counter() - begun
    assert set(viewer.widths) == {SMALL}, "small tiles are given sub streams"
    enlarged = []
    for slot in range(8):
        sizes = [[LARGE, 720] if each == slot else [0, 0] for each in range(TILES)]
        begun = time.perf_counter()
        await viewer.say("select", {"session": viewer.session, "video": list(ids[:TILES]), "tiles": sizes})
        await viewer.next_picture(slot, width=LARGE)
        enlarged.append(time.perf_counter() - begun)
        await viewer.select(ids[:TILES])
        await viewer.next_picture(slot, width=SMALL)
    await viewer.select([None] * TILES)
    begun = time.perf_counter()
    await eventually(lambda: not any(each.playing for each in server.cameras.values()), 40)
    gone = time.perf_counter() - begun
    return [
        row("16 tiles, all have pictures", [all_there], 1500),
        row("enlarged", enlarged, 1000),
        row("let go", [gone], 15_000),
    ]


async def power_cuts(
    place: Venue, camera: Camera, name: str, times: int, chance: random.Random
) -> list[dict[str, Any]]:
    viewer = await place.viewer()
    await viewer.select([name])
    await viewer.next_picture()
    back = []
    for _ in range(times):
        camera.faults.refuse = True
        camera.reboot()
        await asyncio.sleep(chance.uniform(2, 5))
        camera.faults.refuse = False
        back.append(await viewer.next_picture())
        await asyncio.sleep(0.5)
    await viewer.select([None])
    return [row("power cut", back, 5000)]


async def unplugged(place: Venue, camera: Camera, name: str) -> list[dict[str, Any]]:
    viewer = await place.viewer()
    await viewer.select([name])
    await viewer.next_picture()
    back = []
    for away_s in AWAYS_S:
        camera.faults.silent = camera.faults.deaf = True
        await asyncio.sleep(away_s)
        camera.faults.silent = camera.faults.deaf = False
        back.append(await viewer.next_picture())
        await asyncio.sleep(1)
    await viewer.select([None])
    return [row("unplugged", back, 5000)]


class Apart:
    """Cameras in a process of their own, to be killed and stopped."""

    def __init__(self, *words: str) -> None:
        self.port = free_port()
        self._words = words
        self._process: subprocess.Popen[str] | None = None

    async def start(self) -> None:
        command = [sys.executable, "-m", "clients.camera", "--port", str(self.port), "--with-parent"]
        self._process = subprocess.Popen(
            [*command, *self._words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        await asyncio.to_thread(self._process.stdout.readline)

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        if number is signal.SIGKILL:
            self._process.communicate()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


async def deaths(place: Venue) -> list[dict[str, Any]]:
    cameras = Apart("--cameras", "1", "--size", "640x360", "--kbps", "600")
    place.stack.callback(cameras.stop)
    await cameras.start()
    name = await place.add("apart", f"rtsp://127.0.0.1:{cameras.port}/cam1/main", None)
    viewer = await place.viewer()
    await viewer.select([name])
    await viewer.next_picture()
    killed, stopped = [], []
    for _ in range(3):
        cameras.send(signal.SIGKILL)
        await asyncio.sleep(AWAY_S)
        await cameras.start()
        killed.append(await viewer.next_picture())
        await asyncio.sleep(1)
    for _ in range(3):
        cameras.send(signal.SIGSTOP)
        await asyncio.sleep(AWAY_S)
        cameras.send(signal.SIGCONT)
        stopped.append(await viewer.next_picture())
        await asyncio.sleep(1)
    await viewer.select([None])
    return [row("kill -9", killed, 5000), row("SIGSTOP", stopped, 5000)]


async def ten(place: Venue, camera: Camera, name: str) -> list[dict[str, Any]]:
    viewers = [await place.viewer(center=center) for center in (CITY, TOWN) for _ in range(5)]
    most = 0

    async def count() -> None:
        # The most at once: at a single moment on a machine too busy for ten who decode there may be none.
        nonlocal most
        while True:
            most = max(most, *(len(stream.listeners) for stream in camera.streams.values()))
            await asyncio.sleep(0.02)

    counting = asyncio.create_task(count())
    for viewer in viewers:
        await viewer.select([name])
    for viewer in viewers:
        if not viewer.frames[0]:
            await viewer.next_picture()
    await asyncio.sleep(2)
    counting.cancel()
    return [{"case": "ten viewers", "times": len(viewers), "pulls": most}]


async def delay(place: Venue, name: str, fps: int) -> list[dict[str, Any]]:
    viewer = await place.viewer()
    await viewer.select([name])
    await viewer.next_picture(width=SMALL)
    await asyncio.sleep(2)
    viewer.reads = True
    await asyncio.sleep(10)
    viewer.reads = False
    late = [(at - number / fps) % _LOOP_S for number, at in viewer.numbers]
    await viewer.select([None])
    found = row("delay", late, 0)
    del found["aim_ms"]  # the viewer's own work is in it
    return [found]


async def run(number: int, cuts: int, only: Sequence[str]) -> dict[str, Any]:
    main = Scene("main", LARGE, 720, 12, 900_000, loop_s=_LOOP_S)
    sub = Scene("sub", SMALL, 270, 12, 220_000, loop_s=_LOOP_S)
    for scene in (main, sub):
        for stretch in range(scene.stretches):
            scene.stretch(stretch)
    server = CameraServer(
        Camera(f"cam{at}", main, sub, faults=Faults(stamps="midnight")) for at in range(number)
    )
    await server.start()
    try:
        async with venue() as place:
            names = list(server.cameras)
            ids = [await place.add(name, server.url(name), server.url(name, "sub")) for name in names]
            first = server.cameras[names[0]]
            cases: dict[str, Callable[[], Awaitable[list[dict[str, Any]]]]] = {
                "looks": lambda: looks(place, ids),
                "tiles": lambda: tiles(place, server, ids),
                "cuts": lambda: power_cuts(place, first, ids[0], cuts, random.Random(7)),
                "unplugged": lambda: unplugged(place, first, ids[0]),
                "deaths": lambda: deaths(place),
                "ten": lambda: ten(place, server.cameras[names[1]], ids[1]),
                "delay": lambda: delay(place, ids[2], main.fps),
            }
            assert set(cases) == set(CASES)
            rows: list[dict[str, Any]] = []
            for case in (cases[name] for name in only or CASES):
                found = await case()
                print(*found, sep="\n", file=sys.stderr, flush=True)
                rows += found
                await place.clear()
    finally:
        await server.close()
    return {"camera_faults": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=20, help="at least 16; each is looked at once, cold")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--only", nargs="*", default=[], choices=CASES, help="these cases alone")
    options = parser.parse_args()
    number = max(options.cameras, TILES)
    print(json.dumps(asyncio.run(run(number, options.cuts, options.only)), indent=1))


if __name__ == "__main__":
    main()
