"""What commands and entries about alarms hold."""

from __future__ import annotations

from typing import Final, Literal, get_args

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.fields import CenterCode, ObjectId
from hub.ruling import CommandData
from hub.shapes import Author, NamedCenter, Wire

#: What is the matter: 有情况; many stations of a meeting gone at once; an order past its due; a disk that fills; a recording
#: that does not record; a media node or the recorder that is away; a backup that failed; a certificate that runs out;
#: checkpoints that do not reach the machine that keeps them; recorded files or objects that are damaged or missing; a second
#: copy whose storage takes nothing; a round of a patrol, or a sweep, that is not done by its time; an important camera that
#: gives no picture.
AlarmKind = TypeAliasType(
    "AlarmKind",
    Literal[
        "situation",
        "lost",
        "overdue",
        "disk",
        "unrecorded",
        "service",
        "backup",
        "certificate",
        "checkpoints",
        "damaged",
        "copies",
        "patrol",
        "sweep",
        "camera",
    ],
)
#: Nobody has acknowledged it; somebody has; it is over.
AlarmState = TypeAliasType("AlarmState", Literal["open", "acknowledged", "cleared"])
ALARM_STATES: Final[tuple[str, ...]] = get_args(AlarmState.__value__)
Severity = TypeAliasType("Severity", Literal["critical", "warning"])
#: Why an alarm is over: its center reports that all is well again; the order is completed; what it was about has passed;
#: it was acknowledged long ago and nothing more was heard.
ClearedWhy = TypeAliasType("ClearedWhy", Literal["normal", "completed", "passed", "aged"])


class AlarmAcknowledge(CommandData):
    """Say that one has seen an alarm and takes care of it."""

    alarm: ObjectId
    """The alarm."""


class AlarmDeliver(CommandData):
    """Tell that a desk shows an alarm to its person; only the first counts."""

    alarm: ObjectId
    """The alarm."""


class AlarmRaise(CommandData):
    """Raise an alarm about the hub itself or a meeting."""

    kind: Literal[
        "lost",
        "disk",
        "unrecorded",
        "service",
        "backup",
        "certificate",
        "checkpoints",
        "damaged",
        "copies",
        "camera",
    ]
    """What is the matter."""
    subject: str = Field(min_length=1, max_length=100)
    """What it is about: of each there is one alarm at a time."""
    center: CenterCode | None = None
    """At which center something is the matter; null for the hub itself, or the meeting."""
    words: dict[str, str | int] = Field(default_factory=dict, max_length=8)
    """What there is to say of it, as values that pages put into words."""


class AlarmClear(CommandData):
    """What an alarm about the hub or a meeting was raised for is over."""

    subject: str = Field(min_length=1, max_length=100)
    """What it was about."""


class AlarmAdvance(CommandData):
    """Do what has come due: raise what is overdue, escalate what nobody acknowledged, lay aside what is long done."""


class AlarmRaised(Wire):
    """There is an alarm."""

    alarm: str
    kind: AlarmKind
    severity: Severity
    center: str
    """The center that it is about."""
    name: str
    owner: NamedCenter
    """Who has to answer it first."""
    subject: str | None
    report: str | None
    order: str | None
    text: str
    """What a person wrote of it; empty where nobody did."""
    words: dict[str, str | int]
    escalates_at: str | None
    """When it goes one level up unless somebody acknowledges it; null at the top."""


class AlarmDelivered(Wire):
    """The first desk shows it."""

    alarm: str
    by: Author


class AlarmAcknowledged(Wire):
    """Somebody has seen it."""

    alarm: str
    by: Author


class AlarmOrdered(Wire):
    """An order was issued that follows from it."""

    alarm: str
    order: str
    by: Author


class AlarmEscalated(Wire):
    """Nobody at the levels before has acknowledged it: this center has to."""

    alarm: str
    center: str
    name: str
    escalates_at: str | None


class AlarmCleared(Wire):
    """It is over."""

    alarm: str
    why: ClearedWhy
