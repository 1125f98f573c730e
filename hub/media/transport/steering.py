"""One UDP port with three sockets, among which the kernel sorts what comes: packets, feedback, and who is joining.

What comes by one socket waits in one queue. So feedback, which may wait a moment (patient.py), has its own, and checks and
handshakes have theirs: a thousand that join at once are served a few in each turn of the loop, and the packets of a running
call pass them by. A short program in the kernel does it (SO_REUSEPORT with a classic BPF filter).

A peer's packets cannot pass its own handshake: in DTLS 1.2 the last message is the server's, which the hub is. (In 1.3, which
our OpenSSL does not speak, it is the client's: its first packets would then come before their keys and be dropped.)
"""

from __future__ import annotations

import ctypes
import socket
import struct
from typing import Final, NamedTuple

#: First two bytes of a compound that begins with transport-wide feedback (RTPFB, FMT 15): in SRTCP they are in the
#: clear. With the padding bit or without: Chromium pads. Whatever else looks like that costs its sender the same wait.
_FEEDBACK: Final = 0x8FCD
_BUT_PADDING: Final = 0xDFFF
#: The same of a REMB by itself (PSFB, FMT 15), which may wait as long.
_REMB: Final = 0x8FCE
#: The same of a receiver report without padding, of any number of blocks. It may wait if it is all there is in its datagram:
#: whoever asks for packets or a key frame may put a report before it. Behind header and blocks SRTCP puts four bytes and a tag
#: of 16 (AES-GCM) or 10.
_REPORT: Final = 0x80C9
_BUT_BLOCKS: Final = 0xE0FF
_LENGTH_AT: Final = 2
_BEHIND: Final = (4 + 4 + 16, 4 + 4 + 10)
#: First bytes below this are those of STUN and DTLS (RFC 7983 §7).
_JOINING_BELOW: Final = 64
_SO_ATTACH_REUSEPORT_CBPF: Final = 51
#: struct sock_filter: code, jump if true, jump if false, value. A datagram shorter than what is loaded ends the program, which
#: counts as 0: the first socket.
_LOAD_HALF, _LOAD_BYTE, _AND, _JUMP_IF_EQUAL, _JUMP_IF_NOT_LESS, _RETURN = 0x28, 0x30, 0x54, 0x15, 0x35, 0x06
_SHIFT_LEFT, _TO_INDEX, _LOAD_LENGTH, _LESS_INDEX = 0x64, 0x07, 0x80, 0x1C
_PACKETS, _FEEDBACK_SOCKET, _JOINING_SOCKET = range(3)
_PROGRAM: Final = (
    (_LOAD_BYTE, 0, 0, 0),
    (_JUMP_IF_NOT_LESS, 1, 0, _JOINING_BELOW),
    (_RETURN, 0, 0, _JOINING_SOCKET),
    (_LOAD_HALF, 0, 0, 0),
    (_AND, 0, 0, _BUT_PADDING),
    (_JUMP_IF_EQUAL, 10, 0, _FEEDBACK),
    (_JUMP_IF_EQUAL, 9, 0, _REMB),
    (_LOAD_HALF, 0, 0, 0),
    (_AND, 0, 0, _BUT_BLOCKS),
    (_JUMP_IF_EQUAL, 0, 9, _REPORT),
    (_LOAD_HALF, 0, 0, _LENGTH_AT),
    (_SHIFT_LEFT, 0, 0, 2),
    (_TO_INDEX, 0, 0, 0),
    (_LOAD_LENGTH, 0, 0, 0),
    (_LESS_INDEX, 0, 0, 0),
    (_JUMP_IF_EQUAL, 0, 1, _BEHIND[0]),
    (_RETURN, 0, 0, _FEEDBACK_SOCKET),
    (_JUMP_IF_EQUAL, 0, 1, _BEHIND[1]),
    (_RETURN, 0, 0, _FEEDBACK_SOCKET),
    (_RETURN, 0, 0, _PACKETS),
)


class Apart(NamedTuple):
    """The sockets beside the first, in the order of the numbers that the program returns: of what may wait, of who joins."""

    feedback: socket.socket
    joining: socket.socket

    def close(self) -> None:
        """Close both."""
        self.feedback.close()
        self.joining.close()


def set_apart(first: socket.socket) -> Apart | None:
    """Two more sockets of the port that `first` is bound to; None where the kernel cannot do that.

    `first` was bound alone, so that no other process holds the port; nobody who does the same can join later.
    """
    made: list[socket.socket] = []
    try:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        for _ in Apart._fields:
            each = socket.socket(first.family, socket.SOCK_DGRAM)
            made.append(each)
            each.setblocking(False)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if first.family == socket.AF_INET6:
                only_6 = first.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_6)
            # Until the filter is attached, the kernel would share datagrams out by their addresses: all are read, whatever
            # came by them, so that none is lost.
            each.bind(first.getsockname())
        _attach(first)
    except OSError:
        for each in made:
            each.close()
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 0)
        return None
    return Apart(*made)


def _attach(first: socket.socket) -> None:
    code = b"".join(struct.pack("HBBI", *step) for step in _PROGRAM)
    memory = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HP", len(_PROGRAM), ctypes.addressof(memory))
    first.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_REUSEPORT_CBPF, program)
