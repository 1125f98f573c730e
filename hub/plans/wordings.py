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
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, StringConstraints

from hub.clock import to_wire
from hub.conference.groups import Groups
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import ObjectId, Text
from hub.gates import signature_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Author, Priority, Wire
from hub.state import HubState

#: Wordings of one center.
MAX_WORDINGS: Final = 100
#: Longest name, in characters.
MAX_NAME: Final = 30
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
    name: Annotated[Text, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=r"^[^\n\t]+$")]
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

    def to_wire(self) -> dict[str, Any]:
        """As pages see it."""
        return {
            "id": self.id,
            **self.content,
            "by": self.by.model_dump(mode="json"),
            "at": self.at,
            "seq": self.seq,
        }


class Wordings(Part):
    """All that is kept, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, Wording] = Field(default_factory=dict)


def wordings_of(state: HubState, account: Account, tree: CenterTree) -> list[Wording]:
    """What this account may begin an order from: those of its center, in the order in which they were made."""
    if account.center not in tree or not may(account, "order.keep", tree, account.center):
        return []
    return [each for each in state.parts.read(Wordings).by_id.values() if each.holder == account.center]


def _require(context: Context) -> None:
    if not may(context.account, "order.keep", context.tree, context.account.center):
        raise Refusal("forbidden", "this role keeps no wordings")


def _found(state: HubState, wording: str, context: Context) -> Wording:
    found = state.parts.read(Wordings).by_id.get(wording)
    if found is None or found.holder != context.account.center:
        raise Refusal("not_found", "there is no such wording", "wording")
    return found


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    _require(context)
    data, account = WordingSave.model_validate(command.data), context.account
    before = _found(state, data.wording, context) if data.wording is not None else None
    if before is not None and data.seq is not None and before.seq != data.seq:
        raise Refusal("conflict", "somebody has saved it since it was read", "seq")
    if data.group is not None and (before is None or before.content["group"] != data.group):
        group = state.parts.read(Groups).by_id.get(data.group)
        if group is None or (group.scope, group.holder) != ("center", account.center):
            raise Refusal("not_found", "your center has no such group", "group")
    others = [each for each in wordings_of(state, account, context.tree) if each is not before]
    if any(each.content["name"] == data.name for each in others):
        raise Refusal("conflict", f"there is a wording {data.name} already", "name")
    if before is None and len(others) >= MAX_WORDINGS:
        raise Refusal("too_many", f"there are {MAX_WORDINGS} wordings; remove some")
    content = data.model_dump(include=set(_FIELDS))
    if before is not None and before.content == content:
        return []
    saved = {
        "wording": before.id if before is not None else context.new_id("ow"),
        "holder": account.center,
        **content,
        "by": signature_of(account, context.tree),
    }
    return [Draft("wording.saved", None, saved, (center_audience(account.center),))]


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    _require(context)
    found = _found(state, WordingRemove.model_validate(command.data).wording, context)
    gone = {"wording": found.id, "name": found.content["name"]}
    return [Draft("wording.removed", None, gone, (center_audience(found.holder),))]


def _saved(state: HubState, entry: Entry) -> None:
    data = entry.data
    state.parts.edit(Wordings).by_id[data["wording"]] = Wording(
        id=data["wording"],
        holder=data["holder"],
        content={name: data[name] for name in _FIELDS},
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
        seq=entry.seq,
    )


def _removed(state: HubState, entry: Entry) -> None:
    state.parts.edit(Wordings).by_id.pop(entry.data["wording"], None)


#: A restart needs the entries of those that are there.
_WORDING: Final = Subject(
    lambda entry: str(entry.data["wording"]),
    lambda state, wording: wording in state.parts.read(Wordings).by_id,
)

RULES = RuleFile(
    "wordings",
    commands=(
        CommandRule("wording.save", WordingSave, _save, meeting="never"),
        CommandRule("wording.remove", WordingRemove, _remove, meeting="never"),
    ),
    entries=tuple(
        EntryRule(
            kind,
            schema,
            apply,
            reads="order.keep",
            document=Document("wording", "wording"),
            everywhere=True,
            subject=_WORDING,
        )
        for kind, schema, apply in (
            ("wording.saved", WordingSaved, _saved),
            ("wording.removed", WordingRemoved, _removed),
        )
    ),
)
