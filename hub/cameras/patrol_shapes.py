"""What commands and entries about patrol (线上巡逻) hold."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.dispatch.incident_shapes import IncidentCategory
from hub.dispatch.report_shapes import ReportCategory
from hub.dispatch.task_shapes import TimeOfDay, Weekday
from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData
from hub.shapes import Author, Priority, Wire

#: What came of a stop: 正常, 发现情况, 看不到, 跳过.
PatrolOutcome = TypeAliasType("PatrolOutcome", Literal["normal", "finding", "not_seen", "skipped"])
OUTCOMES: Final[tuple[str, ...]] = get_args(PatrolOutcome.__value__)
#: How well a picture flowed.
PatrolQuality = TypeAliasType("PatrolQuality", Literal["good", "fair", "poor"])
#: Nobody has taken it (待巡), somebody walks it (进行中), all stops are checked (已完成), nobody came (漏巡), it was not
#: walked to its end (未巡完), its route was withdrawn (已撤销).
PatrolState = TypeAliasType(
    "PatrolState", Literal["waiting", "walking", "done", "missed", "unfinished", "withdrawn"]
)
ROUND_STATES: Final[tuple[str, ...]] = get_args(PatrolState.__value__)
#: States after which nothing more happens to a round.
OVER: Final = ("done", "missed", "unfinished", "withdrawn")
#: A picture that flowed for less shows nothing.
LEAST_SEEN_S: Final = 3
MAX_STOPS: Final = 200


class PatrolPreset(CommandData):
    """A place that a camera turns to by itself."""

    token: str = Field(min_length=1, max_length=100)
    """What the camera calls it."""
    name: Text = Field(default="", max_length=60)
    """What people call it."""


class PatrolStop(CommandData):
    """A camera that is looked through, and what for."""

    camera: ObjectId
    """The camera."""
    preset: PatrolPreset | None = None
    """Where it is turned to; null as it stands."""
    dwell_seconds: int = Field(default=10, ge=LEAST_SEEN_S, le=600)
    """How long it is looked through, as a rule."""
    look_for: Text = Field(default="", max_length=200)
    """What is to be looked for."""


class PatrolTime(CommandData):
    """A time of day at which a round begins."""

    time: TimeOfDay
    """By the hub's clock."""
    weekdays: list[Weekday] = Field(default=[1, 2, 3, 4, 5, 6, 7], min_length=1, max_length=7)
    """On which days, 1 Monday to 7 Sunday."""

    @field_validator("weekdays")
    @classmethod
    def _each_once(cls, days: list[int]) -> list[int]:
        return sorted(set(days))


class PatrolCamera(CommandData):
    """What the directory of cameras says of one."""

    camera: ObjectId
    """The camera."""
    name: Text = Field(min_length=1, max_length=100)
    """What it is called."""
    center: CenterCode
    """Whose it is."""
    shared: list[CenterCode] = Field(default_factory=list, max_length=2048)
    """With whom it is shared."""


class PatrolKeep(CommandData):
    """Make a route, or put one right."""

    route: ObjectId | None = None
    """Which; null for a new one."""
    version: int | None = Field(default=None, ge=1)
    """Of one that is put right: the version that one has looked at."""
    center: CenterCode
    """Whose people walk it; of one that is put right it stays."""
    title: Text = Field(min_length=1, max_length=60)
    """What it is called."""
    note: Text = Field(default="", max_length=500)
    """What else is to be known of it."""
    stops: list[PatrolStop] = Field(min_length=1, max_length=MAX_STOPS)
    """Through which cameras, in which order; a camera may come twice, at two presets."""
    times: list[PatrolTime] = Field(default_factory=list, max_length=24)
    """When rounds begin."""
    by_shift: bool = False
    """Whether one begins with each shift of the center's roster, too."""
    within_minutes: int = Field(default=60, ge=5, le=720)
    """So long after its beginning a round is to be done."""
    cameras: list[PatrolCamera] = Field(default_factory=list, max_length=MAX_STOPS)
    """The cameras as the directory has them: the hub fills this in itself, whatever stands here."""


