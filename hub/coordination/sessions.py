"""The media sessions that control knows of: whose, in which meeting, on which node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.errors import Refusal

#: A page has one watch session, a second tab another; more are a client that forgets to close.
WATCH_SESSIONS_PER_ACCOUNT = 8


@dataclass(frozen=True, slots=True)
class MediaSession:
    """What a WHIP or WHEP client gets: the session's id, the SDP answer, the tag of its ICE generation."""

    id: str
    answer: str
    etag: str


@dataclass(slots=True)
class Session:
    """One transport between an account and a node. `participant` is the account's id."""

    id: str
    meeting: str
    participant: str
    direction: str
    node: str
    etag: str
    connected: bool = False
    slots: dict[str, Any] | None = None
    paused: bool = False


@dataclass(slots=True)
class SessionTable:
    """All sessions, by id."""

    _by_id: dict[str, Session] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, session: str) -> Session | None:
        return self._by_id.get(session)

    def add(self, session: Session) -> None:
        self._by_id[session.id] = session

    def remove(self, session: str) -> Session | None:
        return self._by_id.pop(session, None)

    def owned(self, session: str, account: str) -> Session:
        """The session if it is this account's. Raises Refusal("not_found") for others' as for none."""
        found = self._by_id.get(session)
        if found is None or found.participant != account:
            raise Refusal("not_found", "no such media session")
        return found

    def of(self, meeting: str, participant: str | None = None, direction: str | None = None) -> list[Session]:
        """Sessions of a meeting, oldest first, narrowed to a participant and a direction where given."""
        return [
            session
            for session in self._by_id.values()
            if session.meeting == meeting
            and (participant is None or session.participant == participant)
            and (direction is None or session.direction == direction)
        ]

    def on_node(self, node: str) -> list[Session]:
        return [session for session in self._by_id.values() if session.node == node]
