"""A client of the relay (TURN, RFC 8656) for tests: what it gives, and what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from aioice import stun, turn

from hub.turn import Credentials

#: A channel of one's own choice (RFC 8656 §12).
_CHANNEL = 0x4123


class Allocation:
    """An address at the relay."""

    def __init__(self, inner: Any, address: tuple[str, int], received: asyncio.Queue[bytes]) -> None:
        self._inner = inner
        #: Where the relay sends from.
        self.address = address
        self.received = received

    async def asks(
        self,
        peer: tuple[str, int],
        method: Literal["CREATE_PERMISSION", "CHANNEL_BIND"] = "CREATE_PERMISSION",
    ) -> int:
        """Ask to be let through to this address; 200, or the code of the refusal."""
        request = stun.Message(message_method=stun.Method[method], message_class=stun.Class.REQUEST)
        if method == "CHANNEL_BIND":
            request.attributes["CHANNEL-NUMBER"] = _CHANNEL
        request.attributes["XOR-PEER-ADDRESS"] = peer
        try:
            await self._inner.request_with_retry(request)
        except stun.TransactionFailed as failed:
            return int(failed.response.attributes["ERROR-CODE"][0])
        return 200

    async def send(self, data: bytes, peer: tuple[str, int]) -> None:
        """Send a datagram from the relay's address."""
        await self._inner.send_data(data, peer)


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.received: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.received.put_nowait(data)


@asynccontextmanager
async def allocation(
    server: tuple[str, int], keys: Credentials, transport: str = "tcp"
) -> AsyncIterator[Allocation]:
    """An address at the relay, given back at the end. Raises stun.TransactionFailed when it is refused."""
    made, receiver = await turn.create_turn_endpoint(
        _Receiver, server_addr=server, username=keys.username, password=keys.credential, transport=transport
    )
    try:
        inner = made._TurnTransport__inner_protocol
        yield Allocation(inner, made.get_extra_info("sockname"), receiver.received)
    finally:
        made.close()
        await asyncio.sleep(0)


def refusal_of(error: stun.TransactionFailed) -> int:
    """The code of a refused request."""
    return int(error.response.attributes["ERROR-CODE"][0])
