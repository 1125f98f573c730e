"""Centers: the tree of the directory, brought in as a whole list.

| command | refused with |
|---|---|
| `center.import` | `invalid` (no tree), `forbidden` |

What differs from the list that is there is told, in entries of some hundred centers each. Another center at the top is the
hub's owner's to make, at the command line; everything below is the system administrator's whose subtree it is in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydantic import Field

from hub.directory.permissions import may
from hub.directory.tree import Center, CenterTree
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, Text
from hub.house.parts import DIRECTORY, CenterFacts, Centers
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Level, Wire
from hub.state import HubState

#: Most centers of a directory.
MAX_CENTERS: Final = 20_000
#: Centers that one entry tells of: it stays below 64 KiB.
AT_ONCE: Final = 200


class NewCenter(CommandData):
    """A center of the list."""

    code: CenterCode
    """12 digits; what it is known by."""
    name: Text = Field(min_length=1, max_length=100)
    """What people read."""
    level: Level
    """Where it stands."""
    parent: CenterCode | None
    """The code of the center above; null at the top."""


class CenterImport(CommandData):
    """Make these centers the directory, in place of those that are there."""

    centers: list[NewCenter] = Field(max_length=MAX_CENTERS)
    """All of them, in the order in which they are listed."""


class ListedCenter(Wire):
    """A center and its place in the list."""

    code: str
    name: str
    level: str
    parent: str | None
    place: int


class CentersImported(Wire):
    """The directory was changed: these centers are new or other than before, those are gone."""

    put: list[ListedCenter]
    gone: list[str]


def facts_of(listed: dict[str, Any]) -> CenterFacts:
    """The center as rules keep it."""
    return listed["code"], listed["name"], listed["level"], listed["parent"], listed["place"]


def _import(state: HubState, command: Command, context: Context) -> list[Draft]:
    new = CenterImport.model_validate(command.data).centers
    try:
        CenterTree([Center(each.code, each.name, each.level, each.parent, "") for each in new])
    except ValueError as problem:
        raise Refusal("invalid", str(problem), "centers") from None
    there = state.parts.read(Centers).facts
    wanted = {
        each.code: (each.code, each.name, each.level, each.parent, place) for place, each in enumerate(new)
    }
    put = [each for code, each in wanted.items() if there.get(code) != each]
    gone = [code for code in there if code not in wanted]
    for code in dict.fromkeys([*(each[3] or each[0] for each in put), *gone]):
        _require(context, code)
    names = ("code", "name", "level", "parent", "place")
    listed = [dict(zip(names, each, strict=True)) for each in put]
    return [
        Draft("center.imported", None, {"put": some, "gone": lost}, (HOUSE,))
        for some, lost in _pieces(listed, gone)
    ]


def _require(context: Context, center: str) -> None:
    if context.account.id != SYSTEM and not may(context.account, "center.manage", context.tree, center):
        raise Refusal("forbidden", f"what stands below center {center} is not yours to change", "centers")


def _pieces(put: list[dict[str, Any]], gone: list[str]) -> Iterator[tuple[list[dict[str, Any]], list[str]]]:
    """What is to be told, a few hundred at a time."""
    for start in range(0, len(gone), AT_ONCE * 4):
        yield [], gone[start : start + AT_ONCE * 4]
    for start in range(0, len(put), AT_ONCE):
        yield put[start : start + AT_ONCE], []


def _imported(state: HubState, entry: Entry) -> None:
    facts = state.parts.edit(Centers).facts
    for code in entry.data["gone"]:
        facts.pop(code, None)
    for each in entry.data["put"]:
        facts[each["code"]] = facts_of(each)


RULES = RuleFile(
    "centers",
    commands=(CommandRule("center.import", CenterImport, _import, meeting="never", owner=True),),
    entries=(
        EntryRule(
            "center.imported", CentersImported, _imported, reads="account.read", subject=DIRECTORY, house=True
        ),
    ),
)
