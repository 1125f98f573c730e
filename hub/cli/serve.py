"""``hub serve``: control, and with HUB_EMBEDDED the media nodes and the recorder as its children."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import gc
import os
import socket
from ipaddress import IPv4Network
from typing import Any, Final

from hub.config import Config, require_ports
from hub.families import can_bind, family_of
from hub.setting_values import MOST_NODES

#: Where the demo's cameras stand.
LOOPBACK: Final = "127.0.0.0/8"


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser(
        "serve",
        help="run the hub: control, pages, journal; and media nodes and the recorder as its children",
    )
    command.add_argument(
        "--nodes",
        type=int,
        choices=range(1, MOST_NODES + 1),
        metavar="N",
        help="media nodes to start, one for each core they may use (HUB_NODES)",
    )
    command.add_argument(
        "--demo",
        action="store_true",
        help="with the tree of Yueyang, demo accounts and four demo stations that answer calls",
    )
    command.add_argument("--no-stations", action="store_true", help="with --demo, but without its stations")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    # What is made while control is loaded stays; looking it through for garbage takes a fifth of the time. See hub.collector.
    gc.disable()
    from hub.app import serve

    gc.enable()
    if chosen.demo and settings.embedded and settings.media_host == ("127.0.0.1",):
        # One who says 127.0.0.1 himself, in the environment, gets it.
        os.environ.setdefault("HUB_MEDIA_HOST", _own_address())
    stations = chosen.demo and not chosen.no_stations
    if stations and settings.embedded and not settings.camera_networks:
        # The demo's own cameras, which are served beside its stations.
        os.environ["HUB_CAMERA_NETWORKS"] = LOOPBACK
        settings = dataclasses.replace(settings, camera_networks=(IPv4Network(LOOPBACK),))
    if chosen.nodes is not None:
        settings = dataclasses.replace(settings, nodes=chosen.nodes)
        require_ports(settings)
    return asyncio.run(serve(settings, demo=chosen.demo, stations=stations))


def _own_address() -> str:
    """The address from which this machine would reach others, in IPv4 if it can; a loopback address without a network.

    Firefox does not reach a media port on 127.0.0.1 (it gathers no loopback candidates), every browser reaches
    the machine's own address. Connecting a UDP socket sends nothing.
    """
    for nobody in ("192.0.2.1", "2001:db8::1"):  # RFC 5737, RFC 3849
        try:
            with socket.socket(family_of(nobody), socket.SOCK_DGRAM) as probe:
                probe.connect((nobody, 9))
                return str(probe.getsockname()[0])
        except OSError:
            continue
    return "127.0.0.1" if can_bind("127.0.0.1") else "::1"
