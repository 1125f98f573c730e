"""A disk with too little room takes no new recording, and says so; what runs goes on, and what was owed begins by itself."""

from __future__ import annotations

import pytest

from hub.conference.recording import MOST_HOLES, RunningRecording
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.errors import Refusal
from tests.support.rules import VILLAGE, World
from tests.unit.test_rules_meeting import CLOSED, MAYOR, part_data, refused


def room(world: World, room: str) -> list[str]:
    return [entry.kind for entry in world.do(SYSTEM_ACCOUNT, "recording.note_room", room=room)]


def recording_of(world: World, meeting: str) -> RunningRecording:
    return world.state.meetings[meeting].read(RunningRecording)


def test_without_room_no_recording_begins_and_one_that_runs_goes_on() -> None:
    world = World()
    recorded, other = world.open(MAYOR, VILLAGE), world.open(MAYOR, VILLAGE, record=False)
    running = recording_of(world, recorded).running
    assert room(world, "none") == ["recording.room_noted"]
    assert room(world, "none") == []
    assert recording_of(world, recorded).running == running
    with refused("no_room"):
        world.do(MAYOR, "recording.start", other)
    world.do(MAYOR, "recording.stop", recorded)
    with refused("no_room"):
        world.do(MAYOR, "recording.start", recorded)
    assert room(world, "short") == ["recording.room_noted"], "nothing was owed: a person starts it"
    world.do(MAYOR, "recording.start", recorded)
    assert recording_of(world, recorded).running is not None


def test_a_meeting_opens_without_room_and_what_it_is_owed_begins_when_there_is_some() -> None:
    world = World()
    room(world, "none")
    owed, plain = world.open(MAYOR, VILLAGE), world.open(MAYOR, VILLAGE, record=False)
    assert (recording_of(world, owed).running, recording_of(world, owed).owed) == (None, True)
    assert not recording_of(world, plain).owed
    ended = world.open(MAYOR, VILLAGE)
    world.do(MAYOR, "meeting.end", ended)
    assert room(world, "enough") == ["recording.room_noted", "recording.started"]
    assert recording_of(world, owed).running is not None
    assert not recording_of(world, owed).owed
    assert recording_of(world, plain).running is None


def test_only_the_hub_notes_room() -> None:
    with refused("invalid", "kind"):
        World().do(MAYOR, "recording.note_room", room="enough")


def test_a_part_tells_its_holes_and_what_it_shows() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    recording = recording_of(world, meeting).running or ""
    opened = world.do(SYSTEM_ACCOUNT, "recording.part_open", meeting, **part_data(recording), source="screen")
    assert opened[0].data["source"] == "screen"
    hole = {"kind": "video", "from_ms": 1000, "to_ms": 4000, "why": "lost"}
    many = [hole] * (MOST_HOLES + 1)
    with pytest.raises(Refusal):
        world.do(SYSTEM_ACCOUNT, "recording.part_close", meeting, recording=recording, **CLOSED, holes=many)
    closed = world.do(
        SYSTEM_ACCOUNT, "recording.part_close", meeting, recording=recording, **CLOSED, holes=[hole]
    )
    assert closed[0].data["holes"] == [hole]
