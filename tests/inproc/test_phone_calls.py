"""Calls to grid members' phones over a real server: a phone's line, who is there, what is refused, a case and its looks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.clock import to_wire
from hub.store.registry_made import write_made
from signaling.http_phone_calls import LINES
from signaling.schemas import phone_values as schemas
from signaling.schemas.grid_values import GridCounts
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE
from tests.support.waiting import eventually

#: A phone whose page is open hears of its call within this.
PROMISE_S = 2.0


@dataclass
class Line:
    """What a phone's line told, in order; `ended` when it is over."""

    told: list[dict[str, Any] | None]
    ended: asyncio.Event

    async def until(self, **fields: Any) -> dict[str, Any]:
        """The newest call that is told, once it has these fields."""

        def look() -> dict[str, Any]:
            now = self.told[-1] if self.told else None
            assert now is not None, f"no call: {self.told}"
            assert fields.items() <= now.items(), now
            return now

        return await eventually(look, PROMISE_S)

    async def free(self) -> None:
        def look() -> bool:
            assert self.told, "nothing told"
            assert self.told[-1] is None, self.told[-1]
            return True

        await eventually(look, PROMISE_S)


@asynccontextmanager
async def line_of(person: Person) -> AsyncIterator[Line]:
    line = Line([], asyncio.Event())

    async def read() -> None:
        try:
            async with person.http.get("/api/v1/grid-line") as answer:
                assert answer.status == 200, await answer.text()
                assert answer.content_type == "text/event-stream"
                async for row in answer.content:
                    if row.startswith(b"data: "):
                        told = json.loads(row[6:])
                        schemas.PhoneLineEvent.model_validate(told)
                        line.told.append(told["call"])
        except aiohttp.ClientError:
            pass
        finally:
            line.ended.set()

    task = asyncio.create_task(read())
    try:
        yield line
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@dataclass
class Place:
    """A meeting of the county, and a grid of the village with one member and three households."""

    edge: Edge
    chair: Person
    member: Person
    meeting: str
    grid: str
    households: list[str]

    async def call(self, who: Person | None = None, member: Person | None = None) -> dict[str, Any]:
        account = (member or self.member).account.id
        return await (who or self.chair).command("phone.call", self.meeting, account=account)

    async def say(self, kind: str, **data: Any) -> dict[str, Any]:
        return await self.member.command(kind, self.meeting, **data)

    async def present(self, who: Person | None = None) -> dict[str, Any]:
        told = await (who or self.chair).get("/api/v1/grids/present", village=VILLAGE)
        schemas.GridsPresent.model_validate(told)
        [person] = [each for each in told["people"] if each["account"] == self.member.account.id]
        return {**person, "may_call": told["may_call"]}

    async def look(self, who: Person) -> tuple[int, dict[str, Any]]:
        path = f"/api/v1/meetings/{self.meeting}/phones/{self.member.account.id}/case"
        async with who.http.get(path) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with running_edge(tmp_path) as edge:
        chair = await edge.known_person("dispatcher", COUNTY)
        keeper = await edge.known_person("dispatcher", TOWN)
        member = await edge.known_person("grid_member", VILLAGE)
        grids = [{"name": "一组", "members": [member.account.id]}]
        made = await keeper.command("grid.make", village=VILLAGE, grids=grids)
        grid = made["entries"][0]["data"]["grids"][0]["grid"]
        registry = edge.services.registry
        await asyncio.to_thread(write_made, edge.database, registry.key, [(grid, 3)], 7)
        households = [each.household for each in await registry.in_grids([grid])]
        opened = await chair.command(
            "meeting.open", title="防汛调度", kind="dispatch", centers=[TOWN], record=False
        )
        meeting = str(opened["entries"][0]["meeting"])
        await chair.command("meeting.join", meeting)
        yield Place(edge, chair, member, meeting, grid, households)


async def test_a_phone_whose_page_is_open_is_there_and_hears_of_its_call_at_once(place: Place) -> None:
    assert (await place.present())["online"] is False
    async with line_of(place.member) as line:
        await line.free()
        there = await place.present()
        assert (there["online"], there["busy"], there["may_call"]) == (True, False, True)
        counts = await place.chair.get("/api/v1/grids/counts", parent=VILLAGE)
        GridCounts.model_validate(counts)
        assert counts["online"] == 1
        beside = await place.chair.get("/api/v1/grids/counts", parent=OTHER_VILLAGE)
        assert beside["online"] == 0, "its village is another one"
        begun = asyncio.get_running_loop().time()
        await place.call()
        call = await line.until(state="ringing", title="防汛调度", by="某", recorded=False)
        assert asyncio.get_running_loop().time() - begun < PROMISE_S
        assert call["meeting"] == place.meeting
        await place.say("phone.ring")
        await place.say("phone.answer")
        await line.until(state="in", until=None, muted=False, on_stage=False)
        assert (await place.present())["busy"] is True
        await place.chair.command("participant.mute", place.meeting, participant=place.member.account.id)
        await line.until(muted=True)
        await place.chair.command("stage.broadcast", place.meeting, participant=place.member.account.id)
        await line.until(on_stage=True)
        await place.chair.command("meeting.end", place.meeting)
        await line.free()
    await eventually(lambda: not place.edge.app[LINES].is_open(place.member.account.id), 5, "still there")
    assert (await place.present())["seen_at"] is not None


