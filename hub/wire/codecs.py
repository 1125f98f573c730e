"""The codecs the hub passes through, by name: one table for the media plane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.wire import av1, h264, vp8, vp9
from hub.wire.vp8 import Buffer


@dataclass(frozen=True, slots=True)
class PayloadFormat:
    """What can be read from a codec's payloads without decoding.

    `is_keyframe_start` never raises; `frame_size` gives (width, height) or None where it cannot be told.
    """

    kind: str
    clock_rate: int
    is_keyframe_start: Callable[[Buffer], bool]
    frame_size: Callable[[Buffer], tuple[int, int] | None]


def _always(payload: Buffer) -> bool:
    """Every packet of audio is one a listener can start with."""
    return True


def _unknown(payload: Buffer) -> tuple[int, int] | None:
    return None


CODECS: Final[dict[str, PayloadFormat]] = {
    "vp8": PayloadFormat("video", 90_000, vp8.is_keyframe_start, vp8.frame_size),
    "h264": PayloadFormat("video", 90_000, h264.is_keyframe_start, h264.frame_size),
    "vp9": PayloadFormat("video", 90_000, vp9.is_keyframe_start, vp9.frame_size),
    "av1": PayloadFormat("video", 90_000, av1.is_keyframe_start, _unknown),
    "opus": PayloadFormat("audio", 48_000, _always, _unknown),
}
VIDEO_CODECS: Final = tuple(name for name, entry in CODECS.items() if entry.kind == "video")
AUDIO_CODECS: Final = tuple(name for name, entry in CODECS.items() if entry.kind == "audio")


def is_keyframe_start(codec: str, payload: Buffer) -> bool:
    """Whether a viewer can begin with this payload. `codec` in lower case; KeyError for an unknown one."""
    return CODECS[codec].is_keyframe_start(payload)


def frame_size(codec: str, payload: Buffer) -> tuple[int, int] | None:
    """(width, height) in pixels where the payload tells it, else None. KeyError for an unknown codec."""
    return CODECS[codec].frame_size(payload)
