"""The sound of a film: all who were heard, each brought to the same loudness, mixed, and kept from clipping."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from recordings.film.scenes import Heard, Plan, Source

RATE: Final = 48_000
#: Mixed at a time.
BLOCK: Final = RATE
#: How loud a voice is to be (RMS of what is no silence, full scale 1): -20 dBFS.
_TARGET: Final = 0.1
#: Below this it is no voice, and says nothing of how loud somebody is.
_SILENCE: Final = 0.004
_LEAST_GAIN: Final = 0.25
_MOST_GAIN: Final = 6.0
_CEILING: Final = 0.9
#: Stretches in which loudness is measured and held down: 10 ms.
_WINDOW: Final = RATE // 100
#: Sound that begins or ends within a part does so in this many samples.
_RAMP: Final = 240

Samples = NDArray[np.float32]


class SoundFile:
    """One file's sound by samples, read on and on."""

    def __init__(self, path: Path) -> None:
        self._container: Any = av.open(str(path))
        self._frames = _decoded(self._container)
        self._kept: Samples = np.zeros(0, np.float32)
        self._at = 0
        """The sample at which what is kept begins."""
        self._level = _TARGET
        self._gain = 1.0

    def read(self, start: int, end: int) -> Samples:
        """The samples from `start` up to `end`; silence where there are none. Only ever onwards."""
        out = np.zeros(end - start, np.float32)
        self._fill(end)
        if start > self._at:
            left_out = min(len(self._kept), start - self._at)
            self._kept, self._at = self._kept[left_out:], self._at + left_out
        place = self._at - start
        if place < len(out) and len(self._kept):
            count = min(len(self._kept), len(out) - place)
            out[place : place + count] = self._kept[:count]
            self._kept, self._at = self._kept[count:], self._at + count
        return self._levelled(out)

    def close(self) -> None:
        """Nothing more is read."""
        self._container.close()

    def _fill(self, end: int) -> None:
        pieces, have = [self._kept], self._at + len(self._kept)
        while have < end and (found := next(self._frames, None)) is not None:
            at, samples = found
            if not len(self._kept) and len(pieces) == 1:
                # nothing is kept: it begins wherever this does
                self._at = have = at
            elif at - have > 3 * RATE // 100:
                pieces.append(np.zeros(at - have, np.float32))
                have = at
            pieces.append(samples)
            have += len(samples)
        self._kept = np.concatenate(pieces)

    def _levelled(self, samples: Samples) -> Samples:
        """With the loudness that voices are to have: who is far from his microphone is brought near, slowly."""
        whole = samples[: len(samples) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
        loud = np.sqrt((whole * whole).mean(axis=1))
        voiced = loud[loud > _SILENCE]
        if len(voiced) >= 5:
            self._level += (float(voiced.mean()) - self._level) * min(1.0, len(voiced) / 200)
        wanted = float(np.clip(_TARGET / max(self._level, 1e-6), _LEAST_GAIN, _MOST_GAIN))
        gain = np.linspace(self._gain, wanted, len(samples), dtype=np.float32)
        self._gain = wanted
        levelled: Samples = samples * gain
        return levelled


def _decoded(container: Any) -> Iterator[tuple[int, Samples]]:
    """Where each stretch of samples begins, and the stretch; 48 kHz, one channel. What does not decode is left out."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    stream = container.streams.audio[0]
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            for frame in packet.decode():
                at = round(float(frame.time or 0.0) * RATE)
                for each in resampler.resample(frame):
                    samples = each.to_ndarray()[0].astype(np.float32, copy=False)
                    yield at, samples
                    at += len(samples)
        except av.error.InvalidDataError:
            continue
        except (av.FFmpegError, EOFError):
            return


def mixed(plan: Plan, root: Path) -> Iterator[Samples]:
    """The sound of the whole film, a second at a time; the last block is as long as what is left."""
    spans: dict[str, list[Heard]] = {}
    for each in plan.heard:
        spans.setdefault(each.participant, []).append(each)
    waiting = sorted(
        (each for each in plan.sources if each.sound and each.participant in spans),
        key=lambda each: each.from_ms,
        reverse=True,
    )
    open_files: list[tuple[Source, SoundFile]] = []
    total = plan.length_ms * RATE // 1000
    for start in range(0, total, BLOCK):
        end = min(start + BLOCK, total)
        while waiting and waiting[-1].from_ms * RATE // 1000 < end:
            source = waiting.pop()
            try:
                open_files.append((source, SoundFile(root / source.file)))
            except (av.FFmpegError, OSError, IndexError):
                continue  # its picture says that it cannot be read
        mix: Samples = np.zeros(end - start, np.float32)
        still: list[tuple[Source, SoundFile]] = []
        for source, file in open_files:
            if source.to_ms * RATE // 1000 <= start:
                file.close()
                continue
            still.append((source, file))
            offset = source.from_ms * RATE // 1000
            samples = file.read(max(0, start - offset), end - offset)
            gate = _gate(spans[source.participant], start, end)
            mix[len(mix) - len(samples) :] += samples * gate[len(mix) - len(samples) :]
        open_files = still
        yield _held_down(mix)
    for _, file in open_files:
        file.close()


def _gate(spans: list[Heard], start: int, end: int) -> Samples:
    """1 where he is heard, 0 where he is not, without clicks in between."""
    gate: Samples = np.zeros(end - start + 2 * _RAMP, np.float32)
    first = start - _RAMP
    for span in spans:
        begin, stop = span.from_ms * RATE // 1000 - first, span.to_ms * RATE // 1000 - first
        if stop > 0 and begin < len(gate):
            gate[max(0, begin) : max(0, stop)] = 1.0
    if gate.min() == gate.max():
        return gate[_RAMP:-_RAMP]
    smooth = np.convolve(gate, np.full(_RAMP, 1 / _RAMP, np.float32), mode="same")
    inside: Samples = smooth[_RAMP:-_RAMP].astype(np.float32)
    return inside


def _held_down(mix: Samples) -> Samples:
    """Nothing above the ceiling: gain is taken back around what is too loud, and given back after it."""
    if not len(mix) or float(np.abs(mix).max()) <= _CEILING:
        return mix
    windows = -(-len(mix) // _WINDOW)
    peaks = np.abs(np.pad(mix, (0, windows * _WINDOW - len(mix)))).reshape(-1, _WINDOW).max(axis=1)
    gains = np.minimum(1.0, _CEILING / np.maximum(peaks, 1e-6))
    padded = np.pad(gains, 1, mode="edge")
    least = np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    middles = (np.arange(windows) + 0.5) * _WINDOW
    held = mix * np.interp(np.arange(len(mix)), middles, least).astype(np.float32)
    out: Samples = np.clip(held, -_CEILING, _CEILING)
    return out
