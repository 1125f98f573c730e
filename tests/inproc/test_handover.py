"""Handing a meeting over: one ZIP with all of it, whole or none; who may take it; its list of contents."""

from __future__ import annotations

import asyncio
import csv
import dataclasses
import hashlib
import io
import json
import os
import signal
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import Clock, from_wire, system_clock
from hub.evidence import verify_bundle
from hub.handover import making
from hub.handover.layout import file_name
from hub.handover.proving import make_bundle
from hub.jobs.child import run_child
from hub.jobs.runner import JobRunner
from hub.jobs.work import Order, WorkFailed
from hub.store import tables
from hub.store.job_rows import JobStore
from tests.support.edge import Edge, Person, running_edge
from tests.support.minutes import approved_minutes
from tests.support.recorded_meeting import RecordedMeeting, recorded_meeting
from tests.support.rules import CITY, COUNTY, TREE, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, signs="yes", HUB_DISK_RESERVE_MB="1") as made:
        rows = [
            {
                "code": each.code,
                "name": each.name,
                "level": each.level,
                "parent": each.parent,
                "place": place,
                "functional": False,
            }
            for place, each in enumerate(center for root in TREE.roots for center in TREE.subtree(root.code))
        ]
        with made.database.writing() as connection:
            connection.execute(tables.centers.insert(), rows)
        yield made


async def ended(edge: Edge, leader: Person) -> RecordedMeeting:
    """A meeting with two recorded parts and approved minutes, over."""
    station = await edge.known_person("station", VILLAGE)
    meeting = await recorded_meeting(edge, leader, [VILLAGE])
    source = edge.folder / "source.webm"
    for number in range(2):
        source.write_bytes(f"picture {number}".encode() * 5000)
        await meeting.add(source, station, 1000, offset_ms=number * 1000)
    await leader.command("note.add", meeting.id, text="=要点 <一>")
    await leader.command("meeting.end", meeting.id)
    await approved_minutes(leader, meeting.id)
    return meeting


async def asked(edge: Edge, who: Person, meeting: str, **options: bool) -> str:
    answer = await who.command("job.ask", meeting, kind="handover", options=options)
    await edge.writer.seal()
    return str(answer["entries"][0]["data"]["job"])


def order_of(edge: Edge, job: str, meeting: str, **options: bool) -> Order:
    folder = edge.services.config.made_dir / "work" / job
    chosen = {"recordings": True, "film": True, **options}
    made = Order(job, "handover", meeting, job, chosen, folder, 1 << 32)
    made.out.mkdir(parents=True)
    return made


async def test_one_zip_holds_all_of_a_meeting_with_its_digests_and_verifies(edge: Edge) -> None:
    leader = await edge.known_person("leader", CITY)
    meeting = await ended(edge, leader)
    job = await asked(edge, leader, meeting.id)
    order = order_of(edge, job, meeting.id)
    heard: list[str] = []
    told = making.make_handover(edge.services.config, order, lambda stage, done, total: heard.append(stage))  # type: ignore[arg-type]
    (path,) = order.out.iterdir()
    assert told["bytes"] == path.stat().st_size
    assert {"reading", "packing", "sealing"} <= set(heard)
    with zipfile.ZipFile(path) as zipped:
        assert zipped.testzip() is None
        names = zipped.namelist()
        rows = list(csv.reader(io.StringIO(zipped.read("目录.csv").decode("utf-8-sig"))))
        listed = {row[5]: (int(row[6]), row[7]) for row in rows[1:]}
        for name, (size, digest) in listed.items():
            content = zipped.read(name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest)
        assert set(names) - set(listed) == {"目录.csv", "目录.xlsx", "说明.txt", "sha256sums.txt"}
        recorded = [name for name in names if name.startswith("01-录像/")]
        assert {zipped.read(name) for name in recorded} == {each.read_bytes() for each in meeting.files}
        sums = zipped.read("sha256sums.txt").decode().splitlines()
        assert sums == [f"{digest}  {name}" for name, (_, digest) in listed.items()]
        assert zipped.read("03-纪要/纪要-第1版.docx").startswith(b"PK")
        words = zipped.read("说明.txt").decode("utf-8-sig")
        assert meeting.id in words
        assert "合成影片（没有制作或没有选）" in words
        record = list(csv.reader(io.StringIO(zipped.read("04-会议记录/会议记录.csv").decode("utf-8-sig"))))
        assert any("=要点 <一>" in row[5] for row in record)
        assert {"备注", "录像文件完成"} <= {row[2] for row in record}
        assert not any("." in row[2] for row in record), "each kind has its word"
        assert not any(cell.startswith("=") for row in record for cell in row)
        (edge.folder / "evidence.zip").write_bytes(zipped.read("05-取证包/evidence.zip"))
        assert "05-取证包/verify_bundle.py" in names
    with zipfile.ZipFile(edge.folder / "evidence.zip") as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
    assert manifest["meeting"]["id"] == meeting.id
    assert {each["sha256"] for each in manifest["recordings"]} == {
        hashlib.sha256(each.read_bytes()).hexdigest() for each in meeting.files
    }
    assert verify_bundle.main([str(edge.folder / "evidence.zip")]) == 0


