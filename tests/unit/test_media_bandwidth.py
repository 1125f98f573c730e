"""The estimate of a viewer's line by transport-wide feedback, in virtual time behind a simulated bottleneck."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from hub.media.estimate.bandwidth import START_BPS, Estimator
from hub.media.estimate.delay_trend import OVERUSED, STEADY, DelayTrend
from hub.media.estimate.rate_control import LEAST_BPS
from hub.wire.rtcp import RtcpError, feedback_from_arrivals
from hub.wire.rtcp_build import serialise
from tests.support.bottleneck import LAYERS, SOUND_BPS, Bottleneck, Line

SEEDS = (1, 2, 3)


def playing(line: Line, start: int, end: int) -> list[int | None]:
    """The layer that played at the end of each of these seconds."""
    return [second.layer for second in line.seconds if start < second.at <= end]


# --- a cap comes and goes ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("queue_bytes", [20_000, 40_000, 120_000])
def test_a_cap_is_kept_within_5_s_without_flapping_and_the_top_layer_is_back_within_30_s(
    seed: int, queue_bytes: int
) -> None:
    line = Line(Bottleneck(cap_bps=2e6, queue_bytes=queue_bytes), seed=seed)
    line.run(30)
    assert playing(line, 10, 30) == [2] * 20, "2 Mbit/s carry the top layer, steadily"
    line.down.cap_bps = 400e3
    line.run(40)
    capped = [second for second in line.seconds if 35 < second.at <= 70]
    assert max(second.sent_bps for second in capped) <= 1.1 * 400e3
    assert max(second.loss for second in capped) < 0.05
    assert playing(line, 35, 70) == [0] * 35
    line.down.cap_bps = 2e6
    line.run(40)
    assert playing(line, 100, 110) == [2] * 10
    assert len(line.switches) <= 7, line.switches
    assert line.sound_lost <= 0.01 * line.sound_sent


@pytest.mark.parametrize("seed", SEEDS)
def test_a_policer_without_a_queue_is_found_by_loss_and_tried_ever_less_often(seed: int) -> None:
    line = Line(Bottleneck(cap_bps=2e6, policer=True), seed=seed)
    line.run(30)
    line.down.cap_bps = 400e3
    line.run(60)
    over = [second.at for second in line.seconds if second.at > 35 and second.sent_bps > 1.1 * 400e3]
    assert len(over) <= 20, over
    assert len([at for at in over if at > 60]) <= 8, "patience grows"
    line.down.cap_bps = 2e6
    line.run(60)
    assert line.layer == 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("cap_bps", "jitter_s"),
    [(100e6, 0.0), (100e6, 0.04), (100e6, 0.1), (2e6, 0.0), (2e6, 0.02), (1.8e6, 0.01)],
)
def test_a_line_that_carries_the_top_layer_gets_it_soon_and_keeps_it_through_key_frames_and_jitter(
    seed: int, cap_bps: float, jitter_s: float
) -> None:
    line = Line(Bottleneck(cap_bps=cap_bps, jitter_s=jitter_s), seed=seed)
    line.run(60)
    assert playing(line, 15, 60) == [2] * 45, line.switches
    assert len(line.switches) <= 4
    padding = sum(second.padding_bps for second in line.seconds)
    assert padding <= 0.02 * sum(second.sent_bps for second in line.seconds)


@pytest.mark.parametrize("every_s", [0.02, 0.1, 0.2, 0.25])
def test_feedback_may_come_often_or_seldom(every_s: float) -> None:
    line = Line(Bottleneck(cap_bps=2e6), feedback_every_s=every_s)
    line.run(30)
    assert playing(line, 15, 30) == [2] * 15
    line.down.cap_bps = 400e3
    line.run(20)
    assert playing(line, 35, 50) == [0] * 15
    line.down.cap_bps = 2e6
    line.run(30)
    assert line.layer == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_between_two_layers_stays_on_the_lower_one(seed: int) -> None:
    line = Line(Bottleneck(cap_bps=1e6), seed=seed)
    line.run(90)
    assert set(playing(line, 5, 90)) == {1}
    assert len(line.switches) <= 3, line.switches
    assert max(second.queue_s for second in line.seconds) < 0.5


# --- loss that is the line's own ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("loss", [0.05, 0.10, 0.20])
def test_random_loss_does_not_push_the_estimate_below_what_the_line_carries(seed: int, loss: float) -> None:
    line = Line(Bottleneck(loss=loss), seed=seed, fixed=1, wanted_bps=0)
    line.run(120)
    assert min(second.estimate_bps for second in line.seconds) >= LAYERS[1] + SOUND_BPS
    assert line.estimator.loss == pytest.approx(loss, abs=0.06)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_that_loses_every_tenth_packet_gets_the_top_layer(seed: int) -> None:
    line = Line(Bottleneck(loss=0.1), seed=seed)
    line.run(60)
    assert set(playing(line, 30, 60)) == {2}
    assert len(line.switches) <= 4


@pytest.mark.parametrize("seed", SEEDS)
def test_where_padding_is_impossible_random_loss_leaves_a_usable_rate(seed: int) -> None:
    line = Line(Bottleneck(loss=0.2), seed=seed, padding_possible=False)
    line.run(60)
    assert min(second.estimate_bps for second in line.seconds) >= 250_000
    assert None not in playing(line, 0, 60)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_loss_does_not_hide_a_cap(seed: int) -> None:
    line = Line(Bottleneck(loss=0.1, cap_bps=2e6), seed=seed)
    line.run(40)
    line.down.cap_bps = 400e3
    line.run(20)
    capped = [second for second in line.seconds if second.at > 45]
    assert max(second.sent_bps for second in capped) <= 1.1 * 400e3


def test_more_loss_sets_more_aside_for_repairs() -> None:
    line = Line(Bottleneck(loss=0.2), fixed=1)
    before = line.estimator.resend_bps / line.estimator.bitrate_bps
    line.run(20)
    estimator = line.estimator
    assert before == pytest.approx(0.1)
    assert 0.2 < estimator.resend_bps / estimator.bitrate_bps <= 0.3
    assert 0.75 <= estimator.media_bps / estimator.bitrate_bps < 0.9


# --- senders that do not fill the line ------------------------------------------------------------------


def test_an_application_limited_sender_neither_raises_nor_lowers_the_estimate() -> None:
    line = Line(Bottleneck(), fixed=0)
    line.run(300)
    assert {second.estimate_bps for second in line.seconds} == {START_BPS}
    assert sum(second.padding_bps for second in line.seconds) == 0, (
        "nothing more is wanted, nothing is probed"
    )


def test_an_estimate_grows_no_further_than_what_is_sent_proves() -> None:
    line = Line(Bottleneck(), fixed=1, start_bps=300_000)
    line.run(300)
    assert 500_000 < line.estimator.bitrate_bps < 1.5 * 1.5 * LAYERS[1]


def test_probes_go_as_far_as_is_wanted_and_no_further() -> None:
    line = Line(Bottleneck(), fixed=0, start_bps=300_000, wanted_bps=3_000_000)
    line.run(20)
    assert 3_000_000 <= line.estimator.bitrate_bps < 4_500_000
    assert sum(second.padding_bps for second in line.seconds if second.at > 10) == 0


def test_probes_find_the_limit_of_the_line_and_do_not_harm_it() -> None:
    line = Line(Bottleneck(cap_bps=600e3), fixed=0, start_bps=200_000, wanted_bps=3_000_000)
    line.run(60)
    assert 400_000 < line.estimator.bitrate_bps < 700_000
    assert sum(second.padding_bps for second in line.seconds) < 0.15 * 60 * 600e3
    assert line.sound_lost <= 0.01 * line.sound_sent


@pytest.mark.parametrize("seed", SEEDS)
def test_a_viewer_that_takes_no_padding_still_gets_its_top_layer_back(seed: int) -> None:
    line = Line(Bottleneck(cap_bps=2e6), seed=seed, padding_possible=False)
    line.estimator.can_pad = False
    line.run(30)
    line.down.cap_bps = 400e3
    line.run(30)
    assert line.layer == 0
    line.down.cap_bps = 2e6
    line.run(60)
    assert line.layer == 2
    assert len(line.switches) <= 12, line.switches


def test_nothing_is_probed_before_there_is_feedback() -> None:
    estimator = Estimator(0.0)
    estimator.sent(0, (1000,), 0.0)
    assert estimator.probe(1.0, 10_000_000) == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("over", [1.04, 1.1])
@pytest.mark.parametrize("fps", [5, 8, 30])
def test_a_queue_that_grows_slowly_is_not_let_stand(seed: int, over: float, fps: int) -> None:
    line = Line(
        Bottleneck(cap_bps=2e6, queue_bytes=60_000),
        layers=(round(400_000 * over) - SOUND_BPS,),
        fixed=0,
        seed=seed,
        fps=fps,
    )
    line.run(10)
    line.down.cap_bps = 400e3
    line.run(12)
    assert line.estimator.bitrate_bps <= 1.1 * 400e3, [second.queue_s for second in line.seconds[10:]]
    assert max(second.queue_s for second in line.seconds) > 0.2, "there was a queue"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fps", [12, 30])
def test_a_narrow_line_is_noticed_before_its_queue_is_full(seed: int, fps: int) -> None:
    line = Line(Bottleneck(cap_bps=2e6, queue_bytes=60_000), layers=(1_000_000,), fixed=0, seed=seed, fps=fps)
    line.run(10)
    line.down.cap_bps = 400e3
    line.run(1.2)
    assert line.estimator.bitrate_bps <= 1.25 * 400e3


def test_overuse_is_not_forgotten_by_a_later_packet_of_the_same_message() -> None:
    trend, delay = DelayTrend(), 0.02
    for number in range(40):
        # A frame every 80 ms finds the queue longer, the sound after it a little shorter each time.
        delay += 0.12 if number % 4 == 0 and number > 20 else -0.01 if number > 24 else 0.0
        trend.sample(number * 0.02, 7.0 + number * 0.02 + delay)
    assert trend.state == OVERUSED
    trend.settle()
    assert trend.state == STEADY


@pytest.mark.parametrize("seed", SEEDS)
def test_a_way_that_became_longer_is_no_queue_for_ever(seed: int) -> None:
    line = Line(Bottleneck(), seed=seed)
    line.run(20)
    line.down.delay_s += 0.4
    line.run(25)
    assert playing(line, 35, 45) == [2] * 10, line.switches


# --- feedback that is missing, late, or wrong -------------------------------------------------------------


def test_silence_lowers_the_estimate_and_feedback_brings_it_back() -> None:
    line = Line(Bottleneck())
    line.run(20)
    before = line.estimator.bitrate_bps
    line.silent = True
    line.run(1)
    assert line.estimator.bitrate_bps == before, "a moment is nothing"
    line.run(5)
    assert line.estimator.bitrate_bps < before / 4
    line.run(60)
    assert line.estimator.bitrate_bps == LEAST_BPS
    line.silent = False
    line.run(1)
    assert line.estimator.bitrate_bps >= START_BPS, "it was the line's absence, not its narrowness"
    line.run(8)
    assert line.layer == 2


def test_at_another_address_nothing_is_believed_beyond_a_start_and_old_loss_is_forgotten() -> None:
    line = Line(Bottleneck())
    line.run(20)
    assert line.estimator.bitrate_bps > START_BPS
    line.down.loss = 1.0
    line.run(2.5)  # all of it to the old address
    line.down.loss = 0.0
    line.estimator.moved(line.now)
    assert line.estimator.bitrate_bps <= START_BPS
    line.run(1)
    assert line.estimator.bitrate_bps >= START_BPS
    assert line.estimator.loss < 0.02
    line.run(8)
    assert line.layer == 2


def test_a_sender_that_pauses_is_not_taken_for_a_dead_line() -> None:
    line = Line(Bottleneck(), fixed=1)
    line.run(5)
    estimator, before = line.estimator, line.estimator.bitrate_bps
    for step in range(100):
        estimator.probe(line.now + step * 0.2, 0)
    assert estimator.bitrate_bps == before, "that the last packets are not told of says nothing"
    quiet = Estimator(0.0)
    quiet.sent(0, (1000,), 1.0)
    quiet.feedback(serialise(feedback_from_arrivals(1, 2, 0, [(0, 1_020_000)])), 1.1)
    for step in range(100):
        quiet.probe(2 + step * 0.2, 0)
    assert quiet.bitrate_bps == START_BPS


@pytest.mark.parametrize("feedback_loss", [0.1, 0.3])
def test_lost_feedback_changes_nothing_but_the_counter(feedback_loss: float) -> None:
    line = Line(Bottleneck(cap_bps=2e6), feedback_loss=feedback_loss)
    line.run(60)
    assert playing(line, 40, 60) == [2] * 20
    assert len(line.switches) == 2
    assert line.estimator.feedback_lost > 50
    assert line.estimator.loss < 0.01, "unheard of is not lost"


def test_numbers_and_the_clock_may_wrap() -> None:
    # 10 s after the beginning the 24 bits of the reference time wrap, the 16 of the numbers again and again.
    line = Line(Bottleneck(cap_bps=2e6), first_number=65_530)
    line.run(400)
    assert line.packets_sent > 65_536
    assert set(playing(line, 10, 400)) == {2}
    assert len(line.switches) == 2
    assert line.estimator.loss < 0.001
    assert line.estimator.dump()["feedback_lost"] == 0


def test_a_clock_that_jumps_is_no_congestion() -> None:
    line = Line(Bottleneck(), fixed=1)
    line.run(10)
    before = line.estimator.bitrate_bps
    for jump_us in (600_000_000, -3_000_000_000):
        line.clock_us += jump_us
        line.run(10)
        assert line.estimator.bitrate_bps >= before


def test_malformed_feedback_is_an_error_and_changes_nothing() -> None:
    line = Line(Bottleneck(), fixed=1)
    line.run(5)
    before = line.estimator.dump()
    for message in (b"", b"\x8f\xcd\x00\x00", bytes(200), b"\x8f\xcd\x00\x05" + b"\xff" * 20):
        with pytest.raises(RtcpError):
            line.estimator.feedback(message, line.now)
    assert line.estimator.dump() == before


def test_feedback_about_what_was_never_sent_or_told_before_is_harmless() -> None:
    estimator = Estimator(0.0)
    now = 0.0
    for base in (0, 30_000, 0, 65_535, 12, 12, 5):
        now += 0.05
        arrivals = [(base + offset, int(now * 1e6) + offset) for offset in range(20)]
        estimator.sent(base & 0xFFFF, (1000,) * 3, now)
        for message in feedback_from_arrivals(1, 2, 0, arrivals):
            estimator.feedback(serialise([message]), now)
            estimator.feedback(serialise([message]), now)
        estimator.probe(now, 5_000_000)
    assert LEAST_BPS <= estimator.bitrate_bps <= 2 * START_BPS


def test_an_estimator_stays_small_whatever_happens() -> None:
    sizes, now = (1160,) * 5, 1.5
    gc.collect()
    tracemalloc.start()
    estimators = [Estimator(0.0) for _ in range(20)]
    for estimator in estimators:
        for number in range(300, 20_000):
            estimator.sent(number, sizes, now)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / len(estimators) < 16_000, "unheard of for ever"
    line = Line(Bottleneck())
    line.run(30)
    unheard = line.estimator.dump()["packets_unheard"]
    assert isinstance(unheard, int)
    assert unheard < 120, "a third of a second"
