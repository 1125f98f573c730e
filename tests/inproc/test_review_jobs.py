"""Clips, pictures, small pictures and a check of the files: by real processes, for those who may read the meeting."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import from_wire, system_clock
from hub.jobs.films import FilmsOfAll
from hub.jobs.runner import JobRunner
from hub.store.job_rows import JobStore
from tests.support.edge import Edge, Person, running_edge
from tests.support.recorded_meeting import RecordedMeeting, recorded_meeting
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, VILLAGE
from tests.support.small_media import record
from tests.support.waiting import eventually

SECONDS = 10


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    """An edge whose jobs are done by the hub's own program."""
    async with running_edge(tmp_path / "data") as made:
        runner = JobRunner(
            made.services.config,
            JobStore(made.database),
            made.writer,
            system_clock,
            environment={**os.environ, "HUB_DATA_DIR": str(tmp_path / "data")},
        )
        made.services.jobs = runner
        await runner.start()
        try:
            yield made
        finally:
            await runner.stop()


async def ask(who: Person, meeting: RecordedMeeting, kind: str, **options: Any) -> dict[str, Any]:
    """Have it done, and wait for what comes of it."""
    answer = await who.command("job.ask", meeting.id, kind=kind, options=options)
    job = answer["entries"][0]["data"]["job"]

    async def over() -> dict[str, Any] | None:
        jobs = (await who.get(f"/api/v1/meetings/{meeting.id}/jobs"))["jobs"]
        found: dict[str, Any] = next(each for each in jobs if each["id"] == job)
        assert found["state"] in ("done", "failed"), found
        return found

    return await eventually(over, 30)


async def bytes_of(who: Person, path: str) -> tuple[int, bytes]:
    async with who.http.get(path) as answer:
        return answer.status, await answer.read()


