"""Test media with content that can be told apart again: coloured and labelled pictures, speech, flash and beep."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

#: Colours far apart also after encoding; `dominant_colour` names one of them.
COLOURS: Final[dict[str, tuple[int, int, int]]] = {
    "red": (200, 30, 30),
    "green": (30, 160, 50),
    "blue": (30, 60, 200),
    "yellow": (220, 200, 30),
    "magenta": (190, 40, 180),
    "cyan": (30, 180, 190),
    "orange": (230, 120, 20),
    "grey": (128, 128, 128),
}
_FONT_FILES: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
)
#: The flash and the beep of `flash_and_beep` last this long, at the start of each second.
FLASH_S: Final = 0.1

Pixels = NDArray[np.uint8]


def labelled_picture(
    colour: str, label: str, moment_s: float, size: tuple[int, int] = (640, 360)
) -> Image.Image:
    """A picture in one of COLOURS with a label, a bar that moves across it once in two seconds, and the time."""
    width, height = size
    image = Image.new("RGB", size, COLOURS[colour])
    draw = ImageDraw.Draw(image)
    bar = int(moment_s / 2 % 1 * width)
    draw.rectangle((bar, height - height // 8, bar + width // 16, height), fill=(255, 255, 255))
    draw.text((width // 20, height // 12), label, fill=(255, 255, 255), font=_font(height // 8))
    draw.text((width // 20, height // 3), f"{moment_s:06.2f}", fill=(255, 255, 255), font=_font(height // 12))
    return image


def make_y4m(
    path: Path,
    colour: str,
    seconds: float,
    label: str = "",
    fps: int = 15,
    size: tuple[int, int] = (640, 360),
) -> Path:
    """A file for Chromium's ``--use-file-for-fake-video-capture`` (which plays it in a loop). Sizes must be even."""
    width, height = size
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420mpeg2\n".encode())
        for number in range(round(seconds * fps)):
            picture = labelled_picture(colour, label or colour, number / fps, size)
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24").reformat(format="yuv420p")
            file.write(b"FRAME\n")
            for plane in frame.planes:
                rows = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)
                file.write(rows[:, : plane.width].tobytes())
    return path


def make_mjpeg(
    path: Path,
    colour: str,
    seconds: float,
    label: str = "",
    fps: int = 15,
    size: tuple[int, int] = (640, 360),
) -> Path:
    """The same as MJPEG, which is far smaller than Y4M."""
    with path.open("wb") as file:
        for number in range(round(seconds * fps)):
            labelled_picture(colour, label or colour, number / fps, size).save(file, "JPEG", quality=85)
    return path


def make_speech_wav(path: Path, text: str, voice: str = "cmn") -> Path:
    """Spoken Chinese (or of another espeak-ng voice), 48 kHz mono. Raises FileNotFoundError without espeak-ng."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise FileNotFoundError("espeak-ng is not installed")
    spoken = path.with_suffix(".espeak.wav")
    subprocess.run([program, "-v", voice, "-s", "150", "-w", str(spoken), text], check=True, timeout=60)
    with av.open(str(spoken)) as source, av.open(str(path), "w", format="wav") as target:
        stream = target.add_stream("pcm_s16le", rate=48000, layout="mono")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48000)
        for frame in [*source.decode(audio=0), None]:
            for resampled in resampler.resample(frame):
                resampled.pts = None
                target.mux(stream.encode(resampled))
        target.mux(stream.encode(None))
    spoken.unlink()
    return path


def dominant_colour(picture: Pixels | av.VideoFrame | Image.Image) -> str:
    """The name in COLOURS nearest to what most of the picture shows; ``black`` or ``white`` if it is that."""
    if isinstance(picture, av.VideoFrame):
        pixels = picture.to_ndarray(format="rgb24")
    elif isinstance(picture, Image.Image):
        pixels = np.asarray(picture.convert("RGB"))
    else:
        pixels = picture
    median = np.median(pixels.reshape(-1, pixels.shape[-1])[:, :3], axis=0)
    known = {**COLOURS, "black": (0, 0, 0), "white": (255, 255, 255)}
    return min(known, key=lambda name: float(np.abs(median - np.array(known[name])).sum()))


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One encoded frame, `at_s` from the start of its clip."""

    at_s: float
    data: bytes
    key: bool


@dataclass(frozen=True, slots=True)
class Clip:
    """An encoded stream, ready to be sent: `kind` audio or video, `codec` as on the wire."""

    kind: str
    codec: str
    clock_rate: int
    frames: tuple[ClipFrame, ...]

    @property
    def seconds(self) -> float:
        """How long it is, for frames that come evenly."""
        return self.frames[-1].at_s + self.frames[1].at_s - self.frames[0].at_s


_ENCODERS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "vp8": ("libvpx", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}),
    "h264": ("libx264", {"preset": "ultrafast", "tune": "zerolatency"}),
    "av1": ("libsvtav1", {"preset": "11", "svtav1-params": "pred-struct=1:rc=2"}),
}


def encode_pictures(
    codec: str,
    pictures: Iterable[Pixels],
    fps: int = 15,
    key_every: int = 8,
    bit_rate: int = 500_000,
) -> Clip:
    """Encode RGB pictures of one size, without frames that refer to later ones."""
    encoder: Any = None
    packets: list[Any] = []
    for number, picture in enumerate(pictures):
        if encoder is None:
            name, options = _ENCODERS[codec]
            encoder = av.CodecContext.create(name, "w")
            encoder.height, encoder.width = picture.shape[:2]
            encoder.pix_fmt = "yuv420p"
            encoder.time_base, encoder.framerate = Fraction(1, fps), Fraction(fps)
            encoder.gop_size, encoder.bit_rate, encoder.max_b_frames = key_every, bit_rate, 0
            encoder.thread_count = 1
            encoder.options = options
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    frames = (ClipFrame(float(each.pts / fps), bytes(each), each.is_keyframe) for each in packets)
    return Clip("video", codec, 90_000, tuple(frames))


