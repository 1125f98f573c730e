"""Views (一表通): what an office wants to know of households, persons or visits, kept under a name and read when it is needed.

| command | refused with |
|---|---|
| `view.save` | `forbidden`, `not_found` (view, area), `conflict` (name), `too_many` |
| `view.remove` | `forbidden`, `not_found` |

A view is a question, never an answer: it names columns, filters and sums, and holds nothing of anybody. It belongs to a center;
shared, it is used by the centers below or above it too, each of which reads it with its own rights. A view without an area is
about the center of who reads it. The same twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, ObjectId
from hub.grids.registry import GridCode, HouseholdKind, Residence
from hub.grids.sweep_form import FieldKey, Flag
from hub.grids.sweep_shapes import SweepId
from hub.grids.visit_shapes import VisitOutcome
from hub.kept import ById, Name, Shelf
from hub.ruling import CommandData, Context
from hub.shapes import Author, Wire
from hub.state import HubState

MAX_COLUMNS: Final = 24
MAX_ASKED: Final = 5
MAX_GRIDS: Final = 100
MAX_VIEWS: Final = 100
#: Nobody is older, and no answer asked for is.
MAX_AGE: Final = 130
MAX_DAYS: Final = 3650

ViewSource = TypeAliasType("ViewSource", Literal["households", "persons", "visits"])
#: `walk`: by grid and in it as it is walked; `longest`: who was not visited for the longest time first; `newest`: the newest
#: visit first; `most`: the most persons first.
ViewOrder = TypeAliasType("ViewOrder", Literal["walk", "longest", "newest", "most"])
#: With which centers it is shared: none, those below, those above, both.
ViewShare = TypeAliasType("ViewShare", Literal["none", "below", "above", "both"])
#: What came of the last visit; `none`: there was none.
LastOutcome = TypeAliasType(
    "LastOutcome", Literal["none", "met", "unchanged", "phone", "absent", "refused", "gone"]
)
OUTCOMES: Final[tuple[str, ...]] = get_args(VisitOutcome.__value__)

#: What stands in each column of a place, by source.
PLACE: Final = ("county", "township", "village", "grid", "building", "house")
HOUSEHOLD: Final = (
    *PLACE,
    "household",
    "kind",
    "persons",
    "registered",
    "floating",
    "abroad",
    "head",
    "phone",
    "note",
)
LAST: Final = ("last_outcome", "last_at", "last_flags")
PERSON: Final = (
    *PLACE,
    "household",
    "kind",
    "name",
    "relation",
    "sex",
    "age",
    "birth",
    "number",
    "phone",
    "residence",
    "note",
)
VISIT: Final = (
    "at",
    "outcome",
    "seen",
    "flags",
    "sweep",
    "offline",
    "late",
    *PLACE,
    "household",
    "kind",
    "persons",
    "head",
    "phone",
)
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "households": (*HOUSEHOLD, *LAST),
    "persons": (*PERSON, *LAST),
    "visits": VISIT,
}
#: What rows may be summed by, besides the answers to a choice.
SUMS: Final[dict[str, tuple[str, ...]]] = {
    "households": ("county", "township", "village", "grid", "kind", "last_outcome"),
    "persons": ("county", "township", "village", "grid", "kind", "last_outcome", "residence", "sex"),
    "visits": ("county", "township", "village", "grid", "outcome", "sweep"),
}
ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "households": ("walk", "longest", "most"),
    "persons": ("walk", "longest"),
    "visits": ("newest", "walk"),
}
#: A column of an answer is named `answer.` and the field's key; when that was answered, `answered.` and the key.
ANSWER: Final = "answer."
ANSWERED: Final = "answered."

Column = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}(\.[a-z][a-z0-9_]{0,31})?$")]
Day = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$")]
_Days = Annotated[int, Field(ge=1, le=MAX_DAYS)]
_Age = Annotated[int, Field(ge=0, le=MAX_AGE)]


class AnswerIs(CommandData):
    """An answer that a row must have: one of these words, or at least this much."""

    key: FieldKey
    """The field."""
    values: list[FieldKey] = Field(default_factory=list, max_length=20)
    """Of a choice: one of these; none: any answer."""
    least: int | None = Field(default=None, ge=-10_000_000, le=10_000_000)
    """Of a number, in tenths: so much or more (373: 37.3)."""


class ViewFilters(CommandData):
    """Which rows: those for which all of this holds. No name, number or telephone can be looked for here."""

    grids: list[GridCode] = Field(default_factory=list, max_length=MAX_GRIDS)
    """Only in these grids."""
    kinds: list[HouseholdKind] = Field(default_factory=list, max_length=4)
    """Only households of these kinds, and who lives in them."""
    residence: list[Residence] = Field(default_factory=list, max_length=3)
    """Only persons who live there so; only households with one of them."""
    age_from: _Age | None = None
    """Only persons of this age, in years, or older; only households with one of them."""
    age_to: _Age | None = None
    """Only persons of this age or younger."""
    answers: list[AnswerIs] = Field(default_factory=list, max_length=MAX_ASKED)
    """Only those with these answers, of whom each was given last."""
    fresh_days: _Days | None = None
    """Only answers that are no older than so many days."""
    flags: list[Flag] = Field(default_factory=list, max_length=3)
    """Only those whose last visit (of visits: which themselves) gave reason to look at one of these."""
    outcomes: list[LastOutcome] = Field(default_factory=list, max_length=7)
    """Only those of whose last visit (of visits: of which) this came."""
    not_visited_days: _Days | None = None
    """Only those to whom nobody came for so many days, or ever."""
    visited_days: _Days | None = None
    """Only those to whom somebody came in the last so many days; only visits of these days."""
    first: Day | None = None
    """Only those last visited on this day or later; only visits from this day on."""
    last: Day | None = None
    """Only those last visited on this day or before; only visits up to this day."""
    sweep: SweepId | None = None
    """Only those whom this sweep expects; only visits of it."""


class ViewAsks(CommandData):
    """What a view asks."""

    area: CenterCode | None = None
    """The center at and below which one looks; null: that of who reads it."""
    source: ViewSource = "households"
    """What a row is."""
    columns: list[Column] = Field(min_length=1, max_length=MAX_COLUMNS)
    """What is told of each row, in this order."""
    filters: ViewFilters = Field(default_factory=ViewFilters)
    """Which rows."""
    order: ViewOrder = "walk"
    """In which order."""
    sums: Column | None = None
    """By what the rows are counted: `village`, `grid`, `answer.need` …; null: only all of them."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(set(self.columns)) != len(self.columns):
            raise PydanticCustomError("columns", "a column stands once")
        known = COLUMNS[self.source]
        for each in self.columns:
            if each not in known and not each.startswith((ANSWER, ANSWERED)):
                raise PydanticCustomError("columns", "there is no such column of it")
        if self.sums is not None and self.sums not in SUMS[self.source] and not self.sums.startswith(ANSWER):
            raise PydanticCustomError("sums", "it cannot be summed by this")
        if self.order not in ORDERS[self.source]:
            raise PydanticCustomError("order", "it cannot be ordered so")
        asked = self.filters
        if asked.age_from is not None and asked.age_to is not None and asked.age_from > asked.age_to:
            raise PydanticCustomError("filters", "nobody is older than one and younger than the other")
        if asked.first is not None and asked.last is not None and asked.first > asked.last:
            raise PydanticCustomError("filters", "the last day is before the first")
        if self.source == "visits" and asked.not_visited_days is not None:
            raise PydanticCustomError("filters", "of visits one cannot ask who was not visited")
        return self


