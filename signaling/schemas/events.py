"""What comes over the socket besides entries, and the answers of the HTTP API."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.shapes import Wire
from signaling.schemas.entries import Entry
from signaling.schemas.values import (
    Account,
    Center,
    Decision,
    LastSignIn,
    Order,
    Recording,
    RecordingState,
    RecordingTrouble,
    Report,
    Snapshot,
    Summary,
)

CenterPresence = TypeAliasType("CenterPresence", Literal["online", "in_meeting", "offline"])
DeviceState = TypeAliasType("DeviceState", Literal["on", "off", "none", "denied", "busy", "failed"])
Quality = TypeAliasType("Quality", Literal["good", "fair", "poor", "lost"])
LowOnSpace = TypeAliasType("LowOnSpace", Literal["data", "recordings"])
ClosedReason = TypeAliasType(
    "ClosedReason",
    Literal["node_lost", "removed", "ended", "consent_expired", "replaced", "withdrawn", "not_connected"],
)
SessionEndedReason = TypeAliasType(
    "SessionEndedReason", Literal["signed_out", "disabled", "changed", "expired"]
)


class Hello(Wire):
    """The greeting of a socket: who one is, and what waits for one."""

    account: Account
    calls: list[Summary]
    orders: list[Order]
    seq: int
    demo: bool
    """Whether the hub runs as a demo."""


class SessionEndedEvent(Wire):
    """The sign-in of this socket is no more: the hub has ended its media and ends the socket."""

    reason: SessionEndedReason


class ParticipantPresence(Wire):
    """How a participant is there; a device is null until its owner has told."""

    id: str
    state: Literal["online", "reconnecting", "offline"]
    camera: DeviceState | None
    microphone: DeviceState | None
    publishing: bool


class CenterState(Wire):
    """Whether a center is there."""

    code: str
    state: CenterPresence


class CentersPresenceEvent(Wire):
    """Centers within sight; with `full`, those not listed are offline."""

    centers: list[CenterState]
    full: bool


class MeetingPresenceEvent(Wire):
    """Participants whose presence changed."""

    meeting: str
    participants: list[ParticipantPresence]


class SlotsEvent(Wire):
    """What the slots of one's own watch session show."""

    meeting: str
    kind: Literal["slots"]
    session: str
    video: list[str | None]
    audio: list[str | None]


class Source(Wire):
    """Who sends what, by codec: camera, microphone, shared screen."""

    participant: str
    video: str | None
    audio: str | None
    screen: str | None


class SourcesEvent(Wire):
    """Everybody who sends."""

    meeting: str
    kind: Literal["sources"]
    sources: list[Source]


class LevelsEvent(Wire):
    """Loudness in dBov, 0 loudest to 127 silent, by participant."""

    meeting: str
    kind: Literal["levels"]
    levels: dict[str, int]
    speaker: str | None


class LineFigures(Wire):
    """Since when a line is in its state, and what was measured of it lately; null where unknown."""

    since: str
    loss_permille: int | None
    bitrate_bps: int | None
    rtt_ms: int | None


class QualityEvent(Wire):
    """Up-link quality by participant, the worst of his sessions. `gone`: nothing is known of these any more."""

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
    """How well each slot's picture of one's own watch session gets through; null: nothing to judge."""

    meeting: str
    kind: Literal["tiles"]
    session: str
    video: list[Quality | None]


class LayersEvent(Wire):
    """The encodings (rids) of one's own picture that somebody watches: only these need be sent."""

    meeting: str
    kind: Literal["layers"]
    session: str
    active: list[str]


class PauseEvent(Wire):
    """Whether somebody watches one's picture."""

    meeting: str
    kind: Literal["pause"]
    session: str
    paused: bool


class DroppedEvent(Wire):
    """What one publishes of a track is not passed on, and why: `packet_too_long` (its RTP packets, the first of `bytes` bytes,
    are longer than a path of 1,500 bytes carries), `over_cap` (`bytes` a second are more than one may send; passed on again
    when less comes)."""

    meeting: str
    kind: Literal["dropped"]
    session: str
    track: Literal["audio", "video"]
    reason: Literal["packet_too_long", "over_cap"]
    bytes: int


class ClosedEvent(Wire):
    """The hub closed one's media session."""

    meeting: str
    kind: Literal["closed"]
    session: str
    reason: ClosedReason


class RecordingEvent(Wire):
    """Whether the recording that runs really records: it is fed, and what comes is written."""

    meeting: str
    kind: Literal["recording"]
    state: RecordingState
    reason: RecordingTrouble | None


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
    | RecordingEvent,
)


class HubEvent(Wire):
    """How the hub itself is, for everybody who is signed in: on connection and on change.

    `journal`: commands can be written. `node`, `recorder`: there is one. `recording`: every running recording records.
    """

    journal: bool
    node: bool
    recorder: bool
    recording: bool
    low_on_space: list[LowOnSpace]
    """Folders in whose file system little room is left."""


class Followed(Wire):
    """The answer to `follow`: the meeting as it is, the entries after `since`, the events that hold now."""

    snapshot: Snapshot
    entries: list[Entry]
    media: list[MediaEvent]
    presence: list[ParticipantPresence]


class SignedIn(Wire):
    """The answer to a sign-in."""

    token: str
    account: Account
    last_sign_in: LastSignIn | None


class OwnAccount(Wire):
    """Who one is, and when one signed in before."""

    account: Account
    last_sign_in: LastSignIn | None


class Centers(Wire):
    """Centers of the directory."""

    centers: list[Center]


class Meetings(Wire):
    """A page of meetings, newest first; `next` is the `before` of the following page."""

    meetings: list[Summary]
    next: str | None


class Entries(Wire):
    """Entries of a meeting by seq, and the newest seq of the meeting."""

    entries: list[Entry]
    seq: int


class Orders(Wire):
    """Orders, newest first."""

    orders: list[Order]


class Reports(Wire):
    """Reports, newest first."""

    reports: list[Report]


class Decisions(Wire):
    """Decisions, newest first."""

    decisions: list[Decision]


class Recordings(Wire):
    """Recordings of a meeting."""

    recordings: list[Recording]


class Ready(Wire):
    """Whether every part of the hub is there."""

    ready: bool
    parts: dict[str, bool] | None = None
    """Not told to everybody."""
    low_on_space: list[LowOnSpace] | None = None
    """Folders in whose file system little room is left; the hub works on until there is none."""
