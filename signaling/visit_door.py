"""Visits come in here, one or many in a request, each a command of its own: sent again, each is given its first answer.

What was answered is held against the sweep's form and committed to before the command; it is sealed and kept after it, before
anybody is answered. So whoever was answered has all of it kept, and whoever was not sends it again, which adds what is missing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.clock import from_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.grids.answer_months import VISITS, Months, about_month, is_month
from hub.grids.answer_sealing import AnswerKey
from hub.grids.sweep_form import FLAGS, checked_answers, flags_of
from hub.grids.sweep_kept import NewKnown, Said, SweepRow
from hub.grids.sweep_state import Sweeps, sweep_of
from hub.objects.reference import named_in
from hub.rules import parse_data
from signaling.list_work import rows_of_parts
from signaling.schemas.sweep_asked import VisitBrought
from signaling.services import Json, Services

_KIND: Final = "visit.record"
#: What the hub fills in itself: nobody else says it.
_OWN: Final[Mapping[str, Any]] = {"asked": [], "commitment": None, "grid": None, "last": None}
#: What it fills in of a household may be other when the same visit comes again.
ROW_FILLED: Final = frozenset({"last"})
DOOR_FILLED: Final = frozenset({"last", "grid"})
#: Commands about visits, of a row or of a household.
_OF_VISITS: Final = ("visit.record", "visit.correct", "visit.settle")


@dataclass(slots=True)
class _Coming:
    """A visit on its way."""

    brought: VisitBrought
    command: Command
    household: str
    said: dict[str, Any]
    about: str
    key: AnswerKey | None


@asynccontextmanager
async def in_turn(services: Services, command: Command) -> AsyncIterator[None]:
    """While what is said of a household outside of sweeps is read, decided and written, nothing else of it is."""
    household = command.data.get("household") if command.kind in _OF_VISITS else None
    if household is None:
        yield
        return
    async with services.sweeps.turn(household):
        yield


async def of_household(services: Services, command: Command) -> Command:
    """The same about a household with its grid and what was said last of it, as they are now."""
    household = command.data["household"]
    if household is None:
        return replace(command, filled=ROW_FILLED)
    grid = (await services.sweeps.grids_of_households([household])).get(household)
    last = (await services.sweeps.at_doors([household])).get(household)
    told = None if last is None else last.model_dump(mode="json")
    return replace(command, data={**command.data, "grid": grid, "last": told}, filled=DOOR_FILLED)


async def key_of(services: Services, about: str) -> AnswerKey:
    """The key of what is said: of a month it is noted that something is kept, before anything is."""
    await month_begun(services, about)
    return await services.sweeps.key(about, services.clock())


async def month_begun(services: Services, about: str) -> None:
    """Have the journal know that something of this month is kept, so that the clock ends it; nothing for another key."""
    if is_month(about) and about not in services.writer.state.parts.read(Months).until:
        begin = Command(f"answers-{about.replace(' ', '-')}", "answers.begin", None, {"about": about})
        await services.writer.submit(begin, SYSTEM_ACCOUNT)


async def bring(services: Services, account: Account, visits: Sequence[VisitBrought]) -> list[Json]:
    """What became of each, in their order. Those of a household are decided in the order in which they stand."""
    rows = await services.sweeps.named(
        [(each.sweep, each.row) for each in visits if each.sweep is not None and each.row is not None]
    )
    coming: list[_Coming | Refusal] = []
    for each in visits:
        try:
            coming.append(await _coming(services, account, each, rows))
        except Refusal as refusal:
            coming.append(refusal)
    # Tasks begin in their order, and the writer takes commands in the order in which they come.
    outcomes = await asyncio.gather(*(_given(services, account, each) for each in coming))
    await _keep(services, coming, outcomes)
    seq = services.writer.state.last_seq
    return [told(each.id, outcome, seq) for each, outcome in zip(visits, outcomes, strict=True)]


async def _coming(
    services: Services,
    account: Account,
    visit: VisitBrought,
    rows: Mapping[tuple[str, int], SweepRow],
) -> _Coming:
    data = visit.model_dump(mode="json", exclude={"id", "answers", "note"}) | dict(_OWN)
    said: dict[str, Any] = (
        {"answers": visit.answers, "note": visit.note} if visit.answers or visit.note else {}
    )
    if visit.sweep is not None and visit.row is not None:
        sweep, row = sweep_of(services.writer.state, visit.sweep), rows.get((visit.sweep, visit.row))
        if sweep is None or row is None:
            raise Refusal("not_found", "there is no such sweep, or no such row", "row")
        checked_answers(sweep.form, visit.answers)
        flags = {*visit.flags, *flags_of(sweep.form, visit.answers)}
        data["flags"] = [flag for flag in FLAGS if flag in flags]
        household, about = row.household, visit.sweep
    else:
        if visit.answers:
            raise Refusal("invalid", "nobody asked for this", "answers")
        household = str(visit.household)
        about = ""
    key = None
    if said:
        if visit.occurred_at is None:
            raise Refusal("invalid", "what was answered was answered at some moment", "occurred_at")
        about = about or about_month(VISITS, visit.occurred_at[:7], services.clock())
        key = await key_of(services, about)
        data["asked"] = sorted(visit.answers)
        data["commitment"] = key.commit(f"{account.id} {visit.id}", said)
    if named := list(named_in(data)):
        await services.objects.about_to_name(account, services.tree, named)
    command = Command(visit.id, _KIND, None, parse_data(_KIND, data), ROW_FILLED)
    return _Coming(visit, command, household, said, about, key)


async def _given(services: Services, account: Account, coming: _Coming | Refusal) -> Entry | Refusal:
    if isinstance(coming, Refusal):
        return coming
    try:
        async with in_turn(services, coming.command):
            command = coming.command
            if command.data["household"] is not None:
                command = await of_household(services, command)
            answer = await services.writer.submit(command, account)
    except Refusal as refusal:
        return refusal
    return next(each for each in answer.entries if each.kind == "visit.recorded")


async def _keep(
    services: Services, coming: Sequence[_Coming | Refusal], outcomes: Sequence[Entry | Refusal]
) -> None:
    """Seal what was answered. Of a household that is known which holds: a visit that waits to be settled teaches nothing."""
    said: list[Said] = []
    known: defaultdict[str, list[NewKnown]] = defaultdict(list)
    for each, entry in zip(coming, outcomes, strict=True):
        if isinstance(each, Refusal) or isinstance(entry, Refusal):
            continue
        if each.key is not None:
            said.append(Said(entry.seq, each.about, each.household, each.key.seal(each.household, each.said)))
        unchanged = entry.data["outcome"] == "unchanged"
        if (each.brought.answers or unchanged) and not entry.data["conflict"]:
            at = from_wire(entry.data["occurred_at"])
            known[each.household].append(NewKnown(entry.seq, at, each.brought.answers, unchanged))
    if said or known:
        await services.sweeps.put(said, known)


def told(id: str, outcome: Entry | Refusal | None, seq: int) -> Json:
    """What became of one that was sent; None where it changed nothing, as of `seq`."""
    if isinstance(outcome, Refusal):
        error = {"code": outcome.code, "message": outcome.message, "field": outcome.field}
        return {"id": id, "seq": None, "visit": None, "conflict": False, "found": None, "error": error}
    data = {} if outcome is None else outcome.data
    return {
        "id": id,
        "seq": seq if outcome is None else outcome.seq,
        "visit": data.get("visit"),
        "conflict": data.get("conflict", False),
        "found": data.get("found"),
        "error": None,
    }


async def prepared(services: Services, command: Command) -> Command:
    """A command from the common door with what the hub itself has to say; a split of a grid with rows of sweeps and lists."""
    data = dict(command.data)
    if command.kind in _OF_VISITS:
        own = {name: value for name, value in {**_OWN, "flags": []}.items() if name in data}
        if command.kind == _KIND:
            own.pop("flags")
        return await of_household(services, replace(command, data=data | own))
    if command.kind == "errand.ask":
        grids = await services.sweeps.grids_of_households([data["household"]])
        data |= {"errand": None, "grid": grids.get(data["household"]), "commitment": None}
        return replace(command, data=data, filled=frozenset({"grid"}))
    if command.kind == "errand.finish":
        return replace(command, data=data | {"commitment": None})
    if command.kind != "grid.split":
        return command
    data["rows"] = await _rows_of_parts(services, data)
    return replace(command, data=data, filled=frozenset({"rows"}))


async def _rows_of_parts(services: Services, data: Mapping[str, Any]) -> dict[str, list[list[int]]]:
    """Open sweep or list -> for each part of a split the rows of the households that it names."""
    there = services.writer.state.parts.read(Sweeps).by_id.values()
    village = str(data["grid"])[:12]
    open_ones = [each.id for each in there if each.of_center(village) is not None]
    rows = await services.sweeps.of_grids(open_ones, [data["grid"]])
    found: dict[str, list[list[int]]] = {}
    for sweep in open_ones:
        at = {row.household: row.number for row in rows if row.sweep == sweep}
        found[sweep] = [
            sorted(at[household] for household in part["households"] if household in at)
            for part in data["into"]
        ]
    named = [part["households"] for part in data["into"]]
    return found | await rows_of_parts(services, str(data["grid"]), named)
