"""Several front processes share a Redis: what one publishes, the sockets of the other hear."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hub.directory.accounts import Account
from hub.entry import Command, Entry
from hub.journal.writer import Answer
from signaling.app import build_app
from signaling.server import start_server
from signaling.sessions import Sessions
from tests.support.edge import Listener, running_edge
from tests.support.fake_media import FakeMedia
from tests.support.hub_process import free_port
from tests.support.journal import HubWriter
from tests.support.rules import CITY, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def redis_url(tmp_path: Path) -> AsyncIterator[str]:
    """A Redis of this test alone."""
    program = shutil.which("redis-server")
    assert program is not None, "redis-server is needed (Debian: redis-server)"
    port = free_port()
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )

    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    await eventually(answers, 5, "redis-server does not answer")
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    await process.wait()


class Deaf:
    """A writer of which nothing is heard: what comes to sockets beside it can only have come through Redis."""

    def __init__(self, writer: HubWriter) -> None:
        self._writer = writer
        self.state = writer.state

    async def submit(self, command: Command, account: Account) -> Answer:
        return await self._writer.submit(command, account)

    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]:
        return lambda: None


async def test_an_entry_reaches_the_sockets_of_another_front(redis_url: str, tmp_path: Path) -> None:
    async with running_edge(tmp_path, HUB_REDIS_URL=redis_url) as edge:
        leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
        services = replace(edge.services, writer=Deaf(edge.writer), media=FakeMedia())
        front = build_app(services)
        runner, port = await start_server(front, "127.0.0.1", 0)
        try:
            station = Listener()
            url = f"http://127.0.0.1:{port}"
            await station.client.connect(url, auth={"token": village.token}, transports=["websocket"])
            await station.until("hello")
            await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
            await station.until("changed", what="meeting")
            assert len(station.of("changed")) == 1
            await station.client.disconnect()
        finally:
            await runner.cleanup()


async def test_what_one_front_withdraws_ends_at_the_other_within_two_seconds(
    redis_url: str, tmp_path: Path
) -> None:
    async with running_edge(tmp_path, HUB_REDIS_URL=redis_url) as edge:
        leader = await edge.person("leader", CITY)
        accounts = Sessions(edge.store, edge.services.clock, edge.services.config.session_days)
        services = replace(edge.services, writer=Deaf(edge.writer), media=FakeMedia(), accounts=accounts)
        runner, port = await start_server(build_app(services), "127.0.0.1", 0)
        try:
            page, here = Listener(), await edge.listen(leader)
            url = f"http://127.0.0.1:{port}"
            await page.client.connect(url, auth={"token": leader.token}, transports=["websocket"])
            await page.until("hello")
            async with leader.http.delete("/api/v1/session") as answer:
                assert answer.status == 204

            def both_ended() -> bool:
                return not page.client.connected and not here.client.connected

            await eventually(both_ended, 2, "a socket is open")
            for listener in (page, here):
                assert listener.of("session_ended") == [{"reason": "signed_out"}]
        finally:
            await runner.cleanup()
