"""Nodes and the recorder as they link, link again and stay away: what they have is compared with what is known."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from typing import Any

from hub.coordination.camera_offers import CameraOffers
from hub.coordination.cameras import CameraRoom
from hub.coordination.cascade import Cascade
from hub.coordination.closing import Closer
from hub.coordination.hearing import Hearing
from hub.coordination.heartbeat import Heartbeats
from hub.coordination.meetings import MeetingKeeper
from hub.coordination.nodes import GATEWAY, Node, NodeTable, node_from_hello
from hub.coordination.recording import RecordingKeeper
from hub.coordination.sessions import TAKEN, Session, SessionTable, from_link
from hub.errors import Refusal
from hub.link import Link

log = logging.getLogger(__name__)

Data = dict[str, Any]
#: How long a node that stopped talking may take to dial again before its sessions are told that it is lost.
NODE_GRACE_S = 3.0


class LinkKeeper:
    """Takes up each link and stays with it until it is closed."""

    def __init__(
        self,
        nodes: NodeTable,
        sessions: SessionTable,
        hearing: Hearing,
        meetings: MeetingKeeper,
        recordings: RecordingKeeper,
        cascade: Cascade,
        closer: Closer,
        cameras: CameraRoom,
        offers: CameraOffers,
    ) -> None:
        self._nodes = nodes
        self._sessions = sessions
        self._hearing = hearing
        self._meetings = meetings
        self._recordings = recordings
        self._cascade = cascade
        self.heartbeats = Heartbeats()
        self._closer = closer
        self._cameras = cameras
        self._offers = offers

    async def on_link(self, link: Link, hello: Data) -> None:
        """Take up a node or the recorder; returns when its link is closed. Raises Refusal for anybody else."""
        take = {"node": self._on_node, GATEWAY: self._on_node, "recorder": self._on_recorder}.get(
            str(hello.get("kind"))
        )
        if take is None:
            raise Refusal("invalid", "a link is of a node, of a gateway or of a recorder", "kind")
        beating = asyncio.create_task(self.heartbeats.keep(link, int(hello.get("pid") or 0)))
        try:
            await take(link, hello)
        finally:
            beating.cancel()

    async def _on_node(self, link: Link, hello: Data) -> None:
        node = node_from_hello(link, hello)
        self._require_new_or_same(node, hello)
        link.events = {
            **self._hearing.handlers(node.id),
            "relay.stream": functools.partial(self._stream, node),
            "relay.told": functools.partial(self._cascade.told, node),
            "relay.failed": functools.partial(self._relay_failed, node),
        }
        self._nodes.add(node)
        log.info("%s %s has linked with %d peers", hello["kind"], node.id, len(hello.get("peers", [])))
        if node.gateway:
            link.events = {**link.events, **self._camera_events(node)}
            self._cameras.take_gateway(node, hello)
        for peer in self._compare_sessions(node, hello):
            await link.call("peer.close", {"peer": peer, "reason": "ended"})
        self._closer.forget_node(node.id)
        for each in hello.get("meetings", []):
            meeting = str(each["meeting"])
            if not self._meetings.knows(meeting):
                await link.call("meeting.close", {"meeting": meeting})
            else:
                # It has routed on without us: what has changed meanwhile is told.
                await self._meetings.inform(meeting, node)
        self._meetings.settle_all()
        await link.closed.wait()
        log.warning("the link of node %s is closed", node.id)
        await asyncio.sleep(NODE_GRACE_S)
        if self._nodes.remove(node):
            self._lose_node(node.id)

    def _camera_events(self, node: Node) -> dict[str, Callable[[Data], None]]:
        """The handlers of what a gateway tells besides."""
        return {
            "camera.state": functools.partial(self._offers.take_state, node),
            "ptz.refused": functools.partial(self._offers.take_refused, node),
        }

    def _require_new_or_same(self, node: Node, hello: Data) -> None:
        """Two nodes of one name would take each other's sessions away, again and again."""
        there = self._nodes.get(node.id)
        if there is not None and there.answers and there.pid not in (0, node.pid):
            log.error("two nodes call themselves %s; the second one is refused", node.id)
            raise Refusal(
                "conflict", f"there is a node named {node.id}; HUB_NODE_ID gives another name", "id"
            )

    def _stream(self, node: Node, data: Data) -> None:
        if not self._cascade.stream(node, data):
            self._recordings.stream(node, data)

    def _relay_failed(self, node: Node, data: Data) -> None:
        """A node has closed a relay for a bug it met: another one is opened, after a pause, as it may meet it again."""
        relay = str(data["relay"])
        state = node.relays.pop(relay, None)
        if state is not None:
            log.error("relay %s of node %s has failed", relay, node.id)
            self._recordings.relay_failed(node, relay)
            self._meetings.settle_later(state.meeting)

    def _compare_sessions(self, node: Node, hello: Data) -> list[str]:
        """Match what the node has with what is known; returns the peers that ought not to be there."""
        has = {str(peer["peer"]): peer for peer in hello.get("peers", [])}
        for session in self._sessions.on_node(node.id):
            if session.id not in has:
                self._sessions.remove(session.id)
                self._hearing.tell_closed(session, "node_lost")
        strangers = []
        for peer_id, peer in has.items():
            if self._sessions.get(peer_id) is None:
                session = Session(
                    peer_id,
                    str(peer["meeting"]),
                    str(peer["participant"]),
                    str(peer["direction"]),
                    node.id,
                    str(peer["etag"]),
                    bool(peer["connected"]),
                    str(peer.get("source") or "camera"),
                    access=from_link(str(peer.get("access") or "")),
                    takes=frozenset(str(codec) for codec in peer.get("takes", TAKEN)),
                )
                ought = self._meetings.may_stay(session.meeting, session.participant)
                if ought and not self._closer.is_closing(peer_id):
                    self._sessions.add(session)
                else:
                    strangers.append(peer_id)
        return strangers

    async def _on_recorder(self, link: Link, hello: Data) -> None:
        self._recordings.take_recorder(link, hello)
        log.info("the recorder has linked with %d recordings", len(hello.get("recordings", [])))
        self._meetings.settle_all()
        await link.closed.wait()
        log.warning("the link of the recorder is closed")
        self._recordings.lose_recorder(link)

    def _lose_node(self, node: str) -> None:
        """Its participants come back to the other nodes; those let go of their relays to it."""
        log.warning("node %s is lost with %d sessions", node, self._sessions.load(node))
        meetings = {session.meeting for session in self._sessions.on_node(node)}
        meetings |= self._cascade.meetings_of(node)
        self._recordings.forget_node(node)
        self._hearing.forget_node(node)
        self._closer.forget_node(node)
        self._offers.lose_gateway(node)
        for session in self._sessions.on_node(node):
            self._sessions.remove(session.id)
            self._hearing.tell_closed(session, "node_lost")
        for meeting in meetings:
            self._meetings.settle_soon(meeting)
