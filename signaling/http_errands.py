"""``/api/v1/errands``: what households asked for, written down with words that stand sealed, and read by right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.filters import ErrandFilter
from hub.grids.catalog import VILLAGE_DIGITS, grids_in
from signaling.auth import require_access, require_account
from signaling.errand_door import ask, finish
from signaling.errand_telling import runners, told
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.registry_sight import RegistrySight
from signaling.schemas.sweep_asked import ErrandBrought, ErrandDone
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
STATES: Final = ("open", "asked", "taken", "handed", "done", "dropped")
KINDS: Final = ("food", "medicine", "clinic", "papers", "repair", "ride", "other")
FILTERS: Final = ("center", "grid", "state", "kind", "late", "q")
#: So many are looked through for words in one answer: words are sealed, and no database finds them.
LOOKED_THROUGH: Final = 2_000
#: So many stand in one file.
MOST_ROWS: Final = 20_000
#: What was over within so long is counted.
LATELY: Final = timedelta(days=30)
_GOING: Final = ("asked", "taken", "handed", "late", "urgent")
_OVER: Final = ("done", "dropped", "rated", "stars")
SUMS: Final = (*_GOING, *_OVER)
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        **dict(zip(KINDS, ("送菜送粮", "买药", "就医", "证件手续", "水电维修", "接送", "其他"), strict=True)),
        **dict(zip(STATES[1:], ("待接办", "办理中", "转村办理", "已办结", "已撤销"), strict=True)),
        "yes": "是",
    },
    "en": {**{name: name for name in (*KINDS, *STATES)}, "yes": "yes"},
}
_HEADER: Final = {
    "zh": (
        "编号",
        "村（社区）",
        "网格",
        "类别",
        "紧急",
        "状态",
        "登记时间",
        "要求时间",
        "超期",
        "承办人",
        "办结时间",
        "费用（元）",
        "评价",
        "原因",
    ),
    "en": (
        "errand",
        "village",
        "grid",
        "kind",
        "urgent",
        "state",
        "asked at",
        "due",
        "late",
        "done by",
        "over at",
        "cost (yuan)",
        "rating",
        "reason",
    ),
}


async def ask_one(request: web.Request) -> web.Response:
    """``POST``: write down what a household asks for; sent again under its id it counts once."""
    access = await require_access(request, request.app[PACES].commands)
    asked = await asked_of(request, ErrandBrought)
    return json_response(await ask(request.app[SERVICES], access.require(), asked))


async def finish_one(request: web.Request) -> web.Response:
    """``POST …/{errand}/done``: it is done, with words about it."""
    access = await require_access(request, request.app[PACES].commands)
    errand, done = path_id(request, "errand", "er"), await asked_of(request, ErrandDone)
    return json_response(await finish(request.app[SERVICES], access.require(), errand, done))


async def errands(request: web.Request) -> web.Response:
    """``GET``: newest first; words and who asked only for who may know them, and found by ``q`` for them alone."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, (*FILTERS, "before", "limit"))
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    wanted = replace(_wanted(services, params), before=params.number("before", 0, 0, 1 << 60) or None)
    sight, words = RegistrySight(services), params.text("q")
    seq = services.writer.state.last_seq
    if words is None:
        found, following = await services.queries.errands(account, services.tree, wanted, limit)
        lines = await told(services, account, found, places=sight)
        return json_response({"errands": lines, "next": following, "seq": seq})
    lines, following = await _searched(services, account, wanted, words, limit)
    return json_response({"errands": lines, "next": following, "seq": seq})


async def _searched(
    services: Services, account: Account, wanted: ErrandFilter, words: str, limit: int
) -> tuple[list[Json], int | None]:
    """Those with these words, and from where to go on; after so many without a hit the page ends early."""
    sight, hits, looked = RegistrySight(services), list[Json](), 0
    while True:
        page, following = await services.queries.errands(account, services.tree, wanted, MAX_LIMIT)
        for line in await told(services, account, page, places=sight):
            if _has(line, words):
                hits.append(line)
        looked += len(page)
        if following is None or len(hits) >= limit or looked >= LOOKED_THROUGH:
            return hits, following
        wanted = replace(wanted, before=following)


def _has(line: Json, words: str) -> bool:
    told = (line["text"] or "", line["said"] or "", line["reason"], line["taker_name"], line["grid_name"])
    return words.casefold() in " ".join((*told, *line["place"], *line["names"])).casefold()


def _wanted(services: Services, params: Params) -> ErrandFilter:
    """Raises Refusal `not_found` for a center that is none, `invalid`."""
    tree, center, grid = services.tree, params.center("center"), params.text("grid")
    if center is not None and center not in tree:
        raise Refusal("not_found", "there is no such center", "center")
    if grid is not None and not (grid.isascii() and grid.isdigit() and len(grid) > VILLAGE_DIGITS):
        raise Refusal("invalid", "a grid is named by its 15 digits", "grid")
    late = params.one_of("late", ("1",)) is not None
    return ErrandFilter(
        centers=None if center is None else [each.code for each in tree.subtree(center)],
        grid=grid,
        state=params.one_of("state", STATES),
        kind=params.one_of("kind", KINDS),
        late_at=to_wire(services.clock()) if late else None,
    )


