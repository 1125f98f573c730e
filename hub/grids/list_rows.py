"""Rows of lists of people in grids: given to the grids where they were found, or by hand, and reported by who walks there.

| command | refused with |
|---|---|
| `clearing.report` | `not_found` (list, row, center to go to), `forbidden` (role), `invalid` |
| `clearing.assign` | `not_found` (list, row, grid), `forbidden`, `wrong_state` (not given out), `invalid` (two centers' rows) |
| `clearing.allot` (the hub only) | `not_found` (list) |

Who a row is about, and in which household he was found, stands outside of the journal and goes with the rows. A row that lies
with a grid stays its center's besides: both may report it. Grids are split and joined: each row is in one grid, or in none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.dispatch.clearing_shapes import ClearingReport
from hub.dispatch.clearings import (
    Clearing,
    Clearings,
    clearing_of,
    draft_of,
    edited,
    known,
    list_entry,
    readable,
    report,
    walks_for,
)
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import signature_of
from hub.grids.catalog import grid_of, grids_of, village_of
from hub.grids.list_shapes import ClearingAllot, ClearingAssign, ClearingAssigned, MatchedBy
from hub.ruling import CommandRule, Context, RuleFile
from hub.state import HubState


def walks_rows(state: HubState, account: Account, tree: CenterTree, found: Clearing) -> bool:
    """Whether the account walks a grid that rows of this list are given to."""
    walks = found.issued and walks_for(account, tree)
    return walks and bool(set(found.grids) & grids_of(state, account.id))


def _report(state: HubState, command: Command, context: Context) -> list[Draft]:
    return report(state, command, context, grids_of(state, context.account.id))


def _assign(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ClearingAssign.model_validate(command.data)
    found = readable(state, data.clearing, context)
    account, tree = context.account, context.tree
    holders = {found.holder(row) for row in data.rows}
    if len(holders) > 1:
        raise Refusal("invalid", "they are rows of several centers", "rows")
    center = holders.pop()
    if center is None or not any(
        may(account, "clearing.read", tree, code) for code in (found.center, center)
    ):
        raise Refusal("not_found", "the list has no such row", "rows")
    if not may(account, "clearing.share", tree, center):
        raise Refusal("forbidden", "these rows are not yours to give to grids", "rows")
    if not found.issued:
        raise Refusal("wrong_state", "give the list out first", "clearing")
    if data.grid is not None and (grid_of(state, data.grid) is None or village_of(data.grid) != center):
        raise Refusal("not_found", "the center has no such grid", "grid")
    changed = sorted({row for row in data.rows if found.grid(row) != data.grid})
    if not changed:
        return []
    by = signature_of(account, tree)
    if data.grid is None:
        return [_assigned(found, center, "by_hand", {}, changed, by=by)]
    return [_assigned(found, center, "by_hand", {data.grid: changed}, by=by)]


def _allot(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What was found goes where it still fits: the row is nobody's yet, nothing came of it, and the grid is there."""
    data = ClearingAllot.model_validate(command.data)
    found, place = clearing_of(state, data.clearing), context.tree.get(data.by)
    if found is None or not found.issued or place is None:
        raise Refusal("not_found", "there is no such list, or its rows are gone", "clearing")
    given = {}
    for grid, rows in sorted(data.grids.items()):
        if grid_of(state, grid) is None or village_of(grid) != data.center:
            continue
        free = sorted({row for row in rows if _is_free(found, row, data.center)})
        if free:
            given[grid] = free
    if not given:
        return []
    by = {"account": data.account, "name": data.name, "center": data.by, "center_name": place.name}
    return [_assigned(found, data.center, "matched", given, ways=dict(data.ways), by=by)]


def _is_free(found: Clearing, row: int, center: str) -> bool:
    return found.holder(row) == center and found.grid(row) is None and found.outcome(row) is None


def _assigned(
    found: Clearing,
    center: str,
    why: str,
    grids: Mapping[str, Sequence[int]],
    back: Sequence[int] = (),
    *,
    ways: Mapping[MatchedBy, int] | None = None,
    by: Mapping[str, str] | None = None,
) -> Draft:
    told = {
        "clearing": found.id,
        "center": center,
        "why": why,
        "grids": {grid: list(rows) for grid, rows in grids.items()},
        "back": list(back),
        "ways": dict(ways or {}),
        "by": None if by is None else dict(by),
    }
    return draft_of("clearing.assigned", told, center)


# -- grids are split, joined, and end


def _on_split(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Rows go where their households go: those of households that a part names to it, all others to the rest."""
    named: dict[str, dict[str, list[int]]] = draft.data.get("rows", {})
    village, grid, rest = (str(draft.data[name]) for name in ("village", "grid", "rest"))
    drafts = []
    for found in _lists(state):
        stays = set(found.rows_in(village, grid))
        moves = {}
        for part, wanted in named.get(found.id, {}).items():
            moves[part] = sorted(stays.intersection(wanted))
            stays.difference_update(wanted)
        moves[rest] = sorted(stays.union(moves.get(rest, ())))
        moves = {part: rows for part, rows in moves.items() if rows and part != grid}
        if moves:
            drafts.append(_assigned(found, village, "moved", moves))
    return drafts


def _on_joined(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    village, into = str(draft.data["village"]), str(draft.data["into"]["grid"])
    drafts = []
    for found in _lists(state):
        rows = [
            row for grid in draft.data["grids"] if grid != into for row in found.rows_in(village, str(grid))
        ]
        if rows:
            drafts.append(_assigned(found, village, "moved", {into: sorted(rows)}))
    return drafts


def _on_removed(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What lay with a grid that is no more is its village's."""
    village = str(draft.data["village"])
    drafts = []
    for found in _lists(state):
        rows = sorted(row for grid in draft.data["grids"] for row in found.rows_in(village, str(grid)))
        if rows:
            drafts.append(_assigned(found, village, "ended", {}, rows))
    return drafts


def _lists(state: HubState) -> list[Clearing]:
    return [each for each in state.parts.read(Clearings).by_id.values() if each.grids]


# -- the state


def _were_assigned(state: HubState, entry: Entry) -> None:
    clearing = edited(state, entry)
    for grid, rows in entry.data["grids"].items():
        clearing.give(rows, grid)
    clearing.give(entry.data["back"], None)


RULES = RuleFile(
    "list rows",
    commands=(
        CommandRule("clearing.report", ClearingReport, _report, meeting="never"),
        CommandRule("clearing.assign", ClearingAssign, _assign, meeting="never"),
        CommandRule("clearing.allot", ClearingAllot, _allot, meeting="never", system=True),
    ),
    entries=(list_entry("clearing.assigned", ClearingAssigned, known(_were_assigned)),),
    follows={"grid.split": _on_split, "grid.joined": _on_joined, "grid.removed": _on_removed},
)
