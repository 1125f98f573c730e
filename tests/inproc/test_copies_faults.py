"""The second copy among faults: storages that go away, lie and rot, hubs that are killed at any moment, a disk that fills."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from hub.clock import system_clock
from hub.copies.copier import Copier
from hub.copies.far import Far, place_of
from hub.copies.hands import ChildHands
from hub.depot.s3_door import S3Door
from hub.errors import Refusal
from hub.evidence.copied import Thing
from hub.store.copy_rows import CopyStore
from hub.store.database import Database
from tests.support.copies import CopyStand, MemoryFar, SetClock, copies_config, copy_stand
from tests.support.edge import Edge, Listener, running_edge
from tests.support.hub_process import Tool
from tests.support.objects import Control, jpeg, put, sha256
from tests.support.recorded_meeting import recorded_meeting
from tests.support.rules import CITY, VILLAGE
from tests.support.s3_server import COPIES, running_s3
from tests.support.story import play
from tests.support.waiting import eventually


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def edge(tmp_path: Path, clock: SetClock) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, clock=clock) as made:
        yield made


@pytest.fixture
async def stand(edge: Edge, clock: SetClock) -> AsyncIterator[CopyStand]:
    async with copy_stand(edge, MemoryFar(), clock, HUB_RELEASE_DAYS="30") as made:
        yield made


def far_of(stand: CopyStand) -> MemoryFar:
    assert isinstance(stand.far, MemoryFar)
    return stand.far


async def test_a_storage_that_keeps_something_else_is_never_called_a_copy(stand: CopyStand) -> None:
    told = await play(stand.edge.writer, stand.config.recordings_dir)
    far = far_of(stand)
    far.lies = True
    for _ in range(5):
        await stand.steps()
        stand.later(days=40)
    digest = hashlib.sha256((stand.config.recordings_dir / told.file).read_bytes()).hexdigest()
    assert not await stand.copier.copied(digest)
    assert [each["reason"] for each in await stand.rows.troubles()] == ["differs"]
    assert far.held == {}, "what is not the file does not stay under its key"
    far.lies = False
    stand.later(hours=2)
    await stand.steps()
    assert await stand.copier.copied(digest)
    assert await stand.rows.troubles() == []


async def test_ten_minutes_without_the_storage_leave_nothing_undone_and_nothing_called_done(
    stand: CopyStand,
) -> None:
    far = far_of(stand)
    told = await play(stand.edge.writer, stand.config.recordings_dir)
    await stand.answers()
    far.away = "away"
    for _ in range(60):
        stand.later(seconds=10)
        await stand.answers()
        assert await stand.steps() <= 1
        assert stand.copier.trouble == "away"
        assert (await stand.rows.counts()).waiting == 1
    assert (stand.config.recordings_dir / told.file).exists()
    far.away = ""
    await stand.answers()
    stand.later(seconds=60)
    await stand.steps()
    assert (await stand.rows.counts()).waiting == 0
    assert stand.copier.trouble == ""


async def test_nothing_goes_from_here_before_its_copy_was_verified_whatever_happens(
    edge: Edge, stand: CopyStand
) -> None:
    """Random faults; after each step a file that is not here stands there, whole, and the journal says so."""
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    far, content = far_of(stand), dict[str, bytes]()
    station = await edge.person("station", VILLAGE)
    meeting = await recorded_meeting(edge, await edge.person("leader", CITY), [VILLAGE])
    source = stand.config.data_dir / "source.webm"
    for number in range(4):
        source.write_bytes(f"picture {number}".encode() * 50)
        part = await meeting.add(source, station, 1000)
        content[f"{meeting.recording}/{part}"] = source.read_bytes()

    class Killed(BaseException):
        """The hub dies here."""

    whole_when_noted: dict[str, bool] = {}
    submit = stand.copier._journal.submit

    async def submitted(command, account):  # type: ignore[no-untyped-def]
        if command.kind == "copy.note_released":
            for told in command.data["parts"]:
                id = f"{told['recording']}/{told['part']}"
                held = far.held.get(Thing("part", id, told["sha256"], told["bytes"], told["file"]).key)
                whole_when_noted[id] = held == content[id]
        if chance.random() < 0.1:
            raise Killed
        answer = await submit(command, account)
        if chance.random() < 0.1:
            raise Killed
        return answer

    paths = dict(zip(content, meeting.files, strict=True))
    edge.writer.submit = submitted  # type: ignore[method-assign]
    for _ in range(150):
        match chance.randrange(7):
            case 0:
                far.away = "away"
            case 1:
                far.away, far.dies_after = "", chance.randrange(4)
            case 2:
                far.lies = not far.lies
            case 3 if far.held:
                # it rots there, though never where it stands there alone: nobody could help that
                key = chance.choice(list(far.held))
                id = next(id for id in content if hashlib.sha256(content[id]).hexdigest() in key)
                if paths[id].exists():
                    far.held[key] = far.held[key][:-1] + b"!"
            case _:
                far.away, far.dies_after, far.lies = "", None, False
        stand.later(days=chance.choice((0, 1, 40)), hours=2)
        try:
            await stand.answers()
            await stand.steps()
        except Killed:
            copier = stand.begun_anew()
            try:
                await copier._reconcile()
            except Killed:
                continue
        for id, path in paths.items():
            if not path.exists():
                assert whole_when_noted[id], seed
                key = next(key for key in far.held if hashlib.sha256(content[id]).hexdigest() in key)
                assert far.held[key] == content[id], seed
    gone = [id for id, path in paths.items() if not path.exists()]
    released = {thing.id for thing in await stand.rows.released()}
    assert set(gone) <= released, (seed, "what is not here the journal says is there")


async def test_a_full_disk_takes_nothing_back_and_says_so_then_goes_on(stand: CopyStand) -> None:
    told = await play(stand.edge.writer, stand.config.recordings_dir)
    await stand.steps()
    stand.later(days=31)
    await stand.steps()
    path = stand.config.recordings_dir / told.file
    assert not path.exists()
    assert not await stand.copier.here(told.meeting)
    full = copies_config(stand.edge, HUB_DISK_RESERVE_MB="999999999")
    stand.hands._worker._config, roomy = full, stand.config
    await stand.steps()
    assert [each["reason"] for each in await stand.rows.troubles()] == ["no_room"]
    assert not path.exists()
    assert not path.with_name(path.name + ".fetched").stat().st_size
    stand.hands._worker._config = roomy
    stand.later(seconds=20)
    await stand.steps()
    assert path.exists()
    assert await stand.copier.here(told.meeting)


async def test_nothing_is_let_go_while_the_journal_cannot_tell_of_it(stand: CopyStand) -> None:
    told = await play(stand.edge.writer, stand.config.recordings_dir)
    await stand.steps()
    stand.later(days=31)

    async def refused(command: object, account: object) -> None:
        raise Refusal("unavailable", "the journal is away")

    submit, stand.edge.writer.submit = stand.edge.writer.submit, refused  # type: ignore[method-assign,assignment]
    with pytest.raises(Refusal):
        await stand.copier._once()
    assert (stand.config.recordings_dir / told.file).exists()
    stand.edge.writer.submit = submit  # type: ignore[method-assign]
    await stand.steps()
    assert not (stand.config.recordings_dir / told.file).exists()


async def test_what_was_deleted_for_good_goes_there_too(stand: CopyStand) -> None:
    await play(stand.edge.writer, stand.config.recordings_dir)
    await stand.steps()
    assert len(far_of(stand).held) == 1
    with stand.edge.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM parts")
    stand.copier._strays_at = 0.0
    await stand.steps()
    assert far_of(stand).held == {}
    assert (await stand.rows.counts()).kinds == {}


async def test_the_storage_killed_and_stalled_is_an_alarm_within_five_seconds_and_the_hub_answers_as_ever(
    edge: Edge, tmp_path: Path
) -> None:
    """A real storage, away for some seconds, with the copier's own process at work on it."""
    leader = await edge.person("leader", CITY)
    listener = await edge.listen(leader)
    station = await edge.person("station", VILLAGE)
    meeting = await recorded_meeting(edge, leader, [VILLAGE])
    source, digests = tmp_path / "source.webm", list[str]()
    with running_s3(tmp_path / "s3") as server:
        await server.ready(COPIES)
        settings = {**server.copies, "HUB_COPIES_MB_S": "2"}
        config = copies_config(edge, **settings)
        hands = ChildHands(environment={**os.environ, "HUB_DATA_DIR": str(edge.folder), **settings})
        far = Far(S3Door(place_of(config), connect_s=2.0, attempts=1))
        rows = CopyStore(edge.database)
        copier = edge.services.copies = Copier(config, rows, edge.writer, hands, far, system_clock)
        await copier.start()
        try:
            await eventually(lambda: copier.answered_at is not None, 20, "the storage was never asked")
            for hurt, mend in ((server.kill, server.launch), (server.stall, server.go_on)):
                content = os.urandom(10 << 20)
                source.write_bytes(content)
                digests.append(hashlib.sha256(content).hexdigest())
                await meeting.add(source, station, 1000)
                await eventually(lambda: copier.at is not None and copier.at.done > 0, 60, "nothing is sent")
                heard = len(_raised(listener))

                def told(heard: int = heard) -> bool:
                    return len(_raised(listener)) > heard

                began = time.monotonic()
                hurt()
                await eventually(told, 5.0, "no page has the alarm")
                assert time.monotonic() - began <= 5.0
                assert not await copier.copied(digests[-1]), "nothing is called done that is not"
                for _ in range(20):
                    began = time.monotonic()
                    await leader.get("/api/v1/meetings")
                    assert time.monotonic() - began < 1.0
                mend()
                await server.ready(COPIES)
                await eventually(lambda: not copier.trouble, 30, "it does not see that the storage is back")
                await eventually(lambda: _standing(edge) == [], 15, "the alarm is not cleared")

            async def copied() -> bool:
                return (await rows.counts()).waiting == 0

            await eventually(copied, 120, "it is never copied")
            for digest in digests:
                assert await copier.copied(digest)
        finally:
            await copier.stop()
            edge.services.copies = None


