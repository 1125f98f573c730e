"""A viewer's RTCP: its requests are answered from the cache or merged into key frames, its slots' clocks are told."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from hub.media.egress.subscription import Subscription
from hub.media.egress.watcher import Watcher
from hub.media.estimate.line import Line
from hub.media.ingest.seams import Played
from hub.media.row.sequence_map import Stretch
from hub.media.transport.outlet import Outlet
from hub.wire import ntp, rtcp
from hub.wire.receiver_report_fast import Heard, read_report
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtcp_transport import TransportFeedback
from hub.wire.transport_feedback_fast import is_feedback_alone

#: A viewer is looked at this often: with news of his line, where some come, else by the clock.
LOOK_S: Final = 0.2
#: … and one whose line is good and leaves nothing to be wished for this often, if his turn among the settled (see rota.py)
#: and news do not come before.
STEADY_LOOK_S: Final = 1.2
#: How often each playing slot's sender report is sent; the first of what newly plays in it goes with the next tick.
REPORT_S: Final = 2.0
#: Ticks come in turns that are as long as that, give or take what the loop was late.
_TICK_SLACK_S: Final = 0.01
#: How often the figures of a line that is not good are told anew.
LINE_S: Final = 2.0
#: Sender reports in one datagram (28 bytes each, beside the CNAMEs).
_REPORTS_A_DATAGRAM: Final = 12
#: A sender report without blocks (§6.4.1): first byte, type, length in words less one, SSRC, NTP time, time stamp,
#: packets, octets.
_SENDER_REPORT: Final = struct.Struct(">BBHIQIII")


class WatchSide:
    """The media side of a watching peer. `on_connected` is told when media can flow."""

    def __init__(
        self,
        watcher: Watcher,
        outlet: Outlet,
        cname: str,
        to_unix: Callable[[float], float],
        on_connected: Callable[[Watcher, float], None],
        on_closed: Callable[[Watcher], None],
        on_quality: Callable[[Watcher], None],
        on_begun: Callable[[Watcher], None],
    ) -> None:
        """`on_quality` is told when a tile or the line got better or worse, `on_begun` when something else plays in a slot."""
        self.watcher = watcher
        self.estimator = watcher.adaptation.estimator
        self.counters: Counter[str] = outlet.counters
        self._outlet = outlet
        self._cname = cname.encode()
        self._sdes: dict[tuple[int, ...], bytes] = {}
        self._to_unix = to_unix
        self._on_connected = on_connected
        self._on_closed = on_closed
        self._on_quality = on_quality
        self._on_begun = on_begun
        self._by_rtx_ssrc = {
            subscription.rtx_ssrc: subscription
            for subscription in watcher.by_ssrc.values()
            if subscription.rtx_ssrc is not None
        }
        self._report_due = self._line_due = 0.0
        self._looked_at = float("-inf")
        self._look_after = LOOK_S
        #: What played in each slot, moved by how much, when its clock was last told.
        self._told: dict[int, tuple[Played | None, int]] = {}
        #: From which REMB on reports say nothing new, as the compiled intake knows it.
        self._meaningless_bps: int | None = None

    # --- receiving ------------------------------------------------------------------------------------

    def refuses(self, ssrc: int, payload_type: int) -> str | None:
        """MediaSide: a viewer sends no media."""
        return "rtp_from_viewer"

    def knows(self, ssrc: int, payload_type: int) -> bool:
        """MediaSide: a viewer has no sources."""
        return False

    def receive_rtp(self, packet: memoryview, now: float, waited_s: float) -> None:
        """MediaSide: never called, as all of it is refused."""

    def receive_rtcp(self, compound: bytes, now: float, waited_s: float = 0.0) -> None:
        """MediaSide: an authentic RTCP datagram of the viewer."""
        reports = read_report(compound)
        if reports is not None:
            self._take_reports(reports, now, waited_s)  # says nothing of what is summed up
            self._keep_reports()
            return
        line = self._outlet.line
        if line is None:
            self._take_rtcp(compound, now, waited_s)
            self._keep_reports()
            return
        # Not plain. What was summed up before comes before it.
        if not self.estimator.reports_only or self.estimator.attentive:
            self._look_after = LOOK_S
        self._take_digest(line, now)
        self._take_rtcp(compound, now, waited_s)
        self._instruct(line)
        self._keep_reports()

    def receive_too_long(self, ssrc: int, payload_type: int, octets: int) -> None:
        """MediaSide: no media comes from viewers."""

    def receive_digest(self, now: float) -> None:
        """MediaSide: plain feedback came, enough of it."""
        line = self._outlet.line
        if line is None or not self._take_digest(line, now):
            return
        if now - self._looked_at >= LOOK_S:
            self._look(now)
        else:
            self.watcher.adaptation.heed(now)
        self._instruct(line)

    def _keep_reports(self) -> None:
        """Say which of the next reports need not be told."""
        keep, meaningless = self._outlet.keep_reports, self.estimator.meaningless_remb_bps
        if keep is not None and meaningless != self._meaningless_bps:
            self._meaningless_bps = meaningless
            keep(meaningless)

    def _instruct(self, line: Line) -> None:
        self.estimator.instruct(line, settled=self._look_after > LOOK_S)

    def _take_digest(self, line: Line, now: float) -> bool:
        told = line.take()
        if told is not None:
            self.estimator.digest(told, now)
        return told is not None

    def _take_rtcp(self, compound: bytes, now: float, waited_s: float) -> None:
        if is_feedback_alone(compound):
            # By far the most: 15 to 20 a second of each viewer. It needs no taking apart.
            self._take_feedback(compound, now)
            return
        try:
            packets = parse_compound(compound)
        except rtcp.RtcpError:
            self.counters["rtcp_malformed"] += 1
            return
        for packet in packets:
            match packet:
                case rtcp.Nack():
                    self._take_nack(packet, now)
                case rtcp.Pli():
                    self._picture_lost((packet.media_ssrc,), now)
                case rtcp.Fir():
                    self._picture_lost((ssrc for ssrc, _ in packet.requests), now)
                case rtcp.ReceiverReport() | rtcp.SenderReport():
                    blocks = packet.reports
                    told = [
                        (block.ssrc, block.fraction_lost, block.last_report, block.delay) for block in blocks
                    ]
                    self._take_reports(told, now, waited_s)
                case rtcp.Remb():
                    self.estimator.remb(packet.bitrate_bps, now)
                case TransportFeedback():
                    self._take_feedback(serialise([packet]), now)
                case _:
                    pass

    def _take_feedback(self, message: bytes, now: float) -> None:
        try:
            self.estimator.feedback(message, now)
        except rtcp.RtcpError:
            self.counters["rtcp_malformed"] += 1
            return
        self.watcher.adaptation.hear(now)

    def _take_nack(self, nack: rtcp.Nack, now: float) -> None:
        subscription = self.watcher.by_ssrc.get(nack.media_ssrc)
        if subscription is None:
            self.counters["nack_unknown_slot"] += 1
        elif not subscription.resend(nack.sequences, now):
            self._picture_lost((nack.media_ssrc,), now)

    def _picture_lost(self, ssrcs: Iterable[int], now: float) -> None:
        for ssrc in ssrcs:
            subscription = self.watcher.by_ssrc.get(ssrc)
            if subscription is None:
                continue
            self.counters["key_frame_asked"] += 1
            layer = subscription.layer or subscription.awaiting
            if layer is not None and layer.kind == "video":
                layer.key_frames.want(now, urgent=False)

    def _take_reports(self, blocks: Iterable[Heard], now: float, waited_s: float) -> None:
        arrived = ntp.middle(ntp.from_unix(self._to_unix(now - waited_s)))
        by_ssrc, worst, shortest = self.watcher.by_ssrc, -1, None
        for ssrc, fraction_lost, last_report, delay in blocks:
            subscription = by_ssrc.get(ssrc)
            if subscription is None or not subscription.packets:
                continue  # nothing was sent into it that could be lost
            subscription.loss_fraction = fraction_lost
            worst = max(worst, fraction_lost)
            round_trip = ntp.round_trip_s(arrived, last_report, delay)
            if round_trip is not None and (shortest is None or round_trip < shortest):
                shortest = round_trip
        if worst >= 0:
            self.estimator.receiver_report(worst, shortest, now)

    # --- telling --------------------------------------------------------------------------------------

    def connected(self, now: float) -> None:
        """MediaSide: the transport is up: the slots may be filled."""
        self._on_connected(self.watcher, now)

    def line_lost(self, now: float) -> None:
        """MediaSide: he may have gone without a word. Of whom no feedback ever came, that says too little: some foreign viewers
        are heard every few seconds only."""
        if self.estimator.messages:
            self.watcher.leave(now)

    def returned(self, moved: bool, now: float) -> None:
        """MediaSide: the viewer is back. What its pictures missed is more than repairs can bring: they begin anew."""
        if moved:
            self.estimator.moved(now)
        if self.watcher.away:
            self.estimator.returned(now)
            self.watcher.come_back(now)
        for slot in self.watcher.video:
            layer = slot.subscription.target
            if layer is not None:
                layer.key_frames.want(now)

    def tick(self, now: float, *, steady: bool = False) -> None:
        """MediaSide: what the line allows now, and sender reports that are due."""
        after = LOOK_S if steady or self.watcher.adaptation.unsettled else self._look_after
        if now - self._looked_at >= after - _TICK_SLACK_S:
            self._look(now)
        elif self._outlet.newly_plays:
            self._tell_clocks(now, due=False)

    def _look(self, now: float) -> None:
        self._looked_at = now
        outlet_line = self._outlet.line
        taken = outlet_line is not None and outlet_line.waits(now) and self._take_digest(outlet_line, now)
        changed = self.watcher.adaptation.tick(now)
        self._keep_reports()
        self._look_after = STEADY_LOOK_S if self.watcher.adaptation.settled else LOOK_S
        if outlet_line is not None and taken:
            self._instruct(outlet_line)
        elif outlet_line is not None and self.estimator.attentive:
            outlet_line.attend()
        line = self.watcher.adaptation.downlink
        if changed or (line is not None and line.state != "good" and now >= self._line_due):
            self._line_due = now + LINE_S
            self._on_quality(self.watcher)
        due = now >= self._report_due
        if due:
            self._report_due = now + REPORT_S
        if due or self._outlet.newly_plays:
            self._tell_clocks(now, due=due)

    def _tell_clocks(self, now: float, *, due: bool) -> None:
        """Send the sender reports of all slots that play; unless `due`, of those alone that newly play something."""
        told, reports, reported = self._told, list[bytes](), list[int]()
        if self._outlet.newly_plays:
            self._outlet.newly_plays = False
            self._on_begun(self.watcher)
        for ssrc, subscription in self.watcher.by_ssrc.items():
            stretch = subscription.moved
            if stretch is None:
                continue
            plays = subscription.layer, stretch.timestamp_delta
            if not due and told.get(ssrc) == plays:
                continue
            report = self._sender_report(subscription, stretch, now)
            if report is None:
                self._outlet.newly_plays = True  # its clock is not known yet
                continue
            told[ssrc] = plays
            reports.append(report)
            reported.append(ssrc)
        for start in range(0, len(reports), _REPORTS_A_DATAGRAM):
            until = start + _REPORTS_A_DATAGRAM
            compound = b"".join((*reports[start:until], self._names(tuple(reported[start:until]))))
            self._outlet.send_rtcp(compound)

    def _names(self, ssrcs: tuple[int, ...]) -> bytes:
        """The CNAMEs of these slots, made once for as long as the same ones play."""
        made = self._sdes.get(ssrcs)
        if made is None:
            chunks = tuple((ssrc, ((rtcp.CNAME, self._cname),)) for ssrc in ssrcs)
            made = serialise([rtcp.SourceDescription(chunks)])
            self._sdes = {ssrcs: made}
        return made

    def _sender_report(
        self, subscription: Subscription, stretch: Stretch[Played], now: float
    ) -> bytes | None:
        """The slot's clock now: the source's, moved like its packets (RFC 3550 §6.4.1)."""
        layer = subscription.layer
        if layer is None or layer.clock is None or not subscription.packets:
            return None
        unix = self._to_unix(now)
        since = unix - layer.clock.unix_s
        timestamp = layer.clock.timestamp + int(since * subscription.clock_rate)
        # A thousand viewers get one each second: packed here rather than by way of a value.
        return _SENDER_REPORT.pack(
            0x80,
            rtcp.SR,
            _SENDER_REPORT.size // 4 - 1,
            subscription.ssrc,
            ntp.from_unix(unix),
            (timestamp + stretch.timestamp_delta) & 0xFFFF_FFFF,
            subscription.packets & 0xFFFF_FFFF,
            subscription.octets & 0xFFFF_FFFF,
        )

    # --- life -----------------------------------------------------------------------------------------

    def close(self, now: float) -> None:
        """MediaSide: the peer is gone, its slots are left."""
        self._on_closed(self.watcher)

    def dump(self) -> dict[str, object]:
        """MediaSide: the viewer for people."""
        return self.watcher.dump()


def takes_told(side: object) -> dict[str, list[str]]:
    """Which codecs a viewer takes where H264 is none of them; that others take it needs no room in a hello of thousands."""
    if not isinstance(side, WatchSide) or not side.watcher.video or "h264" in side.watcher.takes:
        return {}
    return {"takes": sorted(side.watcher.takes)}
