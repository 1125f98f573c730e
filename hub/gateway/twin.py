"""A camera's picture once more, for viewers whose browsers take no H264: VP8, made by a child process while one watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hub.gateway.camera_layer import CameraLayer
from hub.gateway.child import Children
from hub.gateway.clock import RATE, Stamps
from hub.gateway.clock_told import ClockTold
from hub.gateway.pictures import described_sets
from hub.gateway.pulls import Pull
from hub.gateway.transcode import Raw, Transcoder, transcodes
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import CAMERA, Codec
from hub.wire import vp8
from hub.wire.sdp_rtsp import Track

VP8: Final = Codec("vp8", 90_000, 1, "")


class Twin:
    """One camera's: a layer in each place, all fed by what the child makes of one stream that is pulled.

    `state`: empty while nobody watches; connecting, playing; `quota` where there is no place for it, `failed` where its child
    ended or the stream is none that can be decoded.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        to_unix: Callable[[float], float],
        *,
        mark: Callable[[Layer], None],
        children: Children,
        on_news: Callable[[], None],
    ) -> None:
        self.state = ""
        self.layers: list[CameraLayer] = []
        self._clock = clock
        self._clock_told = ClockTold(to_unix)
        self._mark = mark
        self._children = children
        self._on_news = on_news
        self._pull: Pull | None = None
        self._track: Track | None = None
        self._raw: Raw | None = None
        self._transcoder: Transcoder | None = None
        self._stamps = Stamps(RATE)
        self._sequence = self._picture = 0

    # -- its places

    @property
    def used(self) -> bool:
        """Whether anybody takes it, or waits for it."""
        return any(layer.used for layer in self.layers)

    @property
    def of(self) -> str | None:
        """The stream that it is made of now."""
        return self._pull.rid if self._pull is not None else None

    def publish(self, participant: str) -> Publication:
        """It in one place."""
        publication = Publication(
            participant=participant,
            peer=f"gateway:{participant}:{VP8.name}",
            kind="video",
            codec=VP8,
            source=CAMERA,
            replays=True,
            twin=True,
        )
        layer = CameraLayer(publication, rid="", rank=0, asked=lambda: None, promising=lambda now: True)
        publication.add_layer(layer)
        self.layers.append(layer)
        return publication

    def unpublish(self, publication: Publication) -> None:
        """It is in that place no more."""
        self.layers = [layer for layer in self.layers if layer.publication is not publication]

    # -- what it is made of

    def look(self, pull: Pull | None, *, full: bool, now: float) -> None:
        """Every 100 ms: it is made of this stream from now on, or not at all; `full`: for want of a place."""
        if pull is not self._pull:
            self._let_go()
            self._pull = pull
            if pull is not None:
                pull.tap = self
                if pull.track is not None:
                    self.described(pull.track)
        if pull is None:
            self._say("quota" if full else "")
            return
        if self.state in ("", "quota"):
            self._say("connecting")
        if self._transcoder is not None:
            self._transcoder.look(now)
        if self.state == "playing":
            self._clock_told.look(self.layers, self._stamps.at, now)

    def stop(self) -> None:
        """End it at once."""
        self._let_go()
        self._say("")

    def _let_go(self) -> None:
        if self._pull is not None and self._pull.tap is self:
            self._pull.tap = None
        self._pull = self._track = None
        self._end_child()
        for layer in self.layers:
            layer.stopped()

    def _end_child(self) -> None:
        if self._transcoder is not None:
            self._transcoder.close()
            self._transcoder = None

    def described(self, track: Track | None) -> None:
        """Tap: the camera tells what it sends; over its reboot the child goes on with the next key picture."""
        self._stamps.anew(RATE, track.fps if track is not None else None)
        before, self._track = self._track, track
        if track is None:
            return
        if before is not None and before.codec == track.codec and self._transcoder is not None:
            return
        self._end_child()
        if not transcodes(track.codec):
            self._raw = None
            self._say("failed")
            return
        self._raw = Raw(track.codec, described_sets(track.codec, track.fmtp))
        self._transcoder = Transcoder(
            self._raw, self._clock, self._children, self._made, lambda: self._say("failed"), to=VP8.name
        )
        self._say("connecting")

    def rtp(self, packet: memoryview) -> None:
        """Tap: a packet of the picture came."""
        if self._raw is not None and self._transcoder is not None:
            self._transcoder.take(self._raw.take(packet))

    def _made(self, frames: list[bytes], timestamp: int, now: float) -> None:
        """A picture came out of the child."""
        for frame in frames:
            stamp = self._stamps.take(timestamp & 0xFFFF_FFFF, now)
            self._picture += 1
            parts = vp8.payloads(frame, self._picture)
            for number, payload in enumerate(parts, 1):
                self._sequence += 1
                for layer in self.layers:
                    if layer.receive(self._sequence & 0xFFFF, stamp, number == len(parts), payload, now):
                        self._mark(layer)
        self._say("playing")

    def _say(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self._on_news()

    def dump(self) -> dict[str, Any]:
        """For people."""
        return {
            "state": self.state,
            "of": self.of,
            "transcoder": self._transcoder.dump() if self._transcoder is not None else None,
        }
