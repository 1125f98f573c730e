"""``/api/v1/commands``: every write, by HTTP."""

from __future__ import annotations

from aiohttp import web

from signaling.auth import require_access
from signaling.commands import run_command
from signaling.errors import json_response
from signaling.keys import PACES, SERVICES
from signaling.limits import read_json_object
from signaling.metrics import METRICS


async def command(request: web.Request) -> web.Response:
    """``POST``: 200 with the entries that the command made."""
    access = await require_access(request, request.app[PACES].commands)
    body = await read_json_object(request)
    return json_response(await run_command(request.app[SERVICES], request.app[METRICS], access, body))


def routes() -> list[web.RouteDef]:
    return [web.post("/api/v1/commands", command)]
