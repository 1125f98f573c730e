"""``/api/v1/meetings/{id}/voices`` and ``/said``: who speaks when in its recordings, and what was said. With their rights."""

from __future__ import annotations

from aiohttp import web

from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.sight import readable_meeting


async def voices(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{id}/voices``: spans by recorded file."""
    Params(request, ())
    return json_response(await request.app[SERVICES].queries.voices(await _meeting(request)))


async def said(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{id}/said``: lines by time."""
    after = Params(request, ("after",)).number("after", 0, 0, 2**62)
    return json_response(await request.app[SERVICES].queries.said(await _meeting(request), after))


async def _meeting(request: web.Request) -> str:
    account = await require_account(request)
    wanted = path_id(request, "meeting", "m")
    await readable_meeting(request.app[SERVICES], account, wanted)
    return wanted


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings/{meeting}/voices", voices),
        web.get("/api/v1/meetings/{meeting}/said", said),
    ]
