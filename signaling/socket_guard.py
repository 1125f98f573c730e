"""The gate before python-socketio: what frames pass, how long a socket may stay unconnected, how one is ended.

python-socketio 5.18 takes binary events with millions of attachments, lets a socket without a namespace stay
forever, and treats a frame it cannot read as a failure of its own. Everything private that is touched is here.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import socketio
from aiohttp import web

from hub.errors import Refusal
from signaling import limits
from signaling.auth import from_foreign_page
from signaling.emitting import poll
from signaling.metrics import Metrics

#: How long a socket may stay without its namespace.
CONNECT_TIMEOUT_S: Final = 10.0
#: Largest frame from a client.
MAX_FRAME_BYTES: Final = 64 * 1024
#: How long a socket that is being closed may take to hear of it.
_FAREWELL_S: Final = 0.5
#: Packets that may wait for one client; one that falls behind further has to come back.
MAX_UNSENT: Final = 2000
# Connect and disconnect of the namespace "/"; binary events (5, 6) never.
_FRAME: Final = re.compile(r"0(?:\{.*)?|1", re.DOTALL)
# An event: number of the acknowledgement it asks for, a list that begins with the name.
_EVENT: Final = re.compile(r'2([0-9]{0,9})\[\s*"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ACK: Final = "3"
# python-socketio would call its own handlers of these for a client that sends them as events.
_NO_EVENTS: Final = frozenset({"connect", "connect_error", "disconnect", "disconnecting", "*"})
_ENGINE_SID: Final = web.RequestKey("engine_sid", str)
# An event is a list around a body: one more than a body may be deep.
_DEPTH: Final = limits.MAX_DEPTH + 1


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for the body of an event that is none: its handler answers `malformed` in its turn."""

    why: str


class StrictJson:
    """The JSON module that python-socketio is given: the hub's own strictness, compact writing."""

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        if isinstance(text, bytes):  # from another front process, by Redis, in an envelope of its own
            return limits.loads(text.decode(), 2 * _DEPTH)
        return limits.loads(text, _DEPTH)

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return limits.dumps(value)


def quiet_logger() -> logging.Logger:
    """python-socketio's own logging would write down tokens (at INFO) and a trace for each bad frame (at ERROR)."""
    logger = logging.getLogger("signaling.socketio")
    logger.setLevel(logging.CRITICAL)
    return logger


