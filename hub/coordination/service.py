"""The control side of media: opens sessions for the edge, and follows the journal's entries."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from hub.clock import Clock
from hub.conference.recording import Recordings
from hub.coordination.background import Background
from hub.coordination.cascade import Cascade
from hub.coordination.dumps import whole_dump
from hub.coordination.hearing import Hearing, MediaListener
from hub.coordination.links import LinkKeeper
from hub.coordination.meetings import MeetingKeeper
from hub.coordination.node_stats import MediaCounts
from hub.coordination.nodes import Node, NodeTable
from hub.coordination.parts import JournalWriter, PartsToJournal
from hub.coordination.recording import RecordingKeeper
from hub.coordination.recording_state import RecordingStates
from hub.coordination.sessions import WATCH_SESSIONS_PER_ACCOUNT, MediaSession, Session, SessionTable
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.ids import new_id
from hub.link import Link
from hub.state import HubState

#: A node's time to open a peer. Where hundreds come back together they are taken in turn, beside the running calls; whoever
#: were refused in the meantime would only come again.
OPEN_TIMEOUT_S: Final = 10.0

#: How often it is looked whether every recording records.
RECORDINGS_LOOK_S: Final = 0.25

log = logging.getLogger(__name__)

Data = dict[str, Any]
#: Width and height in device pixels of the element that shows each video slot, None where there is none.
Tiles = list[list[int] | None]


class StateReader(JournalWriter, Protocol):
    """The writer, as far as this part needs it."""

    @property
    def state(self) -> HubState: ...
    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]: ...


class Coordination:
    """What ought to be is in the journal's state; this brings nodes and recorder there, and keeps them there.

    `on_event` is called with each `media` event of docs/protocol.md.
    """

    def __init__(self, writer: StateReader, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock
        self._nodes = NodeTable()
        self._sessions = SessionTable()
        self._hearing = Hearing(self._sessions, clock)
        self._background = Background()
        self._cascade = Cascade(self._nodes)
        self._recording_states = RecordingStates()
        self._recordings = RecordingKeeper(self._center_of, PartsToJournal(writer), self._recording_states)
        parts = (self._nodes, self._sessions, self._hearing)
        self._meetings = MeetingKeeper(writer, *parts, self._recordings, self._cascade, self._background)
        self._links = LinkKeeper(*parts, self._meetings, self._recordings, self._cascade)
        self._unsubscribe = writer.subscribe(self._entries)
        for meeting in writer.state.meetings.values():
            running = meeting.read(Recordings).running if meeting.is_open else None
            if running is not None:
                self._recording_states.started(running, meeting.id)
        self._background.spawn(self._tell_recordings())

    @property
    def on_event(self) -> MediaListener:
        """Who is told each `media` event: (meeting, the one account it is for or None, event)."""
        return self._hearing.on_event

    @on_event.setter
    def on_event(self, listener: MediaListener) -> None:
        self._hearing.on_event = listener

    # -- what the edge asks

    async def open(
        self, account: Account, meeting: str, direction: str, offer: str, source: str = "camera"
    ) -> MediaSession:
        """Open a WHIP (`publish`) or WHEP (`watch`) session for a participant.

        `source` is what he publishes: `camera` (with the microphone) or `screen`, one session of each.
        Raises Refusal: `not_joined`, `meeting_ended`, `unavailable` (no node), and for the offer
        `malformed` or `unprocessable`.
        """
        self._meetings.require_joined(meeting, account.id)
        asked = {
            "peer": new_id("s", self._clock()),
            "meeting": meeting,
            "participant": account.id,
            "direction": direction,
            "source": source,
            "offer": offer,
        }
        session, answer = await self._open_somewhere(account, asked)
        for old in self._surplus(session):
            await self._close_session(old, "replaced")
        try:
            # The participant may have been removed, or the meeting ended, while the node was at work.
            self._meetings.require_joined(meeting, account.id)
        except Refusal:
            await self.close(account, session.id)
            raise
        self._meetings.settle_soon(meeting)
        return MediaSession(session.id, answer, session.etag)

    async def _open_somewhere(self, account: Account, asked: Data) -> tuple[Session, str]:
        """Open a peer on the best node that has room; its session and the answer to its offer."""
        meeting = asked["meeting"]
        places = self._nodes.places(meeting, account.id, account.center, self._sessions)
        for node in places:
            with self._nodes.opening(node, meeting, account.id):
                await self._meetings.inform(meeting, node)
                try:
                    answer = await node.link.call("peer.open", asked, OPEN_TIMEOUT_S)
                except Refusal as refusal:
                    if refusal.code != "too_many" or node is places[-1]:
                        raise
                    continue
                etag, source = str(answer["etag"]), asked["source"]
                session = Session(
                    asked["peer"], meeting, account.id, asked["direction"], node.id, etag, source=source
                )
                self._sessions.add(session)
                return session, str(answer["answer"])
        raise AssertionError("there is always a last place")

    async def restart(self, account: Account, session: str, fragment: str) -> tuple[str, str]:
        """ICE restart: the client's fragment in, the hub's fragment and its entity tag out."""
        found = self._sessions.owned(session, account.id)
        answer = await self._node_of(found).link.call("peer.restart", {"peer": session, "fragment": fragment})
        found.etag = str(answer["etag"])
        return str(answer["fragment"]), found.etag

    async def close(self, account: Account, session: str) -> None:
        """End a session of one's own."""
        await self._close_session(self._sessions.owned(session, account.id), None)

    async def select(
        self, account: Account, session: str, video: list[str | None], tiles: Tiles | None = None
    ) -> None:
        """Choose what the video slots of one's own watch session show, and how large (device pixels)."""
        found = self._sessions.owned(session, account.id)
        if found.direction != "watch":
            raise Refusal("wrong_state", "only a watch session has slots", "session")
        sizes = {} if tiles is None else {"tiles": tiles}
        await self._node_of(found).link.call("peer.select", {"peer": session, "video": video, **sizes})

    def session_etag(self, account: Account, session: str) -> str:
        """The entity tag of a session's present ICE generation."""
        return self._sessions.owned(session, account.id).etag

    def media_events(self, meeting: str, account: Account) -> list[Data]:
        """The `media` events that hold now, for one who begins to follow."""
        events = self._hearing.media.events(meeting)
        events += self._recording_states.event(meeting)
        for session in self._sessions.of(meeting, account.id):
            events += session.holding()
        return events

    def recording_state(self, meeting: str) -> tuple[str, str | None] | None:
        """Whether the recording that runs in a meeting records (state, reason); None when none runs."""
        return self._recording_states.told(meeting)

    def publishing(self, meeting: str) -> set[str]:
        """Participants with a connected publish session."""
        return {
            each.participant for each in self._sessions.of(meeting, direction="publish") if each.connected
        }

    def heard(self, pid: int) -> int:
        """A number that is another one whenever something was heard of this node or recorder; 0 before."""
        return self._links.heartbeats.count(pid)

    def parts_ready(self) -> dict[str, bool]:
        """Whether a node and the recorder are linked, and every running recording records, for the readiness probe."""
        return {
            "node": len(self._nodes) > 0,
            "recorder": self._recordings.recorder is not None,
            "recording": self._recording_states.all_record,
        }

    def media_counts(self) -> MediaCounts:
        """What the nodes count, and how many sessions and lines there are of each kind, for /metrics."""
        sessions = Counter((one.direction, one.source, one.connected) for one in self._sessions)
        return MediaCounts(self._hearing.stats.by_node, sessions, self._hearing.media.lines_by_state())

    async def dump(self) -> Data:
        """Sessions and what each node says of itself, for people."""
        nodes: Data = {}
        for node in self._nodes.all():
            try:
                nodes[node.id] = await whole_dump(functools.partial(node.link.call, "dump"))
            except Refusal as refusal:
                nodes[node.id] = {"error": refusal.message}
        return {"sessions": len(self._sessions), "nodes": nodes, "relays": self._cascade.dump()}

    async def stop(self) -> None:
        """Let go; nodes and recorder are left as they are."""
        self._unsubscribe()
        await self._background.stop()

    async def on_link(self, link: Link, hello: Data) -> None:
        """Take up a node or the recorder; returns when its link is closed."""
        await self._links.on_link(link, hello)

    # -- what the journal says

    def _entries(self, entries: Sequence[Entry]) -> None:
        spawn = self._background.spawn
        for entry in entries:
            meeting = entry.meeting
            if meeting is None:
                continue
            match entry.kind:
                case "stage.broadcast" | "participant.muted" | "participant.unmuted":
                    spawn(self._meetings.inform_all(meeting))
                case "meeting.left" | "participant.removed":
                    gone = entry.data["participant"]
                    participant = str(gone["id"] if isinstance(gone, dict) else gone)
                    reason = "removed" if entry.kind == "participant.removed" else "left"
                    spawn(self._close_sessions_of(meeting, participant, reason))
                case "recording.started":
                    self._recording_states.started(str(entry.data["recording"]), meeting)
                    self._meetings.settle_soon(meeting)
                case "recording.stopped":
                    self._recording_states.stopped(str(entry.data["recording"]))
                    spawn(self._meetings.stop_recording(meeting, str(entry.data["recording"])))
                case "meeting.ended":
                    self._recording_states.ended(meeting)
                    spawn(self._meetings.end(meeting))

    async def _tell_recordings(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(RECORDINGS_LOOK_S)
            recorder = self._recordings.recorder is not None
            for event in self._recording_states.look(loop.time(), recorder, self._is_wired):
                self._hearing.on_event(event["meeting"], None, event)

    def _is_wired(self, recording: str, meeting: str) -> bool:
        """Whether every node that carries the meeting feeds its recording."""
        return all(
            self._recordings.feeds(recording, node.id)
            for node in self._nodes.carrying(meeting, self._sessions)
        )

    async def _close_sessions_of(self, meeting: str, participant: str, reason: str) -> None:
        for session in self._sessions.of(meeting, participant):
            await self._close_session(session, reason)

    # -- small parts

    def _surplus(self, new: Session) -> list[Session]:
        """The account's older sessions of this direction and source that have to go for the new one."""
        found = self._sessions.of(new.meeting, new.participant, new.direction)
        before = [session for session in found if session.source == new.source and session is not new]
        keep = 0 if new.direction == "publish" else WATCH_SESSIONS_PER_ACCOUNT - 1
        return before[: max(0, len(before) - keep)]

    async def _close_session(self, session: Session, reason: str | None) -> None:
        """Close one session; `reason` is told to its owner, None when he closed it himself."""
        if self._sessions.remove(session.id) is None:
            return
        if reason is not None:
            self._hearing.tell_closed(session, reason)
        else:
            self._hearing.forget_lines(session)
        if not any(other.node == session.node for other in self._sessions.of(session.meeting)):
            self._meetings.settle_soon(session.meeting)  # its node needs no relays of this meeting any more
        node = self._nodes.get(session.node)
        if node is not None:
            await node.link.call("peer.close", {"peer": session.id, "reason": reason or "closed"})

    def _node_of(self, session: Session) -> Node:
        node = self._nodes.get(session.node)
        if node is None:
            raise Refusal("unavailable", "the media node of this session is away")
        return node

    def _center_of(self, meeting: str, participant: str) -> tuple[str, str]:
        found = self._writer.state.meetings.get(meeting)
        attendance = found.attendances.get(participant) if found is not None else None
        if attendance is None:
            return participant, ""
        return attendance.participant.center_name, attendance.participant.center
