"""The way out to one peer: its address, its SRTP session, its retransmission budget and its counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from hub.media.estimate.bandwidth import Estimator
from hub.media.estimate.line import Line
from hub.media.native import Native, ffi
from hub.media.native.slab import slab
from hub.media.transport.address import Address, packed_address
from hub.media.transport.srtp import SealBuffer, SrtpSession, reason

#: Retransmissions may take what the estimate of the line sets aside for them; without one this share of what the
#: peer is sent …
RESEND_SHARE: Final = 0.2
#: … and always this many bytes a second …
RESEND_FLOOR_BYTES_PER_S: Final = 15_000
#: … saved up to at most this many bytes.
RESEND_BURST_BYTES: Final = 120_000
#: … and no more than the line carries in this time.
RESEND_BURST_S: Final = 0.4
#: Size of the block in which the packets of one drain for one peer are laid out.
RUN_BUFFER_BYTES: Final = 128 * 1024


class Port(Protocol):
    """What an outlet needs of `UdpPort` (tests have a network of their own)."""

    def send(self, data: bytes | memoryview, address: Address) -> None: ...
    def send_run(self, run: memoryview, segment: int, address: Address) -> None: ...


class Outlet:
    """One peer's outgoing side. `buffer` is shared by all outlets of a node and empty between two calls."""

    def __init__(
        self, port: Port, buffer: SealBuffer, resend_floor_bytes_per_s: int = RESEND_FLOOR_BYTES_PER_S
    ) -> None:
        """`resend_floor_bytes_per_s`: what retransmissions may always take."""
        self.port = port
        self._resend_floor = resend_floor_bytes_per_s
        self.buffer = buffer
        #: struct hub_way of native/fan_out.h: the numbers that the compiled loop counts on as well.
        self.way: Any = slab.new("struct hub_way *")
        self._session: SrtpSession | None = None
        self._address: Address | None = None
        #: Told what leaves under which transport-wide numbers; None for one that gets no such numbers.
        self.estimator: Estimator | None = None
        #: The same for the compiled loops; None without them, or as long as nobody asked for it.
        self.line: Line | None = None
        #: Where it is said which reports of the viewer say nothing new; None without the compiled loops.
        self.keep_reports: Callable[[int | None], None] | None = None
        #: Whether a slot began to play something whose clock the viewer has not been told.
        self.newly_plays = False
        self.counters: Counter[str] = Counter()
        #: Called when serving this peer met a bug: whoever owns the peer ends it.
        self.on_failure: Callable[[], None] = lambda: None
        self._budget = float(RESEND_BURST_BYTES) / 2
        self._budget_at = 0.0
        self._budget_bytes = 0

    @property
    def open(self) -> bool:
        """Whether anything can leave: keys are there and a validated address is."""
        return self._session is not None and self._address is not None

    @property
    def session(self) -> SrtpSession | None:
        """What seals; None before the keys are there and after the end."""
        return self._session

    @session.setter
    def session(self, session: SrtpSession | None) -> None:
        self.way.session = session.native_handle if session is not None else ffi.NULL
        self.way.protect = session.native_protect if session is not None else ffi.NULL
        self.way.context = session.native_context if session is not None else ffi.NULL
        self._session = session

    @property
    def address(self) -> Address | None:
        """Where the peer is reached; None before an address was validated and after the end."""
        return self._address

    @address.setter
    def address(self, address: Address | None) -> None:
        if address == self._address:
            return
        packed = packed_address(address) if address is not None else b""
        self.way.address_bytes = len(packed)
        ffi.memmove(self.way.address, packed, len(packed))
        self._address = address

    @property
    def transport_seq(self) -> int:
        """The transport-wide number of the packet sent last."""
        return int(self.way.transport_seq)

    @transport_seq.setter
    def transport_seq(self, number: int) -> None:
        self.way.transport_seq = number

    @property
    def packets_sent(self) -> int:
        """RTP packets that left, retransmissions among them."""
        return int(self.way.packets_sent)

    @property
    def bytes_sent(self) -> int:
        """Bytes of these packets, sealed."""
        return int(self.way.bytes_sent)

    def count_sent(self, packets: int, octets: int) -> None:
        """RTP packets of so many bytes together have left."""
        self.way.packets_sent += packets
        self.way.bytes_sent += octets

    def send_rtcp(self, compound: bytes) -> bool:
        """Protect and send one RTCP compound packet."""
        if self.session is None or self.address is None:
            self.counters["rtcp_before_connected"] += 1
            return False
        buffer = self.buffer
        length = len(compound)
        buffer.view[:length] = compound
        result = self.session.protect_rtcp(buffer, 0, length)
        if result < 0:
            self.counters[f"out_{reason(result)}"] += 1
            return False
        self.port.send(buffer.view[:result], self.address)
        return True

    def send_rtp(self, offset: int, length: int) -> bool:
        """Protect and send the RTP packet of `length` bytes that was laid at `offset` of the buffer."""
        if self.session is None or self.address is None:
            return False
        result = self.session.protect_rtp(self.buffer, offset, length)
        if result < 0:
            self.counters[f"out_{reason(result)}"] += 1
            return False
        self.port.send(self.buffer.view[offset : offset + result], self.address)
        self.count_sent(1, result)
        return True

    def draw_line(self, found: Native) -> None:
        """Have the compiled loops note what leaves, so that they understand plain feedback about it."""
        if self.estimator is not None and self.line is None:
            self.line = Line(found, (self.transport_seq + 1) & 0xFFFF)
            self.way.line = self.line.native
            self.estimator.keep_in(self.line)

    def log_sent(self, sizes: Sequence[int], now: float) -> None:
        """Packets of these sizes leave, the first under the number after `transport_seq`."""
        if self.estimator is not None:
            self.estimator.sent((self.transport_seq + 1) & 0xFFFF, sizes, now)

    def next_transport_seq(self, size: int, now: float) -> int:
        """The transport-wide number of one more packet of `size` bytes
        (draft-holmer-rmcat-transport-wide-cc-extensions-01)."""
        self.log_sent((size,), now)
        self.transport_seq = (self.transport_seq + 1) & 0xFFFF
        return self.transport_seq

    def may_resend(self, size: int, now: float) -> bool:
        """Take `size` bytes out of the retransmission budget; False when it is used up."""
        sent = self.bytes_sent
        since = now - self._budget_at if self._budget_at else 0.0
        most = float(RESEND_BURST_BYTES)
        if self.estimator is not None:
            earned = since * self.estimator.resend_bps / 8
            # What was saved up on a wide line would fill a narrow one for seconds.
            most = min(most, self.estimator.bitrate_bps / 8 * RESEND_BURST_S)
        else:
            earned = (sent - self._budget_bytes) * RESEND_SHARE + since * self._resend_floor
        self._budget = min(most, self._budget + earned)
        self._budget_at, self._budget_bytes = now, sent
        if self._budget < size:
            return False
        self._budget -= size
        return True
