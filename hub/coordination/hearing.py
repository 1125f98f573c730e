"""What nodes tell of their own accord, turned into the `media` events of docs/protocol.md."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from hub.clock import Clock
from hub.coordination.levels import Levels
from hub.coordination.media_state import MediaState, Way
from hub.coordination.node_stats import NodeStats
from hub.coordination.sessions import CAMERAS, Session, SessionTable, is_line_check

Data = dict[str, Any]
#: What changes of a meeting's sources is told at once, and then together so often (s): hundreds begin to send at the same time.
SOURCES_EVERY_S: Final = 0.25
#: (meeting, the one account it is for or None for everybody, the event)
MediaListener = Callable[[str, str | None, Data], None]
LevelsListener = Callable[[str, Data, float], None]


class Hearing:
    """Keeps sessions and the media state of meetings as nodes tell them, and passes the news on."""

    def __init__(self, sessions: SessionTable, clock: Clock) -> None:
        self.on_event: MediaListener = lambda meeting, account, event: None
        #: Who listens to voices: (meeting, the event `levels`, time.monotonic()).
        self.on_levels: LevelsListener = lambda meeting, event, now: None
        #: Who is told what the slots of a session show.
        self.on_slots: Callable[[Session], None] = lambda session: None
        #: Whether cameras are wanted in a meeting: gateways tell of it also before anybody has come.
        self.has_cameras: Callable[[str], bool] = lambda meeting: False
        self.media = MediaState()
        self.stats = NodeStats()
        self._levels_of = Levels()
        self._sources_told: dict[str, float] = {}  # meeting -> time.monotonic() of the last event
        self._sources_waiting: set[str] = set()
        self._sessions = sessions
        self._clock = clock

    def handlers(self, node: str) -> dict[str, Callable[[Data], None]]:
        """The handlers of a node's events, by name."""
        return {
            "peer": self._peer,
            "sources": partial(self._sources, node),
            "slots": self._slots,
            "tiles": self._tiles,
            "levels": partial(self._levels, node),
            "quality": partial(self._line, "uplink"),
            "downlink": partial(self._line, "downlink"),
            "layers": self._layers,
            "pause": self._pause,
            "dropped": self._dropped,
            "stats": partial(self.stats.take, node),
        }

    def tell_closed(self, session: Session, reason: str) -> None:
        """Tell the owner of a session that it is no more, and everybody that its lines are."""
        self.on_event(session.meeting, session.participant, session.event("closed", reason=reason))
        self.forget_lines(session)

    def forget_lines(self, session: Session) -> None:
        """Nothing is known any more of the lines of a session that was ended."""
        for event in self.media.forget_peer(session.meeting, session.participant, session.id, self._clock()):
            self.on_event(session.meeting, None, event)

    def forget_node(self, node: str) -> None:
        """A node is lost: what it alone knew holds no longer."""
        self.stats.forget(node)
        self._levels_of.forget_node(node)
        for meeting in self.media.forget_node(node):
            self._tell_sources(meeting)

    def forget(self, meeting: str) -> None:
        """A meeting has ended."""
        self.media.forget(meeting)
        self._levels_of.forget(meeting)
        self._sources_told.pop(meeting, None)
        self._sources_waiting.discard(meeting)

    def tell_waiting(self, now: float) -> None:
        """Tell what has waited to be told together. `now` is time.monotonic()."""
        for meeting in list(self._sources_waiting):
            if now - self._sources_told.get(meeting, float("-inf")) >= SOURCES_EVERY_S:
                self._sources_waiting.discard(meeting)
                self._sources_told[meeting] = now
                self._tell_sources(meeting)

    def _tell_sources(self, meeting: str) -> None:
        event = self.media.sources_news(meeting)
        if event is not None:
            self.on_event(meeting, None, event)

    def _is_known(self, meeting: str) -> bool:
        """Whether a node may tell of this meeting: what it says after the end would stay for ever."""
        if not self._is_told(meeting):
            return False
        known = self.media.knows(meeting) or bool(self._sessions.nodes_of(meeting))
        return known or self.has_cameras(meeting)

    @staticmethod
    def _is_told(meeting: str) -> bool:
        """Whether anybody follows it. A line check nobody does, and cameras each for himself."""
        return meeting != CAMERAS and not is_line_check(meeting)

    def _peer(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is None:
            return
        if data["state"] == "closed":
            self._sessions.remove(session.id)
            self.tell_closed(session, str(data.get("reason") or "closed"))
        else:
            session.connected = data["state"] == "connected"
            session.awaited = session.awaited and not session.connected

    def _sources(self, node: str, data: Data) -> None:
        meeting = str(data["meeting"])
        if self._is_known(meeting):
            self.media.set_sources(node, meeting, data["sources"])
            self._sources_waiting.add(meeting)
            self.tell_waiting(time.monotonic())

    def _levels(self, node: str, data: Data) -> None:
        if not self._is_known(str(data["meeting"])):
            return
        event = self._levels_of.take(node, data, time.monotonic())
        if event is not None:
            self.on_levels(str(data["meeting"]), event, time.monotonic())
            self.on_event(str(data["meeting"]), None, event)

    def _line(self, way: Way, data: Data) -> None:
        # A node may still tell of a peer that was closed meanwhile; its line would stay for ever.
        if self._sessions.get(str(data["peer"])) is None or not self._is_told(str(data["meeting"])):
            return
        event = self.media.set_line(way, data, self._clock())
        if event is not None:
            self.on_event(str(data["meeting"]), None, event)

    # -- for the owner of a session alone

    def _slots(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is not None:
            session.slots = session.event("slots", video=data["video"], audio=data["audio"])
            self.on_slots(session)
            self.on_event(session.meeting, session.participant, session.slots)

    def _tiles(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is not None:
            tiles = session.event("tiles", video=data["video"])
            if tiles != session.tiles:
                session.tiles = tiles
                self.on_event(session.meeting, session.participant, tiles)

    def _layers(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is not None:
            session.layers = session.event("layers", active=data["active"])
            self.on_event(session.meeting, session.participant, session.layers)

    def _dropped(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is not None:
            track = str(data["track"])
            event = session.event(
                "dropped", track=track, reason=str(data["reason"]), bytes=int(data["bytes"])
            )
            session.dropped[track] = event
            self.on_event(session.meeting, session.participant, event)

    def _pause(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is not None:
            session.paused = bool(data["paused"])
            event = session.event("pause", paused=session.paused)
            self.on_event(session.meeting, session.participant, event)
