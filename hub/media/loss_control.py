"""What loss says about a viewer's line, and whether it comes of sending too much (draft-ietf-rmcat-gcc-02 §6).

Loss that does not fall when less is sent (and does not rise when more is) belongs to the line. It is learnt as the
`inherent` loss, and only what is above it slows the sender down: a village on a radio link that loses every fifth
packet at any rate shall see a picture, not the smallest picture.
"""

from __future__ import annotations

from typing import Final

#: Loss is judged over windows of at least so long and so many packets.
_WINDOW_S: Final = 1.0
_WINDOW_PACKETS: Final = 25
#: With half of the packets lost it is judged after fewer.
_SEVERE: Final = 0.5
_SEVERE_PACKETS: Final = 16
#: Below the first nothing is held back, above the second the rate falls (the draft's 2 % and 10 %).
HOLD_ABOVE: Final = 0.02
FALL_ABOVE: Final = 0.10
#: With a queue on the way loss is congestion already at this.
_FALL_ABOVE_QUEUED: Final = 0.05
_QUEUED_S: Final = 0.08
#: Loss without a queue is never taken as a reason to go below this: a small picture with its repairs.
USABLE_BPS: Final = 150_000
#: Having sent less than this share of before with more than that share of the loss of before, the loss is the line's.
_LESS_SENT: Final = 0.75
_SAME_LOSS: Final = 0.75
#: How long a test by probing may keep us waiting.
_TEST_WAIT_S: Final = 2.5
#: A test proves loss inherent if it lost no more than this beyond what was lost before it.
_TEST_SLACK: Final = 0.08


class LossControl:
    """Counts packets in windows. `loss` (0 to 1) is smoothed over about three, `inherent` what the line itself loses.

    `test_wanted` asks the prober to send more for a moment and see whether more is lost.
    """

    __slots__ = (
        "_before",
        "_lost",
        "_packets",
        "_test_due",
        "_window_from",
        "excess",
        "inherent",
        "loss",
        "test_wanted",
    )

    def __init__(self, now: float) -> None:
        self.loss = 0.0
        self.inherent = 0.0
        self.excess = 0.0
        self.test_wanted = False
        self._lost = self._packets = 0
        self._window_from = now
        self._test_due: float | None = None
        self._before: tuple[float, float] | None = None

    def count(self, packets: int, lost: int, now: float) -> bool:
        """Take in what one message says; True when there is something to judge."""
        self._packets += packets
        self._lost += lost
        seen = self._packets
        if lost and seen >= _SEVERE_PACKETS and self._lost > seen * (_SEVERE + self.inherent / 2):
            return True
        return seen >= _WINDOW_PACKETS and now - self._window_from >= _WINDOW_S

    def judge(self, estimate: float, sent_bps: float, acked_bps: float, queue_s: float, now: float) -> float:
        """The estimate after this window. `sent_bps` and `acked_bps` are what was sent and what arrived lately."""
        window = self._lost / self._packets
        severe = window > _SEVERE + self.inherent / 2
        self.loss = window if severe or not self.loss else self.loss + 0.4 * (window - self.loss)
        self._lost = self._packets = 0
        self._window_from = now
        if self._before is not None and sent_bps < _LESS_SENT * self._before[0]:
            if self.loss > _SAME_LOSS * self._before[1] and queue_s < _QUEUED_S:
                self.learn(self.loss)
            self._before = None
        if self.loss < self.inherent:
            self.inherent += 0.3 * (self.loss - self.inherent)
        self.excess = excess = max(0.0, self.loss - self.inherent)
        queued = queue_s > _QUEUED_S
        if excess <= (_FALL_ABOVE_QUEUED if queued else FALL_ABOVE):
            self.test_wanted = False
            self._test_due = None
            return estimate
        if not queued and not severe:
            # Before anything is taken from the viewer: is it the line? A test may tell.
            if self._test_due is None:
                self.test_wanted, self._test_due = True, now + _TEST_WAIT_S
            if now < self._test_due:
                return estimate
        self.test_wanted = False
        self._before = self._before or (sent_bps, self.loss)
        # What arrived is what the line carries: there is no reason to go below it, and none to stay far above.
        lowered = max(min(estimate, sent_bps) * (1.0 - 0.5 * excess), acked_bps)
        if severe:
            lowered = min(lowered, acked_bps)
        if not queued:
            lowered = max(lowered, USABLE_BPS)
        return min(estimate, lowered)

    def tested(self, loss: float) -> None:
        """A probe sent clearly more than before and lost this share."""
        if not self.test_wanted:
            return
        self.test_wanted = False
        if loss <= self.loss + _TEST_SLACK:
            self.learn(self.loss)

    def learn(self, loss: float) -> None:
        """So much is lost at any rate."""
        self.inherent = max(self.inherent, min(loss, _SEVERE))
        self._test_due = None
