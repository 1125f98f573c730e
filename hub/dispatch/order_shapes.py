"""What commands and entries about orders hold."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData
from hub.shapes import About, Author, NamedCenter, Priority, Wire

#: The most targets one order has.
MAX_TARGETS: Final = 2048
#: Longest reason or reminder, in characters.
MAX_REASON: Final = 500


def _some_targets() -> Any:
    return Field(default_factory=list, max_length=MAX_TARGETS)


class OrderIssue(CommandData):
    """Give an order to centers of one's own subtree."""

    text: Text = Field(min_length=1, max_length=2000)
    """What is to be done."""
    priority: Priority = "normal"
    """How urgent it is."""
    due: Moment | None = None
    """By when; null for no date."""
    targets: list[CenterCode] = Field(min_length=1, max_length=MAX_TARGETS)
    """Codes of the centers that carry it out. Repetitions count once."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""
    about: About | None = None
    """The report or alarm that it follows from; null for none."""
    parent: ObjectId | None = None
    """The order to one's own center that is passed down by this one; null for none."""
    later: bool = False
    """Of one that passes another down: whether it may be due later than that."""


class OrderDeliver(CommandData):
    """Tell that a page of a target shows the order to its person; only the first counts."""

    order: ObjectId
    """The order."""


class OrderSign(CommandData):
    """Sign for an order: it was received and understood."""

    order: ObjectId
    """The order."""


class OrderProgress(CommandData):
    """Report progress on an order."""

    order: ObjectId
    """The order."""
    text: Text = Field(min_length=1, max_length=2000)
    """What was done."""
    percent: int | None = Field(default=None, ge=0, le=100)
    """How much of it is done, if that can be said."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""


class OrderComplete(CommandData):
    """Report an order done."""

    order: ObjectId
    """The order."""
    text: Text = Field(default="", max_length=2000)
    """With what result."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""


class OrderAccept(CommandData):
    """Accept what targets have reported done."""

    order: ObjectId
    """The order."""
    centers: list[CenterCode] = _some_targets()
    """Codes of the targets; none for all that have reported it done."""


class OrderReturn(CommandData):
    """Send back to a target what it reported done: it goes on with it."""

    order: ObjectId
    """The order."""
    center: CenterCode
    """The target."""
    reason: Text = Field(min_length=1, max_length=MAX_REASON)
    """What is missing."""


class OrderUrge(CommandData):
    """Remind targets that have not done yet what they should."""

    order: ObjectId
    """The order."""
    whom: Literal["named", "unsigned", "late", "open"] = "named"
    """Those named, or all that have not signed, that are late, or that have not completed it."""
    centers: list[CenterCode] = _some_targets()
    """Codes of those named."""
    text: Text = Field(default="", max_length=MAX_REASON)
    """What is said to them."""


class OrderSupervise(CommandData):
    """Mark an order as supervised, or take the mark off."""

    order: ObjectId
    """The order."""
    on: bool
    """Whether it is supervised from now on."""


class OrderWithdraw(CommandData):
    """Withdraw an order: nothing more is to be done; what was signed and reported stays in the record."""

    order: ObjectId
    """The order."""
    reason: Text = Field(min_length=1, max_length=MAX_REASON)
    """Why."""


class OrderCorrect(CommandData):
    """Put an order right: this holds from now on, what it said before stays readable."""

    order: ObjectId
    """The order."""
    text: Text = Field(min_length=1, max_length=2000)
    """What is to be done."""
    priority: Priority
    """How urgent it is."""
    due: Moment | None
    """By when; null for no date. Another date holds for all targets, those that were given more time included."""
    reason: Text = Field(min_length=1, max_length=MAX_REASON)
    """Why it is put right."""


class ExtensionAsk(CommandData):
    """Ask for more time for an order; asked again, it is asked anew."""

    order: ObjectId
    """The order."""
    due: Moment
    """Until when."""
    reason: Text = Field(min_length=1, max_length=MAX_REASON)
    """Why."""


class ExtensionGrant(CommandData):
    """Give a target more time."""

    order: ObjectId
    """The order."""
    center: CenterCode
    """The target that asked."""
    due: Moment | None = None
    """Until when; null for the moment that it asked for."""


class ExtensionRefuse(CommandData):
    """Give a target no more time."""

    order: ObjectId
    """The order."""
    center: CenterCode
    """The target that asked."""
    reason: Text = Field(default="", max_length=MAX_REASON)
    """Why not."""


class IssuedUnder(Wire):
    """The order that another one passes down."""

    order: str
    number: str
    center_name: str
    """Name of the center that issued it."""


class OrderIssued(Wire):
    """An order was issued."""

    order: str
    text: str
    priority: Priority
    due: str | None
    targets: list[NamedCenter]
    issuer: Author
    attachments: list[NamedObject] = attached()
    about: About | None = None
    number: str = ""
    """As it is written on it: 岳指〔2026〕12号."""
    year: int = 0
    serial: int = 0
    """Which of that center in that year."""
    parent: IssuedUnder | None = None
    above: list[NamedCenter] = Field(default_factory=list)
    """The centers above the issuer's, the nearest first."""
    checked: bool = False
    """Whether what is completed has to be accepted."""


class OrderDelivered(Wire):
    """A page of the target has shown the order."""

    order: str
    center: str
    name: str
    account_name: str


class OrderSigned(Wire):
    """A center signed for an order."""

    order: str
    center: str
    name: str
    account_name: str


class OrderProgressed(Wire):
    """A center told how far it is."""

    order: str
    center: str
    name: str
    account_name: str
    text: str
    percent: int | None
    attachments: list[NamedObject] = attached()


class OrderCompleted(Wire):
    """A center carried out an order."""

    order: str
    center: str
    name: str
    account_name: str
    text: str
    attachments: list[NamedObject] = attached()


class OrderAccepted(Wire):
    """What these centers did was looked at and is good."""

    order: str
    centers: list[str]
    by: Author


class OrderReturned(Wire):
    """A center has to go on with an order."""

    order: str
    center: str
    name: str
    reason: str
    by: Author


class OrderUrged(Wire):
    """These centers were reminded of an order."""

    order: str
    centers: list[str]
    text: str
    by: Author


class OrderSupervised(Wire):
    """An order is supervised from now on, or is not any more."""

    order: str
    on: bool
    by: Author


class OrderEscalated(Wire):
    """An order is late, and so long already that a level above is asked to look at it."""

    order: str
    center: str
    """The center that is asked."""
    name: str
    level: int
    """How many levels have been asked with it."""
    late: int
    """How many targets are late, of so many."""
    of: int


class OrderWithdrawn(Wire):
    """An order holds no more."""

    order: str
    reason: str
    by: Author


class OrderCorrected(Wire):
    """An order says this from now on."""

    order: str
    text: str
    priority: Priority
    due: str | None
    reason: str
    by: Author


class ExtensionAsked(Wire):
    """A center asks for more time."""

    order: str
    center: str
    name: str
    account_name: str
    due: str
    reason: str


class ExtensionGranted(Wire):
    """A center has more time."""

    order: str
    center: str
    name: str
    due: str
    by: Author


class ExtensionRefused(Wire):
    """A center has no more time."""

    order: str
    center: str
    name: str
    reason: str
    by: Author
