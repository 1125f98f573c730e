"""The HTTP server around the application: limits that hold before a request is one, and typed answers there too."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from hub.errors import Refusal
from signaling.errors import failure_body, json_response, refusal_response

#: How long the headers of a request may take, and how long a connection stays open unused.
HEADER_TIMEOUT_S: Final = 15.0
#: The parser's own limit; signaling.limits refuses less, in words.
MAX_LINE_BYTES: Final = 32 * 1024
MAX_HEADERS: Final = 64

log = logging.getLogger(__name__)


class _TypedRequestHandler(RequestHandler):
    """Answers what the parser refuses in the same form as everything else."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun already")
        if status >= 500:
            try:
                raise exc if exc is not None else RuntimeError(message)
            except BaseException:
                failure = json_response(failure_body(), 500)
            failure.force_close()
            return failure
        code = "too_large" if isinstance(exc, LineTooLong) else "malformed"
        response = refusal_response(Refusal(code, "this is no HTTP request that the hub takes"))
        response.force_close()
        return response


class _TypedServer(web.Server):
    def __call__(self) -> RequestHandler:
        return _TypedRequestHandler(self, loop=self._loop, **self._kwargs)


class EdgeRunner(web.AppRunner):
    """An AppRunner with the hub's limits. `setup`, then a `web.TCPSite`, then `cleanup`."""

    __slots__ = ()

    def __init__(self, app: web.Application) -> None:
        super().__init__(
            app,
            access_log=None,
            keepalive_timeout=HEADER_TIMEOUT_S,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            max_headers=MAX_HEADERS,
            lingering_time=1.0,
            shutdown_timeout=2.0,
        )

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        # aiohttp has no way to say which handler class to use; the same server, with ours.
        server.__class__ = _TypedServer
        return server


async def start_server(app: web.Application, host: str, port: int) -> tuple[EdgeRunner, int]:
    """Serve `app`; returns the runner (to be cleaned up) and the port it got.

    Raises OSError when the address cannot be taken.
    """
    runner = EdgeRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, backlog=1024)
        await site.start()
    except BaseException:
        await runner.cleanup()
        raise
    await asyncio.sleep(0)
    return runner, int(runner.addresses[0][1])
