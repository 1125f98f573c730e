"""A list of people from the file to its end: brought, split, cleared, counted, gone; and nobody is told of who must not be."""

from __future__ import annotations

import io
import json
import logging
import random
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import to_wire
from hub.directory.accounts import ADMINISTRATORS, ROLES, SYSTEM_ACCOUNT
from hub.dispatch.clearings import OUTCOMES, clearing_of
from hub.entry import Entry
from hub.journal.verify import verify
from hub.sheets.sealing import packed
from hub.store import tables
from hub.store.clearing_store import ClearingStore
from hub.store.database import open_database
from hub.store.offline import offline_journal
from hub.store.queries import Queries
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command, running_writer
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    account,
)
from tests.support.waiting import eventually

ALL = "/api/v1/clearings"
ROLES_OF_COLUMNS = ["id", "personal", "personal", "center", "shown"]
HEAD = "身份证号,姓名,电话,所属村,来源\r\n"
#: Made up, and found nowhere else: what must stand nowhere in the open.
PEOPLE = [
    ("430682199001010001", "标记甲𠮷", "13900000001"),
    ("430682199001010002", "标记乙䶮", "13900000002"),
    ("430682199001010003", "标记丙👩‍👩‍👧", "13900000003"),
    ("430682199001010001", "标记丁=1+1", "13900000004"),
]
WORDS = "标记戊说家中无人"
MARKED = [cell for person in PEOPLE for cell in person] + [WORDS]
PLACES = ["坦渡镇坦渡村", OTHER_VILLAGE, "坦渡村", "荣家湾镇"]


def file_of(*more: str, encoding: str = "utf-8") -> bytes:
    lines = [",".join((*person, place, "铁路")) for person, place in zip(PEOPLE, PLACES, strict=True)]
    return (HEAD + "\r\n".join([*lines, *more])).encode(encoding)


async def post(person: Person, path: str, body: bytes | dict[str, Any], status: int = 200) -> dict[str, Any]:
    more: dict[str, Any] = {"json": body} if isinstance(body, dict) else {"data": body}
    async with person.http.post(path, **more) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == status, found
        return found


async def bring(person: Person, content: bytes | None = None, **more: Any) -> str:
    """The list that a file becomes."""
    draft = (await post(person, f"{ALL}/drafts", content or file_of(encoding="gb18030"), 201))["draft"]
    asked = {"columns": ROLES_OF_COLUMNS, "title": "铁路比对", **more}
    await post(person, f"{ALL}/drafts/{draft}/load", asked, 202)

    async def loaded() -> Any:
        now = await person.get(f"{ALL}/drafts/{draft}")
        assert now["state"] != "failed", now
        return now["clearing"]

    return str(await eventually(loaded, 30, "the list is not loaded"))


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def given_out(edge: Edge) -> tuple[Person, str]:
    desk = await edge.person("dispatcher", CITY)
    clearing = await bring(desk)
    await desk.command("clearing.issue", clearing=clearing, note="今日清零")
    return desk, clearing


async def results(person: Person, clearing: str, *rows: dict[str, Any], id: str, status: int = 200) -> Any:
    return await post(person, f"{ALL}/{clearing}/results", {"id": id, "results": list(rows)}, status)


async def text_of(person: Person, path: str) -> str:
    """What a path answers; of a book all parts, unpacked."""
    async with person.http.get(path) as answer:
        content = await answer.read()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(each) for each in book.namelist())
    return content.decode("utf-8", "replace")


def written(folder: Path) -> bytes:
    """Every byte that the hub has put down."""
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


