"""Relays between nodes: whoever watches at one node gets what is published at another, each stream once.

For each pair of nodes that carry sessions of one meeting there is one relay for both directions, with keys made
here. A node tells its streams (`relay.stream`); they are passed on to the other one, which asks it over the relay
itself for those that somebody there watches.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.coordination.nodes import Node, NodeTable, RelayState
from hub.errors import Refusal

Data = dict[str, Any]
#: Master key and salt of AEAD_AES_128_GCM (RFC 7714 §12).
_KEY_BYTES: Final = 28
#: Distinguishes these relays from the recorder's, which are named after their recording.
_PREFIX: Final = "x_"


@dataclass(slots=True)
class Crossing:
    """One relay between two nodes, both of which have opened it over the links that `ends` have now."""

    relay: str
    meeting: str
    ends: tuple[Node, Node]

    def far(self, node: Node) -> Node | None:
        """The end that is not `node`; None if `node` is no end, or was one over an earlier link."""
        first, second = self.ends
        return second if node is first else first if node is second else None


class Cascade:
    """Brings the relays between nodes to what the meetings need.

    What is needed is passed in each time; what runs is learnt from the hellos. One call at a time for a meeting:
    the caller holds that meeting's lock.
    """

    def __init__(self, nodes: NodeTable) -> None:
        self._nodes = nodes
        self._crossings: dict[str, Crossing] = {}  # by relay

    async def ensure(self, meeting: str, carrying: Sequence[Node]) -> None:
        """Have a relay between any two of these nodes, and no others. Raises Refusal when one does not answer."""
        # Cameras come to a gateway from outside: gateways have nothing for each other.
        pairs = [(a, b) for a, b in itertools.combinations(carrying, 2) if not (a.gateway and b.gateway)]
        await self.ensure_pairs(meeting, pairs)

    async def ensure_pairs(self, meeting: str, pairs: Sequence[tuple[Node, Node]]) -> None:
        """Have a relay between the nodes of each pair, and no others. Raises Refusal when one does not answer."""
        kept = {relay for a, b in pairs if (relay := self._common(meeting, a, b)) is not None}
        # First away with what is not needed: a node that is lost must not be sent to.
        await self._close_others(meeting, kept)
        for a, b in pairs:
            relay = self._common(meeting, a, b)
            if relay is None:
                await self._open(meeting, a, b)
            elif relay not in self._crossings or self._crossings[relay].ends != (a, b):
                self._take_up(relay, a, b)

    async def close(self, meeting: str) -> None:
        """Close every relay of a meeting."""
        await self._close_others(meeting, set())

    def meetings_of(self, node: str) -> set[str]:
        """Meetings whose relays have this node at one end."""
        return {
            crossing.meeting
            for crossing in self._crossings.values()
            if node in {end.id for end in crossing.ends}
        }

    def stream(self, node: Node, data: Data) -> bool:
        """A node tells a stream that it can send; False if this is not about a relay between nodes."""
        relay = str(data["relay"])
        state = node.relays.get(relay)
        if state is None or state.far is None:
            return False
        if data["state"] == "open":
            state.streams[int(data["ssrc"])] = data
        else:
            state.streams.pop(int(data["ssrc"]), None)
        self._pass_on(node, relay, "relay.stream", data)
        return True

    def told(self, node: Node, data: Data) -> None:
        """A node has told every stream that it has now on one relay: what is not among them has ended."""
        relay = str(data["relay"])
        state = node.relays.get(relay)
        if state is None or state.far is None:
            return
        named = {int(ssrc) for ssrc in data["ssrcs"]}
        state.streams = {ssrc: stream for ssrc, stream in state.streams.items() if ssrc in named}
        state.complete = True
        self._pass_on(node, relay, "relay.told", data)

    def dump(self) -> list[Data]:
        """The relays between nodes, for people."""
        return [
            {
                "relay": crossing.relay,
                "nodes": [end.id for end in crossing.ends],
                "streams": [len(end.relays[crossing.relay].streams) for end in crossing.ends],
            }
            for crossing in self._crossings.values()
            if all(crossing.relay in end.relays for end in crossing.ends)
        ]

    def _pass_on(self, node: Node, relay: str, event: str, data: Data) -> None:
        crossing = self._crossings.get(relay)
        far = crossing.far(node) if crossing is not None else None
        if far is not None:
            far.link.tell(event, data)

    def _common(self, meeting: str, a: Node, b: Node) -> str | None:
        """The relay that both nodes have open to each other for this meeting."""
        for relay, state in a.relays.items():
            other = b.relays.get(relay)
            if other is not None and state.meeting == meeting and (state.far, other.far) == (b.id, a.id):
                return relay
        return None

    async def _open(self, meeting: str, a: Node, b: Node) -> None:
        relay = _PREFIX + secrets.token_hex(8)
        forth, back = (secrets.token_hex(_KEY_BYTES) for _ in range(2))
        ends = ((a, b, forth, back), (b, a, back, forth))
        for here, there, _, _ in ends:
            here.relays[relay] = RelayState(meeting, far=there.id)
        answers = await asyncio.gather(
            *(
                here.link.call(
                    "relay.open",
                    {
                        "relay": relay,
                        "meeting": meeting,
                        "node": there.id,
                        "host": there.host,
                        "hosts": there.hosts or [there.host],
                        "port": there.port,
                        "send_key": send,
                        "receive_key": receive,
                    },
                )
                for here, there, send, receive in ends
            ),
            return_exceptions=True,
        )
        failed = next((answer for answer in answers if isinstance(answer, BaseException)), None)
        if failed is not None:
            await self._close_ends(relay, (a, b))
            raise failed
        self._take_up(relay, a, b)

    def _take_up(self, relay: str, a: Node, b: Node) -> None:
        """Both ends are open: tell each what the other has, as far as it is known; the rest is passed on as it comes."""
        self._crossings[relay] = Crossing(relay, a.relays[relay].meeting, (a, b))
        for here, there in ((a, b), (b, a)):
            state = there.relays[relay]
            for stream in state.streams.values():
                here.link.tell("relay.stream", stream)
            if state.complete:
                here.link.tell("relay.told", {"relay": relay, "ssrcs": list(state.streams)})

    async def _close_others(self, meeting: str, kept: set[str]) -> None:
        for node in self._nodes.all():
            for relay, state in list(node.relays.items()):
                if state.far is not None and state.meeting == meeting and relay not in kept:
                    await self._close_ends(relay, (node,))

    async def _close_ends(self, relay: str, ends: Iterable[Node]) -> None:
        self._crossings.pop(relay, None)
        for node in ends:
            node.relays.pop(relay, None)
            try:
                await node.link.call("relay.close", {"relay": relay})
            except Refusal:
                # Its link is gone: whether it has the relay still, its next hello will say.
                continue
