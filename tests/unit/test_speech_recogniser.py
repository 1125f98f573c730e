"""A recogniser is a stranger's program: what it does well is taken, whatever else it does has a name and an end."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import pytest

from hub.speech.recogniser import Line, RecogniserFailed, recognise
from tests.support.spoken import RECOGNISER


@pytest.fixture(name="wav")
def _wav(tmp_path: Path) -> Path:
    path = tmp_path / "sound.wav"
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(16_000)
        wav.writeframes(bytes(2 * 16_000 * 5))
    return path


def run(wav: Path, how: str) -> list[Line]:
    command = (sys.executable, "-c", RECOGNISER, how)
    return recognise(command, Path("/models/zh"), wav, 5_000)


def test_lines_come_by_time_within_the_sound_and_on_one_line(wav: Path) -> None:
    assert run(wav, "well") == [Line(1500, 3250, "检查站 一切 正常"), Line(5000, 5000, "末尾")]


def test_it_is_told_of_its_model_and_of_nothing_else(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_LINK_KEY", "secret")
    assert [line.text for line in run(wav, "model")] == ["/models/zhFalse"]


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("dies", "died"),
        ("hangs", "slow"),
        ("rubbish", "rubbish"),
        ("strange", "rubbish"),
        ("floods", "too_much"),
        ("long", "too_much"),
    ],
)
def test_whatever_it_does_wrong_has_a_name(wav: Path, how: str, fault: str) -> None:
    with pytest.raises(RecogniserFailed) as failed:
        recognise(
            (sys.executable, "-c", RECOGNISER, how), None, wav, 10, least_s=0.5 if how == "hangs" else 60.0
        )
    assert failed.value.fault == fault


def test_one_that_is_not_there_is_missing(wav: Path) -> None:
    with pytest.raises(RecogniserFailed) as failed:
        recognise(("/nowhere/recogniser",), None, wav, 10)
    assert failed.value.fault == "missing"
