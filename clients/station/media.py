"""From options to a source: finds the files, encodes once what is not VP8 and Opus with close key frames."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from pathlib import Path
from typing import Any

from clients.station.clip import Clip, join_clip, load_clip
from clients.station.encode import KEY_GAP_S, encode_file
from clients.station.options import StationOptions
from clients.station.scene import Subject, make_scene
from clients.station.source import CameraSource, ClipSource, Source

log = logging.getLogger("station.media")


def prepare_clip(path: Path, cache_dir: Path) -> Clip:
    """The file as a clip; encoded into the cache folder first where it cannot be sent as it is.

    Raises OSError (av errors are) for a file that cannot be read, ValueError for one without picture and sound.
    """
    try:
        clip = load_clip(path)
        if not clip.video or clip.widest_key_gap_s <= 2 * KEY_GAP_S:
            return clip
    except ValueError:
        pass
    status = path.stat()
    mark = hashlib.sha256(f"{path.resolve()}|{status.st_size}|{status.st_mtime_ns}".encode()).hexdigest()[:16]
    encoded = cache_dir / f"file-{mark}.webm"
    if not encoded.exists():
        log.info("encoding %s once", path.name)
        cache_dir.mkdir(parents=True, exist_ok=True)
        encode_file(path, encoded)
    return load_clip(encoded)


def _prepare(options: StationOptions, center: dict[str, Any]) -> Source:
    sound = prepare_clip(options.audio, options.cache_dir) if options.audio is not None else None
    if options.camera is not None:
        return CameraSource(options.camera, sound)
    if options.video is not None:
        picture = prepare_clip(options.video, options.cache_dir)
        return ClipSource(picture if sound is None else join_clip(picture, sound))
    if sound is not None:
        return ClipSource(join_clip(None, sound))
    subject = Subject(str(center["code"]), str(center["name"]), str(center["level"]))
    return ClipSource(load_clip(make_scene(subject, options.cache_dir)))


async def prepare_source(options: StationOptions, center: dict[str, Any]) -> Source:
    """What the station sends, made ready on another thread. Raises OSError or ValueError."""
    return await asyncio.to_thread(_prepare, options, center)