def encode_sound(samples: NDArray[np.int16]) -> Clip:
    """Encode 48 kHz mono samples as Opus, 20 ms a packet."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "s16"
    encoder.bit_rate, encoder.time_base = 32_000, Fraction(1, 48_000)
    packets: list[Any] = []
    for start in range(0, len(samples) - 959, 960):
        frame = av.AudioFrame.from_ndarray(
            samples[start : start + 960].reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        packets += encoder.encode(frame)
    # The encoder's delay (312 samples) shows as time stamps below zero; on the wire a packet has the stamp of its first sample.
    frames = (ClipFrame(number * 0.02, bytes(each), True) for number, each in enumerate(packets))
    return Clip("audio", "opus", 48_000, tuple(frames))


@lru_cache(maxsize=8)
def flash_and_beep(
    codec: str, seconds: int, fps: int = 20, size: tuple[int, int] = (320, 180), key_every: int = 10
) -> tuple[Clip, Clip]:
    """Picture and sound in which, at each full second, the picture turns white and a 1 kHz tone sounds for FLASH_S."""

    def pictures() -> Iterator[Pixels]:
        for number in range(seconds * fps):
            picture = np.full((size[1], size[0], 3), 255 if number % fps < FLASH_S * fps else 20, np.uint8)
            # Something that moves, so that no encoder leaves frames out.
            at = number * 7 % (size[0] - 16)
            picture[-16:, at : at + 16] = 128
            yield picture

    time_s = np.arange(seconds * 48_000) / 48_000
    tone = np.where(time_s % 1 < FLASH_S, np.sin(2 * np.pi * 1000 * time_s) * 12_000, 0)
    return encode_pictures(codec, pictures(), fps, key_every), encode_sound(tone.astype(np.int16))


def left_out(clip: Clip, *stretches: tuple[float, float]) -> Clip:
    """The clip without what it has in these stretches (seconds): nothing was sent then."""
    kept = tuple(
        frame for frame in clip.frames if not any(start <= frame.at_s < end for start, end in stretches)
    )
    return Clip(clip.kind, clip.codec, clip.clock_rate, kept)


def with_dtx(sound: Clip) -> Clip:
    """The sound of `flash_and_beep` as an encoder with DTX sends it: of silence one frame each 400 ms."""
    spoken = {round(each) * 50 + n for each in range(1000) for n in range(round(FLASH_S * 50) + 2)}
    kept = tuple(f for f in sound.frames if (n := round(f.at_s * 50)) in spoken or n % 20 == 0)
    return Clip(sound.kind, sound.codec, sound.clock_rate, kept)


def beeps_by_samples(path: Path) -> list[float]:
    """Where beeps begin for a player that counts samples and looks at no stamps, in seconds."""
    with av.open(str(path)) as source:
        pieces = [frame.to_ndarray().astype(np.float64) for frame in source.decode(audio=0)]
        planar = source.streams.audio[0].codec_context.format.is_planar
        channels = 1 if planar else len(source.streams.audio[0].codec_context.layout.channels)
    samples = np.concatenate([piece[0][::channels] for piece in pieces])
    levels = np.abs(samples[: len(samples) // 240 * 240].reshape(-1, 240)).mean(axis=1) > 0.05
    starts = [
        number * 0.005 for number, now in enumerate(levels) if now and not (number and levels[number - 1])
    ]
    return [at for n, at in enumerate(starts) if n == 0 or at - starts[n - 1] > 0.5]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file shows when it is decoded: frames and length of each kind, moments of flashes and of beeps, in seconds."""

    pictures: int
    picture_end_s: float
    sound_end_s: float
    flashes_s: tuple[float, ...]
    beeps_s: tuple[float, ...]


def read_contents(path: Path) -> Contents:
    """Decode a whole recorded file. Raises av.FFmpegError if it does not decode."""
    flashes: list[float] = []
    beeps: list[float] = []
    pictures, picture_end, sound_end = 0, 0.0, 0.0
    bright = loud = False
    with av.open(str(path)) as source:
        if source.streams.video:
            for picture in source.decode(video=0):
                pictures += 1
                picture_end = float(picture.time or 0.0)
                was, bright = bright, float(picture.to_ndarray(format="gray").mean()) > 128
                if bright and not was:
                    flashes.append(picture_end)
    with av.open(str(path)) as source:
        if source.streams.audio:
            for sound in source.decode(audio=0):
                at = float(sound.time or 0.0)
                planes = sound.to_ndarray().astype(np.float64)
                step = 1 if sound.format.is_planar else len(sound.layout.channels)
                samples = planes[0][::step]
                # Blocks of 5 ms.
                blocks = samples[: len(samples) // 240 * 240].reshape(-1, 240)
                for number, level in enumerate(np.abs(blocks).mean(axis=1)):
                    was, loud = loud, bool(level > 0.05)
                    if loud and not was and (not beeps or at + number * 0.005 - beeps[-1] > 0.5):
                        beeps.append(at + number * 0.005)
                sound_end = at + sound.samples / sound.sample_rate
    return Contents(pictures, picture_end, sound_end, tuple(flashes), tuple(beeps))


@lru_cache(maxsize=16)
def _font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONT_FILES:
        if Path(name).exists():
            return ImageFont.truetype(name, pixels)
    return ImageFont.load_default()
