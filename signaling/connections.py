"""The connections to the web server: how many there may be, from one address too, and which no longer move.

Descriptors are kept in reserve, so that there is always one to accept with, to open the database with, to write the log
with: who comes when all are taken is sent away, after the oldest connection that has nothing to do.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import sys
from collections import Counter
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from hub.descriptors import descriptor_limit
from hub.errors import Refusal
from signaling.address import ADDRESSES, Addresses, counted_as
from signaling.errors import Handler
from signaling.keys import SERVICES

#: A connection on which nothing of what waits to be sent has gone out for so long is ended.
STALL_S: Final = 30.0
#: How often it is looked for such.
SWEEP_S: Final = 5.0
#: Descriptors kept for everything that is no connection; half where there are few.
RESERVE: Final = 256
#: Connections looked at for one that has nothing to do.
_LOOKED_AT: Final = 256
#: tcpi_bytes_acked, and what stands before it in Linux' struct tcp_info.
_BYTES_ACKED: Final = struct.Struct("=120xQ")
_TCP_INFO: Final[int | None] = getattr(socket, "TCP_INFO", None) if sys.platform == "linux" else None
#: What happens by the thousand is said once in this time.
_SAID_EVERY_S: Final = 1.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Open:
    transport: asyncio.Transport
    #: Under which its address is counted, None for one that is not limited.
    source: str | None
    #: How far it had come when last looked at, and when it last came further.
    progress: int
    moved: float


class _Seldom:
    """Says the same thing at most once a second, with how often it has happened."""

    def __init__(self, says: str) -> None:
        self._says = says
        self._times = 0
        self._next = 0.0

    def happened(self, now: float) -> None:
        self._times += 1
        if now >= self._next:
            log.warning("%s (%d times)", self._says, self._times)
            self._times, self._next = 0, now + _SAID_EVERY_S


class Connections:
    """All open connections of one server. Times are seconds of the loop's clock, passed in."""

    def __init__(self, addresses: Addresses, most_from_one: int, most: int | None = None) -> None:
        if most is None:
            limit = descriptor_limit()
            most = limit - min(RESERVE, limit // 2)
        self._most = most
        #: One address may never take more than half of what there is.
        self._most_from_one = min(most_from_one, max(1, most // 2))
        self._addresses = addresses
        self._open: dict[RequestHandler, _Open] = {}
        self._sources: Counter[str] = Counter()
        self._full = _Seldom(f"connections were refused: {most} are open")
        self._too_many = _Seldom(f"connections were refused: {self._most_from_one} from one address are open")
        self._stalled = _Seldom("connections were ended: the other side takes nothing any more")
        self._no_accept = _Seldom("connections could not be accepted: out of descriptors or memory")

    def __len__(self) -> int:
        return len(self._open)

    def made(self, handler: RequestHandler, transport: asyncio.Transport, now: float) -> bool:
        """Take up a connection; False when there is no place for it."""
        source = self._source(transport)
        if source is not None and self._sources[source] >= self._most_from_one:
            self._too_many.happened(now)
            return False
        if len(self._open) >= self._most and not self._make_room():
            self._full.happened(now)
            return False
        self._open[handler] = _Open(transport, source, _taken(transport, 0), now)
        if source is not None:
            self._sources[source] += 1
        return True

    def lost(self, handler: RequestHandler) -> None:
        """The connection is gone."""
        gone = self._open.pop(handler, None)
        if gone is not None and gone.source is not None:
            self._sources[gone.source] -= 1
            if not self._sources[gone.source]:
                del self._sources[gone.source]

    def sweep(self, now: float) -> None:
        """End the connections on which nothing moves, those that are being closed too."""
        for one in list(self._open.values()):
            waiting = one.transport.get_write_buffer_size()
            progress = _taken(one.transport, waiting)
            if waiting == 0 or progress > one.progress:
                one.moved = now
            elif now - one.moved >= STALL_S:
                self._stalled.happened(now)
                one.transport.abort()
            one.progress = progress

    async def watch(self) -> None:
        """Sweep until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_S)
            self.sweep(loop.time())

    def loop_trouble(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The loop's exception handler: asyncio tells of one failed accept by the thousand."""
        if str(context.get("message", "")).startswith("socket.accept()"):
            self._no_accept.happened(loop.time())
        else:
            loop.default_exception_handler(context)

    def _source(self, transport: asyncio.Transport) -> str | None:
        peer = transport.get_extra_info("peername")
        if not isinstance(peer, tuple):
            return None
        # Fronts bring everybody; on this machine itself are the nodes, the recorder and the load generator.
        if self._addresses.trusts(peer[0]) or ip_address(peer[0].partition("%")[0]).is_loopback:
            return None
        return counted_as(peer[0])

    def _make_room(self) -> bool:
        """End the oldest connection that waits for a request, if there is one."""
        for _, (handler, one) in zip(range(_LOOKED_AT), self._open.items(), strict=False):
            if handler._waiter is not None:
                self.lost(handler)
                one.transport.abort()
                return True
        return False


def _taken(transport: asyncio.Transport, waiting: int) -> int:
    """A number that grows as the other side takes what it is sent.

    The kernel's count of acknowledged bytes: its buffer holds megabytes and makes room in large steps, so that a slow line
    seems to stand still for minutes from here. Where it does not tell, what waits here has to become less.
    """
    opened = transport.get_extra_info("socket")
    if _TCP_INFO is not None and opened is not None:
        try:
            told = opened.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _BYTES_ACKED.size)
            return int(_BYTES_ACKED.unpack(told)[0])
        except (OSError, struct.error):
            pass  # closed just now, or a kernel that tells less
    return -waiting


class RequestsByClient:
    """The requests and sockets in progress, of each client behind a trusted front."""

    def __init__(self) -> None:
        self.running: Counter[str] = Counter()


REQUESTS: Final = web.AppKey("requests_by_client", RequestsByClient)


@web.middleware
async def limit_clients(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One client behind a front has as many requests and sockets at once as one without has connections.

    Raises Refusal("too_many").
    """
    addresses = request.app[ADDRESSES]
    if not addresses.behind_proxy(request):
        return await handler(request)
    running, client = request.app[REQUESTS].running, counted_as(addresses.client(request))
    if running[client] >= request.app[SERVICES].config.connections_per_address:
        raise Refusal("too_many", "too many requests from this address at the same time")
    running[client] += 1
    try:
        return await handler(request)
    finally:
        running[client] -= 1
        if not running[client]:
            del running[client]
