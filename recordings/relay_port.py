"""The recorder's UDP port, in IPv4 and IPv6: packets of all relays come in here, told apart by SSRC, and feedback goes out."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.families import EVERYWHERE_6, family_of, numeric_addresses
from hub.wire import ntp
from hub.wire.relay_crypto import RelayCrypto, RelayCryptoError
from hub.wire.rtcp import Nack, Pli, RtcpError, RtcpPacket, SenderReport
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp_header import RtpError
from recordings.packets import RtpPacket, parse_rtp

#: Datagrams taken in one wake-up; then the loop gets its turn.
DRAIN: Final = 64
#: Larger ones are not of a relay: SRTP fits an Ethernet frame.
MAX_DATAGRAM: Final = 1500
#: Packets of unknown SSRC that are kept for a moment: control's word of a new stream may come after its first packets.
STRAYS: Final = 512
STRAY_US: Final = 1_000_000
RECEIVE_BUFFER_BYTES: Final = 4 * 1024 * 1024
#: Linux's number; Python has no name for it.
_SO_RCVBUFFORCE: Final = 33
#: So often a number is looked for that is free in both families.
TRIES: Final = 20
#: What an address says that this machine does not have, or whose family it does not speak, or a name without address.
_NOT_HERE: Final = frozenset(
    {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENODEV, socket.EAI_NONAME, socket.EAI_NODATA}
)
_RTCP_TYPES: Final = range(192, 224)

#: Where packets come from, and the socket that they come to.
Far = tuple[socket.socket, tuple[Any, ...]]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Route:
    """Where the packets of one SSRC go. `keys` are those of its recording, newest first.

    A relay that was opened anew has new keys while packets of the old one may still come: the first that opens a packet is
    kept as `crypto`, and `address` is where it came from.
    """

    ssrc: int
    keys: list[RelayCrypto]
    own_ssrc: int
    on_packet: Callable[[RtpPacket, int], None]
    on_report: Callable[[int, int], None]
    crypto: RelayCrypto | None = None
    address: Far | None = None


class RelayPort:
    """A UDP port at each of some addresses. `now_us` is the recorder's clock; `counters` name what was dropped and why."""

    def __init__(self, hosts: Sequence[str], port: int, now_us: Callable[[], int]) -> None:
        """Bind at all addresses of these hosts that this machine has. Raises OSError when it has none of them."""
        self.counters: Counter[str] = Counter()
        self._now_us = now_us
        self._routes: dict[int, list[Route]] = {}
        self._strays: deque[tuple[int, int, bytes, Far]] = deque(maxlen=STRAYS)
        self._sockets, self.hosts = _bind_all(hosts, port)
        loop = asyncio.get_running_loop()
        for each in self._sockets:
            loop.add_reader(each, self._drain, each)

    @property
    def port(self) -> int:
        """The UDP port that is bound."""
        return int(self._sockets[0].getsockname()[1])

    def add(self, route: Route) -> None:
        """Take packets of this SSRC from now on, and those of the last moment. It may be in use on another relay too."""
        self._routes.setdefault(route.ssrc, []).append(route)
        since_us = self._now_us() - STRAY_US
        mine = [stray for stray in self._strays if stray[1] == route.ssrc]
        for stray in mine:
            self._strays.remove(stray)
        for arrived_us, _, datagram, address in mine:
            if arrived_us >= since_us:
                self.counters["strays_claimed"] += 1
                self._receive_safely(datagram, address, arrived_us)

    def remove(self, route: Route) -> None:
        """Take no more packets for this route."""
        routes = self._routes.get(route.ssrc, [])
        if route in routes:
            routes.remove(route)
        if not routes:
            self._routes.pop(route.ssrc, None)

    def ask(self, route: Route, missing: list[int], key_frame: bool) -> None:
        """Send NACK and PLI for this stream to where its relay sends from. Nothing is sent before a packet came."""
        if route.crypto is None or route.address is None:
            self.counters["feedback_without_address"] += 1
            return
        wishes: list[RtcpPacket] = []
        if missing:
            wishes.append(Nack(route.own_ssrc, route.ssrc, tuple(missing)))
            self.counters["nacked_packets"] += len(missing)
        if key_frame:
            wishes.append(Pli(route.own_ssrc, route.ssrc))
            self.counters["key_frame_requests"] += 1
        try:
            by, address = route.address
            by.sendto(route.crypto.seal_rtcp(serialise(wishes)), address)
        except (OSError, RelayCryptoError):
            self.counters["feedback_not_sent"] += 1

    def close(self) -> None:
        """Close the sockets."""
        for each in self._sockets:
            asyncio.get_running_loop().remove_reader(each)
            each.close()

    def dump(self) -> dict[str, Any]:
        """What came and what was dropped, for people."""
        return {
            "port": self.port,
            "hosts": self.hosts,
            "ssrcs": len(self._routes),
            "counters": dict(self.counters),
        }

    def _drain(self, source: socket.socket) -> None:
        now_us = self._now_us()
        for _ in range(DRAIN):
            try:
                datagram, address = source.recvfrom(MAX_DATAGRAM + 1)
            except BlockingIOError:
                return
            except OSError:
                # An ICMP error for an earlier packet of ours: the node is away.
                self.counters["socket_errors"] += 1
                continue
            self._receive_safely(datagram, (source, address), now_us)

    def _receive_safely(self, datagram: bytes, address: Far, now_us: int) -> None:
        try:
            self._receive(datagram, address, now_us)
        except (RtpError, RtcpError):
            self.counters["malformed"] += 1
        except Exception:
            self.counters["faults"] += 1
            log.exception("a packet could not be handled")

    def _receive(self, datagram: bytes, address: Far, now_us: int) -> None:
        if not 12 <= len(datagram) <= MAX_DATAGRAM or datagram[0] & 0xC0 != 0x80:
            self.counters["not_rtp"] += 1
            return
        is_rtcp = datagram[1] in _RTCP_TYPES
        ssrc = int.from_bytes(datagram[4:8] if is_rtcp else datagram[8:12], "big")
        routes = self._routes.get(ssrc)
        if routes is None:
            # Refused before it is opened: each new SSRC in an SRTP session makes all of them dearer.
            self.counters["unknown_ssrc"] += 1
            self._strays.append((now_us, ssrc, datagram, address))
            return
        for route in routes:
            opened = _open(route, datagram, is_rtcp)
            if opened is None:
                continue
            route.address = address
            if is_rtcp:
                self._report(route, opened)
            else:
                self.counters["packets"] += 1
                route.on_packet(parse_rtp(opened), now_us)
            return
        self.counters["not_opened"] += 1

    def _report(self, route: Route, compound: bytes) -> None:
        for packet in parse_compound(compound):
            if isinstance(packet, SenderReport) and packet.ssrc == route.ssrc:
                self.counters["sender_reports"] += 1
                route.on_report(round(ntp.to_unix(packet.ntp) * 1_000_000), packet.timestamp)


