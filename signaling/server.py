"""The HTTP server around the application: limits that hold before a request is one, and typed answers there too."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from hub.errors import Refusal
from signaling.address import ADDRESSES
from signaling.connections import Connections
from signaling.errors import failure_body, json_response, refusal_response
from signaling.headers import SERVER
from signaling.keys import SERVICES

#: How long the headers of a request may take, and how long a connection stays open unused.
HEADER_TIMEOUT_S: Final = 15.0
#: The parser's own limit; signaling.limits refuses less, in words.
MAX_LINE_BYTES: Final = 32 * 1024
MAX_HEADERS: Final = 64
#: Connections that may wait to be accepted: all stations come back at once after a restart.
BACKLOG: Final = 1024
#: Accepted in one turn of the loop, fewer than there are descriptors in reserve.
ACCEPTED_A_TURN: Final = 32

log = logging.getLogger(__name__)


class _TypedRequestHandler(RequestHandler):
    """Answers what the parser refuses in the same form as everything else; known to the `Connections`."""

    __slots__ = ("_connections", "gone")

    def __init__(self, manager: web.Server, connections: Connections, **options: Any) -> None:
        super().__init__(manager, **options)
        self._connections = connections
        #: Called, each once, when the other side has gone.
        self.gone: list[Callable[[], None]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if isinstance(transport, asyncio.Transport) and not self._connections.made(
            self, transport, self._loop.time()
        ):
            transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connections.lost(self)
        super().connection_lost(exc)
        gone, self.gone = self.gone, []
        for each in gone:
            each()

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
            failure.headers["Server"] = SERVER
            failure.force_close()
            return failure
        code = "too_large" if isinstance(exc, LineTooLong) else "malformed"
        response = refusal_response(Refusal(code, "this is no HTTP request that the hub takes"))
        response.headers["Server"] = SERVER
        response.force_close()
        return response


def when_gone(request: web.Request, call: Callable[[], None]) -> Callable[[], None]:
    """Have `call` called when the connection of this request is gone; what takes that back. aiohttp tells no handler."""
    handler = request.protocol
    if not isinstance(handler, _TypedRequestHandler):
        return lambda: None
    handler.gone.append(call)

    def forget() -> None:
        if call in handler.gone:
            handler.gone.remove(call)

    return forget


class _TypedServer(web.Server):
    connections_of_edge: Connections

    def __call__(self) -> RequestHandler:
        return _TypedRequestHandler(self, self.connections_of_edge, loop=self._loop, **self._kwargs)


class EdgeRunner(web.AppRunner):
    """An AppRunner with the hub's limits. `listen`, then `cleanup`."""

    __slots__ = ("_watching", "connections")

    def __init__(self, app: web.Application) -> None:
        super().__init__(
            app,
            access_log=None,
            # Nobody needs to send the hub compressed bodies; 300 KB of such can be 300 MB of zeros.
            auto_decompress=False,
            keepalive_timeout=HEADER_TIMEOUT_S,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            max_headers=MAX_HEADERS,
            lingering_time=1.0,
            shutdown_timeout=2.0,
        )
        self.connections = Connections(app[ADDRESSES], app[SERVICES].config.connections_per_address)
        self._watching: asyncio.Task[None] | None = None

    async def listen(self, host: str, port: int) -> int:
        """Set up and serve; the port it got. Raises OSError when the address cannot be taken."""
        await self.setup()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self.connections.loop_trouble)
        self._watching = loop.create_task(self.connections.watch())
        site = web.TCPSite(self, host, port, backlog=ACCEPTED_A_TURN)
        await site.start()
        assert isinstance(site._server, asyncio.Server)
        for listener in site._server.sockets:
            # asyncio accepts as many in one turn as may wait, before one of them can be refused.
            with socket.socket(fileno=os.dup(listener.fileno())) as same:
                same.listen(BACKLOG)
        return int(self.addresses[0][1])

    async def cleanup(self) -> None:
        """Stop serving."""
        await super().cleanup()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            asyncio.get_running_loop().set_exception_handler(None)

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        # aiohttp has no way to say which handler class to use; the same server, with ours.
        server.__class__ = _TypedServer
        cast(_TypedServer, server).connections_of_edge = self.connections
        return server


async def start_server(app: web.Application, host: str, port: int) -> tuple[EdgeRunner, int]:
    """Serve `app`; returns the runner (to be cleaned up) and the port it got.

    Raises OSError when the address cannot be taken.
    """
    runner = EdgeRunner(app)
    try:
        got = await runner.listen(host, port)
    except BaseException:
        await runner.cleanup()
        raise
    await asyncio.sleep(0)
    return runner, got
