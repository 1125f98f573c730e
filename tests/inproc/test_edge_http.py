"""HTTP: the directory, reading, refusals, pages, headers, health, and answers that fit the published schemas."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import BaseModel

from signaling.operations import OPERATIONS
from signaling.schemas import answers, meeting_values
from tests.support.edge import PASSWORD, Edge, Person, running_edge
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
        (f"/api/v1/meetings/{meeting}", {}, meeting_values.Snapshot),
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
        "weak_password",
        "short",
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
