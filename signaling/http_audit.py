"""``/api/v1/audit``: what was done to accounts and centers, who signed in, what failed; for the audit administrator."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from hub.directory.permissions import RELATIONS, TABLE
from hub.errors import Refusal
from hub.rules import ENTRIES
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: kind -> the right to read it.
_KINDS: Final = {kind: rule.reads for kind, rule in ENTRIES.items() if rule.house}


async def audit(request: web.Request) -> web.Response:
    """``GET``: entries of the house, newest first. Their rights must reach every center: an entry may tell of many."""
    account = await require_account(request)
    params = Params(request, {"kind", "before", "limit"})
    kind = params.one_of("kind", _KINDS)
    wanted = [
        each
        for each, action in _KINDS.items()
        if kind in (None, each) and TABLE[action].get(account.role, frozenset()) >= set(RELATIONS)
    ]
    if not wanted:
        raise Refusal("forbidden", "this is the audit administrator's to read")
    before = params.number("before", 2**62, 1, 2**62)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return json_response(await request.app[SERVICES].queries.audit(wanted, before, limit))


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/audit", audit)]
