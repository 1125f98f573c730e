"""``/api/v1/registry/drafts``, ``/imports``, ``/export``: lists come in, are taken back; the registry goes out as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.grids.batches import Batch
from hub.grids.catalog import grids_in
from hub.grids.registry_notes import MAX_GRIDS
from hub.sheets.limits import MAX_REGISTRY_FILE
from hub.sheets.writing import TYPES, sheet_bytes
from signaling.access import Access
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.file_drafts import Draft
from signaling.http_clearing_files import asked_of
from signaling.http_registry import DESK, require_some
from signaling.http_uploads import pieces
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.registry_drafts import UNDO, RegistryDrafts
from signaling.schemas.registry_asked import RegistryExport, RegistryListAsked, RegistryLoadAsked
from signaling.services import Json

DRAFTS: Final = web.AppKey("registry_drafts", RegistryDrafts)
#: Households of a file at most.
MOST_HOUSEHOLDS: Final = 30_000
_HEADER: Final = (
    "网格编码",
    "村社区",
    "网格",
    "楼栋",
    "房号",
    "户编号",
    "与户主关系",
    "姓名",
    "证件号码",
    "联系电话",
    "出生日期",
    "性别",
    "人口类型",
    "备注",
)
_RELATION: Final = {
    "head": "户主",
    "spouse": "配偶",
    "child": "子女",
    "parent": "父母",
    "grandchild": "孙子女",
    "grandparent": "祖父母",
    "sibling": "兄弟姐妹",
    "lodger": "租客",
    "other": "其他",
}
_RESIDENCE: Final = {"registered": "户籍", "floating": "流动", "abroad": "境外"}
_SEX: Final = {"m": "男", "f": "女", "": ""}


async def bring(request: web.Request) -> web.Response:
    """``POST``, the file as the body: 201 with what its columns may be."""
    access = await _may_bring(request)
    Params(request, ())
    too_large = Refusal("too_large", f"a list for the registry has at most {MAX_REGISTRY_FILE >> 20} MiB")
    if (request.content_length or 0) > MAX_REGISTRY_FILE:
        raise too_large
    content = bytearray()
    async for piece in pieces(request):
        content += piece
        if len(content) > MAX_REGISTRY_FILE:
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
    account = access.require()
    asked = await asked_of(request, RegistryListAsked)
    found = await request.app[DRAFTS].match(account, _own(request, account), asked)
    names = ("row", "column", "why", "value")
    told = {name: value for name, value in found.items() if name != "counts"}
    return json_response(
        {
            **told,
            "grids": [{**_place(request, code), "rows": rows} for code, rows in found["counts"].items()],
            "unsure": [
                {**each, "grids": [_place(request, code) for code in each["grids"]]}
                for each in found["unsure"]
            ],
            "wrong": [dict(zip(names, each, strict=True)) for each in found["wrong"]],
            "first": [{**each, "path": _place(request, each["grid"])["path"]} for each in found["first"]],
        }
    )


async def load(request: web.Request) -> web.Response:
    """``POST …/{draft}/load``: 202; its draft says how far it has come."""
    access = await _may_bring(request)
    account = access.require()
    asked = await asked_of(request, RegistryLoadAsked)
    found = _own(request, account)
    request.app[DRAFTS].load(account, found, asked)
    return json_response({"draft": found.id}, 202)


async def imports(request: web.Request) -> web.Response:
    """``GET …/imports``: those that can be taken back."""
    account = await require_account(request)
    Params(request, ())
    _require_bringer(request, account)
    found = await request.app[DRAFTS].recent(account)
    return json_response({"imports": [_told(each) for each in found]})


async def undo(request: web.Request) -> web.Response:
    """``DELETE …/imports/{batch}``: all that it brought is gone."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    account = access.require()
    _require_bringer(request, account)
    count = await request.app[DRAFTS].undo(account, path_id(request, "batch", "rb"))
    return json_response({"households": count})


