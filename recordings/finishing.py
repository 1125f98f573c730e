"""Makes a part final: remuxed with duration and index, hashed, put in the place of the growing file."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av

from hub.space import free_bytes
from recordings.archive import FILE_MODE, sync_folder
from recordings.holes import Hole, HoleFinder
from recordings.sound_line import SILENT_FRAME

#: The copy under way; after a kill it is thrown away and made again.
COPY_SUFFIX: Final = ".copy"
_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Finished:
    """The final file: its length in time and in bytes, its SHA-256, how many samples it holds, what was wrong, its holes."""

    duration_ms: int
    bytes: int
    sha256: str
    samples: int
    trouble: str = ""
    holes: Sequence[Hole] = ()


def finish(path: Path, leave_bytes: int = 0, noted: Sequence[Hole] = ()) -> Finished:
    """Replace the growing file at `path`, whether it was ended or killed, by its final form. Blocks; raises OSError.

    A file out of which nothing can be read stays as it is and counts as empty. When the copy cannot be made (a full disk)
    the file, which is readable, stays as well, and `trouble` says so; so it does when the copy would leave less than
    `leave_bytes` of the disk free. `noted` says of some holes why they are.
    """
    copy = path.with_name(path.name + COPY_SUFFIX)
    trouble = ""
    read = Read()
    try:
        _require_room(path, leave_bytes)
        read = _remux(path, copy)
        if read.samples:
            _force(copy)
            copy.chmod(FILE_MODE)
            copy.replace(path)
            sync_folder(path.parent)
    except (av.FFmpegError, ValueError, OSError) as failed:
        trouble = f"left as it was written: {type(failed).__name__}"
        read = _measure(path)
    finally:
        copy.unlink(missing_ok=True)
    path.touch(mode=FILE_MODE)
    holes = read.holes.found(read.end_ms, noted)
    return Finished(read.end_ms, path.stat().st_size, sha256_of(path), read.samples, trouble, holes)


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


class Read:
    """What was read of a file: how many samples, how far they go in ms, and where it has holes."""

    def __init__(self, source: Any = None) -> None:
        self.samples = 0
        self.end_ms = 0
        self.holes = (
            HoleFinder(each.type for each in source.streams) if source is not None else HoleFinder(())
        )

    def add(self, packet: Any) -> None:
        at_ms = round(packet.pts * packet.time_base * 1000)
        end_ms = round((packet.pts + (packet.duration or 0)) * packet.time_base * 1000)
        self.samples += 1
        self.end_ms = max(self.end_ms, end_ms)
        kind = packet.stream.type
        if kind == "audio":
            if packet.size != len(SILENT_FRAME) or bytes(packet) != SILENT_FRAME:
                self.holes.packet(kind, at_ms, end_ms)
        else:
            self.holes.packet(kind, at_ms, at_ms)


def _remux(path: Path, copy: Path) -> Read:
    """What the copy holds. Ends quietly where the file was cut off."""
    if not path.exists() or path.stat().st_size == 0:
        return Read()
    try:
        source = av.open(str(path))
    except av.FFmpegError:
        return Read()
    with source:
        read = Read(source)
        options = {"avoid_negative_ts": "disabled"}
        kind = "matroska" if path.suffix == ".mkv" else "webm"
        with av.open(str(copy), "w", format=kind, container_options=options) as target:
            streams = {s.index: target.add_stream_from_template(s, opaque=True) for s in source.streams}
            for packet in _packets(source):
                read.add(packet)
                packet.stream = streams[packet.stream_index]
                target.mux_one(packet)
    return read


def _measure(path: Path) -> Read:
    read = Read()
    try:
        with av.open(str(path)) as source:
            read = Read(source)
            for packet in _packets(source):
                read.add(packet)
    except (av.FFmpegError, OSError, ValueError):
        pass  # what could be read up to here is what there is
    return read


def _packets(source: Any) -> Iterator[Any]:
    """Packets until the end of the file or the place where it was cut off."""
    demuxer = source.demux()
    while True:
        try:
            packet = next(demuxer)
        except (StopIteration, av.InvalidDataError, av.EOFError):
            return
        if packet.dts is not None and packet.size:
            yield packet


def _force(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
