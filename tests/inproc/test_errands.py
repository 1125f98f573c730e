"""Errands over HTTP: asked for, handed on, finished, rated; sent again they count once, and what was said stands sealed."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.store import tables
from tests.support.edge import Person, running_edge
from tests.support.rules import CITY, TOWN, VILLAGE
from tests.support.swept import G1, G2, WORDS, City, post

DONE = "标记庚说放在门口"
ERRAND = "er_01m8n0rqet1039pf0p"


@pytest.fixture
async def city(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[City]:
    """On SQLite; for a test that takes `database_url`, on each of both."""
    url = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else None
    async with running_edge(tmp_path, database_url=url) as edge:
        made = City(edge)
        await made.begin()
        yield made


def asking(household: str, **more: Any) -> dict[str, Any]:
    facts = {
        "id": "er1",
        "household": household,
        "kind": "medicine",
        "text": WORDS,
        "asked_on": to_wire(system_clock())[:7],
    }
    return facts | more


async def finishing(who: Person, errand: str, status: int = 200, **more: Any) -> dict[str, Any]:
    facts = {"id": "f1", "text": DONE, "cents": 2350, "occurred_at": to_wire(system_clock())}
    return await post(who, f"/api/v1/errands/{errand}/done", facts | more, status)


async def test_an_errand_is_asked_for_taken_handed_on_finished_and_rated(
    city: City, database_url: str
) -> None:
    card = (await city.one.get("/api/v1/grid-work"))["cards"][0]
    asked = asking(card["household"], errand=ERRAND, urgent=True)
    written = await post(city.one, "/api/v1/errands", asked)
    assert written["errand"] == ERRAND
    assert await post(city.one, "/api/v1/errands", asked) == written
    # whoever else uses the id, or the same person for something else, is told so
    await post(city.two, "/api/v1/errands", asked, 409)
    await post(city.one, "/api/v1/errands", {**asked, "id": "er2", "text": "别的"}, 409)
    await post(city.other, "/api/v1/errands", {**asked, "id": "er3", "errand": None}, 404)
    work = await city.two.get("/api/v1/grid-work")
    (mine,) = work["errands"]
    assert (mine["errand"], mine["text"], mine["state"], mine["urgent"]) == (ERRAND, WORDS, "asked", True)
    walking = {each["account"] for each in work["grids"][0]["people"]}
    assert walking == {who.account.id for who in (city.leader, city.one, city.two)}
    await city.two.command("errand.take", errand=ERRAND)
    await city.two.command("errand.hand", errand=ERRAND, to=city.one.account.id, reason="今天不在")
    await finishing(city.two, ERRAND, 403, id="x1")
    done = await finishing(city.one, ERRAND, id="f1", occurred_at=(at := to_wire(system_clock())))
    assert await finishing(city.one, ERRAND, id="f1", occurred_at=at) == done
    await city.one.command("errand.rate", errand=ERRAND, stars=5)
    (read,) = (await city.desk.get("/api/v1/errands"))["errands"]
    assert (read["state"], read["stars"], read["cents"], read["text"]) == ("done", 5, 2350, None)
    assert (read["said"], read["runs"], read["names"]) == (None, False, await masked(city, card["household"]))
    read = await city.village.get(f"/api/v1/errands/{ERRAND}")
    assert (read["text"], read["said"], read["heard"], read["handed_by"]) == (WORDS, DONE, "door", "某")
    assert {each["account"] for each in read["people"]} == walking
    assert (await city.other.get("/api/v1/errands"))["errands"] == []
    with city.edge.database.engine.connect() as connection:
        for table in (
            tables.entries,
            tables.errands,
            tables.errand_words,
            tables.visit_words,
            tables.commands,
        ):
            for found in connection.execute(sa.select(table)):
                assert WORDS not in repr(tuple(found)), table.name
                assert DONE not in repr(tuple(found)), table.name


async def masked(city: City, household: str) -> list[str]:
    """Who lives there, as the city is told."""
    seen = await city.desk.get(f"/api/v1/registry/households/{household}")
    assert seen["masked"]
    return [each["name"] for each in seen["persons"]]


async def test_an_errand_sent_again_after_its_grid_was_split_is_the_same_one(city: City) -> None:
    """A phone that had no answer sends again, hours later: its grid is another one by then, or the errand is over."""
    card = (await city.one.get("/api/v1/grid-work"))["cards"][0]
    asked = asking(card["household"], errand=ERRAND)
    written = await post(city.one, "/api/v1/errands", asked)
    into = [{"name": "三组", "households": [card["household"]]}]
    await city.desk.command("grid.split", grid=G1, into=[*into, {"name": "一组", "households": []}], rest=1)
    assert await post(city.one, "/api/v1/errands", asked) == written
    (read,) = (await city.village.get("/api/v1/errands"))["errands"]
    assert read["grid"] not in (G1, G2)
    assert read["text"] == WORDS
    await city.village.command("errand.drop", errand=ERRAND, reason="家人已办")
    assert await post(city.one, "/api/v1/errands", asked) == written
    assert (await city.village.get("/api/v1/errands?state=open"))["errands"] == []


async def test_lists_are_narrowed_counted_and_taken_away_without_what_was_said(
    city: City, database_url: str
) -> None:
    cards = (await city.two.get("/api/v1/grid-work"))["cards"]
    in_one = next(each for each in cards if each["grid"] == G1)
    in_two = next(each for each in cards if each["grid"] == G2)
    past = "2026-01-01T00:00:00.000000Z"
    late = asking(in_one["household"], id="a", due=past, urgent=True)
    first = (await post(city.one, "/api/v1/errands", late))["errand"]
    second = (await post(city.two, "/api/v1/errands", asking(in_two["household"], id="b", kind="food")))[
        "errand"
    ]
    await city.two.command("errand.hand", errand=second, to=None, reason="要用车")

    async def ids(who: Person, query: str) -> list[str]:
        return [each["errand"] for each in (await who.get(f"/api/v1/errands?{query}"))["errands"]]

    for query, wanted in (
        ("state=open", [second, first]),
        ("state=handed", [second]),
        ("late=1", [first]),
        ("kind=food", [second]),
        (f"grid={G1}", [first]),
        (f"center={VILLAGE}", [second, first]),
        ("q=用车", [second]),
    ):
        assert await ids(city.desk, query) == wanted, query
    # what was said is found by those alone who may know it
    assert await ids(city.village, "q=标记己") == [second, first]
    assert await ids(city.desk, "q=标记己") == []
    found = await city.desk.get(f"/api/v1/errands/counts?parent={TOWN}")
    assert [(each["key"], each["counts"]["late"]) for each in found["lines"]] == [(VILLAGE, 1)]
    assert {each["kind"]: each["counts"]["handed"] for each in found["kinds"]} == {"medicine": 0, "food": 1}
    below = await city.village.get(f"/api/v1/errands/counts?parent={VILLAGE}")
    assert [each["key"] for each in below["lines"]] == [G1, G2]
    whole = await city.desk.get(f"/api/v1/errands/counts?parent={CITY}")
    assert whole["counts"] == found["counts"] == below["counts"]
    assert (whole["counts"]["asked"], whole["counts"]["handed"], whole["counts"]["urgent"]) == (1, 1, 1)
    async with city.village.http.get("/api/v1/errands/file") as answer:
        rows = list(csv.reader((await answer.text(encoding="utf-8-sig")).splitlines()))
    assert [row[3] for row in rows[1:]] == ["送菜送粮", "买药"]
    assert [row[8] for row in rows[1:]] == ["", "是"]
    assert WORDS not in repr(rows)
