"""``/api/v1/grids``: grids, who works in them, what became of them, and numbers by centers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from datetime import timedelta
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import GRID_ROLES, Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.filters import GridFilter
from hub.grids.catalog import GRID_DIGITS, grids_in, grids_of
from hub.people import Accounts
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.http_phone_calls import LINES
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.services import Json, Services

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: What the list takes.
WANTED: Final = ("center", "q", "unassigned", "ended", "batch", "after", "limit")
#: What is counted.
SUMS: Final = ("grids", "unassigned", "members", "planned")
#: Villages whose name a search may mean.
MOST_VILLAGES: Final = 200
#: How long a list is offered to be taken back.
IMPORTS_KEPT: Final = timedelta(days=1)


async def grids(request: web.Request) -> web.Response:
    """``GET``: by code; of a center and those below it, where one is named."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, WANTED)
    seq = services.writer.state.last_seq
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    page = await services.queries.grids(account, services.tree, _wanted(params, services), limit)
    return json_response({**page, "seq": seq})


def _wanted(params: Params, services: Services) -> GridFilter:
    text, after = params.text("q"), params.text("after")
    if after is not None and not _is_code(after):
        raise Refusal("invalid", "a grid is named by its 15 digits", "after")
    named = services.tree.search(text, None, MOST_VILLAGES) if text is not None else []
    return GridFilter(
        center=params.center("center"),
        text=text,
        villages=tuple(each.code for each in named if each.level == "village"),
        unassigned=params.one_of("unassigned", ("1",)) is not None,
        ended=params.one_of("ended", ("1",)) is not None,
        batch=params.identifier("batch", "cb"),
        after=after,
    )


def _is_code(text: str) -> bool:
    return len(text) == GRID_DIGITS and text.isascii() and text.isdigit()


async def imports(request: web.Request) -> web.Response:
    """``GET …/imports``: lists of the last day that can be taken back; `grids` with ``batch`` names the grids of one."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    tree = services.tree
    _require_keeper(services, account)
    seq = services.writer.state.last_seq
    since = to_wire(services.clock() - IMPORTS_KEPT)
    found = await services.queries.grid_imports(account, tree, since)
    return json_response({"imports": found, "seq": seq})


async def imported_people(request: web.Request) -> web.Response:
    """``GET …/imports/{batch}/people``: grids to which a list gave other people, with who worked there before, by code."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("after", "limit"))
    _require_keeper(services, account)
    batch, after = path_id(request, "batch", "cb"), params.text("after")
    if after is not None and not _is_code(after):
        raise Refusal("invalid", "a grid is named by its 15 digits", "after")
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    found, following = await services.queries.people_given(account, services.tree, batch, after, limit)
    return json_response({"people": found, "next": following})


def _require_keeper(services: Services, account: Account) -> None:
    if not any(may(account, each, services.tree, account.center) for each in ("grid.keep", "grid.manage")):
        raise Refusal("forbidden", "lists of grids are who keeps grids'")


async def mine(request: web.Request) -> web.Response:
    """``GET …/mine``: those that one answers for or walks."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    seq = services.writer.state.last_seq
    return json_response({"grids": await services.queries.own_grids(account.id), "seq": seq})


async def people(request: web.Request) -> web.Response:
    """``GET …/people``: the grid leaders and members of a village, and the grids that each has; from the committed state."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("village",))
    tree, village = services.tree, params.center("village") or account.center
    keeps = any(may(account, action, tree, village) for action in ("grid.keep", "grid.manage"))
    if village not in tree or not keeps:
        raise Refusal("not_found", "there is no such village", "village")
    state = services.writer.state
    found = [
        {
            "account": each.id,
            "name": each.name,
            "role": each.role,
            "disabled": each.disabled,
            "grids": sorted(grids_of(state, each.id)),
        }
        for each in state.parts.read(Accounts).by_id.values()
        if each.center == village and each.role in GRID_ROLES
    ]
    found.sort(key=lambda each: (str(each["role"]), str(each["name"])))
    return json_response({"village": village, "people": found, "seq": state.last_seq})


async def one(request: web.Request) -> web.Response:
    """``GET …/{grid}``: with its history, the oldest first."""
    account = await require_account(request)
    Params(request, ())
    services, code = request.app[SERVICES], request.match_info["grid"]
    seq = services.writer.state.last_seq
    found = await services.queries.grid(account, services.tree, code) if _is_code(code) else None
    if found is None:
        raise Refusal("not_found", "there is no such grid")
    return json_response({**found, "seq": seq})


async def counts(request: web.Request) -> web.Response:
    """``GET …/counts``: numbers by the centers right below one; one's own without another one."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("parent",))
    tree, parent = services.tree, params.center("parent") or account.center
    if parent not in tree or not may(account, "grid.read", tree, parent):
        raise Refusal("not_found", "there is no such center", "parent")
    seq = services.writer.state.last_seq
    found = await services.queries.grid_counts(account, tree, parent)
    depth = len(tree.path(parent))
    of_child: dict[str, list[Json]] = {}
    for village, numbers in found.items():
        path = tree.path(village)
        of_child.setdefault(path[depth].code if len(path) > depth else parent, []).append(numbers)
    rows = [
        {
            **_sum(of_child.get(each.code, ())),
            "center": each.code,
            "name": each.name,
            "level": each.level,
            "below": bool(tree.children(each.code)),
        }
        for each in tree.children(parent)
    ]
    return json_response(
        {
            "center": parent,
            "name": tree[parent].name,
            "total": _sum(found.values()),
            "online": _online(request, found),
            "rows": rows,
            "seq": seq,
        }
    )


def _online(request: web.Request, villages: Container[str]) -> int:
    """How many people of these villages' grids have their phone's page open now."""
    state = request.app[SERVICES].writer.state
    people, grids = state.parts.read(Accounts).by_id, grids_in(state).of_account
    there = (people[who] for who in request.app[LINES].accounts if who in people and grids.get(who))
    return sum(each.center in villages for each in there)


def _sum(numbers: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in numbers:
        total.update(each)
    return {name: total[name] for name in SUMS}


def routes() -> list[web.RouteDef]:
    path = "/api/v1/grids"
    return [
        web.get(path, grids),
        web.get(f"{path}/mine", mine),
        web.get(f"{path}/imports", imports),
        web.get(f"{path}/imports/{{batch}}/people", imported_people),
        web.get(f"{path}/counts", counts),
        web.get(f"{path}/people", people),
        web.get(f"{path}/{{grid}}", one),
    ]
