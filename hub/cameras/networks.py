"""Where cameras may be: the networks that the operator named. The hub dials nothing else on anybody's word."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


@functools.lru_cache(maxsize=4_096)
def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def within(host: str, networks: Iterable[Network]) -> bool | None:
    """Whether this address lies in one of the networks; None for a name, which has to be resolved where it is dialled."""
    address = _address(host)
    if address is None:
        return None
    return any(address.version == network.version and address in network for network in networks)
