"""One publisher's time line: RTP time stamps of sound and picture are brought to one clock by sender reports.

A stream's time stamps begin anywhere and count in its own rate. Until its first sender report its place is guessed from
arrival; a report then ties the stamps to the sender's clock (RFC 3550 §6.4.1), which sound and picture share. A small
correction is made smoothly. A large one is made at once where that leaves a hole; where it would put frames upon
those that are placed already, a new file is wanted. The sender's clock itself may be wrong by years: it is tied to ours by the
quickest packets that arrived.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from hub.wire.serial import Unwrapper
from recordings.stretch import Quickest, Stretch, StretchWatch

#: How fast a small correction is made: microseconds a second. Nobody hears or sees 10%.
SLEW_US_PER_S: Final = 100_000
#: A correction of this much is a step.
JUMP_US: Final = 300_000
#: A report that puts its stream this far from its arrival does not share the other stream's clock.
INCREDIBLE_US: Final = 1_000_000
#: Behind a step the first report is believed alone when it agrees this well with the arrivals.
CLOSE_US: Final = 150_000
#: Two reports agree when they differ by no more.
AGREE_US: Final = 50_000


class Moment(NamedTuple):
    """A frame's time stamp in its place: the stretch of the stream and the media time in it, µs."""

    stretch: Stretch
    media_us: int


