"""The link: plain-data calls and events between control and its nodes and recorder, over one WebSocket.

The contract is docs/link.md. Nodes and the recorder dial (`LinkDialer`), control answers (`LinkServer`); both
hold a `Link`, and from then on either side may ask and tell.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
from aiohttp import web

from hub.errors import STATUS, Refusal

#: Largest frame either side takes, in bytes.
MAX_FRAME_BYTES: Final = 1 << 20
#: A ping after this much silence and half as long again for its pong: a half-open link is found in under 5 s.
HEARTBEAT_S: Final = 3.2
#: How long a dialer may take to say hello.
HELLO_TIMEOUT_S: Final = 5.0
#: Mean pause between two attempts to dial.
REDIAL_S: Final = 0.5
#: Frames that may wait to be sent; more means that the other side has stopped reading.
MAX_WAITING_FRAMES: Final = 20_000
#: Calls begun in one turn of the loop: they come by the hundred when a line comes back, and all else must have its turn.
CALLS_A_TURN: Final = 3

CallHandler = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
EventHandler = Callable[[dict[str, Any]], None]
AnyWebSocket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse

log = logging.getLogger(__name__)


class Link:
    """One open connection between control and a node or recorder; the same object on both sides.

    `calls` and `events` are what the other side may ask and tell; they can be replaced at any time. Calls are
    begun in the order in which they arrive and may overlap; events are handled one after the other. `closed`
    is set once, when the connection is gone for whatever reason. `heard` counts the frames that came. The call `alive`
    is answered by either side, whatever `calls` has.
    """

    def __init__(
        self,
        socket: AnyWebSocket,
        calls: Mapping[str, CallHandler] | None = None,
        events: Mapping[str, EventHandler] | None = None,
    ) -> None:
        self.calls: Mapping[str, CallHandler] = calls or {}
        self.events: Mapping[str, EventHandler] = events or {}
        self.closed = asyncio.Event()
        self.heard = 0
        self._socket = socket
        self._last_call = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = 0

    async def call(self, method: str, args: Mapping[str, Any], timeout_s: float = 5.0) -> dict[str, Any]:
        """Ask the other side, and return its result.

        Raises Refusal: the one the other side raised, or `unavailable` when the link is closed or the answer
        takes longer than `timeout_s` (the other side may then have carried out the call or not).
        """
        if self.closed.is_set():
            raise Refusal("unavailable", "the link is closed")
        self._last_call += 1
        number = self._last_call
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._send({"call": number, "method": method, "args": dict(args)})
            async with asyncio.timeout(timeout_s):
                return await answer
        except TimeoutError:
            raise Refusal("unavailable", f"{method} was not answered within {timeout_s:g} s") from None
        finally:
            self._waiting.pop(number, None)

    def tell(self, event: str, data: Mapping[str, Any]) -> None:
        """Tell the other side, in order with earlier calls and events. Lost when the link is closed."""
        if not self.closed.is_set():
            self._send({"event": event, "data": dict(data)})

    async def close(self) -> None:
        """Close the connection; calls that still wait are refused as `unavailable`."""
        self._mark_closed()
        await self._socket.close()

    def dump(self) -> dict[str, Any]:
        """What the link is doing, for people."""
        return {
            "closed": self.closed.is_set(),
            "waiting_calls": len(self._waiting),
            "running_handlers": len(self._tasks),
            "waiting_frames": self._outbox.qsize(),
        }

    async def run(self) -> None:
        """Send and receive until the connection ends. Called once, by LinkServer or LinkDialer."""
        sender = asyncio.create_task(self._send_waiting())
        try:
            async for message in self._socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    log.warning("the link is closed: a frame that is not text")
                    break
                if not self._receive(message.data):
                    break
                if self._begun >= CALLS_A_TURN:
                    self._begun = 0
                    await asyncio.sleep(0)
        finally:
            self._mark_closed()
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
            await self._socket.close()

    def _send(self, frame: dict[str, Any]) -> None:
        text = json.dumps(frame, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        if len(text) * 4 > MAX_FRAME_BYTES and len(text.encode()) > MAX_FRAME_BYTES:
            raise Refusal("too_large", f"a frame of the link is over {MAX_FRAME_BYTES} bytes")
        if self._outbox.qsize() >= MAX_WAITING_FRAMES:
            log.error("the link is closed: the other side has stopped reading")
            self._mark_closed()
            return
        self._outbox.put_nowait(text)

    async def _send_waiting(self) -> None:
        try:
            while (text := await self._outbox.get()) is not None:
                await self._socket.send_str(text)
        except (ConnectionError, RuntimeError, aiohttp.ClientError):
            pass  # the reading side sees the same end of the connection
        finally:
            self._mark_closed()
            await self._socket.close()

    def _receive(self, text: str) -> bool:
        """Handle one frame; False when it is none that the contract knows, which ends the link."""
        self.heard += 1
        try:
            match json.loads(text):
                case {"call": int(number), "method": str(method), "args": dict(args)}:
                    task = asyncio.create_task(self._answer(number, method, args))
                    self._tasks.add(task)
                    self._begun += 1
                    task.add_done_callback(self._tasks.discard)
                case {"reply": int(number), "result": dict(result)}:
                    self._settle(number, result)
                case {"reply": int(number), "error": {"code": str(code), "message": str(said), **rest}}:
                    self._settle(number, _refusal(code, said, rest.get("field")))
                case {"event": str(event), "data": dict(data)}:
                    self._hear(event, data)
                case _:
                    log.warning("the link is closed: a frame of unknown form")
                    return False
        except (ValueError, RecursionError):
            log.warning("the link is closed: a frame that is not JSON")
            return False
        return True

    def _settle(self, number: int, outcome: dict[str, Any] | Refusal) -> None:
        answer = self._waiting.get(number)
        if answer is None or answer.done():
            return  # the caller has given up meanwhile
        if isinstance(outcome, Refusal):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        handler = self.events.get(event)
        if handler is None:
            log.debug("nobody listens to %s", event)
            return
        try:
            handler(data)
        except Exception:
            log.exception("the handler of the event %s failed", event)

    async def _answer(self, number: int, method: str, args: dict[str, Any]) -> None:
        try:
            handler = _alive if method == "alive" else self.calls.get(method)
            if handler is None:
                raise Refusal("not_found", f"no such call: {method}")
            result = await handler(args)
            frame: dict[str, Any] = {"reply": number, "result": result if result is not None else {}}
            self._reply(frame)
        except Refusal as refusal:
            self._reply({"reply": number, **refusal.body()})
        except Exception:
            log.exception("the handler of the call %s failed", method)
            failure = Refusal("unavailable", f"{method} failed on the other side")
            self._reply({"reply": number, **failure.body()})

    def _reply(self, frame: dict[str, Any]) -> None:
        if not self.closed.is_set():
            self._send(frame)

    def _mark_closed(self) -> None:
        if self.closed.is_set():
            return
        self.closed.set()
        self._outbox.put_nowait(None)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Refusal("unavailable", "the link was closed"))


async def _alive(_: dict[str, Any]) -> None:
    """That the event loop has come to this is the whole answer."""


def _refusal(code: str, message: str, field: object) -> Refusal:
    known = code if code in STATUS else "unavailable"
    return Refusal(known, message, field if isinstance(field, str) else None)


class LinkServer:
    """Control's end: `handle` is the aiohttp handler of ``GET /link``.

    `on_link(link, hello)` is called for each new link. It installs `link.calls` and `link.events` before its
    first `await` (frames are read from then on) and may stay as long as it likes; when it raises, the link is
    closed.
    """

    def __init__(self, key: str, on_link: Callable[[Link, dict[str, Any]], Awaitable[None]]) -> None:
        if not key:
            raise ValueError("the link needs a key")
        self._expected = f"Bearer {key}".encode()
        self._on_link = on_link
        self._links: set[Link] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one dialer until its connection ends. Refuses (401) a caller without the key."""
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._expected):
            raise Refusal("unauthenticated", "the link key is missing or wrong")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_FRAME_BYTES, compress=False)
        if not socket.can_prepare(request).ok:
            raise Refusal("invalid", "the link is a WebSocket")
        await socket.prepare(request)
        hello = await _read_hello(socket)
        if hello is None:
            await socket.close(code=aiohttp.WSCloseCode.POLICY_VIOLATION, message=b"no hello")
            return socket
        link = Link(socket)
        self._links.add(link)
        welcome = asyncio.create_task(self._welcome(link, hello))
        try:
            # `welcome` was made first, so its first step runs before the first frame is read.
            await asyncio.sleep(0)
            await link.run()
        except asyncio.CancelledError:
            welcome.cancel()
            raise
        finally:
            self._links.discard(link)
        return socket

    async def close(self) -> None:
        """Close all links, at shutdown."""
        await asyncio.gather(*(link.close() for link in list(self._links)))

    async def _welcome(self, link: Link, hello: dict[str, Any]) -> None:
        try:
            await self._on_link(link, hello)
        except Refusal as refusal:
            log.warning("a link was refused: %s", refusal.message)
            await link.close()
        except Exception:
            log.exception("a link could not be taken up")
            await link.close()


