"""An RTP packet as the recorder keeps it: the fields of the header that it needs, and the payload."""

from __future__ import annotations

from dataclasses import dataclass

from hub.wire.rtp import read_header


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One packet (RFC 3550 §5.1). `timestamp` is in units of the clock rate; padding-only ones have no `payload`."""

    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def parse_rtp(data: bytes) -> RtpPacket:
    """Raises hub.wire.rtp.RtpError (a ValueError)."""
    header = read_header(data)
    payload = data[header.payload_offset : header.payload_end]
    return RtpPacket(header.marker, header.sequence, header.timestamp, header.ssrc, payload)
