"""What nodes tell of their own accord, turned into the `media` events of docs/protocol.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub.coordination.media_state import MediaState
from hub.coordination.sessions import Session, SessionTable

Data = dict[str, Any]
#: (meeting, the one account it is for or None for everybody, the event)
MediaListener = Callable[[str, str | None, Data], None]


class Hearing:
    """Keeps sessions and the media state of meetings as nodes tell them, and passes the news on."""

    def __init__(self, sessions: SessionTable) -> None:
        self.on_event: MediaListener = lambda meeting, account, event: None
        self.media = MediaState()
        self._sessions = sessions

    def handlers(self) -> dict[str, Callable[[Data], None]]:
        """The handlers of a node's events, by name."""
        return {
            "peer": self._peer,
            "sources": self._sources,
            "slots": self._slots,
            "levels": self._levels,
            "quality": self._quality,
            "pause": self._pause,
        }

    def tell_closed(self, session: Session, reason: str) -> None:
        """Tell the owner of a session that it is no more."""
        event = {"meeting": session.meeting, "kind": "closed", "session": session.id, "reason": reason}
        self.on_event(session.meeting, session.participant, event)

    def _peer(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is None:
            return
        if data["state"] == "closed":
            self._sessions.remove(session.id)
            self.tell_closed(session, str(data.get("reason") or "closed"))
        else:
            session.connected = data["state"] == "connected"

    def _sources(self, data: Data) -> None:
        meeting = str(data["meeting"])
        self.on_event(meeting, None, self.media.set_sources(meeting, data["sources"]))

    def _slots(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is not None:
            session.slots = {
                "meeting": session.meeting,
                "kind": "slots",
                "session": session.id,
                "video": data["video"],
                "audio": data["audio"],
            }
            self.on_event(session.meeting, session.participant, session.slots)

    def _levels(self, data: Data) -> None:
        meeting = str(data["meeting"])
        levels = {"levels": data["levels"], "speaker": data.get("speaker")}
        self.on_event(meeting, None, {"meeting": meeting, "kind": "levels", **levels})

    def _quality(self, data: Data) -> None:
        meeting = str(data["meeting"])
        event = self.media.set_quality(meeting, str(data["participant"]), str(data["state"]))
        if event is not None:
            self.on_event(meeting, None, event)

    def _pause(self, data: Data) -> None:
        session = self._sessions.get(str(data["peer"]))
        if session is not None:
            session.paused = bool(data["paused"])
            self.on_event(session.meeting, session.participant, pause_event(session))


def pause_event(session: Session) -> Data:
    """The event that says whether anybody watches the session's picture."""
    return {"meeting": session.meeting, "kind": "pause", "session": session.id, "paused": session.paused}
