"""``/api/v1/registry``: who lives where (四实), within the caller's sight; masked but in the own grids."""

from __future__ import annotations

from typing import Final, TypeVar

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.grids.catalog import grids_in, village_of
from hub.grids.registry import Counts, Household
from hub.ruling import CommandData
from signaling.access import Access
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.registry_desk import RegistryDesk
from signaling.registry_finding import RegistryFinder
from signaling.schemas.registry_asked import (
    BuildingChange,
    BuildingNew,
    HouseChange,
    HouseholdBack,
    HouseholdChange,
    HouseholdLeave,
    HouseholdLook,
    HouseholdMerge,
    HouseholdMove,
    HouseholdNew,
    HouseholdSettle,
    HouseNew,
    RegistrySearch,
    UnitChange,
    UnitNew,
)
from signaling.services import Json

T = TypeVar("T", bound=CommandData)

DESK: Final = web.AppKey("registry_desk", RegistryDesk)
FINDER: Final = web.AppKey("registry_finder", RegistryFinder)
DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: Changes to settle that are told at once.
MAX_OPEN: Final = 100
_GRID: Final = 15


# -- reading


async def counts(request: web.Request) -> web.Response:
    """``GET …/counts``: the center ``parent`` (else one's own), and those right below it; of a village its grids."""
    account = await require_account(request)
    services = request.app[SERVICES]
    parent = Params(request, {"parent"}).center("parent") or account.center
    tree, sight = services.tree, request.app[DESK].sight
    grids = grids_in(services.writer.state)
    if parent not in tree or not _sees_center(request, account, parent):
        raise Refusal("not_found", "there is no such center", "parent")
    own = grids.of_village.get(parent, ())
    by_village = await services.registry.village_sums()

    def of(code: str) -> Json:
        total = sum((by_village.get(each.code, Counts()) for each in tree.subtree(code)), Counts())
        below = bool(tree.children(code)) or bool(grids.of_village.get(code))
        return {"code": code, "name": tree[code].name, "is_grid": False, "below": below, **_counts(total)}

    rows = [of(center.code) for center in tree.children(parent)]
    if own:
        by_grid = await services.registry.sums(own)
        rows += [
            {
                "code": code,
                "name": grids.by_code[code].name,
                "is_grid": True,
                "below": False,
                **_counts(by_grid.get(code, Counts())),
            }
            for code in own
            if sight.may(account, "read", code)
        ]
    return json_response({"here": of(parent), "rows": rows, "at": to_wire(services.clock())})


async def buildings(request: web.Request) -> web.Response:
    """``GET …/buildings``: of a ``grid``, or of all grids of a village (``center``), in the order of the walk; with units."""
    account = await require_account(request)
    params = Params(request, {"grid", "center"})
    services, sight = request.app[SERVICES], request.app[DESK].sight
    seq = services.writer.state.last_seq
    grids = sight.grids_in_sight(account, params.center("center"), grid_param(params))
    units = await services.registry.units(grids)
    return json_response(
        {
            "buildings": await sight.buildings(account, grids),
            "units": [sight.unit_seen(account, each) for each in units],
            "seq": seq,
        }
    )


async def building(request: web.Request) -> web.Response:
    """``GET …/buildings/{building}``: house by house."""
    account = await require_account(request)
    Params(request, ())
    services, sight = request.app[SERVICES], request.app[DESK].sight
    seq = services.writer.state.last_seq
    found = await sight.building(account, path_id(request, "building", "bd"))
    there = [
        each
        for each in await services.registry.in_building(found.building)
        if sight.may(account, "read", each.grid)
    ]
    seen = await sight.seen(account, there)
    [head] = [
        each for each in await sight.buildings(account, [found.grid]) if each["building"] == found.building
    ]
    houses = [
        {
            **sight.house_seen(account, house, found.grid),
            "households": [each for each in seen if each["house"] == house.house],
        }
        for house in await services.registry.houses(found.building)
    ]
    return json_response({"building": head, "houses": houses, "seq": seq})


async def households(request: web.Request) -> web.Response:
    """``GET …/households``: of a ``grid``, or of a village (``center``), in the order of the walk, in pages."""
    account = await require_account(request)
    params = Params(request, {"grid", "center", "cursor", "limit"})
    services, sight = request.app[SERVICES], request.app[DESK].sight
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    after = params.identifier("cursor", "hh")
    seq = services.writer.state.last_seq
    grids = sight.grids_in_sight(account, params.center("center"), grid_param(params))
    there = list(await services.registry.in_grids(grids)) if grids else []
    if after is not None:
        at = next((at for at, each in enumerate(there) if each.household == after), None)
        if at is None:
            raise Refusal("invalid", "this is no place in the list", "cursor")
        there = there[at + 1 :]
    page = there[:limit]
    return json_response(
        {
            "households": await sight.seen(account, page),
            "next": page[-1].household if len(there) > limit else None,
            "seq": seq,
        }
    )


