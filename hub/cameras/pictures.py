"""Pictures of cameras (抓拍): what one showed at a moment, made by the hub, kept by its digest.

| command | refused with |
|---|---|
| `camera.note_pictured` (the hub only) | – |

The hub asks the gateway for the picture and makes the object itself: what the entry names is what came from the camera, and no
page had it in hands before. Who may is `camera.watch` of the table of rights, or the camera's sharing, asked at the edge.
It is read by who may watch the camera, and by who asked for it.
"""

from __future__ import annotations

from pydantic import Field

from hub.cameras.walls import CameraId
from hub.entry import Command, Draft, account_audience, center_audience
from hub.fields import CenterCode, Moment, Text
from hub.objects.reference import NamedObject
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Author, Wire
from hub.state import HubState


class NotePictured(CommandData):
    """Note that the hub has made a picture of a camera for somebody."""

    camera: CameraId
    """Which camera."""
    name: Text = Field(max_length=200)
    """What it is called then."""
    center: CenterCode
    """Code of the center that it belongs to."""
    center_name: Text = Field(max_length=200)
    """What that is called."""
    picture: NamedObject
    """The picture, JPEG."""
    taken_at: Moment
    """When the hub got it from the gateway."""
    by: Author
    """Who asked for it."""


class CameraPictured(Wire):
    """The hub has made a picture of what a camera showed."""

    camera: str
    name: str
    center: str
    center_name: str
    picture: NamedObject
    taken_at: str
    by: Author


def _note(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NotePictured.model_validate(command.data)
    audience = (center_audience(data.center), account_audience(data.by.account))
    return [Draft("camera.pictured", None, data.model_dump(mode="json"), audience)]


RULES = RuleFile(
    "camera_pictures",
    commands=(CommandRule("camera.note_pictured", NotePictured, _note, meeting="never", system=True),),
    entries=(EntryRule("camera.pictured", CameraPictured, reads="camera.watch", control="none"),),
)
