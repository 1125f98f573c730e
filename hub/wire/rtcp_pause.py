"""Asking for a stream to pause and to resume (RFC 7728), as nodes do of each other: RTPFB, format 9.

Of the RFC: PAUSE, RESUME, PAUSED and REFUSED with the fields of §8; parameters it leaves to the future are skipped.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from hub.wire.rtcp_transport import RtcpError

#: The format field of the feedback packet (§8).
PAUSE_RESUME: Final = 9
_ENTRY: Final = struct.Struct(">IBBH")
_ONE_NUMBER: Final = struct.Struct(">I")


class PauseKind(IntEnum):
    """What is said of a stream (§8): two requests of its receiver, two answers of its sender."""

    PAUSE = 0
    RESUME = 1
    PAUSED = 2
    REFUSED = 3


@dataclass(frozen=True, slots=True)
class PauseEntry:
    """One message. `ssrc` is the stream meant; `pause_id` (16 bits) the pause meant, one higher for each new one.

    `highest_sequence` (32 bits, extended) is the last packet before a pause: there in PAUSED, and only there.
    """

    kind: PauseKind
    ssrc: int
    pause_id: int
    highest_sequence: int | None = None


@dataclass(frozen=True, slots=True)
class PauseResume:
    """Messages in one feedback packet, in order."""

    sender_ssrc: int
    entries: tuple[PauseEntry, ...]


def parse_pause(sender_ssrc: int, body: bytes) -> PauseResume:
    """The packet whose part after both SSRCs is `body`; kinds that we do not know are skipped (§8). Raises RtcpError."""
    entries = []
    at, end = 0, len(body)
    if not body:
        raise RtcpError("a pause of nothing")
    while at < end:
        if at + 8 > end:
            raise RtcpError("pause entry cut short")
        ssrc, kind, words, pause_id = _ENTRY.unpack_from(body, at)
        at += 8
        if at + 4 * words > end:
            raise RtcpError("parameters of a pause cut short")
        kind >>= 4  # the lower four bits are reserved
        highest = None
        if kind == PauseKind.PAUSED:
            if words == 0:
                raise RtcpError("PAUSED without a sequence number")
            (highest,) = _ONE_NUMBER.unpack_from(body, at)
        if kind <= PauseKind.REFUSED:
            entries.append(PauseEntry(PauseKind(kind), ssrc, pause_id, highest))
        at += 4 * words
    return PauseResume(sender_ssrc, tuple(entries))


def pause_body(packet: PauseResume) -> bytes:
    """What stands after both SSRCs. Raises RtcpError or struct.error for what does not fit."""
    if not packet.entries:
        raise RtcpError("a pause of nothing")
    parts = []
    for entry in packet.entries:
        if (entry.kind is PauseKind.PAUSED) != (entry.highest_sequence is not None):
            raise RtcpError("PAUSED, and only it, tells the highest sequence number")
        number = b"" if entry.highest_sequence is None else _ONE_NUMBER.pack(entry.highest_sequence)
        parts.append(_ENTRY.pack(entry.ssrc, entry.kind << 4, len(number) // 4, entry.pause_id) + number)
    return b"".join(parts)
