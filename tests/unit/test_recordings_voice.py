"""Where somebody speaks: real speech in real files, and what is no speech."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from recordings.voice import CHUNK_MS, NoSound, find_voice, spans_of, write_wav
from tests.support.spoken import spoken_webm


def test_speech_is_found_where_it_is_and_beeps_and_silence_are_none(tmp_path: Path) -> None:
    seconds = spoken_webm(tmp_path / "part.webm", "..v...bb.")
    told: list[int] = []
    voice = find_voice(tmp_path / "part.webm", told.append)
    assert voice.duration_ms == pytest.approx(seconds * 1000, abs=100)
    assert voice.spans[0][0] == pytest.approx(2000, abs=400)
    speech_ends = (seconds - 6) * 1000
    assert voice.spans[-1][1] == pytest.approx(speech_ends, abs=600)
    assert sum(end - start for start, end in voice.spans) > 0.6 * (speech_ends - 2000)
    assert told == sorted(told)
    assert told[-1] > 0


def test_a_file_that_was_cut_off_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    spoken_webm(tmp_path / "part.webm", "v..")
    whole = (tmp_path / "part.webm").read_bytes()
    (tmp_path / "cut.webm").write_bytes(whole[: len(whole) * 2 // 3])
    assert find_voice(tmp_path / "cut.webm").spans


def test_what_is_no_recording_has_no_sound(tmp_path: Path) -> None:
    (tmp_path / "part.webm").write_bytes(b"picture and sound" * 1000)
    with pytest.raises(NoSound):
        find_voice(tmp_path / "part.webm")


def test_the_wav_for_recognisers_is_as_long_as_the_file(tmp_path: Path) -> None:
    spoken_webm(tmp_path / "part.webm", ".b.")
    write_wav(tmp_path / "part.webm", tmp_path / "sound.wav")
    with wave.open(str(tmp_path / "sound.wav"), "rb") as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (16_000, 1, 2)
        assert wav.getnframes() / 16_000 == pytest.approx(3, abs=0.1)


def test_breaths_are_part_of_what_one_says_and_coughs_are_not() -> None:
    second = int(1000 / CHUNK_MS)
    speaks = [True] * second + [False] * (second // 3) + [True] * second + [False] * second + [True] * 3
    ((start, end),) = spans_of(speaks)
    assert (start, end) == (0, int((2 * second + second // 3) * CHUNK_MS))
