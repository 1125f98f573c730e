"""``/api/v1/meetings/{id}/attendance``: who came, who declined, who was absent; and the same as a file."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import from_wire
from hub.conference.attendance import Attendance, AttendanceCenter, attendance
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.rules import replay
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.sheet_answer import sheet_answer
from signaling.sight import readable_meeting

#: What stands in a file: Chinese, as the pages are first of all.
HEADER: Final = ("序号", "中心", "所属", "到会情况", "到会时间", "签到", "拒接", "呼叫次数", "最近呼叫")
STATES: Final = {"came": "到会", "declined": "拒接", "absent": "未到", "removed": "移出"}
REASONS: Final = {
    "handling": "正在处置",
    "unattended": "无人值守",
    "later": "稍后参会",
    "unable": "无法参会",
    "other": "其他",
}


async def told(request: web.Request) -> web.Response:
    """``GET``: the sums, and each center that was called."""
    found, _ = await _attendance(request)
    return json_response(found.model_dump(mode="json"))


async def file(request: web.Request) -> web.Response:
    """``GET …/file``: the centers as a list."""
    services = request.app[SERVICES]
    found, drill = await _attendance(request)
    zone = ZoneInfo(services.config.time_zone)
    rows = [_line(at, each, services.tree, zone) for at, each in enumerate(found.centers, 1)]
    sums = f"应到 {found.count.called}，实到 {found.count.came}，缺席 {found.absent}（拒接 {found.declined}）"
    rows.append(["", "合计", "", sums, "", f"{found.count.people} 人", "", "", ""])
    return await sheet_answer(Params(request, {"format"}), "attendance", HEADER, rows, drill=drill)


async def _attendance(request: web.Request) -> tuple[Attendance, bool]:
    """Of the meeting in the path, and whether that is a drill.

    Raises Refusal `not_found`, `removed` as reading a meeting does.
    """
    account = await require_account(request)
    services, wanted = request.app[SERVICES], path_id(request, "meeting", "m")
    await readable_meeting(services, account, wanted)
    meeting = replay(await services.queries.whole_meeting(wanted), wanted)
    if meeting is None:
        raise Refusal("not_found", "there is no such meeting", "meeting")
    tree = services.tree
    return attendance(meeting, lambda code: tree[code].name if code in tree else code), meeting.drill


def _line(at: int, each: AttendanceCenter, tree: CenterTree, zone: ZoneInfo) -> list[str]:
    path = [above.name for above in tree.path(each.center)[:-1]] if each.center in tree else []
    people = [
        " ".join(word for word in (one.duty, one.present) if word) if one.present else one.name
        for one in each.people
    ]
    declined = each.declined
    return [
        str(at),
        each.name,
        " / ".join(path),
        STATES[each.state],
        _local(each.came_at, zone),
        "、".join(people),
        "" if declined is None else f"{declined.name}：{REASONS[declined.reason]}",
        str(each.times),
        _local(each.called_at, zone),
    ]


def _local(at: str | None, zone: ZoneInfo) -> str:
    """A moment as the city writes it."""
    return "" if at is None else from_wire(at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings/{meeting}/attendance", told),
        web.get("/api/v1/meetings/{meeting}/attendance/file", file),
    ]
