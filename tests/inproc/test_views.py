"""Views over a real edge: read in pages, counted, made into files; covered by right; told by counts and by nothing else."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.grids.registry import ChangedBy, HouseholdChange
from hub.sheets.child import rows_of
from hub.store import tables
from hub.store.last_visits_anew import last_visits_anew
from hub.store.migrations import m0049_views
from hub.store.registry_rows import drop_said
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, OTHER_VILLAGE, TOWN, VILLAGE
from tests.support.swept import ELSEWHERE, G1, G2, HOUSEHOLDS, WORDS, City, post
from tests.support.waiting import eventually

READINGS = "/api/v1/views/readings"
#: How last visits were first filled: by what visits said, whatever had been put right.
FIRST_FILLED = m0049_views.STATEMENTS[-1]
ALL = sum(count for _, count in HOUSEHOLDS)
WALK = {"columns": ["village", "grid", "building", "house", "head", "phone", "persons", "last_outcome"]}
PEOPLE = {"source": "persons", "columns": ["name", "number", "age", "phone", "residence", "note"]}


async def get(person: Person, path: str, status: int = 200) -> dict[str, Any]:
    async with person.http.get(path) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == status, found
        return found


async def begin(person: Person, asks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return await post(person, READINGS, {"asks": asks, **more}, 201)


async def rows(person: Person, reading: dict[str, Any], limit: int = 4) -> list[dict[str, Any]]:
    """All of them, page by page."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await get(person, f"{READINGS}/{reading['reading']}/rows?after={after}&limit={limit}")
        found += page["rows"]
        after = page["next"]
    return found


async def done(person: Person, reading: dict[str, Any], what: str) -> dict[str, Any]:
    """The reading, once its sums or its file are ready."""

    async def ready() -> dict[str, Any]:
        told = await get(person, f"{READINGS}/{reading['reading']}")
        assert told[what]["state"] in ("done", "failed"), told[what]
        return told

    return await eventually(ready)


async def sheet(person: Person, reading: dict[str, Any], **asked: Any) -> list[list[Any]]:
    path = f"{READINGS}/{reading['reading']}/file"
    await post(person, path, asked, 202)
    assert (await done(person, reading, "file"))["file"]["state"] == "done"
    async with person.http.get(path) as answer:
        assert answer.status == 200
        content = await answer.read()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    return [cells for _, cells in rows_of(content)["rows"]]


async def there(tmp_path: Path, edge: Edge) -> City:
    city = City(edge)
    await city.begin()
    return city


async def entries(edge: Edge) -> list[dict[str, Any]]:
    query = sa.select(tables.entries.c.kind, tables.entries.c.data).order_by(tables.entries.c.seq)
    found = await edge.database.read(lambda connection: connection.execute(query).all())
    return [{"kind": row.kind, "data": json.loads(row.data)} for row in found]


