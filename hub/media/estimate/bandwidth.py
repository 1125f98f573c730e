"""What a viewer's line carries: one estimate from all that the viewer tells (draft-ietf-rmcat-gcc-02 in spirit).

Fed with what was sent under which transport-wide numbers and with the viewer's feedback about them. The parts: the
delay's trend (`delay_trend`), loss (`loss_control`), probes (`probing`), what follows from them (`rate_control`), and,
for viewers without transport-wide feedback, reports (`report_control`). Cost matters more than finesse: a thousand
viewers send 15 to 20 messages a second. Only `sent`, `probe`, `feedback` and `digest` are hot.

All sizes and rates are those of the packets as they leave, SRTP tag included, IP and UDP headers not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.media.estimate.delay_trend import STEADY
from hub.media.estimate.line import Digest, Line, microseconds
from hub.media.estimate.probing import FIRST_S
from hub.media.estimate.rate_control import SILENCE_S, RateControl
from hub.media.estimate.report_control import ReportControl
from hub.media.estimate.sent_log import BatchLog, SentLog
from hub.wire.transport_feedback_fast import read_feedback

#: Believed of a line nobody has sent over yet.
START_BPS: Final = 1_000_000
#: Groups of packets sent closer than this are one sample of the delay.
_GROUP_S: Final = 0.015
#: A packet that was so much longer on its way than others found a queue: how packets arrive then tells what the line carries.
_LATE_S: Final = 0.03
#: … and so much longer: whatever is sent now comes late, and delays what comes after it.
_QUEUED_S: Final = 0.1
#: … and so much longer: messages are looked at one by one. A node at its limit is late by less, for a thousand viewers at once.
_VERY_LATE_S: Final = 0.15
#: More than this many units of 64 ms between two messages: the delay before is no measure for the one after.
_CLOCK_JUMP: Final = 500
#: Repairs of loss are set aside from the media's budget up to this share.
_REPAIR_SHARE_MAX: Final = 0.25
#: Retransmissions may take this share of the estimate, and more with loss, up to the second.
_RESEND_SHARE: Final = 0.1
_RESEND_SHARE_MAX: Final = 0.3
#: A REMB beside transport-wide feedback caps the estimate for so long.
_REMB_HOLDS_S: Final = 3.0
#: What was sent last and is not told of says nothing, unless it was sent over so long.
_SENDING_S: Final = 0.4
#: Having sent nothing for so long, what is known of loss is old: a probe may find out.
_IDLE_S: Final = 2.0
#: The round trip is the shortest of so many reports: one that waited in a busy browser says nothing of the line.
_ROUND_TRIPS: Final = 3
_TICK_S: Final = 250e-6
_REFERENCE_S: Final = 0.064


class Estimator:
    """The line to one viewer. `sent` is called for every batch, `feedback` for every message, `probe` after each and
    at ticks. `messages` counts transport-wide feedback, `summed` that of it which came in digests, `feedback_lost` gaps
    in it."""

    __slots__ = (
        "_clock",
        "_expected",
        "_group_sent",
        "_heard_at",
        "_late_s",
        "_log",
        "_rate",
        "_reference",
        "_remb_bps",
        "_remb_until",
        "_reports",
        "_round_trips",
        "feedback_lost",
        "messages",
        "reports_only",
        "summed",
    )

    def __init__(self, now: float, start_bps: int = START_BPS) -> None:
        self.messages = 0
        #: Set for a viewer of whom nothing better than receiver reports and REMB is to be expected.
        self.reports_only = False
        self.summed = 0
        self.feedback_lost = 0
        self._rate = RateControl(now, start_bps)
        self._reports = ReportControl(now, start_bps)
        self._log: SentLog = BatchLog()
        self._expected = 0
        self._reference = 0
        self._late_s = 0.0
        self._clock = 0
        self._heard_at = now
        self._group_sent = 0.0
        self._remb_bps = 0
        self._remb_until = 0.0
        self._round_trips: tuple[float, ...] = ()

    # --- sending --------------------------------------------------------------------------------------

    def keep_in(self, log: SentLog) -> None:
        """What leaves is noted in this log from now on: nothing has left yet."""
        self._log = log

    def sent(self, first_number: int, sizes: Sequence[int], now: float) -> None:
        """Packets of these sizes left under consecutive 16-bit transport-wide numbers. `sizes` is kept, not copied."""
        self._log.sent(first_number, sizes, now)

    def sending(self, bps: float) -> None:
        """What a viewer without transport-wide numbers is sent; about each second."""
        self._reports.sending(bps)

    def probe(self, now: float, wanted_bps: int) -> list[int]:
        """Payload sizes of padding packets to send now; mostly none. To be called at each tick and after feedback.

        `wanted_bps` is what sound and pictures would need to be as good as they can be of use: nothing is probed
        beyond (and its repairs). Also notices here that feedback has ceased.
        """
        if not self.messages:
            return []
        rate = self._rate
        since_heard = now - self._heard_at
        heard, idle = since_heard < SILENCE_S, False
        if not heard:
            oldest, newest = self._log.span(now)
            if now - newest > _IDLE_S:
                # Nothing is sent (the picture was taken away, nobody speaks), so there is nothing to hear of.
                heard = idle = True
                self._log.forget()
                rate.loss.interrupted(now)
            elif min(since_heard, now - oldest) > SILENCE_S + rate.rtt_s and newest - oldest > _SENDING_S:
                rate.silent(now)
        if wanted_bps <= rate.bitrate_bps * 0.75 and not rate.prober.under_way and not rate.loss.test_wanted:
            return []
        wanted = wanted_bps / (1.0 - min(rate.loss.loss, _REPAIR_SHARE_MAX))
        return rate.probe(wanted, self._log.next_number, heard, now, idle=idle)

    # --- what the viewer tells --------------------------------------------------------------------------

    def feedback(self, message: bytes | memoryview, now: float) -> None:
        """One whole transport-wide feedback packet. Raises RtcpError if it is none; nothing has changed then.

        The hot loop goes over batches, not packets; only where something is missing, or a probe is measured, does it look
        at each packet. Budget: 12 µs for a message about 12 packets of 2 to 3 batches.
        """
        base, reference, missing, ticks = read_feedback(message)
        count = len(ticks)
        rate = self._rate
        self._follow_clock(base, reference, now)
        covered = self._expected = (base + count) & 0xFFFF
        origin = self._clock * _REFERENCE_S
        prober, trend = rate.prober, rate.trend
        probing = prober.first is not None
        sent_bytes = acked_bytes = known = lost = 0
        sent_at = 0.0
        for index, sizes, sent_at in self._log.tell(base, count, now):
            octets = sum(sizes)
            take = len(sizes)
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
            if sent_at - self._group_sent >= _GROUP_S and tick is not None:
                self._group_sent = sent_at
                trend.sample(sent_at, origin + tick * _TICK_S)
            acked_bytes += octets
            if probing:
                arrivals = [
                    None if one is None else origin + one * _TICK_S for one in ticks[index : index + take]
                ]
                prober.take((base + index) & 0xFFFF, sent_at, sizes, arrivals)
        if not known:
            return
        last = ticks[-1]
        if last is None:
            last = next((one for one in reversed(ticks) if one is not None), None)
        if last is not None:
            arrived = origin + last * _TICK_S
            self._late_s = trend.queued_s(arrived - sent_at)
            if self._late_s > _LATE_S:
                came = [origin + each * _TICK_S for each in ticks if each is not None]
                rate.busy.told(trend.queue_s, came, acked_bytes)
            else:
                rate.busy.begin(trend.queue_s, arrived)
            rate.arrived(arrived, sent_at, acked_bytes, sent_bytes)
        rate.judge(known, lost, covered, now)
        if now < self._remb_until:
            rate.cap(self._remb_bps)

    def digest(self, told: Digest, now: float) -> None:
        """Several messages in one: what `feedback` would have made of each of them, all of whose packets arrived.

        Their bytes fade as one, and the estimate grows once for all of them. Budget: 15 µs for three messages.
        """
        rate, trend = self._rate, self._rate.trend
        origin = self._clock * _REFERENCE_S
        self._clock += told.turns
        self._reference = told.reference
        self._heard_at = told.heard_at
        self.messages += told.messages
        self.summed += told.messages
        covered = self._expected = told.covered
        rate.heard_again(now)
        # Times sent are the last 32 bits of what `now` is in microseconds.
        now_us = microseconds(now)
        samples, sample = told.samples, trend.sample
        for at in range(0, len(samples), 2):
            sent_at = self._group_sent = now - ((now_us - samples[at]) & 0xFFFF_FFFF) * 1e-6
            sample(sent_at, origin + samples[at + 1] * _TICK_S)
        self._log.tell_all(covered)
        sent_at = now - ((now_us - told.last_sent_us) & 0xFFFF_FFFF) * 1e-6
        arrived = origin + told.last_arrived * _TICK_S
        self._late_s = trend.queued_s(arrived - sent_at)
        rate.busy.begin(trend.queue_s, arrived)
        rate.arrived(arrived, sent_at, told.octets, told.octets)
        rate.judge(told.packets, 0, covered, now, told.messages)
        if now < self._remb_until:
            rate.cap(self._remb_bps)

    @property
    def queued(self) -> bool:
        """Whether a queue stands on the way that takes long to drain."""
        return self._late_s > _QUEUED_S

    @property
    def untroubled(self) -> bool:
        """Whether all that is known of the line are reports, and none ever said that it carries less than what is sent."""
        return not self.messages and self._reports.untroubled

    @property
    def meaningless_remb_bps(self) -> int | None:
        """A REMB of this and more says nothing, nor does a report without loss; None where every report counts."""
        if self.messages or not self._reports.calm:
            return None
        return int(self._reports.meaningless_bps)

    @property
    def attentive(self) -> bool:
        """Whether every message is of interest by itself."""
        if self.reports_only and not self.messages:
            return not self._reports.calm
        rate = self._rate
        late = self._late_s > _VERY_LATE_S or rate.trend.state != STEADY
        return late or rate.prober.under_way or rate.loss.lately or not self.messages

    def instruct(self, line: Line, *, settled: bool = False) -> None:
        """Say which messages may be summed up: the next in order, while nothing is unusual, and for longer while nothing can
        become better (`settled`). To be called after each message that was read and each digest taken, when nothing more
        waits to be taken."""
        if self.attentive or not self.messages:
            line.attend()
        else:
            line.expect(self._expected, self._reference, self._group_sent, settled=settled)

    def _follow_clock(self, base: int, reference: int, now: float) -> None:
        """Count the message, and the wraps of the receiver's 24-bit clock."""
        if self.messages:
            turn = (reference - self._reference) & 0xFF_FFFF
            if turn >= 0x80_0000:
                turn -= 0x100_0000
            if not -_CLOCK_JUMP < turn < _CLOCK_JUMP:
                self._rate.forget()
            self._clock += turn
            if base != self._expected and (base - self._expected) & 0xFFFF < 0x8000:
                self.feedback_lost += 1
                self._rate.interrupted()
        else:
            self._rate.prober.allow(now + FIRST_S)
        self.messages += 1
        self._reference = reference
        self._heard_at = now
        if self._rate.heard_again(now):
            self._log.forget()  # into the silence: lost to that, not to congestion

    def returned(self, now: float) -> None:
        """The viewer is heard again, before he told anything of his line: it was gone, and is not narrow for that."""
        if self._rate.heard_again(now):
            self._log.forget()

    def moved(self, now: float) -> None:
        """The viewer is reached at another address from now on. What was sent to the old one says nothing of the new."""
        self._log.forget()
        self._round_trips = ()
        self._rate.moved(now)

    def receiver_report(self, fraction_lost: int, rtt_s: float | None, now: float) -> None:
        """The worst slot's loss since its last report (in 1/256), and the round trip if it was measured."""
        if rtt_s is not None:
            self._round_trips = (*self._round_trips[1 - _ROUND_TRIPS :], rtt_s)
            self._rate.rtt_s = min(self._round_trips)
        self._reports.report(fraction_lost / 256, now)

    def remb(self, bps: int, now: float) -> None:
        """The viewer's own estimate of all it receives."""
        self._remb_bps = bps
        self._remb_until = now + _REMB_HOLDS_S
        self._reports.remb(bps, now)

    # --- what follows -----------------------------------------------------------------------------------

    @property
    def bitrate_bps(self) -> int:
        """What the line carries in all."""
        return int(self._rate.bitrate_bps if self.messages else self._reports.bitrate_bps)

    @property
    def media_bps(self) -> int:
        """What sound and pictures may take of it: repairs of the loss there is are set aside."""
        return int(self.bitrate_bps * (1.0 - min(self.loss, _REPAIR_SHARE_MAX)))

    def draining_bps(self, now: float) -> int:
        """What a queue takes of it that is to drain; 0 but for a second after the estimate fell."""
        return int(self._rate.draining_bps(now))

    @property
    def resend_bps(self) -> int:
        """What retransmissions may take of it."""
        return int(self.bitrate_bps * min(_RESEND_SHARE_MAX, _RESEND_SHARE + self.loss))

    @property
    def loss(self) -> float:
        """The share of packets lost lately, 0 to 1, before any repair."""
        return self._rate.loss.loss if self.messages else self._reports.loss

    @property
    def rtt_s(self) -> float:
        """The round trip to reckon with: the shortest of the last reports; 0.1 s before the first."""
        return self._rate.rtt_s

    @property
    def measured_rtt_s(self) -> float | None:
        """The same, None while none was measured."""
        return self._rate.rtt_s if self._round_trips else None

    @property
    def can_pad(self) -> bool:
        """Whether padding can be sent to the viewer (True until told otherwise). Without, room is tried by growing."""
        return self._rate.can_pad

    @can_pad.setter
    def can_pad(self, value: bool) -> None:
        self._rate.can_pad = value

    def dump(self) -> dict[str, object]:
        """The line for people."""
        rate = self._rate
        return {
            "bitrate_bps": self.bitrate_bps,
            "by": "transport feedback" if self.messages else "reports",
            "sent_bps": int(rate.sent_bps),
            "arrived_bps": int(rate.acked_bps),
            "loss_permille": round(self.loss * 1000),
            "inherent_loss_permille": round(rate.loss.inherent * 1000),
            "queue_ms": round(rate.trend.queue_s * 1000, 1),
            "rtt_ms": round(rate.rtt_s * 1000) if self._round_trips else None,
            "messages": self.messages,
            "summed": self.summed,
            "feedback_lost": self.feedback_lost,
            "probes": rate.prober.probes,
            "probes_succeeded": rate.prober.succeeded,
            "probes_failed": rate.prober.failed,
            "packets_unheard": len(self._log),
        }
