"""``/api/v1/clearings``: lists of people in numbers, their boards, and their rows, which are masked but at their own center."""

from __future__ import annotations

import typing
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may, may_grid
from hub.directory.tree import LEVELS
from hub.dispatch.clearing_shapes import MAX_ROWS, Outcome
from hub.dispatch.clearings import Clearing, clearing_of
from hub.entry import Command
from hub.errors import Refusal
from hub.ids import new_id
from hub.rules import parse_data
from signaling.auth import require_access, require_account
from signaling.clearing_board import board_of, left, told
from signaling.clearing_rows import (
    opened,
    own_list,
    path_row,
    readable_list,
    reads_center,
    reads_in_full,
    rows_told,
)
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of, place_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.schemas.clearing_asked import ResultsBrought
from signaling.services import Json
from signaling.sheet_answer import sheet_answer

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
MAX_BOARD: Final = 2500
MAX_PLACES: Final = 20
#: Where rows that lie with no grid are asked for.
NO_GRID: Final = "none"
STATES: Final = ("left", *typing.get_args(Outcome.__value__))
#: Heads of the board's file.
_HEADER: Final = {
    "zh": (
        "编码",
        "中心",
        "上级",
        "总数",
        "已核查正常",
        "异常",
        "查无此人",
        "已转移",
        "未核查",
        "转给其他中心",
        "已签收中心",
        "网格",
    ),
    "en": (
        "code",
        "center",
        "above",
        "total",
        "normal",
        "abnormal",
        "absent",
        "moved",
        "left",
        "passed on",
        "received",
        "in grids",
    ),
}


async def clearings(request: web.Request) -> web.Response:
    """``GET``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"before", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    seq = services.writer.state.last_seq
    page = await services.queries.clearings(account, services.tree, params.identifier("before", "li"), limit)
    return json_response({**page, "seq": seq})


async def own(request: web.Request) -> web.Response:
    """``GET …/own``: of which one's own center checks rows."""
    account = await require_account(request)
    services = request.app[SERVICES]
    Params(request, ())
    seq = services.writer.state.last_seq
    checks = may(account, "clearing.carry_out", services.tree, account.center)
    found = await services.queries.own_clearings(account.center) if checks else []
    return json_response({"clearings": found, "next": None, "seq": seq})


async def one(request: web.Request) -> web.Response:
    """``GET …/{clearing}``."""
    account = await require_account(request)
    Params(request, ())
    return json_response(await _one(request, account))


async def _one(request: web.Request, account: Account) -> Json:
    services = request.app[SERVICES]
    found = await services.queries.clearing(account, services.tree, path_id(request, "clearing", "li"))
    if found is None:
        raise Refusal("not_found", "there is no such list")
    return found


