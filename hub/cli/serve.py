"""``hub serve``: control, and with HUB_EMBEDDED the media node and the recorder as its children."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from hub.config import Config


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser(
        "serve",
        help="run the hub: control, pages, journal; and a media node and the recorder as its children",
    )
    command.add_argument(
        "--demo",
        action="store_true",
        help="with the tree of Yueyang, demo accounts and four demo stations that answer calls",
    )
    command.add_argument("--no-stations", action="store_true", help="with --demo, but without its stations")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    from hub.app import serve

    return asyncio.run(serve(settings, demo=chosen.demo, stations=chosen.demo and not chosen.no_stations))
