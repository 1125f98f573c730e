"""HTTP as browsers and those who run the hub meet it: cookies, origins, headers, health, and what is told to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from signaling.throttle import PAIR
from tests.support.edge import PASSWORD, Edge, running_edge
from tests.support.fake_media import FakeCounts, FakeNode
from tests.support.rules import CITY, VILLAGE


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def test_writes_with_the_cookie_come_from_the_own_origin_only(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    body = {
        "id": "c1",
        "kind": "meeting.open",
        "data": {"title": "a", "kind": "dispatch", "centers": [VILLAGE]},
    }
    cookies = {"lianxian_session": leader.token}
    for headers, status in [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": f"{edge.url}.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": edge.url}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ]:
        async with (
            aiohttp.ClientSession(edge.url, cookies=cookies, headers=headers) as browser,
            browser.post("/api/v1/commands", json=body) as answer,
        ):
            assert answer.status == status, (headers, await answer.text())
    async with (
        aiohttp.ClientSession(edge.url, headers={"Origin": "https://evil.example"}) as foreign,
        foreign.post(
            "/api/v1/session", json={"username": leader.account.username, "password": PASSWORD}
        ) as answer,
    ):
        assert answer.status == 403, "nobody is signed in by another site's page"


async def test_behind_tls_the_cookie_is_secure_and_the_origin_is_the_public_one(tmp_path: Path) -> None:
    settings = {"HUB_PUBLIC_URL": "https://hub.example.org", "HUB_TRUSTED_PROXIES": "127.0.0.1"}
    async with running_edge(tmp_path, **settings) as edge, aiohttp.ClientSession(edge.url) as browser:
        leader = await edge.person("leader", CITY)
        body = {"username": leader.account.username, "password": PASSWORD}
        headers = {"Origin": "https://hub.example.org", "X-Forwarded-For": "9.9.9.9"}
        async with browser.post("/api/v1/session", json=body, headers=headers) as answer:
            assert answer.status == 201
            assert "Secure" in answer.headers["Set-Cookie"]
        async with browser.post("/api/v1/session", json=body, headers={"Origin": edge.url}) as answer:
            assert answer.status == 403
        wrong = {**body, "password": "wrong"}
        for _ in range(PAIR.free + 1):
            async with browser.post("/api/v1/session", json=wrong, headers=headers) as answer:
                status, wait = answer.status, answer.headers.get("Retry-After")
        assert (status, wait) == (429, "1")
        elsewhere = {**headers, "X-Forwarded-For": "9.9.9.9, 8.8.8.8"}
        async with browser.post("/api/v1/session", json=body, headers=elsewhere) as answer:
            assert answer.status == 201, "another address is not slowed"


async def test_a_browser_in_which_somebody_signed_in_is_known_there_and_only_there(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    right = {"username": leader.account.username, "password": PASSWORD}
    wrong = {**right, "password": "wrong"}
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        aiohttp.ClientSession(edge.url, cookie_jar=jar) as own,
        aiohttp.ClientSession(edge.url) as thief,
    ):
        async with own.post("/api/v1/session", json=right) as answer:
            assert answer.status == 201
            cookies = [
                cookie
                for cookie in answer.headers.getall("Set-Cookie")
                if cookie.startswith("lianxian_device=")
            ]
        assert len(cookies) == 1
        assert "HttpOnly" in cookies[0]
        assert "Path=/api/v1/session" in cookies[0]
        assert "SameSite=Strict" in cookies[0]
        for _ in range(PAIR.free):
            async with thief.post("/api/v1/session", json=wrong) as answer:
                assert answer.status == 401
        async with thief.post("/api/v1/session", json=right) as answer:
            assert answer.status == 429
        async with own.post("/api/v1/session", json=right) as answer:
            assert answer.status == 201


@pytest.mark.parametrize(
    ("header", "value", "refused"),
    [
        ("X-Forwarded-Prefix", "/lianxian", True),
        ("X-Forwarded-Path", "/lianxian/healthz", True),
        ("X-Script-Name", "lianxian/", True),
        ("X-Forwarded-Prefix", "/", False),
        ("X-Forwarded-Prefix", "", False),
        ("X-Forwarded-Path", "/healthz", False),
    ],
)
async def test_a_front_that_strips_a_path_is_told_so_and_the_log_says_it_once(
    edge: Edge, caplog: pytest.LogCaptureFixture, header: str, value: str, refused: bool
) -> None:
    async with aiohttp.ClientSession(edge.url, headers={header: value}) as front:
        for _ in range(3):
            async with front.get("/healthz") as answer:
                assert answer.status == (422 if refused else 200)
                assert ("below a path" in await answer.text()) == refused
    said = [record for record in caplog.records if "root of its origin" in record.getMessage()]
    assert len(said) == refused


async def test_pages_are_served_with_strict_headers(edge: Edge) -> None:
    async with aiohttp.ClientSession(edge.url) as browser:
        async with browser.get("/") as answer:
            assert "页面尚未构建" in await answer.text()
        dist = edge.folder / "dist"
        (dist / "assets").mkdir(parents=True)
        (dist / "index.html").write_text("<!doctype html><title>连线</title>")
        (dist / "assets" / "index-abc123.js").write_text("export {}")
        (edge.folder / "secret.txt").write_text("secret")
        (dist / "favicon.svg").write_text("<svg/>")
        for path in ("/", "/console", "/archive/m_000000000000000000", "/station/"):
            async with browser.get(path) as answer:
                assert "连线" in await answer.text(), path
                assert answer.headers["Cache-Control"] == "no-cache"
                policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        scripts = [each.strip() for each in policy.split(";") if each.strip().startswith("script-src")]
        assert scripts == ["script-src 'self' 'wasm-unsafe-eval'"], "the hub's own, and wasm for the sound"
        async with browser.get("/assets/index-abc123.js") as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Permissions-Policy"].startswith("camera=(self), microphone=(self)")
        async with browser.get("/favicon.svg") as answer:
            assert answer.status == 200
        for path in (
            "/assets/index-old.js",
            "/missing.css",
            "/assets/..%2f..%2fsecret.txt",
            "/..%2fsecret.txt",
        ):
            async with browser.get(path) as answer:
                assert answer.status == 404, path
                assert (await answer.json())["error"]["code"] == "not_found"


async def test_health_readiness_and_metrics(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    await edge.listen(leader)
    await leader.command("meeting.open", title="a", kind="dispatch", centers=[VILLAGE])
    edge.media.counts = FakeCounts(
        {"n1": FakeNode({"peers": 2, "packets_in": 70, "loop_lag_ms": 5}, {"unknown_ssrc": 3})},
        {("publish", "screen", True): 1},
        {("uplink", "poor"): 1},
    )
    async with aiohttp.ClientSession(edge.url) as browser:
        async with browser.get("/healthz") as answer:
            assert answer.status == 200
        edge.ready["node"] = False
        async with browser.get("/readyz") as answer:
            assert answer.status == 503
            body = await answer.json()
            parts = {"journal": True, "node": False, "recorder": True}
            assert body == {"ready": False, "parts": parts, "low_on_space": []}
        async with browser.get("/metrics") as answer:
            text = await answer.text()
    assert 'hub_commands_total{kind="meeting.open",outcome="done"} 1.0' in text
    assert 'hub_entries_total{kind="meeting.opened"} 1.0' in text
    assert "hub_sockets 1.0" in text
    assert 'hub_part_up{part="node"} 0.0' in text
    assert "hub_loop_lag_seconds_bucket" in text
    assert 'hub_node_peers{node="n1"} 2.0' in text
    assert 'hub_node_received_packets_total{node="n1"} 70.0' in text
    assert 'hub_node_loop_lag_seconds{node="n1"} 0.005' in text
    assert 'hub_node_dropped_packets_total{node="n1",reason="unknown_ssrc"} 3.0' in text
    assert 'hub_media_sessions{direction="publish",source="screen",state="connected"} 1.0' in text
    assert 'hub_media_lines{state="poor",way="uplink"} 1.0' in text
    assert leader.token not in text


async def test_the_inside_is_told_to_who_runs_the_hub_and_parts_to_who_is_signed_in(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    token = {"Authorization": "Bearer scrape-me"}

    async def told(edge: Edge, path: str, headers: dict[str, str]) -> tuple[int, bool]:
        async with aiohttp.ClientSession(edge.url) as asker, asker.get(path, headers=headers) as answer:
            return answer.status, "recorder" in await answer.text()

    async with running_edge(tmp_path, HUB_METRICS_TOKEN="scrape-me") as edge:
        leader = await edge.person("leader", CITY)
        signed_in = {"Authorization": f"Bearer {leader.token}"}
        assert await told(edge, "/metrics", {}) == (200, True)
        for header in ({"Forwarded": "for=x"}, {"Via": "1.1 front"}, forwarded, {"X-Real-IP": "203.0.113.9"}):
            assert await told(edge, "/metrics", header) == (404, False), header
        assert await told(edge, "/metrics", {**forwarded, **token}) == (200, True)
        assert await told(edge, "/metrics", {**forwarded, "Authorization": "Bearer wrong"}) == (404, False)
        assert await told(edge, "/metrics", {**forwarded, **signed_in}) == (404, False)
        assert await told(edge, "/readyz", {}) == (200, True)
        assert await told(edge, "/readyz", forwarded) == (200, False)
        assert await told(edge, "/readyz", {**forwarded, **token}) == (200, True)
        assert await told(edge, "/readyz", {**forwarded, **signed_in}) == (200, True)
        assert (await told(edge, "/api/v1/openapi.json", forwarded))[0] == 401
    async with running_edge(tmp_path / "open", HUB_METRICS="open") as edge:
        assert await told(edge, "/metrics", forwarded) == (200, True)


async def test_no_answer_tells_what_runs_here(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    for raw in (
        b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        b"GET /api/v1/session HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        b"PUT /nowhere HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET /%zz HTTP/9.9\r\n\r\n",
    ):
        head = (await edge.raw(raw)).partition(b"\r\n\r\n")[0].decode().lower()
        assert "\r\nserver: lianxian" in head, raw
        assert "aiohttp" not in head, raw
        assert "python" not in head, raw
    socket = await leader.http.ws_connect("/socket.io/?EIO=4&transport=websocket")
    assert "aiohttp" not in str(socket._response.headers).lower()
    await socket.close()


@pytest.mark.parametrize(
    ("settings", "headers", "strict"),
    [
        ({"HUB_PUBLIC_URL": "https://hub.example.org"}, {}, True),
        ({"HUB_PUBLIC_URL": "http://hub.example.org"}, {}, False),
        ({"HUB_TRUSTED_PROXIES": "127.0.0.1"}, {"X-Forwarded-Proto": "https"}, True),
        ({"HUB_TRUSTED_PROXIES": "127.0.0.1"}, {"X-Forwarded-Proto": "http"}, False),
        ({}, {"X-Forwarded-Proto": "https"}, False),
    ],
)
async def test_who_came_by_tls_is_told_to_come_by_nothing_else(
    tmp_path: Path, settings: dict[str, str], headers: dict[str, str], strict: bool
) -> None:
    async with running_edge(tmp_path, **settings) as edge, aiohttp.ClientSession(edge.url) as browser:
        for path in ("/", "/api/v1/session"):
            async with browser.get(path, headers=headers) as answer:
                assert ("Strict-Transport-Security" in answer.headers) is strict


async def test_a_failure_inside_is_a_number_for_the_log_and_nothing_more(
    edge: Edge, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = await edge.person("leader", CITY)

    async def broken(*arguments: object, **more: object) -> None:
        raise RuntimeError("the inside of the hub")

    monkeypatch.setattr(edge.services.queries, "orders", broken)
    async with leader.http.get("/api/v1/orders") as answer:
        assert answer.status == 500
        error = (await answer.json())["error"]
    assert error["code"] == "internal"
    assert "inside of the hub" not in str(error)
    number = error["message"].split()[-1]
    assert number in caplog.text
    caplog.clear()
