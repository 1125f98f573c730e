"""Small recorded files whose pictures say which they are: grey, the lighter the later; a hum as sound."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

FPS = 10
SIZE = (160, 90)
_OPTIONS = {"libvpx": {"deadline": "realtime", "cpu-used": "8"}, "libx264": {"preset": "ultrafast"}}


def grey_at(ms: int, seconds: int) -> float:
    """How light the picture of a moment is, 0 to 255."""
    return (ms * FPS // 1000) * 255 // (seconds * FPS)


def record(
    path: Path,
    seconds: int,
    key_every_s: float,
    *,
    picture: str | None = "libvpx",
    sound: bool = True,
    size: tuple[int, int] = SIZE,
) -> Path:
    """A file of so many seconds; `picture` is the encoder, None for sound alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as made:
        video: Any = None
        if picture is not None:
            video = made.add_stream(picture, rate=FPS, options=_OPTIONS[picture])
            video.width, video.height = size
            video.codec_context.thread_count = 1
            video.pix_fmt = "yuv420p"
            video.codec_context.gop_size = int(key_every_s * FPS)
        audio: Any = made.add_stream("libopus", rate=48_000, layout="mono") if sound else None
        heard = 0
        for number in range(seconds * FPS):
            if video is not None:
                light = np.full((size[1], size[0], 3), grey_at(number * 1000 // FPS, seconds), np.uint8)
                frame = av.VideoFrame.from_ndarray(light, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, FPS)
                made.mux(video.encode(frame))
            while audio is not None and heard < (number + 1) * 48_000 // FPS:
                hum = (np.sin(np.arange(heard, heard + 960) / 20) * 9000).astype(np.int16)[None]
                piece = av.AudioFrame.from_ndarray(hum, format="s16", layout="mono")
                piece.sample_rate, piece.pts, piece.time_base = 48_000, heard, Fraction(1, 48_000)
                heard += 960
                made.mux(audio.encode(piece))
        for stream in (video, audio):
            if stream is not None:
                made.mux(stream.encode(None))
    return path
