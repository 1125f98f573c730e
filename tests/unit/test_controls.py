"""The record of control: what every control is called stands with its rule, in both languages, and no two are called alike."""

from __future__ import annotations

from hub.conference.controls import controls_among
from hub.rules import ENTRIES
from hub.ruling import MEETING
from signaling.control_words import HEADER


def test_what_is_done_in_a_meeting_is_control_or_said_to_be_none() -> None:
    done = {kind for kind, rule in ENTRIES.items() if rule.subject is MEETING and not rule.house}
    assert [kind for kind in sorted(done) if ENTRIES[kind].control is None] == []
    assert "report.filed" not in controls_among(ENTRIES)


def test_every_control_has_words_of_its_own_in_both_languages() -> None:
    called = [word for control in controls_among(ENTRIES).values() for word in (control.zh, control.en)]
    assert all(called)
    assert len(set(called)) == len(called)
    assert len(HEADER["zh"]) == len(HEADER["en"])
