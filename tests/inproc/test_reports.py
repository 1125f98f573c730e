"""The ledger of reports at the edge: filters, and totals that are a recount of what the list shows, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from signaling.schemas import answers
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_TOWN, OTHER_VILLAGE, TREE, VILLAGE


@pytest.fixture
async def edge(tmp_path: Path, database_url: str) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, database_url=database_url) as made:
        yield made


def _is_of(line: str, center: str, top: str) -> bool:
    """Whether what a center reported counts in this line of the totals below `top`."""
    return center == line or (line != top and TREE.contains(line, center))


async def test_reports_are_found_by_what_they_say_and_counted_by_the_centers_below(edge: Edge) -> None:
    city = await edge.person("leader", CITY)
    made: list[tuple[str, dict[str, Any]]] = [
        (
            VILLAGE,
            {
                "text": "水位上涨",
                "category": "water",
                "place": "北堤_3 组",
                "persons": 12,
                "urgency": "critical",
            },
        ),
        (VILLAGE, {"text": "停电", "category": "utilities"}),
        (OTHER_VILLAGE, {"text": "堤脚渗水", "category": "water", "persons": 3, "urgency": "urgent"}),
        (OTHER_TOWN, {"text": "发现火情", "category": "fire"}),
        (COUNTY, {"text": "值守正常", "situation": "normal"}),
    ]
    for number, (center, said) in enumerate(made):
        station = await edge.person("station", center, number=number)
        await station.command("report.file", **{"situation": "abnormal", **said})

    async def texts(who: Person, **query: str) -> list[str]:
        page = await who.get("/api/v1/reports", **query)
        answers.Reports.model_validate(page)
        totals = (await who.get("/api/v1/reports/totals", **query))["totals"]
        answers.ReportTotals.model_validate({"totals": totals})
        top = query.get("center", who.account.center)
        for line in totals:
            below = [each for each in page["reports"] if _is_of(line["center"], each["center"], top)]
            assert line["reports"] == len(below)
            assert line["abnormal"] == sum(each["situation"] == "abnormal" for each in below)
            assert line["persons"] == sum(each["persons"] or 0 for each in below)
        assert sum(line["reports"] for line in totals) == len(page["reports"])
        return [each["text"] for each in page["reports"]]

    assert len(await texts(city)) == 5
    assert await texts(city, category="water") == ["堤脚渗水", "水位上涨"]
    assert await texts(city, urgency="critical") == ["水位上涨"]
    assert await texts(city, q="北堤_3") == ["水位上涨"]
    assert await texts(city, q="北堤%3") == []
    assert await texts(city, center=COUNTY, situation="normal") == ["值守正常"]
    assert len(await texts(city, center=COUNTY)) == 4
    assert await texts(await edge.person("station", VILLAGE, number=9)) == ["停电", "水位上涨"]
    alarms = (await city.get("/api/v1/alarms", q="水位上涨"))["alarms"]
    await city.command("alarm.acknowledge", alarm=alarms[0]["id"])
    assert await texts(city, state="acknowledged") == ["水位上涨"]
    assert len(await texts(city, state="open")) == 3
    opened = await city.command("meeting.open", title="演练", kind="dispatch", centers=[VILLAGE], drill=True)
    meeting = opened["entries"][0]["meeting"]
    station = await edge.person("station", VILLAGE, number=8)
    await station.command("meeting.join", meeting)
    await station.command("report.file", meeting, situation="abnormal", text="演练：决堤")
    totals = (await city.get("/api/v1/reports/totals"))["totals"]
    assert sum(line["reports"] for line in totals) == 5, "a drill counts for nothing"
    drilled = (await city.get("/api/v1/reports", q="决堤"))["reports"]
    assert [each["drill"] for each in drilled] == [True]
    async with city.http.get("/api/v1/reports/totals?before=e_01m8545rkk9gy8869x") as answer:
        assert answer.status == 400
