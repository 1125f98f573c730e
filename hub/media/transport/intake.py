"""The compiled way in: datagrams read many at a time, those of known sources opened before Python sees them.

Who may send what is decided in Python as ever (Ingress, Peer, the media sides); what was accepted once is remembered here
(`Known`), so that its next packets come in opened. Everything else comes in raw. See native/intake.h.
"""

from __future__ import annotations

import errno
import secrets
import struct
import time
from collections.abc import Callable
from typing import Any, Final

from hub.media.estimate.line import Line
from hub.media.native import Native, ffi, libsrtp, native
from hub.media.native.slab import slab
from hub.media.transport.address import Address, packed_address, unpacked_address
from hub.media.transport.srtp import SrtpSession

#: struct hub_datagram: length, sender, libsrtp's code, wait, room, kind, bytes of the address, the address.
_DATAGRAM: Final = struct.Struct("=IIiIHBB28s")
_DATAGRAMS: Final = 32
_ROOM: Final = 2048
_KNOWN: Final = 16
_RAW, RTP, RTCP, _KEPT, DIGEST = range(5)
_UNPROTECT: Final = "int (*)(void *, void *, int *)"


class Known:
    """What may be opened of one peer: the session, and the sources that were accepted before. Made by `Intake.add`."""

    def __init__(self, number: int, found: Native) -> None:
        self.found = found
        #: struct hub_sender of native/intake.h.
        self.sender: Any = slab.new("struct hub_sender *")
        self.sender.number = number
        self._session: SrtpSession | None = None
        self._line: Line | None = None

    def open(self, session: SrtpSession, line: Line | None = None) -> None:
        """The keys are there; plain feedback goes to the digest of `line`."""
        self._session, self._line = session, line
        self.sender.session = session.native_handle
        self.sender.line = line.native if line is not None else ffi.NULL

    def keep_reports(self, meaningless_bps: int | None) -> None:
        """Reports without loss, and REMB of so much and more, are told once a second only; with None each is told."""
        reports = self.sender.reports
        reports.keep = meaningless_bps is not None
        reports.meaningless_bps = meaningless_bps or 0

    def close(self) -> None:
        """Nothing more may be opened."""
        self.sender.session = self.sender.line = ffi.NULL
        self._session = self._line = None

    def media(self, ssrc: int, payload_type: int) -> None:
        """An authentic RTP packet of this source was accepted."""
        sender, word = self.sender, ssrc << 8 | payload_type
        count: int = sender.media_count
        if count < _KNOWN and word not in list(sender.media)[:count]:
            sender.media[count] = word
            sender.media_count = count + 1

    def control(self, ssrc: int) -> None:
        """An authentic RTCP packet of this sender was accepted."""
        sender = self.sender
        count: int = sender.control_count
        if count < _KNOWN and ssrc not in list(sender.control)[:count]:
            sender.control[count] = ssrc
            sender.control_count = count + 1


class Intake:
    """Who is where, and the block that datagrams are read into.

    `on_raw(view, length, address, waited_s)` gets what was not opened; `on_opened(number, kind, packet, refused, waited_s)`
    what was, or what libsrtp refused (its code, else 0); `packet` is only good until the call returns. `waited_s` is how
    long it lay in the kernel's socket. Of feedback in the digest of a line only the bytes are told, `on_kept(bytes)`, until
    the digest is due: then with the kind DIGEST. `clock` is that by which is sent.
    """

    def __init__(self, found: Native, clock: Callable[[], float] = time.monotonic) -> None:
        self._found = found
        self._clock = clock
        self._take = found.library.hub_take
        self._put = found.library.hub_put
        self._drop = found.library.hub_drop
        self._places = ffi.new("struct hub_places *")
        self._places.seed = secrets.randbits(64)
        self._block = ffi.new("uint8_t[]", _DATAGRAMS * _ROOM)
        self._view = memoryview(ffi.buffer(self._block))
        self._intake = ffi.new("struct hub_intake *")
        self._intake.unprotect = libsrtp("srtp_unprotect", _UNPROTECT)
        self._intake.unprotect_rtcp = libsrtp("srtp_unprotect_rtcp", _UNPROTECT)
        self._intake.block = self._block
        self._intake.places = self._places
        self._datagrams = memoryview(ffi.buffer(self._intake.datagrams))
        self._known: dict[int, Known] = {}
        self._numbers = 0
        self.on_raw: Callable[[memoryview, int, Address, float], None] = lambda *raw: None
        self.on_opened: Callable[[int, int, memoryview, int, float], None] = lambda *opened: None
        self.on_kept: Callable[[int], None] = lambda octets: None

    def add(self) -> Known:
        """A place for one more peer; kept until `remove`."""
        self._numbers = (self._numbers + 1) & 0xFFFF_FFFF
        known = self._known[self._numbers] = Known(self._numbers, self._found)
        return known

    def remove(self, known: Known) -> None:
        """The peer is gone. Its addresses must have been dropped."""
        known.close()
        self._known.pop(known.sender.number, None)

    def put(self, address: Address, known: Known) -> None:
        """What comes from this address is of this peer. Beyond 8,192 addresses it comes in raw."""
        packed = packed_address(address)
        self._put(self._places, packed, len(packed), known.sender)

    def drop(self, address: Address) -> None:
        """Nobody is at this address any more."""
        packed = packed_address(address)
        self._drop(self._places, packed, len(packed))

    def take(self, descriptor: int, limit: int) -> int:
        """Read up to `limit` datagrams that wait in this socket, and hand them on. Raises OSError."""
        taken, kept, state, view, datagrams = 0, 0, self._intake, self._view, self._datagrams
        now = self._clock()
        while taken < limit:
            asked = min(_DATAGRAMS, limit - taken)
            count: int = self._take(state, descriptor, asked, now)
            if count < 0:
                if count == -errno.EAGAIN:
                    break
                raise OSError(-count, "receiving failed")
            kept += state.kept_bytes
            told = _DATAGRAM.iter_unpack(datagrams[: state.told * _DATAGRAM.size])
            for length, number, refused, waited_us, room, kind, octets, address in told:
                at = room * _ROOM
                if kind == _RAW:
                    whence = unpacked_address(address[:octets])
                    self.on_raw(view[at : at + length], length, whence, waited_us * 1e-6)
                else:
                    self.on_opened(number, kind, view[at : at + length], refused, waited_us * 1e-6)
            taken += count
            if count < asked:
                break
        if kept:
            self.on_kept(kept)
        return taken


def intake() -> Intake | None:
    """The compiled way in; None without it."""
    found = native()
    return Intake(found) if found.library is not None else None
