"""The time line of a publisher: arrival first, sender reports then, and never a jump."""

from __future__ import annotations

import random
from collections import deque
from itertools import pairwise

import pytest

from recordings.timeline import JUMP_US, Moment, StreamClock, Timeline

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
        moment = self.clock.observe(self.stamp(at_us), T0 + at_us + self.way_us + extra_us)
        return self.clock.wall_us(moment) - T0

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


@pytest.mark.parametrize("both", [True, False])
def test_a_clock_that_was_set_is_believed_at_the_second_report_and_moves_nothing(both: bool) -> None:
    timeline = Timeline()
    picture, sound = Source(timeline, 90_000, 1, 280_000), Source(timeline, 48_000, 2, 20_000)
    for source in (picture, sound):
        source.packet(0)
        source.report(0)
    for source in (picture, sound):
        source.clock.settle()
    for step in range(1, 1000):
        for source in (picture, sound):
            off = 30_000_000 if step > 100 and (both or source is picture) else 0
            if step % 50 == 0:
                source.report(step * 20_000, clock_us=SENDER_IS_WRONG_BY_US + off)
            assert source.packet(step * 20_000) == pytest.approx(step * 20_000 + 20_000, abs=2_000)
    assert picture.clock.refused_reports == 1
    assert picture.clock.has_report
    assert sound.clock.has_report


def test_a_source_that_begins_its_stamps_anew_goes_on_at_the_right_place() -> None:
    timeline = Timeline()
    source = Source(timeline, 90_000, 1000, 20_000)
    source.packet(0)
    source.packet(1_000_000)
    source.first_stamp = 2_000_000_000
    assert source.packet(2_000_000) == pytest.approx(2_020_000, abs=100)
    assert source.clock.steps == 1


def test_a_clock_needs_a_rate_that_can_be() -> None:
    clock = Timeline().stream(48_000)
    assert not clock.has_report
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


