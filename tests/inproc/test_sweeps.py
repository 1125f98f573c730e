"""A sweep from its opening to its end over HTTP: boards equal a recount, what was said stands sealed, nothing counts twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT
from hub.entry import Command
from hub.grids.sweep_state import sweep_of
from hub.journal.verify import verify
from hub.rules import parse_data
from hub.store import tables
from hub.store.database import open_database
from hub.store.offline import offline_journal
from tests.support.edge import Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE
from tests.support.swept import ELSEWHERE, G1, G2, WORDS, City, post


async def status_of(person: Person, path: str) -> int:
    async with person.http.get(path) as answer:
        return answer.status


@pytest.fixture
async def city(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[City]:
    """On SQLite; for a test that takes `database_url`, on each of both."""
    url = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else None
    async with running_edge(tmp_path, database_url=url) as edge:
        made = City(edge)
        await made.begin()
        yield made


def recount(city: City, sweep: str) -> Counter[str]:
    """Rows by outcome, as the table of standings has them."""
    with city.edge.database.engine.connect() as connection:
        stands = connection.execute(
            sa.select(tables.sweep_standings).where(tables.sweep_standings.c.sweep == sweep)
        ).all()
    found: Counter[str] = Counter(row.outcome for row in stands)
    found["seen"] = sum(row.seen for row in stands)
    found["handed"] = sum(row.handed for row in stands)
    return found


async def test_a_phone_has_its_grids_alone_and_a_visit_changes_its_work(city: City) -> None:
    sweep = await city.open()
    work = await city.one.get("/api/v1/grid-work")
    assert [each["grid"] for each in work["grids"]] == [G1]
    assert {each["grid"] for each in work["cards"]} == {each["grid"] for each in work["rows"]} == {G1}
    assert (len(work["rows"]), work["sweeps"][0]["sweep"]) == (6, sweep)
    assert [each["household"] for each in work["cards"]] == [each["household"] for each in work["rows"]]
    row = work["rows"][0]
    assert (row["outcome"], row["next"], row["base"]) == (None, "visit", 0)
    person = work["cards"][0]["persons"][0]["person"]
    assert row["ask"][:1] == [f"symptom@{person}"]
    answers = {f"symptom@{each['person']}": "well" for each in work["cards"][0]["persons"]} | {"origin": "no"}
    done = await city.visit(city.one, sweep, row["row"], answers=answers, seen=2, base=0)
    assert done["error"] is None
    again = await city.one.get("/api/v1/grid-work")
    now = again["rows"][0]
    assert (now["outcome"], now["next"], now["base"]) == ("met", "none", done["seq"])
    # What does not go stale within a week is not asked again.
    assert "origin" not in now["ask"]
    assert again["cards"][0]["last"]["origin"]["value"] == "no"
    assert await status_of(city.desk, "/api/v1/grid-work") == 403
    assert (await city.other.get("/api/v1/grid-work"))["cards"][0]["grid"] == ELSEWHERE


async def test_unchanged_confirms_what_is_known(city: City) -> None:
    sweep = await city.open()
    row = (await city.one.get("/api/v1/grid-work"))["rows"][0]
    long_ago = to_wire(system_clock() - timedelta(days=6))
    await city.visit(city.one, sweep, row["row"], answers={"origin": "no"}, occurred_at=long_ago)
    before = (await city.one.get("/api/v1/grid-work"))["cards"][0]["last"]["origin"]["at"]
    assert before == long_ago
    done = await city.visit(city.one, sweep, row["row"], "unchanged")
    after = (await city.one.get("/api/v1/grid-work"))["cards"][0]["last"]["origin"]["at"]
    assert after > before
    assert done["error"] is None


async def test_the_same_visit_again_counts_once_and_many_come_in_one_request(city: City) -> None:
    sweep = await city.open()
    rows = [each["row"] for each in (await city.one.get("/api/v1/grid-work"))["rows"]]
    said = {"sweep": sweep, "occurred_at": to_wire(system_clock()), "seen": 1, "note": WORDS}
    visits = [{"id": f"p{row}", "row": row, "outcome": "met", **said} for row in rows]
    # The second of a household comes after the first, in one request.
    visits.append({**visits[0], "id": "later", "outcome": "phone"})
    first = await post(city.one, "/api/v1/visits", {"visits": visits})
    again = await post(city.one, "/api/v1/visits", {"visits": visits})
    assert [each["seq"] for each in first["results"]] == [each["seq"] for each in again["results"]]
    seqs = [each["seq"] for each in first["results"]]
    assert seqs == sorted(seqs)
    assert not any(each["conflict"] or each["error"] for each in first["results"])
    assert recount(city, sweep) == {"met": len(rows) - 1, "phone": 1, "seen": len(rows), "handed": 0}
    with city.edge.database.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.visits)).scalar() == len(
            visits
        )
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.visit_words)).scalar() == len(
            visits
        )
    wrong = {"id": "w", "sweep": sweep, "row": rows[0], "outcome": "met", **said, "answers": {"what": "x"}}
    mixed = await post(city.one, "/api/v1/visits", {"visits": [wrong, {**visits[0], "id": "fine"}]})
    assert [each["error"] and each["error"]["code"] for each in mixed["results"]] == ["invalid", None]


async def test_a_board_goes_from_the_city_to_the_household_and_equals_a_recount(
    city: City, database_url: str
) -> None:
    sweep = await city.open()
    dice = random.Random(5)
    walkers = {G1: city.one, G2: city.two, ELSEWHERE: city.other}
    for _ in range(40):
        who = walkers[dice.choice((G1, G2, ELSEWHERE))]
        row = dice.choice((await who.get("/api/v1/grid-work"))["rows"])
        outcome = dice.choice(("met", "unchanged", "phone", "absent", "refused", "gone"))
        await city.visit(who, sweep, row["row"], outcome, seen=dice.randrange(4), base=row["base"])
    counted = recount(city, sweep)
    parent = CITY
    for expected in (COUNTY, TOWN):
        board = await city.desk.get(f"/api/v1/sweeps/{sweep}/board", parent=parent)
        assert board["counts"]["rows"] == 18
        assert {name: board["counts"][name] for name in counted} == counted
        assert [line["key"] for line in board["lines"]] == [expected]
        parent = expected
    town = await city.desk.get(f"/api/v1/sweeps/{sweep}/board", parent=TOWN)
    village = await city.desk.get(f"/api/v1/sweeps/{sweep}/board", parent=VILLAGE)
    (line,) = [line for line in town["lines"] if line["key"] == VILLAGE]
    assert line["counts"] == village["counts"]
    assert {line["key"]: line["counts"]["rows"] for line in village["lines"]} == {G1: 6, G2: 5}
    left = await city.desk.get(f"/api/v1/sweeps/{sweep}/rows", center=VILLAGE, outcome="left")
    came = {name: line["counts"][name] for name in ("met", "unchanged", "phone", "absent", "refused", "gone")}
    assert len(left["rows"]) == 11 - sum(came.values())
    # Names only for who answers for the grid.
    assert all(row["names"] == [] and row["place"] == [] for row in left["rows"])
    days = await city.desk.get("/api/v1/visits/days", parent=TOWN)
    assert (days["counts"]["visits"], sum(line["counts"]["visits"] for line in days["lines"])) == (40, 40)
    own = await city.one.get(f"/api/v1/sweeps/{sweep}/rows", grid=G1)
    assert len(own["rows"]) == 6
    assert all(row["names"] for row in own["rows"])
    assert (await city.one.get(f"/api/v1/sweeps/{sweep}/rows", grid=G2))["rows"] == []
    assert [each["key"] for each in (await city.one.get(f"/api/v1/sweeps/{sweep}/board"))["lines"]] == [G1]
    foreign = await city.edge.person("dispatcher", OTHER_COUNTY)
    for path in ("board", "rows", "board/file"):
        assert await status_of(foreign, f"/api/v1/sweeps/{sweep}/{path}") == 404


async def test_two_members_the_same_household_off_line_both_kept_shown_and_settled(city: City) -> None:
    sweep = await city.open()
    row = (await city.one.get("/api/v1/grid-work"))["rows"][0]["row"]
    first = await city.visit(city.one, sweep, row, "absent", offline=True)
    second = await city.visit(
        city.two, sweep, row, "met", offline=True, seen=3, answers={"origin": "outside"}, note=WORDS
    )
    assert (first["conflict"], second["conflict"]) == (False, True)
    assert second["found"]["what"] == "report"
    waiting = await city.leader.get(f"/api/v1/sweeps/{sweep}/rows", outcome="conflict")
    assert [each["row"] for each in waiting["rows"]] == [row]
    shown = await city.leader.get(f"/api/v1/sweeps/{sweep}/rows/{row}")
    assert [(each["outcome"], each["holds"]) for each in shown["visits"]] == [
        ("met", False),
        ("absent", True),
    ]
    assert shown["visits"][0]["answers"] == {"origin": "outside"}
    assert shown["visits"][0]["note"] == WORDS
    masked = await city.desk.get(f"/api/v1/sweeps/{sweep}/rows/{row}")
    assert [each["answers"] for each in masked["visits"]] == [None, None]
    await city.leader.command("visit.settle", sweep=sweep, row=row, holds=second["seq"])
    assert recount(city, sweep)["met"] == 1
    board = await city.desk.get(f"/api/v1/sweeps/{sweep}/board", parent=VILLAGE)
    assert (board["counts"]["conflicts"], board["counts"]["seen"]) == (0, 3)


async def test_a_grid_is_split_in_mid_sweep_and_no_household_is_lost_or_counted_twice(
    city: City, database_url: str
) -> None:
    sweep = await city.open()
    work = await city.one.get("/api/v1/grid-work")
    await city.visit(city.one, sweep, work["rows"][2]["row"])
    going = [each["household"] for each in work["rows"][1:3]]
    into = [
        {"grid": G1, "name": "一组", "leader": city.leader.account.id, "members": [city.one.account.id]},
        {"name": "三组", "members": [city.two.account.id], "households": going},
    ]
    made = await city.village.command("grid.split", grid=G1, into=into, rest=0)
    new = made["entries"][0]["data"]["into"][1]["grid"]
    board = await city.desk.get(f"/api/v1/sweeps/{sweep}/board", parent=VILLAGE)
    counts = {line["key"]: (line["counts"]["rows"], line["counts"]["met"]) for line in board["lines"]}
    assert counts == {G1: (4, 0), new: (2, 1), G2: (5, 0)}
    stay = {each["household"] for each in (await city.one.get("/api/v1/grid-work"))["rows"]}
    assert stay == {each["household"] for each in work["rows"]} - set(going)
    moved = [each for each in (await city.two.get("/api/v1/grid-work"))["rows"] if each["grid"] == new]
    assert {each["household"] for each in moved} == set(going)
    refused = await city.visit(city.one, sweep, moved[0]["row"])
    assert refused["error"]["code"] == "not_found"
    assert (await city.visit(city.two, sweep, moved[0]["row"]))["error"] is None


async def test_grids_change_while_a_phone_is_off_line_and_each_household_is_visited_and_counted_once(
    city: City,
) -> None:
    """Split, joined and handed over meanwhile: what the phone brings of households that went elsewhere is refused with words,
    of those that stayed or are his again it is taken; the phone keeps what was refused, and whoever walks there visits them."""
    sweep = await city.open(center=VILLAGE)
    rows = {each["household"]: each["row"] for each in (await city.one.get("/api/v1/grid-work"))["rows"]}
    assert len(rows) == 6
    homes, now = list(rows), to_wire(system_clock())
    queued = [
        {"id": f"off{at}", "sweep": sweep, "row": rows[home], "outcome": "met", "seen": 1, "occurred_at": now}
        for at, home in enumerate(homes)
    ]
    one, two = city.one.account.id, city.two.account.id
    away, stays = homes[:2], homes[2:4]
    into = [
        {"grid": G1, "name": "一组", "members": [one]},
        {"name": "三组", "members": [two], "households": away},
        {"name": "四组", "members": [two], "households": homes[4:]},
    ]
    made = await city.village.command("grid.split", grid=G1, into=into, rest=0)
    codes = [each["grid"] for each in made["entries"][0]["data"]["into"]]
    await city.village.command("grid.join", grids=[G2, codes[1]], into={"grid": G2, "name": "二组"})
    await city.village.command("grid.hand", account=two, to=one, grids=[codes[2]])

    told = (await post(city.one, "/api/v1/visits", {"visits": queued}))["results"]
    codes_told = [None if each["error"] is None else each["error"]["code"] for each in told]
    assert codes_told == ["not_found", "not_found", None, None, None, None]
    assert (await post(city.one, "/api/v1/visits", {"visits": queued}))["results"] == told, "sent again alike"
    work = {each["household"] for each in (await city.one.get("/api/v1/grid-work"))["rows"]}
    assert work == {*stays, *homes[4:]}
    theirs = (await city.two.get("/api/v1/grid-work"))["rows"]
    assert set(away) <= {each["household"] for each in theirs}
    for home in away:
        assert (await city.visit(city.two, sweep, rows[home], seen=1))["error"] is None
    board = await city.desk.get(f"/api/v1/sweeps/{sweep}/board", parent=VILLAGE)
    lines = [each["counts"] for each in board["lines"]]
    assert sum(each["rows"] for each in lines) == board["counts"]["rows"] == 11
    assert sum(each["met"] for each in lines) == board["counts"]["met"] == 6
    every = (await city.desk.get(f"/api/v1/sweeps/{sweep}/rows", limit="500"))["rows"]
    assert len({each["household"] for each in every}) == len(every) == 11


async def test_who_may_not_opens_nothing_and_a_sweep_opened_twice_is_one(city: City) -> None:
    asked = {"id": "x", "title": "排查", "sort": "blanket", "center": TOWN}
    for who, center, status in (
        (city.one, VILLAGE, 404),
        (city.village, TOWN, 404),
        (await city.edge.person("clerk", CITY), TOWN, 403),
        (await city.edge.person("leader", OTHER_COUNTY), TOWN, 404),
    ):
        await post(who, "/api/v1/sweeps", {**asked, "center": center}, status)
    await post(city.desk, "/api/v1/sweeps", {**asked, "center": OTHER_COUNTY}, 422)
    await post(city.desk, "/api/v1/sweeps", {**asked, "sort": "pointed"}, 400)
    first = await post(city.desk, "/api/v1/sweeps", asked, 201)
    again = await post(city.desk, "/api/v1/sweeps", asked, 201)
    assert (first["sweep"], first["rows"]) == (again["sweep"], 18) == (again["sweep"], again["rows"])
    pointed = await post(
        city.desk, "/api/v1/sweeps", {**asked, "id": "y", "sort": "pointed", "grids": [G2]}, 201
    )
    assert (pointed["rows"], pointed["villages"]) == (5, 1)
    for role in ROLES:
        person = await city.edge.person(role, OTHER_COUNTY, number=1)
        if role != "audit_admin":
            assert (await person.get("/api/v1/sweeps"))["sweeps"] == [], role


async def test_what_was_said_stands_in_no_entry_and_is_gone_with_its_key(tmp_path: Path) -> None:
    ahead = [timedelta()]
    async with running_edge(tmp_path, clock=lambda: system_clock() + ahead[0], signs="hub") as edge:
        city = City(edge)
        await city.begin()
        sweep = await city.open(days=7)
        row = (await city.one.get("/api/v1/grid-work"))["rows"][0]["row"]
        await city.visit(city.one, sweep, row, answers={"origin": "outside", "from_where": WORDS}, note=WORDS)
        shown = await city.leader.get(f"/api/v1/sweeps/{sweep}/rows/{row}")
        assert shown["visits"][0]["answers"]["from_where"] == WORDS
        await city.desk.command("sweep.close", sweep=sweep, reason="到此为止")
        assert await status_of(city.desk, f"/api/v1/sweeps/{sweep}") == 200
        ahead[0] = timedelta(days=7, minutes=1)
        tick = Command("tick", "sweep.tick", None, parse_data("sweep.tick", {}))
        await edge.writer.submit(tick, SYSTEM_ACCOUNT)
        assert sweep_of(edge.writer.state, sweep) is None
        head = await city.desk.get(f"/api/v1/sweeps/{sweep}")
        assert (head["state"], head["counts"]["met"]) == ("forgotten", 1)
        with edge.database.engine.connect() as connection:
            for table in tables.metadata.sorted_tables:
                for found in connection.execute(sa.select(table)):
                    assert WORDS not in repr(tuple(found)), table.name
            for empty in (tables.visit_words, tables.sweep_rows):
                assert connection.execute(sa.select(sa.func.count()).select_from(empty)).scalar() == 0
            keys = connection.execute(sa.select(tables.answer_keys.c.about)).scalars().all()
            assert sweep not in keys
            subjects = connection.execute(sa.select(tables.subjects.c.subject)).scalars().all()
            assert not [each for each in subjects if each.startswith(sweep)]
    with offline_journal(open_database(f"sqlite:///{tmp_path}/hub.db")) as journal:
        assert verify(journal, tmp_path, tmp_path / "recordings").findings == []


async def test_orders_and_lists_of_the_village_arrive_in_the_same_queue(city: City) -> None:
    await city.desk.command("order.issue", text="入户提醒防火", targets=[VILLAGE])
    work = await city.one.get("/api/v1/grid-work")
    assert [(each["text"], each["state"]) for each in work["orders"]] == [("入户提醒防火", "issued")]
    assert work["lists"] == []
    assert (await city.other.get("/api/v1/grid-work"))["orders"] == []
