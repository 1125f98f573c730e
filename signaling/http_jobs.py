"""Jobs of a meeting: what was asked for, how far it is, and the files that came of it."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.conference.job_kinds import ASKED
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import parse_data
from hub.state import Meeting
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.http_recordings import destroyed, end_removed, inside, note_look, send_file
from signaling.jobs_told import with_progress
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.services import Json, Services
from signaling.sight import readable_meeting

#: What files of jobs are, by their ending.
TYPES: Final = {
    ".mp4": "video/mp4",
    ".vtt": "text/vtt",
    ".json": "application/json",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".zip": "application/zip",
}

#: Kind of job -> what is looked at, in the audit.
LOOKED: Final = {"film": "film", "clip": "clip", "picture": "picture"}


async def jobs(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{id}/jobs``: newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    meeting = path_id(request, "meeting", "m")
    await readable_meeting(services, account, meeting)
    kind = Params(request, {"kind"}).one_of("kind", ASKED)
    found = await services.queries.jobs(meeting, kind)
    told = [with_progress(services, job) for job in found]
    return json_response({"jobs": told, "as_of": to_wire(services.clock())})


async def made(request: web.Request) -> web.StreamResponse:
    """``GET /api/v1/jobs/{job}/files/{name}``: a file that came of a job, whole or one range of it.

    With `download=1` a browser saves it. That somebody looked, or took it along, is told to the audit.
    """
    account = await require_account(request)
    services = request.app[SERVICES]
    missing = Refusal("not_found", "there is no such file")
    job = await services.queries.job(path_id(request, "job", "jb"))
    if job is None:
        raise missing
    try:
        meeting = await readable_meeting(services, account, job["meeting"])
    except Refusal as refusal:
        raise (missing if refusal.code == "not_found" else refusal) from None
    listed = {each["name"]: each for each in job["files"]}.get(request.match_info["name"])
    if listed is not None and job["state"] == "destroyed":
        raise destroyed()
    if listed is None or job["state"] != "done":
        raise missing
    _require_guarded(services, account, job, meeting)
    path = inside(services.config.made_dir, f"{job['id']}/{listed['name']}")
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except OSError:
        raise missing from None
    download = request.query.get("download") == "1"
    if job["kind"] == "evidence" and request.method == "GET":
        await _note_taken(services, account, meeting, job, listed)
    if path.suffix in (".mp4", ".webm", ".mkv", ".png", ".jpg") or download:
        note_look(request, account, meeting, job["id"], download, LOOKED.get(job["kind"], "recording"))
    forget = services.writer.subscribe(lambda entries: end_removed(request, account, meeting, entries))
    try:
        row = {"state": "closed", "sha256": listed["sha256"]}
        return await send_file(request, file, path, row, download, TYPES)
    finally:
        forget()
        file.close()


async def _note_taken(
    services: Services, account: Account, meeting: Meeting, job: Json, listed: Json
) -> None:
    """The audit knows, before the first byte is given out, who takes which bundle; once, however many ranges are asked for."""
    told = {name: job["told"][name] for name in ("entries", "left_out", "size")}
    file = {"bytes": listed["bytes"], "sha256": listed["sha256"]}
    about = {"account": account.id, "meeting": meeting.id, "title": meeting.title, "recordings": True}
    data = parse_data("evidence.note_taken", {**about, **told, **file})
    id = f"{job['id']}:{account.id}"
    await services.writer.submit(Command(id, "evidence.note_taken", None, data), SYSTEM_ACCOUNT)


def _require_guarded(services: Services, account: Account, job: Json, meeting: Meeting) -> None:
    """Raises Refusal `forbidden` for files that are for who asked for them, and for those above him.

    They hold what he may read, which others who may read the meeting perhaps may not.
    """
    kind, by = ASKED.get(job["kind"]), job["by"]
    if kind is None or not kind.guarded:
        return
    tree = services.tree
    mine = by is not None and by["account"] == account.id
    above = by is not None and may(account, kind.action, tree, by["center"])
    if not may(account, kind.action, tree, meeting.convener.center) or not (mine or above):
        raise Refusal("forbidden", "this is for who had it made, and for those above him")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings/{meeting}/jobs", jobs),
        web.get("/api/v1/jobs/{job}/files/{name}", made),
    ]
