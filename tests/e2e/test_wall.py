"""The big screen: the words and the tour around its pictures, its sound, and that all of it comes back by itself."""

from __future__ import annotations

import os
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import frames_grow, launch, open_page, playwright_running, sign_in
from tests.e2e.test_tours import headless
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
#: A folder for pictures of the pages, for who wants to look at them.
SHOTS = os.environ.get("TEST_SHOTS")
WAIT_MS = 30_000
#: How many of the page's sound elements play on: their time goes forward.
SOUNDS = (
    "() => [...document.querySelectorAll('audio')].filter((one) => !one.paused && one.currentTime > 0).length"
)


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/{name}.png")


async def test_a_wall_has_words_tour_and_sound_and_comes_back_by_itself(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with (
        playwright_running() as playwright,
        aiohttp.ClientSession() as http,
        headless(hub, tmp_path / "cache", COUNTY, VILLAGE) as stations,
    ):
        browser = await launch(playwright)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        opened = {"title": "防汛调度", "kind": "dispatch", "centers": [COUNTY, VILLAGE], "record": False}
        meeting = (await tool.command("meeting.open", opened))["entries"][0]["meeting"]
        await eventually(
            lambda: all(one.publishing for one in stations.values()), 30, "a station does not publish"
        )
        wall = await open_page(browser, f"{hub.url}/wall/{meeting}", width=1920, height=1080)
        await sign_in(wall, hub.account("dispatcher", CITY))
        banner = {"kind": "banner", "text": "今晚八时前完成转移，各村每小时报一次", "style": "warning"}
        await tool.command("banner.show", banner, meeting)
        await tool.command("tour.start", {"kind": "broadcast", "seconds": 120, "present": True}, meeting)
        now = wall.get_by_test_id("wall-tour-now")
        await expect(now).to_have_text("正在看 临湘市", timeout=WAIT_MS)
        await expect(wall.get_by_test_id("wall-tour-next")).to_have_text("下一个 坦渡村")
        await expect(wall.get_by_test_id("line-banner")).to_contain_text("警示今晚八时前完成转移")
        await frames_grow(wall, by=5, timeout_s=30)
        assert await severe_findings(wall) == []
        await shot(wall, "wall-1920")

        # Silent until somebody turns it on, by the keyboard, too.
        key = wall.get_by_test_id("wall-sound-key")
        await expect(key).to_have_text("无声 · 打开声音")
        assert await wall.evaluate(SOUNDS) == 0
        await key.focus()
        await wall.keyboard.press("Enter")
        await expect(key).to_have_text("关闭声音")

        async def sounds() -> bool:
            assert await wall.evaluate(SOUNDS) > 0, "no sound plays"
            return True

        await eventually(sounds, 30)

        # How somebody is heard stands on his picture; a paused meeting is said, and the tour stands still with it.
        people = {
            one["center"]: one["id"]
            for one in (await tool.get(f"/api/v1/meetings/{meeting}"))["participants"]
        }
        await tool.command("participant.mute", {"participant": people[COUNTY]}, meeting)
        await expect(wall.get_by_test_id("cell-plate-0")).to_contain_text("静音（主席）", timeout=WAIT_MS)
        await tool.command("meeting.pause", {"reason": "十点继续"}, meeting)
        await expect(wall.get_by_test_id("wall-paused")).to_contain_text("会议暂停", timeout=WAIT_MS)
        await expect(wall.get_by_test_id("wall-tour")).to_have_attribute("data-state", "paused")
        await shot(wall, "wall-paused")
        await tool.command("meeting.resume", {}, meeting)
        await expect(wall.get_by_test_id("wall-tour")).to_have_attribute(
            "data-state", "running", timeout=WAIT_MS
        )

        # The hub dies, and with it the line: it is said, and pictures, words and sound are back without a touch.
        await wall.evaluate("window.__never_reloaded = true")
        hub.kill("node")
        hub.kill("control")
        await expect(wall.get_by_test_id("wall-away")).to_be_visible(timeout=WAIT_MS)
        await shot(wall, "wall-away")
        await hub.start()
        await expect(wall.get_by_test_id("wall-away")).to_have_count(0, timeout=60_000)
        await frames_grow(wall, by=5, timeout_s=60)
        await expect(wall.get_by_test_id("wall-tour")).to_be_visible(timeout=WAIT_MS)
        await expect(wall.get_by_test_id("line-banner")).to_be_visible()
        await eventually(sounds, 30)
        assert await wall.evaluate("window.__never_reloaded === true")
        await wall.set_viewport_size({"width": 1366, "height": 768})
        await shot(wall, "wall-1366")
