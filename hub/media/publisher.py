"""A publisher's side of the hub: its tracks become publications, and it is told what it needs to send well."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from hub.media import feedback
from hub.media.audio import Microphone
from hub.media.describe import DESCRIBE
from hub.media.outlet import Outlet
from hub.media.publication import Codec, Publication, SourceClock
from hub.wire import ntp, rtcp, rtp, rtp_extensions, rtx
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.sdp_plan import PublishTrack

#: A source's clock that moves against ours by more than this was set; before, it only drifted.
CLOCK_STEP_S: Final = 0.5
#: How often the quality of the up-link is judged, and from what loss on it is fair or poor.
QUALITY_S: Final = 2.0
FAIR_PERMILLE: Final = 20
POOR_PERMILLE: Final = 80


class PublisherEvents(Protocol):
    """What a publisher's owner hears."""

    def published(self, publication: Publication, now: float) -> None: ...
    def unpublished(self, publication: Publication, now: float) -> None: ...
    def arrived(self, publication: Publication) -> None:
        """A packet waits in `publication.pending` to be fanned out at the end of the drain."""

    def quality(self, state: str, loss_permille: int, rtt_ms: int | None) -> None: ...


class Track:
    """One negotiated section. `publication` is None until its first packet came."""

    def __init__(self, plan: PublishTrack) -> None:
        self.plan = plan
        self.ssrc = plan.ssrc
        self.rtx_ssrc = plan.rtx_ssrc
        self.publication: Publication | None = None
        self.fir_number = 0


