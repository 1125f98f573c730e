"""A picture that flashes and a sound that beeps at the same moment: what decoded media are judged by.

Now after two seconds and now after three the picture is white and a tone of 1 kHz is heard for a quarter of a second (so that
two seconds too late are not taken for in step); in between the picture is a dark pattern that moves, and there is silence.
Whoever has the times of both in what came out at the end knows whether it is seen, heard and in step. Nothing but the standard
library, because GStreamer's Python of the system uses it too.
"""

from __future__ import annotations

import array
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

PERIOD_S = 5.0
ONSETS_S = (0.0, 2.0)
LENGTH_S = 0.25
WIDTH, HEIGHT, FPS = 640, 360, 15
SAMPLE_RATE = 48_000
#: Samples of one frame of sound, 20 ms.
FRAME_SAMPLES = 960
#: A flash and a beep as far from each other, and pairs that differ so much among each other, are not in step: a viewer begins
#: to notice at 45 ms (sound first) and 125 ms (ITU-R BT.1359); 15 pictures a second and what looks at them take 70 ms more.
IN_STEP_S = 0.16
SPREAD_S = 0.2
#: So many of each must have come.
LEAST = 3
#: Of the flashes so many have their beep within a second.
PAIRED = 0.6
PAIR_S = 1.0

_BLOCK = 8
_SHIFTS = 16
_TONE_HZ = 1000

Samples = Sequence[tuple[float, float]]


def lit(at_s: float) -> bool:
    """Whether picture and sound are on at this time of the source."""
    at_s = (at_s + 1e-6) % PERIOD_S
    return any(onset <= at_s < onset + LENGTH_S for onset in ONSETS_S)


class Pictures:
    """The pictures as planes of YUV 4:2:0, one after the other without padding."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.width, self.height = width, height
        chance = random.Random(7)
        chroma = b"\x80" * (width * height // 2)
        self._white = b"\xeb" * (width * height) + chroma
        columns = width // _BLOCK + _SHIFTS
        blocks = [
            b"".join(bytes([chance.randrange(30, 90)]) * _BLOCK for _ in range(columns))
            for _ in range(-(-height // _BLOCK))
        ]
        self._dark = [
            b"".join(blocks[row // _BLOCK][shift * _BLOCK : shift * _BLOCK + width] for row in range(height))
            + chroma
            for shift in range(_SHIFTS)
        ]

    def at(self, number: int, fps: int = FPS) -> bytes:
        """Picture of this number, counted from 0."""
        return self._white if lit(number / fps) else self._dark[number % _SHIFTS]


def sound(number: int) -> bytes:
    """The 20 ms of this number, counted from 0: mono, 16 bits in the machine's byte order, 48 kHz."""
    first = number * FRAME_SAMPLES
    if not lit(first / SAMPLE_RATE):
        return bytes(2 * FRAME_SAMPLES)
    turn = 2 * math.pi * _TONE_HZ / SAMPLE_RATE
    wave = (int(12_000 * math.sin(turn * (first + index))) for index in range(FRAME_SAMPLES))
    return array.array("h", wave).tobytes()


def onsets(samples: Samples, least: float) -> list[float]:
    """When the value rises above the middle between its lowest and highest; nothing where these differ by less than `least`."""
    if not samples:
        return []
    values = sorted(value for _, value in samples)
    low, high = values[len(values) // 4], values[-1 - len(values) // 50]
    if high - low < least:
        return []
    found: list[float] = []
    above = True  # what is on at the beginning has no onset
    for at, value in sorted(samples):
        if value > (low + high) / 2:
            if not above and (not found or at - found[-1] > PAIR_S):
                found.append(at)
            above = True
        else:
            above = False
    return found


@dataclass(frozen=True)
class Verdict:
    """What came out at one end. `step_s` is by how much the sound is later than the picture (median), None if that cannot be
    told."""

    pictures: int
    flashes: int
    beeps: int
    step_s: float | None
    spread_s: float

    @property
    def fault(self) -> str:
        """What is wrong, in words; empty when all is well."""
        if self.flashes < LEAST and self.beeps < LEAST:
            return f"neither seen nor heard ({self.pictures} pictures)"
        if self.flashes < LEAST:
            return f"not seen ({self.pictures} pictures, {self.flashes} flashes)"
        if self.beeps < LEAST:
            return f"not heard ({self.beeps} beeps)"
        if self.step_s is None or abs(self.step_s) > IN_STEP_S:
            by = f"by {1000 * self.step_s:+.0f} ms" if self.step_s is not None else "by more than a second"
            return f"out of step {by}"
        if self.spread_s > SPREAD_S:
            return f"in and out of step ({1000 * self.spread_s:.0f} ms)"
        return ""

    def __str__(self) -> str:
        step = f"{1000 * self.step_s:+.0f} ms" if self.step_s is not None else "unknown"
        return f"{self.pictures} pictures, {self.flashes} flashes, {self.beeps} beeps, step {step}"


def judge(luma: Samples, loudness: Samples) -> Verdict:
    """`luma` is the mean of each picture (0 to 255) and `loudness` the RMS of each bit of sound (full scale 1), with the times
    in seconds at which they were shown and heard, or were to be."""
    flashes, beeps = onsets(luma, 60), onsets(loudness, 0.03)
    steps = []
    for flash in flashes:
        nearest = min(beeps, key=lambda beep: abs(beep - flash), default=None)
        if nearest is not None and abs(nearest - flash) < PAIR_S:
            steps.append(nearest - flash)
    middle = median(steps) if len(steps) >= PAIRED * min(len(flashes), len(beeps)) and steps else None
    if middle is not None and len(steps) > LEAST:
        # The first pair may fall into the time in which a viewer still finds his pace.
        steps.remove(max(steps, key=lambda step: abs(step - middle)))
    spread = max(steps) - min(steps) if steps else 0.0
    return Verdict(len(luma), len(flashes), len(beeps), middle, spread)
