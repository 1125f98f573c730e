"""``/api/v1/session``: sign in, who am I, another password, sign out."""

from __future__ import annotations

from aiohttp import web

from hub.errors import Refusal
from signaling.accounts import account_to_wire, sign_in_to_wire
from signaling.auth import (
    DEVICE_COOKIE,
    clear_cookie,
    client_address,
    from_foreign_page,
    request_token,
    set_cookie,
    set_device_cookie,
)
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.limits import read_json_object


async def sign_in(request: web.Request) -> web.Response:
    """``POST``: 201 with the token, also as a cookie."""
    if from_foreign_page(request):
        raise Refusal("forbidden", "sign in on the hub's own page")
    body = await read_json_object(request)
    for name in body:
        if name not in {"username", "password"}:
            raise Refusal("invalid", "a sign-in has username and password", name[:64])
    username, password = body.get("username"), body.get("password")
    if not isinstance(username, str):
        raise Refusal("invalid", "a text is needed", "username")
    if not isinstance(password, str):
        raise Refusal("invalid", "a text is needed", "password")
    services = request.app[SERVICES]
    device = request.cookies.get(DEVICE_COOKIE)
    token, account = await services.accounts.sign_in(username, password, client_address(request), device)
    answer = {
        "token": token,
        "account": account_to_wire(account, services.tree),
        "last_sign_in": sign_in_to_wire(await services.accounts.sign_in_before(token)),
    }
    response = json_response(answer, 201)
    set_cookie(request, response, token)
    set_device_cookie(request, response, services.accounts.devices.remember(device, username))
    return response


async def who_am_i(request: web.Request) -> web.Response:
    """``GET``: the account of this token, and its sign-in before this one."""
    services = request.app[SERVICES]
    token = request_token(request)
    account = await services.accounts.account_for(token)
    before = await services.accounts.sign_in_before(token)
    return json_response(
        {"account": account_to_wire(account, services.tree), "last_sign_in": sign_in_to_wire(before)}
    )


async def change_password(request: web.Request) -> web.Response:
    """``PUT``: 204; all other tokens of the account are dead, and what ran under them."""
    token = request_token(request)
    body = await read_json_object(request)
    for name in body:
        if name not in {"old", "new"}:
            raise Refusal("invalid", "a change of password has old and new", name[:64])
    old, new = body.get("old"), body.get("new")
    if not isinstance(old, str):
        raise Refusal("invalid", "a text is needed", "old")
    if not isinstance(new, str):
        raise Refusal("invalid", "a text is needed", "new")
    await request.app[SERVICES].accounts.change_password(token, old, new)
    return web.Response(status=204)


async def sign_out(request: web.Request) -> web.Response:
    """``DELETE``: 204; the token is dead, and what ran under it ends."""
    await request.app[SERVICES].accounts.sign_out(request_token(request))
    response = web.Response(status=204)
    clear_cookie(request, response)
    return response


def routes() -> list[web.RouteDef]:
    path = "/api/v1/session"
    return [
        web.post(path, sign_in),
        web.get(path, who_am_i),
        web.delete(path, sign_out),
        web.put(f"{path}/password", change_password),
    ]
