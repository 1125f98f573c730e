"""``/api/v1/statistics``: what was held, reported, handled and ordered in a span of days, by the centers below one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.statistics.figures import Figures, added, rates
from hub.statistics.period import Period, PeriodError, period_of
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer

#: What it can be narrowed by.
WANTED: Final = ("from", "to", "center")
Counts = Mapping[str, Mapping[str, int]]
#: What stands in a file: Chinese, as the pages are first of all.
HEADER: Final = {
    "meetings": "会议次数",
    "consultations": "会商次数",
    "called": "应到会次数",
    "attended": "实到会次数",
    "minutes": "到会时长（分钟）",
    "spoken": "发言时长（分钟）",
    "reports": "收集信息",
    "abnormal": "其中有情况",
    "incidents": "处置信息",
    "incidents_closed": "处置办结",
    "appeals": "群众诉求",
    "appeals_closed": "诉求办结",
    "overdue": "超期",
    "rows": "比对条数",
    "cleared": "已核条数",
    "orders": "指令",
    "on_time": "按时完成",
    "late": "超时",
    "asked": "例行报送应报",
    "answered": "按时报送",
    "answered_late": "迟报",
    "patrols": "应巡次数",
    "patrolled": "巡查完成",
    "patrols_missed": "漏巡和未巡完",
    "stops": "应巡点位",
    "stops_seen": "看到画面的点位",
    "findings": "巡查发现情况",
}
_RATES: Final = {
    "attendance": "到会率%",
    "closed": "办结率%",
    "cleared": "核查率%",
    "on_time": "指令按时率%",
    "answered": "按时报送率%",
    "patrolled": "巡查完成率%",
    "seen": "点位到巡率%",
}


async def statistics(request: web.Request) -> web.Response:
    """``GET /api/v1/statistics``."""
    account, services, top, period = await _asked(request, WANTED)
    seq = services.writer.state.last_seq
    counts, hours = await _counted(account, services, top, period)
    before = period.before()
    earlier = None
    if before is not None:
        counted, _ = await _counted(account, services, top, before)
        earlier = _part(added(counted.values()))
    series = {name: period.by_column(found) for name, found in hours.items()}
    return json_response(
        {
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "time_zone": services.config.time_zone,
            "center": top,
            "name": services.tree[top].name,
            "total": _part(added(counts.values())),
            "before": earlier,
            "rows": _rows(counts, services.tree, top),
            "series": {"columns": period.columns(), **series},
            "at": to_wire(services.clock()),
            "seq": seq,
        }
    )


async def statistics_file(request: web.Request) -> web.Response:
    """``GET /api/v1/statistics/file``: the rows as a file, with their sum."""
    account, services, top, period = await _asked(request, (*WANTED, "format"))
    counts, _ = await _counted(account, services, top, period)
    rows = [
        (f"{each['name']}（本级）" if each["own"] else each["name"], each["center"], each)
        for each in _rows(counts, services.tree, top)
    ]
    rows.append(("合计", top, _part(added(counts.values()))))
    name = f"statistics-{period.first.isoformat()}-{period.last.isoformat()}"
    header = ["中心", "代码", *HEADER.values(), *_RATES.values()]
    return await sheet_answer(
        Params(request, (*WANTED, "format")), name, header, [_line(*each) for each in rows]
    )


def _line(name: str, code: str, part: Json) -> list[str]:
    figures, percents = part["figures"], part["rates"]
    return [
        name,
        code,
        *(str(figures[each]) for each in HEADER),
        *("" if percents[each] is None else str(percents[each]) for each in _RATES),
    ]


async def _asked(request: web.Request, known: Iterable[str]) -> tuple[Account, Services, str, Period]:
    """About which center, and when. Raises Refusal."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, tuple(known))
    top = params.center("center") or account.center
    if not may(account, "statistics.read", services.tree, top) or top not in services.tree:
        raise Refusal("forbidden", "these statistics are not yours to read")
    zone = ZoneInfo(services.config.time_zone)
    try:
        period = period_of(params.text("from"), params.text("to"), services.clock(), zone)
    except PeriodError as problem:
        raise Refusal("invalid", str(problem), "from") from None
    return account, services, top, period


async def _counted(account: Account, services: Services, top: str, period: Period) -> tuple[Counts, Counts]:
    """By center and by hour. What belonged to centers that are gone stands in no sum and no row; the course of time has it."""
    counts, hours = await services.queries.statistics(account, services.tree, top, period)
    return {center: each for center, each in counts.items() if center in services.tree}, hours


def _rows(counts: Counts, tree: CenterTree, top: str) -> list[Json]:
    """The center by itself, and each one right below it with all below that, in the order of the directory."""
    lines: dict[str, list[Mapping[str, int]]] = {
        each.code: [] for each in tree.subtree(top) if each.parent == top
    }
    own: list[Mapping[str, int]] = []
    for center, numbers in counts.items():
        path = [each.code for each in tree.path(center)]
        below = path[path.index(top) + 1 :]
        (lines[below[0]] if below else own).append(numbers)
    return [
        _row(tree, top, own, own=True),
        *(_row(tree, code, found, own=False) for code, found in lines.items()),
    ]


def _row(tree: CenterTree, code: str, counts: Iterable[Mapping[str, int]], *, own: bool) -> Json:
    below = not own and len(tree.subtree(code)) > 1
    return {
        "center": code,
        "name": tree[code].name,
        "own": own,
        "below": below,
        **_part(added(counts)),
    }


def _part(figures: Figures) -> dict[str, Any]:
    return {"figures": figures.model_dump(), "rates": rates(figures)}


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/statistics", statistics),
        web.get("/api/v1/statistics/file", statistics_file),
    ]
