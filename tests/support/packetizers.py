"""Encoded frames to RTP payloads, the sending side of RFC 7741, 9628, 6184 and of AV1, as plainly as the tests need it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.support.media_files import ClipFrame

#: Payload bytes of a packet; small, so that even test pictures need several.
PAYLOAD_BYTES: Final = 600

Packetizer = Callable[[ClipFrame, int], list[bytes]]


def opus(frame: ClipFrame, number: int) -> list[bytes]:
    return [frame.data]


def vp8(frame: ClipFrame, number: int) -> list[bytes]:
    """With a 15-bit picture id, as browsers send."""
    picture_id = (0x8000 | number & 0x7FFF).to_bytes(2, "big")
    chunks = _chunks(frame.data)
    return [
        bytes([0x90 if index == 0 else 0x80, 0x80]) + picture_id + chunk for index, chunk in enumerate(chunks)
    ]


def vp9(frame: ClipFrame, number: int) -> list[bytes]:
    """Non-flexible mode without layers, with a 15-bit picture id."""
    picture_id = (0x8000 | number & 0x7FFF).to_bytes(2, "big")
    chunks = _chunks(frame.data)
    payloads = []
    for index, chunk in enumerate(chunks):
        first = 0x80 | (0 if frame.key else 0x40)
        first |= 0x08 if index == 0 else 0
        first |= 0x04 if index == len(chunks) - 1 else 0
        payloads.append(bytes([first]) + picture_id + chunk)
    return payloads


def h264(frame: ClipFrame, number: int) -> list[bytes]:
    """Parameter sets aggregated (STAP-A), large slices fragmented (FU-A)."""
    units = [unit for unit in _annex_b(frame.data) if unit[0] & 0x1F != 6]
    small = [unit for unit in units if unit[0] & 0x1F in (7, 8)]
    payloads = []
    if small:
        payloads.append(b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in small))
    for unit in units:
        if unit in small:
            continue
        if len(unit) <= PAYLOAD_BYTES:
            payloads.append(unit)
            continue
        chunks = _chunks(unit[1:])
        for index, chunk in enumerate(chunks):
            flags = (0x80 if index == 0 else 0) | (0x40 if index == len(chunks) - 1 else 0)
            payloads.append(bytes([unit[0] & 0xE0 | 28, flags | unit[0] & 0x1F]) + chunk)
    return payloads


def av1(frame: ClipFrame, number: int) -> list[bytes]:
    """Each OBU without its size, cut over packets where it is too long; every element with a length (W = 0)."""
    payloads: list[bytes] = []
    for unit in _obus(frame.data):
        chunks = _chunks(unit)
        for index, chunk in enumerate(chunks):
            first = (0x80 if index else 0) | (0x40 if index < len(chunks) - 1 else 0)
            first |= 0x08 if not payloads and frame.key else 0
            payloads.append(bytes([first]) + _leb128(len(chunk)) + chunk)
    return payloads


PACKETIZERS: Final[dict[str, Packetizer]] = {"opus": opus, "vp8": vp8, "vp9": vp9, "h264": h264, "av1": av1}


def _chunks(data: bytes) -> list[bytes]:
    return [data[at : at + PAYLOAD_BYTES] for at in range(0, len(data), PAYLOAD_BYTES)]


def _annex_b(data: bytes) -> list[bytes]:
    return [unit.rstrip(b"\x00") for unit in data.split(b"\x00\x00\x01") if unit.rstrip(b"\x00")]


def _leb128(value: int) -> bytes:
    digits = []
    while True:
        value, digit = value >> 7, value & 0x7F
        digits.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(digits)


def _obus(data: bytes) -> list[bytes]:
    """The OBUs of a temporal unit, without size fields and without temporal delimiters."""
    units, at = [], 0
    while at < len(data):
        header = data[at]
        head = 2 if header & 0x04 else 1
        size = shift = 0
        position = at + head
        while True:
            byte = data[position]
            size |= (byte & 0x7F) << shift
            shift += 7
            position += 1
            if not byte & 0x80:
                break
        if header >> 3 & 0x0F != 2:
            units.append(
                bytes([header & ~0x02]) + data[at + 1 : at + head] + data[position : position + size]
            )
        at = position + size
    return units
