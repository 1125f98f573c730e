"""RTCP as values: reports, feedback and goodbyes (RFC 3550 §6, RFC 4585, RFC 5104, RFC 7728, REMB)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.wire.rtcp_pause import PauseEntry, PauseKind, PauseResume
from hub.wire.rtcp_transport import RtcpError, TransportFeedback, feedback_from_arrivals

SR: Final = 200
RR: Final = 201
SDES: Final = 202
BYE: Final = 203
RTPFB: Final = 205
PSFB: Final = 206

#: SDES item types (RFC 3550 §6.5).
CNAME: Final = 1


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one source (RFC 3550 §6.4.1).

    `fraction_lost` is in 1/256 since the last report; `packets_lost` (24 bits, signed) since the beginning;
    `highest_sequence` is the extended one; `jitter` in time stamp units; `last_report` and `delay` are LSR
    and DLSR in 1/65,536 s, 0 before the first sender report.
    """

    ssrc: int
    fraction_lost: int
    packets_lost: int
    highest_sequence: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """A source's own clock and counters. `ntp` is the 64-bit NTP time stamp at which its RTP clock showed
    `timestamp`; `packets` and `octets` (payload) wrap at 2^32."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """Reports of somebody who sends nothing himself."""

    ssrc: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """Each source with its items (type, value); CNAME is type 1."""

    chunks: tuple[tuple[int, tuple[tuple[int, bytes], ...]], ...]

    def cname(self, ssrc: int) -> str | None:
        """The canonical name of a source, if it is told here and is text."""
        for source, items in self.chunks:
            for kind, value in items:
                if source == ssrc and kind == CNAME:
                    return value.decode("utf-8", "replace")
        return None


@dataclass(frozen=True, slots=True)
class Bye:
    """These sources end."""

    ssrcs: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Nack:
    """`sequences` (16 bits, in the order of the message) of `media_ssrc` are missing (RFC 4585 §6.2.1)."""

    sender_ssrc: int
    media_ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pli:
    """The picture of `media_ssrc` is lost: a key frame, please (RFC 4585 §6.3.1)."""

    sender_ssrc: int
    media_ssrc: int


@dataclass(frozen=True, slots=True)
class Fir:
    """A key frame, please, of each (SSRC, command number) (RFC 5104 §4.3.1). The same number is the same wish."""

    sender_ssrc: int
    media_ssrc: int
    requests: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Remb:
    """The receiver's estimate for all `ssrcs` together, in bit/s (draft-alvestrand-rmcat-remb-03 §2.2)."""

    sender_ssrc: int
    bitrate_bps: int
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A well-formed packet of a kind we have no use for: its type, count or format field, and body."""

    packet_type: int
    count: int
    body: bytes


RtcpPacket = (
    SenderReport
    | ReceiverReport
    | SourceDescription
    | Bye
    | Nack
    | Pli
    | Fir
    | Remb
    | TransportFeedback
    | PauseResume
    | Unknown
)

__all__: Final = [
    "Bye",
    "Fir",
    "Nack",
    "PauseEntry",
    "PauseKind",
    "PauseResume",
    "Pli",
    "ReceiverReport",
    "Remb",
    "ReportBlock",
    "RtcpError",
    "RtcpPacket",
    "SenderReport",
    "SourceDescription",
    "TransportFeedback",
    "Unknown",
    "feedback_from_arrivals",
]
