"""A piece of the hour that `make proof-recording` plays: clocks that drift, a cut, a mute; sound and picture stay in step."""

from __future__ import annotations

from pathlib import Path

from tests.support.recorded_hour import Doing, Hour, judge, row


async def test_sound_and_picture_stay_in_step_whatever_people_and_lines_do(tmp_path: Path) -> None:
    hour = Hour(tmp_path, people=2, seconds=80)
    first, second = hour.people
    first.doings = [Doing("muted", 15, 30), Doing("cut", 45, 48)]
    second.doings = [Doing("away", 20, 27), Doing("off", 50, 62)]
    verdict = judge(hour, await hour.play())
    assert verdict.undecodable == []
    found = row(hour, verdict)
    assert found["parts"] == 3, "only who went away and came back has another part"
    assert found["flash_to_tone_worst_ms"] < 100
    assert found["off_the_true_moment_worst_ms"] < 500
    assert found["seconds_with_both"] >= 0.97 * found["of_seconds"] > 50
    assert found["muted_and_dark_stretches_told"] == found["of_stretches"] == 2


async def test_a_packet_that_came_only_when_asked_for_twice_moves_nothing(tmp_path: Path) -> None:
    hour = Hour(tmp_path, people=1, seconds=40)
    hour.people[0].doings = []
    send, delayed = hour._send, 0

    def late(ssrc: int, packet: bytes, delay_us: int, at_us: int | None = None) -> None:
        nonlocal delayed
        again = at_us is None  # an answer to a NACK
        delayed += again
        send(ssrc, packet, 300_000 if again else delay_us, at_us)

    hour._send = late  # type: ignore[method-assign]
    found = row(hour, judge(hour, await hour.play()))
    assert delayed > 10
    assert found["flash_to_tone_worst_ms"] < 100
