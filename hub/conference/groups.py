"""Groups: sets of centers under a name, to be called with one key; a person's own, or those of a center.

| command | refused with |
|---|---|
| `group.save` | `not_found` (group, center), `forbidden`, `invalid` (nobody in it), `conflict` (name), `too_many` |
| `group.remove` | `not_found`, `forbidden` |

A group names centers one by one, and reaches (a center with those below it, all counties), which mean what is there when
somebody is called. A center's groups are seen and changed by its leaders and dispatchers; one's own by nobody else.
A group keeps its scope. The same twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.called import Reach, centers_field, reaches_field
from hub.clock import to_wire
from hub.codes import PackedCodes
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry, account_audience, center_audience
from hub.errors import Refusal
from hub.fields import CenterCode, ObjectId, Text
from hub.gates import own_targets, signature_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState

#: Groups of one person, and of one center.
MAX_GROUPS: Final = 64
#: Longest name, in characters.
MAX_NAME: Final = 30

GroupScope = TypeAliasType("GroupScope", Literal["own", "center"])


@dataclass(frozen=True, slots=True)
class Group:
    """A group, as the hub keeps it."""

    id: str
    scope: GroupScope
    #: The account or the center that it belongs to.
    holder: str
    name: str
    centers: PackedCodes
    reaches: tuple[Reach, ...]
    #: Who saved it last, and when.
    by: Author
    at: str

    def to_wire(self) -> dict[str, Any]:
        """As pages see it."""
        return {
            "id": self.id,
            "scope": self.scope,
            "name": self.name,
            "centers": list(self.centers),
            "reaches": [each.model_dump(mode="json") for each in self.reaches],
            "by": self.by.model_dump(mode="json"),
            "at": self.at,
        }


class Groups(Part):
    """All groups, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, Group] = Field(default_factory=dict)


class GroupSave(CommandData):
    """Keep a set of centers under a name, or change one that is kept."""

    group: ObjectId | None = None
    """Which one is changed; null for a new one."""
    scope: GroupScope = "own"
    """Whose it is: one's own, or one's center's. Of one that is changed it stays as it was."""
    name: Annotated[Text, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=r"^[^\n\t]+$")]
    """What it is called; unique among those of the same person or center."""
    centers: list[CenterCode] = centers_field()
    """Codes of centers, each within one's own subtree."""
    reaches: list[Reach] = reaches_field()
    """Centers with those below them, down to a level each."""


class GroupRemove(CommandData):
    """Forget a group."""

    group: ObjectId
    """Which."""


class GroupSaved(Wire):
    """A group is from now on so."""

    group: str
    scope: GroupScope
    holder: str
    """The account or the center that it belongs to."""
    name: str
    centers: list[str]
    reaches: list[Reach]
    by: Author


class GroupRemoved(Wire):
    """A group is no more."""

    group: str
    name: str


def groups_of(state: HubState, account: Account, tree: CenterTree) -> list[Group]:
    """The groups that this account has: its own and its center's, in the order in which they were made."""
    return [each for each in state.parts.read(Groups).by_id.values() if _is_seen(each, account, tree)]


def _is_seen(group: Group, account: Account, tree: CenterTree) -> bool:
    if group.scope == "own":
        return group.holder == account.id
    return group.holder == account.center and may(account, "group.keep", tree, group.holder)


def _found(state: HubState, group: str, context: Context) -> Group:
    found = state.parts.read(Groups).by_id.get(group)
    if found is None or not _is_seen(found, context.account, context.tree):
        raise Refusal("not_found", "there is no such group", "group")
    return found


def _audience(scope: str, holder: str) -> tuple[str, ...]:
    return (account_audience(holder) if scope == "own" else center_audience(holder),)


def _require(context: Context) -> None:
    if not may(context.account, "group.keep", context.tree, context.account.center):
        raise Refusal("forbidden", "this role keeps no groups")


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    _require(context)
    data, account = GroupSave.model_validate(command.data), context.account
    before = _found(state, data.group, context) if data.group is not None else None
    scope: GroupScope = before.scope if before is not None else data.scope
    holder = account.id if scope == "own" else account.center
    if not (data.centers or data.reaches):
        raise Refusal("invalid", "a group names at least one center", "centers")
    centers = own_targets(list(data.centers), "meeting.open", "centers", context)
    own_targets([reach.center for reach in data.reaches], "meeting.open", "reaches", context)
    reaches = tuple(dict.fromkeys(data.reaches))
    others = [
        each
        for each in state.parts.read(Groups).by_id.values()
        if (each.scope, each.holder) == (scope, holder) and each is not before
    ]
    if any(each.name == data.name for each in others):
        raise Refusal("conflict", f"there is a group {data.name} already", "name")
    if before is None and len(others) >= MAX_GROUPS:
        raise Refusal("too_many", f"there are {MAX_GROUPS} groups; remove some")
    if before is not None and (
        (before.name, set(before.centers), before.reaches) == (data.name, set(centers), reaches)
    ):
        return []
    saved = {
        "group": before.id if before is not None else context.new_id("g"),
        "scope": scope,
        "holder": holder,
        "name": data.name,
        "centers": sorted(centers),
        "reaches": [each.model_dump(mode="json") for each in reaches],
        "by": signature_of(account, context.tree),
    }
    return [Draft("group.saved", None, saved, _audience(scope, holder))]


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    _require(context)
    found = _found(state, GroupRemove.model_validate(command.data).group, context)
    return [
        Draft(
            "group.removed",
            None,
            {"group": found.id, "name": found.name},
            _audience(found.scope, found.holder),
        )
    ]


def _saved(state: HubState, entry: Entry) -> None:
    data = entry.data
    state.parts.edit(Groups).by_id[data["group"]] = Group(
        id=data["group"],
        scope=data["scope"],
        holder=data["holder"],
        name=data["name"],
        centers=PackedCodes(data["centers"]),
        reaches=tuple(_reaches_in(data)),
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
    )


def _reaches_in(data: Mapping[str, Any]) -> Iterator[Reach]:
    """Those of a `group.saved`. Before there were reaches it had `subtrees`, and `levels` below the center of who saved it."""
    for each in data.get("reaches", ()):
        yield Reach.model_validate(each)
    for code in data.get("subtrees", ()):
        yield Reach(center=code, to="village")
    for level in data.get("levels", ()):
        yield Reach(center=data["by"]["center"], to=level, only=True)


def _removed(state: HubState, entry: Entry) -> None:
    state.parts.edit(Groups).by_id.pop(entry.data["group"], None)


#: A restart needs the entries of groups that are there.
_GROUP: Final = Subject(
    lambda entry: str(entry.data["group"]),
    lambda state, group: group in state.parts.read(Groups).by_id,
)

RULES = RuleFile(
    "groups",
    commands=(
        CommandRule("group.save", GroupSave, _save, meeting="never"),
        CommandRule("group.remove", GroupRemove, _remove, meeting="never"),
    ),
    entries=tuple(
        EntryRule(
            kind,
            schema,
            apply,
            reads="group.keep",
            document=Document("group", "group"),
            everywhere=True,
            subject=_GROUP,
        )
        for kind, schema, apply in (
            ("group.saved", GroupSaved, _saved),
            ("group.removed", GroupRemoved, _removed),
        )
    ),
)
