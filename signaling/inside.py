"""What tells of the hub's inside, and to whom: figures, parts and their state are for those who run it."""

from __future__ import annotations

import hmac
from typing import Final

from aiohttp import web

from hub.errors import Refusal
from signaling.address import parse_address
from signaling.auth import require_account
from signaling.keys import SERVICES

#: What a front adds: such a request was asked elsewhere, whoever brings it.
_FORWARDED: Final = (
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Forwarded",
    "Via",
)


def may_scrape(request: web.Request) -> bool:
    """Whether this asker may read the figures: on this machine without a front, with HUB_METRICS_TOKEN, or if all may."""
    config = request.app[SERVICES].config
    if config.metrics == "open" or _is_local(request):
        return True
    if config.metrics_token is None:
        return False
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, f"Bearer {config.metrics_token}".encode())


async def may_know_parts(request: web.Request) -> bool:
    """Whether this asker may know what is away: who may read the figures, and whoever is signed in."""
    if may_scrape(request):
        return True
    try:
        await require_account(request)
    except Refusal:
        return False
    return True


def _is_local(request: web.Request) -> bool:
    peer = parse_address(request.remote or "")
    return peer is not None and peer.is_loopback and not any(name in request.headers for name in _FORWARDED)
