"""Uploads that can be gone on with: tus 1.0.0 (https://tus.io/protocols/resumable-upload), core, creation and termination."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import web

from hub.errors import Refusal
from hub.objects.values import Upload
from signaling.auth import require_access, require_account
from signaling.errors import HeaderedRefusal, json_response
from signaling.keys import PACES, SERVICES
from signaling.params import path_id

TUS: Final = "1.0.0"
PATCH_TYPE: Final = "application/offset+octet-stream"
UPLOADS: Final = "/api/v1/objects/uploads"
#: A body of which nothing comes for so long is given up; what came of it stays.
STALL_S: Final = 30.0
_MAX_METADATA: Final = 2048


async def options(request: web.Request) -> web.Response:
    """``OPTIONS``: what is spoken here."""
    most = request.app[SERVICES].objects.limits.object_bytes
    headers = {"Tus-Version": TUS, "Tus-Extension": "creation,termination", "Tus-Max-Size": str(most)}
    return web.Response(status=204, headers={"Tus-Resumable": TUS, **headers})


async def create(request: web.Request) -> web.Response:
    """``POST``: begin an upload; 201 with its Location."""
    access = await require_access(request, request.app[PACES].commands)
    _require_tus(request)
    length = whole_number(request.headers.get("Upload-Length"), "Upload-Length")
    upload = await request.app[SERVICES].objects.begin(access.require(), _type_of(request), length)
    headers = {"Location": f"{UPLOADS}/{upload.id}", "Tus-Resumable": TUS, "Cache-Control": "no-store"}
    return web.Response(status=201, headers=headers)


async def head(request: web.Request) -> web.Response:
    """``HEAD``: how far it has come; Content-Location names the object once it is one."""
    account = await require_account(request)
    _require_tus(request)
    upload, at = await request.app[SERVICES].objects.status(account, path_id(request, "upload", "u"))
    return web.Response(status=200, headers=_progress(upload, at))


async def read(request: web.Request) -> web.Response:
    """``GET``: the same in JSON."""
    account = await require_account(request)
    upload, at = await request.app[SERVICES].objects.status(account, path_id(request, "upload", "u"))
    return json_response(
        {
            "upload": upload.id,
            "offset": at,
            "bytes": upload.bytes,
            "type": upload.type,
            "object": upload.object,
        }
    )


async def patch(request: web.Request) -> web.Response:
    """``PATCH``: go on from Upload-Offset; 204 with how far it is now."""
    access = await require_access(request, request.app[PACES].commands, ends=True)
    _require_tus(request)
    upload_id = path_id(request, "upload", "u")
    if request.content_type != PATCH_TYPE:
        raise Refusal("unsupported_media", f"the body must be {PATCH_TYPE}")
    offset = whole_number(request.headers.get("Upload-Offset"), "Upload-Offset")
    objects = request.app[SERVICES].objects
    try:
        upload, at = await objects.append(access.require(), upload_id, offset, pieces(request))
    except Refusal as refusal:
        if refusal.code == "conflict":
            raise HeaderedRefusal(
                "conflict", refusal.message, {"Tus-Resumable": TUS}, refusal.field
            ) from None
        raise
    return web.Response(status=204, headers=_progress(upload, at))


async def delete(request: web.Request) -> web.Response:
    """``DELETE``: give it up."""
    access = await require_access(request, request.app[PACES].commands)
    _require_tus(request)
    await request.app[SERVICES].objects.cancel(access.require(), path_id(request, "upload", "u"))
    return web.Response(status=204, headers={"Tus-Resumable": TUS})


async def pieces(request: web.Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises Refusal when it is compressed, stands still or breaks off."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal("unsupported_media", "bodies are taken uncompressed only")
    while True:
        try:
            async with asyncio.timeout(STALL_S):
                piece = await request.content.readany()
        except TimeoutError:
            raise Refusal("malformed", f"nothing came for {STALL_S:g} s") from None
        except (web.RequestPayloadError, ConnectionError):
            raise Refusal("malformed", "the body broke off") from None
        if not piece:
            return
        yield piece


def whole_number(text: str | None, name: str) -> int:
    """A number in a header. Raises Refusal("invalid")."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Refusal("invalid", "this header must hold a number of bytes", name)
    return int(text)


def _progress(upload: Upload, at: int) -> dict[str, str]:
    headers = {
        "Tus-Resumable": TUS,
        "Upload-Offset": str(at),
        "Upload-Length": str(upload.bytes),
        "Cache-Control": "no-store",
    }
    if upload.object is not None:
        headers["Content-Location"] = f"/api/v1/objects/{upload.object}"
    return headers


def _require_tus(request: web.Request) -> None:
    if request.headers.get("Tus-Resumable") != TUS:
        text = f"say Tus-Resumable: {TUS}"
        raise HeaderedRefusal("precondition_failed", text, {"Tus-Version": TUS}, "Tus-Resumable")


def _type_of(request: web.Request) -> str:
    """The content type in Upload-Metadata: pairs of a name and a value in base64; `filetype` is what tus clients call it."""
    metadata = request.headers.get("Upload-Metadata", "")
    for pair in metadata[:_MAX_METADATA].split(","):
        name, _, value = pair.strip().partition(" ")
        if name in {"filetype", "type"}:
            try:
                return (
                    base64.b64decode(value, validate=True).decode("ascii").partition(";")[0].strip().lower()
                )
            except (binascii.Error, UnicodeDecodeError):
                break
    raise Refusal("invalid", "Upload-Metadata must hold a filetype", "Upload-Metadata")


def routes() -> list[web.RouteDef]:
    one = f"{UPLOADS}/{{upload}}"
    return [
        web.options(UPLOADS, options),
        web.post(UPLOADS, create),
        web.head(one, head),
        web.get(one, read, allow_head=False),
        web.patch(one, patch),
        web.delete(one, delete),
    ]
