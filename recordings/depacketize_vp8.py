"""VP8 out of RTP (RFC 7741)."""

from __future__ import annotations

from hub.wire.vp8 import parse_descriptor
from recordings.media_frame import EncodedBody, FrameAssembler, Piece


def vp8_depacketizer() -> FrameAssembler:
    """A depacketiser for one VP8 stream."""
    return FrameAssembler(read_payload, _join)


def read_payload(payload: bytes) -> Piece:
    """Take the payload descriptor off (RFC 7741 §4.2). Raises ValueError."""
    descriptor = parse_descriptor(payload)
    begins = descriptor.start and descriptor.partition == 0
    return Piece(payload[descriptor.header_bytes :], begins, descriptor.key_frame)


def _join(pieces: list[Piece]) -> EncodedBody:
    return EncodedBody(b"".join(piece.data for piece in pieces), pieces[0].key)
