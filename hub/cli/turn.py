"""``hub turn``: the relay for networks that block UDP (coturn), with the hub's settings."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from typing import Any

from hub.config import Config, ConfigError
from hub.supervisor import AlreadyRunningError, hold_lock
from hub.turn import PROGRAM, write_settings
from hub.turn_process import run_turn


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser(
        "turn", help="run the relay for networks that block UDP (hub serve starts it where HUB_TURN is here)"
    )
    command.set_defaults(run=_run)


def _run(_: argparse.Namespace, settings: Config) -> int:
    found = shutil.which(PROGRAM)
    if found is None:
        raise ConfigError(f"HUB_TURN: {PROGRAM} (of coturn) is not on the PATH; install it")
    try:
        lock = hold_lock(settings.data_dir, "turn")
    except AlreadyRunningError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1
    with lock:
        return asyncio.run(run_turn(found, write_settings(settings), settings.turn_cert))
