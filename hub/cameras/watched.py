"""Who watched which camera from when until when, told once a minute: nobody watches unseen.

| command | refused with |
|---|---|
| `camera.note_watched` (the hub only) | – |

One entry tells of the cameras of one center; who may read what concerns it reads it, and the audit administrator.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from hub.cameras.catalog import MAX_NAME
from hub.entry import HOUSE, Command, Draft, center_audience
from hub.fields import CenterCode, Moment, ObjectId, ParticipantId, Text
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Looks that one entry tells of.
MOST_LOOKS: Final = 100


class LookNoted(CommandData):
    """One account's look at one camera."""

    camera: ObjectId
    """Which camera."""
    camera_name: Text = Field(max_length=MAX_NAME)
    """Its name at that time."""
    account: ParticipantId
    """Who was shown it."""
    name: Text = Field(max_length=200)
    """What others read of who it was."""
    center: CenterCode
    """His center."""
    begun: Moment
    """From when on it was shown to him; from an entry before, where that one says so."""
    until: Moment
    """Until when; he may still be shown it."""
    seconds: int = Field(ge=0)
    """For how much of that its picture really flowed to him."""
    heard: int = Field(default=0, ge=0)
    """For how much of that he had its sound put through, begun seconds counted whole."""


class NoteWatched(CommandData):
    """Note who was shown the cameras of one center."""

    at: CenterCode
    """The center that the cameras belong to."""
    looks: list[LookNoted] = Field(min_length=1, max_length=MOST_LOOKS)
    """The looks of some minute."""


class CameraLook(Wire):
    """One account was shown one camera. `seconds`: for how much of the time its picture really flowed to him; `heard`: for how
    much of it he had its sound put through."""

    camera: str
    camera_name: str
    account: str
    name: str
    center: str
    begun: str
    until: str
    seconds: int
    heard: int = 0


class CameraWatched(Wire):
    """Who was shown the cameras of a center (`at`), told once a minute while there was anybody."""

    at: str
    looks: list[CameraLook]


def _watched(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteWatched.model_validate(command.data).model_dump(mode="json")
    return [Draft("camera.watched", None, data, (HOUSE, center_audience(data["at"])))]


RULES = RuleFile(
    "watched",
    commands=(CommandRule("camera.note_watched", NoteWatched, _watched, meeting="never", system=True),),
    entries=(EntryRule("camera.watched", CameraWatched, reads="camera.read", house=True),),
)
