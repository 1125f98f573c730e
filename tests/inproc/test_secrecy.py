"""Secret meetings as they are met: raised while they run, clearance given and withdrawn, lowered again; who hears what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.edge import Edge, Person, running_edge
from tests.support.recorded_part import RecordedPart
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def status(person: Person, path: str) -> int:
    async with person.http.get(path) as answer:
        return answer.status


async def refusal(person: Person, kind: str, meeting: str | None = None, /, **data: Any) -> str:
    body: dict[str, Any] = {"id": f"r{id(data)}", "kind": kind, "data": data}
    if meeting is not None:
        body["meeting"] = meeting
    async with person.http.post("/api/v1/commands", json=body) as answer:
        told = await answer.json()
        assert answer.status >= 400, told
        return str(told["error"]["code"])


async def opened(chair: Person, *centers: str, level: str = "normal") -> str:
    wanted: dict[str, Any] = {"title": "部署会", "kind": "dispatch", "centers": list(centers), "level": level}
    return str((await chair.command("meeting.open", **wanted))["entries"][0]["meeting"])


async def test_raised_while_it_runs_who_is_not_cleared_is_out_of_it_at_once(edge: Edge) -> None:
    chair = await edge.known_person("leader", CITY, cleared=True)
    county = await edge.known_person("leader", COUNTY)
    village = await edge.known_person("station", VILLAGE, cleared=True)
    clerk = await edge.known_person("clerk", CITY)
    meeting = await opened(chair, COUNTY, VILLAGE)
    for each in (chair, county, village):
        await each.command("meeting.join", meeting)
    sockets = {each.account.id: await edge.listen(each) for each in (chair, county, village, clerk)}
    for listener in sockets.values():
        assert "error" not in await listener.call("follow", {"meeting": meeting})
    await chair.command("secrecy.raise", meeting, reason="涉及部署")
    out = [sockets[county.account.id], sockets[clerk.account.id]]
    for listener in out:
        gone = await listener.until("changed", what="meeting", id=meeting)
        assert "value" not in gone
        listener.heard.clear()
    await chair.command("decision.record", meeting, text="涉密决策")
    await sockets[village.account.id].until("part", meeting=meeting, name="meeting")
    await eventually(
        lambda: [
            each for each in sockets[chair.account.id].of("entry") if each["kind"] == "decision.recorded"
        ],
        5,
        "the chair hears nothing",
    )
    assert [heard for listener in out for heard in listener.heard if meeting in str(heard)] == []
    for person in (county, clerk):
        assert await status(person, f"/api/v1/meetings/{meeting}") == 404
        answer = await sockets[person.account.id].call("follow", {"meeting": meeting})
        assert answer["error"]["code"] == "not_found"
        assert meeting not in str(await person.get("/api/v1/meetings"))
    assert edge.writer.state.meetings[meeting].seats[county.account.id].state == "left"
    async with county.http.post(
        f"/whip/{meeting}", data="v=0", headers={"Content-Type": "application/sdp"}
    ) as sent:
        assert sent.status == 404
    # A leader of the convener's center lowers it, and says why; then it is there again.
    assert await refusal(chair, "secrecy.lower", meeting) == "invalid"
    await chair.command("secrecy.lower", meeting, reason="已对外公布")
    call = await sockets[county.account.id].until("changed", what="meeting", id=meeting)
    assert call["value"]["level"] == "normal"
    assert await status(county, f"/api/v1/meetings/{meeting}") == 200
    told = await clerk.get(f"/api/v1/meetings/{meeting}/entries", limit="500")
    (lowered,) = [each for each in told["entries"] if each["kind"] == "secrecy.lowered"]
    assert lowered["data"]["reason"] == "已对外公布"
    await chair.command("meeting.end", meeting)


async def test_a_secret_call_rings_only_where_somebody_is_cleared_and_the_opener_knows_before(
    edge: Edge,
) -> None:
    chair = await edge.known_person("leader", CITY, cleared=True)
    town = await edge.known_person("station", TOWN, cleared=True)
    other = await edge.known_person("station", TOWN)
    far = await edge.known_person("leader", OTHER_COUNTY)
    reached = await chair.get("/api/v1/clearance")
    assert TOWN in reached["centers"]
    assert OTHER_COUNTY not in reached["centers"]
    assert await status(far, "/api/v1/clearance") == 403
    listeners = [await edge.listen(each) for each in (town, other, far)]
    meeting = await opened(chair, TOWN, OTHER_COUNTY, level="secret")
    rung = await listeners[0].until("changed", what="meeting", id=meeting)
    assert rung["value"]["level"] == "secret"
    order = (await chair.command("order.issue", meeting, text="备勤", targets=[OTHER_COUNTY]))["entries"][0]
    told = await listeners[2].until("changed", what="order", id=order["data"]["order"])
    assert (told["meeting"], told["value"]["meeting"], told["value"]["text"]) == (None, None, "备勤")
    assert meeting not in str(listeners[1].heard) + str(listeners[2].heard)
    (mine,) = (await far.get("/api/v1/orders"))["orders"]
    assert (mine["id"], mine["meeting"]) == (order["data"]["order"], None)
    for person in (other, far):
        hello = (await edge.listen(person)).of("hello")[0]
        assert hello["calls"] == []
    # That the center is in a meeting is no hint either.
    await town.command("meeting.join", meeting)
    await listeners[0].call("follow", {"meeting": meeting})
    watcher = await edge.known_person("leader", COUNTY)
    presence = (await edge.listen(watcher)).of("presence")[0]
    assert {each["code"]: each["state"] for each in presence["centers"]}[TOWN] == "online"
    await chair.command("meeting.end", meeting)


async def test_clearance_given_opens_at_once_and_withdrawn_ends_what_runs(edge: Edge) -> None:
    chair = await edge.known_person("leader", CITY, cleared=True)
    county = await edge.known_person("dispatcher", COUNTY)
    meeting = await opened(chair, COUNTY, level="secret")
    listener = await edge.listen(county)
    assert listener.of("hello")[0]["account"]["cleared"] is False
    await edge.clear(county.account.id)
    hello = await eventually(
        lambda: [each for each in listener.of("hello") if each["account"]["cleared"]], 5, "no new greeting"
    )
    assert [each["id"] for each in hello[0]["calls"]] == [meeting]
    await county.command("meeting.join", meeting)
    assert "error" not in await listener.call("follow", {"meeting": meeting})
    await chair.command("note.add", meeting, text="涉密笔记")
    await listener.until("changed", what="note")
    await edge.clear(county.account.id, cleared=False)
    assert edge.writer.state.meetings[meeting].seats[county.account.id].state == "left"
    await listener.until("session_ended", reason="changed")
    assert await status(county, f"/api/v1/meetings/{meeting}") == 401
    again = await edge.signed_in_again(county)
    assert await status(again, f"/api/v1/meetings/{meeting}") == 404
    await chair.command("meeting.end", meeting)


async def test_a_download_ends_when_the_meeting_is_raised_above_who_reads(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    chair = await edge.known_person("leader", CITY, cleared=True)
    clerk = await edge.known_person("clerk", CITY)
    meeting = await opened(chair, COUNTY)
    part = RecordedPart(edge, meeting, monkeypatch)
    part.write(16 << 20)
    async with clerk.http.get(part.url) as answer:
        assert answer.status == 200
        await answer.content.readexactly(1024)
        await chair.command("secrecy.raise", meeting)
        async with asyncio.timeout(10):
            with pytest.raises(aiohttp.ClientError):
                await answer.read()
    assert await status(clerk, part.url) == 404
    await chair.command("meeting.end", meeting)
