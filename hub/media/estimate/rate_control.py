"""The estimate that follows transport-wide feedback: how delay, loss and probes raise and lower it.

Additive detail of the draft (draft-ietf-rmcat-gcc-02 §5.5) is left out: layers are steps of a factor three, so what
counts is to fall fast, to prove room by probes, and to stand still between.
"""

from __future__ import annotations

from typing import Final

from hub.media.estimate.busy_period import BusyPeriod
from hub.media.estimate.delay_trend import OVERUSED, STEADY, DelayTrend
from hub.media.estimate.loss_control import HOLD_ABOVE, LossControl
from hub.media.estimate.probing import Prober

#: The limits of any estimate.
LEAST_BPS: Final = 30_000
MOST_BPS: Final = 50_000_000
#: The estimate grows by this a second while the delay is steady …
_GROWTH: Final = 0.08
#: … up to this multiple of what arrives: an application-limited sender proves no more.
_AHEAD: Final = 1.5
_AHEAD_MORE_BPS: Final = 10_000
#: Where no padding can be sent the next layer has to be tried with the picture itself: as far as that.
_AHEAD_UNPADDED: Final = 4.0
#: On overuse it falls to this share of what arrives; again only after a round trip and this.
_BETA: Final = 0.85
_DECREASE_PAUSE_S: Final = 0.3
#: What a queue that was never empty told of the line is known for so long.
_NARROW_S: Final = 3.0
#: What waits then is to be gone after this.
_DRAIN_S: Final = 1.0
#: After a fall no probe for so long: the queue has to drain first.
_PROBE_PAUSE_S: Final = 2.0
#: With a longer queue on the way nothing grows and nothing is probed.
_QUEUE_HOLD_S: Final = 0.06
#: With more loss than the line's own nothing is probed (but whether it is the line's own).
_PROBE_LOSS: Final = 0.05
#: A probe that met the line's limit is believed to this share: its first packets found the queue empty.
_SATURATED_SHARE: Final = 0.95
#: Packets were sent and nothing is heard of them for this and a round trip: each pause the estimate falls to the share.
SILENCE_S: Final = 1.0
_SILENCE_STEP_S: Final = 0.5
_SILENCE_SHARE: Final = 0.75
#: Rates fade with this time constant; a longer pause than the second is left out of them.
_RATE_MEMORY_S: Final = 0.4
_RATE_GAP_S: Final = 2.0
RTT_UNKNOWN_S: Final = 0.1
#: The owner has a turn at least so often, besides that after each message.
_TICK_S: Final = 0.2


