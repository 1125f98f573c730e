"""``/api/v1/checks``: checks before a meeting, and what stations answered."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from hub.errors import Refusal
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id

DEFAULT_LIMIT, MAX_LIMIT = 20, 100
#: What the list takes.
LIST: Final = ("before", "limit")


async def checks(request: web.Request) -> web.Response:
    """``GET /api/v1/checks``: newest first, without what was answered."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, LIST)
    before = params.identifier("before", "k")
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return json_response(await services.queries.checks(account, services.tree, before, limit))


async def check(request: web.Request) -> web.Response:
    """``GET /api/v1/checks/{check}``: one, with the answer of each center."""
    account = await require_account(request)
    services = request.app[SERVICES]
    found = await services.queries.check(account, services.tree, path_id(request, "check", "k"))
    if found is None:
        raise Refusal("not_found", "there is no such check")
    return json_response(found)


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/checks", checks), web.get("/api/v1/checks/{check}", check)]
