"""Playing a clip in an endless loop: which encoded unit is due when, with which time stamp. No clock, no network.

Time stamps go on evenly over the loop's seam. A key frame that is asked for comes with the next picture: the loop jumps
to the key frame nearest to where the clip should be, and is back in step with the sound at the seam.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clients.station.clip import AUDIO_CLOCK, VIDEO_CLOCK, Clip

#: Being later than this, in seconds, the loop skips ahead instead of sending a burst.
_LATE_S: Final = 0.25
#: Least time between two pictures, in seconds.
_LEAST_GAP_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Unit:
    """One encoded picture or Opus packet that is due."""

    data: bytes
    #: In the clock of the medium, from 0 at the start, not yet cut to 32 bits.
    timestamp: int
    #: dBov of sound; None for pictures.
    level: int | None = None
    is_key: bool = False


class VideoLoop:
    """The pictures of a clip. All times in seconds since the start of playing. Raises ValueError without pictures."""

    def __init__(self, clip: Clip) -> None:
        self._frames = clip.video
        self._length_s = clip.length_s
        self._keys = [number for number, frame in enumerate(clip.video) if frame.is_key]
        if not self._keys or self._keys[0] != 0:
            raise ValueError("a clip's pictures must begin with a key frame")
        self._next = 0
        self._round = 0
        self._shift_s = 0.0
        self._last_s = -1.0
        self._key_wanted = False

    def ask_key(self) -> None:
        """The next picture must be a key frame."""
        self._key_wanted = True

    @property
    def due_s(self) -> float:
        """When the next picture is due."""
        nominal = self._round * self._length_s + self._frames[self._next].at_s + self._shift_s
        return max(nominal, self._last_s + _LEAST_GAP_S)

    def take(self, now_s: float) -> Unit:
        """The picture that is due."""
        due_s = self.due_s
        if now_s - due_s > _LATE_S:
            due_s = now_s
            self._jump(due_s)
        elif self._key_wanted and not self._frames[self._next].is_key:
            self._jump(due_s)
        self._key_wanted = False
        frame = self._frames[self._next]
        self._last_s = due_s
        self._next += 1
        if self._next == len(self._frames):
            self._next, self._round, self._shift_s = 0, self._round + 1, 0.0
        return Unit(frame.data, round(due_s * VIDEO_CLOCK), is_key=frame.is_key)

    def _jump(self, due_s: float) -> None:
        """Go to the key frame nearest to where the clip should be at this time."""
        position_s = due_s % self._length_s

        def distance(number: int) -> float:
            apart = abs(self._frames[number].at_s - position_s)
            return min(apart, self._length_s - apart)

        self._next = min(self._keys, key=distance)
        at_s = self._frames[self._next].at_s
        self._round = round((due_s - at_s) / self._length_s)
        self._shift_s = due_s - (self._round * self._length_s + at_s)


class AudioLoop:
    """The sound of a clip. All times in seconds since the start of playing. Raises ValueError without sound."""

    def __init__(self, clip: Clip) -> None:
        if not clip.audio:
            raise ValueError("the clip has no sound")
        self._packets = clip.audio
        self._length = clip.length
        self._next = 0
        self._round = 0

    @property
    def due_s(self) -> float:
        """When the next packet is due."""
        return self._due / AUDIO_CLOCK

    @property
    def _due(self) -> int:
        return self._round * self._length + self._packets[self._next].at

    def take(self, now_s: float) -> Unit:
        """The packet that is due; late ones are left out."""
        if now_s - self.due_s > _LATE_S:
            self._round = max(self._round, int(now_s * AUDIO_CLOCK) // self._length)
            while self.due_s < now_s:
                self._step()
        packet, due = self._packets[self._next], self._due
        self._step()
        return Unit(packet.data, due, level=packet.level)

    def _step(self) -> None:
        self._next += 1
        if self._next == len(self._packets):
            self._next, self._round = 0, self._round + 1
