"""The relays of a node, to the recorder and to other nodes: opened, closed and driven together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from hub.errors import Refusal
from hub.media.ingest.layer import Layer
from hub.media.meeting.router import Router
from hub.media.relay.between_nodes import NodeRelay
from hub.media.relay.recorder import RecorderRelay
from hub.media.transport.address import Address
from hub.media.transport.ingress import Ingress
from hub.media.transport.outlet import Port
from hub.media.transport.srtp import SealBuffer

log = logging.getLogger(__name__)


class Host(Protocol):
    """What a relay needs of the plane it lives in."""

    def router_of(self, meeting: str) -> Router: ...
    def mark(self, layer: Layer) -> None:
        """A layer has packets to fan out when the port is drained."""

    def tell(self, event: str, data: dict[str, Any]) -> None: ...


class RelayTable:
    """All relays, by id. A mapping of them for reading."""

    def __init__(
        self,
        host: Host,
        ingress: Ingress,
        port: Port,
        buffer: SealBuffer,
        clock: Callable[[], float],
        to_unix: Callable[[float], float],
    ) -> None:
        self._relays: dict[str, RecorderRelay | NodeRelay] = {}
        self._host = host
        self._ingress = ingress
        self._port = port
        self._buffer = buffer
        self._clock = clock
        self._to_unix = to_unix

    def __len__(self) -> int:
        return len(self._relays)

    def __iter__(self) -> Iterator[str]:
        return iter(self._relays)

    def __getitem__(self, relay: str) -> RecorderRelay | NodeRelay:
        return self._relays[relay]

    def open(
        self,
        relay: str,
        meeting: str,
        address: Address,
        send_key: bytes,
        receive_key: bytes,
        node: str | None = None,
    ) -> None:
        """Open a relay to the recorder, or to the node named. Raises Refusal: `conflict`, `invalid`."""
        if relay in self._relays:
            raise Refusal("conflict", "there is a relay with this id", "relay")
        router = self._host.router_of(meeting)
        opened: RecorderRelay | NodeRelay
        try:
            if node is None:
                opened = RecorderRelay(
                    relay_id=relay,
                    meeting=meeting,
                    address=address,
                    send_key=send_key,
                    receive_key=receive_key,
                    port=self._port,
                    buffer=self._buffer,
                    tell=self._host.tell,
                    clock=self._clock,
                )
            else:
                opened = NodeRelay(
                    relay_id=relay,
                    node=node,
                    router=router,
                    address=address,
                    send_key=send_key,
                    receive_key=receive_key,
                    port=self._port,
                    buffer=self._buffer,
                    tell=self._host.tell,
                    mark=self._host.mark,
                    forget=lambda ssrc: self._ingress.forget_source(address, ssrc),
                    clock=self._clock,
                    to_unix=self._to_unix,
                )
        except ValueError as error:
            raise Refusal("invalid", str(error), "send_key") from error
        opened.outlet.on_failure = lambda: self._give_up(relay)
        self._relays[relay] = opened
        self._ingress.add_receiver(address, opened)
        router.add_relay(relay, opened)
        if isinstance(opened, NodeRelay):
            opened.opened()

    def close(self, relay: str) -> None:
        """Stop a relay; an unknown one is no error."""
        closed = self._relays.pop(relay, None)
        if closed is not None:
            try:
                self._host.router_of(closed.meeting).remove_relay(relay)
            finally:
                self._ingress.remove_receiver(closed.address, closed)
                closed.close()

    def close_meeting(self, meeting: str) -> None:
        """Stop every relay of a meeting."""
        for relay in [relay.id for relay in self._relays.values() if relay.meeting == meeting]:
            self.close(relay)

    def stream(self, data: dict[str, Any]) -> None:
        """Control tells a stream of another node; one of a relay that is closed already is no error."""
        relay = self._relays.get(str(data.get("relay")))
        if isinstance(relay, NodeRelay):
            relay.stream(data)

    def told(self, data: dict[str, Any]) -> None:
        """Control tells that another node has told all its streams."""
        relay = self._relays.get(str(data.get("relay")))
        if isinstance(relay, NodeRelay):
            relay.told(data)

    def _give_up(self, relay: str) -> None:
        """The relay met a bug: close it whatever it says, and tell control, which opens another one with fresh keys."""
        closed = self._relays.get(relay)
        if closed is None:
            return
        try:
            self.close(relay)
        except Exception:
            log.exception("closing relay %s failed", relay)
        self._host.tell("relay.failed", {"relay": relay, "meeting": closed.meeting})

    def tick(self, now: float) -> None:
        """What is due by time."""
        for relay in list(self._relays.values()):
            try:
                relay.tick(now)
            except Exception:
                log.exception("the tick of relay %s failed; it is closed", relay.id)
                self._give_up(relay.id)

    def retell(self) -> None:
        """Tell control once more every stream there is."""
        for relay in self._relays.values():
            relay.retell()

    def hello(self) -> list[dict[str, Any]]:
        """The relays in the node's hello."""
        return [relay.hello() for relay in self._relays.values()]

    def dump(self) -> list[dict[str, object]]:
        """The relays for people."""
        return [relay.dump() for relay in self._relays.values()]
