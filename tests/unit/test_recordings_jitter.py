"""The jitter buffer in virtual time."""

from __future__ import annotations

import random

from recordings.jitter import MAX_NACKED, MAX_WAIT_US, REORDER_US, REPEAT_US, Arrived, JitterBuffer
from recordings.packets import RtpPacket


def _packet(sequence: int) -> RtpPacket:
    return RtpPacket(False, sequence & 0xFFFF, 0, 1, b"x")


def _numbers(arrived: list[Arrived]) -> list[int]:
    return [each.packet.sequence for each in arrived]


def _begun(first: int) -> JitterBuffer:
    """A buffer whose first packet has passed at the time 0."""
    buffer = JitterBuffer()
    assert buffer.push(_packet(first), -REORDER_US) == []
    assert _numbers(buffer.give_up(0)) == [first]
    return buffer


def test_the_first_packets_may_come_in_any_order() -> None:
    buffer = JitterBuffer()
    for number in (2, 65535, 1, 3):
        assert buffer.push(_packet(number), 0) == []
    assert _numbers(buffer.give_up(REORDER_US)) == [65535]
    assert _numbers(buffer.push(_packet(0), REORDER_US)) == [0, 1, 2, 3]


def test_a_stream_of_one_packet_is_not_forgotten() -> None:
    buffer = JitterBuffer()
    buffer.push(_packet(7), 0)
    assert _numbers(buffer.flush()) == [7]


def test_packets_in_order_pass_at_once_also_over_the_wrap() -> None:
    buffer = _begun(65529)
    passed = [buffer.push(_packet(number), number) for number in range(65530, 65545)]
    assert [_numbers(each) for each in passed] == [[number & 0xFFFF] for number in range(65530, 65545)]


def test_a_late_packet_is_put_in_its_place() -> None:
    buffer = _begun(10)
    assert buffer.push(_packet(12), 0) == []
    assert buffer.push(_packet(13), 0) == []
    assert _numbers(buffer.push(_packet(11), 5)) == [11, 12, 13]


def test_a_missing_packet_is_asked_for_after_the_time_of_reordering_and_again_until_given_up() -> None:
    buffer = _begun(1)
    buffer.push(_packet(3), 0)
    assert buffer.nacks(REORDER_US - 1) == []
    assert buffer.nacks(REORDER_US) == [2]
    assert buffer.nacks(REORDER_US + REPEAT_US - 1) == []
    assert buffer.nacks(REORDER_US + REPEAT_US) == [2]
    assert buffer.give_up(MAX_WAIT_US - 1) == []
    (arrived,) = buffer.give_up(MAX_WAIT_US)
    assert (arrived.packet.sequence, arrived.lost_before) == (3, 1)
    assert buffer.nacks(MAX_WAIT_US + REPEAT_US) == []


def test_a_missing_packet_is_asked_for_three_times_at_most_and_a_broken_line_not_at_all() -> None:
    buffer = _begun(1)
    buffer.push(_packet(3), 0)
    asked = [at_us for at_us in range(0, MAX_WAIT_US, 5_000) if buffer.nacks(at_us)]
    assert asked == [REORDER_US, REORDER_US + REPEAT_US, REORDER_US + 2 * REPEAT_US]
    buffer.push(_packet(3 + MAX_NACKED + 1), 0)
    assert buffer.nacks(REORDER_US) == []


def test_doubled_and_too_late_packets_are_counted_and_dropped() -> None:
    buffer = _begun(1)
    buffer.push(_packet(3), 0)
    assert buffer.push(_packet(3), 0) == []
    buffer.give_up(MAX_WAIT_US)
    assert buffer.push(_packet(2), MAX_WAIT_US + 1) == []
    assert (buffer.duplicates, buffer.late, buffer.lost) == (1, 1, 1)


def test_flush_gives_everything_held_and_marks_each_gap() -> None:
    buffer = _begun(1)
    for number in (3, 4, 8):
        buffer.push(_packet(number), 0)
    assert [(each.packet.sequence, each.lost_before) for each in buffer.flush()] == [(3, 1), (4, 0), (8, 3)]
    assert buffer.flush() == []


def test_a_source_that_begins_anew_is_followed_at_once() -> None:
    buffer = _begun(100)
    buffer.push(_packet(102), 0)
    arrived = buffer.push(_packet(40_000), 1)
    assert [(each.packet.sequence, each.lost_before) for each in arrived] == [(102, 1), (40_000, 1)]
    assert buffer.restarts == 1
    assert _numbers(buffer.push(_packet(40_001), 2)) == [40_001]


def test_ten_minutes_of_loss_and_reordering_come_out_in_order_with_every_gap_told() -> None:
    luck = random.Random(11)
    buffer = JitterBuffer()
    on_the_way: list[tuple[int, int]] = []
    never = set()
    for number in range(1, 60_000):
        if luck.random() < 0.02:
            never.add(number)
        else:
            on_the_way.append((number * 10_000 + luck.randrange(0, 200_000), number))
    on_the_way.sort()
    out: list[Arrived] = []
    for at_us, number in on_the_way:
        out += buffer.give_up(at_us)
        out += buffer.push(_packet(number + 60_000), at_us)
    out += buffer.flush()
    numbers = [(each.packet.sequence - 60_000) & 0xFFFF for each in out]
    assert numbers == sorted(numbers)
    # Those sent before the first that passed are late by definition; nothing else is lost.
    first = numbers[0]
    assert set(numbers) >= {number for _, number in on_the_way if number >= first}
    assert sum(each.lost_before for each in out) == len([n for n in never if first < n < max(numbers)])