async def test_what_a_clerk_has_made_of_a_recording_is_proven_and_only_for_those_who_read_it(
    edge: Edge, tmp_path: Path
) -> None:
    leader, clerk = await edge.person("leader", CITY), await edge.person("clerk", CITY)
    station, stranger = await edge.person("station", VILLAGE), await edge.person("clerk", OTHER_COUNTY)
    meeting = await recorded_meeting(edge, leader, [VILLAGE, COUNTY])
    await station.command("meeting.join", meeting.id)
    source = record(tmp_path / "source.webm", SECONDS, 2)
    sound = record(tmp_path / "sound.webm", SECONDS, 2, picture=None)
    await meeting.add(source, station, SECONDS * 1000)
    await meeting.add(sound, leader, SECONDS * 1000, picture=False)
    await leader.command("meeting.end", meeting.id)
    part = meeting.parts[0]
    digest = hashlib.sha256(source.read_bytes()).hexdigest()

    clip = await ask(clerk, meeting, "clip", from_ms=4500, to_ms=7000, participants=[station.account.id])
    assert (clip["state"], clip["told"]) == (
        "done",
        {"from_ms": 4000, "to_ms": 7000, "copied": 1, "left_out": 0},
    )
    listed = {each["name"]: each for each in clip["files"]}
    assert sorted(listed) == ["clip-01.webm", "origin.json"]
    for reader, status in ((clerk, 200), (stranger, 404)):
        answered, body = await bytes_of(reader, f"/api/v1/jobs/{clip['id']}/files/clip-01.webm?download=1")
        assert answered == status
        if status == 200:
            assert hashlib.sha256(body).hexdigest() == listed["clip-01.webm"]["sha256"]
    async with clerk.http.get(f"/api/v1/jobs/{clip['id']}/files/origin.json") as answer:
        origin = await answer.json()
    assert (origin["files"][0]["part"], origin["files"][0]["part_sha256"]) == (part, digest)
    told = (await clerk.get(f"/api/v1/meetings/{meeting.id}/entries"))["entries"]
    done = next(each for each in told if each["kind"] == "job.done")
    assert {each["sha256"] for each in done["data"]["files"]} == {each["sha256"] for each in clip["files"]}

    picture = await ask(clerk, meeting, "picture", at_ms=4550, participant=station.account.id)
    assert (picture["told"]["at_ms"], picture["told"]["part_sha256"]) == (4500, digest)

    small = f"/api/v1/recordings/{meeting.recording}/parts/{part}/small"

    async def ready() -> dict[str, Any]:
        found: dict[str, Any] = await clerk.get(small)
        assert found["state"] == "ready", found
        return found

    index = await eventually(ready, 30)
    assert index["at_ms"] == [0, 4000, 8000]
    status, sheet = await bytes_of(clerk, index["sheets"][0])
    assert (status, sheet[:3]) == (200, b"\xff\xd8\xff")
    for path in (small, index["sheets"][0], f"{small}/..%2Findex.json"):
        assert (await bytes_of(stranger, path))[0] == 404
    assert (await bytes_of(clerk, f"{small}/index.json"))[0] == 404
    of_sound = f"/api/v1/recordings/{meeting.recording}/parts/{meeting.parts[1]}/small"
    assert (await clerk.get(of_sound))["state"] == "none"

    damaged = bytearray(meeting.files[0].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    meeting.files[0].write_bytes(bytes(damaged))
    checked = await ask(clerk, meeting, "check")
    assert (checked["told"]["whole"], checked["told"]["changed"]) == (1, 1)
    async with clerk.http.get(f"/api/v1/jobs/{checked['id']}/files/check.json") as answer:
        assert (await answer.json())["parts"][part] == "changed"


async def test_a_film_is_made_by_itself_when_a_meeting_ends_and_a_clip_is_cut_out_of_it(
    edge: Edge, tmp_path: Path
) -> None:
    leader, clerk = await edge.person("leader", CITY), await edge.person("clerk", CITY)
    meeting = await recorded_meeting(edge, leader, [VILLAGE])
    source = record(tmp_path / "source.webm", 4, 1)
    await meeting.add(source, leader, 4000, offset_ms=1500)

    async def recorded(of: str) -> bool:
        return any(each["parts"] for each in await edge.services.queries.recordings(of))

    films = FilmsOfAll(edge.writer, system_clock, recorded)
    await films.start()
    try:
        await leader.command("meeting.end", meeting.id)

        async def made() -> dict[str, Any]:
            jobs: list[dict[str, Any]]
            jobs = (await clerk.get(f"/api/v1/meetings/{meeting.id}/jobs?kind=film"))["jobs"]
            assert [each["state"] for each in jobs] == ["done"], jobs
            return jobs[0]

        film = await eventually(made, 60)
    finally:
        await films.stop()
    assert film["by"] is None
    began = (from_wire(film["told"]["began_at"]) - from_wire(meeting.opened_at)) // timedelta(milliseconds=1)
    clip = await ask(clerk, meeting, "clip", from_ms=began + 500, to_ms=began + 2000, film=True)
    assert (clip["state"], clip["told"]["left_out"], clip["told"]["to_ms"]) == ("done", 0, began + 2000), clip
    assert sorted(each["name"] for each in clip["files"]) == ["clip-01.mp4", "origin.json"]
    async with clerk.http.get(f"/api/v1/jobs/{clip['id']}/files/origin.json") as answer:
        origin = (await answer.json())["files"][0]
    digest = next(each["sha256"] for each in film["files"] if each["name"] == "film.mp4")
    assert (origin["source"], origin["part"], origin["part_sha256"]) == ("film", film["id"], digest)


async def test_a_clip_of_a_film_that_is_not_there_says_so(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    meeting = await recorded_meeting(edge, leader, [VILLAGE])
    failed = await ask(leader, meeting, "clip", from_ms=0, to_ms=1000, film=True)
    assert (failed["state"], failed["reason"]) == ("failed", "missing")


async def test_who_only_was_called_and_who_is_elsewhere_has_nothing_made(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    station, stranger = await edge.person("station", VILLAGE), await edge.person("clerk", OTHER_COUNTY)
    meeting = await recorded_meeting(edge, leader, [VILLAGE])
    for who, status in ((station, 403), (stranger, 404)):
        for kind, options in (("clip", {"from_ms": 0, "to_ms": 1000}), ("check", {})):
            body = {"id": f"{kind}-{status}", "kind": "job.ask", "meeting": meeting.id}
            data = {"kind": kind, "options": options}
            async with who.http.post("/api/v1/commands", json={**body, "data": data}) as answer:
                assert answer.status == status
