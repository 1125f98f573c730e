"""The things that the hub tells of: accounts, centers, meetings, orders, recordings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.conference.booking_shapes import BookingState
from hub.conference.called import Reach
from hub.conference.checks import CheckedDevice, CheckedSpeaker, CheckedWay, CheckEnd
from hub.conference.groups import GroupScope
from hub.conference.recording import RecordedTrack
from hub.dispatch.alarm_shapes import AlarmKind, AlarmState, ClearedWhy, Severity
from hub.objects.reference import NamedObject
from hub.shapes import (
    About,
    Author,
    Level,
    MeetingKind,
    NamedCenter,
    ParticipantRef,
    Priority,
    Role,
    Situation,
    Wire,
)

OrderState = TypeAliasType("OrderState", Literal["issued", "signed", "in_progress", "completed"])
RecordingState = TypeAliasType("RecordingState", Literal["recording", "waiting", "failed"])
RecordingTrouble = TypeAliasType("RecordingTrouble", Literal["disk_full", "no_recorder", "not_fed", "failed"])


class Center(Wire):
    """A center as the directory lists it."""

    code: str
    name: str
    level: Level
    parent: str | None
    pinyin: str
    """Syllables parted by blanks, other readings of one behind a stroke: "zhang/chang ling she qu"."""
    children: int
    """How many centers stand directly below it."""
    functional: bool
    """Whether it is a functional area (功能区)."""


class OwnCenter(Wire):
    """The center of an account."""

    code: str
    name: str
    level: Level
    parent: str | None
    path: list[str]
    """Names, root first, the center itself last."""


class Account(Wire):
    """Who is signed in, and for which center."""

    id: str
    username: str
    name: str
    role: Role
    center: OwnCenter


class Group(Wire):
    """A set of centers under a name, to be called with one key."""

    id: str
    scope: GroupScope
    name: str
    centers: list[str]
    """Named one by one."""
    reaches: list[Reach]
    """Centers with those below them, down to a level each."""
    by: Author
    at: str


class AnsweringSetting(Wire):
    """After how many seconds the stations of a center answer a call by themselves; 0 for never."""

    center: str
    seconds: int


class LastSignIn(Wire):
    """The account's sign-in before the present one."""

    at: str
    address: str
    """Where it came from, as far as the hub knows."""


class Participant(ParticipantRef):
    """A participant and how it stands in the meeting."""

    state: Literal["joined", "left", "removed"]
    muted: bool
    joined_at: str
    left_at: str | None
    present: str = ""
    """Who was said to be there for him; empty where nobody said it."""
    duty: str = ""


class Progress(Wire):
    """What a center said while it carried out an order."""

    at: str
    text: str
    percent: int | None
    by: str


class OrderTarget(Wire):
    """A center that an order goes to, and how far it is."""

    center: str
    name: str
    state: OrderState
    signed_at: str | None
    signed_by: str | None
    completed_at: str | None
    percent: int | None
    progress: list[Progress]


class Order(Wire):
    """An order; its own `state` is that of its slowest target."""

    id: str
    meeting: str | None
    text: str
    priority: Priority
    due: str | None
    issuer: Author
    issued_at: str
    state: OrderState
    targets: list[OrderTarget]
    attachments: list[NamedObject] = Field(default_factory=list)
    about: About | None = None
    """The report or alarm that it follows from."""


class Report(Wire):
    """What a center reported."""

    id: str
    meeting: str | None
    situation: Situation
    text: str
    center: str
    name: str
    at: str
    account: str
    attachments: list[NamedObject] = Field(default_factory=list)


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


class AlarmBy(Wire):
    """Who did it, and when."""

    at: str
    by: Author


class AlarmOrder(Wire):
    """The first order that followed from an alarm."""

    at: str
    order: str
    by: Author


class AlarmLevel(Wire):
    """The center that an alarm was escalated to."""

    at: str
    center: str
    name: str


class AlarmEnd(Wire):
    """When and why an alarm was over."""

    at: str
    why: ClearedWhy


class Alarm(Wire):
    """What somebody has to look at, and who did."""

    id: str
    kind: AlarmKind
    severity: Severity
    state: AlarmState
    center: str
    """The center that it is about."""
    name: str
    owner: NamedCenter
    """Who has to answer it first; every center above may."""
    meeting: str | None
    report: str | None
    order: str | None
    text: str
    """What a person wrote: of the report, or of the order that is overdue."""
    words: dict[str, str | int]
    """What else there is to say, as values: `lost`, `of`, `due`, `left`, `folder`, `reason`, `part`."""
    raised_at: str
    escalates_at: str | None
    """When it goes one level up unless somebody acknowledges it."""
    delivered: AlarmBy | None
    """The first desk that showed it."""
    acknowledged: AlarmBy | None
    ordered: AlarmOrder | None
    escalated: AlarmLevel | None
    """The last level that it was escalated to: nobody before had acknowledged it."""
    cleared: AlarmEnd | None


class Decision(Wire):
    """What was decided, and by whom."""

    id: str
    meeting: str | None
    text: str
    by: Author
    at: str


class Note(Wire):
    """A remark at a moment of a meeting."""

    id: str
    meeting: str | None
    text: str
    by: Author
    at: str


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
    chair: ParticipantRef
    centers: list[str]
    opened_at: str
    ended_at: str | None
    record: bool
    recording: str | None
    """Id of the recording that runs, if one does."""
    recording_state: RecordingState | None = None
    """Whether it really records; null when none runs."""
    recording_reason: RecordingTrouble | None = None
    """Why it does not."""
    joined: int
    counts: Counts


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


class Part(Wire):
    """One publisher's media session as it was recorded."""

    id: str
    participant: str
    center: str
    name: str
    tracks: list[RecordedTrack]
    started_at: str
    offset_ms: int
    """From the meeting's start to the part's."""
    duration_ms: int | None
    bytes: int | None
    sha256: str | None
    state: Literal["recording", "closed", "lost"]
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


class Booking(Wire):
    """A booked meeting."""

    id: str
    title: str
    kind: MeetingKind
    starts_at: str
    minutes: int
    """How long it is meant to last."""
    by: Author
    """Who booked it."""
    line: list[str]
    """Codes of the center that booked it and of those above it, root first: their leaders approve."""
    chair: Author
    called: int
    """How many centers it calls."""
    names: list[str]
    """Names of the first three."""
    centers: list[str]
    """Codes of all of them; only where one booking is asked for, else empty."""
    record: bool
    notice_minutes: int
    """How long before its start those called are told; 0 for not at all."""
    by_itself: bool
    """Whether it opens by itself; else its chair opens it."""
    note: str
    template: str | None
    """The template it was made from."""
    state: BookingState
    reason: str
    """Why it was rejected or cancelled, in words; why it was missed, as a MissedReason; else empty."""
    decided_by: Author | None
    """Who approved, rejected or cancelled it."""
    decided_at: str | None
    sequence: int
    """How often it was changed."""
    meeting: str | None
    """The meeting that it became."""
    made_at: str
    changed_at: str


class Template(Wire):
    """A meeting that is convened or booked again and again."""

    id: str
    scope: Literal["mine", "center"]
    title: str
    kind: MeetingKind
    centers: list[str]
    names: list[str]
    """Names of the first three centers and tops of reaches."""
    reaches: list[Reach]
    record: bool
    minutes: int
    notice_minutes: int
    note: str
    by: Author
    saved_at: str
