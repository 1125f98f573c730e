"""``/api/v1/walls``: walls of cameras, kept under names."""

from __future__ import annotations

from aiohttp import web

from hub.cameras.walls import SHELF
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params


async def walls(request: web.Request) -> web.Response:
    """``GET``: one's own and those of one's center, in the order in which they were made; from the committed state."""
    account = await require_account(request)
    Params(request, set())
    services = request.app[SERVICES]
    found = SHELF.of(services.writer.state, account, services.tree)
    return json_response({"walls": [each.to_wire() for each in found]})


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/walls", walls)]