async def _read_hello(socket: web.WebSocketResponse) -> dict[str, Any] | None:
    try:
        async with asyncio.timeout(HELLO_TIMEOUT_S):
            message = await socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            match json.loads(message.data):
                case {"event": "hello", "data": dict(hello)}:
                    return hello
    except (TimeoutError, ValueError, RecursionError):
        pass
    return None


class LinkDialer:
    """The node's and recorder's end: dials control, and dials again for as long as control is away.

    `hello` is called at each connection and gives the state to greet with; `calls` and `events` are what
    control may ask and tell. `link` is the open link, or None.
    """

    def __init__(
        self,
        url: str,
        key: str,
        hello: Callable[[], dict[str, Any]],
        calls: Mapping[str, CallHandler],
        events: Mapping[str, EventHandler],
    ) -> None:
        self.link: Link | None = None
        self._url = url
        self._key = key
        self._hello = hello
        self._calls = calls
        self._events = events

    async def run(self) -> None:
        """Stay connected until cancelled; never raises for what the network or control do."""
        complaint = ""
        headers = {"Authorization": f"Bearer {self._key}"}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=3.0)
        async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
            while True:
                try:
                    async with asyncio.timeout(5.0):
                        socket = await session.ws_connect(
                            self._url, heartbeat=HEARTBEAT_S, max_msg_size=MAX_FRAME_BYTES
                        )
                    complaint = ""
                    await self._serve(socket)
                except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
                    # Said once for each reason, not twice a second.
                    reason = f"{type(trouble).__name__} {getattr(trouble, 'status', '')}".strip()
                    if reason != complaint:
                        log.warning("control cannot be reached: %s", reason)
                        complaint = reason
                await asyncio.sleep(REDIAL_S * random.uniform(0.7, 1.3))

    async def _serve(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        link = Link(socket, self._calls, self._events)
        try:
            link.tell("hello", self._hello())
            self.link = link
            await link.run()
        finally:
            self.link = None
            await link.close()
