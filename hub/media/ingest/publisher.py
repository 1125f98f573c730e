"""A publisher's side of the hub: its tracks become publications, and it is told what it needs to send well."""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from hub.media.ingest import feedback
from hub.media.ingest.describe import DESCRIBE
from hub.media.ingest.incoming import Incoming, Section, Stream
from hub.media.ingest.layer import Layer
from hub.media.ingest.microphone import Microphone
from hub.media.ingest.publication import Publication
from hub.media.ingest.seams import SourceClock
from hub.media.ingest.track import CAMERA, Codec
from hub.media.ingest.uplink import Uplink
from hub.media.ingest.upload_cap import PUBLISHER_BPS
from hub.media.row import redundancy
from hub.media.row.sequence_map import extend
from hub.media.transport.outlet import Outlet
from hub.media.transport.srtp import MAX_PAYLOAD_BYTES
from hub.wire import ntp, rtcp, rtp, rtp_extensions, rtx
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp_header import RtpError, RtpHeader
from hub.wire.sdp_plan import PublishTrack

log = logging.getLogger(__name__)

#: A source's clock that moves against ours by more than this was set; before, it only drifted.
CLOCK_STEP_S: Final = 0.5


class PublisherEvents(Protocol):
    """What a publisher's owner hears."""

    def published(self, publication: Publication, now: float) -> None:
        """A track has begun, with its first layer."""

    def layer_added(self, publication: Publication, now: float) -> None: ...
    def unpublished(self, publication: Publication, now: float) -> None: ...
    def arrived(self, layer: Layer) -> None:
        """A packet waits in `layer.pending` to be fanned out at the end of the drain."""

    def quality(self, state: str, loss_permille: int, bitrate_bps: int, rtt_ms: int | None) -> None: ...
    def dropped(self, kind: str, reason: str, octets: int) -> None:
        """What comes of a track (`audio`, `video`) is not passed on; told once of each kind and reason: `packet_too_long`
        with the size of the first packet, `over_cap` with what came in a second."""


