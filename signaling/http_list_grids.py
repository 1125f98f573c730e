"""``/api/v1/clearings/{clearing}/grids`` and beside it: rows of a list are looked for in the registry and given to grids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.dispatch.clearing_shapes import MAX_ROWS
from hub.dispatch.clearings import Clearing
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.catalog import Grid, grids_in
from hub.grids.list_kept import ListSearch, RowMatch
from hub.grids.list_matching import SURE
from hub.people import Accounts
from hub.rules import parse_data
from signaling.auth import require_access, require_account
from signaling.clearing_board import COUNTS
from signaling.clearing_rows import (
    opened,
    path_row,
    readable_list,
    reads_center,
    reads_in_full,
    rows_told,
)
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of
from signaling.http_registry import DESK
from signaling.keys import PACES, SERVICES
from signaling.list_matching import ListMatcher
from signaling.params import Params, path_id
from signaling.schemas.clearing_asked import HouseholdAsked, ScopeAsked
from signaling.services import Json, Services

MATCHER: Final = web.AppKey("list_matcher", ListMatcher)
#: Rows that are decided on one page.
DEFAULT_LIMIT, MAX_LIMIT = 50, 100


# -- how far it is


async def grids(request: web.Request) -> web.Response:
    """``GET …/grids``: of a ``center`` (else one's own) with all below it; of a village its grids besides."""
    account = await require_account(request)
    center = Params(request, {"center"}).center("center")
    found = _list(request, account)
    return json_response(await _told(request.app[SERVICES], account, found, center or account.center))


async def _told(services: Services, account: Account, found: Clearing, center: str) -> Json:
    tree, state = services.tree, services.writer.state
    if center not in tree or not reads_center(tree, account, found, center):
        raise Refusal("not_found", "there is no such center", "center")
    seq, matches = state.last_seq, services.lists.matches
    below = [code for code in found.holders() if tree.contains(center, code)]
    search = await matches.search(found.id)
    ways = await matches.counts(found.id, below)
    # What was given out waits no more.
    waiting = search if search is not None and search.state != "shared" else None
    last = {} if waiting is None else await matches.counts(found.id, below, waiting.run)
    rows = [row for code in below for row in found.rows_of(code)]
    of_village = grids_in(state).of_village
    told: Json = {
        "clearing": found.id,
        "center": center,
        "center_name": tree[center].name,
        "search": None if search is None else _searched(search),
        "ways": ways,
        "ready": sum(last.get(way, 0) for way in SURE),
        "given": sum(found.in_grids(code) for code in below),
        "rows": len(rows),
        "left": sum(1 for row in rows if not found.outcomes[row - 1]),
        "villages": sum(1 for code in below if code in of_village),
        "grids": [],
        "own": None,
        "can_share": found.issued and may(account, "clearing.share", tree, center),
        "seq": seq,
        "at": to_wire(services.clock()),
    }
    if center in of_village or (len(below) == 1 and below[0] == center):
        told |= await _by_grid(services, found, center, rows)
    return told


def _searched(search: ListSearch) -> Json:
    plain = ("state", "scope", "done", "rows", "name", "begun_at", "ended_at", "why")
    return {name: getattr(search, name) for name in plain}


async def _by_grid(services: Services, found: Clearing, village: str, rows: list[int]) -> Json:
    cleared = await services.lists.matches.cleared_by(found.id, village)
    state = services.writer.state
    counted: Counter[tuple[str | None, str]] = Counter(
        (found.grid(row), found.outcome(row) or "left") for row in rows
    )
    by_code = grids_in(state).by_code
    there = [by_code[code] for code in grids_in(state).of_village.get(village, ())]
    names = {
        id: person.name for id, person in state.parts.read(Accounts).by_id.items() if id in _people(there)
    }

    def counts(grid: str | None) -> Json:
        total = sum(count for (code, _), count in counted.items() if code == grid)
        outcomes = {name: counted[grid, name] for name in COUNTS if name not in ("total", "passed")}
        return {"total": total, **outcomes, "passed": 0}

    lines = [
        {
            "grid": grid.grid,
            "name": grid.name,
            "people": [
                {
                    "account": id,
                    "name": names.get(id, ""),
                    "leads": id == grid.leader,
                    "cleared": cleared.get(id, 0),
                }
                for id in grid.people
            ],
            "counts": counts(grid.grid),
        }
        for grid in there
    ]
    return {"grids": lines, "own": counts(None)}


def _people(grids: list[Grid]) -> set[str]:
    return {account for grid in grids for account in grid.people}


# -- looked for, and given out


async def search(request: web.Request) -> web.Response:
    """``POST …/grids/search``: 202; what is found waits until somebody gives it out."""
    account, found, center = await _asked_about(request)
    await request.app[MATCHER].search(account, found, center)
    return json_response(await _told(request.app[SERVICES], account, found, center), 202)


async def share(request: web.Request) -> web.Response:
    """``POST …/grids/share``: 202; what was found goes to the grids."""
    account, found, center = await _asked_about(request)
    await request.app[MATCHER].share(account, found, center)
    return json_response(await _told(request.app[SERVICES], account, found, center), 202)


async def stop(request: web.Request) -> web.Response:
    """``POST …/grids/stop``: what goes on ends where it is."""
    account, found, center = await _asked_about(request)
    await request.app[MATCHER].stop(found)
    return json_response(await _told(request.app[SERVICES], account, found, center))


async def _asked_about(request: web.Request) -> tuple[Account, Clearing, str]:
    """Who asks, the list, and the center whose rows it is about. Raises Refusal."""
    access = await require_access(request, request.app[PACES].commands)
    account, tree = access.require(), request.app[SERVICES].tree
    center = (await asked_of(request, ScopeAsked)).center
    found = _list(request, account)
    if center not in tree or not reads_center(tree, account, found, center):
        raise Refusal("not_found", "there is no such center", "center")
    if not may(account, "clearing.share", tree, center):
        raise Refusal("forbidden", "these rows are not yours to give to grids", "center")
    if not found.issued:
        raise Refusal("wrong_state", "give the list out first", "clearing")
    return account, found, center


def _list(request: web.Request, account: Account) -> Clearing:
    return readable_list(request.app[SERVICES], account, path_id(request, "clearing", "li"))


# -- who may be meant


async def candidates(request: web.Request) -> web.Response:
    """``GET …/candidates``: rows of a ``center`` (else one's own) that several may be meant by; covered as elsewhere."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"center", "after", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    after = params.number("after", 0, 0, MAX_ROWS)
    found, center = _list(request, account), params.center("center") or account.center
    if not reads_center(services.tree, account, found, center):
        raise Refusal("not_found", "there is no such center", "center")
    _require_decides(services, account, center)
    seq, matches = services.writer.state.last_seq, services.lists.matches
    numbers = list(await matches.numbers(found.id, center, "candidates", after, limit + 1))
    page = [row for row in numbers[:limit] if found.holder(row) == center and found.outcome(row) is None]
    there = await opened(services, found)
    full = reads_in_full(services.tree, account, found, center)
    known = await matches.matches(found.id, page)
    homes = await _homes(request, account, known.values())
    rows = [
        {"row": row, "candidates": _candidates(known[row["number"]], homes)}
        for row in await rows_told(services, there, page, full=full)
    ]
    next_page = numbers[limit - 1] if len(numbers) > limit else None
    return json_response(
        {"columns": there.columns, "center": center, "rows": rows, "next": next_page, "seq": seq}
    )


def _require_decides(services: Services, account: Account, center: str) -> None:
    """Who says whom a row is about gives rows to grids, and reads the registry. Raises Refusal `forbidden`."""
    decides = all(
        may(account, action, services.tree, center) for action in ("clearing.share", "registry.read")
    )
    if not decides:
        raise Refusal("forbidden", "you do not read the registry of this center", "center")


async def _homes(request: web.Request, account: Account, known: Iterable[RowMatch]) -> dict[str, Json]:
    """Household -> as the account sees it, of all candidates."""
    services = request.app[SERVICES]
    wanted = {each.household for match in known for each in match.match.candidates}
    there = list((await services.registry.some(wanted)).values())
    seen = await request.app[DESK].sight.seen(account, there)
    return {home.household: told for home, told in zip(there, seen, strict=True) if home.state == "here"}


def _candidates(found: RowMatch, homes: dict[str, Json]) -> list[Json]:
    return [
        {
            "household": homes[each.household],
            "person": each.person,
            "score": each.score,
            "why": list(each.why),
        }
        for each in found.match.candidates
        if each.household in homes
    ]


async def confirm(request: web.Request) -> web.Response:
    """``POST …/rows/{row}/household``: it is this one, so that the row goes to his grid."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    asked = await asked_of(request, HouseholdAsked)
    found, row = _list(request, account), path_row(request)
    holder = found.holder(row)
    if holder is None or not reads_center(services.tree, account, found, holder):
        raise Refusal("not_found", "the list has no such row", "row")
    _require_decides(services, account, holder)
    matches = services.lists.matches
    known = (await matches.matches(found.id, [row])).get(row)
    if asked.household is None:
        if known is None or found.grid(row) is not None:
            raise Refusal("not_found", "nobody may be meant by this row", "row")
        await matches.nobody(found.id, row)
        return json_response({"grid": None, "seq": services.writer.state.last_seq})
    home = await services.registry.get(asked.household)
    named = known is not None and (
        known.match.household == asked.household
        or asked.household in {each.household for each in known.match.candidates}
    )
    if not named or home is None or home.state != "here" or home.grid[:12] != holder:
        raise Refusal("not_found", "this household is none of those that may be meant", "household")
    kind = "clearing.assign"
    data = parse_data(kind, {"clearing": found.id, "rows": [row], "grid": home.grid})
    await matches.confirm(found.id, row, home.household, home.grid)
    try:
        answer = await services.writer.submit(Command(asked.id, kind, None, data), account)
    except Refusal:
        await matches.confirm(found.id, row, None, None)
        raise
    return json_response({"grid": home.grid, "seq": answer.seq})


def routes() -> list[web.RouteDef]:
    one_list = "/api/v1/clearings/{clearing}"
    return [
        web.get(f"{one_list}/grids", grids),
        web.post(f"{one_list}/grids/search", search),
        web.post(f"{one_list}/grids/share", share),
        web.post(f"{one_list}/grids/stop", stop),
        web.get(f"{one_list}/candidates", candidates),
        web.post(f"{one_list}/rows/{{row}}/household", confirm),
    ]