class ViewSave(CommandData):
    """Keep a view under a name, or change one that is kept."""

    view: ObjectId | None = None
    """Which one is changed; null for a new one."""
    name: Name
    """What it is called; unique in its center; nobody's name."""
    share: ViewShare = "none"
    """Which centers use it besides one's own."""
    asks: ViewAsks
    """What it asks."""


class ViewRemove(CommandData):
    """Forget a view."""

    view: ObjectId
    """Which."""


class ViewSaved(Wire):
    """A view is from now on so."""

    view: str
    holder: str
    """The center that it belongs to."""
    name: str
    share: ViewShare
    asks: ViewAsks
    by: Author


class ViewRemoved(Wire):
    """A view is no more."""

    view: str
    name: str


@dataclass(frozen=True, slots=True)
class View:
    """A view, as the hub keeps it."""

    id: str
    #: The center that it belongs to.
    holder: str
    name: str
    share: str
    asks: ViewAsks
    #: Who saved it last, and when.
    by: Author
    at: str

    def to_wire(self) -> dict[str, Any]:
        """As pages see it."""
        return {
            "id": self.id,
            "center": self.holder,
            "name": self.name,
            "share": self.share,
            "asks": self.asks.model_dump(mode="json"),
            "by": self.by.model_dump(mode="json"),
            "at": self.at,
        }


class Views(ById[View]):
    """All views that are kept."""


SHELF: Final = Shelf("view", Views, "view.keep", "gv", most=MAX_VIEWS)


def views_for(state: HubState, account: Account, tree: CenterTree) -> list[View]:
    """Those that this account may use: its center's, and those that are shared with it, as they were made."""
    if account.center not in tree or not may(account, SHELF.right, tree, account.center):
        return []
    return [each for each in state.parts.read(Views).by_id.values() if _is_for(each, account.center, tree)]


def view_for(state: HubState, account: Account, tree: CenterTree, view: str) -> View:
    """One of them. Raises Refusal `not_found`."""
    found = state.parts.read(Views).by_id.get(view)
    seen = found is not None and may(account, SHELF.right, tree, account.center)
    if found is None or not seen or not _is_for(found, account.center, tree):
        raise Refusal("not_found", "there is no such view", "view")
    return found


def _is_for(view: View, center: str, tree: CenterTree) -> bool:
    if view.holder == center:
        return True
    if view.share in ("below", "both") and tree.contains(view.holder, center):
        return True
    return view.share in ("above", "both") and tree.contains(center, view.holder)


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ViewSave.model_validate(command.data)
    before = SHELF.before(state, data.view, context)
    SHELF.require_room(state, before, data.name, context)
    area = data.asks.area
    if area is not None and not may(context.account, "registry.read", context.tree, area):
        raise Refusal("not_found", "there is no such center", "asks.area")
    if before is not None and (before.name, before.share, before.asks) == (data.name, data.share, data.asks):
        return []
    return SHELF.saved(before, data.model_dump(mode="json", include={"name", "share", "asks"}), context)


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    return SHELF.removed(SHELF.found(state, ViewRemove.model_validate(command.data).view, context))


def _saved(state: HubState, entry: Entry) -> None:
    data = entry.data
    kept = View(
        id=data["view"],
        holder=data["holder"],
        name=data["name"],
        share=data["share"],
        asks=ViewAsks.model_validate(data["asks"]),
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
    )
    SHELF.put(state, kept)


RULES = SHELF.rules(
    save=(ViewSave, _save),
    remove=(ViewRemove, _remove),
    saved=(ViewSaved, _saved),
    removed=ViewRemoved,
)
