"""``hub health``: ask a running hub whether it is ready; for container health checks."""

from __future__ import annotations

import argparse
import sys
import urllib.error
import urllib.request
from typing import Any

from hub.config import Config


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("health", help="exit 0 when the hub on this machine answers, else 1")
    command.set_defaults(run=_run)


def _run(_: argparse.Namespace, settings: Config) -> int:
    address = (
        settings.link_url.replace("ws://", "http://").replace("wss://", "https://").removesuffix("/link")
    )
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=4) as answer:  # noqa: S310 - http from settings
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError) as problem:
        print(f"no answer from {address}: {problem}", file=sys.stderr)
        return 1
