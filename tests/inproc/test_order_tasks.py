"""Orders in grids over HTTP: given by the village, done on phones, seen beside the order by right; nothing secret."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp

from signaling.schemas.phone_values import PhoneLineEvent
from tests.support.edge import Edge, Person, running_edge
from tests.support.objects import jpeg, put
from tests.support.rules import CITY, OTHER_VILLAGE, TOWN, VILLAGE
from tests.support.swept import ELSEWHERE, G1, G2


class Grids:
    """A village with two grids and who walks them, the one beside it, and a township above."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge

    async def begin(self) -> None:
        edge = self.edge
        self.desk = await edge.known_person("dispatcher", CITY, cleared=True)
        self.town = await edge.known_person("dispatcher", TOWN)
        self.village = await edge.known_person("dispatcher", VILLAGE)
        self.beside = await edge.known_person("dispatcher", OTHER_VILLAGE)
        self.one, self.two, self.far = [
            await edge.known_person("grid_member", each) for each in (VILLAGE, VILLAGE, OTHER_VILLAGE)
        ]
        for village, grids in (
            (VILLAGE, {G1: ("一组", [self.one, self.two]), G2: ("二组", [self.two])}),
            (OTHER_VILLAGE, {ELSEWHERE: ("长岭一组", [self.far])}),
        ):
            made = [
                {"grid": code, "name": name, "members": [each.account.id for each in walks]}
                for code, (name, walks) in grids.items()
            ]
            await self.desk.command("grid.make", village=village, grids=made)

    async def issued(self, meeting: str | None = None, **more: Any) -> str:
        """An order to both villages that the first one has signed for."""
        facts = {"text": "入户提醒防火", "targets": [VILLAGE, OTHER_VILLAGE], **more}
        order = (await self.desk.command("order.issue", meeting, **facts))["entries"][0]["data"]["order"]
        await self.village.command("order.sign", order=order)
        return str(order)


async def tasks(who: Person, order: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await who.get(f"/api/v1/grid-tasks?order={order}"))["tasks"]
    return found


async def mine(who: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await who.get("/api/v1/grid-work"))["tasks"]
    return found


async def status_of(who: Person, path: str) -> int:
    async with who.http.get(path) as answer:
        return answer.status


async def in_grids(who: Person, order: str) -> dict[str, int] | None:
    """How far the ledger says that the order is in grids."""
    lines = (await who.get("/api/v1/orders/ledger"))["orders"]
    counted: dict[str, int] | None = next(each["grids"] for each in lines if each["id"] == order)
    return counted


async def told_next(phone: aiohttp.ClientResponse) -> dict[str, Any]:
    """The next that is told in a phone's line."""
    async with asyncio.timeout(5):
        async for row in phone.content:
            if row.startswith(b"data: "):
                told: dict[str, Any] = json.loads(row[6:])
                PhoneLineEvent.model_validate(told)
                return told
    raise AssertionError("the line ended")


async def test_an_order_that_the_village_passes_on_is_done_on_the_phone_and_seen_beside_the_order(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        here = Grids(edge)
        await here.begin()
        _, stored = await put(here.desk.http, jpeg(salt="plan"), "image/jpeg")
        plan = {**stored, "name": "路线.jpg"}
        order = await here.issued(priority="urgent", attachments=[plan])
        drawn = f"/api/v1/objects/{plan['object']}"
        assert await mine(here.one) == []
        assert await status_of(here.one, drawn) == 404
        assert await in_grids(here.village, order) is None
        phone = await edge.stack.enter_async_context(here.one.http.get("/api/v1/grid-line"))
        before = await told_next(phone)
        above = await edge.listen(here.town)
        beside = await edge.listen(here.beside)
        await here.village.command("gridtask.give", order=order, grids=[G1, G2], note="先查独居老人")
        # a phone whose page is open is told to read its work, once for each grid of its own
        assert (await told_next(phone))["orders"] > before["orders"]
        phone.close()
        # who has it open is told, and reads it again; it concerns nobody in the village beside
        await above.until("changed", what="gridtask", id=order)
        (task,) = await mine(here.one)
        facts = ("says", "note", "priority", "state", "grid", "issuer", "attachments")
        assert {name: task[name] for name in facts} == {
            "says": "入户提醒防火",
            "note": "先查独居老人",
            "priority": "urgent",
            "state": "given",
            "grid": G1,
            "issuer": "岳阳市",
            "attachments": [plan],
        }
        # what came with the order is for those in whose grids it is
        assert await status_of(here.one, drawn) == 200
        assert await status_of(here.far, drawn) == 404
        _, shot = await put(here.one.http, jpeg(salt="shot"), "image/jpeg")
        photo = {**shot, "name": "1.jpg"}
        await here.one.command("gridtask.sign", task=task["task"])
        await here.one.command("gridtask.report", task=task["task"], text="查完", done=True, photos=[photo])
        for who in (here.village, here.town, here.desk):
            found = await tasks(who, order)
            assert [(each["grid_name"], each["state"], each["text"], each["photos"]) for each in found] == [
                ("一组", "done", "查完", [photo]),
                ("二组", "given", "", []),
            ]
            assert await in_grids(who, order) == {"given": 2, "done": 1}
            assert await status_of(who, f"/api/v1/objects/{photo['object']}") == 200
        assert await tasks(here.far, order) == await tasks(here.beside, order) == []
        assert await in_grids(here.beside, order) is None
        assert beside.of("changed", what="gridtask") == []
        # taken back: no grid of it any more in the numbers, and no file for its people
        (_, second) = await tasks(here.village, order)
        await here.village.command("gridtask.withdraw", task=second["task"], reason="改由一组")
        assert await in_grids(here.village, order) == {"given": 1, "done": 1}
        assert {each["grid"]: each["reason"] for each in await mine(here.two)}[G2] == "改由一组"
        assert await status_of(here.two, drawn) == 404
        # what grids said goes upward with their pictures
        await here.village.command("order.complete", order=order, text="一组：查完", attachments=[photo])
        assert {each["state"] for each in await tasks(here.village, order)} == {"done", "withdrawn"}


async def test_an_order_of_a_meeting_that_becomes_secret_is_in_no_grid_any_more(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        here = Grids(edge)
        await here.begin()
        opened = await here.desk.command("meeting.open", title="部署", kind="dispatch", centers=[VILLAGE])
        meeting = opened["entries"][0]["meeting"]
        await here.desk.command("meeting.join", meeting)
        order = await here.issued(meeting)
        await here.village.command("gridtask.give", order=order, grids=[G1], note="逐户")
        assert len(await mine(here.one)) == 1
        await here.desk.command("secrecy.raise", meeting, reason="")
        assert await mine(here.one) == []
        # the village goes on with what it was asked to; above it only who is cleared knows of it
        assert [each["state"] for each in await tasks(here.village, order)] == ["ended"]
        assert await tasks(here.town, order) == await tasks(here.one, order) == []
        assert len(await tasks(here.desk, order)) == 1
        again = {"id": "again", "kind": "gridtask.give", "data": {"order": order, "grids": [G1]}}
        async with here.village.http.post("/api/v1/commands", json=again) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (403, "forbidden")
        await here.desk.command("meeting.end", meeting)
