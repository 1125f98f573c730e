"""The relay and fresh keys to it: ``/api/v1/ice-servers``, and ``Link`` headers at the doors of media (RFC 9725 §4.6)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.turn import Credentials, Turn
from signaling.auth import bearer_token, require_access
from signaling.errors import json_response
from signaling.keys import PACES, SERVICES
from signaling.services import Services


def issued(services: Services, account: Account) -> tuple[Turn, Credentials] | None:
    """The relay and fresh keys for this account; None without a relay, and for one who joins no meetings."""
    turn = services.turn
    if turn is None or not may(account, "meeting.join", services.tree, account.center):
        return None
    return turn, turn.credentials(account.id, services.clock())


def links(turn: Turn, keys: Credentials) -> Sequence[str]:
    """The values of the ``Link`` headers, one for each address of the relay."""
    return [
        f'<{url}>; rel="ice-server"; username="{keys.username}"; credential="{keys.credential}"; credential-type="password"'
        for url in turn.urls
    ]


async def ice_servers(request: web.Request) -> web.Response:
    """``GET``: what goes into an RTCPeerConnection's `iceServers`; none without a relay. Raises Refusal."""
    access = await require_access(request, request.app[PACES].relays)
    services, account = request.app[SERVICES], access.require()
    if not may(account, "meeting.join", services.tree, account.center):
        raise Refusal("forbidden", "only who joins meetings is let through the relay")
    found = issued(services, account)
    if found is None:
        return json_response({"ice_servers": [], "expires_at": None})
    turn, keys = found
    server = {"urls": list(turn.urls), "username": keys.username, "credential": keys.credential}
    return json_response({"ice_servers": [server], "expires_at": to_wire(keys.expires_at)})


async def add_links(request: web.Request, response: web.Response) -> None:
    """Put the relay into an answer to ``OPTIONS``: for tools that have to know it before they make an offer.

    A preflight carries no token, and one whose token is no good or who asks too often is answered without the relay.
    """
    try:
        if bearer_token(request) is not None:
            access = await require_access(request, request.app[PACES].relays)
            put_links(request, access.require(), response)
    except Refusal:
        return


def put_links(request: web.Request, account: Account, response: web.Response) -> None:
    """Put the relay and fresh keys for this account into an answer."""
    found = issued(request.app[SERVICES], account)
    if found is not None:
        for link in links(*found):
            response.headers.add("Link", link)
        response.headers["Cache-Control"] = "no-store"


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/ice-servers", ice_servers)]