async def export(request: web.Request) -> web.Response:
    """``POST …/export``: households of grids as a file, which the journal tells; masked, unless `full` and allowed."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, RegistryExport)
    account = access.require()
    require_some(account, request)
    services, desk = request.app[SERVICES], request.app[DESK]
    grids = grids_in(services.writer.state)
    center = asked.center or account.center
    codes = asked.grids or [
        code
        for each in (services.tree.subtree(center) if center in services.tree else ())
        for code in grids.of_village.get(each.code, ())
        if desk.sight.may(account, "read", code)
    ]
    for code in codes:
        desk.sight.require(account, "read", code, "grids")
        if asked.full and not (
            desk.sight.may(account, "see", code) or desk.sight.may(account, "unmask", code)
        ):
            raise Refusal("forbidden", "what is personal is not yours to take", "full")
    sums = await services.registry.sums(codes)
    if sum(each.households for each in sums.values()) > MOST_HOUSEHOLDS:
        raise Refusal("unprocessable", f"a file has at most {MOST_HOUSEHOLDS} households", "grids")
    rows: list[Sequence[str]] = []
    households = persons = 0
    for code in codes:
        there = await services.registry.in_grids([code])
        seen = await desk.sight.seen(account, there, full=asked.full)
        households += len(seen)
        for each in seen:
            shown = [_row(each, person) for person in each["persons"] if not person["left_at"]]
            persons += len(shown)
            rows += shown
    listed = codes if len(codes) <= MAX_GRIDS else []
    told = {"center": center, "grids": listed, "households": households, "persons": persons}
    await desk.exported(account, {**told, "masked": not asked.full})
    content = await asyncio.to_thread(sheet_bytes, asked.format, _HEADER, rows)
    headers = {
        "Content-Type": TYPES[asked.format],
        "Content-Disposition": f'attachment; filename="registry.{asked.format}"',
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, headers=headers)


def _row(household: Json, person: Json) -> Sequence[str]:
    building, *label = household["place"] or [""]
    return (
        household["grid"],
        household["center_name"],
        household["grid_name"],
        building,
        "".join(label),
        household["household"],
        _RELATION[person["relation"]],
        person["name"],
        person["number"],
        person["phone"],
        person["birth"],
        _SEX[person["sex"]],
        _RESIDENCE[person["residence"]],
        person["note"],
    )


def _place(request: web.Request, code: str) -> Json:
    """A grid with the way to it."""
    services = request.app[SERVICES]
    grid = grids_in(services.writer.state).by_code.get(code)
    return {
        "grid": code,
        "name": code[-3:] if grid is None else grid.name,
        "path": [step.name for step in services.tree.path(code[:12])],
    }


def _told(batch: Batch) -> Json:
    names = ("batch", "center", "account", "name", "at")
    counts = {name: batch.counts.get(name, 0) for name in ("households", "persons", "buildings", "left_out")}
    until = to_wire(from_wire(batch.at) + UNDO)
    return {**{name: getattr(batch, name) for name in names}, **counts, "until": until}


def _own(request: web.Request, account: Account) -> Draft:
    return request.app[DRAFTS].of(account, path_id(request, "draft", "u"))


def _require_bringer(request: web.Request, account: Account) -> None:
    if not may(account, "registry.bring", request.app[SERVICES].tree, account.center):
        raise Refusal("forbidden", "lists for the registry are the dispatcher's")


async def _may_bring(request: web.Request) -> Access:
    """Who brings a list. Raises Refusal("forbidden") before any of it is read."""
    access = await require_access(request, request.app[PACES].commands, ends=True)
    _require_bringer(request, access.account)
    return access


def routes() -> list[web.RouteDef]:
    top = "/api/v1/registry"
    one = f"{top}/drafts/{{draft}}"
    return [
        web.post(f"{top}/drafts", bring),
        web.get(one, draft),
        web.delete(one, forget),
        web.post(f"{one}/match", match),
        web.post(f"{one}/load", load),
        web.get(f"{top}/imports", imports),
        web.delete(f"{top}/imports/{{batch}}", undo),
        web.post(f"{top}/export", export),
    ]
