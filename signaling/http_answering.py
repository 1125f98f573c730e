"""``/api/v1/answering``: how the stations of centers answer calls, where that is not as everywhere."""

from __future__ import annotations

from aiohttp import web

from hub.conference.answering import DEFAULT_S, Answering
from hub.directory.permissions import may
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params


async def answering(request: web.Request) -> web.Response:
    """``GET``: of the centers for which one may change it; from the committed state."""
    account = await require_account(request)
    Params(request, set())
    services = request.app[SERVICES]
    said = services.writer.state.parts.read(Answering).seconds
    own = [
        {"center": code, "seconds": seconds}
        for code, seconds in sorted(said.items())
        if may(account, "answering.change", services.tree, code)
    ]
    return json_response({"default_s": DEFAULT_S, "settings": own})


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/answering", answering)]