def _raised(listener: Listener) -> list[str]:
    """The alarms about the second copy that a page was told of, each once."""
    told = [each["value"] for each in listener.of("changed", what="alarm") if each["value"] is not None]
    return list({each["id"]: "" for each in told if each["kind"] == "copies"})


def _standing(edge: Edge) -> list[str]:
    return [alarm.id for alarm in edge.writer.state.alarms.values() if alarm.subject == "copies"]


async def test_a_hub_killed_while_it_sends_goes_on_from_the_last_part(tmp_path: Path) -> None:
    photo = jpeg(17 << 20)
    digest = sha256(photo)
    with running_s3(tmp_path / "s3") as server:
        await server.ready(COPIES)
        control = Control(tmp_path / "hub", {"HUB_EMBEDDED": "false"})
        await control.start()
        try:
            async with aiohttp.ClientSession() as http:
                tool = await Tool.sign_in(http, control.url, control.account("leader", CITY))
            async with aiohttp.ClientSession(control.url, headers=tool.headers) as http:
                _, made = await put(http, photo)
                report = {
                    "situation": "abnormal",
                    "text": "水位",
                    "attachments": [{**made, "name": "水位.jpg"}],
                }
                body = {"id": "first", "kind": "report.file", "data": report}
                async with http.post("/api/v1/commands", json=body) as answer:
                    assert answer.status == 200, await answer.text()
            # A hub that begins looks at once for what is to be copied, and else twice a minute.
            control.stop()
            control.extra |= {**server.copies, "HUB_COPIES_MB_S": "4"}
            await control.start()

            async def sending() -> tuple[str, int] | None:
                """The upload that goes on there, with its parts."""
                async with server.client() as client:
                    found = (await client.list_multipart_uploads(Bucket=COPIES)).get("Uploads", ())
                    for each in found:
                        at = {"Bucket": COPIES, "Key": each["Key"], "UploadId": each["UploadId"]}
                        return each["UploadId"], len((await client.list_parts(**at)).get("Parts", ()))
                return None

            async def one_part() -> str | None:
                found = await sending()
                return found[0] if found is not None and found[1] >= 1 else None

            upload = await eventually(one_part, 60, "no part is sent")
            control.kill()
            await asyncio.sleep(0.5)  # whatever was on its way there has come
            left = await sending()
            assert left is not None
            assert left[0] == upload
            await control.start()
            uploads, database = set(), Database(f"sqlite:///{control.folder / 'hub.db'}")

            async def copied() -> bool:
                found = await sending()
                if found is not None:
                    uploads.add(found[0])
                    assert found[1] >= 1, "what was sent is not sent again"
                counted = await CopyStore(database).counts()
                return "object" in counted.kinds and counted.waiting == 0

            await eventually(copied, 90, "it is never copied")
            database.close_now()
            assert uploads <= {upload}, "it goes on with the sending of before"
            async with server.client() as client:
                key = f"objects/{digest[:2]}/{digest}/{digest}"
                found = await client.get_object(Bucket=COPIES, Key=key)
                async with found["Body"] as far:
                    assert sha256(await far.read()) == digest
            assert "hub-secret" not in control.log_tail(10_000)
        finally:
            control.stop()
