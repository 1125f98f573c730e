"""Socket.IO: what strangers and broken clients send is answered or ends that one socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import socketio

from signaling import socket_guard
from tests.support.edge import Edge, running_edge
from tests.support.rules import CITY
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def engine(session: aiohttp.ClientSession, edge: Edge) -> aiohttp.ClientWebSocketResponse:
    """A bare Engine.IO connection that has not connected its namespace."""
    socket = await session.ws_connect(f"{edge.url}/socket.io/?EIO=4&transport=websocket")
    assert (await socket.receive_str()).startswith("0{")
    return socket


async def closed(socket: aiohttp.ClientWebSocketResponse, within_s: float = 5.0) -> bool:
    async with asyncio.timeout(within_s):
        while True:
            message = await socket.receive()
            if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}:
                return True


async def test_a_socket_without_a_namespace_is_closed(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_guard, "CONNECT_TIMEOUT_S", 0.2)
    async with aiohttp.ClientSession() as session:
        silent, refused = await engine(session, edge), await engine(session, edge)
        await refused.send_str('40{"token":"wrong"}')
        assert (await refused.receive_str()).startswith("44")
        assert await closed(silent)
        assert await closed(refused)


@pytest.mark.parametrize(
    "body",
    [
        '{"id":"1","kind":"report.file","data":{"situation":"abnormal","text":"水位\\ud83d"}}',
        '{"\\udc00":1}',
        '{"a":1,"a":2}',
        "NaN",
        "[" * 30_000,
        "[" * 100 + "]" * 100,
        "{",
        '{"a":1}] trailing',
        "9" * 60_000,
    ],
    ids=range(9),
)
async def test_an_event_whose_body_cannot_be_taken_is_answered_in_its_turn_and_the_socket_stays(
    edge: Edge, body: str
) -> None:
    leader = await edge.person("leader", CITY)
    async with aiohttp.ClientSession() as session:
        socket = await engine(session, edge)
        await socket.send_str(f'40{{"token":"{leader.token}"}}')
        gone = '{"meeting":"m_000000000000000000"}'
        await socket.send_str(f'421["unfollow",{gone}]')
        await socket.send_str(f'422["command",{body}]')
        await socket.send_str(f'42["command",{body}]')
        await socket.send_str(f'423["unfollow",{gone}]')
        answers: list[str] = []
        async with asyncio.timeout(5):
            while len(answers) < 3:
                if (frame := await socket.receive_str()).startswith("43"):
                    answers.append(frame)
    assert (answers[0], answers[2]) == ("431[{}]", "433[{}]")
    assert answers[1].startswith('432[{"error":{"code":"malformed"')


async def test_a_sign_in_that_cannot_be_read_is_refused_as_such_and_may_be_tried_again(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    async with aiohttp.ClientSession() as session:
        socket = await engine(session, edge)
        await socket.send_str('40{"token":"\\ud800"}')
        assert (await socket.receive_str()).startswith('44{"message":"malformed","data":{"error"')
        await socket.send_str(f'40{{"token":"{leader.token}"}}')
        assert (await socket.receive_str()).startswith("40{")


@pytest.mark.parametrize("name", ["disconnect", "connect", "connect_error", "*", "x" * 100, 'a"b', ""])
async def test_no_event_reaches_what_the_hub_keeps_for_itself(edge: Edge, name: str) -> None:
    leader = await edge.person("leader", CITY)
    socket = await edge.listen(leader)
    # Sent as the library would not: it keeps some of these names for itself.
    packet = socket.client.packet_class(socketio.packet.EVENT, [name, "x"], id=7)
    answer = asyncio.get_running_loop().create_future()
    socket.client.callbacks.setdefault("/", {})[7] = answer.set_result
    await socket.client._send_packet(packet)
    assert (await asyncio.wait_for(answer, 5))["error"]["code"] == "invalid"
    async with leader.http.delete("/api/v1/session"):
        pass
    await asyncio.wait_for(socket.client.wait(), 5)


@pytest.mark.parametrize(
    "frame",
    [
        b"\x04binary",
        '451-["command",{"_placeholder":true,"num":0}]',
        '459999999-["command"]',
        "46",
        "42",
        "42{}",
        "42[3]",
        '42[{"a":1}]',
        "42[",
        '42["command',
        "40/admin,",
        "49",
        "4",
        "x",
        "",
        "4{}",
        '42["command","' + "x" * 70_000 + '"]',
    ],
    ids=range(17),
)
async def test_a_frame_outside_the_protocol_ends_the_socket_and_no_other(
    edge: Edge, frame: str | bytes
) -> None:
    leader = await edge.person("leader", CITY)
    bystander = await edge.listen(leader)
    async with aiohttp.ClientSession() as session:
        socket = await engine(session, edge)
        await socket.send_str(f'40{{"token":"{leader.token}"}}')
        assert (await socket.receive_str()).startswith("40{")
        await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
        assert await closed(socket)
    assert await bystander.call("unfollow", {"meeting": "m_000000000000000000"}) == {}


async def test_a_client_that_ignores_the_farewell_is_cut_off(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    async with aiohttp.ClientSession() as session:
        socket = await engine(session, edge)
        await socket.send_str(f'40{{"token":"{leader.token}"}}')
        await socket.send_bytes(b"x")

        async def cut_off() -> bool:
            try:
                await socket.send_str('42["unfollow",{}]')
            except (ConnectionError, aiohttp.ClientError):
                return True
            return False

        await eventually(cut_off, 4, "the hub still listens")


@pytest.mark.parametrize("body", ["", "x", "4", "b!!!!", "42[" + "\x1e4" * 20, "4" * 70_000])
async def test_malformed_polling_bodies_are_answered_and_harm_nobody(edge: Edge, body: str) -> None:
    leader = await edge.person("leader", CITY)
    bystander = await edge.listen(leader)
    async with aiohttp.ClientSession() as session:
        base = f"{edge.url}/socket.io/?EIO=4&transport=polling"
        async with session.get(base) as answer:
            sid = (await answer.text()).split('"sid":"')[1].split('"')[0]
        try:
            async with session.post(f"{base}&sid={sid}", data=body) as answer:
                assert answer.status in {200, 400, 413}
        except aiohttp.ClientConnectionError:
            pass
    assert await bystander.call("unfollow", {"meeting": "m_000000000000000000"}) == {}
