"""Waiting for the rest of a picture: only where it comes, never for long."""

from __future__ import annotations

from hub.media.burst import ROUNDS, Burst


def rounds(burst: Burst, waiting: list[int]) -> int:
    """How often the port is polled again when so much waits each time (the last for ever)."""
    for count in range(100):
        if not burst.hold(waiting[min(count, len(waiting) - 1)]):
            return count
    raise AssertionError("waited for ever")


def test_a_picture_that_is_whole_is_not_waited_for() -> None:
    assert rounds(Burst(), [0]) == 0


def test_the_rest_of_a_burst_is_waited_for_until_the_picture_is_whole() -> None:
    burst = Burst()
    for _ in range(100):
        assert rounds(burst, [1, 4, 0]) == 2
    assert burst.share == 1.0


def test_nothing_is_waited_for_longer_than_a_few_rounds() -> None:
    burst = Burst()
    assert rounds(burst, [1, 2, 3, 4, 5]) == ROUNDS
    assert rounds(burst, [1]) == ROUNDS


def test_where_the_rest_does_not_come_waiting_is_given_up_and_tried_now_and_then() -> None:
    burst = Burst()
    for _ in range(50):
        rounds(burst, [1])
    tried = sum(rounds(burst, [1]) > 0 for _ in range(640))
    assert tried == 20
    # The source sends in bursts again.
    for _ in range(1000):
        rounds(burst, [1, 0])
    assert rounds(burst, [1, 0]) == 1
