"""AV1 payloads (RTP payload format for AV1, AOMedia §4): aggregation header, OBUs, key frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from hub.wire.vp8 import Buffer

OBU_SEQUENCE_HEADER: Final = 1
OBU_FRAME: Final = 6


class Av1Error(ValueError):
    """The bytes are no AV1 payload."""


class Obu(NamedTuple):
    """One OBU element of a packet: place in the payload; `kind` and `temporal_id` are -1 for the rest of
    an OBU begun in an earlier packet (`temporal_id` also without an OBU extension)."""

    kind: int
    temporal_id: int
    offset: int
    length: int


def obus(payload: Buffer) -> Iterator[Obu]:
    """The OBU elements of a payload (§4.3, §4.4). Raises Av1Error where they do not add up."""
    if len(payload) < 2:
        raise Av1Error("AV1 payload cut short")
    header = payload[0]
    continues, count = header & 0x80 != 0, header >> 4 & 0x03
    at, end, number = 1, len(payload), 0
    while at < end:
        number += 1
        if count and number == count:
            length = end - at  # the last of W elements has no length field
        else:
            length, at = _leb128(payload, at)
        if length == 0 or at + length > end:
            raise Av1Error("OBU element outside the payload")
        if continues and number == 1:
            yield Obu(-1, -1, at, length)
        else:
            first = payload[at]
            if first & 0x80:
                raise Av1Error("forbidden bit of an OBU header set")
            extended = first & 0x04 != 0
            if extended and length < 2:
                raise Av1Error("OBU extension cut short")
            yield Obu(first >> 3 & 0x0F, payload[at + 1] >> 5 if extended else -1, at, length)
        at += length
    if count and number != count:
        raise Av1Error("fewer OBU elements than announced")


def _leb128(payload: Buffer, at: int) -> tuple[int, int]:
    value = 0
    for index in range(4):  # four groups of 7 bits are more than any datagram
        if at >= len(payload):
            raise Av1Error("length of an OBU cut short")
        byte = payload[at]
        at += 1
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, at
    raise Av1Error("length of an OBU too great")


def is_keyframe_start(payload: Buffer) -> bool:
    """Whether a coded video sequence begins here: the N bit, and a sequence header as the first OBU."""
    if len(payload) < 2 or payload[0] & 0x88 != 0x08:
        return False
    try:
        return next(obus(payload)).kind == OBU_SEQUENCE_HEADER
    except Av1Error:
        return False


def temporal_id(payload: Buffer) -> int:
    """The temporal layer of the first OBU that names one, or -1."""
    try:
        return next((obu.temporal_id for obu in obus(payload) if obu.temporal_id >= 0), -1)
    except Av1Error:
        return -1
