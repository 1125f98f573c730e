"""The media nodes that are linked now, and which of them carries which meeting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.coordination.sessions import Session
from hub.errors import Refusal
from hub.link import Link


@dataclass(slots=True)
class RelayState:
    """A relay that a node runs, and its open streams: `relay.stream` data by SSRC on the relay."""

    meeting: str
    streams: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Node:
    """One linked media node. `informed` holds the meetings whose state it has been told over this link."""

    id: str
    link: Link
    relays: dict[str, RelayState] = field(default_factory=dict)
    informed: set[str] = field(default_factory=set)


@dataclass(slots=True)
class NodeTable:
    """Linked nodes by id, and the node each meeting is on. A meeting stands on one node."""

    _nodes: dict[str, Node] = field(default_factory=dict)
    _meetings: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._nodes)

    def get(self, node: str) -> Node | None:
        return self._nodes.get(node)

    def all(self) -> list[Node]:
        return list(self._nodes.values())

    def add(self, node: Node) -> None:
        self._nodes[node.id] = node

    def remove(self, node: Node) -> bool:
        """Forget a node whose link closed; False if it has linked anew meanwhile."""
        if self._nodes.get(node.id) is not node:
            return False
        del self._nodes[node.id]
        return True

    def settle(self, meeting: str, node: str) -> None:
        """A meeting is found to be on this node already."""
        self._meetings.setdefault(meeting, node)

    def unsettle(self, node: str) -> None:
        """Free the meetings of a lost node to go elsewhere."""
        self._meetings = {meeting: at for meeting, at in self._meetings.items() if at != node}

    def forget(self, meeting: str) -> None:
        self._meetings.pop(meeting, None)

    def of_meeting(self, meeting: str) -> Node | None:
        """The node a meeting is on, if it is linked now."""
        return self._nodes.get(self._meetings.get(meeting, ""))

    def for_meeting(self, meeting: str, sessions: Iterable[Session]) -> Node:
        """The node a meeting is on, or the least loaded one. Raises Refusal("unavailable") without one."""
        at = self._meetings.get(meeting)
        if at is not None:
            node = self._nodes.get(at)
            if node is None:
                raise Refusal(
                    "unavailable", "the media node of this meeting is away; it is being brought back"
                )
            return node
        if not self._nodes:
            raise Refusal("unavailable", "no media node is linked")
        load = Counter(session.node for session in sessions)
        node = min(self._nodes.values(), key=lambda each: (load[each.id], each.id))
        self._meetings[meeting] = node.id
        return node


def node_from_hello(link: Link, hello: dict[str, Any]) -> Node:
    """The table's row for a node that said hello."""
    relays = {
        str(relay["relay"]): RelayState(
            str(relay["meeting"]), {int(stream["ssrc"]): stream for stream in relay.get("streams", [])}
        )
        for relay in hello.get("relays", [])
    }
    return Node(str(hello["id"]), link, relays)
