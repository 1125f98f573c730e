"""``/api/v1/health/copies``: how the second copy stands; and of one meeting, whether its files are verified there."""

from __future__ import annotations

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may_whole
from hub.directory.secrecy import may_see_level
from hub.evidence.copied import FOLDERS, KindCounts
from hub.gates import level_of
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.http_health import reader
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.services import Json, Services
from signaling.sight import readable_meeting

#: Meetings told of whose recorded files stand in the copy alone.
MOST_MEETINGS = 200


async def copies(request: web.Request) -> web.Response:
    """``GET``: how far it is, what it is at, what could not be copied and why, what stands there alone."""
    services, account = await reader(request)
    Params(request, set())
    told: Json = {
        "on": False,
        "place": "",
        "trouble": "",
        "since": None,
        "answered_at": None,
        "at": None,
        "kinds": [],
        "wanted": {"files": 0, "bytes": 0},
        "released": {"files": 0, "bytes": 0},
        "newest_at": None,
        "oldest_verified_at": None,
        "troubles": [],
        "far_alone": [],
    }
    if services.copies is not None:
        told |= await _standing(services, account)
    config = services.config
    return json_response(
        {
            **told,
            "pace_mb_s": config.copies_mb_s,
            "verify_days": config.copies_days,
            "release_days": config.release_days,
            "can": ["manage"] if may_whole(account, "house.manage", services.tree) else [],
            "as_of": to_wire(services.clock()),
        }
    )


async def _standing(services: Services, account: Account) -> Json:
    copies = services.copies
    assert copies is not None
    counted = await copies.rows.counts()
    kinds = []
    for kind in FOLDERS:
        each = counted.kinds.get(kind, KindCounts())
        kinds.append({"kind": kind, **{name: getattr(each, name) for name in KindCounts.__slots__}})
    return {
        "on": True,
        **copies.told(),
        "kinds": kinds,
        "wanted": {"files": counted.wanted, "bytes": counted.wanted_bytes},
        "released": {"files": counted.released, "bytes": counted.released_bytes},
        "newest_at": counted.newest_at,
        "oldest_verified_at": counted.oldest_verified_at,
        "troubles": await copies.rows.troubles(),
        # of a secret meeting its id alone: its files have to be looked after by whoever looks after the house
        "far_alone": [
            each
            if may_see_level(account, level_of(services.writer.state, each["meeting"]))
            else {**each, "title": ""}
            for each in await copies.rows.far_alone(MOST_MEETINGS)
        ],
    }


async def of_meeting(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{meeting}/copies``: how many of its files are verified in the second copy, and since when."""
    account = await require_account(request)
    services = request.app[SERVICES]
    meeting = path_id(request, "meeting", "m")
    Params(request, set())
    await readable_meeting(services, account, meeting)
    told: Json = {
        "on": False,
        "away": False,
        "files": 0,
        "copied": 0,
        "released": 0,
        "wanted": 0,
        "verified_at": None,
    }
    if services.copies is not None:
        found = await services.copies.rows.of_meeting(meeting)
        told |= {"on": True, "away": bool(services.copies.trouble)}
        told |= {
            name: getattr(found, name) for name in ("files", "copied", "released", "wanted", "verified_at")
        }
    return json_response({**told, "as_of": to_wire(services.clock())})


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/health/copies", copies),
        web.get("/api/v1/meetings/{meeting}/copies", of_meeting),
    ]
