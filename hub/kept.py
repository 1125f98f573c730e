"""Things that a center keeps under names (layouts, wordings, plans …): what their rules have in common.

Such a thing is saved and removed by two commands, told by two entries, kept in a part by its id, and belongs to one center,
whose leaders and dispatchers see, use and change it; or, of some kinds, to one person, and is nobody else's. Its name is unique
among those of its holder, and there are so many at most. What is kept and what may stand in it says the file of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar, runtime_checkable

from pydantic import ConfigDict, Field, StringConstraints

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL, may_see_level
from hub.directory.tree import CenterTree
from hub.entry import CLEARED, Draft, Entry, account_audience, center_audience
from hub.errors import Refusal
from hub.fields import Text
from hub.gates import signature_of
from hub.ids import is_id
from hub.parts import Part
from hub.ruling import (
    Apply,
    CommandData,
    CommandRule,
    Context,
    Decide,
    Document,
    EntryRule,
    RuleFile,
    Subject,
)
from hub.shapes import Wire
from hub.state import HubState

#: Longest name, in characters.
MAX_NAME: Final = 30
#: What something is called that is kept: one line, not empty.
Name = Annotated[Text, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=r"^[^\n\t]+$")]


@runtime_checkable
class Kept(Protocol):
    """One thing, as the hub keeps it."""

    @property
    def id(self) -> str: ...
    @property
    def holder(self) -> str:
        """Code of the center that it belongs to; or the id of the account, of what is one's own."""
        ...

    @property
    def name(self) -> str: ...


K = TypeVar("K", bound=Kept)


class ById(Part, Generic[K]):
    """Everything of one kind, by id, in the order in which it was made."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, K] = Field(default_factory=dict)


def _normal(_: Kept) -> str:
    return NORMAL


@dataclass(frozen=True, slots=True)
class Shelf(Generic[K]):
    """One kind of things that are kept."""

    noun: str
    """What one is called: `layout`. Commands are `layout.save` and `layout.remove`, entries `layout.saved` and `.removed`."""
    part: type[ById[K]]
    """Where they stand in the state."""
    right: str
    """The action (permission table) of who sees and changes those of his center."""
    prefix: str
    """Of ids."""
    most: int
    """Of one holder."""
    level: Callable[[K], str] = _normal
    """Of what level one is (hub.directory.secrecy): it is there for those alone who may know of it."""

    def require(self, context: Context) -> None:
        """Raises Refusal `forbidden` for a role that keeps none."""
        if not may(context.account, self.right, context.tree, context.account.center):
            raise Refusal("forbidden", f"this role keeps no {self.noun}s")

    def of(self, state: HubState, account: Account, tree: CenterTree) -> list[K]:
        """Those that this account may use: those of its center and its own, in the order in which they were made."""
        if account.center not in tree or not may(account, self.right, tree, account.center):
            return []
        all_there = state.parts.read(self.part).by_id.values()
        return [
            each
            for each in all_there
            if each.holder in (account.center, account.id) and may_see_level(account, self.level(each))
        ]

    def found(self, state: HubState, id: str, context: Context) -> K:
        """One that the asker may use and change. Raises Refusal `forbidden` for a role that has none, `not_found`."""
        self.require(context)
        found = state.parts.read(self.part).by_id.get(id)
        asker = context.account
        if (
            found is None
            or found.holder not in (asker.center, asker.id)
            or not may_see_level(asker, self.level(found))
        ):
            raise Refusal("not_found", f"there is no such {self.noun}", self.noun)
        return found

    def before(self, state: HubState, id: str | None, context: Context) -> K | None:
        """The one that is changed; None for a new one. Raises Refusal as `found`."""
        self.require(context)
        return self.found(state, id, context) if id is not None else None

    def require_room(
        self, state: HubState, before: K | None, name: str, context: Context, *, own: bool = False
    ) -> None:
        """Raises Refusal `conflict` for a name that another one has, `too_many` where there is no room for a new one.

        `own`: a new one would be the asker's, and not his center's.
        """
        holder = _holder(before, context, own)
        all_seen = self.of(state, context.account, context.tree)
        others = [each for each in all_seen if each.holder == holder and each is not before]
        if any(each.name == name for each in others):
            raise Refusal("conflict", f"there is a {self.noun} {name} already", "name")
        if before is None and len(others) >= self.most:
            raise Refusal("too_many", f"there are {self.most} {self.noun}s; remove some")

    def saved(
        self,
        before: K | None,
        content: Mapping[str, Any],
        context: Context,
        *,
        own: bool = False,
        level: str = NORMAL,
    ) -> list[Draft]:
        """It is from now on so, and of this level; a new one is the asker's center's, or with `own` his."""
        holder = _holder(before, context, own)
        data = {
            self.noun: before.id if before is not None else context.new_id(self.prefix),
            "holder": holder,
            **content,
            "by": signature_of(context.account, context.tree),
        }
        return [Draft(f"{self.noun}.saved", None, data, _audience(holder, level))]

    def removed(self, found: K) -> list[Draft]:
        """It is kept no longer."""
        gone = {self.noun: found.id, "name": found.name}
        return [Draft(f"{self.noun}.removed", None, gone, _audience(found.holder, self.level(found)))]

    def put(self, state: HubState, thing: K) -> None:
        """What an entry says of one."""
        state.parts.edit(self.part).by_id[thing.id] = thing

    def rules(
        self,
        save: tuple[type[CommandData], Decide],
        remove: tuple[type[CommandData], Decide],
        saved: tuple[type[Wire], Apply],
        removed: type[Wire],
    ) -> RuleFile:
        """The file of rules: of each command its data and decision, of each entry its data and, of the first, what it does."""

        def forget(state: HubState, entry: Entry) -> None:
            state.parts.edit(self.part).by_id.pop(entry.data[self.noun], None)

        # A restart needs the entries of those that are there.
        subject = Subject(
            lambda entry: str(entry.data[self.noun]),
            lambda state, id: id in state.parts.read(self.part).by_id,
        )
        return RuleFile(
            f"{self.noun}s",
            commands=(
                CommandRule(f"{self.noun}.save", *save, meeting="never"),
                CommandRule(f"{self.noun}.remove", *remove, meeting="never"),
            ),
            entries=tuple(
                EntryRule(
                    f"{self.noun}.{what}",
                    schema,
                    apply,
                    reads=self.right,
                    document=Document(self.noun, self.noun),
                    everywhere=True,
                    subject=subject,
                )
                for what, (schema, apply) in {"saved": saved, "removed": (removed, forget)}.items()
            ),
        )


def _holder(before: Kept | None, context: Context, own: bool) -> str:
    """To whom it belongs: a thing that is changed keeps its holder."""
    if before is not None:
        return before.holder
    return context.account.id if own else context.account.center


def _audience(holder: str, level: str) -> tuple[str, ...]:
    word = account_audience(holder) if is_id(holder, "a") else center_audience(holder)
    return (word,) if level == NORMAL else (word, CLEARED)
