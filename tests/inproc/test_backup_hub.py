"""A backup of a hub that runs, with a meeting that is recorded, and the hub that comes back from it on an empty machine."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.backup.check import check_backup
from hub.backup.manifest import NoBackup, read_manifest
from hub.backup.restore import restore
from hub.config import load
from hub.media.transport.dtls import Certificate
from tests.support.hub_process import ROOT, HubProcess, Tool
from tests.support.journal import running_writer
from tests.support.light_call import Talker
from tests.support.light_caller import Caller
from tests.support.story import play
from tests.support.waiting import eventually

CITY, VILLAGE = "430600000000", "430682115210"


@asynccontextmanager
async def recorded_meeting(hub: HubProcess, http: aiohttp.ClientSession) -> AsyncIterator[tuple[Tool, str]]:
    """A meeting whose chair talks all the while; its first recording is over, its second one runs."""
    city = Caller(http, await Tool.sign_in(http, hub.url, hub.account("leader", CITY)), Certificate())
    opened = await city.tool.command(
        "meeting.open", {"title": "备份时", "kind": "dispatch", "centers": [VILLAGE], "record": True}
    )
    meeting = opened["entries"][0]["meeting"]
    await city.tool.command("meeting.join", meeting=meeting)
    await city.follow(meeting)
    sound = await city.call("whip", meeting, video=0)
    talker = asyncio.create_task(Talker(sound, packets=0).run())

    async def parts(state: str) -> list[dict[str, Any]]:
        found = await city.tool.get(f"/api/v1/meetings/{meeting}/recordings")
        return [part for each in found["recordings"] for part in each["parts"] if part["state"] == state]

    try:
        await eventually(lambda: parts("recording"), 20, "nothing is recorded")
        await city.tool.command("recording.stop", meeting=meeting)
        await eventually(lambda: parts("closed"), 20, "the first recording is not closed")
        await city.tool.command("recording.start", meeting=meeting)
        await eventually(lambda: parts("recording"), 20, "the second recording does not run")
        yield city.tool, meeting
    finally:
        talker.cancel()
        await asyncio.gather(talker, return_exceptions=True)
        sound.close()
        await city.close()


async def run(hub: HubProcess, *arguments: str) -> tuple[int, str]:
    """`hub …` beside what goes on; exit code and what it said."""
    done = await asyncio.to_thread(hub.run, *arguments)
    return done.returncode, done.stdout + done.stderr


async def media_of(tool: Tool, http: aiohttp.ClientSession, meeting: str) -> dict[str, str]:
    """Closed part -> SHA-256 of what is served of it."""
    found = await tool.get(f"/api/v1/meetings/{meeting}/recordings")
    served = {}
    for recording in found["recordings"]:
        for part in recording["parts"]:
            if part["state"] == "closed":
                url = f"{tool.url}/api/v1/recordings/{recording['id']}/parts/{part['id']}/media"
                async with http.get(url, headers=tool.headers) as answer:
                    assert answer.status == 200
                    served[part["id"]] = hashlib.sha256(await answer.read()).hexdigest()
                    assert served[part["id"]] == part["sha256"]
    return served


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest) -> tuple[dict[str, str], dict[str, str]]:
    """Settings of the hub and of the one that comes back."""
    if request.param == "sqlite":
        return {}, {}
    server = request.getfixturevalue("postgres")
    return {"HUB_DATABASE_URL": server.new_database()}, {"HUB_DATABASE_URL": server.new_database()}


async def test_a_backup_while_a_meeting_is_recorded_comes_back_on_an_empty_machine(
    databases: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    hub = HubProcess(tmp_path / "hub", databases[0])
    back = HubProcess(tmp_path / "back", databases[1])
    shelf, backup = tmp_path / "shelf", tmp_path / "shelf" / "one"
    try:
        await hub.start(timeout_s=60)
        async with aiohttp.ClientSession() as http, recorded_meeting(hub, http) as (chair, meeting):
            code, said = await run(hub, "backup", "create", str(backup))
            assert code == 0, said
            # What is said after the backup is not in it; the meeting goes on, and nothing of it waited.
            await chair.command("note.add", {"text": "备份之后"}, meeting)
            served = await media_of(chair, http, meeting)
            code, said = await run(hub, "backup", "create", "--to", str(shelf))
            assert code == 0, said
        assert len(served) == 1
        code, said = await run(hub, "backup", "verify", str(backup))
        assert (code, "the backup holds" in said) == (0, True), said
        _the_second_one_links_what_it_can(backup, shelf)

        code, said = await run(back, "restore", str(backup))
        assert code == 0, said
        code, said = await run(back, "journal", "verify")
        assert code == 0, said
        code, said = await run(back, "restore", str(backup))
        assert (code, "not empty" in said) == (1, True), said

        (tmp_path / "back" / "demo-accounts.json").write_text(
            (tmp_path / "hub" / "demo-accounts.json").read_text()
        )
        await back.start(timeout_s=60)
        async with aiohttp.ClientSession() as http:
            async with http.get(f"{back.url}/api/v1/session", headers=chair.headers) as answer:
                assert answer.status == 401, "a session of before the backup opens the hub that came back"
            leader = await Tool.sign_in(http, back.url, hub.account("leader", CITY))
            assert await media_of(leader, http, meeting) == served
            entries = (await leader.get(f"/api/v1/meetings/{meeting}/entries"))["entries"]
            assert entries[0]["kind"] == "meeting.opened"
            assert not [entry for entry in entries if entry["kind"] == "note.added"]
            auditor = await Tool.sign_in(http, back.url, hub.account("audit_admin", CITY))

            async def told() -> bool:
                found = (await auditor.get("/api/v1/audit?kind=backup.restored"))["entries"]
                return [entry["data"]["seq"] for entry in found] == [read_manifest(backup).seq]

            await eventually(told, 10, "the journal does not tell where it comes from")
            assert not (await auditor.get("/api/v1/audit?kind=backup.failed"))["entries"]
        back.stop()
        code, said = await run(back, "journal", "verify")
        assert code == 0, said
    finally:
        hub.stop()
        back.stop()


def _the_second_one_links_what_it_can(first: Path, shelf: Path) -> None:
    (second,) = (path for path in shelf.iterdir() if path != first)
    recorded = [each.path for each in read_manifest(first).files if each.path.startswith("recordings/")]
    assert recorded
    for path in recorded:
        assert (first / path).stat().st_ino == (second / path).stat().st_ino
        assert (second / path).stat().st_mode & 0o077 == 0


@pytest.fixture
async def still(tmp_path: Path) -> HubProcess:
    """The folder of a hub that does not run, with a recorded part in it."""
    hub = HubProcess(tmp_path / "hub")
    async with running_writer(f"sqlite:///{hub.folder}/hub.db", folder=hub.folder) as (writer, _):
        await play(writer, hub.folder / "recordings")
    return hub


async def test_a_backup_that_is_killed_is_none_and_the_next_one_goes_on_with_it(
    still: HubProcess, tmp_path: Path
) -> None:
    (big,) = (path for path in (still.folder / "recordings").rglob("*") if path.is_file())
    # Large enough that a kill comes in the middle of it: it is another file than the journal says, and so it is named.
    os.truncate(big, 400 << 20)
    target = tmp_path / "shelf" / "one"
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "backup", "create", str(target)], cwd=ROOT, env=still.environment
    )
    unfinished = target.with_name("one.part")
    try:
        await eventually(lambda: list(unfinished.rglob("*.new")), 30, "the recording is not being copied")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not target.exists()
    for folder in (unfinished, target):
        code, said = await run(still, "backup", "verify", str(folder))
        assert code == 1, said
    code, said = await run(still, "restore", str(unfinished), "--data", str(tmp_path / "back"))
    assert (code, (tmp_path / "back").exists()) == (1, False), said
    os.truncate(big, 0)
    second = tmp_path / "shelf" / "two"
    code, said = await run(still, "backup", "create", str(second))
    assert code == 0, said
    assert "1 files that the journal names were missing or other ones" in said
    assert not unfinished.exists(), "what was begun lies about"
    named = f"recordings/{big.relative_to(still.folder / 'recordings')}"
    assert read_manifest(second).missing == [named]
    assert (await run(still, "backup", "verify", str(second)))[0] == 0


async def test_what_was_changed_in_a_backup_is_found_and_does_not_come_back(
    still: HubProcess, tmp_path: Path
) -> None:
    target = tmp_path / "one"
    code, said = await run(still, "backup", "create", str(target), "--with-keys")
    assert code == 0, said
    assert (target / "data" / "checkpoint.key").exists()
    assert check_backup(target).holds
    settings = load({**still.environment, "HUB_DATA_DIR": str(tmp_path / "back")})
    for each in (*read_manifest(target).files, None):
        path = target / (each.path if each is not None else "manifest.json")
        before = path.read_bytes()
        content = bytearray(before)
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        with pytest.raises(NoBackup):
            restore(settings, target)
        path.write_bytes(before)
    more = target / "data" / "more.key"
    more.write_text("x")
    assert check_backup(target).findings == ["data/more.key is no file of this backup"]
    more.unlink()
    (target / "data" / "checkpoint.pub").unlink()
    assert check_backup(target).findings == ["data/checkpoint.pub is missing"]
    assert not (tmp_path / "back").exists()
