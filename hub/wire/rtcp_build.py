"""Writing RTCP: values to the bytes of a datagram."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import assert_never

from hub.wire import rtcp
from hub.wire.rtcp import RtcpError, RtcpPacket
from hub.wire.rtcp_pause import PAUSE_RESUME, pause_body
from hub.wire.rtcp_transport import TransportFeedback, feedback_body


def serialise(packets: Iterable[RtcpPacket]) -> bytes:
    """All packets as one datagram. Raises RtcpError if a value does not fit its field.

    RFC 3550 wants a report first and a CNAME in each compound; that is the caller's to keep, as reduced-size
    RTCP (RFC 5506) is free of it.
    """
    try:
        return b"".join(_packet(packet) for packet in packets)
    except (struct.error, OverflowError) as error:
        raise RtcpError("a value does not fit its field") from error


def _packet(packet: RtcpPacket) -> bytes:
    match packet:
        case rtcp.SenderReport():
            head = struct.pack(
                ">IQIII",
                packet.ssrc,
                packet.ntp,
                packet.timestamp & 0xFFFF_FFFF,
                packet.packets & 0xFFFF_FFFF,
                packet.octets & 0xFFFF_FFFF,
            )
            return _frame(rtcp.SR, len(packet.reports), head + _blocks(packet.reports))
        case rtcp.ReceiverReport():
            body = struct.pack(">I", packet.ssrc) + _blocks(packet.reports)
            return _frame(rtcp.RR, len(packet.reports), body)
        case rtcp.SourceDescription():
            return _frame(rtcp.SDES, len(packet.chunks), b"".join(map(_chunk, packet.chunks)))
        case rtcp.Bye():
            body = struct.pack(f">{len(packet.ssrcs)}I", *packet.ssrcs)
            if packet.reason:
                reason = packet.reason.encode()
                body += bytes([len(reason)]) + reason if len(reason) < 256 else _too_long()
                body += bytes(-len(body) % 4)
            return _frame(rtcp.BYE, len(packet.ssrcs), body)
        case rtcp.Nack():
            return _feedback(rtcp.RTPFB, 1, packet.sender_ssrc, packet.media_ssrc, _nacks(packet.sequences))
        case rtcp.Pli():
            return _feedback(rtcp.PSFB, 1, packet.sender_ssrc, packet.media_ssrc, b"")
        case rtcp.Fir():
            body = b"".join(struct.pack(">IBxxx", ssrc, number & 0xFF) for ssrc, number in packet.requests)
            return _feedback(rtcp.PSFB, 4, packet.sender_ssrc, packet.media_ssrc, body)
        case rtcp.Remb():
            return _feedback(rtcp.PSFB, 15, packet.sender_ssrc, 0, _remb(packet))
        case TransportFeedback():
            body = feedback_body(packet)
            return _feedback(rtcp.RTPFB, 15, packet.sender_ssrc, packet.media_ssrc, body)
        case rtcp.PauseResume():
            # The SSRC of the media source is 0: each entry names its own (RFC 7728 §8).
            return _feedback(rtcp.RTPFB, PAUSE_RESUME, packet.sender_ssrc, 0, pause_body(packet))
        case rtcp.Unknown():
            return _frame(packet.packet_type, packet.count, packet.body)
        case _:
            assert_never(packet)


def _too_long() -> bytes:
    raise RtcpError("text over 255 bytes")


def _frame(kind: int, count: int, body: bytes) -> bytes:
    if not 0 <= count <= 31 or len(body) % 4:
        raise RtcpError("more than 31 entries, or a body that is not in whole words")
    return struct.pack(">BBH", 0x80 | count, kind, len(body) // 4) + body


def _feedback(kind: int, form: int, sender: int, media: int, body: bytes) -> bytes:
    return _frame(kind, form, struct.pack(">II", sender, media) + body)


def _blocks(reports: Sequence[rtcp.ReportBlock]) -> bytes:
    return b"".join(
        struct.pack(
            ">IB3sIIII",
            block.ssrc,
            block.fraction_lost,
            # The count stops at the edge of 24 bits (RFC 3550 §6.4.1).
            max(-0x80_0000, min(0x7F_FFFF, block.packets_lost)).to_bytes(3, "big", signed=True),
            block.highest_sequence & 0xFFFF_FFFF,
            min(block.jitter, 0xFFFF_FFFF),
            block.last_report,
            block.delay,
        )
        for block in reports
    )


def _chunk(chunk: tuple[int, tuple[tuple[int, bytes], ...]]) -> bytes:
    ssrc, items = chunk
    body = struct.pack(">I", ssrc)
    for kind, value in items:
        body += bytes([kind, len(value)]) + value if len(value) < 256 else _too_long()
    return body + bytes(4 - len(body) % 4)


def _nacks(sequences: Sequence[int]) -> bytes:
    """Pairs of a first number and a mask of the 16 after it (RFC 4585 §6.2.1), in the order given."""
    pairs: list[tuple[int, int]] = []
    for sequence in sequences:
        if pairs:
            first, mask = pairs[-1]
            ahead = (sequence - first) & 0xFFFF
            if 1 <= ahead <= 16:
                pairs[-1] = (first, mask | 1 << (ahead - 1))
                continue
        pairs.append((sequence, 0))
    if not pairs:
        raise RtcpError("a NACK of nothing")
    return b"".join(struct.pack(">HH", first, mask) for first, mask in pairs)


def _remb(packet: rtcp.Remb) -> bytes:
    exponent = max(0, packet.bitrate_bps.bit_length() - 18)
    mantissa = packet.bitrate_bps >> exponent
    if exponent > 63 or len(packet.ssrcs) > 255:
        raise RtcpError("a REMB bit rate or number of sources out of range")
    words = bytes([exponent << 2 | mantissa >> 16]) + (mantissa & 0xFFFF).to_bytes(2, "big")
    sources = struct.pack(f">{len(packet.ssrcs)}I", *packet.ssrcs)
    return b"REMB" + bytes([len(packet.ssrcs)]) + words + sources
