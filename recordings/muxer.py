"""Encoded frames into a growing WebM or Matroska file, without decoding, so that a kill costs at most two seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av

from recordings.archive import FILE_MODE

#: Matroska counts in milliseconds by default, and so do we.
TIME_BASE: Final = Fraction(1, 1000)
#: A cluster is written when it is this old: what a kill of the process costs at most, besides the next value.
CLUSTER_MS: Final = 500
#: How long a frame waits in libav for the other track, whose sound may be muted or picture paused.
INTERLEAVE_US: Final = 300_000
#: The file's data is forced to the disk at least this often; what a loss of power costs.
SYNC_S: Final = 4.0

#: libav's options for the above: https://ffmpeg.org/ffmpeg-formats.html#matroska
_OPTIONS: Final = {
    "cluster_time_limit": str(CLUSTER_MS),
    "flush_packets": "1",
    "fflags": "+flush_packets",
    "max_interleave_delta": str(INTERLEAVE_US),
    "avoid_negative_ts": "disabled",
}
#: libav's own AV1 decoder only drives hardware.
_DECODERS: Final = {"av1": "libdav1d"}
_VIDEO_CODECS: Final = frozenset({"vp8", "vp9", "av1", "h264"})


class MuxError(Exception):
    """The file cannot be written: the disk is full or broken, or the frames do not fit the format.

    `errno` is the system's number for what went wrong, where it was the system.
    """

    def __init__(self, text: str, errno: int | None = None) -> None:
        super().__init__(text)
        self.errno = errno


@dataclass(frozen=True, slots=True)
class Track:
    """One track of a file: `kind` audio or video, `codec` opus, vp8, vp9, av1 or h264."""

    kind: str
    codec: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A frame in its place in the file: `at_ms` from the part's start.

    `quiet_ms`: the longest time in which no packet of its stream came since the frame before.
    """

    kind: str
    data: bytes
    at_ms: int
    key: bool
    quiet_ms: int = 0


def _errno(trouble: Exception) -> int | None:
    found = getattr(trouble, "errno", None)
    return found if isinstance(found, int) else None


def container_for(tracks: Iterable[Track]) -> tuple[str, str]:
    """(libav's format, file suffix): WebM where it may hold the codecs, else Matroska."""
    if any(track.codec == "h264" for track in tracks):
        return "matroska", ".mkv"
    return "webm", ".webm"


def picture_size(codec: str, key_frame: bytes) -> tuple[int, int]:
    """(width, height) in pixels, by decoding this one frame. Raises MuxError if it does not decode."""
    try:
        decoder = cast("av.VideoCodecContext", av.CodecContext.create(_DECODERS.get(codec, codec), "r"))
        decoder.thread_count = 1
        frames = decoder.decode(av.Packet(key_frame)) or decoder.decode(None)
    except (av.FFmpegError, ValueError) as trouble:
        raise MuxError(f"the key frame does not decode: {type(trouble).__name__}") from None
    if not frames:
        raise MuxError("the key frame gives no picture")
    return frames[0].width, frames[0].height


class PartFile:
    """A growing file. Used by one thread at a time; each method may block on the disk and raises MuxError.

    The first sample of a video track must be a key frame: libav reads the header's parameters from it.
    """

    def __init__(self, path: Path, tracks: Iterable[Track], size: tuple[int, int]) -> None:
        """Begin the file; `size` of the picture in pixels, (0, 0) without one. The file must not exist yet."""
        self.path = path
        self.samples = 0
        self.last_ms = 0
        self._last_of: dict[str, int] = {}
        self._synced_at = time.monotonic()
        tracks = list(tracks)
        try:
            self._descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
        except OSError as trouble:
            raise MuxError(f"the file cannot be made: {trouble.strerror}", trouble.errno) from None
        try:
            self._container = av.open(
                str(path), "w", format=container_for(tracks)[0], container_options=dict(_OPTIONS)
            )
            self._streams: dict[str, Any] = {track.kind: self._add(track, size) for track in tracks}
        except (av.FFmpegError, ValueError) as trouble:
            os.close(self._descriptor)
            raise MuxError(f"the file cannot be begun: {type(trouble).__name__}", _errno(trouble)) from None

    def write(self, samples: Iterable[Sample]) -> None:
        """Append, and force to the disk when that is due."""
        try:
            for sample in samples:
                self._write(sample)
        except (av.FFmpegError, ValueError, OSError) as trouble:
            raise MuxError(f"the file cannot be written: {trouble}", _errno(trouble)) from None
        if time.monotonic() - self._synced_at >= SYNC_S:
            self.sync()

    def sync(self) -> None:
        """Force what was written to the disk."""
        try:
            os.fdatasync(self._descriptor)
        except OSError as trouble:
            raise MuxError(
                f"the file cannot be forced to the disk: {trouble.strerror}", trouble.errno
            ) from None
        self._synced_at = time.monotonic()

    def close(self) -> None:
        """End the file. May be called again; the file is given up even if ending it fails."""
        if self._descriptor < 0:
            return
        try:
            if self.samples:
                self._container.close()
            self.sync()
        except (av.FFmpegError, ValueError, OSError) as trouble:
            raise MuxError(f"the file cannot be ended: {trouble}", _errno(trouble)) from None
        finally:
            os.close(self._descriptor)
            self._descriptor = -1

    def _add(self, track: Track, size: tuple[int, int]) -> Any:
        if track.codec in _VIDEO_CODECS:
            return self._container.add_mux_stream(
                track.codec, width=size[0], height=size[1], time_base=TIME_BASE
            )
        # An encoder is named, and never used, because libav writes the Opus header out of it.
        return self._container.add_stream(
            "libopus", rate=48000, layout="stereo", time_base=Fraction(1, 48000)
        )

    def _write(self, sample: Sample) -> None:
        # Matroska refuses a track that goes back in time.
        at_ms = max(sample.at_ms, self._last_of.get(sample.kind, 0))
        self._last_of[sample.kind] = at_ms
        packet: Any = av.Packet(sample.data)
        packet.stream = self._streams[sample.kind]
        packet.pts = packet.dts = at_ms
        packet.time_base = TIME_BASE
        packet.is_keyframe = sample.key
        self._container.mux_one(packet)
        self.samples += 1
        self.last_ms = max(self.last_ms, at_ms)
