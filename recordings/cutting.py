"""A stretch cut out of a recorded file: its frames copied where a key frame stands near enough, else encoded anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import av

from recordings.archive import FILE_MODE

#: A copy begins at a key frame. One that stands this long before what is wanted is near enough.
NEAR_MS: Final = 5000
#: What is encoded: H264 and AAC, as everything plays them.
_PICTURE: Final = {"preset": "veryfast", "crf": "21"}
_SOUND_RATE: Final = 48_000
#: Pictures a second of what is encoded, at most: recorded ones come at uneven moments.
_MOST_FPS: Final = 30
_MS: Final = Fraction(1, 1000)

#: How much of the stretch is done, in ms.
Told = Callable[[int], None]


class CutFailed(Exception):
    """The file cannot be cut: it cannot be read, or holds nothing of the stretch."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut. Moments in ms of the file that it was cut from."""

    path: Path
    from_ms: int
    """Of its first picture, or of its first sound where it has no picture: never after what was wanted, by a few ms at most."""
    to_ms: int
    """Of its end."""
    copied: bool
    """Whether frames are those that were recorded, bit by bit."""


def cut(source: Path, from_ms: int, to_ms: int, stem: Path, told: Told = lambda done: None) -> Cut:
    """Cut the stretch out of `source` into a file beside `stem` whose suffix fits what is in it. Raises CutFailed.

    It is copied from the last key frame before `from_ms` where that stands at most NEAR_MS before; else encoded, and
    begins where it was wanted.
    """
    if to_ms <= from_ms:
        raise CutFailed("the stretch has no length")
    try:
        begin_ms = key_before(source, from_ms)
        if begin_ms is None or from_ms - begin_ms <= NEAR_MS:
            return _copy(source, from_ms if begin_ms is None else begin_ms, to_ms, stem, told)
        return _encode(source, from_ms, to_ms, stem, told)
    except (av.FFmpegError, ValueError, IndexError) as problem:
        raise CutFailed(f"{source.name}: {type(problem).__name__}: {problem}") from None


def key_before(source: Path, at_ms: int) -> int | None:
    """Where the last key frame at or before a moment stands; None for a file without pictures, or with none so early."""
    with av.open(str(source)) as container:
        if not container.streams.video:
            return None
        stream = container.streams.video[0]
        found: int | None = None
        for packet in packets_from(container, at_ms, stream):
            if packet.pts is None:
                continue
            here = _ms(packet)
            if here > at_ms:
                break
            if packet.is_keyframe:
                found = here
        return found


def packets_from(container: Any, at_ms: int, *streams: Any) -> Iterator[Any]:
    """Packets of these streams from a key frame at or before a moment; from the beginning where it cannot be sought."""
    stream = streams[0]
    try:
        container.seek(int(at_ms / 1000 / stream.time_base), stream=stream, backward=True)
    except av.FFmpegError:
        container.seek(0)
    first = True
    for packet in container.demux(*streams):
        if first and packet.pts is not None and packet.stream is stream:
            first = False
            if _ms(packet) > at_ms:
                # A file whose table of key frames was never written: it is read from its beginning.
                container.seek(0)
                yield from container.demux(*streams)
                return
        yield packet


def _ms(packet: Any) -> int:
    moment: int = round(packet.pts * packet.time_base * 1000)
    return moment


def _copy(source: Path, begin_ms: int, to_ms: int, stem: Path, told: Told) -> Cut:
    with av.open(str(source)) as given:
        streams = [*given.streams.video[:1], *given.streams.audio[:1]]
        if not streams:
            raise CutFailed(f"{source.name} holds neither picture nor sound")
        suffix = ".mp4" if any(each.codec_context.name == "h264" for each in streams) else ".webm"
        path = stem.with_suffix(suffix)
        options = {"movflags": "+faststart"} if suffix == ".mp4" else {}
        first: int | None = None
        last = begin_ms
        with av.open(str(path), "w", options=options) as made:
            into = {each.index: made.add_stream_from_template(each) for each in streams}
            over: set[int] = set()
            for packet in packets_from(given, begin_ms, *streams):
                if packet.pts is None or packet.dts is None:
                    continue
                here = _ms(packet)
                if here >= to_ms:
                    over.add(packet.stream.index)
                    if len(over) == len(streams):
                        break
                    continue
                if here < begin_ms or packet.stream.index in over:
                    continue
                if first is None:
                    if packet.stream.type == "video" and not packet.is_keyframe:
                        continue
                    first = here
                last = max(last, here + _lasts_ms(packet))
                shift = round(begin_ms / 1000 / packet.time_base)
                packet.pts -= shift
                packet.dts -= shift
                packet.stream = into[packet.stream.index]
                made.mux(packet)
                told(min(here, to_ms) - begin_ms)
        if first is None:
            path.unlink(missing_ok=True)
            raise CutFailed(f"{source.name} holds nothing of the stretch")
    path.chmod(FILE_MODE)
    return Cut(path, begin_ms, min(last, to_ms), copied=True)


