"""What the parts of the web application find in it, by typed key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from signaling.services import Services

SERVICES: Final = web.AppKey("services", Services)
#: Called with a token that has just been revoked, to end what still runs on it.
SIGNED_OUT: Final[web.AppKey[Callable[[str], Awaitable[None]]]] = web.AppKey("signed_out")
#: Called with an account and the token that stays, when all its other tokens have just been revoked.
OTHERS_SIGNED_OUT: Final[web.AppKey[Callable[[str, str], Awaitable[None]]]] = web.AppKey("others_signed_out")
