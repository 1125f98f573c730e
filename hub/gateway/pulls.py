"""From demand to pull: a stream of a camera is pulled while somebody at some node asks for it, once for all of them.

Numbers and time stamps of what leaves go on over reboots of the camera and over pauses of the pull, so that viewers see a
still picture, and then the present one, in the same slot.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from hub.gateway.camera_layer import CameraLayer
from hub.gateway.child import Children
from hub.gateway.choice import Expected
from hub.gateway.clock import RATE, Stamps
from hub.gateway.clock_told import ClockTold
from hub.gateway.fit import Fit, Fitted
from hub.gateway.pictures import described_sets
from hub.gateway.rtsp_port import Sink, State, Target
from hub.gateway.sink import Valve
from hub.gateway.transcode import Raw, Transcoder, transcodes
from hub.media.ingest.layer import Layer
from hub.wire.sdp_rtsp import Track

log = logging.getLogger(__name__)

#: How long after the last who asked for it a stream is still pulled: who comes back, or switches tiles, has it at once. With
#: the time in which a node misses who has gone without a word (SILENCE_S, and a turn of 1 s) it is less than 15 s.
KEEP_S: Final = 7.5
#: So long after a pull began its picture is still expected, and a picture that stands still for so long is taken for gone.
EXPECTED_S: Final = 4.0
STILL_S: Final = 1.5
#: So long may packets come of which nothing can be shown, after pictures that could: then somebody has set the camera to
#: another codec, and it is asked anew what it sends. Some go on in the same conversation without a word.
UNREAD_S: Final = 4.0
#: A camera that refused name or password is not dialled anew for each viewer: some lock out who tries too often.
REFUSED_REST_S: Final = 30.0
#: The only codec that is passed on as it comes.
PASSED_ON: Final = "h264"


class Tap(Protocol):
    """Who is given what comes of the picture besides: hub.gateway.twin.Twin. It is pulled as long."""

    def described(self, track: Track | None) -> None: ...
    def rtp(self, packet: memoryview) -> None: ...


class Puller(Protocol):
    """One conversation with a camera, with its second tries: hub.gateway.rtsp_port.RtspPull."""

    def start(self) -> None: ...
    def close(self) -> None: ...
    def dump(self) -> dict[str, object]: ...


Opener = Callable[[Target, Sink], Puller]


class Pull:
    """One stream of one camera, from the first who asks for it.

    `layers` are its places: one in each meeting it is offered in. `state` and `reason` are as the puller tells them, `idle`
    while nothing is pulled, `unplayable` where no browser shows what comes. `on_news` is told when they change; `mark` has
    what was put into a layer fanned out.
    """

    def __init__(
        self,
        rid: str,
        target: Target,
        opener: Opener,
        clock: Callable[[], float],
        to_unix: Callable[[float], float],
        *,
        mark: Callable[[Layer], None],
        children: Children,
        on_news: Callable[[], None],
    ) -> None:
        self.rid = rid
        self.target = target
        self.layers: list[CameraLayer] = []
        self.tap: Tap | None = None
        self.expected = Expected()
        self.state = "idle"
        self.reason = ""
        self.codec = ""
        self._opener = opener
        self._clock = clock
        self._clock_told = ClockTold(to_unix)
        self._mark = mark
        self._children = children
        self._on_news = on_news
        self._puller: Puller | None = None
        self._taking: Valve | None = None
        self._fit = Fit(Stamps(RATE))
        self._track: Track | None = None
        self._bad = ""
        self._raw: Raw | None = None
        self._transcoder: Transcoder | None = None
        self._made = 0  # NAL units that came out of transcoders
        self._flows = False
        self._began_at = self._wanted_at = self._came_at = self._heard_at = float("-inf")
        self._rests_until = 0.0

    # -- demand

    @property
    def wanted(self) -> bool:
        """Whether anybody takes it, or waits for it."""
        held = self._transcoder is not None or self.tap is not None
        return held or any(layer.used for layer in self.layers)

    @property
    def open(self) -> bool:
        """Whether it is pulled now."""
        return self._puller is not None

    @property
    def track(self) -> Track | None:
        """What its picture is, as the camera described it; None before it did."""
        return self._track if self._puller is not None else None

    def asked(self) -> None:
        """Somebody waits for it."""
        self.look(self._clock())

    def look(self, now: float) -> None:
        """Begin, or end, what is to be. To be called when somebody begins to wait, and every 100 ms."""
        if self.wanted:
            self._wanted_at = now
            if self._puller is None and now >= self._rests_until:
                self._begin(now)
        elif self._puller is not None and now - self._wanted_at >= KEEP_S:
            self.stop(now)
        if self._flows and not self._bad and self._came_at - self._heard_at > UNREAD_S:
            self._hang_up()
            self._begin(now)
        if self._transcoder is not None:
            self._transcoder.look(now)
        if self._puller is not None and self.state == "playing":
            self._clock_told.look(self.layers, self._fit.stamps.at, now)

    def hold(self, now: float) -> bool:
        """Have it pulled from now on as if somebody had just let go of it; false while it rests."""
        if self._puller is None and now < self._rests_until:
            return False
        self._wanted_at = now
        if self._puller is None:
            self._begin(now)
        return True

    def _begin(self, now: float) -> None:
        self._began_at, self._bad, self._raw, self._flows = now, "", None, False
        self._came_at = self._heard_at = float("-inf")
        self._taking = Valve(self)
        self._puller = self._opener(self.target, self._taking)
        self._puller.start()

    def stop(self, now: float) -> None:
        """Let go of the camera at once."""
        self.transcode(False)
        self._raw = None
        if self._puller is None:
            return
        if self.state == "refused":
            self._rests_until = now + REFUSED_REST_S
        self._hang_up()
        for layer in self.layers:
            layer.stopped()
        self._say("idle", "")

    def _hang_up(self) -> None:
        """End the conversation; what it still says is heard by nobody."""
        puller, self._puller = self._puller, None
        taking, self._taking = self._taking, None
        if taking is not None:
            taking.taker = None
        if puller is not None:
            puller.close()

    def redirect(self, target: Target, now: float) -> None:
        """The camera is reached elsewhere, or by another name, from now on."""
        if target != self.target or target.password != self.target.password:
            self.target = target
            self._rests_until = 0.0
            self.stop(now)
            self.look(now)

    def promising(self, now: float) -> bool:
        """Whether it comes, or would soon if it were asked for."""
        if self._bad:
            return self._transcoder is not None
        if self._puller is None:
            return now >= self._rests_until
        return now - self._heard_at < STILL_S or now - self._began_at < EXPECTED_S

    # -- where no browser shows it

    @property
    def bad(self) -> str:
        """Why no browser shows what comes; empty where one does, or nothing came yet."""
        return self._bad

    @property
    def raw(self) -> Raw | None:
        """What comes of a stream that is bad, where its pictures can be put together here."""
        return self._raw

    @property
    def transcoding(self) -> bool:
        """Whether it is transcoded, or about to be."""
        return self._transcoder is not None

    def transcode(self, on: bool) -> None:
        """Have a stream that is bad transcoded from now on, or no more. It is pulled as long, whoever asks for it."""
        if on and self._transcoder is None and self._raw is not None:
            # From here on what leaves is what the child makes; its numbers go on.
            self._fit = Fit(self._fit.stamps, sequence=self._fit.sequence)
            self._transcoder = Transcoder(
                self._raw, self._clock, self._children, self._transcoded, self._troubled
            )
            self._say("connecting", "no_key_frame")
        elif not on and self._transcoder is not None:
            self._transcoder.close()
            self._transcoder = None
            self._flows = False
            if self._bad:
                self._say("unplayable", self._bad)

    def _transcoded(self, units: list[bytes], timestamp: int, now: float) -> None:
        """A picture came out of the transcoder."""
        for number, unit in enumerate(units, 1):
            self._made += 1
            ends = number == len(units)
            for fitted in self._fit.payload(unit, self._made & 0xFFFF, timestamp & 0xFFFF_FFFF, ends, now):
                self._pass_on(fitted, now)

    def _troubled(self) -> None:
        """Its child has ended; until the next one works there are pictures, with words."""
        self._flows = False
        self._say("unplayable", "transcode_failed")

    def _is_bad(self, why: str, described: Sequence[bytes]) -> None:
        self._bad, self._flows = why, False
        self._raw = Raw(self.codec, described) if transcodes(self.codec) else None
        self._say("unplayable", why)

    # -- what comes

    def described(self, tracks: Sequence[Track]) -> None:
        """A connection stands, with these tracks."""
        self._flows = False
        self._track = track = next((each for each in tracks if each.kind == "video"), None)
        if self.tap is not None:
            self.tap.described(track)
        if track is None:
            return
        self._fit.stamps.anew(track.clock_rate, track.fps)
        if self._transcoder is not None and track.codec == self.codec:
            # What it is fed goes on from the next key picture on, over a reboot of the camera.
            self._fit.anew()
            return
        self.transcode(False)
        self.codec, self._bad, self._raw = track.codec, "", None
        if track.codec != PASSED_ON:
            known = described_sets(track.codec, track.fmtp) if transcodes(track.codec) else ()
            self._is_bad(f"codec_{track.codec or 'unknown'}", known)
            return
        if self._made:
            # What it knows of is what transcoders made.
            self._fit, self._made = Fit(self._fit.stamps, sequence=self._fit.sequence), 0
        self._fit.anew(described_sets(track.codec, track.fmtp))

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        """A packet came."""
        if track is not self._track:
            return
        self._came_at = now
        if self.tap is not None:
            self.tap.rtp(packet)
        if self._bad:
            if self._raw is not None:
                made = self._raw.take(packet)
                if self._transcoder is not None:
                    self._transcoder.take(made)
            return
        for fitted in self._fit.take(packet, now):
            self._pass_on(fitted, now)
        if (why := self._fit.unplayable) is not None:
            # Browsers show one of twenty pictures then, or none, without an error.
            self._is_bad(why, described_sets(track.codec, track.fmtp))

    def _pass_on(self, fitted: Fitted, now: float) -> None:
        self._heard_at = now
        if not self._flows:
            self._flows = True
            self._say("playing", "")
        for layer in self.layers:
            if layer.receive(fitted.sequence & 0xFFFF, fitted.timestamp, fitted.marker, fitted.payload, now):
                self._mark(layer)

    def told(self, state: State, reason: str) -> None:
        """What the puller says of itself."""
        if state == "playing" and not self._flows:
            # Packets come: what can be shown begins with the next key frame.
            waits = not self._bad or self._transcoder is not None
            state, reason = ("connecting", "no_key_frame") if waits else ("unplayable", self._bad)
        self._say(state, reason)

    def _say(self, state: str, reason: str) -> None:
        if (state, reason) != (self.state, self.reason):
            self.state, self.reason = state, reason
            self._on_news()

    # -- what it is like

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture that leaves; as the camera tells it until one did, as it was found last until then;
        0 while not known."""
        return self._fit.size or (self._track.size if self._track is not None else None) or self.expected.size

    @property
    def fps(self) -> int:
        """Pictures a second, as they come."""
        return round(1 / self._fit.stamps.picture_s)

    @property
    def bps(self) -> int:
        """Bits a second, as they come; 0 while not known."""
        rates = (layer.rates.cumulative_bps[-1] for layer in self.layers if layer.rates.cumulative_bps)
        return max(rates, default=0)

    def dump(self) -> dict[str, Any]:
        """For people."""
        return {
            "rid": self.rid,
            "state": self.state,
            "reason": self.reason,
            "wanted": self.wanted,
            "puller": self._puller.dump() if self._puller is not None else None,
            "fit": self._fit.dump(),
            "transcoder": self._transcoder.dump() if self._transcoder is not None else None,
        }
