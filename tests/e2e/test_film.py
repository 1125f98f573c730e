"""A film of a recorded meeting: asked for on its page by keyboard, made while a hub dies, then played by its chapters."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from hub.clock import from_wire, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from recordings.muxer import PartFile, Sample, Track
from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.journal import command, running_writer
from tests.support.media_files import flash_and_beep
from tests.support.rules import CITY, COUNTY
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e
SECONDS = 8


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`FILM_PICTURES`: a folder)."""
    if folder := os.environ.get("FILM_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def record(hub: HubProcess, meeting: str, opened_at: str, recording: str, who: dict[str, str]) -> None:
    """What a recorder would have written of the chair, and told: the hub is not there meanwhile."""
    clips = flash_and_beep("vp8", SECONDS)
    path = hub.folder / "recordings" / "chair.webm"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = PartFile(path, [Track(clip.kind, clip.codec) for clip in clips], (320, 180))
    samples = [
        Sample(clip.kind, frame.data, round(frame.at_s * 1000), frame.key)
        for clip in clips
        for frame in clip.frames
    ]
    file.write(sorted(samples, key=lambda each: (each.at_ms, each.kind != "video")))
    file.close()
    data = path.read_bytes()
    ids = {"recording": recording, "part": "p_000000000000000001"}
    tracks = [{"kind": clip.kind, "codec": clip.codec} for clip in clips]
    started = to_wire(from_wire(opened_at) + timedelta(seconds=0.5))
    more = {"participant": who["id"], "center": CITY, "name": "岳阳市", "file": path.name, "tracks": tracks}
    closed = {"duration_ms": SECONDS * 1000, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    async with running_writer(f"sqlite:///{hub.folder}/hub.db") as (writer, _):
        details: dict[str, Any] = {**ids, **more, "started_at": started}
        opening = command("recording.part_open", meeting, **details)
        await writer.submit(opening, SYSTEM_ACCOUNT)
        ending: dict[str, Any] = {**ids, **closed}
        await writer.submit(command("recording.part_close", meeting, **ending), SYSTEM_ACCOUNT)


async def test_a_film_is_asked_for_made_though_the_hub_is_killed_and_played_by_chapters(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        opened = await leader.command(
            "meeting.open", {"title": "防汛调度", "kind": "dispatch", "centers": [COUNTY], "record": True}
        )
        meeting = str(opened["entries"][0]["meeting"])
        recording = next(
            e["data"]["recording"] for e in opened["entries"] if e["kind"] == "recording.started"
        )
        await leader.command("meeting.join", meeting=meeting)
        await leader.command("stage.broadcast", {"participant": leader.account["id"]}, meeting)
        await leader.command("meeting.end", meeting=meeting)
        hub.stop()
        await record(hub, meeting, opened["entries"][0]["at"], recording, leader.account)
        await hub.start()

        browser = await launch(playwright)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page = await context.new_page()
        page.set_default_timeout(30_000)
        expect.set_options(timeout=60_000)
        await page.goto(hub.url)
        await sign_in(page, hub.account("leader", CITY))
        await page.get_by_test_id("rail").wait_for()
        await page.goto(f"{hub.url}/archive/{meeting}")

        # By keyboard: the key, what it costs, and the key that makes it.
        key = page.get_by_test_id("archive-key-film")
        await expect(key).to_have_text("制作成片")
        await key.press("Enter")
        drawer = page.get_by_test_id("archive-film")
        await expect(drawer.get_by_test_id("film-cost")).to_contain_text("录像长 00:00:08")
        await picture(page, "cost")
        assert await severe_findings(page, "[data-testid=archive-film]") == []
        await drawer.get_by_test_id("film-make").press("Enter")
        job = drawer.get_by_test_id("job-film")
        await expect(job).to_contain_text("正在制作")
        await picture(page, "running")

        # The hub is killed meanwhile: the next one goes on, and the page hears of it without a touch.
        hub.kill()
        await hub.start()
        player = drawer.get_by_test_id("film-player")
        await expect(player).to_be_visible()
        await expect(job).to_have_count(0)
        await expect(drawer).to_contain_text("00:00:08")
        await player.evaluate("video => { video.muted = true; return video.play() }")
        chapters = drawer.get_by_role("listitem")
        await expect(chapters.first).to_contain_text("会议开始")
        assert await severe_findings(page, "[data-testid=archive-film]") == []
        await player.evaluate("video => { video.currentTime = 6 }")

        async def plays() -> bool:
            at = await player.evaluate("video => [video.currentTime, video.readyState, video.videoWidth]")
            assert (at[0] > 6, at[1] >= 2, at[2]) == (True, True, 1280), f"{at}"
            return True

        await eventually(plays, 30)
        await picture(page, "film")
        await chapters.first.get_by_role("button").press("Enter")
        await eventually(lambda: _before(player, 5), 30)

        async with page.expect_download() as coming:
            await drawer.get_by_test_id("film-download").press("Enter")
        saved = tmp_path / "film.mp4"
        await (await coming.value).save_as(saved)
        jobs = (await leader.get(f"/api/v1/meetings/{meeting}/jobs"))["jobs"]
        digests = {each["name"]: each["sha256"] for each in jobs[0]["files"]}
        assert hashlib.sha256(saved.read_bytes()).hexdigest() == digests["film.mp4"]
        await page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0)
        await expect(key).to_have_text("成片")
        await picture(page, "page")


async def _before(player: Locator, second: float) -> bool:
    at = await player.evaluate("video => video.currentTime")
    assert at < second, f"{at}"
    return True
