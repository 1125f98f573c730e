"""Incidents at the edge: the ledger with its filters and its order, one with its time line, and who is told of what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hub.clock import system_clock, to_wire
from hub.directory.permissions import may
from signaling.schemas import incident_values
from tests.support.edge import Edge, Listener, Person, running_edge
from tests.support.objects import jpeg, put
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    TREE,
    VILLAGE,
)
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Edge]:
    """On either database: for what SQL reads and changes."""
    async with running_edge(tmp_path, database_url=database_url) as made:
        yield made


async def register(who: Person, title: str, hours: float | None = None, /, **more: Any) -> str:
    due = None if hours is None else to_wire(system_clock() + timedelta(hours=hours))
    data = {"kind": "incident", "title": title, "due": due, **more}
    return str((await who.command("incident.register", **data))["entries"][0]["data"]["incident"])


async def ledger(who: Person, **query: str) -> list[str]:
    page = await who.get("/api/v1/incidents", **query)
    incident_values.IncidentPage.model_validate(page)
    return [each["title"] for each in page["incidents"]]


async def whole(who: Person, incident: str) -> incident_values.IncidentWhole:
    return incident_values.IncidentWhole.model_validate(await who.get(f"/api/v1/incidents/{incident}"))


async def test_the_ledger_has_the_open_ones_first_and_what_is_due_first_and_is_filtered(either: Edge) -> None:
    edge = either
    city, county = await edge.person("leader", CITY), await edge.person("dispatcher", COUNTY)
    over = await register(city, "积水", 1, category="flood")
    await city.command("incident.complete", incident=over, text="已抽排")
    await city.command("incident.close", incident=over)
    await register(city, "路灯不亮", kind="appeal", category="livelihood", place="荣家湾镇老街")
    soon = await register(city, "水位上涨", 2, category="flood", urgency="urgent", site=VILLAGE)
    await register(county, "山体裂缝", 5, category="geology", site=TOWN)
    order = ["水位上涨", "山体裂缝", "路灯不亮", "积水"]
    assert await ledger(city) == order
    for limit in ("1", "3"):
        paged: list[str] = []
        page = await city.get("/api/v1/incidents", limit=limit)
        while True:
            paged += [each["title"] for each in page["incidents"]]
            if page["next"] is None:
                break
            page = await city.get("/api/v1/incidents", limit=limit, after=page["next"])
        assert paged == order
    assert await ledger(city, state="open") == order[:3]
    assert await ledger(city, state="closed,joined") == ["积水"]
    assert await ledger(city, kind="appeal") == ["路灯不亮"]
    assert await ledger(city, category="flood", urgency="urgent") == ["水位上涨"]
    assert await ledger(city, center=TOWN) == ["水位上涨", "山体裂缝"]
    assert await ledger(city, responsible=COUNTY) == ["山体裂缝"]
    assert await ledger(city, q="老街") == ["路灯不亮"]
    assert await ledger(city, q="2026-0003") == ["水位上涨"]
    assert await ledger(city, to=to_wire(system_clock() - timedelta(hours=1))) == []
    assert await ledger(city, late="1") == []
    await city.command("incident.route", incident=soon, to=COUNTY, reason="请处置")
    figures = (await county.get("/api/v1/incidents"))["figures"]
    assert figures == {"open": 2, "late": 0, "mine": 2, "checks": 0}
    assert await ledger(county, after="i_" + "0" * 18) == []
    for query in ({"state": "gone"}, {"about": "x"}, {"late": "yes"}):
        async with city.http.get("/api/v1/incidents", params=query) as answer:
            assert answer.status == 400


async def test_one_is_read_by_those_it_concerns_and_those_above_with_all_that_was_done(edge: Edge) -> None:
    city, county = await edge.person("leader", CITY), await edge.person("dispatcher", COUNTY)
    station, other = await edge.person("station", VILLAGE), await edge.person("leader", OTHER_COUNTY)
    status, photo = await put(station.http, jpeg(3000))
    assert status == 201
    incident = await register(city, "水位上涨")
    twice = await register(city, "长安河涨水")
    await city.command("incident.study", incident=incident, text="会商：派人巡堤")
    await city.command("incident.route", incident=incident, to=VILLAGE, reason="请核实")
    await station.command("incident.acknowledge", incident=incident)
    photos = [{**photo, "name": "水位.jpg"}]
    await station.command("incident.note", incident=incident, text="已到现场", attachments=photos)
    about = {"what": "incident", "id": incident}
    await city.command("order.issue", text="全线巡堤", targets=[COUNTY], about=about)
    await station.command("incident.complete", incident=incident, text="险情排除")
    await city.command("incident.return", incident=incident, reason="再查一遍")
    await city.command("incident.join", incident=twice, main=incident)
    read = await whole(county, incident)
    assert [step.kind for step in read.steps] == [
        *("registered", "studied", "routed", "acknowledged", "noted", "ordered", "completed", "returned"),
        "gathered",
    ]
    routed, noted = read.steps[2], read.steps[4]
    assert (routed.direction, routed.to and routed.to.center, routed.text) == ("down", VILLAGE, "请核实")
    assert [each.name for each in noted.attachments] == ["水位.jpg"]
    assert (read.incident.state, read.incident.returned) == ("handling", 1)
    assert (read.incident.responsible.center, read.incident.checker.center) == (VILLAGE, CITY)
    assert [each.id for each in read.duplicates] == [twice]
    joined = await whole(station, twice)
    assert joined.incident.main is not None
    assert joined.incident.main.id == incident, "read with the main one"
    assert joined.incident.state == "joined"
    # a photo of the time line is read by whom it concerns
    for who, answered in ((county, 200), (other, 404)):
        async with who.http.get(f"/api/v1/objects/{photo['object']}") as answer:
            assert answer.status == answered
    for role in ("leader", "station", "clerk", "audit_admin"):
        for center in (CITY, COUNTY, VILLAGE, OTHER_COUNTY, OTHER_TOWN):
            person = await edge.person(role, center, number=1)
            sees = any(may(person.account, "incident.read", TREE, code) for code in (CITY, VILLAGE))
            for id in (incident, twice):
                async with person.http.get(f"/api/v1/incidents/{id}") as answer:
                    assert answer.status == (200 if sees else 404), (role, center)
                    missing = await answer.text()
            if not sees:
                async with person.http.get(f"/api/v1/incidents/i_{'0' * 18}") as answer:
                    assert (answer.status, await answer.text()) == (404, missing)


async def test_it_is_told_at_once_to_those_it_concerns_and_to_nobody_else(edge: Edge) -> None:
    city = await edge.person("leader", CITY)
    people = [
        await edge.person(role, center)
        for role, center in (("leader", COUNTY), ("station", VILLAGE), ("leader", OTHER_COUNTY))
    ]
    county, station, stranger = [await edge.listen(who) for who in people]
    incident = await register(city, "水位上涨", site=VILLAGE)
    await station.until("changed", what="incident", id=incident)
    await city.command("incident.route", incident=incident, to=VILLAGE, reason="请核实")

    def routed(one: Listener) -> list[Any]:
        told = [each["value"] for each in one.of("changed", what="incident", id=incident)]
        return [value for value in told if value["state"] == "routed"]

    for one in (county, station):
        heard = await eventually(partial(routed, one))
        incident_values.Incident.model_validate(heard[0])
        assert heard[0]["responsible"]["center"] == VILLAGE
    assert stranger.of("changed", what="incident") == []
