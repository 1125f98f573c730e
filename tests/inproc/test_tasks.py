"""Routine tasks at the edge: boards, numbers and files by the rights of who reads, on either database, and who is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hub.clock import system_clock, to_wire
from hub.directory.permissions import may
from hub.dispatch.task_state import tasks_of
from hub.errors import Refusal
from hub.sheets.reading import SheetReader
from signaling.schemas import answers, task_values
from tests.support.clockwork import killed_in_time, running_clockwork
from tests.support.edge import Edge, Listener, Person, running_edge
from tests.support.journal import command, running_writer
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TREE,
    VILLAGE,
    account,
)
from tests.support.waiting import eventually

AHEAD_S = 100


def later() -> datetime:
    return system_clock() + timedelta(seconds=AHEAD_S)


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Edge]:
    """On either database: for what SQL reads."""
    async with running_edge(tmp_path, database_url=database_url) as made:
        yield made


async def give(who: Person, *centers: str, **more: Any) -> str:
    due = to_wire(system_clock() + timedelta(hours=1))
    answer = await who.command(
        "task.give", **{"title": "每日平安", "due": due, "centers": list(centers), **more}
    )
    return str(answer["entries"][0]["data"]["task"])


async def answer(who: Person, task: str, **more: Any) -> None:
    await who.command("task.answer", **{"task": task, "round": 1, "situation": "normal", **more})


async def listed(who: Person, **query: str) -> list[dict[str, Any]]:
    page = await who.get("/api/v1/tasks", **query)
    answers.Tasks.model_validate(page)
    return list(page["tasks"])


def rows_of(listener: Listener, task: str) -> list[dict[str, Any]]:
    """What a listener was told of single answers."""
    return [each["reported"] for each in listener.of("changed", id=task) if each.get("reported")]


async def test_what_a_task_said_before_it_was_changed_is_read_by_all_who_are_asked(either: Edge) -> None:
    city, village = await either.person("leader", CITY), await either.person("station", VILLAGE)
    task = await give(city, VILLAGE, text="报水位")
    (before,) = await listed(village)
    due = to_wire(system_clock() + timedelta(hours=3))
    await city.command("task.change", task=task, text="报水位和雨量", due=due, reason="雨势加大")
    (now,) = await listed(village)
    assert (now["text"], now["round"]["due"], now["until"]) == ("报水位和雨量", due, None)
    (said,) = now["versions"]
    assert (said["text"], said["due"], said["reason"]) == ("报水位", before["round"]["due"], "雨势加大")
    daily = await give(city, VILLAGE, due=None, repeats="daily", time="18:00")
    until = to_wire(system_clock() + timedelta(days=3))
    await city.command("task.change", task=daily, text="", time="17:30", until=until, reason="汛期结束")
    (one, _) = await listed(village)
    assert (one["time"], one["until"], one["versions"][0]["time"]) == ("17:30", until, "18:00")


async def test_each_reads_his_side_of_the_board_and_its_numbers_are_a_recount(either: Edge) -> None:
    edge = either
    written: list[dict[str, Any]] = []
    edge.writer.subscribe(
        lambda entries: written.extend(dict(each.data) for each in entries if each.kind == "task.answered")
    )
    city, county = await edge.person("leader", CITY), await edge.person("dispatcher", COUNTY)
    village = await edge.person("station", VILLAGE)
    whole = await give(city, VILLAGE, OTHER_VILLAGE, OTHER_TOWN)
    below = await give(county, VILLAGE, OTHER_VILLAGE)
    await answer(village, whole)
    await answer(
        await edge.person("station", OTHER_TOWN), whole, situation="abnormal", text="管涌", persons=4
    )
    await answer(village, below)
    given = {whole: (CITY, (VILLAGE, OTHER_VILLAGE, OTHER_TOWN)), below: (COUNTY, (VILLAGE, OTHER_VILLAGE))}
    for role in ("leader", "dispatcher", "station", "clerk", "audit_admin"):
        for center in (CITY, COUNTY, VILLAGE, OTHER_COUNTY):
            person = await edge.person(role, center, number=1)
            found = {each["id"]: each for each in await listed(person)}
            for task, (issuer, asked) in given.items():
                all_of_it = may(person.account, "task.read", TREE, issuer)
                seen = [code for code in asked if all_of_it or may(person.account, "task.read", TREE, code)]
                assert (task in found) == bool(seen), (role, center)
                path = f"/api/v1/tasks/{task}/rounds/1"
                for url in (path, f"{path}/file", f"/api/v1/tasks/{task}/rounds"):
                    async with person.http.get(url) as reply:
                        assert reply.status == (200 if seen else 404)
                if not seen:
                    continue
                mine = [data for data in written if data["task"] == task and data["center"] in seen]
                recount = {
                    "total": len(seen),
                    "answered": len(mine),
                    "abnormal": sum(data["situation"] == "abnormal" for data in mine),
                    "late": 0,
                }
                board = await person.get(path)
                answers.TaskBoard.model_validate(board)
                rounds = await person.get(f"/api/v1/tasks/{task}/rounds")
                answers.TaskRounds.model_validate(rounds)
                assert found[task]["counts"] == rounds["rounds"][0]["counts"] == recount
                assert board["centers"] == seen
                assert [each["center"] for each in board["answers"]] == [data["center"] for data in mine]
                assert found[task]["asked"] == (center in asked)
                own = [each for each in board["answers"] if each["center"] == center]
                assert found[task]["own"] == (own[0] if own else None)
    assert [each["id"] for each in await listed(city, limit="1")] == [below]
    assert [each["id"] for each in await listed(city, before=below)] == [whole]
    assert [each["id"] for each in await listed(city, center=OTHER_COUNTY)] == [whole]
    await county.command("task.end", task=below)
    assert [each["id"] for each in await listed(city, state="over")] == [below]
    assert [each["id"] for each in await listed(village, state="current")] == [whole]
    reports = await city.get("/api/v1/reports", task=whole, situation="abnormal")
    assert [(each["persons"], each["center"]) for each in reports["reports"]] == [(4, OTHER_TOWN)]


async def test_a_board_is_taken_out_as_a_file_with_who_is_missing_first(edge: Edge) -> None:
    city, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    task = await give(city, VILLAGE, OTHER_VILLAGE)
    await answer(village, task)
    await city.command("task.urge", task=task)
    async with city.http.get(f"/api/v1/tasks/{task}/rounds/1/file?format=xlsx") as reply:
        assert reply.status == 200
        sheet = await SheetReader().read(await reply.read())
    cells = [list(row) for _, row in sheet.rows]
    assert [row[1:3] + row[4:7] for row in cells[1:]] == [
        ["长岭社区", OTHER_VILLAGE, "未报", "", "已催 1 次"],
        ["坦渡村", VILLAGE, "已报", "一切正常", ""],
    ]


async def test_those_asked_are_told_and_each_answer_as_one_row_to_who_may_see_it(edge: Edge) -> None:
    city, county = await edge.person("leader", CITY), await edge.person("dispatcher", COUNTY)
    away, village = await edge.person("leader", OTHER_COUNTY), await edge.person("station", VILLAGE)
    neighbour = await edge.person("station", OTHER_VILLAGE)
    desk, below, beside, station, next_door = [
        await edge.listen(who) for who in (city, county, away, village, neighbour)
    ]
    task = await give(city, VILLAGE, OTHER_VILLAGE, OTHER_TOWN)
    told = await station.until("changed", what="task", id=task)
    value = task_values.Task.model_validate(told["value"])
    assert (value.state, value.counts, value.own) == ("open", None, None)
    await answer(village, task)
    for listener in (desk, below, station):
        assert list((await eventually(partial(rows_of, listener, task)))[0]) == [VILLAGE]
    await city.command("task.urge", task=task)
    await eventually(
        lambda: [
            each
            for each in next_door.of("changed", id=task)
            if each.get("value") and each["value"]["round"]["urged"] == 1
        ]
    )
    assert rows_of(beside, task) == rows_of(next_door, task) == []


async def test_a_task_falls_due_once_though_the_hub_is_killed_and_nobody_has_to_answer_again(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    station, neighbour = account("station", VILLAGE), account("station", OTHER_VILLAGE)
    async with running_writer(url) as (writer, _):
        due = to_wire(system_clock() + timedelta(seconds=60))
        fields: dict[str, Any] = {"title": "每日平安", "due": due, "centers": [VILLAGE, OTHER_VILLAGE]}
        given = await writer.submit(command("task.give", **fields), account("leader", CITY))
        task = given.entries[0].data["task"]
        await writer.submit(command("task.answer", task=task, round=1, situation="normal"), station)
        before = writer.tip.seq
    await killed_in_time(url, "after", AHEAD_S, "task.fell_due")
    async with running_writer(url, clock=later) as (writer, _):
        assert writer.tip.seq == before + 1
        async with running_clockwork(writer, later):
            await eventually(lambda: tasks_of(writer.state).by_id[task].fallen)
        with pytest.raises(Refusal, match="your center has answered"):
            await writer.submit(command("task.answer", task=task, round=1, situation="normal"), station)
        late = await writer.submit(command("task.answer", task=task, round=1, situation="normal"), neighbour)
        assert late.seq == before + 3, "it fell due once; the answer is a report and a row"
        assert late.entries[1].data["late"]
        assert tasks_of(writer.state).by_id[task].missing == []
