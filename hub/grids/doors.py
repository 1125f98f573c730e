"""Visits outside of sweeps: a household is met at its door, and what was said last of it counts until something newer is said.

The state keeps nothing of them, for they are many and a village's households are in no order of their own. What was said last
stands in the table `household_visits`; the edge reads it, one household at a time, and the command brings it (`last`).
The rules are those of rows: who did not know of what another said within the last days is kept beside it, and marked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hub.clock import from_wire
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.grids.catalog import village_of
from hub.grids.sweep_form import REPORTED
from hub.grids.visit_said import Found, found_at, may_settle, may_visit, told_of
from hub.grids.visit_shapes import MOST_BACK, OfVisit, VisitCorrect, VisitLast, VisitRecord, VisitSettle
from hub.ruling import Context
from hub.state import HubState


def record(
    state: HubState, command: Command, data: VisitRecord, at: datetime, context: Context
) -> list[Draft]:
    """`visit.record` of a household."""
    grid, last = data.grid or "", data.last
    if not may_visit(state, context.account, context.tree, grid, handed=True):
        raise Refusal("not_found", "there is no such household among yours", "household")
    said = Found(data.finding, data.flags, data.photos)
    reports = bool(REPORTED.intersection(data.flags))
    made, found = found_at(state, command, said, "", grid, reports, context)
    told = {
        **told_of(data, at, context),
        **_of_household(data, last),
        "tries": int(data.outcome == "absent"),
        "handed": False,
        "conflict": last is not None and _contends(data, last, context),
        "late": False,
        "found": found,
    }
    return [Draft("visit.recorded", None, told, (center_audience(village_of(grid)),)), *made]


def _contends(data: VisitRecord, last: VisitLast, context: Context) -> bool:
    """Whether it did not know of what another said: as long as a phone may have been without a line."""
    unknown = last.seq > data.base and last.account != context.account.id
    return unknown and from_wire(last.at) >= context.now - MOST_BACK


def correct(state: HubState, command: Command, data: VisitCorrect, context: Context) -> list[Draft]:
    """`visit.correct` of a household: who said it, or who answers for the grid."""
    grid, last = _seen(state, data, context)
    if last.account != context.account.id and not may_settle(state, context, grid):
        raise Refusal("forbidden", "this is another's to correct, or the grid leader's")
    if last.seq != data.base:
        raise Refusal("conflict", "something newer was said of this household", "base")
    if (last.outcome, last.seen) == (data.outcome, data.seen) and data.commitment is None:
        return []
    told = {
        **_of_household(data, last),
        "corrects": last.seq,
        "outcome": data.outcome,
        "seen": data.seen,
        "tries": int(data.outcome == "absent"),
        "handed": False,
        **put_right(data),
        "found": None,
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("visit.corrected", None, told, (center_audience(village_of(grid)),))]


def put_right(data: VisitCorrect) -> dict[str, Any]:
    """What an entry tells of a correction, wherever it is."""
    return data.model_dump(mode="json", include={"reason", "offline", "flags", "asked", "commitment"})


def settle(state: HubState, data: VisitSettle, context: Context) -> list[Draft]:
    """`visit.settle` of a household."""
    grid, last = _seen(state, data, context)
    if not may_settle(state, context, grid):
        raise Refusal("forbidden", "the grid leader says which holds")
    if not last.others:
        raise Refusal("not_found", "nothing is to be settled here", "household")
    holds = next((each for each in (last, *last.others) if each.seq == data.holds), None)
    if holds is None:
        raise Refusal("not_found", "there is no such visit of this household", "holds")
    told = {
        **_of_household(data, last),
        "holds": data.holds,
        "settles": len(last.others),
        **holds.model_dump(include={"outcome", "seen", "account"}),
        "tries": int(holds.outcome == "absent"),
        "handed": False,
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("visit.settled", None, told, (center_audience(village_of(grid)),))]


def _seen(state: HubState, data: OfVisit, context: Context) -> tuple[str, VisitLast]:
    """The grid of a household that was visited. Raises Refusal `not_found`."""
    grid = data.grid or ""
    mine = may_visit(state, context.account, context.tree, grid, handed=True)
    if data.last is None or not (mine or may_settle(state, context, grid)):
        raise Refusal("not_found", "there is no such household among yours", "household")
    return grid, data.last


def _of_household(data: OfVisit, last: VisitLast | None) -> dict[str, Any]:
    grid = data.grid or ""
    return {
        "sweep": None,
        "row": None,
        "household": data.household,
        "center": village_of(grid),
        "grid": grid,
        "part": 0,
        "was": None if last is None else last.outcome,
        "was_seen": 0 if last is None else last.seen,
        "was_handed": False,
    }
