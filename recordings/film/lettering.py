"""Words in pictures: plates, cards, bars and the clock, drawn once and kept as blocks of YUV 4:2:0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Plane = NDArray[np.uint8]
Colour = tuple[int, int, int]

#: Where systems keep the one font that has all Chinese characters; its third face is the one of mainland China.
_FONTS: Final = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto-cjk/NotoSansCJK-Regular.ttc", 2),
)
INK: Final[Colour] = (240, 243, 246)
DARK: Final[Colour] = (22, 27, 34)
PLATE: Final[Colour] = (32, 39, 48)
NOTICE: Final[Colour] = (24, 72, 122)
WARNING: Final[Colour] = (150, 42, 32)
#: The ground as Y, U and V.
GROUND: Final = (30, 130, 126)


class NoFont(Exception):
    """No font with Chinese characters is on this machine."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of picture, of even size, and where it stands."""

    y: Plane
    u: Plane
    v: Plane
    left: int
    top: int

    def put(self, canvas: Canvas) -> None:
        """Onto the canvas."""
        height, width = self.y.shape
        canvas.put(self.y, self.u, self.v, self.left, self.top, width, height)


class Canvas:
    """A picture that is being composed, in YUV 4:2:0, its planes below each other as FFmpeg has them."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.whole: Plane = np.empty((height * 3 // 2, width), np.uint8)
        self.y = self.whole[:height]
        quarter = height // 4
        self.u = self.whole[height : height + quarter].reshape(height // 2, width // 2)
        self.v = self.whole[height + quarter :].reshape(height // 2, width // 2)
        self.clear(0, 0, width, height)

    def clear(self, left: int, top: int, width: int, height: int) -> None:
        """The ground alone."""
        self.y[top : top + height, left : left + width] = GROUND[0]
        part = np.s_[top // 2 : (top + height) // 2, left // 2 : (left + width) // 2]
        self.u[part], self.v[part] = GROUND[1], GROUND[2]

    def put(self, y: Plane, u: Plane, v: Plane, left: int, top: int, width: int, height: int) -> None:
        """Planes of an even size to an even place."""
        self.y[top : top + height, left : left + width] = y
        part = np.s_[top // 2 : (top + height) // 2, left // 2 : (left + width) // 2]
        self.u[part], self.v[part] = u, v


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font in this size. Raises NoFont."""
    for name, face in _FONTS:
        if Path(name).exists():
            return ImageFont.truetype(name, size, index=face)
    raise NoFont("no Noto Sans CJK on this machine (package fonts-noto-cjk)")


def shortened(text: str, size: int, width: int) -> str:
    """As much of the text as fits into this width, with an ellipsis where some is left out."""
    if font(size).getlength(text) <= width:
        return text
    while text and font(size).getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def wrapped(text: str, size: int, width: int, most: int) -> list[str]:
    """The text in lines that fit into this width, at most so many."""
    lines = [""]
    for character in text.replace("\n", " "):
        if font(size).getlength(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened("".join(lines[most - 1 :]), size, width)]
    return lines


@lru_cache(maxsize=512)
def plate(text: str, left: int, bottom: int, most: int) -> Block:
    """A name at the foot of a picture."""
    size = 20 if most > 260 else 15
    text = shortened(text, size, most - 20)
    width = min(most, _even(font(size).getlength(text) + 20))
    height = _even(size * 1.6)
    return _drawn([(text, 10, height // 2, size, "lm")], width, height, PLATE, left, bottom - height)


@lru_cache(maxsize=256)
def card(lines: tuple[str, ...], left: int, top: int, width: int, height: int) -> Block:
    """Words in the place of a picture: the first line large."""
    large = max(14, min(44, width // 16))
    small = max(12, large * 2 // 3)
    drawn: list[tuple[str, int, int, int, str]] = []
    rows = [(shortened(lines[0], large, width - 16), large)]
    for line in lines[1:]:
        rows += [(each, small) for each in wrapped(line, small, width - 32, 3)]
    at = height // 2 - sum(int(size * 1.5) for _, size in rows) // 2
    for text, size in rows:
        drawn.append((text, width // 2, at + int(size * 0.75), size, "mm"))
        at += int(size * 1.5)
    return _drawn(drawn, width, height, DARK, left, top)


@lru_cache(maxsize=64)
def bar(title: str, heading: str, width: int, height: int) -> Block:
    """The bar at the top, with place for the clock at its right."""
    size = height * 11 // 20
    words = [(shortened(title, size, width // 3 - 40), 16, height // 2, size, "lm")]
    if heading:
        words.append((shortened(heading, size, width // 3), width // 2, height // 2, size, "mm"))
    return _drawn(words, width, height, DARK, 0, 0)


@lru_cache(maxsize=4)
def clock(text: str, width: int, height: int) -> Block:
    """The clock, at the right of the bar."""
    size = height * 11 // 20
    wide = _even(size * 12)
    return _drawn([(text, wide - 16, height // 2, size, "rm")], wide, height, DARK, width - wide, 0)


@lru_cache(maxsize=16)
def banner(text: str, warning: bool, width: int, bottom: int) -> Block:
    """A line of words over the foot of the pictures."""
    text = shortened(text, 28, width - 40)
    colour = WARNING if warning else NOTICE
    return _drawn([(text, width // 2, 24, 28, "mm")], width, 48, colour, 0, bottom - 48)


def _drawn(
    words: Iterable[tuple[str, int, int, int, str]],
    width: int,
    height: int,
    ground: Colour,
    left: int,
    top: int,
) -> Block:
    picture = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(picture)
    for text, x, y, size, anchor in words:
        draw.text((x, y), text, fill=INK, font=font(size), anchor=anchor)
    return to_block(np.asarray(picture), left, top)


def to_block(pixels: NDArray[np.uint8], left: int, top: int) -> Block:
    """RGB of an even size as YUV 4:2:0 (BT.601, limited range, as cameras send it)."""
    red, green, blue = (pixels[..., each].astype(np.float32) for each in range(3))
    y = 16 + 0.257 * red + 0.504 * green + 0.098 * blue
    u = 128 - 0.148 * red - 0.291 * green + 0.439 * blue
    v = 128 + 0.439 * red - 0.368 * green - 0.071 * blue
    return Block(_bytes(y), _bytes(_halved(u)), _bytes(_halved(v)), left, top)


def _halved(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = plane.shape
    halved: NDArray[np.float32] = plane.reshape(height // 2, 2, width // 2, 2).mean(
        axis=(1, 3), dtype=np.float32
    )
    return halved


def _bytes(plane: NDArray[np.float32]) -> Plane:
    return np.clip(np.rint(plane), 0, 255).astype(np.uint8)


def _even(length: float) -> int:
    return int(length + 1.999) // 2 * 2