class Publisher:
    """The media side of a publishing peer."""

    def __init__(
        self,
        *,
        peer: str,
        participant: str,
        source: str = CAMERA,
        tracks: Sequence[PublishTrack],
        outlet: Outlet,
        events: PublisherEvents,
        to_unix: Callable[[float], float],
        publisher_bps: int = PUBLISHER_BPS,
    ) -> None:
        """`to_unix` turns the media plane's time into the hub's wall clock; `publisher_bps` is what the picture may take."""
        self.peer = peer
        self.participant = participant
        self.source = source
        self.ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
        self.incoming = Incoming(tracks, publisher_bps)
        self.sections = self.incoming.sections
        self.counters: Counter[str] = outlet.counters
        self._outlet = outlet
        self._events = events
        self._to_unix = to_unix
        self._transport = any(plan.extensions.transport_sequence is not None for plan in tracks)
        #: What REMB tells where it was negotiated: with nothing better beside it, what a good picture needs.
        self._remb_bps: int | None = None
        if any("goog-remb" in plan.codec.feedback for plan in tracks):
            self._remb_bps = publisher_bps if self._transport else min(publisher_bps, feedback.REMB_BPS)
        self._opus_type = next((plan.codec.payload_type for plan in tracks if plan.kind == "audio"), -1)
        self._arrivals = feedback.ArrivalLog()
        self._clock_offset: float | None = None
        self._transport_due = self._report_due = 0.0
        self._uplink = Uplink(events.quality)
        #: (kind, reason) of what was told to be dropped.
        self._told_dropped: set[tuple[str, str]] = set()
        self._told_cap_at = float("-inf")

    # --- receiving ------------------------------------------------------------------------------------

    def refuses(self, ssrc: int, payload_type: int) -> str | None:
        """MediaSide: only awaited sources are opened."""
        return self.incoming.refuses(ssrc, payload_type)

    def knows(self, ssrc: int, payload_type: int) -> bool:
        """MediaSide: whether it is one of the publisher's streams."""
        stream = self.incoming.streams.get(ssrc)
        return stream is not None and stream.takes(payload_type)

    def receive_rtp(self, packet: memoryview, now: float, waited_s: float = 0.0) -> None:
        """MediaSide: an authentic RTP packet that was not refused."""
        try:
            header = rtp.read_header(packet)
            stream = self.incoming.streams.get(header.ssrc) or self.incoming.find(packet, header)
            cap = stream.section.cap
            cap.octets += len(packet)
            if cap.over:
                # As if lost on the way: a publisher who listens to feedback sends less for it.
                self.counters["rtp_over_cap"] += 1
                return
            extensions = stream.section.plan.extensions
            if extensions.transport_sequence is not None:
                place = rtp_extensions.find_extension(packet, header, extensions.transport_sequence)
                if place is not None:
                    number = rtp_extensions.read_transport_sequence(packet, place)
                    # The publisher reckons with when it came to the machine, not with when we had time for it.
                    self._arrivals.arrive(number, now - waited_s)
            if stream.repairs:
                self._repair(stream, packet, header, now)
                return
            layer = stream.layer
            if layer is None:
                if header.payload_offset == header.payload_end:
                    return  # a probe before any media: nothing has begun yet
                layer = stream.layer = self._begin(stream, header.ssrc, now)
            microphone = layer.publication.microphone
            if microphone is not None and extensions.audio_level is not None:
                place = rtp_extensions.find_extension(packet, header, extensions.audio_level)
                if place is not None:
                    level, _ = rtp_extensions.read_audio_level(packet, place)
                    microphone.hear(level, now)
        except RtpError:
            self.counters["rtp_malformed"] += 1
            return
        payload = bytes(packet[header.payload_offset : header.payload_end])
        if header.payload_type == stream.section.plan.codec.red:
            payload = self._take_redundant(layer, header, payload, now)
        if len(payload) > MAX_PAYLOAD_BYTES:
            self._tell_too_long(stream.section, len(packet))
            payload = b""  # counts as received: to ask for it again would bring the same
        if layer.receive(header.sequence, header.timestamp, header.marker, payload, now):
            self._events.arrived(layer)

    def _take_redundant(self, layer: Layer, header: RtpHeader, payload: bytes, now: float) -> bytes:
        """The sound of a RED packet; what was lost before and is repeated in it is put in its place first."""
        try:
            primary, earlier = redundancy.take_apart(payload, self._opus_type)
        except ValueError:
            self.counters["red_malformed"] += 1
            return b""
        newest = layer.report.newest
        for redundant in earlier:
            number = (header.sequence - redundant.back) & 0xFFFF
            seq = extend(number, newest)
            if newest < 0 or layer.cache.get(seq) is not None or abs(seq - newest) > redundancy.REACH:
                continue
            timestamp = (header.timestamp - redundant.timestamp_offset) & 0xFFFF_FFFF
            if layer.receive(number, timestamp, False, redundant.payload, now, repaired=True):
                self.counters["red_mended"] += 1
                self._events.arrived(layer)
        return primary

    def _repair(self, stream: Stream, packet: memoryview, header: RtpHeader, now: float) -> None:
        """An RTX packet (RFC 4588): the original with its number before it, or a probe without payload."""
        unwrapped = rtx.unwrap(packet, header)
        layer = stream.layer
        if layer is None and stream.section.publication is not None:
            layer = stream.layer = stream.section.publication.layer(stream.rid)
        if unwrapped is None or layer is None:
            self.counters["rtx_probe" if unwrapped is None else "rtx_before_media"] += 1
            return
        sequence, payload = unwrapped
        self.counters["rtx_received"] += 1
        if len(payload) > MAX_PAYLOAD_BYTES:
            self._tell_too_long(stream.section, len(packet))
            payload = b""
        if layer.receive(sequence, header.timestamp, header.marker, payload, now, repaired=True):
            self._events.arrived(layer)

    def receive_too_long(self, ssrc: int, payload_type: int, octets: int) -> None:
        """MediaSide: a datagram that is too long to be opened, by its looks an RTP packet of this source."""
        section = self.incoming.section_of(ssrc, payload_type)
        if section is not None:
            self._tell_too_long(section, octets)

    def _tell_too_long(self, section: Section, octets: int) -> None:
        kind, reason = section.plan.kind, "packet_too_long"
        self.counters["rtp_too_long"] += 1
        if (kind, reason) not in self._told_dropped:
            self._told_dropped.add((kind, reason))
            log.warning(
                "%s sends %s in RTP packets of %d bytes, too long to be passed on (payloads: at most %d)",
                self.peer,
                kind,
                octets,
                MAX_PAYLOAD_BYTES,
            )
            self._events.dropped(kind, reason, octets)

    def _keep_to_caps(self, now: float) -> None:
        """Drop a track that brings more than it may, and take it up again when it brings less for some time."""
        for section in self.sections:
            cap = section.cap
            if not cap.settle(now):
                if cap.near and not cap.over and now - self._told_cap_at >= feedback.REPORT_S / 2:
                    self._told_cap_at = self._report_due = (
                        now  # he is told at once, before anything is dropped
                    )
                continue
            for layer in section.publication.layers if section.publication is not None else ():
                if cap.over:
                    layer.interrupt()
                elif layer.kind == "video" and layer.used:
                    layer.key_frames.want(now)
            if cap.over:
                self._tell_over_cap(section)

    def _tell_over_cap(self, section: Section) -> None:
        kind, reason = section.plan.kind, "over_cap"
        self.counters["caps_met"] += 1
        if (kind, reason) not in self._told_dropped:
            self._told_dropped.add((kind, reason))
            log.warning(
                "%s sends %s at %d kbit/s, where %d are allowed: it is dropped until less comes",
                self.peer,
                kind,
                section.cap.bps // 1000,
                section.cap.told_bps // 1000,
            )
            self._events.dropped(kind, reason, section.cap.bps // 8)

    def _begin(self, stream: Stream, ssrc: int, now: float) -> Layer:
        """The first media packet of a source: its layer begins, and with the first layer the publication."""
        section = stream.section
        publication = section.publication
        first = publication is None
        if publication is None:
            publication = self._publication(section)
        layer = Layer(
            publication,
            ssrc=ssrc,
            describe=DESCRIBE[publication.codec.name],
            ask_key_frame=lambda: self._ask_key_frame(section, ssrc),
            rid=stream.rid,
            rank=section.rids.index(stream.rid),
        )
        publication.add_layer(layer)
        if first:
            section.publication = publication
            self._events.published(publication, now)
        else:
            self._events.layer_added(publication, now)
        return layer

    def _publication(self, section: Section) -> Publication:
        plan = section.plan
        microphone = None
        if plan.kind == "audio":
            has_levels = plan.extensions.audio_level is not None
            microphone = Microphone(section, self.participant, has_levels)
        return Publication(
            participant=self.participant,
            peer=self.peer,
            kind=plan.kind,
            codec=Codec(plan.codec.name, plan.codec.clock_rate, plan.codec.channels, plan.codec.fmtp),
            source=self.source,
            rids=plan.rids,
            microphone=microphone,
        )

    def receive_digest(self, now: float) -> None:
        """MediaSide: never called, as publishers have no line."""

    def receive_rtcp(self, compound: bytes, now: float, waited_s: float = 0.0) -> None:
        """MediaSide: an authentic RTCP datagram. Of a publisher only its sender reports matter."""
        try:
            packets = parse_compound(compound)
        except rtcp.RtcpError:
            self.counters["rtcp_malformed"] += 1
            return
        for packet in packets:
            if isinstance(packet, rtcp.SenderReport):
                self._take_sender_report(packet, now)

    def _take_sender_report(self, report: rtcp.SenderReport, now: float) -> None:
        stream = self.incoming.streams.get(report.ssrc)
        if stream is None or stream.layer is None:
            return
        source = ntp.to_unix(report.ntp)
        offset = self._to_unix(now) - source
        # One offset for all tracks of the peer, kept while it holds: sound and picture stay in step.
        if self._clock_offset is None or abs(offset - self._clock_offset) > CLOCK_STEP_S:
            self._clock_offset = offset
        clock = SourceClock(source + self._clock_offset, report.timestamp)
        stream.layer.take_sender_report(report, clock, now)

    # --- telling --------------------------------------------------------------------------------------

    def connected(self, now: float) -> None:
        """MediaSide: the transport is up."""
        self._transport_due = self._report_due = now
        self._uplink.begin(now)

    def returned(self, moved: bool, now: float) -> None:
        """MediaSide: the publisher is back. Its viewers need a key frame, not what of the time between can be mended."""
        self._uplink.returned(now)
        for layer in self.layers:
            if layer.kind == "video" and layer.used:
                layer.key_frames.want(now)

    def tick(self, now: float, *, steady: bool = False) -> None:
        """MediaSide: NACKs and key-frame requests that are due, feedback, reports."""
        self._keep_to_caps(now)
        for section in self.sections:
            if section.cap.over:
                continue
            nacks = "nack" in section.plan.codec.feedback
            for layer in section.publication.layers if section.publication is not None else ():
                layer.key_frames.tick(now)
                if not nacks:
                    layer.gaps.clear()
                    continue
                missing = layer.gaps.due(now)
                if missing:
                    self._send(rtcp.Nack(self.ssrc, layer.ssrc, tuple(n & 0xFFFF for n in missing)))
                if layer.gaps.take_broken() and layer.used and layer.kind == "video":
                    layer.key_frames.want(now, urgent=False)
        if self._transport and now >= self._transport_due:
            self._transport_due = now + feedback.TRANSPORT_FEEDBACK_S
            media = next(iter(self.incoming.streams), 0)
            for message in self._arrivals.messages(self.ssrc, media):
                self._send(message)
        # The first report waits for the first packet: what may be sent is told with it, before a sender has probed far.
        if now >= self._report_due and (layers := self.layers):
            self._report_due = now + feedback.REPORT_S
            self._send(*feedback.receiver_report(self.ssrc, layers, self._remb_bps, now))
        self._uplink.tick(self.layers, now)

    def _ask_key_frame(self, section: Section, ssrc: int) -> None:
        offered = section.plan.codec.feedback
        if "nack pli" in offered:
            self._send(rtcp.Pli(self.ssrc, ssrc))
        elif "ccm fir" in offered:
            section.fir_number = (section.fir_number + 1) & 0xFF
            self._send(rtcp.Fir(self.ssrc, 0, ((ssrc, section.fir_number),)))
        else:
            self.counters["key_frame_cannot_be_asked"] += 1

    def line_lost(self, now: float) -> None:
        """MediaSide: what it cannot send is not missed meanwhile."""
        self._uplink.lost()

    def _send(self, *packets: rtcp.RtcpPacket) -> None:
        self._outlet.send_rtcp(serialise(packets))

    # --- life -----------------------------------------------------------------------------------------

    @property
    def publications(self) -> list[Publication]:
        """The tracks that have begun."""
        return [section.publication for section in self.sections if section.publication is not None]

    @property
    def layers(self) -> list[Layer]:
        """All streams that have begun."""
        return [layer for publication in self.publications for layer in publication.layers]

    def close(self, now: float) -> None:
        """MediaSide: the peer is gone, its publications end."""
        for section in self.sections:
            publication, section.publication = section.publication, None
            if publication is not None:
                self._events.unpublished(publication, now)
        for stream in self.incoming.streams.values():
            stream.layer = None

    def dump(self) -> dict[str, object]:
        """MediaSide: the publisher for people."""
        return {
            "quality": self._uplink.state,
            "tracks": [publication.dump() for publication in self.publications],
        }