async def test_a_view_is_read_in_pages_counted_and_covered_by_right(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        city = await there(tmp_path, edge)
        sweep = await city.open()
        await city.visit(
            city.one, sweep, 8, answers={"origin": "outside", "from_where": WORDS, "need": "food"}
        )
        await city.visit(city.one, sweep, 9, "absent")
        await city.visit(city.other, sweep, 1, answers={"origin": "no"})

        reading = await begin(city.desk, {**WALK, "sums": "village"})
        assert (reading["of"], reading["sealed"], reading["may_full"]) == (ALL, False, False)
        assert {line["key"]: line["rows"] for line in reading["sums"]["lines"]} == {
            VILLAGE: 11,
            OTHER_VILLAGE: 7,
        }
        found = await rows(city.desk, reading)
        assert len({each["household"] for each in found}) == len(found) == ALL
        assert all(each["masked"] and "•" in each["cells"][4] for each in found)
        assert Counter(each["cells"][7] for each in found) == {"none": 15, "met": 2, "absent": 1}
        assert found[0]["cells"][:2] == ["长岭社区", "长岭一组"]

        away = {"filters": {"answers": [{"key": "origin", "values": ["outside"]}]}, "sums": "answer.need"}
        columns = ["head", "answer.origin", "answer.from_where", "answer.need"]
        reading = await begin(city.desk, {**away, "columns": columns})
        assert reading["sealed"]
        [row] = await rows(city.desk, reading)
        # what was chosen is told, what was written is covered
        assert row["cells"][1:] == [["outside"], ["•••"], ["food"]]
        sums = (await done(city.desk, reading, "sums"))["sums"]
        assert (sums["rows"], sums["scanned"], reading["of"]) == (1, 1, 1), "found by its mark"
        assert [(line["key"], line["name"]) for line in sums["lines"]] == [("food", "买菜送餐")]

        unseen = await begin(city.desk, {**WALK, "filters": {"not_visited_days": 3}, "order": "longest"})
        assert unseen["of"] == ALL - 3
        most = await begin(city.desk, {"columns": ["persons"], "order": "most"})
        counts = [each["cells"][0] for each in await rows(city.desk, most)]
        assert (len(counts), counts) == (ALL, sorted(counts, reverse=True))
        visits = await begin(
            city.desk,
            {
                "source": "visits",
                "columns": ["outcome", "flags", "head", "sweep"],
                "order": "newest",
                "sums": "outcome",
            },
        )
        assert [each["cells"][0] for each in await rows(city.desk, visits)] == ["met", "absent", "met"]
        assert {line["key"]: line["rows"] for line in visits["sums"]["lines"]} == {"met": 2, "absent": 1}
        flagged = await begin(city.desk, {**WALK, "filters": {"flags": ["origin", "need"]}})
        assert flagged["of"] == 1

        # each sees his own area; who has no right to it nothing
        assert (await begin(city.village, WALK))["of"] == 11
        await post(city.village, READINGS, {"asks": WALK, "center": OTHER_VILLAGE}, 404)
        for who in (
            city.one,
            city.leader,
            await edge.person("station", VILLAGE),
            await edge.person("clerk", CITY),
        ):
            await post(who, READINGS, {"asks": WALK}, 404)
        await get(city.village, f"{READINGS}/{reading['reading']}/rows", 404)
        await post(city.desk, READINGS, {"asks": WALK, "full": True}, 403)
        await post(city.desk, READINGS, {"asks": WALK, "ready": "alone"}, 400)
        assert (await post(city.desk, READINGS, {"ready": "alone"}, 201))["of"] > 0


async def test_a_rare_answer_is_found_by_its_mark_and_no_mark_tells_what_it_was(
    tmp_path: Path, database_url: str
) -> None:
    async with running_edge(tmp_path, database_url=database_url) as edge:
        city = await there(tmp_path, edge)
        sweep, store = await city.open(), edge.services.sweeps
        wanted = {"answers": [{"key": "origin", "values": ["outside", "abroad"]}]}
        asked = {**WALK, "filters": wanted}
        own = {**WALK, "filters": {"answers": [{"key": "origin", "values": ["outside", "no"]}]}}
        marks, known = tables.answer_marks, tables.household_known

        async def all_marks() -> list[Any]:
            query = sa.select(marks).order_by(marks.c.household, marks.c.mark)
            return list(await edge.database.read(lambda connection: connection.execute(query).all()))

        await city.visit(city.one, sweep, 8, answers={"origin": "outside"})
        await city.visit(city.two, sweep, 9, answers={"origin": "outside", "need": "food"})
        await city.visit(city.other, sweep, 1, answers={"origin": "no"})
        assert [(await begin(city.desk, each))["of"] for each in (asked, own)] == [2, 3]
        first, *_ = before = await all_marks()
        # two households, three answers, no mark twice: whoever has no key cannot say that two said the same
        assert len({row.mark for row in before}) == len(before) == 3
        assert not any(word in row.mark for row in before for word in ("origin", "outside", "food"))

        # what an earlier hub left is looked at all the same, and marked when the hub starts
        def forget(connection: sa.Connection) -> None:
            connection.execute(marks.delete())
            connection.execute(known.update().values(marked=0))

        await edge.database.write(forget)
        reading = await begin(city.desk, asked)
        assert (reading["of"], len(await rows(city.desk, reading))) == (3, 2)
        assert [await store.mark_known(), await store.mark_known()] == [3, 0]
        assert await all_marks() == before
        assert (await begin(city.desk, asked))["of"] == 2

        # another answer: the old mark is gone; a household that goes takes its marks with it
        await city.visit(city.one, sweep, 8, answers={"origin": "no"})
        assert (await begin(city.desk, asked))["of"] == 1
        await edge.database.write(lambda connection: drop_said(connection, [first.household]))
        assert first.household not in {row.household for row in await all_marks()}


async def test_whom_one_sees_uncovered_and_what_one_takes_is_an_entry_and_nothing_of_it_stands_elsewhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running_edge(tmp_path) as edge:
        city = await there(tmp_path, edge)
        sweep = await city.open()
        await city.visit(city.one, sweep, 8, answers={"origin": "outside", "from_where": WORDS})
        planted = await edge.services.registry.in_grids([G1])
        names = {each.name for household in planted for each in household.persons}
        numbers = {each.number for household in planted for each in household.persons}

        reading = await begin(city.village, {**PEOPLE, "filters": {"grids": [G1]}}, full=True)
        found = await rows(city.village, reading)
        assert {each["cells"][0] for each in found} == names
        assert {each["cells"][1] for each in found} == numbers
        looked = [each for each in await entries(edge) if each["kind"] == "registry.looked"]
        assert {id for each in looked for id in each["data"]["ids"]} == {each.household for each in planted}

        taken = await sheet(city.village, reading)
        assert taken[0][:3] == ["姓名", "证件号码", "年龄"]
        assert {row[0] for row in taken[1:]} == names
        [told] = [each for each in await entries(edge) if each["kind"] == "registry.exported"]
        data = {
            name: told["data"][name]
            for name in ("center", "grids", "households", "persons", "masked", "rows")
        }
        people = len(found)
        assert data == {
            "center": VILLAGE,
            "grids": [G1],
            "households": len(planted),
            "persons": people,
            "masked": False,
            "rows": people,
        }
        # what has to be opened is counted, by nothing too
        whole = await begin(city.village, {**PEOPLE, "filters": {"grids": [G1], "age_from": 0}})
        sums = (await done(city.village, whole, "sums"))["sums"]
        assert (sums["state"], sums["rows"], sums["lines"]) == ("done", people, [])
        # covered, and summed up, it needs no more than reading
        covered = await begin(city.desk, {**PEOPLE, "sums": "village"})
        assert not names & {row[0] for row in (await sheet(city.desk, covered))[1:]}
        await done(city.desk, covered, "sums")
        summed = await sheet(city.desk, covered, what="sums", lang="en")
        assert summed[0] == ["village", "rows", "persons"]
        assert summed[-1][0] == "total"
        written = json.dumps(await entries(edge), ensure_ascii=False)
        for secret in (*names, *numbers, WORDS):
            assert secret not in written
            assert secret not in caplog.text


async def test_a_file_can_be_called_off_its_cells_are_no_formulas_and_it_goes_with_its_reading(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        city = await there(tmp_path, edge)
        registry = edge.services.registry
        [first, *_] = await registry.in_grids([G1])
        formula = "=HYPERLINK(1)"
        now = first.model_copy(
            update={
                "persons": [each.model_copy(update={"note": formula}) for each in first.persons],
                "seq": 10**6,
            }
        )
        change = HouseholdChange(now, registry.key.seal(now)[0], "changed", first)
        by = ChangedBy(city.leader.account.id, "某", edge.services.clock(), "c1")
        await registry.put([change], 10**6, by)
        reading = await begin(city.village, {**PEOPLE, "filters": {"grids": [G1]}}, full=True)
        taken = await sheet(city.village, reading)
        assert formula in {row[5] for row in taken}
        path = f"{READINGS}/{reading['reading']}"
        async with city.village.http.delete(f"{path}/file") as answer:
            assert answer.status == 204
        async with city.village.http.get(f"{path}/file") as answer:
            assert answer.status == 409
        async with city.village.http.delete(path) as answer:
            assert answer.status == 204
        await get(city.village, path, 404)


async def test_a_household_that_moves_while_one_reads_comes_once_or_not_at_all_once_it_is_away(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        city = await there(tmp_path, edge)
        registry = edge.services.registry
        reading = await begin(city.desk, WALK)
        first = await get(city.desk, f"{READINGS}/{reading['reading']}/rows?limit=3")
        seen = [each["household"] for each in first["rows"]]

        async def move(household: str, grid: str, seq: int) -> None:
            was = await registry.get(household)
            assert was is not None
            now = was.model_copy(update={"grid": grid, "seq": seq})
            change = HouseholdChange(now, registry.key.seal(now)[0], "moved", was)
            await registry.put([change], seq, ChangedBy("a_x", "某", edge.services.clock(), f"c{seq}"))

        # from the first grid, which was read, to the last one, which was not: it does not come again
        await move(seen[0], ELSEWHERE, 10**6)
        after, rest = first["next"], list[str]()
        while after is not None:
            page = await get(city.desk, f"{READINGS}/{reading['reading']}/rows?after={after}&limit=3")
            rest += [each["household"] for each in page["rows"]]
            after = page["next"]
        assert Counter(seen + rest) == dict.fromkeys({*seen, *rest}, 1)
        assert len(seen + rest) == ALL
        # out of what one looks at: another village's
        reading = await begin(city.village, WALK)
        *_, last = await registry.in_grids([G2])
        await move(last.household, ELSEWHERE, 10**6 + 1)
        assert last.household not in {each["household"] for each in await rows(city.village, reading)}


async def test_the_last_visit_is_the_newest_that_holds_and_goes_with_its_household(
    tmp_path: Path, database_url: str
) -> None:
    async with running_edge(tmp_path, database_url=database_url) as edge:
        city = await there(tmp_path, edge)
        sweep = await city.open()

        async def last(number: int) -> Any:
            table, rows_of = tables.last_visits, tables.sweep_rows.c
            household = sa.select(rows_of.household).where(rows_of.sweep == sweep, rows_of.number == number)
            query = sa.select(table).where(table.c.household.in_(household))
            return await edge.database.read(lambda connection: connection.execute(query).first())

        await city.visit(city.one, sweep, 8, "absent")
        assert (await last(8)).outcome == "absent"
        await city.visit(
            city.two, sweep, 8, "met", base=0
        )  # knew of none: the first holds until it is settled
        assert (await last(8)).outcome == "absent"
        seqs = [each["seq"] for each in (await get(city.leader, f"/api/v1/sweeps/{sweep}/rows/8"))["visits"]]
        await city.leader.command("visit.settle", sweep=sweep, row=8, holds=max(seqs))
        row = await last(8)
        assert (row.outcome, row.center) == ("met", VILLAGE)
        await city.visit(city.one, sweep, 9, "absent")
        base = (await last(9)).seq
        await city.one.command(
            "visit.correct", sweep=sweep, row=9, base=base, outcome="phone", seen=1, reason="打错"
        )
        assert (await last(9)).outcome == "phone"
        await city.visit(city.one, sweep, 10, "absent")
        data = {"sweep": sweep, "row": 10, "base": (await last(10)).seq}
        await city.one.command("visit.correct", **data, outcome="gone", seen=0, reason="打错")
        await city.visit(city.one, sweep, 10, "met", base=edge.writer.state.last_seq)
        # nobody lives there any more: it is counted nowhere
        household = await edge.services.registry.get((await last(9)).household)
        assert household is not None
        gone = household.model_copy(update={"state": "left", "seq": 10**6})
        change = HouseholdChange(gone, edge.services.registry.key.seal(gone)[0], "left", household)
        await edge.services.registry.put([change], 10**6, ChangedBy("a_x", "某", edge.services.clock(), "c9"))
        assert (await last(9)).center == ""
        # a database of before last visits were kept is brought to the same
        everything = sa.select(tables.last_visits).order_by(tables.last_visits.c.household)

        def brought(connection: sa.Connection) -> tuple[list[Any], list[Any], list[Any]]:
            live = list(connection.execute(everything).all())
            last_visits_anew(connection)
            again = list(connection.execute(everything).all())
            connection.execute(tables.last_visits.delete())
            connection.exec_driver_sql(FIRST_FILLED)
            last_visits_anew(connection)
            return live, again, list(connection.execute(everything).all())

        live, again, filled = await edge.database.write(brought)
        assert again == live
        assert filled == live
        assert {row.outcome for row in live} == {"met", "phone"}


async def test_figures_go_from_the_city_down_to_each_grid(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        city = await there(tmp_path, edge)
        sweep = await city.open()
        for number in (8, 9, 14):
            await city.visit(city.two, sweep, number, answers={"need": "food"} if number == 14 else {})
        await city.visit(city.other, sweep, 1, "absent")
        top = await get(city.desk, "/api/v1/grid-statistics")
        assert top["today"] == top["last"], "a week ends today, as the hub has it"
        assert (top["total"]["households"], top["total"]["visited_today"], top["total"]["need"]) == (
            ALL,
            4,
            1,
        )
        assert top["total"]["fresh"] == round(400 / ALL)
        [county] = [line for line in top["lines"] if line["households"]]
        assert county["below"]
        town = await get(city.desk, f"/api/v1/grid-statistics?parent={TOWN}")
        assert {line["key"]: (line["met"], line["absent"]) for line in town["lines"] if line["visits"]} == {
            VILLAGE: (3, 0),
            OTHER_VILLAGE: (0, 1),
        }
        assert [(day["visits"], day["met"]) for day in town["days"]] == [(4, 3)]
        village = await get(city.village, "/api/v1/grid-statistics")
        assert [(line["key"], line["visited_week"], line["need"]) for line in village["lines"]] == [
            (G1, 2, 0),
            (G2, 1, 1),
        ]
        await get(city.village, f"/api/v1/grid-statistics?parent={CITY}", 404)
        await get(city.desk, "/api/v1/grid-statistics?first=2026-01-01&last=2026-11-30", 400)
        async with city.desk.http.get("/api/v1/grid-statistics/file?format=csv&lang=en") as answer:
            text = (await answer.read()).decode("utf-8-sig")
        assert text.splitlines()[-1].startswith(f"{CITY},total,{ALL},")


async def test_views_that_are_kept_are_read_by_who_they_are_shared_with(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        city = await there(tmp_path, edge)
        await city.desk.command("view.save", name="全市独居", share="below", asks=WALK)
        [kept] = (await get(city.village, "/api/v1/views"))["views"]
        assert (kept["name"], kept["center"], kept["asks"]["columns"]) == ("全市独居", CITY, WALK["columns"])
        reading = await post(city.village, READINGS, {"view": kept["id"]}, 201)
        assert (reading["center"], reading["of"]) == (VILLAGE, 11)
        await city.desk.command("view.save", view=kept["id"], name="全市独居", asks=WALK)
        await post(city.village, READINGS, {"view": kept["id"]}, 404)
        assert (await get(city.one, "/api/v1/views"))["views"] == []
        # so many at once, the oldest goes first
        made = [await begin(city.desk, WALK) for _ in range(5)]
        await get(city.desk, f"{READINGS}/{made[0]['reading']}", 404)
        await asyncio.gather(*(get(city.desk, f"{READINGS}/{each['reading']}") for each in made[1:]))
