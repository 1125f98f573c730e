"""A media service in memory: sessions, entity tags and events as docs/protocol.md says, without any media."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.ids import new_id

ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


@dataclass(frozen=True)
class OpenedSession:
    id: str
    answer: str
    etag: str


@dataclass
class FakeSession:
    meeting: str
    account: str
    direction: str
    generation: int = 1
    video: list[str | None] = field(default_factory=list)


class FakeMedia:
    """Does what the coordination does for the edge. `problem` is raised by the next `open`."""

    def __init__(self) -> None:
        self.sessions: dict[str, FakeSession] = {}
        self.problem: Refusal | None = None
        self.holding: dict[str, list[dict[str, Any]]] = {}
        self.on_event: Any = lambda meeting, account, event: None

    async def open(self, account: Account, meeting: str, direction: str, offer: str) -> OpenedSession:
        if self.problem is not None:
            problem, self.problem = self.problem, None
            raise problem
        if not offer.startswith("v=0"):
            raise Refusal("malformed", "the offer is no session description")
        for name, old in list(self.sessions.items()):
            if direction == "publish" and (old.account, old.meeting, old.direction) == (
                account.id,
                meeting,
                direction,
            ):
                await self.close(account, name)
        name = new_id("s", datetime.now(UTC))
        self.sessions[name] = FakeSession(meeting, account.id, direction)
        return OpenedSession(name, ANSWER, "1")

    async def restart(self, account: Account, session: str, fragment: str) -> tuple[str, str]:
        found = self._owned(account, session)
        found.generation += 1
        return "a=ice-ufrag:hub\r\na=ice-pwd:hubhubhubhubhubhubhubhub\r\n", str(found.generation)

    async def close(self, account: Account, session: str) -> None:
        self._owned(account, session)
        del self.sessions[session]

    async def select(self, account: Account, session: str, video: list[str | None]) -> None:
        self._owned(account, session).video = video

    def session_etag(self, account: Account, session: str) -> str:
        return str(self._owned(account, session).generation)

    def media_events(self, meeting: str, account: Account) -> list[dict[str, Any]]:
        return self.holding.get(meeting, [])

    def _owned(self, account: Account, session: str) -> FakeSession:
        found = self.sessions.get(session)
        if found is None or found.account != account.id:
            raise Refusal("not_found", "no such media session")
        return found
