"""How long to wait before trying again: longer each time, and never in step with the other stations."""

from __future__ import annotations

import random


class Backoff:
    """Doubling waits with jitter, in seconds; a success starts it anew."""

    def __init__(
        self, first_s: float = 0.25, most_s: float = 5.0, chance: random.Random | None = None
    ) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._next_s = first_s
        self._chance = chance or random.Random()
        self.spread_s = 0.0
        """Within how long all stations of the hub are to come back, as it last said."""

    def next_s(self) -> float:
        """The next wait: between half of the step and all of it, or any part of the spread where that is longer."""
        step_s = self._next_s
        if self.spread_s > step_s:
            self._next_s = min(self._most_s, step_s * 2)
            return self._chance.uniform(0.2, self.spread_s)
        self._next_s = min(self._most_s, step_s * 2)
        return step_s * self._chance.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin with the shortest wait again."""
        self._next_s = self._first_s
