"""Synthetic media: VP8 of a steady rate and Opus, encoded once a process and sent over and over."""

from __future__ import annotations

import functools
import math
import struct
from array import array
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

#: The payload of one video packet, so that with headers and tag it fits 1,200 bytes.
PAYLOAD_BYTES: Final = 1100
AUDIO_FRAME_S: Final = 0.02
#: Length of the loop that is sent over and over.
_LOOP_S: Final = 3
#: What ends the last packet of a frame: a mark, who sent it, and the moment that packet left (µs of the monotonic
#: clock). VP8 decoders do not look at bytes after the last partition's data.
_STAMP: Final = struct.Struct(">4sHQ")
_MARK: Final = b"LXts"
#: How long that is.
STAMP_BYTES: Final = _STAMP.size


@dataclass(frozen=True, slots=True)
class VideoShape:
    """What is sent: pixels, frames a second, bit/s."""

    width: int = 1280
    height: int = 720
    fps: int = 30
    bitrate_bps: int = 1_500_000


@functools.cache
def video_frames(shape: VideoShape) -> tuple[bytes, ...]:
    """A loop of VP8 frames; the first is a key frame, all others need the one before them."""
    context = av.CodecContext.create("libvpx", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = shape.width, shape.height, "yuv420p"
    context.framerate = Fraction(shape.fps)
    context.time_base = Fraction(1, shape.fps)
    # The encoder gets half; the rest is filled up, so that every frame but the first has one size.
    context.bit_rate = shape.bitrate_bps // 2
    context.gop_size = 1_000_000
    context.options = {
        "deadline": "realtime",
        "cpu-used": "16",
        "lag-in-frames": "0",
        "error-resilient": "default",
    }
    frames = []
    for number in range(shape.fps * _LOOP_S):
        frames += [bytes(packet) for packet in context.encode(_picture(shape, number))]
    frames += [bytes(packet) for packet in context.encode(None)]
    return tuple(_to_rate(frames, shape))


def _to_rate(frames: list[bytes], shape: VideoShape) -> list[bytes]:
    """Fill frames up to the stated rate with bytes no decoder reads, the small ones first."""
    missing = shape.bitrate_bps * len(frames) // shape.fps // 8 - sum(map(len, frames))
    level, above = 0, sorted(map(len, frames))
    for count, size in enumerate(above):
        # What it takes to lift the `count` smallest to the next size.
        if missing < (size - level) * count:
            break
        missing -= (size - level) * count
        level = size
    else:
        count = len(frames)
    level += max(0, missing) // max(1, count)
    return [frame + bytes(max(0, level - len(frame))) for frame in frames]


def _picture(shape: VideoShape, number: int) -> VideoFrame:
    """Diagonal stripes and a bright bar that walks down the picture."""
    frame = VideoFrame(shape.width, shape.height, "yuv420p")
    luma = frame.planes[0]
    ramp = bytes(40 + (x >> 1 & 0x7F) for x in range(luma.line_size + 256))
    rows = [ramp[y // 16 * 16 % 256 :][: luma.line_size] for y in range(shape.height)]
    at = number * shape.height // (shape.fps * _LOOP_S)
    for y in range(at, min(at + 16, shape.height)):
        rows[y] = b"\xeb" * luma.line_size
    luma.update(b"".join(rows))
    for plane in frame.planes[1:]:
        plane.update(bytes([128]) * plane.buffer_size)
    frame.pts = number
    return frame


@functools.cache
def audio_frames() -> tuple[bytes, ...]:
    """One second of a 440 Hz tone in Opus frames of 20 ms."""
    context = av.CodecContext.create("libopus", "w")
    assert isinstance(context, av.AudioCodecContext)
    context.sample_rate = 48_000
    context.layout = "mono"
    context.format = "s16"
    context.bit_rate = 32_000
    context.options = {"frame_duration": "20"}
    frames: list[bytes] = []
    for start in range(0, 48_000, 960):
        samples = array(
            "h", (int(9000 * math.sin(math.tau * 440 * t / 48_000)) for t in range(start, start + 960))
        )
        frame = AudioFrame("s16", "mono", 960)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        frames += [bytes(packet) for packet in context.encode(frame)]
    return tuple(frames[:50])


def vp8_payloads(frame: bytes, picture_id: int) -> list[bytes]:
    """One frame as RTP payloads (RFC 7741 §4.2), all but the last of one length, the last with room for `stamp`."""
    data = frame + bytes(_STAMP.size)
    wide = struct.pack(">H", 0x8000 | picture_id & 0x7FFF)
    count = -(-len(data) // PAYLOAD_BYTES)
    # Evenly cut, as Chromium does: a run of equal packets leaves the hub in one call.
    size = -(-len(data) // count)
    return [
        (b"\x90\x80" if start == 0 else b"\x80\x80") + wide + data[start : start + size]
        for start in range(0, len(data), size)
    ]


def stamp(payload: bytes, source: int, moment_us: int) -> bytes:
    """The last payload of a frame with who sends it (16 bits) and when it leaves."""
    return payload[: -_STAMP.size] + _STAMP.pack(_MARK, source & 0xFFFF, moment_us)


def read_stamp(payload: bytes) -> tuple[int, int] | None:
    """(who sent it, moment of sending) from the last payload of a frame, if it is one of ours."""
    if len(payload) < _STAMP.size:
        return None
    mark, source, moment_us = _STAMP.unpack_from(payload, len(payload) - _STAMP.size)
    return (source, moment_us) if mark == _MARK else None
