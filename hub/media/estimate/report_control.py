"""The estimate for a viewer without transport-wide feedback: receiver reports and REMB, and careful trials.

A REMB is at most about 1.5 times what the viewer receives, so it never authorises a step up. Many viewers only tell what they
receive: at the beginning of a picture, of a second without a key frame, or without what headers take, that is less than what
is sent on the best of lines, and taken for a limit it would be one. So a REMB lowers the estimate only where it is clearly less
than what was sent in each of the last seconds: at once where packets are lost, else if it stays so. Upwards the estimate grows
until the next larger picture is tried with the picture itself; where that fails, the next trial waits ever longer.
"""

from __future__ import annotations

from typing import Final

#: Growth a second while reports show no loss; and as long as none ever has, as nothing is known of the line.
_GROWTH: Final = 1.08
_FIRST_GROWTH: Final = 1.5
_HOLD_ABOVE: Final = 0.02
_FALL_ABOVE: Final = 0.10
#: Below this there is none to speak of: the mean of reports fades, and is never quite 0 again.
_NO_LOSS: Final = 0.002
#: Loss by reports alone is not told from a bad line's own: it never pushes below this.
USABLE_BPS: Final = 250_000
LEAST_BPS: Final = 30_000
#: The estimate grows to this multiple of what is sent: far enough for the next layer, not for ever.
_AHEAD: Final = 4.0
_AHEAD_MORE_BPS: Final = 64_000
#: A REMB above this multiple of what is sent only says that little is sent.
_UNCONSTRAINED: Final = 1.2
#: A REMB is believed below this share of the least that was sent in any of the last seconds (a receiver that
#: finds a queue tells 0.85 of what arrives; headers and tags are up to 0.15 of small packets) …
_CLEARLY_LESS: Final = 0.8
_WINDOWS: Final = 3
#: … without loss only if it says so for this long and does not grow by more than this: that would be a mean that fills.
_LOW_FOR_S: Final = 0.5
_LOW_GROWTH: Final = 1.1
#: A level that failed is tried again after this, then after twice as long each time.
_RETRY_S: Final = 15.0
_RETRY_MAX_S: Final = 120.0
#: The growth between two reports counts at most so long.
_REPORT_MAX_S: Final = 2.0


class ReportControl:
    """`bitrate_bps` follows reports. What is sent has to be told each second (`sending`): without it no REMB means anything.
    `untroubled`: nothing has ever said that the line carries less than what is sent."""

    __slots__ = (
        "_failed_bps",
        "_heard",
        "_last_report",
        "_low_bps",
        "_low_since",
        "_retry_at",
        "_retry_s",
        "_sent",
        "bitrate_bps",
        "loss",
        "sent_bps",
        "untroubled",
    )

    def __init__(self, now: float, start_bps: float) -> None:
        self.bitrate_bps = float(start_bps)
        self.loss = 0.0
        self.sent_bps: float | None = None
        self._failed_bps: float | None = None
        self._retry_at = 0.0
        self._retry_s = _RETRY_S
        self._last_report = now
        self._sent: tuple[float, ...] = ()
        self._low_bps = 0.0
        self._low_since: float | None = None
        self._heard = False
        self.untroubled = True

    def sending(self, bps: float) -> None:
        """What the viewer was sent in the last second or so."""
        self.sent_bps = bps
        self._sent = (*self._sent[1 - _WINDOWS :], bps)

    @property
    def calm(self) -> bool:
        """Whether one report like the last says nothing new: no loss, and no low REMB that waits to be confirmed."""
        return self._heard and self.loss < _NO_LOSS and self._low_since is None

    @property
    def meaningless_bps(self) -> float:
        """A REMB of this and more says nothing while all is `calm`."""
        if len(self._sent) < 2:
            return 0.0
        return min(self._sent) * _CLEARLY_LESS

    def report(self, loss: float, now: float) -> None:
        """The loss (0 to 1) since the last report; the worst of all slots, or their mean weighted by packets."""
        self._heard = True
        since = min(now - self._last_report, _REPORT_MAX_S)
        self._last_report = now
        self.loss += 0.5 * (loss - self.loss)
        self.untroubled &= self.loss <= _HOLD_ABOVE
        if loss > _FALL_ABOVE and self.loss > _FALL_ABOVE / 2:
            # Twice in a row, or a lot: what is sent is too much (or the line is bad; then the floor holds).
            base = self.bitrate_bps if self.sent_bps is None else min(self.bitrate_bps, self.sent_bps * 1.1)
            self._fall(max(base * (1.0 - 0.5 * loss), min(USABLE_BPS, self.bitrate_bps)), now)
        elif loss <= _HOLD_ABOVE:
            self._grow(since, now)

    def remb(self, bps: float, now: float) -> None:
        """The viewer's own estimate. Only one near or below what it is sent means anything, and most of these do not."""
        if self.sent_bps is None or bps > _UNCONSTRAINED * self.sent_bps:
            return
        lossy = self.loss > _HOLD_ABOVE and bps < self.meaningless_bps
        if lossy or self._stays_low(bps, now):
            self._low_since = None
            if bps < self.bitrate_bps:
                self._fall(max(float(bps), LEAST_BPS), now)

    def _stays_low(self, bps: float, now: float) -> bool:
        """Whether it has been clearly below what is sent for some time."""
        if bps >= self.meaningless_bps:
            self._low_since = None
            return False
        if self._low_since is None or bps > _LOW_GROWTH * self._low_bps:
            self._low_since, self._low_bps = now, bps
            return False
        return now - self._low_since >= _LOW_FOR_S

    def _grow(self, since: float, now: float) -> None:
        goal = self.bitrate_bps * (_FIRST_GROWTH if self.untroubled else _GROWTH) ** since
        if self.sent_bps is not None:
            goal = min(goal, self.sent_bps * _AHEAD + _AHEAD_MORE_BPS)
            if self.sent_bps < LEAST_BPS and now >= self._retry_at:
                # No picture is left, and nothing would ever prove that the line carries one again.
                goal = max(goal, USABLE_BPS)
        if self._failed_bps is not None:
            if now < self._retry_at:
                goal = min(goal, 0.95 * self._failed_bps)
            elif goal > 1.5 * self._failed_bps:
                self._failed_bps = None  # carried well beyond where it failed: forgotten
                self._retry_s = _RETRY_S
        self.bitrate_bps = max(self.bitrate_bps, goal)

    def _fall(self, bps: float, now: float) -> None:
        if bps >= self.bitrate_bps:
            return
        self.untroubled = False
        tried = self.sent_bps if self.sent_bps is not None else self.bitrate_bps
        if self._failed_bps is None or now >= self._retry_at:
            if self._failed_bps is not None:
                self._retry_s = min(self._retry_s * 2, _RETRY_MAX_S)
            self._failed_bps = max(tried, bps)
            self._retry_at = now + self._retry_s
        self.bitrate_bps = bps
        # Less will be sent: what was before is no measure for a REMB that tells of then.
        self._sent = ()
