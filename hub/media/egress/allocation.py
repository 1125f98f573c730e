"""Which layer each slot of a viewer gets, and up to which temporal layer, within what its line carries.

Less budget costs, in this order: pictures that nothing shows just now, the other tiles' resolution, their frame rate, the
main picture's resolution, its frame rate, the other tiles' pictures, and the main picture last. (Sound is never touched:
the caller subtracts it from the budget.) Down at once, up only with margin and after a pause that grows when the step up
did not last. What a viewer's own wish changes (another tile size, another picture beside it) says nothing of his line, and
waits for no pause.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from hub.media.ingest.offer import ALL_TEMPORAL, Offer, Rung

#: A step up needs the budget to be this much more than everything would then cost.
UP_MARGIN: Final = 1.12
#: No step up of a slot so soon after any change of it.
DWELL_S: Final = 2.0
#: A step up that had to be taken back within this did not last: the next one waits twice as long, up to …
RETURN_S: Final = 10.0
DWELL_MAX_S: Final = 32.0
#: The last that is left of the main picture is kept while this share of it fits: repairs and luck do the rest.
_LAST_FIT: Final = 0.8
#: With nothing else new, rates are looked at again after this.
REVIEW_S: Final = 1.0


class Choice(NamedTuple):
    """What a slot gets: an index into the offer's layers (None: no picture), and the highest temporal layer."""

    layer: int | None
    temporal: int = ALL_TEMPORAL


NOTHING: Final = Choice(None)


class SlotOffer(NamedTuple):
    """A slot: what could play in it (None: it is empty), its tile in device pixels, whether it is the main one, and whether
    anything shows it now: what is hidden is kept for its return, with what the line has left."""

    offer: Offer | None
    width: int
    height: int
    main: bool
    seen: bool = True


class _Slot:
    """What the allocator remembers of a slot. `now_at` is the rung it has, `at` the one it is about to get."""

    __slots__ = (
        "at",
        "choice",
        "dwell_s",
        "fresh",
        "held_until",
        "ladder",
        "now_at",
        "raised_at",
        "seen",
        "source",
        "tile",
    )

    def __init__(self) -> None:
        self.choice = NOTHING
        self.source: object = None
        self.tile = (0, 0)
        self.seen = True
        self.ladder: list[Rung] = []
        self.at = self.now_at = -1
        self.fresh = True
        self._reset()

    def _reset(self) -> None:
        self.dwell_s = DWELL_S
        self.held_until = 0.0
        self.raised_at = -RETURN_S

    def look_at(self, slot: SlotOffer) -> None:
        """Take in what is on offer now, and find what plays on its ladder."""
        offer = slot.offer
        self.at = -1
        if offer is None:
            self.ladder, self.source, self.now_at = [], None, -1
            return
        self.fresh = offer.source != self.source
        if self.fresh:
            self.source = offer.source
            self._reset()
        before, self.ladder = self.ladder, offer.ladder(slot.width, slot.height)
        ladder, tile = self.ladder, (slot.width, slot.height)
        if tile != self.tile:
            larger = bool(ladder and before) and ladder[-1].layer > before[-1].layer
            if larger or slot.seen > self.seen:
                self.held_until = (
                    0.0  # it has use for more than before: that is a wish, and no news of the line
                )
            self.tile, self.seen = tile, slot.seen
        layer, temporal = self.choice
        at = -1
        if layer is not None:
            for rung in ladder:
                if rung.layer > layer or (rung.layer == layer and rung.temporal > temporal):
                    break
                at += 1
        self.now_at = at

    def settle(self, now: float, *, wished: bool) -> None:
        """Take what was given, and remember whether it was up or down. `wished`: as the viewer would have it, so that what was
        taken from here went to another picture."""
        at, before = self.at, self.now_at
        if at >= 0:
            rung = self.ladder[at]
            if rung.layer != self.choice.layer or rung.temporal != self.choice.temporal:
                self.choice = Choice(rung.layer, rung.temporal)
        else:
            self.choice = NOTHING
        if self.fresh or at == before:
            return
        if at > before:
            self.raised_at = now
        elif wished:
            pass
        elif now - self.raised_at < RETURN_S:
            self.dwell_s = min(self.dwell_s * 2, DWELL_MAX_S)
        elif now - self.raised_at > 6 * RETURN_S:
            self.dwell_s = DWELL_S
        if not wished:
            self.held_until = now + self.dwell_s


