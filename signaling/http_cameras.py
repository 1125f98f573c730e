"""``/api/v1/cameras``: the directory of cameras, within the caller's sight; changes by who manages or keeps one."""

from __future__ import annotations

import re
import typing
from typing import Final

from aiohttp import web

from hub.cameras.catalog import FAILING, KINDS, STATES, Camera
from hub.cameras.rights import may_about
from hub.cameras.wanted import CameraFilter, cursor_of
from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from signaling.auth import require_access, require_account
from signaling.camera_desk import CameraDesk
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params, path_id
from signaling.schemas.camera_asked import CameraChange, CameraNew, CameraProbe
from signaling.services import Json

DESK: Final = web.AppKey("camera_desk", CameraDesk)
DEFAULT_LIMIT, MAX_LIMIT = 50, 200
MAX_TAGS: Final = 60
_YES_NO: Final = ("yes", "no")
#: What a list is asked by.
FILTER: Final = ("center", "below", "q", "tag", "kind", "state", "important", "shared", "watch", "cursor")
#: What a page is told that it may do, of the actions of the table of rights.
_CAN: Final = ("watch", "move", "keep", "manage")
#: What stands for a password in the addresses of some vendors.
_COVERED: Final = re.compile(r"(?i)((?:pass(?:word|wd)?|pwd|psw)=)[^&/?#;]*")


