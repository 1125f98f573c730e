"""What a viewer's line carries: one estimate from all that the viewer tells (draft-ietf-rmcat-gcc-02 in spirit).

Fed with what was sent under which transport-wide numbers and with the viewer's feedback about them. The parts: the
delay's trend (`delay_trend`), loss (`loss_control`), probes (`probing`) and, for viewers without transport-wide
feedback, reports (`report_control`). Cost matters more than finesse: a thousand viewers send 15 to 20 messages a second.

All sizes and rates are those of the packets as they leave, SRTP tag included, IP and UDP headers not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.media.delay_trend import OVERUSED, STEADY, DelayTrend
from hub.media.loss_control import HOLD_ABOVE, LossControl
from hub.media.probing import FIRST_S, Prober
from hub.media.report_control import ReportControl
from hub.wire.transport_feedback_fast import read_feedback

#: Believed of a line nobody has sent over yet, and the limits of any estimate.
START_BPS: Final = 1_000_000
LEAST_BPS: Final = 30_000
MOST_BPS: Final = 50_000_000
#: The estimate grows by this a second while the delay is steady …
_GROWTH: Final = 0.08
#: … up to this multiple of what arrives: an application-limited sender proves no more.
_AHEAD: Final = 1.5
_AHEAD_MORE_BPS: Final = 10_000
#: On overuse it falls to this share of what arrives; again only after a round trip and this.
_BETA: Final = 0.85
_DECREASE_PAUSE_S: Final = 0.3
#: After a fall no probe for so long: the queue has to drain first.
_PROBE_PAUSE_S: Final = 2.0
#: With a longer queue on the way nothing grows and nothing is probed.
_QUEUE_HOLD_S: Final = 0.06
#: Packets were sent and nothing is heard of them for this and a round trip: each pause the estimate falls to the share.
_SILENCE_S: Final = 1.0
_SILENCE_STEP_S: Final = 0.5
_SILENCE_SHARE: Final = 0.75
#: Rates fade with this time constant.
_RATE_MEMORY_S: Final = 0.4
#: Groups of packets sent closer than this are one sample of the delay.
_GROUP_S: Final = 0.015
#: Batches remembered until there is feedback (three words each): 340 ms of 16 lively slots, seconds of one.
_LOG_BATCHES: Final = 256
_RTT_UNKNOWN_S: Final = 0.1
#: A REMB beside transport-wide feedback caps the estimate for so long.
_REMB_HOLDS_S: Final = 3.0
_TICK_S: Final = 250e-6


class Estimator:
    """The line to one viewer. `sent` is called for every batch, `feedback` for every message, `probe` often.

    `bitrate_bps` is the estimate, in all; `loss` (0 to 1) smoothed over seconds; `rtt_s` is told by whoever measures it.
    """

    __slots__ = (
        "_acked_bytes",
        "_acked_s",
        "_arrival_last",
        "_clock",
        "_end",
        "_expected",
        "_gcc_bps",
        "_group_sent",
        "_heard_at",
        "_log",
        "_loss",
        "_lowered_at",
        "_prober",
        "_reference",
        "_remb_bps",
        "_remb_until",
        "_reports",
        "_sent_bytes",
        "_sent_last",
        "_sent_s",
        "_silence_due",
        "_trend",
        "feedback_lost",
        "messages",
        "rtt_s",
    )

    def __init__(self, now: float, start_bps: int = START_BPS) -> None:
        self.rtt_s: float | None = None
        self.messages = 0
        self.feedback_lost = 0
        self._gcc_bps = float(start_bps)
        self._reports = ReportControl(now, start_bps)
        self._trend = DelayTrend()
        self._loss = LossControl(now)
        self._prober = Prober()
        #: first number, sizes, time sent, and again: flat, so that a batch costs one object.
        self._log: list[object] = []
        self._end = 0
        self._expected = 0
        self._reference = 0
        self._clock = 0
        self._heard_at = self._silence_due = now
        self._lowered_at = now
        self._group_sent = 0.0
        self._arrival_last = self._sent_last = 0.0
        self._acked_bytes = self._acked_s = self._sent_bytes = self._sent_s = 0.0
        self._remb_bps = 0
        self._remb_until = 0.0

    # --- sending --------------------------------------------------------------------------------------

    def sent(self, first_number: int, sizes: Sequence[int], now: float) -> None:
        """Packets of these sizes left under consecutive 16-bit transport-wide numbers. `sizes` is kept, not copied."""
        log = self._log
        log += (first_number, sizes, now)
        if len(log) > 3 * _LOG_BATCHES:
            del log[: 3 * _LOG_BATCHES // 2]

    def sending(self, bps: float) -> None:
        """What a viewer without transport-wide numbers is sent; about each second."""
        self._reports.sending(bps)

    def probe(self, now: float, wanted_bps: int) -> list[int]:
        """Payload sizes of padding packets to send now; mostly none. To be called at each tick and after feedback.

        `wanted_bps` is what would give the viewer all that is of use to it: there is no probing beyond.
        """
        if not self.messages:
            return []
        self._listen(now)
        prober, loss = self._prober, self._loss
        testing = loss.test_wanted
        if not prober.under_way:
            if not testing and (
                wanted_bps <= self._gcc_bps
                or self._trend.state != STEADY
                or self._trend.queue_s > _QUEUE_HOLD_S
                or loss.excess > HOLD_ABOVE * 2.5
                or now - self._lowered_at < _PROBE_PAUSE_S
            ):
                return []
            if now - self._heard_at > _SILENCE_S:
                return []
            if not prober.begin(self._gcc_bps, wanted_bps, self.sent_bps, testing, self._next_number(), now):
                return []
        return prober.portion(self.sent_bps, self._next_number(), self.rtt_s or _RTT_UNKNOWN_S, now)

    def _next_number(self) -> int:
        """The number that the next packet sent will have, if numbers are consecutive."""
        log = self._log
        if not log:
            return self._end
        first: int = log[-3]  # type: ignore[assignment]
        sizes: Sequence[int] = log[-2]  # type: ignore[assignment]
        return (first + len(sizes)) & 0xFFFF

    # --- what the viewer tells --------------------------------------------------------------------------

    def feedback(self, message: bytes | memoryview, now: float) -> None:
        """One whole transport-wide feedback packet. Raises RtcpError if it is none; the estimate is then untouched."""
        base, reference, missing, ticks = read_feedback(message)
        count = len(ticks)
        if self.messages:
            turn = (reference - self._reference) & 0xFF_FFFF
            if turn >= 0x80_0000:
                turn -= 0x100_0000
            if turn > 1000 or turn < -1000:
                # More than a minute between two messages: whatever it means, the delay before is no measure.
                self._trend.restart()
                self._forget_rates()
            self._clock += turn
            if base != self._expected and (base - self._expected) & 0xFFFF < 0x8000:
                self.feedback_lost += 1
                self._arrival_last = self._sent_last = 0.0
        else:
            self._prober.allow(now + FIRST_S)
            self._gcc_bps = max(self._gcc_bps, LEAST_BPS)
        self.messages += 1
        self._reference = reference
        self._heard_at = now
        self._expected = (base + count) & 0xFFFF
        origin = self._clock * 0.064
        probing = self._prober.first is not None
        log, at, index = self._log, 0, 0
        stop = len(log)
        trend = self._trend
        sent_bytes = acked_bytes = known = lost = 0
        sent_at = self._sent_last
        while index < count and at < stop:
            first: int = log[at]  # type: ignore[assignment]
            sizes: Sequence[int] = log[at + 1]  # type: ignore[assignment]
            skip = (base + index - first) & 0xFFFF
            length = len(sizes)
            if skip >= length:
                if skip >= 0x8000:
                    index += 0x1_0000 - skip  # told before, or never sent by us
                else:
                    at += 3  # its feedback was lost, or it was told to the end before
                continue
            take = length - skip
            if take > count - index:
                take = count - index
            sent_at = log[at + 2]  # type: ignore[assignment]
            if take != length:
                sizes = sizes[skip : skip + take]
            octets = sum(sizes)
            sent_bytes += octets
            known += take
            tick = ticks[index]
            if missing:
                piece = ticks[index : index + take]
                gone = piece.count(None)
                if gone:
                    lost += gone
                    for size, one in zip(sizes, piece, strict=True):
                        if one is None:
                            octets -= size
                        elif tick is None:
                            tick = one
            acked_bytes += octets
            if tick is not None and (sent_at - self._group_sent >= _GROUP_S or sent_at < self._group_sent):
                self._group_sent = sent_at
                trend.sample(sent_at, origin + tick * _TICK_S)
            if probing:
                arrivals = [
                    None if one is None else origin + one * _TICK_S for one in ticks[index : index + take]
                ]
                self._prober.take((first + skip) & 0xFFFF, sent_at, sizes, arrivals)
            index += take
            if skip + take == length:
                at += 3
        if at:
            self._end = self._expected
            del log[:at]
        if not known:
            return
        last = ticks[-1]
        if last is None:
            last = next((one for one in reversed(ticks) if one is not None), None)
        if last is not None:
            self._rate(origin + last * _TICK_S, sent_at, acked_bytes, sent_bytes)
        self._judge(known, lost, now)

    def receiver_report(self, fraction_lost: int, rtt_s: float | None, now: float) -> None:
        """The worst slot's loss since its last report (in 1/256), and the round trip if it was measured."""
        if rtt_s is not None:
            self.rtt_s = rtt_s
        self._reports.report(fraction_lost / 256, now)

    def remb(self, bps: int, now: float) -> None:
        """The viewer's own estimate of all it receives."""
        self._remb_bps = bps
        self._remb_until = now + _REMB_HOLDS_S
        self._reports.remb(bps, now)

    # --- the estimate -----------------------------------------------------------------------------------

    @property
    def bitrate_bps(self) -> int:
        """What the line carries in all."""
        if self.messages:
            return int(self._gcc_bps)
        return int(self._reports.bitrate_bps)

    @property
    def media_bps(self) -> int:
        """What sound and pictures may take of it: repairs of the loss there is are set aside."""
        return int(self.bitrate_bps * (1.0 - min(self.loss, 0.25)))

    @property
    def resend_bps(self) -> int:
        """What retransmissions may take: a tenth, and more with loss."""
        return int(self.bitrate_bps * min(0.3, 0.1 + self.loss))

    @property
    def loss(self) -> float:
        """The share of packets lost lately, 0 to 1, before any repair."""
        return self._loss.loss if self.messages else self._reports.loss

    @property
    def sent_bps(self) -> float:
        """What was sent lately, as far as feedback tells of it."""
        return self._sent_bytes * 8 / self._sent_s if self._sent_s > 0.0 else 0.0

    @property
    def acked_bps(self) -> float:
        """What arrived lately."""
        return self._acked_bytes * 8 / self._acked_s if self._acked_s > 0.0 else 0.0

    def _rate(self, arrival: float, sent_at: float, acked_bytes: int, sent_bytes: int) -> None:
        """Count what this message tells into both rates, from where the message before it ended."""
        if self._arrival_last:
            arrived_s, sent_s = arrival - self._arrival_last, sent_at - self._sent_last
            if 0.0 <= arrived_s < 2.0 and 0.0 <= sent_s < 2.0:
                keep = 1.0 / (1.0 + arrived_s / _RATE_MEMORY_S)
                self._acked_bytes = self._acked_bytes * keep + acked_bytes
                self._acked_s = self._acked_s * keep + arrived_s
                keep = 1.0 / (1.0 + sent_s / _RATE_MEMORY_S)
                self._sent_bytes = self._sent_bytes * keep + sent_bytes
                self._sent_s = self._sent_s * keep + sent_s
        self._arrival_last, self._sent_last = arrival, sent_at

    def _forget_rates(self) -> None:
        self._acked_bytes = self._acked_s = self._sent_bytes = self._sent_s = 0.0
        self._arrival_last = self._sent_last = 0.0

    def _judge(self, known: int, lost: int, now: float) -> None:
        """Raise or lower the estimate after one message."""
        loss, trend = self._loss, self._trend
        # Of what reaches the limit of the line the line's own loss takes its share: count it as carried.
        carried = self.acked_bps / (1.0 - loss.inherent)
        if loss.count(known, lost, now):
            lowered = loss.judge(self._gcc_bps, self.sent_bps, carried, trend.queue_s, now)
            if lowered < self._gcc_bps:
                self._lower(lowered, now)
        prober = self._prober
        if prober.first is not None and prober.complete(self._expected):
            self._take_probe(now)
        pause = _DECREASE_PAUSE_S + (self.rtt_s or _RTT_UNKNOWN_S)
        if trend.state == OVERUSED:
            if now - self._lowered_at >= pause and self._acked_s > 0.0:
                self._lower(_BETA * carried, now)
                trend.settle()
        elif (
            trend.state == STEADY
            and trend.queue_s < _QUEUE_HOLD_S
            and loss.excess < HOLD_ABOVE
            and now - self._lowered_at >= pause
        ):
            limit = _AHEAD * carried + _AHEAD_MORE_BPS
            if self._gcc_bps < limit:
                since = min(now - self._silence_due, 0.2)
                self._gcc_bps = min(self._gcc_bps * (1.0 + _GROWTH * max(since, 0.0)), limit, MOST_BPS)
        if now < self._remb_until and self._remb_bps < self._gcc_bps:
            self._gcc_bps = max(float(self._remb_bps), LEAST_BPS)
        self._silence_due = now

    def _take_probe(self, now: float) -> None:
        prober = self._prober
        found = prober.evaluate()
        raised = False
        if found is not None:
            carried, saturated, loss = found
            if prober.testing:
                self._loss.tested(loss)
            if saturated:
                carried *= 0.95
            if carried > self._gcc_bps:
                raised = carried > 1.1 * self._gcc_bps and not saturated
                self._gcc_bps = min(carried, MOST_BPS)
        prober.finish(raised, now)

    def _lower(self, bps: float, now: float) -> None:
        self._gcc_bps = max(LEAST_BPS, min(self._gcc_bps, bps))
        self._lowered_at = now

    def _listen(self, now: float) -> None:
        """Lower the estimate while packets leave and nothing is heard of them."""
        log = self._log
        if not log:
            return
        oldest: float = log[2]  # type: ignore[assignment]
        silent_from = max(self._heard_at, oldest)
        if (
            now - silent_from >= _SILENCE_S + (self.rtt_s or _RTT_UNKNOWN_S)
            and now - self._silence_due >= _SILENCE_STEP_S
        ):
            self._silence_due = now
            self._lower(self._gcc_bps * _SILENCE_SHARE, now)
            self._forget_rates()

    def dump(self) -> dict[str, object]:
        """The line for people."""
        return {
            "bitrate_bps": self.bitrate_bps,
            "by": "transport feedback" if self.messages else "reports",
            "sent_bps": int(self.sent_bps),
            "arrived_bps": int(self.acked_bps),
            "loss_permille": round(self.loss * 1000),
            "inherent_loss_permille": round(self._loss.inherent * 1000),
            "queue_ms": round(self._trend.queue_s * 1000, 1),
            "rtt_ms": None if self.rtt_s is None else round(self.rtt_s * 1000),
            "messages": self.messages,
            "feedback_lost": self.feedback_lost,
            "probes": self._prober.probes,
            "probes_succeeded": self._prober.succeeded,
            "probes_failed": self._prober.failed,
            "batches_unheard": len(self._log) // 3,
        }
