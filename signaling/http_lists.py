"""Lists of centers, accounts and grids come in as files and go out as files; what comes in is looked at before it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from aiohttp import web

from hub.directory.account_list import COLUMNS as ACCOUNT_COLUMNS
from hub.directory.account_list import read_accounts
from hub.directory.accounts import ADMINISTRATORS, GRID_ROLES, Account
from hub.directory.center_list import COLUMNS as CENTER_COLUMNS
from hub.directory.center_list import Difference, Listed, compare, read_centers
from hub.directory.list_rows import QUOTED, Wrong
from hub.directory.permissions import may
from hub.directory.tree import Center
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.catalog import grids_in
from hub.grids.grid_list import Known, ListedGrid, read_grids
from hub.house.parts import Accounts, accounts_at, mark_of
from hub.ids import new_id
from hub.rules import parse_data
from hub.sheets.limits import MAX_FILE
from hub.sheets.reading import Sheet, SheetReader
from signaling.access import Access
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.grid_removed import nobody_lives, standing_at
from signaling.http_accounts import chosen_accounts, require_reader
from signaling.http_uploads import pieces
from signaling.keys import PACES, SERVICES
from signaling.params import Params
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer

READER: Final = web.AppKey("sheet_reader", SheetReader)


async def import_centers(request: web.Request) -> web.Response:
    """``POST``, the file as the body: what it would change; with ``expects`` (the mark of that answer) the change itself.

    It is made by one command, whole or not at all. Wrong rows are left out; while there are any nothing is taken away.
    """
    access = await _may_begin(request, "center.manage")
    services, account = request.app[SERVICES], access.account
    params = Params(request, {"within", "expects", "missing"})
    within = params.center("within") or account.center
    expects, missing = params.text("expects"), params.one_of("missing", ("keep", "remove"))
    if within not in services.tree or not may(account, "center.manage", services.tree, within):
        raise Refusal("not_found", "there is no such center", "within")
    sheet = await _sheet(request)
    listed, wrong = await asyncio.to_thread(read_centers, sheet.rows)
    difference, good = compare(listed, [*wrong, *sheet.wrong], services.tree, within)
    if expects is None:
        standing = await standing_at(services, [each.code for each in difference.missing])
        return json_response(_centers_preview(services, difference, within, standing))
    if missing == "remove" and difference.wrong:
        raise Refusal("unprocessable", "while rows are wrong nothing is taken away", "missing")
    if missing == "remove":
        await nobody_lives(services, [each.code for each in difference.missing])
    kind = "center.import"
    rows = [
        {name: getattr(each, name) for name in ("code", "name", "level", "parent", "functional")}
        for each in good
    ]
    data = {"centers": rows, "within": within, "keep": missing != "remove", "expects": expects}
    command = Command(f"list-{new_id('s', services.clock())}", kind, None, parse_data(kind, data))
    answer = await services.writer.submit(command, access.require())
    told = [entry.data for entry in answer.entries if entry.kind == "center.imported"]
    put, gone = sum(len(each["put"]) for each in told), sum(len(each["gone"]) for each in told)
    return json_response({"put": put, "gone": gone, "seq": answer.seq})


async def import_accounts(request: web.Request) -> web.Response:
    """``POST``, the file as the body: which accounts it would bring. They are made by `account.create`, some at a time."""
    access = await _may_begin(request, "account.manage", "account.guard")
    services, account = request.app[SERVICES], access.account
    Params(request, ())
    sheet = await _sheet(request)
    state, tree = services.writer.state.parts.read(Accounts), services.tree
    known = {name: state.by_id[id] for name, id in state.ids.items()}

    def may_make(role: str, center: str) -> bool:
        return may(account, "account.guard" if role in ADMINISTRATORS else "account.manage", tree, center)

    found = await asyncio.to_thread(read_accounts, sheet.rows, tree, known, may_make)
    new = [{**asdict(each), "path": [step.name for step in tree.path(each.center)]} for each in found.new]
    wrong = sorted([*found.wrong, *sheet.wrong], key=lambda each: each.row)
    return json_response({"new": new, "same": len(found.same), "wrong": [_wrong(each) for each in wrong]})


async def import_grids(request: web.Request) -> web.Response:
    """``POST``, the file as the body: which people and grids it would bring; `account.create` and `grid.make` make them."""
    access = await _may_begin(request, "grid.keep", "grid.manage")
    services, account = request.app[SERVICES], access.account
    Params(request, ())
    sheet = await _sheet(request)
    state, tree = services.writer.state, services.tree
    accounts, there = state.parts.read(Accounts), grids_in(state)
    people: dict[str, list[Account]] = {}
    for each in accounts.by_id.values():
        if each.role in GRID_ROLES:
            people.setdefault(each.center, []).append(each)
    known = Known(
        {village: [there.by_code[code] for code in codes] for village, codes in there.of_village.items()},
        people,
        {id: each.username for id, each in accounts.by_id.items()},
        lambda code: any(may(account, action, tree, code) for action in ("grid.keep", "grid.manage")),
        lambda code: may(account, "account.manage", tree, code),
    )
    found = await asyncio.to_thread(read_grids, sheet.rows, tree, known)
    ids = {name: accounts.ids[name] for name in accounts.ids}

    def told(grid: ListedGrid) -> Json:
        named = [*([grid.leader] if grid.leader else []), *grid.members]
        facts = {**asdict(grid), "members": list(grid.members), "grid": grid.code}
        del facts["code"]
        return {**facts, "accounts": {name: ids[name] for name in named if name in ids}}

    wrong = sorted([*found.wrong, *sheet.wrong], key=lambda each: each.row)
    return json_response(
        {
            "batch": new_id("cb", services.clock()),
            "people": [asdict(each) for each in found.people],
            "new": [told(each) for each in found.new],
            "changed": [told(each) for each in found.changed],
            "same": found.same,
            "villages": {
                code: tree[code].name for code in {each.village for each in found.new + found.changed}
            },
            "wrong": [_wrong(each) for each in wrong],
        }
    )


async def export_centers(request: web.Request) -> web.Response:
    """``GET``: the own subtree, or that of ``within``, as a file that can be brought back."""
    account = await require_account(request)
    require_reader(account)
    params = Params(request, {"format", "within"})
    tree, within = request.app[SERVICES].tree, params.center("within") or account.center
    if within not in tree or not may(account, "account.read", tree, within):
        raise Refusal("not_found", "there is no such center", "within")
    rows = [
        (each.code, each.name, each.level, each.parent or "", "yes" if each.functional else "no")
        for each in tree.subtree(within)
    ]
    return await sheet_answer(params, "centers", [each.name for each in CENTER_COLUMNS], rows)


async def export_accounts(request: web.Request) -> web.Response:
    """``GET``: the accounts that the parameters choose, as in their list; no password is in it."""
    account = await require_account(request)
    require_reader(account)
    params = Params(request, {"format", "q", "role", "center", "disabled"})
    services = request.app[SERVICES]
    chosen = chosen_accounts(services, account, params)
    states = await services.queries.account_states([each.id for each in chosen])
    rows = [
        (
            each.username,
            each.name,
            each.role,
            each.center,
            " / ".join(step.name for step in services.tree.path(each.center)),
            "yes" if each.disabled else "no",
            states[each.id]["signed_in_at"] or "",
        )
        for each in chosen
    ]
    header = [*(each.name for each in ACCOUNT_COLUMNS), "center_path", "disabled", "last_sign_in"]
    return await sheet_answer(params, "accounts", header, rows)


async def _may_begin(request: web.Request, *actions: str) -> Access:
    """Who brings a file and may do one of these. Raises Refusal("forbidden") before any of it is read."""
    access = await require_access(request, request.app[PACES].commands, ends=True)
    account = access.account
    tree = request.app[SERVICES].tree
    if not any(may(account, action, tree, account.center) for action in actions):
        raise Refusal("forbidden", "lists are the administrators' to bring")
    return access


async def _sheet(request: web.Request) -> Sheet:
    """The rows of the file that is the body. Raises Refusal: `too_large`, `unprocessable`."""
    if (request.content_length or 0) > MAX_FILE:
        raise Refusal("too_large", f"a list has at most {MAX_FILE >> 20} MiB")
    content = bytearray()
    async for piece in pieces(request):
        content += piece
        if len(content) > MAX_FILE:
            raise Refusal("too_large", f"a list has at most {MAX_FILE >> 20} MiB")
    return await request.app[READER].read(bytes(content))


def _centers_preview(
    services: Services, found: Difference, within: str, standing: Mapping[str, tuple[int, int]]
) -> Json:
    there = accounts_at(services.writer.state, {each.code for each in found.missing})
    return {
        "mark": mark_of(services.writer.state),
        "within": within,
        "new": [{"row": each.row, "code": each.code, **_facts(each)} for each in found.new],
        "changed": [
            {"row": now.row, "code": now.code, "was": _facts(was), "now": _facts(now)}
            for was, now in found.changed
        ],
        "missing": [
            {
                "code": each.code,
                "name": each.name,
                "level": each.level,
                "accounts": there.get(each.code, 0),
                **dict(zip(("grids", "households"), standing.get(each.code, (0, 0)), strict=True)),
            }
            for each in found.missing
        ],
        "wrong": [_wrong(each) for each in found.wrong],
        "reordered": found.reordered,
        "same": found.same,
    }


def _facts(center: Center | Listed) -> Json:
    return {name: getattr(center, name) for name in ("name", "level", "parent", "functional")}


def _wrong(each: Wrong) -> Json:
    return {**asdict(each), "value": each.value[:QUOTED]}


def routes() -> list[web.RouteDef]:
    return [
        web.post("/api/v1/centers/import", import_centers),
        web.get("/api/v1/centers/export", export_centers),
        web.post("/api/v1/accounts/import", import_accounts),
        web.post("/api/v1/grids/import", import_grids),
        web.get("/api/v1/accounts/export", export_accounts),
    ]
