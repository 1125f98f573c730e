"""Where a request comes from: the address of its connection, or what trusted proxies say stood before them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import web

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address

#: An address of IPv6 stands for its /64: a household has that many to change between (RFC 6177).
_SUBNET_BITS: Final = 64
#: Proxies in a row that are followed.
_MAX_HOPS: Final = 16

log = logging.getLogger(__name__)


def parse_address(text: str) -> _Address | None:
    """The address in one element of X-Forwarded-For: with or without a port, IPv6 with or without brackets."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def counted_as(address: str) -> str:
    """The name under which an address is counted: itself, with IPv6 its /64."""
    found = parse_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _SUBNET_BITS), strict=False))
    return str(found) if found is not None else address


def network_of(address: str) -> str:
    """The network of an address, as the journal notes it: IPv4 /24, IPv6 /48; empty for what is no address."""
    found = parse_address(address)
    if found is None:
        return ""
    bits = 48 if isinstance(found, IPv6Address) else 24
    return str(ip_network((found, bits), strict=False))


class Addresses:
    """Tells where requests come from. `trusted` are the networks whose X-Forwarded-For is believed."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)
        self._warned = False

    def trusts(self, address: str | None) -> bool:
        """Whether a proxy of ours has this address."""
        return self._is_trusted(parse_address(address or ""))

    def behind_proxy(self, request: web.Request) -> bool:
        """Whether a trusted proxy brought the request."""
        return self.trusts(request.remote)

    def client(self, request: web.Request) -> str:
        """The address of whoever asks.

        X-Forwarded-For is read from its end: each proxy appends whom it saw, so the first element from the right that
        is no proxy of ours is the last thing that somebody we trust has said. What stands before it anybody can write.
        """
        peer = parse_address(request.remote or "")
        if peer is None:
            return request.remote or "unknown"
        forwarded = request.headers.getall("X-Forwarded-For", [])
        if not self._is_trusted(peer):
            if forwarded:
                self._warn(peer)
            return str(peer)
        client = peer
        for element in reversed(",".join(forwarded).split(",")[-_MAX_HOPS:]):
            hop = parse_address(element)
            if hop is None:
                break
            client = hop
            if not self._is_trusted(hop):
                break
        return str(client)

    def _is_trusted(self, address: _Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)

    def _warn(self, peer: _Address) -> None:
        if self._warned:
            return
        self._warned = True
        # A front has a private address; a public one may be a person's, and is nobody's business in a log.
        whose = str(peer) if peer.is_private or peer.is_loopback else "a public address"
        log.warning(
            "X-Forwarded-For comes from %s, which HUB_TRUSTED_PROXIES does not name: it is not believed, and all who come "
            "through that front are counted as one; said once",
            whose,
        )


ADDRESSES: Final = web.AppKey("addresses", Addresses)
