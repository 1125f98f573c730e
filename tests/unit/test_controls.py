"""The record of control: every entry of a meeting is control or is said to be none, and every control has words in a file."""

from __future__ import annotations

from hub.conference.controls import NO_CONTROL, controls_among
from hub.rules import ENTRIES
from signaling.control_words import HEADER, WORDS


def test_what_is_no_control_is_an_entry() -> None:
    assert ENTRIES.keys() >= NO_CONTROL


def test_every_control_has_words_in_both_languages() -> None:
    for kind in sorted(controls_among(ENTRIES)):
        assert kind in WORDS, (
            f"{kind}: say what it is called (signaling/control_words.py), or that it is no control"
        )
        assert all(WORDS[kind]), kind
    assert len(HEADER["zh"]) == len(HEADER["en"])
