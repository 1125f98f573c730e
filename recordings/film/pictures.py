"""The pictures of a film: composed from a plan, encoded in pieces that stand alone, each into a file of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import av
import numpy as np

from recordings.film import lettering
from recordings.film.lettering import Canvas
from recordings.film.scenes import BAR, FPS, HEIGHT, WIDTH, Plan, Scene, Tile
from recordings.film.tracks import Pictures

#: Length of a piece. What a crash costs, and what several cores share.
PIECE_MS: Final = 60_000
#: A key frame at least this often: a player that jumps decodes no more than this.
KEY_MS: Final = 2_000
#: Nothing moves: still a picture this often.
REST_MS: Final = 1_000
TIME_BASE: Final = Fraction(1, 90_000)
FRAME_MS: Final = 1000 // FPS

#: Small enough to be kept, fast enough to be made on one core in half the time; colours as cameras send them.
_ENCODER: Final = {
    "preset": "superfast",
    "crf": "25",
    "maxrate": "4M",
    "bufsize": "8M",
    "forced-idr": "1",
    "x264-params": "bframes=0:scenecut=0:keyint=infinite:threads=1:colormatrix=smpte170m:colorprim=smpte170m:"
    "transfer=smpte170m:range=tv",
}


def pieces(plan: Plan) -> list[tuple[int, int]]:
    """From when to when each piece goes."""
    return [
        (start, min(start + PIECE_MS, plan.length_ms)) for start in range(0, max(1, plan.length_ms), PIECE_MS)
    ]


def encode_piece(
    plan: Plan, root: Path, start_ms: int, end_ms: int, path: Path, heard: Callable[[int], None]
) -> set[str]:
    """Compose and encode one piece; the file is there when it is whole. `heard` is told how many ms are done.

    Returns the files that could not be read. Raises OSError, av.FFmpegError where it cannot be written.
    """
    growing = path.with_suffix(".growing.mp4")
    pictures = Pictures(root, plan.sources)
    try:
        with av.open(str(growing), "w", format="mp4") as target:
            stream = begin_stream(target)
            for ms, frame in _composed(plan, pictures, start_ms, end_ms):
                target.mux(stream.encode(frame))
                heard(ms - start_ms)
            target.mux(stream.encode(None))
    finally:
        pictures.close()
    with growing.open("rb") as file:
        os.fsync(file.fileno())
    growing.rename(path)
    return pictures.unreadable


def begin_stream(target: Any) -> Any:
    """The stream of pictures in a file that is begun."""
    stream = target.add_stream("libx264", rate=FPS, options=dict(_ENCODER))
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.codec_context.time_base = TIME_BASE
    stream.time_base = TIME_BASE
    stream.codec_context.thread_count = 1
    return stream


def _composed(plan: Plan, pictures: Pictures, start_ms: int, end_ms: int) -> Iterator[tuple[int, Any]]:
    """The pictures of a stretch that differ from the one before, with their moments; stamps count from its beginning."""
    stage = _Stage(plan, pictures)
    last_key = last_told = start_ms - 2 * KEY_MS
    place = 0
    for ms in range(start_ms, end_ms, FRAME_MS):
        while place + 1 < len(plan.scenes) and plan.scenes[place].to_ms <= ms:
            place += 1
        changed = stage.show(plan.scenes[place], ms)
        if not changed and ms - last_told < REST_MS:
            continue
        frame = av.VideoFrame.from_ndarray(stage.canvas.whole, format="yuv420p")
        frame.pts = (ms - start_ms) * 90
        frame.time_base = TIME_BASE
        if ms - last_key >= KEY_MS:
            frame.pict_type = av.video.frame.PictureType.I
            last_key = ms
        last_told = ms
        yield ms, frame


class _Stage:
    """The picture as it stands, changed where something new is to be seen."""

    def __init__(self, plan: Plan, pictures: Pictures) -> None:
        self.canvas = Canvas(WIDTH, HEIGHT)
        self._plan = plan
        self._pictures = pictures
        self._scene: Scene | None = None
        self._shown: dict[Tile, object] = {}
        self._sizes: dict[Tile, tuple[int, int]] = {}
        self._second = -1
        self._began = datetime.fromisoformat(plan.began_at)
        self._zone = ZoneInfo(plan.zone)

    def show(self, scene: Scene, ms: int) -> bool:
        """Have it show this moment; whether anything changed."""
        changed = scene is not self._scene
        if changed:
            self._begin(scene)
        for tile in scene.tiles:
            changed |= self._show_tile(tile, ms)
        moment = (self._began + timedelta(milliseconds=ms)).astimezone(self._zone)
        if changed and scene.banner:
            lettering.banner(scene.banner, scene.warning, WIDTH, HEIGHT).put(self.canvas)
        if (second := int(moment.timestamp())) != self._second:
            self._second, changed = second, True
            lettering.clock(f"{moment:%Y-%m-%d %H:%M:%S}", WIDTH, BAR).put(self.canvas)
        return changed

    def _begin(self, scene: Scene) -> None:
        self._scene, self._second = scene, -1
        self._shown, self._sizes = {}, {}
        self.canvas.clear(0, 0, WIDTH, HEIGHT)
        lettering.bar(self._plan.title, scene.heading, WIDTH, BAR).put(self.canvas)
        if not scene.tiles:
            lines = tuple(scene.card.split("\n"))
            lettering.card(lines, 0, BAR, WIDTH, HEIGHT - BAR).put(self.canvas)

    def _show_tile(self, tile: Tile, ms: int) -> bool:
        found = self._pictures.at(tile.participant, tile.screen, ms)
        key = found[0] if found is not None else None
        if tile in self._shown and self._shown[tile] == key:
            return False
        self._shown[tile] = key
        if found is None:
            self._sizes.pop(tile, None)
            words = ("无画面", tile.plate) if tile.plate else ("无画面",)
            lettering.card(words, tile.x, tile.y, tile.width, tile.height).put(self.canvas)
            return True
        self._put(tile, found[1])
        if tile.plate:
            lettering.plate(tile.plate, tile.x + 8, tile.y + tile.height - 8, tile.width - 16).put(
                self.canvas
            )
        return True

    def _put(self, tile: Tile, frame: Any) -> None:
        width, height = _fitted(frame.width, frame.height, tile.width, tile.height)
        if self._sizes.get(tile) != (width, height):
            self._sizes[tile] = (width, height)
            self.canvas.clear(tile.x, tile.y, tile.width, tile.height)
        if (frame.width, frame.height, frame.format.name) != (width, height, "yuv420p"):
            frame = frame.reformat(width, height, "yuv420p", interpolation="FAST_BILINEAR")
        left = tile.x + (tile.width - width) // 4 * 2
        top = tile.y + (tile.height - height) // 4 * 2
        y, u, v = (_plane(frame.planes[each], width >> (each > 0), height >> (each > 0)) for each in range(3))
        self.canvas.put(y, u, v, left, top, width, height)


def _fitted(width: int, height: int, most_wide: int, most_high: int) -> tuple[int, int]:
    """The largest even size of this shape that fits."""
    scale = min(most_wide / width, most_high / height)
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _plane(plane: Any, width: int, height: int) -> Any:
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:height, :width]
