"""What comes over the socket besides entries and `media` events."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypeAliasType

from hub.conference.calls import DeclineReason
from hub.conference.recording_room import Room
from hub.directory.secrecy import NORMAL, Secrecy
from hub.shapes import MeetingKind, ParticipantRef, Wire
from signaling.schemas.answers import LowOnSpace
from signaling.schemas.booking_values import Booking, Template
from signaling.schemas.dispatch_values import (
    Alarm,
    Decision,
    Note,
    Order,
    OrderTarget,
    OrderWording,
    Report,
)
from signaling.schemas.duty_values import Duty
from signaling.schemas.entries import Entry
from signaling.schemas.house_values import Account, AnsweringSetting, Group
from signaling.schemas.incident_values import Incident
from signaling.schemas.job_values import Job
from signaling.schemas.media_events import MediaEvent
from signaling.schemas.meeting_values import CheckRow, RecordingState, RecordingTrouble
from signaling.schemas.minutes_values import Minutes
from signaling.schemas.plan_values import Plan
from signaling.schemas.stage_values import KeptLayout
from signaling.schemas.task_values import Task, TaskReply
from signaling.schemas.view_values import KeptView
from signaling.schemas.wall_values import KeptWall

CenterPresence = TypeAliasType("CenterPresence", Literal["online", "in_meeting", "offline"])
DeviceState = TypeAliasType("DeviceState", Literal["on", "off", "none", "denied", "busy", "failed"])
SessionEndedReason = TypeAliasType(
    "SessionEndedReason", Literal["signed_out", "disabled", "changed", "expired"]
)


Way = TypeAliasType("Way", Literal["direct", "relay"])
Pictures = TypeAliasType("Pictures", Literal["all", "stage", "none"])


class OpenCall(Wire):
    """A meeting that calls this center, or that this account is in; one that has ended only to say so."""

    id: str
    title: str
    kind: MeetingKind
    drill: bool = False
    """Whether it is a drill."""
    level: Secrecy = NORMAL
    """Who may know of it; `secret` 涉密: the cleared alone."""
    state: Literal["open", "ended"]
    chair: ParticipantRef
    called: int
    """How many centers it calls."""
    opened_at: str
    rung_at: str
    """When this center was called last: a newer moment than before rings anew."""
    declined: DeclineReason | None
    """That this center declined its last call, and why; it rings no longer."""
    recording: str | None
    """Id of the recording that runs, if one does."""
    recording_state: RecordingState | None
    """Whether it really records; null when none runs."""
    recording_reason: RecordingTrouble | None
    """Why it does not."""


class CheckAskedEvent(Wire):
    """A check waits for the answer of this center."""

    check: str
    until: str
    spread_ms: int
    """Begin at any moment within so long, so that not all begin at once."""


class Hello(Wire):
    """The greeting of a socket, on connection: who one is, and what waits for one."""

    account: Account
    calls: list[OpenCall]
    """Open meetings that call this center, or that it is in."""
    orders: list[Order]
    """Those that this center has not completed, each with its own row among the targets alone."""
    checks: list[CheckAskedEvent]
    """Checks that wait for this center."""
    seq: int
    demo: bool
    """Whether the hub runs as a demo."""
    can: list[str]
    """The actions that one may do about one's own center."""
    answers_after_s: int
    """After so many seconds the stations of one's center answer a call by themselves; 0 for never."""


class SessionEndedEvent(Wire):
    """The sign-in of this socket was withdrawn: the hub has ended its media and ends the socket."""

    reason: SessionEndedReason


class ParticipantPresence(Wire):
    """How a participant is there; a lost socket is `reconnecting` for 10 s, a device null until its owner has told it.

    What his page said of his line goes with its socket, until it says so again."""

    id: str
    state: Literal["online", "reconnecting", "offline"]
    since: str | None = None
    """Since when the connection is lost, as far as the hub knows; null while it is there."""
    camera: DeviceState | None
    microphone: DeviceState | None
    publishing: bool
    way: Way | None
    """How his media goes, as his page says: straight to the hub or over the relay; null: it has not said."""
    pictures: Pictures
    """Which pictures he takes: on a weak line the stage alone, or none."""
    weak: bool = False
    """Whether he takes fewer because his line does not carry more, not because he chose so."""


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
    recording_room: Room
    """Room for recordings: with `none` no new one begins; those that run go on."""
    spread_ms: int
    """Within how long all sockets are to come back when all were lost at once: each waits for a part of it, by chance."""


class MeetingHead(Wire):
    """What does not change of a meeting."""

    id: str
    title: str
    kind: MeetingKind
    opened_at: str
    record: bool
    drill: bool = False
    """Whether it is a drill."""
    level: Secrecy = NORMAL
    """Who may know of it; `secret` 涉密: the cleared alone."""
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

    what: Literal[
        "order",
        "report",
        "decision",
        "note",
        "recording",
        "meeting",
        "alarm",
        "check",
        "group",
        "answering",
        "booking",
        "template",
        "layout",
        "task",
        "clearing",
        "incident",
        "plan",
        "duty",
        "job",
        "minutes",
        "wording",
        "wall",
        "view",
        "patrol",
        "grid",
        "sweep",
        "errand",
        "gridtask",
    ]
    id: str
    meeting: str | None
    seq: int
    """It holds what was written up to this entry, and maybe more."""
    value: (
        Order
        | Report
        | Alarm
        | Decision
        | Note
        | OpenCall
        | Group
        | AnsweringSetting
        | Booking
        | Template
        | KeptLayout
        | KeptWall
        | KeptView
        | Task
        | Incident
        | Plan
        | Duty
        | Job
        | Minutes
        | OrderWording
        | None
    ) = None
    rows: dict[str, OrderTarget] | None = None
    answers: dict[str, CheckRow] | None = None
    """Of a check: by center, those that are new."""
    reported: dict[str, TaskReply] | None = None
    """Of a task: by center, who answered its newest round just now."""
