"""Where the gateway may dial: addresses inside the networks of cameras, checked as they are resolved."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network

from hub.cameras.networks import within

Network = IPv4Network | IPv6Network


class NotAllowed(OSError):
    """An address stands outside the networks of cameras."""


def is_allowed(address: str, networks: Iterable[Network]) -> bool:
    """Whether this numeric address may be dialled; a name never is."""
    return within(address, networks) is True


async def resolve(host: str, port: int, networks: Iterable[Network]) -> list[str]:
    """The addresses of a host that may be dialled, at least one. Raises NotAllowed, or OSError for a name not known.

    What is dialled is to be one of these, and not the name again: that may mean another address a moment later.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    inside = tuple(networks)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    allowed = [address for address in addresses if is_allowed(address, inside)]
    if not allowed:
        raise NotAllowed("outside the networks of cameras")
    return allowed
