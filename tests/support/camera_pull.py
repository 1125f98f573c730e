"""Pulling cameras in tests: who takes what comes, and looks at it as a decoder would."""

from __future__ import annotations

import time
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

import av
from PIL import Image

from clients.camera.scene import read_number
from hub.gateway.clock import Stamps
from hub.gateway.fit import Fit, Fitted
from hub.gateway.rtsp_port import RtspPull
from hub.gateway.sink import State, Target
from hub.gateway.turns import Turns
from hub.wire import h264
from hub.wire.sdp_rtsp import Track
from tests.support.waiting import eventually

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Taken:
    """A sink that fits what comes and keeps it."""

    def __init__(self) -> None:
        self.tracks: Sequence[Track] = ()
        self.states: list[tuple[str, str]] = []
        self.fit: Fit | None = None
        self.out: list[Fitted] = []
        self.arrived: list[float] = []
        self.sound = 0
        self.packets = 0

    def described(self, tracks: Sequence[Track]) -> None:
        self.tracks = tracks
        sets = h264.described_sets(tracks[0].fmtp)
        if self.fit is None:
            self.fit = Fit(Stamps(tracks[0].clock_rate, tracks[0].fps), sets)
        else:
            self.fit.anew(sets)
            self.fit.stamps.anew(tracks[0].clock_rate, tracks[0].fps)

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        if track.kind == "audio":
            self.sound += 1
            return
        assert self.fit is not None
        self.packets += 1
        fitted = self.fit.take(packet, now)
        self.out += fitted
        self.arrived += [now] * len(fitted)

    def state(self, state: State, reason: str) -> None:
        self.states.append((state, reason))

    @property
    def pictures(self) -> int:
        """How many came whole."""
        return sum(each.marker for each in self.out)

    def has(self, pictures: int) -> bool:
        """For `eventually`: whether so many came whole."""
        assert self.pictures >= pictures, (
            f"{self.pictures} of {pictures} pictures, {self.states}, {self.dropped}"
        )
        return True

    def is_in(self, *states: str) -> bool:
        """For `eventually`: whether the pull is in one of these states."""
        assert self.states, "no state yet"
        assert self.states[-1][0] in states, f"{self.states[-3:]}, not {states}"
        return True

    @property
    def dropped(self) -> dict[str, int]:
        """What did not leave, by reason."""
        return dict(self.fit.dropped) if self.fit is not None else {}


def pull_of(target: Target, taken: Taken, **more: Any) -> RtspPull:
    return RtspPull(target, taken, time.monotonic, networks=LOOPBACK, turns=Turns(), **more)


async def pulled(target: Target, pictures: int = 20, timeout_s: float = 15.0) -> Taken:
    """What came of a camera until so many pictures were whole."""
    taken = Taken()
    pull = pull_of(target, taken)
    pull.start()
    try:
        await eventually(lambda: taken.has(pictures), timeout_s)
    finally:
        pull.close()
    return taken


def annex_b(out: Sequence[Fitted]) -> bytes:
    """Payloads of packetization mode 1 put together, as a receiver does."""
    data = bytearray()
    for each in out:
        payload = each.payload
        if payload[0] & 0x1F == h264.FU_A:
            if payload[1] & 0x80:
                data += b"\0\0\0\1" + bytes((payload[0] & 0xE0 | payload[1] & 0x1F,))
            data += payload[2:]
        else:
            for unit in h264.whole_units(payload):
                data += b"\0\0\0\1" + unit
    return bytes(data)


def numbers(out: Sequence[Fitted]) -> list[int]:
    """The numbers that stand in the pictures that are whole, in the order in which a decoder shows them."""
    ends = [index for index, each in enumerate(out) if each.marker]
    out = out[: ends[-1] + 1]
    decoder: Any = av.CodecContext.create("h264", "r")
    frames: list[Any] = []
    for packet in [*decoder.parse(annex_b(out)), *decoder.parse(b"")]:
        frames += decoder.decode(packet)
    frames += decoder.decode(None)
    return [read_number(image) for image in map(_image, frames)]


def _image(frame: Any) -> Image.Image:
    image: Image.Image = frame.to_image()
    return image