async def cameras(request: web.Request) -> web.Response:
    """``GET``: those of a center and all below it, by words, tags, kind and state, in pages."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*FILTER, "limit"})
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    seq = services.writer.state.last_seq
    found, cursor = await services.cameras.page(account, wanted_of(params), limit)
    here = [here_to_wire(services.tree, account, each) for each in found]
    return json_response({"cameras": here, "next": cursor, "seq": seq})


async def one(request: web.Request) -> web.Response:
    """``GET …/{camera}``."""
    account = await require_account(request)
    Params(request, ())
    found = await request.app[DESK].seen(account, path_id(request, "camera", "ca"))
    return json_response(here_to_wire(request.app[SERVICES].tree, account, found))


async def counts(request: web.Request) -> web.Response:
    """``GET …/counts``: the center ``parent`` (else one's own) and those right below it, with the cameras of each."""
    account = await require_account(request)
    services = request.app[SERVICES]
    parent = Params(request, {"parent"}).center("parent") or account.center
    tree = services.tree
    if parent not in tree or not may(account, "camera.read", tree, parent):
        raise Refusal("not_found", "there is no such center", "parent")
    by_center = await services.cameras.counts(account, None)
    rows = [parent, *(center.code for center in tree.children(parent))]
    of_own = {center.code for center in tree.subtree(account.center)}
    everything = may(account, "camera.read", tree, "")
    shared = (
        0
        if everything
        else sum(sum(states.values()) for code, states in by_center.items() if code not in of_own)
    )
    return json_response(
        {
            "centers": [_count(tree, by_center, code) for code in rows],
            "shared": shared,
            "at": to_wire(services.clock()),
        }
    )


async def tags(request: web.Request) -> web.Response:
    """``GET …/tags``: those of cameras in sight."""
    account = await require_account(request)
    Params(request, ())
    return json_response({"tags": await request.app[SERVICES].cameras.tags(account, MAX_TAGS)})


async def addresses(request: web.Request) -> web.Response:
    """``GET …/{camera}/addresses``: where it is reached, for who manages it; the password nobody is told."""
    account = await require_account(request)
    Params(request, ())
    camera = path_id(request, "camera", "ca")
    await request.app[DESK].seen(account, camera, "camera.manage")
    secret = await request.app[SERVICES].cameras.secret(camera)
    if secret is None:
        raise Refusal("not_found", "there is no such camera")
    return json_response(
        {
            **{name: covered(getattr(secret, name)) for name in ("main", "sub", "onvif")},
            "user": secret.user,
            "password": bool(secret.password),
        }
    )


async def add(request: web.Request) -> web.Response:
    """``POST``: 201 with the new camera."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, CameraNew)
    account = access.require()
    made = await request.app[DESK].add(account, asked)
    return json_response(here_to_wire(request.app[SERVICES].tree, account, made), 201)


async def probe(request: web.Request) -> web.Response:
    """``POST …/probe``: what is found of a camera now; 503 where nobody can look."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, CameraProbe)
    found = await request.app[DESK].probe(access.require(), asked)
    return json_response({"facts": found.model_dump()})


async def change(request: web.Request) -> web.Response:
    """``PATCH …/{camera}``: what is not null becomes so."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    asked = await asked_of(request, CameraChange)
    account = access.require()
    made = await request.app[DESK].change(account, path_id(request, "camera", "ca"), asked)
    return json_response(here_to_wire(request.app[SERVICES].tree, account, made))


async def remove(request: web.Request) -> web.Response:
    """``DELETE …/{camera}``: it is gone, with all that is known of it."""
    access = await require_access(request, request.app[PACES].commands)
    Params(request, ())
    await request.app[DESK].remove(access.require(), path_id(request, "camera", "ca"))
    return web.Response(status=204)


def wanted_of(params: Params) -> CameraFilter:
    """What a list is asked for. Raises Refusal `invalid`."""
    cursor, tag = params.text("cursor"), params.text("tag")
    if cursor is not None and cursor_of(cursor) is None:
        raise Refusal("invalid", "this is no place in the list", "cursor")
    states = params.some_of("state", (*STATES, "failing"))
    if "failing" in states:
        states = states - {"failing"} | set(FAILING)
    return CameraFilter(
        center=params.center("center"),
        below=params.one_of("below", _YES_NO) != "no",
        text=params.text("q"),
        tags=frozenset({tag} if tag else ()),
        kinds=frozenset(params.some_of("kind", typing.cast("tuple[str, ...]", KINDS))),
        states=frozenset(states),
        important=params.one_of("important", _YES_NO) == "yes",
        shared=params.one_of("shared", _YES_NO) == "yes",
        watch=params.one_of("watch", _YES_NO) == "yes",
        cursor=cursor,
    )


def here_to_wire(tree: CenterTree, account: Account, camera: Camera) -> Json:
    """A camera with where it stands and what the reader may do about it."""
    path = [step.name for step in tree.path(camera.center)]
    return {
        **camera.model_dump(),
        "center_name": path[-1] if path else "",
        "path": path,
        "can": [word for word in _CAN if may_about(account, f"camera.{word}", tree, camera)],
    }


def covered(address: str | None) -> str | None:
    """An address with what some vendors write into it as the password covered."""
    return None if address is None else _COVERED.sub(r"\1***", address)


def _count(tree: CenterTree, by_center: dict[str, dict[str, int]], code: str) -> Json:
    states: dict[str, int] = {}
    for center in tree.subtree(code):
        for state, number in by_center.get(center.code, {}).items():
            states[state] = states.get(state, 0) + number
    return {
        "center": code,
        "name": tree[code].name,
        "cameras": sum(states.values()),
        "ok": states.get("ok", 0),
        "away": sum(states.get(state, 0) for state in FAILING),
        "unknown": states.get("unknown", 0),
        "own": sum(by_center.get(code, {}).values()),
        "below": bool(tree.children(code)),
    }


def routes() -> list[web.RouteDef]:
    one_camera = "/api/v1/cameras/{camera}"
    return [
        web.get("/api/v1/cameras", cameras),
        web.post("/api/v1/cameras", add),
        web.get("/api/v1/cameras/counts", counts),
        web.get("/api/v1/cameras/tags", tags),
        web.post("/api/v1/cameras/probe", probe),
        web.get(one_camera, one),
        web.patch(one_camera, change),
        web.delete(one_camera, remove),
        web.get(f"{one_camera}/addresses", addresses),
    ]
