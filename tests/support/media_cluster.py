"""Several nodes' media planes in one virtual time, with the relays between them and a stand-in for control."""

from __future__ import annotations

import functools
import itertools
import os
from collections import Counter
from typing import Any

from hub.media.relay.between_nodes import NodeRelay
from hub.media.transport.address import Address
from hub.wire import demux
from tests.support.lossy import Line, LossyNetwork
from tests.support.media_world import World


class _Neighbour:
    """A node as another one reaches it. `crossed` counts what came over, by kind; `bytes` how much."""

    def __init__(self, world: World, here: Address) -> None:
        self.crossed: Counter[str] = Counter()
        self.bytes = 0
        self._world = world
        self._here = here

    def receive(self, data: bytes) -> None:
        """A datagram of the other node arrives."""
        self.crossed["rtcp" if demux.classify(data) == demux.RTCP else "rtp"] += 1
        self.bytes += len(data)
        self._world.inject(data, self._here)


class Cluster:
    """`nodes` are Worlds on one network; `link` opens a relay between two, and from then on what each tells of its
    streams reaches the other after `control_s`."""

    def __init__(self, nodes: int = 2, *, seed: int = 1, line: Line | None = None) -> None:
        self.network = LossyNetwork(seed)
        self.nodes = [World(network=self.network) for _ in range(nodes)]
        self.line = line or Line(delay_s=0.002)
        self.control_s = 0.003
        self.neighbours: dict[tuple[int, int], _Neighbour] = {}
        self._names = itertools.count(1)
        self._far: dict[tuple[int, str], int] = {}
        self._passed = [0] * nodes
        for a, b in itertools.permutations(range(nodes), 2):
            neighbour = self.neighbours[a, b] = _Neighbour(self.nodes[b], self.address(a))
            self.nodes[a].peers[self.address(b)] = (neighbour, self.line)  # type: ignore[assignment]
        self.network.every(self.control_s, self._pass_on)

    @staticmethod
    def address(node: int) -> Address:
        """Where the nodes reach this one."""
        return (f"10.1.0.{node + 1}", 5000)

    def link(self, a: int = 0, b: int = 1, meeting: str = "m") -> str:
        """Open a relay; returns its id."""
        relay = f"x_{next(self._names)}"
        forth, back = os.urandom(28), os.urandom(28)
        for here, there, keys in ((a, b, (forth, back)), (b, a, (back, forth))):
            self._far[here, relay] = there
            self.nodes[here].sfu.relay_open(relay, meeting, self.address(there), *keys, f"node-{there}")
        return relay

    def relay(self, node: int, relay: str) -> NodeRelay:
        """One end of a relay."""
        found = self.nodes[node].sfu.relays[relay]
        assert isinstance(found, NodeRelay)
        return found

    def crossed(self, a: int = 0, b: int = 1) -> int:
        """Media packets that went from one node to another so far."""
        return self.neighbours[a, b].crossed["rtp"]

    def run(self, seconds: float) -> None:
        self.network.run(seconds)

    def _pass_on(self) -> None:
        """Control: what a node tells of its streams is told to the node at the other end."""
        for index, world in enumerate(self.nodes):
            news, self._passed[index] = world.told[self._passed[index] :], len(world.told)
            for event, data in news:
                if event in ("relay.stream", "relay.told") and (index, data["relay"]) in self._far:
                    far = self.nodes[self._far[index, data["relay"]]].sfu.relays
                    hear = far.stream if event == "relay.stream" else far.told
                    self.network.at(self.network.now + self.control_s, functools.partial(hear, data))


def participants(told: list[dict[str, Any]]) -> set[str]:
    """Who is among the sources that a node told last."""
    return {source["participant"] for source in told[-1]["sources"]} if told else set()
