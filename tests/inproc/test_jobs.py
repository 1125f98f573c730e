"""Jobs with real processes and a real table: done once, whoever dies; cancelled; told to pages; files served by right."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from hub.clock import system_clock
from hub.conference.job_kinds import ASKED, AskedKind
from hub.jobs.runner import JobRunner
from hub.ruling import CommandData
from hub.store.job_rows import JobStore
from tests.support.edge import Edge, Person, running_edge
from tests.support.job_child import KINDS, PROGRAM
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, VILLAGE
from tests.support.waiting import eventually


class Options(CommandData):
    """What the child of these tests is told."""

    steps: int = 3
    at: dict[str, str] = Field(default_factory=dict)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KINDS:
        monkeypatch.setitem(ASKED, name, AskedKind(name, Options))


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


@contextlib.asynccontextmanager
async def running(edge: Edge, **more: Any) -> AsyncIterator[JobRunner]:
    """The edge's own runner, or one with settings of its own."""
    runner = edge.services.jobs
    if more or not isinstance(runner, JobRunner):
        parts = (edge.services.config, JobStore(edge.database), edge.writer, system_clock)
        runner = JobRunner(*parts, kinds=KINDS, program=PROGRAM, **more)
    await runner.start()
    try:
        yield runner
    finally:
        await runner.stop()


async def ended_meeting(leader: Person) -> str:
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=[COUNTY, VILLAGE])
    meeting = str(opened["entries"][0]["meeting"])
    await leader.command("meeting.end", meeting)
    return meeting


async def ask(who: Person, meeting: str, kind: str = "plain", **options: Any) -> str:
    answer = await who.command("job.ask", meeting, kind=kind, options=options)
    return str(answer["entries"][0]["data"]["job"])


async def told(who: Person, meeting: str, job: str) -> dict[str, Any]:
    jobs = (await who.get(f"/api/v1/meetings/{meeting}/jobs"))["jobs"]
    return next(each for each in jobs if each["id"] == job)


async def until(who: Person, meeting: str, job: str, *states: str) -> dict[str, Any]:
    async def check() -> dict[str, Any] | None:
        found = await told(who, meeting, job)
        assert found["state"] in states, f"{found}"
        return found

    return await eventually(check, 30)


async def hanging(edge: Edge, job: str) -> int:
    """The process of a job that hangs at its first step."""
    folder = edge.services.config.made_dir / "work" / job
    await eventually(lambda: (folder / "steps").exists(), 30, "it has not begun")
    return int((folder / "pid").read_text())


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].startswith(" Z")


async def test_a_job_whose_processes_die_is_done_all_the_same_and_its_file_is_served_by_right(
    edge: Edge,
) -> None:
    leader = await edge.person("leader", CITY)
    station, stranger = await edge.person("station", COUNTY), await edge.person("leader", OTHER_COUNTY)
    meeting = await ended_meeting(leader)
    async with running(edge):
        job = await ask(leader, meeting, at={"0": "die", "1": "die"})
        done = await until(leader, meeting, job, "done")
        assert (done["tries"], done["told"], done["by"]["account"]) == (3, {"steps": 3}, leader.account.id)
        assert not (edge.services.config.made_dir / "work" / job).exists()
        path = f"/api/v1/jobs/{job}/files/made.txt"
        for reader, status in ((leader, 200), (station, 200), (stranger, 404)):
            async with reader.http.get(path) as answer:
                assert answer.status == status
                if status == 200:
                    assert await answer.text() == f"{job} xxx"
        async with leader.http.get(path, headers={"Range": "bytes=0-1"}) as answer:
            assert (answer.status, await answer.text()) == (206, "jb")
        for wrong in ("result.json", "..%2Fx", "none.txt"):
            async with leader.http.get(f"/api/v1/jobs/{job}/files/{wrong}") as answer:
                assert answer.status == 404


