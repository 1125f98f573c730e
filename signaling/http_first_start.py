"""``/api/v1/setup``: whether the hub waits to be set up, and setting it up; open, for there is nobody who could sign in."""

from __future__ import annotations

from aiohttp import web

from hub.errors import Refusal
from hub.house.policies import policy_of
from signaling.auth import from_foreign_page
from signaling.bodies import read_body
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.schemas import security


async def state(request: web.Request) -> web.Response:
    """``GET``: whether it waits."""
    services = request.app[SERVICES]
    if services.first_start is None or not services.first_start.needed:
        return json_response({"needed": False, "root": None, "password": None})
    roots = services.tree.roots
    root = {"code": roots[0].code, "name": roots[0].name} if roots else None
    password = policy_of(services.writer.state).password.model_dump(mode="json")
    return json_response({"needed": True, "root": root, "password": password})


async def set_up(request: web.Request) -> web.Response:
    """``POST``: 204; the three can sign in."""
    if from_foreign_page(request):
        raise Refusal("forbidden", "set the hub up on its own page")
    body = await read_body(request, security.FirstStart)
    first_start = request.app[SERVICES].first_start
    if first_start is None:
        raise Refusal("already_done", "this hub was set up before")
    await first_start.set_up(body)
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/setup", state), web.post("/api/v1/setup", set_up)]
