"""The control side of media: opens sessions for the edge, and follows the journal's entries."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from hub.clock import Clock, to_wire
from hub.conference.recording import RunningRecording
from hub.coordination.allowance import NOT_CONNECTED_S, Allowance
from hub.coordination.background import Background
from hub.coordination.brought import Brought
from hub.coordination.camera_offers import CameraOffers, Wanted
from hub.coordination.cameras import CameraRoom
from hub.coordination.cascade import Cascade
from hub.coordination.clockwork import Clockwork
from hub.coordination.closing import Closer
from hub.coordination.dumps import whole_dump
from hub.coordination.hearing import SOURCES_EVERY_S, Hearing, MediaListener
from hub.coordination.line_checks import LineChecks
from hub.coordination.links import LinkKeeper
from hub.coordination.meetings import MeetingKeeper
from hub.coordination.node_stats import MediaCounts
from hub.coordination.nodes import Node, NodeTable
from hub.coordination.parts import JournalWriter, PartsToJournal
from hub.coordination.recording import RecordingKeeper
from hub.coordination.recording_state import RecordingStates
from hub.coordination.sessions import CAMERAS, MediaSession, Session, SessionTable, to_link
from hub.coordination.voice import VoiceKeeper
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.ids import new_id
from hub.link import Link
from hub.rules import ENTRIES
from hub.seats import BesideSeat, CamerasHere
from hub.state import HubState

#: A node's time to open a peer. Where hundreds come back together they are taken in turn, beside the running calls; whoever
#: were refused in the meantime would only come again.
OPEN_TIMEOUT_S: Final = 10.0

#: How often it is looked whether every recording records.
RECORDINGS_LOOK_S: Final = 0.25
#: How often the recorder is told what time it is: parts must lie where the journal has what was said meanwhile.
TELL_TIME_S: Final = 1.0

log = logging.getLogger(__name__)

Data = dict[str, Any]
#: Width and height in device pixels of the element that shows each video slot, None where there is none.
Tiles = list[list[int] | None]
#: Writes that an account has joined a meeting. Raises Refusal when it may not.
Join = Callable[[], Awaitable[None]]


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
        self._hearing.on_levels = VoiceKeeper(writer, self._background.spawn).levels
        self._cascade = Cascade(self._nodes)
        self._recording_states = RecordingStates()
        self._recordings = RecordingKeeper(self._center_of, PartsToJournal(writer), self._recording_states)
        parts = (self._nodes, self._sessions, self._hearing)
        self._meetings = MeetingKeeper(writer, *parts, self._recordings, self._cascade, self._background)
        self._closer = Closer(self._sessions, self._hearing, self._meetings, self._nodes, self._background)
        self._allowance = Allowance(self._sessions)
        self._line_checks = LineChecks(self._nodes, self._sessions, self._meetings, self._background)
        self._offers = CameraOffers(self._nodes, self._background)
        about = (self._nodes, self._sessions, self._hearing, self._cascade, self._offers, self._background)
        #: Where cameras are watched.
        self.cameras = CameraRoom(writer, *about, clock, self._meetings.settle_soon, self._meetings.tell_news)
        self._hearing.has_cameras = lambda meeting: bool(self._offers.wanted_in(meeting))
        self._brought = Brought(
            self._offers, lambda meeting, event: self._hearing.on_event(meeting, None, event)
        )
        self._offers.on_state.append(self._brought.state)
        self._meetings.standing[CAMERAS] = self.cameras.settle
        self._meetings.standing_truths[CAMERAS] = self.cameras.truth
        self._meetings.bringing = self._offers.gateways_of
        self._offers.on_placed = self._meetings.settle_soon
        self._links = LinkKeeper(
            *parts, self._meetings, self._recordings, self._cascade, self._closer, self.cameras, self._offers
        )
        self._unsubscribe = writer.subscribe(self._entries)
        for meeting in writer.state.meetings.values():
            running = meeting.read(RunningRecording).running if meeting.is_open else None
            if running is not None:
                self._recording_states.started(running, meeting.id)
            for camera in meeting.read(CamerasHere).rows.values() if meeting.is_open else ():
                if camera.state == "joined":
                    self._offers.want(Wanted(meeting.id, camera.id), sound=camera.sound, twin=True)
        self._background.spawn(self._tell_recordings())
        self._background.spawn(self._tell_waiting())
        self._background.spawn(Clockwork(writer, clock).run())
        self._background.spawn(self.cameras.run())

    @property
    def on_event(self) -> MediaListener:
        """Who is told each `media` event: (meeting, the one account it is for or None, event)."""
        return self._hearing.on_event

    @on_event.setter
    def on_event(self, listener: MediaListener) -> None:
        self._hearing.on_event = listener

    # -- what the edge asks

    async def open(
        self,
        account: Account,
        meeting: str,
        direction: str,
        offer: str,
        source: str = "camera",
        *,
        access: str = "",
        join: Join | None = None,
    ) -> MediaSession:
        """Open a WHIP (`publish`) or WHEP (`watch`) session for a participant.

        `source` is what he publishes: `camera` (with the microphone) or `screen`, one session of each. `access` is the
        hash of the token it is opened under. `join` writes that he has joined, once the offer holds and before the answer
        is known to anybody, so that nothing flows before; without it he must have joined.
        Raises Refusal: `not_joined`, `meeting_ended`, `unavailable` (no node), `too_many`, what `join` raises, and for the
        offer `malformed` or `unprocessable`. Of a refused offer nothing is left.
        """
        if join is None:
            self._meetings.require_joined(meeting, account.id)
        asked = {
            "peer": new_id("s", self._clock()),
            "meeting": meeting,
            "participant": account.id,
            "direction": direction,
            "source": source,
            "access": to_link(access),
            "offer": offer,
        }
        replaced = self._sessions.surplus(meeting, account.id, direction, source)
        with self._allowance.opening(account.id, replaced):
            session, answer = await self._open_somewhere(account, asked, access)
        try:
            if join is not None:
                await join()
            # The participant may have been removed, or the meeting ended, while node and journal were at work.
            self._meetings.require_joined(meeting, account.id)
        except BaseException:
            self._closer.close(session, None)
            raise
        for old in self._sessions.surplus(meeting, account.id, direction, source, session):
            self._closer.close(old, "replaced")
        asyncio.get_running_loop().call_later(NOT_CONNECTED_S, self._close_awaited, session)
        self._meetings.settle_soon(meeting)
        return MediaSession(session.id, answer, session.etag)

    async def open_check(
        self, account: Account, direction: str, offer: str, *, access: str = ""
    ) -> MediaSession:
        """Try the own line: send (`publish`), then watch what one sends, unseen by anybody, for 20 s at most.

        Raises Refusal: `wrong_state` (to watch, one sends first), `unavailable`, `too_many`, `malformed`, `unprocessable`.
        """

        async def open_peer(more: Data) -> tuple[Session, str]:
            asked = {
                "peer": new_id("s", self._clock()),
                "participant": account.id,
                "direction": direction,
                "source": "camera",
                "access": to_link(access),
                "offer": offer,
                **more,
            }
            with self._allowance.opening(account.id, []):
                return await self._open_somewhere(account, asked, access)

        session, answer = await self._line_checks.begin(account.id, direction, open_peer)
        for old in self._sessions.of(session.meeting, account.id, direction):
            if old is not session:
                self._closer.close(old, "replaced")
        asyncio.get_running_loop().call_later(NOT_CONNECTED_S, self._close_awaited, session)
        return MediaSession(session.id, answer, session.etag)

    async def open_cameras(self, account: Account, offer: str, *, access: str = "") -> MediaSession:
        """Open a session that watches cameras; which ones, `select` says.

        Raises Refusal: `unavailable`, `too_many`, `malformed`, `unprocessable`.
        """
        self.cameras.require()
        asked = {
            "peer": new_id("s", self._clock()),
            "meeting": CAMERAS,
            "participant": account.id,
            "direction": "watch",
            "source": "camera",
            "access": to_link(access),
            "offer": offer,
        }
        replaced = self._sessions.surplus(CAMERAS, account.id, "watch", "camera")
        with self._allowance.opening(account.id, replaced):
            session, answer = await self._open_somewhere(account, asked, access)
        self.cameras.opened(session, answer)
        for old in self._sessions.surplus(CAMERAS, account.id, "watch", "camera", session):
            self._closer.close(old, "replaced")
        asyncio.get_running_loop().call_later(NOT_CONNECTED_S, self._close_awaited, session)
        self._meetings.settle_soon(CAMERAS)
        return MediaSession(session.id, answer, session.etag)

    def _close_awaited(self, session: Session) -> None:
        """Time is up for a session that was opened and never came."""
        if session.awaited:
            self._closer.close(session, "not_connected")

    async def _open_somewhere(self, account: Account, asked: Data, access: str) -> tuple[Session, str]:
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
                    asked["peer"],
                    meeting,
                    account.id,
                    asked["direction"],
                    node.id,
                    etag,
                    source=source,
                    access=access,
                    awaited=True,
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
        self._closer.close(self._sessions.owned(session, account.id), None)

    def accesses(self) -> dict[str, str]:
        """The hashes of the tokens under which media sessions run, each with the id of its account."""
        return self._sessions.accesses()

    def withdraw(self, access: str) -> None:
        """End what was opened under this token; their owner is told `withdrawn`. Another token's sessions go on."""
        for session in self._sessions.under(access):
            self._closer.close(session, "withdrawn")

    async def select(
        self, account: Account, session: str, video: list[str | None], tiles: Tiles | None = None
    ) -> None:
        """Choose what the video slots of one's own watch session show, and how large (device pixels)."""
        found = self._sessions.owned(session, account.id)
        if found.direction != "watch":
            raise Refusal("wrong_state", "only a watch session has slots", "session")
        if found.meeting == CAMERAS:
            await self.cameras.select(account, found, video, tiles)
            return
        sizes = {} if tiles is None else {"tiles": tiles}
        await self._node_of(found).link.call("peer.select", {"peer": session, "video": video, **sizes})

    async def listen(self, account: Account, session: str, camera: str | None) -> None:
        """Choose which of the cameras that one's own session shows is heard in it; none at first. Raises Refusal."""
        found = self._sessions.owned(session, account.id)
        if found.meeting != CAMERAS:
            raise Refusal("wrong_state", "only a session of cameras chooses whom it hears", "session")
        await self.cameras.listen(account, found, camera)

    def session_etag(self, account: Account, session: str) -> str:
        """The entity tag of a session's present ICE generation."""
        return self._sessions.owned(session, account.id).etag

    def media_events(self, meeting: str, account: Account) -> list[Data]:
        """The `media` events that hold now, for one who begins to follow."""
        events = self._hearing.media.events(meeting)
        events += self._recording_states.event(meeting)
        events += self._brought.events(meeting)
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

    def gateways(self) -> list[str]:
        """The gateways of cameras that are linked, by id."""
        return [gateway.id for gateway in self._nodes.gateways()]

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
        await self.cameras.stop()
        await self._background.stop()

    async def on_link(self, link: Link, hello: Data) -> None:
        """Take up a node or the recorder; returns when its link is closed."""
        await self._links.on_link(link, hello)

    # -- what the journal says

    def _entries(self, entries: Sequence[Entry]) -> None:
        spawn = self._background.spawn
        self.cameras.entries(entries)
        for entry in entries:
            meeting = entry.meeting
            if meeting is None:
                continue
            rule = ENTRIES.get(entry.kind)
            if rule is not None and rule.nodes:
                self._meetings.tell_news(meeting)
            match entry.kind:
                case "meeting.left" | "participant.removed":
                    gone = entry.data["participant"]
                    participant = str(gone["id"] if isinstance(gone, dict) else gone)
                    reason = "removed" if entry.kind == "participant.removed" else "left"
                    for session in self._sessions.of(meeting, participant):
                        self._closer.close(session, reason)
                case "camera.brought":
                    camera = Wanted(meeting, str(entry.data["participant"]["id"]))
                    self._offers.want(camera, sound=bool(entry.data.get("sound")), twin=True)
                    self._brought.came(camera.camera)
                case "phone.ended":
                    reason = "left" if entry.data["why"] == "left" else "removed"
                    for session in self._sessions.of(meeting, str(entry.data["participant"])):
                        self._closer.close(session, reason)
                case "camera.parted":
                    self._offers.drop(Wanted(meeting, str(entry.data["participant"])))
                    self._brought.parted(meeting, str(entry.data["participant"]))
                    self._meetings.settle_soon(meeting)
                case "unit.joined" | "unit.left":
                    self._meetings.settle_soon(meeting)
                case "recording.started":
                    self._recording_states.started(str(entry.data["recording"]), meeting)
                    self._meetings.settle_soon(meeting)
                case "recording.stopped":
                    self._recording_states.stopped(str(entry.data["recording"]))
                    spawn(self._meetings.stop_recording(meeting, str(entry.data["recording"])))
                case "meeting.ended":
                    self._recording_states.ended(meeting)
                    for each in self._offers.wanted_in(meeting):
                        self._offers.drop(Wanted(meeting, each))
                        self._brought.parted(meeting, each)
                    spawn(self._meetings.end(meeting))

    async def _tell_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SOURCES_EVERY_S / 2)
            self._hearing.tell_waiting(loop.time())

    async def _tell_recordings(self) -> None:
        loop = asyncio.get_running_loop()
        tell_time_at, told = 0.0, None
        while True:
            await asyncio.sleep(RECORDINGS_LOOK_S)
            recorder = self._recordings.recorder
            if recorder is not None and (recorder is not told or loop.time() >= tell_time_at):
                tell_time_at, told = loop.time() + TELL_TIME_S, recorder
                recorder.tell("time", {"at": to_wire(self._clock())})
            for event in self._recording_states.look(loop.time(), recorder is not None, self._is_wired):
                self._hearing.on_event(event["meeting"], None, event)

    def _is_wired(self, recording: str, meeting: str) -> bool:
        """Whether every node that carries the meeting feeds its recording."""
        return all(
            self._recordings.feeds(recording, node.id)
            for node in self._nodes.carrying(meeting, self._sessions)
        )

    # -- small parts

    def _node_of(self, session: Session) -> Node:
        node = self._nodes.get(session.node)
        if node is None:
            raise Refusal("unavailable", "the media node of this session is away")
        return node

    def _center_of(self, meeting: str, participant: str) -> tuple[str, str]:
        found = self._writer.state.meetings.get(meeting)
        seat = found.shown(participant) if found is not None else None
        if seat is None:
            return participant, ""
        return seat.name if isinstance(seat, BesideSeat) else seat.center_name, seat.center
