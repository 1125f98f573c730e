"""What a phone holds: who has it is told so in a few bytes, who has not gets it, and it costs what its grid costs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from tests.support.edge import Person, running_edge
from tests.support.rules import OTHER_VILLAGE, VILLAGE
from tests.support.swept import G1, G2, City, post

PATH = "/api/v1/grid-work"


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    async with running_edge(tmp_path) as edge:
        made = City(edge)
        await made.begin()
        yield made


class Phone:
    """A phone that says what it has."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.held: dict[str, Any] = {}
        self.seq = 0
        self._tag = ""

    async def read(self) -> bool:
        """Whether there was something new. What it was not told it has."""
        async with self.person.http.get(PATH, headers={"If-None-Match": self._tag}) as answer:
            new = answer.status == 200
            if new:
                self.held, self._tag = await answer.json(), answer.headers["ETag"]
            else:
                assert (answer.status, await answer.read(), answer.headers["ETag"]) == (304, b"", self._tag)
            self.seq = int(answer.headers["Lianxian-Seq"])
        whole = await self.person.get(PATH)
        assert _what(whole) == _what(self.held)
        return new


def _what(work: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in work.items() if name not in ("seq", "at")}


async def test_a_phone_is_told_what_changed_in_its_grids_and_nothing_else(city: City) -> None:
    phone, edge = Phone(city.one), city.edge
    assert await phone.read()
    sweep = await city.open()
    assert await phone.read()
    own, others = phone.held["rows"], (await city.two.get(PATH))["rows"]
    elsewhere = next(each for each in others if each["grid"] == G2)
    card = phone.held["cards"][0]
    household, person = card["household"], card["persons"][0]["person"]
    registry = "/api/v1/registry/households"

    async def change(method: str, path: str, body: dict[str, Any]) -> None:
        async with city.one.http.request(method, path, json=body) as answer:
            assert answer.status in (200, 201), await answer.text()

    async def base() -> int:
        return int((await city.one.get(f"{registry}/{household}"))["seq"])

    place = {"building": card["building"], "label": "9单元1"}
    new = {"name": "某新", "phone": "15400000077", "birth": "1961"}
    errand = {"household": household, "kind": "food", "text": "米五斤", "asked_on": "2026-11"}
    told: list[tuple[str, Callable[[], Awaitable[Any]], bool]] = [
        ("own visit", lambda: city.visit(city.one, sweep, own[0]["row"], answers={"origin": "no"}), True),
        ("a colleague's visit in the grid", lambda: city.visit(city.two, sweep, own[1]["row"]), True),
        ("a visit in another grid", lambda: city.visit(city.two, sweep, elsewhere["row"]), False),
        ("a report to another center", lambda: city.desk.command("report.file", situation="normal"), False),
        ("an order to another village", lambda: _order(city, OTHER_VILLAGE), False),
        ("an order to the village", lambda: _order(city, VILLAGE), True),
        ("an errand", lambda: post(city.one, "/api/v1/errands", {"id": "e1", **errand}), True),
        (
            "a new household",
            lambda: change(
                "POST", registry, {"id": "h1", "grid": G1, "place": place, "persons": [new], "though": True}
            ),
            True,
        ),
        (
            "a household in another grid",
            lambda: _registered(city.two, {"id": "h2", "grid": G2, "place": {"building_name": "7栋"}}),
            False,
        ),
        (
            "another telephone",
            lambda: _changed(change, registry, household, person, base),
            True,
        ),
        (
            "the building's name",
            lambda: _renamed(city, card["building"]),
            True,
        ),
        (
            "the grid's name",
            lambda: city.village.command("grid.change", grid=G1, name="新一组"),
            True,
        ),
        ("another sweep", city.open, True),
        ("the sweep's end", lambda: city.desk.command("sweep.close", sweep=sweep, reason="完"), True),
    ]
    for what, act, news in told:
        await act()
        assert await phone.read() == news, what
        assert phone.seq == edge.writer.state.last_seq, what
        assert not await phone.read(), what
    into = [
        {"grid": G1, "name": "一组", "leader": city.leader.account.id, "members": [city.one.account.id]},
        {"name": "三组", "members": [city.two.account.id], "households": [household]},
    ]
    await city.village.command("grid.split", grid=G1, into=into, rest=0)
    assert await phone.read()
    assert household not in {each["household"] for each in phone.held["cards"]}
    # Another account has another day, whatever it says that it has.
    async with city.two.http.get(PATH, headers={"If-None-Match": phone._tag}) as answer:
        assert answer.status == 200


async def _order(city: City, village: str) -> None:
    await city.desk.command("order.issue", text="入户提醒防火", targets=[village])


async def _registered(who: Person, body: dict[str, Any]) -> None:
    new = {"name": "某二", "phone": "15400000078", "birth": "1962"}
    async with who.http.post(
        "/api/v1/registry/households", json={**body, "persons": [new], "though": True}
    ) as answer:
        assert answer.status == 201, await answer.text()


async def _changed(
    change: Callable[[str, str, dict[str, Any]], Awaitable[None]],
    registry: str,
    household: str,
    person: str,
    base: Callable[[], Awaitable[int]],
) -> None:
    persons = [{"person": person, "phone": "15400000099"}]
    await change("PATCH", f"{registry}/{household}", {"id": "p1", "base": await base(), "persons": persons})


async def _renamed(city: City, building: str) -> None:
    path = f"/api/v1/registry/buildings/{building}"
    body = {"name": "新楼"}
    async with city.one.http.patch(path, json=body) as answer:
        assert answer.status == 200, await answer.text()


async def test_what_a_phone_asks_for_is_found_by_indexes_alone(city: City) -> None:
    """No statement of a sync walks a table that grows with the city."""
    sweep = await city.open()
    await city.desk.command("order.issue", text="入户提醒防火", targets=[VILLAGE])
    said: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            said.append((statement, values))

    engine = city.edge.database.engine
    sa.event.listen(engine, "before_cursor_execute", hear)
    rows = (await city.one.get(PATH))["rows"]
    visits = [
        {
            "id": f"v{row['row']}",
            "sweep": sweep,
            "row": row["row"],
            "outcome": "met",
            "occurred_at": to_wire(system_clock()),
            "answers": {"origin": "no"},
        }
        for row in rows[:2]
    ]
    await post(city.one, "/api/v1/visits", {"visits": visits})
    outside = {"id": "door", "household": rows[2]["household"], "outcome": "met"}
    await post(
        city.one,
        "/api/v1/visits",
        {"visits": [{**visits[0], **outside, "sweep": None, "row": None, "answers": {}}]},
    )
    own = (await city.one.get(PATH))["said"]
    assert len(own) == 3
    assert len((await city.leader.get(PATH))["team"]) == 3
    sa.event.remove(engine, "before_cursor_execute", hear)
    asked = " ".join(statement for statement, _ in said)
    large = (
        "households",
        "sweep_rows",
        "sweep_standings",
        "household_known",
        "registry_houses",
        "order_targets",
        "household_visits",
        "visit_corrections",
        "tokens",
    )
    assert [name for name in large if name not in asked] == []
    with engine.connect() as connection:
        for statement, values in said:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            steps = [str(step[3]) for step in plan]
            walked = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
            assert walked == [], (statement, steps)
            of_rows = [step for step in steps if "sweep_rows" in step]
            # By its grid, or by number: never all of a sweep.
            assert all("grid=?" in step or "number=?" in step for step in of_rows), (statement, steps)
