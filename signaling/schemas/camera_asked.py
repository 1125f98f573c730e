"""Bodies of what is asked about cameras."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.cameras.addresses import MAX_ADDRESS, MAX_USER
from hub.cameras.catalog import (
    MAX_CODE,
    MAX_NAME,
    MAX_PLACE,
    MAX_SHARED,
    MAX_TAG,
    MAX_TAGS,
    CameraKind,
    Point,
)
from hub.fields import CenterCode, ObjectId, Text
from hub.ruling import CommandData
from hub.sheets.limits import MAX_COLUMNS
from signaling.schemas.camera_values import CameraColumnRole

MAX_MENDS = 500

Name = Annotated[Text, Field(min_length=1, max_length=MAX_NAME)]
#: A number as owners write it: no blanks, no strokes.
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._:-]*$", max_length=MAX_CODE)]
Tag = Annotated[Text, Field(min_length=1, max_length=MAX_TAG)]
Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS)]
Place = Annotated[Text, Field(max_length=MAX_PLACE)]
Shared = Annotated[list[CenterCode], Field(max_length=MAX_SHARED)]
Written = Annotated[Text, Field(max_length=MAX_ADDRESS)]
User = Annotated[Text, Field(max_length=MAX_USER)]


#: Token of a stream of a device.
Token = Annotated[Text, Field(max_length=64)]


class CameraSearch(CommandData):
    """Where devices are looked for."""

    network: Annotated[Text, Field(max_length=64)] = ""
    """A network (CIDR, 256 addresses at most) inside those of cameras, whose addresses are asked; empty: a call into all."""


class CameraDevice(CommandData):
    """A device that is asked what streams it offers. Nothing of this is kept."""

    onvif: Written = ""
    """``http://host[:port]/path`` of its device service; empty: that of the camera."""
    user: User = ""
    password: Annotated[str, Field(max_length=128)] = Field(default="", repr=False)
    camera: ObjectId | None = None
    """A camera of the directory: by its name and password its own host is asked where none are given."""


class CameraSnapshot(CameraDevice):
    """A stream of a device that is to be seen."""

    profile: Token = ""
    """Its token; empty: the first."""


class CameraStreams(CommandData):
    """Streams of the device at `onvif`: the hub asks it for their addresses, which take the place of `main` and `sub`."""

    main: Annotated[Token, Field(min_length=1)]
    """Token of the large one."""
    sub: Token = ""
    """The same of the small one; empty: there is none."""


class CameraNew(CommandData):
    """A camera to be put into the directory."""

    center: CenterCode
    """The center that it belongs to."""
    name: Name
    """What people read."""
    main: Written = ""
    """Its address, ``rtsp://host:port/path``; a user and a password in it are taken out and sealed. Not with `streams`."""
    sub: Written | None = None
    """The same of its small stream."""
    onvif: Written | None = None
    """``http://host:port/path`` of its device service, for turning it."""
    user: User = ""
    """By whose name it is dialled."""
    password: User = Field(default="", repr=False)
    """With what password; never told again."""
    streams: CameraStreams | None = None
    """In the place of addresses: streams of its device."""
    code: Number = ""
    """The number that its owner gave it."""
    kind: CameraKind = "fixed"
    """What kind of camera it is."""
    tags: Tags = Field(default_factory=list)
    """Words it is chosen by."""
    place: Place = ""
    """Where it hangs."""
    point: Point | None = None
    """The same on the map."""
    sound: bool = False
    """Whether its sound may be heard."""
    important: bool = False
    """Whether it matters more than others: marked, and listed by itself on wish."""
    shown: bool = True
    """Whether it is in use."""
    shared: Shared = Field(default_factory=list)
    """Centers besides those of its own line that may watch it."""


class CameraChange(CommandData):
    """What is to be other about a camera; what is null stays."""

    name: Name | None = None
    """What people read."""
    tags: Tags | None = None
    """Words it is chosen by."""
    place: Place | None = None
    """Where it hangs."""
    point: Point | None = None
    """The same on the map."""
    no_point: bool = False
    """Whether its point is taken off the map."""
    shared: Shared | None = None
    """Centers besides those of its own line that may watch it."""
    center: CenterCode | None = None
    """The center that it belongs to."""
    code: Number | None = None
    """The number that its owner gave it."""
    kind: CameraKind | None = None
    """What kind of camera it is."""
    sound: bool | None = None
    """Whether its sound may be heard."""
    important: bool | None = None
    """Whether it matters more than others: marked, and listed by itself on wish."""
    shown: bool | None = None
    """Whether it is in use."""
    main: Written | None = None
    """Its address."""
    sub: Written | None = None
    """The same of its small stream; empty: it has none."""
    onvif: Written | None = None
    """The same of its device service; empty: it has none."""
    user: User | None = None
    """By whose name it is dialled."""
    password: User | None = Field(default=None, repr=False)
    """With what password; empty: with none."""
    streams: CameraStreams | None = None
    """In the place of addresses: streams of its device."""


class CameraProbe(CommandData):
    """Where a camera may be, to be looked at now; what is null is taken from the camera as it is."""

    camera: ObjectId | None = None
    """A camera of the directory; null: one that is to be."""
    main: Written | None = None
    """Its address."""
    sub: Written | None = None
    """The same of its small stream; empty: it has none."""
    onvif: Written | None = None
    """The same of its device service; empty: it has none."""
    user: User | None = None
    """By whose name it is dialled."""
    password: User | None = Field(default=None, repr=False)
    """With what password; empty: with none."""


class CameraMend(CommandData):
    """What a person decided for a text that means no center, or several."""

    text: str = Field(max_length=4000)
    """As it stands in the file."""
    center: CenterCode | None
    """The center; null: its rows are left out."""


class CameraListAsked(CommandData):
    """What the columns of a list of cameras are, and what was decided."""

    columns: list[CameraColumnRole] = Field(max_length=MAX_COLUMNS)
    """What each column is."""
    center: CenterCode | None = None
    """Whose cameras they are in rows that name no center."""
    mends: list[CameraMend] = Field(default_factory=list, max_length=MAX_MENDS)
    """What was decided for texts that mean no center, or several."""


class CameraLoadAsked(CameraListAsked):
    """The same, and that the list is put into the directory."""

    leave_out: bool = False
    """Whether rows without a sure center are left out."""
