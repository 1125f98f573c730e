"""``/api/v1/grid-statistics``: what there is in grids and what was done there, from the city down to each grid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.grids.catalog import grids_in
from hub.grids.figures import FigureAsked, line_of
from hub.grids.registry import Counts
from hub.statistics.period import Period, PeriodError
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer

#: Days of one question, and of one where none are named.
MOST_DAYS: Final = 92
USUAL_DAYS: Final = 7
_SPAN: Final = ("parent", "first", "last")
_NAMES: Final = (
    "households",
    "persons",
    "visited_today",
    "visited_week",
    "fresh",
    "visits",
    "met",
    "absent",
    "symptom",
    "origin",
    "need",
    "errands_open",
    "errands_done",
)
_HEADER: Final = {
    "zh": (
        "编码",
        "名称",
        "户数",
        "人数",
        "今日走访户数",
        "近七日走访户数",
        "近七日走访率（%）",
        "期间走访次数",
        "期间见到",
        "期间无人",
        "有症状户数",
        "外地来源户数",
        "需要帮助户数",
        "未办结代办",
        "期间办结代办",
    ),
    "en": (
        "code",
        "name",
        "households",
        "persons",
        "visited today",
        "visited in seven days",
        "visited in seven days (%)",
        "visits of these days",
        "reached",
        "nobody there",
        "symptoms",
        "from elsewhere",
        "need help",
        "errands open",
        "errands done",
    ),
}


async def statistics(request: web.Request) -> web.Response:
    """``GET``: of the center ``parent`` (else one's own), by what stands next below it; of a village by its grids."""
    account = await require_account(request)
    return json_response(await _found(request.app[SERVICES], account, Params(request, _SPAN)))


async def statistics_file(request: web.Request) -> web.Response:
    """``GET …/file``: the same for spreadsheets."""
    account = await require_account(request)
    params = Params(request, (*_SPAN, "format", "lang"))
    language = params.one_of("lang", tuple(_HEADER)) or "zh"
    found = await _found(request.app[SERVICES], account, params)
    total = {**found["total"], "name": "合计" if language == "zh" else "total"}
    cells = [
        (line["key"], line["name"], *("" if line[name] is None else str(line[name]) for name in _NAMES))
        for line in (*found["lines"], total)
    ]
    return await sheet_answer(params, f"grids-{found['parent']}", _HEADER[language], cells)


async def _found(services: Services, account: Account, params: Params) -> Json:
    tree, parent = services.tree, params.center("parent") or account.center
    if parent not in tree or not may(account, "registry.read", tree, parent):
        raise Refusal("not_found", "there is no such center", "parent")
    now = services.clock()
    zone = ZoneInfo(services.config.time_zone)
    period = _period(params, now, zone)
    seq = services.writer.state.last_seq
    villages = [each.code for each in tree.subtree(parent)]
    state_grids = grids_in(services.writer.state)
    by_grid = not tree.children(parent)
    codes = list(state_grids.of_village.get(parent, ())) if by_grid else villages
    asked = _asked(codes, by_grid, period, now, zone)
    done = await services.views.figures(asked)
    there: Mapping[str, Counts] = (
        await services.registry.sums(codes) if by_grid else await services.registry.village_sums()
    )

    def part(code: str) -> Json:
        counts = there.get(code, Counts())
        return {"households": counts.households, "persons": counts.persons, **done.get(code, {})}

    if by_grid:
        lines = [
            {
                "key": code,
                "name": state_grids.by_code[code].name,
                "level": "grid",
                "below": False,
                **line_of([part(code)]),
            }
            for code in codes
        ]
    else:
        lines = [
            {
                "key": child.code,
                "name": child.name,
                "level": child.level,
                "below": bool(tree.children(child.code)) or child.code in state_grids.of_village,
                **line_of(part(each.code) for each in tree.subtree(child.code)),
            }
            for child in tree.children(parent)
        ]
    own = tree[parent]
    total = {
        "key": parent,
        "name": own.name,
        "level": own.level,
        "below": bool(lines),
        **line_of(part(code) for code in codes),
    }
    days = await services.views.days(villages, asked.first, asked.last)
    return {
        "parent": parent,
        "name": own.name,
        "level": own.level,
        "path": [
            {"center": step.code, "name": step.name}
            for step in tree.path(parent)
            if may(account, "registry.read", tree, step.code)
        ],
        "first": asked.first,
        "last": asked.last,
        "today": now.astimezone(zone).date().isoformat(),
        "total": total,
        "lines": lines,
        "days": days,
        "at": to_wire(now),
        "seq": seq,
    }


def _period(params: Params, now: datetime, zone: ZoneInfo) -> Period:
    """Raises Refusal `invalid`."""
    last = _day(params, "last") or now.astimezone(zone).date()
    first = _day(params, "first") or last - timedelta(days=USUAL_DAYS - 1)
    try:
        period = Period(first, last, zone)
    except PeriodError as problem:
        raise Refusal("invalid", str(problem), "first") from None
    if (last - first).days >= MOST_DAYS:
        raise Refusal("invalid", f"at most {MOST_DAYS} days", "first")
    return period


def _day(params: Params, name: str) -> date | None:
    text = params.text(name)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Refusal("invalid", "a day is written like 2026-11-30", name) from None


def _asked(codes: list[str], by_grid: bool, period: Period, now: datetime, zone: ZoneInfo) -> FigureAsked:
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return FigureAsked(
        codes=codes,
        by_grid=by_grid,
        today=to_wire(midnight),
        week=to_wire(midnight - timedelta(days=USUAL_DAYS - 1)),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        since=period.since,
        until=period.until,
    )


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/grid-statistics", statistics),
        web.get("/api/v1/grid-statistics/file", statistics_file),
    ]
