"""The recorder's UDP port: packets of all relays come in here, told apart by SSRC, and feedback goes out."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hub.wire import ntp
from hub.wire.relay_crypto import RelayCrypto, RelayCryptoError
from hub.wire.rtcp import Nack, Pli, RtcpError, RtcpPacket, SenderReport
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp_extensions import RtpError
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
_RTCP_TYPES: Final = range(192, 224)

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
    address: tuple[str, int] | None = None


class RelayPort:
    """One bound UDP socket. `now_us` is the recorder's clock; `counters` name what was dropped and why."""

    def __init__(self, bind: str, port: int, now_us: Callable[[], int]) -> None:
        """Raises OSError when the address cannot be bound."""
        self.counters: Counter[str] = Counter()
        self._now_us = now_us
        self._routes: dict[int, list[Route]] = {}
        self._strays: deque[tuple[int, int, bytes, tuple[str, int]]] = deque(maxlen=STRAYS)
        family, _, _, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_DGRAM)[0]
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            _enlarge_buffer(self._socket)
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise
        asyncio.get_running_loop().add_reader(self._socket, self._drain)

    @property
    def port(self) -> int:
        """The UDP port that is bound."""
        return int(self._socket.getsockname()[1])

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
            self._socket.sendto(route.crypto.seal_rtcp(serialise(wishes)), route.address)
        except (OSError, RelayCryptoError):
            self.counters["feedback_not_sent"] += 1

    def close(self) -> None:
        """Close the socket."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def dump(self) -> dict[str, Any]:
        """What came and what was dropped, for people."""
        return {"port": self.port, "ssrcs": len(self._routes), "counters": dict(self.counters)}

    def _drain(self) -> None:
        now_us = self._now_us()
        for _ in range(DRAIN):
            try:
                datagram, address = self._socket.recvfrom(MAX_DATAGRAM + 1)
            except BlockingIOError:
                return
            except OSError:
                # An ICMP error for an earlier packet of ours: the node is away.
                self.counters["socket_errors"] += 1
                continue
            self._receive_safely(datagram, address[:2], now_us)

    def _receive_safely(self, datagram: bytes, address: tuple[str, int], now_us: int) -> None:
        try:
            self._receive(datagram, address, now_us)
        except (RtpError, RtcpError):
            self.counters["malformed"] += 1
        except Exception:
            self.counters["faults"] += 1
            log.exception("a packet could not be handled")

    def _receive(self, datagram: bytes, address: tuple[str, int], now_us: int) -> None:
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
