"""``/api/v1/bookings``, ``/api/v1/templates``: what is booked, what is in its way, who may lead it, and its calendar file."""

from __future__ import annotations

import typing
from typing import Final
from urllib.parse import quote

from aiohttp import web
from pydantic import ValidationError

from hub.called import called_codes
from hub.clock import from_wire, to_wire
from hub.conference.booking_conflicts import Conflict, conflicts
from hub.conference.booking_shapes import BookingState
from hub.conference.booking_state import bookings_of
from hub.conference.opening import callable_centers
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import may_see_level
from hub.errors import Refusal
from hub.filters import BookingFilter
from hub.gates import signature_of
from hub.people import Accounts
from hub.ruling import Context
from signaling.auth import require_account
from signaling.calendar_file import CONTENT_TYPE, calendar_of, file_name
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.limits import read_json_object
from signaling.params import Params, path_id
from signaling.schemas.asked import ConflictsAsked
from signaling.services import Json, Services
from signaling.sight import sees

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
MAX_CHAIRS: Final = 50
#: Names of centers that a conflict tells.
MAX_NAMES: Final = 20
#: What the list of bookings and its calendar file take.
WANTED: Final = ("state", "from", "to", "center", "q")
_STATES: Final = typing.get_args(BookingState.__value__)


async def bookings(request: web.Request) -> web.Response:
    """``GET /api/v1/bookings``: by their start, the earliest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*WANTED, "after", "order", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    wanted, state = _wanted(params), services.writer.state
    # before it is read: what is told later than this is not older than what is read
    seq = state.last_seq
    page = await services.queries.bookings(account, services.tree, wanted, limit)
    return json_response(
        {
            **page,
            "approval_required": account.center in bookings_of(state).approval,
            "time_zone": services.config.time_zone,
            "seq": seq,
        }
    )


def _wanted(params: Params) -> BookingFilter:
    states = tuple(filter(None, (params.text("state") or "").split(",")))
    if not set(states) <= set(_STATES):
        raise Refusal("invalid", "states, separated by commas: " + " ".join(_STATES), "state")
    since, until = params.moment("from"), params.moment("to")
    return BookingFilter(
        states=states,
        center=params.center("center"),
        text=params.text("q"),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        after=params.identifier("after", "b"),
        latest_first=params.one_of("order", ("earliest", "latest")) == "latest",
    )


async def _one(request: web.Request, account: Account) -> Json:
    services = request.app[SERVICES]
    found = await services.queries.booking(account, services.tree, path_id(request, "booking", "b"))
    if found is None:
        raise Refusal("not_found", "there is no such booking")
    return found


async def booking(request: web.Request) -> web.Response:
    """``GET /api/v1/bookings/{booking}``: with the codes of all centers that it calls."""
    account = await require_account(request)
    Params(request, ())
    return json_response(await _one(request, account))


async def booking_calendar(request: web.Request) -> web.Response:
    """``GET /api/v1/bookings/{booking}/calendar``: one booking, also when it was cancelled."""
    account = await require_account(request)
    Params(request, ())
    found = await _one(request, account)
    services = request.app[SERVICES]
    zone = services.config.time_zone
    return _file(calendar_of([found], zone, services.clock()), file_name(found, zone))


async def calendar(request: web.Request) -> web.Response:
    """``GET /api/v1/bookings/calendar``: at most 500, the earliest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    wanted = _wanted(Params(request, WANTED))
    page = await services.queries.bookings(account, services.tree, wanted, MAX_LIMIT)
    return _file(
        calendar_of(page["bookings"], services.config.time_zone, services.clock()), "lianxian-bookings.ics"
    )


def _file(body: bytes, name: str) -> web.Response:
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=body, content_type=CONTENT_TYPE, charset="utf-8", headers=headers)


async def in_the_way(request: web.Request) -> web.Response:
    """``POST /api/v1/bookings/conflicts``: what overlaps; of what one may not see, only when and which centers."""
    account = await require_account(request)
    body = await read_json_object(request)
    try:
        asked = ConflictsAsked.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "data"
        raise Refusal("invalid", first["msg"], field) from None
    services = request.app[SERVICES]
    now, state, tree = services.clock(), services.writer.state, services.tree
    if not may(account, "booking.make", tree, account.center):
        raise Refusal("forbidden", "this role books no meetings")
    context = Context(now, account, tree, lambda prefix: prefix)
    centers = called_codes(list(asked.centers), list(asked.reaches), "booking.make", context)
    chair = account if asked.chair is None else state.parts.read(Accounts).by_id.get(asked.chair, account)
    found = conflicts(
        state,
        starts_at=from_wire(asked.starts_at),
        minutes=asked.minutes,
        centers=centers,
        chair=chair.id,
        chair_center=chair.center,
        now=now,
        but=asked.booking,
    )
    told = [_told(each, services, account) for each in found if may_see_level(account, each.level)]
    return json_response({"conflicts": told, "called": len(centers)})


def _told(conflict: Conflict, services: Services, account: Account) -> Json:
    tree, state = services.tree, services.writer.state
    if conflict.what == "meeting":
        meeting = state.meetings[conflict.id]
        seen = sees(tree, account, meeting)
    else:
        booked = bookings_of(state).by_id[conflict.id]
        asked = [booked.center, booked.chair_center, *(booked.centers if booked.announced else ())]
        seen = any(may(account, "booking.read", tree, code) for code in asked)
    chair = state.parts.read(Accounts).by_id.get(conflict.chair)
    centers = list(conflict.centers)
    return {
        "what": conflict.what,
        "id": conflict.id if seen else None,
        "title": conflict.title if seen else None,
        "chair": chair.name if seen and chair is not None else None,
        "starts_at": to_wire(conflict.starts_at),
        "ends_at": to_wire(conflict.ends_at) if conflict.ends_at else None,
        "same_chair": conflict.same_chair,
        "centers": [{"center": code, "name": tree[code].name} for code in centers[:MAX_NAMES]],
        "called": len(centers),
    }


async def chairs(request: web.Request) -> web.Response:
    """``GET /api/v1/bookings/chairs``: who may lead a meeting that one books; at most 50, found by name or center."""
    account = await require_account(request)
    services = request.app[SERVICES]
    text = (Params(request, {"q"}).text("q") or "").casefold()
    tree = services.tree
    context = Context(services.clock(), account, tree, lambda prefix: prefix)
    found = [
        each
        for each in services.writer.state.parts.read(Accounts).by_id.values()
        if each.center in tree
        and may(account, "booking.make", tree, each.center)
        and callable_centers(each, [each.center], context)
        and (text in each.name.casefold() or text in tree[each.center].name.casefold())
    ]
    found.sort(key=lambda each: (len(tree.path(each.center)), each.center, each.name, each.id))
    return json_response({"chairs": [signature_of(each, tree) for each in found[:MAX_CHAIRS]]})


async def templates(request: web.Request) -> web.Response:
    """``GET /api/v1/templates``: one's own and one's center's, newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"before", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    before = params.identifier("before", "t")
    seq = services.writer.state.last_seq
    page = await services.queries.templates(account, services.tree, before, limit)
    return json_response({**page, "seq": seq})


def routes() -> list[web.RouteDef]:
    path = "/api/v1/bookings"
    return [
        web.get(path, bookings),
        web.get(f"{path}/calendar", calendar),
        web.get(f"{path}/chairs", chairs),
        web.post(f"{path}/conflicts", in_the_way),
        web.get(f"{path}/{{booking}}", booking),
        web.get(f"{path}/{{booking}}/calendar", booking_calendar),
        web.get("/api/v1/templates", templates),
    ]
