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
#: With half of the packets lost it is judged after fewer, but not for a burst or two, which may well take most of a key
#: frame: so much lies between the first message that tells of loss and the last, less where a queue stands as well.
_SEVERE: Final = 0.5
_SEVERE_PACKETS: Final = 16
_SEVERE_S: Final = 0.3
_SEVERE_SPAN_S: Final = 0.5
_SEVERE_SPAN_QUEUED_S: Final = 0.12
#: Below the first nothing is held back, above the second the rate falls (the draft's 2 % and 10 %).
HOLD_ABOVE: Final = 0.02
FALL_ABOVE: Final = 0.10
#: With a queue that stood on the way for a whole window, loss is congestion already at the first.
_FALL_ABOVE_QUEUED: Final = 0.05
_QUEUED_S: Final = 0.05
#: Loss without a queue is never taken as a reason to go below this: sound and a small picture with repairs.
USABLE_BPS: Final = 250_000
#: Having sent less than this share of before with more than that share of the loss of before, the loss is the line's.
_LESS_SENT: Final = 0.75
_SAME_LOSS: Final = 0.75
#: With a picture taken away, less than this share is sent, and whatever is lost now without a queue is the line's.
_FAR_LESS_SENT: Final = 0.4
#: That is compared in a window that began so long after the fall, when what was sent before is through.
_SETTLED_S: Final = 0.7
#: How long a test by probing may keep us waiting.
_TEST_WAIT_S: Final = 2.5
#: Having fallen lately, what is lost is still too much being sent: there is no new test.
_FALLING_S: Final = 4.0
#: Loss that holds the rate back for so long is tested too, and again after each failure in twice the time, up to …
_STANDING_S: Final = 3.0
#: … this: else a line that always loses some would never be tried again.
_STANDING_MAX_S: Final = 24.0
#: A test proves loss inherent if it lost no more than this beyond what was lost before it.
_TEST_SLACK: Final = 0.08
#: More than this is never taken for the line's own.
_INHERENT_MAX: Final = 0.3
#: Less than this is none.
_HARDLY_ANY: Final = 0.005
#: Loss that begins when this multiple of before is sent comes of that: there is no test.
_MORE_SENT: Final = 1.4
_SENT_MEMORY: Final = 0.2


