"""Hostile input at every door: a typed refusal each, the loop never stalls, nothing secret is written down."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from signaling import limits, server
from tests.support.edge import PASSWORD, Edge, running_edge
from tests.support.loop_lag import measured_lag
from tests.support.rules import CITY, VILLAGE

#: The longest the event loop may be held up by one request.
MAX_STALL_S = 0.05


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


def request(method: str, path: str, body: bytes = b"", /, **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: hub", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def parsed(answer: bytes) -> tuple[int, str]:
    """Status and code of a refusal as it came over the wire."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body.startswith(b'{"error":'), answer[:500]
    return int(head.split()[1]), json.loads(body)["error"]["code"]


COMMANDS = "/api/v1/commands"
JSON = {"Content_Type": "application/json"}
HOSTILE: dict[str, tuple[bytes, set[tuple[int, str]]]] = {
    "body too large": (request("POST", COMMANDS, b" " * 70_000, **JSON), {(413, "too_large")}),
    "a claimed gigabyte": (
        b"POST /api/v1/commands HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTOKEN"
        b"Content-Length: 1000000000\r\n\r\n{",
        {(413, "too_large")},
    ),
    "deep": (request("POST", COMMANDS, b'{"a":' * 12_000, **JSON), {(400, "malformed")}),
    "wide": (request("POST", COMMANDS, b"[" + b"[]," * 21_000 + b"[]]", **JSON), {(400, "malformed")}),
    "quotes": (request("POST", COMMANDS, b'["' + b'\\"' * 32_000, **JSON), {(400, "malformed")}),
    "digits": (request("POST", COMMANDS, b"9" * 65_000, **JSON), {(400, "malformed")}),
    "twice": (request("POST", COMMANDS, b'{"id":"a","id":"b"}', **JSON), {(400, "malformed")}),
    "nan": (request("POST", COMMANDS, b'{"id":NaN}', **JSON), {(400, "malformed")}),
    "no utf-8": (request("POST", COMMANDS, b'{"id":"\xff"}', **JSON), {(400, "malformed")}),
    "half a pair": (request("POST", COMMANDS, b'{"id":"\\ud800"}', **JSON), {(400, "malformed")}),
    "no json": (
        request("POST", COMMANDS, b"id=1", Content_Type="application/x-www-form-urlencoded"),
        {(415, "unsupported_media")},
    ),
    "gzip": (
        request("POST", COMMANDS, b"x", Content_Encoding="gzip", **JSON),
        {(415, "unsupported_media"), (400, "malformed")},
    ),
    "many centers": (
        request(
            "POST",
            COMMANDS,
            json.dumps(
                {
                    "id": "a",
                    "kind": "meeting.open",
                    "data": {"title": "a", "kind": "dispatch", "centers": ["430600000000"] * 4_200},
                }
            ).encode(),
            **JSON,
        ),
        {(400, "invalid"), (413, "too_large")},
    ),
    "sdp too large": (
        request("POST", "/whip/MEETING", b"v=0\r\n" + b"a=x\r\n" * 14_000, Content_Type="application/sdp"),
        {(413, "too_large")},
    ),
    "sdp of many lines": (
        request(
            "POST", "/whep/MEETING", b"v=0\r\n" + b"a=ssrc:1 x\r\n" * 4_000, Content_Type="application/sdp"
        ),
        {(413, "too_large")},
    ),
    "sdp of zeros": (
        request("POST", "/whep/MEETING", b"\0" * 60_000, Content_Type="application/sdp"),
        {(400, "malformed")},
    ),
    "cookie of 20 KB": (
        request("GET", "/api/v1/session", Cookie="lianxian_session=" + "x" * 20_000),
        {(413, "too_large")},
    ),
    "cookie of 200 KB": (
        request("GET", "/api/v1/session", Cookie="a=" + "x" * 200_000),
        {(413, "too_large")},
    ),
    "many cookies": (
        request("GET", "/api/v1/session", Cookie="; ".join(f"a{n}=1" for n in range(1500))),
        {(401, "unauthenticated")},
    ),
    "many headers": (
        request("GET", "/api/v1/session", b"", **{f"X_{n}": "1" for n in range(500)}),
        {(400, "malformed"), (413, "too_large")},
    ),
    "token": (
        request("GET", "/api/v1/session", Authorization="Bearer " + "é" * 3000),
        {(401, "unauthenticated"), (400, "malformed")},
    ),
    "token of words": (
        request("GET", "/api/v1/session", Authorization="Basic abc"),
        {(401, "unauthenticated")},
    ),
    "path": (request("GET", "/" + "a/" * 3000), {(413, "too_large")}),
    "path of 100 KB": (request("GET", "/" + "a" * 100_000), {(413, "too_large")}),
    "file name": (request("GET", "/assets/..%5c..%5c..%2fetc%2fpasswd"), {(404, "not_found")}),
    "file name with zero": (request("GET", "/assets/a%00.js"), {(404, "not_found")}),
    "query": (
        request("GET", "/api/v1/meetings?" + "&".join(f"a{n}=" for n in range(500))),
        {(400, "invalid"), (401, "unauthenticated")},
    ),
    "range": (
        request("GET", "/api/v1/recordings/r_0/parts/p_0/media", Range="bytes=" + "0-1," * 2000),
        {(404, "not_found")},
    ),
    "no http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500, {(400, "malformed")}),
    "no method": (b"\r\n\r\n\0\0\0 / HTTP/1.1\r\n\r\n", {(400, "malformed")}),
    "two lengths": (
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        {(400, "malformed")},
    ),
    "length and chunks": (
        b"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {(400, "malformed")},
    ),
    "bad chunk": (
        b"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        {(400, "malformed")},
    ),
    "long name": (
        request(
            "POST",
            "/api/v1/session",
            json.dumps({"username": "x" * 60_000, "password": "x"}).encode(),
            **JSON,
        ),
        {(400, "invalid")},
    ),
    "link": (request("GET", "/link", Authorization="Bearer wrong"), {(404, "not_found")}),
    "socket.io": (
        request("POST", "/socket.io/?EIO=4&transport=polling&sid=x", b"4" * 70_000),
        {(413, "too_large")},
    ),
}


