"""The hub is the root of an origin of its own. A front that strips a path before it sends requests on is told so at once:
pages, `Location` and cookies of the hub name paths from the root, and would lead past it."""

from __future__ import annotations

import logging
import time
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from hub.errors import Refusal

log = logging.getLogger(__name__)

#: What fronts say when they have taken something off a path (Traefik, Spring, uWSGI; others by hand).
HEADERS: Final = ("X-Forwarded-Prefix", "X-Forwarded-Path", "X-Script-Name")
#: The log says it at most so often.
SAID_EVERY_S: Final = 60.0

_SAID_AT: Final = web.AppKey("prefix_said_at", list[float])


def watch(app: web.Application) -> None:
    """To be called once when the application is made."""
    app[_SAID_AT] = []


@web.middleware
async def refuse_prefix(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Raises Refusal("unprocessable") for a request that came to a path below the front's root."""
    for name in HEADERS:
        prefix = request.headers.get(name, "").strip()
        if prefix.strip("/") and not _is_whole(name, prefix, request.path):
            _say(request.app, name, prefix)
            raise Refusal(
                "unprocessable",
                f"the hub cannot live below a path of a front ({name}: {prefix[:80]}): give it a name of its own",
            )
    return await handler(request)


def _is_whole(name: str, told: str, path: str) -> bool:
    """Some fronts send the whole path they got as X-Forwarded-Path; where nothing was taken off, it is ours."""
    return name == "X-Forwarded-Path" and told.partition("?")[0].rstrip("/") == path.rstrip("/")


def _say(app: web.Application, name: str, prefix: str) -> None:
    said, now = app[_SAID_AT], time.monotonic()
    if not said or now - said[0] >= SAID_EVERY_S:
        said[:] = [now]
        log.warning(
            "a front sends requests from below a path (%s: %r): the hub must be the root of its origin, refused",
            name,
            prefix[:80],
        )
