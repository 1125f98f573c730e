"""``/api/v1/devices``: phones of grid members: which there are, a code for one, and a phone bound by it."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.grids.devices import CARRIERS, may_keep
from hub.house.parts import Accounts
from hub.ids import is_id
from signaling.accounts import account_to_wire
from signaling.agent import agent_of
from signaling.auth import client_address, from_foreign_page, is_secure, require_access, set_cookie
from signaling.bodies import read_body
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.phones import PhoneRow, Phones
from signaling.schemas import devices as schemas
from signaling.services import Json, Services
from signaling.squares import squares

PHONES: Final = web.AppKey("phones", Phones)
#: Accounts of which one answer tells the phones.
MAX_ACCOUNTS: Final = 200


async def phones(request: web.Request) -> web.Response:
    """``GET``: one's own phones, or those of all members and leaders of a village."""
    asker = (await require_access(request)).account
    services = request.app[SERVICES]
    center = Params(request, {"center"}).center("center")
    owners = _owners(services, asker, center)
    found = await services.phones.of_accounts([each.id for each in owners])
    by_account = {each.id: each for each in owners}
    now = to_wire(services.clock())
    state = services.writer.state
    issues = {each.id for each in owners if may_keep(state, asker, "device.issue", each, services.tree)}
    people = [
        {
            "account": each.id,
            "name": each.name,
            "username": each.username,
            "role": each.role,
            "may_issue": each.id in issues,
        }
        for each in owners
    ]
    rows = [_row(services, each, by_account[each.account], asker, now) for each in found]
    return json_response({"devices": rows, "people": people})


def _owners(services: Services, asker: Account, center: str | None) -> list[Account]:
    """Raises Refusal `not_found` for a village whose phones are not for the asker to know of."""
    if center is None:
        return [asker]
    state = services.writer.state
    every = state.parts.read(Accounts).by_id.values()
    there = [each for each in every if each.center == center and each.role in CARRIERS and not each.disabled]
    seen = [each for each in there if may_keep(state, asker, "device.read", each, services.tree)]
    if center not in services.tree or (there and not seen):
        raise Refusal("not_found", "there is no such center", "center")
    return sorted(seen, key=lambda each: (each.role, each.name, each.id))[:MAX_ACCOUNTS]


def _row(services: Services, device: PhoneRow, owner: Account, asker: Account, now: str) -> Json:
    state = services.writer.state
    accounts = state.parts.read(Accounts).by_id
    until = to_wire(device.until)
    issuer = accounts.get(device.issued_by)
    may = owner.id == asker.id or may_keep(state, asker, "device.withdraw", owner, services.tree)
    return {
        "id": device.id,
        "account": device.account,
        "state": "lapsed" if device.state == "issued" and until < now else device.state,
        "issued_at": to_wire(device.issued_at),
        "issued_by": issuer.name if issuer is not None else "",
        "until": until,
        "bound_at": to_wire(device.bound_at) if device.bound_at is not None else None,
        "seen_at": to_wire(device.seen_at) if device.seen_at is not None else None,
        "agent": device.agent,
        "withdrawn_at": to_wire(device.withdrawn_at) if device.withdrawn_at is not None else None,
        "why": device.why,
        "reason": device.reason,
        "may_withdraw": may and device.state != "withdrawn",
    }


async def issue(request: web.Request) -> web.Response:
    """``POST``: 201 with a code, told this once, and the picture that a phone reads."""
    access = await require_access(request)
    body = await read_body(request, schemas.DeviceWanted)
    issued = await request.app[PHONES].issue(access.require(), body.account)
    address = f"{_origin(request)}/grid#{issued.code}"
    size, path = squares(address)
    return json_response(
        {
            "device": issued.device,
            "code": issued.code,
            "address": address,
            "until": to_wire(issued.until),
            "qr": {"size": size, "path": path},
        },
        201,
    )


def _origin(request: web.Request) -> str:
    """How a phone beside this browser reaches the hub."""
    config = request.app[SERVICES].config
    if config.public_url is not None:
        return config.public_url
    return f"{'https' if is_secure(request) else 'http'}://{request.host}"


async def bind(request: web.Request) -> web.Response:
    """``POST``: 201; the phone is signed in: half of the token is the cookie, the other half told this once."""
    if from_foreign_page(request):
        raise Refusal("forbidden", "bind the phone on the hub's own page")
    body = await read_body(request, schemas.DeviceCode)
    services = request.app[SERVICES]
    bound = await request.app[PHONES].bind(
        body.code, client_address(request), agent_of(request.headers.get("User-Agent"))
    )
    told = {
        "device": bound.device,
        "half": bound.half,
        "account": account_to_wire(bound.account, services.tree),
    }
    response = json_response(told, 201)
    set_cookie(request, response, bound.cookie)
    return response


async def standing(request: web.Request) -> web.Response:
    """``GET``: whether a phone is still bound; open, for a phone asks when its sign-in has ended."""
    device = request.match_info["device"]
    state = await request.app[SERVICES].phones.state_of(device) if is_id(device, "dv") else None
    return json_response({"state": state or "unknown"})


def routes() -> list[web.RouteDef]:
    path = "/api/v1/devices"
    return [
        web.get(path, phones),
        web.post(path, issue),
        web.post(f"{path}/bind", bind),
        web.get(f"{path}/{{device}}/standing", standing),
    ]
