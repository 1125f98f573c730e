"""What is written at the front of every packet of a slot: RTP header and header extensions (RFC 8285)."""

from __future__ import annotations

import struct
from typing import Final

#: First byte of an RTP header: version 2, with the X bit and without.
WITH_EXTENSION: Final = 0x90
WITHOUT_EXTENSION: Final = 0x80
_FIXED: Final = struct.Struct(">BBHII")


class HeaderStamp:
    """Header and extensions of one slot, made so that little is left to write for each packet.

    `extension` is constant but for the transport-wide number, whose two bytes stand at `transport_at` in the
    packet (0: not stamped). `numbers` writes what differs, beginning at the third byte of the packet: sequence
    number, time stamp, SSRC, and with a transport-wide number `transport_head` and that number.
    """

    __slots__ = ("extension", "first_byte", "length", "numbers", "transport_at", "transport_head")

    def __init__(self, mid: str, mid_id: int | None, transport_id: int | None) -> None:
        """Extension ids are those of the answer, None where not negotiated; one-byte form, so 1 to 14.

        A slot that may have to repeat packets without RTX must be made without `transport_id`: a repeated
        packet has to be the same bit for bit (AES-GCM), and its transport-wide number would not be.
        """
        elements = b""
        self.transport_at = 0
        if transport_id is not None:
            self.transport_at = 12 + 4 + 1
            elements += bytes([transport_id << 4 | 1, 0, 0])
        if mid_id is not None:
            name = mid.encode()[:16]
            elements += bytes([mid_id << 4 | (len(name) - 1)]) + name
        if elements:
            elements += bytes(-len(elements) % 4)
            self.extension = struct.pack(">HH", 0xBEDE, len(elements) // 4) + elements
        else:
            self.extension = b""
        self.first_byte = WITH_EXTENSION if self.extension else WITHOUT_EXTENSION
        self.length = 12 + len(self.extension)
        self.transport_head = self.extension[:5]
        self.numbers = struct.Struct(">HII5sH" if self.transport_at else ">HII")

    def write(self, view: memoryview, marker_and_type: int, seq: int, timestamp: int, ssrc: int) -> int:
        """Write a whole header at the start of `view`; returns its length. The transport-wide number stays 0."""
        _FIXED.pack_into(view, 0, self.first_byte, marker_and_type, seq, timestamp, ssrc)
        view[12 : self.length] = self.extension
        return self.length
