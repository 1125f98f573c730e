"""Grids: making, changing, assigning, handing over, splitting and joining them.

| command | refused with |
|---|---|
| `grid.make` | `not_found` (village), `forbidden`, `invalid` (no village, code of another), `conflict` (code, name, people) |
| `grid.change` | `not_found`, `forbidden`, `conflict` (name) |
| `grid.assign` | `not_found` (grid, account), `forbidden`, `invalid` (somebody twice), `conflict` (people, others by now) |
| `grid.hand` | `not_found` (grid, account), `forbidden`, `invalid` (several villages, not his), `conflict` (people) |
| `grid.split` | `not_found` (grid, account), `forbidden`, `invalid` (a part or household twice), `conflict` |
| `grid.join` | `not_found` (grid, account), `forbidden`, `invalid` (several villages, kinds, twice), `conflict` |
| `grid.remove` | `not_found`, `forbidden`, `invalid` (a grid twice, several villages) |

The leader or dispatcher of a center above a grid, or of its village, keeps it; so do the system administrator and the hub's
owner. Who answers for a grid is a grid leader, who walks it a grid member or leader, both of its village. Whoever loses his
role, his center or his account loses his grids with it, in the same decision. The grids of a center that is taken out of the
directory end with it; while households are registered in one, the edge refuses that (signaling/grid_removed.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from hub.directory.accounts import GRID_LEADER, GRID_ROLES, Account
from hub.directory.permissions import may
from hub.entry import SYSTEM, Command, Draft, Entry, account_audience, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.grids.catalog import (
    GRIDS,
    VILLAGE_DIGITS,
    Grid,
    Grids,
    grid_from,
    grid_of,
    grids_in,
    may_in_grid,
    village_of,
)
from hub.grids.grid_shapes import (
    MAX_AT_ONCE,
    GridAssign,
    GridAssigned,
    GridChange,
    GridChanged,
    GridHand,
    GridJoin,
    GridMake,
    GridRemove,
    GridsHanded,
    GridsJoined,
    GridsMade,
    GridSplit,
    GridsRemoved,
    GridWasSplit,
)
from hub.people import Accounts
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

# -- what is asked first


def _keeps(village: str, context: Context) -> bool:
    account, tree = context.account, context.tree
    return (
        account.id == SYSTEM
        or may(account, "grid.keep", tree, village)
        or may(account, "grid.manage", tree, village)
    )


def _kept_village(village: str, context: Context) -> str:
    """The village, for who keeps its grids. Raises Refusal."""
    place = context.tree.get(village)
    owner = context.account.id == SYSTEM
    if place is None or not (owner or may(context.account, "grid.read", context.tree, village)):
        raise Refusal("not_found", f"there is no center {village}", "village")
    if not _keeps(village, context):
        raise Refusal("forbidden", "the grids there are not yours to keep")
    if place.level != "village":
        raise Refusal("invalid", "grids belong to villages", "village")
    return village


def _kept_grid(state: HubState, grid: str, context: Context, field: str = "grid") -> Grid:
    """The grid, for who keeps it. Raises Refusal."""
    found = grid_of(state, grid)
    owner = context.account.id == SYSTEM
    if found is None or not (owner or may_in_grid(state, context.account, "grid.read", context.tree, grid)):
        raise Refusal("not_found", f"there is no grid {grid}", field)
    if not _keeps(found.village, context):
        raise Refusal("forbidden", "this grid is not yours to keep")
    return found


def _of_one_village(state: HubState, codes: Sequence[str], context: Context) -> list[Grid]:
    """The grids, for who keeps them all. Raises Refusal."""
    if len(set(codes)) != len(codes):
        raise Refusal("invalid", "a grid stands twice", "grids")
    found = [_kept_grid(state, code, context, "grids") for code in codes]
    if len({each.village for each in found}) > 1:
        raise Refusal("invalid", "they are grids of several villages", "grids")
    return found


def _require_people(state: HubState, grid: Grid) -> None:
    """Raises Refusal unless these people may work in this grid."""
    if len(set(grid.members)) != len(grid.members):
        raise Refusal("invalid", "somebody stands twice", "members")
    if grid.leader is not None:
        _require_person(state, grid.leader, grid.village, "leader")
    for account in grid.members:
        _require_person(state, account, grid.village, "members")


def _require_person(state: HubState, account: str, village: str, field: str) -> None:
    found = state.parts.read(Accounts).by_id.get(account)
    if found is None or found.center != village:
        raise Refusal("not_found", f"the village has no account {account}", field)
    roles = (GRID_LEADER,) if field == "leader" else GRID_ROLES
    if found.role not in roles:
        raise Refusal("conflict", f"{found.name} has not the role for it", field)


def _require_name(state: HubState, village: str, names: Iterable[str], aside: Iterable[str] = ()) -> None:
    """Raises Refusal for a name that stands twice, or that another grid of the village has than those `aside`."""
    grids = grids_in(state)
    taken = {grids.by_code[code].name for code in grids.of_village.get(village, ()) if code not in aside}
    for name in names:
        if name in taken:
            raise Refusal("conflict", f"the village has a grid {name}", "name")
        taken.add(name)


def _codes(state: HubState, village: str, wanted: Sequence[str | None], own: Iterable[str] = ()) -> list[str]:
    """The codes as they were asked for, or the next free ones. Those of `own` may be taken. Raises Refusal."""
    grids = grids_in(state)
    named = [code for code in wanted if code is not None]
    if len(set(named)) != len(named):
        raise Refusal("invalid", "a code stands twice", "grid")
    for code in named:
        if code[:VILLAGE_DIGITS] != village:
            raise Refusal("invalid", f"{code} is no code of this village", "grid")
        if code not in own and (code in grids.by_code or code in grids.ended):
            raise Refusal("conflict", f"the code {code} is or was another grid's", "grid")
    free = (code for code in grids.free_codes(village) if code not in named)
    try:
        return [next(free) if code is None else code for code in wanted]
    except StopIteration:
        raise Refusal("conflict", "the village has no number left", "grid") from None


def _by(context: Context) -> dict[str, str] | None:
    return None if context.account.id == SYSTEM else signature_of(context.account, context.tree)


def _draft(kind: str, village: str, people: Iterable[str], context: Context, data: dict[str, Any]) -> Draft:
    """To who reads the village's grids, and to each person whom it concerns."""
    words = (center_audience(village), *map(account_audience, dict.fromkeys(people)))
    return Draft(kind, None, {"village": village, "by": _by(context), **data}, words)


