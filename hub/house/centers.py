"""Centers: the tree of the directory, changed one center at a time.

| command | refused with |
|---|---|
| `center.create` | `not_found` (above, neighbour), `forbidden`, `conflict` (code), `invalid` (level) |
| `center.change` | `not_found`, `forbidden`, `invalid` (nothing to change; level; below itself) |
| `center.remove` | `not_found`, `forbidden`, `wrong_state` (centers stand below it), `conflict` (accounts belong there) |

Whose subtree holds the center above one may do this, as system administrator. The top itself can be renamed by its own, and is
made, moved and taken away by the hub's owner alone (`center.import`). Who belongs to a center that is no more could do nothing
and be seen by nobody: its accounts have to go first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from pydantic import Field

from hub.directory.permissions import may
from hub.directory.tree import LEVELS
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, Text
from hub.house.parts import DIRECTORY, CenterFacts, Centers, accounts_at
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Level, NamedCenter, Wire
from hub.state import HubState

#: Longest name of a center, in characters.
MAX_NAME: Final = 100
#: Centers that one entry tells of: it stays below 64 KiB.
AT_ONCE: Final = 200

Name = Text
Facts = dict[str, CenterFacts]
_FIELDS: Final = ("code", "name", "level", "parent", "place", "functional")


class CenterCreate(CommandData):
    """Make a center below another one."""

    code: CenterCode
    """12 digits; what it is known by for ever."""
    name: Name = Field(min_length=1, max_length=MAX_NAME, pattern=r"^[^\n\t]+$")
    """What people read."""
    level: Level
    """Where it stands; below the level of the center above."""
    parent: CenterCode
    """The code of the center above."""
    functional: bool = False
    """Whether it is a functional area, whose code may stand outside of the numbering."""


class CenterChange(CommandData):
    """Give a center another name, another center above, another level or another place among its neighbours."""

    center: CenterCode
    """Which."""
    name: Name | None = Field(default=None, min_length=1, max_length=MAX_NAME, pattern=r"^[^\n\t]+$")
    """What people read; null leaves it."""
    parent: CenterCode | None = None
    """The center above; null leaves it."""
    level: Level | None = None
    """Null leaves it."""
    functional: bool | None = None
    """Whether it is a functional area; null leaves it."""
    after: CenterCode | Literal["first"] | None = None
    """The neighbour, right below the same center, behind which it is to be listed; null leaves it."""


class CenterRemove(CommandData):
    """Take a center out of the directory. What was done there stays in the journal, under its name."""

    center: CenterCode
    """Which."""
    below: bool = False
    """Whether all that stand below it go with it."""


class ListedCenter(Wire):
    """A center and its place in the list."""

    code: str
    name: str
    level: str
    parent: str | None
    place: int
    functional: bool = False


class CenterCreated(ListedCenter):
    """A center was made."""


class CenterChanged(Wire):
    """A center, the first in the list, is another than it `was`; the others are neighbours that are listed elsewhere now."""

    put: list[ListedCenter]
    was: ListedCenter


class CenterRemoved(Wire):
    """These centers were taken out of the directory."""

    gone: list[NamedCenter]


def listed(facts: CenterFacts) -> dict[str, Any]:
    """The center as entries tell of it."""
    return dict(zip(_FIELDS, facts, strict=True))


def facts_of(told: dict[str, Any]) -> CenterFacts:
    """The center as rules keep it."""
    functional = bool(told.get("functional", False))
    return told["code"], told["name"], told["level"], told["parent"], told["place"], functional


def require_manage(context: Context, center: str, field: str) -> None:
    """Raises Refusal `forbidden` unless the asker may change what stands below this center."""
    if context.account.id != SYSTEM and not may(context.account, "center.manage", context.tree, center):
        raise Refusal("forbidden", f"what stands below center {center} is not yours to change", field)


def below(facts: Facts, code: str) -> list[str]:
    """The codes of a center and of all below it, parents first."""
    children: dict[str | None, list[str]] = {}
    for each in facts.values():
        children.setdefault(each[3], []).append(each[0])
    found, pending = [], [code]
    while pending:
        found.append(pending.pop())
        pending.extend(children.get(found[-1], ()))
    return found


def next_place(facts: Facts) -> int:
    """The place behind all others."""
    return max((each[4] for each in facts.values()), default=-1) + 1


def _seen(facts: Facts, code: str, field: str, context: Context) -> CenterFacts:
    """The center. Raises Refusal `not_found` for none, and for one that the asker may not see."""
    found = facts.get(code)
    if found is None or not (
        context.account.id == SYSTEM or may(context.account, "center.read", context.tree, code)
    ):
        raise Refusal("not_found", f"there is no center {code}", field)
    return found


def _require_level(level: str, above: CenterFacts | None) -> None:
    if above is not None and LEVELS.index(level) <= LEVELS.index(above[2]):
        raise Refusal("invalid", f"{level} does not stand below {above[2]}", "level")


def _create(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = CenterCreate.model_validate(command.data)
    facts = state.parts.read(Centers).facts
    above = _seen(facts, data.parent, "parent", context)
    require_manage(context, data.parent, "parent")
    if data.code in facts:
        raise Refusal("conflict", f"the code {data.code} is taken", "code")
    _require_level(data.level, above)
    made = (data.code, data.name, data.level, data.parent, next_place(facts), data.functional)
    return [Draft("center.created", None, listed(made), (HOUSE,))]


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = CenterChange.model_validate(command.data)
    facts = state.parts.read(Centers).facts
    found = _seen(facts, data.center, "center", context)
    code, name, level, parent, place, functional = found
    if all(each is None for each in (data.name, data.parent, data.level, data.functional, data.after)):
        raise Refusal("invalid", "say what is to be another", "center")
    require_manage(context, parent or code, "center")
    if data.parent is not None and data.parent != parent:
        if parent is None:
            raise Refusal("forbidden", "the top of the directory is not moved", "parent")
        _seen(facts, data.parent, "parent", context)
        require_manage(context, data.parent, "parent")
        if data.parent in below(facts, code):
            raise Refusal("invalid", "a center cannot stand below itself", "parent")
        parent = data.parent
    level = data.level or level
    if (level, parent) != (found[2], found[3]):
        _require_level(level, facts.get(parent or ""))
        for child in facts.values():
            if child[3] == code:
                _require_level(child[2], (code, name, level, parent, place, functional))
    changed: CenterFacts = (
        code,
        data.name or name,
        level,
        parent,
        place,
        functional if data.functional is None else data.functional,
    )
    put = [changed]
    if data.after is not None:
        put = _reordered(facts, changed, data.after)
    put = [put[0], *(each for each in put[1:] if facts[each[0]] != each)]
    if put == [found]:
        return []
    told = {"put": [listed(each) for each in put], "was": listed(found)}
    return [Draft("center.changed", None, told, (HOUSE,))]


def _reordered(facts: Facts, moved: CenterFacts, after: str) -> list[CenterFacts]:
    """The center behind this neighbour, and all neighbours with the places that all of them had before."""
    siblings = sorted(
        (each for each in facts.values() if each[3] == moved[3] and each[0] != moved[0]),
        key=lambda each: (each[4], each[0]),
    )
    codes = [each[0] for each in siblings]
    if after != "first" and after not in codes:
        raise Refusal("not_found", "there is no such neighbour", "after")
    places = sorted([moved[4], *(each[4] for each in siblings)])
    siblings.insert(0 if after == "first" else codes.index(after) + 1, moved)
    put = [(*each[:4], place, each[5]) for each, place in zip(siblings, places, strict=True)]
    return sorted(put, key=lambda each: each[0] != moved[0])


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = CenterRemove.model_validate(command.data)
    facts = state.parts.read(Centers).facts
    found = _seen(facts, data.center, "center", context)
    if found[3] is None:
        raise Refusal("forbidden", "the top of the directory is not taken away", "center")
    require_manage(context, found[3], "center")
    codes = below(facts, data.center)
    if len(codes) > 1 and not data.below:
        raise Refusal("wrong_state", f"{len(codes) - 1} centers stand below it", "below")
    require_no_accounts(state, codes)
    gone = [{"center": code, "name": facts[code][1]} for code in codes]
    return [
        Draft("center.removed", None, {"gone": gone[start : start + 2 * AT_ONCE]}, (HOUSE,))
        for start in range(0, len(gone), 2 * AT_ONCE)
    ]


def require_no_accounts(state: HubState, codes: Iterable[str]) -> None:
    """Raises Refusal `conflict` while accounts belong to one of these centers."""
    there = sum(accounts_at(state, set(codes)).values())
    if there:
        raise Refusal("conflict", f"{there} accounts belong there: move or delete them first", "accounts")


def _created(state: HubState, entry: Entry) -> None:
    state.parts.edit(Centers).facts[entry.data["code"]] = facts_of(dict(entry.data))


def _changed(state: HubState, entry: Entry) -> None:
    facts = state.parts.edit(Centers).facts
    for each in entry.data["put"]:
        facts[each["code"]] = facts_of(each)


def _removed(state: HubState, entry: Entry) -> None:
    facts = state.parts.edit(Centers).facts
    for each in entry.data["gone"]:
        facts.pop(each["center"], None)


def _entry(kind: str, schema: type[Wire], apply: Any) -> EntryRule:
    return EntryRule(kind, schema, apply, reads="account.read", subject=DIRECTORY, house=True)


RULES = RuleFile(
    "centers",
    commands=(
        CommandRule("center.create", CenterCreate, _create, meeting="never"),
        CommandRule("center.change", CenterChange, _change, meeting="never"),
        CommandRule("center.remove", CenterRemove, _remove, meeting="never"),
    ),
    entries=(
        _entry("center.created", CenterCreated, _created),
        _entry("center.changed", CenterChanged, _changed),
        _entry("center.removed", CenterRemoved, _removed),
    ),
)
