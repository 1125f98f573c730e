"""The chair, the lock and the record of control at the edge: sockets, doors of media, the file that is taken out."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from signaling import presence, screen_watch
from tests.inproc.test_edge_media import OFFER, SDP, publish
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def convene(edge: Edge) -> tuple[Person, Person, str]:
    """A meeting of the city with a county and two villages; mayor and county are in it."""
    mayor, county = await edge.person("leader", CITY), await edge.person("leader", COUNTY)
    data = {"title": "防汛", "kind": "dispatch", "centers": [COUNTY, VILLAGE, OTHER_VILLAGE], "record": False}
    meeting = (await mayor.command("meeting.open", **data))["entries"][0]["meeting"]
    for who in (mayor, county):
        await who.command("meeting.join", meeting)
    return mayor, county, meeting


async def refusal(who: Person, door: str, meeting: str) -> tuple[int, str]:
    async with who.http.post(f"/{door}/{meeting}", data=OFFER, headers=SDP) as answer:
        body = await answer.json()
        return answer.status, body["error"]["code"]


async def test_who_waits_at_a_locked_meeting_neither_sends_nor_watches(edge: Edge) -> None:
    mayor, _, meeting = await convene(edge)
    village, neighbour = await edge.person("station", VILLAGE), await edge.person("station", OTHER_VILLAGE)
    await mayor.command("meeting.lock", meeting)
    for door in ("whip", "whep"):  # the doors of media let nobody past, whether he has knocked or not
        assert await refusal(village, door, meeting) == (409, "waiting")
        assert await refusal(neighbour, door, meeting) == (409, "waiting")
    assert edge.media.sessions == {}
    socket = await edge.listen(village)
    answer = await socket.call("follow", {"meeting": meeting, "since": None})
    assert set(answer["parts"]["waiting"]["rows"]) == {village.account.id}, "one sees oneself waiting alone"
    assert answer["parts"]["lock"]["locked"] is True
    await mayor.command("waiting.refuse", meeting, participant=neighbour.account.id)
    assert await refusal(neighbour, "whip", meeting) == (403, "not_admitted")
    await mayor.command("waiting.admit", meeting, participant=village.account.id)
    await publish(village, meeting)
    assert len(edge.media.sessions) == 1


async def test_a_chair_whose_page_is_lost_is_away_and_back(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "GRACE_S", 0.1)
    mayor, county, meeting = await convene(edge)
    await mayor.command("chair.name_backup", meeting, participant=county.account.id)
    desk = await edge.listen(mayor)
    await edge.listen(county)

    async def kinds() -> list[str]:
        found = await mayor.get(f"/api/v1/meetings/{meeting}/entries")
        return [entry["kind"] for entry in found["entries"] if entry["kind"].startswith("chair.")]

    await desk.client.disconnect()
    for expected in (["chair.lost"], ["chair.lost", "chair.returned"]):
        async with asyncio.timeout(15):
            while (await kinds())[1:] != expected:
                await asyncio.sleep(0.05)
        desk = await edge.listen(mayor)
    await desk.client.disconnect()


async def test_whose_screen_does_not_come_is_told_to_have_lost_it(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_watch, "MISSING_S", 0.1)
    mayor, county, meeting = await convene(edge)
    await county.command("stage.share", meeting)

    async def lost() -> bool:
        found = await mayor.get(f"/api/v1/meetings/{meeting}/entries")
        kinds = [entry["kind"] for entry in found["entries"]]
        assert "stage.second_lost" in kinds, f"told: {kinds}"
        return True

    await eventually(lost, 15)
    answer = await (await edge.listen(mayor)).call("follow", {"meeting": meeting, "since": None})
    stage = answer["parts"]["stage"]
    assert (stage["second"], stage["second_lost_at"] is None) == (county.account.id, False)


async def test_rights_follow_the_chair_at_once(edge: Edge) -> None:
    mayor, county, meeting = await convene(edge)
    socket = await edge.listen(county)
    answer = await socket.call("follow", {"meeting": meeting, "since": None})
    assert answer["can"] == ["note.add"]

    def can() -> list[str]:
        told = socket.of("can")
        return list(told[-1]["can"]) if told else []

    await mayor.command("chair.name_co", meeting, participant=county.account.id)
    await eventually(lambda: "meeting.control" in can() and "meeting.end" not in can())
    await mayor.command("chair.hand_over", meeting, participant=county.account.id)
    await eventually(lambda: "meeting.end" in can())
    listed = await mayor.get("/api/v1/meetings")
    assert listed["meetings"][0]["chair"]["id"] == county.account.id
    assert listed["meetings"][0]["convener"]["id"] == mayor.account.id
    await mayor.command("chair.take", meeting)
    await eventually(lambda: can() == ["note.add"])


async def test_the_record_of_control_is_read_in_pages_filtered_and_taken_out(edge: Edge) -> None:
    mayor, county, meeting = await convene(edge)
    await mayor.command("chair.name_co", meeting, participant=county.account.id)
    await county.command("meeting.pause", meeting, reason="休息")
    await mayor.command("meeting.resume", meeting)
    path = f"/api/v1/meetings/{meeting}/controls"
    first = await mayor.get(path, limit="2")
    assert [entry["kind"] for entry in first["entries"]] == ["meeting.resumed", "meeting.paused"]
    rest = await mayor.get(path, before=str(first["next"]))
    assert [entry["kind"] for entry in rest["entries"]] == ["chair.co_named", "meeting.opened"]
    assert rest["next"] is None
    by = await mayor.get(path, by=county.account.id)
    assert [entry["kind"] for entry in by["entries"]] == ["meeting.paused"]
    about = await mayor.get(path, group="chair")
    assert [entry["kind"] for entry in about["entries"]] == ["chair.co_named"]
    async with mayor.http.get(f"{path}/export", params={"format": "csv", "lang": "zh"}) as answer:
        assert answer.status == 200
        rows = list(csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert [(row["操作"], row["对象"], row["内容"]) for row in rows[:3]] == [
        ("继续会议", "", ""),
        ("暂停会议", "", "休息"),
        ("指定联席主席", "临湘市 临湘市leader", ""),
    ]
    clerk, village = await edge.person("clerk", CITY), await edge.person("station", VILLAGE)
    async with clerk.http.get(f"{path}/export", params={"lang": "en"}) as answer:
        assert answer.status == 200
    for who, status in ((village, 403), (await edge.person("audit_admin", CITY), 403)):
        async with who.http.get(f"{path}/export") as answer:
            assert answer.status == status
    assert await village.get(path), "whoever reads the meeting reads how it was led"