async def test_a_hub_that_dies_leaves_no_process_and_the_next_goes_on_where_it_stood(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    meeting = await ended_meeting(leader)
    async with running(edge) as runner:
        job = await ask(leader, meeting, at={"1": "hang"})
        pid = await hanging(edge, job)
        await until(leader, meeting, job, "running")
        # as a kill would: nothing is written, standard input ends
        for task in [*runner._tasks, *(each.task for each in runner._running.values() if each.task)]:
            runner._stopping = True
            task.cancel()
        edge.services.jobs = None
        await eventually(lambda: not lives(pid), 30, "the process lives on")
    folder = edge.services.config.made_dir / "work" / job
    assert (await told(leader, meeting, job))["state"] == "running"
    (folder / "go-on").touch()
    async with running(edge):
        done = await until(leader, meeting, job, "done")
        assert (done["tries"], done["told"]) == (2, {"steps": 3})


async def test_a_cancelled_job_ends_at_once_and_progress_is_told(edge: Edge) -> None:
    leader, stranger = await edge.person("leader", CITY), await edge.person("leader", OTHER_COUNTY)
    meeting = await ended_meeting(leader)
    desk, beside = await edge.listen(leader), await edge.listen(stranger)
    async with running(edge):
        job = await ask(leader, meeting, at={"1": "hang"})
        pid = await hanging(edge, job)

        def going() -> bool:
            values = [event["value"] for event in desk.of("changed", what="job", id=job)]
            return any(value["progress"] and value["progress"]["stage"] == "step1" for value in values)

        await eventually(going, 30, "its progress was not told")
        await leader.command("job.cancel", meeting, job=job)
        await eventually(lambda: not lives(pid), 30, "the process lives on")
        assert (await until(leader, meeting, job, "cancelled"))["files"] == []
        await eventually(lambda: not (edge.services.config.made_dir / "work" / job).exists(), 30)

        def ended() -> bool:
            return str(desk.of("changed", what="job", id=job)[-1]["value"]["state"]) == "cancelled"

        await eventually(ended, 30, "that it is over was not told")
        assert beside.of("changed", what="job") == []


@pytest.mark.parametrize(
    ("what", "reason"), [("unreadable", "unreadable"), ("fault", "fault"), ("babble", "fault")]
)
async def test_a_failure_is_typed_and_told_and_not_tried_again(edge: Edge, what: str, reason: str) -> None:
    leader = await edge.person("leader", CITY)
    meeting = await ended_meeting(leader)
    async with running(edge):
        job = await ask(leader, meeting, at={"0": what})
        failed = await until(leader, meeting, job, "failed")
        assert (failed["reason"], failed["tries"], failed["files"]) == (reason, 1, [])


async def test_jobs_wait_for_room_in_the_queue_for_parts_and_have_none_on_a_full_disk(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    meeting = await ended_meeting(leader)
    open_parts, low = {meeting}, list[str]()

    async def parts_open(which: str) -> bool:
        return which in open_parts

    async with running(edge, parts_open=parts_open, low_on_space=lambda: low) as runner:
        later = await ask(leader, meeting, "later")
        first = await ask(leader, meeting, at={"0": "hang"})
        await hanging(edge, first)
        second = await ask(leader, meeting, steps=2)
        assert runner.progress(second) is None
        for job in (later, second):
            assert (await told(leader, meeting, job))["state"] == "waiting"
        (edge.services.config.made_dir / "work" / first / "go-on").touch()
        await until(leader, meeting, second, "done")
        assert (await told(leader, meeting, later))["state"] == "waiting"
        open_parts.clear()
        low.append("data")
        await ask(leader, meeting, steps=1)  # it is looked at again at once
        assert (await until(leader, meeting, later, "failed"))["reason"] == "no_room"


async def test_the_hub_has_quiet_jobs_of_its_own_once_for_each_subject(edge: Edge) -> None:
    rows = JobStore(edge.database)
    before = edge.writer.state.last_seq
    async with running(edge) as runner:
        assert await runner.put("plain", "p_1", steps=1)
        assert not await runner.put("plain", "p_1", steps=1)
        found = await eventually(lambda: rows.result("plain", "p_1"), 30)
        assert found["told"] == {"steps": 1}
        assert (runner.folder(found["job"]) / "made.txt").read_text() == "p_1 x"
        assert not await runner.put("plain", "p_1", steps=1)
    await asyncio.sleep(0)
    assert edge.writer.state.last_seq == before
