"""The demo's pictures and sound: a labelled moving scene and a spoken sentence for each center, all synthetic.

The picture carries the center's name, code and level, a running clock and counter, and a bar that wanders; its colour
belongs to the center. The sentence is spoken by espeak-ng where that is installed; otherwise a quiet tone of the
center's own pitch stands in, and the log says so.
"""

from __future__ import annotations

import colorsys
import hashlib
import logging
import math
import shutil
import subprocess
import tempfile
import wave
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFont

from clients.station.clip import AUDIO_CLOCK
from clients.station.encode import Picture, write_webm

log = logging.getLogger("station.scene")

PICTURE: Final = Picture(640, 360, 15)
LENGTH_S: Final = 20
#: Part of the file name: raised when the drawing changes, so that caches are made anew.
_EDITION: Final = 1

_FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
_LEVELS: Final = {"city": "市", "county": "县区", "township": "乡镇街道", "village": "村社区"}


@dataclass(frozen=True, slots=True)
class Subject:
    """The center a scene is about."""

    code: str
    name: str
    level: str

    @property
    def hue(self) -> float:
        """The center's colour, 0 to 1; steps of the golden section keep neighbouring numbers far apart."""
        return int(self.code.rstrip("0") or "0") * 0.6180339887 % 1

    @property
    def pitch_hz(self) -> int:
        """The center's tone."""
        return 220 + 20 * (hashlib.sha256(self.code.encode()).digest()[1] % 16)

    @property
    def sentence(self) -> str:
        """What is said in the scene."""
        return f"这里是{self.name}。现场一切正常。请指示。"


def make_scene(subject: Subject, cache_dir: Path) -> Path:
    """The scene's WebM file, made when the cache folder has none yet. Takes a few seconds the first time."""
    speaker = shutil.which("espeak-ng")
    kind = "speech" if speaker else "tone"
    path = cache_dir / f"scene-{_EDITION}-{subject.code}-{kind}.webm"
    if path.exists():
        return path
    cache_dir.mkdir(parents=True, exist_ok=True)
    sound = speech(subject, speaker) if speaker else None
    if sound is None:
        log.warning(
            "espeak-ng is not installed or failed: a tone stands in for the speech of %s", subject.name
        )
        sound = tone(subject)
    write_webm(path, PICTURE, draw(subject), sound_frames(sound))
    return path


def cjk_font() -> Path | None:
    """A font with Chinese characters, or None."""
    for name in _FONTS:
        if Path(name).is_file():
            return Path(name)
    return None


def _font(path: Path | None, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.truetype(str(path), size) if path is not None else ImageFont.load_default(size)


def draw(subject: Subject, font_path: Path | None = None) -> Iterator[VideoFrame]:
    """The scene's pictures. Without a Chinese font the center's code stands for its name."""
    path = font_path or cjk_font()
    big, small = _font(path, 64), _font(path, 24)
    name = subject.name if path is not None else subject.code
    level = _LEVELS.get(subject.level, "") if path is not None else subject.level
    dark, bright = _shade(subject.hue, 0.28), _shade(subject.hue, 0.95)
    ground = Image.new("RGB", (PICTURE.width, PICTURE.height), dark)
    pen = ImageDraw.Draw(ground)
    pen.rectangle((0, 0, PICTURE.width, 12), fill=bright)
    pen.text((PICTURE.width / 2, 130), name, font=big, fill="white", anchor="mm")
    pen.text(
        (PICTURE.width / 2, 190), f"{level} {subject.code}".strip(), font=small, fill=bright, anchor="mm"
    )
    total = LENGTH_S * PICTURE.fps
    for number in range(total):
        image = ground.copy()
        pen = ImageDraw.Draw(image)
        phase = number / total
        # Two whole turns a loop, so that the seam does not show.
        left = (PICTURE.width - 80) * (0.5 - 0.5 * math.cos(phase * 4 * math.pi))
        pen.rectangle((left, 240, left + 80, 290), fill=bright)
        seconds = number / PICTURE.fps
        pen.text((24, 320), f"{seconds:05.2f} s", font=small, fill="white", anchor="lm")
        pen.text((PICTURE.width - 24, 320), f"# {number:04d}", font=small, fill="white", anchor="rm")
        yield VideoFrame.from_image(image)  # type: ignore[no-untyped-call]


def _shade(hue: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.6, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def speech(subject: Subject, speaker: str) -> array[int] | None:
    """The sentence twice within the loop, 48 kHz mono; None when the program fails."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        pitch = 30 + subject.pitch_hz % 40
        command = [speaker, "-v", "cmn", "-s", "150", "-p", str(pitch), "-w", str(spoken), subject.sentence]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=20)  # noqa: S603 (fixed program, no shell)
            voice = read_wave(spoken)
        except (subprocess.SubprocessError, OSError, EOFError, wave.Error):
            return None
    sound = array("h", bytes(2 * LENGTH_S * AUDIO_CLOCK))
    for start_s in (1, 1 + LENGTH_S // 2):
        start = start_s * AUDIO_CLOCK
        part = voice[: len(sound) - start]
        sound[start : start + len(part)] = part
    return sound


def tone(subject: Subject) -> array[int]:
    """A quiet tone of the center's pitch, half a second in every two, 48 kHz mono."""
    sound = array("h", bytes(2 * LENGTH_S * AUDIO_CLOCK))
    for second in range(0, LENGTH_S, 2):
        for offset in range(AUDIO_CLOCK // 2):
            swell = math.sin(math.pi * offset / (AUDIO_CLOCK // 2))
            turn = 2 * math.pi * subject.pitch_hz * offset / AUDIO_CLOCK
            sound[second * AUDIO_CLOCK + offset] = round(2000 * swell * math.sin(turn))
    return sound


def read_wave(path: Path) -> array[int]:
    """A 16-bit WAV file as 48 kHz mono samples. Raises wave.Error or EOFError for anything else."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2 or file.getnchannels() not in (1, 2):
            raise wave.Error("16 bits and one or two channels are needed")
        frame = AudioFrame(
            format="s16", layout="mono" if file.getnchannels() == 1 else "stereo", samples=file.getnframes()
        )
        frame.sample_rate = file.getframerate()
        frame.planes[0].update(file.readframes(file.getnframes()).ljust(frame.planes[0].buffer_size, b"\0"))
    resampler = AudioResampler(format="s16", layout="mono", rate=AUDIO_CLOCK)
    samples = array("h")
    for piece in (*resampler.resample(frame), *resampler.resample(None)):
        samples.frombytes(bytes(piece.planes[0])[: piece.samples * 2])
    return samples


def sound_frames(samples: array[int]) -> Iterator[AudioFrame]:
    """Samples cut into frames of 20 ms."""
    for start in range(0, len(samples), 960):
        piece = samples[start : start + 960]
        frame = AudioFrame(format="s16", layout="mono", samples=len(piece))
        frame.sample_rate = AUDIO_CLOCK
        frame.planes[0].update(piece.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        yield frame
