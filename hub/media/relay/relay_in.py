"""What comes to this node from another one: remote publications, and asking for those layers that somebody here takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Protocol

from hub.media.ingest.describe import DESCRIBE
from hub.media.ingest.layer import Layer
from hub.media.ingest.microphone import Microphone
from hub.media.ingest.publication import Publication
from hub.media.ingest.seams import SourceClock
from hub.media.ingest.track import Codec
from hub.media.relay.remote_layer import RemoteLayer
from hub.wire import ntp, relay_app, rtcp, rtp
from hub.wire.rtp_header import RtpError

#: How often the far node is told again which layers are wanted (it forgets after three of these).
REFRESH_S: Final = 1.0
#: A source's clock that moves against ours by more than this was set; before, it only drifted.
_CLOCK_STEP_S: Final = 0.5


class Destination(Protocol):
    """What of a meeting the remote publications are added to (its Router)."""

    @property
    def listens(self) -> bool:
        """Whether anybody here hears the meeting."""

    def add_publication(self, publication: Publication, now: float) -> None: ...
    def add_layer(self, publication: Publication, now: float) -> None: ...
    def remove_publication(self, publication: Publication, now: float) -> None: ...


#: Sends RTCP packets over the relay, in one datagram.
Send = Callable[[list[rtcp.RtcpPacket]], None]


class RelayIn:
    """The streams that one node offers on one relay. `ssrc` is ours as their receiver; `mark` fans out what came."""

    def __init__(
        self,
        *,
        ssrc: int,
        destination: Destination,
        send: Send,
        mark: Callable[[Layer], None],
        forget: Callable[[int], None],
        counters: Counter[str],
        to_unix: Callable[[float], float],
        clock: Callable[[], float],
    ) -> None:
        """`forget` is told SSRCs that have ended."""
        self.layers: dict[int, RemoteLayer] = {}
        self.ssrc = ssrc
        self._destination = destination
        self._send = send
        self._mark = mark
        self._forget = forget
        self._counters = counters
        self._to_unix = to_unix
        self._clock = clock
        self._asked: dict[int, RemoteLayer] = {}
        self._heard: set[int] = set()
        self._offsets: dict[str, float] = {}  # of the sources' clocks, by peer

    # --- what there is --------------------------------------------------------------------------------

    def stream(self, data: dict[str, Any], now: float) -> None:
        """Control tells a stream of the far node; an open one may be told again. Raises KeyError, ValueError, TypeError
        for what does not follow the contract."""
        ssrc = int(data["ssrc"])
        if data["state"] != "open":
            self._end({ssrc}, now)
        elif ssrc not in self.layers:
            self._begin(ssrc, data, now)

    def told(self, ssrcs: set[int], now: float) -> None:
        """These are all the far node has: whatever else is here has ended."""
        self._end(set(self.layers) - ssrcs, now)

    def _begin(self, ssrc: int, data: dict[str, Any], now: float) -> None:
        publication = self._publication(data)
        layer = RemoteLayer(
            publication,
            ssrc=ssrc,
            describe=DESCRIBE[publication.codec.name],
            ask_key_frame=lambda: self._want(layer),
            rid=str(data["rid"]),
            rank=int(data["rank"]),
        )
        layer.active = False
        if data.get("width"):
            layer.size = int(data["width"]), int(data["height"])
        layer.rates.cumulative_bps = tuple(int(rate) for rate in data.get("rates") or ())
        first = not publication.layers
        self.layers[ssrc] = layer
        publication.add_layer(layer)
        if first:
            self._destination.add_publication(publication, now)
        else:
            self._destination.add_layer(publication, now)

    def _publication(self, data: dict[str, Any]) -> Publication:
        """The publication this stream is a layer of; a new one for the first of them."""
        key = (str(data["peer"]), str(data["kind"]), str(data["source"]))
        for layer in self.layers.values():
            known = layer.publication
            if (known.peer, known.kind, known.source) == key:
                return known
        microphone = None
        if key[1] == "audio":
            microphone = Microphone(object(), str(data["participant"]), bool(data["levels"]), remote=True)
        codec = Codec(
            str(data["codec"]), int(data["clock_rate"]), int(data["channels"]), str(data["fmtp"] or "")
        )
        return Publication(
            participant=str(data["participant"]),
            peer=key[0],
            kind=key[1],
            codec=codec,
            source=key[2],
            rids=tuple(str(rid) for rid in data["rids"]),
            microphone=microphone,
            remote=True,
            replays=bool(data.get("replays")),
            twin=bool(data.get("twin")),
        )

    def _end(self, ssrcs: set[int], now: float) -> None:
        ended = {ssrc: layer for ssrc in ssrcs if (layer := self.layers.pop(ssrc, None)) is not None}
        for ssrc in ended:
            self._asked.pop(ssrc, None)
            self._heard.discard(ssrc)
            self._forget(ssrc)
        left = {layer.publication for layer in self.layers.values()}
        for publication in {layer.publication for layer in ended.values()} - left:
            self._destination.remove_publication(publication, now)
            if not any(other.peer == publication.peer for other in left):
                self._offsets.pop(publication.peer, None)

    def close(self, now: float) -> None:
        """The relay has closed."""
        self._end(set(self.layers), now)

    # --- what comes -----------------------------------------------------------------------------------

    def receive_rtp(self, packet: memoryview, now: float) -> None:
        """An authentic packet of a stream that is known."""
        try:
            header = rtp.read_header(packet)
        except RtpError:
            self._counters["rtp_malformed"] += 1
            return
        layer = self.layers[header.ssrc]
        payload = bytes(packet[header.payload_offset : header.payload_end])
        if layer.receive(header.sequence, header.timestamp, header.marker, payload, now):
            self._mark(layer)

    def receive_rtcp(self, packet: rtcp.RtcpPacket, now: float) -> None:
        """What the far node says of its streams. Raises RtcpError if it is cut short."""
        if isinstance(packet, rtcp.SenderReport):
            self._take_clock(packet, now)
        elif isinstance(packet, rtcp.Unknown):
            levels = relay_app.read_levels(packet)
            if levels is not None:
                self._take_levels(levels, now)
            for note in relay_app.read_layers(packet) or ():
                layer = self.layers.get(note.ssrc)
                if layer is not None:
                    layer.take_note(note)

    def _take_clock(self, report: rtcp.SenderReport, now: float) -> None:
        layer = self.layers.get(report.ssrc)
        if layer is None:
            return
        peer, source = layer.publication.peer, ntp.to_unix(report.ntp)
        offset = self._to_unix(now) - source
        # One offset for all streams of a peer, kept while it holds: sound and picture stay in step.
        known = self._offsets.get(peer)
        if known is None or abs(offset - known) > _CLOCK_STEP_S:
            self._offsets[peer] = known = offset
        layer.take_sender_report(report, SourceClock(source + known, report.timestamp), now)

    def _take_levels(self, levels: dict[int, int], now: float) -> None:
        self._heard = set()
        for ssrc, level in levels.items():
            layer = self.layers.get(ssrc)
            microphone = layer.publication.microphone if layer is not None else None
            if microphone is not None:
                self._heard.add(ssrc)
                microphone.told(level, now)

    # --- what is wanted -------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Ask for what is missing and for key frames that are due. To be called every 20 ms."""
        for ssrc, layer in self._asked.items():
            layer.key_frames.tick(now)
            missing = layer.gaps.due(now)
            if missing:
                self._send([rtcp.Nack(self.ssrc, ssrc, tuple(number & 0xFFFF for number in missing))])

    def demand(self, now: float) -> None:
        """Ask for the layers that somebody here takes, and for no others. To be called every 100 ms."""
        listens = self._destination.listens
        entries = []
        for ssrc, layer in self.layers.items():
            wanted = layer.used if layer.kind == "video" else layer.used or (listens and ssrc in self._heard)
            if wanted and now - layer.refreshed_at >= REFRESH_S:
                entries.append(self._resume(layer, now))
            elif not wanted and layer.asked:
                layer.asked = False
                layer.refreshed_at = float("-inf")
                layer.pause_id = (layer.pause_id + 1) & 0xFFFF
                layer.activate(False, now)
                layer.gaps.clear()
                self._asked.pop(ssrc, None)
                entries.append(rtcp.PauseEntry(rtcp.PauseKind.PAUSE, ssrc, layer.pause_id))
        for start in range(0, len(entries), 100):
            self._send([rtcp.PauseResume(self.ssrc, tuple(entries[start : start + 100]))])

    def _resume(self, layer: RemoteLayer, now: float) -> rtcp.PauseEntry:
        if not layer.asked:
            layer.asked, layer.asked_at = True, now
            layer.activate(True, now)
            self._asked[layer.ssrc] = layer
        layer.refreshed_at = now
        return rtcp.PauseEntry(rtcp.PauseKind.RESUME, layer.ssrc, layer.pause_id)

    def _want(self, layer: RemoteLayer) -> None:
        """Somebody waits for this picture: ask for it at once, and for a key frame of it."""
        now = self._clock()
        resume = rtcp.PauseResume(self.ssrc, (self._resume(layer, now),))
        self._send([resume, rtcp.Pli(self.ssrc, layer.ssrc)])
