"""The one UDP port of a node: drained in bursts, sent to in GSO runs, never blocking."""

from __future__ import annotations

import asyncio
import collections
import errno
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from hub.families import EVERYWHERE_6, family_of
from hub.media.transport.address import Address
from hub.media.transport.intake import Intake
from hub.media.transport.patient import Patient
from hub.media.transport.srtp import SealBuffer
from hub.media.transport.steering import set_apart

#: Datagrams taken at a time.
DRAIN_LIMIT: Final = 256
#: What came while others were being forwarded is forwarded next, so often before anything else gets a turn.
BURSTS: Final = 3
#: Of those who join so many are taken together, and no more once that has lasted so long: packets come in between.
JOINING_LIMIT: Final = 4
JOINING_TURN_S: Final = 0.002
#: The longest datagram that is looked at; longer ones are dropped (Ethernet's 1,500 covers all we negotiate).
MAX_DATAGRAM_BYTES: Final = 1500
#: Linux: setsockopt level and control message of UDP generic segmentation offload.
_SOL_UDP: Final = 17
_UDP_SEGMENT: Final = 103
#: Kernel limits of one GSO send.
MAX_RUN_SEGMENTS: Final = 64
MAX_RUN_BYTES: Final = 65_000
#: Runs kept while the kernel's send buffer is full; beyond it they are dropped and counted.
BACKLOG_RUNS: Final = 1024
#: What may wait in the kernel: a flood of small datagrams takes 768 bytes of it for each.
_BUFFER_BYTES: Final = 16 * 1024 * 1024
_SO_SNDBUFFORCE: Final = 32
_SO_RCVBUFFORCE: Final = 33
_SO_MEMINFO: Final = 55
_SO_TIMESTAMPNS: Final = 35
_IPV6_ADDR_PREFERENCES: Final = 72
_PREFER_SRC_PUBLIC: Final = 2
_NO_GSO: Final = frozenset({errno.EIO, errno.EINVAL, errno.ENOPROTOOPT, errno.EOPNOTSUPP})
#: The kernel does not make fragments of segments: a run of longer ones than the path carries is refused, by these names (the
#: former before Linux 6.14), and leaves as single datagrams, of which it does. Shorter ones every path carries.
_TOO_LONG_A_SEGMENT: Final = frozenset({errno.EINVAL, errno.EMSGSIZE})
_ANY_PATH_BYTES: Final = 1232


def _give_room(made: socket.socket) -> None:
    for option, forced in ((socket.SO_RCVBUF, _SO_RCVBUFFORCE), (socket.SO_SNDBUF, _SO_SNDBUFFORCE)):
        try:
            # Beyond net.core.rmem_max, where the process may (CAP_NET_ADMIN); else up to it.
            made.setsockopt(socket.SOL_SOCKET, forced, _BUFFER_BYTES)
        except OSError:
            made.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)


def _speak_6(made: socket.socket, *, both: bool) -> None:
    """Whether the socket speaks IPv4 as well; and that it answers from an address that stays, which is the one peers were told,
    not from one of those that change for privacy's sake (RFC 5014 §3)."""
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, not both)
    made.setsockopt(socket.IPPROTO_IPV6, _IPV6_ADDR_PREFERENCES, _PREFER_SRC_PUBLIC)


def _dropped_by_kernel(made: socket.socket) -> int:
    """Datagrams the kernel had no room for (Linux: the last of nine words of SO_MEMINFO)."""
    try:
        return int(struct.unpack("9I", made.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36))[8])
    except OSError:
        return 0


