"""A whole film: the pieces one behind the other, the sound beside them, chapters, and the words below it (WebVTT)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from recordings.film.scenes import Chapter, Cue, Plan
from recordings.film.sound import RATE, mixed

#: What libav raises for what it cannot read or write.
CodecError = av.FFmpegError

_SOUND_BIT_RATE: Final = 96_000


def join(
    plan: Plan, root: Path, parts: Sequence[tuple[int, Path]], path: Path, heard: Callable[[int], None]
) -> None:
    """Write the film: `parts` are its pieces with their beginnings (ms). Its index stands at its head, so that it plays
    before it is fetched as a whole. Raises OSError, av.FFmpegError.
    """
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as target:
        with av.open(str(parts[0][1])) as first:
            stream: Any = target.add_stream_from_template(first.streams.video[0])
        sound: Any = target.add_stream("aac", rate=RATE, layout="mono")
        sound.bit_rate = _SOUND_BIT_RATE
        target.metadata["title"] = plan.title
        target.metadata["creation_time"] = plan.began_at
        _set_chapters(target, plan)
        blocks = mixed(plan, root)
        mixed_to = 0
        for start_ms, piece in parts:
            for packet in _packets(piece, stream, start_ms):
                at = float(packet.dts * packet.time_base)
                while mixed_to / RATE <= at and (block := next(blocks, None)) is not None:
                    mixed_to = _put(target, sound, block, mixed_to)
                target.mux(packet)
                heard(int(at * 1000))
        for block in blocks:
            mixed_to = _put(target, sound, block, mixed_to)
        target.mux(sound.encode(None))


def _packets(piece: Path, stream: Any, start_ms: int) -> Iterator[Any]:
    with av.open(str(piece)) as source:
        video: Any = source.streams.video[0]
        shift = round(start_ms / 1000 / video.time_base)
        packet: Any
        for packet in source.demux(video):
            if packet.dts is None:
                continue
            packet.pts += shift
            packet.dts += shift
            packet.stream = stream
            yield packet


def _put(target: Any, sound: Any, block: Any, at: int) -> int:
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(block).reshape(1, -1), format="fltp", layout="mono"
    )
    frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    target.mux(sound.encode(frame))
    return at + len(block)


def _set_chapters(target: Any, plan: Plan) -> None:
    if plan.chapters:
        target.set_chapters(
            [
                {
                    "id": number,
                    "start": chapter.at_ms,
                    "end": end,
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": chapter.title},
                }
                for number, (chapter, end) in enumerate(_with_ends(plan.chapters, plan.length_ms))
            ]
        )


def _with_ends(chapters: Sequence[Chapter], length_ms: int) -> Iterator[tuple[Chapter, int]]:
    ends = [each.at_ms for each in chapters[1:]] + [length_ms]
    return zip(chapters, ends, strict=True)


def chapters_text(plan: Plan) -> str:
    """The chapters as WebVTT."""
    return vtt(Cue(each.at_ms, end, each.title) for each, end in _with_ends(plan.chapters, plan.length_ms))


def vtt(cues: Iterable[Cue]) -> str:
    """WebVTT (W3C): nothing in a line of words is taken for a mark of its own."""
    lines = ["WEBVTT", ""]
    for cue in cues:
        if cue.to_ms > cue.from_ms:
            text = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            lines += [f"{_time(cue.from_ms)} --> {_time(cue.to_ms)}", " ".join(text.split()), ""]
    return "\n".join(lines)


def _time(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
