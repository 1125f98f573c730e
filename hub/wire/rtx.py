"""Retransmission payloads (RFC 4588 §4): the original sequence number stands before the payload."""

from __future__ import annotations

from hub.wire.rtp import build_packet
from hub.wire.rtp_header import Buffer, RtpError, RtpHeader

#: Bytes that RTX puts before the original payload.
OSN_BYTES = 2


def original_sequence(data: Buffer, header: RtpHeader) -> int | None:
    """The sequence number of the packet sent again in `data`; None for padding-only probes.

    The original payload begins at ``header.payload_offset + OSN_BYTES``. Raises RtpError for one lone byte.
    """
    offset = header.payload_offset
    length = header.payload_end - offset
    if length == 0:
        return None
    if length < OSN_BYTES:
        raise RtpError("RTX payload without an original sequence number")
    return data[offset] << 8 | data[offset + 1]


def unwrap(data: Buffer, header: RtpHeader) -> tuple[int, bytes] | None:
    """(original sequence number, original payload) of an RTX packet; None for padding-only probes."""
    sequence = original_sequence(data, header)
    if sequence is None:
        return None
    return sequence, bytes(data[header.payload_offset + OSN_BYTES : header.payload_end])


def wrap(original: Buffer, header: RtpHeader, payload_type: int, ssrc: int, sequence: int) -> bytes:
    """The RTX packet that sends `original` again with RTX's own payload type, SSRC and numbering.

    Time stamp and marker stay; header extensions are left out (their ids are the sender's affair).
    """
    osn = header.sequence.to_bytes(2, "big")
    payload = osn + bytes(original[header.payload_offset : header.payload_end])
    return build_packet(payload_type, sequence, header.timestamp, ssrc, payload, marker=header.marker)
