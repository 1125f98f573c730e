"""One key-frame manager per layer: merges all requests, keeps to its pace, repeats until the picture is there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

#: Chromium silently ignores a request within 300 ms of the last: repeat just above that.
REPEAT_S: Final = 0.35
#: After this many unanswered requests the camera is probably off; keep asking, but rarely.
EAGER_REPEATS: Final = 10
PATIENT_REPEAT_S: Final = 1.0
#: A viewer's own request (PLI, FIR) right after a key frame is most often for that very one: wait this long.
CALM_S: Final = 0.5
#: A key frame that so many new viewers waited for says that many join at once, after a line came back. The next one then
#: leaves a second after it, for all who have come: each costs as much as a second's pictures, and all others wait behind it.
CROWD: Final = 20
#: In any stretch of this length no more requests leave than the manager was made for.
PACE_S: Final = 1.0


def _nobody() -> None:
    """Who is asked for a key frame of a stream that has ended."""


class KeyFrameManager:
    """Decides when the publisher is asked for a key frame. Time is passed in, requests go out by `ask`."""

    def __init__(self, ask: Callable[[], None], per_second: int = 2) -> None:
        """At most `per_second` requests leave in any second, whatever the viewers send."""
        self._ask = ask
        self._wanted_at: float | None = None
        self._asked: deque[float] = deque(maxlen=per_second)
        self._arrived_at = float("-inf")
        self._repeats = 0
        self._waiting = 0
        self._crowded = False
        self.asked = 0
        self.merged = 0
        self.arrived_count = 0

    def keep_to(self, per_second: int) -> None:
        """No more requests than this leave in any second from now on."""
        if per_second != self._asked.maxlen:
            self._asked = deque(self._asked, maxlen=per_second)

    @property
    def arrived_at(self) -> float:
        """When the last key frame began; minus infinity before there was one."""
        return self._arrived_at

    @property
    def pending(self) -> bool:
        """Whether somebody waits for a key frame."""
        return self._wanted_at is not None

    def want(self, now: float, *, urgent: bool = True) -> None:
        """Somebody needs one: a new viewer or a switched slot (`urgent`), or one that lost the picture."""
        self._waiting += urgent  # not who lost the picture: one viewer may say so many times
        not_before = now if urgent else max(now, self._arrived_at + CALM_S)
        if self._wanted_at is not None:
            self.merged += 1
            self._wanted_at = min(self._wanted_at, not_before)
        else:
            self._wanted_at = not_before
            self._repeats = 0
        self.tick(now)

    def arrived(self, now: float) -> None:
        """A key frame begins: whoever waited is served."""
        self._arrived_at = now
        self._wanted_at = None
        self._crowded, self._waiting = self._waiting >= CROWD, 0
        self.arrived_count += 1

    def cancel(self) -> None:
        """Nobody watches any more."""
        self._wanted_at = None
        self._waiting = 0

    def close(self) -> None:
        """The stream has ended: nobody is asked any more, and whoever was is let go."""
        self._wanted_at = None
        self._ask = _nobody

    def ready(self, now: float) -> bool:
        """Whether a request would leave at once, or one has left that is still unanswered."""
        asked = self._asked
        if self._wanted_at is not None or not asked:
            return True
        full = len(asked) == asked.maxlen and now - asked[0] < PACE_S
        return not full and now - asked[-1] >= (PACE_S if self._crowded else REPEAT_S)

    def tick(self, now: float) -> None:
        """Ask (again) if it is time."""
        if self._wanted_at is None or now < self._wanted_at:
            return
        asked = self._asked
        if asked:
            pause = REPEAT_S if self._repeats < EAGER_REPEATS else PATIENT_REPEAT_S
            if self._crowded and not self._repeats:
                pause = PACE_S
            if now - asked[-1] < pause:
                return
            if len(asked) == asked.maxlen and now - asked[0] < PACE_S:
                return
        asked.append(now)
        self._repeats += 1
        self.asked += 1
        self._ask()

    def dump(self) -> dict[str, object]:
        """The manager for people."""
        return {
            "pending": self.pending,
            "asked": self.asked,
            "merged": self.merged,
            "arrived": self.arrived_count,
        }
