"""The link between control, nodes and the recorder: calls, events, keys, and what breaks a connection."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

import hub.link
from hub.errors import Refusal
from hub.link import MAX_FRAME_BYTES, Link, LinkDialer, LinkServer
from tests.support.waiting import eventually

KEY = "a-link-key"


class Control:
    """A LinkServer on an ephemeral port, that can be stopped and started again on the same one."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.hellos: list[dict[str, Any]] = []
        self.calls: dict[str, Any] = {}
        self.events: dict[str, Any] = {}
        self.port = 0

    async def _on_link(self, link: Link, hello: dict[str, Any]) -> None:
        link.calls, link.events = self.calls, self.events
        self.hellos.append(hello)
        self.links.append(link)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/link"

    async def start(self) -> None:
        @web.middleware
        async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
            try:
                response: web.StreamResponse = await handler(request)
                return response
            except Refusal as refusal:
                return web.json_response(refusal.body(), status=refusal.status)

        self.server = LinkServer(KEY, self._on_link)
        app = web.Application(middlewares=[refusals])
        app.router.add_get("/link", self.server.handle)
        self.runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        await self.server.close()
        await self.runner.cleanup()


@pytest.fixture
async def control() -> AsyncIterator[Control]:
    made = Control()
    await made.start()
    yield made
    await made.stop()


@asynccontextmanager
async def dialing(
    url: str,
    hello: Callable[[], dict[str, Any]] = lambda: {"kind": "node"},
    calls: dict[str, Any] | None = None,
    events: dict[str, Any] | None = None,
    key: str = KEY,
) -> AsyncIterator[LinkDialer]:
    dialer = LinkDialer(url, key, hello, calls or {}, events or {})
    task = asyncio.create_task(dialer.run())
    try:
        yield dialer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_either_side_asks_and_tells(control: Control) -> None:
    told: list[dict[str, Any]] = []

    async def double(args: dict[str, Any]) -> dict[str, Any]:
        return {"n": args["n"] * 2}

    async def nothing(args: dict[str, Any]) -> None:
        return None

    control.calls = {"double": double}
    control.events = {"levels": told.append}
    async with dialing(control.url, lambda: {"kind": "node", "id": "n1"}, {"nothing": nothing}) as dialer:
        await eventually(lambda: control.links and dialer.link, why="no link")
        assert control.hellos == [{"kind": "node", "id": "n1"}]
        assert dialer.link is not None
        dialer.link.tell("levels", {"名": "坦渡村"})
        assert await dialer.link.call("double", {"n": 21}) == {"n": 42}
        assert told == [{"名": "坦渡村"}], "an event sent before a call is heard before its answer"
        assert await control.links[0].call("nothing", {}) == {}


