"""Sweeps in numbers, boards and rows, visits, and what a phone is told in one go."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hub.dispatch.clearing_shapes import Outcome, Trouble
from hub.grids.errand_shapes import ErrandHeard, ErrandKind, ErrandState
from hub.grids.order_task_shapes import OrderTaskState
from hub.grids.registry import HouseholdCard
from hub.grids.sweep_form import Flag, FormField
from hub.grids.sweep_shapes import SweepSort
from hub.grids.visit_shapes import NextStep, VisitMade, VisitOutcome
from hub.objects.reference import NamedObject, attached
from hub.shapes import Author, Level, NamedCenter, Priority, Wire
from signaling.schemas.clearing_values import KeptColumn


class SweepCounts(Wire):
    """What came of households: `rows` are expected; what is in none of the outcomes is left."""

    rows: int
    persons: int
    """How many persons are expected."""
    met: int
    unchanged: int
    """Met, and nothing had changed; not in `met`."""
    phone: int
    absent: int
    refused: int
    gone: int
    seen: int
    """How many persons were seen or heard."""
    handed: int
    """Households that are the village's turn."""
    conflicts: int
    """Visits that wait for the grid leader to say which holds."""


class SweepTold(Wire):
    """A sweep in the numbers that one may read."""

    id: str
    title: str
    sort: SweepSort
    center: str
    note: str
    due: str | None
    days: int
    form: list[FormField]
    opened_at: str
    fallen_at: str | None
    """Since when it is late."""
    closed_at: str | None
    closed_by: Author | None
    reason: str
    """Why it was closed while households were left."""
    state: Literal["open", "closed", "forgotten"]
    """`forgotten`: what was answered is gone, the numbers stay."""
    by: Author
    counts: SweepCounts
    villages: int


class SweepPage(Wire):
    """A page of sweeps, newest first; `next` is the `before` of the following page."""

    sweeps: list[SweepTold]
    next: str | None
    seq: int


class SweepOpening(Wire):
    """A sweep is open."""

    sweep: str
    rows: int
    persons: int
    villages: int
    seq: int


class SweepReach(Wire):
    """How many households and persons a sweep would expect; nothing is written."""

    rows: int
    persons: int


class SweepLine(Wire):
    """A center or a grid, and what came of the households there and below."""

    key: str
    """Code of the center, or of the grid."""
    name: str
    level: Level | Literal["grid"]
    counts: SweepCounts
    people: list[str]
    """Of a grid: who answers for it, and who walks it."""


class SweepBoard(Wire):
    """A sweep, and what came of it by what stands next below `parent`: where the largest share is left comes first."""

    sweep: SweepTold
    parent: str
    name: str
    path: list[SweepStep]
    """From the sweep's center down to `parent`."""
    counts: SweepCounts
    """Of `parent` as a whole, as far as one may read."""
    lines: list[SweepLine]
    seq: int
    at: str


class SweepStep(Wire):
    """A center on the way down."""

    center: str
    name: str


class SweepRowTold(Wire):
    """A row of a sweep, and what came of it."""

    row: int
    household: str
    grid: str
    persons: int
    outcome: VisitOutcome | None
    seen: int
    tries: int
    next: NextStep
    conflict: bool
    base: int
    """The newest entry about it: what a visit names."""
    at: str | None
    by: str
    """Whose visit that was."""
    place: list[str]
    """Where it is; empty for who does not answer for its grid."""
    names: list[str]
    """Who lives there; empty for who does not answer for its grid."""


class SweepRows(Wire):
    """Rows of a sweep, by number; `next` is the `after` of the following page."""

    rows: list[SweepRowTold]
    next: int | None
    seq: int


class VisitFixed(Wire):
    """What was put right of a visit; what had been said before stays beside it."""

    seq: int
    outcome: VisitOutcome
    seen: int
    at: str
    by: str
    reason: str
    offline: bool
    answers: dict[str, str] | None
    """Answers that were put right; null where none were, or one does not answer for the grid."""
    note: str


class VisitTold(Wire):
    """A visit."""

    seq: int
    id: str
    sweep: str | None
    row: int | None
    grid: str
    outcome: VisitOutcome
    seen: int
    at: str
    recorded_at: str
    account: str
    by: str
    offline: bool
    late: bool
    conflict: bool
    seconds: int
    flags: list[Flag]
    photos: list[NamedObject]
    found: VisitMade | None
    answers: dict[str, str] | None
    """What was answered; null where nothing was, or one does not answer for the grid."""
    note: str
    holds: bool
    """Whether it is the one that counts."""
    corrected: list[VisitFixed]
    """What was put right of it, the oldest first."""


class DoorVisit(VisitTold):
    """A visit of a household outside of sweeps."""

    open: bool
    """Whether it did not know of the one that counts, and nobody has said yet which holds."""


