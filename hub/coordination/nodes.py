"""The media nodes that are linked now, and which of them a participant's session goes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from hub.coordination.sessions import SessionTable
from hub.errors import Refusal
from hub.link import Link

#: The kind of link that brings cameras.
GATEWAY: Final = "gateway"


@dataclass(slots=True)
class RelayState:
    """A relay that a node runs, and its open streams: `relay.stream` data by SSRC on the relay.

    `far` is the node at the other end, None for the recorder. `complete` says that the node has told all
    streams it has now; before that, one that is missing here may well exist.
    """

    meeting: str
    streams: dict[int, dict[str, Any]] = field(default_factory=dict)
    far: str | None = None
    complete: bool = False


@dataclass(slots=True)
class Node:
    """One linked media node.

    `hosts` (`host` is the first) and `port` are where other nodes reach it; `region` is the beginning of the codes of the
    centers it is there for (empty: all). `informed` holds the meetings whose state it has been told over this link. A
    `gateway` brings cameras: relays go to it as to any node, sessions never.
    """

    id: str
    link: Link
    pid: int = 0
    host: str = ""
    hosts: list[str] = field(default_factory=list)
    port: int = 0
    region: str = ""
    relays: dict[str, RelayState] = field(default_factory=dict)
    informed: set[str] = field(default_factory=set)
    gateway: bool = False

    @property
    def answers(self) -> bool:
        """Whether it can be asked now; one whose link has just closed may be back in a moment."""
        return not self.link.closed.is_set()


@dataclass(slots=True)
class NodeTable:
    """Linked nodes by id, and the sessions that are being opened on them at this moment."""

    _nodes: dict[str, Node] = field(default_factory=dict)
    _opening: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __len__(self) -> int:
        """How many there are that carry sessions."""
        return sum(not node.gateway for node in self._nodes.values())

    def get(self, node: str) -> Node | None:
        return self._nodes.get(node)

    def all(self) -> list[Node]:
        return list(self._nodes.values())

    def gateways(self) -> list[Node]:
        """The gateways of cameras that can be asked now, by id."""
        found = [node for node in self._nodes.values() if node.gateway and node.answers]
        return sorted(found, key=lambda node: node.id)

    def add(self, node: Node) -> None:
        self._nodes[node.id] = node

    def remove(self, node: Node) -> bool:
        """Forget a node whose link closed; False if it has linked anew meanwhile."""
        if self._nodes.get(node.id) is not node:
            return False
        del self._nodes[node.id]
        return True

    def carrying(self, meeting: str, sessions: SessionTable) -> list[Node]:
        """The nodes that carry sessions of this meeting and can be asked now, by id."""
        found = (self._nodes.get(name) for name in sorted(sessions.nodes_of(meeting)))
        return [node for node in found if node is not None and node.answers]

    def places(self, meeting: str, participant: str, center: str, sessions: SessionTable) -> list[Node]:
        """The nodes for one more session of a participant, best first.

        His other sessions of this meeting come before all else: his own picture and what he watches then cross
        nothing. Then the node of his region, the narrowest one first; then those of no region, then the rest;
        among equals the one with the fewest sessions. Raises Refusal("unavailable") without any.
        """
        has = {session.node for session in sessions.of(meeting, participant)}
        opening: Counter[str] = Counter()
        for (at, of, who), count in self._opening.items():
            opening[at] += count
            if (of, who) == (meeting, participant):
                has.add(at)

        def order(node: Node) -> tuple[bool, bool, int, int, str]:
            fits = center.startswith(node.region)
            load = sessions.load(node.id) + opening[node.id]
            return node.id not in has, not fits, -len(node.region) if fits else 0, load, node.id

        places = sorted(
            (node for node in self._nodes.values() if node.answers and not node.gateway), key=order
        )
        if not places:
            raise Refusal("unavailable", "no media node is linked")
        return places

    @contextmanager
    def opening(self, node: Node, meeting: str, participant: str) -> Iterator[None]:
        """A session is being opened: it counts already, so that a thousand at once do not all go to one node."""
        key = (node.id, meeting, participant)
        self._opening[key] += 1
        try:
            yield
        finally:
            self._opening[key] -= 1
            if not self._opening[key]:
                del self._opening[key]


def node_from_hello(link: Link, hello: dict[str, Any]) -> Node:
    """The table's row for a node that said hello."""
    relays = {
        str(relay["relay"]): RelayState(
            str(relay["meeting"]), far=str(relay["node"]) if relay.get("node") is not None else None
        )
        for relay in hello.get("relays", [])
    }
    media = hello.get("media") or {}
    return Node(
        str(hello["id"]),
        link,
        int(hello.get("pid") or 0),
        str(media.get("host", "")),
        [str(host) for host in media.get("hosts", [])],
        int(media.get("port", 0)),
        str(hello.get("region") or ""),
        relays,
        gateway=hello.get("kind") == GATEWAY,
    )
