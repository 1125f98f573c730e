"""``/api/v1/groups``: sets of centers that are called with one key."""

from __future__ import annotations

from aiohttp import web

from hub.conference.groups import groups_of
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params


async def groups(request: web.Request) -> web.Response:
    """``GET``: one's own and those of one's center, in the order in which they were made; from the committed state."""
    account = await require_account(request)
    Params(request, set())
    services = request.app[SERVICES]
    found = groups_of(services.writer.state, account, services.tree)
    return json_response({"groups": [each.to_wire() for each in found]})


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/groups", groups)]
