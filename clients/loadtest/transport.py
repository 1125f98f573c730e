"""One light peer's way to the hub: a UDP socket of its own (ICE-lite tells peers apart by it), ICE, DTLS, SRTP."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

import pylibsrtp

from clients.loadtest.dtls import DtlsClient, DtlsFailed, SrtpKeys
from clients.loadtest.ice import IceAgent, choose_candidate
from clients.loadtest.offers import Answered
from hub.wire.demux import DTLS, RTCP, RTP, STUN, classify

#: Datagrams taken in one wake-up before others get their turn.
_DRAIN: Final = 64
_RECEIVE_BUFFER: Final = 1 << 21
#: Protected packets that may be sent again must be allowed to leave twice.
_WINDOW_PACKETS: Final = 4096


class Disconnected(Exception):
    """The way to the hub is not there (any more)."""


class Transport:
    """`on_rtp` gets each SRTP packet as it came (view, length, time): opening it costs and is for the receiver
    to decide. `on_rtcp` gets opened compounds."""

    def __init__(
        self,
        on_rtp: Callable[[memoryview, int, float], None],
        on_rtcp: Callable[[bytes, float], None],
    ) -> None:
        self.ice = IceAgent()
        self.counters: Counter[str] = Counter()
        #: Set once SRTP can be sent.
        self.ready = asyncio.Event()
        #: Set when it is over; `failure` says why, if it was not asked for.
        self.ended = asyncio.Event()
        self.failure = ""
        self._on_rtp = on_rtp
        self._on_rtcp = on_rtcp
        self._buffer = bytearray(2048)
        self._view = memoryview(self._buffer)
        self._socket: socket.socket | None = None
        self._dtls: DtlsClient | None = None
        self._send: pylibsrtp.Session | None = None
        self._receive: pylibsrtp.Session | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def connect(self, answered: Answered, allowed: Collection[str], timeout_s: float = 10.0) -> None:
        """Reach the hub that gave this answer. Raises NotAllowed, or Disconnected if it does not come to it."""
        address = choose_candidate(answered.candidates, allowed)
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._remote = answered.remote
        self._dtls = DtlsClient(answered.remote.fingerprints)
        self._socket = made = socket.socket(family, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        made.connect(address)
        asyncio.get_running_loop().add_reader(made, self._drain)
        self._tick()
        waits = [asyncio.ensure_future(self.ready.wait()), asyncio.ensure_future(self.ended.wait())]
        try:
            await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not self.ready.is_set() or self.ended.is_set():
            step = "DTLS" if self.ice.connected else f"ICE {self.ice.refused or ''}".strip()
            why = self.failure or f"no {step} within {timeout_s:.0f} s"
            self.close()
            raise Disconnected(why)

    def protect(self, packet: bytes) -> bytes:
        """The SRTP packet. Raises Disconnected before the handshake is done."""
        if self._send is None:
            raise Disconnected("not connected")
        return bytes(self._send.protect(packet))

    def send(self, datagram: bytes) -> None:
        """Send as it is; what the socket does not take is counted and gone, as on any network."""
        if self._socket is None:
            return
        try:
            self._socket.send(datagram)
        except BlockingIOError:
            self.counters["send_buffer_full"] += 1
        except OSError:
            self.counters["send_failed"] += 1

    def send_rtcp(self, compound: bytes) -> None:
        """Protect and send a compound."""
        if self._send is not None:
            self.send(self._send.protect_rtcp(compound))

    def open_rtp(self, packet: bytes) -> bytes | None:
        """The RTP packet, or None if it is not authentic."""
        if self._receive is None:
            return None
        try:
            return bytes(self._receive.unprotect(packet))
        except pylibsrtp.Error:
            self.counters["srtp_refused"] += 1
            return None

    def close(self) -> None:
        """Say goodbye and release the socket. May be called twice."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._socket is None:
            return
        if self._dtls is not None:
            for datagram in self._dtls.goodbye():
                self.send(datagram)
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._socket = None
        self.ended.set()

    # --- inside ---------------------------------------------------------------------------------------

    def _drain(self) -> None:
        buffer, view, on_rtp = self._buffer, self._view, self._on_rtp
        for _ in range(_DRAIN):
            if self._socket is None:
                return
            try:
                length = self._socket.recv_into(buffer)
            except BlockingIOError:
                return
            except OSError:  # nobody listens there (now): ICE goes on asking
                self.counters["receive_failed"] += 1
                return
            now = time.monotonic()
            kind = classify(view[:length])
            if kind == RTP:
                on_rtp(view, length, now)
            elif kind == RTCP:
                self._take_rtcp(bytes(view[:length]), now)
            elif kind == STUN:
                if self.ice.receive(bytes(view[:length]), self._remote, now) and self._dtls is not None:
                    self._handshake(self._dtls.start)
            elif kind == DTLS and self._dtls is not None and self.ice.connected:
                dtls, data = self._dtls, bytes(view[:length])
                self._handshake(lambda dtls=dtls, data=data: dtls.feed(data))  # type: ignore[misc]

    def _take_rtcp(self, packet: bytes, now: float) -> None:
        if self._receive is None:
            return
        try:
            compound = self._receive.unprotect_rtcp(packet)
        except pylibsrtp.Error:
            self.counters["srtcp_refused"] += 1
            return
        self._on_rtcp(bytes(compound), now)

    def _handshake(self, step: Callable[[], list[bytes]]) -> None:
        dtls = self._dtls
        if dtls is None:
            return
        try:
            datagrams = step()
        except DtlsFailed as error:
            self._fail(str(error))
            return
        for datagram in datagrams:
            self.send(datagram)
        if dtls.keys is not None and self._send is None:
            self._use(dtls.keys)
            self.ready.set()
        if dtls.closed:
            self._fail("the hub closed the connection")
        else:
            self._tick()

    def _use(self, keys: SrtpKeys) -> None:
        outbound = pylibsrtp.Policy(
            key=keys.send, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND, srtp_profile=keys.profile
        )
        inbound = pylibsrtp.Policy(
            key=keys.receive, ssrc_type=pylibsrtp.Policy.SSRC_ANY_INBOUND, srtp_profile=keys.profile
        )
        outbound.window_size = inbound.window_size = _WINDOW_PACKETS
        self._send = pylibsrtp.Session(outbound)
        self._receive = pylibsrtp.Session(inbound)

    def _tick(self) -> None:
        """Do what is due by time, and come back when the next is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._socket is None:
            return
        now = time.monotonic()
        if now >= self.ice.due:
            self.send(self.ice.check(self._remote, now))
        pause = self.ice.due - now
        if self._dtls is not None and self.ice.connected:
            timeout = self._dtls.timeout_s
            if timeout is not None and timeout <= 0:
                for datagram in self._dtls.poll():
                    self.send(datagram)
                timeout = self._dtls.timeout_s
            if timeout is not None:
                pause = min(pause, timeout)
        self._timer = asyncio.get_running_loop().call_later(max(0.005, pause), self._tick)

    def _fail(self, why: str) -> None:
        self.failure = why
        self.close()
