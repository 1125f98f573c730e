"""What a publisher is told so that it reaches its rate: transport-wide feedback, receiver reports, REMB."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Final

from hub.media.ingest.layer import Layer
from hub.wire import ntp
from hub.wire.rtcp import ReceiverReport, Remb, ReportBlock, RtcpPacket, SourceDescription
from hub.wire.rtcp_transport import RtcpError, TransportFeedback, feedback_from_arrivals
from hub.wire.serial import Unwrapper

#: How often transport-wide feedback is sent; without it Chromium sinks to 30 kbit/s.
TRANSPORT_FEEDBACK_S: Final = 0.1
#: How often a receiver report (and REMB, where that is all that was negotiated) is sent.
REPORT_S: Final = 1.0
#: What REMB allows a publisher who offers nothing better: a good 720p picture and sound.
REMB_BPS: Final = 3_000_000
#: Missing packets before the first of a message that are told as lost; more is a jump, not a loss.
_MAX_LEADING_LOSS: Final = 500
#: Arrivals kept between two messages; beyond it the sender does not behave.
_MAX_ARRIVALS: Final = 4000


class ArrivalLog:
    """Arrival times by transport-wide sequence number, until they are told."""

    def __init__(self) -> None:
        self._unwrapper = Unwrapper()
        self._arrivals: dict[int, int] = {}
        self._next: int | None = None
        self._count = 0

    def arrive(self, number: int, now: float) -> None:
        """A packet with this 16-bit transport-wide number came."""
        if len(self._arrivals) < _MAX_ARRIVALS:
            self._arrivals.setdefault(self._unwrapper.unwrap(number), int(now * 1_000_000))

    def messages(self, sender_ssrc: int, media_ssrc: int) -> list[TransportFeedback]:
        """What came since this was last called, ready to send; the log is empty then."""
        if not self._arrivals:
            return []
        arrivals, self._arrivals = sorted(self._arrivals.items()), {}
        first = arrivals[0][0]
        try:
            messages = feedback_from_arrivals(sender_ssrc, media_ssrc, self._count, arrivals)
        except RtcpError:
            return []
        self._count = (self._count + len(messages)) & 0xFF
        if self._next is not None and 0 < first - self._next <= _MAX_LEADING_LOSS:
            # What was lost between two messages belongs to the second.
            lost = first - self._next
            head = messages[0]
            messages[0] = dataclasses.replace(
                head, base_sequence=self._next & 0xFFFF, deltas=(None,) * lost + head.deltas
            )
        self._next = max(self._next or 0, arrivals[-1][0] + 1)
        return messages


def report_block(layer: Layer, now: float) -> ReportBlock:
    """What the hub says of one received stream (RFC 3550 §6.4.1)."""
    report, source = layer.report, layer.last_report
    return ReportBlock(
        ssrc=layer.ssrc,
        fraction_lost=report.fraction_lost(),
        packets_lost=report.lost,
        highest_sequence=report.newest & 0xFFFF_FFFF,
        jitter=report.jitter,
        last_report=ntp.middle(source.ntp) if source is not None else 0,
        delay=int((now - layer.last_report_at) * 65536) & 0xFFFF_FFFF if source is not None else 0,
    )


def receiver_report(
    sender_ssrc: int, layers: Iterable[Layer], remb_bps: int | None, now: float
) -> list[RtcpPacket]:
    """The compound of each second: report, CNAME, and a REMB where that was negotiated."""
    listed = list(layers)
    compound: list[RtcpPacket] = [
        ReceiverReport(sender_ssrc, tuple(report_block(layer, now) for layer in listed)),
        SourceDescription(((sender_ssrc, ((1, b"hub"),)),)),
    ]
    if remb_bps is not None and listed:
        compound.append(Remb(sender_ssrc, remb_bps, tuple(layer.ssrc for layer in listed)))
    return compound
