"""A bad line on real sockets: a UDP relay on loopback between clients and a hub, with all that `Line` can do to them."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import random
import re
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

from tests.support.lossy import Line, Path

Address = tuple[Any, ...]
_BUFFER_BYTES = 4 * 1024 * 1024


class UdpRelay:
    """Forwards between everybody who sends to `port` and the hub's port; each client has an own address there.

    `up` and `down` are the two directions and may be changed at any time. `rebind` gives every client a new
    address towards the hub, as a NAT does that forgot.
    """

    def __init__(self, to_port: int, up: Line | None = None, down: Line | None = None, seed: int = 1) -> None:
        """Binds at once. Without `down` both directions are alike (and have a queue each)."""
        self.up = up or Line(delay_s=0.0)
        self.down = down or self.up
        chance = random.Random(seed)
        self.up_path, self.down_path = Path(self.up, chance), Path(self.down, chance)
        self._to = ("127.0.0.1", to_port)
        self._loop = asyncio.get_running_loop()
        self._inside = self._bound()
        self.port: int = self._inside.getsockname()[1]
        self._outside: dict[Address, socket.socket] = {}
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self._loop.add_reader(self._inside.fileno(), self._from_clients)

    @property
    def dark(self) -> bool:
        """Whether nothing passes, either way."""
        return self.up.dark and self.down.dark

    @dark.setter
    def dark(self, dark: bool) -> None:
        self.up.dark = self.down.dark = dark

    def rebind(self) -> None:
        """From now on every client reaches the hub from another port; what comes for the old one is lost."""
        for client, old in list(self._outside.items()):
            self._outside[client] = self._opened(client)
            self._forget(old)

    def redirected(self, answer: str) -> str:
        """A session description whose candidates lead to this relay in place of the hub."""
        return re.sub(
            r"(a=candidate:\S+ \d+ udp \d+ )\S+ \d+", rf"\g<1>127.0.0.1 {self.port}", answer, flags=re.I
        )

    def close(self) -> None:
        """Free all ports; what is on its way is lost."""
        if self._closed:
            return
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        for one in (self._inside, *self._outside.values()):
            self._forget(one)
        self._outside.clear()

    # --- datagrams ------------------------------------------------------------------------------------

    def _from_clients(self) -> None:
        for data, client in self._taken(self._inside):
            if client not in self._outside:
                self._outside[client] = self._opened(client)
            self._carry(self.up_path, data, client, self._to_hub)

    def _from_hub(self, outside: socket.socket, client: Address) -> None:
        for data, _ in self._taken(outside):
            self._carry(self.down_path, data, client, self._to_client)

    def _carry(
        self, path: Path, data: bytes, client: Address, deliver: Callable[[bytes, Address], None]
    ) -> None:
        now = self._loop.time()
        for when in path.arrivals(len(data), now):
            heapq.heappush(self._waiting, (when, next(self._order), lambda: deliver(data, client)))
        self._deliver()

    def _deliver(self) -> None:
        """Hand over what has arrived, and come back for the next."""
        now = self._loop.time()
        while self._waiting and self._waiting[0][0] <= now + 0.0005:
            heapq.heappop(self._waiting)[2]()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting and not self._closed:
            self._timer = self._loop.call_at(self._waiting[0][0], self._deliver)

    def _to_hub(self, data: bytes, client: Address) -> None:
        with contextlib.suppress(OSError, KeyError):
            self._outside[client].sendto(data, self._to)

    def _to_client(self, data: bytes, client: Address) -> None:
        with contextlib.suppress(OSError):
            self._inside.sendto(data, client)

    # --- sockets --------------------------------------------------------------------------------------

    def _opened(self, client: Address) -> socket.socket:
        outside = self._bound()
        self._loop.add_reader(outside.fileno(), self._from_hub, outside, client)
        return outside

    def _forget(self, one: socket.socket) -> None:
        self._loop.remove_reader(one.fileno())
        one.close()

    @staticmethod
    def _bound() -> socket.socket:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            one.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
        one.bind(("127.0.0.1", 0))
        return one

    @staticmethod
    def _taken(one: socket.socket) -> list[tuple[bytes, Address]]:
        taken: list[tuple[bytes, Address]] = []
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            while len(taken) < 64:
                taken.append(one.recvfrom(2048))
        return taken


@contextlib.asynccontextmanager
async def udp_relay(
    to_port: int, up: Line | None = None, down: Line | None = None, seed: int = 1
) -> AsyncIterator[UdpRelay]:
    """A relay that ends with the block."""
    relay = UdpRelay(to_port, up, down, seed)
    try:
        yield relay
    finally:
        relay.close()
