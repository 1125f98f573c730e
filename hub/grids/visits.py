"""Visits (走访): what came of a household, said by who walks its grid, on line or hours later.

| command | refused with |
|---|---|
| `visit.record` | `not_found` (sweep, row, household), `already_done` (closed before), `invalid` (moment) |
| `visit.correct` | `not_found`, `forbidden`, `conflict` (something newer was said) |
| `visit.settle` | `not_found`, `forbidden` |

A visit names the newest entry about its row that was known at the door. One that did not know of what another said meanwhile is
kept all the same and marked: what was said first counts until the grid leader says which holds. What the same person says later
is no conflict with what he said before. Three times nobody there, then one calls, then it is the village's turn; so it is at
once where somebody does not want to.
"""

from __future__ import annotations

from typing import Any

from hub.clock import from_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.grids import doors
from hub.grids.catalog import grids_of, village_of
from hub.grids.sweep_form import REPORTED
from hub.grids.sweep_state import FOLD_AFTER, Rows, Standing, Sweep, edited, sweep_of
from hub.grids.visit_said import Found, found_at, may_settle, may_visit, moment_of, told_of
from hub.grids.visit_shapes import TRIES, VisitCorrect, VisitOutcome, VisitRecord, VisitSettle
from hub.ruling import Context
from hub.state import HubState


def sees_sweep(state: HubState, account: Account, tree: CenterTree, found: Sweep) -> bool:
    """Whether something of the sweep is for this account: it is its center's, or some of its rows are in its area or grids."""
    if may(account, "sweep.read", tree, found.center):
        return True
    if any(found.of_center(village_of(grid)) is not None for grid in grids_of(state, account.id)):
        return not account.disabled
    return any(may(account, "sweep.read", tree, rows.center) for rows in found.villages)


# -- what people do


def record(state: HubState, command: Command, context: Context) -> list[Draft]:
    """`visit.record`."""
    data = VisitRecord.model_validate(command.data)
    at = moment_of(data.occurred_at, context.now)
    if data.sweep is None or data.row is None:
        return doors.record(state, command, data, at, context)
    sweep, rows = _place(state, data.sweep, data.row, context)
    grid, was = rows.grid_of(data.row), rows.standing(data.row)
    if not may_visit(state, context.account, context.tree, grid, handed=was.handed):
        raise Refusal("not_found", "there is no such row among yours", "row")
    if sweep.closed_at is not None and at > from_wire(sweep.closed_at):
        raise Refusal("already_done", "the sweep was closed before", "sweep")
    now = _after(was, data.outcome, data.seen, context.account.id)
    conflict = was.seq > data.base and was.account != context.account.id
    reports = bool(REPORTED.intersection(data.flags)) and not was.reported
    said = Found(data.finding, data.flags, data.photos)
    made, found = found_at(state, command, said, sweep.title, grid, reports, context)
    told = {
        **told_of(data, at, context),
        "sweep": sweep.id,
        "row": data.row,
        "household": None,
        "center": rows.center,
        "grid": grid,
        "part": _part(rows),
        "tries": now.tries,
        "handed": now.handed,
        "was": was.outcome,
        "was_seen": was.seen,
        "was_handed": was.handed,
        "conflict": conflict,
        "late": sweep.due is not None and at > from_wire(sweep.due),
        "found": found,
    }
    return [*_fold(sweep, rows), Draft("visit.recorded", None, told, (center_audience(rows.center),)), *made]


def correct(state: HubState, command: Command, context: Context) -> list[Draft]:
    """`visit.correct`: who said it, or who answers for the grid."""
    data = VisitCorrect.model_validate(command.data)
    if data.sweep is None or data.row is None:
        return doors.correct(state, command, data, context)
    sweep, rows = _place(state, data.sweep, data.row, context)
    grid, was = rows.grid_of(data.row), rows.standing(data.row)
    if not may_visit(state, context.account, context.tree, grid, handed=was.handed) and not may_settle(
        state, context, grid
    ):
        raise Refusal("not_found", "there is no such row among yours", "row")
    if was.account != context.account.id and not may_settle(state, context, grid):
        raise Refusal("forbidden", "this is another's to correct, or the grid leader's")
    if was.outcome is None or was.seq != data.base:
        raise Refusal("conflict", "something newer was said of this row", "base")
    if (was.outcome, was.seen) == (data.outcome, data.seen) and data.commitment is None:
        return []
    reports = bool(REPORTED.intersection(data.flags)) and not was.reported
    made, found = found_at(state, command, Found(None, data.flags), sweep.title, grid, reports, context)
    tries = min(was.tries, TRIES) if data.outcome == "absent" else 0
    handed = data.outcome == "refused" or (data.outcome == "absent" and was.handed)
    told = {
        **_of_row(sweep, rows, data.row, grid, was),
        "corrects": was.seq,
        "outcome": data.outcome,
        "seen": data.seen,
        "handed": handed,
        "tries": max(tries, int(data.outcome == "absent")),
        **doors.put_right(data),
        "found": found,
        "by": signature_of(context.account, context.tree),
    }
    return [*_fold(sweep, rows), Draft("visit.corrected", None, told, (center_audience(rows.center),)), *made]