class DoorVisits(Wire):
    """Visits of a household outside of sweeps, newest first."""

    household: str
    grid: str
    base: int
    """The newest entry about it; 0 before the first."""
    visits: list[DoorVisit]


class Visits(Wire):
    """Visits of a row, newest first."""

    visits: list[VisitTold]
    row: SweepRowTold


class VisitTaken(Wire):
    """What became of one visit that was sent."""

    id: str
    seq: int | None
    """Its entry; null where it was refused."""
    visit: str | None
    conflict: bool
    """Whether another said something meanwhile: both are kept."""
    found: VisitMade | None
    error: VisitRefused | None
    """Why it was refused; then it is not in the journal. `unavailable` and `too_many`: send it again."""


class VisitRefused(Wire):
    """Why."""

    code: str
    message: str
    field: str | None


class VisitsTaken(Wire):
    """What became of visits that were sent, in their order."""

    results: list[VisitTaken]
    seq: int


class DayCounts(Wire):
    """Visits of some days; what forms took is counted of forms, never of who fills them in."""

    visits: int
    met: int
    unchanged: int
    phone: int
    absent: int
    refused: int
    gone: int
    offline: int
    """Told later, from where there was no line."""
    seconds: int
    """How long forms were open, together."""


class VisitDaysLine(Wire):
    """A center with all below it."""

    center: str
    name: str
    level: Level
    counts: DayCounts


class VisitDays(Wire):
    """Visits of some days (UTC), by what stands next below `parent`."""

    parent: str
    first: str
    last: str
    counts: DayCounts
    lines: list[VisitDaysLine]
    seq: int


class FormReady(Wire):
    """A form that is ready to be used."""

    key: str
    zh: str
    en: str
    form: list[FormField]


class FormsReady(Wire):
    """Forms that are ready to be used."""

    forms: list[FormReady]


class WorkGrid(Wire):
    """A grid that one walks."""

    grid: str
    name: str
    village: str
    village_name: str
    leads: bool
    """Whether one answers for it."""
    people: list[Runner]
    """Who walks it, whoever leads it first."""


class Runner(Wire):
    """Somebody who does errands in a grid."""

    account: str
    name: str


class WorkSweep(Wire):
    """A sweep that is walked."""

    sweep: str
    title: str
    sort: SweepSort
    note: str
    due: str | None
    closed_at: str | None
    """Since when nobody is visited for it any more; what was before is still taken."""
    form: list[FormField]


class WorkRow(Wire):
    """A row of one's own grids, and what is to be done about it."""

    sweep: str
    row: int
    household: str
    grid: str
    outcome: VisitOutcome | None
    seen: int
    tries: int
    next: NextStep
    conflict: bool
    base: int
    at: str | None
    ask: list[str]
    """Keys of answers that must be asked now: nothing that is fresh."""


class ErrandTold(Wire):
    """An errand."""

    errand: str
    center: str
    grid: str
    household: str
    kind: ErrandKind
    state: ErrandState
    due: str | None
    asked_at: str
    by: Author
    """Who wrote it down."""
    taker: str | None
    """Account of who does it, or did."""
    taker_name: str
    taken_at: str | None
    over_at: str | None
    urgent: bool
    handed_by: str
    """Who handed it on last; empty for nobody."""
    photos: list[NamedObject]
    cents: int | None
    late: bool
    """Whether it was done later than it was wanted."""
    stars: int | None
    heard: ErrandHeard | None
    """How the household said what it thinks of it."""
    reason: str
    """Why it was handed on, or came to nothing."""
    grid_name: str
    center_name: str
    place: list[str]
    """Where it is to be done, as far as one sees the registry; a phone has that with its households."""
    names: list[str]
    """Who asks, likewise."""
    text: str | None = Field(repr=False)
    """What was asked for; null for who may not do it, and once it is forgotten."""
    said: str | None = Field(repr=False)
    """What was said when it was done; null for who may not do it."""
    runs: bool
    """Whether one may do something about it."""


class ErrandOne(ErrandTold):
    """One errand, whole."""

    people: list[Runner]
    """Who walks its grid, for who may hand it on."""
    seq: int


class ErrandSums(Wire):
    """Errands in numbers: those that go on by state, late and urgent ones among them, and what was over within 30 days."""

    asked: int
    taken: int
    handed: int
    late: int
    urgent: int
    done: int
    dropped: int
    rated: int
    """How many of those that were done are rated."""
    stars: int
    """Their stars together."""


class ErrandLine(Wire):
    """Errands of what stands next below a center."""

    key: str
    """Code of the center, or of the grid."""
    name: str
    level: str
    counts: ErrandSums


class ErrandKindSums(Wire):
    """Errands of a kind."""

    kind: ErrandKind
    counts: ErrandSums