async def household(request: web.Request) -> web.Response:
    """``GET …/households/{household}``."""
    account = await require_account(request)
    Params(request, ())
    sight = request.app[DESK].sight
    found = await sight.household(account, path_id(request, "household", "hh"))
    return await _one(request, account, found)


async def history(request: web.Request) -> web.Response:
    """``GET …/households/{household}/history``: what became of it, the newest first."""
    account = await require_account(request)
    Params(request, ())
    services, sight = request.app[SERVICES], request.app[DESK].sight
    found = await sight.household(account, path_id(request, "household", "hh"))
    versions = await services.registry.versions(found.household)
    return json_response({"household": found.household, "versions": await sight.versions(account, versions)})


async def unsettled(request: web.Request) -> web.Response:
    """``GET …/unsettled``: changes that did not know of each other, of a ``grid`` or of a village (``center``)."""
    account = await require_account(request)
    params = Params(request, {"grid", "center"})
    services, sight = request.app[SERVICES], request.app[DESK].sight
    grids = sight.grids_in_sight(account, params.center("center"), grid_param(params))
    versions = list(await services.registry.unsettled(grids, None, MAX_OPEN)) if grids else []
    now = await services.registry.some(each.household for each in versions)
    there = [each for each in versions if each.household in now]
    seen = await sight.seen(account, [now[each.household] for each in there])
    told = await sight.versions(account, there)
    return json_response(
        {"changes": [{"household": one, "version": version} for one, version in zip(seen, told, strict=True)]}
    )


async def search(request: web.Request) -> web.Response:
    """``POST …/search``: who is looked for, or may be the one who is about to be registered."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, RegistrySearch)
    account = access.require()
    require_some(account, request)
    return json_response(await request.app[FINDER].find(account, asked))


async def look(request: web.Request) -> web.Response:
    """``POST …/households/{household}/look``: unmasked, which the journal tells, unless it is one of the own grids."""
    access, asked = await _asked(request, HouseholdLook)
    account = access.require()
    services, desk = request.app[SERVICES], request.app[DESK]
    found = await desk.look(account, path_id(request, "household", "hh"))
    versions = await services.registry.versions(found.household) if asked.history else []
    [seen] = await desk.sight.seen(account, [found], full=True)
    return json_response(
        {"household": seen, "versions": await desk.sight.versions(account, versions, full=True)}
    )


# -- writing


async def register(request: web.Request) -> web.Response:
    """``POST …/households``: 201 with the new one."""
    access, asked = await _asked(request, HouseholdNew)
    account = access.require()
    return await _one(request, account, await request.app[DESK].register(account, asked), 201)


async def change(request: web.Request) -> web.Response:
    """``PATCH …/households/{household}``: what is not null becomes so."""
    access, asked = await _asked(request, HouseholdChange)
    account = access.require()
    made = await request.app[DESK].change(account, path_id(request, "household", "hh"), asked)
    return await _one(request, account, made)


async def move(request: web.Request) -> web.Response:
    """``POST …/households/{household}/move``: the household as it is then."""
    access, asked = await _asked(request, HouseholdMove)
    account, id = access.require(), path_id(request, "household", "hh")
    made = await request.app[DESK].move(account, id, asked)
    return await _one(request, account, next(each for each in made if each.household == id))


async def leave(request: web.Request) -> web.Response:
    """``POST …/households/{household}/leave``."""
    access, asked = await _asked(request, HouseholdLeave)
    account = access.require()
    made = await request.app[DESK].leave(account, path_id(request, "household", "hh"), asked)
    return await _one(request, account, made)


async def come_back(request: web.Request) -> web.Response:
    """``POST …/households/{household}/back``: one that left lives there again."""
    access, asked = await _asked(request, HouseholdBack)
    account = access.require()
    made = await request.app[DESK].come_back(account, path_id(request, "household", "hh"), asked)
    return await _one(request, account, made)


async def merge(request: web.Request) -> web.Response:
    """``POST …/households/{household}/merge``: another one is the same."""
    access, asked = await _asked(request, HouseholdMerge)
    account = access.require()
    made = await request.app[DESK].merge(account, path_id(request, "household", "hh"), asked)
    return await _one(request, account, made)


async def unmerge(request: web.Request) -> web.Response:
    """``POST …/households/{household}/unmerge``: the last merge is taken back."""
    access, asked = await _asked(request, HouseholdBack)
    account = access.require()
    made = await request.app[DESK].unmerge(account, path_id(request, "household", "hh"), asked)
    return await _one(request, account, made)


async def settle(request: web.Request) -> web.Response:
    """``POST …/households/{household}/settle``: which of two changes holds."""
    access, asked = await _asked(request, HouseholdSettle)
    account = access.require()
    made = await request.app[DESK].settle(account, path_id(request, "household", "hh"), asked)
    return await _one(request, account, made)


async def add_building(request: web.Request) -> web.Response:
    """``POST …/buildings``: 201 with the new one."""
    access, asked = await _asked(request, BuildingNew)
    made = await request.app[DESK].add_building(access.require(), asked)
    return json_response(made.model_dump(), 201)


async def change_building(request: web.Request) -> web.Response:
    """``PATCH …/buildings/{building}``."""
    access, asked = await _asked(request, BuildingChange)
    id = path_id(request, "building", "bd")
    return json_response((await request.app[DESK].change_building(access.require(), id, asked)).model_dump())


async def remove_building(request: web.Request) -> web.Response:
    """``DELETE …/buildings/{building}``: an empty one."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    await request.app[DESK].remove_building(access.require(), path_id(request, "building", "bd"))
    return web.Response(status=204)


