"""Who speaks in a recorded meeting: found by a job after its end, kept with the rights of the recording, gone with it."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from hub.clock import system_clock
from hub.config import load
from hub.filters import FindFilter, SpokenFilter
from hub.jobs.runner import JobRunner
from hub.jobs.voices import VoicesOfAll
from hub.store.job_rows import JobStore
from hub.store.queries import Queries
from hub.store.voice_store import VoiceStore
from tests.support.journal import running_writer
from tests.support.rules import OTHER_COUNTY, TREE, VILLAGE, account
from tests.support.spoken import RECOGNISER, spoken_webm
from tests.support.story import LEADER, VILLAGER, play
from tests.support.waiting import eventually

STRANGER = account("leader", OTHER_COUNTY)


async def test_after_a_meeting_a_job_finds_who_spoke_and_what_was_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    command = shlex.join([sys.executable, "-c", RECOGNISER, "well"])
    config = load({"HUB_DATA_DIR": str(tmp_path), "HUB_DATABASE_URL": url, "HUB_RECOGNISER": command})
    environment = {"HUB_DATA_DIR": str(tmp_path), "HUB_DATABASE_URL": url, "HUB_RECOGNISER": command}
    async with running_writer(url) as (writer, database):
        told = await play(writer, config.recordings_dir)
        spoken_webm(config.recordings_dir / told.file, ".v..")
        queries, rows, store = Queries(database), JobStore(database), VoiceStore(database)
        runner = JobRunner(config, rows, writer, system_clock, environment=environment)

        async def recorded(meeting: str) -> bool:
            return any(each["parts"] for each in await queries.recordings(meeting))

        voices = VoicesOfAll(writer, runner, rows, store, system_clock, recorded)
        await runner.start()
        await voices.start()

        async def listened() -> bool:
            assert (await queries.voices(told.meeting))["listened"] == 1, "nothing was listened to yet"
            # Nothing of it stays where nobody looks for it.
            assert list(config.made_dir.glob("jb_*")) == [], "what was found stands in its file, too"
            return True

        try:
            await eventually(listened, 60)
        finally:
            await voices.stop()
            await runner.stop()
        found = await queries.voices(told.meeting)
        (voice,) = found["voices"]
        assert (found["parts"], voice["participant"], voice["center"]) == (1, VILLAGER.id, VILLAGE)
        assert voice["spoken_ms"] > 1000
        assert all(start < end for start, end in voice["spans"])

        lines = (await queries.said(told.meeting, 0))["lines"]
        assert [line["text"] for line in lines] == ["检查站 一切 正常", "末尾"]
        (group,) = (await queries.find(LEADER, TREE, FindFilter(text="查站")))["groups"]
        (hit,) = group["hits"]
        assert (hit["sort"], hit["text"], hit["marks"]) == ("said", "检查站 一切 正常", [[1, 3]])
        (spoken,) = (await queries.spoken(LEADER, TREE, SpokenFilter(VILLAGE)))["groups"]
        assert {span["why"] for span in spoken["spans"]} == {"voice"}


@pytest.mark.parametrize("lines", [["水位平稳", "检查站放行"]])
async def test_what_was_said_is_found_by_who_may_see_the_recording_and_goes_with_it(
    database_url: str, tmp_path: Path, lines: list[str]
) -> None:
    async with running_writer(database_url) as (writer, database):
        told = await play(writer, tmp_path)
        queries, store = Queries(database), VoiceStore(database)
        found = {
            "recording": told.recording,
            "part": told.part,
            "duration_ms": 9000,
            "spans": [[0, 2000], [4000, 5000]],
            "lines": [[0, 2000, lines[0]], [0, 900, lines[1]]],
        }
        unknown = {**found, "part": "p_" + "0" * 18}
        for _ in range(2):  # listened to again, it stands once
            await store.keep([found, unknown], system_clock())

        async def texts(who: object, words: str, **more: object) -> list[str]:
            page = await queries.find(who, TREE, FindFilter(text=words, **more))  # type: ignore[arg-type]
            return [hit["text"] for group in page["groups"] for hit in group["hits"] if hit["sort"] == "said"]

        assert await texts(LEADER, "检查") == [lines[1]]
        assert await texts(LEADER, "坦渡 水位") == [lines[0]]
        assert await texts(STRANGER, "检查") == []
        assert await texts(LEADER, "检查", center=OTHER_COUNTY) == []
        assert await texts(LEADER, "检查", sorts=frozenset({"report"})) == []
        whole = await queries.find(LEADER, TREE, FindFilter(meeting=told.meeting), 2)
        seen, pages = whole["total"], 0
        before = whole["next"]
        hits = sum(len(group["hits"]) for group in whole["groups"])
        while before is not None:
            written, said = (int(each) for each in before.split("."))
            page = await queries.find(
                LEADER, TREE, FindFilter(meeting=told.meeting, before=(written, said)), 2
            )
            hits += sum(len(group["hits"]) for group in page["groups"])
            before, pages = page["next"], pages + 1
        assert (hits, pages > 1) == (seen, True)
        await store.forget(told.recording, told.part)
        assert await texts(LEADER, "检查") == []
        assert (await queries.said(told.meeting, 0))["lines"] == []
        assert json.dumps((await queries.voices(told.meeting))["voices"]) == "[]"