async def one(request: web.Request) -> web.Response:
    """``GET …/{errand}``: whole, with who could do it for who may hand it on."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    seq = services.writer.state.last_seq
    wanted = ErrandFilter(id=path_id(request, "errand", "er"))
    found, _ = await services.queries.errands(account, services.tree, wanted, 1)
    if not found:
        raise Refusal("not_found", "there is no such errand")
    (line,) = await told(services, account, found, places=RegistrySight(services))
    people = runners(services, line["grid"]) if line["runs"] else []
    return json_response({**line, "people": people, "seq": seq})


async def counts(request: web.Request) -> web.Response:
    """``GET …/counts``: by what stands next below ``parent`` (of a village its grids), most of them late first, and by kind."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("parent",))
    tree, parent = services.tree, params.center("parent") or account.center
    if parent not in tree or not may(account, "errand.read", tree, parent):
        raise Refusal("not_found", "there is no such center", "parent")
    now, seq = services.clock(), services.writer.state.last_seq
    by = "grid" if tree[parent].level == "village" else "center"
    rows = await services.queries.errand_sums(account, tree, to_wire(now), to_wire(now - LATELY), by)
    depth, of_place, of_kind = len(tree.path(parent)), dict[str, list[Json]](), dict[str, list[Json]]()
    for row in rows:
        village = row["place"][:VILLAGE_DIGITS]
        path = tree.path(village) if village in tree else []
        if len(path) < depth or path[depth - 1].code != parent:
            continue
        place = row["place"] if by == "grid" else path[depth].code if len(path) > depth else parent
        of_place.setdefault(place, []).append(row)
        of_kind.setdefault(row["kind"], []).append(row)
    grids = grids_in(services.writer.state).by_code
    lines: list[Json] = [
        {
            "key": place,
            "name": (grids[place].name if place in grids else place[-3:])
            if by == "grid"
            else tree[place].name,
            "level": "grid" if by == "grid" else tree[place].level,
            "counts": _summed(many),
        }
        for place, many in of_place.items()
    ]
    lines.sort(key=lambda line: (-line["counts"]["late"], -_open(line["counts"]), line["key"]))
    return json_response(
        {
            "parent": parent,
            "name": tree[parent].name,
            "path": [
                {"center": each.code, "name": each.name}
                for each in tree.path(parent)
                if may(account, "errand.read", tree, each.code)
            ],
            "counts": _summed(row for many in of_place.values() for row in many),
            "kinds": [{"kind": kind, "counts": _summed(of_kind[kind])} for kind in KINDS if kind in of_kind],
            "lines": lines,
            "at": to_wire(now),
            "seq": seq,
        }
    )


def _open(line: Mapping[str, int]) -> int:
    return line["asked"] + line["taken"] + line["handed"]


def _summed(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total = dict.fromkeys(SUMS, 0)
    for row in rows:
        for name in SUMS:
            total[name] += row[name]
    return total


async def file(request: web.Request) -> web.Response:
    """``GET …/file``: the list for spreadsheets, newest first; nothing that was said, and nobody who asked, is in it."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, ("center", "grid", "state", "kind", "late", "format", "lang"))
    language = params.one_of("lang", tuple(_HEADER)) or "zh"
    wanted, rows = _wanted(services, params), list[list[str]]()
    grids, tree, says = grids_in(services.writer.state).by_code, services.tree, _WORDS[language]
    now = to_wire(services.clock())
    while len(rows) < MOST_ROWS:
        found, following = await services.queries.errands(account, tree, wanted, 1_000)
        for each in found:
            late = each["late"] or (each["over_at"] is None and each["due"] is not None and each["due"] < now)
            rows.append(
                [
                    each["errand"],
                    tree[each["center"]].name if each["center"] in tree else each["center"],
                    grids[each["grid"]].name if each["grid"] in grids else each["grid"],
                    says[each["kind"]],
                    says["yes"] if each["urgent"] else "",
                    says[each["state"]],
                    each["asked_at"],
                    each["due"] or "",
                    says["yes"] if late else "",
                    each["taker_name"],
                    each["over_at"] or "",
                    "" if each["cents"] is None else f"{each['cents'] / 100:.2f}",
                    "" if each["stars"] is None else str(each["stars"]),
                    each["reason"],
                ]
            )
        if following is None:
            break
        wanted = replace(wanted, before=following)
    return await sheet_answer(params, "errands", _HEADER[language], rows[:MOST_ROWS])


def routes() -> list[web.RouteDef]:
    path = "/api/v1/errands"
    return [
        web.get(path, errands),
        web.post(path, ask_one),
        web.get(f"{path}/counts", counts),
        web.get(f"{path}/file", file),
        web.get(f"{path}/{{errand}}", one),
        web.post(f"{path}/{{errand}}/done", finish_one),
    ]