async def test_its_process_is_killed_and_the_next_one_makes_the_same(edge: Edge) -> None:
    leader = await edge.known_person("leader", CITY)
    meeting = await ended(edge, leader)
    job = await asked(edge, leader, meeting.id)
    order = order_of(edge, job, meeting.id)
    (order.out / "handover-half.zip").write_bytes(b"PK, cut off")
    environment = {**os.environ, "HUB_DATA_DIR": str(edge.folder), "HUB_DISK_RESERVE_MB": "1"}
    program = [sys.executable, "-m", "hub", "work", "handover"]
    killed = asyncio.create_task(run_child(program, order, environment, 60.0, lambda *_: None))
    await asyncio.sleep(0.3)
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    stages: list[str] = []
    result = await run_child(
        program, order, environment, 60.0, lambda stage, done, total: stages.append(stage)
    )
    (file,) = result["files"]
    assert file["sha256"] == hashlib.sha256((order.out / file["name"]).read_bytes()).hexdigest()
    assert "sealing" in stages


async def test_what_is_not_what_the_journal_tells_of_is_not_handed_over(edge: Edge) -> None:
    leader = await edge.known_person("leader", CITY)
    meeting = await ended(edge, leader)
    job = await asked(edge, leader, meeting.id)
    content = meeting.files[0].read_bytes()
    meeting.files[0].write_bytes(b"P" + content[1:])
    with pytest.raises(WorkFailed) as failed:
        making.make_handover(edge.services.config, order_of(edge, job, meeting.id), lambda *_: None)  # type: ignore[arg-type]
    assert failed.value.reason == "unreadable"
    meeting.files[0].unlink()
    order = Order(
        job, "handover", meeting.id, job, {"recordings": True, "film": True}, edge.folder / "again", 1 << 32
    )
    order.out.mkdir(parents=True)
    with pytest.raises(WorkFailed) as failed:
        making.make_handover(edge.services.config, order, lambda *_: None)  # type: ignore[arg-type]
    assert failed.value.reason == "missing"
    order = Order(
        job, "handover", meeting.id, job, {"recordings": False, "film": False}, edge.folder / "third", 1 << 32
    )
    order.out.mkdir(parents=True)
    making.make_handover(edge.services.config, order, lambda *_: None)  # type: ignore[arg-type]
    (path,) = order.out.iterdir()
    with zipfile.ZipFile(path) as zipped:
        assert not [name for name in zipped.namelist() if name.startswith("01-录像/")]
        assert "录像（交办时没有选）" in zipped.read("说明.txt").decode("utf-8-sig")