async def add_house(request: web.Request) -> web.Response:
    """``POST …/houses``: 201 with the new one."""
    access, asked = await _asked(request, HouseNew)
    made = await request.app[DESK].add_house(access.require(), asked)
    return json_response(made.model_dump(), 201)


async def change_house(request: web.Request) -> web.Response:
    """``PATCH …/houses/{house}``."""
    access, asked = await _asked(request, HouseChange)
    id = path_id(request, "house", "ho")
    return json_response((await request.app[DESK].change_house(access.require(), id, asked)).model_dump())


async def remove_house(request: web.Request) -> web.Response:
    """``DELETE …/houses/{house}``: one in which nobody lives."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    await request.app[DESK].remove_house(access.require(), path_id(request, "house", "ho"))
    return web.Response(status=204)


async def add_unit(request: web.Request) -> web.Response:
    """``POST …/units``: 201 with the new one."""
    access, asked = await _asked(request, UnitNew)
    account = access.require()
    made = await request.app[DESK].add_unit(account, asked)
    return json_response(request.app[DESK].sight.unit_seen(account, made), 201)


async def change_unit(request: web.Request) -> web.Response:
    """``PATCH …/units/{unit}``."""
    access, asked = await _asked(request, UnitChange)
    account = access.require()
    made = await request.app[DESK].change_unit(account, path_id(request, "unit", "ut"), asked)
    return json_response(request.app[DESK].sight.unit_seen(account, made))


async def remove_unit(request: web.Request) -> web.Response:
    """``DELETE …/units/{unit}``."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    await request.app[DESK].remove_unit(access.require(), path_id(request, "unit", "ut"))
    return web.Response(status=204)


# -- inside


def grid_param(params: Params) -> str | None:
    """The parameter ``grid``. Raises Refusal `invalid`."""
    grid = params.text("grid")
    if grid is not None and not (grid.isascii() and grid.isdigit() and len(grid) == _GRID):
        raise Refusal("invalid", "a grid is named by its 15 digits", "grid")
    return grid


def require_some(account: Account, request: web.Request) -> None:
    """Raises Refusal `forbidden` for who sees nothing of the registry."""
    services = request.app[SERVICES]
    own = grids_in(services.writer.state).of_account.get(account.id, ())
    if not own and not request.app[DESK].sight.may(account, "read", f"{account.center}000"):
        raise Refusal("forbidden", "the registry is not yours to search")


def _sees_center(request: web.Request, account: Account, center: str) -> bool:
    sight = request.app[DESK].sight
    own = grids_in(request.app[SERVICES].writer.state).of_account.get(account.id, ())
    return sight.may(account, "read", f"{center}000") or any(
        village_of(grid) == center and sight.may(account, "read", grid) for grid in own
    )


def _counts(counts: Counts) -> Json:
    return {name: getattr(counts, name) for name in Counts.__dataclass_fields__}


async def _one(
    request: web.Request, account: Account, household: Household, status: int = 200
) -> web.Response:
    [seen] = await request.app[DESK].sight.seen(account, [household])
    return json_response(seen, status)


async def _asked(request: web.Request, schema: type[T]) -> tuple[Access, T]:
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    return access, await asked_of(request, schema)


def routes() -> list[web.RouteDef]:
    top = "/api/v1/registry"
    one = f"{top}/households/{{household}}"
    return [
        web.get(f"{top}/counts", counts),
        web.get(f"{top}/buildings", buildings),
        web.post(f"{top}/buildings", add_building),
        web.get(f"{top}/buildings/{{building}}", building),
        web.patch(f"{top}/buildings/{{building}}", change_building),
        web.delete(f"{top}/buildings/{{building}}", remove_building),
        web.post(f"{top}/houses", add_house),
        web.patch(f"{top}/houses/{{house}}", change_house),
        web.delete(f"{top}/houses/{{house}}", remove_house),
        web.post(f"{top}/units", add_unit),
        web.patch(f"{top}/units/{{unit}}", change_unit),
        web.delete(f"{top}/units/{{unit}}", remove_unit),
        web.get(f"{top}/unsettled", unsettled),
        web.post(f"{top}/search", search),
        web.get(f"{top}/households", households),
        web.post(f"{top}/households", register),
        web.get(one, household),
        web.patch(one, change),
        web.get(f"{one}/history", history),
        web.post(f"{one}/look", look),
        web.post(f"{one}/move", move),
        web.post(f"{one}/leave", leave),
        web.post(f"{one}/back", come_back),
        web.post(f"{one}/merge", merge),
        web.post(f"{one}/unmerge", unmerge),
        web.post(f"{one}/settle", settle),
    ]