class Allocator:
    """The slots of one viewer. `wanted_bps` is what all of use to it would need (with the margin for stepping up),
    `spent_bps` what was given away."""

    __slots__ = ("_budget_bps", "_review_at", "_slots", "_useful_bps", "spent_bps", "wanted_bps")

    def __init__(self) -> None:
        self.wanted_bps = 0
        self.spent_bps = 0
        self._slots: list[_Slot] = []
        self._budget_bps = 0.0
        self._review_at = 0.0
        self._useful_bps = 0

    def due(self, budget_bps: float, now: float) -> bool:
        """Whether it is worth calling `allocate` though neither slots nor tiles changed (it is: when they did)."""
        return (
            now >= self._review_at
            or budget_bps < self.spent_bps
            or (self._useful_bps > self.spent_bps and budget_bps > 1.05 * self._budget_bps)
        )

    def allocate(
        self,
        budget_bps: float,
        slots: Sequence[SlotOffer],
        now: float,
        *,
        wished: bool = False,
        keep_last: bool = False,
    ) -> list[Choice]:
        """What each slot gets of a budget that sound is already taken from. `wished`: slots or tiles have changed, not the line
        alone. With `keep_last` the last that is left of the main picture is kept whatever it costs: nothing says that the line
        does not carry it."""
        known = self._slots
        while len(known) < len(slots):
            known.append(_Slot())
        del known[len(slots) :]
        self._budget_bps, self._review_at = budget_bps, now + REVIEW_S
        main: list[_Slot] = []
        others: list[_Slot] = []
        hidden: list[_Slot] = []
        wanted = 0
        for slot, offered in zip(known, slots, strict=True):
            slot.look_at(offered)
            if slot.ladder:
                wanted += slot.ladder[-1].cost
                (hidden if not offered.seen else main if offered.main else others).append(slot)
        fill = _Fill(budget_bps, now)
        for slot in main:
            fill.climb(slot, 1, slack=math.inf if keep_last else budget_bps * (1 / _LAST_FIT - 1))
        for slot in others:
            fill.climb(slot, 1)
        for slot in main:
            fill.climb(slot, len(slot.ladder))
        fill.climb_in_turns(others, resolution=False)
        fill.climb_in_turns(others, resolution=True)
        for slot in hidden:
            fill.climb(slot, 1)
        for slot in known:
            slot.settle(now, wished=wished)
        self.spent_bps = fill.used
        self._useful_bps = wanted
        self.wanted_bps = int(wanted * UP_MARGIN) + 1 if wanted else 0
        return [slot.choice for slot in known]


class _Fill:
    """The budget being given away, rung by rung."""

    __slots__ = ("_budget", "_budget_up", "_now", "used")

    def __init__(self, budget_bps: float, now: float) -> None:
        self._budget = budget_bps
        self._budget_up = budget_bps / UP_MARGIN
        self._now = now
        self.used = 0

    def climb(self, slot: _Slot, rungs: int, slack: float = 0.0) -> bool:
        """Give the slot up to so many rungs more; True if it got any. `slack` may be overdrawn to keep a picture."""
        ladder, at, used = slot.ladder, slot.at, self.used
        top = min(at + rungs, len(ladder) - 1)
        cost = ladder[at].cost if at >= 0 else 0
        began = at
        while at < top:
            total = used + ladder[at + 1].cost - cost
            if at + 1 <= slot.now_at or slot.fresh:
                if total > self._budget + slack:
                    break
            elif total > self._budget_up or self._now < slot.held_until:
                break
            at += 1
            used, cost = total, ladder[at].cost
        slot.at, self.used = at, used
        return at > began

    def climb_in_turns(self, slots: list[_Slot], resolution: bool) -> None:
        """Rung after rung, each slot one at a time; without `resolution` only as far as the frame rate goes."""
        while slots:
            slots = [
                slot
                for slot in slots
                if slot.at + 1 < len(slot.ladder)
                and slot.at >= 0
                and (resolution or not slot.ladder[slot.at + 1].resolution)
                and self.climb(slot, 1)
            ]
