"""``/api/v1/views``: views that are kept and ready; read in pages, summed up, made into files (一表通)."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from hub.errors import Refusal
from hub.grids.view_ready import READY
from hub.grids.views import COLUMNS, ORDERS, SUMS, views_for
from hub.sheets.writing import TYPES
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.schemas.view_asked import ReadingAsked, ViewFileAsked
from signaling.view_desk import MAX_PAGE, Reading, ViewDesk

DESK: Final = web.AppKey("view_desk", ViewDesk)
DEFAULT_LIMIT: Final = 50
#: A place in the list of all rows.
_MOST: Final = 10**9


async def views(request: web.Request) -> web.Response:
    """``GET``: those that one may use, those that are ready, and what can be asked; from the committed state."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    found = views_for(services.writer.state, account, services.tree)
    answers = request.app[DESK].answers()
    return json_response(
        {
            "views": [each.to_wire() for each in found],
            "ready": [
                {"key": key, "zh": each.zh, "en": each.en, "asks": each.asks.model_dump(mode="json")}
                for key, each in READY.items()
            ],
            "answers": [
                {"key": key, **each._asdict(), "words": dict(each.words)} for key, each in answers.items()
            ],
            "columns": {source: list(names) for source, names in COLUMNS.items()},
            "sums": {source: list(names) for source, names in SUMS.items()},
            "orders": {source: list(names) for source, names in ORDERS.items()},
        }
    )


async def begin(request: web.Request) -> web.Response:
    """``POST …/readings``: 201; who may not read there is answered as if there were nothing."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, ReadingAsked)
    account, desk = access.require(), request.app[DESK]
    return json_response(desk.told(account, await desk.begin(account, asked)), 201)


async def reading(request: web.Request) -> web.Response:
    """``GET …/readings/{reading}``: sums and file, as far as they are."""
    account = await require_account(request)
    Params(request, ())
    desk = request.app[DESK]
    return json_response(desk.told(account, desk.of(account, _id(request))))


async def rows(request: web.Request) -> web.Response:
    """``GET …/readings/{reading}/rows``: from ``after`` on; fewer than ``limit`` where they are far between."""
    account = await require_account(request)
    params = Params(request, ("after", "limit"))
    desk = request.app[DESK]
    found = desk.of(account, _id(request))
    after, limit = params.number("after", 0, 0, _MOST), params.number("limit", DEFAULT_LIMIT, 1, MAX_PAGE)
    return json_response(await desk.page(account, found, after, limit))


async def forget(request: web.Request) -> web.Response:
    """``DELETE …/readings/{reading}``: with its file."""
    desk, found = await _own(request)
    desk.drop(found)
    return web.Response(status=204)


async def make(request: web.Request) -> web.Response:
    """``POST …/readings/{reading}/file``: 202; the reading says how far it has come."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, ViewFileAsked)
    account, desk = access.require(), request.app[DESK]
    found = desk.of(account, _id(request))
    desk.make(account, found, asked)
    return json_response(desk.told(account, found), 202)


async def file(request: web.Request) -> web.Response:
    """``GET …/readings/{reading}/file``: once it is made."""
    account = await require_account(request)
    Params(request, ())
    found = request.app[DESK].of(account, _id(request)).file
    if found is None or found.state != "done":
        raise Refusal("wrong_state", "there is no file of this reading yet")
    headers = {
        "Content-Type": TYPES[found.asked.format],
        "Content-Disposition": f'attachment; filename="view.{found.asked.format}"',
        "Cache-Control": "no-store",
    }
    return web.Response(body=found.content, headers=headers)


async def cancel(request: web.Request) -> web.Response:
    """``DELETE …/readings/{reading}/file``."""
    desk, found = await _own(request)
    desk.cancel(found)
    return web.Response(status=204)


async def _own(request: web.Request) -> tuple[ViewDesk, Reading]:
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    desk = request.app[DESK]
    return desk, desk.of(access.require(), _id(request))


def _id(request: web.Request) -> str:
    return path_id(request, "reading", "gv")


def routes() -> list[web.RouteDef]:
    top = "/api/v1/views"
    one = f"{top}/readings/{{reading}}"
    return [
        web.get(top, views),
        web.post(f"{top}/readings", begin),
        web.get(one, reading),
        web.delete(one, forget),
        web.get(f"{one}/rows", rows),
        web.post(f"{one}/file", make),
        web.get(f"{one}/file", file),
        web.delete(f"{one}/file", cancel),
    ]
