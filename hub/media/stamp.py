"""What is written at the front of every packet of a slot: RTP header and header extensions (RFC 8285)."""

from __future__ import annotations

import struct
from typing import Final

#: First byte of an RTP header with extensions: version 2, X set.
WITH_EXTENSION: Final = 0x90
_HEADER: Final = ">BBHII"


class HeaderStamp:
    """Header and extensions of one slot as one `pack_into`, because this runs for every forwarded packet.

    `extension` is constant; `transport_at` is where in the packet the two bytes of the transport-wide
    sequence number stand (0: not stamped).
    """

    __slots__ = ("extension", "layout", "length", "transport_at")

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
        self.layout = struct.Struct(f"{_HEADER}{len(self.extension)}s")
        self.length = self.layout.size

    @property
    def first_byte(self) -> int:
        """Version, padding, extension and CSRC count bits."""
        return WITH_EXTENSION if self.extension else 0x80
