"""Opus packets (RFC 6716): how long they last."""

from __future__ import annotations

from typing import Final

from hub.wire.rtp_header import Buffer

#: Samples a second that time stamps count (RFC 7587 §4.1).
RATE: Final = 48_000
_SILK: Final = (480, 960, 1920, 2880)
_HYBRID: Final = (480, 960)
_CELT: Final = (120, 240, 480, 960)
#: No packet lasts longer than 120 ms (§3.2.5).
_MOST: Final = 5760


def samples(packet: Buffer) -> int:
    """The length of a packet in samples of 48 kHz (§3.1, §3.2); 0 for what is none."""
    if not packet:
        return 0
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = _SILK[config & 3]
    elif config < 16:
        frame = _HYBRID[config & 1]
    else:
        frame = _CELT[config & 3]
    frames = (1, 2, 2, packet[1] & 0x3F if len(packet) > 1 else 0)[code]
    return whole if (whole := frame * frames) <= _MOST else 0
