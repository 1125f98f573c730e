"""What leaves this node for another one: every layer published here, each only while the other node asks for it."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final

from hub.media.egress.forwarding import PayloadTypes
from hub.media.egress.subscription import Subscription
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.outlet import Outlet
from hub.wire import relay_app, rtcp
from hub.wire.rtcp_build import serialise

#: Payload types on every relay.
VIDEO_TYPE: Final = 96
AUDIO_TYPE: Final = 111
#: A node that wants a layer says so every second; one that says nothing for so long does not want it any more.
ASKED_FOR_S: Final = 3.0


class OutStream:
    """One layer on a relay: paused until the far node asks for it, then numbered as the source numbers it."""

    def __init__(self, outlet: Outlet, layer: Layer, ssrc: int) -> None:
        self.layer = layer
        self.ssrc = ssrc
        self.subscription = Subscription(
            outlet,
            HeaderStamp("", None, None),
            layer.publication.codec.clock_rate,
            ssrc,
            None,
            # Below half the circle: a lost first packet cannot upset the receiver's count of wraps (RFC 3711 §3.3.1).
            0x1_0000 + secrets.randbelow(0x7FFF),
        )
        self._types = PayloadTypes(VIDEO_TYPE if layer.kind == "video" else AUDIO_TYPE, None)
        self._outlet = outlet
        self._pause_id = 0
        self._asked_at: float | None = None
        layer.report_listeners.append(self)

    def ask(self, entry: rtcp.PauseEntry, now: float) -> None:
        """PAUSE or RESUME came (RFC 7728 §6); one that was overtaken by a later pause means nothing any more."""
        ahead = (entry.pause_id - self._pause_id) & 0xFFFF
        if ahead >= 0x8000 or (entry.kind is rtcp.PauseKind.PAUSE and ahead == 0):
            return
        self._pause_id = entry.pause_id
        if entry.kind is rtcp.PauseKind.RESUME:
            begins, self._asked_at = self._asked_at is None, now
            if begins:
                self.subscription.play(self.layer, self._types, now)
                if self.layer.last_report is not None:
                    self.sender_report(self.layer, self.layer.last_report)
        elif entry.kind is rtcp.PauseKind.PAUSE:
            self.pause()

    def tick(self, now: float) -> None:
        """Pause what has not been asked for again."""
        if self._asked_at is not None and now - self._asked_at > ASKED_FOR_S:
            self.pause()

    def pause(self) -> None:
        """Send nothing more; the layer does not count as watched from here."""
        self._asked_at = None
        self.subscription.clear()

    def sender_report(self, layer: Layer, report: rtcp.SenderReport) -> None:
        """ReportListener: the source's clock, passed on under the relay's SSRC."""
        subscription = self.subscription
        if self._asked_at is None:
            return
        stretch = subscription.moved if subscription.layer is layer else None
        if stretch is None and subscription.packets:
            return  # where it will stand is not known before it plays
        moved = stretch.timestamp_delta if stretch is not None else 0
        timestamp = (report.timestamp + moved) & 0xFFFF_FFFF
        sent = (subscription.packets, subscription.octets)
        self._outlet.send_rtcp(serialise([rtcp.SenderReport(self.ssrc, report.ntp, timestamp, *sent)]))

    def close(self) -> None:
        """The layer has ended, or the relay has."""
        self.pause()
        if self in self.layer.report_listeners:
            self.layer.report_listeners.remove(self)

    def note(self, now: float) -> relay_app.LayerNote:
        """What the layer is like, for those who choose at the far node."""
        layer = self.layer
        width, height = layer.size or (0, 0)
        rates = tuple(layer.rates.cumulative_bps)
        return relay_app.LayerNote(self.ssrc, width, height, layer.available(now), rates)


class RelayOut:
    """The streams of one relay towards one node. `tell` announces them (`relay.stream`)."""

    def __init__(
        self, relay_id: str, meeting: str, outlet: Outlet, tell: Callable[[str, dict[str, Any]], None]
    ) -> None:
        self.streams: dict[int, OutStream] = {}
        self._relay = relay_id
        self._meeting = meeting
        self._outlet = outlet
        self._tell = tell
        # An SSRC that was used is not used again: its packets would be counted from zero under the same key.
        self._given: set[int] = set()

    def add(self, publication: Publication) -> None:
        """Offer every layer of a publication that is not offered yet."""
        offered = {stream.layer for stream in self.streams.values()}
        for layer in publication.layers:
            if layer not in offered:
                stream = OutStream(self._outlet, layer, self._fresh_ssrc())
                self.streams[stream.ssrc] = stream
                self._tell("relay.stream", self._describe(stream, "open"))

    def remove(self, publication: Publication) -> None:
        """A publication has ended, or the relay has."""
        for ssrc, stream in list(self.streams.items()):
            if stream.layer.publication is publication:
                del self.streams[ssrc]
                stream.close()
                if self._outlet.session is not None:
                    self._outlet.session.forget(ssrc)
                self._tell("relay.stream", self._describe(stream, "closed"))

    def tell_all(self) -> None:
        """Tell every stream, and that these are all."""
        for stream in self.streams.values():
            self._tell("relay.stream", self._describe(stream, "open"))
        self.tell_complete()

    def tell_complete(self) -> None:
        """Tell that those told are all."""
        self._tell("relay.told", {"relay": self._relay, "ssrcs": list(self.streams)})

    def levels(self, audible: Iterable[Publication], now: float) -> dict[int, int]:
        """How loud those are who are heard, by SSRC."""
        heard = {publication.microphone for publication in audible if not publication.remote}
        heard.discard(None)
        levels = {}
        for ssrc, stream in self.streams.items():
            microphone = stream.layer.publication.microphone
            if microphone is not None and microphone in heard:
                levels[ssrc] = round(microphone.loudness(now))
        return levels

    def notes(self, now: float, turn: int = 0, turns: int = 1) -> list[relay_app.LayerNote]:
        """What the pictures are like; in each of `turns` turns another part of them."""
        streams = itertools.islice(self.streams.values(), turn, None, turns)
        return [stream.note(now) for stream in streams if stream.layer.kind == "video"]

    def _fresh_ssrc(self) -> int:
        while True:
            ssrc = secrets.randbelow(0xFFFF_FFFE) + 1
            if ssrc not in self._given:
                self._given.add(ssrc)
                return ssrc

    def _describe(self, stream: OutStream, state: str) -> dict[str, Any]:
        layer, publication = stream.layer, stream.layer.publication
        width, height = layer.size or (0, 0)
        microphone = publication.microphone
        return {
            "relay": self._relay,
            "meeting": self._meeting,
            "participant": publication.participant,
            "peer": publication.peer,
            "source": publication.source,
            "kind": publication.kind,
            "codec": publication.codec.name,
            "clock_rate": publication.codec.clock_rate,
            "channels": publication.codec.channels,
            "fmtp": publication.codec.fmtp,
            "rid": layer.rid,
            "rank": layer.rank,
            "rids": list(publication.rids),
            "replays": publication.replays,
            "twin": publication.twin,
            "width": width,
            "height": height,
            "rates": list(layer.rates.cumulative_bps),
            "levels": microphone is not None and microphone.has_levels,
            "ssrc": stream.ssrc,
            "state": state,
        }
