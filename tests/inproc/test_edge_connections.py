"""Connections of a real edge: stalled readers, many clients behind one front, bodies and frames that would inflate."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from signaling import connections
from signaling.app import build_app
from signaling.server import EdgeRunner
from tests.support.edge import Edge, running_edge
from tests.support.loop_lag import measured_lag
from tests.support.rules import CITY
from tests.support.waiting import eventually

BIG = 12 * 1024 * 1024


@pytest.fixture
async def edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Edge]:
    monkeypatch.setattr(connections, "STALL_S", 0.8)
    monkeypatch.setattr(connections, "SWEEP_S", 0.1)
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "assets" / "big.bin").write_bytes(b"x" * BIG)
    async with running_edge(tmp_path) as made:
        yield made


def reader(edge: Edge) -> socket.socket:
    """A connection that has asked for the big file and reads only when told to."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    made.connect(("127.0.0.1", edge.port))
    made.sendall(b"GET /assets/big.bin HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
    made.setblocking(False)
    return made


async def test_a_reader_that_stalls_is_ended_and_a_slow_one_gets_everything(edge: Edge) -> None:
    loop = asyncio.get_running_loop()
    stalled, slow = reader(edge), reader(edge)

    async def read_slowly() -> int:
        got = 0
        while True:
            data = await loop.sock_recv(slow, 512 * 1024)
            if not data:
                return got
            got += len(data)
            await asyncio.sleep(0.01)

    async def is_cut() -> bool:
        # Until it is, the hub holds the connection, however long nothing is read from it.
        return len(edge.runner.connections) < 2 or slow_read.done()

    with contextlib.closing(stalled), contextlib.closing(slow):
        slow_read = asyncio.create_task(read_slowly())
        await eventually(lambda: len(edge.runner.connections) == 2 or None, why="not both are connected")
        await eventually(is_cut, 10, "the stalled reader is still held")
        assert await slow_read > BIG, "head and body"
        await eventually(
            lambda: len(edge.runner.connections) == 0 or None, 5, "the stalled reader is still held"
        )


async def test_a_connection_that_is_being_closed_and_takes_nothing_is_not_held(edge: Edge) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.closing(reader(edge)) as stalled:
        await loop.sock_recv(stalled, 100)
        await eventually(lambda: len(edge.runner.connections) == 0 or None, 10, "it is held for ever")


async def test_a_client_behind_a_front_has_as_many_requests_at_once_as_one_without(tmp_path: Path) -> None:
    settings = {"HUB_TRUSTED_PROXIES": "127.0.0.1", "HUB_CONNECTIONS_PER_ADDRESS": "16"}
    async with running_edge(tmp_path, **settings) as edge, aiohttp.ClientSession(edge.url) as front:
        headers = {"X-Forwarded-For": "203.0.113.9"}
        path = "/socket.io/?EIO=4&transport=websocket"
        sockets = [await front.ws_connect(path, headers=headers) for _ in range(16)]
        async with front.get("/healthz", headers=headers) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (429, "too_many")
        async with front.get("/healthz", headers={"X-Forwarded-For": "203.0.113.10"}) as answer:
            assert answer.status == 200
        await sockets[0].close()

        async def passes() -> bool:
            async with front.get("/healthz", headers=headers) as answer:
                return answer.status == 200

        await eventually(passes, why="still refused")
        for each in sockets:
            await each.close()


async def test_when_every_place_is_taken_by_the_idle_a_newcomer_is_served(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        app = build_app(edge.services)
        runner = EdgeRunner(app)
        runner.connections._most = 20
        port = await runner.listen("127.0.0.1", 0)
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{port}/healthz") as answer,
            ):
                assert answer.status == 200
            assert len(runner.connections) <= 20
        finally:
            for _, writer in idle:
                writer.close()
            await runner.cleanup()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "GZIP", "gzip, gzip", "identity, gzip"])
@pytest.mark.parametrize(
    "path", ["/api/v1/session", "/api/v1/commands", "/socket.io/?EIO=4&transport=polling", "/"]
)
async def test_no_body_is_inflated_at_any_door(edge: Edge, path: str, coding: str) -> None:
    bomb = gzip.compress(bytes(100 * 1024 * 1024), 9) if coding == "gzip" else zlib.compress(bytes(1 << 20))
    leader = await edge.person("leader", CITY)
    if "socket.io" in path:
        async with leader.http.get(path) as answer:
            sid = (await answer.text()).split('"sid":"')[1].split('"')[0]
        path = f"{path}&sid={sid}"
    headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
    async with measured_lag() as lag, leader.http.post(path, data=bomb[:60_000], headers=headers) as answer:
        status, code = answer.status, (await answer.json())["error"]["code"]
    assert (status, code) in {(415, "unsupported_media"), (404, "not_found"), (405, "method_not_allowed")}
    assert (status == 415) == (path != "/")
    assert lag.worst_s < 0.05


async def test_no_socket_is_given_compression(edge: Edge) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{edge.url}/socket.io/?EIO=4&transport=websocket", compress=15) as opened,
    ):
        assert opened.compress == 0
        assert (await opened.receive_str()).startswith("0{")
