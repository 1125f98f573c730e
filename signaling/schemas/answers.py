"""Answers of the HTTP API, besides those that are entries, values or refusals."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.cameras.watched import CameraLook
from hub.shapes import Author, NamedCenter, Wire
from signaling.schemas.booking_values import Booking, Template
from signaling.schemas.dispatch_values import (
    Alarm,
    Decision,
    Order,
    OrderLine,
    OrderNumbering,
    OrderSums,
    OrderWording,
    Report,
)
from signaling.schemas.entries import Entry
from signaling.schemas.house_values import Account, AnsweringSetting, Center, Group, LastSignIn
from signaling.schemas.meeting_values import CheckHead, Recording, Summary
from signaling.schemas.plan_values import Plan
from signaling.schemas.security import Need
from signaling.schemas.stage_values import KeptLayout
from signaling.schemas.statistics_values import StatisticsPart, StatisticsRow, StatisticsSeries
from signaling.schemas.task_values import CountedRound, Task, TaskReply, TaskRound
from signaling.schemas.wall_values import KeptWall

LowOnSpace = TypeAliasType("LowOnSpace", Literal["data", "recordings"])


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


class SignedIn(Wire):
    """The answer to a sign-in."""

    token: str
    account: Account
    last_sign_in: LastSignIn | None
    needs: Need | None
    """What has to be done with this token before anything else: nothing else is answered."""
    password_given_at: str | None = None
    """When somebody else gave the present password, which has to be changed; null: its owner chose it."""


class OwnAccount(Wire):
    """Who one is, and when one signed in before."""

    account: Account
    last_sign_in: LastSignIn | None
    needs: Need | None
    """What has to be done before anything else."""
    password_given_at: str | None = None
    """When somebody else gave the present password, which has to be changed; null: its owner chose it."""


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


class Groups(Wire):
    """The groups that one keeps, and those of one's center."""

    groups: list[Group]


class Layouts(Wire):
    """The layouts that one's center keeps."""

    layouts: list[KeptLayout]


class CameraPictures(Wire):
    """The entries that name pictures of a camera, newest first; `next` is the `before` of the following page."""

    entries: list[Entry]
    next: int | None


class CameraLooks(Wire):
    """Who was shown a camera, latest first, a minute at a time; `next` is the `before` of the following page."""

    looks: list[CameraLook]
    next: int | None


class Walls(Wire):
    """The walls of cameras that one keeps, and those of one's center."""

    walls: list[KeptWall]


class Plans(Wire):
    """The plans of one's center."""

    plans: list[Plan]


class OrderWordings(Wire):
    """What orders of one's center begin from."""

    wordings: list[OrderWording]


class OrderLedger(Wire):
    """A page of the ledger of orders, what is due first; `next` is the `before` of the following page."""

    orders: list[OrderLine]
    next: str | None
    sums: OrderSums | None
    """On the first page."""
    numbering: OrderNumbering
    at: str
    """When it was read: by this it was decided what is late."""
    seq: int
    """It holds what was written up to this entry, and maybe more."""


class Orders(Wire):
    """A page of orders, newest first; `next` is the `before` of the following page."""

    orders: list[Order]
    next: str | None


class Reports(Wire):
    """A page of reports, newest first; `next` is the `before` of the following page."""

    reports: list[Report]
    next: str | None


class ReportTotal(Wire):
    """What a center and all below it reported."""

    center: str
    name: str
    reports: int
    abnormal: int
    persons: int
    """How many people the reports concern, as far as they say so."""


class Statistics(Wire):
    """What was held, reported, handled and ordered in a span of days, by the centers right below one."""

    first: str
    """The first day, `2026-11-01`, in the hub's zone."""
    last: str
    """The last day, included."""
    time_zone: str
    center: str
    name: str
    total: StatisticsPart
    """The center and all below it."""
    before: StatisticsPart | None
    """The same of as many days before."""
    rows: list[StatisticsRow]
    """The center by itself, then each center right below it with all below that."""
    series: StatisticsSeries
    at: str
    seq: int
    """As of which entry it was read; it may know of later ones."""


class ReportTotals(Wire):
    """Reports by the centers below one, those with most that is abnormal first."""

    totals: list[ReportTotal]


