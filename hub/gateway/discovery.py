"""Which devices there are (WS-Discovery): by a call into the network, or asked one by one at the addresses of a small network.

A call is heard on the gateway's own segments alone; behind a router the addresses have to be asked. What answers from
elsewhere than the networks of cameras, or names another place, is left out.
"""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from onveef import wsdiscovery
from onveef.wsdiscovery import DiscoveredDevice

from hub.gateway.onvif import MOST_NAME
from hub.gateway.reach import Network, is_allowed

DISCOVERY_S: Final = 3.0
MOST_FOUND: Final = 512
#: So many addresses are asked one by one in one go, and so many in a second.
MOST_ASKED: Final = 256
_A_SECOND: Final = 256
_LOOPBACK: Final = "127.0.0.1"
_SCHEMES: Final = ("http", "https")
_MOST_ANSWER: Final = 16 << 10


@dataclass(frozen=True, slots=True)
class Found:
    """A device that answered on the network."""

    address: str
    onvif: str
    name: str
    hardware: str


class NotAsked(Exception):
    """This is no network of so few addresses inside those of cameras."""


async def discover(
    networks: Sequence[Network], interfaces: Sequence[str] | None = None, wait_s: float = DISCOVERY_S
) -> list[Found]:
    """The devices that answer a call into the network.

    `interfaces` are addresses of this machine to call from; without them, all of its own, loopback only where cameras are
    allowed on it.
    """
    if interfaces is not None:
        asked = list(interfaces)
    else:
        asked = [each for each in wsdiscovery.local_ipv4_addresses() if not each.startswith("127.")]
        asked += [_LOOPBACK] if is_allowed(_LOOPBACK, networks) else []
    if not asked:
        return []
    return _inside(await wsdiscovery.discover_async(timeout_s=wait_s, interface_ip=asked), networks)


async def ask_each(
    written: str,
    networks: Sequence[Network],
    wait_s: float = DISCOVERY_S,
    port: int = wsdiscovery.WS_DISCOVERY_PORT,
) -> list[Found]:
    """The devices that answer at the addresses of a network (CIDR). Raises NotAsked."""
    addresses = _addresses(written, networks)
    answers = _Answers()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: answers,
        family=socket.AF_INET,
        local_addr=("0.0.0.0", 0),  # noqa: S104 (whichever way the network is)
    )
    try:
        for number, address in enumerate(addresses):
            probe = wsdiscovery.build_probe(message_id=f"urn:uuid:{uuid.uuid4()}")
            transport.sendto(probe.encode(), (address, port))
            if number % 16 == 15:
                await asyncio.sleep(16 / _A_SECOND)
        await asyncio.sleep(wait_s)
    finally:
        transport.close()
    return _inside(answers.found.values(), networks)


def _addresses(written: str, networks: Sequence[Network]) -> list[str]:
    try:
        network = ip_network(written, strict=False)
    except ValueError:
        raise NotAsked from None
    if network.version != 4 or network.num_addresses > MOST_ASKED:
        raise NotAsked
    # What belongs to a network of cameras in part is asked there alone.
    return [str(each) for each in network if is_allowed(str(each), networks)]


class _Answers(asyncio.DatagramProtocol):
    """What comes back."""

    def __init__(self) -> None:
        self.found: dict[str, DiscoveredDevice] = {}

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if len(data) > _MOST_ANSWER or len(self.found) >= MOST_FOUND:
            return
        for device in wsdiscovery.parse_probe_matches(data.decode("utf-8", errors="replace")):
            self.found[device.endpoint_reference or device.device_service] = device

    def error_received(self, exc: Exception) -> None:
        """A machine that says it does not listen there is no camera."""


def _inside(devices: Iterable[DiscoveredDevice], networks: Sequence[Network]) -> list[Found]:
    found: dict[str, Found] = {}
    for device in list(devices)[:MOST_FOUND]:
        for url in device.xaddrs:
            host = urlsplit(url).hostname or ""
            if urlsplit(url).scheme in _SCHEMES and is_allowed(host, networks):
                found[url] = Found(host, url, _plain(device.name), _plain(device.hardware))
                break
    return list(found.values())


def _plain(scope: str) -> str:
    """A word of a scope, as people read it."""
    return "".join(each for each in unquote(scope) if each.isprintable())[:MOST_NAME]
