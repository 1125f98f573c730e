"""Orders, reports, alarms, decisions, notes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.dispatch.alarm_shapes import AlarmKind, AlarmState, ClearedWhy, Severity
from hub.dispatch.decision_shapes import DecisionState
from hub.dispatch.order_shapes import IssuedUnder
from hub.dispatch.report_shapes import ReportCategory
from hub.objects.reference import NamedObject
from hub.plans.wordings import WordingFields
from hub.shapes import About, Author, NamedCenter, Priority, Situation, Wire

OrderState = TypeAliasType(
    "OrderState",
    Literal["issued", "delivered", "signed", "returned", "in_progress", "completed", "accepted"],
)
#: What a word of an order's target is: of the center about its work, or what was said to it.
ProgressKind = TypeAliasType(
    "ProgressKind",
    Literal["progress", "completed", "returned", "urged", "asked", "granted", "refused"],
)


class Progress(Wire):
    """What a center said while it carried out an order, or was told about it."""

    at: str
    text: str
    percent: int | None
    by: str
    kind: ProgressKind = "progress"
    due: str | None = None
    """Of one that asked for more time, or was given it: until when."""
    attachments: list[NamedObject] = Field(default_factory=list)


class Below(Wire):
    """How far the orders are that passed one down; those that were withdrawn do not count."""

    orders: int
    targets: int
    signed: int
    done: int


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
    delivered_at: str | None = None
    """When a page of it first showed the order."""
    accepted_at: str | None = None
    due: str | None = None
    """By when it has to be done, where it was given more time than the others."""
    asked_due: str | None = None
    """Until when it asks for more time; null where it does not, or was answered."""
    returns: int = 0
    """How often what it had completed was returned."""
    urges: int = 0
    """How often it was reminded."""
    below: list[Below] = Field(default_factory=list)
    """Where it passed the order down: of its own orders, then of those that passed these down in turn."""


class OrderParent(Wire):
    """The order that one passes down."""

    order: str
    number: str
    center_name: str
    withdrawn: bool = False


class OrderEvent(Wire):
    """Who did it, and when."""

    at: str
    by: Author


class OrderEnd(Wire):
    """Who withdrew an order, when and why."""

    at: str
    by: Author
    reason: str


class OrderLevel(Wire):
    """The center above the issuer's that was asked last to look at an order that stays late."""

    at: str
    center: str
    name: str


class OrderVersion(Wire):
    """What an order said before it was put right, and who did that, when and why."""

    at: str
    by: Author
    reason: str
    text: str
    priority: Priority
    due: str | None


class Order(Wire):
    """An order; its own `state` is that of its slowest target."""

    id: str
    seq: int = 0
    """The entry that it stands by in the record of its meeting."""
    meeting: str | None
    number: str = ""
    """As it is written on it; empty for one of before there were numbers, which nobody accepts either."""
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
    drill: bool = False
    """Whether it was given in a drill."""
    parent: OrderParent | None = None
    supervised: OrderEvent | None = None
    escalated: OrderLevel | None = None
    withdrawn: OrderEnd | None = None
    versions: list[OrderVersion] = Field(default_factory=list)
    """What it said before, the first first."""


class OrderCounts(Wire):
    """How far an order is: of the targets that one sees, how many."""

    targets: int
    signed: int
    returned: int
    """Sent back, and not taken up again."""
    done: int
    accepted: int
    late: int
    asked: int
    """How many ask for more time."""


class OrderGrids(Wire):
    """How far an order is in grids; what was taken back from one does not count."""

    given: int
    """In how many it is."""
    done: int
    """In how many of them it is done."""


class OwnPart(Wire):
    """One's own center as a target."""

    state: OrderState
    due: str | None
    returns: int
    urges: int


class OrderLine(Wire):
    """An order in the ledger: all but what single targets did."""

    id: str
    meeting: str | None
    number: str
    text: str
    priority: Priority
    due: str | None
    issuer: Author
    issued_at: str
    parent: IssuedUnder | None
    supervised: bool
    escalated: OrderLevel | None
    withdrawn: bool
    corrected: bool
    ended: bool
    """Nothing more is to be done about it, by anybody."""
    counts: OrderCounts
    own: OwnPart | None
    grids: OrderGrids | None = None
    """Where villages passed it on to grids that one sees."""
    drill: bool = False
    """Whether it was given in a drill."""


class OrderSums(Wire):
    """How many orders are so, by the same filter but that of the state."""

    open: int
    unsigned: int
    late: int
    check: int
    asked: int


class OrderNumbering(Wire):
    """How the orders of one's own center are numbered."""

    pattern: str
    own: bool
    """Whether it is a pattern of its own; else it is made from the center's name."""
    next: str
    """The number that the next order gets."""


class OrderWording(WordingFields):
    """What an order may begin from (指令模板)."""

    id: str
    by: Author
    """Who saved it last."""
    at: str
    seq: int
    """The entry that saved it: who changes it names this."""


class Report(Wire):
    """What a center reported."""

    id: str
    seq: int = 0
    """The entry that it stands by in the record of its meeting."""
    meeting: str | None
    situation: Situation
    text: str
    center: str
    name: str
    at: str
    account: str
    attachments: list[NamedObject] = Field(default_factory=list)
    category: ReportCategory | None = None
    """What kind of trouble; null where nobody said."""
    place: str = ""
    """Where, in words; empty: at the center."""
    persons: int | None = None
    """How many people it concerns; null where nobody said."""
    urgency: Priority = "normal"
    task: str | None = None
    """The task that it answers."""
    drill: bool = False
    """Whether it was made in a drill."""


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
    drill: bool = False
    """Whether it comes from a drill."""


class Decision(Wire):
    """What was decided, or is proposed to be, and by whom."""

    id: str
    seq: int = 0
    """The entry that it stands by in the record of its meeting."""
    meeting: str | None
    text: str
    by: Author
    at: str
    """When it was recorded: the second at which the meeting stands by it."""
    state: DecisionState = "confirmed"
    basis: list[About] = Field(default_factory=list)
    """The reports, alarms and incidents that it rests on."""
    responsible: list[NamedCenter] = Field(default_factory=list)
    """Who carries it out; how far they are is said by the orders that are about it."""
    amends: str | None = None
    """The decision of this meeting that it takes the place of."""
    amended_by: str | None = None
    """The decision that took its place."""
    confirmed_by: Author | None = None
    """Null for a draft, and for what was recorded before there were drafts."""
    confirmed_at: str | None = None


class Note(Wire):
    """A remark at a moment of a meeting."""

    id: str
    meeting: str | None
    text: str
    by: Author
    at: str