class RateControl:
    """`bitrate_bps` is the estimate. Feedback is taken apart by the owner: delays go to `trend`,
    probe packets to `prober`, bytes to `arrived`, all that arrived to `busy`, counts to `judge`."""

    __slots__ = (
        "_acked_bytes",
        "_acked_s",
        "_arrival_last",
        "_judged_at",
        "_lowered_at",
        "_narrow_bps",
        "_narrow_until",
        "_queued_s",
        "_sent_bytes",
        "_sent_last",
        "_sent_s",
        "_silence_due",
        "_start_bps",
        "_turn_s",
        "_unsilenced_bps",
        "bitrate_bps",
        "busy",
        "can_pad",
        "loss",
        "prober",
        "rtt_s",
        "trend",
    )

    def __init__(self, now: float, start_bps: float) -> None:
        self.bitrate_bps = self._start_bps = float(start_bps)
        #: What was believed when a silence began that still lasts.
        self._unsilenced_bps: float | None = None
        self.can_pad = True
        self.trend = DelayTrend()
        self.busy = BusyPeriod()
        self.loss = LossControl(now)
        self.prober = Prober()
        self.rtt_s = RTT_UNKNOWN_S
        self._turn_s = 0.06
        self._judged_at = self._lowered_at = self._silence_due = now
        self._queued_s = self._narrow_bps = self._narrow_until = 0.0
        self._arrival_last = self._sent_last = 0.0
        self._acked_bytes = self._acked_s = self._sent_bytes = self._sent_s = 0.0

    # --- rates ----------------------------------------------------------------------------------------

    @property
    def sent_bps(self) -> float:
        """What was sent lately, as far as feedback tells of it."""
        return self._sent_bytes * 8 / self._sent_s if self._sent_s > 0.0 else 0.0

    @property
    def acked_bps(self) -> float:
        """What arrived lately."""
        return self._acked_bytes * 8 / self._acked_s if self._acked_s > 0.0 else 0.0

    def arrived(self, arrival: float, sent_at: float, acked_bytes: int, sent_bytes: int) -> None:
        """A message tells of so many bytes; its last packet was sent and arrived then."""
        if self._arrival_last:
            arrived_s, sent_s = arrival - self._arrival_last, sent_at - self._sent_last
            if 0.0 <= arrived_s < _RATE_GAP_S and 0.0 <= sent_s < _RATE_GAP_S:
                keep = 1.0 / (1.0 + arrived_s / _RATE_MEMORY_S)
                self._acked_bytes = self._acked_bytes * keep + acked_bytes
                self._acked_s = self._acked_s * keep + arrived_s
                keep = 1.0 / (1.0 + sent_s / _RATE_MEMORY_S)
                self._sent_bytes = self._sent_bytes * keep + sent_bytes
                self._sent_s = self._sent_s * keep + sent_s
        self._arrival_last, self._sent_last = arrival, sent_at

    def interrupted(self) -> None:
        """A message is missing: nothing is known from the last one to the next."""
        self._arrival_last = 0.0
        self.busy.forget()

    def forget(self) -> None:
        """What was measured before says nothing about now."""
        self._acked_bytes = self._acked_s = self._sent_bytes = self._sent_s = 0.0
        self._arrival_last = 0.0
        self.trend.restart()
        self.busy.forget()

    # --- the estimate ---------------------------------------------------------------------------------

    def judge(self, packets: int, lost: int, covered: int, now: float, messages: int = 1) -> None:
        """Raise or lower the estimate after messages about so many packets; `covered` is the number after their last."""
        loss, trend, prober = self.loss, self.trend, self.prober
        if loss.count(packets, lost, trend.queue_s, now):
            sent, carried = self.sent_bps, self._carried()
            lowered = loss.judge(self.bitrate_bps, sent, carried, now)
            if lowered < self.bitrate_bps:
                self._lower(lowered, now)
        if prober.first is not None and prober.complete(covered):
            self._take_probe(now)
        since = now - self._judged_at
        self._judged_at = now
        self._turn_s += min(0.1 * messages, 1.0) * (since / messages - self._turn_s)
        if now - self._lowered_at < _DECREASE_PAUSE_S + self.rtt_s:
            return
        narrow = self.busy.narrow_bps(self.sent_bps)
        if narrow is not None:
            self._narrow_bps, self._narrow_until = narrow, now + _NARROW_S
            self._give_way(narrow, now)
        elif trend.state == OVERUSED and self._acked_s > 0.0:
            # What arrives tells little of the line where the key frame of a smaller layer was awaited in between.
            known = self._narrow_bps if now < self._narrow_until else 0.0
            self._give_way(max(self._carried(), known), now)
        elif trend.state == STEADY and trend.queue_s < _QUEUE_HOLD_S and loss.excess < HOLD_ABOVE:
            limit = (_AHEAD if self.can_pad else _AHEAD_UNPADDED) * self._carried() + _AHEAD_MORE_BPS
            bitrate = self.bitrate_bps
            if bitrate < limit:
                bitrate *= 1.0 + _GROWTH * min(max(since, 0.0), 0.2 * messages)
                self.bitrate_bps = min(bitrate, limit, MOST_BPS)

    def _give_way(self, carried_bps: float, now: float) -> None:
        """More is sent than the line carries: send less, no padding, and let the queue drain."""
        self._lower(_BETA * carried_bps, now)
        self._queued_s = self.trend.queue_s
        self.prober.cancel(now)
        self.trend.settle()
        self.busy.forget()

    def draining_bps(self, now: float) -> float:
        """What the queue takes of the line that stood when the estimate fell: it is to be gone a second later. 0 after that."""
        return self.bitrate_bps * self._queued_s if now - self._lowered_at < _DRAIN_S else 0.0

    def cap(self, bps: float) -> None:
        """The viewer itself says that it takes no more."""
        self.bitrate_bps = max(LEAST_BPS, min(self.bitrate_bps, bps))

    def silent(self, now: float) -> None:
        """Packets left, and nothing is heard of them for longer than it takes: lower the estimate step by step."""
        if now - self._silence_due >= _SILENCE_STEP_S:
            self._silence_due = now
            if self._unsilenced_bps is None:
                self._unsilenced_bps = self.bitrate_bps
            self._lower(self.bitrate_bps * _SILENCE_SHARE, now)
            self.forget()

    def heard_again(self, now: float) -> bool:
        """There is feedback. True if it ends a silence: then that said the line was gone, not that it is narrow.

        What was believed before is believed again, but no more than of a line nobody has sent over yet.
        """
        before, self._unsilenced_bps = self._unsilenced_bps, None
        if before is None:
            return False
        self.bitrate_bps = max(self.bitrate_bps, min(before, self._start_bps))
        self._begin_anew(now)
        return True

    def moved(self, now: float) -> None:
        """The viewer is at another address, so the line may be another: it has to prove what goes beyond a start."""
        self.bitrate_bps = min(self.bitrate_bps, self._start_bps)
        self.loss.inherent = 0.0
        self._begin_anew(now)

    def _begin_anew(self, now: float) -> None:
        self._narrow_until = now
        self.loss.interrupted(now)
        self.forget()
        self._lowered_at = now - _PROBE_PAUSE_S
        self.prober.cancel(now)

    def probe(
        self, wanted_bps: float, next_number: int, heard: bool, now: float, *, idle: bool = False
    ) -> list[int]:
        """Padding to send now (see `Prober.portion`). `heard`: feedback is coming in. `idle`: nothing was sent for a
        while, so nothing is at stake."""
        prober, loss, trend = self.prober, self.loss, self.trend
        if not prober.under_way:
            testing = loss.test_wanted
            if not (heard and self.can_pad) or (
                not testing
                and (
                    wanted_bps <= self.bitrate_bps
                    or trend.state != STEADY
                    or trend.queue_s > _QUEUE_HOLD_S
                    or loss.excess > _PROBE_LOSS
                    or now - self._lowered_at < _PROBE_PAUSE_S
                )
            ):
                return []
            turn_s = min(self._turn_s, _TICK_S)
            sent_bps = self.sent_bps
            if idle:
                prober.hurry(now)
            estimate = wanted_bps if idle else self.bitrate_bps
            if not prober.begin(estimate, wanted_bps, sent_bps, testing, next_number, turn_s, now):
                return []
        return prober.portion(self.sent_bps, next_number, self.rtt_s, now)

    def _carried(self) -> float:
        """What the line carries for sure. Its own loss takes its share of whatever is sent: that counts as carried."""
        return self.acked_bps / (1.0 - self.loss.inherent)

    def _take_probe(self, now: float) -> None:
        prober = self.prober
        found = prober.evaluate(self.loss.inherent)
        if found is None:
            prober.again(now)
            return
        raised = False
        carried, saturated, loss = found
        if prober.testing:
            self.loss.tested(loss)
        if saturated:
            carried *= _SATURATED_SHARE
        if carried > self.bitrate_bps:
            raised = not saturated
            self.bitrate_bps = min(carried, MOST_BPS)
        prober.finish(raised, now)

    def _lower(self, bps: float, now: float) -> None:
        self.bitrate_bps = max(LEAST_BPS, min(self.bitrate_bps, bps))
        self._lowered_at = now
