"""Whether to wait a moment for the rest of a picture, so that it is fanned out in one go instead of two.

A sender's pacer lets a picture go in a burst; the node wakes up with its first packet, and is often quicker than the rest
comes. Every part of a picture that is fanned out by itself costs one system call for each viewer. To wait costs a round
of the event loop, and is in vain when the source paces its packets evenly: that is learnt. Sans-IO: the owner polls.
"""

from __future__ import annotations

from typing import Final

#: Rounds of the event loop (some 30 µs each) that a picture is waited for.
ROUNDS: Final = 3
#: With fewer viewers nothing is to be gained.
LEAST_VIEWERS: Final = 8
#: With less success than this it is only tried each so many times …
_WORTH: Final = 0.4
_TRY_EACH: Final = 32
#: … and each time counts this much.
_MEMORY: Final = 0.1


class Burst:
    """The waiting of one port. `share` is how often it was worth it lately, 0 to 1; it begins hopefully."""

    __slots__ = ("_first", "_passed", "_rounds", "share")

    def __init__(self) -> None:
        self.share = 1.0
        self._rounds = self._first = self._passed = 0

    def hold(self, waiting: int) -> bool:
        """Whether to poll once more before fanning out. `waiting` counts the packets of pictures that are not whole yet."""
        if waiting and not self._rounds:
            self._passed += 1
            if self.share < _WORTH and self._passed % _TRY_EACH:
                return False
            self._rounds, self._first = 1, waiting
            return True
        if waiting and self._rounds < ROUNDS:
            self._rounds += 1
            return True
        if self._rounds:
            came = not waiting or waiting > self._first
            self.share += _MEMORY * (came - self.share)
            self._rounds = 0
        return False
