"""The hub's Socket.IO side: one connection, whose events are read in the order they came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import socketio

from clients.station.api import Refused, Unreachable

#: Events that stations listen to.
_EVENTS: Final = ("hello", "part", "changed", "media", "check_asked", "hub")
_ANSWER_S: Final = 10.0


class HubSocket:
    """One connection, from `connect` until it is lost. It does not connect again by itself: its owner does."""

    def __init__(self) -> None:
        # The owner brings connections back, since it has to follow again and may have to sign in again.
        self._client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self._events: asyncio.Queue[tuple[str, dict[str, Any]] | None] = asyncio.Queue()
        for name in _EVENTS:
            self._client.on(name, self._put(name))
        self._client.on("disconnect", self._lost)

    def _put(self, name: str) -> Any:
        # Plain functions, not coroutines: python-socketio starts a task for each message, and only what runs
        # without waiting keeps their order.
        def put(data: Any = None) -> None:
            if isinstance(data, dict):
                self._events.put_nowait((name, data))

        return put

    def _lost(self, *reason: Any) -> None:
        self._events.put_nowait(None)

    async def connect(self, url: str, token: str) -> None:
        """Raises Unreachable when the hub is away or does not take the token."""
        try:
            await self._client.connect(
                url,
                auth={"token": token},
                transports=["websocket"],
                socketio_path="/socket.io",
                wait_timeout=10,
            )
        except (socketio.exceptions.ConnectionError, OSError, TimeoutError) as error:
            raise Unreachable("no Socket.IO connection") from error

    async def events(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Events in order, until the connection is lost."""
        while (event := await self._events.get()) is not None:
            yield event

    async def call(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Ask and wait for the answer. Raises Refused, or Unreachable without one."""
        try:
            answer = await self._client.call(name, data, timeout=_ANSWER_S)
        except (socketio.exceptions.SocketIOError, TimeoutError) as error:
            raise Unreachable(f"{name} was not answered") from error
        if not isinstance(answer, dict):
            raise Unreachable(f"{name} was answered by no object")
        if "error" in answer:
            raise Refused(str(answer["error"].get("code", "")), 0, str(answer["error"].get("message", "")))
        return answer

    async def close(self) -> None:
        """End the connection; nothing is raised when it is lost already."""
        try:
            await asyncio.wait_for(self._client.disconnect(), 3.0)
        except (socketio.exceptions.SocketIOError, OSError, TimeoutError):
            pass