class _Body:
    """A request's body, read already, as python-engineio asks for it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def read(self, size: int = -1) -> bytes:
        return self._content


def _with_whole_body(
    translate: Callable[[web.Request], dict[str, Any]],
) -> Callable[[web.Request], Awaitable[dict[str, Any]]]:
    """python-engineio 4.15 reads what has arrived of a body and takes that for all of it."""

    async def translate_whole(request: web.Request) -> dict[str, Any]:
        environ = translate(request)
        if request.method == "POST":
            body = await limits.read_body(request, MAX_FRAME_BYTES)
            environ["wsgi.input"] = _Body(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return environ

    return translate_whole


class _PlainWebSocket:
    """What python-engineio asks of a WebSocket, without compression: a client cannot make the hub inflate."""

    def __init__(self, handler: Callable[[Any], Awaitable[None]], server: Any) -> None:
        self._handler = handler
        self._socket = web.WebSocketResponse(max_msg_size=server.max_http_buffer_size, compress=False)

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        await self._socket.prepare(environ["aiohttp.request"])
        await self._handler(self)
        return self._socket

    async def close(self) -> None:
        await self._socket.close()

    async def send(self, message: str | bytes) -> None:
        await (
            self._socket.send_bytes(message) if isinstance(message, bytes) else self._socket.send_str(message)
        )

    async def wait(self) -> str | bytes:
        data = (await self._socket.receive()).data
        if not isinstance(data, str | bytes):
            raise OSError("the socket is closed")
        return data


class SocketGuard:
    """Stands between aiohttp and a Socket.IO server."""

    def __init__(self, server: socketio.AsyncServer, metrics: Metrics) -> None:
        self._server = server
        self._metrics = metrics
        self._transports: dict[str, asyncio.Transport] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        translate = server.eio._async["translate_request"]
        server.eio._async = {
            **server.eio._async,
            "translate_request": _with_whole_body(translate),
            "websocket": _PlainWebSocket,
        }
        server.eio.on("connect", self._opened)
        server.eio.on("message", self._message)
        server.eio.on("disconnect", self._closed)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The aiohttp handler of ``/socket.io/``. Raises Refusal for a foreign page and for an oversized body."""
        if from_foreign_page(request):
            raise Refusal("forbidden", "sockets are opened by the hub's own pages")
        is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        if is_upgrade and "sid" in request.query:
            self._hold(request.query["sid"], request)
        try:
            response: web.StreamResponse = await self._server.handle_request(request)
            return response
        except (ValueError, OSError, TypeError) as error:
            # A frame that is no packet at all; the response may have begun, so only the connection can end.
            sid = request.get(_ENGINE_SID) or request.query.get("sid")
            if sid is not None:
                await self.drop(str(sid), "malformed")
            raise ConnectionResetError("a malformed frame") from error

    async def drop(self, engine_sid: str, reason: str) -> None:
        """End one client's connection, for a reason that is counted."""
        self._metrics.dropped.labels(reason).inc()
        transport = self._transports.pop(engine_sid, None)
        socket = self._server.eio.sockets.get(engine_sid)
        if socket is not None:
            await socket.close(wait=False, reason=self._server.reason.SERVER_DISCONNECT)
        if transport is not None:
            # A client that ignores the farewell keeps its end open; the hub does not.
            asyncio.get_running_loop().call_later(_FAREWELL_S, transport.abort)

    def expect_namespace(self, engine_sid: str) -> None:
        """From now on the socket has CONNECT_TIMEOUT_S to connect its namespace."""
        loop = asyncio.get_running_loop()
        self._timers[engine_sid] = loop.call_later(CONNECT_TIMEOUT_S, self._check_namespace, engine_sid)

    def unsent(self, engine_sid: str) -> int:
        """Packets that wait for this client."""
        socket = self._server.eio.sockets.get(engine_sid)
        return int(socket.queue.qsize()) if socket is not None else 0

    def forgive(self, late_s: float) -> None:
        """The hub itself stood still for so long: that is not held against clients that have a ping to answer.

        Without it a hub that is late for some seconds hangs up on everybody, and they all come back at once.
        """
        for socket in self._server.eio.sockets.values():
            if socket.last_ping:
                socket.last_ping += late_s

    async def taken(self, engine_sid: str, within_s: float) -> None:
        """Return when nothing waits for this client any more, or after so long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        while self.unsent(engine_sid) and loop.time() < until:
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        """End every connection, at shutdown."""
        for timer in self._timers.values():
            timer.cancel()
        for engine_sid in list(self._server.eio.sockets):
            transport = self._transports.get(engine_sid)
            await self.drop(engine_sid, "shutdown")
            if transport is not None:
                transport.close()
        await self._server.shutdown()

    def _hold(self, engine_sid: str, request: web.Request) -> None:
        if isinstance(request.transport, asyncio.Transport) and engine_sid in self._server.eio.sockets:
            self._transports[engine_sid] = request.transport

    async def _opened(self, engine_sid: str, environ: dict[str, Any]) -> Any:
        request = environ["aiohttp.request"]
        request[_ENGINE_SID] = engine_sid
        if request.query.get("transport") == "websocket":
            self._hold(engine_sid, request)
        self.expect_namespace(engine_sid)
        socket = self._server.eio.sockets[engine_sid]
        socket.poll = functools.partial(poll, socket)
        return await self._server._handle_eio_connect(engine_sid, environ)

    async def _message(self, engine_sid: str, data: object) -> None:
        socket = self._server.eio.sockets.get(engine_sid)
        if socket is None or socket.closing or socket.closed:
            return  # what still comes from a client that was sent away
        if not isinstance(data, str) or data[:1] in ("5", "6"):
            await self.drop(engine_sid, "binary")
        elif data[:1] == _ACK:
            return  # the hub asks for no acknowledgements
        elif (event := _EVENT.match(data)) is not None:
            await self._event(engine_sid, event)
        elif _FRAME.fullmatch(data) is None:
            await self.drop(engine_sid, "malformed")
        else:
            try:
                await self._server._handle_eio_message(engine_sid, data)
            except limits.NotStrictJson as problem:
                await self._refuse_connect(engine_sid, problem)
            except Exception:
                await self.drop(engine_sid, "malformed")

    async def _event(self, engine_sid: str, event: re.Match[str]) -> None:
        """Hand on one event. A body that cannot be taken is answered like any other, in its turn; the socket stays."""
        try:
            name, *arguments = StrictJson.loads(event.string[event.end(1) :])
        except limits.NotStrictJson as problem:
            name, arguments = event[2], [Unreadable(str(problem))]
        if name in _NO_EVENTS:
            name = "unknown"
        number = int(event[1]) if event[1] else None
        await self._server._handle_event(engine_sid, "/", number, [name, *arguments])

    async def _refuse_connect(self, engine_sid: str, problem: limits.NotStrictJson) -> None:
        refusal = Refusal("malformed", f"the body is not strict JSON: {problem}")
        packet = self._server.packet_class(
            socketio.packet.CONNECT_ERROR, {"message": refusal.code, "data": refusal.body()}, "/"
        )
        await self._server._send_packet(engine_sid, packet)

    async def _closed(self, engine_sid: str, reason: str) -> None:
        self._transports.pop(engine_sid, None)
        timer = self._timers.pop(engine_sid, None)
        if timer is not None:
            timer.cancel()
        socket = self._server.eio.sockets.get(engine_sid)
        if socket is not None and not socket.upgraded and reason == self._server.reason.CLIENT_DISCONNECT:
            socket.queue.put_nowait(None)  # ends the poll that still waits, which python-engineio forgets
        await self._server._handle_eio_disconnect(engine_sid, reason)

    def _check_namespace(self, engine_sid: str) -> None:
        self._timers.pop(engine_sid, None)
        manager = self._server.manager
        sid = manager.sid_from_eio_sid(engine_sid, "/")
        if sid is None or not manager.is_connected(sid, "/"):
            task = asyncio.create_task(self.drop(engine_sid, "no namespace"))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
