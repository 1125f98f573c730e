"""Whether a recording records is told in words, soon when it does not and at once when it does again."""

from __future__ import annotations

from typing import Any

import pytest

from hub.coordination.recording_state import GRACE_S, RecordingStates

RECORDING, MEETING = "r_1", "m_1"


class World:
    """States under test in a world where everything is there until a test says otherwise."""

    def __init__(self) -> None:
        self.states = RecordingStates()
        self.states.started(RECORDING, MEETING)
        self.recorder = True
        self.wired = True
        self.now = 100.0

    def after(self, seconds: float) -> list[tuple[str, str | None]]:
        self.now += seconds
        events = self.states.look(self.now, self.recorder, lambda recording, meeting: self.wired)
        assert all(event["meeting"] == MEETING and event["kind"] == "recording" for event in events)
        return [(event["state"], event["reason"]) for event in events]


def writing(yes: bool, reason: str | None = None) -> dict[str, Any]:
    return {"recording": RECORDING, "writing": yes, "reason": reason}


def fed(yes: bool, reason: str | None = None) -> dict[str, Any]:
    return {"recording": RECORDING, "fed": yes, "reason": reason}


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [
        (writing(False, "disk_full"), "waiting", "disk_full"),
        (writing(False, "disk_slow"), "waiting", "disk_slow"),
        (writing(False, "failed"), "failed", "failed"),
        (writing(False, "something new"), "failed", "failed"),
        (fed(False), "waiting", "not_fed"),
        (fed(False, "not_fed"), "waiting", "not_fed"),
        (fed(False, "something new"), "waiting", "not_fed"),
    ],
)
def test_what_the_recorder_says_is_told_and_its_end_at_once(
    said: dict[str, Any], state: str, reason: str
) -> None:
    world = World()
    tell = world.states.writing if "writing" in said else world.states.fed
    tell(said)
    assert world.after(0) == []
    assert world.after(GRACE_S) == [(state, reason)]
    assert world.states.told(MEETING) == (state, reason)
    assert not world.states.all_record
    assert world.after(60) == [], "it is told once"
    tell({**said, "writing": True, "fed": True, "reason": None})
    assert world.after(0) == [("recording", None)]
    assert world.states.all_record


def test_an_absent_recorder_and_a_node_that_does_not_feed_it_are_told() -> None:
    world = World()
    world.recorder = False
    assert world.after(0) == []
    assert world.after(GRACE_S) == [("waiting", "no_recorder")]
    world.recorder, world.wired = True, False
    assert world.after(0) == []
    assert world.after(GRACE_S) == [("waiting", "not_fed")]
    world.wired = True
    assert world.after(0) == [("recording", None)]


def test_a_recorder_that_is_back_in_a_moment_is_no_news() -> None:
    world = World()
    for _ in range(3):
        world.recorder = False
        assert world.after(GRACE_S / 2) == []
        world.recorder = True
        assert world.after(GRACE_S / 2) == []


def test_a_new_link_begins_with_what_its_hello_says() -> None:
    world = World()
    world.states.fed(fed(False))
    world.states.take_recorder(
        {"recordings": [{"recording": RECORDING, "meeting": MEETING, "reason": "disk_full"}]}
    )
    assert world.after(0) == []
    assert world.after(GRACE_S) == [("waiting", "disk_full")]
    world.states.take_recorder({"recordings": [{"recording": RECORDING, "meeting": MEETING}]})
    assert world.after(0) == [("recording", None)]


def test_a_recording_that_was_stopped_is_told_of_no_more() -> None:
    world = World()
    world.states.writing(writing(False, "failed"))
    assert world.after(0) == []
    assert world.after(GRACE_S) == [("failed", "failed")]
    world.states.ended(MEETING)
    assert world.states.told(MEETING) is None
    assert world.states.event(MEETING) == []
    assert world.states.all_record
    assert world.after(60) == []
