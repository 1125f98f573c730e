"""What one publisher may send: beyond it his track is dropped before anything is done with it, until he sends less.

A token bucket, filled at a rate that is a fourth above what he is told (REMB): key frames come in bursts, and encoders miss
their mark. What comes is only added up (`octets`); it is compared with the bucket at each tick.
"""

from __future__ import annotations

from typing import Final

#: What a publisher is told to send at most, sound not counted, if nothing else is set.
PUBLISHER_BPS: Final = 12_000_000
#: Opus takes 510 kbit/s at most, and three times that with two repetitions in each packet (RFC 2198).
SOUND_BPS: Final = 2_000_000
#: What is let pass is so much more than what is told …
_TOLERANCE: Final = 1.25
#: … and the bucket holds what comes in so long at that rate.
_DEPTH_S: Final = 2.0
#: Dropped once, a track is passed on again when so much of the bucket is full: less has come for some time.
_AGAIN: Final = 0.5


class UploadCap:
    """One track's. `octets` is to be added to with each packet; `over` is whether what comes is to be dropped."""

    __slots__ = ("_began", "_depth", "_filled_at", "_left", "_rate", "bps", "octets", "over", "told_bps")

    def __init__(self, bps: int) -> None:
        """`bps` is what the publisher is told."""
        self.told_bps = bps
        self.octets = 0
        self.over = False
        #: How fast it came from when the bucket was last full.
        self.bps = 0
        self._rate = bps * _TOLERANCE / 8
        self._depth = self._left = self._rate * _DEPTH_S
        self._filled_at: float | None = None
        self._began = 0.0

    @property
    def near(self) -> bool:
        """Whether most of the bucket is gone: he is to be told soon."""
        return self._left < self._depth / 2

    def settle(self, now: float) -> bool:
        """Compare what came since the last time. True if `over` has changed."""
        if self._filled_at is None:
            self._filled_at = self._began = now
        filled = self._left + self._rate * (now - self._filled_at)
        if filled >= self._depth:
            filled, self._began = self._depth, self._filled_at
        self._filled_at = now
        octets, self.octets = self.octets, 0
        self._left = max(0.0, filled - octets)
        if not self.over and filled < octets:
            # All of the bucket is gone, and what has run into it meanwhile.
            took = max(now - self._began, 0.02)
            self.bps = int((self._depth + self._rate * took) * 8 / took)
            self.over = True
            return True
        if self.over and self._left >= self._depth * _AGAIN:
            self.over = False
            return True
        return False
