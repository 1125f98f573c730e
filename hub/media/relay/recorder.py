"""The recorder's relay: every publication of a meeting at this node leaves for it, sealed with keys that control handed over.

The recorder is known by its address alone. It may ask for packets again and for key frames. The contract is docs/link.md;
the relay between nodes is in between_nodes.py.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from hub.media.egress.forwarding import PayloadTypes
from hub.media.egress.subscription import Subscription
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.relay.recorded_keys import RecordedKeys
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.address import Address
from hub.media.transport.outlet import Outlet, Port
from hub.media.transport.srtp import Profile, SealBuffer, SrtpSession, reason
from hub.wire import rtcp
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound

#: Payload types on every relay.
VIDEO_TYPE: Final = 96
AUDIO_TYPE: Final = 111
#: The far end is a process of ours next door: its repairs need no tighter budget than this.
_RESEND_FLOOR_BYTES_PER_S: Final = 2_500_000
#: How often it is looked whether a larger layer comes, or the present one has gone.
_CHOOSE_S: Final = 0.5


class RecorderStream:
    """One publication on a relay, in the best layer that comes. Numbers and time stamps of the source are kept until
    the layer changes; then they go on."""

    def __init__(self, outlet: Outlet, publication: Publication, ssrc: int) -> None:
        self.publication = publication
        self.ssrc = ssrc
        self.subscription = Subscription(
            outlet,
            HeaderStamp("", None, None),
            publication.codec.clock_rate,
            ssrc,
            None,
            0,
            keeps_numbers=True,
        )
        self._types = PayloadTypes(VIDEO_TYPE if publication.kind == "video" else AUDIO_TYPE, None)
        self._outlet = outlet

    def choose(self, now: float) -> None:
        """Play the best layer."""
        layer = self.publication.best(now)
        if layer is not None:
            self.subscription.play(layer, self._types, now)
        for each in self.publication.layers:
            if self not in each.report_listeners:
                each.report_listeners.append(self)
                if each.last_report is not None:
                    self.sender_report(each, each.last_report)

    def sender_report(self, layer: Layer, report: rtcp.SenderReport) -> None:
        """ReportListener: the source's clock, passed on under the relay's SSRC."""
        subscription = self.subscription
        if layer is not subscription.target:
            return
        stretch = subscription.moved if layer is subscription.layer else None
        moved = stretch.timestamp_delta if stretch is not None else 0
        if stretch is None and subscription.packets:
            return  # where it will stand is not known before it plays
        timestamp = (report.timestamp + moved) & 0xFFFF_FFFF
        self._outlet.send_rtcp(
            serialise(
                [
                    rtcp.SenderReport(
                        self.ssrc, report.ntp, timestamp, subscription.packets, subscription.octets
                    ),
                    rtcp.SourceDescription(((self.ssrc, ((rtcp.CNAME, b"hub"),)),)),
                ]
            )
        )

    def close(self) -> None:
        """Leave the publication."""
        self.subscription.clear()
        for layer in self.publication.layers:
            if self in layer.report_listeners:
                layer.report_listeners.remove(self)


class RecorderRelay:
    """One relay of one meeting. `tell` announces its streams to control (`relay.stream`)."""

    records: Final = True

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
        self.outlet = Outlet(port, buffer, _RESEND_FLOOR_BYTES_PER_S)
        self.outlet.session = SrtpSession(Profile.AEAD_AES_128_GCM, send_key, inbound=False)
        self.outlet.address = address
        self.counters: Counter[str] = self.outlet.counters
        self.streams: dict[int, RecorderStream] = {}
        # An SSRC that was used is not used again: its packets would be counted from zero under the same key.
        self._given: set[int] = set()
        self._inbound = SrtpSession(Profile.AEAD_AES_128_GCM, receive_key, inbound=True)
        self._tell = tell
        self._clock = clock
        self._choose_due = 0.0
        self._keys = RecordedKeys()

    def add(self, publication: Publication) -> None:
        """A publication begins on this relay; video starts with a fresh key frame. No picture is recorded twice."""
        if publication.twin:
            return
        ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
        while ssrc in self._given:
            ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
        self._given.add(ssrc)
        stream = RecorderStream(self.outlet, publication, ssrc)
        self.streams[ssrc] = stream
        self._tell("relay.stream", self._describe(stream, "open"))
        stream.choose(self._clock())

    def layers_changed(self, publication: Publication, now: float) -> None:
        """A publication has one more layer."""
        for stream in self.streams.values():
            if stream.publication is publication:
                stream.choose(now)

    def tick(self, now: float) -> None:
        """Take larger layers as they come, smaller ones when they go; have key frames often enough for a file."""
        if now >= self._choose_due:
            self._choose_due = now + _CHOOSE_S
            for stream in self.streams.values():
                if stream.publication.simulcast:
                    stream.choose(now)
        self._keys.tick(
            (s.subscription.layer for s in self.streams.values() if s.publication.kind == "video"), now
        )

    def remove(self, publication: Publication) -> None:
        """A publication has ended, or the relay has."""
        for ssrc, stream in list(self.streams.items()):
            if stream.publication is publication:
                del self.streams[ssrc]
                stream.close()
                self._tell("relay.stream", self._describe(stream, "closed"))

    def awaits(self, ssrc: int) -> bool:
        """Receiver: no media comes from the far end."""
        return False

    def receive(self, inbox: SealBuffer, length: int, now: float) -> bool:
        """Receiver: an SRTCP datagram from the far end. False if it is not sealed with this relay's keys."""
        opened = self._inbound.unprotect_rtcp(inbox, length)
        if opened < 0:
            self.counters[f"rtcp_{reason(opened)}"] += 1
            return False
        try:
            packets = parse_compound(inbox.view[:opened])
        except rtcp.RtcpError:
            self.counters["rtcp_malformed"] += 1
            return True
        for packet in packets:
            if isinstance(packet, rtcp.Nack):
                self._take_nack(packet, now)
            elif isinstance(packet, rtcp.Pli):
                stream = self.streams.get(packet.media_ssrc)
                if stream is not None and stream.publication.kind == "video":
                    layer = stream.subscription.target
                    if layer is not None:
                        layer.key_frames.want(now, urgent=False)
        return True

    def _take_nack(self, nack: rtcp.Nack, now: float) -> None:
        stream = self.streams.get(nack.media_ssrc)
        if stream is None:
            self.counters["nack_unknown_stream"] += 1
        else:
            stream.subscription.resend(nack.sequences, now)

    def close(self) -> None:
        """Nothing is sent any more. The router has taken the streams away before."""
        self.outlet.session = None
        self.outlet.address = None

    def hello(self) -> dict[str, Any]:
        """The relay in the node's hello. Its streams are told afterwards: those of a thousand would not fit."""
        return {"relay": self.id, "meeting": self.meeting}

    def retell(self) -> None:
        """Tell control every open stream once more."""
        for stream in self.streams.values():
            self._tell("relay.stream", self._describe(stream, "open"))

    def _describe(self, stream: RecorderStream, state: str) -> dict[str, Any]:
        publication = stream.publication
        return {
            "relay": self.id,
            "meeting": self.meeting,
            "participant": publication.participant,
            "peer": publication.peer,
            "source": publication.source,
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
            "streams": {s.publication.label: s.subscription.packets for s in self.streams.values()},
            "counters": dict(self.counters),
        }