def _bind_all(hosts: Sequence[str], port: int) -> tuple[list[socket.socket], list[str]]:
    """Sockets of one port, and those of the hosts that one of them is for."""
    trouble = OSError("no address to bind")
    for _ in range(TRIES if port == 0 else 1):
        made: list[socket.socket] = []
        reached: list[str] = []
        number = port
        for host in hosts:
            try:
                for address in numeric_addresses(host):
                    made.append(_bind(address, number))
                    number = int(made[0].getsockname()[1])
                    if host not in reached:
                        reached.append(host)
            except OSError as problem:
                trouble = problem
                if problem.errno not in _NOT_HERE:
                    break  # a free number here is taken there: another one is tried
        else:
            if made:
                return made, reached
        for each in made:
            each.close()
    raise trouble


def _bind(address: str, port: int) -> socket.socket:
    made = socket.socket(family_of(address), socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        if made.family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address != EVERYWHERE_6)
        _enlarge_buffer(made)
        made.bind((address, port))
    except OSError:
        made.close()
        raise
    return made


def _enlarge_buffer(endpoint: socket.socket) -> None:
    """Room for the key frames of many publishers at once. Beyond the system's limit only if we are privileged."""
    try:
        endpoint.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES)
    except OSError:
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)


def _open(route: Route, datagram: bytes, is_rtcp: bool) -> bytes | None:
    for crypto in [route.crypto] if route.crypto is not None else route.keys:
        try:
            opened = crypto.open_rtcp(datagram) if is_rtcp else crypto.open_rtp(datagram)
        except RelayCryptoError:
            continue
        route.crypto = crypto
        return opened
    return None
