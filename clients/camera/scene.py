"""What a camera that is none sees: a road with traffic, its name, the second of the minute, and a number in black and white.

Pictures are drawn and encoded when somebody first looks, a second or two at a time, and kept: a minute later the camera costs
no more than sending does. Each stretch begins with an IDR picture and stands for itself, so that the loop has no seam.
"""

from __future__ import annotations

import colorsys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import av
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFont

#: The number of a picture within the loop stands in so many fields at the lower edge, the highest bit first.
NUMBER_BITS: Final = 12
#: Height of those fields, as a share of the picture's.
NUMBER_SHARE: Final = 1 / 12
_FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
_ENCODERS: Final = {"h264": "libx264", "h265": "libx265"}


class Shot(NamedTuple):
    """One encoded picture: its NAL units without start codes, when it is shown, from the start of its stretch in s."""

    units: tuple[bytes, ...]
    at_s: float
    key: bool


@dataclass(frozen=True)
class Scene:
    """A stream: `name` is painted, `hue` (0 to 1) colours it.

    `stretch_s` is the time from key frame to key frame, `loop_s` that until it repeats; `noise` makes it as costly as grass.
    """

    name: str = "camera"
    width: int = 640
    height: int = 360
    fps: int = 12
    bps: int = 600_000
    hue: float = 0.6
    stretch_s: int = 2
    loop_s: int = 60
    codec: str = "h264"
    b_pictures: int = 0
    noise: bool = False
    _kept: dict[int, tuple[Shot, ...]] = field(default_factory=dict, compare=False, repr=False)
    _encoding: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    @property
    def stretches(self) -> int:
        """How many there are in the loop."""
        return max(self.loop_s // self.stretch_s, 1)

    @property
    def pictures(self) -> int:
        """How many there are in a stretch."""
        return self.stretch_s * self.fps

    def stretch(self, number: int) -> tuple[Shot, ...]:
        """The pictures of one stretch, in the order in which they are sent. Takes processor time the first time."""
        number %= self.stretches
        with self._encoding:  # several streams may show one scene
            if number not in self._kept:
                self._kept[number] = tuple(self._encode(number))
        return self._kept[number]

    def known(self, number: int) -> bool:
        """Whether a stretch is there already."""
        return number % self.stretches in self._kept

    def sets(self) -> list[bytes]:
        """The parameter sets, as a description has them."""
        kinds = (7, 8) if self.codec == "h264" else (32, 33, 34)
        return [unit for unit in self.stretch(0)[0].units if self._kind(unit) in kinds]

    def _kind(self, unit: bytes) -> int:
        return unit[0] & 0x1F if self.codec == "h264" else unit[0] >> 1 & 0x3F

    def _encode(self, number: int) -> Iterator[Shot]:
        encoder: Any = av.CodecContext.create(_ENCODERS[self.codec], "w")
        encoder.width, encoder.height, encoder.pix_fmt = self.width, self.height, "yuv420p"
        encoder.time_base, encoder.framerate = Fraction(1, self.fps), Fraction(self.fps)
        encoder.gop_size, encoder.bit_rate, encoder.max_b_frames = self.pictures, self.bps, self.b_pictures
        encoder.thread_count = 1
        options = {"preset": "ultrafast", "sc_threshold": "0"}
        if self.codec == "h264":
            options |= {"profile": "main" if self.b_pictures else "baseline"}
            options |= {} if self.b_pictures else {"tune": "zerolatency"}
            # As cameras do: a second of pictures may take what a second of the line carries, and no picture all of it.
            encoder.options = options | {
                "x264-params": f"vbv-maxrate={self.bps // 1000}:vbv-bufsize={self.bps // 1000}"
            }
        else:
            encoder.options = options | {"x265-params": "log-level=none:bframes=0:repeat-headers=1"}
        packets: list[Any] = []
        for picture in range(self.pictures):
            frame = VideoFrame.from_image(self.draw(number * self.pictures + picture))  # type: ignore[no-untyped-call]
            frame.pts = picture
            packets += encoder.encode(frame)
        packets += encoder.encode(None)
        for packet in packets:
            yield Shot(_units(bytes(packet)), float(packet.pts / self.fps), packet.is_keyframe)

    # --- drawing ---------------------------------------------------------------------------------------

    def draw(self, number: int) -> Image.Image:
        """Picture `number` of the loop."""
        total = self.stretches * self.pictures
        number %= total
        width, height = self.width, self.height
        image = _ground(self.name, width, height, self.hue).copy()
        pen = ImageDraw.Draw(image)
        for car, (lane, turns, shade) in enumerate(((0.52, 12, 0.95), (0.62, -8, 0.7), (0.72, 5, 0.85))):
            # Whole turns a loop, so that it has no seam.
            place = (number / total * turns * self.stretches / 30 * 2 + car * 0.31) % 1
            left = place * (width * 1.3) - width * 0.2
            size = height / 10
            pen.rectangle(
                (left, lane * height, left + size * 2, lane * height + size),
                fill=_shade(self.hue + 0.45, shade),
            )
        second = number // self.fps
        if self.noise:
            strip = Image.effect_noise((width, height // 3), 60).convert("RGB")
            image.paste(strip, (0, height // 6))
        pen.text(
            (width * 0.97, height * 0.04),
            f"{second:02d} s",
            font=_font(height // 10),
            fill="white",
            anchor="rt",
        )
        top, step = height * (1 - NUMBER_SHARE), width / NUMBER_BITS
        for bit in range(NUMBER_BITS):
            on = number >> (NUMBER_BITS - 1 - bit) & 1
            pen.rectangle((bit * step, top, (bit + 1) * step, height), fill="white" if on else "black")
        return image


def read_number(picture: Image.Image) -> int:
    """The number that stands in a picture of any size."""
    width, height = picture.size
    grey = picture.convert("L")
    row = int(height * (1 - NUMBER_SHARE / 2))
    number = 0
    for bit in range(NUMBER_BITS):
        value = grey.getpixel((int((bit + 0.5) * width / NUMBER_BITS), row))
        assert isinstance(value, int | float)
        number = number << 1 | (value > 127)
    return number


def _units(annex_b: bytes) -> tuple[bytes, ...]:
    return tuple(unit for part in annex_b.split(b"\0\0\1") if (unit := part.rstrip(b"\0")))


@lru_cache(maxsize=32)
def _ground(name: str, width: int, height: int, hue: float) -> Image.Image:
    image = Image.new("RGB", (width, height), _shade(hue, 0.35))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, height * 0.45, width, height * 0.85), fill=(70, 70, 74))
    for lane in (0.6, 0.71):
        for at in range(0, width, max(width // 16, 2)):
            pen.rectangle(
                (at, lane * height, at + width // 40, lane * height + max(height // 120, 1)), fill="white"
            )
    for house in range(5):
        left = (0.04 + house * 0.2) * width
        top = (0.22 + 0.06 * (house * 7 % 3)) * height
        pen.rectangle((left, top, left + width * 0.13, height * 0.45), fill=_shade(hue + house * 0.06, 0.6))
    pen.text((width * 0.03, height * 0.04), name, font=_font(height // 10), fill="white", anchor="lt")
    return image


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    known = next((path for path in _FONTS if Path(path).is_file()), None)
    return ImageFont.truetype(known, max(size, 8)) if known else ImageFont.load_default(max(size, 8))


def _shade(hue: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, 0.45, value)
    return round(red * 255), round(green * 255), round(blue * 255)
