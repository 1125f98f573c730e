"""What commands and entries about decisions hold."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.fields import CenterCode, ObjectId, Text
from hub.ruling import CommandData
from hub.shapes import About, Author, NamedCenter, Wire

#: A draft waits for the chair; one that was withdrawn was never decided.
DecisionState = TypeAliasType("DecisionState", Literal["draft", "confirmed", "withdrawn"])
#: What one decision rests on, and who carries it out, at most.
MAX_BASIS, MAX_RESPONSIBLE = 16, 64


def basis_field() -> Any:
    """The reports, alarms and incidents that a decision rests on."""
    return Field(default_factory=list, max_length=MAX_BASIS)


def responsible_field() -> Any:
    """Those who carry it out."""
    return Field(default_factory=list, max_length=MAX_RESPONSIBLE)


class DecisionFields(CommandData):
    """What is said of a decision."""

    text: Text = Field(min_length=1, max_length=4000)
    """The decision in full."""
    basis: list[About] = basis_field()
    """The reports, alarms and incidents that it rests on."""
    responsible: list[CenterCode] = responsible_field()
    """Codes of the centers that carry it out."""


class DecisionRecord(DecisionFields):
    """Record what the meeting decided; by anybody but the chair it is a draft that waits for him."""

    amends: ObjectId | None = None
    """The decision of this meeting that it takes the place of, once it is confirmed."""
    draft: bool = False
    """Whether it is a draft, too, where the chair records it."""


class DecisionEdit(DecisionFields):
    """Write one's own draft anew: all its fields."""

    decision: ObjectId
    """The draft."""


class DecisionConfirm(CommandData):
    """Confirm a draft as the chair: it is decided."""

    decision: ObjectId
    """The draft."""


class DecisionWithdraw(CommandData):
    """Take a draft back: nothing was decided."""

    decision: ObjectId
    """The draft."""


class DecisionRecorded(Wire):
    """A decision was recorded, or drafted."""

    decision: str
    text: str
    by: Author
    state: Literal["draft", "confirmed"] = "confirmed"
    basis: list[About] = basis_field()
    responsible: list[NamedCenter] = responsible_field()
    amends: str | None = None
    """The decision that it takes the place of."""


class DecisionEdited(Wire):
    """A draft was written anew."""

    decision: str
    text: str
    basis: list[About] = basis_field()
    responsible: list[NamedCenter] = responsible_field()


class DecisionConfirmed(Wire):
    """The chair confirmed a draft."""

    decision: str
    text: str
    """What is decided."""
    amends: str | None
    by: Author


class DecisionWithdrawn(Wire):
    """A draft was taken back."""

    decision: str
    by: Author
