"""How the load generator counts: loss, repair, freezes, delays, feedback; and how it names what was wrong."""

from __future__ import annotations

import json
import random
import struct
from collections import Counter

import pytest

from clients.loadtest.answers import Answers, Habits
from clients.loadtest.histogram import Histogram
from clients.loadtest.measuring import Window
from clients.loadtest.plan import Limits, Plan, simulcast
from clients.loadtest.stream import Stream
from clients.loadtest.synthetic import VideoShape
from clients.loadtest.tally import Kind, Tally
from clients.loadtest.verdict import Criterion, bottleneck, viewing
from hub.wire.rtcp import Nack, Pli, ReceiverReport, RtcpPacket
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtcp_transport import TransportFeedback


def play(stream: Stream, *numbers: int, at: float = 0.0) -> None:
    """These packets come, all at `at`."""
    for number in numbers:
        if number == stream.next:
            stream.next, stream.newest = (number + 1) & 0xFFFF, stream.newest + 1
            stream.packets += 1
        else:
            stream.out_of_turn(number, at)


def test_loss_is_what_was_passed_by_across_the_wrap() -> None:
    stream = Stream("0", True, 1)
    play(stream, 65_534, 65_535, 1, 4, 3)
    assert (stream.lost, stream.missed, stream.late) == (2, 3, 1)
    play(stream, 3, 4)
    assert (stream.lost, stream.duplicates, stream.packets) == (2, 2, 5)


def test_what_comes_by_retransmission_is_not_lost() -> None:
    stream = Stream("0", True, 1)
    play(stream, 10, 12, 13)
    stream.frame(1.0)
    assert stream.shown == 0
    stream.mend(11, 1.05)
    assert (stream.lost, stream.mended, stream.shown) == (0, 1, 1)
    stream.mend(11, 1.06)
    assert (stream.mended, stream.duplicates) == (1, 1)


def test_counting_anew_forgets_what_was_lost_before() -> None:
    stream = Stream("0", True, 1)
    play(stream, 1, 5)
    stream.begin()
    play(stream, 6, 7, 9)
    assert (stream.expected, stream.packets, stream.lost) == (4, 3, 1)


def test_a_picture_stands_still_until_a_key_frame_when_a_packet_is_given_up() -> None:
    stream = Stream("0", True, 1)
    play(stream, 1)
    for turn in range(10):
        stream.frame(turn * 0.04)
    play(stream, 3)
    stream.give_up(2)
    stream.frame(0.40)
    stream.frame(0.44)
    assert (stream.shown, stream.broken) == (10, True)
    stream.key_frame()
    stream.frame(1.36)
    assert (stream.shown, stream.freezes) == (11, 1)
    assert stream.frozen_s == pytest.approx(1.0)


def test_percentiles_are_right_to_two_percent() -> None:
    chance = random.Random(1)
    values = [chance.uniform(0.0005, 0.3) for _ in range(5000)]
    histogram = Histogram(values)
    values.sort()
    for part in (0.5, 0.95, 0.99):
        assert histogram.percentile(part) == pytest.approx(values[int(part * 5000) - 1], rel=0.02)
    assert histogram.largest == values[-1]
    again = Histogram.from_json(json.loads(json.dumps(histogram.to_json())))
    assert again.told() == histogram.told()
    assert Histogram().percentile(0.5) is None
    before = histogram.copy()
    histogram.add(5.0)
    assert histogram.since(before).count == 1


class Heard:
    """What a viewer says, parsed."""

    def __init__(self) -> None:
        self.packets: list[RtcpPacket] = []

    def __call__(self, compound: bytes) -> None:
        self.packets += parse_compound(compound)

    def feedback(self) -> list[tuple[int, bool]]:
        """Every number that was told, and whether it came."""
        told = [
            one
            for packet in self.packets
            if isinstance(packet, TransportFeedback)
            for one in packet.arrivals()
        ]
        return [(number, arrival is not None) for number, arrival in told]


def answers(habits: Habits = Habits()) -> tuple[Answers, Heard]:  # noqa: B008 - an immutable value
    heard = Heard()
    return Answers(heard, habits, Counter()), heard


