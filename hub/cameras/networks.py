"""Where cameras may be: the networks that the operator named. The hub dials nothing else on anybody's word."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


def within(host: str, networks: Iterable[Network]) -> bool | None:
    """Whether this address lies in one of the networks; None for a name, which has to be resolved where it is dialled."""
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address.version == network.version and address in network for network in networks)
