"""What may wait a moment: viewers' transport-wide feedback, which the kernel puts into a second socket of the same port.

A thousand viewers send 15,000 such messages a second, spread evenly over time. Taken as they come, each wakes the
process, and waking costs several times what reading the message does; taken with the pictures or some twenty times a
second, all that came in between are read in one go. A program of five instructions in the kernel tells them from all
else (SO_REUSEPORT with a classic BPF filter). Packets, NACKs and key-frame requests come by the first socket, at once.
"""

from __future__ import annotations

import asyncio
import ctypes
import socket
import struct
from collections.abc import Callable
from typing import Final

#: What waits is taken this often at least, and with other datagrams when these come; but never more often than …
PATIENCE_S: Final = 0.045
#: … this.
PAUSE_S: Final = 0.018
#: Messages taken in one turn before other datagrams get theirs.
TURN_LIMIT: Final = 128
#: First two bytes of a compound that begins with transport-wide feedback (RTPFB, FMT 15): in SRTCP they are in the
#: clear. With the padding bit or without: Chromium pads. Whatever else looks like that costs its sender the same wait.
_FEEDBACK: Final = 0x8FCD
_BUT_PADDING: Final = 0xDFFF
_SO_ATTACH_REUSEPORT_CBPF: Final = 51
#: struct sock_filter: code, jump if true, jump if false, value. Load a half word from the beginning of the datagram,
#: mask, compare, return the number of the socket. One that is shorter ends the program, which counts as 0.
_LOAD_HALF, _AND, _JUMP_IF_EQUAL, _RETURN = 0x28, 0x54, 0x15, 0x06
_PROGRAM: Final = (
    (_LOAD_HALF, 0, 0, 0),
    (_AND, 0, 0, _BUT_PADDING),
    (_JUMP_IF_EQUAL, 0, 1, _FEEDBACK),
    (_RETURN, 0, 0, 1),
    (_RETURN, 0, 0, 0),
)


def second_socket(first: socket.socket) -> socket.socket | None:
    """A socket of the port that `first` is bound to, which gets the feedback; None where the kernel cannot do that.

    `first` was bound alone, so that no other process holds the port; nobody who does the same can join later.
    """
    second = socket.socket(first.family, socket.SOCK_DGRAM)
    try:
        second.setblocking(False)
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        # Until the filter is attached, the kernel would share datagrams out by their addresses: `second` is read in
        # any case, so that none is lost.
        second.bind(first.getsockname())
        _attach(first)
    except OSError:
        second.close()
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 0)
        return None
    return second


def _attach(first: socket.socket) -> None:
    code = b"".join(struct.pack("HBBI", *step) for step in _PROGRAM)
    memory = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HP", len(_PROGRAM), ctypes.addressof(memory))
    first.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_REUSEPORT_CBPF, program)


class Patient:
    """When the second socket is read. `take(limit)` reads up to so many datagrams and returns how many there were."""

    def __init__(self, descriptor: int, take: Callable[[int], int], loop: asyncio.AbstractEventLoop) -> None:
        self._descriptor = descriptor
        self._take = take
        self._loop = loop
        self._taken_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        loop.add_reader(descriptor, self._woken)

    def close(self) -> None:
        """Read no more."""
        self._loop.remove_reader(self._descriptor)
        if self._timer is not None:
            self._timer.cancel()

    def take_along(self) -> None:
        """The process is awake and warm: take what waits, unless that was done a moment ago."""
        now = self._loop.time()
        if now - self._taken_at >= PAUSE_S:
            self._turn(now)

    def _woken(self) -> None:
        """The first message after a silence: from now on by the clock."""
        self._loop.remove_reader(self._descriptor)
        self._timer = self._loop.call_later(PATIENCE_S, self._due)

    def _due(self) -> None:
        now = self._loop.time()
        left = self._taken_at + PATIENCE_S - now
        if left > PAUSE_S / 2:
            self._timer = self._loop.call_later(left, self._due)  # taken along in the meantime
        elif self._turn(now):
            self._timer = self._loop.call_later(PATIENCE_S, self._due)
        else:
            self._timer = None
            self._loop.add_reader(self._descriptor, self._woken)

    def _turn(self, now: float) -> int:
        self._taken_at = now
        taken = self._take(TURN_LIMIT)
        if taken == TURN_LIMIT:
            self._taken_at = 0.0  # there is more: with the next datagrams, or at once
            self._loop.call_soon(self.take_along)
        return taken