def test_feedback_tells_each_number_once_the_lost_ones_too() -> None:
    said, heard = answers()
    said.begin(0.0, 0.0)
    told: list[tuple[list[int], list[int]]] = [
        ([65_530, 65_531, 65_532], [1000, 1000, 1004]),
        ([65_533, 65_534], [1400, 1401]),
        ([65_535, 0, 1], [1800, 1801, 1810]),
        ([4, 5], [2200, 2201]),  # 2 and 3 were lost between two messages
        ([7, 6, 8], [2600, 2601, 2602]),
        ([9], [9000]),
    ]
    for turn, (numbers, ticks) in enumerate(told):
        for number, tick in zip(numbers, ticks, strict=True):
            said.note(number, tick)
        said.due((), turn * 0.1 + 0.01)
    wanted = [(number & 0xFFFF, number not in (65_538, 65_539)) for number in range(65_530, 65_546)]
    assert heard.feedback() == wanted
    counts = [packet.count for packet in heard.packets if isinstance(packet, TransportFeedback)]
    assert counts == list(range(len(counts)))


def arrive(said: Answers, number: int, tick: int) -> None:
    """As the receiver notes it."""
    if number == said.expected and 0 <= tick - said.tick <= 255:
        said.deltas.append(tick - said.tick)
        said.expected, said.tick = (number + 1) & 0xFFFF, tick
    else:
        said.note(number, tick)


@pytest.mark.parametrize("count", [1, 2, 3, 50, 2500])
def test_what_is_told_is_when_it_came(count: int) -> None:
    said, heard = answers()
    said.begin(0.0, 0.0)
    came = [((65_500 + index) & 0xFFFF, 5000 + 3 * index) for index in range(count)]
    for number, tick in came:
        arrive(said, number, tick)
    said.due((), 0.01)
    told = [
        one for packet in heard.packets if isinstance(packet, TransportFeedback) for one in packet.arrivals()
    ]
    assert told == [(number, tick * 250) for number, tick in came]


def test_what_is_missing_is_asked_for_then_given_up_then_a_key_frame_is_wanted() -> None:
    said, heard = answers(Habits(nacks=2))
    said.begin(0.0, 1.0)
    stream = Stream("0", True, 77)
    play(stream, 1, 4)
    for turn in range(8):
        said.due([stream], 0.01 + turn * 0.1)
    nacks = [packet.sequences for packet in heard.packets if isinstance(packet, Nack)]
    assert nacks == [(2, 3), (2, 3)]
    assert [packet.media_ssrc for packet in heard.packets if isinstance(packet, Pli)] == [77]
    assert stream.broken


@pytest.mark.parametrize("habits", [Habits(nacks=0), Habits(nacks=0, key_frames=False, reports=False)])
def test_habits_can_be_switched_off(habits: Habits) -> None:
    said, heard = answers(habits)
    said.begin(0.0, 0.0)
    stream = Stream("0", True, 77)
    play(stream, 1, 4)
    for turn in range(12):
        said.due([stream], 0.01 + turn * 0.1)
    assert not [packet for packet in heard.packets if isinstance(packet, Nack)]
    assert bool([packet for packet in heard.packets if isinstance(packet, Pli)]) is habits.key_frames
    assert bool([packet for packet in heard.packets if isinstance(packet, ReceiverReport)]) is habits.reports


def test_a_report_says_the_share_lost_since_the_last() -> None:
    said, heard = answers(Habits(nacks=0, key_frames=False))
    said.begin(0.0, 0.0)
    stream = Stream("0", True, 77, last_report=5, last_report_at=0.5)
    play(stream, 1, 2, 4)
    said.due([stream], 0.01)
    play(stream, 5, 6, 7)
    said.due([stream], 1.5)
    first, second = (packet.reports[0] for packet in heard.packets if isinstance(packet, ReceiverReport))
    assert (first.fraction_lost, first.packets_lost, first.delay) == (64, 1, 0)
    assert (second.fraction_lost, second.packets_lost, second.highest_sequence) == (0, 1, 7)
    assert struct.pack(">I", second.delay) == struct.pack(">I", 65_536)


def test_tallies_of_processes_add_up() -> None:
    one = Tally(
        viewers=2,
        video=Kind(streams=2, playing=2, packets=10, expected=12, lost=2, worst_loss=0.3),
        own_drops=1,
    )
    one.delays.add(0.01)
    one.failures["why"] += 1
    other = Tally.from_json(json.loads(json.dumps(one.to_json())))
    one.merge(other)
    assert (one.viewers, one.video.packets, one.video.lost, one.own_drops) == (4, 20, 4, 2)
    assert one.video.loss == pytest.approx(1 / 6)
    assert one.delays.count == 2
    assert one.failures == {"why": 2}


def delays(*seconds: float) -> Histogram:
    made = Histogram()
    for one in seconds:
        made.add(one)
    return made


