"""What clients send over Socket.IO besides commands."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hub.cameras.turning import MAX_PRESET_NAME, MAX_TOKEN
from hub.errors import Refusal
from hub.fields import Text

DeviceState = Literal["on", "off", "none", "denied", "busy", "failed"]
#: How one's media comes and goes: straight to the hub, or over the relay.
Way = Literal["direct", "relay"]
#: Which pictures one takes from the line: all, the stage alone, none.
Pictures = Literal["all", "stage", "none"]
MeetingId = Annotated[str, Field(pattern=r"^m_[0-9a-z]{18}$")]
SessionId = Annotated[str, Field(pattern=r"^s_[0-9a-z]{18}$")]
CameraId = Annotated[str, Field(pattern=r"^ca_[0-9a-z]{18}$")]
#: From -1 to 1, full speed either way.
Speed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
#: Width and height in device pixels.
Tile = Annotated[list[Annotated[int, Field(ge=0, le=16_384)]], Field(min_length=2, max_length=2)]


class SocketBody(BaseModel):
    """Base: plain values, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Follow(SocketBody):
    """`follow`: hear everything of a meeting from now on. A socket follows at most 16."""

    meeting: MeetingId
    since: Annotated[int, Field(ge=0)] | None = None
    """The newest seq the client has; entries after it are in the answer. Null: no entries."""


class Unfollow(SocketBody):
    """`unfollow`: hear no more of a meeting."""

    meeting: MeetingId


class Select(SocketBody):
    """`select`: move sources into the slots of one's own watch session; only as many slots as are named are moved."""

    session: SessionId
    video: Annotated[list[Annotated[str, Field(max_length=27)] | None], Field(max_length=26)]
    """One a slot: a participant's id (his camera), `<id>:screen` (his shared screen), "stage", "next"
    (who comes next after those who stand in other slots), or null: empty."""
    tiles: Annotated[list[Tile | None], Field(max_length=26)] | None = None
    """One a slot: the size in device pixels of the element that shows it, 0 by 0 where nothing shows it; the largest is the
    main picture. Where it is not known (null, none) slot 0 counts as 1280 by 720 and the main one, others as 320 by 180."""


class Listen(SocketBody):
    """`listen`: hear the sound of one of the cameras that one's own session of `cameras` shows; nothing is heard before."""

    session: SessionId
    camera: CameraId | None
    """Null: none of them."""


class Turn(SocketBody):
    """`turn`: turn a camera. A move is to be said again five times a second: it ends half a second after it was said last."""

    camera: CameraId
    do: Literal["look", "take", "move", "stop", "recall", "remember", "rename", "forget", "release"]
    """look: whose hand it is under; take: put one's own on it; move: turn, at these speeds; stop; recall: turn to `preset`;
    remember: where it looks now, under `name`, as a new one or in the place of `preset`; rename: `preset` to `name`; forget:
    `preset`; release: let go."""
    pan: Speed = 0.0
    """To the right; below 0 to the left."""
    tilt: Speed = 0.0
    """Up; below 0 down."""
    zoom: Speed = 0.0
    """In; below 0 out."""
    preset: Annotated[str, Field(max_length=MAX_TOKEN)] = ""
    """The token of a direction that the camera remembers."""
    name: Annotated[Text, Field(max_length=MAX_PRESET_NAME)] = ""
    """What a direction is called."""


class Probe(SocketBody):
    """`probe`: whether the line still stands. It is answered, and nothing else is done."""


class Device(SocketBody):
    """`device`: how one's camera and microphone are, and one's line as the page sees it; told to the others as presence."""

    meeting: MeetingId
    camera: DeviceState
    microphone: DeviceState
    way: Way | None = None
    """Whether one's media goes straight to the hub or, all or some of it, over the relay; null: not connected, or not known."""
    pictures: Pictures = "all"
    """Which pictures one takes: a weak line may carry the stage alone, or none."""
    weak: bool = False
    """Whether fewer are taken because the line does not carry more; else somebody has chosen so."""


Body = TypeVar("Body", bound=SocketBody)


def parse_body(model: type[Body], body: Any) -> Body:
    """The body, checked. Raises Refusal("invalid") with the field."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"])[:100] or None
        raise Refusal("invalid", first["msg"], field) from None
