"""A disk that is really full: known within seconds, told to everybody, and over by itself when there is room again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.errors import Refusal
from hub.journal.verify import verify
from hub.media.transport.dtls import Certificate
from hub.store.offline import offline_journal
from tests.support.hub_process import HubProcess, Tool
from tests.support.journal import command, open_meeting, running_writer
from tests.support.light_call import Talker
from tests.support.light_caller import Caller
from tests.support.rules import VILLAGE
from tests.support.small_disk import SmallDisk, small_disk
from tests.support.story import LEADER
from tests.support.waiting import eventually

CITY = "430600000000"
#: What people are promised, from the disk being full to the alarm on the page; the way there takes a moment more.
TOLD_S = 5.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    disk = small_disk(tmp_path / "disk", 24)
    yield disk
    disk.__exit__()


async def test_a_journal_on_a_full_disk_is_known_before_anybody_needs_it_and_comes_back_by_itself(
    disk: SmallDisk, tmp_path: Path
) -> None:
    async with running_writer(f"sqlite:///{disk.folder / 'hub.db'}", folder=tmp_path / "keys") as (
        writer,
        database,
    ):
        meeting = await open_meeting(writer, LEADER, VILLAGE)
        disk.fill()
        await eventually(lambda: not writer.available, TOLD_S, "nobody knows that nothing can be written")
        # The log of the database may have some pages left for the first ones.
        texts = [f"{number} " + "水位" * 1500 for number in range(400)]
        outcomes = await asyncio.gather(
            *(writer.submit(command("decision.record", meeting, text=text), LEADER) for text in texts),
            return_exceptions=True,
        )
        refusals = [each for each in outcomes if isinstance(each, BaseException)]
        assert refusals
        assert {each.code for each in refusals if isinstance(each, Refusal)} == {"unavailable"}
        assert not writer.available
        disk.make_room()
        await eventually(lambda: writer.available, 2.0, "the journal is not back though there is room")
        await writer.submit(command("note.add", meeting, text="有空间了"), LEADER)
        with offline_journal(database) as journal:
            assert verify(journal, tmp_path, None).findings == []


@pytest.fixture
async def hub(disk: SmallDisk) -> AsyncIterator[HubProcess]:
    # What holds at the last MiB holds at the last 256.
    limits = {"HUB_DISK_RESERVE_MB": "1", "HUB_RECORDINGS_REFUSE_MB": "6", "HUB_RECORDINGS_WARN_MB": "8"}
    hub = HubProcess(disk.folder, limits)
    yield hub
    hub.stop()


async def test_a_disk_that_fills_takes_no_new_recording_and_a_full_one_is_told_until_there_is_room(
    hub: HubProcess, disk: SmallDisk
) -> None:
    await hub.start(timeout_s=60)
    async with aiohttp.ClientSession() as http:
        city = Caller(http, await Tool.sign_in(http, hub.url, hub.account("leader", CITY)), Certificate())

        async def begun(record: bool) -> str:
            data = {"title": "调度", "kind": "dispatch", "centers": ["430682115210"], "record": record}
            return str((await city.tool.command("meeting.open", data))["entries"][0]["meeting"])

        meeting, plain = await begun(True), await begun(False)
        await city.tool.command("meeting.join", meeting=meeting)
        await city.follow(meeting)

        async def parts() -> dict[str, bool]:
            async with http.get(f"{hub.url}/readyz") as answer:
                told: dict[str, Any] = await answer.json()
                assert (answer.status == 200) == all(told["parts"].values())
                return dict(told["parts"])

        async def recorded() -> list[dict[str, Any]]:
            found = await city.tool.get(f"/api/v1/meetings/{meeting}/recordings")
            return list(found["recordings"][0]["parts"])

        def states() -> list[tuple[str, str | None]]:
            return [(e["state"], e["reason"]) for e in city.told if e["kind"] == "recording"]

        sound = await city.call("whip", meeting, video=0)
        talker = asyncio.create_task(Talker(sound, packets=0).run())
        try:
            await eventually(recorded, 20, "nothing is recorded")
            assert await parts() == dict.fromkeys(("journal", "node", "recorder", "recording"), True)
            disk.leave(4 << 20)

            async def short() -> bool:
                assert [e["recording_room"] for e in city.hub][-1:] == ["none"], "no desk is told"
                return True

            await eventually(short, 15)
            with pytest.raises(AssertionError, match=r"507.*no_room"):
                await city.tool.command("recording.start", meeting=plain)
            owed = await begun(True)
            found = await city.tool.get(f"/api/v1/meetings/{owed}")
            assert (found["recording_state"], found["recording_reason"]) == ("waiting", "no_room")
            assert (await parts())["recording"], "one that runs goes on"

            disk.fill()
            filled = time.monotonic()

            async def known() -> bool:
                now = await parts()
                assert not now["journal"], "the journal is said to be well"
                assert not now["recording"], "the recording is said to run"
                assert ("waiting", "disk_full") in states(), f"followers were told {states()}"
                assert (False, False) in [(e["journal"], e["recording"]) for e in city.hub], "no alarm"
                return True

            await eventually(known, TOLD_S + 1)
            assert time.monotonic() - filled < TOLD_S + 1
            found = await city.tool.get(f"/api/v1/meetings/{meeting}/recordings")
            assert (found["recordings"][0]["state"], found["recordings"][0]["reason"]) == (
                "waiting",
                "disk_full",
            )
            snapshot = await city.tool.get(f"/api/v1/meetings/{meeting}")
            assert (snapshot["recording_state"], snapshot["recording_reason"]) == ("waiting", "disk_full")

            disk.make_room()

            async def well() -> bool:
                assert all((await parts()).values()), f"{await parts()}"
                assert states()[-1] == ("recording", None)
                told = await recorded()
                assert len(told) >= 2, "no new part"
                assert told[0]["state"] == "closed", "the part of before is not closed"
                found = await city.tool.get(f"/api/v1/meetings/{owed}/recordings")
                assert len(found["recordings"]) == 1, "what was owed has not begun"
                return True

            await eventually(well, 20)
        finally:
            talker.cancel()
            await asyncio.gather(talker, return_exceptions=True)
            sound.close()
            await city.close()
    hub.stop()
    verified = hub.run("journal", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
