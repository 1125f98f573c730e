"""Room for recordings: whether the disk takes new ones. The hub notes it; what runs goes on, and nothing is deleted for it.

| command | refused with |
|---|---|
| `recording.note_room` (the hub only) | – |

A meeting that is to be recorded opens although there is no room: it is owed its recording (`recording.refused`), which begins
by itself when there is room again.
"""

from __future__ import annotations

from typing import Final, Literal

from typing_extensions import TypeAliasType

from hub.entry import HOUSE, Command, Draft, Entry
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState

#: Enough; little (people are told); too little for new recordings.
Room = TypeAliasType("Room", Literal["enough", "short", "none"])


class RecordingRoom(Part):
    """What was noted last."""

    room: Room = "enough"


class NoteRoom(CommandData):
    """Note how much room there is for recordings."""

    room: Room
    """`enough`; `short`: less than `HUB_RECORDINGS_WARN_MB` is free; `none`: less than `HUB_RECORDINGS_REFUSE_MB`."""


class RoomNoted(Wire):
    """There is another amount of room for recordings than before."""

    room: Room


def has_room(state: HubState) -> bool:
    """Whether a new recording may begin."""
    return state.parts.read(RecordingRoom).room != "none"


def _note(state: HubState, command: Command, context: Context) -> list[Draft]:
    room = NoteRoom.model_validate(command.data).room
    if room == state.parts.read(RecordingRoom).room:
        return []
    return [Draft("recording.room_noted", None, {"room": room}, (HOUSE,))]


def _noted(state: HubState, entry: Entry) -> None:
    state.parts.edit(RecordingRoom).room = entry.data["room"]


_SUBJECT: Final = Subject(lambda entry: "recording_room", lambda state, subject: True)

RULES = RuleFile(
    "recording_room",
    commands=(CommandRule("recording.note_room", NoteRoom, _note, meeting="never", system=True),),
    entries=(
        EntryRule(
            "recording.room_noted", RoomNoted, _noted, reads="house.read", subject=_SUBJECT, house=True
        ),
    ),
)
