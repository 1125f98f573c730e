"""The packets of a relay as the recorder sees them: RTP and sender reports in, NACK and PLI out."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hub.wire.rtp import read_header

#: Seconds between the epochs of NTP (1900) and Unix (1970).
_NTP_EPOCH_OFFSET_S: Final = 2_208_988_800
_SENDER_REPORT: Final = 200
_GENERIC_FEEDBACK: Final = 205
_PAYLOAD_FEEDBACK: Final = 206
_VERSION_2: Final = 0x80


class MalformedPacket(ValueError):
    """Bytes that are no RTP or RTCP packet."""


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """The parts of an RTP packet that a recorder needs (RFC 3550 §5.1). `timestamp` is in units of the clock rate."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class SenderReport:
    """The sender's clock (`ntp_us`: µs since 1970) at the moment of `timestamp` (RFC 3550 §6.4.1)."""

    ssrc: int
    ntp_us: int
    timestamp: int


def is_rtcp(datagram: bytes) -> bool:
    """Whether a datagram with the version bits of RTP is RTCP (RFC 5761 §4). Shorter ones than a header are neither."""
    return len(datagram) >= 8 and 192 <= datagram[1] <= 223


def parse_rtp(data: bytes) -> RtpPacket:
    """Raises MalformedPacket."""
    try:
        header = read_header(data)
    except ValueError as malformed:
        raise MalformedPacket(str(malformed)) from None
    return RtpPacket(
        header.marker,
        header.payload_type,
        header.sequence,
        header.timestamp,
        header.ssrc,
        data[header.payload_offset : header.payload_end],
    )


def parse_sender_reports(data: bytes) -> list[SenderReport]:
    """The sender reports in a compound packet; other RTCP packets are passed over. Raises MalformedPacket."""
    reports: list[SenderReport] = []
    at = 0
    while at < len(data):
        if len(data) - at < 4 or data[at] & 0xC0 != _VERSION_2:
            raise MalformedPacket("not an RTCP packet")
        kind, words = struct.unpack_from("!xBH", data, at)
        size = 4 * (words + 1)
        if at + size > len(data):
            raise MalformedPacket("RTCP packet cut off")
        if kind == _SENDER_REPORT:
            if size < 28:
                raise MalformedPacket("sender report cut off")
            ssrc, seconds, fraction, timestamp = struct.unpack_from("!IIII", data, at + 4)
            ntp_us = (seconds - _NTP_EPOCH_OFFSET_S) * 1_000_000 + (fraction * 1_000_000 >> 32)
            reports.append(SenderReport(ssrc, ntp_us, timestamp))
        at += size
    return reports


def build_sender_report(report: SenderReport, packets: int, octets: int) -> bytes:
    """A sender report without report blocks, for whoever feeds a relay."""
    seconds, microseconds = divmod(report.ntp_us, 1_000_000)
    return struct.pack(
        "!BBHIIIIII",
        _VERSION_2,
        _SENDER_REPORT,
        6,
        report.ssrc,
        (seconds + _NTP_EPOCH_OFFSET_S) & 0xFFFFFFFF,
        (microseconds << 32) // 1_000_000,
        report.timestamp,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )


def build_pli(sender_ssrc: int, media_ssrc: int) -> bytes:
    """Picture loss indication (RFC 4585 §6.3.1): asks for a key frame."""
    return struct.pack("!BBHII", _VERSION_2 | 1, _PAYLOAD_FEEDBACK, 2, sender_ssrc, media_ssrc)


def build_nack(sender_ssrc: int, media_ssrc: int, sequences: Iterable[int]) -> bytes:
    """Generic NACK (RFC 4585 §6.2.1) for these 16-bit sequence numbers, given in sending order."""
    blocks: list[tuple[int, int]] = []
    for sequence in sequences:
        sequence &= 0xFFFF
        if blocks:
            first, mask = blocks[-1]
            distance = (sequence - first) & 0xFFFF
            if 1 <= distance <= 16:
                blocks[-1] = (first, mask | 1 << (distance - 1))
                continue
        blocks.append((sequence, 0))
    header = struct.pack(
        "!BBHII", _VERSION_2 | 1, _GENERIC_FEEDBACK, 2 + len(blocks), sender_ssrc, media_ssrc
    )
    return header + b"".join(struct.pack("!HH", first, mask) for first, mask in blocks)


def parse_feedback(data: bytes) -> tuple[list[int], list[int]]:
    """(SSRCs whose key frame is asked for, sequence numbers asked for again). Raises MalformedPacket."""
    key_frames: list[int] = []
    missing: list[int] = []
    at = 0
    while at < len(data):
        if len(data) - at < 12:
            raise MalformedPacket("RTCP packet cut off")
        first, kind, words, _, media_ssrc = struct.unpack_from("!BBHII", data, at)
        size = 4 * (words + 1)
        if at + size > len(data):
            raise MalformedPacket("RTCP packet cut off")
        if kind == _PAYLOAD_FEEDBACK and first & 0x1F == 1:
            key_frames.append(media_ssrc)
        elif kind == _GENERIC_FEEDBACK and first & 0x1F == 1:
            missing += _named_by(data[at + 12 : at + size])
        at += size
    return key_frames, missing


def _named_by(blocks: Sequence[int]) -> list[int]:
    named: list[int] = []
    for first, mask in struct.iter_unpack("!HH", bytes(blocks)):
        named.append(first)
        named += [(first + 1 + bit) & 0xFFFF for bit in range(16) if mask >> bit & 1]
    return named
