"""What a phone is told of visits: what its owner said today and can put right, other doors, how far his people are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.clock import to_wire
from hub.directory.accounts import GRID_ROLES, Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.grids.catalog import Grid, grids_of, may_in_grid, village_of
from hub.grids.phone_work import PhoneWork
from hub.grids.sweep_kept import Said
from hub.grids.visit_shapes import VisitLast
from hub.people import Accounts
from signaling.services import Json, Services

#: A phone that was heard so lately is there; it reads every two minutes while somebody looks at it.
HEARD_WITHIN: Final = timedelta(minutes=10)


def day_begins(services: Services) -> str:
    """When today began where the city is, as on the wire."""
    local = services.clock().astimezone(ZoneInfo(services.config.time_zone))
    return to_wire(local.replace(hour=0, minute=0, second=0, microsecond=0))


async def with_corrections(services: Services, visits: Sequence[Json], *, open_words: bool) -> list[Json]:
    """Visits with what was put right of each, and with what was answered where that may be read."""
    fixes = await services.queries.corrections_of([each["seq"] for each in visits])
    seqs = [each["seq"] for each in visits] + [one["seq"] for each in fixes.values() for one in each]
    return await _worded(
        services, visits, fixes, await services.sweeps.said(seqs) if open_words and seqs else {}
    )


async def _worded(
    services: Services,
    visits: Sequence[Json],
    fixes: Mapping[int, Sequence[Json]],
    said: Mapping[int, Said],
) -> list[Json]:
    words: dict[int, tuple[dict[str, str], str]] = {}
    for seq, sealed in said.items():
        key = await services.sweeps.key(sealed.about, services.clock())
        opened = key.open(sealed.household, sealed.sealed)
        words[seq] = (opened["answers"], opened["note"])

    def worded(one: Json) -> Json:
        answers, note = words.get(one["seq"], (None, ""))
        return {**one, "answers": answers, "note": note}

    return [
        {**worded(each), "corrected": [worded(one) for one in fixes.get(each["seq"], ())]} for each in visits
    ]


async def own_said(services: Services, found: PhoneWork) -> list[Json]:
    """What the account said today of its households, newest first; `base`: what a correction names, 0 for none."""
    newest: dict[tuple[str | None, int | None, str], int] = {
        (row.sweep, row.number, row.household): row.seq for row in found.rows
    }
    newest |= {(None, None, household): last.seq for household, last in found.doors.items()}
    told = await _worded(services, found.own, found.fixes, found.said)
    for each in told:
        last_seq = each["corrected"][-1]["seq"] if each["corrected"] else each["seq"]
        holds = newest.get((each["sweep"], each["row"], each["household"])) == last_seq
        each["base"] = last_seq if holds else 0
    return told


def doors_told(services: Services, last: Mapping[str, VisitLast]) -> list[Json]:
    """What was said last of households outside of sweeps."""
    people = services.writer.state.parts.read(Accounts).by_id
    return [
        _door(household, each, people[each.account].name if each.account in people else "")
        for household, each in sorted(last.items())
    ]


def _door(household: str, last: VisitLast, by: str) -> Json:
    return {
        "household": household,
        "outcome": last.outcome,
        "base": last.seq,
        "at": last.at,
        "by": by,
        "conflict": bool(last.others),
    }


async def team_told(services: Services, account: Account, grids: Sequence[Grid]) -> list[Json]:
    """Who walks the grids that this account answers for, and how many visits each told of today."""
    led = {each.grid: each for each in grids if each.leader == account.id}
    people = services.writer.state.parts.read(Accounts).by_id
    members = {each for grid in led.values() for each in grid.members} - {account.id}
    if not members:
        return []
    done = await services.queries.walked(sorted(members), sorted(led), day_begins(services))
    by_both: Mapping[tuple[str, str], Json] = {(each["grid"], each["account"]): each for each in done}
    since = to_wire(services.clock() - HEARD_WITHIN)
    heard = set(await services.queries.phones_seen(sorted(members), since))
    return [
        {
            "grid": code,
            "account": member,
            "name": people[member].name,
            "heard": member in heard,
            **{name: by_both.get((code, member), {}).get(name, 0) for name in ("visits", "reached")},
            "last": by_both.get((code, member), {}).get("last"),
        }
        for code, grid in sorted(led.items())
        for member in grid.members
        if member in people and member != account.id
    ]


async def door_visits(services: Services, account: Account, household: str) -> Json:
    """All visits of a household outside of sweeps. Raises Refusal `not_found`."""
    grid = (await services.sweeps.grids_of_households([household])).get(household)
    state, tree = services.writer.state, services.tree
    if grid is None or not _sees(services, account, grid):
        raise Refusal("not_found", "there is no such household", "household")
    own = grid in grids_of(state, account.id) and may_in_grid(state, account, "visit.record", tree, grid)
    visits = [each for each in await services.queries.visits(None, None, household) if each["sweep"] is None]
    last = (await services.sweeps.at_doors([household])).get(household)
    others = {each.seq for each in last.others} if last is not None else set()
    told = await with_corrections(services, visits, open_words=own)
    for each in told:
        each["open"] = each["seq"] in others
        each["holds"] = last is not None and each["seq"] == last.holds
    return {
        "household": household,
        "grid": grid,
        "base": 0 if last is None else last.seq,
        "visits": told,
    }


def _sees(services: Services, account: Account, grid: str) -> bool:
    if account.role in GRID_ROLES:
        return may_in_grid(services.writer.state, account, "sweep.read", services.tree, grid)
    return may(account, "sweep.read", services.tree, village_of(grid))
