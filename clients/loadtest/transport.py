"""One light peer's way to the hub: a UDP socket of its own (ICE-lite tells peers apart by it), ICE, DTLS, SRTP."""

from __future__ import annotations

import asyncio
import functools
import socket
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final

import pylibsrtp

from clients.loadtest.datagrams import PIECES, Datagrams, Piece, dropped_by_kernel, prepare
from clients.loadtest.dtls import DtlsClient, DtlsFailed, SrtpKeys
from clients.loadtest.ice import IceAgent, choose_candidate
from clients.loadtest.offers import Answered
from hub.wire.demux import DTLS, RTCP, STUN, classify

#: System calls of one look at one socket before others get their turn.
_CALLS: Final = 4
#: Protected packets that may be sent again must be allowed to leave twice.
_WINDOW_PACKETS: Final = 4096
#: How long the hub's node is given to answer checks and finish the handshake.
CONNECT_S: Final = 10.0


class Disconnected(Exception):
    """The way to the hub is not there (any more)."""


@functools.cache
def datagrams() -> Datagrams:
    """The block of memory into which all peers of this process read, one after the other."""
    return Datagrams()


class Transport:
    """`receive` gets all that comes and is put in by who counts it (`Receiver.receive`); it gives what is no SRTP
    back by `take_other`. `on_rtcp` gets opened compounds with their time."""

    def __init__(self, on_rtcp: Callable[[bytes, float], None]) -> None:
        self.ice = IceAgent()
        self.counters: Counter[str] = Counter()
        #: Set once SRTP can be sent.
        self.ready = asyncio.Event()
        #: Set when it is over; `failure` says why, if it was not asked for.
        self.ended = asyncio.Event()
        self.failure = ""
        #: Where the hub's node is, once known.
        self.remote_address: tuple[str, int] | None = None
        self.receive: Callable[[memoryview, Sequence[Piece], int], None] = self._receive_others
        self._on_rtcp = on_rtcp
        self._datagrams = datagrams()
        self._socket: socket.socket | None = None
        self._watched = False
        self._dtls: DtlsClient | None = None
        self._outbound: pylibsrtp.Session | None = None
        self._inbound: pylibsrtp.Session | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def connect(
        self, answered: Answered, allowed: Collection[str], timeout_s: float = CONNECT_S
    ) -> None:
        """Reach the hub that gave this answer. Raises NotAllowed, or Disconnected if it does not come to it."""
        address = self.remote_address = choose_candidate(answered.candidates, allowed)
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._remote = answered.remote
        self._dtls = DtlsClient(answered.remote.fingerprints)
        self._socket = made = socket.socket(family, socket.SOCK_DGRAM)
        prepare(made)
        made.connect(address)
        asyncio.get_running_loop().add_reader(made, self.drain)
        self._watched = True
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

    def unwatch(self) -> None:
        """From now on somebody calls `drain` by the clock; the loop is not woken for each datagram any more."""
        if self._watched and self._socket is not None:
            self._watched = False
            asyncio.get_running_loop().remove_reader(self._socket)

    def protect(self, packet: bytes) -> bytes:
        """The SRTP packet. Raises Disconnected before the handshake is done."""
        if self._outbound is None:
            raise Disconnected("not connected")
        return bytes(self._outbound.protect(packet))

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
        if self._outbound is not None:
            self.send(self._outbound.protect_rtcp(compound))

    def open_rtp(self, packet: bytes) -> bytes | None:
        """The RTP packet, or None if it is not authentic."""
        if self._inbound is None:
            return None
        try:
            return bytes(self._inbound.unprotect(packet))
        except pylibsrtp.Error:
            self.counters["srtp_refused"] += 1
            return None

    @property
    def dropped_by_kernel(self) -> int:
        """Datagrams our own socket had no room for: this generator was too slow, not the hub."""
        return dropped_by_kernel(self._socket) if self._socket is not None else 0

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
        self.unwatch()
        self._socket.close()
        self._socket = None
        self.ended.set()

    def drain(self) -> None:
        """Take what waits in the socket."""
        if self._socket is None:
            return
        descriptor = self._socket.fileno()
        # Arrivals are of the wall clock; all else here is of the monotonic one.
        shift_ns = time.monotonic_ns() - time.time_ns()
        for _ in range(_CALLS):
            try:
                pieces = self._datagrams.take(descriptor)
            except OSError:  # nobody listens there (now): ICE goes on asking
                self.counters["receive_failed"] += 1
                return
            if pieces:
                self.receive(self._datagrams.view, pieces, shift_ns)
            if len(pieces) < PIECES or self.ended.is_set():
                return

    # --- inside ---------------------------------------------------------------------------------------

    def _receive_others(self, view: memoryview, pieces: Sequence[Piece], shift_ns: int) -> None:
        """Whoever receives no media: feedback and requests come one a datagram."""
        for start, end, _, arrived_ns in pieces:
            self.take_other(bytes(view[start:end]), (arrived_ns + shift_ns) * 1e-9)

    def take_other(self, data: bytes, now: float) -> None:
        """A datagram that is no SRTP."""
        kind = classify(data)
        if kind == RTCP:
            self._take_rtcp(data, now)
        elif kind == STUN:
            answer = self.ice.answer(data, self.remote_address) if self.remote_address else None
            if answer is not None:
                self.send(answer)
            elif self.ice.receive(data, self._remote, time.monotonic()) and self._dtls is not None:
                self._handshake(self._dtls.start)
        elif kind == DTLS and self._dtls is not None and self.ice.connected:
            self._handshake(functools.partial(self._dtls.feed, data))

    def _take_rtcp(self, packet: bytes, now: float) -> None:
        if self._inbound is None:
            return
        try:
            compound = self._inbound.unprotect_rtcp(packet)
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
        if dtls.keys is not None and self._outbound is None:
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
        outbound.allow_repeat_tx = True
        self._outbound = pylibsrtp.Session(outbound)
        self._inbound = pylibsrtp.Session(inbound)

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
