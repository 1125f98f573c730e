"""Redundant audio payloads (RFC 2198): which blocks stand where, and building them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.wire.rtp_header import Buffer, RtpError

#: More blocks than this in one packet are nonsense (Chromium sends 2 or 3).
MAX_BLOCKS: Final = 16
#: What fits the header of a block that is not the primary one (§3): 14 and 10 bits.
MAX_TIMESTAMP_OFFSET: Final = (1 << 14) - 1
MAX_BLOCK_BYTES: Final = (1 << 10) - 1
#: Older blocks that are put into one packet: two 20 ms frames bridge 40 ms of loss.
MAX_REDUNDANT: Final = 2


class RedError(RtpError):
    """The bytes are no RED payload, or blocks do not fit into one."""


class RedBlock(NamedTuple):
    """One block: `payload_type`, how many time stamp units before the packet it was, place in the payload."""

    payload_type: int
    timestamp_offset: int
    offset: int
    length: int


def parse_red(payload: Buffer) -> list[RedBlock]:
    """The blocks of a RED payload, the primary one last. Raises RedError if they do not add up (§3)."""
    headers: list[tuple[int, int, int]] = []
    at, end = 0, len(payload)
    while True:
        if at >= end:
            raise RedError("RED headers outside the payload")
        first = payload[at]
        if first < 0x80:
            at += 1
            break
        if at + 4 > end or len(headers) >= MAX_BLOCKS:
            raise RedError("RED headers outside the payload")
        rest = payload[at + 1] << 16 | payload[at + 2] << 8 | payload[at + 3]
        headers.append((first & 0x7F, rest >> 10, rest & 0x3FF))
        at += 4
    blocks = []
    for payload_type, timestamp_offset, length in headers:
        blocks.append(RedBlock(payload_type, timestamp_offset, at, length))
        at += length
    if at > end:
        raise RedError("RED blocks outside the payload")
    blocks.append(RedBlock(first, 0, at, end - at))
    return blocks


def build_red(payload_type: int, primary: Buffer, redundant: Sequence[tuple[int, Buffer]] = ()) -> bytes:
    """A RED payload of blocks that all have `payload_type`.

    `redundant` are at most two earlier blocks, oldest first, as (time stamp units before the primary one,
    payload). Raises RedError if one is too old (2^14 units, 341 ms of Opus), too long (1,024 bytes) or empty
    of meaning (not before the primary one).
    """
    if not 0 <= payload_type <= 127 or len(redundant) > MAX_REDUNDANT:
        raise RedError("payload type out of range, or too many blocks")
    heads = bytearray()
    for timestamp_offset, block in redundant:
        if not 0 < timestamp_offset <= MAX_TIMESTAMP_OFFSET or len(block) > MAX_BLOCK_BYTES:
            raise RedError("a block too old, too new or too long")
        head = (0x80 | payload_type) << 24 | timestamp_offset << 10 | len(block)
        heads += head.to_bytes(4, "big")
    heads.append(payload_type)
    return b"".join((heads, *(block for _, block in redundant), primary))
