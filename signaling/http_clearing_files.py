"""``/api/v1/clearings/drafts``: a file with a list of people is brought, looked at, matched to centers and loaded."""

from __future__ import annotations

from typing import Final, TypeVar

from aiohttp import web
from pydantic import ValidationError

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.ruling import CommandData
from hub.sheets.limits import MAX_HIT_FILE
from signaling.access import Access
from signaling.auth import require_access, require_account
from signaling.clearing_drafts import Drafts
from signaling.errors import json_response
from signaling.file_drafts import Draft
from signaling.http_uploads import pieces
from signaling.keys import PACES, SERVICES
from signaling.limits import read_json_object
from signaling.params import Params, path_id
from signaling.schemas.clearing_asked import LoadAsked, MatchAsked
from signaling.services import Json

DRAFTS: Final = web.AppKey("clearing_drafts", Drafts)
T = TypeVar("T", bound=CommandData)


async def asked_of(request: web.Request, schema: type[T]) -> T:
    """The body as this. Raises Refusal `invalid` with the field that is wrong."""
    body = await read_json_object(request)
    try:
        return schema.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "data"
        raise Refusal("invalid", first["msg"], field) from None


def place_of(tree: CenterTree, code: str) -> Json:
    """A center with the way to it."""
    return {"center": code, "name": tree[code].name, "path": [step.name for step in tree.path(code)]}


async def bring(request: web.Request) -> web.Response:
    """``POST``, the file as the body: 201 with what its columns may be."""
    access = await _may_bring(request)
    Params(request, ())
    if (request.content_length or 0) > MAX_HIT_FILE:
        raise Refusal("too_large", f"a list has at most {MAX_HIT_FILE >> 20} MiB")
    content = bytearray()
    async for piece in pieces(request):
        content += piece
        if len(content) > MAX_HIT_FILE:
            raise Refusal("too_large", f"a list has at most {MAX_HIT_FILE >> 20} MiB")
    draft = await request.app[DRAFTS].bring(access.require(), bytes(content))
    return json_response(draft.to_wire("clearing"), 201)


async def draft(request: web.Request) -> web.Response:
    """``GET …/{draft}``: how far it has come."""
    account = await require_account(request)
    return json_response(_own(request, account).to_wire("clearing"))


async def forget(request: web.Request) -> web.Response:
    """``DELETE …/{draft}``: the file is forgotten."""
    access = await _may_bring(request)
    request.app[DRAFTS].drop(_own(request, access.require()))
    return web.Response(status=204)


async def match(request: web.Request) -> web.Response:
    """``POST …/{draft}/match``: whose its rows are; nothing is written."""
    access = await _may_bring(request)
    account, tree = access.require(), request.app[SERVICES].tree
    asked = await asked_of(request, MatchAsked)
    found = await request.app[DRAFTS].match(account, _own(request, account), asked)
    unsure = [
        {**each, "centers": [place_of(tree, code) for code in each["centers"] if code in tree]}
        for each in found["unsure"]
    ]
    kept = ("rows", "left_out", "repeated", "unsure_texts", "unsure_rows", "wrong_rows")
    counts = found["counts"]
    told = {**{name: found[name] for name in kept}, "matched": sum(counts.values()), "centers": len(counts)}
    return json_response({**told, "unsure": unsure})


async def load(request: web.Request) -> web.Response:
    """``POST …/{draft}/load``: 202; its draft says how far it has come."""
    access = await _may_bring(request)
    account = access.require()
    asked = await asked_of(request, LoadAsked)
    found = _own(request, account)
    request.app[DRAFTS].load(account, found, asked)
    return json_response({"draft": found.id}, 202)


def _own(request: web.Request, account: Account) -> Draft:
    return request.app[DRAFTS].of(account, path_id(request, "draft", "u"))


async def _may_bring(request: web.Request) -> Access:
    """Who brings a list. Raises Refusal("forbidden") before any of it is read."""
    access = await require_access(request, request.app[PACES].commands, ends=True)
    account = access.account
    if not may(account, "clearing.issue", request.app[SERVICES].tree, account.center):
        raise Refusal("forbidden", "this role brings no lists")
    return access


def routes() -> list[web.RouteDef]:
    one = "/api/v1/clearings/drafts/{draft}"
    return [
        web.post("/api/v1/clearings/drafts", bring),
        web.get(one, draft),
        web.delete(one, forget),
        web.post(f"{one}/match", match),
        web.post(f"{one}/load", load),
    ]
