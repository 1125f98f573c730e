"""Units: a county's meeting is joined to the city's, seen, heard, muted and parted, by keys and by the keyboard."""

from __future__ import annotations

import os

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import (
    FAKE_DEVICES,
    frames_grow,
    launch,
    open_page,
    playwright_running,
    sign_in,
    to_command,
)
from tests.e2e.test_sound import hears, hears_nothing
from tests.support.hub_process import HubProcess, Tool

pytestmark = pytest.mark.e2e

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
#: Where pictures of the pages go, for people who look at them.
SHOTS = os.environ.get("HUB_SHOTS", "")


async def _shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/{name}.png")


async def _desk(browser: Browser, hub: HubProcess, meeting: str, center: str) -> Page:
    page = await open_page(browser, f"{hub.url}/command/{meeting}")
    await sign_in(page, hub.account("leader", center))
    await to_command(page)
    await expect(page.get_by_role("tab", name="声音")).to_be_visible(timeout=30_000)
    await page.get_by_test_id("own-camera").click()
    await page.get_by_test_id("own-microphone").click()
    return page


async def _opened(tool: Tool, title: str, centers: list[str]) -> str:
    opened = {"title": title, "kind": "dispatch", "centers": centers, "record": False}
    meeting = str((await tool.command("meeting.open", opened))["entries"][0]["meeting"])
    await tool.command("meeting.join", {}, meeting)
    return meeting


async def test_a_county_joins_the_meeting_of_the_city_and_leaves_it(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        mayor, chair = [
            await Tool.sign_in(http, hub.url, hub.account("leader", each)) for each in (CITY, COUNTY)
        ]
        city = await _opened(mayor, "全市防汛调度", [COUNTY])
        county = await _opened(chair, "临湘会商", [VILLAGE])
        station = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(station, hub.account("station", VILLAGE))
        await station.get_by_test_id("station-answer").click(timeout=30_000)
        below = await _desk(browser, hub, county, COUNTY)
        above = await _desk(browser, hub, city, CITY)
        await hears(station)

        # The city invites the county's meeting, by the keyboard; the county's chair is asked and accepts.
        await above.keyboard.press("Shift+U")
        sheet = above.get_by_test_id("units-sheet")
        await expect(sheet.get_by_test_id(f"below:{county}")).to_contain_text("临湘会商", timeout=30_000)
        assert await severe_findings(above) == []
        await _shot(above, "units-sheet")
        await sheet.get_by_role("button", name="邀请 临湘市 临湘会商").focus()
        await above.keyboard.press("Enter")
        await expect(sheet.get_by_test_id(f"unit-row:{county}")).to_contain_text("已邀请", timeout=30_000)
        await above.keyboard.press("Escape")
        strip = below.get_by_test_id("unit-strip")
        await expect(strip).to_contain_text("岳阳市邀请本会议加入“全市防汛调度”", timeout=30_000)
        await _shot(below, "units-invited")
        await strip.get_by_role("button", name="加入", exact=True).click()

        # Above there is one seat for all of it; below all see and hear the city, and are told so.
        await expect(strip).to_contain_text("已加入 市级会议", timeout=30_000)
        await expect(above.get_by_test_id(f"unit:{county}")).to_contain_text("临湘市 2 人")
        await expect(above.get_by_test_id(f"tile-{chair.account['id']}")).to_be_visible(timeout=30_000)
        await expect(station.get_by_test_id("station-upper")).to_contain_text("市级会议", timeout=30_000)
        await expect(station.get_by_test_id("station-stage")).to_have_attribute(
            "data-name", f"岳阳市 {mayor.account['name']}", timeout=30_000
        )
        await expect(below.get_by_test_id("stage-plate")).to_contain_text("岳阳市", timeout=30_000)
        for page in (station, above):
            await frames_grow(page, timeout_s=30)
        await hears(above)
        assert await severe_findings(below) == []
        assert await severe_findings(station) == []
        for page, name in ((above, "units-above"), (below, "units-below"), (station, "units-station")):
            await _shot(page, name)

        # The city mutes the unit: nothing of it is heard above, and both sides read it.
        await above.get_by_test_id(f"tile-{chair.account['id']}").click(position={"x": 8, "y": 8})
        await above.keyboard.press("m")
        await expect(below.get_by_test_id("unit-heard")).to_contain_text("上级已静音本会议", timeout=30_000)
        await hears_nothing(above)
        await hears(station)

        # The county leaves after one question; both go on, and neither sees the other any more.
        await below.keyboard.press("Shift+U")
        await below.get_by_test_id("unit-leave-key").click()
        await expect(below.get_by_test_id("unit-part")).to_contain_text("两个会议都继续")
        await _shot(below, "units-part")
        await below.get_by_test_id("unit-part-confirm").click()
        await expect(below.get_by_test_id("units-above")).to_contain_text("全市防汛调度", timeout=30_000)
        await expect(strip).to_be_hidden(timeout=30_000)
        await expect(above.get_by_test_id(f"tile-{chair.account['id']}")).to_be_hidden(timeout=30_000)
        await expect(station.get_by_test_id("station-upper")).to_be_hidden(timeout=30_000)
        await expect(station.get_by_test_id("station-stage")).to_have_attribute(
            "data-name", f"临湘市 {chair.account['name']}", timeout=30_000
        )
        await browser.close()
