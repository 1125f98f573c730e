"""``/api/v1/openapi.json``."""

from __future__ import annotations

from aiohttp import web

from signaling.errors import json_response


async def openapi_page(request: web.Request) -> web.Response:
    """``GET``."""
    return json_response({"openapi": "3.1.0"})
