"""``/api/v1/orders``, ``/reports``, ``/alarms``, ``/decisions``: what was ordered, reported and decided, in pages."""

from __future__ import annotations

import typing
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.dispatch.alarm_shapes import ALARM_STATES, AlarmKind
from hub.dispatch.report_shapes import ReportCategory
from hub.filters import ListFilter
from hub.shapes import Priority, Situation
from hub.state import TARGET_STATES
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: What every one of these lists takes.
COMMON: Final = ("id", "meeting", "center", "q", "from", "to", "before", "limit")

#: What that of reports takes besides.
OF_REPORTS: Final = ("situation", "category", "urgency", "task", "state")


async def orders(request: web.Request) -> web.Response:
    """``GET /api/v1/orders``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*COMMON, "state", "priority"})
    wanted = _wanted(
        params,
        "o",
        state=params.one_of("state", TARGET_STATES),
        priority=params.one_of("priority", typing.get_args(Priority.__value__)),
    )
    return json_response(await services.queries.orders(account, services.tree, wanted, _limit(params)))


async def reports(request: web.Request) -> web.Response:
    """``GET /api/v1/reports``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*COMMON, *OF_REPORTS})
    wanted = _wanted_reports(params)
    return json_response(await services.queries.reports(account, services.tree, wanted, _limit(params)))


async def report_totals(request: web.Request) -> web.Response:
    """``GET /api/v1/reports/totals``: of all that the list would show, by the centers below ``center`` or one's own."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*COMMON, *OF_REPORTS} - {"before", "limit"})
    wanted, tree = _wanted_reports(params), services.tree
    found = await services.queries.report_totals(account, tree, wanted)
    top = wanted.center or account.center
    sums: dict[str, list[int]] = {}
    for center, numbers in found.items():
        path = [each.code for each in tree.path(center)] if center in tree else [center]
        # what the top itself reported, and what stands elsewhere, are lines of their own
        below = path[path.index(top) + 1 :] if top in path else [center]
        line = sums.setdefault(below[0] if below else top, [0, 0, 0])
        for place, number in enumerate(numbers):
            line[place] += number
    totals = [
        {
            "center": code,
            "name": tree[code].name if code in tree else code,
            "reports": reports,
            "abnormal": abnormal,
            "persons": persons,
        }
        for code, (reports, abnormal, persons) in sorted(sums.items(), key=lambda one: (-one[1][1], one[0]))
    ]
    return json_response({"totals": totals})


def _wanted_reports(params: Params) -> ListFilter:
    return _wanted(
        params,
        "e",
        situation=params.one_of("situation", typing.get_args(Situation.__value__)),
        category=params.one_of("category", typing.get_args(ReportCategory.__value__)),
        urgency=params.one_of("urgency", typing.get_args(Priority.__value__)),
        task=params.identifier("task", "q"),
        state=params.one_of("state", ALARM_STATES),
    )


async def alarms(request: web.Request) -> web.Response:
    """``GET /api/v1/alarms``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*COMMON, "state", "kind", "report"})
    wanted = _wanted(
        params,
        "w",
        state=params.one_of("state", ALARM_STATES),
        kind=params.one_of("kind", typing.get_args(AlarmKind.__value__)),
        report=params.identifier("report", "e"),
    )
    return json_response(await services.queries.alarms(account, services.tree, wanted, _limit(params)))


async def decisions(request: web.Request) -> web.Response:
    """``GET /api/v1/decisions``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, COMMON)
    wanted = _wanted(params, "d")
    return json_response(await services.queries.decisions(account, services.tree, wanted, _limit(params)))


def _wanted(params: Params, prefix: str, **more: str | None) -> ListFilter:
    """What the query string asks for; `prefix` is that of the list's ids. Raises Refusal("invalid")."""
    since, until = params.moment("from"), params.moment("to")
    return ListFilter(
        id=params.identifier("id", prefix),
        meeting=params.identifier("meeting", "m"),
        center=params.center("center"),
        text=params.text("q"),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        before=params.identifier("before", prefix),
        **more,
    )


def _limit(params: Params) -> int:
    return params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/orders", orders),
        web.get("/api/v1/reports", reports),
        web.get("/api/v1/reports/totals", report_totals),
        web.get("/api/v1/alarms", alarms),
        web.get("/api/v1/decisions", decisions),
    ]
