"""``/api/v1/session``: sign in, who am I, another password, sign out."""

from __future__ import annotations

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.errors import Refusal
from signaling.accounts import account_to_wire, sign_in_to_wire
from signaling.agent import agent_of
from signaling.auth import (
    DEVICE_COOKIE,
    clear_cookie,
    client_address,
    from_foreign_page,
    request_token,
    require_access,
    set_cookie,
    set_device_cookie,
)
from signaling.bodies import read_body
from signaling.challenge import SecondFactorAsked
from signaling.errors import json_response
from signaling.keys import OWN, SERVICES
from signaling.limits import read_json_object
from signaling.schemas import security


async def sign_in(request: web.Request) -> web.Response:
    """``POST``: 201 with the token, also as a cookie; 202 where a code is wanted, too."""
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
    agent = agent_of(request.headers.get("User-Agent"))
    try:
        token, account = await services.accounts.sign_in(
            username, password, client_address(request), device, agent
        )
    except SecondFactorAsked as asked:
        wanted = {"challenge": asked.challenge, "expires_at": to_wire(asked.expires_at)}
        return json_response({"second_factor": wanted}, 202)
    return await signed_in(request, token, account)


async def signed_in(request: web.Request, token: str, account: Account) -> web.Response:
    """The answer to a sign-in: the token, also as a cookie, and a device that is known from now on."""
    services = request.app[SERVICES]
    response = json_response(
        {
            "token": token,
            "account": account_to_wire(account, services.tree),
            "last_sign_in": sign_in_to_wire(await services.accounts.sign_in_before(token)),
            "needs": await services.accounts.needs_of(token),
            "password_given_at": await services.accounts.password_given_at(account),
        },
        201,
    )
    set_cookie(request, response, token)
    device = services.accounts.devices.remember(request.cookies.get(DEVICE_COOKIE), account.username)
    set_device_cookie(request, response, device)
    return response


async def who_am_i(request: web.Request) -> web.Response:
    """``GET``: the account of this token, its sign-in before this one, and what it has to do before anything else."""
    services = request.app[SERVICES]
    token = request_token(request)
    account = (await services.accounts.access_for(token, limited=True)).account
    before = await services.accounts.sign_in_before(token)
    return json_response(
        {
            "account": account_to_wire(account, services.tree),
            "last_sign_in": sign_in_to_wire(before),
            "needs": await services.accounts.needs_of(token),
            "password_given_at": await services.accounts.password_given_at(account),
        }
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
    await request.app[OWN].change_password(token, old, new)
    return web.Response(status=204)


async def unlock(request: web.Request) -> web.Response:
    """``POST``: 204 when it is the owner who is back at a locked desk."""
    token = request_token(request)
    await request.app[OWN].unlock(token, (await read_body(request, security.Unlock)).password)
    return web.Response(status=204)


async def active(request: web.Request) -> web.Response:
    """``PUT``: 204; a person is there: the time without anything done begins anew."""
    access = await require_access(request)
    request.app[SERVICES].accounts.withdrawal.active(access.key)
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
        web.post(f"{path}/unlock", unlock),
        web.put(f"{path}/active", active),
    ]
