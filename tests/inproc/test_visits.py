"""Visits put right, and households met outside of sweeps, over HTTP: nothing said is lost, all of it goes in its time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.grids.answer_months import KEPT
from hub.journal.verify import verify
from hub.rules import parse_data
from hub.store import tables
from hub.store.database import open_database
from hub.store.offline import offline_journal
from signaling.schemas import sweep_values as schemas
from tests.support.edge import Person, running_edge
from tests.support.swept import G1, G2, WORDS, City, post


@pytest.fixture
async def city(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[City]:
    """On SQLite; for a test that takes `database_url`, on each of both."""
    url = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else None
    async with running_edge(tmp_path, database_url=url) as edge:
        made = City(edge)
        await made.begin()
        yield made


async def work_of(person: Person) -> dict[str, Any]:
    work = await person.get("/api/v1/grid-work")
    schemas.GridWork.model_validate(work)
    return work


async def met(person: Person, id: str, household: str, outcome: str = "met", **more: Any) -> dict[str, Any]:
    visit = {"id": id, "household": household, "outcome": outcome, "occurred_at": to_wire(system_clock())}
    (found,) = (await post(person, "/api/v1/visits", {"visits": [{**visit, **more}]}))["results"]
    schemas.VisitTaken.model_validate(found)
    return dict(found)


async def put_right(person: Person, id: str, **more: Any) -> dict[str, Any]:
    fixed = {"id": id, "reason": "点错了", "occurred_at": to_wire(system_clock()), **more}
    answer = await post(person, "/api/v1/visits/corrections", {"corrections": [fixed]})
    schemas.VisitsTaken.model_validate(answer)
    return dict(answer["results"][0])


async def test_what_was_said_today_is_seen_and_put_right_and_the_hub_keeps_both(
    city: City, database_url: str
) -> None:
    sweep = await city.open()
    before = await work_of(city.one)
    row, card = before["rows"][0], before["cards"][0]
    who = f"temperature@{card['persons'][0]['person']}"
    ill = f"symptom@{card['persons'][0]['person']}"
    done = await city.visit(
        city.one, sweep, row["row"], seen=2, answers={ill: "fever", who: "38.6"}, note=WORDS, offline=True
    )
    assert done["error"] is None, done
    (said,) = (await work_of(city.one))["said"]
    assert (said["household"], said["outcome"], said["seen"], said["offline"]) == (
        row["household"],
        "met",
        2,
        True,
    )
    assert (said["answers"][who], said["note"], said["base"], said["corrected"]) == (
        "38.6",
        WORDS,
        done["seq"],
        [],
    )
    assert (await work_of(city.two))["said"] == [], "each sees what he himself said"
    right = {"sweep": sweep, "row": row["row"], "base": done["seq"], "outcome": "met", "seen": 2}
    fixed = await put_right(city.one, "c1", **right, answers={who: "36.8"}, note="看错了体温计")
    assert fixed["error"] is None, fixed
    assert (await put_right(city.one, "c1", **right, answers={who: "36.8"}, note="看错了体温计"))[
        "seq"
    ] == fixed["seq"]
    now = await work_of(city.one)
    (said,) = now["said"]
    assert (said["answers"][who], said["base"]) == ("38.6", fixed["seq"])
    (one,) = said["corrected"]
    assert (one["answers"], one["reason"], one["note"]) == ({who: "36.8"}, "点错了", "看错了体温计")
    assert now["cards"][0]["last"][who]["value"] == "36.8", "what is known is what is right"
    shown = await city.leader.get(f"/api/v1/sweeps/{sweep}/rows/{row['row']}")
    schemas.Visits.model_validate(shown)
    assert (shown["visits"][0]["holds"], len(shown["visits"][0]["corrected"])) == (True, 1)
    masked = await city.desk.get(f"/api/v1/sweeps/{sweep}/rows/{row['row']}")
    assert masked["visits"][0]["corrected"][0]["answers"] is None
    # an older one is none, and what nobody asked for is not taken
    again = await put_right(city.one, "c2", **{**right, "outcome": "absent"})
    assert again["error"]["code"] == "conflict"
    assert (await put_right(city.one, "c3", **right, answers={"what": "x"}))["error"]["code"] == "invalid"
    assert (await put_right(city.two, "c4", **{**right, "base": fixed["seq"]}))["error"][
        "code"
    ] == "forbidden"


async def test_two_at_a_door_outside_of_sweeps_are_both_kept_shown_and_settled(
    city: City, database_url: str
) -> None:
    house = (await work_of(city.two))["cards"][0]["household"]
    first = await met(city.one, "a1", house, "absent", offline=True)
    second = await met(city.two, "b1", house, seen=3, offline=True, note=WORDS)
    assert (first["conflict"], second["conflict"]) == (False, True)
    (door,) = (await work_of(city.two))["doors"]
    assert (door["outcome"], door["conflict"], door["base"]) == ("absent", True, first["seq"])
    shown = await city.leader.get(f"/api/v1/visits/doors/{house}")
    schemas.DoorVisits.model_validate(shown)
    assert [(each["outcome"], each["holds"], each["open"], each["note"]) for each in shown["visits"]] == [
        ("met", False, True, WORDS),
        ("absent", True, False, ""),
    ]
    masked = await city.village.get(f"/api/v1/visits/doors/{house}")
    assert [each["note"] for each in masked["visits"]] == ["", ""]
    async with city.other.http.get(f"/api/v1/visits/doors/{house}") as answer:
        assert answer.status == 404
    await city.village.command("visit.settle", household=house, holds=second["seq"])
    after = await city.leader.get(f"/api/v1/visits/doors/{house}")
    assert [(each["holds"], each["open"]) for each in after["visits"]] == [(True, False), (False, False)]
    (door,) = (await work_of(city.two))["doors"]
    assert (door["outcome"], door["conflict"], door["by"]) == ("met", False, city.two.account.name)
    # he knows of it now: nothing is to be settled
    assert (await met(city.one, "a2", house, base=door["base"]))["conflict"] is False


async def test_many_at_the_same_door_at_once_are_one_after_the_other(city: City) -> None:
    house = (await work_of(city.two))["cards"][0]["household"]
    visit = {"household": house, "outcome": "met", "occurred_at": to_wire(system_clock())}
    mine = {"visits": [{**visit, "id": f"m{n}", "seen": n} for n in range(10)]}
    results = (await post(city.one, "/api/v1/visits", mine))["results"]
    seqs = [each["seq"] for each in results]
    assert seqs == sorted(seqs)
    assert not any(each["conflict"] for each in results)
    assert (await met(city.two, "b", house))["conflict"] is True
    fixed = {"household": house, "base": seqs[-1], "outcome": "gone", "seen": 0}
    assert (await put_right(city.one, "c", **fixed))["error"] is None


async def test_a_visit_sent_again_after_its_household_changed_grids_has_its_first_answer(city: City) -> None:
    card = (await work_of(city.one))["cards"][0]
    moment = to_wire(system_clock())
    first = await met(city.one, "again", card["household"], occurred_at=moment)
    errand = {
        "id": "er",
        "household": card["household"],
        "kind": "medicine",
        "text": WORDS,
        "asked_on": moment[:7],
    }
    asked = await post(city.one, "/api/v1/errands", errand)
    place = {"building_name": "新楼", "label": "101"}
    move = {"id": "mv", "base": card["seq"], "grid": G2, "place": place}
    await post(city.leader, f"/api/v1/registry/households/{card['household']}/move", move)
    assert await met(city.one, "again", card["household"], occurred_at=moment) == first
    assert (await post(city.one, "/api/v1/errands", errand))["errand"] == asked["errand"]
    assert (await met(city.one, "new", card["household"]))["error"]["code"] == "not_found"


async def test_who_answers_for_grids_sees_how_far_his_people_are(city: City) -> None:
    sweep = await city.open()
    row = (await work_of(city.one))["rows"][0]["row"]
    await city.visit(city.one, sweep, row)
    await city.visit(city.one, sweep, row, "absent")
    team = {(each["grid"], each["account"]): each for each in (await work_of(city.leader))["team"]}
    assert set(team) == {
        (G1, city.one.account.id),
        (G1, city.two.account.id),
        (G2, city.two.account.id),
    }
    done = team[G1, city.one.account.id]
    assert (done["visits"], done["reached"], done["heard"]) == (2, 1, False)
    assert (await work_of(city.one))["team"] == []


async def test_what_was_said_outside_of_sweeps_is_gone_with_its_month(tmp_path: Path) -> None:
    ahead = [timedelta()]
    async with running_edge(tmp_path, clock=lambda: system_clock() + ahead[0], signs="hub") as edge:
        city = City(edge)
        await city.begin()
        house = (await work_of(city.one))["cards"][0]["household"]
        moment = to_wire(system_clock())
        done = await met(city.one, "v", house, note=WORDS)
        await put_right(city.one, "c", household=house, base=done["seq"], outcome="met", note=WORDS)
        errand = {"id": "e", "household": house, "kind": "medicine", "text": WORDS, "asked_on": moment[:7]}
        await post(city.one, "/api/v1/errands", errand)
        wrong = {**errand, "id": "e2", "asked_on": "2031-07"}
        await post(city.one, "/api/v1/errands", wrong, 400)
        with edge.database.engine.connect() as connection:
            keys = connection.execute(sa.select(tables.answer_keys.c.about)).scalars().all()
            assert sorted(keys) == [f"errands {moment[:7]}", f"visits {moment[:7]}"]
            words = connection.execute(sa.select(tables.visit_words)).all()
            assert len(words) == 2
        ahead[0] = KEPT + timedelta(days=32)
        tick = Command("tick", "answers.tick", None, parse_data("answers.tick", {}))
        await edge.writer.submit(tick, SYSTEM_ACCOUNT)
        (kept,) = (await city.leader.get(f"/api/v1/visits/doors/{house}"))["visits"]
        assert (kept["note"], kept["corrected"][0]["note"]) == ("", "")
        with edge.database.engine.connect() as connection:
            for table in tables.metadata.sorted_tables:
                for found in connection.execute(sa.select(table)):
                    assert WORDS not in repr(tuple(found)), table.name
            for empty in (tables.visit_words, tables.errand_words, tables.answer_keys):
                assert connection.execute(sa.select(sa.func.count()).select_from(empty)).scalar() == 0
    with offline_journal(open_database(f"sqlite:///{tmp_path}/hub.db")) as journal:
        assert verify(journal, tmp_path, tmp_path / "recordings").findings == []
