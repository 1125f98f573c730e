"""How good a tile's picture is at its viewer: good, fair, poor or lost."""

from __future__ import annotations

from typing import Final, Literal

Quality = Literal["good", "fair", "poor", "lost"]

#: Loss (0 to 1, before repair) up to which a picture can be good, fair; more is poor.
GOOD_LOSS: Final = 0.03
FAIR_LOSS: Final = 0.10
#: The share of the bit rate the tile has use for from which a picture can be good, fair; less is poor. The middle one
#: of three layers has about a third of the highest one's rate, the lowest a tenth.
GOOD_SHARE: Final = 0.6
FAIR_SHARE: Final = 0.2
#: To get better, loss and share must be better than the band's edge by this factor …
_BETTER: Final = 0.8
#: … for so long; to get worse, they must be worse for so long.
BETTER_AFTER_S: Final = 3.0
WORSE_AFTER_S: Final = 1.0
#: Nothing arrived for so long though it should have: lost.
LOST_AFTER_S: Final = 2.0

_ORDER: Final[tuple[Quality, ...]] = ("good", "fair", "poor")


class TileQuality:
    """The quality of one slot. `state` is None while nothing is to be seen in it."""

    __slots__ = ("_candidate", "_since", "state")

    def __init__(self) -> None:
        self.state: Quality | None = None
        self._candidate: Quality | None = None
        self._since = 0.0

    def clear(self) -> None:
        """Nobody stands in the slot (any more), or somebody else does."""
        self.state = self._candidate = None

    def judge(self, loss: float, share: float, silent_s: float, now: float) -> bool:
        """Take in how the picture does; True if `state` changed.

        `loss` is the slot's loss at the viewer, `share` what it is sent of the bit rate its tile has use for, `silent_s` how
        long nothing arrived (the source sends nothing, the line takes nothing, or the budget allows no picture).
        """
        if silent_s >= LOST_AFTER_S:
            return self._become("lost", now)
        if self.state == "good" and loss <= GOOD_LOSS and share >= GOOD_SHARE:
            self._candidate = None  # as nearly always
            return False
        if self.state is None or self.state == "lost":
            return self._become(_band(loss, share, 1.0), now) if silent_s < LOST_AFTER_S / 2 else False
        at = _ORDER.index(self.state)
        here = _band(loss, share, 1.0)
        if _ORDER.index(here) < at:
            here = _band(loss, share, _BETTER)
            if _ORDER.index(here) > at:
                here = self.state
        if here == self.state:
            self._candidate = None
            return False
        if here != self._candidate:
            # Going on in the same direction goes on counting: good, then poor, is worse all the time.
            same_way = self._candidate is not None and (
                (_ORDER.index(self._candidate) > at) == (_ORDER.index(here) > at)
            )
            self._candidate = here
            if not same_way:
                self._since = now
        after = WORSE_AFTER_S if _ORDER.index(here) > at else BETTER_AFTER_S
        return self._become(here, now) if now - self._since >= after else False

    def _become(self, state: Quality, now: float) -> bool:
        changed, self.state = state != self.state, state
        self._candidate, self._since = None, now
        return changed


def _band(loss: float, share: float, strictness: float) -> Quality:
    """The band of these figures; with a strictness below 1 they must be better than its edges."""
    if loss <= GOOD_LOSS * strictness and share * strictness >= GOOD_SHARE:
        return "good"
    if loss <= FAIR_LOSS * strictness and share * strictness >= FAIR_SHARE:
        return "fair"
    return "poor"
