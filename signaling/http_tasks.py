"""``/api/v1/tasks``: routine tasks, each round with its numbers, its board, and the board as a file."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import from_wire
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.filters import ListFilter
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.services import Json
from signaling.sheet_answer import sheet_answer

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: What the list takes.
WANTED: Final = ("id", "state", "center", "q", "before", "limit")
#: What stands in a file: Chinese, as the pages are first of all.
HEADER: Final = ("序号", "中心", "代码", "所属", "结果", "情况", "备注", "报送时间", "报送人")
SITUATIONS: Final = {"normal": "一切正常", "abnormal": "有情况"}
#: The most digits of the number of a round.
_ROUND_DIGITS: Final = 9


async def tasks(request: web.Request) -> web.Response:
    """``GET /api/v1/tasks``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, WANTED)
    wanted = ListFilter(
        id=params.identifier("id", "q"),
        state=params.one_of("state", ("current", "over")),
        center=params.center("center"),
        text=params.text("q"),
        before=params.identifier("before", "q"),
    )
    # before it is read: what is told later than this is not older than what is read
    seq = services.writer.state.last_seq
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    page = await services.queries.tasks(account, services.tree, wanted, limit)
    return json_response({**page, "seq": seq, "time_zone": services.config.time_zone})


async def rounds(request: web.Request) -> web.Response:
    """``GET …/{task}/rounds``: the newest hundred, newest first."""
    account = await require_account(request)
    Params(request, ())
    services, task = request.app[SERVICES], path_id(request, "task", "q")
    found = await services.queries.task_rounds(account, services.tree, task)
    if found is None:
        raise Refusal("not_found", "there is no such task")
    return json_response({"rounds": found})


async def board(request: web.Request) -> web.Response:
    """``GET …/{task}/rounds/{round}``: who is asked and who answered, as one may see it."""
    account = await require_account(request)
    Params(request, ())
    seq = request.app[SERVICES].writer.state.last_seq
    return json_response({**await _board(request, account), "seq": seq})


async def board_file(request: web.Request) -> web.Response:
    """``GET …/{task}/rounds/{round}/file``: the board as a file, who is missing first."""
    account = await require_account(request)
    params = Params(request, {"format"})
    found = await _board(request, account)
    services = request.app[SERVICES]
    zone = ZoneInfo(services.config.time_zone)
    return await sheet_answer(params, "task-board", HEADER, lines_of(found, services.tree, zone))


async def _board(request: web.Request, account: Account) -> Json:
    services, task = request.app[SERVICES], path_id(request, "task", "q")
    number = request.match_info["round"]
    found = None
    if number.isascii() and number.isdigit() and len(number) <= _ROUND_DIGITS:
        found = await services.queries.task_board(account, services.tree, task, int(number))
    if found is None:
        raise Refusal("not_found", "there is no such round of a task")
    return found


def lines_of(board: Json, tree: CenterTree, zone: ZoneInfo) -> list[list[str]]:
    """The rows of a board as a file has them: who is missing, what is abnormal, who was late, the rest."""
    answers = {each["center"]: each for each in board["answers"]}

    def urgent(code: str) -> int:
        answer = answers.get(code)
        if answer is None:
            return 0
        return 1 if answer["situation"] == "abnormal" else 2 if answer["late"] else 3

    ordered = sorted(board["centers"], key=urgent)
    return [
        _line(number, code, answers.get(code), board, tree, zone) for number, code in enumerate(ordered, 1)
    ]


def _line(
    number: int, code: str, answer: Json | None, board: Json, tree: CenterTree, zone: ZoneInfo
) -> list[str]:
    path = [each.name for each in tree.path(code)] if code in tree else [code]
    urged = board["round"]["urged"]
    notes = []
    if answer is not None and answer["late"]:
        notes.append("迟报")
    if answer is None and urged:
        notes.append(f"已催 {urged} 次")
    return [
        str(number),
        path[-1],
        code,
        " / ".join(path[:-1]),
        "未报" if answer is None else "已报",
        "" if answer is None else SITUATIONS[answer["situation"]],
        "，".join(notes),
        "" if answer is None else from_wire(answer["at"]).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        "" if answer is None else answer["by"],
    ]


def routes() -> list[web.RouteDef]:
    path = "/api/v1/tasks"
    return [
        web.get(path, tasks),
        web.get(f"{path}/{{task}}/rounds", rounds),
        web.get(f"{path}/{{task}}/rounds/{{round}}", board),
        web.get(f"{path}/{{task}}/rounds/{{round}}/file", board_file),
    ]