def settle(state: HubState, command: Command, context: Context) -> list[Draft]:
    """`visit.settle`."""
    data = VisitSettle.model_validate(command.data)
    if data.sweep is None or data.row is None:
        return doors.settle(state, data, context)
    sweep, rows = _place(state, data.sweep, data.row, context)
    grid, was = rows.grid_of(data.row), rows.standing(data.row)
    if not may_settle(state, context, grid):
        if may_visit(state, context.account, context.tree, grid, handed=was.handed):
            raise Refusal("forbidden", "the grid leader says which holds")
        raise Refusal("not_found", "there is no such row among yours", "row")
    others = rows.contenders.get(data.row, [])
    if not others:
        raise Refusal("not_found", "nothing is to be settled here", "row")
    holds: dict[str, Any]
    if data.holds == was.seq and was.outcome is not None:
        holds = {"outcome": was.outcome, "seen": was.seen, "account": was.account}
        now = was
    else:
        chosen = next((each for each in others if each[0] == data.holds), None)
        if chosen is None:
            raise Refusal("not_found", "there is no such visit of this row", "holds")
        _, outcome, seen, account = chosen
        holds = {"outcome": outcome, "seen": seen, "account": account}
        # What does not hold was no try.
        now = _after(
            was._replace(tries=max(0, was.tries - int(was.outcome == "absent"))), outcome, seen, account
        )
    told = {
        **_of_row(sweep, rows, data.row, grid, was),
        "holds": data.holds,
        "settles": len(others),
        **holds,
        "tries": now.tries,
        "handed": now.handed,
        "by": signature_of(context.account, context.tree),
    }
    return [*_fold(sweep, rows), Draft("visit.settled", None, told, (center_audience(rows.center),))]


def _place(state: HubState, sweep: str, row: int, context: Context) -> tuple[Sweep, Rows]:
    """The sweep and the village of a row. Raises Refusal `not_found`."""
    found = sweep_of(state, sweep)
    rows = found.village_of(row) if found is not None and not found.ended else None
    if found is None or rows is None or not sees_row(state, context.account, context.tree, rows):
        raise Refusal("not_found", "there is no such sweep, or no such row", "row")
    return found, rows


def sees_row(state: HubState, account: Account, tree: CenterTree, rows: Rows) -> bool:
    """Whether the account sees rows of this village: by its right there, or by a grid of its own in it."""
    if may(account, "sweep.read", tree, rows.center):
        return True
    return any(village_of(grid) == rows.center for grid in grids_of(state, account.id))


def _after(was: Standing, outcome: VisitOutcome, seen: int, account: str) -> Standing:
    """What came of a row, after this one more visit."""
    if outcome == "absent":
        handed = was.handed or was.tries >= TRIES
        return was._replace(
            outcome=outcome, seen=seen, tries=min(was.tries + 1, TRIES), handed=handed, account=account
        )
    return was._replace(outcome=outcome, seen=seen, handed=outcome == "refused", account=account)


def _of_row(sweep: Sweep, rows: Rows, row: int, grid: str, was: Standing) -> dict[str, Any]:
    return {
        "sweep": sweep.id,
        "row": row,
        "household": None,
        "center": rows.center,
        "grid": grid,
        "part": _part(rows),
        "was": was.outcome,
        "was_seen": was.seen,
        "was_handed": was.handed,
    }


def _part(rows: Rows) -> int:
    """To which part the next entry about rows of this village belongs."""
    return rows.part + (rows.since >= FOLD_AFTER)


def _fold(sweep: Sweep, rows: Rows) -> list[Draft]:
    """The village in short, before the next entry, where it has seen many since the last time."""
    if _part(rows) == rows.part:
        return []
    told = {"sweep": sweep.id, "center": rows.center, "part": rows.part + 1, "rows": rows.packed()}
    return [Draft("sweep.folded", None, told, (center_audience(rows.center),))]


# -- the state


def put(rows: Rows, kind: str, data: Any, account: str, seq: int) -> None:
    """What an entry about a row does to the rows of its village."""
    row = data["row"]
    was = rows.standing(row)
    rows.since += 1
    reported = was.reported or data.get("found") is not None
    if kind == "visit.recorded" and data["conflict"]:
        rows.contenders.setdefault(row, []).append([seq, data["outcome"], data["seen"], account])
        rows.put(row, was._replace(reported=reported))
        return
    if kind == "visit.settled":
        rows.contenders.pop(row, None)
    rows.put(
        row,
        Standing(
            data["outcome"],
            data["seen"],
            data["tries"],
            data["handed"],
            reported,
            seq,
            data.get("account", was.account if kind == "visit.corrected" else account),
        ),
    )


def _rows(state: HubState, entry: Entry) -> Rows | None:
    found = edited(state, entry.data["sweep"]) if entry.data["sweep"] is not None else None
    return found.of_center(entry.data["center"]) if found is not None else None


def recorded(state: HubState, entry: Entry) -> None:
    """`visit.recorded`, `visit.corrected`, `visit.settled`: into the rows, where they are still there."""
    if (rows := _rows(state, entry)) is not None:
        put(rows, entry.kind, entry.data, entry.actor.account, entry.seq)


corrected = settled = recorded


def moved(state: HubState, entry: Entry) -> None:
    """`sweep.moved`."""
    if (rows := _rows(state, entry)) is not None:
        for grid, numbers in entry.data["moves"].items():
            rows.moved.update(dict.fromkeys(numbers, grid))


def folded(state: HubState, entry: Entry) -> None:
    """`sweep.folded`."""
    if (rows := _rows(state, entry)) is not None:
        rows.unpack(entry.data["rows"])
        rows.part, rows.since = entry.data["part"], 0
