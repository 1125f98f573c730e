"""VP9 payloads (RFC 9628): payload descriptor, key frames, picture ids and their rewriting."""

from __future__ import annotations

from typing import NamedTuple

from hub.wire.bits import BitReader, BitsError
from hub.wire.vp8 import Buffer, WritableBuffer

#: A reference index list is at most this long (§4.2).
_MAX_REFERENCES = 3


class Vp9Error(ValueError):
    """The bytes are no VP9 payload."""


# The generated __new__ of a NamedTuple costs as much as the reading.
_new = tuple.__new__


class Vp9Descriptor(NamedTuple):
    """The payload descriptor of one packet. Offsets are in bytes from the payload's start.

    `picture_id`, `tl0`, `temporal_id` and `spatial_id` are -1 where the payload has none; `picture_bits`
    is 7 or 15, or 0. `start` and `end` are the B and E bits (of a layer frame), `inter` the P bit,
    `switching_point` the U bit, `inter_layer` the D bit (the frame needs the spatial layer below it),
    `upper_reference` is false where the Z bit says that no higher spatial layer needs this frame.
    `key_frame` is true for the first packet of a key frame: P = 0, B = 1, lowest spatial layer; `switch_up`
    for the first packet of a frame from which on a viewer may take its temporal layer who took only lower
    ones before. (§4.2 promises of U only what comes after the frame; encoders set it on frames that need no
    other of their own layer, and forwarders rely on that.)
    """

    header_bytes: int
    start: bool
    end: bool
    inter: bool
    flexible: bool
    picture_id: int
    picture_at: int
    picture_bits: int
    tl0: int
    tl0_at: int
    temporal_id: int
    spatial_id: int
    switching_point: bool
    inter_layer: bool
    upper_reference: bool
    key_frame: bool
    switch_up: bool


def parse_descriptor(payload: Buffer) -> Vp9Descriptor:
    """The descriptor of a packet's payload (§4.2). Raises Vp9Error if it is cut short or nothing follows."""
    picture_id = tl0 = temporal_id = spatial_id = -1
    picture_at = picture_bits = tl0_at = 0
    switching_point = inter_layer = False
    try:
        first = payload[0]
        inter, flexible, start = first & 0x40 != 0, first & 0x10 != 0, first & 0x08 != 0
        at = 1
        if first & 0x80:
            picture_at = at
            picture_id = payload[at]
            picture_bits = 7
            at += 1
            if picture_id & 0x80:
                picture_id = (picture_id & 0x7F) << 8 | payload[at]
                picture_bits = 15
                at += 1
        if first & 0x20:
            layer = payload[at]
            at += 1
            temporal_id, spatial_id = layer >> 5, layer >> 1 & 0x07
            switching_point, inter_layer = layer & 0x10 != 0, layer & 0x01 != 0
            if not flexible:
                tl0_at = at
                tl0 = payload[at]
                at += 1
        if flexible and inter:
            for _ in range(_MAX_REFERENCES):
                more = payload[at] & 0x01
                at += 1
                if not more:
                    break
            else:
                raise Vp9Error("more than three reference indices")
        if first & 0x02:
            at = _skip_structure(payload, at)
    except IndexError:
        raise Vp9Error("VP9 payload cut short") from None
    if at >= len(payload):
        raise Vp9Error("VP9 payload without data")
    return _new(
        Vp9Descriptor,
        (
            at,
            start,
            first & 0x04 != 0,
            inter,
            flexible,
            picture_id,
            picture_at,
            picture_bits,
            tl0,
            tl0_at,
            temporal_id,
            spatial_id,
            switching_point,
            inter_layer,
            first & 0x01 == 0,
            start and not inter and spatial_id <= 0,
            start and spatial_id <= 0 and (switching_point or temporal_id <= 0),
        ),
    )


def _skip_structure(payload: Buffer, at: int) -> int:
    """Past the scalability structure (§4.2.1) that begins at `at`; IndexError if it is cut short."""
    flags = payload[at]
    at += 1
    if flags & 0x10:
        at += 4 * ((flags >> 5) + 1)
    if flags & 0x08:
        pictures = payload[at]
        at += 1
        for _ in range(pictures):
            at += 1 + (payload[at] >> 2 & 0x03)
    return at


def is_keyframe_start(payload: Buffer) -> bool:
    """Whether a key frame begins with this payload; malformed ones do not begin any."""
    try:
        return parse_descriptor(payload).key_frame
    except Vp9Error:
        return False


def frame_size(payload: Buffer) -> tuple[int, int] | None:
    """(width, height) in pixels of the lowest spatial layer from the first packet of a key frame, else None.

    Read from the uncompressed header (VP9 bitstream specification §6.2).
    """
    try:
        descriptor = parse_descriptor(payload)
        if not descriptor.key_frame:
            return None
        at = descriptor.header_bytes
        bits = BitReader(bytes(payload[at : at + 24]))
        if bits.read(2) != 2:  # frame_marker
            return None
        profile = bits.read(1) | bits.read(1) << 1
        if profile == 3:
            bits.read(1)
        # show_existing_frame, frame_type (0 is a key frame), show_frame, error_resilient_mode
        if bits.read(1) or bits.read(1):
            return None
        bits.read(2)
        if bits.read(24) != 0x498342:
            return None
        if profile >= 2:
            bits.read(1)  # ten_or_twelve_bit
        if bits.read(3) != 7:  # color_space other than sRGB
            bits.read(1)
            if profile in (1, 3):
                bits.read(3)
        elif profile in (1, 3):
            bits.read(1)
        return bits.read(16) + 1, bits.read(16) + 1
    except (Vp9Error, BitsError):
        return None


def rewrite(
    packet: WritableBuffer, payload_at: int, descriptor: Vp9Descriptor, picture_id: int, tl0: int
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
