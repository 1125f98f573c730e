"""有情况 outside of meetings: on every desk above at once, answered by keyboard, its way told truly at the station."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.rules import CITY, COUNTY, VILLAGE

pytestmark = pytest.mark.e2e

#: Notes when the station's key is pressed, and when a strip first shows an alarm: both by the one clock of the machine.
PRESSED = """() => addEventListener('click', (event) => {
  if (event.target.closest('[data-testid=station-report-send]')) window.__at = Date.now()
}, true)"""
SHOWN = """() => {
  const look = () => {
    if (!window.__at && document.querySelector('[data-testid=strip-acknowledge]')) window.__at = Date.now()
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
}"""
#: The page's own measure of what may pass: it is on both desks within so long (ms).
AT_ONCE_MS = 5_000


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`ALARM_PICTURES`: a folder)."""
    if folder := os.environ.get("ALARM_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_situation_is_seen_above_at_once_acknowledged_ordered_and_the_station_knows(
    hub: HubProcess,
) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright, *FAKE_DEVICES)

        async def at(role: str, center: str, width: int, height: int) -> Page:
            context = await browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = await context.new_page()
            page.set_default_timeout(30_000)
            await page.goto(hub.url)
            await sign_in(page, hub.account(role, center))
            return page

        station = await at("station", VILLAGE, 390, 844)
        city, county = await at("leader", CITY, 1366, 768), await at("leader", COUNTY, 1366, 768)
        await expect(city.get_by_test_id("overview-alarms")).to_contain_text("没有未阅的情况")
        await expect(county.get_by_test_id("overview-alarms")).to_contain_text("没有未阅的情况")
        await station.evaluate(PRESSED)
        for desk in (city, county):
            await desk.evaluate(SHOWN)

        # One key, a few words: it is on both desks.
        await station.get_by_test_id("station-report-abnormal").click()
        await station.get_by_test_id("station-report-text").fill("水位上涨，3户待转移")
        await station.get_by_test_id("station-report-send").click()
        for desk in (city, county):
            await expect(desk.get_by_test_id("alarms")).to_contain_text("坦渡村")
            await expect(desk.get_by_test_id("alarms")).to_contain_text("水位上涨，3户待转移")
        began = await station.evaluate("window.__at")
        for name, desk in (("city", city), ("county", county)):
            took = await desk.evaluate("window.__at") - began
            print(f"有情况 was on the desk of the {name} {took} ms after the key")
            assert took <= AT_ONCE_MS
        await picture(city, "overview")
        assert await severe_findings(city) == []
        await picture(station, "station-delivered")
        own = station.get_by_test_id("own-reports")
        await expect(own.locator("[data-step=delivered]")).to_be_visible(timeout=30_000)
        await expect(own.locator("[data-step=waits]")).to_have_text("等待上级查看")

        # It stands at the center's name, too, until somebody has seen it.
        await city.get_by_test_id("room-command").click()
        await city.get_by_test_id("tree-present-only").click()
        await expect(city.get_by_test_id(f"center-{VILLAGE}")).to_be_visible()
        await picture(city, "command")
        await expect(city.get_by_test_id(f"alarmed-{VILLAGE}")).to_be_visible()

        # The county acknowledges it without a pointer: the other desk and the station know who did.
        await county.keyboard.press("F6")
        await expect(county.get_by_test_id("strip-look")).to_be_focused()
        for _ in range(4):  # past 摄像头, 广播 and 下令
            await county.keyboard.press("Tab")
        await expect(county.get_by_test_id("strip-acknowledge")).to_be_focused()
        await county.keyboard.press("Enter")
        await expect(city.get_by_test_id("alarm-news")).to_contain_text("临湘市")
        await expect(city.get_by_test_id("strip-acknowledge")).to_have_count(0)
        await expect(city.get_by_test_id(f"alarmed-{VILLAGE}")).to_have_count(0)
        await expect(own.locator("[data-step=acknowledged]")).to_contain_text("临湘市")

        # The city orders because of it, without a pointer: its words stand above the order, the station has it.
        await city.get_by_test_id("room-cases").focus()
        await city.keyboard.press("Enter")
        row = city.locator("[data-testid^=case-w_]")
        await expect(row).to_have_count(1)
        await row.focus()
        await city.keyboard.press("Enter")
        await expect(city.get_by_test_id("way-acknowledged")).to_contain_text("临湘市")
        await city.get_by_test_id("case-order").focus()
        await city.keyboard.press("Enter")
        await expect(city.get_by_test_id("order-quote")).to_contain_text("水位上涨")
        await city.keyboard.type("先转移三户，再报告")
        await picture(city, "order")
        await city.keyboard.press("Enter")
        await expect(city.get_by_test_id("way-ordered")).to_contain_text("岳阳市")
        await expect(city.get_by_test_id("case-follows")).to_contain_text("先转移三户")
        await expect(own.locator("[data-step=ordered]")).to_be_visible()
        await expect(station.get_by_test_id("station-orders")).to_contain_text("先转移三户")
        await picture(city, "cases")
        await picture(station, "station-ordered")
        assert await severe_findings(city) == []
        assert await severe_findings(station) == []

        # All is well again: over at the desk as at the station.
        await station.get_by_test_id("station-report-normal").click()
        await expect(station.get_by_test_id("station-report-normal-state")).to_contain_text("秒后报出")
        await expect(city.get_by_test_id("way-cleared")).to_contain_text("一切正常", timeout=30_000)
        await expect(own.locator("[data-step=cleared]")).to_be_visible()

        # Without a line a report is kept, said so, and comes when there is one.
        await station.context.set_offline(True)
        await expect(station.get_by_test_id("station-line")).not_to_contain_text("已连接")
        await station.get_by_test_id("station-report-abnormal").click()
        await station.get_by_test_id("station-report-text").fill("管涌")
        await station.get_by_test_id("station-report-send").click()
        await expect(station.get_by_test_id("own-sending")).to_contain_text("已记下")
        await picture(station, "station-offline")
        await station.context.set_offline(False)
        await expect(county.get_by_test_id("alarms")).to_contain_text("管涌")
        await expect(own.locator("[data-step=delivered]").first).to_be_visible()
        await city.set_viewport_size({"width": 390, "height": 844})
        await picture(city, "cases-narrow")
