"""Cameras as devices: the directions one remembers, who answers on the network, what streams a device offers (ONVIF)."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from signaling.auth import require_access, require_account
from signaling.camera_turning import CameraTurning
from signaling.errors import json_response
from signaling.http_cameras import DESK, covered
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.schemas.camera_asked import CameraDevice
from signaling.services import Services

TURNING: Final = web.AppKey("camera_turning", CameraTurning)


async def presets(request: web.Request) -> web.Response:
    """``GET …/{camera}/presets``, for who may turn it."""
    account = await require_account(request)
    Params(request, ())
    found = await request.app[TURNING].presets(account, path_id(request, "camera", "ca"))
    return json_response({"presets": found})


async def discover(request: web.Request) -> web.Response:
    """``POST …/discoveries``: a call into the networks of cameras; takes some seconds."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    services = request.app[SERVICES]
    _require_manager(services, access.require())
    if not services.config.camera_networks:
        raise Refusal("unprocessable", "no network of cameras is set (HUB_CAMERA_NETWORKS)")
    found = (await services.media.cameras.asks.onvif("onvif.discover"))["found"]
    return json_response({"devices": found})


async def profiles(request: web.Request) -> web.Response:
    """``POST …/profiles``: the streams of a device, by whose name and password one asks; nothing of it is kept."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    services = request.app[SERVICES]
    asked = await asked_of(request, CameraDevice)
    _require_manager(services, access.require())
    address = request.app[DESK].address_of(asked.onvif, "onvif", "onvif")
    user, password = asked.user or address.user, asked.password or address.password
    about = {"onvif": address.url, "user": user, "password": password}
    found = (await services.media.cameras.asks.onvif("onvif.profiles", **about))["profiles"]
    return json_response({"profiles": [{**each, "url": covered(each["url"])} for each in found]})


def _require_manager(services: Services, account: Account) -> None:
    if not may(account, "camera.manage", services.tree, account.center):
        raise Refusal("forbidden", "cameras are the system administrator's to add")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/cameras/{camera}/presets", presets),
        web.post("/api/v1/cameras/discoveries", discover),
        web.post("/api/v1/cameras/profiles", profiles),
    ]
