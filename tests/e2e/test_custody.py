"""Retention on the pages: a dry run, two persons, a hold that stops one of two meetings, and a page that says what is gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.archived import DIST
from tests.support.custody import archive
from tests.support.edge import PASSWORD, Person

pytestmark = pytest.mark.e2e


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`CUSTODY_PICTURES`: a folder)."""
    if folder := os.environ.get("CUSTODY_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def _page_of(browser: Browser, person: Person, url: str) -> Page:
    page = await open_page(browser, url)
    await sign_in(page, {"username": person.account.username, "password": PASSWORD})
    return page


async def test_what_is_over_its_time_goes_by_two_persons_and_a_hold_stops_it(tmp_path: Path) -> None:
    async with (
        archive(tmp_path, meetings=2, HUB_WEB_DIR=str(DIST)) as kept,
        playwright_running() as playwright,
    ):
        browser = await launch(playwright)
        url = kept.edge.url
        gone, held = kept.all

        # The system administrator says how long recordings are kept; nothing goes by that.
        page = await _page_of(browser, kept.system, f"{url}/admin/retention")
        await page.get_by_test_id("retention-recordings").fill("30")
        await picture(page, "retention")
        assert await severe_findings(page) == []
        await page.get_by_test_id("retention-save").click()
        await expect(page.get_by_test_id("retention-since")).to_contain_text("设定")
        await page.context.close()

        # The clerk sees what is over its time and what stays, and asks for it.
        clerk = await _page_of(browser, kept.clerk, f"{url}/custody")
        await expect(clerk.get_by_test_id("custody-verdict")).to_contain_text("2 场会议，2 件")
        await picture(clerk, "run")
        assert await severe_findings(clerk) == []
        await clerk.get_by_test_id("custody-why").fill("保存期满")
        await clerk.get_by_test_id("custody-ask").click()
        await expect(clerk.get_by_test_id("custody-confirm")).to_contain_text("无法恢复")
        await picture(clerk, "ask")
        await clerk.get_by_test_id("custody-confirm-confirm").click()
        await expect(clerk.get_by_test_id("disposal-state")).to_have_attribute("data-state", "asked")
        list_page = clerk.url
        await picture(clerk, "asked")

        # One of the two meetings is put on hold meanwhile.
        await clerk.goto(f"{url}/archive/{held.meeting}?open=custody")
        await clerk.get_by_test_id("custody-reason").fill("信访复查")
        await clerk.get_by_test_id("custody-hold").click()
        await expect(clerk.get_by_test_id("custody-held")).to_be_visible()
        await picture(clerk, "held")

        # Another person agrees; the hub carries it out, but for the meeting on hold.
        disposer = kept.disposer()
        await disposer.start()
        try:
            auditor = await _page_of(browser, kept.auditor, list_page)
            await auditor.get_by_test_id("disposal-approve").click()
            await picture(auditor, "approve")
            await auditor.get_by_test_id("disposal-confirm-confirm").click()
            await expect(auditor.get_by_test_id("disposal-state")).to_have_attribute(
                "data-state", "completed"
            )
        finally:
            await disposer.stop()
        await expect(auditor.get_by_test_id("disposal-done")).to_contain_text("1 场会议未动")
        await picture(auditor, "completed")

        # The page of the one says when, by which list and by whose word; the other still has its player.
        await clerk.goto(f"{url}/archive/{gone.meeting}")
        await expect(clerk.get_by_test_id("archive-destroyed")).to_contain_text("录像已按规定销毁")
        await expect(clerk.get_by_test_id("archive-destroyed")).to_contain_text("销毁清单")
        await picture(clerk, "destroyed")
        assert await severe_findings(clerk, "[data-testid=archive-destroyed]") == []
        await clerk.goto(f"{url}/archive/{held.meeting}")
        await expect(clerk.get_by_test_id("archive-held")).to_contain_text("信访复查")
        await expect(clerk.get_by_test_id("archive-destroyed")).to_have_count(0)
        await picture(clerk, "still")
        await clerk.set_viewport_size({"width": 390, "height": 844})
        await clerk.goto(f"{url}/custody?show=lists")
        await picture(clerk, "phone")
