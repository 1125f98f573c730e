"""``hub node``: one media node, which dials control."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from hub.config import Config, link_key
from hub.families import bind_address
from hub.supervisor import AlreadyRunningError, hold_lock


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("node", help="run one media node (hub serve starts some by itself)")
    command.add_argument(
        "--lock",
        default="node",
        metavar="NAME",
        help="its lock in the data folder: two nodes with one folder need different ones",
    )
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    from hub.media.node.process import NodeConfig, run_node

    try:
        lock = hold_lock(settings.data_dir, chosen.lock)
    except AlreadyRunningError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1
    with lock:
        asyncio.run(
            run_node(
                NodeConfig(
                    node_id=settings.node_id,
                    link_url=settings.link_url,
                    link_key=link_key(settings),
                    media_host=settings.media_host,
                    media_bind=settings.media_bind or bind_address(settings.media_host),
                    media_port=settings.media_port,
                    data_dir=settings.data_dir,
                    orphan_timeout_s=settings.orphan_timeout_s,
                    region=settings.node_region,
                    node_host=settings.node_host,
                    publisher_bps=int(settings.publisher_mbps * 1_000_000),
                )
            )
        )
    return 0
