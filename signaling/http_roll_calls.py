"""``/api/v1/meetings/{id}/roll-calls``: each roll call of a meeting with its numbers, and its list as a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import from_wire
from hub.conference.roll_call_shapes import RollCall, RollCallList, RollCallRow
from hub.directory.tree import CenterTree
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import apply
from hub.state import HubState
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.services import Json
from signaling.sheet_answer import sheet_answer
from signaling.sight import readable_meeting

#: What stands in a file: Chinese, as the pages are first of all.
HEADER: Final = ("序号", "中心", "所属", "结果", "情况", "备注", "点名时间", "应答时间", "应答人")
STATES: Final = {
    "waiting": "未点",
    "called": "正在点",
    "answered": "应答",
    "unanswered": "未应答",
    "skipped": "跳过",
    "uncalled": "未点到",
}
SITUATIONS: Final = {"normal": "一切正常", "abnormal": "有情况"}


def told_by(entries: Iterable[Entry], meeting: str) -> list[tuple[RollCall, RollCallList]]:
    """The roll calls of a meeting as its entries tell them, the first one first; the last one may go on."""
    state, found = HubState(keeps_ended=True), []
    for entry in entries:
        if entry.kind == "roll_call.begun":
            found += _standing(state, meeting)
        apply(state, entry)
    return found + _standing(state, meeting)


def _standing(state: HubState, meeting: str) -> list[tuple[RollCall, RollCallList]]:
    known = state.meetings.get(meeting)
    if known is None or known.read(RollCall).state == "none":
        return []
    return [(known.read(RollCall), known.read(RollCallList))]


async def roll_calls(request: web.Request) -> web.Response:
    """``GET``: the roll calls, the first one first."""
    found, _ = await _all(request)
    return json_response({"roll_calls": [_numbers(roll) for roll, _ in found]})


async def roll_call(request: web.Request) -> web.Response:
    """``GET …/{roll}``: its list as a file."""
    found, drill = await _all(request)
    wanted, params = path_id(request, "roll", "c"), Params(request, {"format"})
    rows = next((rows for roll, rows in found if roll.roll == wanted), None)
    if rows is None:
        raise Refusal("not_found", "there is no such roll call", "roll")
    services = request.app[SERVICES]
    zone = ZoneInfo(services.config.time_zone)
    listed = sorted(rows.rows.items(), key=lambda one: one[1].place)
    lines = [_line(code, row, services.tree, zone) for code, row in listed]
    return await sheet_answer(params, "roll-call", HEADER, lines, drill=drill)


async def _all(request: web.Request) -> tuple[list[tuple[RollCall, RollCallList]], bool]:
    """Those of the meeting in the path, and whether that is a drill.

    Raises Refusal `not_found`, `meeting_ended` as reading a meeting does.
    """
    account = await require_account(request)
    services, meeting = request.app[SERVICES], path_id(request, "meeting", "m")
    drill = (await readable_meeting(services, account, meeting)).drill
    return told_by(await services.queries.whole_meeting(meeting), meeting), drill


def _numbers(roll: RollCall) -> Json:
    names = (
        "roll",
        "by",
        "begun_at",
        "finished_at",
        "total",
        "answered",
        "abnormal",
        "unanswered",
        "skipped",
    )
    told = roll.model_dump(mode="json", include=set(names))
    return {name: told[name] for name in names}


def _line(code: str, row: RollCallRow, tree: CenterTree, zone: ZoneInfo) -> list[str]:
    path = [each.name for each in tree.path(code)] if code in tree else [code]
    notes = [word for word, holds in (("迟答", row.late), ("主席代记", row.marked)) if holds]
    return [
        str(row.place),
        path[-1],
        " / ".join(path[:-1]),
        STATES[row.state],
        SITUATIONS.get(row.situation or "", ""),
        "，".join(notes),
        _local(row.called_at, zone),
        _local(row.at if row.state == "answered" else None, zone),
        row.by or "",
    ]


def _local(at: str | None, zone: ZoneInfo) -> str:
    """A moment as the city writes it."""
    return "" if at is None else from_wire(at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings/{meeting}/roll-calls", roll_calls),
        web.get("/api/v1/meetings/{meeting}/roll-calls/{roll}", roll_call),
    ]
