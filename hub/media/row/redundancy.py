"""Redundant sound (RFC 2198): taken apart when it comes in, put together for viewers whose line loses packets.

The hub keeps plain Opus. What a publisher sends as audio/red mends his own lost packets here; what a viewer gets as
audio/red is made here from the cache, so that it helps whoever the speaker is.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from hub.media.row.packet_cache import Packet, PacketCache
from hub.wire.red import parse_red

#: Earlier packets repeated in each one: two lost in a row are still mended.
DEPTH: Final = 2
#: A repeated packet further than this from the newest belongs to another time.
REACH: Final = 32
#: Limits of a redundant block's header (§3): 14 bits of time stamp offset, 10 bits of length.
_MAX_OFFSET: Final = 1 << 14
_MAX_LENGTH: Final = 1 << 10


class Redundant(NamedTuple):
    """A payload that was sent once more: how many packets and time stamp units before the one it came in."""

    back: int
    timestamp_offset: int
    payload: bytes


def take_apart(payload: bytes, opus_type: int) -> tuple[bytes, list[Redundant]]:
    """The primary payload of a RED packet, and the earlier ones it repeats, oldest first.

    Blocks are counted back from the primary: the last but one is the packet before it (Chromium sends them without
    holes). Raises ValueError if it is no RED payload or its primary block is not of type `opus_type`.
    """
    blocks = parse_red(payload)
    primary = blocks[-1]
    if primary.payload_type != opus_type:
        raise ValueError("a redundant payload of another codec")
    earlier = [
        Redundant(len(blocks) - 1 - index, block.timestamp_offset, payload[block.offset :][: block.length])
        for index, block in enumerate(blocks[:-1])
        if block.payload_type == opus_type and block.length
    ]
    return payload[primary.offset :], earlier


def with_redundancy(packet: Packet, cache: PacketCache, opus_type: int, room: int) -> bytes:
    """The RED payload of `packet` with up to DEPTH packets before it that `cache` still has, in `room` bytes.

    It stays as it was first made, though what was missing in `cache` may have come: whoever lost it is sent the same bytes
    again under the same number (RFC 3711 section 9.1).
    """
    form = (opus_type, room)
    if packet.redundant is None:
        packet.redundant = {}
    payload = packet.redundant.get(form)
    if payload is None:
        payload = packet.redundant[form] = _put_together(packet, cache, opus_type, room)
    return payload


def _put_together(packet: Packet, cache: PacketCache, opus_type: int, room: int) -> bytes:
    headers, bodies = bytearray(), bytearray()
    for back in range(DEPTH, 0, -1):
        before = cache.get(packet.seq - back)
        if before is None or not before.payload:
            continue
        offset = (packet.timestamp - before.timestamp) & 0xFFFF_FFFF
        length = len(before.payload)
        fits = len(headers) + len(bodies) + 4 + length + 1 + len(packet.payload) <= room
        if not 0 < offset < _MAX_OFFSET or length >= _MAX_LENGTH or not fits:
            continue
        headers += bytes((0x80 | opus_type,)) + (offset << 10 | length).to_bytes(3, "big")
        bodies += before.payload
    headers.append(opus_type)
    return bytes(headers + bodies) + packet.payload
