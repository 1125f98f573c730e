"""Wordings (指令模板): what orders of a center begin from: words with places to fill, how urgent, by when, for whom.

| command | refused with |
|---|---|
| `wording.save` | `forbidden`, `not_found` (wording, group), `conflict` (name, or saved since), `too_many` |
| `wording.remove` | `forbidden`, `not_found` |

A place to fill stands in brackets, 【水位】; whoever issues the order fills it. A group is one of the center's; one that
is no more names nobody. Leaders and dispatchers of the center see, use and change them; what one said before stays in
its entries.
The same twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from hub.clock import to_wire
from hub.conference.groups import Groups
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import ObjectId, Text
from hub.kept import ById, Name, Shelf
from hub.ruling import CommandData, Context
from hub.shapes import Author, Priority, Wire
from hub.state import HubState

#: Wordings of one center.
MAX_WORDINGS: Final = 100
#: The furthest that one is due, in minutes: 60 days.
FURTHEST: Final = 86_400


class WordingFields(Wire):
    """What an order begins from."""

    name: str
    text: str
    """With a place to fill in brackets: 【水位】."""
    priority: Priority
    due_minutes: int | None
    """How long after it was issued it is due; null for no date."""
    group: str | None
    """The group of the center that it is for; null: whom it is for is chosen each time."""


class WordingSave(CommandData):
    """Keep what orders begin from under a name, or change one that is kept."""

    wording: ObjectId | None = None
    """Which one is changed; null for a new one."""
    seq: int | None = None
    """Of one that is changed: the entry that it was read at; null where it does not matter who saved it since."""
    name: Name
    """What it is called; unique among those of the center."""
    text: Text = Field(min_length=1, max_length=2000)
    """The words of the order; a place to fill stands in brackets: 【水位】."""
    priority: Priority = "normal"
    """How urgent it is."""
    due_minutes: int | None = Field(default=None, ge=5, le=FURTHEST)
    """How long after it was issued it is due; null for no date."""
    group: ObjectId | None = None
    """A group of the center that it is for; null: whom it is for is chosen each time."""


class WordingRemove(CommandData):
    """Forget a wording."""

    wording: ObjectId
    """Which."""


class WordingSaved(WordingFields):
    """Orders of a center may begin so from now on."""

    wording: str
    holder: str
    """Code of the center that it belongs to."""
    by: Author


class WordingRemoved(Wire):
    """A wording is no more."""

    wording: str
    name: str


#: What is said of one, on the wire and in entries.
_FIELDS: Final = tuple(WordingFields.model_fields)


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording, as the hub keeps it."""

    id: str
    #: Code of the center that it belongs to.
    holder: str
    #: Its fields (WordingFields).
    content: dict[str, Any]
    #: Who saved it last, when, and by which entry.
    by: Author
    at: str
    seq: int

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.content["name"])

    def to_wire(self) -> dict[str, Any]:
        """As pages see it."""
        return {
            "id": self.id,
            **self.content,
            "by": self.by.model_dump(mode="json"),
            "at": self.at,
            "seq": self.seq,
        }


class Wordings(ById[Wording]):
    """All that is kept, by id."""


#: Where they are kept.
SHELF: Final = Shelf("wording", Wordings, right="order.keep", prefix="ow", most=MAX_WORDINGS)


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, account = WordingSave.model_validate(command.data), context.account
    before = SHELF.before(state, data.wording, context)
    if before is not None and data.seq is not None and before.seq != data.seq:
        raise Refusal("conflict", "somebody has saved it since it was read", "seq")
    if data.group is not None and (before is None or before.content["group"] != data.group):
        group = state.parts.read(Groups).by_id.get(data.group)
        if group is None or (group.scope, group.holder) != ("center", account.center):
            raise Refusal("not_found", "your center has no such group", "group")
    SHELF.require_room(state, before, data.name, context)
    content = data.model_dump(include=set(_FIELDS))
    if before is not None and before.content == content:
        return []
    return SHELF.saved(before, content, context)


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    return SHELF.removed(SHELF.found(state, WordingRemove.model_validate(command.data).wording, context))


def _saved(state: HubState, entry: Entry) -> None:
    data = entry.data
    kept = Wording(
        id=data["wording"],
        holder=data["holder"],
        content={name: data[name] for name in _FIELDS},
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
        seq=entry.seq,
    )
    SHELF.put(state, kept)


RULES = SHELF.rules(
    save=(WordingSave, _save),
    remove=(WordingRemove, _remove),
    saved=(WordingSaved, _saved),
    removed=WordingRemoved,
)
