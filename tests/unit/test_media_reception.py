"""What is known of a received stream: numbering past wraps, loss, jitter; which packets to ask for, and when not."""

from __future__ import annotations

from hub.media.ingest.reception import GIVE_UP_S, MAX_GAPS, NACK_TRIES, GapTracker, ReceptionReport


def test_loss_and_fraction_are_those_of_rfc_3550_over_three_wraps() -> None:
    report = ReceptionReport(90_000)
    sent = received = 0
    for number in range(60_000, 60_000 + 3 * 65_536):
        sent += 1
        if number % 10 == 0 and sent > 1:
            continue
        received += 1
        seq = report.extend(number & 0xFFFF)
        report.receive(seq, number * 3000, number / 30)
    assert report.expected == sent
    assert report.lost == sent - received
    assert abs(report.fraction_lost() - 25.6) <= 1
    assert report.fraction_lost() == 0, "nothing was expected since"


def test_an_even_stream_has_no_jitter_and_an_uneven_one_has() -> None:
    even, uneven = ReceptionReport(90_000), ReceptionReport(90_000)
    for number in range(200):
        even.receive(even.extend(number), number * 3000, number / 30)
        uneven.receive(uneven.extend(number), number * 3000, number / 30 + (number % 2) * 0.01)
    assert even.jitter < 5
    assert 700 < uneven.jitter < 1000


def test_a_gap_is_asked_for_again_until_it_is_mended() -> None:
    gaps = GapTracker()
    assert gaps.receive(10, 9, 0.0)
    assert gaps.receive(13, 10, 0.0)
    assert gaps.due(0.0) == [], "packets may overtake each other"
    assert gaps.due(0.02) == [11, 12]
    assert gaps.due(0.04) == []
    assert gaps.receive(11, 13, 0.06)
    assert gaps.due(0.09) == []
    assert gaps.due(0.13) == [12]
    assert gaps.mended == 1
    assert 0.03 < gaps.rtt_s < 0.05


def test_a_reordered_packet_is_never_asked_for_and_the_line_is_given_more_time() -> None:
    gaps = GapTracker()
    gaps.receive(3, 1, 0.0)
    gaps.receive(2, 3, 0.005)
    assert gaps.due(1.0) == []
    assert gaps.mended == 0
    for round_trip in range(5):
        seq = 10 + 10 * round_trip
        gaps.receive(seq, seq - 2, seq)
        gaps.receive(seq - 1, seq, seq + 0.04)
    gaps.receive(200, 198, 200.0)
    assert gaps.due(200.03) == [], "this line is seen to reorder by 40 ms"
    assert gaps.due(200.06) == [199]


def test_what_never_comes_is_given_up_when_it_would_be_too_late() -> None:
    for rtt, least, most in ((0.0, 8, NACK_TRIES), (0.02, NACK_TRIES, NACK_TRIES), (0.3, 3, 4)):
        gaps = GapTracker()
        gaps.rtt_s = rtt
        gaps.receive(3, 1, 0.0)
        now, asked = 0.0, 0
        while len(gaps):
            asked += len(gaps.due(now))
            now += 0.02
        assert least <= asked <= most, f"{asked} requests at {rtt} s"
        assert now < GIVE_UP_S + 0.35, "the last answer may still be waited for"
        assert gaps.given_up == 1
        assert gaps.take_broken(), "only a key frame mends the picture now"
        assert not gaps.take_broken(), "and one is enough"


def test_what_was_lost_before_a_key_frame_needs_no_other() -> None:
    gaps = GapTracker()
    gaps.receive(3, 1, 0.0)
    gaps.key_frame(4)
    for tick in range(100):
        gaps.due(tick * 0.02)
    assert gaps.given_up == 1
    assert not gaps.take_broken()


def test_the_round_trip_is_learnt_also_when_every_packet_is_asked_for_too_early() -> None:
    gaps = GapTracker()
    gaps.rtt_s = 0.03  # the line has become ten times longer since
    newest, now = 0, 0.0
    asked_at_first: dict[int, float] = {}
    for _ in range(1000):
        now += 0.02
        gaps.receive(newest + 2, newest, now)
        newest += 2
        for number in gaps.due(now):
            asked_at_first.setdefault(number, now)
        for number in [n for n, at in asked_at_first.items() if now - at >= 0.3]:
            del asked_at_first[number]
            gaps.receive(number, newest, now)
    assert gaps.given_up == 0
    assert 0.25 < gaps.rtt_s < 0.35, f"{gaps.rtt_s:.3f} s learnt where 0.3 are true"


def test_too_much_missing_at_once_is_no_matter_for_nacks() -> None:
    gaps = GapTracker()
    assert not gaps.receive(MAX_GAPS + 10, 1, 0.0)
    assert gaps.due(1.0) == []


def test_a_long_round_trip_is_waited_for() -> None:
    gaps = GapTracker()
    gaps.rtt_s = 0.2
    gaps.receive(3, 1, 0.0)
    assert gaps.due(0.02) == [2]
    assert gaps.due(0.2) == []
    assert gaps.due(0.3) == [2]