# -- what people do


def _make(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = GridMake.model_validate(command.data)
    village = _kept_village(data.village, context)
    codes = _codes(state, village, [each.grid for each in data.grids])
    _require_name(state, village, [each.name for each in data.grids])
    made = [
        Grid(code, each.name, each.kind, each.leader, tuple(each.members), each.planned)
        for code, each in zip(codes, data.grids, strict=True)
    ]
    for grid in made:
        _require_people(state, grid)
    people = [account for grid in made for account in grid.people]
    told = {"grids": [grid.to_wire() for grid in made], "batch": data.batch}
    return [_draft("grid.made", village, people, context, told)]


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = GridChange.model_validate(command.data)
    found = _kept_grid(state, data.grid, context)
    changed = replace(
        found,
        name=data.name or found.name,
        kind=data.kind or found.kind,
        planned=found.planned if data.planned is None else data.planned,
    )
    if changed == found:
        return []
    _require_name(state, found.village, [changed.name], (found.grid,))
    was = {"name": found.name, "kind": found.kind, "planned": found.planned}
    told = {**changed.to_wire(), "was": was}
    return [_draft("grid.changed", found.village, found.people, context, told)]


def _assign(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = GridAssign.model_validate(command.data)
    found = _kept_grid(state, data.grid, context)
    changed = replace(found, leader=data.leader, members=tuple(data.members))
    if changed == found:
        return []
    known = data.now
    if known is not None and (known.leader, tuple(known.members)) != (found.leader, found.members):
        raise Refusal("conflict", f"other people work in {found.name} by now", "now")
    _require_people(state, changed)
    return [_assigned(found, changed, context, data.batch)]


def _assigned(found: Grid, changed: Grid, context: Context, batch: str | None = None) -> Draft:
    was = {"leader": found.leader, "members": list(found.members)}
    told = {**changed.to_wire(), "was": was, "batch": batch}
    return _draft("grid.assigned", found.village, (*found.people, *changed.people), context, told)


def _hand(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = GridHand.model_validate(command.data)
    found = _of_one_village(state, data.grids, context)
    changed = []
    for grid in found:
        if data.account not in grid.people:
            raise Refusal("invalid", f"{grid.name} is not his", "account")
        changed.append(_with_another(grid, data.account, data.to))
        _require_people(state, changed[-1])
    told = {"account": data.account, "to": data.to, "grids": [each.to_wire() for each in changed]}
    people = [account for grid in (*found, *changed) for account in grid.people]
    return [_draft("grid.handed", found[0].village, people, context, told)]


def _with_another(grid: Grid, account: str, to: str | None) -> Grid:
    """The grid with somebody in another one's place; None: with nobody there."""
    members = [to if each == account else each for each in grid.members]
    return replace(
        grid,
        leader=to if grid.leader == account else grid.leader,
        members=tuple(dict.fromkeys(each for each in members if each is not None)),
    )


def _split(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = GridSplit.model_validate(command.data)
    found = _kept_grid(state, data.grid, context)
    if data.rest >= len(data.into):
        raise Refusal("invalid", "there is no such part", "rest")
    named = [each for part in data.into for each in part.households]
    if len(set(named)) != len(named):
        raise Refusal("invalid", "a household stands in two parts", "into")
    codes = _codes(state, found.village, [each.grid for each in data.into], (found.grid,))
    _require_name(state, found.village, [each.name for each in data.into], (found.grid,))
    parts = []
    for code, each in zip(codes, data.into, strict=True):
        part = Grid(code, each.name, found.kind, each.leader, tuple(each.members), each.planned)
        _require_people(state, part)
        parts.append((part, each.households))
    told = {
        "grid": found.grid,
        "name": found.name,
        "into": [{**part.to_wire(), "households": households} for part, households in parts],
        "rest": codes[data.rest],
        "rows": {
            sweep: {code: rows for code, rows in zip(codes, parts_rows, strict=False) if rows}
            for sweep, parts_rows in data.rows.items()
        },
    }
    people = [*found.people, *(account for part, _ in parts for account in part.people)]
    return [_draft("grid.split", found.village, people, context, told)]


def _join(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = GridJoin.model_validate(command.data)
    found, wanted = _of_one_village(state, data.grids, context), data.into
    if len({each.kind for each in found}) > 1:
        raise Refusal("invalid", "they are grids of several kinds", "grids")
    village = found[0].village
    (code,) = _codes(state, village, [wanted.grid], data.grids)
    _require_name(state, village, [wanted.name], data.grids)
    members = wanted.members
    if members is None:
        members = list(dict.fromkeys(account for each in found for account in each.members))
    planned = sum(each.planned for each in found)
    joined = Grid(code, wanted.name, found[0].kind, wanted.leader, tuple(members), planned)
    _require_people(state, joined)
    people = [account for grid in (*found, joined) for account in grid.people]
    told = {"grids": list(data.grids), "into": joined.to_wire()}
    return [_draft("grid.joined", village, people, context, told)]


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = GridRemove.model_validate(command.data)
    found = _of_one_village(state, data.grids, context)
    if found[0].village != data.village:
        raise Refusal("invalid", "they are grids of another village", "village")
    people = [account for grid in found for account in grid.people]
    return [_draft("grid.removed", data.village, people, context, {"grids": list(data.grids)})]


# -- what follows from what happens to accounts and centers


def _loses_grids(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Whoever has another role or center by now, or no account any more, works in no grid that asks for it."""
    account, data = str(draft.data["account"]), draft.data
    drafts = []
    for code in grids_in(state).of_account.get(account, ()):
        grid = grids_in(state).by_code[code]
        stays = draft.kind == "account.changed" and data["center"] == grid.village
        if stays and data["role"] == GRID_LEADER:
            continue
        if stays and data["role"] in GRID_ROLES and grid.leader != account:
            continue
        drafts.append(_assigned(grid, _with_another(grid, account, None), context))
    return drafts


def _end_with_center(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The grids of the centers that are taken out of the directory are no more."""
    grids, drafts = grids_in(state), []
    for gone in draft.data["gone"]:
        village = gone if isinstance(gone, str) else gone["center"]
        there = grids.of_village.get(village, [])
        for start in range(0, len(there), MAX_AT_ONCE):
            codes = there[start : start + MAX_AT_ONCE]
            people = [account for code in codes for account in grids.by_code[code].people]
            drafts.append(_draft("grid.removed", village, people, context, {"grids": list(codes)}))
    return drafts


# -- the state


def _put(state: HubState, told: dict[str, Any]) -> None:
    state.parts.edit(Grids).put(grid_from(told))


def _put_each(state: HubState, entry: Entry) -> None:
    for told in entry.data["grids"]:
        _put(state, told)


def _put_one(state: HubState, entry: Entry) -> None:
    _put(state, dict(entry.data))


def _was_split(state: HubState, entry: Entry) -> None:
    parts = entry.data["into"]
    if all(part["grid"] != entry.data["grid"] for part in parts):
        state.parts.edit(Grids).end(entry.data["grid"])
    for part in parts:
        _put(state, part)


def _were_joined(state: HubState, entry: Entry) -> None:
    into = entry.data["into"]
    for code in entry.data["grids"]:
        if code != into["grid"]:
            state.parts.edit(Grids).end(code)
    _put(state, into)


def _were_removed(state: HubState, entry: Entry) -> None:
    for code in entry.data["grids"]:
        state.parts.edit(Grids).end(code)


def _entry(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    # Told without a value, to be read again: the id of the document is the village.
    document = Document("grid", "village", gone=True)
    return EntryRule(
        kind, schema, apply, reads="grid.read", document=document, everywhere=True, subject=GRIDS
    )


def villages_of(account: Account, state: HubState) -> list[str]:
    """The villages in which an account has a grid."""
    codes = grids_in(state).of_account.get(account.id, ())
    return list(dict.fromkeys(map(village_of, codes)))


_DECIDED: Final[dict[str, tuple[type[Any], Callable[[HubState, Command, Context], list[Draft]]]]] = {
    "grid.make": (GridMake, _make),
    "grid.change": (GridChange, _change),
    "grid.assign": (GridAssign, _assign),
    "grid.hand": (GridHand, _hand),
    "grid.split": (GridSplit, _split),
    "grid.join": (GridJoin, _join),
    "grid.remove": (GridRemove, _remove),
}

RULES = RuleFile(
    "grids",
    commands=tuple(
        CommandRule(kind, schema, decide, meeting="never", owner=True)
        for kind, (schema, decide) in _DECIDED.items()
    ),
    entries=(
        _entry("grid.made", GridsMade, _put_each),
        _entry("grid.changed", GridChanged, _put_one),
        _entry("grid.assigned", GridAssigned, _put_one),
        _entry("grid.handed", GridsHanded, _put_each),
        _entry("grid.split", GridWasSplit, _was_split),
        _entry("grid.joined", GridsJoined, _were_joined),
        _entry("grid.removed", GridsRemoved, _were_removed),
    ),
    follows={
        "account.changed": _loses_grids,
        "account.deleted": _loses_grids,
    },
    precedes={"center.removed": _end_with_center, "center.imported": _end_with_center},
)
