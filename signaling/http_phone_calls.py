"""Phones of grid members in meetings: a phone's line, who of a village is there, and the case that is shown from a phone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import GRID_ROLES, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.filters import ErrandFilter
from hub.grids.catalog import Grid, grids_in
from hub.grids.devices import Devices
from hub.grids.phone_state import call_of
from hub.ids import is_id
from hub.people import Accounts
from hub.seats import PhoneSeat, PhonesHere
from signaling.auth import require_account
from signaling.errand_telling import told as told_errands
from signaling.errors import json_response
from signaling.http_registry import DESK
from signaling.keys import SERVICES
from signaling.own_visits import day_begins
from signaling.params import Params, path_id
from signaling.phone_lines import PhoneLines, event
from signaling.server import when_gone
from signaling.services import Json, Services
from signaling.sight import own_meeting

LINES: Final = web.AppKey("phone_lines", PhoneLines)
#: What is shown of a household's past: so many visits and errands, the newest ones.
MOST_VISITS: Final = 10
MOST_ERRANDS: Final = 50


async def line(request: web.Request) -> web.StreamResponse:
    """``GET /api/v1/grid-line``: held open; an event at once, and whenever something about one's call changes."""
    account = await require_account(request)
    Params(request, ())
    if account.role not in GRID_ROLES:
        raise Refusal("forbidden", "this role walks no grid")
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    # a front that gathers answers would keep the call back
    response.headers["X-Accel-Buffering"] = "no"
    await response.prepare(request)
    lines = request.app[LINES]
    line = lines.take_up(account)
    forget = when_gone(request, line.end)
    async with aclosing(lines.told(account, line)) as told:
        async for news in told:
            await response.write(event(news))
    forget()
    return response


async def present(request: web.Request) -> web.Response:
    """``GET /api/v1/grids/present``: the grids of a village, who works in them, and whose phone is there now."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("village",))
    tree, village = services.tree, params.center("village") or account.center
    if village not in tree or not may(account, "grid.read", tree, village):
        raise Refusal("not_found", "there is no such village", "village")
    state = services.writer.state
    grids = grids_in(state)
    found = [grids.by_code[code] for code in grids.of_village.get(village, ())]
    people = {who for grid in found for who in grid.people}
    return json_response(
        {
            "village": village,
            "grids": [_grid(each) for each in found],
            "people": [
                _person(services, request.app[LINES], account, who)
                for who in sorted(people)
                if who in state.parts.read(Accounts).by_id
            ],
            "may_call": may(account, "phone.call", tree, village),
            "walked": await _walked(services, account, village, found),
            "at": to_wire(services.clock()),
        }
    )


async def _walked(services: Services, account: Account, village: str, grids: Sequence[Grid]) -> list[Json]:
    people = sorted({who for grid in grids for who in grid.people})
    if not people or not may(account, "sweep.read", services.tree, village):
        return []
    return await services.queries.walked(people, [each.grid for each in grids], day_begins(services))


def _grid(grid: Grid) -> Json:
    return {"grid": grid.grid, "name": grid.name, "leader": grid.leader, "members": list(grid.members)}


def _person(services: Services, lines: PhoneLines, asker: Account, who: str) -> Json:
    state = services.writer.state
    account, call = state.parts.read(Accounts).by_id[who], call_of(state, who)
    return {
        "account": who,
        "name": account.name,
        "role": account.role,
        "online": lines.is_open(who),
        "seen_at": lines.seen_at(who),
        "bound": any(device.bound for _, device in state.parts.read(Devices).of(who)),
        "busy": call is not None,
    }


async def case(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{meeting}/phones/{participant}/case``: the case that is shown, as far as one may see it.

    That one looks (`case.look`) stands in the journal first.
    """
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    seat = _shown(services, account, path_id(request, "meeting", "m"), request.match_info["participant"])
    sight = request.app[DESK].sight
    household = await sight.household(account, seat.household or "")
    [seen] = await sight.seen(account, [household])
    visits = await services.queries.visits(None, None, household.household)
    asked = ErrandFilter(household=household.household)
    errands, _ = await services.queries.errands(account, services.tree, asked, MOST_ERRANDS)
    return json_response(
        {
            "participant": seat.id,
            "household": seen,
            "visits": [_visit(each) for each in visits[:MOST_VISITS]],
            "errands": await told_errands(services, account, errands),
        }
    )


def _shown(services: Services, account: Account, meeting: str, participant: str) -> PhoneSeat:
    """The phone that a case is shown from. Raises Refusal: `not_found`; `forbidden` before one's look stands in the journal."""
    found = own_meeting(services.writer.state, services.tree, account, meeting)
    seat = found.read(PhonesHere).rows.get(participant) if found.is_open else None
    if seat is None or seat.household is None:
        raise Refusal("not_found", "no case is shown from there", "participant")
    if account.id not in seat.looked or not found.is_in(account.id):
        raise Refusal("forbidden", "look at it first: case.look")
    return seat


def _visit(visit: Json) -> Json:
    return {name: visit[name] for name in ("seq", "outcome", "at", "by", "seen", "flags", "conflict")}


async def with_household(services: Services, command: Command) -> Command:
    """`case.show` with the grid that the registry has the household in; another command as it is.

    What a client wrote there is gone. Raises Refusal("unavailable").
    """
    if command.kind != "case.show":
        return command
    household = str(command.data["household"])
    found = await services.registry.get(household) if is_id(household, "hh") else None
    told = {"grid": found.grid} if found is not None else None
    return Command(command.id, command.kind, command.meeting, {**command.data, "found": told})


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/grid-line", line),
        web.get("/api/v1/grids/present", present),
        web.get("/api/v1/meetings/{meeting}/phones/{participant}/case", case),
    ]
