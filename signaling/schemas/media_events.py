"""`media` events: what the socket tells of pictures, sound and lines."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.shapes import ParticipantRef, Wire
from signaling.schemas.meeting_values import RecordingState, RecordingTrouble

Quality = TypeAliasType("Quality", Literal["good", "fair", "poor", "lost"])
ClosedReason = TypeAliasType(
    "ClosedReason",
    Literal["node_lost", "removed", "ended", "consent_expired", "replaced", "withdrawn", "not_connected"],
)

CameraPictureState = TypeAliasType(
    "CameraPictureState",
    Literal["idle", "connecting", "playing", "reconnecting", "refused", "unplayable", "withheld"],
)


class SlotsEvent(Wire):
    """Whose picture is in each slot of one's own watch session, and who is heard; to its owner, when a picture changes: while
    another is awaited it is still the one before."""

    meeting: str
    kind: Literal["slots"]
    session: str
    video: list[str | None]
    audio: list[str | None]
    people: list[ParticipantRef] = Field(default_factory=list)
    """Who is in the slots."""


class Source(Wire):
    """Who sends what, by codec: camera, microphone, shared screen."""

    participant: str
    video: str | None
    audio: str | None
    screen: str | None


class SourcesEvent(Wire):
    """Who sends what: what has changed, at most four times a second; all of it with `follow`.

    Desks hear of everybody, others of themselves."""

    meeting: str
    kind: Literal["sources"]
    sources: list[Source]
    """Whose sources are new or other ones."""
    gone: list[str]
    """Participants who send nothing any more."""
    full: bool
    """Whether these are all; who is not named sends nothing then, and what he did before otherwise."""


class LevelsEvent(Wire):
    """Loudness in dBov, 0 loudest to 127 silent, by participant; at most twice a second.

    Who is no desk hears the speaker alone, when it changes and every two seconds."""

    meeting: str
    kind: Literal["levels"]
    levels: dict[str, int]
    speaker: str | None


class LineFigures(Wire):
    """Since when a line is in its state, and what was measured of it lately; null where unknown. Of a downlink,
    `bitrate_bps` is what the line is thought to carry."""

    since: str
    loss_permille: int | None
    bitrate_bps: int | None
    rtt_ms: int | None


class QualityEvent(Wire):
    """How up-links are, each by the worst session of its participant: on change of a state, and every 5 s the figures of
    those that are not good. Of those in `gone` nothing is known any more."""

    meeting: str
    kind: Literal["quality"]
    participants: dict[str, Quality]
    lines: dict[str, LineFigures]
    gone: list[str]


class DownlinkEvent(Wire):
    """The same of the way from the hub to a participant."""

    meeting: str
    kind: Literal["downlink"]
    participants: dict[str, Quality]
    lines: dict[str, LineFigures]
    gone: list[str]


class TilesEvent(Wire):
    """How well each slot's picture of one's own watch session gets through; null: nothing plays. To its owner, on change."""

    meeting: str
    kind: Literal["tiles"]
    session: str
    video: list[Quality | None]


class LayersEvent(Wire):
    """The encodings (rids) of one's own picture that somebody watches: the others need not be sent. To its publisher, on
    change; all are watched until the first of these events."""

    meeting: str
    kind: Literal["layers"]
    session: str
    active: list[str]


class PauseEvent(Wire):
    """Whether nobody watches one's picture; to its publisher, on change and with `follow`."""

    meeting: str
    kind: Literal["pause"]
    session: str
    paused: bool


class DroppedEvent(Wire):
    """What one publishes of a track is not passed on; to its publisher, once for each track and reason (and with `follow`).

    `over_cap`: `bytes` a second are more than HUB_PUBLISHER_MBPS allows; dropped until less has come for a second or two.
    `packet_too_long`: its RTP packets (the first had `bytes` bytes) are longer than is passed on, and nobody sees or hears
    it. Payloads of up to 1,450 bytes are: an MTU setting of the sender of up to 1,450, and 1,400 to be on the safe side.
    """

    meeting: str
    kind: Literal["dropped"]
    session: str
    track: Literal["audio", "video"]
    reason: Literal["packet_too_long", "over_cap"]
    bytes: int


class ClosedEvent(Wire):
    """The hub closed one's media session: begin a new one unless removed, ended or withdrawn."""

    meeting: str
    kind: Literal["closed"]
    session: str
    reason: ClosedReason


class RecordingEvent(Wire):
    """Whether the recording that runs really records: it is fed, and what comes is written. To followers, within 5 s.

    `waiting`: nothing is recorded now, it goes on by itself. `failed`: (part of) what comes cannot be written. Why:
    `disk_full`; `disk_slow`: it does not keep up, what comes waits in memory; `no_room`: no new recording begins;
    `no_recorder`: it is away; `not_fed`: nothing of what is published reaches it; `failed`: its log says what.
    """

    meeting: str
    kind: Literal["recording"]
    state: RecordingState
    reason: RecordingTrouble | None


class CameraWatcher(Wire):
    """Who is shown a camera now. `hears`: he has its sound put through, too."""

    account: str
    name: str
    center: str
    hears: bool


class CameraHand(Wire):
    """Whose hand a camera is under."""

    account: str
    name: str
    center: str


class TurningEvent(Wire):
    """Who turns a camera, and whether it turns: to who watches it, on change; and to who turns it, why it would not."""

    meeting: str
    kind: Literal["turning"]
    camera: str
    hand: CameraHand | None
    moving: bool
    refused: Literal["", "credentials", "not_offered", "unreachable", "malformed", "not_allowed"]
    """Why the camera did not do what it was told; empty: it did."""
    presets: bool
    """Whether the directions that it remembers are others than before."""


class CameraPicture(Wire):
    """How a camera's picture is; the fields as those of CameraEvent."""

    state: CameraPictureState
    reason: str
    instead: Literal["transcoded", "snapshots"] | None


class BroughtEvent(Wire):
    """How the picture of a camera is that was brought into the meeting: to everybody who follows it, on change; for who begins
    to follow what was told last of each. `idle`: no viewer has asked for its picture."""

    meeting: str
    kind: Literal["brought"]
    camera: str
    picture: CameraPicture
    without_h264: CameraPicture
    """For a browser that takes no H264: transcoded, or none while every place for transcoding is taken (`quota`)."""


class CameraEvent(Wire):
    """How the picture of a camera is, and who else is shown it; to each account that named it in `select` (meeting `cameras`).

    `withheld`: one may not see it (any more), or it is not there. `idle`: nobody has asked for its picture yet.
    """

    meeting: Literal["cameras"]
    kind: Literal["camera"]
    camera: str
    state: CameraPictureState
    reason: str
    """A word that says more, for pages to translate; may be empty."""
    instead: Literal["transcoded", "snapshots"] | None
    """What is given in place of a picture that browsers cannot play."""
    codec: str
    width: int
    height: int
    fps: int
    bps: int
    sound: Literal["connecting", "playing", "away", "none"] | None
    """How its sound is, to who chose to hear it (`listen`); `none`: the camera has none that can be heard here."""
    watchers: list[CameraWatcher]


MediaEvent = TypeAliasType(
    "MediaEvent",
    SlotsEvent
    | SourcesEvent
    | LevelsEvent
    | QualityEvent
    | DownlinkEvent
    | TilesEvent
    | LayersEvent
    | PauseEvent
    | DroppedEvent
    | ClosedEvent
    | RecordingEvent
    | BroughtEvent
    | CameraEvent
    | TurningEvent,
)