class Tasks(Wire):
    """A page of routine tasks, newest first; `next` is the `before` of the following page."""

    tasks: list[Task]
    next: str | None
    seq: int
    """As of which entry it was read; it may know of later ones."""
    time_zone: str
    """The hub's (IANA): times of day are meant in it."""


class TaskRounds(Wire):
    """The rounds of a task, newest first, at most a hundred."""

    rounds: list[CountedRound]


class TaskBoard(Wire):
    """Who is asked in a round and who has answered, as far as one may see it. Who is not among the answers is missing."""

    task: str
    round: TaskRound
    centers: list[str]
    """Codes, in the order in which they were named."""
    answers: list[TaskReply]
    """In the order in which they came."""
    seq: int
    """As of which entry it was read; it may know of later ones."""


class CheckHeads(Wire):
    """A page of checks, newest first; `next` is the `before` of the following page."""

    checks: list[CheckHead]
    next: str | None


class Alarms(Wire):
    """A page of alarms, newest first; `next` is the `before` of the following page."""

    alarms: list[Alarm]
    next: str | None


class Decisions(Wire):
    """A page of decisions, newest first; `next` is the `before` of the following page."""

    decisions: list[Decision]
    next: str | None


class Bookings(Wire):
    """A page of bookings by their start; `next` is the `after` of the following page."""

    bookings: list[Booking]
    next: str | None
    approval_required: bool
    """Whether what the dispatchers of one's own center book needs approval."""
    time_zone: str
    """The hub's (IANA): the days and times of bookings are meant in it."""
    seq: int
    """As of which entry it was read; it may know of later ones."""


class Conflict(Wire):
    """Another meeting at the time of one that is to be booked."""

    what: Literal["booking", "meeting"]
    """A meeting is one that runs."""
    id: str | None
    """Null where one may not see it, as are `title` and `chair`."""
    title: str | None
    chair: str | None
    """The name of who leads it."""
    starts_at: str
    ends_at: str | None
    """When it is meant to end; null where nobody said."""
    same_chair: bool
    """Whether it has the same chair."""
    centers: list[NamedCenter]
    """The first ones that are called to both."""
    called: int
    """How many are called to both."""


class Conflicts(Wire):
    """What is in the way of a meeting that is to be booked, earliest first."""

    conflicts: list[Conflict]
    called: int
    """How many centers it would call itself."""


class Chairs(Wire):
    """Accounts that may lead a meeting one books, one's own center's first."""

    chairs: list[Author]


class Templates(Wire):
    """A page of templates, newest first; `next` is the `before` of the following page."""

    templates: list[Template]
    next: str | None
    seq: int
    """As of which entry it was read; it may know of later ones."""


class Recordings(Wire):
    """Recordings of a meeting."""

    recordings: list[Recording]


class AnsweringSettings(Wire):
    """How the stations of centers answer calls by themselves."""

    default_s: int
    """After so many seconds, where nothing else was said."""
    settings: list[AnsweringSetting]
    """Where something was said, of centers for which one may change it."""


class RollCallResult(Wire):
    """A roll call by its numbers."""

    roll: str
    by: Author
    begun_at: str
    finished_at: str | None
    """Null while it goes on."""
    total: int
    answered: int
    abnormal: int
    unanswered: int
    skipped: int


class RollCalls(Wire):
    """The roll calls of a meeting, the first one first."""

    roll_calls: list[RollCallResult]


class Controls(Wire):
    """Who controlled what in a meeting, the newest first."""

    entries: list[Entry]
    next: int | None
    """The `before` of the following page; null where nothing is left."""


class IceServer(Wire):
    """One server as RTCPeerConnection takes it; its keys hold until the whole answer's `expires_at`."""

    urls: list[str]
    username: str
    credential: str


class IceServers(Wire):
    """The way in for whom UDP does not reach; empty, and null, where the hub has no relay."""

    ice_servers: list[IceServer]
    expires_at: str | None


class Ready(Wire):
    """Whether every part of the hub is there."""

    ready: bool
    parts: dict[str, bool] | None = None
    """Not told to everybody."""
    low_on_space: list[LowOnSpace] | None = None
    """Folders in whose file system little room is left; the hub works on until there is none."""
