"""``/api/v1/retention``, ``/disposals``, ``/holds``: how long what meetings leave is kept, what is held, what is destroyed."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from hub.clock import from_wire
from hub.custody.retention import KEPT_KINDS
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.state import Meeting
from signaling.auth import require_access, require_account
from signaling.bodies import read_body
from signaling.disposal_desk import DisposalDesk, told
from signaling.errors import json_response
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.schemas.custody_values import DisposalAsk
from signaling.services import Json, Services
from signaling.sight import readable_meeting

DESK: Final = web.AppKey("disposal desk", DisposalDesk)
DEFAULT_LIMIT, MAX_LIMIT = 100, 500


async def retention(request: web.Request) -> web.Response:
    """``GET /api/v1/retention``: how long each kind is kept."""
    account = await require_account(request)
    Params(request, ())
    return json_response(request.app[DESK].policy(account))


async def run(request: web.Request) -> web.Response:
    """``GET /api/v1/retention/dry-run``: what would go on a day (without `on`: now), of some `kinds` or all."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {"on", "kinds", "after", "limit"})
    on = params.moment("on") or services.clock()
    asked = params.some_of("kinds", KEPT_KINDS)
    kinds = [kind for kind in KEPT_KINDS if kind in asked or not asked]
    after = params.number("after", 0, 0, 10**6)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    found = await request.app[DESK].run(account, on, kinds)
    tree = services.tree
    return json_response(
        await asyncio.to_thread(
            told, found, lambda code: tree[code].name if code in tree else code, after, limit
        )
    )


async def ask(request: web.Request) -> web.Response:
    """``POST /api/v1/disposals``: have the list of a dry run asked for; 201, it waits for a second person."""
    access = await require_access(request, request.app[PACES].commands)
    account = access.require()
    asked = await read_body(request, DisposalAsk)
    try:
        on = from_wire(asked.on)
    except (ValueError, OverflowError):
        raise Refusal("invalid", "a time is written like 2026-11-23T08:00:00Z", "on") from None
    kinds = [kind for kind in KEPT_KINDS if kind in asked.kinds]
    made = await request.app[DESK].ask(account, asked.id, on, kinds, asked.digest, asked.reason)
    return json_response(made, 201)


async def disposals(request: web.Request) -> web.Response:
    """``GET /api/v1/disposals``: lists, the newest first."""
    account = await require_account(request)
    params = Params(request, {"before", "limit"})
    before = params.number("before", 2**62, 1, 2**62)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return json_response(await request.app[DESK].page(account, before, limit))


async def disposal(request: web.Request) -> web.Response:
    """``GET /api/v1/disposals/{disposal}``: one, with what is on it."""
    account = await require_account(request)
    params = Params(request, {"after", "limit"})
    after = params.number("after", 0, 0, 10**6)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    id = path_id(request, "disposal", "dl")
    return json_response(await request.app[DESK].whole(account, id, after, limit))


async def holds(request: web.Request) -> web.Response:
    """``GET /api/v1/holds``: every hold that is not over, of meetings that one reads by right."""
    account = await require_account(request)
    services = request.app[SERVICES]
    Params(request, ())
    return json_response({"holds": await services.custody.holds(account, services.tree)})


async def of_meeting(request: web.Request) -> web.Response:
    """``GET …/custody``: whether a meeting is held, and what of it was destroyed."""
    account = await require_account(request)
    services = request.app[SERVICES]
    Params(request, ())
    meeting = await readable_meeting(services, account, path_id(request, "meeting", "m"))
    hold = await services.custody.hold(meeting.id)
    return json_response(
        {
            "meeting": meeting.id,
            "hold": hold,
            "destroyed": await services.custody.destroyed(meeting.id),
            "damaged": await services.queries.damaged(meeting.id),
            "can": _can(services, account, meeting, hold),
        }
    )


def _can(services: Services, account: Account, meeting: Meeting, hold: Json | None) -> list[str]:
    if not may(account, "hold.manage", services.tree, meeting.convener.center):
        return []
    if hold is None:
        return ["hold"]
    if hold["lift_by"] is None:
        return ["ask_lift"]
    return ["keep"] if hold["lift_by"]["account"] == account.id else ["lift", "keep"]


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/retention", retention),
        web.get("/api/v1/retention/dry-run", run),
        web.get("/api/v1/disposals", disposals),
        web.post("/api/v1/disposals", ask),
        web.get("/api/v1/disposals/{disposal}", disposal),
        web.get("/api/v1/holds", holds),
        web.get("/api/v1/meetings/{meeting}/custody", of_meeting),
    ]
