"""Bodies of questions about sweeps and visits."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.fields import CenterCode, Moment, Text
from hub.grids.errand_shapes import ErrandId, ErrandKind
from hub.grids.registry import HouseholdKind, Residence
from hub.grids.sweep_form import MAX_ANSWER, MAX_ANSWERS, MAX_FIELDS, FormField
from hub.grids.sweep_shapes import MAX_DAYS, MAX_TITLE, GridNumber, SweepSort
from hub.grids.visit_shapes import AnswerKey, HouseholdId, VisitCorrect, VisitRecord
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData

#: Visits of one request; a phone that was away for days sends several.
MAX_VISITS = 50
CommandId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]


class SweepAsked(CommandData):
    """Open a sweep: whom it expects is fixed now."""

    id: CommandId
    """Made by who sends it: sent again, it is opened once."""
    title: Text = Field(min_length=1, max_length=MAX_TITLE)
    """What people call it."""
    sort: SweepSort
    """Whether all households of the area are visited, or certain ones."""
    note: Text = Field(default="", max_length=500)
    """What is to be looked at; no person is to stand in it."""
    center: CenterCode
    """The area: all villages at and below this center."""
    due: Moment | None = None
    """By when all are to be visited."""
    days: int = Field(default=90, ge=1, le=MAX_DAYS)
    """How many days after its closing what was answered is kept."""
    form: list[FormField] = Field(default_factory=list, max_length=MAX_FIELDS)
    """What is asked."""
    residence: list[Residence] = Field(default_factory=list, max_length=3)
    """Of a pointed one: only households in which somebody of these lives; empty for all."""
    kinds: list[HouseholdKind] = Field(default_factory=list, max_length=10)
    """Of a pointed one: only these kinds of households; empty for all."""
    grids: list[GridNumber] = Field(default_factory=list, max_length=1000)
    """Of a pointed one: only these grids; empty for all."""
    households: list[HouseholdId] = Field(default_factory=list, max_length=1000)
    """Of a pointed one: only these households; empty for all."""


class VisitBrought(VisitRecord):
    """What came of a visit, with what was answered: that stands sealed beside it, and in no entry."""

    id: CommandId
    """Made by who sends it: sent again, it counts once."""
    answers: dict[AnswerKey, Annotated[str, StringConstraints(max_length=MAX_ANSWER)]] = Field(
        default_factory=dict, max_length=MAX_ANSWERS
    )
    """Field of the sweep's form, and person where each is asked -> what was answered."""
    note: Text = Field(default="", max_length=500)
    """What else was said; personal as the household is."""


class CorrectionBrought(VisitCorrect):
    """What was said last is put right, answers too: they stand sealed beside it, as those that were given before do."""

    id: CommandId
    """Made by who sends it: sent again, it counts once."""
    answers: dict[AnswerKey, Annotated[str, StringConstraints(max_length=MAX_ANSWER)]] = Field(
        default_factory=dict, max_length=MAX_ANSWERS
    )
    """Those answers that are put right."""
    note: Text = Field(default="", max_length=500)
    """What else was said; personal as the household is."""
    occurred_at: Moment
    """When it was put right, by the phone's clock."""


class ErrandBrought(CommandData):
    """Write down what a household asks for."""

    id: CommandId
    """Made by who sends it: sent again, it counts once."""
    errand: ErrandId | None = None
    """Its id, where who sends it has to name it before there is an answer."""
    household: HouseholdId
    """Who asks."""
    kind: ErrandKind
    """What kind of errand."""
    text: Text = Field(min_length=1, max_length=500)
    """What exactly; it stands sealed, and in no entry."""
    due: Moment | None = None
    """By when; null for soon."""
    urgent: bool = False
    """Whether it comes before the others."""
    asked_on: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    """Year and month in which it was asked for, by the phone's clock: with what is asked in a month its words go."""


class ErrandDone(CommandData):
    """Say that an errand is done, with words about it."""

    id: CommandId
    """Made by who sends it: sent again, it counts once."""
    text: Text = Field(default="", max_length=500)
    """What was done; it stands sealed, and in no entry."""
    photos: list[NamedObject] = attached()
    """The receipt, or what was brought; uploaded before."""
    cents: int | None = Field(default=None, ge=0, le=10_000_000)
    """What it cost, in 1/100 yuan; null for nothing."""
    occurred_at: Moment
    """When it was done, by the phone's clock; at most seven days ago."""


class VisitsBrought(CommandData):
    """What came of visits, the first first."""

    visits: list[VisitBrought] = Field(min_length=1, max_length=MAX_VISITS)
    """One for each."""


class CorrectionsBrought(CommandData):
    """Corrections, the first first."""

    corrections: list[CorrectionBrought] = Field(min_length=1, max_length=MAX_VISITS)
    """One for each."""
