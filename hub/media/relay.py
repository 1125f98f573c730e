"""A relay: every publication of a meeting leaves for one other place, sealed with keys that control handed over.

The far end (recorder, another node) is known by its address alone. It may ask for packets again and for key
frames. The contract is docs/link.md.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.media.outlet import Outlet, Port
from hub.media.packet_cache import Packet
from hub.media.publication import Publication
from hub.media.sequence_map import extend
from hub.media.socket import Address
from hub.media.srtp import MAX_RTP_BYTES, Profile, SealBuffer, SrtpSession, reason
from hub.media.stamp import HeaderStamp
from hub.wire import rtcp
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound

#: Payload types on every relay.
VIDEO_TYPE: Final = 96
AUDIO_TYPE: Final = 111
#: The far end is a process of ours next door: its repairs need no tighter budget than this.
_RESENDS_A_SECOND: Final = 2000


class RelayStream:
    """One publication on a relay: a Sink. Numbers and time stamps of the source are kept."""

    def __init__(self, outlet: Outlet, publication: Publication, ssrc: int) -> None:
        self.publication = publication
        self.ssrc = ssrc
        self.packets = 0
        self.octets = 0
        self._outlet = outlet
        self._type = VIDEO_TYPE if publication.kind == "video" else AUDIO_TYPE
        self._stamp = HeaderStamp("", None, None)

    def forward(self, packets: Sequence[Packet], now: float) -> None:
        """Sink: packets of the publication."""
        for packet in packets:
            if self._send(packet):
                self.packets += 1
                self.octets += len(packet.payload)

    def sender_report(self, report: rtcp.SenderReport) -> None:
        """Sink: the source's clock, passed on under the relay's SSRC."""
        self._outlet.send_rtcp(
            serialise(
                [
                    rtcp.SenderReport(self.ssrc, report.ntp, report.timestamp, self.packets, self.octets),
                    rtcp.SourceDescription(((self.ssrc, ((rtcp.CNAME, b"hub"),)),)),
                ]
            )
        )

    def resend(self, asked: Sequence[int], counters: Counter[str]) -> None:
        """The far end misses these 16-bit numbers."""
        newest = self.publication.report.newest
        for number in asked:
            packet = self.publication.cache.get(extend(number, newest))
            if packet is None:
                counters["nack_not_cached"] += 1
            elif self._send(packet):
                counters["resent"] += 1

    def _send(self, packet: Packet) -> bool:
        view = self._outlet.buffer.view
        head = self._stamp.length
        end = head + len(packet.payload)
        if end > MAX_RTP_BYTES:
            self._outlet.counters["out_rtp_too_long"] += 1
            return False
        marker_and_type = packet.marker | self._type
        self._stamp.write(view, marker_and_type, packet.seq & 0xFFFF, packet.timestamp, self.ssrc)
        view[head:end] = packet.payload
        return self._outlet.send_rtp(0, end)


class Relay:
    """One relay of one meeting. `tell` announces its streams to control (`relay.stream`)."""

    def __init__(
        self,
        *,
        relay_id: str,
        meeting: str,
        address: Address,
        send_key: bytes,
        receive_key: bytes,
        port: Port,
        buffer: SealBuffer,
        tell: Callable[[str, dict[str, Any]], None],
        clock: Callable[[], float],
    ) -> None:
        """Raises ValueError for keys of a wrong length."""
        self.id = relay_id
        self.meeting = meeting
        self.address = address
        self.outlet = Outlet(port, buffer)
        self.outlet.session = SrtpSession(Profile.AEAD_AES_128_GCM, send_key, inbound=False)
        self.outlet.address = address
        self.counters: Counter[str] = self.outlet.counters
        self.streams: dict[int, RelayStream] = {}
        self._inbound = SrtpSession(Profile.AEAD_AES_128_GCM, receive_key, inbound=True)
        self._tell = tell
        self._clock = clock
        self._resend_second = 0
        self._resent = 0

    def add(self, publication: Publication) -> None:
        """A publication begins on this relay; video starts with a fresh key frame."""
        ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
        while ssrc in self.streams:
            ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
        stream = RelayStream(self.outlet, publication, ssrc)
        self.streams[ssrc] = stream
        self._tell("relay.stream", self._describe(stream, "open"))
        publication.sinks.append(stream)
        if publication.last_report is not None:
            stream.sender_report(publication.last_report)
        if publication.kind == "video":
            publication.key_frames.want(self._clock())

    def remove(self, publication: Publication) -> None:
        """A publication has ended, or the relay has."""
        for ssrc, stream in list(self.streams.items()):
            if stream.publication is publication:
                del self.streams[ssrc]
                if stream in publication.sinks:
                    publication.sinks.remove(stream)
                self._tell("relay.stream", self._describe(stream, "closed"))

    def receive(self, inbox: SealBuffer, length: int, now: float) -> None:
        """A datagram from the far end: only SRTCP is awaited."""
        view = inbox.view
        if not 192 <= view[1] <= 223:
            self.counters["relay_not_rtcp"] += 1
            return
        opened = self._inbound.unprotect_rtcp(inbox, length)
        if opened < 0:
            self.counters[f"rtcp_{reason(opened)}"] += 1
            return
        try:
            packets = parse_compound(view[:opened])
        except rtcp.RtcpError:
            self.counters["rtcp_malformed"] += 1
            return
        for packet in packets:
            if isinstance(packet, rtcp.Nack):
                self._take_nack(packet, now)
            elif isinstance(packet, rtcp.Pli):
                stream = self.streams.get(packet.media_ssrc)
                if stream is not None and stream.publication.kind == "video":
                    stream.publication.key_frames.want(now, urgent=False)

    def _take_nack(self, nack: rtcp.Nack, now: float) -> None:
        stream = self.streams.get(nack.media_ssrc)
        if stream is None:
            self.counters["nack_unknown_stream"] += 1
            return
        if int(now) != self._resend_second:
            self._resend_second, self._resent = int(now), 0
        allowed = nack.sequences[: max(0, _RESENDS_A_SECOND - self._resent)]
        self.counters["nack_over_budget"] += len(nack.sequences) - len(allowed)
        self._resent += len(allowed)
        stream.resend(allowed, self.counters)

    def close(self) -> None:
        """Nothing is sent any more. The router has taken the streams away before."""
        self.outlet.session = None
        self.outlet.address = None

    def open_streams(self) -> list[dict[str, Any]]:
        """The `relay.stream` data of every open stream, for the hello."""
        return [self._describe(stream, "open") for stream in self.streams.values()]

    def _describe(self, stream: RelayStream, state: str) -> dict[str, Any]:
        publication = stream.publication
        return {
            "relay": self.id,
            "meeting": self.meeting,
            "participant": publication.participant,
            "peer": publication.peer,
            "kind": publication.kind,
            "codec": publication.codec.name,
            "clock_rate": publication.codec.clock_rate,
            "channels": publication.codec.channels,
            "fmtp": publication.codec.fmtp,
            "ssrc": stream.ssrc,
            "state": state,
        }

    def dump(self) -> dict[str, object]:
        """The relay for people."""
        return {
            "relay": self.id,
            "meeting": self.meeting,
            "to": f"{self.address[0]}:{self.address[1]}",
            "streams": {stream.publication.label: stream.packets for stream in self.streams.values()},
            "counters": dict(self.counters),
        }
