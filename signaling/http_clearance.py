"""``/api/v1/clearance``: whom a secret meeting would reach, told beforehand to who may convene one."""

from __future__ import annotations

from aiohttp import web

from hub.directory.permissions import may
from hub.directory.secrecy import SECRET, may_see_level
from hub.errors import Refusal
from hub.people import Accounts
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params


async def clearance(request: web.Request) -> web.Response:
    """``GET``: centers that one may call at which somebody is cleared who takes part in meetings; from the committed state."""
    account = await require_account(request)
    Params(request, set())
    services = request.app[SERVICES]
    tree = services.tree
    if not may_see_level(account, SECRET) or not may(account, "meeting.open", tree, account.center):
        raise Refusal("forbidden", "this is for who may convene secret meetings")
    people = services.writer.state.parts.read(Accounts).by_id.values()
    there = {each.center for each in people if each.cleared and may(each, "meeting.join", tree, each.center)}
    return json_response(
        {"centers": sorted(code for code in there if may(account, "meeting.open", tree, code))}
    )


def routes() -> list[web.RouteDef]:
    """The routes of this file."""
    return [web.get("/api/v1/clearance", clearance)]
