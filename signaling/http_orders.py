"""``/api/v1/orders``, ``/reports``, ``/decisions``: what was ordered, reported and decided."""

from __future__ import annotations

from aiohttp import web

from hub.state import TARGET_STATES
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params

DEFAULT_LIMIT, MAX_LIMIT = 100, 500


async def orders(request: web.Request) -> web.Response:
    """``GET /api/v1/orders``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"meeting", "state", "center", "limit"})
    found = await services.queries.orders(
        account,
        services.tree,
        meeting=params.identifier("meeting", "m"),
        state=params.one_of("state", TARGET_STATES),
        center=params.center("center"),
        limit=params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
    )
    return json_response({"orders": found})


async def reports(request: web.Request) -> web.Response:
    """``GET /api/v1/reports``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"meeting", "center", "limit"})
    found = await services.queries.reports(
        account,
        services.tree,
        meeting=params.identifier("meeting", "m"),
        center=params.center("center"),
        limit=params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
    )
    return json_response({"reports": found})


async def decisions(request: web.Request) -> web.Response:
    """``GET /api/v1/decisions``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"meeting", "limit"})
    found = await services.queries.decisions(
        account,
        services.tree,
        meeting=params.identifier("meeting", "m"),
        limit=params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
    )
    return json_response({"decisions": found})


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/orders", orders),
        web.get("/api/v1/reports", reports),
        web.get("/api/v1/decisions", decisions),
    ]
