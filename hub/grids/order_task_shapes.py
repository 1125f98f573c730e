"""What commands and entries about orders in grids hold: a village passes an order on to who walks there, in pieces."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.fields import ObjectId, Text
from hub.grids.grid_shapes import GridCode
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: Given, received, something said of it, done; taken back, or over because its order is.
OrderTaskState = TypeAliasType(
    "OrderTaskState", Literal["given", "signed", "reported", "done", "withdrawn", "ended"]
)
OrderTaskId = Annotated[ObjectId, StringConstraints(pattern=r"^gt_")]
#: So many grids at once; a village has fewer.
MAX_GRIDS: Final = 100


class OrderTaskGive(CommandData):
    """Pass an order to the own village on to who walks these grids."""

    order: ObjectId
    """Which."""
    grids: list[GridCode] = Field(min_length=1, max_length=MAX_GRIDS)
    """Grids of the village; one that has it already keeps it."""
    note: Text = Field(default="", max_length=500)
    """What is to be done there; no person is to stand in it."""


class OrderTaskNamed(CommandData):
    """An order in a grid."""

    task: OrderTaskId
    """Which."""


class OrderTaskSign(OrderTaskNamed):
    """Say that one has it."""


class OrderTaskReport(OrderTaskNamed):
    """Say how far it is, or that it is done."""

    text: Text = Field(min_length=1, max_length=2000)
    """In words; no person is to stand in them."""
    done: bool
    """Whether it is done."""
    photos: list[NamedObject] = attached()
    """Uploaded before."""


class OrderTaskWithdraw(OrderTaskNamed):
    """Take it back from a grid."""

    reason: Text = Field(min_length=1, max_length=200)
    """Why."""


class OrderTaskEntry(Wire):
    """Base of entries about an order in a grid."""

    task: str
    order: str
    center: str
    """The village."""
    grid: str


class OrderTaskGiven(OrderTaskEntry):
    """A village passes an order on to who walks a grid."""

    note: str
    by: Author


class OrderTaskSigned(OrderTaskEntry):
    """Somebody who walks the grid has it."""

    by: Author


class OrderTaskReported(OrderTaskEntry):
    """Somebody who walks the grid says how far it is, or that it is done."""

    text: str
    done: bool
    photos: list[NamedObject] = attached()
    by: Author


class OrderTaskWithdrawn(OrderTaskEntry):
    """The village takes it back."""

    reason: str
    by: Author


class OrderTaskEnded(OrderTaskEntry):
    """Its order is over, for the village at least, or is not for grids any more."""

    why: Literal["completed", "withdrawn", "secret"]
    """`secret`: the meeting that it comes from is a secret one from now on."""


class OrderTaskMoved(OrderTaskEntry):
    """Grids were split or joined: it is another grid's from now on, `grid`."""

    was: str
