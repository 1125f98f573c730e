"""How fast a film is made on one core: ``python -m tests.bench.bench_film``. Prints JSON.

Four parts of 720p VP8 at 25 pictures a second (1.5 Mbit/s, every picture moves) with sound stand beside each other; a minute of
film is composed, encoded, mixed and joined in this one process. `times` is film by processor time, so that what else runs
on the machine counts little; `memory_mib` the most that the process held. Beside it the same with one picture on the stage.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from recordings.film.joining import join
from recordings.film.pictures import encode_piece, pieces
from recordings.film.scenes import BAR, HEIGHT, WIDTH, Heard, Plan, Scene, Source, Tile

FPS = 25


def write_part(path: Path, seconds: int, number: int) -> None:
    """Something like a person before a wall: soft shapes that move, a little noise of the camera."""
    luck = np.random.default_rng(number)
    coarse = Image.fromarray(luck.integers(60, 190, (12, 24), np.uint8))
    wall = np.asarray(coarse.resize((1920, 960), Image.Resampling.BICUBIC)).astype(np.float32)
    grain = luck.integers(-6, 6, (720, 1280 + 64)).astype(np.float32)
    with av.open(str(path), "w", format="webm") as target:
        options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
        video: Any = target.add_stream("libvpx", rate=FPS, options=options)
        video.width, video.height, video.pix_fmt, video.bit_rate = 1280, 720, "yuv420p", 1_500_000
        video.gop_size = 4 * FPS
        sound: Any = target.add_stream("libopus", rate=48_000, layout="mono")
        chroma = np.full((360, 1280), 128, np.uint8)
        for frame_number in range(seconds * FPS):
            x, y = frame_number * 3 % 500, frame_number % 200
            luma = wall[y : y + 720, x : x + 1280] + grain[:, frame_number % 64 : frame_number % 64 + 1280]
            whole = np.vstack([np.clip(luma, 0, 255).astype(np.uint8), chroma])
            frame = av.VideoFrame.from_ndarray(whole, format="yuv420p")
            frame.pts, frame.time_base = frame_number, Fraction(1, FPS)
            target.mux(video.encode(frame))
        for block in range(seconds * 50):
            at = np.arange(block * 960, block * 960 + 960) / 48_000
            wave = (np.sin(2 * np.pi * (300 + 40 * number) * at) * 8_000 * (block // 50 % 2)).astype(np.int16)
            beat = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
            beat.sample_rate, beat.pts, beat.time_base = 48_000, block * 960, Fraction(1, 48_000)
            target.mux(sound.encode(beat))
        target.mux(video.encode(None))
        target.mux(sound.encode(None))


def plan_of(tiles: int, seconds: int) -> Plan:
    people = [f"a{number}" for number in range(tiles)]
    high = HEIGHT - BAR
    rects = [(0, BAR, WIDTH, high)]
    if tiles == 4:
        rects = [(n % 2 * 640 + 2, BAR + n // 2 * high // 2 + 2, 636, high // 2 - 4) for n in range(4)]
    shown = tuple(Tile(who, False, "坦渡村 李某", *rect) for who, rect in zip(people, rects, strict=True))
    ms = seconds * 1000
    return Plan(
        "防汛调度",
        "2026-11-23T08:00:00.000000Z",
        "Asia/Shanghai",
        ms,
        (Scene(0, ms, shown, "", "", "", False),),
        tuple(Source(f"{who}.webm", who, False, 0, ms, True, True) for who in people),
        tuple(Heard(who, 0, ms) for who in people),
    )


def measure(folder: Path, tiles: int, seconds: int) -> dict[str, Any]:
    plan = plan_of(tiles, seconds)
    begun, wall = time.process_time(), time.monotonic()
    parts = []
    for start, end in pieces(plan):
        path = folder / f"{tiles}-{start}.mp4"
        unreadable = encode_piece(plan, folder, start, end, path, lambda ms: None)
        assert not unreadable, unreadable
        parts.append((start, path))
    film = folder / f"{tiles}.mp4"
    join(plan, folder, parts, film, lambda ms: None)
    spent = time.process_time() - begun
    return {
        "tiles": tiles,
        "seconds": seconds,
        "times": round(seconds / spent, 2),
        "wall_times": round(seconds / (time.monotonic() - wall), 2),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "mbit_s": round(film.stat().st_size * 8 / seconds / 1e6, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(4):
            write_part(folder / f"a{number}.webm", seconds, number)
        rows = [measure(folder, tiles, seconds) for tiles in (1, 4)]
    print(json.dumps({"rows": rows}, indent=1))


if __name__ == "__main__":
    main()
