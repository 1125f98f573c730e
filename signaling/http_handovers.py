"""``/api/v1/handovers``: the meetings of some days and a center, what handing each over takes, and the list of contents."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.space import free_near
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.jobs_told import with_progress
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer

KIND: Final = "handover"
#: Meetings that are listed at a time: the newest; a shorter span shows others.
MOST: Final = 100
_HEADER: Final = (
    *("会议", "召开时间", "召集中心", "状态", "移交包", "大小（字节）", "SHA-256", "文件数", "制作时间"),
)


async def handovers(request: web.Request) -> web.Response:
    """``GET``: ended meetings that one may hand over, newest first, with the newest hand-over of each."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"from", "to", "center"})
    rows, more = await _meetings(services, account, params)
    free = await asyncio.to_thread(free_near, services.config.made_dir)
    return json_response(
        {
            "meetings": rows,
            "more": more,
            "free_bytes": free,
            "reserve_bytes": services.config.disk_reserve_mb << 20,
            "as_of": to_wire(services.clock()),
        }
    )


async def contents(request: web.Request) -> web.StreamResponse:
    """``GET …/contents``: the same as a list for the archive office, with digests, as `format` csv or xlsx."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"from", "to", "center", "format"})
    found, _ = await _meetings(services, account, params)
    zone = ZoneInfo(services.config.time_zone)

    def local(at: str) -> str:
        return from_wire(at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    rows = []
    for meeting in found:
        job = meeting["job"]
        facts = [meeting["title"], local(meeting["opened_at"]), meeting["center_name"]]
        if job is None or job["state"] != "done":
            rows.append([*facts, "未制作", "", "", "", "", ""])
            continue
        for file in job["files"]:
            told = str(job["told"].get("files", ""))
            made = ("已制作", file["name"], str(file["bytes"]), file["sha256"], told, local(job["ended_at"]))
            rows.append([*facts, *made])
    return await sheet_answer(params, f"handover-{services.clock():%Y%m%d}", _HEADER, rows)


async def _meetings(services: Services, account: Account, params: Params) -> tuple[list[Json], bool]:
    """Those that one may hand over, and whether there are more. Raises Refusal `forbidden` for who may hand over nothing."""
    tree = services.tree
    if not may(account, "evidence.take", tree, account.center):
        raise Refusal("forbidden", "meetings are handed over by those who may take evidence of them")
    center = params.center("center")
    if center is not None and (center not in tree or not may(account, "evidence.take", tree, center)):
        raise Refusal("not_found", "there is no such center", "center")
    zone = ZoneInfo(services.config.time_zone)
    since, until = _day(params, "from", zone), _day(params, "to", zone)
    found = await services.queries.meetings(
        account,
        tree,
        state="ended",
        since=to_wire(since) if since is not None else None,
        until=to_wire(until + timedelta(days=1)) if until is not None else None,
        limit=MOST,
    )
    rows = []
    for each in found["meetings"]:
        code = each["convener"]["center"]
        within = center is None or (code in tree and tree.contains(center, code))
        if within and may(account, "evidence.take", tree, code):
            rows.append(await _row(services, each))
    return rows, found["next"] is not None


async def _row(services: Services, meeting: Json) -> Json:
    recordings = await services.queries.recordings(meeting["id"])
    parts = [part for each in recordings for part in each["parts"] if part["state"] == "closed"]
    jobs = await services.queries.jobs(meeting["id"])
    film = next((job for job in jobs if job["kind"] == "film" and job["state"] == "done"), None)
    made = next((job for job in jobs if job["kind"] == KIND and job["state"] != "cancelled"), None)
    return {
        "id": meeting["id"],
        "title": meeting["title"],
        "opened_at": meeting["opened_at"],
        "ended_at": meeting["ended_at"],
        "center": meeting["convener"]["center"],
        "center_name": meeting["convener"]["center_name"],
        "drill": meeting["drill"],
        "level": meeting["level"],
        "parts": len(parts),
        "recorded_bytes": sum(part["bytes"] or 0 for part in parts),
        "film_bytes": sum(each["bytes"] for each in film["files"]) if film is not None else 0,
        "job": with_progress(services, made) if made is not None else None,
    }


def _day(params: Params, name: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day of the hub's zone."""
    found = params.text(name)
    if found is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(found), time.min, zone)
    except ValueError:
        raise Refusal("invalid", "write a day as 2026-11-29", name) from None


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/handovers", handovers),
        web.get("/api/v1/handovers/contents", contents),
    ]