async def test_rows_that_are_not_sure_are_shown_and_nothing_is_loaded_before_somebody_decides(
    edge: Edge,
) -> None:
    desk = await edge.person("dispatcher", CITY)
    draft = await post(desk, f"{ALL}/drafts", file_of("1,甲,2,坦渡村三组,x", "1,2,3,4,5,6"), 201)
    assert (draft["rows"], draft["encoding"], draft["wrong_rows"]) == (5, "utf-8", 1)
    assert [each["guess"] for each in draft["columns"]] == [
        "id",
        "personal",
        "personal",
        "center",
        "personal",
    ]
    path = f"{ALL}/drafts/{draft['draft']}"
    asked: dict[str, Any] = {"columns": ROLES_OF_COLUMNS}
    told = await post(desk, f"{path}/match", asked)
    assert (told["matched"], told["centers"], told["unsure_rows"], told["repeated"]) == (4, 3, 1, 2)
    assert told["unsure"][0]["text"] == "坦渡村三组"
    assert VILLAGE in [each["center"] for each in told["unsure"][0]["centers"]]
    await post(desk, f"{path}/load", {**asked, "title": "铁路比对"}, 202)

    async def failed() -> Any:
        return (await desk.get(path))["why"]

    assert await eventually(failed, 30, "it did not fail") == "unsure"
    mends = [{"text": "坦渡村三组", "center": VILLAGE}]
    assert (await post(desk, f"{path}/match", {**asked, "mends": mends}))["unsure_rows"] == 0
    for wrong in ({"columns": ["center"]}, {"columns": ["id"] * 5}, {"columns": ["out"] * 5}):
        await post(desk, f"{path}/match", wrong, 400)
    elsewhere = await edge.person("dispatcher", COUNTY)
    async with elsewhere.http.get(path) as answer:
        assert answer.status == 404
    assert (await desk.get(ALL))["clearings"] == []
    for role in set(ROLES) - {"leader", "dispatcher"}:
        await post(await edge.person(role, CITY, number=3), f"{ALL}/drafts", file_of(), 403)


async def test_a_list_is_cleared_row_by_row_and_its_board_is_a_recount_at_any_moment(edge: Edge) -> None:
    desk, clearing = await given_out(edge)
    village = await edge.person("station", VILLAGE)
    neighbour = await edge.person("station", OTHER_VILLAGE)
    heard = await edge.listen(village)
    assert [each["id"] for each in (await village.get(f"{ALL}/own"))["clearings"]] == [clearing]
    masked = await village.get(f"{ALL}/{clearing}/rows")
    assert all(row["masked"] for row in masked["rows"])
    await village.command("clearing.take", clearing=clearing)
    await heard.until("changed", what="clearing", id=clearing)
    found = await village.get(f"{ALL}/{clearing}/rows")
    assert [each["name"] for each in found["columns"]] == ["身份证号", "姓名", "电话", "来源"]
    first, third = found["rows"]
    assert (first["values"], third["source"]) == ([*PEOPLE[0], "铁路"], 4)
    assert [(each["center"], each["number"]) for each in first["same"]] == [(OTHER_TOWN, 1)]

    abnormal = {"row": first["number"], "outcome": "abnormal", "trouble": "unreached", "text": WORDS}
    moved = {"row": third["number"], "outcome": "moved", "to": OTHER_VILLAGE}
    once = await results(village, clearing, abnormal, moved, id="one")
    assert await results(village, clearing, abnormal, moved, id="one") == once
    await results(village, clearing, {"row": third["number"], "outcome": "normal"}, id="late", status=404)
    (row,) = (await village.get(f"{ALL}/{clearing}/rows", state="abnormal"))["rows"]
    assert (row["text"], row["trouble"]) == (WORDS, "unreached")
    await neighbour.command("clearing.take", clearing=clearing)
    came = await neighbour.get(f"{ALL}/{clearing}/rows", state="left")
    assert sorted(each["values"][1] for each in came["rows"]) == sorted([PEOPLE[1][1], PEOPLE[2][1]])
    await results(neighbour, clearing, {"row": third["number"], "outcome": "normal"}, id="two")

    state = clearing_of(edge.writer.state, clearing)
    assert state is not None
    recount = Counter((state.holder(row), state.outcome(row)) for row in range(1, state.rows + 1))
    for level, within in (("village", CITY), ("village", COUNTY), ("county", CITY)):
        board = await desk.get(f"{ALL}/{clearing}/board", level=level, within=within)
        for line in board["rows"]:
            below = {each.code for each in edge.services.tree.subtree(line["center"])}
            for outcome in ("normal", "abnormal", "absent", "moved"):
                counted = sum(
                    count for (code, came), count in recount.items() if code in below and came == outcome
                )
                assert line["counts"][outcome] == counted
            assert line["counts"]["total"] == sum(
                count for (code, _), count in recount.items() if code in below
            )
    board = await desk.get(f"{ALL}/{clearing}/board", level="village")
    assert next(line["center"] for line in board["rows"]) == OTHER_TOWN, (
        "the largest share that is left comes first"
    )
    assert board["clearing"]["counts"] == {
        "total": 4,
        "normal": 1,
        "abnormal": 1,
        "absent": 0,
        "moved": 0,
        "passed": 1,
    }
    county = await (await edge.person("dispatcher", COUNTY)).get(f"{ALL}/{clearing}/board", level="village")
    assert {line["center"] for line in county["rows"]} == {VILLAGE, OTHER_VILLAGE}
    assert county["clearing"]["counts"]["total"] == 3
    async with desk.http.get(f"{ALL}/{clearing}/board/file", params={"level": "village"}) as answer:
        text = (await answer.read()).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("编码,中心")
    assert len(text.splitlines()) == 4
    places = await village.get(f"{ALL}/{clearing}/places", q="长岭")
    assert [each["center"] for each in places["centers"]] == [OTHER_VILLAGE]


