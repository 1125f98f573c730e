"""How long a process has not been heard, told so that neither a sleep of the machine nor our own lag counts."""

from __future__ import annotations

from typing import Final

#: One that was heard before is given up after so much silence.
GRACE_S: Final = 12.0
#: One that a new control found running and has not heard yet gets more, and one that was just started more still: on a
#: machine that has too much to do, Python alone takes a while to begin.
FOUND_GRACE_S: Final = 30.0
START_GRACE_S: Final = 60.0
#: What lies between two looks counts as silence up to this: more was our own lag, or the machine slept.
LONGEST_STEP_S: Final = 1.0


class Silence:
    """The silence of one child. Time is passed in, of a clock that never goes back."""

    def __init__(self) -> None:
        self._pid: int | None = None
        self._heard = 0
        self._silent_s = 0.0
        self._looked_at = 0.0

    def look(self, now: float, pid: int, heard: int, *, found: bool = False) -> bool:
        """Whether this process is to be given up. `heard` is another number whenever it was heard, 0 before; `found` says that
        it ran before."""
        if pid != self._pid:
            self._pid, self._heard, self._silent_s = pid, 0, 0.0
        elif heard != self._heard:
            self._silent_s = 0.0
        else:
            self._silent_s += min(now - self._looked_at, LONGEST_STEP_S)
        self._heard, self._looked_at = heard, now
        first_grace_s = FOUND_GRACE_S if found else START_GRACE_S
        return self._silent_s > (GRACE_S if heard else first_grace_s)
