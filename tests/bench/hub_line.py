"""A page's line to the hub, as light as it can be: WebSocket, Engine.IO and Socket.IO by hand, bytes counted.

Two thousand of them live in one process beside the hub that is measured, so nothing is parsed that nobody asks for.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

#: (event's name, its body as it came): called for each event of the hub.
OnEvent = Callable[[str, bytes], None]

#: Engine.IO: interval and patience of the hub's pings together (s); a page hangs up after them.
SILENCE_S: Final = 18.0
_EVENT: Final = re.compile(rb'42\["([a-z_]+)",')
_ACK: Final = re.compile(rb"43(\d+)\[")
_TEXT, _CLOSE = 1, 8


class LineLost(Exception):
    """The line ended, or never stood."""


class Refused(Exception):
    """The hub said no; `code` is its word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class HubLine(asyncio.Protocol):
    """One connection. `opened` is done once the hub has taken the token, `lost` when the connection is no more."""

    def __init__(self, port: int, token: str, on_event: OnEvent, host: str = "127.0.0.1") -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.lost: asyncio.Future[None] = loop.create_future()
        self.bytes_in = 0
        """What came from the hub, HTTP and WebSocket heads included."""
        self.events: Counter[str] = Counter()
        self.pinged_at = loop.time()
        self._address = (host, port)
        self._token = token
        self._on_event = on_event
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0
        self._upgraded = False
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    async def open(self, timeout_s: float) -> None:
        """Connect, until the hub has taken the token. Raises LineLost, or Refused."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                await loop.create_connection(lambda: self, *self._address)
                await asyncio.shield(self.opened)
        except (OSError, TimeoutError) as error:
            self.close()
            raise LineLost(str(error) or "not in time") from None

    async def call(self, name: str, body: object, timeout_s: float) -> bytes:
        """An event with its answer, as it came. Raises Refused, LineLost (also when no answer came in time)."""
        if self._transport is None or self.lost.done():
            raise LineLost("there is no line")
        self._number += 1
        number = self._number
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._send(f"42{number}{json.dumps([name, body], ensure_ascii=False)}".encode())
        try:
            async with asyncio.timeout(timeout_s):
                found = await answer
        except TimeoutError:
            raise LineLost("no answer") from None
        finally:
            self._waiting.pop(number, None)
        if found.startswith(b'{"error":'):
            raise Refused(str(json.loads(found)["error"]["code"]))
        return found

    def hang_up_if_silent(self, now: float) -> None:
        """As a page does that hears no ping any more."""
        if now - self.pinged_at > SILENCE_S:
            self.close()

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.abort()

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        host, port = self._address
        transport.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: bGlhbnhpYW4tYmVuY2gtMQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self.bytes_in += len(data)
        self._buffer = self._buffer + data if self._buffer else data
        if not self._upgraded:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self.close()
                return
            self._upgraded, self._buffer = True, rest
        self._frames()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(OSError("the hub hung up"))
            self.opened.exception()  # somebody may have given up waiting for it
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LineLost("the line ended"))
        if not self.lost.done():
            self.lost.set_result(None)

    # -- what comes

    def _frames(self) -> None:
        """Take the whole frames of the buffer; the hub sends no fragments and masks nothing."""
        buffer, at, end = self._buffer, 0, len(self._buffer)
        while end - at >= 2:
            size, head = buffer[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(buffer[at + 2 : at + 4]), 4
            elif size == 127:
                size, head = int.from_bytes(buffer[at + 2 : at + 10]), 10
            if end - at < head or end - at - head < size:
                break
            kind = buffer[at] & 0x0F
            at += head + size
            if kind == _TEXT:
                self._text(buffer[at - size : at])
            elif kind == _CLOSE:
                self.close()
                break
        self._buffer = buffer[at:]

    def _text(self, text: bytes) -> None:
        if text.startswith(b"42"):
            found = _EVENT.match(text)
            if found is not None:
                name = found[1].decode()
                self.events[name] += 1
                self._on_event(name, text[found.end() : -1])
        elif text.startswith(b"43"):
            ack = _ACK.match(text)
            answer = self._waiting.get(int(ack[1])) if ack is not None else None
            if ack is not None and answer is not None and not answer.done():
                answer.set_result(text[ack.end() : -1])
        elif text == b"2":
            self.pinged_at = asyncio.get_running_loop().time()
            self._send(b"3")
        elif text.startswith(b"0"):
            self.pinged_at = asyncio.get_running_loop().time()
            self._send(b"40" + json.dumps({"token": self._token}).encode())
        elif text.startswith(b"40"):
            if not self.opened.done():
                self.opened.set_result(None)
        elif text.startswith(b"44"):
            told: dict[str, Any] = json.loads(text[2:])
            if not self.opened.done():
                self.opened.set_exception(Refused(str(told.get("message"))))
            self.close()

    def _send(self, text: bytes) -> None:
        """One text frame; the mask, which the RFC asks of clients, is zeros."""
        assert self._transport is not None
        size = len(text)
        told = bytes((0x80 | size,)) if size < 126 else bytes((0x80 | 126,)) + size.to_bytes(2)
        self._transport.write(bytes((0x80 | _TEXT,)) + told + b"\0\0\0\0" + text)
