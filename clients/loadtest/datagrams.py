"""Many datagrams of one socket in one system call, each run of equal ones whole, with the kernel's arrival times.

A thousand viewers get a hundred thousand packets a second, and one core has to count them: so the kernel is asked
for all that waits at once (`recvmmsg`), hands over what one GSO send brought as one piece (UDP GRO), and stamps each
with the moment it came, so that it does not matter when it is read.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
import time
from typing import Final

#: Pieces taken by one call, and the room for each (the longest run the kernel makes).
PIECES: Final = 16
_ROOM: Final = 65_536
_CONTROL_BYTES: Final = 64
#: Linux: level and option of UDP generic receive offload; SO_TIMESTAMPNS; SO_RCVBUF beyond the limit; SO_MEMINFO.
_SOL_UDP: Final = 17
_UDP_GRO: Final = 104
_SO_TIMESTAMPNS: Final = 35
_SO_RCVBUFFORCE: Final = 33
_SO_MEMINFO: Final = 55
#: What may wait in the kernel between two looks.
_BUFFER_BYTES: Final = 1 << 21
#: Control messages: the time stamp alone, and with the length of the run's datagrams after it.
_STAMPED: Final = 32
_STAMPED_RUN: Final = 56
_times: Final = struct.Struct("=16xqq").unpack_from
_run: Final = struct.Struct("=48xi").unpack_from

#: Where a piece stands in `view` (start, end), the length of its datagrams (the last may be shorter), and when it
#: came (ns of the wall clock).
Piece = tuple[int, int, int, int]


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    """struct mmsghdr of 64-bit Linux."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vector", ctypes.c_void_p),
        ("vector_length", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("padding", ctypes.c_int),
        ("length", ctypes.c_uint32),
    )


_WORDS: Final = ctypes.sizeof(_Message) // 8
_CONTROL_LENGTH: Final = _Message.control_length.offset // 8
_LENGTH: Final = _Message.length.offset // 4


class Datagrams:
    """One block of memory for a process: `view` holds what `take` found until it is called again."""

    def __init__(self) -> None:
        self._memory = bytearray(PIECES * _ROOM)
        self._controls = bytearray(PIECES * _CONTROL_BYTES)
        self._messages = (_Message * PIECES)()
        self._vectors = (_Iovec * PIECES)()
        data = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        control = ctypes.addressof(ctypes.c_char.from_buffer(self._controls))
        for index, (message, vector) in enumerate(zip(self._messages, self._vectors, strict=True)):
            vector.base, vector.length = data + index * _ROOM, _ROOM
            message.vector, message.vector_length = ctypes.addressof(vector), 1
            message.control, message.control_length = control + index * _CONTROL_BYTES, _CONTROL_BYTES
        self.view = memoryview(self._memory)
        raw = memoryview(self._messages).cast("B")
        self._words, self._halves = raw.cast("Q"), raw.cast("I")
        self._receive = ctypes.CDLL(None, use_errno=True).recvmmsg
        self._receive.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)
        self._at = ctypes.addressof(self._messages)

    def take(self, descriptor: int) -> list[Piece]:
        """What waits, at most PIECES pieces; none: an empty list. Raises OSError as `recv` does."""
        count: int = self._receive(descriptor, self._at, PIECES, socket.MSG_DONTWAIT, None)
        if count < 0:
            code = ctypes.get_errno()
            if code in (errno.EAGAIN, errno.EINTR):
                return []
            raise OSError(code, os.strerror(code))
        pieces: list[Piece] = []
        words, halves, controls = self._words, self._halves, self._controls
        for index in range(count):
            start = index * _ROOM
            length = segment = halves[index * 2 * _WORDS + _LENGTH]
            at = index * _WORDS + _CONTROL_LENGTH
            told, words[at] = words[at], _CONTROL_BYTES
            if told >= _STAMPED:
                seconds, nanoseconds = _times(controls, index * _CONTROL_BYTES)
                arrived = seconds * 1_000_000_000 + nanoseconds
                if told >= _STAMPED_RUN:
                    segment = _run(controls, index * _CONTROL_BYTES)[0]
            else:
                arrived = time.time_ns()
            if length:  # an empty datagram is nothing to anybody here
                pieces.append((start, start + length, segment, arrived))
        return pieces


def prepare(made: socket.socket) -> None:
    """Have a socket read by `Datagrams`: with room, arrival times, and runs left whole where the kernel can."""
    made.setblocking(False)
    try:
        made.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
    except OSError:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    made.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    try:
        made.setsockopt(_SOL_UDP, _UDP_GRO, 1)
    except OSError:
        pass  # Linux before 5.0: every datagram comes by itself


def dropped_by_kernel(made: socket.socket) -> int:
    """Datagrams this socket had no room for (the last of nine words of SO_MEMINFO)."""
    try:
        return int(struct.unpack("9I", made.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36))[8])
    except OSError:
        return 0
