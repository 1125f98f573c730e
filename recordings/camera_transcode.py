"""A camera's picture made into one that every browser shows, in a process of its own.

``python -m recordings.camera_transcode CODEC TO``. Pictures come on standard input (H264 or H265 with start codes) and leave
on standard output as H264 baseline of at most 720 lines, or as VP8 of at most 360, each with its time stamp of 90 kHz
(recordings.camera_messages). Nothing waits: where more has come than can be encoded, pictures are decoded and left out. A
stream that is made to harm ends this process alone.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any, Final

import av
from av.video.frame import PictureType, VideoFrame

from recordings import camera_messages as messages

#: Largest picture that leaves, and largest that is decoded.
WIDEST, HIGHEST = 1280, 720
_VP8_MOST: Final = (640, 360)
_MOST_PIXELS: Final = 8192 * 4352
#: A key picture after so many ticks at the latest: who joins is sent what came since the last one.
KEY_EVERY: Final = 2 * 90_000
#: Bits a second for each pixel of what leaves, within these.
_BPS_A_PIXEL: Final = 1.6
_LEAST_BPS, _MOST_BPS = 400_000, 1_500_000
#: What the rate control takes a second to have; whatever comes, it comes at its own pace.
_FPS: Final = 25
#: Of pictures that wait, each so manieth is encoded all the same.
_KEPT: Final = 4
#: So many pictures one after the other out of which nothing comes: it is no such stream.
_MOST_BROKEN: Final = 250
_NAMES: Final = {"h264": "h264", "h265": "hevc"}


class Transcoder:
    """One stream, made `to` h264 or vp8. Raises KeyError for a codec that is not decoded or encoded here."""

    def __init__(self, codec: str, to: str = "h264") -> None:
        self._make, self._most = {"h264": (_encoder, (WIDEST, HIGHEST)), "vp8": (_vp8_encoder, _VP8_MOST)}[to]
        self._decoder: Any = av.CodecContext.create(_NAMES[codec], "r")
        self._decoder.thread_count = 1
        self._encoder: Any = None
        self._size = (0, 0)
        self._keyed_at: int | None = None
        self._count = self._waited = self._broken = 0

    def take(self, timestamp: int, data: bytes, *, waits: bool) -> list[tuple[int, bytes]]:
        """The pictures that leave now that this one came. `waits`: more has come already. Raises ValueError where it is no
        stream that can be decoded."""
        packet = av.Packet(data)
        packet.pts = timestamp
        try:
            frames = self._decoder.decode(packet)
        except av.FFmpegError:
            frames = []
        self._broken = 0 if frames else self._broken + 1
        if self._broken > _MOST_BROKEN:
            raise ValueError("it cannot be decoded")
        made = []
        for frame in frames:
            self._waited = self._waited + 1 if waits else 0
            if self._waited % _KEPT == 0:
                made += self._encode(frame, timestamp)
        return made

    def _encode(self, frame: VideoFrame, timestamp: int) -> list[tuple[int, bytes]]:
        if frame.width * frame.height > _MOST_PIXELS:
            raise ValueError("the picture is too large")
        stamp = frame.pts if frame.pts is not None else timestamp
        size = fitting(frame.width, frame.height, self._most)
        if size != self._size:
            self._encoder, self._size, self._keyed_at = self._make(*size), size, None
        shown = frame.reformat(*size, "yuv420p")
        shown.pts, shown.time_base = self._count, Fraction(1, _FPS)
        self._count += 1
        due = self._keyed_at is None or not 0 <= stamp - self._keyed_at < KEY_EVERY
        shown.pict_type = PictureType.I if due else PictureType.NONE
        if due:
            self._keyed_at = stamp
        return [(stamp, bytes(packet)) for packet in self._encoder.encode(shown)]


def fitting(width: int, height: int, most: tuple[int, int] = (WIDEST, HIGHEST)) -> tuple[int, int]:
    """The size in which a picture leaves: its own, or as much of it as fits; even, as it has to be."""
    share = min(most[0] / width, most[1] / height, 1.0)
    return max(int(width * share) // 2 * 2, 2), max(int(height * share) // 2 * 2, 2)


def _encoder(width: int, height: int) -> Any:
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, _FPS), Fraction(_FPS)
    encoder.bit_rate = int(min(max(width * height * _BPS_A_PIXEL, _LEAST_BPS), _MOST_BPS))
    encoder.max_b_frames, encoder.thread_count = 0, 1
    kbps = encoder.bit_rate // 1000
    encoder.options = {
        "preset": "superfast",
        "tune": "zerolatency",
        "profile": "baseline",
        "forced-idr": "1",
        "x264-params": f"keyint=infinite:scenecut=0:vbv-maxrate={kbps}:vbv-bufsize={kbps}",
    }
    return encoder


def _vp8_encoder(width: int, height: int) -> Any:
    encoder: Any = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, _FPS), Fraction(_FPS)
    encoder.bit_rate = int(min(max(width * height * _BPS_A_PIXEL, _LEAST_BPS), _MOST_BPS))
    encoder.thread_count, encoder.gop_size = 1, 1 << 20
    encoder.options = {
        "deadline": "realtime",
        "cpu-used": "8",
        "lag-in-frames": "0",
        "error-resilient": "default",
    }
    return encoder


def main() -> int:
    """Until standard input ends: 0; 1 for a stream that cannot be decoded."""
    messages.limit()
    try:
        transcoder, source = Transcoder(*sys.argv[1:3]), messages.Source()
        for timestamp, data in source.messages():
            for stamp, made in transcoder.take(timestamp, data, waits=source.waits):
                messages.send(stamp, made)
            messages.flush()
    except (ValueError, KeyError, IndexError, av.FFmpegError, MemoryError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