class Publisher:
    """The media side of a publishing peer."""

    def __init__(
        self,
        *,
        peer: str,
        participant: str,
        tracks: Sequence[PublishTrack],
        outlet: Outlet,
        events: PublisherEvents,
        to_unix: Callable[[float], float],
    ) -> None:
        """`to_unix` turns the media plane's time into the hub's wall clock."""
        self.peer = peer
        self.participant = participant
        self.ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
        self.tracks = [Track(plan) for plan in tracks]
        self.counters: Counter[str] = outlet.counters
        self._outlet = outlet
        self._events = events
        self._to_unix = to_unix
        self._by_ssrc: dict[int, Track] = {}
        self._by_rtx_ssrc: dict[int, Track] = {}
        for track in self.tracks:
            if track.ssrc is not None:
                self._by_ssrc[track.ssrc] = track
            if track.rtx_ssrc is not None:
                self._by_rtx_ssrc[track.rtx_ssrc] = track
        self._transport = any(plan.extensions.transport_sequence is not None for plan in tracks)
        self._remb = not self._transport and any("goog-remb" in plan.codec.feedback for plan in tracks)
        self._arrivals = feedback.ArrivalLog()
        self._clock_offset: float | None = None
        self._transport_due = self._report_due = self._quality_due = 0.0
        self._judged: tuple[int, int] = (0, 0)
        self._quality = ""

    # --- receiving ------------------------------------------------------------------------------------

    def refuses(self, ssrc: int, payload_type: int) -> str | None:
        """MediaSide: only signalled sources are opened; 20,000 others would make each packet 50 times dearer."""
        track = self._by_ssrc.get(ssrc)
        if track is not None:
            return None if payload_type == track.plan.codec.payload_type else "rtp_wrong_payload_type"
        track = self._by_rtx_ssrc.get(ssrc)
        if track is not None:
            return None if payload_type == track.plan.codec.rtx else "rtp_wrong_payload_type"
        for track in self.tracks:
            # An offer may name no sources (RFC 8843): then one of each is learnt, once it proved authentic.
            if track.ssrc is None and payload_type == track.plan.codec.payload_type:
                return None
            if track.rtx_ssrc is None and payload_type == track.plan.codec.rtx:
                return None
        return "rtp_unsignalled_ssrc"

    def receive_rtp(self, packet: memoryview, now: float) -> None:
        """MediaSide: an authentic RTP packet that was not refused."""
        try:
            header = rtp.read_header(packet)
            repaired = False
            track = self._by_ssrc.get(header.ssrc)
            if track is None:
                track, repaired = self._find_or_learn(header)
            extensions = track.plan.extensions
            if extensions.transport_sequence is not None:
                place = rtp_extensions.find_extension(packet, header, extensions.transport_sequence)
                if place is not None:
                    number = rtp_extensions.read_transport_sequence(packet, place)
                    self._arrivals.arrive(number, now)
            publication = track.publication
            if repaired:
                self._repair(track, packet, header, now)
                return
            if publication is None:
                publication = self._publish(track, header.ssrc, now)
            if publication.microphone is not None and extensions.audio_level is not None:
                place = rtp_extensions.find_extension(packet, header, extensions.audio_level)
                if place is not None:
                    level, _ = rtp_extensions.read_audio_level(packet, place)
                    publication.microphone.hear(level, now)
        except rtp_extensions.RtpError:
            self.counters["rtp_malformed"] += 1
            return
        payload = bytes(packet[header.payload_offset : header.payload_end])
        if publication.receive(header.sequence, header.timestamp, header.marker, payload, now):
            self._events.arrived(publication)

    def _repair(self, track: Track, packet: memoryview, header: rtp.RtpHeader, now: float) -> None:
        """An RTX packet (RFC 4588): the original with its number before it, or a probe without payload."""
        unwrapped = rtx.unwrap(packet, header)
        if unwrapped is None or track.publication is None:
            self.counters["rtx_probe" if unwrapped is None else "rtx_before_media"] += 1
            return
        sequence, payload = unwrapped
        self.counters["rtx_received"] += 1
        if track.publication.receive(sequence, header.timestamp, header.marker, payload, now):
            self._events.arrived(track.publication)

    def _find_or_learn(self, header: rtp.RtpHeader) -> tuple[Track, bool]:
        """The track of a source that is repaired or was not named, and whether it is the repairing one."""
        track = self._by_rtx_ssrc.get(header.ssrc)
        if track is not None:
            return track, True
        for track in self.tracks:
            if track.ssrc is None and header.payload_type == track.plan.codec.payload_type:
                track.ssrc = header.ssrc
                self._by_ssrc[header.ssrc] = track
                return track, False
            if track.rtx_ssrc is None and header.payload_type == track.plan.codec.rtx:
                track.rtx_ssrc = header.ssrc
                self._by_rtx_ssrc[header.ssrc] = track
                return track, True
        raise rtp_extensions.RtpError("a source that was refused before")

    def _publish(self, track: Track, ssrc: int, now: float) -> Publication:
        plan = track.plan
        codec = Codec(plan.codec.name, plan.codec.clock_rate, plan.codec.channels, plan.codec.fmtp)
        microphone = None
        if plan.kind == "audio":
            has_levels = plan.extensions.audio_level is not None
            microphone = Microphone(track, self.participant, has_levels)
        publication = Publication(
            participant=self.participant,
            peer=self.peer,
            kind=plan.kind,
            codec=codec,
            ssrc=ssrc,
            describe=DESCRIBE[codec.name],
            ask_key_frame=lambda: self._ask_key_frame(track),
            microphone=microphone,
        )
        track.publication = publication
        self._events.published(publication, now)
        return publication

    def receive_rtcp(self, compound: bytes, now: float) -> None:
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
        track = self._by_ssrc.get(report.ssrc)
        if track is None or track.publication is None:
            return
        source = ntp.to_unix(report.ntp)
        offset = self._to_unix(now) - source
        # One offset for all tracks of the peer, kept while it holds: sound and picture stay in step.
        if self._clock_offset is None or abs(offset - self._clock_offset) > CLOCK_STEP_S:
            self._clock_offset = offset
        clock = SourceClock(source + self._clock_offset, report.timestamp)
        track.publication.take_sender_report(report, clock, now)

    # --- telling --------------------------------------------------------------------------------------

    def connected(self, now: float) -> None:
        """MediaSide: the transport is up."""
        self._transport_due = self._report_due = self._quality_due = now

    def tick(self, now: float) -> None:
        """MediaSide: NACKs and key-frame requests that are due, feedback, reports."""
        for track in self.tracks:
            publication = track.publication
            if publication is None:
                continue
            publication.key_frames.tick(now)
            missing = publication.gaps.due(now)
            if missing and "nack" in track.plan.codec.feedback:
                self._send(rtcp.Nack(self.ssrc, publication.ssrc, tuple(n & 0xFFFF for n in missing)))
        if self._transport and now >= self._transport_due:
            self._transport_due = now + feedback.TRANSPORT_FEEDBACK_S
            media = next((track.ssrc for track in self.tracks if track.ssrc is not None), 0)
            for message in self._arrivals.messages(self.ssrc, media):
                self._send(message)
        if now >= self._report_due:
            self._report_due = now + feedback.REPORT_S
            publications = self.publications
            if publications:
                self._send(*feedback.receiver_report(self.ssrc, publications, self._remb, now))
        if now >= self._quality_due:
            self._quality_due = now + QUALITY_S
            self._judge()

    def _ask_key_frame(self, track: Track) -> None:
        if track.publication is None:
            return
        ssrc, offered = track.publication.ssrc, track.plan.codec.feedback
        if "nack pli" in offered:
            self._send(rtcp.Pli(self.ssrc, ssrc))
        elif "ccm fir" in offered:
            track.fir_number = (track.fir_number + 1) & 0xFF
            self._send(rtcp.Fir(self.ssrc, 0, ((ssrc, track.fir_number),)))
        else:
            self.counters["key_frame_cannot_be_asked"] += 1

    def _judge(self) -> None:
        """Tell the quality of the up-link if it changed."""
        publications = self.publications
        if not publications:
            return
        expected = sum(publication.report.expected for publication in publications)
        received = sum(publication.report.received for publication in publications)
        new_expected, new_received = expected - self._judged[0], received - self._judged[1]
        self._judged = expected, received
        if new_expected <= 0:
            return  # paused, or gone: the latter is told by line_lost
        permille = max(0, new_expected - new_received) * 1000 // new_expected
        state = "good" if permille < FAIR_PERMILLE else "fair" if permille < POOR_PERMILLE else "poor"
        if state != self._quality:
            self._quality = state
            rtts = [publication.gaps.rtt_s for publication in publications if publication.gaps.rtt_s]
            self._events.quality(state, permille, round(max(rtts) * 1000) if rtts else None)

    def line_lost(self) -> None:
        """Nothing comes from the peer any more, not even ICE; it may come back."""
        if self._quality != "lost":
            self._quality = "lost"
            self._events.quality("lost", 1000, None)

    def _send(self, *packets: rtcp.RtcpPacket) -> None:
        self._outlet.send_rtcp(serialise(packets))

    # --- life -----------------------------------------------------------------------------------------

    @property
    def publications(self) -> list[Publication]:
        """The tracks that have begun."""
        return [track.publication for track in self.tracks if track.publication is not None]

    def close(self, now: float) -> None:
        """MediaSide: the peer is gone, its publications end."""
        for track in self.tracks:
            publication, track.publication = track.publication, None
            if publication is not None:
                self._events.unpublished(publication, now)

    def dump(self) -> dict[str, object]:
        """MediaSide: the publisher for people."""
        return {
            "quality": self._quality,
            "tracks": [publication.dump() for publication in self.publications],
        }
