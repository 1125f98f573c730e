"""The control side of media: takes up links, opens sessions, and follows the journal's entries."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol

from hub.clock import Clock
from hub.conference.recording import Recordings
from hub.conference.stage import Stage
from hub.coordination.hearing import Hearing, MediaListener
from hub.coordination.node_stats import MediaCounts
from hub.coordination.nodes import Node, NodeTable, node_from_hello
from hub.coordination.parts import JournalWriter, PartsToJournal
from hub.coordination.recording import RecordingKeeper
from hub.coordination.sessions import WATCH_SESSIONS_PER_ACCOUNT, MediaSession, Session, SessionTable
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.ids import new_id
from hub.link import Link
from hub.state import HubState, Meeting

log = logging.getLogger(__name__)

Data = dict[str, Any]
#: Width and height in device pixels of the element that shows each video slot, None where there is none.
Tiles = list[list[int] | None]
#: How long a node that stopped talking may take to dial again before its sessions are told that it is lost.
NODE_GRACE_S = 3.0


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
        self._keeper = RecordingKeeper(self._center_of, PartsToJournal(writer))
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe = writer.subscribe(self._entries)

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
        self._require_joined(meeting, account.id)
        async with self._locks[meeting]:
            node = self._nodes.for_meeting(meeting, self._sessions)
            if meeting not in node.informed:
                await self._inform(node, meeting)
        session = new_id("s", self._clock())
        answer = await node.link.call(
            "peer.open",
            {
                "peer": session,
                "meeting": meeting,
                "participant": account.id,
                "direction": direction,
                "source": source,
                "offer": offer,
            },
        )
        opened = MediaSession(session, str(answer["answer"]), str(answer["etag"]))
        for old in self._surplus(meeting, account.id, direction, source):
            await self._close_session(old, "replaced")
        self._sessions.add(
            Session(session, meeting, account.id, direction, node.id, opened.etag, source=source)
        )
        try:
            # The participant may have been removed, or the meeting ended, while the node was at work.
            self._require_joined(meeting, account.id)
        except Refusal:
            await self.close(account, session)
            raise
        self._spawn(self._settle_recording(meeting))
        return opened

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
        for session in self._sessions.of(meeting, account.id):
            events += session.holding()
        return events

    def publishing(self, meeting: str) -> set[str]:
        """Participants with a connected publish session."""
        return {
            each.participant for each in self._sessions.of(meeting, direction="publish") if each.connected
        }

    def parts_ready(self) -> dict[str, bool]:
        """Whether a node and the recorder are linked, for the readiness probe."""
        return {"node": len(self._nodes) > 0, "recorder": self._keeper.recorder is not None}

    def media_counts(self) -> MediaCounts:
        """What the nodes count, and how many sessions and lines there are of each kind, for /metrics."""
        sessions = Counter((one.direction, one.source, one.connected) for one in self._sessions)
        return MediaCounts(self._hearing.stats.by_node, sessions, self._hearing.media.lines_by_state())

    async def dump(self) -> Data:
        """Sessions and what each node says of itself, for people."""
        nodes: Data = {}
        for node in self._nodes.all():
            try:
                nodes[node.id] = await node.link.call("dump", {})
            except Refusal as refusal:
                nodes[node.id] = {"error": refusal.message}
        return {"sessions": len(self._sessions), "nodes": nodes}

    async def stop(self) -> None:
        """Let go; nodes and recorder are left as they are."""
        self._unsubscribe()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- links

    async def on_link(self, link: Link, hello: Data) -> None:
        """Take up a node or the recorder; returns when its link is closed."""
        kind = hello.get("kind")
        if kind == "node":
            await self._on_node(link, hello)
        elif kind == "recorder":
            await self._on_recorder(link, hello)
        else:
            raise Refusal("invalid", "a link is of a node or of a recorder", "kind")

    async def _on_node(self, link: Link, hello: Data) -> None:
        node = node_from_hello(link, hello)
        link.events = {
            **self._hearing.handlers(node.id),
            "relay.stream": functools.partial(self._keeper.stream, node),
        }
        self._nodes.add(node)
        log.info("node %s has linked with %d peers", node.id, len(hello.get("peers", [])))
        strangers = self._compare_sessions(node, hello)
        for peer in strangers:
            await link.call("peer.close", {"peer": peer, "reason": "ended"})
        for each in hello.get("meetings", []):
            meeting = str(each["meeting"])
            if self._open_meeting(meeting) is None:
                await link.call("meeting.close", {"meeting": meeting})
            else:
                self._nodes.settle(meeting, node.id)
        for meeting in {session.meeting for session in self._sessions.on_node(node.id)}:
            async with self._locks[meeting]:
                await self._inform(node, meeting)
        await self._settle_recordings()
        await link.closed.wait()
        log.warning("the link of node %s is closed", node.id)
        await asyncio.sleep(NODE_GRACE_S)
        if self._nodes.remove(node):
            self._lose_node(node.id)

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
                )
                if self._is_joined(session.meeting, session.participant):
                    self._sessions.add(session)
                else:
                    strangers.append(peer_id)
        return strangers

    async def _on_recorder(self, link: Link, hello: Data) -> None:
        self._keeper.take_recorder(link, hello)
        log.info("the recorder has linked with %d recordings", len(hello.get("recordings", [])))
        await self._settle_recordings()
        await link.closed.wait()
        log.warning("the link of the recorder is closed")
        self._keeper.lose_recorder(link)

    def _lose_node(self, node: str) -> None:
        self._nodes.unsettle(node)
        self._keeper.forget_node(node)
        self._hearing.forget_node(node)
        for session in self._sessions.on_node(node):
            self._sessions.remove(session.id)
            self._hearing.tell_closed(session, "node_lost")

    # -- what the journal says

    def _entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            meeting = entry.meeting
            if meeting is None:
                continue
            match entry.kind:
                case "stage.broadcast" | "participant.muted" | "participant.unmuted":
                    self._spawn(self._inform_all(meeting))
                case "meeting.left" | "participant.removed":
                    gone = entry.data["participant"]
                    participant = str(gone["id"] if isinstance(gone, dict) else gone)
                    reason = "removed" if entry.kind == "participant.removed" else "left"
                    self._spawn(self._close_sessions_of(meeting, participant, reason))
                case "recording.started":
                    self._spawn(self._settle_recording(meeting))
                case "recording.stopped":
                    self._spawn(self._stop_recording(meeting, str(entry.data["recording"])))
                case "meeting.ended":
                    self._spawn(self._end_meeting(meeting))

    async def _inform_all(self, meeting: str) -> None:
        async with self._locks[meeting]:
            node = self._nodes.of_meeting(meeting)
            if node is not None:
                await self._inform(node, meeting)

    async def _inform(self, node: Node, meeting: str) -> None:
        """Tell a node the whole truth of a meeting. The caller holds the meeting's lock."""
        state = self._open_meeting(meeting)
        if state is not None:
            broadcast = state.read(Stage).broadcast
            await node.link.call(
                "meeting.set", {"meeting": meeting, "broadcast": broadcast, "muted": state.muted}
            )
            node.informed.add(meeting)

    async def _close_sessions_of(self, meeting: str, participant: str, reason: str) -> None:
        for session in self._sessions.of(meeting, participant):
            await self._close_session(session, reason)

    async def _end_meeting(self, meeting: str) -> None:
        async with self._locks[meeting]:
            for session in self._sessions.of(meeting):
                self._sessions.remove(session.id)
                self._hearing.tell_closed(session, "ended")
            node = self._nodes.of_meeting(meeting)
            if node is not None:
                node.informed.discard(meeting)
                await node.link.call("meeting.close", {"meeting": meeting})
        self._nodes.forget(meeting)
        self._hearing.media.forget(meeting)
        self._locks.pop(meeting, None)

    # -- recordings

    async def _settle_recordings(self) -> None:
        """Start every recording that ought to run, end every other."""
        ought = {}
        for meeting in self._writer.state.meetings.values():
            running = meeting.read(Recordings).running if meeting.is_open else None
            if running is not None:
                ought[running] = meeting.id
        for stray in self._keeper.strays(set(ought)):
            self._spawn(self._keeper.close(stray))
        for meeting_id in ought.values():
            await self._settle_recording(meeting_id)

    async def _settle_recording(self, meeting: str) -> None:
        async with self._locks[meeting]:
            state = self._open_meeting(meeting)
            recording = state.read(Recordings).running if state is not None else None
            if recording is None or len(self._nodes) == 0:
                return
            node = self._nodes.for_meeting(meeting, self._sessions)
            if meeting not in node.informed:
                await self._inform(node, meeting)
            await self._keeper.ensure(recording, meeting, node)

    async def _stop_recording(self, meeting: str, recording: str) -> None:
        async with self._locks[meeting]:
            await self._keeper.unwire(recording, self._nodes.of_meeting(meeting))
        self._spawn(self._keeper.close(recording))

    # -- small parts

    def _surplus(self, meeting: str, participant: str, direction: str, source: str) -> list[Session]:
        """The account's sessions that have to go before one more of this direction and source is added."""
        found = self._sessions.of(meeting, participant, direction)
        open_now = [session for session in found if session.source == source]
        keep = 0 if direction == "publish" else WATCH_SESSIONS_PER_ACCOUNT - 1
        return open_now[: max(0, len(open_now) - keep)]

    async def _close_session(self, session: Session, reason: str | None) -> None:
        """Close one session; `reason` is told to its owner, None when he closed it himself."""
        if self._sessions.remove(session.id) is None:
            return
        if reason is not None:
            self._hearing.tell_closed(session, reason)
        else:
            self._hearing.forget_lines(session)
        node = self._nodes.get(session.node)
        if node is not None:
            await node.link.call("peer.close", {"peer": session.id, "reason": reason or "closed"})

    def _node_of(self, session: Session) -> Node:
        node = self._nodes.get(session.node)
        if node is None:
            raise Refusal("unavailable", "the media node of this session is away")
        return node

    def _open_meeting(self, meeting: str) -> Meeting | None:
        found = self._writer.state.meetings.get(meeting)
        return found if found is not None and found.is_open else None

    def _is_joined(self, meeting: str, participant: str) -> bool:
        found = self._open_meeting(meeting)
        attendance = found.attendances.get(participant) if found is not None else None
        return attendance is not None and attendance.state == "joined"

    def _require_joined(self, meeting: str, participant: str) -> None:
        if self._open_meeting(meeting) is None:
            raise Refusal("meeting_ended", "the meeting is not open")
        if not self._is_joined(meeting, participant):
            raise Refusal("not_joined", "join the meeting first")

    def _center_of(self, meeting: str, participant: str) -> tuple[str, str]:
        found = self._writer.state.meetings.get(meeting)
        attendance = found.attendances.get(participant) if found is not None else None
        if attendance is None:
            return participant, ""
        return attendance.participant.center_name, attendance.participant.center

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _logged(work: Awaitable[None]) -> None:
    """Run work nobody waits for. A process that is away is mended at its next hello; a bug is logged."""
    try:
        await work
    except Refusal as refusal:
        log.warning("not carried out now: %s", refusal.message)
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("work for nodes or recorder failed")
