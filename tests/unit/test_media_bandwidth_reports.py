"""A viewer without transport-wide feedback: receiver reports and REMB."""

from __future__ import annotations

import itertools

import pytest

from hub.media.estimate.bandwidth import START_BPS, Estimator
from hub.wire.rtcp import feedback_from_arrivals
from hub.wire.rtcp_build import serialise

LAYERS = (150_000, 500_000, 1_500_000)


def reports(estimator: Estimator, seconds: int, sent_bps: float, loss: float, start: float) -> float:
    """One report a second; the time after them."""
    for step in range(1, seconds + 1):
        estimator.sending(sent_bps)
        estimator.receiver_report(int(loss * 256), 0.05, start + step)
    return start + seconds


def best(bps: float) -> int:
    """The rate of the largest layer that fits."""
    return max([rate for rate in LAYERS if rate <= bps], default=LAYERS[0])


def test_good_reports_let_the_next_layer_be_tried_but_no_more() -> None:
    estimator = Estimator(0.0)
    now = reports(estimator, 30, 500_000, 0.0, 0.0)
    assert estimator.bitrate_bps > 1_600_000, "enough for the next layer"
    reports(estimator, 300, 500_000, 0.0, now)
    assert estimator.bitrate_bps < 2_200_000


def test_loss_by_reports_lowers_to_a_usable_rate_at_the_least() -> None:
    estimator = Estimator(0.0)
    now = reports(estimator, 3, 1_000_000, 0.05, 0.0)
    assert estimator.bitrate_bps == START_BPS, "between 2 and 10 % it holds"
    now = reports(estimator, 6, 1_000_000, 0.3, now)
    assert estimator.bitrate_bps < 500_000
    reports(estimator, 60, 250_000, 0.3, now)
    assert estimator.bitrate_bps == 250_000
    assert estimator.loss == pytest.approx(0.3, abs=0.01)


def test_a_remb_that_is_clearly_less_than_what_is_sent_and_stays_so_steps_down() -> None:
    estimator = Estimator(0.0)
    for _ in range(2):
        estimator.sending(500_000)
    estimator.remb(750_000, 1.0)
    estimator.remb(317_000, 1.3)
    assert estimator.bitrate_bps == START_BPS, "once is not enough"
    estimator.remb(320_000, 1.9)
    assert estimator.bitrate_bps == 320_000
    assert not estimator.untroubled


def test_where_packets_are_lost_a_remb_is_believed_at_once() -> None:
    estimator = Estimator(0.0)
    for _ in range(2):
        estimator.sending(500_000)
    estimator.receiver_report(24, None, 1.0)
    estimator.remb(450_000, 1.1)
    assert estimator.bitrate_bps == START_BPS, "so much less arrives because it was lost"
    estimator.remb(390_000, 1.2)
    assert estimator.bitrate_bps == 390_000


def test_where_no_picture_is_left_one_is_tried_again_after_a_while() -> None:
    estimator = Estimator(0.0)
    for _ in range(2):
        estimator.sending(500_000)
    estimator.receiver_report(24, None, 1.0)
    estimator.remb(30_000, 1.1)
    for second in range(2, 30):
        estimator.sending(0)
        estimator.receiver_report(0, None, second)
        if second == 12:
            assert estimator.bitrate_bps < 100_000
    assert estimator.bitrate_bps >= 250_000


@pytest.mark.parametrize("told", [1.0, 0.9, 0.82])
def test_a_remb_that_only_tells_what_is_received_is_no_limit(told: float) -> None:
    """Seconds with and without a key frame; a mean over three seconds that fills at first."""
    estimator = Estimator(0.0)
    sent = [1_700_000, 1_500_000, 1_500_000] * 10
    for second, bps in enumerate(sent, 1):
        estimator.sending(bps)
        estimator.receiver_report(0, 0.05, second)
        for part in range(1, 31):
            received = sum(sent[max(0, second - 3) : second]) / 3
            estimator.remb(int(told * received), second + part / 30)
            estimator.remb(int(told * 1_500_000), second + part / 30)
    assert estimator.bitrate_bps > START_BPS
    assert estimator.untroubled


def test_a_level_that_failed_is_tried_ever_less_often() -> None:
    """A line of 700 kbit/s, a REMB that says so whenever it is full."""
    estimator = Estimator(0.0)
    tries: list[float] = []
    sent, now = best(START_BPS), 0.0
    while now < 600:
        now += 1.0
        full = sent > 700_000
        estimator.sending(sent)
        estimator.receiver_report(100 if full else 0, 0.05, now)
        estimator.remb(int(min(1.5 * sent, 700_000)), now)
        before, sent = sent, best(estimator.bitrate_bps / 1.1)
        if sent > before == 500_000:
            tries.append(now)
    assert sent == 500_000
    assert 2 <= len(tries) <= 10, tries
    gaps = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert gaps[-1] > 60


def test_the_round_trip_is_the_shortest_of_the_last_reports_and_unknown_before() -> None:
    estimator = Estimator(0.0)
    estimator.receiver_report(0, None, 1.0)
    assert estimator.measured_rtt_s is None
    assert estimator.rtt_s == 0.1
    for rtt_s in (0.002, 2.216, 0.003):
        estimator.receiver_report(0, rtt_s, 2.0)
        assert estimator.measured_rtt_s == 0.002, "one report waited in a busy browser"
    for _ in range(3):
        estimator.receiver_report(0, 0.3, 3.0)
    assert estimator.measured_rtt_s == estimator.rtt_s == 0.3


def test_transport_feedback_once_heard_is_what_counts() -> None:
    estimator = Estimator(0.0)
    estimator.sent(1, (1000,) * 4, 0.5)
    arrivals = [(1 + offset, 500_000 + offset) for offset in range(4)]
    estimator.feedback(serialise(feedback_from_arrivals(1, 2, 0, arrivals)), 0.6)
    before = estimator.bitrate_bps
    reports(estimator, 10, 1_000_000, 0.5, 1.0)
    assert estimator.bitrate_bps == before
    assert estimator.rtt_s == 0.05
