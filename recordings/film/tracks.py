"""Pictures of recorded parts by their moments: what is not asked for is not decoded."""

from __future__ import annotations

import bisect
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import av

from recordings.film.scenes import Source

#: Further than this it is jumped to the key frame before, nearer it is decoded through (ms).
JUMP_MS: Final = 6_000
#: Files that are kept open; of a whole wall 25 are shown.
MOST_OPEN: Final = 32
#: A picture that is older than this is none any more: a hole (ms).
STALE_MS: Final = 2_500
#: libav's own AV1 decoder only drives hardware.
_DECODERS: Final = {"av1": "libdav1d"}


class PictureFile:
    """One file's pictures, in the order of their moments; going back opens it anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._container: Any = None
        self._frames: Iterator[tuple[int, Any]] = iter(())
        self._now: tuple[int, Any] | None = None
        self._next: tuple[int, Any] | None = None
        self._ended = False

    def at(self, ms: int) -> tuple[int, Any] | None:
        """The picture that is to be seen at this moment of the file, with its own; None where there is none.

        Raises av.FFmpegError or OSError for a file that cannot be read at all.
        """
        if self._container is None or (self._now is not None and self._now[0] > ms):
            self._open()
            self._jump(ms)
        elif self._next is not None and ms - self._next[0] > JUMP_MS:
            self._jump(ms)
        while not self._ended and (self._next is None or self._next[0] <= ms):
            if self._next is not None:
                self._now = self._next
            self._next = next(self._frames, None)
            self._ended = self._next is None
        if self._now is None or ms - self._now[0] > STALE_MS:
            return None
        return self._now

    def close(self) -> None:
        """Nothing more is asked of it."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def _open(self) -> None:
        self.close()
        self._container = av.open(str(self._path))
        self._now, self._next, self._ended = None, None, False

    def _jump(self, ms: int) -> None:
        self._now, self._next = None, None
        if ms > JUMP_MS:
            try:
                self._container.seek(ms * 1000, backward=True)
            except av.FFmpegError:
                self._container.seek(0)
        self._frames = _decoded(self._container)


def _decoded(container: Any) -> Iterator[tuple[int, Any]]:
    """What decodes; a packet that does not is passed over."""
    stream = container.streams.video[0]
    name = _DECODERS.get(stream.codec_context.name, stream.codec_context.name)
    decoder: Any = av.CodecContext.create(name, "r")
    decoder.thread_count = 1
    decoder.extradata = stream.codec_context.extradata
    begun = False
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            if packet.size == 0:
                return
            if not begun and not packet.is_keyframe:
                continue
            begun = True
            at_ms = round(float((packet.pts or 0) * packet.time_base) * 1000)
            for frame in decoder.decode(packet):
                yield at_ms, frame
        except av.error.InvalidDataError:
            continue
        except (av.FFmpegError, EOFError):
            return


class Pictures:
    """The pictures of all parts. Files that were not asked for lately are closed."""

    def __init__(self, root: Path, sources: Iterable[Source]) -> None:
        self._root = root
        self._by_who: dict[tuple[str, bool], list[Source]] = {}
        for source in sorted(sources, key=lambda each: each.from_ms):
            if source.picture:
                self._by_who.setdefault((source.participant, source.screen), []).append(source)
        self._open: OrderedDict[str, PictureFile] = OrderedDict()
        self.unreadable: set[str] = set()

    def at(self, participant: str, screen: bool, ms: int) -> tuple[tuple[str, int], Any] | None:
        """His picture at this moment of the film, and what tells it from the one before; None where there is none."""
        sources = self._by_who.get((participant, screen), [])
        place = bisect.bisect_right(sources, ms, key=lambda each: each.from_ms) - 1
        if place < 0 or ms >= sources[place].to_ms:
            return None
        source = sources[place]
        if source.file in self.unreadable:
            return None
        try:
            found = self._file(source.file).at(ms - source.from_ms)
        except (av.FFmpegError, OSError):
            self.unreadable.add(source.file)
            return None
        return None if found is None else ((source.file, found[0]), found[1])

    def close(self) -> None:
        """All files."""
        for each in self._open.values():
            each.close()
        self._open.clear()

    def _file(self, name: str) -> PictureFile:
        file = self._open.get(name)
        if file is None:
            file = self._open[name] = PictureFile(self._root / name)
        self._open.move_to_end(name)
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        return file
