"""What comes over the socket besides entries, and the answers of the HTTP API."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.shapes import MeetingKind, ParticipantRef, Wire
from signaling.schemas.entries import Entry
from signaling.schemas.values import (
    Account,
    Center,
    Decision,
    LastSignIn,
    Note,
    Order,
    OrderTarget,
    Recording,
    RecordingState,
    RecordingTrouble,
    Report,
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


class OpenCall(Wire):
    """A meeting that calls this center, or that this account is in; one that has ended only to say so."""

    id: str
    title: str
    kind: MeetingKind
    state: Literal["open", "ended"]
    chair: ParticipantRef
    called: int
    """How many centers it calls."""
    opened_at: str
    recording: str | None
    """Id of the recording that runs, if one does."""
    recording_state: RecordingState | None
    """Whether it really records; null when none runs."""
    recording_reason: RecordingTrouble | None
    """Why it does not."""


class Hello(Wire):
    """The greeting of a socket, on connection: who one is, and what waits for one."""

    account: Account
    calls: list[OpenCall]
    """Open meetings that call this center, or that it is in."""
    orders: list[Order]
    """Those that this center has not completed, each with its own row among the targets alone."""
    seq: int
    demo: bool
    """Whether the hub runs as a demo."""
    can: list[str]
    """The actions that one may do about one's own center."""


class SessionEndedEvent(Wire):
    """The sign-in of this socket was withdrawn: the hub has ended its media and ends the socket."""

    reason: SessionEndedReason


class StoredObject(Wire):
    """A file that was uploaded: entries name it by `object`, the SHA-256 of its bytes."""

    object: str
    bytes: int
    type: str


class UploadState(Wire):
    """How far an upload has come; `object` is what it became, null before it is whole."""

    upload: str
    offset: int
    bytes: int
    type: str
    object: str | None


class ParticipantPresence(Wire):
    """How a participant is there; a lost socket is `reconnecting` for 10 s, a device null until its owner has told it."""

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
    """Centers within sight: all that are there on connection, then changes, at most four times a second."""

    centers: list[CenterState]
    full: bool
    """What is not listed is offline."""


class MeetingPresenceEvent(Wire):
    """Participants whose presence changed; to followers of the meeting."""

    meeting: str
    participants: list[ParticipantPresence]


class SlotsEvent(Wire):
    """What the slots of one's own watch session show; to its owner, when a slot's source changes."""

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
    """Whether nobody watches one's picture; to its publisher."""

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
    `disk_full`; `no_recorder`: it is away; `not_fed`: nothing of what is published reaches it; `failed`: its log says what.
    """

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
    """How the hub itself is; to everybody who is signed in, on connection and on change.

    `journal`: while false, commands are refused as `unavailable`. `node`, `recorder`: there is one. `recording`: every
    running recording records.
    """

    journal: bool
    node: bool
    recorder: bool
    recording: bool
    low_on_space: list[LowOnSpace]
    """Folders in whose file system little room is left."""


class MeetingHead(Wire):
    """What does not change of a meeting."""

    id: str
    title: str
    kind: MeetingKind
    opened_at: str
    record: bool
    convener: ParticipantRef
    called: int
    """How many centers it calls, the convener's among them."""
    centers: list[str]
    """Their codes; only for desks, else empty."""


class MeetingDocuments(Wire):
    """The documents of a meeting, oldest first, as one may read them."""

    seq: int
    """They hold what was written up to this entry, and maybe more."""
    orders: list[Order]
    reports: list[Report]
    decisions: list[Decision]
    notes: list[Note]


class Followed(Wire):
    """The answer to `follow`: the meeting as it is, and the events that hold now."""

    seq: int
    """The parts are as of this entry."""
    meeting: MeetingHead
    can: list[str]
    """The actions that one may do in this meeting."""
    parts: dict[str, dict[str, Any]]
    """The parts by name; see `Parts`."""
    documents: MeetingDocuments
    entries: list[Entry]
    """For desks: those after `since`, or with none the newest."""
    media: list[MediaEvent]
    presence: list[ParticipantPresence]


class PartEvent(Wire):
    """A part of a meeting has changed: `value` takes its place, or `rows` take the places of single rows (null: it is gone)."""

    meeting: str
    name: str
    seq: int
    """It holds what was written up to this entry."""
    value: dict[str, Any] | None = None
    rows: dict[str, dict[str, Any] | None] | None = None


class CanEvent(Wire):
    """What one may do in a meeting has changed."""

    meeting: str
    can: list[str]


class ChangedEvent(Wire):
    """A document has changed: `value` takes its place; of an order, `rows` take the places of single targets.
    With neither it is to be read again."""

    what: Literal["order", "report", "decision", "note", "recording", "meeting"]
    id: str
    meeting: str | None
    seq: int
    """It holds what was written up to this entry, and maybe more."""
    value: Order | Report | Decision | Note | OpenCall | None = None
    rows: dict[str, OrderTarget] | None = None


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
    """Centers of the directory; `next` is the `after` of the following page."""

    centers: list[Center]
    next: str | None


class Meetings(Wire):
    """A page of meetings, newest first; `next` is the `before` of the following page."""

    meetings: list[Summary]
    next: str | None


class Entries(Wire):
    """Entries of a meeting by seq, and its newest seq; `next` is the `since` or `before` of the following page."""

    entries: list[Entry]
    seq: int
    next: int | None


class Audit(Wire):
    """What was done in the house, newest first; `next` is the `before` of the following page."""

    entries: list[Entry]
    next: int | None


class Orders(Wire):
    """A page of orders, newest first; `next` is the `before` of the following page."""

    orders: list[Order]
    next: str | None


class Reports(Wire):
    """A page of reports, newest first; `next` is the `before` of the following page."""

    reports: list[Report]
    next: str | None


class Decisions(Wire):
    """A page of decisions, newest first; `next` is the `before` of the following page."""

    decisions: list[Decision]
    next: str | None


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
