"""HTTP: the directory, reading, refusals, pages, headers, health, and answers that fit the published schemas."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import BaseModel

from signaling.openapi import OPERATIONS
from signaling.schemas import answers, values
from signaling.throttle import PAIR
from tests.support.edge import PASSWORD, Edge, Person, running_edge
from tests.support.fake_media import FakeCounts, FakeNode
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def refusal(person: Person, method: str, path: str, **options: object) -> tuple[int, str, str | None]:
    """Status, code and field of a refused request."""
    async with person.http.request(method, path, **options) as answer:  # type: ignore[arg-type]
        body = await answer.json()
        assert set(body) == {"error"}, body
        return answer.status, body["error"]["code"], body["error"].get("field")


async def test_the_directory_is_seen_as_far_as_ones_line_goes(edge: Edge) -> None:
    county, village = await edge.person("leader", COUNTY), await edge.person("station", VILLAGE)
    auditor = await edge.person("audit_admin", VILLAGE)

    async def codes(person: Person, **query: str) -> list[str]:
        found = await person.get("/api/v1/centers", **query)
        answers.Centers.model_validate(found)
        return [center["code"] for center in found["centers"]]

    assert await codes(county) == [COUNTY]
    assert await codes(county, parent=COUNTY) == [TOWN]
    assert (await codes(county, subtree=COUNTY))[:2] == [COUNTY, TOWN]
    assert await codes(county, parent=CITY) == [COUNTY], "a neighbour is out of sight"
    assert await codes(county, q="tdc") == [VILLAGE]
    assert await codes(village, q="岳阳") == [CITY]
    assert await codes(village, q="430621") == []
    assert len(set(await codes(auditor, q="4306"))) == len(await codes(auditor, q="4306"))
    assert await codes(auditor, q="430621") == [OTHER_COUNTY, "430621100000"]
    for query in ({"subtree": CITY}, {"parent": TOWN}, {"q": "430682"}):
        whole = await codes(auditor, **query)
        for limit in range(1, len(whole) + 2):
            paged: list[str] = []
            more: dict[str, str] | None = {}
            while more is not None:
                page = await auditor.get("/api/v1/centers", **query, limit=str(limit), **more)
                paged += [center["code"] for center in page["centers"]]
                more = {"after": page["next"]} if page["next"] else None
                assert len(paged) <= len(whole), "a page begins where one began before"
            assert paged == whole, (query, limit)
    assert await codes(auditor, subtree=COUNTY, limit="2", after=CITY) == [], "after what is not in the list"
    hidden = await refusal(county, "GET", "/api/v1/centers", params={"subtree": OTHER_COUNTY})
    missing = await refusal(county, "GET", "/api/v1/centers", params={"subtree": "999999999999"})
    assert hidden == missing == (404, "not_found", "subtree")


async def test_answers_fit_the_published_schemas(edge: Edge) -> None:
    leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
    meeting = opened["entries"][0]["meeting"]
    await village.command("meeting.join", meeting)
    await village.command("report.file", meeting, situation="abnormal", text="水位上涨")
    order = await leader.command("order.issue", meeting, text="转移", targets=[VILLAGE], priority="urgent")
    await village.command("order.sign", order=order["entries"][0]["data"]["order"])
    await village.command(
        "order.progress", order=order["entries"][0]["data"]["order"], text="一半", percent=50
    )
    await leader.command("decision.record", meeting, text="三级响应")
    await leader.command("note.add", meeting, text="记录")
    checks: list[tuple[str, dict[str, str], type[BaseModel]]] = [
        ("/api/v1/session", {}, answers.OwnAccount),
        ("/api/v1/meetings", {"q": "转移"}, answers.Meetings),
        ("/api/v1/meetings", {"from": "2020-01-01T00:00:00+08:00", "state": "open"}, answers.Meetings),
        (f"/api/v1/meetings/{meeting}", {}, values.Snapshot),
        (f"/api/v1/meetings/{meeting}/entries", {"since": "1", "limit": "3"}, answers.Entries),
        (f"/api/v1/meetings/{meeting}/entries", {"before": "99", "kind": "note.added"}, answers.Entries),
        (f"/api/v1/meetings/{meeting}/recordings", {}, answers.Recordings),
        ("/api/v1/orders", {"state": "in_progress", "center": VILLAGE}, answers.Orders),
        (
            "/api/v1/orders",
            {"q": "转移", "priority": "urgent", "from": "2020-01-01T00:00:00Z"},
            answers.Orders,
        ),
        ("/api/v1/reports", {"situation": "abnormal", "limit": "1"}, answers.Reports),
        ("/api/v1/reports", {"meeting": meeting}, answers.Reports),
        ("/api/v1/decisions", {"meeting": meeting}, answers.Decisions),
        ("/readyz", {}, answers.Ready),
    ]
    for path, query, model in checks:
        found = await leader.get(path, **query)
        model.model_validate(found)
        lists = [value for value in found.values() if isinstance(value, list)]
        assert all(lists) or path.endswith(("/recordings", "/readyz")), (path, found)


async def test_what_is_not_ones_to_see_looks_like_what_does_not_exist(edge: Edge) -> None:
    leader, outside = await edge.person("leader", CITY), await edge.person("leader", OTHER_COUNTY)
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
    hidden, missing = opened["entries"][0]["meeting"], "m_000000000000000000"
    for path in ("/api/v1/meetings/{}", "/api/v1/meetings/{}/entries", "/api/v1/meetings/{}/recordings"):
        answers = []
        for meeting in (hidden, missing, "nonsense"):
            async with outside.http.get(path.format(meeting)) as answer:
                answers.append((answer.status, await answer.json()))
        assert answers[0] == answers[1]
        assert answers[0][0] == answers[2][0] == 404
    for path in ("/api/v1/orders", "/api/v1/reports", "/api/v1/decisions"):
        lists = []
        for meeting in (hidden, missing):
            async with outside.http.get(path, params={"meeting": meeting}) as answer:
                lists.append((answer.status, await answer.text(), sorted(answer.headers)))
        assert lists[0] == lists[1], path
    ordered = await leader.command("order.issue", hidden, text="转移", targets=[VILLAGE])
    signs = []
    for order in (ordered["entries"][0]["data"]["order"], "o_000000000000000000"):
        command: dict[str, object] = {"id": f"sign.{order}", "kind": "order.sign", "data": {"order": order}}
        async with outside.http.post("/api/v1/commands", json=command) as answer:
            signs.append((answer.status, await answer.text()))
    assert signs[0] == signs[1]
    commands = []
    for meeting in (hidden, missing):
        body: dict[str, object] = {"id": "x", "kind": "meeting.join", "meeting": meeting}
        async with outside.http.post("/api/v1/commands", json=body) as answer:
            commands.append((answer.status, await answer.json()))
    assert commands[0] == commands[1]
    for door in ("whip", "whep"):
        answers = []
        for meeting in (hidden, missing):
            headers = {"Content-Type": "application/sdp"}
            async with outside.http.post(f"/{door}/{meeting}", data=b"v=0", headers=headers) as answer:
                answers.append((answer.status, await answer.json()))
        assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "meeting.open", "data": {}}, "id"),
        ({"id": "x" * 65, "kind": "meeting.open", "data": {}}, "id"),
        ({"id": "a b", "kind": "meeting.open", "data": {}}, "id"),
        ({"id": "a", "kind": "nonsense", "data": {}}, "kind"),
        ({"id": "a", "kind": "recording.part_open", "data": {}}, "kind"),
        ({"id": "a", "kind": ["meeting.open"], "data": {}}, "kind"),
        ({"id": "a", "kind": "meeting.join", "meeting": "x", "data": {}}, "meeting"),
        ({"id": "a", "kind": "meeting.join", "data": {}}, "meeting"),
        ({"id": "a", "kind": "meeting.join", "data": {}, "more": 1}, "more"),
        (
            {"id": "a", "kind": "meeting.open", "data": {"title": "", "kind": "dispatch", "centers": []}},
            "title",
        ),
        ({"id": "a", "kind": "meeting.open", "data": {"title": "a", "kind": "dispatch", "what": 1}}, "what"),
        ({"id": "a", "kind": "meeting.open", "data": [1]}, "data"),
    ],
)
async def test_a_malformed_command_is_refused_by_field(
    edge: Edge, body: dict[str, object], field: str
) -> None:
    leader = await edge.person("leader", CITY)
    assert await refusal(leader, "POST", "/api/v1/commands", json=body) == (400, "invalid", field)
    socket = await edge.listen(leader)
    assert (await socket.call("command", body))["error"]["field"] == field


async def test_the_same_command_by_either_door_is_done_once(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    socket = await edge.listen(leader)
    data = {"title": "防汛", "kind": "dispatch", "centers": [VILLAGE]}
    body: dict[str, object] = {"id": "once", "kind": "meeting.open", "data": data}
    first = await socket.call("command", body)
    async with leader.http.post("/api/v1/commands", json=body) as answer:
        assert await answer.json() == first
    changed = {**body, "data": {**data, "title": "别的"}}
    assert await refusal(leader, "POST", "/api/v1/commands", json=changed) == (409, "id_reused", "id")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("POST", "/api/v1/nothing", 404, "not_found"),
        ("PUT", "/api/v1/meetings", 405, "method_not_allowed"),
        ("GET", "/api/v1/commands", 405, "method_not_allowed"),
        ("GET", "/whip/m_000000000000000000", 405, "method_not_allowed"),
        ("GET", "/whep/m_000000000000000000/s_000000000000000000", 405, "method_not_allowed"),
        ("GET", "/assets/../../hub.db", 404, "not_found"),
        ("GET", "/assets/%2e%2e/%2e%2e/hub.db", 404, "not_found"),
        ("GET", "/hub.db", 404, "not_found"),
        ("GET", "/a%00b", 404, "not_found"),
        ("GET", "/%ff%fe", 404, "not_found"),
        ("GET", "/api/v1/meetings?limit=0", 400, "invalid"),
        ("GET", "/api/v1/meetings?limit=%D9%A3", 400, "invalid"),
        ("GET", "/api/v1/meetings?what=1", 400, "invalid"),
        ("GET", "/api/v1/meetings?limit=1&limit=2", 400, "invalid"),
        ("GET", "/api/v1/meetings?from=yesterday", 400, "invalid"),
        ("GET", "/api/v1/meetings?center=12", 400, "invalid"),
        ("GET", "/api/v1/meetings?before=x", 400, "invalid"),
        ("GET", "/api/v1/meetings?state=closed", 400, "invalid"),
        ("GET", "/api/v1/meetings?q=" + "x" * 101, 400, "invalid"),
        ("GET", "/api/v1/meetings?q=a%07b", 400, "invalid"),
        ("GET", "/api/v1/centers?parent=430600000000&q=a", 400, "invalid"),
        ("GET", "/api/v1/centers?parent=430600000000&after=430682000000", 400, "invalid"),
        ("GET", "/api/v1/orders?before=m_000000000000000000", 400, "invalid"),
        ("GET", "/api/v1/orders?priority=high", 400, "invalid"),
        ("GET", "/api/v1/reports?state=issued", 400, "invalid"),
        ("GET", "/api/v1/decisions?from=yesterday", 400, "invalid"),
        ("GET", "/" + "x" * 5000, 413, "too_large"),
    ],
)
async def test_what_cannot_be_is_refused_in_type(
    edge: Edge, method: str, path: str, status: int, code: str
) -> None:
    leader = await edge.person("leader", CITY)
    assert (await refusal(leader, method, path))[:2] == (status, code)


async def test_without_a_token_nothing_is_told(edge: Edge) -> None:
    async with aiohttp.ClientSession(edge.url) as nobody:
        for operation in OPERATIONS:
            path = re.sub(r"\{(\w)\w*\}", r"\1_000000000000000000", operation.path)
            path = path.replace("r_000000000000000000/parts", "r_000000000000000000/parts")
            async with nobody.request(operation.method, path, allow_redirects=False) as answer:
                if operation.open:
                    assert answer.status != 401, path
                else:
                    assert answer.status == 401, path
                    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_the_description_has_every_route(edge: Edge) -> None:
    from signaling.app import build_app

    app = build_app(edge.services)
    real = set()
    for route in app.router.routes():
        resource = route.resource
        assert resource is not None
        if route.method in {"HEAD", "*"} or resource.canonical.startswith("/socket.io"):
            continue
        for path in (
            [
                resource.canonical.replace("{door:whip|whep}", door).replace("{door}", door)
                for door in ("whip", "whep")
            ]
            if "door" in resource.canonical
            else [resource.canonical]
        ):
            real.add((route.method.lower(), path))
    assert real == {(operation.method, operation.path) for operation in OPERATIONS}
    leader = await edge.person("leader", CITY)
    described = await leader.get("/api/v1/openapi.json")
    assert described["openapi"].startswith("3.1")


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
        assert "unsafe-eval" not in policy
        assert "script-src" not in policy, "scripts come from default-src alone"
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


async def test_a_signed_out_token_closes_its_sockets(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    socket = await edge.listen(leader)
    async with leader.http.delete("/api/v1/session") as answer:
        assert answer.status == 204
    await asyncio.wait_for(socket.client.wait(), 5)
    assert not socket.client.connected


async def test_another_password_closes_the_other_sockets_and_the_page_that_changed_it_goes_on(
    edge: Edge,
) -> None:
    leader = await edge.person("leader", CITY)
    here = await edge.listen(leader)
    async with aiohttp.ClientSession(edge.url) as browser:
        body = {"username": leader.account.username, "password": PASSWORD}
        async with browser.post("/api/v1/session", json=body) as answer:
            other = answers.SignedIn.model_validate(await answer.json())
    elsewhere = await edge.listen(Person(leader.account, other.token, leader.http, edge))
    path, new = "/api/v1/session/password", "风调雨顺国泰民安-12"
    assert await refusal(leader, "PUT", path, json={"old": "wrong", "new": new}) == (400, "invalid", "old")
    assert await refusal(leader, "PUT", path, json={"old": PASSWORD, "new": "short"}) == (
        400,
        "invalid",
        "new",
    )
    assert await refusal(leader, "PUT", path, json={"old": PASSWORD}) == (400, "invalid", "new")
    assert await refusal(leader, "PUT", path, json={"old": 1, "new": new}) == (400, "invalid", "old")
    assert (await refusal(leader, "PUT", path, json={"old": PASSWORD, "new": new, "x": 1}))[2] == "x"
    async with leader.http.put(path, json={"old": PASSWORD, "new": new}) as answer:
        assert answer.status == 204
    await asyncio.wait_for(elsewhere.client.wait(), 5)
    assert here.client.connected
    async with aiohttp.ClientSession(edge.url) as browser:
        async with browser.post("/api/v1/session", json=body) as answer:
            assert answer.status == 401
        async with browser.post("/api/v1/session", json={**body, "password": new}) as answer:
            again = answers.SignedIn.model_validate(await answer.json())
        async with browser.get(
            "/api/v1/session", headers={"Authorization": f"Bearer {again.token}"}
        ) as answer:
            seen = answers.OwnAccount.model_validate(await answer.json())
    assert other.last_sign_in is None
    assert again.last_sign_in == seen.last_sign_in
    assert again.last_sign_in is not None
    assert again.last_sign_in.address == "127.0.0.1"
