"""Open meetings on their nodes: each node that carries one is told its truth, linked to the others, and recorded."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from hub.conference.guests import told_to_node
from hub.conference.recording import RunningRecording
from hub.conference.unit_state import together
from hub.coordination.background import Background
from hub.coordination.cascade import Cascade
from hub.coordination.hearing import Hearing
from hub.coordination.nodes import Node, NodeTable
from hub.coordination.recording import RecordingKeeper
from hub.coordination.sessions import SessionTable
from hub.errors import Refusal
from hub.rules import to_node
from hub.state import HubState, Meeting

log = logging.getLogger(__name__)

#: How soon a meeting is looked at again when a node or the recorder did not answer, at first and at most.
RETRY_S = 1.0
LONGEST_RETRY_S = 15.0


class StateHolder(Protocol):
    """Where the journal's state stands."""

    @property
    def state(self) -> HubState: ...


class MeetingKeeper:
    """Brings each open meeting to what its sessions and its recording need. One thing at a time for a meeting."""

    def __init__(
        self,
        writer: StateHolder,
        nodes: NodeTable,
        sessions: SessionTable,
        hearing: Hearing,
        recordings: RecordingKeeper,
        cascade: Cascade,
        background: Background,
    ) -> None:
        self._writer = writer
        self._nodes = nodes
        self._sessions = sessions
        self._hearing = hearing
        self._recordings = recordings
        self._cascade = cascade
        self._background = background
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._due: set[str] = set()
        self._settling: set[str] = set()
        self._news: set[str] = set()
        self._telling: set[str] = set()
        #: Places that are no meetings and stand always, each with what brings its nodes in order. Raises Refusal.
        self.standing: dict[str, Callable[[], Awaitable[None]]] = {}
        #: What nodes are told of those (the arguments of `meeting.set`).
        self.standing_truths: dict[str, Callable[[], dict[str, Any]]] = {}
        #: More nodes that a meeting needs: those that bring its cameras.
        self.bringing: Callable[[str], list[Node]] = lambda meeting: []

    # -- what the journal says

    def open_meeting(self, meeting: str) -> Meeting | None:
        """The meeting, if it is open."""
        found = self._writer.state.meetings.get(meeting)
        return found if found is not None and found.is_open else None

    def knows(self, meeting: str) -> bool:
        """Whether this is an open meeting, or a place that stands always."""
        return meeting in self.standing or self.open_meeting(meeting) is not None

    def may_stay(self, meeting: str, participant: str) -> bool:
        """Whether a session of this participant that a node has is to go on."""
        return meeting in self.standing or self.is_joined(meeting, participant)

    def is_joined(self, meeting: str, participant: str) -> bool:
        found = self.open_meeting(meeting)
        return found is not None and found.is_in(participant)

    def require_joined(self, meeting: str, participant: str) -> None:
        """Raises Refusal: `meeting_ended`, `not_joined`."""
        if self.open_meeting(meeting) is None:
            raise Refusal("meeting_ended", "the meeting is not open")
        if not self.is_joined(meeting, participant):
            raise Refusal("not_joined", "join the meeting first")

    # -- telling nodes

    async def inform(self, meeting: str, node: Node) -> None:
        """Have the node know the meeting's truth before its first peer of it."""
        if meeting not in node.informed:
            async with self._locks[meeting]:
                if meeting not in node.informed:
                    await self._tell_truth(node, meeting)

    def tell_news(self, meeting: str) -> None:
        """What nodes must know has changed: tell all that have the meeting, or one that is one conference with it, one call
        at a time and the newest truth each time.

        A chair who mutes two thousand makes a few calls by it, not two thousand.
        """
        for each in together(self._writer.state, meeting):
            self._news.add(each)
            if each not in self._telling:
                self._telling.add(each)
                self._background.spawn(self._tell_until_known(each))

    async def _tell_until_known(self, meeting: str) -> None:
        try:
            while meeting in self._news and self._truth_of(meeting) is not None:
                async with self._locks[meeting]:
                    self._news.discard(meeting)
                    informed = [
                        node for node in self._nodes.all() if meeting in node.informed and node.answers
                    ]
                    told = await asyncio.gather(
                        *(self._tell_truth(node, meeting) for node in informed), return_exceptions=True
                    )
                for node, outcome in zip(informed, told, strict=True):
                    if isinstance(outcome, Refusal):  # its next hello is answered with the whole truth
                        log.warning("node %s is not told of %s now: %s", node.id, meeting, outcome.message)
                    elif outcome is not None:
                        raise outcome
        finally:
            self._telling.discard(meeting)
            self._news.discard(meeting)

    async def _tell_truth(self, node: Node, meeting: str) -> None:
        """Tell a node the whole truth of a meeting. The caller holds the meeting's lock."""
        truth = self._truth_of(meeting)
        if truth is not None:
            await node.link.call("meeting.set", {"meeting": meeting, **truth})
            node.informed.add(meeting)

    def _truth_of(self, meeting: str) -> dict[str, Any] | None:
        """What nodes are told of a meeting that is open, or of a place that stands always."""
        if meeting in self.standing_truths:
            return self.standing_truths[meeting]()
        state = self.open_meeting(meeting)
        if state is None:
            return None
        return {**to_node(state), **told_to_node(self._writer.state, state)}

    # -- settling

    def settle_soon(self, meeting: str) -> None:
        """Something about the meeting's nodes has changed: bring it and those that are one conference with it in order, and
        again until they are."""
        for each in together(self._writer.state, meeting):
            self._due.add(each)
            if each not in self._settling:
                self._settling.add(each)
                self._background.spawn(self._settle_until_done(each))

    def settle_later(self, meeting: str) -> None:
        """The same after RETRY_S: what has just failed might at once again."""

        async def later() -> None:
            await asyncio.sleep(RETRY_S)
            self.settle_soon(meeting)

        self._background.spawn(later())

    async def _settle_until_done(self, meeting: str) -> None:
        pause = RETRY_S
        try:
            while meeting in self._due:
                self._due.discard(meeting)
                try:
                    await self._settle(meeting)
                    pause = RETRY_S
                except Refusal as refusal:
                    log.warning("meeting %s is not in order yet: %s", meeting, refusal.message)
                    self._due.add(meeting)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_RETRY_S)
        finally:
            self._settling.discard(meeting)

    async def _settle(self, meeting: str) -> None:
        """Inform, link and record every node that carries the meeting."""
        standing = self.standing.get(meeting)
        if standing is not None:
            async with self._locks[meeting]:
                for node in (*self._nodes.gateways(), *self._nodes.carrying(meeting, self._sessions)):
                    if meeting not in node.informed:
                        await self._tell_truth(node, meeting)
                await standing()
            return
        state = self.open_meeting(meeting)
        if state is None:
            await self._cascade.close(meeting)
            return
        async with self._locks[meeting]:
            needing = self._needing(meeting)
            for node in needing:
                if meeting not in node.informed:
                    await self._tell_truth(node, meeting)
            await self._cascade.ensure(meeting, needing)
            recording = state.read(RunningRecording).running
            if recording is not None and len(self._nodes):
                for node in needing or self._nodes.places(meeting, "", "", self._sessions)[:1]:
                    if meeting not in node.informed:
                        await self._tell_truth(node, meeting)
                    await self._recordings.ensure(recording, meeting, node)

    def _needing(self, meeting: str) -> list[Node]:
        """The nodes at which somebody may see or hear people of this meeting, by id: also in one that it is one with."""
        found = {
            node.id: node
            for each in together(self._writer.state, meeting)
            for node in (*self._nodes.carrying(each, self._sessions), *self.bringing(each))
        }
        return [found[name] for name in sorted(found)]

    def settle_all(self) -> None:
        """A recorder has linked, or a node: settle every open meeting, and end every recording that ought not to run."""
        for place in self.standing:
            self.settle_soon(place)
        ought = set()
        for meeting in self._writer.state.meetings.values():
            running = meeting.read(RunningRecording).running if meeting.is_open else None
            if running is not None:
                ought.add(running)
            if meeting.is_open:
                self.settle_soon(meeting.id)
        for stray in self._recordings.strays(ought):
            self._background.spawn(self._recordings.close(stray))

    # -- ends

    async def stop_recording(self, meeting: str, recording: str) -> None:
        """A recording has been stopped: no node feeds it any more, and the recorder finishes it."""
        async with self._locks[meeting]:
            await self._recordings.unwire(recording, [node for node in self._nodes.all() if node.answers])
        self._background.spawn(self._recordings.close(recording))

    async def end(self, meeting: str) -> None:
        """A meeting has ended: its sessions are told, its nodes close everything of it."""
        async with self._locks[meeting]:
            for session in self._sessions.of(meeting):
                self._sessions.remove(session.id)
                self._hearing.tell_closed(session, "ended")
            await self._cascade.close(meeting)
            for node in self._nodes.all():
                if meeting in node.informed:
                    node.informed.discard(meeting)
                    if node.answers:
                        await node.link.call("meeting.close", {"meeting": meeting})
        self._hearing.forget(meeting)
        self._locks.pop(meeting, None)
