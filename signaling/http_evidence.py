"""``/api/v1/evidence``: bundles of sessions, sessions checked, and the verifier that strangers use."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from hub.errors import Refusal
from hub.evidence.bundle import verifier
from signaling.auth import require_access, require_account
from signaling.bodies import read_body
from signaling.errors import json_response
from signaling.evidence_desk import EvidenceDesk
from signaling.keys import PACES
from signaling.params import path_id
from signaling.schemas.evidence_values import EvidenceAsked

DESK: Final = web.AppKey("evidence desk", EvidenceDesk)
_BLOCK: Final = 256 * 1024


async def offer(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{meeting}/evidence``: what a bundle would be, before it is made."""
    account = await require_account(request)
    return json_response(await request.app[DESK].offer(account, path_id(request, "meeting", "m")))


async def ask(request: web.Request) -> web.Response:
    """``POST`` there: have one made, or the session checked; 202 with how it stands."""
    account = (await require_access(request, request.app[PACES].commands)).account
    asked = await read_body(request, EvidenceAsked)
    meeting = path_id(request, "meeting", "m")
    work = await request.app[DESK].ask(account, meeting, asked.what)
    return json_response(work.to_wire(), 202, {"Location": f"/api/v1/evidence/{work.id}"})


async def standing(request: web.Request) -> web.Response:
    """``GET /api/v1/evidence/{work}``: how it stands; its own person's alone."""
    account = await require_account(request)
    return json_response(request.app[DESK].own(account, path_id(request, "work", "ev")).to_wire())


async def cancel(request: web.Request) -> web.Response:
    """``DELETE`` there: end it, or throw away what was made."""
    account = (await require_access(request, request.app[PACES].commands)).account
    request.app[DESK].cancel(account, path_id(request, "work", "ev"))
    return web.Response(status=204)


async def fetch(request: web.Request) -> web.StreamResponse:
    """``GET …/file``: the bundle."""
    account = await require_account(request)
    desk = request.app[DESK]
    work = desk.own(account, path_id(request, "work", "ev"))
    if work.made is None:
        raise Refusal("not_found", "there is no such bundle")
    try:
        file = await asyncio.to_thread(desk.path_of(work).open, "rb")
    except OSError:
        raise Refusal("not_found", "the bundle is gone; it can be made again") from None
    try:
        response = web.StreamResponse(
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": f'attachment; filename="{work.name}"',
                "Cache-Control": "no-store",
            }
        )
        response.content_length = work.made["bytes"]
        await response.prepare(request)
        if request.method != "HEAD":
            while block := await asyncio.to_thread(file.read, _BLOCK):
                await response.write(block)
        await response.write_eof()
        return response
    finally:
        file.close()


async def program(request: web.Request) -> web.Response:
    """``GET /api/v1/verifier``: the stand-alone program that verifies bundles."""
    await require_account(request)
    return web.Response(
        body=verifier(),
        content_type="text/x-python",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="verify_bundle.py"'},
    )


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings/{meeting}/evidence", offer),
        web.post("/api/v1/meetings/{meeting}/evidence", ask),
        web.get("/api/v1/evidence/{work}", standing),
        web.delete("/api/v1/evidence/{work}", cancel),
        web.get("/api/v1/evidence/{work}/file", fetch),
        web.get("/api/v1/verifier", program),
    ]
