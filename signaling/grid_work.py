"""What a phone holds, in one answer: the grids that its account walks, their households, and what is to be done there.

Nobody else's grids are in it. It is whole or, for a phone that holds what there is, nothing: nobody asks what he missed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from hub.clock import to_wire
from hub.directory.accounts import GRID_ROLES, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.grids.catalog import Grid, grids_in, grids_of, may_in_grid
from hub.grids.phone_work import WorkWanted
from hub.grids.sweep_form import Known, asker
from hub.grids.sweep_kept import SweepRow
from hub.grids.sweep_state import Standing, Sweep, Sweeps
from hub.grids.visit_shapes import VisitOutcome
from hub.state import HubState
from signaling.errand_telling import SEEN_FOR, runners
from signaling.errand_telling import told as told_errands
from signaling.http_grid_tasks import named
from signaling.list_work import list_rows as given_rows
from signaling.own_visits import day_begins, doors_told, own_said, team_told
from signaling.services import Json, Services

#: What was fresh is not fresh for ever: after so long everything is told anew; to who leads others sooner, since no entry
#: tells whose phone is there.
ANEW_AFTER_S: Final = 3_600
LED_AFTER_S: Final = 300


class WorkDesk:
    """What phones ask for. One that has all of it already, by its mark, is given nothing again: see `Touched`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tree = services.tree
        self._end: Callable[[], None] | None = None

    async def start(self) -> None:
        """Hear from now on where something changes."""
        self._end = self._services.writer.subscribe(self._heard)

    def stop(self) -> None:
        """Hear no more."""
        if self._end is not None:
            self._end()

    def _heard(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._services.work.touched.heard(entry)

    def mark(self, account: Account) -> str:
        """The same as long as the answer is. Ask before reading. Raises Refusal `forbidden` for who walks no grid."""
        services, touched = self._services, self._services.work.touched
        if self._tree is not services.tree:
            self._tree = services.tree
            touched.everywhere()
        grids = own_grids(services.writer.state, services, account)
        codes = [each.grid for each in grids]
        own = hashlib.sha256(" ".join((account.id, account.role, *codes)).encode()).hexdigest()[:16]
        leads = any(each.leader == account.id for each in grids)
        span = int(services.clock().timestamp() // (LED_AFTER_S if leads else ANEW_AFTER_S))
        return f"{touched.mark([*codes, *(each.village for each in grids)])}-{own}-{span:x}"


async def grid_work(services: Services, account: Account) -> Json:
    """All of it. Raises Refusal `forbidden` for who walks no grid."""
    state, now, tree = services.writer.state, services.clock(), services.tree
    grids = own_grids(state, services, account)
    seq = state.last_seq
    sweeps = [each for each in open_sweeps(state) if any(each.of_center(grid.village) for grid in grids)]
    codes, villages = [each.grid for each in grids], sorted({each.village for each in grids})
    wanted = WorkWanted(
        account.id,
        day_begins(services),
        codes,
        villages,
        [each.id for each in sweeps],
        to_wire(now - SEEN_FOR),
    )
    found = await services.work.read(wanted, tree)
    list_rows, columns = await given_rows(services, grids)
    return {
        "seq": seq,
        "at": to_wire(now),
        "grids": [_grid(services, account, each) for each in grids],
        "cards": [_card(each, found.known.get(each["household"])) for each in found.cards],
        "sweeps": [_sweep(each) for each in sweeps],
        "rows": _rows(sweeps, found.rows, found.cards, found.known, now),
        "errands": await told_errands(services, account, found.errands, words=found.errand_words),
        "tasks": [named(services, each) for each in found.tasks],
        "orders": [_order(each, village) for village in villages for each in found.orders.get(village, ())],
        "lists": [
            _list(each, village, columns.get(each["id"], []))
            for village in villages
            for each in found.lists.get(village, ())
        ],
        "list_rows": list_rows,
        "doors": doors_told(services, found.doors),
        "said": await own_said(services, found),
        "team": await team_told(services, account, grids),
    }


def _order(order: Json, village: str) -> Json:
    kept = {name: order[name] for name in ("number", "text", "priority", "due")}
    own = next((each for each in order["targets"] if each["center"] == village), None)
    state = own["state"] if own is not None else order["state"]
    return {"order": order["id"], **kept, "state": state, "issuer": order["issuer"]["center_name"]}


def _list(clearing: Json, village: str, columns: list[dict[str, str]]) -> Json:
    counts = clearing["counts"]
    left = counts["total"] - sum(counts[name] for name in ("normal", "abnormal", "absent", "moved"))
    kept = {name: clearing[name] for name in ("title", "note", "due", "delete_at")}
    numbers = {"total": counts["total"], "left": left}
    return {"clearing": clearing["id"], "village": village, **kept, **numbers, "columns": columns}


def own_grids(state: HubState, services: Services, account: Account) -> list[Grid]:
    """The grids that the account walks, by code. Raises Refusal `forbidden` for a role that walks none."""
    by_code = grids_in(state).by_code
    own = [by_code[code] for code in sorted(grids_of(state, account.id))]
    seen = [each for each in own if may_in_grid(state, account, "sweep.read", services.tree, each.grid)]
    if not seen and account.role not in GRID_ROLES:
        raise Refusal("forbidden", "this role walks no grid")
    return seen


def open_sweeps(state: HubState) -> list[Sweep]:
    """Sweeps whose visits are taken, the oldest first."""
    there = state.parts.read(Sweeps).by_id.values()
    return sorted((each for each in there if not each.ended), key=lambda each: (each.opened_at, each.id))


def _grid(services: Services, account: Account, grid: Grid) -> Json:
    village = services.tree.get(grid.village)
    return {
        "grid": grid.grid,
        "name": grid.name,
        "village": grid.village,
        "village_name": village.name if village is not None else grid.village,
        "leads": grid.leader == account.id,
        "people": runners(services, grid.grid),
    }


def _card(card: Json, known: Mapping[str, Known] | None) -> Json:
    if not known:
        return card
    last = {key: {"value": each.value, "at": to_wire(each.at)} for key, each in known.items()}
    return {**card, "last": last}


def _sweep(sweep: Sweep) -> Json:
    return {
        "sweep": sweep.id,
        "title": sweep.title,
        "sort": sweep.sort,
        "note": sweep.note,
        "due": sweep.due,
        "closed_at": sweep.closed_at,
        "form": [each.model_dump(mode="json") for each in sweep.form],
    }


def _rows(
    sweeps: Sequence[Sweep],
    rows: Sequence[SweepRow],
    cards: Sequence[Json],
    known: Mapping[str, Mapping[str, Known]],
    now: datetime,
) -> list[Json]:
    to_ask = {each.id: asker(each.form, now) for each in sweeps}
    persons = {card["household"]: [each["person"] for each in card["persons"]] for card in cards}
    told = []
    for row in rows:
        line = row_told(row)
        line["sweep"] = row.sweep
        line["ask"] = to_ask[row.sweep](persons.get(row.household, []), known.get(row.household, {}))
        told.append(line)
    return told


def row_told(row: SweepRow) -> dict[str, Any]:
    """What pages and phones are told of a row."""
    return {
        "row": row.number,
        "household": row.household,
        "grid": row.grid,
        "outcome": row.outcome,
        "seen": row.seen,
        "tries": row.tries,
        "next": standing_of(row).next_step,
        "conflict": row.conflicts > 0,
        "base": row.seq,
        "at": row.at,
    }


def standing_of(row: SweepRow) -> Standing:
    """A row as rules know it."""
    return Standing(
        cast("VisitOutcome | None", row.outcome),
        row.seen,
        row.tries,
        row.handed,
        seq=row.seq,
        account=row.account or "",
    )