async def test_meetings_are_listed_by_days_and_center_for_who_may_and_the_file_is_his_and_those_above(
    edge: Edge,
) -> None:
    leader = await edge.known_person("leader", COUNTY)
    city, clerk = await edge.known_person("leader", CITY), await edge.known_person("clerk", COUNTY)
    village = await edge.known_person("leader", VILLAGE)
    meeting = await ended(edge, leader)
    listed = await clerk.get("/api/v1/handovers")
    (row,) = listed["meetings"]
    assert (row["id"], row["parts"], row["job"], row["center"]) == (meeting.id, 2, None, COUNTY)
    assert row["recorded_bytes"] == sum(each.stat().st_size for each in meeting.files)
    assert listed["free_bytes"] > 0
    today = f"{system_clock().astimezone():%Y-%m-%d}"
    assert (await city.get("/api/v1/handovers", center=COUNTY))["meetings"][0]["id"] == meeting.id
    assert (await city.get("/api/v1/handovers", to="2020-01-01"))["meetings"] == []
    assert today
    for query, status in (({"from": "yesterday"}, 400), ({"center": CITY}, 404)):
        async with clerk.http.get("/api/v1/handovers", params=query) as answer:
            assert answer.status == status, query
    station = await edge.known_person("station", COUNTY)
    async with station.http.get("/api/v1/handovers") as answer:
        assert answer.status == 403

    job = await asked(edge, leader, meeting.id)
    order = order_of(edge, job, meeting.id)
    making.make_handover(edge.services.config, order, lambda *_: None)  # type: ignore[arg-type]
    (path,) = order.out.iterdir()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    target = edge.services.config.made_dir / job
    order.out.rename(target)
    await _note_done(edge, job, path.name, (target / path.name).stat().st_size, digest)
    address = f"/api/v1/jobs/{job}/files/{path.name}?download=1"
    for who, status in ((leader, 200), (clerk, 200), (city, 200), (village, 403), (station, 403)):
        async with who.http.get(address) as answer:
            assert answer.status == status, who.account
    async with leader.http.get(address, headers={"Range": "bytes=0-3"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"PK\3\4")
    async with clerk.http.get("/api/v1/handovers/contents", params={"format": "csv"}) as answer:
        rows = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert (rows[1][3], rows[1][4], rows[1][6]) == ("已制作", path.name, digest)


async def _note_done(edge: Edge, job: str, name: str, size: int, digest: str) -> None:
    from hub.directory.accounts import SYSTEM_ACCOUNT
    from tests.support.journal import command

    files: list[dict[str, Any]] = [{"name": name, "bytes": size, "sha256": digest}]
    done = command("job.note_done", None, job=job, files=files, told={"files": 9}, took_ms=5)
    await edge.writer.submit(done, SYSTEM_ACCOUNT)


# The evidence bundle with its recordings.


def running(edge: Edge, clock: Clock = system_clock) -> JobRunner:
    """The runner as a hub has it, whose processes are those of a hub."""
    environment = {**os.environ, "HUB_DATA_DIR": str(edge.folder), "HUB_DISK_RESERVE_MB": "1"}
    rows, config = JobStore(edge.database), edge.services.config
    return JobRunner(config, rows, edge.writer, clock, environment=environment)


def process_of(edge: Edge) -> int | None:
    """The process that makes a bundle for this hub."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, given = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"\0work\0evidence" in words and f"HUB_DATA_DIR={edge.folder}".encode() in given:
            return int(folder.name)
    return None


async def test_a_bundle_with_recordings_is_made_whoever_dies_given_out_by_ranges_and_swept(
    edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    leader, clerk = await edge.known_person("leader", CITY), await edge.known_person("clerk", COUNTY)
    meeting = await ended(edge, leader)
    answer = await leader.command("job.ask", meeting.id, kind="evidence", options={})
    await edge.writer.seal()
    address = f"/api/v1/meetings/{meeting.id}/jobs"

    async def told(state: str) -> dict[str, Any] | None:
        (job,) = (await leader.get(address, kind="evidence"))["jobs"]
        assert job["state"] in ("waiting", "running", state), job
        return job if job["state"] == state else None

    # Killed, then its hub: the next process of the next hub makes it whole.
    runner = running(edge)
    await runner.start()
    os.kill(await eventually(lambda: process_of(edge), 30, "nothing works"), signal.SIGKILL)
    await eventually(lambda: process_of(edge), 30, "it is not begun again")
    await runner.stop()
    runner = running(edge)
    await runner.start()
    done = await eventually(lambda: told("done"), 60, "it is never done")
    await runner.stop()
    assert done["id"] == answer["entries"][0]["data"]["job"]
    assert done["tries"] >= 2
    assert from_wire(done["until"]) - from_wire(done["ended_at"]) == timedelta(days=3)
    (file,) = done["files"]
    url = f"/api/v1/jobs/{done['id']}/files/{file['name']}?download=1"
    content = b""
    for first, last in ((0, 999), (1000, file["bytes"] - 1)):
        async with leader.http.get(url, headers={"Range": f"bytes={first}-{last}"}) as part:
            assert part.status == 206
            content += await part.read()
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    (edge.folder / "b.zip").write_bytes(content)
    assert verify_bundle.main([str(edge.folder / "b.zip")]) == 0
    assert capsys.readouterr().out.count("✓ 录像") == 2
    auditor = await edge.person("audit_admin", CITY)
    (taken,) = (await auditor.get("/api/v1/audit", kind="evidence.taken"))["entries"]
    assert (taken["data"]["recordings"], taken["data"]["sha256"]) == (True, file["sha256"])
    async with clerk.http.get(url) as part:
        assert part.status == 404, "whose meeting it is not does not get it"

    runner = running(edge, lambda: system_clock() + timedelta(days=4))
    await runner.start()
    await eventually(lambda: told("swept"), 30, "it lies about for ever")
    await runner.stop()
    assert not (edge.services.config.made_dir / done["id"]).exists()
    async with leader.http.get(url) as part:
        assert part.status == 404


async def test_a_bundle_is_not_begun_without_room_and_tells_a_file_that_is_not_here(edge: Edge) -> None:
    leader = await edge.known_person("leader", CITY)
    meeting = await ended(edge, leader)
    answer = await leader.command("job.ask", meeting.id, kind="evidence", options={})
    await edge.writer.seal()
    order = order_of(edge, str(answer["entries"][0]["data"]["job"]), meeting.id)
    (order.out / "evidence-half.zip").write_bytes(b"PK, cut off")
    full = dataclasses.replace(edge.services.config, disk_reserve_mb=1 << 30)
    with pytest.raises(WorkFailed) as failed:
        make_bundle(full, order, lambda *_: None)  # type: ignore[arg-type]
    assert failed.value.reason == "no_room"
    assert list(order.out.iterdir()) == [], "half of one is taken away first"
    meeting.files[1].unlink()
    with pytest.raises(WorkFailed) as failed:
        make_bundle(edge.services.config, order, lambda *_: None)  # type: ignore[arg-type]
    assert failed.value.reason == "missing"


def test_names_in_a_hand_over_are_names_on_any_system() -> None:
    assert file_name('a/b:c"d\n') == "a_b_c_d_"
    assert file_name(" .. ") == "_"
