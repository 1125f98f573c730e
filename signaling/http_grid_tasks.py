"""``/api/v1/grid-tasks``: where an order is in grids, and what came of it there."""

from __future__ import annotations

from aiohttp import web

from hub.errors import Refusal
from hub.grids.catalog import grids_in
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services


async def tasks(request: web.Request) -> web.Response:
    """``GET``: of one ``order``, by grid."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("order",))
    order = params.identifier("order", "o")
    if order is None:
        raise Refusal("invalid", "of which order", "order")
    seq = services.writer.state.last_seq
    found = await services.queries.grid_tasks(account, services.tree, order)
    return json_response({"tasks": [named(services, each) for each in found], "seq": seq})


def named(services: Services, task: Json) -> Json:
    """An order in a grid, with the grid's name."""
    grid = grids_in(services.writer.state).by_code.get(task["grid"])
    return {**task, "grid_name": grid.name if grid is not None else task["grid"][-3:]}


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/grid-tasks", tasks)]