class LossControl:
    """Counts packets in windows. `loss` (0 to 1) is smoothed over about three, `inherent` what the line itself loses.

    `test_wanted` asks the prober to send more for a moment and see whether more is lost.
    """

    __slots__ = (
        "_before",
        "_fell_at",
        "_lost",
        "_lost_from",
        "_lost_until",
        "_packets",
        "_queue_least",
        "_sent_before",
        "_standing_s",
        "_standing_since",
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
        self.excess, self.loss = 0.0, self.inherent
        self.test_wanted = False
        self._lost = self._packets = 0
        self._lost_from = self._lost_until = now
        self._window_from = now
        self._queue_least = 1.0
        self._sent_before = 0.0
        self._fell_at = -_FALLING_S
        self._test_due: float | None = None
        self._standing_s = _STANDING_S
        self._standing_since: float | None = None
        self._before: tuple[float, float] | None = None

    @property
    def lately(self) -> bool:
        """Whether there is loss worth mentioning, or any in the present window."""
        return self._lost > 0 or self.loss > _HARDLY_ANY

    def count(self, packets: int, lost: int, queue_s: float, now: float) -> bool:
        """Take in what one message says; True when there is something to judge."""
        if lost:
            self._lost_until = now
            if not self._lost:
                self._lost_from = now
        self._packets += packets
        self._lost += lost
        if queue_s < self._queue_least:
            self._queue_least = queue_s
        seen = self._packets
        since = now - self._window_from
        if lost and seen >= _SEVERE_PACKETS and self._lost > seen * (_SEVERE + self.inherent / 2):
            span_s = _SEVERE_SPAN_QUEUED_S if queue_s > _QUEUED_S else _SEVERE_SPAN_S
            return since >= _SEVERE_S and self._lost_until - self._lost_from >= span_s
        return seen >= _WINDOW_PACKETS and since >= _WINDOW_S

    def judge(self, estimate: float, sent_bps: float, acked_bps: float, now: float) -> float:
        """The estimate after this window. `sent_bps` and `acked_bps` are what was sent and what arrived lately."""
        window = self._lost / self._packets
        severe = window > _SEVERE + self.inherent / 2
        rose = sent_bps > _MORE_SENT * self._sent_before > 0.0 and self.loss < self.inherent + HOLD_ABOVE
        self._sent_before += (sent_bps - self._sent_before) * (_SENT_MEMORY if self._sent_before else 1.0)
        self.loss = window if severe or not self.loss else self.loss + 0.4 * (window - self.loss)
        self._lost = self._packets = 0
        settled = self._window_from - self._fell_at > _SETTLED_S
        self._window_from = now
        queued = self._queue_least > _QUEUED_S
        self._queue_least = 1.0
        if settled and self._before is not None and sent_bps < _LESS_SENT * self._before[0]:
            same = min(window, self.loss) > _SAME_LOSS * self._before[1]
            if (same or sent_bps < _FAR_LESS_SENT * self._before[0]) and not queued:
                self.learn(min(window, self.loss))
            self._before = None
        if self.loss < self.inherent:
            self.inherent += 0.3 * (self.loss - self.inherent)
        # Old loss alone does not count: what was lost before the last step down is paid for.
        self.excess = excess = max(0.0, min(window, self.loss) - self.inherent)
        if excess <= (_FALL_ABOVE_QUEUED if queued else FALL_ABOVE):
            self._test_due = None
            self.test_wanted = self._stands(excess, queued, now)
            return estimate
        if not queued and not severe and not rose and now - self._fell_at > _FALLING_S:
            # Before anything is taken from the viewer: is it the line? A test may tell.
            if self._test_due is None:
                self.test_wanted, self._test_due = True, now + _TEST_WAIT_S
            if now < self._test_due:
                return estimate
        self.test_wanted = False
        self._standing_since = None
        self._fell_at = now
        self._before = self._before or (sent_bps, self.loss)
        # What arrived is what the line carries: there is no reason to go below it, and none to stay far above.
        lowered = max(min(estimate, sent_bps) * (1.0 - 0.5 * excess), acked_bps)
        if severe:
            lowered = min(lowered, acked_bps)
        if not queued:
            lowered = max(lowered, USABLE_BPS)
        return min(estimate, lowered)

    def interrupted(self, now: float) -> None:
        """What was being counted says nothing: the line was gone in between, or nothing was sent."""
        self._lost = self._packets = 0
        self._window_from = now
        self._queue_least = 1.0
        self._before = self._test_due = self._standing_since = None
        self.test_wanted = False
        self.loss, self.excess = min(self.loss, self.inherent), 0.0

    def _stands(self, excess: float, queued: bool, now: float) -> bool:
        """Whether loss too small to fall for has held the rate back for so long that it is to be tested."""
        if excess <= HOLD_ABOVE or queued:
            self._standing_since = None
            return False
        if self._standing_since is None:
            self._standing_since = now
        return now - self._standing_since >= self._standing_s

    def tested(self, loss: float) -> None:
        """A probe sent clearly more than before and lost this share."""
        if not self.test_wanted:
            return
        self.test_wanted = False
        self._standing_since = None
        if loss <= self.loss + _TEST_SLACK:
            self._standing_s = _STANDING_S
            self.learn(self.loss)
        else:
            self._standing_s = min(2 * self._standing_s, _STANDING_MAX_S)
            self._test_due = 0.0  # it is congestion: fall at the next window

    def learn(self, loss: float) -> None:
        """So much is lost at any rate."""
        self.inherent = max(self.inherent, min(loss, _INHERENT_MAX))
        self._test_due = None