async def test_every_hostile_request_gets_a_typed_refusal_and_none_stalls_the_loop(edge: Edge) -> None:
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    leader = await edge.person("leader", CITY)
    opened = await leader.command("meeting.open", title="a", kind="dispatch", centers=[VILLAGE])
    meeting = opened["entries"][0]["meeting"].encode()
    bystander = await edge.listen(leader)
    worst: dict[str, float] = {}
    for name, (raw, allowed) in HOSTILE.items():
        token = b"Authorization: Bearer " + leader.token.encode() + b"\r\n"
        sent = raw.replace(b"MEETING", meeting).replace(b"TOKEN", token)
        if b"uthorization" not in sent and b"ookie" not in sent and b"\r\nHost: hub\r\n" in sent:
            sent = sent.replace(b"\r\nHost: hub\r\n", b"\r\nHost: hub\r\n" + token, 1)
        async with measured_lag() as lag:
            answer = await edge.raw(sent)
        assert answer, name
        assert parsed(answer) in allowed, (name, answer[:300])
        assert b"Traceback" not in answer
        worst[name] = lag.worst_s
    assert max(worst.values()) < MAX_STALL_S, worst
    assert await bystander.call("unfollow", {"meeting": meeting.decode()}) == {}


async def test_slow_headers_are_cut_off(edge: Edge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(server, "HEADER_TIMEOUT_S", 0.3)
    async with running_edge(tmp_path / "slow") as slow:
        for beginning in (b"", b"GET / HTTP/1.1\r\nHost: h\r\nX: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", slow.port)
            writer.write(beginning)
            async with asyncio.timeout(5):
                assert await reader.read() == b""
            writer.close()


async def test_a_slow_body_is_refused(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_TIMEOUT_S", 0.2)
    raw = b"POST /api/v1/session HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    assert parsed(await edge.raw(raw)) == (400, "malformed")
    async with aiohttp.ClientSession() as session:
        base = f"{edge.url}/socket.io/?EIO=4&transport=polling"
        async with session.get(base) as answer:
            sid = (await answer.text()).split('"sid":"')[1].split('"')[0]
    path = f"/socket.io/?EIO=4&transport=polling&sid={sid}"
    raw = f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n4".encode()
    assert parsed(await edge.raw(raw)) == (400, "malformed")


async def test_hostile_frames_do_not_stall_the_loop(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    frames = [
        '42["command",' + "[" * 60_000,
        '42["command",' + "[]," * 20_000 + "1]",
        '42["command","' + '\\"' * 30_000,
        '42["command",' + "9" * 60_000 + "]",
        '42["command",{"data":"' + "\\u1234" * 10_000 + '"}]',
        "4" + "2" * 60_000,
        "40" + "{" * 60_000,
        '45999999-["x"]',
    ]
    async with measured_lag() as lag, aiohttp.ClientSession() as session:
        for frame in frames:
            socket = await session.ws_connect(f"{edge.url}/socket.io/?EIO=4&transport=websocket")
            await socket.receive_str()
            await socket.send_str(f'40{{"token":"{leader.token}"}}')
            await socket.receive_str()
            await socket.send_str(frame)
            await asyncio.sleep(0.02)
            await socket.close()
    assert lag.worst_s < MAX_STALL_S


async def test_no_secret_is_written_down(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    # The client's own logging is not the hub's.
    for name in ("engineio.client", "socketio.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    leader = await edge.person("leader", CITY)
    secrets = [leader.token, PASSWORD, "wrong-password-9", "ice-password-0123456789", leader.account.name]
    async with aiohttp.ClientSession(edge.url) as browser:
        for password in (PASSWORD, "wrong-password-9"):
            body = {"username": leader.account.username, "password": password}
            async with browser.post("/api/v1/session", json=body) as answer:
                found = await answer.json()
                secrets += [found["token"]] if "token" in found else []
    opened = await leader.command("meeting.open", title="a", kind="dispatch", centers=[VILLAGE])
    meeting = opened["entries"][0]["meeting"]
    offer = "v=0\r\na=ice-ufrag:x\r\na=ice-pwd:ice-password-0123456789\r\n"
    for sdp in (offer, offer[3:]):
        async with leader.http.post(
            f"/whip/{meeting}", data=sdp, headers={"Content-Type": "application/sdp"}
        ):
            pass
    socket = await edge.listen(leader)
    await socket.call("command", {"id": "1", "kind": "nonsense", "data": {"password": PASSWORD}})
    await edge.raw(request("GET", "/api/v1/session\0", Authorization=f"Bearer {leader.token}"))
    await edge.raw(request("GET", f"/?token={leader.token}", Cookie=f"lianxian_session={leader.token}"))
    async with aiohttp.ClientSession() as session:
        raw = await session.ws_connect(f"{edge.url}/socket.io/?EIO=4&transport=websocket")
        await raw.send_str(f'40{{"token":"{leader.token}"')
        await raw.send_str(f'42["command",{{"password":"{PASSWORD}"')
        await asyncio.sleep(0.05)
        await raw.close()
    async with leader.http.delete("/api/v1/session"):
        pass
    for record in caplog.records:
        written = f"{record.getMessage()} {record.exc_text or ''} {record.args}"
        for secret in secrets:
            assert secret not in written, record.name