def window(**changes: object) -> Window:
    """A good stretch, but for `changes`."""
    tally = Tally(
        viewers=10, video=Kind(10, 10, expected=1000, packets=1000), audio=Kind(10, 10, expected=500)
    )
    tally.delays.add(0.002)
    made = Window("x", 10.0, tally, {"node": 0.3}, {}, 0, 0.0, 0.2)
    for name, value in changes.items():
        owner = made if hasattr(made, name) else made.tally
        setattr(owner, name, value)
    return made


@pytest.mark.parametrize(
    ("changes", "met", "who"),
    [
        ({}, True, "none"),
        ({}, False, "unknown"),
        ({"own_cpu": 0.95, "cpu": {"node": 0.99}}, False, "generator"),
        ({"busiest": 0.95}, True, "generator"),
        ({"own_drops": 3}, True, "generator"),
        ({"late_s": 0.4}, False, "generator"),
        ({"sender_late_s": 0.4}, False, "generator"),
        ({"late_s": 0.4}, True, "none"),
        ({"stolen": 0.05}, False, "machine"),
        ({"stolen": 0.05}, True, "none"),
        ({"stolen": 0.01}, False, "unknown"),
        ({"stolen": 0.05, "own_cpu": 0.95}, False, "generator"),
        ({"stolen": 0.05, "late_s": 0.4, "cpu": {"node": 0.97}}, False, "machine"),
        ({"cpu": {"node": 0.97}}, False, "node"),
        ({"node_dropped": 5}, False, "node"),
        ({"cpu": {"node": 0.3, "control": 0.97}}, False, "control"),
        ({"cpu": {}}, False, "unknown"),
        ({"cpu": {"node": 0.8}, "delays": delays(0.004, 0.01, 0.022)}, False, "node"),
        ({"cpu": {"node": 0.8}, "delays": delays(0.004, 0.005, 0.022)}, False, "unknown"),
        ({"cpu": {"node": 0.4}, "delays": delays(0.004, 0.01, 0.022)}, False, "unknown"),
        ({"cpu": {"node": 0.8}, "delays": delays()}, False, "unknown"),
        ({"cpu": {"node": 0.8}, "delays": delays(0.004, 0.01, 0.022)}, True, "none"),
    ],
)
def test_who_was_at_its_limit_is_named_and_the_generator_first(
    changes: dict[str, object], met: bool, who: str
) -> None:
    delay = Criterion("转发时延 p95", "Forwarding delay, p95", "ms", 20, 10 if met else 30)
    assert bottleneck(window(**changes), [delay]).who == who


def test_sending_in_turn_is_no_reason_for_a_broken_promise_that_is_not_the_delay() -> None:
    busy = window(cpu={"node": 0.8}, delays=delays(0.004, 0.01, 0.022))
    late = next(one for one in viewing(busy, Limits(delay_p95_ms=20)) if not one.met)
    assert bottleneck(busy, [late]).who == "node"
    lost = Criterion("画面丢包", "Video packets lost", "‰", 1, 5)
    assert bottleneck(busy, [lost]).who == "unknown"


def test_a_promise_is_kept_only_when_it_was_measured() -> None:
    assert all(one.met for one in viewing(window(), Limits()))
    silent = window(delays=Histogram())
    assert [one.en for one in viewing(silent, Limits()) if not one.met] == ["Forwarding delay, p95"]
    lossy = window(video=Kind(10, 9, expected=1000, packets=990, lost=10))
    broken = [one.en for one in viewing(lossy, Limits()) if not one.met]
    assert broken == ["Slots without picture or sound", "Video packets lost"]


@pytest.mark.parametrize(
    "plan",
    [
        Plan(publishers=0, viewers=0),
        Plan(video_slots=17),
        Plan(video_slots=0, audio_slots=0),
        Plan(seconds=0),
        Plan(seconds=4000),
        Plan(steps=(100, 50)),
        Plan(processes=0),
        Plan(scenario="dance"),
    ],
)
def test_what_cannot_be_run_is_refused(plan: Plan) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it says is for people
        plan.check()


def test_layers_halve_and_every_run_has_an_end() -> None:
    layers = simulcast(VideoShape(1280, 720, 30, 1_500_000))
    assert [(one.width, one.height, one.bitrate_bps) for one in layers] == [
        (1280, 720, 1_500_000),
        (640, 360, 500_000),
        (320, 180, 150_000),
    ]
    assert Plan(seconds=10).longest_s < 600
