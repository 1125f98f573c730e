"""What commands and entries about minutes hold, and what rules keep of them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from hub.fields import Text
from hub.objects.reference import NamedObject
from hub.parts import Part
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: `submitted` 待审批, `returned` 已退回, `approved` 已审批, `withdrawn` 已撤回 by who submitted it.
MinutesState = TypeAliasType("MinutesState", Literal["submitted", "returned", "approved", "withdrawn"])
#: Longest reason of a new version or of a return, in characters.
MAX_WHY = 500


class MinutesSubmit(CommandData):
    """Put minutes before the chair; the text was uploaded as an object."""

    text: NamedObject
    """The text: JSON in the shape of `MinutesText`."""
    why: Text = Field(default="", max_length=MAX_WHY)
    """Why there is a new version; needed once one was approved."""


class MinutesOf(CommandData):
    """About the text that waits."""

    submission: int = Field(ge=1, le=1_000_000)
    """Which one was read: another one that came meanwhile is not meant."""


class MinutesReturn(MinutesOf):
    """Send minutes back to be written again."""

    reason: Text = Field(min_length=1, max_length=MAX_WHY)
    """What is to be put right."""


class MinutesApprove(MinutesOf):
    """Approve minutes: the text is a version, and is never changed again."""


class MinutesWithdraw(MinutesOf):
    """Take back what one has submitted, to write on."""


class _OfMinutes(Wire):
    minutes: str
    """Whose: the id of the meeting."""
    submission: int
    """Which text, counted from 1 on."""
    version: int
    """Which version it is to become, or is: from 1 on."""
    by: Author


class MinutesSubmitted(_OfMinutes):
    """Minutes wait for the chair."""

    text: NamedObject
    why: str
    """Why there is a new version; empty for the first."""
    chair: Author
    """Who led the meeting last: who approves them."""


class MinutesReturned(_OfMinutes):
    """Minutes were sent back."""

    reason: str


class MinutesWithdrawn(_OfMinutes):
    """Who submitted minutes took them back."""


class MinutesApproved(_OfMinutes):
    """Minutes were approved: a version that is never changed."""

    text: NamedObject
    why: str
    written_by: Author
    """Who submitted them."""
    number: str
    """As it stands on them, the same for all versions."""
    center: str
    """Code of the center that counts them."""
    year: int
    serial: int


class Known(BaseModel):
    """The minutes of one meeting, as far as rules need them."""

    model_config = ConfigDict(extra="forbid")
    state: MinutesState
    submission: int
    version: int = 0
    """How many were approved."""
    number: str = ""
    year: int = 0
    serial: int = 0
    text: NamedObject | None = None
    """What waits."""
    why: str = ""
    by: Author | None = None
    """Who submitted what waits."""


class Written(Part):
    """All minutes that were ever submitted, and how far their numbers go."""

    by_meeting: dict[str, Known] = Field(default_factory=dict)
    last: dict[str, dict[int, int]] = Field(default_factory=dict)
    """The last number that was given, by center and year."""
