"""A camera as a value: what the directory holds of it, and what was found of it. Where it is reached stands apart (`Secret`).

Nothing of `Camera` and `Facts` is a secret of the camera: both go to pages as they are. Addresses are sealed with user and
password, since many vendors write both into the path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, get_args

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.shapes import Wire

CameraKind = TypeAliasType("CameraKind", Literal["fixed", "ptz", "dome", "panorama", "mobile", "other"])
CameraState = TypeAliasType(
    "CameraState", Literal["unknown", "ok", "away", "refused", "silent", "unplayable"]
)
Layer = TypeAliasType("Layer", Literal["main", "sub"])
KINDS: Final[tuple[CameraKind, ...]] = get_args(CameraKind.__value__)
STATES: Final[tuple[CameraState, ...]] = get_args(CameraState.__value__)
#: States in which no picture is to be had.
FAILING: Final[tuple[CameraState, ...]] = ("away", "refused", "silent", "unplayable")

#: The same, where the camera or the way to it is at fault.
AWAY: Final[tuple[CameraState, ...]] = ("away", "refused", "silent")

#: Longest name, number, place; most tags and the longest of them; most centers that one camera is shared with.
MAX_NAME: Final = 100
MAX_CODE: Final = 64
MAX_PLACE: Final = 200
MAX_TAGS: Final = 12
MAX_TAG: Final = 24
MAX_SHARED: Final = 50


class Point(Wire):
    """A place on the map (WGS 84), in degrees."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class StreamFacts(Wire):
    """What was found of one stream. 0 and an empty codec: not known."""

    layer: Layer
    codec: str
    """As it is called in SDP, upper case: H264, H265."""
    width: int
    height: int
    fps: int
    bps: int


class Preset(Wire):
    """A direction that the camera remembers."""

    token: str
    name: str
    """What people call it."""
    told: str = ""
    """What the camera itself calls it: a name that was given here holds as long as this stays."""


class Facts(Wire):
    """What was found of a camera when it was last looked at, by playing or by probing."""

    state: CameraState = "unknown"
    """ok; away: no answer; refused: user or password; silent: it answers and sends nothing; unplayable: no browser shows it."""
    since: str | None = None
    """Since when it is in that state."""
    reason: str = ""
    """A word that says more, for pages to translate."""
    streams: list[StreamFacts] = Field(default_factory=list)
    ptz: bool = False
    """Whether it can be turned."""
    presets: list[Preset] = Field(default_factory=list)
    """As they were when they were last asked for."""
    checked_at: str | None = None
    """When it was last looked at."""


class Camera(Wire):
    """A camera as the directory has it."""

    camera: str
    """Its id, `ca_…`."""
    center: str
    """The code of the center that it belongs to."""
    name: str
    code: str
    """The number that its owner gave it, or that of GB/T 28181; may be empty."""
    kind: CameraKind
    tags: list[str]
    place: str
    """Where it hangs, in words."""
    point: Point | None
    layers: list[Layer]
    """Its streams, the large one first."""
    onvif: bool
    """Whether it has an address for ONVIF."""
    sound: bool
    """Whether its sound may be heard."""
    important: bool
    """Whether it matters more than others: marked, and listed by itself on wish."""
    shown: bool
    """Whether it is in use; one that is not is seen by who manages it, and watched by nobody."""
    shared: list[str]
    """Codes of centers that may watch it besides those of its own line."""
    facts: Facts


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a camera is reached and by whose name. Never told, logged or printed."""

    main: str = field(repr=False)
    """``rtsp://host:port/path`` without a user."""
    sub: str | None = field(default=None, repr=False)
    """The same of the small stream; None where there is none."""
    onvif: str | None = field(default=None, repr=False)
    """``http://host:port/path`` of its device service; None where there is none."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
