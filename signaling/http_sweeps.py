"""``/api/v1/sweeps``, ``/api/v1/visits``, ``/api/v1/grid-work``: sweeps, their boards and rows, visits, a phone's work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import GRID_ROLES, Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.grids.catalog import VILLAGE_DIGITS, grids_in, grids_of, may_in_grid, village_of
from hub.grids.sweep_kept import RowFilter, SweepRow
from hub.grids.sweep_ready import READY
from hub.grids.sweep_shapes import MAX_ROWS
from hub.people import Accounts
from signaling.auth import require_access, require_account
from signaling.correction_door import put_right
from signaling.encodings import has_already
from signaling.errors import json_response
from signaling.grid_work import WorkDesk, grid_work, row_told
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.own_visits import door_visits, with_corrections
from signaling.params import Params, path_id
from signaling.schemas.sweep_asked import CorrectionsBrought, SweepAsked, VisitsBrought
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer
from signaling.sweep_board import below, center_lines, grid_lines, left, summed, where_rows_are
from signaling.sweep_desk import SweepDesk
from signaling.visit_door import bring

DESK: Final = web.AppKey("sweep_desk", SweepDesk)
WORK: Final = web.AppKey("work_desk", WorkDesk)
#: The newest entry that an answer without a body rests on.
SEQ_HEADER: Final = "Lianxian-Seq"
DEFAULT_LIMIT, MAX_LIMIT = 50, 500
OUTCOMES: Final = (
    "left",
    "open",
    "met",
    "unchanged",
    "phone",
    "absent",
    "refused",
    "gone",
    "handed",
    "conflict",
)
ROWS: Final = ("center", "grid", "outcome", "after", "limit")
_DAY: Final = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", re.ASCII)
_DAYS: Final = ("visits", "met", "unchanged", "phone", "absent", "refused", "gone", "offline", "seconds")
_NUMBERS: Final = ("rows", "met", "unchanged", "phone", "absent", "refused", "gone")
_HEADER: Final = {
    "zh": (
        "编码",
        "名称",
        "应排查户数",
        "见面",
        "无变化",
        "电话",
        "无人",
        "拒绝",
        "已搬离",
        "未走访",
        "应见人数",
        "已见人数",
        "移交村社",
        "待确认",
        "网格人员",
    ),
    "en": (
        "code",
        "name",
        "households",
        "met",
        "unchanged",
        "by phone",
        "nobody there",
        "refused",
        "moved away",
        "left",
        "persons",
        "persons seen",
        "handed to the village",
        "to settle",
        "people",
    ),
}


async def forms(request: web.Request) -> web.Response:
    """``GET /sweeps/forms``: forms that are ready to be used."""
    await require_account(request)
    Params(request, ())
    told = [
        {
            "key": key,
            "zh": each.zh,
            "en": each.en,
            "form": [field.model_dump(mode="json") for field in each.form],
        }
        for key, each in READY.items()
    ]
    return json_response({"forms": told})


async def open_one(request: web.Request) -> web.Response:
    """``POST /sweeps``: open one."""
    access = await require_access(request, request.app[PACES].commands)
    asked = await asked_of(request, SweepAsked)
    return json_response(await request.app[DESK].open(access.require(), asked), 201)


async def sweeps(request: web.Request) -> web.Response:
    """``GET``: newest first; ``state`` open or closed."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("state", "before", "limit"))
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    state, before = params.one_of("state", ("open", "closed")), params.identifier("before", "sw")
    seq = services.writer.state.last_seq
    page = await services.queries.sweeps(account, services.tree, state, before, limit)
    return json_response({**page, "seq": seq})


async def one(request: web.Request) -> web.Response:
    """``GET …/{sweep}``."""
    account = await require_account(request)
    Params(request, ())
    return json_response(await _one(request, account))


async def _one(request: web.Request, account: Account) -> Json:
    services = request.app[SERVICES]
    found = await services.queries.sweep(account, services.tree, path_id(request, "sweep", "sw"))
    if found is None:
        raise Refusal("not_found", "there is no such sweep")
    return found


async def _with_villages(request: web.Request, account: Account) -> tuple[Json, list[Json]]:
    services = request.app[SERVICES]
    found = await services.queries.sweep_board(account, services.tree, path_id(request, "sweep", "sw"))
    if found is None:
        raise Refusal("not_found", "there is no such sweep")
    return found


