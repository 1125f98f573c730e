"""``hub node``: one media node, which dials control."""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
from typing import Any

from hub.config import Config, link_key
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


def _bind_address(hosts: tuple[str, ...]) -> str:
    """The one media host if it is an address of this machine, else all addresses.

    A port bound to all addresses answers from whichever the kernel picks, and ICE refuses an answer that comes
    from elsewhere than it was asked (RFC 8445 §7.2.5.2.1). So one address is better where one is enough.
    """
    if len(hosts) == 1:
        family = socket.AF_INET6 if ":" in hosts[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((hosts[0], 0))
                return hosts[0]
            except OSError:
                pass
    return "0.0.0.0"  # noqa: S104


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    from hub.media.process import NodeConfig, run_node

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
                    media_bind=settings.media_bind or _bind_address(settings.media_host),
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
