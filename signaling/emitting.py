"""How an event gets to many sockets: written as text once, put before each without a task of its own.

python-socketio 5.18 walks through every body in search of bytes, and python-engineio 4.15 makes a task for each receiver of an
event and another for each wait of its writer; with two thousand receivers that is most of what an event costs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

import engineio
import socketio

#: Receivers of one event that are served before others of the event loop get their turn.
RECEIVERS_A_TURN: Final = 128


class TextPacket(socketio.packet.Packet):  # type: ignore[misc]
    """A packet whose body is JSON and holds no bytes: the hub sends none and takes none."""

    uses_binary_events = False


class DirectManager(socketio.AsyncManager):  # type: ignore[misc]
    """Puts an event for many into their queues by itself."""

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **options: Any,
    ) -> None:
        """As AsyncManager.emit; the hub asks for no answers to events and leaves nobody out."""
        if callback is not None or skip_sid is not None:
            await super().emit(event, data, namespace, room, skip_sid, callback, to, **options)
            return
        if namespace not in self.rooms:
            return
        body = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        packet = self.server.packet_class(
            socketio.packet.EVENT, namespace=namespace, data=[event, *body]
        ).encode()
        ready = engineio.packet.Packet(engineio.packet.MESSAGE, packet)
        sockets = self.server.eio.sockets
        receivers: Iterable[tuple[str, str]] = self.get_participants(namespace, to or room)
        for number, (_, engine_sid) in enumerate(receivers, 1):
            socket = sockets.get(engine_sid)
            if socket is not None and not socket.closed and not socket.closing:
                socket.queue.put_nowait(ready)
            if number % RECEIVERS_A_TURN == 0:
                await asyncio.sleep(0)


class DirectRedisManager(socketio.AsyncRedisManager, DirectManager):  # type: ignore[misc]
    """The same, for what comes from other front processes, too."""


async def poll(socket: Any) -> list[Any]:
    """AsyncSocket.poll of python-engineio without a task for each wait: what waits for this client, at least one packet.

    An empty list at the end. Raises QueueEmpty when nothing comes for so long that the client must be gone.
    """
    queue: asyncio.Queue[Any] = socket.queue
    try:
        async with asyncio.timeout(socket.server.ping_interval + socket.server.ping_timeout):
            packet = await queue.get()
    except (TimeoutError, asyncio.CancelledError):
        raise engineio.exceptions.QueueEmpty() from None
    queue.task_done()
    packets = []
    while packet is not None:
        packets.append(packet)
        if queue.empty():
            return packets
        packet = queue.get_nowait()
        queue.task_done()
    if packets:
        queue.put_nowait(None)  # the end comes by itself the next time
    return packets
