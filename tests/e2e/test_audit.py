"""The audit is searched, proven and taken out by its administrator; the system administrator makes a backup and sees health."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.inproc.test_backup_hub import recorded_meeting
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, VILLAGE

pytestmark = pytest.mark.e2e
SLOW_MS = 30_000


async def a_clerk_looks_and_somebody_guesses(hub: HubProcess) -> None:
    """What the audit is about, by the API."""
    async with aiohttp.ClientSession() as http, recorded_meeting(hub, http) as (_, meeting):
        clerk = await Tool.sign_in(http, hub.url, hub.account("clerk", CITY))
        found = (await clerk.get(f"/api/v1/meetings/{meeting}/recordings"))["recordings"]
        part = next(each for each in found[0]["parts"] if each["state"] == "closed")
        path = f"{hub.url}/api/v1/recordings/{found[0]['id']}/parts/{part['id']}/media"
        async with http.get(path, headers={**clerk.headers, "Range": "bytes=0-99"}) as answer:
            assert answer.status == 206
        guess = {"username": hub.account("station", VILLAGE)["username"], "password": "猜一猜"}
        for _ in range(6):
            async with http.post(f"{hub.url}/api/v1/session", json=guess) as answer:
                assert answer.status in (401, 429)


async def find_by_keyboard(page: Page) -> None:
    """A look at a recording is found, opened, proven and closed without a pointer."""
    await page.get_by_test_id("audit-group").focus()
    await page.keyboard.type("查看")
    row = page.get_by_role("button", name="查看录像")
    await expect(row).to_have_count(1)
    await row.focus()
    await page.keyboard.press("Enter")
    entry = page.get_by_test_id("audit-entry")
    await expect(entry).to_contain_text("备份时")
    await expect(entry).to_contain_text("127.0.0.0/24")
    await expect(page.get_by_test_id("audit-one-proof")).to_contain_text("内容与哈希一致")
    assert await severe_findings(page) == []
    await page.keyboard.press("Escape")
    await expect(entry).to_be_hidden()
    await expect(row).to_be_focused()


async def test_the_audit_is_searched_proven_taken_out_and_the_hub_is_backed_up(
    hub: HubProcess, tmp_path: Path
) -> None:
    await a_clerk_looks_and_somebody_guesses(hub)
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        page = await open_page(browser, hub.url, width=1366, height=768)
        page.set_default_timeout(SLOW_MS)
        expect.set_options(timeout=SLOW_MS)
        await sign_in(page, hub.account("audit_admin", CITY))
        await page.wait_for_url("**/admin/audit")
        await expect(page.get_by_role("heading", name="审计", exact=True)).to_be_visible()
        await find_by_keyboard(page)
        await page.get_by_test_id("audit-group").select_option("signIns")
        await page.get_by_role("button", name="登录失败").first.click()
        await expect(page.get_by_test_id("audit-entry")).to_contain_text("次数")
        await page.get_by_test_id("audit-verify").click()
        await expect(page.get_by_test_id("audit-verified")).to_have_attribute("data-ended", "whole")
        async with page.expect_download() as begun:
            await page.get_by_test_id("audit-export").press("Enter")
        file = tmp_path / "audit.csv"
        await (await begun.value).save_as(file)
        checked = await asyncio.to_thread(hub.run, "journal", "check-export", str(file))
        assert checked.returncode == 0, checked.stdout + checked.stderr
        # None of the three does another's work.
        for other in ("backup", "health", "storage"):
            await expect(page.get_by_test_id(f"section-{other}")).to_have_count(0)
        await page.get_by_test_id("person").click()
        await page.get_by_test_id("sign-out").click()

        await sign_in(page, hub.account("system_admin", CITY))
        await page.get_by_test_id("section-backup").click()
        await expect(page.get_by_test_id("section-audit")).to_have_count(0)
        await expect(page.get_by_text("还没有备份")).to_be_visible()
        await page.get_by_test_id("backup-make").press("Enter")
        await expect(page.get_by_test_id("backup-last")).to_have_attribute("data-state", "made")
        await page.get_by_role("button", name="核验").first.click()
        await expect(page.get_by_test_id("backup-last")).to_contain_text("核验完好")
        await expect(page.get_by_test_id("backup-restore")).to_contain_text("hub restore /")
        assert await severe_findings(page) == []
        await page.get_by_test_id("section-health").click()
        await expect(page.get_by_test_id("health-database")).to_have_attribute("data-state", "good")
        await expect(page.get_by_test_id("health-node")).to_have_attribute("data-state", "good")
        assert await severe_findings(page) == []
        await page.get_by_test_id("section-storage").click()
        await expect(page.get_by_test_id("kept-recordings")).to_contain_text("KB")
        assert await severe_findings(page) == []
        await browser.close()
