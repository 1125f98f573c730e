"""What the parts of the web application find in it, by typed key."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from signaling.looks import Looks
from signaling.own_security import OwnSecurity
from signaling.pace import Paces
from signaling.services import Services

SERVICES: Final = web.AppKey("services", Services)
OWN: Final = web.AppKey("own_security", OwnSecurity)
PACES: Final = web.AppKey("paces", Paces)
LOOKS: Final = web.AppKey("looks", Looks)
