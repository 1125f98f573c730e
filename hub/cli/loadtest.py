"""``hub loadtest …``: the load generator, with its own options, in a process of its own."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from typing import Any

from hub.config import Config


def add(commands: Any) -> None:
    """Add the command to the parser; everything after its name is for the generator."""
    command = commands.add_parser(
        "loadtest",
        help="load a hub that is yours with light peers, and report (hub loadtest --help)",
        add_help=False,
        prefix_chars="\0",  # its options are not ours to know
    )
    command.add_argument("words", nargs=argparse.REMAINDER)
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, _: Config) -> int:
    # A process of its own: clients know the hub's doors only, and the hub knows no clients.
    # The words are those of whoever started us.
    process = subprocess.Popen([sys.executable, "-m", "clients.loadtest", *chosen.words])  # noqa: S603
    # It lets everybody leave before it ends. Ctrl-C it gets by itself, from the terminal.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()
