"""Redundant audio payloads (RFC 2198): which blocks stand where."""

from __future__ import annotations

from typing import NamedTuple

from hub.wire.rtp import Buffer
from hub.wire.rtp_extensions import RtpError

#: More blocks than this in one packet are nonsense (Chromium sends 2 or 3).
MAX_BLOCKS = 16


class RedBlock(NamedTuple):
    """One block: `payload_type`, how many time stamp units before the packet it was, place in the payload."""

    payload_type: int
    timestamp_offset: int
    offset: int
    length: int


def parse_red(payload: Buffer) -> list[RedBlock]:
    """The blocks of a RED payload, the primary one last. Raises RtpError if they do not add up (§3)."""
    headers: list[tuple[int, int, int]] = []
    at = 0
    while True:
        if at >= len(payload):
            raise RtpError("RED headers outside the payload")
        first = payload[at]
        if first < 0x80:
            at += 1
            break
        if at + 4 > len(payload) or len(headers) >= MAX_BLOCKS:
            raise RtpError("RED headers outside the payload")
        rest = int.from_bytes(payload[at + 1 : at + 4], "big")
        headers.append((first & 0x7F, rest >> 10, rest & 0x3FF))
        at += 4
    blocks = []
    for payload_type, timestamp_offset, length in headers:
        blocks.append(RedBlock(payload_type, timestamp_offset, at, length))
        at += length
    if at > len(payload):
        raise RtpError("RED blocks outside the payload")
    blocks.append(RedBlock(first & 0x7F, 0, at, len(payload) - at))
    return blocks
