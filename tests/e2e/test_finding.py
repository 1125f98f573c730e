"""A clerk finds what was said by two characters, at its second, from the keyboard; a leader finds it from any room."""

from __future__ import annotations

import os
import re
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, COUNTY, VILLAGE

pytestmark = pytest.mark.e2e


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`FINDING_PICTURES`: a folder)."""
    if folder := os.environ.get("FINDING_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def said(hub: HubProcess, http: aiohttp.ClientSession) -> int:
    """A meeting in which the village had the word and reported, and an incident outside of it; the report's number."""
    leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
    village = await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE))
    called = {"title": "防汛调度会", "kind": "dispatch", "centers": [COUNTY, VILLAGE]}
    meeting = (await leader.command("meeting.open", called))["entries"][0]["meeting"]
    await village.command("meeting.join", meeting=meeting)
    await village.command("floor.request", meeting=meeting)
    await leader.command("floor.grant", {"participant": village.account["id"]}, meeting)
    report = {"situation": "abnormal", "text": "检查站前积水，车辆绕行"}
    reported = await village.command("report.file", report, meeting)
    await village.command("floor.release", meeting=meeting)
    await leader.command("order.issue", {"text": "检查站设置警示牌", "targets": [VILLAGE]}, meeting)
    await leader.command("decision.record", {"text": "低洼户今晚转移完毕"}, meeting)
    await leader.command("meeting.end", meeting=meeting)
    await leader.command(
        "incident.register", {"kind": "incident", "title": "检查站旁护坡裂缝", "site": VILLAGE}
    )
    return int(reported["entries"][0]["seq"])


async def test_a_clerk_finds_what_was_said_and_a_leader_finds_it_from_any_room(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        report = await said(hub, http)
        browser = await launch(playwright)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        clerk = await context.new_page()
        await clerk.goto(hub.url)
        await sign_in(clerk, hub.account("clerk", CITY))
        field = clerk.get_by_test_id("archive-search")
        await field.fill("检查")
        await field.press("Enter")

        # 查找: what the meeting holds stands together, what was outside of it by itself; two characters are marked.
        hit = clerk.get_by_test_id(f"found-hit-{report}")
        await expect(hit).to_contain_text("检查站前积水，车辆绕行")
        await expect(hit.locator("mark")).to_have_text("检查")
        await expect(hit).to_contain_text("坦渡村")
        await expect(clerk.get_by_test_id("find-status")).to_contain_text("共 3 条")
        assert await severe_findings(clerk, "[data-testid=find]") == []
        await picture(clerk, "found")

        # By keyboard alone: narrowed, chosen by arrows, opened at its second.
        await clerk.keyboard.press("Shift+Tab")
        await clerk.get_by_test_id("find-text").focus()
        await clerk.keyboard.press("Control+A")
        await clerk.keyboard.type("坦渡村 绕行")
        await expect(clerk.get_by_test_id("find-status")).to_contain_text("共 1 条")
        await clerk.keyboard.press("ArrowDown")
        await expect(hit).to_be_focused()
        await clerk.keyboard.press("Enter")
        await expect(clerk).to_have_url(re.compile(rf"/archive/m_.*entry={report}"))
        await expect(clerk.get_by_test_id("archive-meeting")).to_contain_text("检查站前积水")
        await clerk.go_back()
        await expect(clerk.get_by_test_id("find-text")).to_have_value("坦渡村 绕行")

        # When the village had the word; nothing found says what to do.
        await clerk.get_by_test_id(f"find-words-of-{VILLAGE}").click()
        await expect(clerk.get_by_text("获准发言", exact=True)).to_be_visible()
        await expect(clerk.get_by_text("坦渡村 坦渡村值守")).to_be_visible()
        await picture(clerk, "spoken")
        await clerk.get_by_test_id("find-sort-decision").click()
        await expect(clerk.get_by_test_id("find-empty")).to_be_visible()
        await picture(clerk, "nothing")
        await clerk.get_by_test_id("find-clear").click()
        await clerk.get_by_test_id("find-text").fill("")
        await clerk.get_by_test_id("find-sort-all").click()
        await expect(clerk.get_by_test_id("find-help")).to_be_visible()
        assert await severe_findings(clerk, "[data-testid=find]") == []
        await picture(clerk, "help")

        # Ctrl-K finds the incident, and leads to all of it.
        leader = await (await browser.new_context(locale="zh-CN")).new_page()
        await leader.goto(hub.url)
        await sign_in(leader, hub.account("leader", CITY))
        await expect(leader.get_by_test_id("overview")).to_be_visible()
        await leader.keyboard.press("Control+k")
        await leader.get_by_test_id("palette-text").fill("护坡裂缝")
        await expect(leader.get_by_role("option", name="检查站旁护坡裂缝")).to_be_visible()
        await picture(leader, "palette")
        await leader.keyboard.press("Enter")
        await expect(leader).to_have_url(re.compile("/incidents/i_"))
        await browser.close()
