"""Whether a queue is growing on the way to a viewer: the trend of one-way delay (draft-ietf-rmcat-gcc-02 §5).

In the spirit of the draft with two differences. The trend is a regression whose samples fade with age, so that nothing
is kept but five sums. And the sample of a group of packets is the delay of its *first* packet: the hub has no pacer, a
whole frame leaves at once, and the delay of its last packet would mostly tell how large the frame was.
"""

from __future__ import annotations

from typing import Final

#: What the line does: its queue drains, is steady, seems to grow, has grown beyond doubt.
DRAINING: Final = -1
STEADY: Final = 0
RISING: Final = 1
OVERUSED: Final = 2

#: Samples fade with this time constant; at most this share with each of them.
_MEMORY_S: Final = 0.3
_FADE_MAX: Final = 0.3
#: The slope (s/s) times this is what the draft compares with its threshold in ms (gain 4, 60 deltas).
_GAIN: Final = 240.0
_THRESHOLD_START: Final = 12.5
_THRESHOLD_MIN: Final = 6.0
_THRESHOLD_MAX: Final = 600.0
#: How fast the threshold follows the trend up and down, for each ms (§5.4), and from which distance it does not.
_FOLLOW_UP: Final = 0.0087
_FOLLOW_DOWN: Final = 0.039
_OUTLIER: Final = 15.0
#: Over the threshold for so long and with so many new heights of delay: overuse. A key frame is over the threshold too,
#: but only while the publisher's pacer lets it in (some 70 ms), and its tail, that drains, reaches no new height.
_OVERUSE_S: Final = 0.12
_OVERUSE_HEIGHTS: Final = 3
_OVERUSE_RISE_S: Final = 0.008
#: The delay of an empty line is the least of the last one to two such spans (which also takes up clock drift).
_FLOOR_SPAN_S: Final = 10.0
_NEVER: Final = float("inf")


class DelayTrend:
    """Fed with (time sent, time arrived) of one packet in every group; the two clocks need not agree.

    `state` is one of the four above, `queue_s` how much longer than at its best the last sample was on its way.
    """

    __slots__ = (
        "_floor",
        "_floor_before",
        "_floor_until",
        "_height",
        "_heights",
        "_last_sent",
        "_mean_x",
        "_mean_y",
        "_over_from",
        "_over_since",
        "_sum_xx",
        "_sum_xy",
        "_weight",
        "queue_s",
        "slope",
        "state",
        "threshold",
    )

    def __init__(self) -> None:
        self.state = STEADY
        self.slope = 0.0
        self.queue_s = 0.0
        self.threshold = _THRESHOLD_START
        self._weight = self._mean_x = self._mean_y = self._sum_xx = self._sum_xy = 0.0
        self._last_sent = -_NEVER
        self._floor = self._floor_before = _NEVER
        self._floor_until = -_NEVER
        self._over_since: float | None = None
        self._over_from = self._height = 0.0
        self._heights = 0

    def sample(self, sent: float, arrived: float) -> None:
        """Take one group's first packet. Groups come in the order in which they were sent."""
        delay = arrived - sent
        since = sent - self._last_sent
        self._last_sent = sent
        if since > 2.0 or since < 0.0:
            self._begin(sent, delay)
            return
        if sent >= self._floor_until:
            self._floor_before, self._floor = self._floor, delay
            self._floor_until = sent + _FLOOR_SPAN_S
        elif delay < self._floor:
            self._floor = delay
        self.queue_s = self.queued_s(delay)
        # The weighted regression of delay over time, around its own means (which move towards the new sample).
        fade = since / _MEMORY_S
        keep = 1.0 - (fade if fade < _FADE_MAX else _FADE_MAX)
        weight = self._weight = self._weight * keep + 1.0
        off_x = sent - self._mean_x
        self._mean_x += off_x / weight
        self._mean_y += (delay - self._mean_y) / weight
        sum_xx = self._sum_xx = self._sum_xx * keep + off_x * (sent - self._mean_x)
        sum_xy = self._sum_xy = self._sum_xy * keep + off_x * (delay - self._mean_y)
        if weight < 2.5 or sum_xx <= 0.0:
            return
        slope = self.slope = sum_xy / sum_xx
        trend = slope * _GAIN
        size = trend if trend >= 0.0 else -trend
        threshold = self.threshold
        if trend > threshold:
            self._over(sent, delay)
        else:
            self._over_since = None
            self.state = STEADY if trend >= -threshold else DRAINING
        if size <= threshold + _OUTLIER:
            ms = since * 1000.0 if since < 0.1 else 100.0
            threshold += (_FOLLOW_UP if size > threshold else _FOLLOW_DOWN) * (size - threshold) * ms
            if threshold < _THRESHOLD_MIN:
                threshold = _THRESHOLD_MIN
            self.threshold = threshold if threshold < _THRESHOLD_MAX else _THRESHOLD_MAX

    def queued_s(self, delay: float) -> float:
        """How much longer than at its best a packet with this delay was on its way."""
        floor = self._floor_before
        return delay - (floor if floor < self._floor else self._floor)

    def settle(self) -> None:
        """The sender has reacted: overuse has to show anew."""
        self._over_since = None
        self.state = STEADY

    def restart(self) -> None:
        """The arrival clock jumped: older samples say nothing about what comes."""
        self._last_sent = -_NEVER

    def _begin(self, sent: float, delay: float) -> None:
        self._weight, self._mean_x, self._mean_y = 1.0, sent, delay
        self._sum_xx = self._sum_xy = self.slope = self.queue_s = 0.0
        self._floor, self._floor_before = delay, _NEVER
        self._floor_until = sent + _FLOOR_SPAN_S
        self.settle()

    def _over(self, sent: float, delay: float) -> None:
        if self._over_since is None:
            self._over_since, self._over_from, self._height = sent, delay, delay
            self._heights = 0
            self.state = RISING
        elif delay > self._height:
            self._height = delay
            self._heights += 1
            if (
                self._heights >= _OVERUSE_HEIGHTS
                and sent - self._over_since >= _OVERUSE_S
                and delay - self._over_from >= _OVERUSE_RISE_S
            ):
                self.state = OVERUSED
        elif self.state != OVERUSED:  # that stays until it was judged: samples come several at a time
            self.state = RISING
