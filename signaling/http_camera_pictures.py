"""``/api/v1/cameras/{camera}/…``: pictures that the hub makes, stills in place of moving ones, who watched it."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from hub.clock import to_wire
from signaling.auth import require_access, require_account
from signaling.camera_pictures import CameraPictures
from signaling.errors import json_response
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.services import Json

PICTURES: Final = web.AppKey("camera_pictures", CameraPictures)
DEFAULT_LIMIT, MAX_LIMIT = 24, 200


async def take(request: web.Request) -> web.Response:
    """``POST …/pictures``: have one made and kept; 201 with the entry that names it."""
    account = (await require_access(request, request.app[PACES].commands)).require()
    Params(request, ())
    entry = await request.app[PICTURES].take(account, path_id(request, "camera", "ca"))
    return json_response(
        entry.to_wire(), 201, {"Location": f"/api/v1/objects/{entry.data['picture']['object']}"}
    )


async def still(request: web.Request) -> web.Response:
    """``GET …/still``: what it shows about now, for who is shown it in the place `cameras`; `at` makes each one new."""
    account = await require_account(request)
    Params(request, {"at"})
    found = await request.app[PICTURES].still(account, path_id(request, "camera", "ca"))
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Taken-At": to_wire(found.at),
    }
    return web.Response(body=found.jpeg, content_type="image/jpeg", headers=headers)


async def pictures(request: web.Request) -> web.Response:
    """``GET …/pictures``: the entries that name its pictures, as far as the account may read them, newest first."""
    return json_response(await _told(request, "camera.pictured"))


async def looks(request: web.Request) -> web.Response:
    """``GET …/looks``: who was shown it, as far as the account may read it, latest first; a long one in pieces of a minute."""
    told = await _told(request, "camera.watched")
    camera = request.match_info["camera"]
    found = [look for entry in told["entries"] for look in entry["data"]["looks"] if look["camera"] == camera]
    return json_response({"looks": found, "next": told["next"]})


async def _told(request: web.Request, kind: str) -> Json:
    """A page of entries of this kind that tell of the camera."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {"before", "limit"})
    camera = path_id(request, "camera", "ca")
    await request.app[PICTURES].watched(account, camera)
    before = params.number("before", 0, 1, 2**53) or None
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return await services.queries.camera_entries(account, services.tree, camera, {kind}, before, limit)


def routes() -> list[web.RouteDef]:
    one = "/api/v1/cameras/{camera}"
    return [
        web.post(f"{one}/pictures", take),
        web.get(f"{one}/still", still),
        web.get(f"{one}/pictures", pictures),
        web.get(f"{one}/looks", looks),
    ]
