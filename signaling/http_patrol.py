"""``/api/v1/patrol``: routes, the ledger of rounds, one round stop by stop, and numbers by centers and days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.cameras.patrol_shapes import OVER, ROUND_STATES
from hub.clock import to_wire
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.filters import RoundFilter
from hub.statistics.period import Period, PeriodError, period_of
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: What the ledger takes.
WANTED: Final = ("state", "late", "found", "route", "center", "q", "from", "to")
#: What the numbers take.
OF_STATISTICS: Final = ("from", "to", "center")
#: A word for all states in which a round can still be walked.
OPEN: Final = "open"
#: What is counted, as a file calls it: Chinese, as the pages are first of all.
HEADER: Final = {
    "rounds": "应巡次数",
    "done": "完成",
    "late": "其中超时完成",
    "missed": "漏巡",
    "unfinished": "未巡完",
    "stops": "应巡点位",
    "normal": "正常",
    "finding": "发现情况",
    "not_seen": "看不到",
    "skipped": "跳过",
}
_RATES: Final = {"done_rate": "完成率%", "seen_rate": "点位到巡率%"}


async def patrol_routes(request: web.Request) -> web.Response:
    """``GET …/routes``: those that are walked, by center."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("center",))
    seq = services.writer.state.last_seq
    found = await services.queries.patrol_routes(account, services.tree, params.center("center"))
    return json_response({"routes": found, "time_zone": services.config.time_zone, "seq": seq})


async def route(request: web.Request) -> web.Response:
    """``GET …/routes/{route}``: with its stops."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    found = await services.queries.patrol_route(account, services.tree, path_id(request, "route", "pr"))
    if found is None:
        raise Refusal("not_found", "there is no such route")
    return json_response({**found, "time_zone": services.config.time_zone})


async def rounds(request: web.Request) -> web.Response:
    """``GET …/rounds``: newest first, and how many wait, are late and were missed today."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {*WANTED, "before", "limit"})
    zone = ZoneInfo(services.config.time_zone)
    midnight = datetime.combine(services.clock().astimezone(zone).date(), time(), zone)
    seq = services.writer.state.last_seq
    page = await services.queries.patrol_rounds(
        account,
        services.tree,
        rounds_wanted(params),
        to_wire(midnight),
        params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
    )
    return json_response({**page, "time_zone": services.config.time_zone, "seq": seq})


def rounds_wanted(params: Params) -> RoundFilter:
    """Which rounds are asked for. Raises Refusal `invalid`."""
    states = params.some_of("state", (OPEN, *ROUND_STATES))
    if OPEN in states:
        states = (states - {OPEN}) | (set(ROUND_STATES) - set(OVER))
    since, until = params.moment("from"), params.moment("to")
    return RoundFilter(
        states=tuple(sorted(states)),
        late=params.one_of("late", ("1",)) is not None,
        found=params.one_of("found", ("1",)) is not None,
        route=params.identifier("route", "pr"),
        center=params.center("center"),
        text=params.text("q"),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        before=params.identifier("before", "pd"),
    )


