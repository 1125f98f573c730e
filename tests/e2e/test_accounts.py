"""Every role signs in and lands on a page; an administrator finds his sections, the own account and another password."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY = "430600000000"


async def settled(page: Page, path: str) -> None:
    """Until the page stands at this address and answers: one that redirects for ever does neither."""
    await page.wait_for_url(f"**{path}", timeout=10_000)
    assert await page.evaluate("1 + 1") == 2


async def test_a_system_administrator_lands_on_a_page_and_changes_the_password(hub: HubProcess) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        page = await open_page(browser, hub.url)
        credentials = hub.account("system_admin", CITY)
        await sign_in(page, credentials)
        await settled(page, "/admin/centers")
        for path in ("/console", "/command", "/station", "/archive", "/"):
            await page.goto(hub.url + path)
            await settled(page, "/admin/centers")
        await page.goto(f"{hub.url}/account")
        await settled(page, "/account")
        assert "hub health" in (await page.get_by_test_id("account-duties").inner_text())
        await page.keyboard.press("?")
        await page.get_by_test_id("help-dialog").wait_for()
        await page.keyboard.press("Escape")
        new = "一条河流大波浪宽-2026"
        await page.get_by_test_id("password-old").fill(credentials["password"])
        await page.get_by_test_id("password-new").fill(new)
        await page.get_by_test_id("password-again").fill(new)
        await page.get_by_test_id("password-change").click()
        await page.get_by_test_id("password-done").wait_for()
        await page.get_by_test_id("person").click()
        await page.get_by_test_id("sign-out").click()
        await sign_in(page, credentials)

        async def refused() -> bool:
            words = await page.get_by_test_id("signin-problem").inner_text()
            assert words != "", "nothing is said about the old password"
            return True

        await eventually(refused, 10)
        await sign_in(page, {**credentials, "password": new})
        await settled(page, "/admin/centers")
        await page.goto(f"{hub.url}/account")
        assert "127.0.0.1" in (await page.get_by_test_id("account-last").inner_text())
        await browser.close()
