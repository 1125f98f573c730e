"""A whole list of centers at once: the directory, or what stands below one center, in place of what is there.

| command | refused with |
|---|---|
| `center.import` | `invalid` (no tree), `forbidden`, `not_found`, `wrong_state` (changed meanwhile), `conflict` (accounts) |

What differs from the list that is there is told, in entries of some hundred centers each. Another center at the top is the
hub's owner's to make, at the command line; everything below is the system administrator's whose subtree it is in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydantic import Field

from hub.directory.tree import Center, CenterTree
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, Text
from hub.house.centers import (
    AT_ONCE,
    Facts,
    ListedCenter,
    below,
    facts_of,
    listed,
    next_place,
    require_manage,
    require_no_accounts,
)
from hub.house.parts import DIRECTORY, CenterFacts, Centers, mark_of
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Level, Wire
from hub.state import HubState

#: Most centers of a directory.
MAX_CENTERS: Final = 20_000


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
    functional: bool = False
    """Whether it is a functional area."""


class CenterImport(CommandData):
    """Make these centers the directory, or what stands below one center, in place of those that are there."""

    centers: list[NewCenter] = Field(max_length=MAX_CENTERS)
    """All of them, in the order in which they are listed."""
    within: CenterCode | None = None
    """The center that the list is about, with all below it; null: the whole directory."""
    keep: bool = False
    """Whether centers that the list does not name stay as they are."""
    expects: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    """The mark of the directory that a preview was made of: of another one nothing is done. Null: of any."""


class CentersImported(Wire):
    """The directory was changed: these centers are new or other than before, those are gone."""

    put: list[ListedCenter]
    gone: list[str]


def _import(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = CenterImport.model_validate(command.data)
    there = state.parts.read(Centers).facts
    if data.expects is not None and data.expects != mark_of(state):
        raise Refusal("wrong_state", "the directory was changed after this was looked at", "expects")
    if data.within is not None and data.within not in there:
        raise Refusal("not_found", f"there is no center {data.within}", "within")
    if len({each.code for each in data.centers}) != len(data.centers):
        raise Refusal("invalid", "a center stands twice in the list", "centers")
    scope = set(there) if data.within is None else set(below(there, data.within))
    for each in data.centers:
        if each.code in there and each.code not in scope:
            raise Refusal("forbidden", f"center {each.code} stands elsewhere", "centers")
    wanted = _placed(data, there)
    gone = [] if data.keep else [code for code in there if code in scope - wanted.keys() - {data.within}]
    put = [each for code, each in wanted.items() if there.get(code) != each]
    after = {**{code: each for code, each in there.items() if code not in gone}, **wanted}
    try:
        CenterTree(
            [Center(code, name, level, parent, "") for code, name, level, parent, *_ in after.values()]
        )
    except ValueError as problem:
        raise Refusal("invalid", str(problem), "centers") from None
    for code in dict.fromkeys(
        [*(each[3] or each[0] for each in put), *(there[each][3] or each for each in gone)]
    ):
        require_manage(context, code, "centers")
    for code in [each[0] for each in put if each[0] in there]:
        require_manage(context, there[code][3] or code, "centers")
    if context.account.id != SYSTEM:
        require_no_accounts(state, gone)
    return [
        Draft("center.imported", None, {"put": some, "gone": lost}, (HOUSE,))
        for some, lost in _pieces([listed(each) for each in put], gone)
    ]


def _placed(data: CenterImport, there: Facts) -> Facts:
    """The centers of the list with their places. Of a part of the directory they share the places that they had."""
    places = iter(range(len(data.centers)))
    if data.within is not None or data.keep:
        had = sorted(there[each.code][4] for each in data.centers if each.code in there)
        behind = next_place(there)
        places = iter([*had, *range(behind, behind + len(data.centers) - len(had))])
    found: dict[str, CenterFacts] = {}
    for each in data.centers:
        found[each.code] = (each.code, each.name, each.level, each.parent, next(places), each.functional)
    return found


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
    "center_import",
    commands=(CommandRule("center.import", CenterImport, _import, meeting="never", owner=True),),
    entries=(
        EntryRule(
            "center.imported", CentersImported, _imported, reads="account.read", subject=DIRECTORY, house=True
        ),
    ),
)
