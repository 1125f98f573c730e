"""``/api/v1/patrol``: the ledger of findings, and both ledgers as files."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import from_wire, to_wire
from hub.filters import FindingFilter
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.http_patrol import DEFAULT_LIMIT, MAX_LIMIT, WANTED, rounds_wanted
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer

#: What the ledger of findings takes.
OF_FINDINGS: Final = ("made", "route", "center", "q", "from", "to")
#: The newest rows of a ledger that one file holds.
MOST_IN_FILE: Final = 20_000
_MADE: Final = {"report": "情况报告", "incident": "事件", "order": "指令"}
_STATES: Final = {
    "waiting": "待巡",
    "walking": "进行中",
    "done": "已完成",
    "missed": "漏巡",
    "unfinished": "未巡完",
    "withdrawn": "已撤销",
}
_URGENCY: Final = {"normal": "一般", "urgent": "紧急", "critical": "特急"}
_QUALITY: Final = {None: "", "good": "清晰", "fair": "一般", "poor": "较差"}
#: The columns of a file, Chinese as the pages are first of all.
_ROUNDS: Final = (
    *("编号", "路线", "中心", "代码", "开始", "应于此前完成", "结束", "状态", "超时"),
    *("点位", "正常", "发现情况", "看不到", "跳过", "结束人", "原因"),
)
_FINDINGS: Final = (
    *("时间", "路线", "中心", "代码", "第几个点位", "摄像头", "摄像头所属", "什么情况", "地点", "紧急程度"),
    *("转为", "转出编号", "发现人", "看到画面（秒）", "画面", "截图摘要", "轮次编号"),
)


async def findings(request: web.Request) -> web.Response:
    """``GET …/findings``: what was found, newest first."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {*OF_FINDINGS, "before", "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    seq = services.writer.state.last_seq
    page = await services.queries.patrol_findings(account, services.tree, _wanted(params), limit)
    return json_response({**page, "time_zone": services.config.time_zone, "seq": seq})


async def findings_file(request: web.Request) -> web.Response:
    """``GET …/findings/file``: the newest of them as a file."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {*OF_FINDINGS, "format"})
    page = await services.queries.patrol_findings(account, services.tree, _wanted(params), MOST_IN_FILE)
    moment = _Moment(services)
    rows = [_found(each, moment) for each in page["findings"]]
    return await sheet_answer(params, f"patrol-findings-{moment.today}", _FINDINGS, rows)


async def rounds_file(request: web.Request) -> web.Response:
    """``GET …/rounds/file``: the newest of the ledger of rounds as a file."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {*WANTED, "format"})
    page = await services.queries.patrol_rounds(
        account, services.tree, rounds_wanted(params), to_wire(services.clock()), MOST_IN_FILE
    )
    moment = _Moment(services)
    rows = [_round(each, moment) for each in page["rounds"]]
    return await sheet_answer(params, f"patrol-rounds-{moment.today}", _ROUNDS, rows)


def _wanted(params: Params) -> FindingFilter:
    since, until = params.moment("from"), params.moment("to")
    before = params.number("before", 0, 0, 2**62)
    return FindingFilter(
        made=tuple(sorted(params.some_of("made", tuple(_MADE)))),
        route=params.identifier("route", "pr"),
        center=params.center("center"),
        text=params.text("q"),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        before=before or None,
    )


class _Moment:
    """Moments as a file holds them: of the hub's zone, to the second."""

    def __init__(self, services: Services) -> None:
        self._zone = ZoneInfo(services.config.time_zone)
        self.today = services.clock().astimezone(self._zone).date().isoformat()

    def __call__(self, at: str | None) -> str:
        if at is None:
            return ""
        local: datetime = from_wire(at).astimezone(self._zone)
        return local.strftime("%Y-%m-%d %H:%M:%S")


def _round(row: Json, moment: _Moment) -> list[str]:
    ended_by: dict[str, Any] | None = row["ended_by"]
    return [
        row["id"],
        row["title"],
        row["center_name"],
        row["center"],
        *(moment(row[name]) for name in ("opened_at", "due", "ended_at")),
        _STATES[row["state"]],
        "是" if row["late"] or row["fell_due_at"] else "",
        *(str(row[name]) for name in ("total", "normal", "finding", "not_seen", "skipped")),
        "" if ended_by is None else ended_by["name"],
        row["reason"],
    ]


def _found(row: Json, moment: _Moment) -> list[str]:
    made = row["made"]
    return [
        moment(row["at"]),
        *(row[name] for name in ("title", "center_name", "center")),
        str(row["stop"]),
        row["camera_name"],
        row["camera_center_name"],
        row["text"],
        row["place"] or row["camera_name"],
        _URGENCY[row["urgency"]],
        *(("", "") if made is None else (_MADE[made["what"]], made["id"])),
        row["by"]["name"],
        str(row["seconds"]),
        _QUALITY[row["quality"]],
        " ".join(each["object"] for each in row["attachments"]),
        row["round"],
    ]


def routes() -> list[web.RouteDef]:
    path = "/api/v1/patrol"
    return [
        web.get(f"{path}/findings", findings),
        web.get(f"{path}/findings/file", findings_file),
        web.get(f"{path}/rounds/file", rounds_file),
    ]