class UdpPort:
    """One non-blocking UDP socket.

    `on_datagram(length, address, waited_s)` is called with the datagram in `inbox` (its first `length` bytes),
    `on_drained()` once after each burst, and `on_turn()` when no more packets wait, or after BURSTS of them: the time for all
    else. They are called synchronously and must not raise.
    """

    def __init__(self, host: str, port: int) -> None:
        """Binds at once; `port` 0 takes a free one. Raises OSError if that cannot be done."""
        family = family_of(host)
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        if family == socket.AF_INET6:
            _speak_6(self._socket, both=host == EVERYWHERE_6)
        _give_room(self._socket)
        try:
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self._apart = set_apart(self._socket)
        for apart in self._apart or ():
            _give_room(apart)
        self.family = family
        #: The families in which it is reached and can send.
        self.families = frozenset({family, socket.AF_INET} if host == EVERYWHERE_6 else {family})
        self.port: int = self._socket.getsockname()[1]
        self.inbox = SealBuffer(2048)
        self.counters: Counter[str] = Counter()
        self.on_datagram: Callable[[int, Address, float], None] = lambda *datagram: None
        #: The same of a datagram longer than MAX_DATAGRAM_BYTES, of which the beginning is there.
        self.on_too_long: Callable[[int, Address], None] = lambda *datagram: None
        self.on_drained: Callable[[], None] = lambda: None
        self.on_turn: Callable[[], None] = lambda: None
        #: Reads and opens datagrams, if there is one; what it leaves as it is comes to `on_datagram`.
        self.intake: Intake | None = None
        self._gso = True
        self._gso_words: dict[int, list[tuple[int, int, bytes]]] = {}
        self._backlog: collections.deque[tuple[bytes, int, Address]] = collections.deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._patient: Patient | None = None
        self._closed = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to receive on this loop."""
        self._loop = loop
        if self.intake is not None:
            # How long packets and reports waited is made use of; with who joins it does not matter.
            for timed in (self._socket, *([self._apart.feedback] if self._apart is not None else [])):
                timed.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        loop.add_reader(self._socket.fileno(), self.drain)
        if self._apart is not None:
            self._patient = Patient(self._apart.feedback.fileno(), self._take_feedback, loop)
            loop.add_reader(self._apart.joining.fileno(), self._take_joining)

    def close(self) -> None:
        """Stop receiving and free the port. What waits for the send buffer is dropped and counted."""
        if self._closed:
            return
        self._closed = True
        if self._loop is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._loop.remove_writer(self._socket.fileno())
        if self._patient is not None:
            self._patient.close()
        if self._apart is not None:
            if self._loop is not None:
                self._loop.remove_reader(self._apart.joining.fileno())
            self._apart.close()
        self.counters["dropped_at_close"] += len(self._backlog)
        self._backlog.clear()
        self._socket.close()

    def drain(self) -> None:
        """Take what has come, at most DRAIN_LIMIT datagrams at a time, and let the receivers forward it."""
        self.counters["wake_ups"] += 1
        for _ in range(BURSTS):
            if not self._take(self._socket, DRAIN_LIMIT):
                break
            self.on_drained()
        self.on_turn()
        if self._patient is not None:
            self._patient.take_along()

    def _take_feedback(self, limit: int) -> int:
        """Take what waits in the socket of the feedback: nothing of it is to be forwarded."""
        assert self._apart is not None
        self.counters["feedback_turns"] += 1
        taken = self._take(self._apart.feedback, limit)
        self.counters["feedback"] += taken
        return taken

    def _take_joining(self) -> None:
        """Take some of the checks and handshakes that wait; the loop comes back for the rest."""
        assert self._apart is not None
        until = time.monotonic() + JOINING_TURN_S
        self.counters["joining_turns"] += 1
        while True:
            taken = self._take(self._apart.joining, JOINING_LIMIT)
            self.counters["joining"] += taken
            if taken < JOINING_LIMIT or time.monotonic() >= until:
                return

    def _take(self, source: socket.socket, limit: int) -> int:
        taken = 0
        try:
            if self.intake is not None:
                taken = self.intake.take(source.fileno(), limit)
            else:
                receive, inbox = source.recvfrom_into, self.inbox.view
                while taken < limit:
                    length, address = receive(inbox)
                    taken += 1
                    self._receive(length, address)
        except BlockingIOError:
            pass
        except OSError:
            self.counters["receive_error"] += 1
        self.counters["received"] += taken
        return taken

    def receive_raw(self, datagram: memoryview, length: int, address: Address, waited_s: float) -> None:
        """What the intake has not opened, and how long it lay in the kernel."""
        self.inbox.view[:length] = datagram
        self._receive(length, address, waited_s)

    def _receive(self, length: int, address: Address, waited_s: float = 0.0) -> None:
        if length > MAX_DATAGRAM_BYTES:
            self.counters["dropped_oversize"] += 1
            self.on_too_long(length, address)
        else:
            self.on_datagram(length, address, waited_s)

    def send(self, data: bytes | memoryview, address: Address) -> None:
        """Send one datagram; if it cannot leave it waits or is dropped and counted, never raises."""
        if self._backlog:
            self._wait(bytes(data), 0, address)
            return
        try:
            self._socket.sendto(data, address)
            self.counters["sent"] += 1
        except BlockingIOError:
            self._wait(bytes(data), 0, address)
        except (OSError, TypeError, ValueError):
            self.counters["send_error"] += 1

    def send_run(self, run: memoryview, segment: int, address: Address) -> None:
        """Send `run` as datagrams of `segment` bytes each (the last may be shorter) in one system call."""
        if len(run) <= segment:
            self.send(run, address)
            return
        if self._backlog:
            self._wait(bytes(run), segment, address)
            return
        if not self._gso:
            self._send_singly(run, segment, address)
            return
        try:
            self._socket.sendmsg((run,), self._gso_word(segment), 0, address)
            self.counters["sent"] += -(-len(run) // segment)
            self.counters["runs"] += 1
        except BlockingIOError:
            self._wait(bytes(run), segment, address)
        except OSError as error:
            if error.errno in _TOO_LONG_A_SEGMENT and segment > _ANY_PATH_BYTES:
                self.counters["runs_too_long_for_path"] += 1
                self._send_singly(run, segment, address)
            elif error.errno in _NO_GSO:
                # Some paths (IPsec, odd drivers) cannot segment; one datagram a call works everywhere.
                self._gso = False
                self.counters["gso_given_up"] += 1
                self._send_singly(run, segment, address)
            else:
                self.counters["send_error"] += 1

    # --- for those who send from the socket themselves ------------------------------------------------

    @property
    def descriptor(self) -> int:
        """The socket for whoever sends by himself; -1 while something waits that has to leave before."""
        return -1 if self._backlog or self._closed else self._socket.fileno()

    @property
    def gso(self) -> bool:
        """Whether runs of several packets can be sent in one call."""
        return self._gso

    def count_sent(self, packets: int, runs: int) -> None:
        """Packets that left through `descriptor`, and how many runs they made."""
        self.counters["sent"] += packets
        self.counters["runs"] += runs

    def dump(self) -> dict[str, object]:
        """The port for people: counters and what waits."""
        return {
            "port": self.port,
            "gso": self._gso,
            "backlog": len(self._backlog),
            "sockets": 1 + len(self._apart or ()),
            "dropped_by_kernel": sum(
                _dropped_by_kernel(each) for each in (self._socket, *(self._apart or ()))
            ),
            **self.counters,
        }

    def _gso_word(self, segment: int) -> list[tuple[int, int, bytes]]:
        word = self._gso_words.get(segment)
        if word is None:
            word = [(_SOL_UDP, _UDP_SEGMENT, struct.pack("H", segment))]
            self._gso_words[segment] = word
        return word

    def _send_singly(self, run: memoryview, segment: int, address: Address) -> None:
        for start in range(0, len(run), segment):
            self.send(run[start : start + segment], address)

    def _wait(self, data: bytes, segment: int, address: Address) -> None:
        if len(self._backlog) >= BACKLOG_RUNS or self._loop is None:
            self.counters["dropped_send_buffer_full"] += 1
            return
        if not self._backlog:
            self._loop.add_writer(self._socket.fileno(), self._flush)
        self.counters["send_buffer_full"] += 1
        self._backlog.append((data, segment, address))

    def _flush(self) -> None:
        while self._backlog:
            data, segment, address = self._backlog[0]
            try:
                if segment and self._gso:
                    self._socket.sendmsg((data,), self._gso_word(segment), 0, address)
                elif segment:
                    for start in range(0, len(data), segment):
                        self._socket.sendto(data[start : start + segment], address)
                else:
                    self._socket.sendto(data, address)
                self.counters["sent"] += -(-len(data) // segment) if segment else 1
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _TOO_LONG_A_SEGMENT and segment > _ANY_PATH_BYTES and len(data) > segment:
                    self.counters["runs_too_long_for_path"] += 1
                    pieces = [data[start : start + segment] for start in range(0, len(data), segment)]
                    self._backlog.popleft()
                    self._backlog.extendleft((piece, 0, address) for piece in reversed(pieces))
                    continue
                self.counters["send_error"] += 1
            self._backlog.popleft()
        if self._loop is not None:
            self._loop.remove_writer(self._socket.fileno())
