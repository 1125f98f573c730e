"""``/api/v1/meetings/{id}/marks``: the marks of a meeting as they stand."""

from __future__ import annotations

from aiohttp import web

from hub.directory.permissions import may
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import path_id
from signaling.sight import readable_meeting


async def marks(request: web.Request) -> web.Response:
    """``GET``: by their moments, those taken back among them; each for whom reads at the convener's center or the author's."""
    account = await require_account(request)
    services = request.app[SERVICES]
    id = path_id(request, "meeting", "m")
    meeting = await readable_meeting(services, account, id)

    def reads(center: str) -> bool:
        return may(account, "meeting.read", services.tree, center)

    found = await services.queries.marks(id)
    seen = [mark for mark in found if reads(meeting.convener.center) or reads(mark["by"]["center"])]
    return json_response({"marks": seen})


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/meetings/{meeting}/marks", marks)]
