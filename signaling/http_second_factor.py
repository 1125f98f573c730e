"""``/api/v1/session/second…``: the second step of a sign-in, and one's own second factor."""

from __future__ import annotations

from aiohttp import web

from hub.clock import to_wire
from hub.errors import Refusal
from signaling.agent import agent_of
from signaling.auth import client_address, from_foreign_page, request_token
from signaling.bodies import read_body
from signaling.errors import json_response
from signaling.http_session import signed_in
from signaling.keys import OWN, SERVICES
from signaling.schemas import security


async def second_step(request: web.Request) -> web.Response:
    """``POST``: 201 with the token, as a sign-in without a second factor has it at once."""
    if from_foreign_page(request):
        raise Refusal("forbidden", "sign in on the hub's own page")
    body = await read_body(request, security.SecondStep)
    token, account = await request.app[SERVICES].accounts.second_step(
        body.challenge, body.code, client_address(request), agent_of(request.headers.get("User-Agent"))
    )
    return await signed_in(request, token, account)


async def state(request: web.Request) -> web.Response:
    """``GET``: whether one has a second factor, and needs one."""
    token = request_token(request)
    accounts = request.app[SERVICES].accounts
    found = await request.app[OWN].factor_state(token)
    role = (await accounts.access_for(token, limited=True)).account.role
    at = to_wire(found.enrolled_at) if found.enrolled_at is not None else None
    required = role in accounts.policy().second_factor
    return json_response({"enrolled_at": at, "recovery_left": found.recovery_left, "required": required})


async def begin(request: web.Request) -> web.Response:
    """``POST``: 201 with what a phone needs, this once."""
    token = request_token(request)
    body = await read_body(request, security.FactorBegin)
    made = await request.app[OWN].begin_factor(token, body.password, body.code)
    qr = {"size": made.size, "path": made.path}
    return json_response({"secret": made.secret, "uri": made.uri, "qr": qr}, 201)


async def confirm(request: web.Request) -> web.Response:
    """``PUT``: the phone makes the right codes; the codes for bad days, this once."""
    token = request_token(request)
    body = await read_body(request, security.Code)
    codes = await request.app[OWN].confirm_factor(token, body.code)
    return await _codes(request, token, codes)


async def new_codes(request: web.Request) -> web.Response:
    """``POST``: other codes for bad days, this once."""
    token = request_token(request)
    body = await read_body(request, security.Code)
    return await _codes(request, token, await request.app[OWN].new_codes(token, body.code))


async def _codes(request: web.Request, token: str, codes: list[str]) -> web.Response:
    needs = await request.app[SERVICES].accounts.needs_of(token)
    return json_response({"recovery_codes": codes, "needs": needs})


def routes() -> list[web.RouteDef]:
    path = "/api/v1/session"
    return [
        web.post(f"{path}/second", second_step),
        web.get(f"{path}/second-factor", state),
        web.post(f"{path}/second-factor", begin),
        web.put(f"{path}/second-factor", confirm),
        web.post(f"{path}/recovery-codes", new_codes),
    ]
