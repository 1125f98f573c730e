"""Convening at the edge: who hears that centers are called, called again, decline, sign in; groups, settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.edge import Edge, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, TOWN, VILLAGE
from tests.support.waiting import eventually

COUNTIES = {"center": CITY, "to": "county", "only": True}


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def test_a_call_into_a_running_meeting_reaches_those_it_calls_and_the_desks(edge: Edge) -> None:
    chair, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    town, neighbour = await edge.person("station", TOWN), await edge.person("station", OTHER_VILLAGE)
    opened = await chair.command(
        "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE, OTHER_VILLAGE]
    )
    meeting = opened["entries"][0]["meeting"]
    for person in (chair, neighbour):
        await person.command("meeting.join", meeting)
    desk, ringing = await edge.listen(chair), await edge.listen(village)
    called, silent = await edge.listen(town), await edge.listen(neighbour)
    followed = await desk.call("follow", {"meeting": meeting, "since": 0})
    assert followed["parts"]["calls"] == {"rows": {}}
    (told,) = (await ringing.until("hello"))["calls"]
    assert (told["rung_at"], (await called.until("hello"))["calls"]) == (told["opened_at"], [])

    # declined: the desk hears who and why, the center's pages that they ring no longer, the other station nothing
    await village.command("meeting.decline", meeting, reason="handling")
    quiet = (await ringing.until("changed", what="meeting"))["value"]
    assert (quiet["declined"], quiet["rung_at"]) == ("handling", told["rung_at"])
    part = await desk.until("part", name="calls")
    assert part["rows"][VILLAGE]["declined"]["reason"] == "handling"
    assert part["rows"][VILLAGE]["declined"]["name"] == village.account.name
    assert (await ringing.until("part", name="calls"))["rows"].keys() == {VILLAGE}

    # called again, with a further one: each hears his own ring, with a moment that is new
    rung = await chair.command("meeting.call", meeting, centers=[TOWN], absent=True)
    for listener in (ringing, called):
        again = (await listener.until("changed", what="meeting", seq=rung["seq"]))["value"]
        assert (again["id"], again["called"], again["declined"]) == (meeting, 4, None)
        assert again["rung_at"] > told["rung_at"]

    def both() -> bool:
        rows = {code: row for told in desk.of("part", name="calls") for code, row in told["rows"].items()}
        return rows.keys() == {VILLAGE, TOWN} and rows[VILLAGE]["declined"] is None

    await eventually(both, 5, "the desk does not know whom it called")
    snapshot = await chair.get(f"/api/v1/meetings/{meeting}")
    assert snapshot["centers"] == [CITY, VILLAGE, OTHER_VILLAGE, TOWN]
    assert [each["id"] for each in (await town.get("/api/v1/meetings"))["meetings"]] == [meeting]

    # signed in: with the seat at the desk, and in what is read later
    await town.command("meeting.join", meeting)
    await town.command("meeting.sign_in", meeting, name="李某", duty="值守")

    def signed() -> bool:
        rows = [told["rows"].get(town.account.id) for told in desk.of("part", name="seats")]
        return any(row is not None and row["present"] == "李某" for row in rows)

    await eventually(signed, 5, "the desk does not know who is present")
    seats = (await chair.get(f"/api/v1/meetings/{meeting}"))["participants"]
    assert {each["center"]: (each["present"], each["duty"]) for each in seats}[TOWN] == ("李某", "值守")

    # the last one completes it; a removed one is let back by a call, and hears of it
    answer = await village.command("meeting.join", meeting)
    assert [each["kind"] for each in answer["entries"]] == ["meeting.joined", "meeting.assembled"]
    assert (await desk.until("part", name="arrival"))["value"]["full_at"] is not None
    await chair.command("participant.remove", meeting, participant=village.account.id)
    await chair.command("meeting.call", meeting, centers=[VILLAGE])
    await eventually(lambda: len(ringing.of("changed", what="meeting")) == 3, 5, "it does not ring again")
    await village.command("meeting.join", meeting)
    states = {
        each["center"]: each["state"]
        for each in (await chair.get(f"/api/v1/meetings/{meeting}"))["participants"]
    }
    assert states[VILLAGE] == "joined"

    # over: the archive's board has the calls
    await chair.command("meeting.end", meeting)
    later = await desk.call("follow", {"meeting": meeting, "since": 0})
    assert later["parts"]["calls"]["rows"][VILLAGE]["times"] == 3
    assert later["parts"]["arrival"]["full_at"] is not None
    assert sorted(later["meeting"]["centers"]) == sorted(snapshot["centers"])
    assert silent.of("changed", what="meeting", id=meeting)[:-1] == [], "who is there hears of the end alone"
    assert silent.of("part", name="calls") == []


async def test_who_came_is_counted_in_one_way_in_lists_in_the_story_and_in_its_file(edge: Edge) -> None:
    chair, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    second, neighbour = (
        await edge.person("dispatcher", VILLAGE, number=2),
        await edge.person("station", OTHER_VILLAGE),
    )
    opened = await chair.command(
        "meeting.open", title="防汛", kind="dispatch", centers=[TOWN, VILLAGE, OTHER_VILLAGE]
    )
    meeting = opened["entries"][0]["meeting"]
    for person in (chair, village, second):
        await person.command("meeting.join", meeting)
    await village.command("meeting.sign_in", meeting, name="李某", duty="值守")
    await neighbour.command("meeting.decline", meeting, reason="unattended")
    sums = {"called": 3, "came": 1, "people": 2}

    async def counted() -> list[object]:
        (listed,) = (await chair.get("/api/v1/meetings"))["meetings"]
        read = await chair.get(f"/api/v1/meetings/{meeting}")
        told = await chair.get(f"/api/v1/meetings/{meeting}/attendance")
        assert (told["declined"], told["absent"]) == (1, 2)
        return [listed["attendance"], read["attendance"], told["count"]]

    assert await counted() == [sums] * 3
    # who has left is not there now, and has come all the same
    await second.command("meeting.leave", meeting)
    assert (await counted())[0] == {**sums, "people": 1}
    await chair.command("meeting.end", meeting)
    assert await counted() == [sums] * 3
    async with chair.http.get(f"/api/v1/meetings/{meeting}/attendance/file?format=csv") as answer:
        text = (await answer.read()).decode("utf-8-sig")
    assert "坦渡村" in text
    assert "值守 李某" in text
    assert f"{neighbour.account.name}：无人值守" in text
    assert "应到 3，实到 1，缺席 2（拒接 1）" in text


async def test_groups_are_told_to_those_whose_they_are(edge: Edge) -> None:
    leader, dispatcher = await edge.person("leader", CITY), await edge.person("dispatcher", CITY)
    county, station = await edge.person("leader", COUNTY), await edge.person("station", VILLAGE)
    mine, ours, others = await edge.listen(leader), await edge.listen(dispatcher), await edge.listen(county)
    await leader.command("group.save", name="自用", centers=[VILLAGE])
    saved = await leader.command("group.save", scope="center", name="各县区", reaches=[COUNTIES])
    group = saved["entries"][0]["data"]["group"]
    told = await ours.until("changed", what="group", id=group)
    assert (told["value"]["name"], told["value"]["reaches"]) == ("各县区", [COUNTIES])
    await eventually(lambda: len(mine.of("changed", what="group")) == 2, 5, "the leader misses a group")
    names = [
        [each["name"] for each in (await who.get("/api/v1/groups"))["groups"]] for who in (leader, dispatcher)
    ]
    assert names == [["自用", "各县区"], ["各县区"]]
    for nobody in (county, station):
        assert await nobody.get("/api/v1/groups") == {"groups": []}
    await dispatcher.command("group.remove", group=group)
    await eventually(
        lambda: any("value" not in each for each in ours.of("changed", what="group")),
        5,
        "its end is not told",
    )
    assert (len(ours.of("changed", what="group")), others.of("changed")) == (2, [])


async def test_layouts_are_told_to_those_of_the_center_who_use_them(edge: Edge) -> None:
    leader, dispatcher = await edge.person("leader", CITY), await edge.person("dispatcher", CITY)
    county, station = await edge.person("leader", COUNTY), await edge.person("station", VILLAGE)
    ours, others = await edge.listen(dispatcher), await edge.listen(county)
    saved = await leader.command("layout.save", name="四方", grid="4", cells=[VILLAGE])
    layout = saved["entries"][0]["data"]["layout"]
    told = await ours.until("changed", what="layout", id=layout)
    assert (told["value"]["name"], told["value"]["cells"]) == ("四方", [VILLAGE, None, None, None])
    assert (await dispatcher.get("/api/v1/layouts"))["layouts"] == [told["value"]]
    for nobody in (county, station):
        assert await nobody.get("/api/v1/layouts") == {"layouts": []}
    await dispatcher.command("layout.remove", layout=layout)
    await eventually(
        lambda: any("value" not in each for each in ours.of("changed", what="layout")),
        5,
        "its end is not told",
    )
    assert others.of("changed") == []


async def test_a_center_hears_how_its_stations_answer(edge: Edge) -> None:
    station, leader = await edge.person("station", VILLAGE), await edge.person("leader", COUNTY)
    neighbour = await edge.person("station", OTHER_VILLAGE)
    here, there = await edge.listen(station), await edge.listen(neighbour)
    assert (await here.until("hello"))["answers_after_s"] == 15
    await leader.command("answering.change", center=VILLAGE, seconds=0)
    told = await here.until("changed", what="answering")
    assert told["value"] == {"center": VILLAGE, "seconds": 0}
    assert (await (await edge.listen(station)).until("hello"))["answers_after_s"] == 0
    assert there.of("changed") == []


async def test_a_lost_participant_is_told_with_since_when(edge: Edge) -> None:
    chair, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    opened = await chair.command("meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
    meeting = opened["entries"][0]["meeting"]
    for person in (chair, village):
        await person.command("meeting.join", meeting)
    desk, socket = await edge.listen(chair), await edge.listen(village)
    await desk.call("follow", {"meeting": meeting, "since": 0})
    await socket.client.disconnect()

    def lost() -> str | None:
        for told in desk.of("presence", meeting=meeting):
            for one in told["participants"]:
                if one["id"] == village.account.id and one["state"] == "reconnecting":
                    return str(one["since"])
        return None

    since = await eventually(lost, 5, "nobody says that the village is lost")
    assert since > opened["entries"][0]["at"]