class StreamClock:
    """Places the time stamps of one stream on the time line, in µs by our clock. Made by `Timeline.stream`.

    `refused_reports` counts reports that were not believed (yet), `steps` those of the stamps, and captures that stalled.
    """

    def __init__(self, timeline: Timeline, clock_rate: int) -> None:
        if clock_rate <= 0:
            raise ValueError("a clock rate is above 0")
        self.refused_reports = 0
        #: Whether frames would have to be put upon those that are placed already.
        self.wants_new_file = False
        #: Our clock minus the sender's, by the quickest packet; what it was last while there is nothing newer.
        self.offset = Quickest()
        self._timeline = timeline
        self._rate = clock_rate
        self._stamps = Unwrapper(32)
        self._watch = StretchWatch()
        self._late: list[tuple[int, int]] = []  # reports that wait for a packet, or for a doubt to end
        self._doubted: int | None = None  # what the last report said that was not believed
        self._bias = 0  # what the sender's reports are off since it set its clock
        self._delay: int | None = None  # how much later its quickest packet comes than the other stream's
        self._newest_us = 0  # media time of the last correction
        self._placed_us: int | None = None
        self._newest_packet: tuple[int, int, Moment] | None = None

    def observe(self, timestamp: int, arrived_us: int) -> Moment:
        """A packet with this stamp arrived; packets are given in the order of their numbers."""
        newest = self._newest_packet
        if newest is not None and timestamp == newest[0] and arrived_us >= newest[1]:
            return newest[2]  # one more of the same picture tells nothing: it came later than the first
        media_us = self._media_us(self._stamps.unwrap(timestamp))
        stretch = self._watch.observe(media_us, arrived_us)
        if stretch.tied is not None and stretch.decided:
            self.offset.add(arrived_us - media_us - stretch.tied, arrived_us)
        if self._late:
            self._take_late()
        moment = Moment(stretch, media_us)
        self._newest_packet = (timestamp, arrived_us, moment)
        return moment

    def pass_time(self, now_us: int) -> None:
        """Let time pass without packets."""
        self._watch.pass_time(now_us)
        self._take_late()

    def give_in(self) -> None:
        """Decide what is in doubt: the stream has ended."""
        self._watch.give_in()
        self._take_late()

    def report(self, ntp_us: int, timestamp: int) -> None:
        """Take a sender report: at `ntp_us` (since 1970) by the sender's clock its media clock showed `timestamp`.

        One that comes before any packet, or while a step is in doubt, is kept until there is something to compare it with.
        """
        self._late = [*self._late[-1:], (ntp_us, timestamp)]
        self._take_late()

    def settle(self) -> None:
        """Put the stream at its best known place at once. For the start of a file, where a step is seen by nobody."""
        self.wants_new_file = False
        self._placed_us = None
        for stretch in (self._watch.before, self._watch.current):
            if stretch is not None:
                stretch.place = None

    def wall_us(self, moment: Moment) -> int:
        """When the frame of this moment was made."""
        stretch, media_us = moment
        best = self._best(stretch)
        if stretch.place is None:
            stretch.place = best
            if self._placed_us is not None and media_us + best < self._placed_us:
                # Not upon what is placed already; what is too much of that shows below.
                stretch.place = self._placed_us + 1000 - media_us
            self._newest_us = media_us
        elif best - stretch.place >= JUMP_US:
            stretch.place = best
        elif media_us > self._newest_us:
            step = (media_us - self._newest_us) * SLEW_US_PER_S // 1_000_000
            stretch.place += max(-step, min(step, best - stretch.place))
        if stretch.place - best >= JUMP_US:
            self.wants_new_file = True
        self._newest_us = max(self._newest_us, media_us)
        at_us = media_us + stretch.place
        self._placed_us = at_us if self._placed_us is None else max(self._placed_us, at_us)
        return at_us

    @property
    def has_report(self) -> bool:
        """Whether the place is by a sender report, and no longer guessed."""
        current = self._watch.current
        return current is not None and current.tied is not None

    @property
    def steps(self) -> int:
        """How often the stamps stepped or capture stalled."""
        return self._watch.steps

    def _take_late(self) -> None:
        current = self._watch.current
        if current is None or not current.decided:
            return
        late, self._late = self._late, []
        for ntp_us, timestamp in late:
            self._take(current, ntp_us - self._media_us(self._stamps.peek(timestamp)) + self._bias)

    def _take(self, current: Stretch, reported: int) -> None:
        """A report says how far the sender's clock is ahead of the media time."""
        agrees = self._doubted is not None and abs(reported - self._doubted) <= AGREE_US
        if not agrees and not self._is_credible(current, reported):
            self.refused_reports += 1
            self._doubted = reported
            return
        self._doubted = None
        if agrees:
            off = self._clock_was_set(current, reported)
            self._bias -= off
            reported -= off
            if off == 0:
                current.forget_earlier()
                self.offset = Quickest()
        current.tied, current.tied_lately = reported, current.lately.least
        self.offset.add(current.least - reported, current.began_us)
        offset = self._timeline.sender_offset_us
        assert offset is not None
        self._delay = max(0, min(current.least - reported - offset, INCREDIBLE_US))

    def _is_credible(self, current: Stretch, reported: int) -> bool:
        """Whether a report is believed alone."""
        if current.tied is not None:
            return abs(reported - current.tied) < JUMP_US
        offset = self._timeline.sender_offset_us
        if offset is None:
            return True
        delay = current.least - reported - offset
        if self._delay is not None:
            return abs(delay - self._delay) < CLOSE_US
        return -JUMP_US < delay < INCREDIBLE_US

    def _clock_was_set(self, current: Stretch, reported: int) -> int:
        """Two reports agree on what is not credible: by how much the sender's clock was set; 0 if it is the stamps."""
        if current.tied is not None:
            moved = reported - current.tied
            by_arrival = (current.lately.least or 0) - (current.tied_lately or 0)
            return 0 if abs(by_arrival - moved) <= abs(by_arrival) else moved
        before = self._watch.before
        if before is not None and before.tied is not None and abs(reported - before.tied) <= AGREE_US:
            return 0  # there was no step
        offset = self._timeline.sender_offset_us
        usual = self._delay or 0
        delay = current.least - reported - (offset or 0)
        return 0 if abs(delay - usual) < INCREDIBLE_US else usual - delay

    def _best(self, stretch: Stretch) -> int:
        offset = self._timeline.sender_offset_us
        if stretch.tied is not None and offset is not None:
            return stretch.tied + offset
        return stretch.least - (self._delay or 0)

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

    @property
    def sender_offset_us(self) -> int | None:
        """Our clock minus the sender's, by the quickest packet of any stream; None before a report."""
        guesses = [guess for stream in self._streams if (guess := stream.offset.least) is not None]
        return min(guesses, default=None)