async def test_a_refusal_travels_and_other_failures_become_unavailable(
    control: Control, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(args: dict[str, Any]) -> dict[str, Any]:
        raise Refusal("unprocessable", "no codec in common", field="offer")

    async def fail(args: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("secret detail")

    async def never(args: dict[str, Any]) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    calls = {"refuse": refuse, "fail": fail, "never": never}
    async with dialing(control.url, calls=calls):
        await eventually(lambda: control.links, why="no link")
        link = control.links[0]
        with pytest.raises(Refusal) as refused:
            await link.call("refuse", {})
        assert (refused.value.code, refused.value.field) == ("unprocessable", "offer")
        with caplog.at_level(logging.CRITICAL, "hub.link"), pytest.raises(Refusal) as failed:
            await link.call("fail", {})
        assert failed.value.code == "unavailable"
        assert "secret" not in failed.value.message
        with pytest.raises(Refusal, match="no such call"):
            await link.call("unknown", {})
        with pytest.raises(Refusal, match="within") as late:
            await link.call("never", {}, timeout_s=0.05)
        assert late.value.code == "unavailable"
        assert link.dump()["waiting_calls"] == 0


async def test_a_failing_event_handler_does_not_end_the_link(
    control: Control, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(data: dict[str, Any]) -> None:
        raise ValueError

    async def ping(args: dict[str, Any]) -> dict[str, Any]:
        return {"still": "here"}

    control.events, control.calls = {"bad": fail}, {"ping": ping}
    async with dialing(control.url) as dialer:
        await eventually(lambda: dialer.link, why="no link")
        assert dialer.link is not None
        with caplog.at_level(logging.CRITICAL, "hub.link"):
            dialer.link.tell("bad", {})
            assert await dialer.link.call("ping", {}) == {"still": "here"}


async def test_a_restarted_control_is_dialed_again_with_a_fresh_hello(control: Control) -> None:
    count = 0

    def hello() -> dict[str, Any]:
        nonlocal count
        count += 1
        return {"count": count}

    async with dialing(control.url, hello) as dialer:
        await eventually(lambda: dialer.link and control.links, why="no link")
        old = dialer.link
        assert old is not None
        waiting = asyncio.create_task(old.call("anything", {}))
        await asyncio.gather(waiting, return_exceptions=True)
        await control.stop()
        await asyncio.wait_for(old.closed.wait(), 2)
        with pytest.raises(Refusal, match="closed"):
            await old.call("anything", {})
        await control.start()
        await eventually(lambda: len(control.hellos) == 2, 3, "not dialed again")
        assert control.hellos == [{"count": 1}, {"count": 2}]


async def test_a_call_under_way_is_refused_when_the_link_closes(control: Control) -> None:
    async def never(args: dict[str, Any]) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(dialing(control.url, calls={"never": never}))
        await eventually(lambda: control.links, why="no link")
        call = asyncio.create_task(control.links[0].call("never", {}, timeout_s=30))
        await asyncio.sleep(0)
        await stack.aclose()
        with pytest.raises(Refusal) as refused:
            await asyncio.wait_for(call, 2)
        assert refused.value.code == "unavailable"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer ", f"Basic {KEY}", "Bearer \u00ff"])
async def test_without_the_key_there_is_no_link(control: Control, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    async with aiohttp.ClientSession() as session, session.get(control.url, headers=headers) as answer:
        assert answer.status == 401
        assert (await answer.json())["error"]["code"] == "unauthenticated"
    assert control.links == []


@pytest.mark.parametrize(
    "frame",
    [
        b"\x00binary",
        "not json",
        "[1,2]",
        '{"call":1}',
        '{"event":"x","data":3}',
        "[" * 200_000,
        "x" * (MAX_FRAME_BYTES + 1),
    ],
    ids=["binary", "text", "list", "half a call", "data", "deep", "large"],
)
async def test_a_frame_outside_the_contract_ends_the_link(
    control: Control, frame: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(control.url) as socket,
    ):
        await socket.send_str('{"event":"hello","data":{}}')
        await eventually(lambda: control.links, why="no link")
        await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
        await asyncio.wait_for(control.links[0].closed.wait(), 2)


async def test_a_dialer_that_does_not_greet_gets_no_link(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.link, "HELLO_TIMEOUT_S", 0.1)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as session:
        for first in (None, '{"event":"levels","data":{}}', "nonsense"):
            async with session.ws_connect(control.url) as socket:
                if first is not None:
                    await socket.send_str(first)
                end = await asyncio.wait_for(socket.receive(), 2)
                assert end.type is aiohttp.WSMsgType.CLOSE
    assert control.links == []


async def test_a_half_open_link_is_found_within_five_seconds(control: Control) -> None:
    """The other side keeps its connection open and is silent: no data, no answers to pings."""
    reader, writer = await asyncio.open_connection("127.0.0.1", control.port)
    writer.write(
        b"GET /link HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + f"Authorization: Bearer {KEY}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    hello = b'{"event":"hello","data":{}}'
    writer.write(bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    await eventually(lambda: control.links, why="no link")
    await asyncio.wait_for(control.links[0].closed.wait(), 5.0)
    writer.close()


async def test_a_frame_that_is_too_large_is_refused_before_it_is_sent(control: Control) -> None:
    async with dialing(control.url) as dialer:
        await eventually(lambda: dialer.link, why="no link")
        assert dialer.link is not None
        with pytest.raises(Refusal) as refused:
            await dialer.link.call("x", {"text": "x" * MAX_FRAME_BYTES})
        assert refused.value.code == "too_large"
        assert not dialer.link.closed.is_set()


async def test_all_else_has_its_turn_while_hundreds_of_calls_begin(control: Control) -> None:
    loop = asyncio.get_running_loop()
    turn = 0
    begun: list[tuple[int, int]] = []

    def count_turns() -> None:
        nonlocal turn
        turn += 1
        turning[0] = loop.call_soon(count_turns)

    async def note(args: dict[str, Any]) -> None:
        begun.append((turn, args["n"]))

    control.calls = {"note": note}
    turning = [loop.call_soon(count_turns)]
    async with dialing(control.url) as dialer:
        await eventually(lambda: control.links and dialer.link, why="no link")
        assert dialer.link is not None
        await asyncio.gather(*(dialer.link.call("note", {"n": n}) for n in range(400)))
    turning[0].cancel()
    assert [n for _, n in begun] == list(range(400)), "in the order in which they were asked"
    assert max(Counter(at for at, _ in begun).values()) < 20
