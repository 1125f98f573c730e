"""WHIP and WHEP as tools see them: types, entity tags, restarts, owners; and Range on recorded parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDict

from hub.errors import Refusal
from signaling import pace
from tests.support.edge import Edge, Person, running_edge
from tests.support.fake_media import ANSWER
from tests.support.rules import CITY, OTHER_COUNTY, VILLAGE

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\na=ice-ufrag:first\r\na=ice-pwd:0123456789012345678901\r\n"
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
NEW_CREDENTIALS = "a=ice-ufrag:second\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
CANDIDATE = "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n"


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def convene(edge: Edge, *centers: str) -> tuple[Person, str]:
    leader = await edge.person("leader", CITY)
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=list(centers))
    return leader, opened["entries"][0]["meeting"]


async def publish(person: Person, meeting: str, door: str = "whip") -> tuple[str, str]:
    """Open a session; its location and entity tag."""
    async with person.http.post(f"/{door}/{meeting}", data=OFFER, headers=SDP) as answer:
        assert answer.status == 201, await answer.text()
        assert answer.content_type == "application/sdp"
        assert await answer.text() == ANSWER
        return answer.headers["Location"], answer.headers["ETag"]


async def test_publishing_joins_the_meeting_for_all_to_see(edge: Edge) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    location, etag = await publish(village, meeting)
    assert location.startswith(f"/whip/{meeting}/s_")
    assert etag == '"1"'
    await publish(village, meeting, "whep")
    entries = (await leader.get(f"/api/v1/meetings/{meeting}/entries"))["entries"]
    joined = [entry for entry in entries if entry["kind"] == "meeting.joined"]
    assert [entry["actor"]["account"] for entry in joined] == [village.account.id], "joined once"


async def test_a_session_lives_by_patch_and_dies_by_delete(edge: Edge) -> None:
    _, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    location, etag = await publish(village, meeting)

    async def patch(body: str, **headers: str) -> tuple[int, str | None]:
        async with village.http.patch(location, data=body, headers={**FRAGMENT, **headers}) as answer:
            return answer.status, answer.headers.get("ETag")

    assert await patch(CANDIDATE) == (204, None)
    assert await patch(OFFER + CANDIDATE, **{"If-Match": etag}) == (204, None), "the running generation"
    assert (await patch(NEW_CREDENTIALS))[0] == 412, "a restart says what it restarts"
    assert (await patch(NEW_CREDENTIALS, **{"If-Match": '"7"'}))[0] == 412
    assert await patch(NEW_CREDENTIALS, **{"If-Match": "*"}) == (200, '"2"')
    assert (await patch(CANDIDATE, **{"If-Match": etag}))[0] == 412, "of the generation before"
    assert await patch(OFFER + CANDIDATE, **{"If-Match": '"2"'}) == (200, '"3"')
    assert (await patch("a=mid:0\r\n"))[0] == 400
    async with village.http.patch(location, data="x", headers=SDP) as answer:
        assert answer.status == 415
    async with village.http.delete(location) as answer:
        assert answer.status == 200
    async with village.http.delete(location) as answer:
        assert answer.status == 404
    assert edge.media.sessions == {}


@pytest.mark.parametrize(
    ("lines", "holds"),
    [
        (["{etag}"], True),
        (['"0", {etag}'], True),
        (['"a,b" ,{etag}, "c"'], True),
        (['"0"', "{etag}"], True),
        (['"*"'], True),
        ([" * "], True),
        (["W/{etag}"], False),
        (['W/{etag}, "0"'], False),
        (['"0", W/{etag}'], False),
        (['"0{inside}"'], False),
        (["{inside}"], False),
        ([""], False),
        (['"0, {etag}'], False),
    ],
)
async def test_a_condition_holds_if_one_of_its_strong_tags_is_the_current_one(
    edge: Edge, lines: list[str], holds: bool
) -> None:
    """RFC 9110 sections 5.3, 8.8.3.2 and 13.1.1, for candidates, a restart and the end alike."""
    _, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    location, etag = await publish(village, meeting)
    for body in (CANDIDATE, NEW_CREDENTIALS, None):
        told = [line.format(etag=etag, inside=etag.strip('"')) for line in lines]
        headers = CIMultiDict([*FRAGMENT.items(), *(("If-Match", line) for line in told)])
        method = "PATCH" if body is not None else "DELETE"
        async with village.http.request(method, location, data=body, headers=headers) as answer:
            assert (answer.status < 300) == holds, (answer.status, told)
            assert holds or answer.status == 412
            etag = answer.headers.get("ETag", etag)


async def test_a_session_is_its_owners_alone(edge: Edge) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    location, _ = await publish(village, meeting)
    missing = f"/whip/{meeting}/s_000000000000000000"
    for person in (leader, await edge.person("station", OTHER_COUNTY)):
        answers = []
        for path in (location, missing):
            async with person.http.delete(path) as answer:
                answers.append((answer.status, await answer.json()))
            async with person.http.patch(path, data=CANDIDATE, headers=FRAGMENT) as answer:
                answers.append((answer.status, await answer.json()))
        assert answers[:2] == answers[2:]
        assert answers[0][0] == 404
    socket = await edge.listen(leader)
    session = location.rpartition("/")[2]
    assert (await socket.call("select", {"session": session, "video": ["stage"]}))["error"][
        "code"
    ] == "not_found"
    own = await edge.listen(village)
    assert await own.call("select", {"session": session, "video": ["stage", None]}) == {}
    assert edge.media.sessions[session].video == ["stage", None]


async def test_a_page_says_how_large_it_shows_each_slot(edge: Edge) -> None:
    _, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    location, _ = await publish(village, meeting, "whep")
    session = location.rpartition("/")[2]
    socket = await edge.listen(village)
    screen = f"{village.account.id}:screen"
    body = {"session": session, "video": [screen, None], "tiles": [[1280, 720], None]}
    assert await socket.call("select", body) == {}
    assert edge.media.sessions[session].video == [screen, None]
    assert edge.media.sessions[session].tiles == [[1280, 720], None]
    for wrong in ([[1280]], [[1, 2, 3]], [[-1, 5]], [[99_999, 1]], [["a", 1]], [None] * 27):
        refused = await socket.call("select", {**body, "tiles": wrong})
        assert refused["error"]["code"] == "invalid", wrong


async def test_the_screen_is_a_session_beside_the_camera(edge: Edge) -> None:
    _, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    await publish(village, meeting)
    for _ in range(2):
        async with village.http.post(f"/whip/{meeting}?source=screen", data=OFFER, headers=SDP) as answer:
            assert answer.status == 201
    assert sorted(session.source for session in edge.media.sessions.values()) == ["camera", "screen"]
    for door, source in (("whip", "window"), ("whep", "screen")):
        path = f"/{door}/{meeting}?source={source}"
        async with village.http.post(path, data=OFFER, headers=SDP) as answer:
            assert (answer.status, (await answer.json())["error"]["field"]) == (400, "source")


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ("v=0", {"Content-Type": "text/plain"}, 415, "unsupported_media"),
        ("v=0", {}, 415, "unsupported_media"),
        ("", SDP, 400, "malformed"),
        ("nonsense", SDP, 400, "malformed"),
        ("v=0\0", SDP, 400, "malformed"),
        (b"v=0\xff", SDP, 400, "malformed"),
        ("v=0\n" * 2001, SDP, 413, "too_large"),
        ("v=0" + "x" * 65_536, SDP, 413, "too_large"),
        ("v=0", {**SDP, "Accept": "text/html"}, 406, "not_acceptable"),
        ("v=0", {**SDP, "Content-Encoding": "gzip"}, 415, "unsupported_media"),
    ],
)
async def test_what_is_no_offer_is_refused_in_type(
    edge: Edge, body: str | bytes, headers: dict[str, str], status: int, code: str
) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    data = body.encode() if isinstance(body, str) else body
    async with leader.http.post(f"/whip/{meeting}", data=data, headers=headers) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (status, code)


async def test_refusals_of_media_pass_through_and_an_ended_meeting_takes_nobody(edge: Edge) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    for code in ("unprocessable", "unavailable"):
        edge.media.problem = Refusal(code, "no")
        async with leader.http.post(f"/whep/{meeting}", data=OFFER, headers=SDP) as answer:
            assert answer.status == edge.media.problem.status if edge.media.problem else answer.status
            assert (await answer.json())["error"]["code"] == code
    await leader.command("meeting.end", meeting)
    async with leader.http.post(f"/whep/{meeting}", data=OFFER, headers=SDP) as answer:
        assert (await answer.json())["error"]["code"] == "meeting_ended"


async def test_a_refused_offer_leaves_no_trace_in_the_journal(edge: Edge) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    for problem in (Refusal("unprocessable", "no"), Refusal("unavailable", "no node")):
        edge.media.problem = problem
        async with village.http.post(f"/whep/{meeting}", data=OFFER, headers=SDP) as answer:
            assert answer.status == problem.status
    async with village.http.post(f"/whep/{meeting}", data="nonsense", headers=SDP) as answer:
        assert answer.status == 400
    entries = (await leader.get(f"/api/v1/meetings/{meeting}/entries"))["entries"]
    assert "meeting.joined" not in [entry["kind"] for entry in entries]


@pytest.mark.parametrize("path", ["/whep/{meeting}", "/api/v1/commands"])
async def test_a_flood_is_refused_in_type_and_told_when_to_come_again(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(pace, "OFFERS_AT_ONCE", 5)
    monkeypatch.setattr(pace, "COMMANDS_AT_ONCE", 5)
    async with running_edge(edge.folder / "paced") as paced:
        leader, meeting = await convene(paced, VILLAGE)
        village = await paced.person("station", VILLAGE)
        looked_up = 0
        read = paced.store.token_standing

        async def counting(*arguments: Any) -> Any:
            nonlocal looked_up
            looked_up += 1
            return await read(*arguments)

        monkeypatch.setattr(paced.store, "token_standing", counting)
        statuses = []
        for number in range(30):
            body: dict[str, Any] = {"json": {"id": f"{number}", "kind": "meeting.join", "meeting": meeting}}
            sent = body if "commands" in path else {"data": OFFER, "headers": SDP}
            async with village.http.post(path.format(meeting=meeting), **sent) as answer:
                statuses.append(answer.status)
                if answer.status == 429:
                    assert (await answer.json())["error"]["code"] == "too_many"
                    assert int(answer.headers["Retry-After"]) >= 1
        assert set(statuses[:5]) <= {200, 201, 400}
        assert statuses.count(429) >= 15
        assert looked_up <= 30 - statuses.count(429) + 1, "the store is asked for a flood"
        await leader.command("note.add", meeting, text="others work on")


async def test_a_removed_participant_does_not_come_back_by_whip(edge: Edge) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    await publish(village, meeting)
    await leader.command("meeting.join", meeting)
    await leader.command("participant.remove", meeting, participant=village.account.id)
    async with village.http.post(f"/whip/{meeting}", data=OFFER, headers=SDP) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (409, "removed")


async def test_tools_in_other_pages_may_ask_and_never_with_the_cookie(edge: Edge) -> None:
    _, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    async with aiohttp.ClientSession(edge.url) as tool:
        preflight = {"Origin": "https://tool.example", "Access-Control-Request-Method": "POST"}
        async with tool.options(f"/whip/{meeting}", headers=preflight) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in answer.headers
            assert answer.headers["Accept-Post"] == "application/sdp"
            assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
        headers = {**SDP, "Origin": "https://tool.example", "Authorization": f"Bearer {village.token}"}
        async with tool.post(f"/whip/{meeting}", data=OFFER, headers=headers) as answer:
            assert answer.status == 201
            assert "Location" in answer.headers["Access-Control-Expose-Headers"]
            location = answer.headers["Location"]
        async with tool.post(f"/whip/{meeting}", data="x", headers=headers) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "*", "refusals are readable, too"
        async with tool.options(location) as answer:
            assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
        cookie = {**SDP, "Origin": "https://tool.example", "Cookie": f"lianxian_session={village.token}"}
        async with tool.post(f"/whip/{meeting}", data=OFFER, headers=cookie) as answer:
            assert answer.status == 403


async def test_media_events_reach_followers_or_only_their_owner(edge: Edge) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    outside = await edge.person("leader", OTHER_COUNTY)
    edge.media.holding[meeting] = [
        {"meeting": meeting, "kind": "sources", "sources": [], "gone": [], "full": True}
    ]
    console, station = await edge.listen(leader), await edge.listen(village)
    beside = await edge.listen(outside)
    followed = await console.call("follow", {"meeting": meeting, "since": None})
    assert followed["media"] == edge.media.holding[meeting]
    assert followed["entries"][0]["kind"] == "meeting.opened", "without a seq the newest ones come"
    await station.call("follow", {"meeting": meeting, "since": None})
    slots = {
        "meeting": meeting,
        "kind": "slots",
        "session": "s_x",
        "video": [None],
        "audio": [],
        "people": [],
    }
    edge.media.on_event(meeting, village.account.id, slots)
    levels = {"meeting": meeting, "kind": "levels", "levels": {village.account.id: 20}, "speaker": None}
    edge.media.on_event(meeting, None, levels)
    assert await console.until("media", kind="levels") == levels
    await station.until("media", kind="levels")
    assert station.of("media", kind="slots") == [slots]
    assert console.of("media", kind="slots") == []
    await asyncio.sleep(0)
    assert beside.of("media") == []
