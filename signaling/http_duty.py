"""``/api/v1/duty``: who is on duty where, rosters, the notes of handing over, and a center's log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.dispatch.duty_state import duties_of, told_duty
from hub.errors import Refusal
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Services

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
MAX_LOG: Final = 500
#: The longest span that is read at once.
LONGEST: Final = timedelta(days=32)
DAY: Final = timedelta(days=1)


async def duties(request: web.Request) -> web.Response:
    """``GET /api/v1/duty``: of all centers that one may read, or of one; from the committed state."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {"center"})
    state, tree, now = services.writer.state, services.tree, services.clock()
    known = duties_of(state).by_center
    if params.given("center"):
        asked = _center(params, account, services)
        known = {asked: known[asked]} if asked in known else {}
    told = [told_duty(state, code, now) for code in sorted(known) if may(account, "duty.read", tree, code)]
    zone = services.config.time_zone
    return json_response({"duties": told, "time_zone": zone, "seq": state.last_seq})


async def above(request: web.Request) -> web.Response:
    """``GET /api/v1/duty/above``: the nearest first; from the committed state."""
    account = await require_account(request)
    services, _ = request.app[SERVICES], Params(request, set())
    state, tree, now = services.writer.state, services.tree, services.clock()
    known, told = duties_of(state).by_center, []
    for center in reversed(tree.path(account.center)[:-1]):
        if center.code in known and may(account, "duty.know", tree, center.code):
            how, person, _ = known[center.code].standing(now)
            told.append({"center": center.code, "name": center.name, "how": how, "person": person or ""})
    return json_response({"above": told, "at": to_wire(now)})


async def roster(request: web.Request) -> web.Response:
    """``GET /api/v1/duty/roster``: one's own center's without another one; from the committed state."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {"center", "from", "to"})
    center = _center(params, account, services)
    since, until = _span(params, services.clock(), timedelta(days=7))
    state = services.writer.state
    duty = duties_of(state).by_center.get(center)
    shifts = [
        each.to_wire()
        for each in (duty.shifts if duty is not None else ())
        if each.starts_at < until and each.ends_at > since
    ]
    return json_response({"center": center, "shifts": shifts, "seq": state.last_seq})


async def turns(request: web.Request) -> web.Response:
    """``GET /api/v1/duty/turns``: with their notes, the newest first."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {"center", "before", "limit"})
    center = _center(params, account, services)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return json_response(await services.queries.duty_turns(center, params.identifier("before", "h"), limit))


async def log(request: web.Request) -> web.Response:
    """``GET /api/v1/duty/log``: of the last 24 hours without another span, the newest first."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {"center", "from", "to", "before", "limit"})
    center = _center(params, account, services)
    since, until = _span(params, services.clock() - DAY, DAY)
    found = await services.queries.duty_log(
        account,
        services.tree,
        center,
        to_wire(since),
        to_wire(until),
        before=params.number("before", 2**62, 0, 2**62),
        limit=params.number("limit", DEFAULT_LIMIT, 1, MAX_LOG),
    )
    return json_response(found)


def _center(params: Params, account: Account, services: Services) -> str:
    """The center that is asked about, one's own without another. Raises Refusal `not_found`."""
    center = params.center("center") or account.center
    if center not in services.tree or not may(account, "duty.read", services.tree, center):
        raise Refusal("not_found", "there is no such center", "center")
    return center


def _span(params: Params, begins: datetime, lasts: timedelta) -> tuple[datetime, datetime]:
    """From when to when is asked. Raises Refusal `invalid`."""
    since = params.moment("from") or begins
    until = params.moment("to") or since + lasts
    if not timedelta(0) < until - since <= LONGEST:
        raise Refusal("invalid", f"up to {LONGEST.days} days", "to")
    return since, until


def routes() -> list[web.RouteDef]:
    path = "/api/v1/duty"
    return [
        web.get(path, duties),
        web.get(f"{path}/above", above),
        web.get(f"{path}/roster", roster),
        web.get(f"{path}/turns", turns),
        web.get(f"{path}/log", log),
    ]
