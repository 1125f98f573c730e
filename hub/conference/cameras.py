"""Cameras in a meeting: one is brought before all as a participant is, and taken out again.

| command | refused with |
|---|---|
| `camera.bring` | `not_found` (the camera, or the meeting), `meeting_ended`, `forbidden`, `too_many`, `invalid` (no sound) |
| `camera.part` | `not_found`, `meeting_ended`, `forbidden` |

Who controls the meeting and may watch the camera brings it. The directory of cameras stands outside the journal: the edge looks
the camera up for who asks, and says what it found (`found`); what a client writes there is not looked at. A camera has a place
of its own beside the seats: it can be broadcast, stand in layouts and on screens, is recorded and in the film; it is nobody who
came, is called, speaks or is counted. It is silent unless it is brought with its sound; brought again with it or without, it is
heard from then on or no more. Bringing one that is there as it is, and taking out one that is not, changes nothing.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field

from hub.clock import to_wire
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, ObjectId, Text
from hub.gates import require_here, running_meeting
from hub.ruling import CommandData, CommandRule, Context, Control, EntryRule, RuleFile
from hub.seats import CameraSeat, CamerasHere, taken_seat
from hub.shapes import OfParticipant, ParticipantRef, Wire
from hub.state import HubState

#: Most cameras in one meeting at the same time.
MOST_CAMERAS: Final = 16


class CameraFound(CommandData):
    """What the directory says of a camera, put in by the edge."""

    name: Text = Field(max_length=100)
    """What people read."""
    center: CenterCode
    """The center that it belongs to."""
    sound: bool = False
    """Whether its sound may be heard."""


class CameraBring(CommandData):
    """Put a camera before the meeting."""

    camera: ObjectId
    """Which camera."""
    sound: bool = False
    """Whether its sound is to be heard, too, where the directory lets it."""
    found: CameraFound | None = None
    """Filled in by the hub; what a client writes here is not looked at."""


class CameraPart(CommandData):
    """Take a camera out of the meeting."""

    camera: ObjectId
    """Which camera."""


class CameraJoined(Wire):
    """A camera was brought into the meeting; who did it is the actor. It is named as participants are."""

    participant: ParticipantRef
    sound: bool = False
    """Whether it was brought with its sound."""


def _bring(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = CameraBring.model_validate(command.data)
    here = meeting.read(CamerasHere).rows
    before = here.get(data.camera)
    is_here = before is not None and before.state == "joined"
    if is_here and before is not None and before.sound == data.sound:
        return []
    if data.found is None or data.found.center not in context.tree:
        raise Refusal("not_found", "there is no such camera", "camera")
    if data.sound and not data.found.sound:
        raise Refusal("invalid", "the sound of this camera is not to be heard", "sound")
    if not is_here and sum(each.state == "joined" for each in here.values()) >= MOST_CAMERAS:
        raise Refusal("too_many", f"a meeting has at most {MOST_CAMERAS} cameras", "camera")
    center = context.tree[data.found.center]
    who: dict[str, Any] = {
        "id": data.camera,
        "name": data.found.name,
        "role": "station",
        "center": center.code,
        "center_name": center.name,
        "level": center.level,
    }
    return [Draft("camera.brought", meeting.id, {"participant": who, "sound": data.sound})]


def _part(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    camera = CameraPart.model_validate(command.data).camera
    seat = meeting.read(CamerasHere).rows.get(camera)
    if seat is None:
        raise Refusal("not_found", "this camera was never brought here", "camera")
    return [] if seat.state != "joined" else [Draft("camera.parted", meeting.id, {"participant": camera})]


def _brought(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is None or not meeting.is_open:
        return
    who = entry.data["participant"]
    before = meeting.read(CamerasHere).rows.get(who["id"])
    seat = taken_seat(who, before, to_wire(entry.at)).model_dump()
    made = CameraSeat.model_construct(**{**seat, "sound": entry.data.get("sound") is True})
    meeting.parts.put_row(CamerasHere, who["id"], made)


def _parted(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    seat = meeting.parts.row(CamerasHere, entry.data["participant"]) if meeting is not None else None
    if seat is not None:
        seat.state, seat.left_at = "left", to_wire(entry.at)


RULES = RuleFile(
    "cameras_here",
    part=CamerasHere,
    commands=(
        CommandRule("camera.bring", CameraBring, _bring),
        CommandRule("camera.part", CameraPart, _part),
    ),
    entries=(
        EntryRule(
            "camera.brought",
            CameraJoined,
            _brought,
            nodes=True,
            control=Control("接入摄像头", "camera brought"),
        ),
        EntryRule(
            "camera.parted",
            OfParticipant,
            _parted,
            nodes=True,
            control=Control("移出摄像头", "camera taken out"),
        ),
    ),
)
