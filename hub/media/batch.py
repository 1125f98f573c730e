"""The packets of one drain of one publication, laid out once and shared by all its subscriptions.

Viewers differ in SSRC, numbers and keys, and hardly ever in anything else. So the packets are laid out in a row as
they will leave (header, extensions, payload, room for the tag) once for each different form; each subscription then
copies the row in one go, writes its numbers into it, and seals it in place.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

from hub.media.packet_cache import Packet, PacketCache
from hub.media.redundancy import with_redundancy
from hub.media.socket import MAX_RUN_BYTES, MAX_RUN_SEGMENTS
from hub.media.srtp import MAX_RTP_BYTES, SealBuffer
from hub.media.stamp import HeaderStamp

#: Packets in one batch at most: a key frame that comes in one burst goes out to all in turns of so many, so that
#: the last viewer does not wait until the first has all of it.
MAX_PACKETS: Final = 16
_FIXED: Final = struct.Struct(">BBHII")


class Layout:
    """One form of a batch. `entries` are (where the numbers go, source's extended number, its time stamp,
    length before sealing, pointer for libsrtp); `runs` are (bytes of the outlets' buffer, segment length)."""

    __slots__ = ("bodies", "data", "entries", "octets", "runs", "sealed_bytes", "sizes")

    def __init__(
        self,
        packets: Sequence[Packet],
        payloads: Sequence[bytes],
        stamp: HeaderStamp,
        payload_type: int,
        tag_bytes: int,
        buffer: SealBuffer,
    ) -> None:
        self.entries: list[tuple[int, int, int, int, Any]] = []
        self.bodies: list[int] = []
        self.octets = 0
        row = bytearray()
        sizes: list[int] = []
        for packet, payload in zip(packets, payloads, strict=True):
            at = len(row)
            row += _FIXED.pack(stamp.first_byte, packet.marker | payload_type, 0, 0, 0)
            row += stamp.extension
            self.bodies.append(len(row))
            row += payload
            length = len(row) - at
            row += bytes(tag_bytes)
            self.entries.append((at + 2, packet.seq, packet.timestamp, length, buffer.base + at))
            sizes.append(length + tag_bytes)
            self.octets += len(payload)
        self.data = bytes(row)
        self.sealed_bytes = len(row)
        self.sizes = tuple(sizes)
        self.runs = _runs(sizes, buffer.view)


def _runs(sizes: Sequence[int], view: memoryview) -> list[tuple[memoryview, int]]:
    """Cut a row into what one system call can send: equal lengths, the last of a run may be shorter."""
    runs: list[tuple[memoryview, int]] = []
    start = at = segment = count = 0
    for size in sizes:
        fits = at - start + size <= MAX_RUN_BYTES and count < MAX_RUN_SEGMENTS
        if count and (size > segment or not fits):
            runs.append((view[start:at], segment))
            start, count = at, 0
        if not count:
            segment = size
        at += size
        count += 1
        if size < segment:
            runs.append((view[start:at], segment))
            start, count = at, 0
    if count:
        runs.append((view[start:at], segment))
    return runs


class Batch:
    """Packets to fan out together, in order of arrival.

    `first_seq` is the lowest extended number, `newest` the packet with the highest, `top_temporal` the highest
    temporal layer; `whole` says that there is nothing among them to be left out (padding without payload).
    """

    __slots__ = (
        "_cache",
        "_layouts",
        "first_seq",
        "longest",
        "newest",
        "packets",
        "top_temporal",
        "whole",
    )

    def __init__(self, packets: Sequence[Packet], cache: PacketCache) -> None:
        """`cache` holds the packets before these, for redundancy."""
        self.packets = packets
        self.newest = max(packets, key=lambda packet: packet.seq)
        self.first_seq = min(packet.seq for packet in packets)
        self.longest = max(len(packet.payload) for packet in packets)
        self.top_temporal = max(packet.temporal for packet in packets)
        self.whole = all(packet.payload for packet in packets)
        self._cache = cache
        self._layouts: dict[tuple[bytes, int, int | None, int], Layout] = {}

    def layout(
        self,
        stamp: HeaderStamp,
        payload_type: int,
        red: int | None,
        tag_bytes: int,
        buffer: SealBuffer,
    ) -> Layout | None:
        """The row for viewers of this form; None if a packet would be too long for SRTP with it.

        With a `red` payload type each packet carries the ones before it as well (RFC 2198). All subscriptions
        of a node share one buffer, so that pointers into it can be part of the row.
        """
        if self.longest + stamp.length > MAX_RTP_BYTES:
            return None
        form = (stamp.extension, payload_type, red, tag_bytes)
        layout = self._layouts.get(form)
        if layout is None:
            if red is None:
                payloads = [packet.payload for packet in self.packets]
                outer = payload_type
            else:
                room = MAX_RTP_BYTES - stamp.length
                payloads = [
                    with_redundancy(packet, self._cache, payload_type, room) for packet in self.packets
                ]
                outer = red
            layout = Layout(self.packets, payloads, stamp, outer, tag_bytes, buffer)
            self._layouts[form] = layout
        return layout
