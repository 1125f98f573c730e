"""Small pictures of a recorded part, for who looks for a moment: made by a job when they are first asked for, then kept."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Final

from aiohttp import web

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.state import Meeting
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.http_recordings import inside, note_look, seen_part, send_file
from signaling.keys import SERVICES
from signaling.params import path_id
from signaling.services import Json, Services

KIND: Final = "small_pictures"
INDEX: Final = "index.json"
_TYPES: Final = {".jpg": "image/jpeg"}


async def small(request: web.Request) -> web.Response:
    """``GET …/parts/{part}/small``: where they stand and of which moments they are; or that they are being made, or that
    there are none: of sound alone, of what is still recorded, of a file that cannot be read.
    """
    services = request.app[SERVICES]
    part, row, _, _, made = await _asked(request)
    if made is not None:
        index = await asyncio.to_thread(_index, services, made)
        if index is not None:
            sheets = [f"{request.path}/{name}" for name in index["sheets"]]
            return json_response({**index, "state": "ready", "sheets": sheets})
    pictures = any(track["kind"] == "video" for track in row["tracks"])
    state = "none"
    if made is None and pictures and row["state"] == "closed" and services.jobs is not None:
        if await services.jobs.put(KIND, part, meeting=row["meeting"]):
            state = "making"
        else:
            # asked for already: it waits, runs, or could not be done
            state = "making" if await services.queries.is_job_open(KIND, part) else "none"
    return json_response({"state": state, "width": 0, "height": 0, "row": 0, "sheets": [], "at_ms": []})


async def sheet(request: web.Request) -> web.StreamResponse:
    """``GET …/parts/{part}/small/{name}``: one sheet of them."""
    services = request.app[SERVICES]
    missing = Refusal("not_found", "there is no such file")
    _, row, account, meeting, made = await _asked(request)
    listed = {each["name"]: each for each in made["files"]} if made is not None else {}
    found = listed.get(request.match_info["name"])
    if made is None or found is None or not found["name"].endswith(".jpg"):
        raise missing
    path = inside(services.config.made_dir, f"{made['job']}/{found['name']}")
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except OSError:
        raise missing from None
    try:
        note_look(request, account, meeting, row["recording"], False, shown=True)
        row = {"state": "closed", "sha256": found["sha256"]}
        return await send_file(request, file, path, row, False, _TYPES)
    finally:
        file.close()


async def _asked(request: web.Request) -> tuple[str, Json, Account, Meeting, Json | None]:
    """The part in the path, its row, who asks, its meeting, what came of the job. Raises Refusal as its media does."""
    account = await require_account(request)
    services = request.app[SERVICES]
    recording, part = path_id(request, "recording", "r"), path_id(request, "part", "p")
    row, meeting = await seen_part(services, account, await services.queries.part(recording, part))
    return part, {**row, "recording": recording}, account, meeting, await services.queries.made_of(KIND, part)


def _index(services: Services, made: Json) -> Json | None:
    """The list of them; None where it is gone."""
    path: Path = services.config.made_dir / made["job"] / INDEX
    try:
        found: Json = json.loads(path.read_text())
        return found
    except (OSError, ValueError):
        return None


def routes() -> list[web.RouteDef]:
    part = "/api/v1/recordings/{recording}/parts/{part}/small"
    return [web.get(part, small), web.get(f"{part}/{{name}}", sheet)]
