"""The packets of one drain of one publication, laid out once and shared by all its subscriptions.

Viewers differ in SSRC, numbers and keys, and hardly ever in anything else. So the packets are laid out in a row as
they will leave (header, extensions, payload, room for the tag) once for each different form; each subscription then
copies the row in one go, writes its numbers into it, and seals it in place.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from hub.media.native import ffi
from hub.media.row.packet_cache import Packet, PacketCache
from hub.media.row.redundancy import with_redundancy
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.socket import MAX_RUN_BYTES, MAX_RUN_SEGMENTS
from hub.media.transport.srtp import MAX_RTP_BYTES, WHOLE_RTP_BYTES, SealBuffer

#: Packets in one batch at most: a key frame that comes in one burst goes out to all in turns of so many, so that
#: the last viewer does not wait until the first has all of it.
MAX_PACKETS: Final = 16
_FIXED: Final = struct.Struct(">BBHII")


#: struct hub_entry and struct hub_run of native/fan_out.h.
_ENTRY: Final = struct.Struct("=qIIIIIHBB")
_RUN: Final = struct.Struct("=IIHH")


class Layout:
    """One form of a batch. `bodies` is where each payload begins in the row, `sizes` what each packet takes in it;
    `runs` are (bytes of the outlets' buffer, segment length)."""

    __slots__ = (
        "_at",
        "_buffer",
        "_entries",
        "_lengths",
        "_native",
        "_packets",
        "bodies",
        "data",
        "octets",
        "runs",
        "sealed_bytes",
        "sizes",
    )

    def __init__(
        self,
        packets: Sequence[Packet],
        payloads: Sequence[bytes],
        stamp: HeaderStamp,
        payload_type: int,
        tag_bytes: int,
        buffer: SealBuffer,
    ) -> None:
        self.bodies: list[int] = []
        self.octets = 0
        self._packets = packets
        self._buffer = buffer
        self._at: list[int] = []
        self._lengths: list[int] = []
        self._entries: list[tuple[int, int, int, int, Any]] = []
        self._native: tuple[Any, ...] = ()
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
            self._at.append(at)
            self._lengths.append(length)
            sizes.append(length + tag_bytes)
            self.octets += len(payload)
        self.data = bytes(row)
        self.sealed_bytes = len(row)
        self.sizes = tuple(sizes)
        self.runs = _runs(sizes, buffer.view)

    def entries(self) -> list[tuple[int, int, int, int, Any]]:
        """For the loop in Python: (where the numbers go, source's extended number, its time stamp, length before
        sealing, pointer for libsrtp) of each packet."""
        if not self._entries:
            base = self._buffer.base
            self._entries = [
                (at + 2, packet.seq, packet.timestamp, length, base + at)
                for packet, at, length in zip(self._packets, self._at, self._lengths, strict=True)
            ]
        return self._entries

    def native_row(self, batch: Batch, key: int, *, stamped: bool) -> Any:
        """For the compiled loop: a struct hub_row, valid as long as this layout. `key` as in fan_out.h."""
        if not self._native:
            entries = bytearray()
            for packet, at, length, body in zip(
                self._packets, self._at, self._lengths, self.bodies, strict=True
            ):
                picture_at = tl0_at = picture = tl0 = 0
                bits = packet.picture_bits
                if bits:
                    picture_at, picture = body + packet.picture_at, packet.picture_id
                    if packet.tl0 >= 0:
                        tl0_at, tl0 = body + packet.tl0_at, packet.tl0
                entries += _ENTRY.pack(
                    packet.seq, packet.timestamp, at, length, picture_at, tl0_at, picture, bits, tl0
                )
            runs, start = bytearray(), 0
            for run, segment in self.runs:
                runs += _RUN.pack(start, len(run), segment, -(-len(run) // segment))
                start += len(run)
            parts = tuple(ffi.from_buffer(part) for part in (self.data, bytes(entries), bytes(runs)))
            row = ffi.new("struct hub_row *")
            row.data = ffi.cast("uint8_t *", parts[0])
            row.entries = ffi.cast("struct hub_entry *", parts[1])
            row.runs = ffi.cast("struct hub_run *", parts[2])
            row.first_seq, row.newest_seq, row.key = batch.first_seq, batch.newest.seq, key
            row.bytes, row.payload_bytes = self.sealed_bytes, self.octets
            row.entry_count, row.run_count = len(self._at), len(self.runs)
            row.top_temporal, row.stamped = max(0, batch.top_temporal), stamped
            self._native = (row, *parts)  # the row only points to them
        return self._native[0]


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


class Form(NamedTuple):
    """All that a row depends on besides its packets: the arguments of Batch.layout."""

    stamp: HeaderStamp
    payload_type: int
    red: int | None
    tag_bytes: int
    buffer: SealBuffer

    @property
    def name(self) -> tuple[object, ...]:
        """Equal for forms whose rows are."""
        stamp = self.stamp
        return stamp.extension, stamp.transport_at, self.payload_type, self.red, self.tag_bytes


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
                room = WHOLE_RTP_BYTES - stamp.length
                payloads = [
                    with_redundancy(packet, self._cache, payload_type, room) for packet in self.packets
                ]
                outer = red
            layout = Layout(self.packets, payloads, stamp, outer, tag_bytes, buffer)
            self._layouts[form] = layout
        return layout
