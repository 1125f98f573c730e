"""Control's coordination under test: its link server, and nodes and recorders that are nothing but their links."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from hub.clock import system_clock
from hub.coordination import Coordination
from hub.coordination import links as coordination_links
from hub.directory.accounts import Account
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.link import LinkDialer, LinkServer
from tests.support.memory_writer import MemoryWriter
from tests.support.waiting import eventually

CITY, VILLAGE = "430600000000", "430682115210"
LEADER = Account("a_01m82v7m00dg4wd225", "leader", "王某", "leader", CITY)
STATION = Account("a_01m82v7m00dg4wd226", "village", "坦渡村值守", "station", VILLAGE)
KEY = "a key of the test"
Data = dict[str, Any]


class Peer:
    """A node or recorder as far as the link goes: it keeps what it was asked, and answers plainly.

    `passed` are the streams of other nodes it was told of; a `full` node refuses peers; what is in `refusing` is refused.
    """

    def __init__(self, url: str, hello: Data) -> None:
        self.asked: list[tuple[str, Data]] = []
        self.heard: list[Data] = []
        self.passed: list[tuple[str, Data]] = []
        self.times: list[Data] = []
        self.full = False
        self.refusing: dict[str, Refusal] = {}
        self.hello = hello
        self._task: asyncio.Task[None] | None = None
        calls = {
            name: self._answering(name)
            for name in (
                "peer.open", "peer.close", "peer.restart", "peer.select", "meeting.set", "meeting.close",
                "relay.open", "relay.close", "recording.open", "recording.close",
            )
        }  # fmt: skip
        events = {
            "stream": self.heard.append,
            "time": self.times.append,
            "relay.stream": lambda data: self.passed.append(("stream", data)),
            "relay.told": lambda data: self.passed.append(("told", data)),
        }
        self.dialer = LinkDialer(url, KEY, lambda: self.hello, calls, events)

    def _answering(self, name: str) -> Any:
        async def answer(args: Data) -> Data:
            self.asked.append((name, args))
            if name == "peer.open" and self.full:
                raise Refusal("too_many", "this node is full")
            if name in self.refusing:
                raise self.refusing[name]
            answers: dict[str, Data] = {
                "peer.open": {"answer": "v=0", "etag": "one", "video": 1, "audio": 1},
                "peer.restart": {"fragment": "a=ice-ufrag:x", "etag": "two"},
                "recording.open": {
                    "host": "127.0.0.1",
                    "port": 9,
                    "send_key": "00" * 28,
                    "receive_key": "11" * 28,
                },
            }
            return answers.get(name, {})

        return answer

    def start(self) -> None:
        self._task = asyncio.create_task(self.dialer.run())

    async def die(self) -> None:
        assert self._task is not None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def of(self, name: str) -> list[Data]:
        return [args for method, args in self.asked if method == name]

    def tell(self, event: str, data: Data) -> None:
        assert self.dialer.link is not None
        self.dialer.link.tell(event, data)


class Stand:
    """Control's side under test, and what it told the pages."""

    def __init__(self, writer: MemoryWriter, coordination: Coordination, url: str) -> None:
        self.writer = writer
        self.coordination = coordination
        self.url = url
        self.told: list[tuple[str | None, Data]] = []
        coordination.on_event = lambda meeting, account, event: self.told.append((account, event))

    def node(self, **hello: Any) -> Peer:
        peer = Peer(
            self.url,
            {"kind": "node", "id": "n1", "pid": 1, "peers": [], "meetings": [], "relays": [], **hello},
        )
        peer.start()
        return peer

    def recorder(self, *recordings: Data) -> Peer:
        hello = {"kind": "recorder", "id": "r", "pid": 2, "recordings": list(recordings), "unreported": []}
        peer = Peer(self.url, hello)
        peer.start()
        return peer

    async def meeting(self, record: bool = False) -> str:
        data = {"title": "调度", "kind": "dispatch", "centers": [VILLAGE], "record": record}
        answer = await self.writer.give(LEADER, "meeting.open", data)
        meeting = answer.entries[0].meeting
        assert meeting is not None
        for account in (LEADER, STATION):
            await self.writer.give(account, "meeting.join", meeting=meeting)
        return meeting

    async def ready(self, **parts: bool) -> None:
        await eventually(
            lambda: (
                self.coordination.parts_ready()
                == {"node": False, "recorder": False, "recording": True, **parts}
            )
        )

    def closed(self, session: str) -> list[str]:
        return [e["reason"] for _, e in self.told if e["kind"] == "closed" and e["session"] == session]


@contextlib.asynccontextmanager
async def standing(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stand]:
    """A Stand on a free port; whoever linked to it is ended with it."""
    monkeypatch.setattr(coordination_links, "NODE_GRACE_S", 0.2)
    writer = MemoryWriter(CenterTree(yueyang_centers()))
    coordination = Coordination(writer, system_clock)
    links = LinkServer(KEY, coordination.on_link)
    app = web.Application()
    app.router.add_get("/link", links.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    made: list[Peer] = []
    stand = Stand(writer, coordination, f"http://127.0.0.1:{port}/link")
    original_start = Peer.start

    def start_and_keep(peer: Peer) -> None:
        made.append(peer)
        original_start(peer)

    monkeypatch.setattr(Peer, "start", start_and_keep)
    yield stand
    for peer in made:
        await peer.die()
    await coordination.stop()
    await links.close()
    await runner.cleanup()