async def test_a_line_is_for_who_walks_grids_and_ends_with_the_phone(place: Place) -> None:
    async with place.chair.http.get("/api/v1/grid-line") as answer:
        assert answer.status == 403
    device = await _bound(place)
    http = aiohttp.ClientSession(place.edge.url, headers={"Authorization": f"Bearer {device['token']}"})
    async with http, line_of(Person(place.member.account, device["token"], http, place.edge)) as line:
        await line.free()
        await place.call()
        await line.until(state="ringing")
        await place.say("phone.answer")
        await line.until(state="in")
        desk = await place.edge.known_person("dispatcher", VILLAGE)
        told = await desk.command("device.withdraw", device=device["device"])
        assert [each["kind"] for each in told["entries"]] == ["phone.ended", "device.withdrawn"]
        async with asyncio.timeout(PROMISE_S):
            await line.ended.wait()


async def _bound(place: Place) -> dict[str, str]:
    """A phone that is bound: its token and device."""
    desk = await place.edge.known_person("dispatcher", VILLAGE)
    async with desk.http.post("/api/v1/devices", json={"account": place.member.account.id}) as answer:
        code = (await answer.json())["code"]
    async with aiohttp.ClientSession(place.edge.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with http.post("/api/v1/devices/bind", json={"code": code}) as answer:
            told = await answer.json()
            assert answer.status == 201, told
        [cookie] = http.cookie_jar
    return {"device": told["device"], "token": cookie.value + told["half"]}


async def test_of_the_meeting_a_phone_gets_its_pictures_and_nothing_else(place: Place) -> None:
    http = place.member.http
    offer = {"data": "v=0\r\n", "headers": {"Content-Type": "application/sdp"}}
    async with http.post(f"/whep/{place.meeting}", **offer) as answer:  # type: ignore[arg-type]
        assert answer.status == 404
    await place.call()
    async with http.post(f"/whip/{place.meeting}", **offer) as answer:  # type: ignore[arg-type]
        assert (answer.status, (await answer.json())["error"]["code"]) == (409, "not_joined")
    await place.say("phone.answer")
    async with http.post(f"/whip/{place.meeting}?source=screen", **offer) as answer:  # type: ignore[arg-type]
        assert answer.status == 400
    async with http.post(f"/whip/{place.meeting}", **offer) as answer:  # type: ignore[arg-type]
        assert answer.status == 201, await answer.text()
    for path in ("", "/entries", "/recordings", "/jobs"):
        async with http.get(f"/api/v1/meetings/{place.meeting}{path}") as answer:
            assert answer.status == 404, path


async def test_a_case_is_seen_masked_by_who_has_looked_and_only_while_it_is_shown(place: Place) -> None:
    await place.call()
    await place.say("phone.answer")
    who = place.member.account.id
    assert (await place.look(place.chair))[0] == 404
    shown = await place.say("case.show", household=place.households[0])
    assert shown["entries"][0]["data"]["grid"] == place.grid
    assert (await place.look(place.chair))[0] == 403
    [told] = (await place.chair.command("case.look", place.meeting, participant=who))["entries"]
    assert (told["kind"], told["actor"]["account"]) == ("case.looked", place.chair.account.id)
    status, case = await place.look(place.chair)
    assert status == 200, case
    schemas.CaseSeen.model_validate(case)
    assert case["household"]["household"] == place.households[0]
    assert case["household"]["masked"] is True
    names = [each["name"] for each in case["household"]["persons"]]
    assert names
    assert all(name.endswith("•") for name in names), names
    # nobody beside, in the meeting or not
    other = await place.edge.known_person("dispatcher", OTHER_COUNTY)
    assert (await place.look(other))[0] == 404
    await place.say("case.hide")
    assert (await place.look(place.chair))[0] == 404
    async with place.member.http.post(
        "/api/v1/commands",
        json={
            "id": "foreign",
            "kind": "case.show",
            "meeting": place.meeting,
            "data": {"household": "hh_" + "0" * 18, "found": {"grid": place.grid}},
        },
    ) as answer:
        assert answer.status == 404, "what a client says of a household is not looked at"


async def test_how_far_each_has_come_today_is_told_beside_whose_phone_is_there(place: Place) -> None:
    at = to_wire(place.edge.services.clock())
    visits = [
        {"id": f"v-{one}", "household": one, "outcome": outcome, "base": 0, "occurred_at": at}
        for one, outcome in zip(place.households[:2], ("met", "absent"), strict=True)
    ]
    async with place.member.http.post("/api/v1/visits", json={"visits": visits}) as answer:
        assert [each["error"] for each in (await answer.json())["results"]] == [None, None]
    told = await place.chair.get("/api/v1/grids/present", village=VILLAGE)
    schemas.GridsPresent.model_validate(told)
    who = {"grid": place.grid, "account": place.member.account.id}
    assert told["walked"] == [{**who, "visits": 2, "reached": 1, "last": at}]


async def test_who_is_there_is_for_the_village_and_those_above(place: Place) -> None:
    async with (await place.edge.known_person("dispatcher", OTHER_COUNTY)).http.get(
        "/api/v1/grids/present", params={"village": VILLAGE}
    ) as answer:
        assert answer.status == 404
    station = await place.edge.known_person("station", VILLAGE)
    assert (await place.present(station))["may_call"] is False
