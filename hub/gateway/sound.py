"""The sound of a camera, on wish: asked of the camera by a connection of its own while somebody hears it, and no longer.

Opus is passed on as it comes; G.711 and AAC are made into Opus by a child process (recordings.camera_sound). What leaves is
stamped by arrival, and goes on over reboots of the camera.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from hub.gateway.child import Child, Children
from hub.gateway.clock_told import ClockTold
from hub.gateway.pulls import Opener, Puller
from hub.gateway.rtsp_port import State, Target
from hub.gateway.sink import Valve
from hub.media.ingest.describe import DESCRIBE
from hub.media.ingest.layer import Layer
from hub.media.ingest.microphone import Microphone
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import CAMERA, Codec
from hub.wire import aac, opus
from hub.wire.rtp import read_header
from hub.wire.rtp_header import RtpError
from hub.wire.sdp_rtsp import Track

OPUS: Final = Codec("opus", opus.RATE, 2, "minptime=10;useinbandfec=1")
#: How loud a camera counts, in −dBov: behind everybody who speaks (so it takes nobody's place, and never the stage), before
#: everybody who is silent.
LEVEL: Final = 62
#: How long after the last who heard it the camera is still asked for it.
KEEP_S: Final = 2.0
#: A camera that refused is not dialled anew for each listener.
REFUSED_REST_S: Final = 30.0
#: What leaves may be off arrival by so much before it is put right.
_LAG_S: Final = 0.3
#: A sample's time stamp of 48 kHz, and a packet's usual length.
_PACKET: Final = 960
_MADE: Final = frozenset({"pcma", "pcmu", "aac"})


class Sound:
    """One camera's sound. `layers` are its places; `state` is empty while nobody hears it, else connecting, playing, away, or
    none, where the camera has no sound that can be heard here."""

    def __init__(
        self,
        target: Target,
        opener: Opener,
        clock: Callable[[], float],
        to_unix: Callable[[float], float],
        *,
        mark: Callable[[Layer], None],
        children: Children,
        on_news: Callable[[], None],
    ) -> None:
        self.layers: list[Layer] = []
        self.state = ""
        self._target = replace(target, kinds=("audio",))
        self._opener = opener
        self._clock = clock
        self._clock_told = ClockTold(to_unix)
        self._mark = mark
        self._children = children
        self._on_news = on_news
        self._puller: Puller | None = None
        self._valve: Valve | None = None
        self._child: Child | None = None
        self._track: Track | None = None
        self._framing: aac.Framing | None = None
        self._wanted_at = float("-inf")
        self._rests_until = 0.0
        self._origin: float | None = None
        self._stamp = self._sequence = 0
        self.left = 0

    # -- demand

    def publish(self, participant: str) -> Publication:
        """It in one meeting or place."""
        microphone = Microphone(object(), participant, has_levels=True)
        publication = Publication(
            participant=participant,
            peer=f"gateway:{participant}",
            kind="audio",
            codec=OPUS,
            source=CAMERA,
            microphone=microphone,
        )
        layer = Layer(
            publication,
            ssrc=secrets.randbelow(0xFFFF_FFFE) + 1,
            describe=DESCRIBE[OPUS.name],
            ask_key_frame=lambda: None,
        )
        publication.add_layer(layer)
        self.layers.append(layer)
        return publication

    def unpublish(self, publication: Publication) -> None:
        """It is in that place no more."""
        self.layers = [layer for layer in self.layers if layer.publication is not publication]

    def look(self, now: float) -> None:
        """Begin, or end, what is to be; every 100 ms."""
        if any(layer.used for layer in self.layers):
            self._wanted_at = now
            if self._puller is None and now >= self._rests_until:
                self._valve = Valve(self)
                self._puller = self._opener(self._target, self._valve)
                self._say("connecting")
                self._puller.start()
        elif self._puller is not None and now - self._wanted_at >= KEEP_S:
            self.stop(now)
        if self._child is not None:
            self._child.look(now)
        if self.state == "playing":
            self._clock_told.look(self.layers, self._stamp_at, now)

    def redirect(self, target: Target, now: float) -> None:
        """The camera is reached elsewhere, or by another name, from now on."""
        target = replace(target, kinds=("audio",))
        if target != self._target or target.password != self._target.password:
            self._target, self._rests_until = target, 0.0
            self.stop(now)

    def stop(self, now: float) -> None:
        """Let go of the camera at once."""
        puller, self._puller = self._puller, None
        if puller is None:
            return
        if self._valve is not None:
            self._valve.taker = None
        puller.close()
        self._end_child()
        self._track = None
        self._say("")

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    # -- what comes

    def described(self, tracks: Sequence[Track]) -> None:
        """Sink: a connection stands."""
        before, self._track = self._track, tracks[0] if tracks else None
        track = self._track
        if track is None:
            return
        if track.codec == "opus" or track.codec not in _MADE:
            self._end_child()
            self._say("connecting" if track.codec == "opus" else "none")
            return
        if self._child is not None and _alike(before, track):
            return
        self._end_child()
        config = "-"
        if track.codec == "aac":
            try:
                self._framing = aac.framing(track.fmtp)
            except aac.AacError:
                self._say("none")
                return
            config = self._framing.config.hex()
        words = ("recordings.camera_sound", track.codec, str(track.clock_rate), str(track.channels), config)
        self._child = Child(words, self._clock, self._made, lambda: None, lambda: self._say("connecting"))
        self._children.keep(self._child)

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        """Sink: a packet came."""
        if track is not self._track:
            return
        try:
            head = read_header(packet)
        except RtpError:
            return
        payload = packet[head.payload_offset : head.payload_end]
        if not payload:
            return
        if track.codec == "opus":
            self._leave(bytes(payload), opus.samples(payload) or _PACKET, now)
        elif self._child is None:
            return
        elif track.codec != "aac":
            self._child.give(head.timestamp, bytes(payload))
        elif self._framing is not None:
            try:
                for unit in aac.units(payload, self._framing):
                    self._child.give(head.timestamp, unit)
            except aac.AacError:
                return

    def told(self, state: State, reason: str) -> None:
        """What the puller says of itself."""
        if state == "unplayable":
            self._say("none")
        elif state in ("reconnecting", "refused"):
            self._say("away")
            if state == "refused":
                self._rests_until = self._clock() + REFUSED_REST_S

    def _made(self, number: int, data: bytes, now: float) -> None:
        self._leave(data, _PACKET, now)

    def _leave(self, payload: bytes, length: int, now: float) -> None:
        """One packet of Opus goes to all who hear it."""
        if self._origin is None:
            self._origin = now
        due = round((now - self._origin) * opus.RATE)
        if self._stamp == 0 or abs(due - self._stamp) > _LAG_S * opus.RATE:
            self._stamp = max(due, self._stamp)
        self._say("playing")
        self.left += 1
        for layer in self.layers:
            microphone = layer.publication.microphone
            assert microphone is not None
            microphone.hear(LEVEL, now)
            if layer.receive(self._sequence & 0xFFFF, self._stamp & 0xFFFF_FFFF, False, payload, now):
                self._mark(layer)
        self._sequence += 1
        self._stamp += length

    def _stamp_at(self, now: float) -> int:
        assert self._origin is not None
        return round((now - self._origin) * opus.RATE) & 0xFFFF_FFFF

    def _say(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self._on_news()

    def dump(self) -> dict[str, Any]:
        """For people."""
        return {
            "state": self.state,
            "left": self.left,
            "puller": self._puller.dump() if self._puller is not None else None,
            "child": self._child.dump() if self._child is not None else None,
        }


def _alike(before: Track | None, track: Track) -> bool:
    return before is not None and (before.codec, before.clock_rate, before.channels, before.fmtp) == (
        track.codec,
        track.clock_rate,
        track.channels,
        track.fmtp,
    )
