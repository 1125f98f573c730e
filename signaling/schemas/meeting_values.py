"""Meetings, who is in them, recordings, checks before them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.conference.attendance import AttendanceCount
from hub.conference.checks import CheckedDevice, CheckedSpeaker, CheckedWay, CheckEnd
from hub.conference.recording import Hole, RecordedTrack
from hub.directory.secrecy import NORMAL, Secrecy
from hub.shapes import Author, MeetingKind, ParticipantRef, Wire
from signaling.schemas.dispatch_values import Decision, Note, Order, Report

RecordingState = TypeAliasType("RecordingState", Literal["recording", "waiting", "failed"])
RecordingTrouble = TypeAliasType(
    "RecordingTrouble", Literal["disk_full", "disk_slow", "no_room", "no_recorder", "not_fed", "failed"]
)


class Participant(ParticipantRef):
    """A participant and how it stands in the meeting."""

    state: Literal["joined", "left", "removed"]
    muted: bool
    joined_at: str
    left_at: str | None
    present: str = ""
    """Who was said to be there for him; empty where nobody said it."""
    duty: str = ""


class CheckRow(Wire):
    """What a center answered to a check; see `check.report`."""

    at: str
    account: str
    camera: CheckedDevice
    microphone: CheckedDevice
    level_db: int | None
    speaker: CheckedSpeaker
    way: CheckedWay
    loss_permille: int | None
    rtt_ms: int | None
    up_kbps: int | None
    down_kbps: int | None
    in_meeting: bool


class CheckHead(Wire):
    """A check before a meeting."""

    id: str
    by: Author
    started_at: str
    until: str
    """Who has not answered by then does not count any more."""
    ended_at: str | None
    reason: CheckEnd | None
    """Why it is over."""
    called: int
    """How many centers were asked."""
    reported: int
    """How many have answered."""


class Check(CheckHead):
    """A check with what was answered."""

    centers: list[str]
    """Codes of all that were asked."""
    rows: dict[str, CheckRow]
    """By center."""


class Counts(Wire):
    """How much there is of a meeting, as far as one may read it."""

    orders: int
    completed: int
    reports: int
    decisions: int


class Hit(Wire):
    """A text of a meeting that a search found."""

    seq: int
    at: str
    kind: str
    text: str


class MeetingFields(Wire):
    """What a list and a snapshot say of a meeting alike."""

    id: str
    title: str
    kind: MeetingKind
    state: Literal["open", "ended"]
    convener: ParticipantRef
    """Who opened it; rights in it are asked towards his center, whoever leads it."""
    chair: ParticipantRef
    """Who leads it now; of a meeting that is over, who opened it."""
    centers: list[str]
    opened_at: str
    ended_at: str | None
    record: bool
    drill: bool = False
    """Whether it is a drill: marked wherever it is seen, left out of what is counted."""
    level: Secrecy = NORMAL
    """Who may know of it; `secret` 涉密: the cleared alone."""
    recording: str | None
    """Id of the recording that runs, if one does."""
    recording_state: RecordingState | None = None
    """Whether it really records; null when none runs."""
    recording_reason: RecordingTrouble | None = None
    """Why it does not."""
    joined: int
    counts: Counts
    attendance: AttendanceCount | None = None
    """How many have come; null where the parts of the meeting say it."""


class Summary(MeetingFields):
    """A meeting in a list."""

    hits: list[Hit] = Field(default_factory=list)
    """What a search found; only in the answer to a search."""


class Snapshot(MeetingFields):
    """A meeting as it is now."""

    participants: list[Participant]
    broadcast: str | None
    orders: list[Order]
    reports: list[Report]
    decisions: list[Decision]
    notes: list[Note]
    seq: int
    can: list[str] = Field(default_factory=list)
    """What the reader may do in it now: actions of the table of rights; what is not in here would be refused."""


class Part(Wire):
    """One publisher's media session as it was recorded."""

    id: str
    participant: str
    center: str
    name: str
    tracks: list[RecordedTrack]
    source: Literal["camera", "screen"]
    """What its picture shows; a shared screen is a part of its own."""
    holes: list[Hole]
    """Of a closed part: where a track shows or says nothing for two seconds or longer, and why."""
    started_at: str
    offset_ms: int
    """From the meeting's start to the part's."""
    duration_ms: int | None
    bytes: int | None
    sha256: str | None
    state: Literal["recording", "closed", "lost", "destroyed"]
    media: str | None


class Recording(Wire):
    """A recording of a meeting with its parts. One that was not stopped and does not record is `waiting` or `failed`."""

    id: str
    meeting: str
    started_at: str
    stopped_at: str | None
    state: RecordingState | Literal["stopped"]
    reason: RecordingTrouble | None = None
    """Why it does not record, though it was not stopped."""
    parts: list[Part]
