"""``python -m clients.camera``: cameras that are none, on loopback, until it is interrupted or its standard input ends."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import fields, replace
from typing import Any

from clients.camera import demo
from clients.camera.faults import Faults
from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m clients.camera", description=__doc__)
    parser.add_argument("--port", type=int, default=8554, help="0 for any; it is printed")
    parser.add_argument("--cameras", type=int, default=0, help="so many plain ones instead of the demo's six")
    parser.add_argument("--size", default="640x360", help="of plain ones: WIDTHxHEIGHT")
    parser.add_argument("--fps", type=int, default=25)
    parser.add_argument("--kbps", type=int, default=2000)
    parser.add_argument("--codec", default="h264", choices=("h264", "h265"))
    parser.add_argument("--sign-in", default="", metavar="USER:PASSWORD")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    names = ", ".join(each.name for each in fields(Faults))
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[=VALUE]", help=names)
    options = parser.parse_args()
    asyncio.run(_serve(options))


async def _serve(options: argparse.Namespace) -> None:
    made = _plain(options) if options.cameras else demo.cameras()
    if options.cameras:
        for number in range(made[0].main.stretches):
            made[0].main.stretch(number)  # all show the same: from here on they cost what sending costs
    server = CameraServer(made)
    await server.start(port=options.port)
    print(f"cameras at rtsp://{server.host}:{server.port}/ :", " ".join(server.cameras), flush=True)
    if options.with_parent:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, sys.stdin.read)
    else:
        await asyncio.Event().wait()
    await server.close()


def _plain(options: argparse.Namespace) -> list[Camera]:
    width, height = map(int, options.size.split("x"))
    user, _, password = options.sign_in.partition(":")
    faults = _faults(options.fault)
    scene = Scene(
        "camera", width, height, options.fps, options.kbps * 1000, codec=options.codec, loop_s=4, noise=True
    )
    sub = Scene("camera", width // 2, height // 2, options.fps, options.kbps * 250, loop_s=4)
    return [
        Camera(f"cam{number}", scene, sub, user, password, faults=replace(faults))
        for number in range(1, options.cameras + 1)
    ]


def _faults(words: list[str]) -> Faults:
    values: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        kind = type(getattr(Faults(), name))
        values[name] = frozenset(value.split(",")) if kind is frozenset else kind(value) if value else True
    return Faults(**values)


if __name__ == "__main__":
    main()
