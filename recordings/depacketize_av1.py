"""AV1 out of RTP (AV1 RTP payload specification 1.0)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from recordings.media_frame import EncodedBody, FrameAssembler, Piece

_SEQUENCE_HEADER: Final = 1
#: Temporal delimiter, tile list and padding do not belong into Matroska.
_LEFT_OUT: Final = frozenset({2, 8, 15})


def av1_depacketizer() -> FrameAssembler:
    """A depacketiser for one AV1 stream; gives temporal units in the low-overhead format, each OBU with its size."""
    return FrameAssembler(read_payload, _join)


def read_payload(payload: bytes) -> Piece:
    """Look at the aggregation header (§4.4). Raises ValueError.

    `data` keeps the header: elements are joined over packets only when the temporal unit is whole.
    """
    if len(payload) < 2:
        raise ValueError("AV1 payload without data")
    continues, new_sequence = payload[0] & 0x80, payload[0] & 0x08
    if continues and new_sequence:
        raise ValueError("AV1 payload both continues a unit and begins a sequence")
    begins = True if new_sequence else (False if continues else None)
    return Piece(payload, begins, bool(new_sequence))


def read_leb128(data: bytes, at: int) -> tuple[int, int]:
    """(value, index after it) of a number in AV1's variable length. Raises ValueError."""
    value = 0
    for count in range(8):
        if at + count >= len(data):
            break
        byte = data[at + count]
        value |= (byte & 0x7F) << 7 * count
        if not byte & 0x80:
            return value, at + count + 1
    raise ValueError("AV1 length cut off")


def write_leb128(value: int) -> bytes:
    """A number in AV1's variable length."""
    digits = bytearray()
    while value >= 0x80:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    digits.append(value)
    return bytes(digits)


def _elements(payload: bytes) -> Iterator[bytes]:
    """The OBU elements of one payload: all but the last of a counted row have a length before them (§4.3)."""
    count = payload[0] >> 4 & 0x03
    at = 1
    number = 0
    while at < len(payload):
        number += 1
        size = len(payload) - at
        if number != count:
            size, at = read_leb128(payload, at)
        if at + size > len(payload):
            raise ValueError("AV1 element cut off")
        yield payload[at : at + size]
        at += size


def _join(pieces: list[Piece]) -> EncodedBody:
    units: list[bytes] = []
    open_unit = False  # the last element goes on in the next packet
    for piece in pieces:
        elements = list(_elements(piece.data))
        if bool(piece.data[0] & 0x80) != open_unit:
            raise ValueError("AV1 fragments do not fit together")
        if open_unit and elements:
            units[-1] += elements.pop(0)
        units += elements
        open_unit = bool(piece.data[0] & 0x40)
    if open_unit:
        raise ValueError("AV1 temporal unit without its end")
    key = pieces[0].key
    data = bytearray()
    for unit in units:
        if not unit:
            continue
        kind = unit[0] >> 3 & 0x0F
        key = key or kind == _SEQUENCE_HEADER
        if kind not in _LEFT_OUT:
            data += _with_size(unit)
    if not data:
        raise ValueError("AV1 temporal unit of nothing")
    return EncodedBody(bytes(data), key)


def _with_size(unit: bytes) -> bytes:
    header_bytes = 2 if unit[0] & 0x04 else 1
    if unit[0] & 0x02:
        size, start = read_leb128(unit, header_bytes)
        if start + size != len(unit):
            raise ValueError("AV1 unit of another size than it says")
        return unit
    body = unit[header_bytes:]
    return bytes([unit[0] | 0x02]) + unit[1:header_bytes] + write_leb128(len(body)) + body
