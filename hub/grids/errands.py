"""Errands (代办、跑腿): asked for by a household, taken, handed on, finished with a picture, rated.

| command | refused with |
|---|---|
| `errand.ask` | `not_found` (household) |
| `errand.take` | `not_found`, `already_done` |
| `errand.hand` | `not_found` (errand, account), `wrong_state` |
| `errand.finish` | `not_found`, `forbidden` (another has it), `wrong_state` |
| `errand.drop` | `not_found`, `wrong_state` |
| `errand.rate` | `not_found`, `wrong_state`, `already_done` |
| `errand.tick` (the hub only) | – |

Who walks the grid does it, or the village. What was asked for stands sealed; the rules keep those that go on, and for some days
those that wait to be rated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ConfigDict, Field, InstanceOf

from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.grids.catalog import grids_of, may_in_grid, village_of
from hub.grids.errand_shapes import (
    RATED_WITHIN,
    ErrandAsk,
    ErrandAsked,
    ErrandClosed,
    ErrandDrop,
    ErrandDropped,
    ErrandFinish,
    ErrandFinished,
    ErrandHand,
    ErrandRate,
    ErrandRated,
    ErrandsMoved,
    ErrandState,
    ErrandTake,
    ErrandTaken,
)
from hub.parts import Part
from hub.people import Accounts
from hub.ruling import Apply, CommandRule, Context, Document, Due, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand that goes on, or waits to be rated."""

    id: str
    household: str
    grid: str
    due: str | None
    state: ErrandState = "asked"
    #: Account of who does it.
    taker: str = ""
    #: When nothing more is said of it, as on the wire.
    until: str | None = None
    rated: bool = False

    @property
    def village(self) -> str:
        """Code of its village."""
        return village_of(self.grid)


class Errands(Part):
    """Errands that go on, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    by_id: dict[str, InstanceOf[Errand]] = Field(default_factory=dict)


def errand_of(state: HubState, errand: str) -> Errand | None:
    """The errand of this id, while it goes on or may be rated."""
    return state.parts.read(Errands).by_id.get(errand)


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
    if found.state not in ("asked", "taken"):
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
    told = {
        "errand": context.new_id("er"),
        "household": data.household,
        "center": village_of(grid),
        "grid": grid,
        "kind": data.kind,
        "due": data.due,
        "commitment": data.commitment,
        "by": signature_of(context.account, context.tree),
    }
    return [_draft("errand.asked", village_of(grid), told)]


def _take(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = _own(state, ErrandTake.model_validate(command.data).errand, context)
    if found.state != "asked":
        if found.taker == context.account.id and found.state == "taken":
            return []
        raise Refusal("already_done", "somebody has it", "errand")
    return [_signed("errand.taken", found, context, taker=context.account.id, handed_by=None, reason="")]


def _hand(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ErrandHand.model_validate(command.data)
    found = _own(state, data.errand, context)
    _going(found)
    to = state.parts.read(Accounts).by_id.get(data.to)
    if to is None or not may_run(state, to, context.tree, found.grid):
        raise Refusal("not_found", "nobody of this account walks there", "to")
    if found.taker == to.id:
        return []
    handed_by = found.taker or context.account.id
    return [_signed("errand.taken", found, context, taker=to.id, handed_by=handed_by, reason=data.reason)]


def _finish(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = ErrandFinish.model_validate(command.data)
    found = _own(state, data.errand, context)
    _going(found)
    if found.taker and found.taker != context.account.id:
        raise Refusal("forbidden", "another has it", "errand")
    late = found.due is not None and from_wire(found.due) < context.now
    photos = [each.model_dump(mode="json") for each in data.photos]
    return [_signed("errand.finished", found, context, photos=photos, cents=data.cents, late=late)]


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
    if found.rated:
        raise Refusal("already_done", "it is rated", "errand")
    return [_signed("errand.rated", found, context, stars=data.stars)]


# -- what the hub does


def _tick(state: HubState, command: Command, context: Context) -> list[Draft]:
    there = state.parts.read(Errands).by_id.values()
    return [
        _draft("errand.closed", each.village, {"errand": each.id, "center": each.village})
        for each in there
        if each.until is not None and from_wire(each.until) <= context.now
    ]


def _due(state: HubState) -> Due | None:
    there = [(each.until, each.id) for each in state.parts.read(Errands).by_id.values() if each.until]
    first = min(there, default=None)
    return None if first is None else Due(from_wire(first[0]), "errand.tick", None, first[1])


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


def _moved(village: str, moves: dict[str, str]) -> list[Draft]:
    return [_draft("errand.moved", village, {"center": village, "grids": moves})] if moves else []


# -- the state


def _asked(state: HubState, entry: Entry) -> None:
    data = entry.data
    errand = Errand(data["errand"], data["household"], data["grid"], data["due"])
    state.parts.edit(Errands).by_id[errand.id] = errand


def _put(state: HubState, entry: Entry, /, **more: Any) -> None:
    if (found := errand_of(state, entry.data["errand"])) is not None:
        state.parts.edit(Errands).by_id[found.id] = replace(found, **more)


def _taken(state: HubState, entry: Entry) -> None:
    _put(state, entry, state="taken", taker=entry.data["taker"])


def _finished(state: HubState, entry: Entry) -> None:
    _put(state, entry, state="done", until=_rated_until(entry.at))


def _rated_until(at: datetime) -> str:
    return to_wire(at + timedelta(days=RATED_WITHIN))


def _gone(state: HubState, entry: Entry) -> None:
    if errand_of(state, entry.data["errand"]) is None:
        return
    by_id = state.parts.edit(Errands).by_id
    del by_id[entry.data["errand"]]
    if not by_id:
        state.parts.forget(Errands)


def _move(state: HubState, entry: Entry) -> None:
    for errand, grid in entry.data["grids"].items():
        if (found := errand_of(state, errand)) is not None:
            state.parts.edit(Errands).by_id[errand] = replace(found, grid=grid)


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
        _entry("errand.asked", ErrandAsked, _asked),
        _entry("errand.taken", ErrandTaken, _taken),
        _entry("errand.finished", ErrandFinished, _finished),
        _entry("errand.dropped", ErrandDropped, _gone),
        _entry("errand.rated", ErrandRated, _gone),
        _entry("errand.closed", ErrandClosed, _gone),
        _entry("errand.moved", ErrandsMoved, _move, MOVES),
    ),
    follows={"grid.split": _on_split, "grid.joined": _on_joined},
    hub_due=_due,
)
