"""The estimate for a viewer without transport-wide feedback: receiver reports and REMB, and careful trials.

A REMB is at most about 1.5 times what the viewer receives, so it never authorises a step up; it is taken for a fast
step down. Upwards the estimate grows until the next larger picture is tried with the picture itself; where that
fails, the next trial waits ever longer.
"""

from __future__ import annotations

from typing import Final

#: Growth a second while reports show no loss.
_GROWTH: Final = 1.08
_HOLD_ABOVE: Final = 0.02
_FALL_ABOVE: Final = 0.10
#: Loss by reports alone is not told from a bad line's own: it never pushes below this.
USABLE_BPS: Final = 250_000
LEAST_BPS: Final = 30_000
#: The estimate grows to this multiple of what is sent: far enough for the next layer, not for ever.
_AHEAD: Final = 4.0
_AHEAD_MORE_BPS: Final = 64_000
#: A REMB above this multiple of what is sent only says that little is sent.
_UNCONSTRAINED: Final = 1.2
#: A level that failed is tried again after this, then after twice as long each time.
_RETRY_S: Final = 15.0
_RETRY_MAX_S: Final = 120.0
#: The growth between two reports counts at most so long.
_REPORT_MAX_S: Final = 2.0


class ReportControl:
    """`bitrate_bps` follows reports. `sent_bps` has to be told (`sending`), else every REMB is believed."""

    __slots__ = ("_failed_bps", "_last_report", "_retry_at", "_retry_s", "bitrate_bps", "loss", "sent_bps")

    def __init__(self, now: float, start_bps: float) -> None:
        self.bitrate_bps = float(start_bps)
        self.loss = 0.0
        self.sent_bps: float | None = None
        self._failed_bps: float | None = None
        self._retry_at = 0.0
        self._retry_s = _RETRY_S
        self._last_report = now

    def sending(self, bps: float) -> None:
        """What the viewer is sent, lately."""
        self.sent_bps = bps

    def report(self, loss: float, now: float) -> None:
        """The loss (0 to 1) since the last report; the worst of all slots, or their mean weighted by packets."""
        since = min(now - self._last_report, _REPORT_MAX_S)
        self._last_report = now
        self.loss += 0.5 * (loss - self.loss)
        if loss > _FALL_ABOVE and self.loss > _FALL_ABOVE / 2:
            # Twice in a row, or a lot: what is sent is too much (or the line is bad; then the floor holds).
            base = self.bitrate_bps if self.sent_bps is None else min(self.bitrate_bps, self.sent_bps * 1.1)
            self._fall(max(base * (1.0 - 0.5 * loss), min(USABLE_BPS, self.bitrate_bps)), now)
        elif loss <= _HOLD_ABOVE:
            self._grow(since, now)

    def remb(self, bps: float, now: float) -> None:
        """The viewer's own estimate. Only one near or below what it is sent means anything."""
        if self.sent_bps is not None and bps > _UNCONSTRAINED * self.sent_bps:
            return
        if bps < self.bitrate_bps:
            self._fall(max(float(bps), LEAST_BPS), now)

    def _grow(self, since: float, now: float) -> None:
        goal = self.bitrate_bps * _GROWTH**since
        if self.sent_bps is not None:
            goal = min(goal, self.sent_bps * _AHEAD + _AHEAD_MORE_BPS)
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
        tried = self.sent_bps if self.sent_bps is not None else self.bitrate_bps
        if self._failed_bps is None or now >= self._retry_at:
            if self._failed_bps is not None:
                self._retry_s = min(self._retry_s * 2, _RETRY_MAX_S)
            self._failed_bps = max(tried, bps)
            self._retry_at = now + self._retry_s
        self.bitrate_bps = bps
