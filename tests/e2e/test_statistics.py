"""A clerk reads the statistics of today, goes down to a county by the keyboard, and takes them out as a file."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect
from python_calamine import CalamineWorkbook

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, COUNTY, TOWN, VILLAGE

pytestmark = pytest.mark.e2e


async def something_is_done(hub: HubProcess) -> None:
    """A meeting, two reports, an order that is done in time."""
    async with aiohttp.ClientSession() as http:
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        village = await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE))
        data = {"title": "防汛", "kind": "dispatch", "centers": [VILLAGE], "record": False}
        opened = await leader.command("meeting.open", data)
        meeting = str(opened["entries"][0]["meeting"])
        await village.command("meeting.join", {}, meeting)
        for situation in ("normal", "abnormal"):
            await village.command("report.file", {"situation": situation, "text": "水位上涨"}, meeting)
        issued = await leader.command("order.issue", {"text": "巡堤", "targets": [VILLAGE]}, meeting)
        order = {"order": issued["entries"][0]["data"]["order"]}
        await village.command("order.sign", order)
        await leader.command("meeting.end", {}, meeting)


async def test_a_clerk_reads_and_takes_out_what_was_done_today(hub: HubProcess, tmp_path: Path) -> None:
    await something_is_done(hub)
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        page = await open_page(browser, f"{hub.url}/archive")
        await sign_in(page, hub.account("clerk", CITY))
        await page.get_by_test_id("archive-tabs").get_by_role("link", name="统计").click()
        await page.get_by_role("button", name="今天").click()
        reports = page.get_by_test_id("figure-reports")
        await expect(reports).to_contain_text("其中有情况 1 条")
        await expect(page.get_by_test_id("figure-meetings")).to_contain_text("1")
        assert await severe_findings(page) == []
        # by the keyboard: what it goes by, then down to the county, the township, and back
        await page.get_by_test_id("figure-attendance").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="按到会率排名")).to_be_visible()
        for code in (COUNTY, TOWN):
            await page.get_by_test_id(f"league-{code}").get_by_role("button").focus()
            await page.keyboard.press("Enter")
            await expect(page).to_have_url(re.compile(f"center={code}$"))
        line = page.get_by_test_id(f"league-{VILLAGE}")
        await expect(line).to_contain_text("100.0%")
        await page.go_back()
        await page.go_back()
        await expect(page.get_by_test_id(f"league-{COUNTY}")).to_be_visible()
        async with page.expect_download() as fetching:
            await page.get_by_test_id("statistics-xlsx").click()
        path = tmp_path / "statistics.xlsx"
        await (await fetching.value).save_as(path)
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        place = rows[0].index("收集信息")
        assert {row[1]: row[place] for row in rows[1:-1]}[COUNTY] == "2"
        assert (rows[-1][0], rows[-1][place]) == ("合计", "2")