async def test_nobody_but_the_center_itself_reads_who_it_is_unless_an_entry_tells_of_it(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk, clearing = await given_out(edge)
    village = await edge.person("station", VILLAGE)
    listening = [
        await edge.listen(each)
        for each in (desk, await edge.person("leader", OTHER_VILLAGE), await edge.person("leader", COUNTY))
    ]
    await village.command("clearing.take", clearing=clearing)
    told = {"row": 3, "outcome": "abnormal", "trouble": "other", "text": WORDS}
    await results(village, clearing, told, id="one")
    await listening[0].until("changed", what="clearing", id=clearing)
    again = await bring(desk, title="民航比对")
    await desk.command("clearing.issue", clearing=again)

    async def seen(person: Person) -> str:
        paths = [
            ALL,
            f"{ALL}/own",
            "/api/v1/audit",
            "/api/v1/audit/export",
            "/api/v1/meetings?q=标记",
            "/api/v1/meetings?q=13900000001",
            "/api/v1/reports",
            "/api/v1/orders",
        ]
        for center in (VILLAGE, OTHER_VILLAGE, OTHER_TOWN, TOWN):
            paths.append(f"{ALL}/{clearing}/rows?center={center}")
        for path in ("", "/board?level=village", "/board/file", "/board/file?format=xlsx", "/places?q=村"):
            paths.append(f"{ALL}/{clearing}{path}")
        return "\n".join([await text_of(person, path) for path in paths])

    for role in ROLES:
        places = (
            (CITY, COUNTY) if role in ADMINISTRATORS else (CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE)
        )
        for center in places:
            if (role, center) not in {("dispatcher", CITY), ("station", VILLAGE)}:
                body = await seen(await edge.person(role, center, number=5))
                assert [mark for mark in MARKED if mark in body] == [], f"{role} {center}"
    assert "标•••" in await seen(desk)
    assert [mark for mark in MARKED if mark in await seen(desk)] == []
    (other,) = {
        each["elsewhere"] for each in (await village.get(f"{ALL}/{clearing}/rows"))["rows"] if each["same"]
    }
    assert other == 2, "rows of the other list about the same person"

    told_of: list[Entry] = []
    edge.writer.subscribe(told_of.extend)
    row = (await post(desk, f"{ALL}/{clearing}/rows/3/unmask", b""))["row"]
    assert (row["values"], row["text"]) == ([*PEOPLE[0], "铁路"], WORDS)
    (entry,) = told_of
    assert (entry.kind, entry.actor.account, entry.data["row"]) == ("clearing.unmasked", desk.account.id, 3)
    await post(await edge.person("clerk", CITY), f"{ALL}/{clearing}/rows/3/unmask", b"", 403)
    await post(await edge.person("leader", OTHER_COUNTY), f"{ALL}/{clearing}/rows/3/unmask", b"", 404)
    await post(desk, f"{ALL}/{clearing}/rows/9/unmask", b"", 404)

    heard = json.dumps([each.heard for each in listening], ensure_ascii=False)
    assert clearing in heard
    assert [mark for mark in MARKED if mark in heard] == []
    assert [mark for mark in MARKED if mark in caplog.text] == []
    on_disk = written(edge.folder)
    assert "铁路比对".encode() in on_disk
    # An index of words keeps them in pieces of three characters.
    pieces = {mark[at : at + 3] for mark in MARKED for at in range(len(mark) - 2) if not mark.isdigit()}
    assert [mark for mark in (*MARKED, *pieces) if mark.encode() in on_disk] == []


async def test_rows_are_gone_after_their_time_with_key_and_words_and_the_chain_still_verifies(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        desk, clearing = await given_out(edge)
        village = await edge.person("station", VILLAGE)
        told = {"row": 3, "outcome": "abnormal", "trouble": "ill", "text": WORDS}
        await results(village, clearing, told, id="one")
        there = [tables.clearing_keys, tables.clearing_rows, tables.clearing_words, tables.clearing_results]
        kept = await edge.services.lists.rows.rows(clearing, [1, 2, 3, 4])
        sealed = (await edge.services.lists.rows.key(clearing) or ("", []))[0]
        key = edge.services.lists.key.open(clearing, sealed)
        plain = [(each.number, key.open_row(each.number, each.sealed)) for each in kept]
        loaded = (await desk.get(f"{ALL}/{clearing}"))["commitment"]
        assert key.commit(plain) == loaded
        assert key.commit([*plain[:3], (4, packed(9, ["x"]))]) != loaded

        early = await edge.writer.submit(command("clearing.expire"), SYSTEM_ACCOUNT)
        assert early.entries == ()
        counts = (await desk.get(f"{ALL}/{clearing}"))["counts"]
        await desk.command("clearing.delete", clearing=clearing, reason="已全部核实")

        def left(connection: sa.Connection) -> list[int]:
            return [
                connection.execute(sa.select(sa.func.count()).select_from(each)).scalar_one()
                for each in there
            ]

        assert await edge.database.read(left) == [0, 0, 0, 0]
        head = await desk.get(f"{ALL}/{clearing}")
        assert (head["state"], head["deleted_why"], head["counts"]) == ("deleted", "by_hand", counts)
        assert (head["deleted_reason"], head["deleted_by"]["account"]) == ("已全部核实", desk.account.id)
        for path in ("rows", "places"):
            async with village.http.get(f"{ALL}/{clearing}/{path}") as answer:
                assert answer.status == 404
        await results(village, clearing, told, id="two", status=404)
        board = await desk.get(f"{ALL}/{clearing}/board", level="county")
        assert sum(line["counts"]["total"] for line in board["rows"]) == 4
        # What came of a list while a hub died is forgotten at the next start.
        await edge.services.lists.rows.begin("li_000000000000000009", "x", [], edge.services.clock())
    async with running_edge(tmp_path) as edge:
        assert await edge.services.lists.rows.unknown() == []
    database = open_database(f"sqlite:///{tmp_path}/hub.db")
    try:
        with offline_journal(database) as journal:
            findings = verify(journal, tmp_path, tmp_path / "recordings").findings
            # The accounts of this test are put in past the journal.
            assert [each for each in findings if not each.text.startswith("accounts ")] == []
    finally:
        database.close_now()
    assert sealed.encode() not in written(tmp_path), "the key is overwritten where it stood"


async def test_the_clock_takes_rows_away_and_a_restart_knows_what_is_left(database_url: str) -> None:
    url, now = database_url, [datetime(2026, 11, 29, 8, tzinfo=UTC)]
    clearing, desk, villager = (
        "li_000000000000000001",
        account("dispatcher", CITY),
        account("station", VILLAGE),
    )
    facts: dict[str, Any] = {
        "clearing": clearing,
        "title": "铁路比对",
        "account": desk.id,
        "name": "某",
        "center": CITY,
    }
    facts |= {"counts": {VILLAGE: 2}, "left_out": 0, "repeated": 0, "commitment": "0" * 64}
    async with running_writer(url, clock=lambda: now[0]) as (writer, database):
        rows = ClearingStore(database)
        await rows.begin(clearing, "sealed", [{"name": "姓名", "role": "personal"}], now[0])
        await rows.add(clearing, [(1, "a", None), (2, "b", None)])
        until = to_wire(now[0] + timedelta(days=1))
        await writer.submit(command("clearing.load", delete_at=until, **facts), SYSTEM_ACCOUNT)
        await writer.submit(command("clearing.issue", clearing=clearing), desk)
        moved = [{"row": 2, "outcome": "moved", "to": TOWN}]
        await writer.submit(command("clearing.report", clearing=clearing, results=moved), villager)
        state = writer.state.parts
    now[0] += timedelta(hours=23)
    async with running_writer(url, clock=lambda: now[0]) as (writer, database):
        assert writer.state.parts == state
        found = clearing_of(writer.state, clearing)
        assert found is not None
        assert found.holder(2) == TOWN
        assert (await writer.submit(command("clearing.expire"), SYSTEM_ACCOUNT)).entries == ()
        now[0] += timedelta(hours=1)
        (gone,) = (await writer.submit(command("clearing.expire"), SYSTEM_ACCOUNT)).entries
        assert (gone.data["why"], gone.data["by"], gone.data["left"]) == ("time", None, 2)
        assert await ClearingStore(database).rows(clearing, [1, 2]) == []
        assert await ClearingStore(database).key(clearing) is None
    async with running_writer(url, clock=lambda: now[0]) as (writer, database):
        assert clearing_of(writer.state, clearing) is None


async def test_the_boards_sums_are_a_recount_whatever_is_reported_in_whatever_order(
    database_url: str,
) -> None:
    clearing, desk, chance = "li_000000000000000002", account("dispatcher", CITY), random.Random(11)
    counts = {VILLAGE: 9, OTHER_VILLAGE: 7, TOWN: 3, OTHER_TOWN: 4}
    facts: dict[str, Any] = {
        "clearing": clearing,
        "title": "比对",
        "account": desk.id,
        "name": "某",
        "center": CITY,
    }
    facts |= {"counts": counts, "left_out": 0, "repeated": 0, "commitment": "0" * 64}
    async with running_writer(database_url) as (writer, database):
        until = to_wire(datetime.now(UTC) + timedelta(days=1))
        await writer.submit(command("clearing.load", delete_at=until, **facts), SYSTEM_ACCOUNT)
        await writer.submit(command("clearing.issue", clearing=clearing), desk)
        for _ in range(80):
            found = clearing_of(writer.state, clearing)
            assert found is not None
            center = chance.choice([code for code in counts if any(found.rows_of(code))])
            rows = list(found.rows_of(center))
            results = []
            for row in chance.sample(rows, min(len(rows), 3)):
                outcome = chance.choice(OUTCOMES)
                to = chance.choice([None, *(code for code in counts if code != center)])
                trouble = "other" if outcome == "abnormal" else None
                results.append(
                    {
                        "row": row,
                        "outcome": outcome,
                        "trouble": trouble,
                        "to": to if outcome == "moved" else None,
                    }
                )
            told = command("clearing.report", clearing=clearing, results=results)
            await writer.submit(told, account("station", center))
        assert found is not None
        recount = Counter((found.holder(row), found.outcome(row)) for row in range(1, found.rows + 1))
        lines = await Queries(database).clearing_board(desk, TREE, clearing)
        assert {line["center"] for line in lines} == set(counts)
        for line in lines:
            assert {name: line[name] for name in OUTCOMES} == {
                name: recount[line["center"], name] for name in OUTCOMES
            }
            assert line["total"] == sum(
                count for (code, _), count in recount.items() if code == line["center"]
            )
