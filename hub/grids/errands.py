"""Errands (代办、跑腿): asked for by a household, taken, handed on, finished with a picture, rated.

| command | refused with |
|---|---|
| `errand.ask` | `not_found` (household), `id_reused` |
| `errand.take` | `not_found`, `already_done` (somebody has it, it is over) |
| `errand.hand` | `not_found` (errand, account), `wrong_state`, `invalid` (no reason) |
| `errand.finish` | `not_found`, `forbidden` (another has it), `wrong_state`, `invalid` (moment) |
| `errand.drop` | `not_found`, `wrong_state` |
| `errand.rate` | `not_found` (also once it is rated), `wrong_state` |
| `errand.tick` (the hub only) | – |

Who walks the grid does it, or the village. One that nobody there can do is handed to the village, which does it or gives it to
somebody. An errand moves with its household, whoever walks there then does it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.grids import errand_state
from hub.grids.catalog import grids_of, may_in_grid, village_of
from hub.grids.errand_shapes import (
    ErrandAsk,
    ErrandAsked,
    ErrandClosed,
    ErrandDrop,
    ErrandDropped,
    ErrandFinish,
    ErrandFinished,
    ErrandHand,
    ErrandHanded,
    ErrandRate,
    ErrandRated,
    ErrandsMoved,
    ErrandTake,
    ErrandTaken,
)
from hub.grids.errand_state import Errand, Errands, errand_of
from hub.grids.visit_shapes import MOST_AHEAD, MOST_BACK
from hub.people import Accounts
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState


def may_run(state: HubState, account: Account, tree: CenterTree, grid: str) -> bool:
    """Whether the account does errands in this grid: it walks it, or is of its village."""
    if grid in grids_of(state, account.id):
        return may_in_grid(state, account, "errand.take", tree, grid)
    return may(account, "errand.take", tree, village_of(grid))


def _own(state: HubState, errand: str, context: Context) -> Errand:
    found = errand_of(state, errand)
    if found is None or not may_run(state, context.account, context.tree, found.grid):
        raise Refusal("not_found", "there is no such errand", "errand")
    return found


def _going(found: Errand) -> None:
    if found.state == "done":
        raise Refusal("wrong_state", "it is over", "errand")


def _draft(kind: str, center: str, data: dict[str, Any]) -> Draft:
    return Draft(kind, None, data, (center_audience(center),))


def _signed(kind: str, found: Errand, context: Context, **more: Any) -> Draft:
    by = signature_of(context.account, context.tree)
    return _draft(kind, found.village, {"errand": found.id, "center": found.village, **more, "by": by})


def _ask(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ErrandAsk.model_validate(command.data)
    grid = data.grid or ""
    if not may_run(state, context.account, context.tree, grid):
        raise Refusal("not_found", "there is no such household among yours", "household")
    if data.errand is not None and errand_of(state, data.errand) is not None:
        raise Refusal("id_reused", "there is an errand of this id", "errand")
    told = {
        "errand": data.errand or context.new_id("er"),
        "household": data.household,
        "center": village_of(grid),
        "grid": grid,
        "kind": data.kind,
        "due": data.due,
        "urgent": data.urgent,
        "commitment": data.commitment,
        "by": signature_of(context.account, context.tree),
    }
    return [_draft("errand.asked", village_of(grid), told)]


def _take(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = _own(state, ErrandTake.model_validate(command.data).errand, context)
    if found.state not in ("asked", "handed"):
        if found.taker == context.account.id and found.state == "taken":
            return []
        raise Refusal("already_done", "somebody has it, or it is done", "errand")
    return [_signed("errand.taken", found, context, taker=context.account.id, handed_by=None, reason="")]


def _hand(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ErrandHand.model_validate(command.data)
    found = _own(state, data.errand, context)
    _going(found)
    if data.to is None:
        return _to_village(found, data.reason, context)
    to = state.parts.read(Accounts).by_id.get(data.to)
    if to is None or not may_run(state, to, context.tree, found.grid):
        raise Refusal("not_found", "nobody of this account walks there", "to")
    if found.taker == to.id:
        return []
    handed_by = found.taker or context.account.id
    return [_signed("errand.taken", found, context, taker=to.id, handed_by=handed_by, reason=data.reason)]


def _to_village(found: Errand, reason: str, context: Context) -> list[Draft]:
    if found.state == "handed":
        return []
    if reason == "":
        raise Refusal("invalid", "say why nobody there can do it", "reason")
    handed_by = found.taker or context.account.id
    return [_signed("errand.handed", found, context, handed_by=handed_by, reason=reason)]


def _finish(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ErrandFinish.model_validate(command.data)
    found = _own(state, data.errand, context)
    _going(found)
    if found.taker and found.taker != context.account.id:
        raise Refusal("forbidden", "another has it", "errand")
    at = _moment(data.occurred_at, context.now)
    told = {
        "photos": [each.model_dump(mode="json") for each in data.photos],
        "cents": data.cents,
        "late": found.due is not None and from_wire(found.due) < at,
        "occurred_at": None if data.occurred_at is None else to_wire(at),
        "commitment": data.commitment,
    }
    return [_signed("errand.finished", found, context, **told)]


def _moment(said: str | None, now: datetime) -> datetime:
    """When it was done. Raises Refusal `invalid` for a moment that is not to be believed."""
    if said is None:
        return now
    at = from_wire(said)
    if not now - MOST_BACK <= at <= now + MOST_AHEAD:
        raise Refusal("invalid", "it was done at most seven days ago, and not ahead", "occurred_at")
    return min(at, now)


def _drop(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ErrandDrop.model_validate(command.data)
    found = _own(state, data.errand, context)
    _going(found)
    return [_signed("errand.dropped", found, context, reason=data.reason)]


def _rate(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ErrandRate.model_validate(command.data)
    found = _own(state, data.errand, context)
    if found.state != "done":
        raise Refusal("wrong_state", "it is not done", "errand")
    return [_signed("errand.rated", found, context, stars=data.stars, heard=data.heard)]


# -- what the hub does


def _tick(state: HubState, command: Command, context: Context) -> list[Draft]:
    there = state.parts.read(Errands).by_id.values()
    return [
        _draft("errand.closed", each.village, {"errand": each.id, "center": each.village})
        for each in there
        if each.until is not None and from_wire(each.until) <= context.now
    ]


def _on_split(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    data = draft.data
    named = {household: part["grid"] for part in data["into"] for household in part["households"]}
    moves = {
        each.id: grid
        for each in state.parts.read(Errands).by_id.values()
        if each.grid == data["grid"] and (grid := named.get(each.household, data["rest"])) != each.grid
    }
    return _moved(data["village"], moves)


def _on_joined(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    data = draft.data
    into = data["into"]["grid"]
    there = state.parts.read(Errands).by_id.values()
    return _moved(data["village"], {e.id: into for e in there if e.grid in data["grids"] and e.grid != into})


def _on_household_moved(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    data = draft.data
    there = state.parts.read(Errands).by_id.values()
    mine = {e.id: data["grid"] for e in there if e.household == data["household"] and e.grid != data["grid"]}
    return _moved(village_of(data["grid"]), mine)


def _moved(village: str, moves: dict[str, str]) -> list[Draft]:
    return [_draft("errand.moved", village, {"center": village, "grids": moves})] if moves else []


#: What entries about an errand are about.
ERRAND: Final = Subject(
    lambda entry: str(entry.data["errand"]), lambda state, one: errand_of(state, one) is not None
)
#: Moves are few, and concern several: a restart reads them all.
MOVES: Final = Subject(lambda entry: "errands", lambda state, one: True)


def _entry(kind: str, schema: type[Wire], apply: Apply, subject: Subject = ERRAND) -> EntryRule:
    document = Document("errand", "errand", gone=True) if subject is ERRAND else None
    return EntryRule(
        kind, schema, apply, reads="errand.read", document=document, everywhere=True, subject=subject
    )


RULES = RuleFile(
    "errands",
    commands=(
        CommandRule("errand.ask", ErrandAsk, _ask, meeting="never"),
        CommandRule("errand.take", ErrandTake, _take, meeting="never"),
        CommandRule("errand.hand", ErrandHand, _hand, meeting="never"),
        CommandRule("errand.finish", ErrandFinish, _finish, meeting="never"),
        CommandRule("errand.drop", ErrandDrop, _drop, meeting="never"),
        CommandRule("errand.rate", ErrandRate, _rate, meeting="never"),
        CommandRule("errand.tick", NoData, _tick, meeting="never", system=True),
    ),
    entries=(
        _entry("errand.asked", ErrandAsked, errand_state.asked),
        _entry("errand.taken", ErrandTaken, errand_state.taken),
        _entry("errand.handed", ErrandHanded, errand_state.handed),
        _entry("errand.finished", ErrandFinished, errand_state.finished),
        _entry("errand.dropped", ErrandDropped, errand_state.gone),
        _entry("errand.rated", ErrandRated, errand_state.gone),
        _entry("errand.closed", ErrandClosed, errand_state.gone),
        _entry("errand.moved", ErrandsMoved, errand_state.moved, MOVES),
    ),
    follows={
        "grid.split": _on_split,
        "grid.joined": _on_joined,
        "household.moved": _on_household_moved,
    },
    hub_due=errand_state.due,
)
