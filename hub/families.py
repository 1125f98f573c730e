"""The two families of IP addresses: those that a host has, and the one in which two hosts reach each other."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Final

#: Families by preference: what both ends choose alone has to be the same, so that each knows where the other sends from.
FAMILIES: Final = (socket.AF_INET, socket.AF_INET6)
#: IPv6's address for all addresses of this machine, and IPv4's.
EVERYWHERE_6: Final = "::"
EVERYWHERE_4: Final = "0.0.0.0"  # noqa: S104


def family_of(address: str) -> socket.AddressFamily:
    """The family of a numeric address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def numeric_addresses(host: str) -> list[str]:
    """Every address of a host (itself, where it is numeric), each once, in the order of preference of the system.

    Raises OSError for a name that is not known. Blocks for a name.
    """
    found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_DGRAM)
    known = [str(address[0]) for family, _, _, _, address in found if family in FAMILIES]
    return list(dict.fromkeys(known))


def families_of(hosts: Iterable[str]) -> frozenset[socket.AddressFamily]:
    """The families in which any of these hosts has an address. Raises OSError for a name that is not known."""
    return frozenset(family_of(address) for host in hosts for address in numeric_addresses(host))


def reachable(hosts: Iterable[str], families: Iterable[socket.AddressFamily]) -> str | None:
    """The address to send to: the first of these hosts' in the first family that can be used; None without one.

    A name that is not known counts as no address. Blocks for a name.
    """
    known: list[str] = []
    for host in hosts:
        try:
            known += numeric_addresses(host)
        except OSError:
            continue
    usable = set(families)
    for family in FAMILIES:
        if family in usable:
            for address in known:
                if family_of(address) == family:
                    return address
    return None


def can_bind(address: str) -> bool:
    """Whether this is an address of this machine (or for all of them), in a family that it has."""
    try:
        with socket.socket(family_of(address), socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def bind_address(hosts: Iterable[str]) -> str:
    """Where to bind one port that is to be reached at all of these hosts.

    The one address there is if it is this machine's, else all addresses, of both families where one of the hosts has IPv6.
    A port bound to all addresses answers from whichever the kernel picks, and ICE refuses an answer that comes
    from elsewhere than it was asked (RFC 8445 §7.2.5.2.1). So one address is better where one is enough. Raises OSError
    for a name that is not known.
    """
    addresses = list(dict.fromkeys(address for host in hosts for address in numeric_addresses(host)))
    if len(addresses) == 1 and can_bind(addresses[0]):
        return addresses[0]
    wants_6 = any(family_of(address) == socket.AF_INET6 for address in addresses)
    return EVERYWHERE_6 if wants_6 and can_bind(EVERYWHERE_6) else EVERYWHERE_4
