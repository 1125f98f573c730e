"""The record of control: what every control is called stands with its rule, in both languages, and no two are called alike."""

from __future__ import annotations

from hub.conference.controls import controls_among
from hub.rules import ENTRIES
from hub.ruling import MEETING
from signaling.control_words import HEADER

#: Who comes and goes, what people bring and answer, what the hub notices by itself.
NO_CONTROL = {
    "meeting.joined",
    "meeting.left",
    "meeting.declined",
    "meeting.assembled",
    "meeting.signed_in",
    "meeting.end_near",
    "chair.lost",
    "chair.returned",
    "waiting.came",
    "waiting.gave_up",
    "floor.requested",
    "floor.withdrawn",
    "floor.released",
    "talk.begun",
    "talk.ended",
    "roll_call.answered",
    "tour.stepped",
    "recording.part_opened",
    "recording.part_closed",
    "note.added",
    "report.filed",
    "decision.recorded",
}


def test_what_is_done_in_a_meeting_is_control_or_known_to_be_none() -> None:
    done = {kind for kind, rule in ENTRIES.items() if rule.subject is MEETING and not rule.house}
    assert done - controls_among(ENTRIES).keys() == NO_CONTROL


def test_every_control_has_words_of_its_own_in_both_languages() -> None:
    called = [word for control in controls_among(ENTRIES).values() for word in (control.zh, control.en)]
    assert all(called)
    assert len(set(called)) == len(called)
    assert len(HEADER["zh"]) == len(HEADER["en"])
