"""Whether the disk keeps up: what waits for it, of all parts together, and how long a write has been under way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

#: What all parts may have waiting for a slow disk; beyond it frames are left out.
MAX_ALL_BYTES: Final = 256 * 1024 * 1024
#: A write that takes longer is told.
SLOW_S: Final = 2.0


class DiskPace:
    """Used by the loop's thread alone."""

    def __init__(self, most_bytes: int = MAX_ALL_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self.waiting_bytes = 0
        self._most_bytes = most_bytes
        self._clock = clock
        self._writes: dict[str, tuple[str, float]] = {}  # part -> (recording, since when)

    def hold(self, size: int) -> None:
        """So much more waits."""
        self.waiting_bytes += size

    def release(self, size: int) -> None:
        """So much was written, or given up."""
        self.waiting_bytes -= size

    @property
    def is_behind(self) -> bool:
        """Whether no more may wait."""
        return self.waiting_bytes > self._most_bytes

    @property
    def has_eased(self) -> bool:
        """Whether there is room to wait again after it was behind."""
        return self.waiting_bytes <= self._most_bytes // 2

    def began(self, recording: str, part: str) -> None:
        """A write of this part is under way from now on."""
        self._writes[part] = (recording, self._clock())

    def ended(self, part: str) -> None:
        self._writes.pop(part, None)

    def is_slow(self, recording: str) -> bool:
        """Whether a write of this recording takes too long."""
        since = self._clock() - SLOW_S
        return any(of == recording and began <= since for of, began in self._writes.values())
