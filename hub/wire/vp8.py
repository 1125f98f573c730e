"""VP8 payloads (RFC 7741): payload descriptor, key frames, picture ids and their rewriting."""

from __future__ import annotations

from typing import NamedTuple

Buffer = bytes | bytearray | memoryview
#: What the packet path rewrites in place.
WritableBuffer = bytearray | memoryview


class Vp8Error(ValueError):
    """The bytes are no VP8 payload."""


# The generated __new__ of a NamedTuple costs as much as the reading.
_new = tuple.__new__


class Vp8Descriptor(NamedTuple):
    """The payload descriptor of one packet. Offsets are in bytes from the payload's start.

    `picture_id`, `tl0` (TL0PICIDX) and `temporal_id` are -1 where the payload has none; `picture_bits`
    is 7 or 15, or 0 without a picture id; `header_bytes` is where the VP8 frame data begins. `non_reference`
    (N) says that the frame can be left out without harm to any other, `layer_sync` (Y) that it needs the base
    layer only. `key_frame` is true for the first packet of a key frame; `switch_up` for the first packet of
    a frame from which on a viewer may take its temporal layer who took only lower ones before.
    """

    header_bytes: int
    start: bool
    partition: int
    non_reference: bool
    picture_id: int
    picture_at: int
    picture_bits: int
    tl0: int
    tl0_at: int
    temporal_id: int
    layer_sync: bool
    key_frame: bool
    switch_up: bool


def parse_descriptor(payload: Buffer) -> Vp8Descriptor:
    """The descriptor of a packet's payload (§4.2). Raises Vp8Error if it is cut short or nothing follows."""
    picture_id = tl0 = temporal_id = -1
    picture_at = picture_bits = tl0_at = 0
    layer_sync = False
    try:
        first = payload[0]
        at = 1
        if first & 0x80:
            flags = payload[1]
            at = 2
            if flags & 0x80:
                picture_at = at
                picture_id = payload[at]
                picture_bits = 7
                at += 1
                if picture_id & 0x80:
                    picture_id = (picture_id & 0x7F) << 8 | payload[at]
                    picture_bits = 15
                    at += 1
            if flags & 0x40:
                tl0_at = at
                tl0 = payload[at]
                at += 1
            if flags & 0x30:
                layer = payload[at]
                at += 1
                if flags & 0x20:
                    temporal_id = layer >> 6
                    layer_sync = layer & 0x20 != 0
        # P bit of the frame header (§4.3): 0 is a key frame, and only the first packet has that header.
        starts = first & 0x10 != 0 and first & 0x07 == 0
        key_frame = starts and payload[at] & 0x01 == 0
    except IndexError:
        raise Vp8Error("VP8 payload cut short") from None
    if at >= len(payload):
        raise Vp8Error("VP8 payload without data")
    return _new(
        Vp8Descriptor,
        (
            at,
            first & 0x10 != 0,
            first & 0x07,
            first & 0x20 != 0,
            picture_id,
            picture_at,
            picture_bits,
            tl0,
            tl0_at,
            temporal_id,
            layer_sync,
            key_frame,
            starts and (layer_sync or temporal_id <= 0),
        ),
    )


def is_keyframe_start(payload: Buffer) -> bool:
    """Whether a key frame begins with this payload; malformed ones do not begin any."""
    try:
        return parse_descriptor(payload).key_frame
    except Vp8Error:
        return False


def frame_size(payload: Buffer) -> tuple[int, int] | None:
    """(width, height) in pixels from the first packet of a key frame, else None (RFC 6386 §9.1)."""
    try:
        descriptor = parse_descriptor(payload)
    except Vp8Error:
        return None
    at = descriptor.header_bytes
    if (
        not descriptor.key_frame
        or len(payload) < at + 10
        or bytes(payload[at + 3 : at + 6]) != b"\x9d\x01\x2a"
    ):
        return None
    width = payload[at + 6] | payload[at + 7] << 8
    height = payload[at + 8] | payload[at + 9] << 8
    return width & 0x3FFF, height & 0x3FFF  # the upper two bits are a scaling hint


def rewrite(
    packet: WritableBuffer, payload_at: int, descriptor: Vp8Descriptor, picture_id: int, tl0: int
) -> None:
    """Put a new picture id and TL0PICIDX into a packet whose payload begins at `payload_at`, in place.

    Both are taken modulo their width on the wire; a field the payload does not have stays absent.
    """
    if descriptor.picture_bits == 15:
        at = payload_at + descriptor.picture_at
        packet[at] = 0x80 | (picture_id >> 8) & 0x7F
        packet[at + 1] = picture_id & 0xFF
    elif descriptor.picture_bits == 7:
        packet[payload_at + descriptor.picture_at] = picture_id & 0x7F
    if descriptor.tl0 >= 0:
        packet[payload_at + descriptor.tl0_at] = tl0 & 0xFF


def payloads(frame: bytes, picture_id: int, most: int = 1_180) -> list[bytes]:
    """The RTP payloads of one frame, each of at most so many bytes of it behind its descriptor (§4.2): a picture id of 15 bits,
    no temporal layers, one partition."""
    tail = b"\x80" + (0x8000 | (picture_id & 0x7FFF)).to_bytes(2, "big")
    parts = (frame[at : at + most] for at in range(0, len(frame), most))
    return [(b"\x80" if index else b"\x90") + tail + part for index, part in enumerate(parts)]