async def round_(request: web.Request) -> web.Response:
    """``GET …/rounds/{round}``: every stop, what came of it, and who walked."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    seq = services.writer.state.last_seq
    found = await services.queries.patrol_round(account, services.tree, path_id(request, "round", "pd"))
    if found is None:
        raise Refusal("not_found", "there is no such round")
    return json_response({**found, "time_zone": services.config.time_zone, "seq": seq})


# -- numbers

Counts = dict[str, int]


async def statistics(request: web.Request) -> web.Response:
    """``GET …/statistics``: rounds that are over, by the centers below one and by days."""
    services, top, period = await _asked(request, OF_STATISTICS)
    seq = services.writer.state.last_seq
    counted = await services.queries.patrol_counts(services.tree, top, period)
    return json_response(
        {
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "time_zone": services.config.time_zone,
            "center": top,
            "name": services.tree[top].name,
            "total": part_of(each for _, _, each in counted),
            "rows": rows_of(counted, services.tree, top),
            "days": _days(counted, period),
            "at": to_wire(services.clock()),
            "seq": seq,
        }
    )


async def statistics_file(request: web.Request) -> web.Response:
    """``GET …/statistics/file``: the rows as a file, with their sum."""
    known = (*OF_STATISTICS, "format")
    services, top, period = await _asked(request, known)
    counted = await services.queries.patrol_counts(services.tree, top, period)
    lines = [
        (f"{each['name']}（本级）" if each["own"] else each["name"], each["center"], each)
        for each in rows_of(counted, services.tree, top)
    ]
    lines.append(("合计", top, part_of(each for _, _, each in counted)))
    name = f"patrol-{period.first.isoformat()}-{period.last.isoformat()}"
    header = ["中心", "代码", *HEADER.values(), *_RATES.values()]
    return await sheet_answer(Params(request, known), name, header, [_line(*each) for each in lines])


def _line(name: str, code: str, part: Json) -> list[str]:
    rates = ("" if part[each] is None else str(part[each]) for each in _RATES)
    return [name, code, *(str(part[each]) for each in HEADER), *rates]


async def _asked(request: web.Request, known: Iterable[str]) -> tuple[Services, str, Period]:
    """About which center, and when. Raises Refusal."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, tuple(known))
    top = params.center("center") or account.center
    if top not in services.tree or not may(account, "patrol.read", services.tree, top):
        raise Refusal("forbidden", "these rounds are not yours to read")
    try:
        zone = ZoneInfo(services.config.time_zone)
        period = period_of(params.text("from"), params.text("to"), services.clock(), zone)
    except PeriodError as problem:
        raise Refusal("invalid", str(problem), "from") from None
    return services, top, period


def part_of(counts: Iterable[Mapping[str, int]]) -> Json:
    """Their sum, with the parts in percent that it makes."""
    total: Counts = dict.fromkeys((*HEADER,), 0)
    for each in counts:
        for name in HEADER:
            total[name] += each[name]
    looked = total["normal"] + total["finding"]
    return {
        **total,
        "done_rate": _percent(total["done"], total["rounds"]),
        "seen_rate": _percent(looked, total["stops"]),
    }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def rows_of(counted: Iterable[tuple[str, str, Counts]], tree: CenterTree, top: str) -> list[Json]:
    """The center by itself, and each one right below it with all below that, in the order of the directory."""
    below = [each for each in tree.subtree(top) if each.parent == top]
    sums: defaultdict[str, list[Counts]] = defaultdict(list)
    depth = len(tree.path(top))
    for center, _, counts in counted:
        path = tree.path(center)
        sums[path[depth].code if len(path) > depth else top].append(counts)

    def row(code: str, *, own: bool) -> Json:
        has_below = not own and any(each.parent == code for each in tree.subtree(code))
        return {
            **part_of(sums[code]),
            "center": code,
            "name": tree[code].name,
            "own": own,
            "below": has_below,
        }

    return [row(top, own=True), *(row(each.code, own=False) for each in below)]


def _days(counted: Iterable[tuple[str, str, Counts]], period: Period) -> list[Json]:
    """Numbers of each day or month that the span touches."""
    hours: dict[str, dict[str, int]] = {name: {} for name in HEADER}
    for _, hour, counts in counted:
        for name in HEADER:
            hours[name][hour] = hours[name].get(hour, 0) + counts[name]
    columns = {name: period.by_column(found) for name, found in hours.items()}
    found: list[Json] = []
    for place, day in enumerate(period.columns()):
        values: dict[str, Any] = {name: each[place] for name, each in columns.items()}
        found.append({"day": day, **part_of([values])})
    return found


def routes() -> list[web.RouteDef]:
    path = "/api/v1/patrol"
    return [
        web.get(f"{path}/routes", patrol_routes),
        web.get(f"{path}/routes/{{route}}", route),
        web.get(f"{path}/rounds", rounds),
        web.get(f"{path}/rounds/{{round}}", round_),
        web.get(f"{path}/statistics", statistics),
        web.get(f"{path}/statistics/file", statistics_file),
    ]
