"""H264 as cameras and tools send it: real pictures, and the ways in which parameter sets come (RFC 6184 §8.4)."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Iterator

import numpy as np

from hub.wire import h264
from tests.support.media_files import Clip, Pixels, encode_pictures

FPS, KEY_EVERY = 30, 15
FMTP = "packetization-mode=1;profile-level-id=42e01f"
SPS, PPS, IDR = h264.SPS, h264.PPS, h264.IDR
#: Payloads of a picture, each with the time stamp it is sent under and whether it is marked as the last of a picture.
Cut = Callable[[list[bytes], int], list[tuple[int, bytes, bool]]]


@functools.cache
def clip(width: int = 320) -> Clip:
    height = width * 9 // 16

    def pictures() -> Iterator[Pixels]:
        noise = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
        for number in range(120):
            yield np.roll(noise, number * 3, axis=1)

    return encode_pictures("h264", pictures(), FPS, KEY_EVERY, 800_000)


def units_of(frame: bytes) -> list[bytes]:
    """The NAL units of an Annex B picture, SEI left out."""
    units = [unit.rstrip(b"\0") for unit in frame.split(b"\0\0\1")]
    return [unit for unit in units if unit and unit[0] & 0x1F != 6]


def fragments(unit: bytes, size: int = 900) -> list[bytes]:
    if len(unit) <= size:
        return [unit]
    parts = [unit[at : at + size] for at in range(1, len(unit), size)]
    flags = [(0x80 if not n else 0) | (0x40 if n == len(parts) - 1 else 0) for n in range(len(parts))]
    return [
        bytes([unit[0] & 0x60 | 28, flag | unit[0] & 0x1F]) + part
        for flag, part in zip(flags, parts, strict=True)
    ]


def sets(units: list[bytes]) -> list[bytes]:
    return [unit for unit in units if unit[0] & 0x1F in (SPS, PPS)]


def slices(units: list[bytes]) -> list[bytes]:
    return [part for unit in units if unit not in sets(units) for part in fragments(unit)]


def marked(payloads: list[bytes], stamp: int) -> list[tuple[int, bytes, bool]]:
    return [(stamp, payload, index == len(payloads) - 1) for index, payload in enumerate(payloads)]


def aggregated(units: list[bytes], stamp: int) -> list[tuple[int, bytes, bool]]:
    """As browsers do: STAP-A before each IDR picture."""
    return marked(([h264.together(sets(units))] if sets(units) else []) + slices(units), stamp)


def one_by_one(units: list[bytes], stamp: int) -> list[tuple[int, bytes, bool]]:
    """As GStreamer and FFmpeg do: each set by itself, in the picture."""
    return marked(sets(units) + slices(units), stamp)


def never(units: list[bytes], stamp: int) -> list[tuple[int, bytes, bool]]:
    return marked(slices(units), stamp)


def once(units: list[bytes], stamp: int) -> list[tuple[int, bytes, bool]]:
    return aggregated(units, stamp) if stamp == 0 else never(units, stamp)


def as_a_picture(units: list[bytes], stamp: int, *, last: bool = True) -> list[tuple[int, bytes, bool]]:
    """The sets under a time stamp of their own, before the picture."""
    own = [(stamp - 1500, unit, last and unit is sets(units)[-1]) for unit in sets(units)]
    return own + never(units, stamp)


def in_one_packet(units: list[bytes], stamp: int) -> list[tuple[int, bytes, bool]]:
    """STAP-A with sets and slice together where they fit."""
    whole = h264.together(units)
    return [(stamp, whole, True)] if len(whole) < 1200 else aggregated(units, stamp)


def described(clip_of: Clip) -> str:
    text = ",".join(base64.b64encode(unit).decode() for unit in sets(units_of(clip_of.frames[0].data)))
    return f"{FMTP};sprop-parameter-sets={text}"


CUTS: dict[str, Cut] = {
    "in each picture, together": aggregated,
    "in each picture, one by one": one_by_one,
    "together with the slice": in_one_packet,
    "once": once,
    "as a picture of their own": as_a_picture,
    "as a picture without an end": functools.partial(as_a_picture, last=False),
    "in the description alone": never,
}
