"""``/api/v1/meetings``: the list, one meeting, its entries."""

from __future__ import annotations

from aiohttp import web

from hub.clock import to_wire
from hub.errors import Refusal
from hub.gates import rights_here
from hub.rules import ENTRIES
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.recording_told import with_recording_state
from signaling.services import Json, Services
from signaling.sight import readable_meeting

MAX_ENTRIES = 2000


async def meetings(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings``: newest first, in pages."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"state", "q", "from", "to", "center", "limit", "before"})
    since, until = params.moment("from"), params.moment("to")
    answer = await services.queries.meetings(
        account,
        services.tree,
        state=params.one_of("state", {"open", "ended"}),
        text=params.text("q"),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        center=params.center("center"),
        limit=params.number("limit", 50, 1, 200),
        before=params.identifier("before", "m"),
    )
    told = [_as_it_is(services, each) for each in answer["meetings"]]
    return json_response({**answer, "meetings": told})


async def meeting(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{id}``: the snapshot."""
    account = await require_account(request)
    services = request.app[SERVICES]
    wanted = path_id(request, "meeting", "m")
    found = await readable_meeting(services, account, wanted)
    snapshot = await services.queries.meeting_snapshot(account, services.tree, wanted)
    if snapshot is None:
        raise Refusal("not_found", "there is no such meeting", "meeting")
    can = rights_here(found, account, services.tree)
    return json_response({**_as_it_is(services, snapshot), "can": can})


def _as_it_is(services: Services, meeting: Json) -> Json:
    """A Summary or Snapshot with what only the running hub knows: who leads it now, whether it really records."""
    found = services.writer.state.meetings.get(meeting["id"])
    if found is not None and found.is_open:
        meeting = {**meeting, "chair": found.chair.model_dump(mode="json")}
    return with_recording_state(services, meeting)


async def entries(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{id}/entries``: by seq, those one may read, on from ``since`` or back from ``before``."""
    account = await require_account(request)
    services = request.app[SERVICES]
    wanted = path_id(request, "meeting", "m")
    await readable_meeting(services, account, wanted)
    params = Params(request, {"since", "before", "kind", "limit"})
    before = params.number("before", -1, 0, 2**62)
    if before >= 0 and params.given("since"):
        raise Refusal("invalid", "one of since and before at a time", "before")
    answer = await services.queries.entries(
        account,
        services.tree,
        wanted,
        params.number("since", 0, 0, 2**62),
        params.number("limit", 500, 1, MAX_ENTRIES),
        before=before if before >= 0 else None,
        kind=params.one_of("kind", ENTRIES),
    )
    return json_response(answer)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings", meetings),
        web.get("/api/v1/meetings/{meeting}", meeting),
        web.get("/api/v1/meetings/{meeting}/entries", entries),
    ]
