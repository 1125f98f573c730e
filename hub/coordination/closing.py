"""The end of media sessions: forgotten and told at once, and brought about at their node until it is so."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from hub.coordination.background import Background
from hub.coordination.hearing import Hearing
from hub.coordination.meetings import MeetingKeeper
from hub.coordination.nodes import NodeTable
from hub.coordination.sessions import Session, SessionTable
from hub.errors import Refusal

#: Pause before a node that did not answer is asked again to close a peer.
RETRY_S: Final = 1.0

log = logging.getLogger(__name__)


class Closer:
    """Ends sessions. `is_closing` says of a peer that a node still has whether it ought to be gone."""

    def __init__(
        self,
        sessions: SessionTable,
        hearing: Hearing,
        meetings: MeetingKeeper,
        nodes: NodeTable,
        background: Background,
    ) -> None:
        self._sessions = sessions
        self._hearing = hearing
        self._meetings = meetings
        self._nodes = nodes
        self._background = background
        self._closing: dict[str, str] = {}  # peers that ought to be gone -> node

    def close(self, session: Session, reason: str | None) -> None:
        """End a session; `reason` is told to its owner, None when he closed it himself."""
        if self._sessions.remove(session.id) is None:
            return
        if reason is not None:
            self._hearing.tell_closed(session, reason)
        else:
            self._hearing.forget_lines(session)
        if not any(other.node == session.node for other in self._sessions.of(session.meeting)):
            self._meetings.settle_soon(session.meeting)  # its node needs no relays of this meeting any more
        self._closing[session.id] = session.node
        self._background.spawn(self._close_peer(session, reason or "closed"))

    def is_closing(self, peer: str) -> bool:
        return peer in self._closing

    def forget_node(self, node: str) -> None:
        """A node is lost, and every peer with it."""
        self._closing = {peer: at for peer, at in self._closing.items() if at != node}

    async def _close_peer(self, session: Session, reason: str) -> None:
        """Until the node has done it, or has another link: what it still has then its hello says."""
        node = self._nodes.get(session.node)
        while node is not None and node.answers and self._nodes.get(session.node) is node:
            try:
                await node.link.call("peer.close", {"peer": session.id, "reason": reason})
            except Refusal as refusal:
                log.warning("peer %s is not closed yet: %s", session.id, refusal.message)
                await asyncio.sleep(RETRY_S)
                continue
            self._closing.pop(session.id, None)
            return
