"""How fast a layer's bits come, by temporal layer: what it costs a viewer to take it."""

from __future__ import annotations

from typing import Final

#: Rates are those of the last full window of this length; a shorter one would follow single key frames.
WINDOW_S: Final = 1.0
#: VP8 has four temporal layers at most, VP9 eight of which browsers use three.
MAX_TEMPORAL: Final = 8
#: A rate that falls does so calmly (the next window may hold a key frame again), one that rises at once.
_FALL: Final = 0.5
#: Header, extensions and tag of each packet; IP and UDP are not counted, as they are not in the estimate.
OVERHEAD_BYTES: Final = 42


class LayerRates:
    """Counts bytes by temporal layer. `cumulative_bps[t]` is what temporal layers 0 to t cost together."""

    __slots__ = ("_began", "_bytes", "_top", "cumulative_bps")

    def __init__(self) -> None:
        self.cumulative_bps: tuple[int, ...] = ()
        self._bytes = [0] * MAX_TEMPORAL
        self._top = 0
        self._began: float | None = None

    def count(self, size: int, temporal: int, now: float) -> None:
        """A packet with `size` bytes of payload came."""
        if temporal > self._top:
            self._top = temporal
        self._bytes[temporal] += size + OVERHEAD_BYTES
        if self._began is None:
            self._began = now
        elif now - self._began >= WINDOW_S:
            self._roll(now)

    def _roll(self, now: float) -> None:
        assert self._began is not None
        took = now - self._began
        fresh, total = [], 0
        for temporal in range(self._top + 1):
            total += self._bytes[temporal]
            fresh.append(int(total * 8 / took))
        before = self.cumulative_bps
        if before and took >= 2 * WINDOW_S:
            fresh = list(before)  # it had stopped meanwhile: the window says nothing of its rate
        elif len(before) == len(fresh):
            fresh = [
                new if new >= old else int(old + (new - old) * _FALL)
                for old, new in zip(before, fresh, strict=True)
            ]
        self.cumulative_bps = tuple(fresh)
        self._bytes = [0] * MAX_TEMPORAL
        self._top = 0
        self._began = now

    def clear(self) -> None:
        """The layer began anew."""
        self.cumulative_bps = ()
        self._bytes = [0] * MAX_TEMPORAL
        self._top = 0
        self._began = None
