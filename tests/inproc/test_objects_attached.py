"""Files attached to reports and orders: uploaded first, named then, read by whoever reads the report or the order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import system_clock
from hub.depot.sweep import Sweep
from hub.objects.reference import MAX_ATTACHMENTS
from signaling.schemas import answers, dispatch_values
from tests.support.edge import Edge, Person, running_edge
from tests.support.objects import jpeg, put, sha256
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.waiting import eventually

PHOTO = jpeg(5000)


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


@pytest.fixture
async def station(edge: Edge) -> Person:
    return await edge.person("station", VILLAGE)


async def uploaded(person: Person, content: bytes = PHOTO, name: str = "水位.jpg") -> dict[str, Any]:
    status, made = await put(person.http, content)
    assert status == 201
    return {**made, "name": name}


async def reads(person: Person, digest: str) -> bool:
    async with person.http.get(f"/api/v1/objects/{digest}") as answer:
        return answer.status == 200 and await answer.read() == PHOTO


async def refused(person: Person, kind: str, **data: Any) -> tuple[int, str]:
    body = {"id": "r1", "kind": kind, "data": data}
    async with person.http.post("/api/v1/commands", json=body) as answer:
        return answer.status, (await answer.json())["error"]["code"]


async def test_a_photo_of_a_report_is_seen_by_the_centers_above_and_by_nobody_beside(
    edge: Edge, station: Person
) -> None:
    leader, county = await edge.person("leader", CITY), await edge.person("leader", COUNTY)
    beside = [await edge.person("leader", OTHER_COUNTY), await edge.person("station", OTHER_VILLAGE)]
    photo = await uploaded(station)
    people = [leader, county, *beside]
    assert [await reads(person, photo["object"]) for person in people] == [False] * 4
    await station.command("report.file", situation="abnormal", text="水位上涨", attachments=[photo])
    assert [await reads(person, photo["object"]) for person in people] == [True, True, False, False]
    found = await county.get("/api/v1/reports")
    answers.Reports.model_validate(found)
    assert found["reports"][0]["attachments"] == [photo]
    # A named object outlives every grace.
    edge.depot.clock = lambda: system_clock() + timedelta(days=400)
    await Sweep(edge.depot, lambda: True).once()
    assert await reads(leader, photo["object"])


async def test_what_an_order_carries_is_read_by_its_targets(edge: Edge, station: Person) -> None:
    leader, beside = await edge.person("leader", CITY), await edge.person("station", OTHER_VILLAGE)
    plan = await uploaded(leader, name="预案.jpg")
    await leader.command("order.issue", text="按图转移", targets=[VILLAGE], attachments=[plan])
    order = (await station.get("/api/v1/orders"))["orders"][0]
    dispatch_values.Order.model_validate(order)
    assert order["attachments"] == [plan]
    assert await reads(station, plan["object"])
    assert not await reads(beside, plan["object"])
    # Who may read it may pass it on; his own center's readers read it by that.
    await station.command("report.file", situation="normal", attachments=[plan])


async def test_nothing_is_named_that_is_not_there_or_not_ones_own_to_see(edge: Edge, station: Person) -> None:
    leader = await edge.person("leader", CITY)
    photo = await uploaded(station)
    missing = {**photo, "object": "0" * 64}
    order: dict[str, Any] = {"text": "转移", "targets": [VILLAGE]}
    assert await refused(leader, "order.issue", **order, attachments=[photo]) == (404, "not_found")
    assert await refused(station, "report.file", situation="normal", attachments=[missing]) == (
        404,
        "not_found",
    )
    wrong = {**photo, "type": "image/png"}
    assert await refused(station, "report.file", situation="normal", attachments=[wrong]) == (400, "invalid")
    many = [photo] * (MAX_ATTACHMENTS + 1)
    assert await refused(station, "report.file", situation="normal", attachments=many) == (400, "invalid")
    assert (await station.get("/api/v1/reports"))["reports"] == []


async def test_a_download_ends_for_who_is_removed_from_the_meeting_that_showed_it(
    edge: Edge, station: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, neighbour = await edge.person("leader", CITY), await edge.person("station", OTHER_VILLAGE)
    centers = [VILLAGE, OTHER_VILLAGE]
    opened = await leader.command(
        "meeting.open", title="防汛", kind="dispatch", centers=centers, record=False
    )
    meeting = opened["entries"][0]["meeting"]
    for person in (station, neighbour):
        await person.command("meeting.join", meeting)
    photo = await uploaded(station)
    await station.command("report.file", meeting, situation="abnormal", text="水位", attachments=[photo])
    assert await reads(neighbour, photo["object"])
    begun, whole = asyncio.Event(), edge.depot.read

    async def slowly(digest: str, first: int, length: int) -> AsyncIterator[bytes]:
        async for piece in whole(digest, first, length):
            yield piece[:100]
            begun.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(edge.depot, "read", slowly)
    path = f"/api/v1/objects/{sha256(PHOTO)}"
    async with neighbour.http.get(path) as downloading, station.http.get(path) as other:
        assert len(await downloading.content.readany()) == 100
        await leader.command("participant.remove", meeting, participant=neighbour.account.id)
        await eventually(lambda: downloading.content.exception() is not None, 2, "the download goes on")
        assert other.content.exception() is None, "who uploaded it reads on"
    assert not await reads(neighbour, photo["object"])
