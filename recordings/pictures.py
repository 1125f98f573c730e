"""Single pictures out of recorded files: one at a moment, and small ones of the whole on sheets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
from PIL import Image

from recordings.archive import FILE_MODE
from recordings.cutting import packets_from

#: The small pictures: their width, how many stand in a row of a sheet and in a sheet.
SMALL_WIDTH: Final = 160
SMALL_HEIGHT: Final = 90
ROW: Final = 10
SHEET: Final = 100
#: They are at least so far apart; of what is long, further.
EVERY_MS: Final = 4000
#: So many at most of one file.
MOST: Final = 2000
_QUALITY: Final = 72
INDEX: Final = "index.json"


class NoPicture(Exception):
    """The file holds no picture of the moment."""


@dataclass(frozen=True, slots=True)
class Still:
    """A picture as it was recorded."""

    at_ms: int
    """Its moment in the file: the last one at or before what was wanted."""
    width: int
    height: int


def still(source: Path, at_ms: int, to: Path) -> Still:
    """Write the picture that stands at a moment, as a PNG of the size in which it was recorded. Raises NoPicture.

    It is decoded from the last key frame on: what the file holds, whatever a page shows.
    """
    try:
        with av.open(str(source)) as container:
            if not container.streams.video:
                raise NoPicture(f"{source.name} holds no pictures")
            found: Any = None
            for packet in packets_from(container, at_ms, container.streams.video[0]):
                for frame in packet.decode():
                    if frame.pts is None:
                        continue
                    if round(frame.pts * frame.time_base * 1000) > at_ms and found is not None:
                        return _written(found, to)
                    found = frame
            if found is None:
                raise NoPicture(f"{source.name} holds no picture of the moment")
            return _written(found, to)
    except (av.FFmpegError, ValueError) as problem:
        raise NoPicture(f"{source.name}: {type(problem).__name__}") from None


def _written(frame: Any, to: Path) -> Still:
    image = frame.to_image()
    image.save(to, "PNG", optimize=False)
    to.chmod(FILE_MODE)
    return Still(round(frame.pts * frame.time_base * 1000), image.width, image.height)


def small_pictures(
    source: Path, duration_ms: int, out: Path, told: Callable[[int], None] = lambda done: None
) -> dict[str, Any]:
    """Small pictures of a whole file into `out`: sheets of JPEG, and `index.json` that says which stands where.

    Only key frames are decoded. Returns the index: `{"width", "height", "row", "sheets": [name…], "at_ms": […]}`, where
    the picture n stands in sheet n // 100, and there in rows of `row`. Raises NoPicture.
    """
    every = max(EVERY_MS, duration_ms // MOST)
    taken: list[int] = []
    sheets: list[str] = []
    sheet: Image.Image | None = None
    try:
        with av.open(str(source)) as container:
            if not container.streams.video:
                raise NoPicture(f"{source.name} holds no pictures")
            stream = container.streams.video[0]
            stream.codec_context.skip_frame = "NONKEY"
            for frame in container.decode(stream):
                if frame.pts is None or frame.time_base is None:
                    continue
                at_ms = round(frame.pts * frame.time_base * 1000)
                if taken and at_ms - taken[-1] < every:
                    continue
                place = len(taken) % SHEET
                if place == 0:
                    if sheet is not None:
                        sheets.append(_save(sheet, out, len(sheets)))
                    sheet = Image.new("RGB", (SMALL_WIDTH * ROW, SMALL_HEIGHT * (SHEET // ROW)))
                assert sheet is not None
                sheet.paste(_small(frame), (place % ROW * SMALL_WIDTH, place // ROW * SMALL_HEIGHT))
                taken.append(at_ms)
                told(at_ms)
    except (av.FFmpegError, ValueError) as problem:
        if not taken:
            raise NoPicture(f"{source.name}: {type(problem).__name__}") from None
    if sheet is None:
        raise NoPicture(f"{source.name} holds no pictures")
    sheets.append(_save(_cropped(sheet, len(taken)), out, len(sheets)))
    index = {"width": SMALL_WIDTH, "height": SMALL_HEIGHT, "row": ROW, "sheets": sheets, "at_ms": taken}
    (out / INDEX).write_text(json.dumps(index))
    return index


def _small(frame: Any) -> Image.Image:
    """The whole picture within the small one, black beside it."""
    ratio = min(SMALL_WIDTH / frame.width, SMALL_HEIGHT / frame.height)
    width, height = max(2, round(frame.width * ratio)), max(2, round(frame.height * ratio))
    image: Image.Image = frame.reformat(width=width, height=height, format="rgb24").to_image()
    if (width, height) == (SMALL_WIDTH, SMALL_HEIGHT):
        return image
    whole = Image.new("RGB", (SMALL_WIDTH, SMALL_HEIGHT))
    whole.paste(image, ((SMALL_WIDTH - width) // 2, (SMALL_HEIGHT - height) // 2))
    return whole


def _cropped(sheet: Image.Image, count: int) -> Image.Image:
    """Without the rows that the last sheet did not need."""
    rows = ((count - 1) % SHEET) // ROW + 1
    return sheet.crop((0, 0, sheet.width, rows * SMALL_HEIGHT))


def _save(sheet: Image.Image, out: Path, number: int) -> str:
    name = f"sheet-{number:03d}.jpg"
    sheet.save(out / name, "JPEG", quality=_QUALITY)
    (out / name).chmod(FILE_MODE)
    return name
