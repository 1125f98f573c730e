"""What judges the matrix of publishers and viewers tells good from bad."""

from __future__ import annotations

import math

import pytest

from tests.support import flash_beep
from tests.support.flash_beep import Verdict, judge, lit


def watched(
    seconds: float = 12.0,
    *,
    late_s: float = 0.0,
    seen: bool = True,
    heard: bool = True,
    first_late_s: float = 0.0,
) -> Verdict:
    """What comes of a viewer whose sound is so late (`first_late_s`: that of the first beep besides)."""
    luma = [
        (at / 15, (200.0 if lit(at / 15) else 50.0) if seen else 50.0 + at % 3)
        for at in range(round(seconds * 15))
    ]
    loud = []
    for at in range(round(seconds * 50)):
        source_s = at / 50 - late_s - (first_late_s if at / 50 < 3 else 0.0)
        loud.append((at / 50, 0.25 if heard and source_s > 0 and lit(source_s) else 0.0))
    return judge(luma, loud)


@pytest.mark.parametrize("late_s", [-0.1, 0.0, 0.1])
def test_what_a_person_takes_for_the_same_moment_is_in_step(late_s: float) -> None:
    verdict = watched(late_s=late_s)
    assert not verdict.fault
    assert verdict.step_s is not None
    assert math.isclose(verdict.step_s, late_s, abs_tol=0.04)


def test_one_pair_at_the_beginning_may_be_off_but_no_more() -> None:
    assert not watched(first_late_s=0.5).fault
    samples = [(at / 50, 0.25 if lit(at / 50 - (0.5 if at % 400 < 200 else 0)) else 0.0) for at in range(800)]
    luma = [(at / 15, 200.0 if lit(at / 15) else 50.0) for at in range(240)]
    assert "in and out of step" in judge(luma, samples).fault or "out of step" in judge(luma, samples).fault


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (watched(late_s=0.3), "out of step by +3"),
        (watched(20, late_s=1.6), "out of step by more than a second"),
        (watched(20, late_s=2.0), "out of step by more than a second"),
        (watched(20, late_s=-2.0), "out of step by more than a second"),
        (watched(late_s=-0.3), "out of step by -3"),
        (watched(seen=False), "not seen"),
        (watched(heard=False), "not heard"),
        (watched(seen=False, heard=False), "neither seen nor heard"),
        (watched(3), "neither seen nor heard"),
        (judge([], []), "neither seen nor heard"),
    ],
)
def test_a_fault_has_its_words(verdict: Verdict, words: str) -> None:
    assert words in verdict.fault


def test_the_pictures_flash_when_the_sound_beeps() -> None:
    pictures = flash_beep.Pictures(64, 32)
    for number in range(90):
        white = pictures.at(number)[0] == 0xEB
        assert white == lit(number / flash_beep.FPS)
    for number in range(300):
        assert any(flash_beep.sound(number)) == lit(number * 0.02)