class ErrandCounts(Wire):
    """Errands in numbers by what stands next below a center, most of them late first."""

    parent: str
    name: str
    path: list[NamedCenter]
    counts: ErrandSums
    kinds: list[ErrandKindSums]
    lines: list[ErrandLine]
    at: str
    seq: int


class ErrandPage(Wire):
    """A page of errands, newest first; `next` is the `before` of the following page."""

    errands: list[ErrandTold]
    next: int | None
    seq: int


class ErrandWritten(Wire):
    """An errand is written down."""

    errand: str
    seq: int


class GridTaskTold(Wire):
    """An order in a grid."""

    task: str
    order: str
    center: str
    grid: str
    grid_name: str
    state: OrderTaskState
    note: str
    """What is to be done there, besides what the order says."""
    given_at: str
    by: Author
    """Who passed it on."""
    signed_at: str | None
    signed_by: str
    told_at: str | None
    """When something was said of it last."""
    told_by: str
    text: str
    """What was said last."""
    photos: list[NamedObject]
    over_at: str | None
    reason: str
    """Why it was taken back; `completed` or `withdrawn` where it ended with its order, `secret` with its meeting's level."""


class GridTasks(Wire):
    """Where an order is in grids, by grid."""

    tasks: list[GridTaskTold]
    seq: int


class WorkTask(GridTaskTold):
    """An order in one's own grid, with what it says."""

    number: str
    says: str
    priority: Priority
    due: str | None
    issuer: str
    attachments: list[NamedObject] = attached()
    """What came with the order."""


class WorkOrder(Wire):
    """An order to the village that is not carried out yet."""

    order: str
    number: str
    text: str
    priority: Priority
    due: str | None
    state: str
    issuer: str


class WorkList(Wire):
    """A list of people of which the village checks rows, in numbers."""

    clearing: str
    village: str
    title: str
    note: str
    """What is to be done."""
    due: str | None
    total: int
    """Rows of the whole village."""
    left: int
    """Those of which nothing is known yet."""
    delete_at: str
    """When its rows are gone: from phones, too."""
    columns: list[KeptColumn]
    """What its rows tell; empty where none lies with one's grids."""


class WorkListRow(Wire):
    """A row of a list that lies with one's grids, in full."""

    clearing: str
    row: int
    grid: str
    household: str | None
    """Where the registry knows him; null where it knows only the building, or nothing."""
    who: str = Field(repr=False)
    """His name, telephone and address, each empty where the list does not tell it."""
    phone: str = Field(repr=False)
    where: str = Field(repr=False)
    values: list[str] = Field(repr=False)
    """As the list's columns."""
    outcome: Outcome | None
    trouble: Trouble | None
    text: str | None = Field(repr=False)
    """What was written about it."""
    at: str | None


class WorkDoor(Wire):
    """What was said last of a household outside of sweeps."""

    household: str
    outcome: VisitOutcome
    base: int
    """The newest entry about it: what a visit, or a correction, names."""
    at: str
    by: str
    """Whose visit that was."""
    conflict: bool
    """Whether several said something that did not know of each other."""


class WorkSaid(Wire):
    """What the phone's owner said today of a household."""

    seq: int
    sweep: str | None
    row: int | None
    household: str
    outcome: VisitOutcome
    seen: int
    at: str
    offline: bool
    conflict: bool
    photos: list[NamedObject]
    answers: dict[str, str] | None
    note: str
    corrected: list[VisitFixed]
    """What was put right of it, the oldest first."""
    base: int
    """What a correction names; 0 where something newer was said."""


class WorkMember(Wire):
    """Somebody who walks a grid that the phone's owner answers for."""

    grid: str
    account: str
    name: str
    heard: bool
    """Whether his phone was heard within the last minutes."""
    visits: int
    """How many visits he has told of today."""
    reached: int
    last: str | None


class GridWork(Wire):
    """All that a phone holds: its grids alone, with the households in the order in which they are walked."""

    seq: int
    at: str
    grids: list[WorkGrid]
    cards: list[HouseholdCard] = Field(repr=False)
    sweeps: list[WorkSweep]
    rows: list[WorkRow]
    errands: list[ErrandTold]
    """Those that go on, and for some days those that are over."""
    tasks: list[WorkTask]
    """Orders that the village passed on, likewise."""
    orders: list[WorkOrder]
    lists: list[WorkList]
    list_rows: list[WorkListRow] = Field(repr=False)
    """Rows of these lists that lie with one's grids, also those that are done, by list and number."""
    doors: list[WorkDoor]
    """Households that were visited outside of sweeps."""
    said: list[WorkSaid] = Field(repr=False)
    """What one has said today, newest first."""
    team: list[WorkMember]
    """Of who answers for grids: the people that walk them."""
