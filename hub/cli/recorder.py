"""``hub recorder``: the recorder, which dials control and is fed by the nodes."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from hub.config import Config, link_key
from hub.supervisor import AlreadyRunningError, hold_lock


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("recorder", help="run the recorder (hub serve starts one by itself)")
    command.set_defaults(run=_run)


def _run(_: argparse.Namespace, settings: Config) -> int:
    from recordings.process import RecorderConfig, run_recorder

    try:
        lock = hold_lock(settings.data_dir, "recorder")
    except AlreadyRunningError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1
    with lock:
        asyncio.run(
            run_recorder(
                RecorderConfig(
                    recorder_id="recorder",
                    link_url=settings.link_url,
                    link_key=link_key(settings),
                    recordings_dir=settings.recordings_dir,
                    relay_host=settings.relay_host,
                    relay_port=settings.relay_port,
                    orphan_timeout_s=settings.orphan_timeout_s,
                    reserve_bytes=settings.disk_reserve_mb << 20,
                )
            )
        )
    return 0
