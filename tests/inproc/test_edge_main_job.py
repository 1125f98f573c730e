"""The main job through the edge: sign in, convene, follow, order, hear of it; all doors, one truth."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.edge import PASSWORD, Edge, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def test_an_order_goes_from_the_leader_to_the_village_and_back(edge: Edge) -> None:
    leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    outside = await edge.person("station", OTHER_COUNTY)
    console, station, beside = (
        await edge.listen(leader),
        await edge.listen(village),
        await edge.listen(outside),
    )

    opened = await leader.command("meeting.open", title="防汛调度", kind="dispatch", centers=[VILLAGE, TOWN])
    meeting = opened["entries"][0]["meeting"]
    call = await station.until("changed", what="meeting")
    assert call["meeting"] == meeting
    assert call["value"]["chair"] == opened["entries"][0]["data"]["chair"]

    joined = await station.call(
        "command", {"id": "j1", "kind": "meeting.join", "meeting": meeting, "data": {}}
    )
    assert [entry["kind"] for entry in joined["entries"]] == ["meeting.joined"]
    following = await console.call("follow", {"meeting": meeting, "since": 0})
    assert following["meeting"]["id"] == meeting
    assert [entry["kind"] for entry in following["entries"]][-1] == "meeting.joined"

    issued = await console.call(
        "command",
        {
            "id": "o1",
            "kind": "order.issue",
            "meeting": meeting,
            "data": {"text": "加强巡查", "targets": [VILLAGE]},
        },
    )
    order = issued["entries"][0]["data"]["order"]
    assert (await station.until("changed", what="order"))["value"]["text"] == "加强巡查"
    await village.command("order.sign", order=order)
    assert (await console.until("entry", kind="order.signed"))["data"]["center"] == VILLAGE
    await village.command("order.complete", order=order, text="已完成")
    await console.until("entry", kind="order.completed")

    await leader.command("meeting.end", meeting)
    await eventually(lambda: station.of("changed", what="meeting")[-1]["value"]["state"] == "ended", 5)
    seqs = [entry["seq"] for entry in console.of("entry")]
    assert seqs == sorted(seqs)
    assert station.of("entry") == [], "entries are for desks"
    assert beside.of("entry") == beside.of("changed") == [], "a center that is not called hears nothing"

    again = await edge.listen(village)
    hello = await again.until("hello")
    assert hello["calls"] == []
    assert hello["orders"] == []
    assert hello["account"]["center"]["path"] == ["岳阳市", "临湘市", "坦渡镇", "坦渡村"]
    shown = await leader.get("/api/v1/meetings", state="ended")
    assert [each["id"] for each in shown["meetings"]] == [meeting]


async def test_sign_in_gives_a_token_and_a_cookie_and_sign_out_ends_both(edge: Edge) -> None:
    person = await edge.person("leader", COUNTY)
    async with aiohttp.ClientSession(edge.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        body = {"username": person.account.username, "password": PASSWORD}
        async with browser.post("/api/v1/session", json=body) as answer:
            assert answer.status == 201
            made = await answer.json()
            cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Secure" not in cookie, "over plain HTTP the browser would throw it away"
        assert made["account"]["role"] == "leader"
        async with browser.get("/api/v1/session") as answer:
            assert (await answer.json())["account"] == made["account"]
        async with browser.delete("/api/v1/session") as answer:
            assert answer.status == 403, "a write with the cookie and no sign of the own page"
        async with browser.delete("/api/v1/session", headers={"Origin": edge.url}) as answer:
            assert answer.status == 204
        headers = {"Authorization": f"Bearer {made['token']}"}
        async with browser.get("/api/v1/session", headers=headers) as answer:
            assert answer.status == 401


async def test_what_calls_and_orders_wait_is_in_the_hello(edge: Edge) -> None:
    leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    opened = await leader.command("meeting.open", title="会商", kind="consultation", centers=[VILLAGE])
    order = await leader.command("order.issue", text="清点物资", targets=[VILLAGE])
    station = await edge.listen(village)
    hello = await station.until("hello")
    assert [call["id"] for call in hello["calls"]] == [opened["entries"][0]["meeting"]]
    assert [each["id"] for each in hello["orders"]] == [order["entries"][0]["data"]["order"]]
    assert hello["seq"] == edge.writer.state.last_seq
