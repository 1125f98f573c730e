"""``/api/v1/incidents``: the ledger of incidents and appeals, and one with its time line."""

from __future__ import annotations

import typing
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.dispatch.incident_shapes import INCIDENT_CATEGORIES, INCIDENT_KINDS, INCIDENT_STATES, OVER
from hub.errors import Refusal
from hub.filters import IncidentFilter
from hub.shapes import Priority
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: What the ledger takes.
WANTED: Final = (
    "state",
    "late",
    "kind",
    "category",
    "urgency",
    "center",
    "responsible",
    "checker",
    "meeting",
    "main",
    "about",
    "q",
    "from",
    "to",
)
#: A word for all states in which something is still to be done.
OPEN: Final = "open"


async def incidents(request: web.Request) -> web.Response:
    """``GET /api/v1/incidents``: the open ones first, and of them what is due first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*WANTED, "after", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    wanted = _wanted(params)
    # before it is read: what is told later than this is not older than what is read
    seq = services.writer.state.last_seq
    page = await services.queries.incidents(account, services.tree, wanted, limit)
    return json_response({**page, "seq": seq})


def _wanted(params: Params) -> IncidentFilter:
    states = params.some_of("state", (OPEN, *INCIDENT_STATES))
    if OPEN in states:
        states = (states - {OPEN}) | (set(INCIDENT_STATES) - set(OVER))
    since, until = params.moment("from"), params.moment("to")
    return IncidentFilter(
        states=tuple(sorted(states)),
        late=params.one_of("late", ("1",)) is not None,
        kind=params.one_of("kind", INCIDENT_KINDS),
        category=params.one_of("category", INCIDENT_CATEGORIES),
        urgency=params.one_of("urgency", typing.get_args(Priority.__value__)),
        center=params.center("center"),
        responsible=params.center("responsible"),
        checker=params.center("checker"),
        meeting=params.identifier("meeting", "m"),
        main=params.identifier("main", "i"),
        about=params.identifier("about", "e", "w"),
        text=params.text("q"),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        after=params.identifier("after", "i"),
    )


async def incident(request: web.Request) -> web.Response:
    """``GET /api/v1/incidents/{incident}``: with its time line and its duplicates."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    found = await services.queries.incident(account, services.tree, path_id(request, "incident", "i"))
    if found is None:
        raise Refusal("not_found", "there is no such incident")
    return json_response(found)


def routes() -> list[web.RouteDef]:
    path = "/api/v1/incidents"
    return [web.get(path, incidents), web.get(f"{path}/{{incident}}", incident)]
