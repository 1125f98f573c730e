"""``hub stations``: the demo's four stations, in one process of their own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from typing import Any

from hub.config import Config
from hub.supervisor import AlreadyRunningError, hold_lock


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser(
        "stations", help="run the demo's four stations (hub serve --demo starts them)"
    )
    command.set_defaults(run=_run)


def _run(_: argparse.Namespace, settings: Config) -> int:
    from hub.demo import STATIONS_FILE

    accounts_file = settings.data_dir / STATIONS_FILE
    if not accounts_file.exists():
        print(f"hub: {accounts_file} is not there; hub serve --demo makes it", file=sys.stderr)
        return 1
    try:
        lock = hold_lock(settings.data_dir, "stations")
    except AlreadyRunningError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1
    default = (
        settings.link_url.replace("ws://", "http://").replace("wss://", "https://").removesuffix("/link")
    )
    with lock:
        asyncio.run(_stations(settings, os.environ.get("HUB_STATIONS_URL", default)))
    return 0


async def _stations(settings: Config, url: str) -> None:
    from clients.station.demo import run_demo
    from hub.demo import STATIONS_FILE

    running = asyncio.ensure_future(
        run_demo(url, settings.data_dir / STATIONS_FILE, settings.data_dir / "demo-media")
    )
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
