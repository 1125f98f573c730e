"""What commands and entries about visits (走访) hold: what came of a row, which fields were answered, never what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.fields import Moment, ObjectId, Text
from hub.grids.sweep_form import FLAGS, MAX_ANSWERS, Flag
from hub.grids.sweep_shapes import GridNumber, RowNumber, SweepId
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData
from hub.shapes import Author, Priority, Wire

#: Seen at the door; seen, and nothing has changed; reached by phone; nobody there; does not want to; nobody lives there now.
VisitOutcome = TypeAliasType(
    "VisitOutcome", Literal["met", "unchanged", "phone", "absent", "refused", "gone"]
)
OUTCOMES: Final[tuple[VisitOutcome, ...]] = get_args(VisitOutcome.__value__)
#: After these a household counts as reached.
REACHED: Final[frozenset[VisitOutcome]] = frozenset({"met", "unchanged", "phone", "gone"})
#: What is to be done about a household next: visit it, visit it again, call it, the village's turn; nothing.
NextStep = TypeAliasType("NextStep", Literal["visit", "again", "phone", "village", "none"])

#: A clock may be so much ahead, and a visit so old.
MOST_AHEAD: Final = timedelta(minutes=5)
MOST_BACK: Final = timedelta(days=7)
#: Times that nobody was there, before one calls; then the village takes over.
TRIES: Final = 3
MAX_SEEN: Final = 200
#: Of visits of a household that wait to be settled, the newest.
MAX_OTHERS: Final = 50
#: A form that takes an hour is one that was left lying open.
MAX_SECONDS: Final = 3600
VisitId = Annotated[ObjectId, StringConstraints(pattern=r"^vi_")]
HouseholdId = Annotated[ObjectId, StringConstraints(pattern=r"^hh_")]
Commitment = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
AnswerKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}(@pe_[0-9a-z]{18})?$")]


class VisitFinding(CommandData):
    """What was found, and what is to become of it."""

    becomes: Literal["report", "incident"] = "report"
    """A report of the village, or an incident that it takes in."""
    text: Text = Field(min_length=1, max_length=500)
    """What is the matter; nobody's name."""
    urgency: Priority = "normal"
    """How urgent it is."""


class VisitOther(CommandData):
    """A visit that did not know of what had been said before."""

    seq: int = Field(ge=1)
    """Its entry."""
    outcome: VisitOutcome
    """What came of it."""
    seen: int = Field(ge=0)
    """How many persons were seen."""
    account: ObjectId
    """Whose it was."""


class VisitLast(VisitOther):
    """What holds of a household outside of sweeps. The hub looks it up."""

    seq: int = Field(ge=1)
    """The newest entry that says so."""
    holds: int = Field(ge=1)
    """The entry of the visit that it speaks of."""
    at: Moment
    """When that was written."""
    others: list[VisitOther] = Field(default_factory=list, max_length=MAX_OTHERS)
    """Those that wait to be settled, the oldest first."""


class OfVisit(CommandData):
    """Base of what is said about visits: of a sweep's row, or of a household outside of any."""

    sweep: SweepId | None = None
    """For which sweep; null for a household met outside of any."""
    row: RowNumber | None = Field(default=None, validate_default=True)
    """Of a sweep: the row."""
    household: HouseholdId | None = Field(default=None, validate_default=True)
    """Outside of sweeps: the household."""
    grid: GridNumber | None = None
    """Outside of sweeps: its grid; the hub fills this in itself, whatever stands here."""
    last: VisitLast | None = None
    """Outside of sweeps: what was said last; the hub fills this in itself, whatever stands here."""

    @field_validator("row")
    @classmethod
    def _a_row_of_a_sweep(cls, row: int | None, info: ValidationInfo) -> int | None:
        if (info.data.get("sweep") is None) != (row is None):
            raise PydanticCustomError("row", "a sweep has rows, and nothing else has")
        return row

    @field_validator("household")
    @classmethod
    def _a_household_of_none(cls, household: str | None, info: ValidationInfo) -> str | None:
        if (info.data.get("sweep") is None) != (household is not None):
            raise PydanticCustomError("household", "a visit is of a sweep's row or of a household")
        return household


