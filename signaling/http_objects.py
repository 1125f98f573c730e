"""``/api/v1/objects``: a file in one go, and the reading of objects by whoever may read what names them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from aiohttp import web

from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.objects.kinds import saved_as, shown_inline
from hub.objects.reference import is_digest
from hub.objects.values import Stored
from signaling.auth import end_read, require_access, require_account
from signaling.encodings import has_already
from signaling.errors import json_response
from signaling.http_uploads import pieces, whole_number
from signaling.keys import PACES, SERVICES
from signaling.params import Params
from signaling.ranges import ByteRange, parse_range

#: An object is no page: whatever it holds, nothing in it runs, is loaded or is framed.
_SANDBOX: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
#: Browsers show no PDF in a sandbox; their viewers keep its scripts to themselves.
_PDF: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


async def put(request: web.Request) -> web.Response:
    """``PUT``: a file in one go; 201 with what it is called from now on."""
    access = await require_access(request, request.app[PACES].commands, ends=True)
    objects = request.app[SERVICES].objects
    length = whole_number(request.headers.get("Content-Length"), "Content-Length")
    account = access.require()
    upload = await objects.begin(account, request.content_type, length)
    try:
        done, at = await objects.append(account, upload.id, 0, pieces(request))
        if done.object is None:
            raise Refusal("malformed", f"the body broke off after {at} bytes")
    except BaseException:
        await asyncio.shield(_forget(request, account, upload.id))
        raise
    made = {"object": done.object, "bytes": done.bytes, "type": done.type}
    return json_response(made, 201, {"Location": f"/api/v1/objects/{done.object}"})


async def _forget(request: web.Request, account: Account, upload: str) -> None:
    """Nobody goes on with what was sent in one go."""
    try:
        await request.app[SERVICES].objects.cancel(account, upload)
    except Refusal:
        pass  # gone already; else the sweep takes it


async def get(request: web.Request) -> web.StreamResponse:
    """``GET``: the object, whole or one range of it; ``?name=`` is what a browser saves it as."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"name"})
    digest = request.match_info["object"]
    if not is_digest(digest):
        raise Refusal("not_found", "there is no such object")
    stored = await services.objects.stored(account, services.tree, digest)
    headers = _headers(stored, params.text("name") or digest[:12])
    if has_already(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    checks: set[asyncio.Task[None]] = set()

    def heard(entries: Sequence[Entry]) -> None:
        for entry in entries:
            removed = entry.kind == "participant.removed" and entry.data["participant"] == account.id
            if removed or (entry.kind == "secrecy.raised" and not account.cleared):
                check = asyncio.create_task(_check_right(request, account, digest))
                checks.add(check)
                check.add_done_callback(checks.discard)

    forget = services.writer.subscribe(heard)
    try:
        return await _send(request, stored, headers)
    finally:
        forget()
        for check in checks:
            check.cancel()


async def _check_right(request: web.Request, account: Account, digest: str) -> None:
    """Who was removed from a meeting, or may not know of it any more, reads no further what only that meeting let him read."""
    services = request.app[SERVICES]
    try:
        await services.objects.stored(account, services.tree, digest)
    except Refusal as refusal:
        end_read(request, refusal)


def _headers(stored: Stored, name: str) -> dict[str, str]:
    way = "inline" if shown_inline(stored.type) else "attachment"
    saved = saved_as(name, stored.type)
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(saved, safe='')}",
        "Content-Security-Policy": _PDF if stored.type == "application/pdf" else _SANDBOX,
        "Content-Type": stored.type,
        "ETag": f'"{stored.object}"',
        "X-Content-Type-Options": "nosniff",
    }


async def _send(request: web.Request, stored: Stored, headers: dict[str, str]) -> web.StreamResponse:
    wanted: ByteRange | None = None
    asked, condition = request.headers.get("Range"), request.headers.get("If-Range")
    if asked is not None and condition in {None, headers["ETag"]}:
        wanted = parse_range(asked, stored.bytes)
    if wanted is not None:
        headers["Content-Range"] = wanted.content_range(stored.bytes)
    part = wanted or ByteRange(0, stored.bytes - 1)
    response = web.StreamResponse(status=200 if wanted is None else 206, headers=headers)
    response.content_length = part.length
    if request.method == "HEAD":
        await response.prepare(request)
        return response
    try:
        async for piece in request.app[SERVICES].objects.read(stored.object, part.first, part.length):
            if not response.prepared:  # not before there is something: a file that is away is a refusal
                await response.prepare(request)
            await response.write(piece)
    except Refusal:
        if not response.prepared:
            raise
        # The connection is broken off, so that nobody takes it for whole.
        raise ConnectionResetError("the object could not be read to its end") from None
    await response.write_eof()
    return response


def routes() -> list[web.RouteDef]:
    return [
        web.put("/api/v1/objects", put),
        web.get("/api/v1/objects/{object}", get),
    ]