def _lasts_ms(packet: Any) -> int:
    lasts: int = round((packet.duration or 0) * packet.time_base * 1000)
    return lasts


def _encode(source: Path, from_ms: int, to_ms: int, stem: Path, told: Told) -> Cut:
    path = stem.with_suffix(".mp4")
    with av.open(str(source)) as given, av.open(str(path), "w", options={"movflags": "+faststart"}) as made:
        streams = [*given.streams.video[:1], *given.streams.audio[:1]]
        makers = {each.index: _maker(made, each) for each in streams}
        last = from_ms
        for packet in packets_from(given, from_ms, *streams):
            maker = makers[packet.stream.index]
            if maker.over:
                continue
            for frame in packet.decode():
                if frame.pts is None:
                    continue
                here = round(frame.pts * frame.time_base * 1000)
                if here >= to_ms:
                    maker.over = True
                    break
                if here < from_ms:
                    maker.hold(frame)
                    continue
                maker.take(frame, here - from_ms)
                last = max(last, here)
                told(here - from_ms)
            if all(each.over for each in makers.values()):
                break
        for maker in makers.values():
            maker.finish()
        if all(each.taken == 0 for each in makers.values()):
            raise CutFailed(f"{source.name} holds nothing of the stretch")
    path.chmod(FILE_MODE)
    return Cut(path, from_ms, min(to_ms, last + 1000 // _MOST_FPS), copied=False)


@dataclass(slots=True)
class _Picture:
    """Pictures of one size, at the moments at which they were recorded."""

    made: Any
    stream: Any
    over: bool = False
    taken: int = 0
    last_ms: int = -1
    held: Any = None

    def hold(self, frame: Any) -> None:
        """A picture of before: it stands at the beginning until the next one comes."""
        self.held = frame

    def take(self, frame: Any, at_ms: int) -> None:
        if self.held is not None and at_ms > 0:
            held, self.held = self.held, None
            self.take(held, 0)
        self.held = None
        if at_ms - self.last_ms < 1000 // _MOST_FPS - 1 and self.taken:
            return
        if not self.taken:
            self.stream.width, self.stream.height = frame.width & ~1, frame.height & ~1
        same = frame.reformat(width=self.stream.width, height=self.stream.height, format="yuv420p")
        same.pts, same.time_base = at_ms, _MS
        same.pict_type = av.video.frame.PictureType.NONE
        self.made.mux(self.stream.encode(same))
        self.taken, self.last_ms = self.taken + 1, at_ms

    def finish(self) -> None:
        if self.held is not None:
            self.take(self.held, 0)
        if self.taken:
            self.made.mux(self.stream.encode(None))


@dataclass(slots=True)
class _Sound:
    """Sound laid end to end from its first frame on."""

    made: Any
    stream: Any
    resampler: Any
    over: bool = False
    taken: int = 0
    next: int = 0

    def hold(self, frame: Any) -> None:
        """Sound of before is not heard."""

    def take(self, frame: Any, at_ms: int) -> None:
        if not self.taken:
            self.next = at_ms * _SOUND_RATE // 1000
        self.taken += 1
        self._mux(self.resampler.resample(frame))

    def _mux(self, frames: list[Any]) -> None:
        for each in frames:
            each.pts, each.time_base = self.next, Fraction(1, _SOUND_RATE)
            self.next += each.samples
            self.made.mux(self.stream.encode(each))

    def finish(self) -> None:
        if self.taken:
            self._mux(self.resampler.resample(None))
            self.made.mux(self.stream.encode(None))


def _maker(made: Any, stream: Any) -> _Picture | _Sound:
    if stream.type == "video":
        picture = cast("av.VideoStream", made.add_stream("libx264", rate=_MOST_FPS, options=dict(_PICTURE)))
        picture.pix_fmt = "yuv420p"
        picture.codec_context.time_base = _MS
        return _Picture(made, picture)
    sound = cast("av.AudioStream", made.add_stream("aac", rate=_SOUND_RATE, layout="stereo"))
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_SOUND_RATE, frame_size=1024)
    return _Sound(made, sound, resampler)
