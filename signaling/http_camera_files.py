"""``/api/v1/cameras/drafts``, ``/imports``, ``/export``: lists of cameras come in, are taken back, go out without secrets."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final, cast

from aiohttp import web

from hub.cameras.batches import Batch
from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.sheets.limits import MAX_CAMERA_FILE
from hub.sheets.writing import TYPES, Kind, sheet_bytes
from signaling.access import Access
from signaling.auth import require_access, require_account
from signaling.camera_drafts import UNDO, CameraDrafts
from signaling.errors import json_response
from signaling.file_drafts import Draft
from signaling.http_cameras import FILTER, wanted_of
from signaling.http_clearing_files import asked_of, place_of
from signaling.http_uploads import pieces
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.schemas.camera_asked import CameraListAsked, CameraLoadAsked
from signaling.services import Json

DRAFTS: Final = web.AppKey("camera_drafts", CameraDrafts)
#: Rows of an export that are read at a time, and of a file for spreadsheets at most.
_PIECE: Final = 2_000
_MOST_ROWS: Final = 300_000
_HEADER: Final = (
    "区划编码",
    "所属中心",
    "上级",
    "摄像头名称",
    "国标编码",
    "类型",
    "标签",
    "安装位置",
    "纬度",
    "经度",
    "子码流",
    "云台",
    "重点",
    "在用",
    "状态",
)
_KIND: Final = {
    "fixed": "枪机",
    "ptz": "球机",
    "dome": "半球",
    "panorama": "全景",
    "mobile": "布控球",
    "other": "其他",
}
_STATE: Final = {
    "unknown": "未检测",
    "ok": "在线",
    "away": "离线",
    "refused": "账号不对",
    "silent": "无画面",
    "unplayable": "无法播放",
}


async def bring(request: web.Request) -> web.Response:
    """``POST``, the file as the body: 201 with what its columns may be."""
    access = await _may_bring(request)
    Params(request, ())
    too_large = Refusal("too_large", f"a list of cameras has at most {MAX_CAMERA_FILE >> 20} MiB")
    if (request.content_length or 0) > MAX_CAMERA_FILE:
        raise too_large
    content = bytearray()
    async for piece in pieces(request):
        content += piece
        if len(content) > MAX_CAMERA_FILE:
            raise too_large
    draft = await request.app[DRAFTS].bring(access.require(), bytes(content))
    return json_response(draft.to_wire("batch"), 201)


async def draft(request: web.Request) -> web.Response:
    """``GET …/{draft}``: how far it has come."""
    account = await require_account(request)
    return json_response(_own(request, account).to_wire("batch"))


async def forget(request: web.Request) -> web.Response:
    """``DELETE …/{draft}``: the file is forgotten."""
    access = await _may_bring(request)
    request.app[DRAFTS].drop(_own(request, access.require()))
    return web.Response(status=204)


async def match(request: web.Request) -> web.Response:
    """``POST …/{draft}/match``: what would come of it; nothing is written."""
    access = await _may_bring(request)
    account, tree = access.require(), request.app[SERVICES].tree
    asked = await asked_of(request, CameraListAsked)
    found = await request.app[DRAFTS].match(account, _own(request, account), asked)
    unsure = [
        {**each, "centers": [place_of(tree, code) for code in each["centers"] if code in tree]}
        for each in found["unsure"]
    ]
    names = ("row", "column", "why", "value")
    wrong = [dict(zip(names, each, strict=True)) for each in found["wrong"]]
    first = [{**each, "path": [step.name for step in tree.path(each["center"])]} for each in found["first"]]
    told = {name: value for name, value in found.items() if name != "counts"}
    centers = len(found["counts"])
    return json_response({**told, "centers": centers, "unsure": unsure, "wrong": wrong, "first": first})


async def load(request: web.Request) -> web.Response:
    """``POST …/{draft}/load``: 202; its draft says how far it has come."""
    access = await _may_bring(request)
    account = access.require()
    asked = await asked_of(request, CameraLoadAsked)
    found = _own(request, account)
    request.app[DRAFTS].load(account, found, asked)
    return json_response({"draft": found.id}, 202)


async def imports(request: web.Request) -> web.Response:
    """``GET …/imports``: those that can be taken back."""
    account = await require_account(request)
    Params(request, ())
    _require_manager(request, account)
    found = await request.app[DRAFTS].recent(account)
    return json_response({"imports": [_told(each) for each in found]})


async def undo(request: web.Request) -> web.Response:
    """``DELETE …/imports/{batch}``: all cameras that it brought are gone."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    account = access.require()
    _require_manager(request, account)
    count = await request.app[DRAFTS].undo(account, path_id(request, "batch", "cb"))
    return json_response({"cameras": count})


async def export(request: web.Request) -> web.Response:
    """``GET …/export``: what a list would show, whole, as a file; no address and no password is in it."""
    account = await require_account(request)
    _require_manager(request, account)
    params = Params(request, {*FILTER, "format"})
    kind = cast("Kind", params.one_of("format", tuple(TYPES)) or "csv")
    wanted = wanted_of(params)
    rows: list[tuple[str, ...]] = []
    services = request.app[SERVICES]
    while True:
        found, cursor = await services.cameras.page(account, wanted, _PIECE)
        for each in found:
            path = [step.name for step in services.tree.path(each.center)]
            point = each.point
            rows.append(
                (
                    each.center,
                    path[-1] if path else "",
                    " / ".join(path[:-1]),
                    each.name,
                    each.code,
                    _KIND[each.kind],
                    "、".join(each.tags),
                    each.place,
                    "" if point is None else f"{point.lat:.6f}",
                    "" if point is None else f"{point.lon:.6f}",
                    _yes(len(each.layers) > 1),
                    _yes(each.facts.ptz or each.kind == "ptz"),
                    _yes(each.important),
                    _yes(each.shown),
                    _STATE[each.facts.state],
                )
            )
        if cursor is None or len(rows) >= _MOST_ROWS:
            break
        wanted = replace(wanted, cursor=cursor)
    content = await asyncio.to_thread(sheet_bytes, kind, _HEADER, rows)
    headers = {
        "Content-Type": TYPES[kind],
        "Content-Disposition": f'attachment; filename="cameras.{kind}"',
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, headers=headers)


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _told(batch: Batch) -> Json:
    names = ("batch", "center", "account", "name", "at", "cameras", "centers", "left_out", "digest")
    return {
        **{name: getattr(batch, name) for name in names},
        "until": to_wire(from_wire(batch.at) + UNDO),
    }


def _own(request: web.Request, account: Account) -> Draft:
    return request.app[DRAFTS].of(account, path_id(request, "draft", "u"))


def _require_manager(request: web.Request, account: Account) -> None:
    if not may(account, "camera.manage", request.app[SERVICES].tree, account.center):
        raise Refusal("forbidden", "lists of cameras are the system administrator's")


async def _may_bring(request: web.Request) -> Access:
    """Who brings a list. Raises Refusal("forbidden") before any of it is read."""
    access = await require_access(request, request.app[PACES].commands, ends=True)
    _require_manager(request, access.account)
    return access


def routes() -> list[web.RouteDef]:
    one = "/api/v1/cameras/drafts/{draft}"
    return [
        web.post("/api/v1/cameras/drafts", bring),
        web.get(one, draft),
        web.delete(one, forget),
        web.post(f"{one}/match", match),
        web.post(f"{one}/load", load),
        web.get("/api/v1/cameras/imports", imports),
        web.delete("/api/v1/cameras/imports/{batch}", undo),
        web.get("/api/v1/cameras/export", export),
    ]
