"""``hub gateway``: brings cameras in by RTSP, when somebody watches them; dials control."""

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
    command = commands.add_parser(
        "gateway", help="run the gateway of cameras (hub serve starts one by itself)"
    )
    command.set_defaults(run=_run)


def _run(_: argparse.Namespace, settings: Config) -> int:
    from hub.gateway.process import run_gateway
    from hub.media.node.process import NodeConfig

    try:
        lock = hold_lock(settings.data_dir, "gateway")
    except AlreadyRunningError as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1
    with lock:
        config = NodeConfig(
            node_id=settings.gateway_id,
            link_url=settings.link_url,
            link_key=link_key(settings),
            media_host=settings.media_host,
            media_bind=settings.media_bind or bind_address(settings.media_host),
            media_port=settings.gateway_port,
            data_dir=settings.data_dir,
            orphan_timeout_s=settings.orphan_timeout_s,
            node_host=settings.node_host,
        )
        asyncio.run(run_gateway(config, settings.camera_networks, settings.camera_transcodes))
    return 0
