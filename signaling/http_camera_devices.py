"""Cameras as devices: the directions one remembers, who answers on the network, what streams a device offers (ONVIF)."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from hub.cameras.catalog import Secret
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from signaling.auth import require_access, require_account
from signaling.camera_devices import CameraDevices, device_of
from signaling.camera_turning import CameraTurning
from signaling.errors import json_response
from signaling.http_cameras import DESK, covered
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.schemas.camera_asked import CameraDevice, CameraSearch, CameraSnapshot
from signaling.services import Services

TURNING: Final = web.AppKey("camera_turning", CameraTurning)


async def presets(request: web.Request) -> web.Response:
    """``GET …/{camera}/presets``, for who may turn it."""
    account = await require_account(request)
    Params(request, ())
    found = await request.app[TURNING].presets(account, path_id(request, "camera", "ca"))
    return json_response({"presets": found})


async def networks(request: web.Request) -> web.Response:
    """``GET …/networks``: where cameras may be, and can be looked for."""
    account = await require_account(request)
    Params(request, ())
    services = request.app[SERVICES]
    _require_manager(services, account)
    return json_response({"networks": CameraDevices(services).networks()})


async def discover(request: web.Request) -> web.Response:
    """``POST …/discoveries``: a call into the networks of cameras, or a question to each address of one; takes some seconds."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    services = request.app[SERVICES]
    account = access.require()
    _require_manager(services, account)
    asked = await asked_of(request, CameraSearch) if request.can_read_body else CameraSearch()
    return json_response({"devices": await CameraDevices(services).search(account, asked.network)})


async def profiles(request: web.Request) -> web.Response:
    """``POST …/profiles``: the streams of a device, by whose name and password one asks; nothing of it is kept."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, CameraDevice)
    secret = await _reached(request, access.require(), asked)
    found = await CameraDevices(request.app[SERVICES]).profiles(secret)
    listed = [{**each, "url": covered(each["url"])} for each in found["profiles"]]
    return json_response({**found, "onvif": covered(secret.onvif), "profiles": listed})


async def snapshot(request: web.Request) -> web.Response:
    """``POST …/snapshots``: what a device gives as a picture of one of its streams; nothing of it is kept."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, CameraSnapshot)
    secret = await _reached(request, access.require(), asked)
    jpeg = await CameraDevices(request.app[SERVICES]).picture(secret, asked.profile)
    return json_response({"jpeg": jpeg})


async def _reached(request: web.Request, account: Account, asked: CameraDevice) -> Secret:
    """Where the device is asked, and by whose name. Raises Refusal."""
    services, desk = request.app[SERVICES], request.app[DESK]
    old = None
    if asked.camera is None:
        _require_manager(services, account)
    else:
        await desk.seen(account, asked.camera, "camera.manage")
        old = await services.cameras.secret(asked.camera)
    written = desk.address_of(asked.onvif, "onvif", "onvif") if asked.onvif.strip() else None
    secret = device_of(asked, old, (written.url, written.user, written.password) if written else None)
    if secret.onvif is not None:
        desk.address_of(secret.onvif, "onvif", "onvif")
    return secret


def _require_manager(services: Services, account: Account) -> None:
    if not may(account, "camera.manage", services.tree, account.center):
        raise Refusal("forbidden", "cameras are the system administrator's to add")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/cameras/networks", networks),
        web.get("/api/v1/cameras/{camera}/presets", presets),
        web.post("/api/v1/cameras/discoveries", discover),
        web.post("/api/v1/cameras/profiles", profiles),
        web.post("/api/v1/cameras/snapshots", snapshot),
    ]
