"""Rows of a list in grids over HTTP: looked for, given out, decided, cleared by who walks there, gone; told to nobody else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.dispatch.clearings import Clearing, clearing_of
from hub.grids.made_up import MadePerson, made_grid
from hub.journal.verify import verify
from hub.store import tables
from hub.store.offline import offline_journal
from signaling.list_matching import ListMatcher
from tests.inproc.test_clearings import ALL, bring, post, results, written
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command
from tests.support.rules import CITY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.swept import ELSEWHERE, G1, G2, City
from tests.support.waiting import eventually

HEAD = "身份证号,姓名,联系电话,现住址,所属村,来源"
COLUMNS = ["id", "personal", "personal", "personal", "center", "shown"]
#: Stands in no household, and must stand nowhere in the open.
STRANGER = ("430682199001010099", "标记庚某", "13900000099")
FIRST, SECOND, BEYOND = (
    made_grid(3, grid, at, count).households
    for at, (grid, count) in enumerate(((G1, 6), (G2, 5), (ELSEWHERE, 7)))
)
WITH_PHONE = [person for home in FIRST for person in home.persons if person.phone][1]
BY_NUMBER, ALIKE = SECOND[0].persons[0], SECOND[1].persons[0]
ABROAD = BEYOND[0].persons[0]


def row(person: MadePerson | None = None, **more: str) -> str:
    facts = {"number": "", "name": "", "phone": "", "address": "", "place": VILLAGE}
    if person is not None:
        facts |= {"number": person.number, "name": person.name, "phone": person.phone}
    return ",".join(({**facts, **more} | {"source": "铁路"}).values())


#: Of the village, in their order: by number, by telephone, one who is alike, nobody (whose address tells of two buildings),
#: nobody at all; and one whom the registry has in another village.
ROWS = [
    row(BY_NUMBER, phone="", name=""),
    row(WITH_PHONE, number="", name="某某某"),
    row(ALIKE, number="", phone="", address=f"{ALIKE.birth}"),
    row(number=STRANGER[0], name=STRANGER[1], phone=STRANGER[2], address="无此楼"),
    row(),
    row(ABROAD),
]


def file_of(rows: list[str]) -> bytes:
    return "\r\n".join([HEAD, *rows]).encode()


@pytest.fixture
async def city(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[City]:
    """On SQLite; for a test that takes `database_url`, on each of both."""
    url = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else None
    # the child that looks for rows reads by its own connection
    own = {} if url is None else {"HUB_DATABASE_URL": url}
    async with running_edge(tmp_path, database_url=url, **own) as edge:
        made = City(edge)
        await made.begin()
        yield made


async def given_out(city: City, rows: list[str] | None = None) -> str:
    clearing = await bring(city.desk, file_of(rows or ROWS), columns=COLUMNS)
    await city.desk.command("clearing.issue", clearing=clearing, note="今日清零")
    return clearing


def now(edge: Edge, clearing: str) -> Clearing:
    found = clearing_of(edge.writer.state, clearing)
    assert found is not None
    return found


async def done(person: Person, clearing: str, step: str, center: str = CITY) -> dict[str, Any]:
    """Ask for a step and wait for its end; what is told then."""
    path = f"{ALL}/{clearing}/grids"
    await post(person, f"{path}/{step}", {"center": center}, 202)

    async def over() -> Any:
        told = await person.get(path, center=center)
        assert told["search"]["ended_at"] is not None, told["search"]
        return told

    return dict(await eventually(over, 90, f"{step} does not end"))


async def test_rows_are_found_given_out_cleared_by_who_walks_there_and_counted_at_their_village(
    city: City, database_url: str
) -> None:
    clearing = await given_out(city)
    told = await done(city.desk, clearing, "search")
    assert told["search"]["state"] == "matched"
    assert told["ways"] == {"number": 1, "phone": 1, "candidates": 1, "none": 3}
    assert (told["ready"], told["given"], told["rows"], told["villages"]) == (2, 0, 6, 1)
    told = await done(city.desk, clearing, "share")
    assert (told["search"]["state"], told["ready"], told["given"]) == ("shared", 0, 2)
    state = now(city.edge, clearing)
    assert [state.grid(number) for number in range(1, 7)] == [G2, G1, None, None, None, None]
    entry = (await city.desk.get(f"{ALL}/{clearing}"))["id"]
    assert entry == clearing

    work = await city.one.get("/api/v1/grid-work")
    assert [each["row"] for each in work["list_rows"]] == [2]
    mine = work["list_rows"][0]
    assert mine["household"] == next(home.household for home in FIRST if WITH_PHONE in home.persons)
    assert (mine["who"], mine["phone"], mine["outcome"]) == ("某某某", WITH_PHONE.phone, None)
    assert work["lists"][0]["note"] == "今日清零"
    assert [each["name"] for each in work["lists"][0]["columns"]] == [*HEAD.split(",")[:4], "来源"]
    assert [each["row"] for each in (await city.two.get("/api/v1/grid-work"))["list_rows"]] == [1, 2]
    assert (await city.other.get("/api/v1/grid-work"))["list_rows"] == []

    abnormal = {"row": 2, "outcome": "abnormal", "trouble": "ill", "text": "标记辛发热"}
    once = await results(city.one, clearing, abnormal, id="m1")
    assert await results(city.one, clearing, abnormal, id="m1") == once
    await results(city.one, clearing, {"row": 1, "outcome": "normal"}, id="m2", status=404)
    await results(city.other, clearing, {"row": 2, "outcome": "normal"}, id="m3", status=404)
    await results(city.two, clearing, {"row": 1, "outcome": "normal"}, id="m4")
    assert (await city.one.get("/api/v1/grid-work"))["list_rows"][0]["text"] == "标记辛发热"
    found = await city.one.get(f"{ALL}/{clearing}/places", q="长岭")
    assert OTHER_VILLAGE in [each["center"] for each in found["centers"]]

    told = await city.village.get(f"{ALL}/{clearing}/grids")
    assert [(each["grid"], each["counts"]["total"]) for each in told["grids"]] == [(G1, 1), (G2, 1)]
    cleared = {each["account"]: each["cleared"] for each in told["grids"][0]["people"]}
    assert (cleared[city.one.account.id], cleared[city.two.account.id]) == (1, 1)
    assert (told["own"]["total"], told["left"]) == (4, 4)
    board = await city.desk.get(f"{ALL}/{clearing}/board", level="village")
    assert [(line["center"], line["gridded"]) for line in board["rows"]] == [(VILLAGE, 2)]
    page = await city.village.get(f"{ALL}/{clearing}/rows", grid="none")
    assert [each["number"] for each in page["rows"]] == [3, 4, 5, 6]


async def test_a_person_decides_who_is_meant_and_what_was_not_found_is_looked_for_again(city: City) -> None:
    clearing = await given_out(city)
    await done(city.desk, clearing, "search")
    page = await city.village.get(f"{ALL}/{clearing}/candidates")
    (unsure,) = page["rows"]
    assert (unsure["row"]["number"], unsure["row"]["masked"]) == (3, True)
    best = unsure["candidates"][0]
    assert (best["household"]["household"], best["person"]) == (SECOND[1].household, ALIKE.person)
    assert best["household"]["masked"]
    assert ALIKE.name not in json.dumps(page, ensure_ascii=False)

    path = f"{ALL}/{clearing}/rows/3/household"
    asked = {"id": "c1", "household": FIRST[0].household}
    if FIRST[0].household not in {each["household"]["household"] for each in unsure["candidates"]}:
        await post(city.village, path, asked, 404)
    asked["household"] = SECOND[1].household
    for stranger, status in ((city.one, 404), (city.other, 404)):
        await post(stranger, path, asked, status)
    station = await city.edge.person("station", VILLAGE)
    await post(station, path, asked, 403)
    given = await post(city.village, path, asked)
    assert given["grid"] == G2
    assert await post(city.village, path, asked) == given
    (mine,) = [each for each in (await city.two.get("/api/v1/grid-work"))["list_rows"] if each["row"] == 3]
    assert mine["household"] == SECOND[1].household
    assert (await city.village.get(f"{ALL}/{clearing}/candidates"))["rows"] == []

    await post(city.village, path, {"id": "c3", "household": None}, 404)

    # By hand, and back again: what somebody decided is not looked for anew.
    await station.command("clearing.assign", clearing=clearing, rows=[4, 5], grid=G1)
    await station.command("clearing.assign", clearing=clearing, rows=[5], grid=None)
    told = await done(city.village, clearing, "search", VILLAGE)
    assert told["ways"] == {"number": 1, "phone": 1, "person": 1, "hand": 1, "back": 1, "none": 1}
    assert (told["search"]["rows"], told["ready"]) == (3, 2)
    told = await done(city.village, clearing, "share", VILLAGE)
    state = now(city.edge, clearing)
    assert [state.grid(number) for number in range(1, 7)] == [G2, G1, G2, G1, None, None]


async def test_a_grid_split_and_joined_in_mid_list_loses_no_row_and_counts_none_twice(city: City) -> None:
    clearing = await given_out(city)
    await done(city.desk, clearing, "search")
    await done(city.desk, clearing, "share")
    home = next(each.household for each in FIRST if WITH_PHONE in each.persons)
    new = f"{VILLAGE}009"
    people = [city.one.account.id]
    into = [
        {"grid": G1, "name": "一组", "members": people},
        {"grid": new, "name": "一组东", "members": people, "households": [home]},
    ]
    await city.desk.command("grid.split", grid=G1, into=into)
    assert (now(city.edge, clearing).grid(2), now(city.edge, clearing).grid(1)) == (new, G2)
    assert [each["grid"] for each in (await city.one.get("/api/v1/grid-work"))["list_rows"]] == [new]
    await city.desk.command("grid.join", grids=[new, G2], into={"name": "东片"})
    told = await city.desk.get(f"{ALL}/{clearing}/grids", center=VILLAGE)
    assert (told["given"], sum(each["counts"]["total"] for each in told["grids"])) == (2, 2)
    # One in which nobody is registered may end: what somebody gave it is the village's again.
    empty = f"{VILLAGE}020"
    await city.desk.command("grid.make", village=VILLAGE, grids=[{"grid": empty, "name": "市场"}])
    await city.village.command("clearing.assign", clearing=clearing, rows=[4], grid=empty)
    assert now(city.edge, clearing).grid(4) == empty
    await city.desk.command("grid.remove", village=VILLAGE, grids=[empty])
    told = await city.desk.get(f"{ALL}/{clearing}/grids", center=VILLAGE)
    assert (now(city.edge, clearing).grid(4), told["given"], told["own"]["total"]) == (None, 2, 4)


async def test_what_a_killed_hub_did_not_look_for_is_looked_for_at_the_next_start(city: City) -> None:
    clearing = await given_out(city)
    first = ListMatcher(city.edge.services)
    await first.search(city.desk.account, now(city.edge, clearing), CITY)
    await first.close()
    matches = city.edge.services.lists.matches
    (search,) = await matches.unfinished()
    assert search.state == "matching"
    again = ListMatcher(city.edge.services)
    await again.start()

    async def over() -> Any:
        told = await city.desk.get(f"{ALL}/{clearing}/grids", center=CITY)
        return told if told["search"]["state"] == "matched" else None

    told = await eventually(over, 90, "it does not go on")
    assert (told["search"]["done"], told["ready"]) == (6, 2)
    assert (await matches.search(clearing)).run == search.run  # type: ignore[union-attr]
    await again.share(city.desk.account, now(city.edge, clearing), CITY)
    await again.close()
    third = ListMatcher(city.edge.services)
    await third.start()

    async def shared() -> Any:
        return now(city.edge, clearing).in_grids(VILLAGE) == 2

    await eventually(shared, 90, "it is not given out")
    await third.close()


async def test_who_may_look_for_rows_and_who_reads_what_was_found(city: City) -> None:
    clearing = await given_out(city)
    path = f"{ALL}/{clearing}/grids"
    station = await city.edge.person("station", VILLAGE)
    clerk = await city.edge.person("clerk", VILLAGE)
    stranger = await city.edge.person("dispatcher", OTHER_COUNTY)
    for person, center, status in (
        (station, CITY, 404),
        (clerk, VILLAGE, 403),
        (stranger, VILLAGE, 404),
        (city.one, VILLAGE, 404),
        (city.leader, VILLAGE, 404),
    ):
        for step in ("search", "share", "stop"):
            await post(person, f"{path}/{step}", {"center": center}, status)
    told = await done(station, clearing, "search", VILLAGE)
    assert (told["can_share"], told["ready"]) == (True, 2)
    assert not (await clerk.get(path))["can_share"]
    for person, status in ((station, 403), (clerk, 403), (stranger, 404), (city.one, 404)):
        async with person.http.get(f"{ALL}/{clearing}/candidates?center={VILLAGE}") as answer:
            assert answer.status == status, person.account.role
    await post(station, f"{path}/stop", {"center": VILLAGE})
    assert (await station.get(path))["search"]["state"] == "matched", "nothing went on"


async def test_nothing_of_a_person_stands_in_journal_logs_or_another_page_and_all_goes_with_the_list(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    edge = city.edge
    clearing = await given_out(city)
    await done(city.desk, clearing, "search")
    await done(city.desk, clearing, "share")
    await post(
        city.village, f"{ALL}/{clearing}/rows/3/household", {"id": "c2", "household": SECOND[1].household}
    )
    await results(
        city.two, clearing, {"row": 1, "outcome": "abnormal", "trouble": "ill", "text": "标记辛"}, id="p"
    )
    marked = [*STRANGER, BY_NUMBER.number, WITH_PHONE.phone, ALIKE.name, "标记辛"]
    homes = [SECOND[0].household, SECOND[1].household]
    pages = [
        f"{ALL}/{clearing}/grids?center={VILLAGE}",
        f"{ALL}/{clearing}/board?level=village",
        f"{ALL}/{clearing}/board/file?format=csv",
        f"{ALL}/{clearing}/rows?center={VILLAGE}",
        f"{ALL}/{clearing}/candidates?center={VILLAGE}",
    ]
    for path in pages:
        async with city.desk.http.get(path) as answer:
            text = await answer.text()
        assert not [each for each in marked if each in text], path
    with edge.database.engine.connect() as connection:
        entries = connection.execute(sa.select(tables.entries.c.kind, tables.entries.c.data)).all()
    about = [f"{kind} {data}" for kind, data in entries if clearing in data]
    assert any("clearing.assigned" in each for each in about)
    for each in about:
        assert not [word for word in (*marked, *homes) if word in each]
    assert not [word for word in marked if word in caplog.text]

    await edge.writer.submit(
        command("clearing.delete", clearing=clearing, reason="演练结束"), city.desk.account
    )
    with edge.database.engine.connect() as connection:
        for table in (
            tables.clearing_matches,
            tables.clearing_searches,
            tables.clearing_rows,
            tables.clearing_words,
        ):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0, table
    # A phone's day has them no more, and what it had put down without a line is refused with a word of its own.
    work = await city.two.get("/api/v1/grid-work")
    assert (work["lists"], work["list_rows"]) == ([], [])
    late = await results(city.two, clearing, {"row": 1, "outcome": "normal"}, id="late", status=404)
    assert (late["error"]["code"], late["error"]["field"]) == ("not_found", "clearing")
    await edge.writer.submit(command("clearing.expire"), SYSTEM_ACCOUNT)
    raw = await asyncio.to_thread(written, edge.folder)
    assert not [word for word in (*STRANGER, "标记辛") if word.encode() in raw]

    def findings() -> list[str]:
        with offline_journal(edge.database) as journal:
            return [each.text for each in verify(journal, edge.folder, edge.folder / "recordings").findings]

    assert [each for each in await asyncio.to_thread(findings) if not each.startswith("accounts")] == []