async def board(request: web.Request) -> web.Response:
    """``GET …/{sweep}/board``: what stands next below ``parent``, where the largest share is left first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    seq, at = services.writer.state.last_seq, services.clock()
    found = await _board(request, account, Params(request, ("parent",)))
    return json_response({**found, "seq": seq, "at": to_wire(at)})


async def board_file(request: web.Request) -> web.Response:
    """``GET …/{sweep}/board/file``: the same for spreadsheets; no person but those who walk grids is in it."""
    account = await require_account(request)
    params = Params(request, ("parent", "format", "lang"))
    language = params.one_of("lang", tuple(_HEADER)) or "zh"
    found = await _board(request, account, params)
    cells = [
        (
            line["key"],
            line["name"],
            *(str(line["counts"][name]) for name in _NUMBERS),
            str(left(line["counts"])),
            *(str(line["counts"][name]) for name in ("persons", "seen", "handed", "conflicts")),
            "、".join(line["people"]),
        )
        for line in found["lines"]
    ]
    return await sheet_answer(params, f"sweep-{found['sweep']['id']}", _HEADER[language], cells)


async def _board(request: web.Request, account: Account, params: Params) -> Json:
    services = request.app[SERVICES]
    tree = services.tree
    head, rows = await _with_villages(request, account)
    below_it = tree.contains(head["center"], account.center)
    parent = params.center("parent") or (account.center if below_it else head["center"])
    if parent not in tree:
        raise Refusal("not_found", "there is no such center", "parent")
    found = below(tree, parent, rows)
    if not found:
        raise Refusal("not_found", "nothing of it is there", "parent")
    villages = [each for many in found.values() for each in many]
    if tree[parent].level == "village":
        lines = await _grids(services, account, head["id"], villages[0])
        counts = summed(line["counts"] for line in lines)
    else:
        lines, counts = center_lines(tree, found), summed(villages)
    path = [{"center": each.code, "name": each.name} for each in tree.path(parent)]
    return {
        "sweep": head,
        "parent": parent,
        "name": tree[parent].name,
        "path": path,
        "counts": counts,
        "lines": lines,
    }


async def _grids(services: Services, account: Account, sweep: str, village: Json) -> list[Json]:
    state = services.writer.state
    own = grids_of(state, account.id) if account.role in GRID_ROLES else None
    last = village["first"] + village["rows"] - 1
    sums = await services.queries.sweep_grids(sweep, village["first"], last, own)
    return grid_lines(grids_in(state).by_code, state.parts.read(Accounts).by_id, sums)


async def rows(request: web.Request) -> web.Response:
    """``GET …/{sweep}/rows``: of a ``grid``, or at and below a ``center``, in one ``outcome``, by number."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ROWS)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    head, villages = await _with_villages(request, account)
    seq = services.writer.state.last_seq
    wanted, last = _wanted(services, account, head["id"], villages, params, limit)
    found = await services.sweeps.rows(wanted, limit + 1)
    told = await rows_told(services, account, found[:limit])
    following = found[limit - 1].number if len(found) > limit else last
    return json_response({"rows": told, "next": following, "seq": seq})


def _wanted(
    services: Services, account: Account, sweep: str, villages: Sequence[Json], params: Params, limit: int
) -> tuple[RowFilter, int | None]:
    """Which rows are asked for, and up to which number they are looked for where there may be more after it."""
    tree, grid = services.tree, params.text("grid")
    center, outcome = params.center("center"), params.one_of("outcome", OUTCOMES)
    after = params.number("after", 0, 0, MAX_ROWS)
    if grid is not None:
        if not (grid.isascii() and grid.isdigit()) or len(grid) <= VILLAGE_DIGITS:
            raise Refusal("invalid", "a grid is named by its 15 digits", "grid")
        center = village_of(grid)
    if center is not None:
        villages = [each for each in villages if tree.contains(center, each["center"])]
    if not villages:
        raise Refusal("not_found", "nothing of it is there", "grid" if grid is not None else "center")
    own = grids_of(services.writer.state, account.id) if account.role in GRID_ROLES else None
    grids = own if grid is None else frozenset({grid}) if own is None else own & {grid}
    ranges, last = where_rows_are(villages, outcome, after, limit + 1 if grids is None else None)
    return RowFilter(sweep, ranges, grids, outcome), last


async def rows_told(services: Services, account: Account, found: Sequence[SweepRow]) -> list[Json]:
    """Rows as on the wire: who lives there only for who answers for the grid or walks it."""
    state, tree = services.writer.state, services.tree
    people = state.parts.read(Accounts).by_id
    own = {
        grid
        for grid in {row.grid for row in found}
        if may_in_grid(state, account, "visit.record", tree, grid)
    }
    own &= grids_of(state, account.id)
    there = await services.registry.some([row.household for row in found if row.grid in own])
    cards = (
        {each.household: each for each in await services.registry.cards(list(there.values()))}
        if there
        else {}
    )
    told = []
    for row in found:
        card = cards.get(row.household)
        by = people.get(row.account or "")
        told.append(
            {
                **row_told(row),
                "persons": row.persons,
                "by": by.name if by is not None else "",
                "place": list(card.place) if card is not None else [],
                "names": [each.name for each in card.persons] if card is not None else [],
            }
        )
    return told


