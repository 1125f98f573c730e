"""A drill at the edge: its meeting, orders, reports, alarms and files all say so; plans are told to those who keep them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hub.clock import system_clock, to_wire
from tests.support.edge import Edge, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def test_a_drill_is_marked_wherever_it_is_read_and_what_is_real_is_not(edge: Edge) -> None:
    leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    ringing, desk = await edge.listen(village), await edge.listen(leader)
    meetings = {}
    for drill in (True, False):
        called = [VILLAGE if drill else OTHER_VILLAGE]
        opened = await leader.command(
            "meeting.open", title="防汛", kind="dispatch", centers=called, record=False, drill=drill
        )
        meetings[drill] = opened["entries"][0]["meeting"]
    assert (await ringing.until("changed", what="meeting"))["value"]["drill"] is True
    followed = await desk.call("follow", {"meeting": meetings[True], "since": 0})
    assert followed["meeting"]["drill"] is True
    listed = (await leader.get("/api/v1/meetings"))["meetings"]
    assert {each["id"]: each["drill"] for each in listed} == {id: drill for drill, id in meetings.items()}

    await village.command("meeting.join", meetings[True])
    await village.command("report.file", meetings[True], situation="abnormal", text="水位上涨")
    for meeting in (*meetings.values(), None):
        await leader.command("order.issue", meeting, text="巡查", targets=[VILLAGE])
    told = await desk.until("changed", what="report")
    assert told["value"]["drill"] is True
    snapshot = await leader.get(f"/api/v1/meetings/{meetings[True]}")
    assert (snapshot["drill"], [each["drill"] for each in snapshot["orders"]]) == (True, [True])
    orders = (await village.get("/api/v1/orders"))["orders"]
    assert {each["meeting"]: each["drill"] for each in orders} == {
        meetings[True]: True,
        meetings[False]: False,
        None: False,
    }
    assert [each["drill"] for each in (await leader.get("/api/v1/alarms"))["alarms"]] == [True]

    for drill, meeting in meetings.items():
        for file in ("attendance/file", "controls/export"):
            answer = await leader.http.get(f"/api/v1/meetings/{meeting}/{file}")
            words = (await answer.read()).decode("utf-8-sig")
            assert ("演练：不是真实情况" in words) is drill, file
            assert ("drill-" in answer.headers["Content-Disposition"]) is drill, file

    starts = to_wire(system_clock() + timedelta(days=2))
    booked = {"title": "季度", "kind": "dispatch", "starts_at": starts, "centers": [VILLAGE], "drill": True}
    booking = (await leader.command("booking.make", **booked))["entries"][0]["data"]["booking"]
    assert (await village.get(f"/api/v1/bookings/{booking}"))["drill"] is True
    began = await leader.command("booking.open", booking=booking)
    assert began["entries"][0]["data"]["drill"] is True


async def test_plans_are_told_to_those_of_the_center_who_keep_them(edge: Edge) -> None:
    leader, dispatcher = await edge.person("leader", CITY), await edge.person("dispatcher", CITY)
    county, station = await edge.person("leader", COUNTY), await edge.person("station", VILLAGE)
    ours, others = await edge.listen(dispatcher), await edge.listen(county)
    saved = await leader.command("plan.save", name="山洪", meeting={"title": "山洪"}, centers=[VILLAGE])
    plan = saved["entries"][0]["data"]["plan"]
    told = await ours.until("changed", what="plan", id=plan)
    assert (told["value"]["name"], told["value"]["centers"]) == ("山洪", [VILLAGE])
    assert (await dispatcher.get("/api/v1/plans"))["plans"] == [told["value"]]
    for nobody in (county, station):
        assert await nobody.get("/api/v1/plans") == {"plans": []}
    await dispatcher.command("plan.remove", plan=plan)
    await eventually(
        lambda: any("value" not in each for each in ours.of("changed", what="plan")),
        5,
        "its end is not told",
    )
    assert others.of("changed") == []
