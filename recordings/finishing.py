"""Makes a part final: remuxed with duration and index, hashed, put in the place of the growing file."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av

from hub.space import free_bytes
from recordings.archive import FILE_MODE, sync_folder

#: The copy under way; after a kill it is thrown away and made again.
COPY_SUFFIX: Final = ".copy"
_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Finished:
    """The final file: its length in time and in bytes, its SHA-256, how many samples it holds, and what was wrong."""

    duration_ms: int
    bytes: int
    sha256: str
    samples: int
    trouble: str = ""


def finish(path: Path, leave_bytes: int = 0) -> Finished:
    """Replace the growing file at `path`, whether it was ended or killed, by its final form. Blocks; raises OSError.

    A file out of which nothing can be read stays as it is and counts as empty. When the copy cannot be made (a full disk)
    the file, which is readable, stays as well, and `trouble` says so; so it does when the copy would leave less than
    `leave_bytes` of the disk free.
    """
    copy = path.with_name(path.name + COPY_SUFFIX)
    trouble = ""
    samples, duration_ms = 0, 0
    try:
        _require_room(path, leave_bytes)
        samples, duration_ms = _remux(path, copy)
        if samples:
            _force(copy)
            copy.chmod(FILE_MODE)
            copy.replace(path)
            sync_folder(path.parent)
    except (av.FFmpegError, ValueError, OSError) as failed:
        trouble = f"left as it was written: {type(failed).__name__}"
        samples, duration_ms = _measure(path)
    finally:
        copy.unlink(missing_ok=True)
    path.touch(mode=FILE_MODE)
    return Finished(duration_ms, path.stat().st_size, sha256_of(path), samples, trouble)


def _require_room(path: Path, leave_bytes: int) -> None:
    """Raises OSError when a copy of the file would take what is to be left free."""
    if path.exists() and free_bytes(path.parent) < path.stat().st_size + leave_bytes:
        raise OSError(errno.ENOSPC, "there is no room for the copy")


def sha256_of(path: Path) -> str:
    """SHA-256 of a whole file, in hexadecimal. Blocks; raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _remux(path: Path, copy: Path) -> tuple[int, int]:
    """(samples, duration in ms) of the copy. Ends quietly where the file was cut off."""
    if not path.exists() or path.stat().st_size == 0:
        return 0, 0
    try:
        source = av.open(str(path))
    except av.FFmpegError:
        return 0, 0
    samples, end_ms = 0, 0
    with source:
        options = {"avoid_negative_ts": "disabled"}
        kind = "matroska" if path.suffix == ".mkv" else "webm"
        with av.open(str(copy), "w", format=kind, container_options=options) as target:
            streams = {s.index: target.add_stream_from_template(s, opaque=True) for s in source.streams}
            for packet, packet_end_ms in _packets(source):
                packet.stream = streams[packet.stream_index]
                target.mux_one(packet)
                samples += 1
                end_ms = max(end_ms, packet_end_ms)
    return samples, end_ms


def _measure(path: Path) -> tuple[int, int]:
    samples, end_ms = 0, 0
    try:
        with av.open(str(path)) as source:
            for _, packet_end_ms in _packets(source):
                samples += 1
                end_ms = max(end_ms, packet_end_ms)
    except (av.FFmpegError, OSError, ValueError):
        pass  # what could be read up to here is what there is
    return samples, end_ms


def _packets(source: Any) -> Any:
    """(packet, its end in ms) until the end of the file or the place where it was cut off."""
    demuxer = source.demux()
    while True:
        try:
            packet = next(demuxer)
        except (StopIteration, av.InvalidDataError, av.EOFError):
            return
        if packet.dts is None or packet.size == 0:
            continue
        end = packet.pts + (packet.duration or 0)
        yield packet, round(end * packet.time_base * 1000)


def _force(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
