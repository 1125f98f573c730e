"""Convening: a county with its townships in three clicks; one declines, one is off line, one is called again, one signs in."""

from __future__ import annotations

import os
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in, to_command
from tests.support.hub_process import HubProcess, Tool

pytestmark = pytest.mark.e2e

CITY, COUNTY, TOWNSHIP = "430600000000", "430682000000", "430682115000"
#: Counts what a person presses, wherever on the page.
COUNT_CLICKS = "window.__clicks = 0; addEventListener('click', () => (window.__clicks += 1), true)"


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`CONVENING_PICTURES`: a folder)."""
    if folder := os.environ.get("CONVENING_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_county_with_its_townships_is_called_and_who_does_not_come_is_called_again(
    hub: HubProcess,
) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        leader = await open_page(browser, hub.url)
        await sign_in(leader, hub.account("leader", CITY))
        await to_command(leader)
        station = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(station, hub.account("station", TOWNSHIP))
        await expect(station.get_by_test_id("station-waiting")).to_be_visible()

        # 到乡镇 on the county's row, and the key that calls: nobody else is among the called.
        await leader.evaluate(COUNT_CLICKS)
        await leader.get_by_test_id(f"center-{COUNTY}").hover()
        await leader.get_by_test_id(f"reach-township-{COUNTY}").click()
        await leader.get_by_test_id("convene").click()
        await expect(leader.get_by_role("tab").first).to_be_visible()
        assert await leader.evaluate("window.__clicks") <= 3
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        meeting = (await tool.get("/api/v1/meetings?state=open"))["meetings"][0]
        levels = {each["level"] for each in (await tool.get(f"/api/v1/centers?subtree={COUNTY}"))["centers"]}
        assert {"county", "township"} <= levels
        called = set(meeting["centers"]) - {CITY}
        assert COUNTY in called
        assert TOWNSHIP in called
        assert all(code.endswith("000") and code.startswith("430682") for code in called), called

        # One says that it is busy, the others are not there: each in its own word, with who and why.
        await expect(station.get_by_test_id("station-countdown")).to_be_visible()
        await station.get_by_role("button", name="拒接").click()
        assert await severe_findings(station) == []
        await station.get_by_role("button", name="正在处置").click()
        await expect(station.get_by_text("已拒接：正在处置")).to_be_visible()
        await leader.get_by_role("tab", name="与会方").click()
        await expect(leader.get_by_test_id(f"person-{COUNTY}")).to_contain_text("不在线")
        # Fourteen stand in sight: it is at the end of the list.
        await leader.get_by_role("list", name="与会方").hover()
        await leader.mouse.wheel(0, 4000)
        row = leader.get_by_test_id(f"person-{TOWNSHIP}")
        await expect(row).to_contain_text("已拒接")
        await expect(row).to_contain_text("正在处置")
        await expect(leader.get_by_test_id("people-sum")).to_have_text(f"到会中心 0/{len(called)}")
        assert await severe_findings(leader) == []
        await picture(leader, "people")

        # The arrival board, on a page of its own, says the same, by county.
        async with leader.context.expect_page() as opening:
            await leader.get_by_role("link", name="到会板").click()
        board = await opening.value
        await expect(board.get_by_test_id("arrivals-sum")).to_have_text(f"0/{len(called)}")
        county = board.get_by_role("listitem").filter(has=board.get_by_role("heading", name="临湘市"))
        await expect(county).to_contain_text("已拒接 1")
        assert await severe_findings(board) == []

        # Called again with the keyboard alone.
        await leader.get_by_test_id(f"call-again-{TOWNSHIP}").focus()
        await leader.keyboard.press("Enter")

        # The station rings anew; with the keyboard alone it comes and says who is there.
        await expect(station.get_by_role("alertdialog")).to_be_visible()
        await expect(station.get_by_role("button", name="接听")).to_be_focused()
        await station.keyboard.press("Enter")
        await expect(station.get_by_test_id("station-meeting")).to_be_visible()
        name = station.get_by_role("textbox", name="姓名")
        await name.focus()
        await station.keyboard.type("李某")
        await station.keyboard.press("Tab")
        await station.keyboard.type("值守")
        await station.keyboard.press("Enter")
        await expect(station.get_by_test_id("station-sign-in")).to_contain_text("已签到 值守 李某")
        assert await severe_findings(station) == []
        await expect(row).to_contain_text("值守 李某")
        tile = leader.locator(f"article[data-center='{TOWNSHIP}']")
        await expect(tile).to_contain_text("值守 李某")
        # The board has followed all the while.
        await expect(board.get_by_test_id("arrivals-sum")).to_have_text(f"1/{len(called)}")
        await expect(board.get_by_test_id("arrivals-missing")).to_have_text(str(len(called) - 1))
        await expect(county).not_to_contain_text("已拒接")

        # Loaded again in another room the page stays there, with the meeting beside it; the way back is a press away.
        await leader.get_by_test_id("room-cases").click()
        await expect(leader.get_by_test_id("meeting-pill")).to_be_visible()
        address = leader.url
        await leader.reload()
        await expect(leader.get_by_test_id("meeting-pill")).to_contain_text(meeting["title"], timeout=30_000)
        await expect(leader.get_by_test_id("meeting-float")).to_be_visible(timeout=30_000)
        assert leader.url == address
        await picture(leader, "pill")

        # How its stations answer is said from above, by keyboard alone; the station hears it at once.
        await leader.get_by_test_id("room-overview").click()
        await leader.get_by_role("link", name="应答方式").click()
        await leader.get_by_test_id("answering-search").fill("坦渡镇")
        how = leader.get_by_test_id(f"answering-how-{TOWNSHIP}")
        await how.focus()
        await leader.keyboard.type("30")
        await leader.keyboard.press("Enter")
        await expect(how).to_have_value("30")
        await expect(leader.get_by_role("status").filter(has_text="坦渡镇：30 秒后自动应答")).to_be_visible()
        await picture(leader, "answering")
        assert await severe_findings(leader) == []

        # Over: the minutes have the sums, who came and when, who signed in, and who was absent.
        await tool.command("meeting.end", meeting=meeting["id"])
        await leader.goto(f"{hub.url}/archive/{meeting['id']}")
        await leader.get_by_test_id("archive-minutes-open").click()
        sums = leader.get_by_test_id("minutes-sums")
        await expect(sums).to_contain_text(f"应到 {len(called)}")
        await expect(sums).to_contain_text("实到 1")
        await expect(sums).to_contain_text(f"缺席 {len(called) - 1}")
        await expect(leader.get_by_test_id("minutes-came")).to_contain_text("值守 李某")
        await expect(leader.get_by_test_id("minutes-absent")).to_contain_text("临湘市")
        await picture(leader, "minutes")
        assert await severe_findings(leader) == []
