"""Numbers that wrap keep their order far past the wrap."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.serial import Unwrapper, diff16, diff32, newer16, newer32


@pytest.mark.parametrize(
    ("a", "b", "ahead"),
    [(0, 0, 0), (1, 0, 1), (0, 65535, 1), (65535, 0, -1), (0x7FFF, 0, 0x7FFF), (0x8000, 0, -0x8000)],
)
def test_a_difference_is_the_shorter_way_round(a: int, b: int, ahead: int) -> None:
    assert diff16(a, b) == ahead
    assert newer16(a, b) == (ahead > 0)
    assert diff32(a << 16, b << 16) == ahead << 16
    assert newer32(a << 16, b << 16) == (ahead > 0)


@given(st.integers(0, 2**80), st.integers(-0x7FFF, 0x7FFF))
def test_differences_hold_wherever_on_the_circle(start: int, step: int) -> None:
    assert diff16((start + step) & 0xFFFF, start & 0xFFFF) == step
    assert diff32((start + step) & 0xFFFFFFFF, start & 0xFFFFFFFF) == step
    assert newer16((start + step) & 0xFFFF, start & 0xFFFF) == (step > 0)


def test_indices_follow_a_shuffled_stream_through_many_wraps() -> None:
    dice = random.Random(7)
    unwrapper = Unwrapper(16)
    offset = 60_000
    expected_offset = 0
    order = list(range(400_000))
    for start in range(0, len(order), 200):  # disorder up to 200 packets
        chunk = order[start : start + 200]
        dice.shuffle(chunk)
        order[start : start + 200] = chunk
    first = order[0]
    for number in order:
        index = unwrapper.unwrap((number + offset) & 0xFFFF)
        expected_offset = (first + offset) & 0xFFFF  # the first number is its own index
        assert index == number - first + expected_offset
    assert unwrapper.newest is not None
    assert unwrapper.newest > 5 * 65536


def test_time_stamps_go_on_past_two_to_the_thirty_two() -> None:
    unwrapper = Unwrapper(32)
    for step in range(20):
        assert unwrapper.unwrap((step * 0x4000_0000) & 0xFFFF_FFFF) == step * 0x4000_0000


def test_looking_at_a_number_does_not_take_it_as_seen() -> None:
    unwrapper = Unwrapper()
    unwrapper.unwrap(65_535)
    assert unwrapper.peek(3) == 65_539
    assert unwrapper.newest == 65_535
    assert unwrapper.unwrap(65_530) == 65_530
    assert unwrapper.newest == 65_535


@pytest.mark.parametrize("bits", [0, 33])
def test_a_width_that_is_not_on_the_wire_is_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="1 to 32"):
        Unwrapper(bits)