class PatrolWithdraw(CommandData):
    """Take a route back: no rounds of it any more. Its records stay."""

    route: ObjectId
    """Which."""
    reason: Text = Field(default="", max_length=200)
    """Why."""


class PatrolOpen(CommandData):
    """Have a round walked now, outside of the times."""

    route: ObjectId
    """Of which route."""


class PatrolTake(CommandData):
    """Walk a round, from where it stands."""

    round: ObjectId
    """Which."""
    relieves: ObjectId | None = None
    """Who walks it as far as one knows: he is relieved; null for nobody."""


class PatrolInterrupt(CommandData):
    """Leave off; another, or oneself, goes on from there."""

    round: ObjectId
    """Which."""
    reason: Text = Field(default="", max_length=200)
    """Why."""


class PatrolEnd(CommandData):
    """End a round with stops that nobody has looked at: it counts as not walked to its end, or as missed."""

    round: ObjectId
    """Which."""
    reason: Text = Field(min_length=1, max_length=200)
    """Why."""


class PatrolFinding(CommandData):
    """What was found at a stop, and what is to become of it."""

    becomes: Literal["report", "incident", "order"]
    """A report of one's own center, an incident that it takes in, or an order."""
    text: Text = Field(min_length=1, max_length=2000)
    """What is the matter; of an order: what is to be done."""
    title: Text = Field(default="", max_length=100)
    """Of an incident: in a few words; empty for the beginning of the text."""
    place: Text = Field(default="", max_length=200)
    """Where, in words; empty for the camera's name."""
    urgency: Priority = "normal"
    """How urgent it is."""
    category: ReportCategory | None = None
    """Of a report: what kind of trouble."""
    matter: IncidentCategory = "other"
    """Of an incident: what kind of matter."""
    targets: list[CenterCode] = Field(default_factory=list, max_length=2048, validate_default=True)
    """Of an order: who carries it out."""
    due: Moment | None = None
    """Of an incident or an order: by when; null for no date."""

    @field_validator("targets")
    @classmethod
    def _an_order_has_some(cls, targets: list[str], info: ValidationInfo) -> list[str]:
        if info.data.get("becomes") == "order" and not targets:
            raise PydanticCustomError("targets_needed", "an order needs somebody who carries it out")
        return targets


class PatrolCheck(CommandData):
    """Say what came of the stop at which one stands. It is said once."""

    round: ObjectId
    """Which round."""
    stop: int = Field(ge=1, le=MAX_STOPS)
    """Which stop, from 1 on: the one at which the round stands."""
    outcome: PatrolOutcome
    """`normal` only after the hub itself saw its picture flow to one for three seconds."""
    reason: Text = Field(default="", max_length=200, validate_default=True)
    """Why it could not be seen, or was left out."""
    finding: PatrolFinding | None = Field(default=None, validate_default=True)
    """Of a finding: what it is."""
    attachments: list[NamedObject] = attached()
    """Of a finding: the picture, and other files, uploaded before."""

    @field_validator("reason")
    @classmethod
    def _says_why(cls, reason: str, info: ValidationInfo) -> str:
        if info.data.get("outcome") in ("not_seen", "skipped") and not reason:
            raise PydanticCustomError("reason_needed", "say why it was not seen or left out")
        return reason

    @field_validator("finding")
    @classmethod
    def _finds_something(cls, finding: PatrolFinding | None, info: ValidationInfo) -> PatrolFinding | None:
        if (info.data.get("outcome") == "finding") != (finding is not None):
            raise PydanticCustomError("finding", "a finding says what was found, nothing else does")
        return finding


