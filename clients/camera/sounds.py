"""What a camera that is none hears: a tone, half a second on and half a second off, in the ways in which cameras send sound."""

from __future__ import annotations

import math
import struct
from array import array
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import av

TONE_HZ: Final = 440
_LOOP_S: Final = 4
#: Encoder, samples a second, samples a packet, payload type.
_KINDS: Final = {
    "pcma": ("pcm_alaw", 8_000, 160, 8),
    "pcmu": ("pcm_mulaw", 8_000, 160, 0),
    "aac": ("aac", 16_000, 1024, 97),
    "opus": ("libopus", 48_000, 960, 98),
}


@dataclass(frozen=True)
class Sound:
    """A loop of RTP payloads, each `samples` long at `rate`; `described` are its lines of a description behind ``m=audio``."""

    kind: str
    rate: int
    samples: int
    payload_type: int
    described: tuple[str, ...]
    payloads: tuple[bytes, ...]


@lru_cache(maxsize=4)
def sound(kind: str) -> Sound:
    """One of `pcma`, `pcmu`, `aac`, `opus`. Raises KeyError for another."""
    name, rate, samples, number = _KINDS[kind]
    encoder: Any = av.CodecContext.create(name, "w")
    encoder.sample_rate, encoder.layout = rate, "mono"
    encoder.format = "fltp" if kind == "aac" else "s16"
    if kind in ("aac", "opus"):
        encoder.bit_rate = 32_000
    encoder.open()
    units = []
    for at in range(0, rate * _LOOP_S, samples):
        units += [bytes(packet) for packet in encoder.encode(_frame(encoder, at, samples))]
    if kind == "aac":
        units = [struct.pack(">HH", 16, len(unit) << 3) + unit for unit in units]
    return Sound(kind, rate, samples, number, _described(kind, number, encoder.extradata), tuple(units))


def _frame(encoder: Any, at: int, samples: int) -> Any:
    rate = encoder.sample_rate
    wave = [
        0.5 * math.sin(2 * math.pi * TONE_HZ * each / rate) * ((each * 2 // rate) % 2 == 0)
        for each in range(at, at + samples)
    ]
    frame = av.AudioFrame(format=encoder.format.name, layout="mono", samples=samples)
    if encoder.format.name == "fltp":
        frame.planes[0].update(array("f", wave).tobytes())
    else:
        frame.planes[0].update(array("h", [round(each * 32_000) for each in wave]).tobytes())
    frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
    return frame


def _described(kind: str, number: int, config: bytes | None) -> tuple[str, ...]:
    match kind:
        case "aac":
            assert config is not None
            framing = (
                f"mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config={config.hex().upper()}"
            )
            return (
                f"a=rtpmap:{number} MPEG4-GENERIC/16000/1",
                f"a=fmtp:{number} streamtype=5;profile-level-id=1;{framing}",
            )
        case "opus":
            return (f"a=rtpmap:{number} opus/48000/2",)
        case _:
            return (f"a=rtpmap:{number} {kind.upper()}/8000",)
