"""VP9 out of RTP (RFC 9628)."""

from __future__ import annotations

from hub.wire.vp9 import parse_descriptor
from recordings.media_frame import EncodedBody, FrameAssembler, Piece


def vp9_depacketizer() -> FrameAssembler:
    """A depacketiser for one VP9 stream; the spatial layers of a picture are joined to one superframe."""
    return FrameAssembler(read_payload, _join)


def read_payload(payload: bytes) -> Piece:
    """Take the payload descriptor off (RFC 9628 §4.2). Raises ValueError.

    `begins_frame` of the piece is true for the start of each layer frame.
    """
    descriptor = parse_descriptor(payload)
    return Piece(payload[descriptor.header_bytes :], descriptor.start, descriptor.key_frame)


def _join(pieces: list[Piece]) -> EncodedBody:
    layers: list[bytes] = []
    for piece in pieces:
        if piece.begins_frame:
            layers.append(piece.data)
        else:
            layers[-1] += piece.data
    return EncodedBody(layers[0] if len(layers) == 1 else _superframe(layers), pieces[0].key)


def _superframe(frames: list[bytes]) -> bytes:
    """Several frames of one picture with an index behind them (VP9 bitstream specification, annex B)."""
    if len(frames) > 8:
        raise ValueError("more layers than a VP9 superframe holds")
    size_bytes = (max(map(len, frames)).bit_length() + 7) // 8
    marker = bytes([0xC0 | size_bytes - 1 << 3 | len(frames) - 1])
    sizes = b"".join(len(frame).to_bytes(size_bytes, "little") for frame in frames)
    return b"".join(frames) + marker + sizes + marker
