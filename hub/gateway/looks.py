"""One look at a camera: what it is like (`camera.probe`), and one picture of it (`camera.picture`).

A camera that is pulled already is not dialled again. Pictures are decoded by a child process of low priority; nothing that
cameras send is decoded here.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hub.errors import Refusal
from hub.gateway.camera import Camera
from hub.gateway.cameras import Cameras
from hub.gateway.clock import RATE, Stamps
from hub.gateway.decoders import Decoders
from hub.gateway.fit import Fit
from hub.gateway.pictures import CODECS, Picture, Pictures, described_sets
from hub.gateway.pulls import Opener, Pull
from hub.gateway.rtsp_port import State, Target
from hub.wire.h264 import described_sets as h264_sets
from hub.wire.rtp import read_header
from hub.wire.rtp_header import RtpError
from hub.wire.sdp_rtsp import Track

#: How long a camera may take to its first key picture, and how long it is then looked at.
LOOK_S: Final = 8.0
MEASURE_S: Final = 1.5
#: Cameras that are looked at at the same time.
LOOKS_AT_ONCE: Final = 16
#: How often it is looked whether the key picture that is waited for has come.
_WAIT_S: Final = 0.1
#: Reasons that say that there is nobody, or nobody who lets one in.
_REFUSED: Final = frozenset({"credentials", "forbidden"})
_SILENT: Final = frozenset({"silent", "no_key_frame"})


class _Look:
    """A Sink that looks at one stream."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.track: Track | None = None
        self.reason = ""
        self.first: Picture | None = None
        self.arrived = asyncio.Event()
        self.failed = asyncio.Event()
        self.octets = 0
        self.fit = Fit(Stamps(RATE))
        self._clock = clock
        self._first_at = 0.0
        self._pictures: Pictures | None = None

    def described(self, tracks: Sequence[Track]) -> None:
        """Sink: a connection stands."""
        self.track = track = next((each for each in tracks if each.kind == "video"), None)
        if track is None or track.codec not in CODECS:
            self.reason = f"codec_{track.codec}" if track is not None else "no_video"
            self.failed.set()
            return
        self._pictures = Pictures(track.codec, described_sets(track.codec, track.fmtp))
        self.fit.stamps.anew(track.clock_rate, track.fps)
        self.fit.anew(h264_sets(track.fmtp) if track.codec == "h264" else ())

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        """Sink: a packet came."""
        if track is not self.track or self._pictures is None:
            return
        self.octets += len(packet) if self.first is not None else 0
        if track.codec == "h264":
            # Put right first: what cameras forget, decoders miss.
            for each in self.fit.take(packet, now):
                self._take(self._pictures.take(each.payload, each.timestamp, each.marker), now)
            return
        try:
            head = read_header(packet)
        except RtpError:
            return
        payload = packet[head.payload_offset : head.payload_end]
        self._take(self._pictures.take(payload, head.timestamp, head.marker), now)

    def _take(self, pictures: list[Picture], now: float) -> None:
        for picture in pictures:
            if picture.key and self.first is None:
                self.first, self._first_at = picture, now
                self.arrived.set()

    def state(self, state: State, reason: str) -> None:
        """Sink: how it stands."""
        if state in ("refused", "reconnecting", "unplayable"):
            self.reason = reason
            self.failed.set()

    async def has_begun(self) -> bool:
        """Whether a key picture comes in time."""
        waits = [asyncio.ensure_future(each.wait()) for each in (self.arrived, self.failed)]
        try:
            await asyncio.wait(waits, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not self.arrived.is_set() and not self.failed.is_set():
            self.reason = "no_key_frame" if self.track is not None else "timeout"
        return self.arrived.is_set()

    def facts(self, rid: str) -> dict[str, Any]:
        """What was found of the stream."""
        track = self.track
        width, height = self.fit.size or (track.size if track is not None else None) or (0, 0)
        passed = self._clock() - self._first_at
        measured = self.first is not None and passed > 0
        return {
            "layer": rid,
            "codec": track.codec.upper() if track is not None else "",
            "width": width,
            "height": height,
            "fps": round(1 / self.fit.stamps.picture_s)
            if self.fit.pictures
            else round(track.fps or 0)
            if track
            else 0,
            "bps": round(self.octets * 8 / passed) if measured else 0,
        }


class Looks:
    """Looks at cameras, a few at a time."""

    def __init__(self, cameras: Cameras, opener: Opener, clock: Callable[[], float]) -> None:
        self._cameras = cameras
        self._opener = opener
        self._clock = clock
        self._turn = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._decoders = Decoders()

    async def probe(self, targets: Mapping[str, Target]) -> dict[str, Any]:
        """Dial it, look, hang up: `state` (ok, away, refused, silent, unplayable), `reason`, `streams`."""
        async with self._turn:
            found = await asyncio.gather(*(self._look(rid, target) for rid, target in targets.items()))
        best = min(found, key=lambda each: _STATES.index(each[0]))
        return {"state": best[0], "reason": best[1], "streams": [facts for _, _, facts in found if facts]}

    async def _look(self, rid: str, target: Target) -> tuple[str, str, dict[str, Any] | None]:
        look = _Look(self._clock)
        puller = self._opener(target, look)
        puller.start()
        try:
            if await look.has_begun():
                await asyncio.sleep(MEASURE_S)
            state, reason = _verdict(look)
            return state, reason, look.facts(rid) if look.track is not None else None
        finally:
            puller.close()

    async def picture(
        self, camera: str, targets: Mapping[str, Target], *, series: bool = False
    ) -> dict[str, Any]:
        """One picture, JPEG in base64, with its size in bytes. `series`: more will be asked for soon, so that a camera that is
        brought somewhere is pulled meanwhile, and not dialled for each. Raises Refusal("unavailable") where none is to be had.
        """
        known = self._cameras.by_id.get(camera)
        if series and known is not None and known.hold(self._clock()):
            await self._awaited(known)
        found = self._of_those_pulled(camera)
        if found is None:
            async with self._turn:
                found = await self._dialled(targets)
        codec, picture = found
        jpeg = await self._decoders.jpeg(codec, picture.data)
        return {"jpeg": base64.b64encode(jpeg).decode(), "bytes": len(jpeg)}

    async def _awaited(self, camera: Camera) -> None:
        """Until a stream of it that is pulled has a key picture. Raises Refusal("unavailable") where none comes in time."""
        until = self._clock() + LOOK_S
        while self._of_those_pulled(camera.camera) is None:
            told = camera.state()
            if told["state"] in ("refused", "reconnecting") or self._clock() > until:
                why = told["reason"] or "timeout"
                raise Refusal("unavailable", f"the camera gives no picture: {why}", why)
            await asyncio.sleep(_WAIT_S)

    async def close(self) -> None:
        """Leave no process behind."""
        await self._decoders.close()

    def _of_those_pulled(self, camera: str) -> tuple[str, Picture] | None:
        """The last key picture of a stream that comes already, the largest one first."""
        known = self._cameras.by_id.get(camera)
        pulls = sorted(known.pulls.values(), key=lambda pull: -pull.size[0]) if known is not None else []
        for pull in pulls:
            if pull.state == "playing" and (picture := _last_key(pull)) is not None:
                return "h264", picture
            if pull.raw is not None and pull.raw.kept:
                return pull.raw.codec, pull.raw.kept[0]
        return None

    async def _dialled(self, targets: Mapping[str, Target]) -> tuple[str, Picture]:
        look = _Look(self._clock)
        puller = self._opener(targets.get("main") or next(iter(targets.values())), look)
        puller.start()
        try:
            if not await look.has_begun() or look.first is None or look.track is None:
                raise Refusal("unavailable", f"the camera gives no picture: {look.reason}", look.reason)
            return look.track.codec, look.first
        finally:
            puller.close()


#: From the best to the worst.
_STATES: Final = ("ok", "unplayable", "silent", "refused", "away")


def _verdict(look: _Look) -> tuple[str, str]:
    """What is said of a camera after a look at one of its streams: (state, reason)."""
    if look.first is not None and look.track is not None:
        if look.track.codec != "h264":
            return "unplayable", f"codec_{look.track.codec}"
        return ("unplayable", why) if (why := look.fit.unplayable) is not None else ("ok", "")
    if look.reason in _REFUSED:
        return "refused", look.reason
    if look.reason in _SILENT:
        return "silent", look.reason
    if look.reason.startswith("codec_") or look.reason == "no_video":
        return "unplayable", look.reason
    return "away", look.reason


def _last_key(pull: Pull) -> Picture | None:
    """The key picture with which who joins begins, as it is kept for them."""
    for layer in pull.layers:
        if layer.key_seq < 0:
            continue
        pictures = Pictures("h264")
        for seq in range(layer.key_seq, layer.newest_seq + 1):
            packet = layer.cache.get(seq)
            if packet is None:
                break
            for picture in pictures.take(packet.payload, packet.timestamp, bool(packet.marker)):
                if picture.key:
                    return picture
    return None
