"""A plan is written by the keyboard, started as a drill by one key, and carried out; that it is a drill is said everywhere."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.rules import COUNTY, VILLAGE

pytestmark = pytest.mark.e2e
SLOW_MS = 30_000
NAME, ORDER = "山洪防御", "转移低洼地带住户"


async def write(page: Page) -> None:
    """The form, by the keyboard: what is missing is said at its field first."""
    await page.get_by_test_id("plan-new").press("Enter")
    await expect(page.get_by_test_id("plan-name")).to_be_focused()
    await page.get_by_test_id("plan-save").press("Enter")
    await expect(page.get_by_text("请写预案名称")).to_be_visible()
    await expect(page.get_by_text("请至少选一个中心")).to_be_visible()
    await expect(page.get_by_test_id("plan-name")).to_be_focused()
    await page.keyboard.type(NAME)
    await page.get_by_test_id("plan-event").focus()
    await page.keyboard.type("山洪")
    await page.get_by_test_id("plan-title").focus()
    await page.keyboard.type("山洪防御调度")
    await page.get_by_test_id("plan-banner").press("Space")
    await page.get_by_test_id("plan-banner-text").focus()
    await page.keyboard.type("山洪红色预警")
    await page.get_by_test_id("plan-order-add").press("Enter")
    await expect(page.get_by_test_id("plan-orders-0")).to_be_focused()
    await page.keyboard.type(ORDER)
    await page.get_by_test_id("tree-search").focus()
    await page.keyboard.type("坦渡村")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("booking-chosen")).to_contain_text("1")
    assert await severe_findings(page, "[data-testid=plan-form]") == []
    await page.get_by_test_id("plan-save").press("Enter")


async def test_a_plan_is_written_and_started_as_a_drill_that_is_marked_everywhere(hub: HubProcess) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright, *FAKE_DEVICES)
        leader = await open_page(browser, hub.url)
        village = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(leader, hub.account("leader", COUNTY))
        await sign_in(village, hub.account("station", VILLAGE))
        await village.get_by_test_id("station-waiting").wait_for()

        await leader.get_by_test_id("rail").get_by_role("link", name="会议").click()
        await leader.get_by_test_id("plans-open").click()
        await expect(leader.get_by_test_id("plans-none")).to_be_visible(timeout=SLOW_MS)
        await write(leader)
        detail = leader.get_by_test_id("plan-detail")
        await expect(detail).to_contain_text(ORDER, timeout=SLOW_MS)
        assert await severe_findings(leader, "[data-testid=plans]") == []

        # One key on 总览; what it does is said beforehand, and nothing happens before real or drill is chosen.
        await leader.get_by_test_id("rail").get_by_role("link", name="总览").click()
        key = leader.get_by_test_id(f"start-plan-{NAME}")
        await expect(key).to_be_enabled(timeout=SLOW_MS)
        await key.press("Enter")
        ask = leader.get_by_test_id("plan-ask")
        await expect(ask).to_contain_text("坦渡村")
        await expect(ask).to_contain_text(ORDER)
        confirm = leader.get_by_test_id("plan-ask-confirm")
        await expect(confirm).to_be_disabled()
        await leader.get_by_test_id("plan-mode-drill").check()
        await expect(confirm).to_contain_text("演练")
        assert await severe_findings(leader, "[data-testid=plan-ask]") == []
        await confirm.press("Enter")

        # The meeting runs, and its steps are done one after the other.
        await expect(leader.get_by_test_id("drill-band")).to_be_visible(timeout=SLOW_MS)
        run = leader.get_by_test_id("plan-run")
        await expect(run).to_have_attribute("data-state", "done", timeout=SLOW_MS)
        await expect(leader.get_by_test_id("plan-run-done")).to_contain_text("2/2")
        await leader.get_by_test_id("plan-run-open").press("Enter")
        await expect(leader.get_by_test_id("plan-run-step")).to_have_count(2)

        # The village is rung as for a drill, stays told of it, and its order is marked.
        ring = village.get_by_test_id("station-ring")
        await expect(ring).to_contain_text("演练", timeout=SLOW_MS)
        await village.get_by_test_id("station-answer").click()
        await expect(village.get_by_test_id("drill-band")).to_be_visible(timeout=SLOW_MS)
        await expect(village.get_by_text("演练：山洪红色预警").first).to_be_visible(timeout=SLOW_MS)
        await expect(village.get_by_text(ORDER).first).to_be_visible(timeout=SLOW_MS)

        # Kept as a drill.
        meeting = leader.url.rsplit("/", 1)[1]
        await leader.goto(f"{hub.url}/archive/{meeting}")
        await expect(leader.get_by_test_id("archive-drill")).to_be_visible(timeout=SLOW_MS)
        await expect(leader).to_have_url(re.compile("/archive/"))
        await browser.close()