class VisitRecord(OfVisit):
    """Say what came of a visit. What was answered stands sealed elsewhere."""

    outcome: VisitOutcome
    """What came of it."""
    seen: int = Field(default=0, ge=0, le=MAX_SEEN)
    """How many persons were seen, or heard by phone."""
    base: int = Field(default=0, ge=0)
    """The newest entry about this row or household that was known at the door; 0 for none."""
    occurred_at: Moment | None = None
    """When it was, by the phone's clock; null for now."""
    offline: bool = False
    """Whether there was no line at the door."""
    seconds: int = Field(default=0, ge=0, le=MAX_SECONDS)
    """How long the form was open. Of forms it is counted, of nobody who fills them in."""
    flags: list[Flag] = Field(default_factory=list, max_length=len(FLAGS))
    """What it gives reason to look at. What answers give reason for the hub adds itself."""
    finding: VisitFinding | None = None
    """What was found."""
    photos: list[NamedObject] = attached()
    """Pictures, uploaded before."""
    asked: list[AnswerKey] = Field(default_factory=list, max_length=MAX_ANSWERS)
    """Which fields were answered; the hub fills this in itself, whatever stands here."""
    commitment: Commitment | None = None
    """What commits to the answers; the hub fills this in itself, whatever stands here."""


class VisitCorrect(OfVisit):
    """Put right what was said last. What was said before is kept beside it."""

    base: int = Field(ge=1)
    """The entry that is put right: the newest about this row or household."""
    outcome: VisitOutcome
    """What really came of it."""
    seen: int = Field(default=0, ge=0, le=MAX_SEEN)
    """How many persons were seen."""
    reason: Text = Field(min_length=1, max_length=200)
    """Why; nobody's name."""
    offline: bool = False
    """Whether there was no line when it was put right."""
    flags: list[Flag] = Field(default_factory=list, max_length=len(FLAGS))
    """What the answers that are put right give reason to look at; the hub fills this in itself, whatever stands here."""
    asked: list[AnswerKey] = Field(default_factory=list, max_length=MAX_ANSWERS)
    """Which answers are put right; the hub fills this in itself, whatever stands here."""
    commitment: Commitment | None = None
    """What commits to them; the hub fills this in itself, whatever stands here."""


class VisitSettle(OfVisit):
    """Of several visits of the same household, none of which knew of the other, say which holds. All are kept."""

    holds: int = Field(ge=1)
    """The entry of the visit that holds."""


class VisitMade(Wire):
    """What became of a finding."""

    what: Literal["report", "incident"]
    id: str


class VisitRecorded(Wire):
    """A household was visited, or nobody was there."""

    visit: str
    sweep: str | None
    row: int | None
    household: str | None
    """Outside of sweeps: which."""
    center: str
    """The village."""
    grid: str
    part: int
    """Of a sweep: how often its village was folded before."""
    outcome: VisitOutcome
    seen: int
    tries: int
    """How often nobody was there, this time included."""
    handed: bool
    """Whether it is the village's turn now."""
    was: VisitOutcome | None
    """What had come of the row before."""
    was_seen: int
    was_handed: bool
    conflict: bool
    """Whether it did not know of what had been said before by another: both are kept, what was said first counts until the
    grid leader says otherwise."""
    late: bool
    """Whether it was after the sweep was due."""
    occurred_at: str
    day: str = ""
    """The day on which it counts, where the hub is; empty in what was written before: there that of UTC."""
    offline: bool
    seconds: int
    flags: list[Flag]
    asked: list[str]
    photos: list[NamedObject] = attached()
    commitment: str | None
    found: VisitMade | None


class VisitCorrected(Wire):
    """What was said last about a row, or a household outside of sweeps, was put right."""

    sweep: str | None
    row: int | None
    household: str | None = None
    """Outside of sweeps: which."""
    center: str
    grid: str
    part: int
    corrects: int
    """The entry that is put right."""
    outcome: VisitOutcome
    seen: int
    was: VisitOutcome
    was_seen: int
    was_handed: bool
    handed: bool
    tries: int
    reason: str
    offline: bool = False
    flags: list[Flag] = Field(default_factory=list)
    asked: list[str] = Field(default_factory=list)
    """Which answers were put right."""
    commitment: str | None = None
    found: VisitMade | None = None
    by: Author


class VisitSettled(Wire):
    """Of several visits one holds."""

    sweep: str | None
    row: int | None
    household: str | None = None
    """Outside of sweeps: which."""
    center: str
    grid: str
    part: int
    holds: int
    """The entry of the visit that holds."""
    settles: int
    """How many visits of the row did not know of the one that counted so far."""
    account: str
    """Whose visit that was."""
    outcome: VisitOutcome
    seen: int
    tries: int
    handed: bool
    was: VisitOutcome
    was_seen: int
    was_handed: bool
    by: Author
