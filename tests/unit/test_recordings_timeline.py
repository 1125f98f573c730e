"""The time line of a publisher: arrival first, sender reports then, and never a jump."""

from __future__ import annotations

from itertools import pairwise

import pytest

from recordings.timeline import MAX_INCREDIBLE, StreamClock, Timeline

T0 = 1_800_000_000_000_000
SENDER_IS_WRONG_BY_US = -7_200_000_000


class Source:
    """A stream whose media time 0 is at T0, as a sender with a wrong clock sends it."""

    def __init__(self, timeline: Timeline, rate: int, first_stamp: int, way_us: int) -> None:
        self.clock: StreamClock = timeline.stream(rate)
        self.rate, self.first_stamp, self.way_us = rate, first_stamp, way_us

    def stamp(self, at_us: int) -> int:
        return (self.first_stamp + at_us * self.rate // 1_000_000) & 0xFFFF_FFFF

    def packet(self, at_us: int, extra_us: int = 0) -> int:
        """A packet made at this moment arrives; returns where it is placed, relative to T0."""
        self.clock.observe(self.stamp(at_us), T0 + at_us + self.way_us + extra_us)
        return self.clock.wall_us(self.stamp(at_us)) - T0

    def report(self, at_us: int, clock_us: int = SENDER_IS_WRONG_BY_US) -> None:
        self.clock.report(T0 + at_us + clock_us, self.stamp(at_us))


def test_without_reports_a_stream_stands_where_it_arrived() -> None:
    source = Source(Timeline(), 90_000, 4_294_000_000, 30_000)
    assert source.packet(0) == 30_000
    # The stamps wrap between the two.
    assert source.packet(20_000_000) == pytest.approx(20_030_000, abs=20)


def test_reports_bring_two_streams_together_whatever_the_sender_believes_of_the_time() -> None:
    timeline = Timeline()
    picture, sound = Source(timeline, 90_000, 123_456, 280_000), Source(timeline, 48_000, 987_654, 20_000)
    apart = []
    for step in range(1, 500):
        at_us = step * 20_000
        if step in (40, 100, 200):
            picture.report(at_us)
            sound.report(at_us)
        apart.append(picture.packet(at_us) - sound.packet(at_us))
    assert apart[0] == pytest.approx(260_000, abs=100)
    assert abs(apart[-1]) < 1_000
    # No step is larger than the slew: 10% of the time that went by.
    assert max(abs(after - before) for before, after in pairwise(apart)) < 4_200


def test_settling_takes_the_best_place_at_once() -> None:
    timeline = Timeline()
    picture, sound = Source(timeline, 90_000, 1, 280_000), Source(timeline, 48_000, 2, 20_000)
    for source in (picture, sound):
        source.packet(0)
        source.report(0)
    for source in (picture, sound):
        source.clock.settle()
    assert abs(picture.packet(20_000) - sound.packet(20_000)) < 100


def test_time_never_runs_backward_within_a_stream_for_a_jittery_way() -> None:
    source = Source(Timeline(), 90_000, 5, 20_000)
    placed = [source.packet(step * 33_000, extra_us=(step * 7919) % 90_000) for step in range(200)]
    assert placed == sorted(placed)


def test_a_pause_of_the_source_stays_a_gap() -> None:
    source = Source(Timeline(), 48_000, 5, 20_000)
    before = source.packet(1_000_000)
    after = source.packet(6_000_000)
    assert after - before == pytest.approx(5_000_000, abs=100)


def test_a_report_that_cannot_be_is_refused_and_a_clock_that_was_set_is_followed_in_the_end() -> None:
    timeline = Timeline()
    picture, sound = Source(timeline, 90_000, 1, 20_000), Source(timeline, 48_000, 2, 20_000)
    for source in (picture, sound):
        source.packet(0)
        source.report(0)
    picture.report(100_000, clock_us=SENDER_IS_WRONG_BY_US + 30_000_000)
    assert picture.clock.refused_reports == 1
    for step in range(1, 100 * MAX_INCREDIBLE):
        for source in (picture, sound):
            if step % 50 == 0:
                source.report(step * 20_000, clock_us=SENDER_IS_WRONG_BY_US + 30_000_000)
            placed = source.packet(step * 20_000)
            assert placed == pytest.approx(step * 20_000 + 20_000, abs=2_000)
    assert picture.clock.has_report
    assert sound.clock.has_report


def test_a_source_that_begins_its_stamps_anew_goes_on_at_the_right_place() -> None:
    timeline = Timeline()
    source = Source(timeline, 90_000, 1000, 20_000)
    source.packet(0)
    source.packet(1_000_000)
    source.first_stamp = 2_000_000_000
    assert source.packet(2_000_000) == pytest.approx(2_020_000, abs=100)
    assert source.clock.restarts == 1


def test_a_clock_that_has_seen_nothing_places_nothing() -> None:
    clock = Timeline().stream(48_000)
    with pytest.raises(ValueError, match="observed"):
        clock.wall_us(1)
    with pytest.raises(ValueError, match="rate"):
        Timeline().stream(0)


def test_a_report_that_comes_before_the_first_packet_is_not_lost() -> None:
    timeline = Timeline()
    picture, sound = Source(timeline, 90_000, 1, 280_000), Source(timeline, 48_000, 2, 20_000)
    for source in (picture, sound):
        source.report(0)
        source.packet(10_000)
        assert source.clock.has_report
    for source in (picture, sound):
        source.clock.settle()
    assert abs(picture.packet(20_000) - sound.packet(20_000)) < 100