class Capture:
    """A stream of a page in virtual time: packets come every so often by an uneven way, and wait while a step is in doubt."""

    def __init__(self, timeline: Timeline, rate: int, every_us: int, way_us: int) -> None:
        self.clock = timeline.stream(rate)
        self.rate, self.every_us, self.way_us = rate, every_us, way_us
        self.stamps_off_us = 0  # what the stamps are ahead of the truth
        self.made: list[tuple[int, int]] = []  # (when a frame was made, where it was placed)
        self.longest_held_us = 0
        self._held: deque[tuple[int, Moment]] = deque()
        self._luck = random.Random(rate)

    def stamp(self, at_us: int) -> int:
        return (4_294_000_000 + (at_us + self.stamps_off_us) * self.rate // 1_000_000) & 0xFFFF_FFFF

    def frame(self, at_us: int, late_us: int = 0) -> None:
        arrived = T0 + at_us + self.way_us + self._luck.randrange(30_000) + late_us
        self._held.append((at_us, self.clock.observe(self.stamp(at_us), arrived)))
        while self._held and self._held[0][1].stretch.decided:
            made_us, moment = self._held.popleft()
            self.made.append((made_us, self.clock.wall_us(moment) - T0))
            self.longest_held_us = max(self.longest_held_us, arrived - T0 - made_us)

    def report(self, at_us: int) -> None:
        self.clock.report(T0 + at_us + SENDER_IS_WRONG_BY_US, self.stamp(at_us))


def _captures() -> dict[str, Capture]:
    """A picture that comes 100 ms later than the sound."""
    timeline = Timeline()
    return {
        "picture": Capture(timeline, 90_000, 40_000, 120_000),
        "sound": Capture(timeline, 48_000, 20_000, 20_000),
    }


def _run(captures: dict[str, Capture], from_us: int, to_us: int, *, reports: bool, idle: str = "") -> None:
    for at_us in range(from_us, to_us, 20_000):
        for name, capture in captures.items():
            if name != idle and at_us % capture.every_us == 0:
                capture.frame(at_us)
            if reports and at_us % 1_000_000 == 500_000:
                capture.report(at_us)


@pytest.mark.parametrize("after", ["reports follow", "no report follows", "no report ever"])
@pytest.mark.parametrize("which", ["picture", "sound"])
@pytest.mark.parametrize("what", ["forth", "back", "stall"])
@pytest.mark.parametrize("size_us", [300_000, 500_000, 1_000_000, 3_000_000, 9_960_000, 40_000_000])
def test_a_step_of_the_stamps_leaves_every_frame_where_it_was_made(
    size_us: int, what: str, which: str, after: str
) -> None:
    """No time passes in a step forth or back. In a stall nothing is captured, and the stamps stand still meanwhile."""
    captures = _captures()
    _run(captures, 0, 20_000_000, reports=after != "no report ever")
    stepped = captures[which]
    before_us = stepped.stamps_off_us
    go_on_us = 20_000_000
    if what == "stall":
        go_on_us += size_us
        _run(captures, 20_000_000, go_on_us, reports=False, idle=which)
    stepped.stamps_off_us = before_us + (size_us if what == "forth" else -size_us)
    _run(captures, go_on_us, go_on_us + 30_000_000, reports=after == "reports follow")

    early = 0 if after != "no report ever" else 100_000
    for name, capture in captures.items():
        late_us = 20_000 + (early if name == "picture" else 0)
        for made_us, placed_us in capture.made:
            if made_us > 6_000_000:  # until then what arrival said is corrected smoothly
                assert placed_us - made_us == pytest.approx(late_us, abs=60_000), (name, made_us)
        moments = [placed for _, placed in capture.made]
        assert all(later > earlier for earlier, later in pairwise(moments)), f"{name}: frames at one moment"
        assert not capture.clock.wants_new_file
        assert capture.longest_held_us < 1_200_000
        assert capture.clock.steps == (name == which)


@pytest.mark.parametrize("catches_up", [1.3, 3.0])
def test_a_line_that_stood_still_and_catches_up_is_no_step(catches_up: float) -> None:
    captures = _captures()
    _run(captures, 0, 20_000_000, reports=True)
    backlog_us = 2_000_000
    for at_us in range(20_000_000, 50_000_000, 20_000):
        waited = max(0, round(backlog_us - (at_us - 20_000_000) * (catches_up - 1) / catches_up))
        for capture in captures.values():
            if at_us % capture.every_us == 0:
                capture.frame(at_us, waited)
    for capture in captures.values():
        assert capture.clock.steps == 0
        for made_us, placed_us in capture.made[200:]:
            assert placed_us - made_us == pytest.approx(20_000, abs=60_000), made_us


@pytest.mark.parametrize("size_us", [-2_000_000, -400_000, 400_000, 2_000_000])
def test_two_reports_that_agree_are_believed_at_once(size_us: int) -> None:
    """Stamps and arrivals move apart little by little, so that no packet shows a step; the reports say it."""
    source = Source(Timeline(), 90_000, 1, 20_000)
    for at_us in range(0, 5_000_000, 40_000):
        source.packet(at_us)
        if at_us % 1_000_000 == 0:
            source.report(at_us)
    at_us, moved = 5_000_000, 0
    while abs(moved) < abs(size_us):
        moved += size_us // 50
        source.first_stamp = 1 - moved * 90 // 1000
        source.packet(at_us)
        at_us += 40_000
    for _ in range(3):
        for _ in range(25):
            at_us += 40_000
            source.packet(at_us)
        source.report(at_us)
    placed = source.packet(at_us + 40_000) - at_us - 40_000
    # A hole is left at once; frames are not put upon others, but into a new file.
    assert placed == pytest.approx(20_000, abs=JUMP_US) or source.clock.wants_new_file
    source.clock.settle()
    assert source.packet(at_us + 80_000) - at_us - 80_000 == pytest.approx(20_000, abs=40_000)
    assert not source.clock.wants_new_file
