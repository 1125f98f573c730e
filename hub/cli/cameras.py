"""``hub cameras``: the demo's cameras, in one process of their own."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from typing import Any

from hub.config import Config
from hub.supervisor import AlreadyRunningError, hold_lock


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("cameras", help="run the demo's cameras (hub serve --demo starts them)")
    command.set_defaults(run=_run)


def _run(_: argparse.Namespace, settings: Config) -> int:
    try:
        lock = hold_lock(settings.data_dir, "cameras")
    except AlreadyRunningError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1
    with lock:
        asyncio.run(_cameras(settings))
    return 0


async def _cameras(settings: Config) -> None:
    from clients.camera import demo
    from clients.camera.onvif import OnvifServer
    from clients.camera.server import CameraServer
    from hub.demo_places import port_of

    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    server = CameraServer(demo.cameras())
    await server.start(port=port_of(settings.data_dir))
    devices = OnvifServer(server.cameras, f"rtsp://{server.host}:{server.port}")
    await devices.start(port=port_of(settings.data_dir, "onvif"))
    try:
        await devices.answer_calls()
        await devices.answer_questions(3702)
    except OSError as problem:
        # Another program of this machine answers calls already: the six of the directory are there all the same.
        print(f"hub: the demo's cameras are not found by a search: {problem.strerror}", file=sys.stderr)
    await ended.wait()
    await devices.close()
    await server.close()