class PatrolSeen(CommandData):
    """The hub saw a camera's picture flow to who walks a round, while he stood at its stop."""

    round: ObjectId
    """Which round."""
    stop: int = Field(ge=1, le=MAX_STOPS)
    """Which stop, from 1 on."""
    camera: ObjectId
    """The camera."""
    account: ObjectId
    """To whom."""
    seconds: int = Field(ge=LEAST_SEEN_S, le=86_400)
    """How long, without a hole."""
    quality: PatrolQuality
    """How well."""


class PatrolStopTold(Wire):
    """A stop of a route."""

    camera: str
    name: str
    """Of the camera."""
    center: str
    """Whose camera it is."""
    center_name: str
    preset: PatrolPreset | None
    dwell_seconds: int
    look_for: str


class PatrolKept(Wire):
    """A route was made or put right."""

    route: str
    version: int
    """From 1 on."""
    center: str
    center_name: str
    title: str
    note: str
    stops: list[PatrolStopTold]
    times: list[PatrolTime]
    by_shift: bool
    within_minutes: int
    by: Author


class PatrolWithdrawn(Wire):
    """A route was taken back."""

    route: str
    center: str
    title: str
    reason: str
    by: Author


class PatrolTimed(Wire):
    """When the next round of a route begins."""

    route: str
    number: int
    """Counts what was said of this, so that a restart needs the last."""
    at: str | None
    """Null for never, as far as is known now."""


class PatrolUntimed(Wire):
    """What was said of the next round does not hold any more."""

    route: str
    number: int


class PatrolOpened(Wire):
    """A round can be walked."""

    round: str
    route: str
    version: int
    """Of the route: which stops."""
    title: str
    center: str
    center_name: str
    total: int
    """How many stops."""
    due: str
    by: Author | None
    """Who had it walked; null where it was its time."""


class PatrolTaken(Wire):
    """Somebody walks it from now on."""

    round: str
    route: str
    title: str
    center: str
    stop: int
    """At which stop he begins."""
    relieves: Author | None
    """Who walked it until then."""
    by: Author


class PatrolInterrupted(Wire):
    """Who walked it left off."""

    round: str
    route: str
    title: str
    center: str
    stop: int
    reason: str
    by: Author


class PatrolWasSeen(Wire):
    """The hub saw the picture flow to who walks it."""

    round: str
    stop: int
    camera: str
    account: str
    seconds: int
    quality: PatrolQuality


class PatrolMade(Wire):
    """What became of a finding."""

    what: Literal["report", "incident", "order"]
    id: str


class PatrolChecked(Wire):
    """What came of a stop."""

    round: str
    route: str
    title: str
    """Of the route."""
    center: str
    stop: int
    total: int
    camera: str
    camera_name: str
    camera_center: str
    camera_center_name: str
    outcome: PatrolOutcome
    reason: str
    seconds: int
    """How long the hub saw its picture flow to who says this, while he stood there; 0 for not at all."""
    quality: PatrolQuality | None
    """How well; null for not at all."""
    stayed: int
    """How many seconds he stood there."""
    text: str
    """Of a finding: what is the matter."""
    place: str
    urgency: Priority
    made: PatrolMade | None
    """Of a finding: what became of it."""
    attachments: list[NamedObject] = attached()
    by: Author


class PatrolFellDue(Wire):
    """It should be done by now, and is not."""

    round: str
    route: str
    title: str
    center: str
    state: PatrolState
    checked: int
    total: int


class PatrolEnded(Wire):
    """A round is over."""

    round: str
    route: str
    title: str
    center: str
    center_name: str
    state: PatrolState
    """`done`, `missed`, `unfinished` or `withdrawn`."""
    total: int
    normal: int
    finding: int
    not_seen: int
    skipped: int
    late: bool
    """After it was due."""
    reason: str
    by: Author | None
    """Null where the hub ended it."""


def counts(outcomes: list[str | None]) -> dict[str, Any]:
    """How often which outcome came."""
    return {name: outcomes.count(name) for name in OUTCOMES}