async def row_visits(request: web.Request) -> web.Response:
    """``GET …/{sweep}/rows/{row}``: all visits of a row, those that did not know of each other among them."""
    account = await require_account(request)
    services = request.app[SERVICES]
    Params(request, ())
    head, text = await _one(request, account), request.match_info["row"]
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise Refusal("not_found", "there is nothing here")
    row = (await services.sweeps.named([(head["id"], int(text))])).get((head["id"], int(text)))
    if row is None or not _sees(services, account, row.grid, head["center"]):
        raise Refusal("not_found", "there is no such row")
    (told,) = await rows_told(services, account, [row])
    visits = await services.queries.visits(head["id"], row.number, row.household)
    told_visits = await with_corrections(services, visits, open_words=bool(told["names"]))
    for each in told_visits:
        newest = each["corrected"][-1]["seq"] if each["corrected"] else each["seq"]
        each["holds"] = each["sweep"] == head["id"] and newest == row.seq
    return json_response({"row": told, "visits": told_visits})


def _sees(services: Services, account: Account, grid: str, center: str) -> bool:
    if account.role in GRID_ROLES:
        return may_in_grid(services.writer.state, account, "sweep.read", services.tree, grid)
    return any(may(account, "sweep.read", services.tree, code) for code in (center, village_of(grid)))


async def visits(request: web.Request) -> web.Response:
    """``POST /visits``: what came of visits; each sent again under its id counts once."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    asked = await asked_of(request, VisitsBrought)
    results = await bring(services, account, asked.visits)
    return json_response({"results": results, "seq": services.writer.state.last_seq})


async def corrections(request: web.Request) -> web.Response:
    """``POST /visits/corrections``: what was said is put right; each sent again under its id counts once."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    asked = await asked_of(request, CorrectionsBrought)
    results = await put_right(services, account, asked.corrections)
    return json_response({"results": results, "seq": services.writer.state.last_seq})


async def door(request: web.Request) -> web.Response:
    """``GET /visits/doors/{household}``: visits of a household outside of sweeps, those to be settled among them."""
    account = await require_account(request)
    Params(request, ())
    services, household = request.app[SERVICES], path_id(request, "household", "hh")
    return json_response(await door_visits(services, account, household))


async def days(request: web.Request) -> web.Response:
    """``GET /visits/days``: visits of some days by what stands next below ``parent``, and how long forms were open."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("first", "last", "parent"))
    tree, parent = services.tree, params.center("parent") or account.center
    if parent not in tree or not may(account, "sweep.read", tree, parent):
        raise Refusal("not_found", "there is no such center", "parent")
    first, last = (_day(params, name, services) for name in ("first", "last"))
    seq = services.writer.state.last_seq
    found = below(tree, parent, await services.queries.visit_days(first, last))
    lines = [
        {"center": code, "name": tree[code].name, "level": tree[code].level, "counts": _days_sum(rows)}
        for code, rows in sorted(found.items())
        if code in tree
    ]
    total = _days_sum([row for rows in found.values() for row in rows])
    return json_response(
        {"parent": parent, "first": first, "last": last, "counts": total, "lines": lines, "seq": seq}
    )


def _day(params: Params, name: str, services: Services) -> str:
    """A day where the hub is, today without one. Raises Refusal `invalid`."""
    today = services.clock().astimezone(ZoneInfo(services.config.time_zone)).date()
    text = params.text(name) or today.isoformat()
    if _DAY.fullmatch(text) is None:
        raise Refusal("invalid", "a day is written like 2026-11-30", name)
    return text


def _days_sum(rows: Sequence[Json]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in _DAYS}


async def work(request: web.Request) -> web.Response:
    """``GET /grid-work``: all that a phone holds; 304 with If-None-Match where it holds all of it.

    `Lianxian-Seq` tells of which entry that is true: by it a phone proves that what it sent is in the journal.
    """
    account = await require_account(request)
    Params(request, ())
    services, tag = request.app[SERVICES], f'"{request.app[WORK].mark(account)}"'
    headers = {"ETag": f"W/{tag}", SEQ_HEADER: str(services.writer.state.last_seq)}
    if has_already(request, tag):
        return web.Response(status=304, headers={**headers, "Cache-Control": "no-store"})
    return json_response(await grid_work(services, account), headers=headers)


def routes() -> list[web.RouteDef]:
    one_sweep = "/api/v1/sweeps/{sweep}"
    return [
        web.get("/api/v1/sweeps/forms", forms),
        web.get("/api/v1/sweeps", sweeps),
        web.post("/api/v1/sweeps", open_one),
        web.get(one_sweep, one),
        web.get(f"{one_sweep}/board", board),
        web.get(f"{one_sweep}/board/file", board_file),
        web.get(f"{one_sweep}/rows", rows),
        web.get(f"{one_sweep}/rows/{{row}}", row_visits),
        web.post("/api/v1/visits", visits),
        web.post("/api/v1/visits/corrections", corrections),
        web.get("/api/v1/visits/doors/{household}", door),
        web.get("/api/v1/visits/days", days),
        web.get("/api/v1/grid-work", work),
    ]
