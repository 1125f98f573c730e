"""The second copy in a real S3 server: sent, resumed, read back before it counts, let go here, played, brought back."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.copies.far import PART_BYTES, Far, place_of
from hub.copies.looking import looking_far
from hub.copies.ports import Failed
from hub.copies.restoring import restore_all
from hub.depot.s3_door import S3Door
from hub.evidence.copied import Thing, thing_of
from hub.journal.verify import verify
from hub.store.offline import offline_journal
from hub.store.scan_store import ScanStore
from tests.support.copies import CopyStand, SetClock, copies_config, copy_stand
from tests.support.custody import Archive
from tests.support.edge import Edge, running_edge
from tests.support.objects import jpeg, put
from tests.support.recorded_meeting import PastClock
from tests.support.rules import CITY, VILLAGE
from tests.support.s3_server import COPIES, S3Server, running_s3
from tests.support.story import Told, play


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
async def server(launched: S3Server) -> S3Server:
    await launched.ready(COPIES)
    return launched


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def edge(tmp_path: Path, clock: SetClock) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, signs="yes", clock=clock) as made:
        yield made


def far_of(edge: Edge, server: S3Server, **door: Any) -> Far:
    return Far(S3Door(place_of(copies_config(edge, **server.copies)), attempts=1, **door))


@pytest.fixture
async def stand(edge: Edge, server: S3Server, clock: SetClock) -> AsyncIterator[CopyStand]:
    settings = {**server.copies, "HUB_RELEASE_DAYS": "30"}
    async with copy_stand(edge, far_of(edge, server), clock, **settings) as made:
        yield made


async def held_there(server: S3Server, key: str) -> bytes:
    async with server.client() as client:
        found = await client.get_object(Bucket=COPIES, Key=key)
        async with found["Body"] as body:
            return bytes(await body.read())


async def put_there(server: S3Server, key: str, content: bytes) -> None:
    async with server.client() as client:
        await client.put_object(Bucket=COPIES, Key=key, Body=content)


def large(stand: CopyStand, size: int) -> Thing:
    """A recorded file of this size on the disk."""
    content = os.urandom(size)
    path = stand.config.recordings_dir / "large" / f"{size}.webm"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Thing("part", f"r/{size}", digest, size, f"large/{size}.webm")


def key_of(told: Told, stand: CopyStand) -> str:
    content = (stand.config.recordings_dir / told.file).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return Thing("part", f"{told.recording}/{told.part}", digest, len(content), told.file).key


async def test_files_are_copied_and_count_when_they_were_read_back(
    stand: CopyStand, server: S3Server
) -> None:
    edge = stand.edge
    told = await play(edge.writer, stand.config.recordings_dir)
    station = await edge.person("station", VILLAGE)
    _, photo = await put(station.http, jpeg(5000))
    await station.command(
        "report.file", situation="abnormal", text="水", attachments=[{**photo, "name": "水.jpg"}]
    )
    assert await stand.steps() == 2
    assert {what for what, _ in stand.hands.done} == {"send"}
    key = key_of(told, stand)
    content = await held_there(server, key)
    assert hashlib.sha256(content).hexdigest() == key.split("/")[2]
    assert thing_of(key, len(content)) is not None
    assert await stand.copier.copied(key.split("/")[2])
    assert not await stand.copier.copied("0" * 64)
    assert ("reading", len(content), len(content)) in stand.hands.heard, "it is read back to its end"
    keeper = await edge.person("system_admin", CITY)
    page = await keeper.get("/api/v1/health/copies")
    assert {each["kind"]: (each["files"], each["copied"]) for each in page["kinds"]} == {
        "part": (1, 1),
        "made": (0, 0),
        "object": (1, 1),
    }
    assert (page["on"], page["trouble"], page["troubles"], page["can"]) == (True, "", [], ["manage"])
    assert "secret-of-tests" not in str(page)
    clerk = await edge.person("clerk", CITY)
    of_meeting = await clerk.get(f"/api/v1/meetings/{told.meeting}/copies")
    assert (of_meeting["files"], of_meeting["copied"], of_meeting["released"]) == (1, 1, 0)
    assert of_meeting["verified_at"] is not None


async def test_a_sending_that_was_cut_off_goes_on_from_its_last_part(stand: CopyStand) -> None:
    thing = large(stand, 3 * PART_BYTES + 1000)
    parts: list[int] = []

    class Stopped(Exception):
        pass

    def cut(stage: str, done: int, total: int) -> None:
        if stage == "sending":
            parts.append(done)
            if done == 2 * PART_BYTES and len(parts) == 3:
                raise Stopped

    with pytest.raises(Stopped):
        await stand.hands.do("send", thing, cut)
    await stand.hands.do("send", thing, cut)
    assert parts == [each * PART_BYTES for each in (0, 1, 2, 2, 3)] + [thing.bytes], (
        "two parts are not sent again"
    )
    assert await stand.far.digest(thing.key, lambda done, total: None) == (thing.bytes, thing.sha256)
    path = stand.config.recordings_dir / thing.file
    path.unlink()
    await stand.hands.do("verify", thing, lambda *_: None)


async def test_what_stands_there_already_and_is_another_one_is_sent_anew(
    stand: CopyStand, server: S3Server
) -> None:
    told = await play(stand.edge.writer, stand.config.recordings_dir)
    key = key_of(told, stand)
    right = (stand.config.recordings_dir / told.file).read_bytes()
    await put_there(server, key, b"?" + right[1:])
    assert await stand.steps() == 1
    assert await stand.copier.copied(key.split("/")[2])
    assert await held_there(server, key) == right
    # a file on this machine that is not what the journal tells of is never taken for a copy of it
    other = large(stand, 1000)
    (stand.config.recordings_dir / other.file).write_bytes(os.urandom(1000))
    with pytest.raises(Failed, match="not what the journal tells"):
        await stand.hands.do("send", other, lambda *_: None)
    assert await stand.far.size(other.key) is None


async def test_what_rots_there_is_found_by_the_next_verification_and_sent_again(
    stand: CopyStand, server: S3Server
) -> None:
    told = await play(stand.edge.writer, stand.config.recordings_dir)
    await stand.steps()
    key = key_of(told, stand)
    right = await held_there(server, key)
    await put_there(server, key, right[:-1] + b"?")
    path = stand.config.recordings_dir / told.file
    stand.later(days=20)
    assert await stand.steps() == 0, "it is not due yet"
    stand.later(days=20)
    assert await stand.steps() == 3
    assert not path.exists(), (
        "found when it was to be let go here: sent again, verified again, and only then let go"
    )
    assert [what for what, _ in stand.hands.done] == ["send", "send", "verify"]
    assert await held_there(server, key) == right


async def test_a_released_file_plays_from_there_is_known_everywhere_and_comes_back(
    stand: CopyStand, server: S3Server, tmp_path: Path
) -> None:
    edge, config = stand.edge, stand.config
    told = await play(edge.writer, config.recordings_dir)
    path = config.recordings_dir / told.file
    content = path.read_bytes()
    await stand.steps()
    stand.later(days=29)
    await stand.steps()
    assert path.exists()
    stand.later(days=2)
    stand.held.add(hashlib.sha256(content).hexdigest())
    await stand.steps()
    assert path.exists(), "what is held stays"
    stand.held.clear()
    stand.later(hours=2)
    await stand.steps()
    assert not path.exists()
    assert [what for what, _ in stand.hands.done][-1] == "verify", "its copy was read back right before"
    auditor = await edge.person("audit_admin", CITY)
    (entry,) = (await auditor.get("/api/v1/audit", kind="copy.released"))["entries"]
    assert entry["data"]["parts"][0]["sha256"] == hashlib.sha256(content).hexdigest()

    clerk = await edge.person("clerk", CITY)
    media = f"/api/v1/recordings/{told.recording}/parts/{told.part}/media"
    async with clerk.http.get(media, headers={"Range": "bytes=100-199"}) as answer:
        assert (answer.status, await answer.read()) == (206, content[100:200])
        assert answer.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    async with clerk.http.get(media) as answer:
        assert (answer.status, await answer.read()) == (200, content)
        assert answer.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    async with clerk.http.head(media) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(content)))

    await edge.writer.seal()
    with offline_journal(edge.database) as journal, looking_far(config) as far:
        report = verify(journal, config.data_dir, config.recordings_dir, far=far)
        assert "recording" not in {each.kind for each in report.findings}
        without = verify(journal, config.data_dir, config.recordings_dir).findings
        assert "the settings name none" in next(each.text for each in without if each.kind == "recording")
    counted = await ScanStore(edge.database).counts(stand.clock())
    assert counted.total == 0, "the scan looks at what is here"
    offer = f"/api/v1/meetings/{told.meeting}/evidence"
    async with clerk.http.post(offer, json={"what": "check"}) as answer:
        work = (await answer.json())["work"]
    checked = (await finished(clerk, work))["checked"]
    assert (checked["found"], checked["far_parts"]) == (0, 1)

    keeper = await edge.person("system_admin", CITY)
    (alone,) = (await keeper.get("/api/v1/health/copies"))["far_alone"]
    assert (alone["meeting"], alone["files"], alone["wanted"]) == (told.meeting, 1, 0)
    await keeper.command("copy.bring_back", meeting=told.meeting)
    await stand.steps()
    assert path.read_bytes() == content
    assert (await keeper.get("/api/v1/health/copies"))["far_alone"] == []
    with offline_journal(edge.database) as journal:
        report = verify(journal, config.data_dir, config.recordings_dir)
        assert "recording" not in {each.kind for each in report.findings}
    await stand.steps()
    assert path.exists(), "what was brought back is not let go at once"


@pytest.fixture
async def long_ago(server: S3Server, tmp_path: Path) -> AsyncIterator[CopyStand]:
    """A stand whose journal begins forty days ago: reading is of today."""
    clock = SetClock()
    clock.later(days=-40)
    async with (
        running_edge(tmp_path, signs="yes", clock=clock) as edge,
        copy_stand(edge, far_of(edge, server), clock, **server.copies) as made,
    ):
        yield made


async def test_what_two_persons_have_destroyed_goes_there_too_and_is_not_called_done_before(
    long_ago: CopyStand, server: S3Server
) -> None:
    stand, edge, config = long_ago, long_ago.edge, long_ago.config
    clerk, auditor, system = [
        await edge.known_person(role, CITY) for role in ("clerk", "audit_admin", "system_admin")
    ]
    kept = Archive(edge, PastClock(0), clerk, auditor, system)
    kept.told = told = await play(edge.writer, config.recordings_dir)
    edge.writer.subscribe(stand.copier._entries)
    path, key = config.recordings_dir / told.file, key_of(told, stand)
    await stand.steps()
    assert await held_there(server, key) == path.read_bytes()
    stand.later(days=40)  # today
    await kept.policy(recordings=30, needs_copy=True)
    listed = await kept.asked("recordings")
    disposer = kept.disposer(proven=stand.rows.among, standing=stand.rows.standing)

    async def whole() -> dict[str, Any]:
        found: dict[str, Any] = await auditor.get(f"/api/v1/disposals/{listed['disposal']}")
        return found

    async def completed() -> int:
        return len((await auditor.get("/api/v1/audit", kind="disposal.completed"))["entries"])

    # The storage is away as they agree: gone here, told as pending, not called done.
    server.kill()
    await stand.answers()
    await kept.approve(listed)
    for _ in range(2):
        await disposer.once()
        assert await stand.steps() == 0
    assert not path.exists()
    now = await whole()
    assert (now["disposal"]["state"], now["far_left"], now["far_away"]) == ("approved", 1, True)
    assert await completed() == 0
    async with clerk.http.get(f"/api/v1/recordings/{told.recording}/parts/{told.part}/media") as answer:
        assert answer.status == 410, "the player is told"

    # It is back: what stands there goes by itself, and only then the list is over.
    server.launch()
    await server.ready(COPIES)
    await stand.answers()
    await disposer.once()
    assert await completed() == 0, "the copier has not been there yet"
    await stand.steps()
    assert await stand.far.size(key) is None
    await disposer.once()
    now = await whole()
    assert (now["disposal"]["state"], now["far_left"], now["far_away"]) == ("completed", 0, False)
    assert await completed() == 1
    (part,) = (await clerk.get(f"/api/v1/meetings/{told.meeting}/recordings"))["recordings"][0]["parts"]
    assert part["state"] == "destroyed"
    await edge.writer.seal()
    with offline_journal(edge.database) as journal, looking_far(config) as far:
        report = verify(journal, config.data_dir, config.recordings_dir, far=far)
        assert "recording" not in {each.kind for each in report.findings}
        assert report.destroyed == 1


async def finished(person: Any, work: str) -> dict[str, Any]:
    for _ in range(100):
        found: dict[str, Any] = await person.get(f"/api/v1/evidence/{work}")
        if found["ended_at"] is not None:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it never ends")


async def test_everything_comes_back_onto_a_new_folder_and_an_interruption_costs_nothing_twice(
    stand: CopyStand, server: S3Server, tmp_path: Path
) -> None:
    edge = stand.edge
    told = await play(edge.writer, stand.config.recordings_dir)
    thing = large(stand, PART_BYTES + 5000)
    await stand.hands.do("send", thing, lambda *_: None)
    await stand.steps()
    empty = tmp_path / "empty"
    fresh = copies_config(edge, **server.copies, HUB_DATA_DIR=str(empty))
    key = key_of(told, stand)

    # cut off in the middle of the large one: what came stays and is not fetched again
    half = empty / "recordings" / (thing.file + ".fetched")
    half.parent.mkdir(parents=True)
    half.write_bytes((stand.config.recordings_dir / thing.file).read_bytes()[: PART_BYTES // 2])
    told_of: list[int] = []
    restored = await restore_all(
        fresh, None, lambda each: each.file == thing.file, lambda each, done, total: told_of.append(done)
    )
    assert (restored.fetched, restored.failed) == (1, [])
    assert min(told_of) > PART_BYTES // 2, "the first half was there"
    restored = await restore_all(fresh, None, lambda each: each.key in (thing.key, key))
    assert (restored.fetched, restored.whole, restored.failed) == (1, 1, [])
    for file in (thing.file, told.file):
        assert (empty / "recordings" / file).read_bytes() == (stand.config.recordings_dir / file).read_bytes()
    # what is damaged there is not put in the place of anything
    await put_there(server, key, b"P" * 17_000)
    (empty / "recordings" / told.file).unlink()
    restored = await restore_all(fresh, await stand.rows.all_copied(), lambda each: True)
    assert [reason for _, reason in restored.failed] == ["differs"]
    assert not (empty / "recordings" / told.file).exists()


async def test_a_bucket_or_keys_of_others_are_told_as_what_they_are(edge: Edge, server: S3Server) -> None:
    for change, why in (
        ({"HUB_COPIES_S3_BUCKET": "somebody-elses"}, "no_bucket"),
        ({"HUB_COPIES_S3_SECRET": "wrong"}, "refused"),
    ):
        far = Far(S3Door(place_of(copies_config(edge, **{**server.copies, **change})), attempts=1))
        async with copy_stand(edge, far, SetClock(), **server.copies) as stand:
            await stand.answers()
            assert stand.copier.trouble == why
            assert "wrong" not in str(stand.copier.told())
