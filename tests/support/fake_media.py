"""A media service in memory: sessions, entity tags and events as docs/protocol.md says, without any media."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.ids import new_id
from signaling.services import FlowListener

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
    source: str = "camera"
    access: str = ""
    generation: int = 1
    video: list[str | None] = field(default_factory=list)
    tiles: list[list[int] | None] | None = None
    heard: str | None = None


@dataclass(frozen=True)
class FakeNode:
    figures: dict[str, float]
    dropped: dict[str, float]


@dataclass(frozen=True)
class FakeCounts:
    """What the nodes count; set by a test."""

    nodes: dict[str, FakeNode] = field(default_factory=dict)
    sessions: dict[tuple[str, str, bool], int] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)


class FakeCameras:
    """Pictures of cameras, set by a test. What is asked once stands here, too."""

    def __init__(self) -> None:
        self.asks: FakeCameras = self
        self.jpegs: dict[str, str] = {}
        self.watching: dict[str, list[dict[str, Any]]] = {}
        self.on_flow: list[FlowListener] = []
        #: What cameras were asked by ONVIF, and what they answer by method.
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.on_turn_refused: Callable[[str, str], None] = lambda camera, reason: None

    async def turn(self, method: str, camera: str, **more: Any) -> dict[str, Any]:
        self.asked.append((method, camera, more))
        return self.answers.get(method, {})

    async def onvif(self, method: str, **more: Any) -> dict[str, Any]:
        return await self.turn(method, "", **more)

    async def picture(self, camera: str, *, series: bool = False) -> dict[str, Any]:
        if camera not in self.jpegs:
            raise Refusal("unavailable", "no gateway of cameras is linked")
        return {"jpeg": self.jpegs[camera]}

    def watchers(self, camera: str) -> list[dict[str, Any]]:
        return self.watching.get(camera, [])

    def watches(self, account: str, camera: str) -> bool:
        return any(each["account"] == account for each in self.watchers(camera))

    def selected(self, account: str) -> set[str]:
        return {camera for camera in self.watching if self.watches(account, camera)}

    def events(self, account: str) -> list[dict[str, Any]]:
        return []


class FakeMedia:
    """Does what the coordination does for the edge. `problem` is raised by the next `open`."""

    def __init__(self) -> None:
        self.sessions: dict[str, FakeSession] = {}
        self.cameras = FakeCameras()
        self.problem: Refusal | None = None
        self.holding: dict[str, list[dict[str, Any]]] = {}
        self.counts = FakeCounts()
        self.recording: dict[str, tuple[str, str | None]] = {}
        self.on_event: Any = lambda meeting, account, event: None

    async def open(
        self,
        account: Account,
        meeting: str,
        direction: str,
        offer: str,
        source: str,
        *,
        access: str = "",
        join: Callable[[], Awaitable[None]] | None = None,
    ) -> OpenedSession:
        if self.problem is not None:
            problem, self.problem = self.problem, None
            raise problem
        if not offer.startswith("v=0"):
            raise Refusal("malformed", "the offer is no session description")
        for name, old in list(self.sessions.items()):
            if direction == "publish" and (old.account, old.meeting, old.direction, old.source) == (
                account.id,
                meeting,
                direction,
                source,
            ):
                await self.close(account, name)
        if join is not None:
            await join()
        name = new_id("s", datetime.now(UTC))
        self.sessions[name] = FakeSession(meeting, account.id, direction, source, access)
        return OpenedSession(name, ANSWER, "1")

    async def open_check(
        self, account: Account, direction: str, offer: str, *, access: str = ""
    ) -> OpenedSession:
        return await self.open(account, f"check:{account.id}", direction, offer, "camera", access=access)

    async def open_cameras(self, account: Account, offer: str, *, access: str = "") -> OpenedSession:
        return await self.open(account, "cameras", "watch", offer, "camera", access=access)

    def accesses(self) -> dict[str, str]:
        return {each.access: each.account for each in self.sessions.values()}

    def withdraw(self, access: str) -> None:
        for name, session in list(self.sessions.items()):
            if session.access == access:
                del self.sessions[name]
                event = {"meeting": session.meeting, "kind": "closed", "session": name, "reason": "withdrawn"}
                self.on_event(session.meeting, session.account, event)

    async def restart(self, account: Account, session: str, fragment: str) -> tuple[str, str]:
        found = self._owned(account, session)
        found.generation += 1
        return "a=ice-ufrag:hub\r\na=ice-pwd:hubhubhubhubhubhubhubhub\r\n", str(found.generation)

    async def close(self, account: Account, session: str) -> None:
        self._owned(account, session)
        del self.sessions[session]

    async def select(
        self,
        account: Account,
        session: str,
        video: list[str | None],
        tiles: list[list[int] | None] | None,
    ) -> None:
        found = self._owned(account, session)
        found.video, found.tiles = video, tiles

    async def listen(self, account: Account, session: str, camera: str | None) -> None:
        self._owned(account, session).heard = camera

    def session_etag(self, account: Account, session: str) -> str:
        return str(self._owned(account, session).generation)

    def media_events(self, meeting: str, account: Account) -> list[dict[str, Any]]:
        return self.holding.get(meeting, [])

    def recording_state(self, meeting: str) -> tuple[str, str | None] | None:
        return self.recording.get(meeting)

    def media_counts(self) -> FakeCounts:
        return self.counts

    def _owned(self, account: Account, session: str) -> FakeSession:
        found = self.sessions.get(session)
        if found is None or found.account != account.id:
            raise Refusal("not_found", "no such media session")
        return found
