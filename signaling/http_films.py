"""What a film of a meeting would cost: told before somebody asks for one."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import path_id
from signaling.services import Json
from signaling.sight import readable_meeting

#: Work for a second of film on one core, and bytes of it, before this hub has made one.
WORK_A_SECOND: Final = 0.6
BYTES_A_SECOND: Final = 190_000


async def cost(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{id}/film/cost``."""
    account = await require_account(request)
    services = request.app[SERVICES]
    meeting = path_id(request, "meeting", "m")
    await readable_meeting(services, account, meeting)
    recordings = await services.queries.recordings(meeting)
    parts = [part for each in recordings for part in each["parts"]]
    length = length_of(parts)
    made = await services.queries.newest_film()
    pace, rate = WORK_A_SECOND, float(BYTES_A_SECOND)
    if made is not None and made["told"].get("duration_ms"):
        film_ms = int(made["told"]["duration_ms"])
        pace = made["took_ms"] / film_ms
        rate = sum(each["bytes"] for each in made["files"]) * 1000 / film_ms
    return json_response(
        {
            "length_ms": length,
            "work_s": max(1, round(length / 1000 * pace)) if length else 0,
            "bytes": round(length / 1000 * rate),
            "measured": made is not None,
        }
    )


def length_of(parts: list[Json]) -> int:
    """From the first part's beginning to the last one's end, in ms; parts that grow count as they are."""
    if not parts:
        return 0
    begin = min(int(part["offset_ms"]) for part in parts)
    return max(int(part["offset_ms"]) + int(part["duration_ms"] or 0) for part in parts) - begin


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/meetings/{meeting}/film/cost", cost)]