async def board(request: web.Request) -> web.Response:
    """``GET …/{clearing}/board``: by ``level``, ``within`` a center; where the largest share is left comes first."""
    account = await require_account(request)
    params = Params(request, {"level", "within", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_BOARD)
    services = request.app[SERVICES]
    seq, at = services.writer.state.last_seq, services.clock()
    head, rows, level = await _board(request, account, params)
    return json_response(
        {
            "clearing": head,
            "level": level,
            "rows": [told(services.tree, *line) for line in rows[:limit]],
            "more": max(0, len(rows) - limit),
            "seq": seq,
            "at": to_wire(at),
        }
    )


async def board_file(request: web.Request) -> web.Response:
    """``GET …/{clearing}/board/file``: the same, whole, for spreadsheets; no person is in it."""
    account = await require_account(request)
    params = Params(request, {"level", "within", "format", "lang"})
    language = params.one_of("lang", tuple(_HEADER)) or "zh"
    head, lines, _ = await _board(request, account, params)
    cells = [
        (
            row["center"],
            row["name"],
            " / ".join(row["path"][:-1]),
            *(str(row["counts"][name]) for name in ("total", "normal", "abnormal", "absent", "moved")),
            str(left(row["counts"])),
            str(row["counts"]["passed"]),
            f"{row['taken']}/{row['centers']}",
            str(row["gridded"]),
        )
        for row in (told(request.app[SERVICES].tree, *line) for line in lines)
    ]
    return await sheet_answer(params, f"clearing-{head['id']}", _HEADER[language], cells)


async def _board(
    request: web.Request, account: Account, params: Params
) -> tuple[Json, list[tuple[str, Json]], str]:
    services = request.app[SERVICES]
    head = await _one(request, account)
    level, within = params.one_of("level", LEVELS) or "county", params.center("within")
    rows = await services.queries.clearing_board(account, services.tree, head["id"])
    found = clearing_of(services.writer.state, head["id"])
    # Once the rows are gone nobody knows any more with whom they lay.
    in_grids = found.in_grids if found is not None else lambda center: 0
    return head, board_of(services.tree, rows, level, within, in_grids), level


def _list(request: web.Request, account: Account) -> Clearing:
    return readable_list(request.app[SERVICES], account, path_id(request, "clearing", "li"))


async def rows(request: web.Request) -> web.Response:
    """``GET …/{clearing}/rows``: of one ``center`` (else one's own), in one ``state`` (else all), by number; of one ``grid``,
    or with ``none``."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"center", "state", "grid", "after", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    after = params.number("after", 0, 0, MAX_ROWS)
    state, grid = params.one_of("state", STATES), params.text("grid")
    found, center = _list(request, account), params.center("center") or account.center
    if not reads_center(services.tree, account, found, center):
        raise Refusal("not_found", "there is no such center", "center")
    seq = services.writer.state.last_seq
    wanted = [
        row
        for row in found.rows_of(center)
        if row > after
        and (state is None or (found.outcome(row) or "left") == state)
        and (grid is None or (found.grid(row) or NO_GRID) == grid)
    ]
    page = wanted[:limit]
    there = await opened(services, found)
    full = reads_in_full(services.tree, account, found, center)
    found_rows = await rows_told(services, there, page, full=full)
    return json_response(
        {
            "columns": there.columns,
            "center": center,
            "rows": found_rows,
            "next": page[-1] if len(wanted) > limit else None,
            "seq": seq,
        }
    )


async def unmask(request: web.Request) -> web.Response:
    """``POST …/{clearing}/rows/{row}/unmask``: the row in full; first an entry tells that somebody read it."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    found, row, kind = _list(request, account), path_row(request), "clearing.unmask"
    command_id = f"unmask-{new_id('s', services.clock())}"
    data = parse_data(kind, {"clearing": found.id, "row": row})
    await services.writer.submit(Command(command_id, kind, None, data), account)
    shown = await rows_told(services, await opened(services, found), [row], full=True)
    if not shown:
        raise Refusal("not_found", "the list has no such row")
    return json_response({"row": shown[0]})


async def results(request: web.Request) -> web.Response:
    """``POST …/{clearing}/results``: what came of rows of one's own center; sent again under its id, it counts once."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    asked = await asked_of(request, ResultsBrought)
    found = own_list(services, account, path_id(request, "clearing", "li"))
    words = [(each.row, each.text.encode()) for each in asked.results if each.text]
    # What was written before is looked for where something was said before.
    again = [each.row for each in asked.results if each.row <= found.rows and found.outcome(each.row)]
    key = (await opened(services, found)).key if words else None
    kind = "clearing.report"
    data = {
        "clearing": found.id,
        "results": [each.model_dump(exclude={"text"}) for each in asked.results],
        "commitment": key.commit(words) if key is not None else None,
    }
    answer = await services.writer.submit(Command(asked.id, kind, None, parse_data(kind, data)), account)
    sealed: dict[int, str | None] = dict.fromkeys(again)
    if key is not None:
        sealed |= {row: key.seal_words(row, text.decode()) for row, text in words}
    if sealed:
        await services.lists.rows.put_words(found.id, sealed)
        services.work.touched.at((account.center,))
    return json_response({"seq": answer.seq, "rows": len(asked.results)})


async def places(request: web.Request) -> web.Response:
    """``GET …/{clearing}/places``: centers of the list's area, found by ``q``, to which somebody may have moved."""
    account = await require_account(request)
    services = request.app[SERVICES]
    text = Params(request, {"q"}).text("q")
    found, tree = own_list(services, account, path_id(request, "clearing", "li")), services.tree
    if not may_grid(account, "clearing.carry_out", tree, account.center, own=True):
        raise Refusal("forbidden", "this role clears no rows")
    centers = tree.search(text or "", found.center, MAX_PLACES + 1)
    others = [place_of(tree, center.code) for center in centers if center.code != account.center]
    return json_response({"centers": others[:MAX_PLACES]})


def routes() -> list[web.RouteDef]:
    one_list = "/api/v1/clearings/{clearing}"
    return [
        web.get("/api/v1/clearings", clearings),
        web.get("/api/v1/clearings/own", own),
        web.get(one_list, one),
        web.get(f"{one_list}/board", board),
        web.get(f"{one_list}/board/file", board_file),
        web.get(f"{one_list}/rows", rows),
        web.get(f"{one_list}/places", places),
        web.post(f"{one_list}/rows/{{row}}/unmask", unmask),
        web.post(f"{one_list}/results", results),
    ]
