"""Encoding media once, into a WebM of VP8 with close key frames and Opus: for scenes and for foreign files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.video.frame import VideoFrame

from clients.station.clip import AUDIO_CLOCK

#: Bit rates of what is encoded, in bit/s.
VIDEO_BITRATE: Final = 400_000
AUDIO_BITRATE: Final = 32_000
#: Key frames are this far apart at most: a picture that is asked for is there at once, and by no great jump.
KEY_GAP_S: Final = 0.5
#: Frame rate and greatest width that foreign files are brought to.
_FILE_FPS: Final = 20
_FILE_WIDTH: Final = 640
#: The most of a foreign file that is used, in seconds.
MOST_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Picture:
    """What the pictures to encode look like."""

    width: int
    height: int
    fps: int


def write_webm(
    path: Path, picture: Picture | None, frames: Iterable[VideoFrame], sound: Iterable[AudioFrame] | None
) -> None:
    """Encode pictures and sound into a file, which appears under its name only when it is whole.

    `frames` come at `picture.fps` without gaps, `sound` in 48 kHz mono s16; either may be missing (None).
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with av.open(str(unfinished), "w", format="webm", options={"fflags": "+bitexact"}) as container:
            video = _video_stream(container, picture) if picture is not None else None
            audio = _audio_stream(container) if sound is not None else None
            if video is not None:
                for number, frame in enumerate(frames):
                    frame.pts = number
                    frame.time_base = Fraction(1, cast(Picture, picture).fps)
                    container.mux(video.encode(frame))
                container.mux(video.encode(None))
            if audio is not None:
                position = 0
                for samples in sound or ():
                    samples.pts = position
                    samples.time_base = Fraction(1, AUDIO_CLOCK)
                    position += samples.samples
                    container.mux(audio.encode(samples))
                container.mux(audio.encode(None))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _video_stream(container: Any, picture: Picture) -> Any:
    stream = container.add_stream("libvpx", rate=picture.fps)
    stream.width, stream.height = picture.width, picture.height
    stream.pix_fmt = "yuv420p"
    stream.bit_rate = VIDEO_BITRATE
    stream.gop_size = max(1, round(picture.fps * KEY_GAP_S))
    stream.codec_context.thread_count = 1
    stream.options = {
        "deadline": "realtime",
        "cpu-used": "8",
        "lag-in-frames": "0",
        "auto-alt-ref": "0",
        "error-resilient": "1",
        "qmin": "4",
        "qmax": "50",
    }
    return stream


def _audio_stream(container: Any) -> Any:
    stream = container.add_stream("libopus", rate=AUDIO_CLOCK, layout="mono")
    stream.bit_rate = AUDIO_BITRATE
    stream.options = {"application": "voip", "frame_duration": "20"}
    return stream


def encode_file(source: Path, target: Path) -> None:
    """Bring any file that PyAV reads to VP8 and Opus, at most MOST_S of it. Raises ValueError when it has neither."""
    with av.open(str(source)) as container:
        has_video, has_audio = bool(container.streams.video), bool(container.streams.audio)
        picture = None
        if has_video:
            context = container.streams.video[0].codec_context
            width = min(_FILE_WIDTH, context.width) // 2 * 2
            height = max(2, round(context.height * width / context.width) // 2 * 2)
            picture = Picture(width, height, _FILE_FPS)
    if not has_video and not has_audio:
        raise ValueError(f"{source.name} holds neither picture nor sound")
    frames = _file_pictures(source, picture) if picture is not None else iter(())
    write_webm(target, picture, frames, _file_sound(source) if has_audio else None)


def _file_pictures(source: Path, picture: Picture) -> Iterator[VideoFrame]:
    """The file's pictures in even steps: repeated where it has fewer, left out where it has more."""
    with av.open(str(source)) as container:
        number = 0
        for frame in container.decode(container.streams.video[0]):
            at_s = frame.time if frame.time is not None else 0.0
            if at_s > MOST_S:
                return
            scaled = None
            while number / picture.fps <= at_s:
                # Made anew each time, since the encoder's caller stamps it.
                scaled = frame.reformat(picture.width, picture.height, format="yuv420p")
                yield scaled
                number += 1


def _file_sound(source: Path) -> Iterator[AudioFrame]:
    resampler = AudioResampler(format="s16", layout="mono", rate=AUDIO_CLOCK)
    with av.open(str(source)) as container:
        for frame in container.decode(container.streams.audio[0]):
            if frame.time is not None and frame.time > MOST_S:
                return
            yield from resampler.resample(frame)
        yield from resampler.resample(None)
