"""``/api/v1/orders/ledger``: all orders of one's own center and below in lines, what is late first."""

from __future__ import annotations

import typing
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.directory.accounts import Account
from hub.dispatch.order_numbers import Numbering, next_number, pattern_of
from hub.filters import LedgerFilter
from hub.shapes import Priority
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
#: What it can be narrowed by.
WANTED: Final = ("state", "side", "center", "priority", "supervised", "about", "q", "before", "limit")
_STATES: Final = ("open", "unsigned", "doing", "late", "check", "asked", "ended", "all")
_SIDES: Final = ("issued", "received", "below")


async def ledger(request: web.Request) -> web.Response:
    """``GET /api/v1/orders/ledger``."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, WANTED)
    wanted = LedgerFilter(
        state=params.one_of("state", _STATES) or "open",
        side=params.one_of("side", _SIDES),
        center=params.center("center"),
        priority=params.one_of("priority", typing.get_args(Priority.__value__)),
        supervised=params.one_of("supervised", ("true", "false")) == "true",
        about=params.identifier("about", "e", "w", "i", "d"),
        text=params.text("q"),
        before=params.identifier("before", "o"),
    )
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    # before it is read: what is told later than this is not older than what is read
    seq = services.writer.state.last_seq
    page = await services.queries.order_ledger(account, services.tree, wanted, limit)
    return json_response({**page, "numbering": _numbering(services, account), "seq": seq})


def _numbering(services: Services, account: Account) -> Json:
    state, center = services.writer.state, services.tree[account.center]
    return {
        "pattern": pattern_of(state, center),
        "own": center.code in state.parts.read(Numbering).patterns,
        "next": next_number(state, center, services.clock(), ZoneInfo(services.config.time_zone))["number"],
    }


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/orders/ledger", ledger)]
