"""One publisher's time line: RTP time stamps of sound and picture are brought to one clock by sender reports.

A stream's time stamps begin anywhere and count in its own rate. Until its first sender report its place is guessed from
arrival; a report then ties the stamps to the sender's clock (RFC 3550 §6.4.1), which sound and picture share, and
the guess moves over to it smoothly. The sender's clock itself may be wrong by years: it is tied to ours by
the quickest packets that arrived.
"""

from __future__ import annotations

from typing import Final

from hub.wire.serial import Unwrapper

#: How fast a stream's place is corrected: microseconds a second. Nobody hears or sees 10%.
SLEW_US_PER_S: Final = 100_000
#: Arrivals are remembered for one to two of these; in it the quickest packet had a nearly empty way.
WINDOW_US: Final = 10_000_000
#: A stamp this far from where it ought to be belongs to a source that began anew.
RESTART_US: Final = 10_000_000
#: A report that puts its stream this far from its arrival does not share the other stream's clock.
INCREDIBLE_US: Final = 1_000_000
#: After so many incredible reports in a row the sender has set its clock, and its old reports mean nothing.
MAX_INCREDIBLE: Final = 5


class StreamClock:
    """Places the time stamps of one stream on the time line, in µs since 1970 by our clock.

    Made by `Timeline.stream`.
    """

    def __init__(self, timeline: Timeline, clock_rate: int) -> None:
        if clock_rate <= 0:
            raise ValueError("a clock rate is above 0")
        self.refused_reports = 0
        self.restarts = 0
        self._timeline = timeline
        self._rate = clock_rate
        self._stamps = Unwrapper(32)
        self._quickest: int | None = None  # least of (arrival - media time), this window
        self._quickest_before: int | None = None  # the same, last window
        self._window_began_us = 0
        self._reported: int | None = None  # sender's clock - media time
        self._early: tuple[int, int] | None = None
        self._incredible = 0
        self._applied: int | None = None
        self._applied_at_us = 0  # media time of the last correction

    def observe(self, timestamp: int, arrived_us: int) -> None:
        """A packet with this stamp arrived. Retransmitted ones do no harm: only the quickest counts."""
        transit = arrived_us - self._media_us(self._stamps.unwrap(timestamp))
        known = self._transit()
        if known is not None and abs(transit - known) > RESTART_US:
            self.restarts += 1
            self._quickest = self._quickest_before = self._reported = self._applied = None
            self._applied_at_us = arrived_us - transit
        if self._quickest is None or arrived_us - self._window_began_us > WINDOW_US:
            self._quickest_before, self._quickest = self._quickest, transit
            self._window_began_us = arrived_us
        else:
            self._quickest = min(self._quickest, transit)
        if self._early is not None:
            early, self._early = self._early, None
            self.report(*early)

    def report(self, ntp_us: int, timestamp: int) -> None:
        """Take a sender report: at `ntp_us` (since 1970) by the sender's clock its media clock showed `timestamp`.

        One that comes before any packet is kept until there is something to compare it with.
        """
        transit = self._transit()
        if transit is None:
            self._early = (ntp_us, timestamp)
            return
        reported = ntp_us - self._media_us(self._stamps.peek(timestamp))
        offset = self._timeline.sender_offset_us()
        if offset is not None and abs(transit - reported - offset) > INCREDIBLE_US:
            self.refused_reports += 1
            self._incredible += 1
            if self._incredible >= MAX_INCREDIBLE:
                self._reported = None
                self._incredible = 0
            return
        self._incredible = 0
        self._reported = reported

    def settle(self) -> None:
        """Put the stream at its best known place at once. For the start of a file, where a step is seen by nobody."""
        self._applied = self._best()

    def wall_us(self, timestamp: int) -> int:
        """When the frame with this stamp was made. Its packets must have been observed before."""
        media_us = self._media_us(self._stamps.unwrap(timestamp))
        best = self._best()
        if best is None:
            raise ValueError("no packet of this stream was observed yet")
        if self._applied is None:
            self._applied = best
        elif media_us > self._applied_at_us:
            step = (media_us - self._applied_at_us) * SLEW_US_PER_S // 1_000_000
            self._applied += max(-step, min(step, best - self._applied))
        self._applied_at_us = max(self._applied_at_us, media_us)
        return media_us + self._applied

    @property
    def has_report(self) -> bool:
        """Whether the place is by a sender report, and no longer guessed."""
        return self._reported is not None

    def guess_offset_us(self) -> int | None:
        """Our clock minus the sender's, as far as this stream knows; None without a report."""
        transit = self._transit()
        return None if transit is None or self._reported is None else transit - self._reported

    def _best(self) -> int | None:
        offset = self._timeline.sender_offset_us()
        if self._reported is not None and offset is not None:
            return self._reported + offset
        return self._transit()

    def _transit(self) -> int | None:
        if self._quickest is None or self._quickest_before is None:
            return self._quickest
        return min(self._quickest, self._quickest_before)

    def _media_us(self, extended: int) -> int:
        return extended * 1_000_000 // self._rate


class Timeline:
    """The clock that the streams of one publisher share."""

    def __init__(self) -> None:
        self._streams: list[StreamClock] = []

    def stream(self, clock_rate: int) -> StreamClock:
        """A clock for one more stream. Raises ValueError for an impossible rate."""
        clock = StreamClock(self, clock_rate)
        self._streams.append(clock)
        return clock

    def forget(self, clock: StreamClock) -> None:
        """The stream is gone."""
        if clock in self._streams:
            self._streams.remove(clock)

    def sender_offset_us(self) -> int | None:
        """Our clock minus the sender's, by the quickest packet of any of its streams; None without a report."""
        guesses = [guess for stream in self._streams if (guess := stream.guess_offset_us()) is not None]
        return min(guesses, default=None)
