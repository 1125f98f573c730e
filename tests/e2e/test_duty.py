"""Duty (值班): a roster that is put, a village that takes over and hands over, seen wherever one calls, told in its log."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in, to_command
from tests.support.hub_process import HubProcess
from tests.support.rules import COUNTY, VILLAGE

pytestmark = pytest.mark.e2e


async def put_a_roster(page: Page) -> None:
    """Today from midnight to midnight, and the same on the other days of the week; by the keyboard alone."""
    add = page.get_by_test_id("duty-roster").get_by_role("group").filter(has=page.locator("h3.today"))
    await add.get_by_role("button", name="加一班").press("Enter")
    await expect(add.get_by_label("姓名")).to_be_focused()
    await page.keyboard.type("张建国")
    await page.keyboard.press("Tab")
    await page.keyboard.type("民兵连长")
    await add.get_by_label("开始").fill("00:00")
    await add.get_by_label("结束").fill("00:00")
    await page.get_by_test_id("roster-save").press("Enter")
    await expect(page.get_by_test_id("duty-roster")).to_contain_text("已保存，共 1 班")


async def test_a_roster_is_put_a_village_takes_over_and_hands_over_and_it_is_seen_where_one_calls(
    hub: HubProcess,
) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright, *FAKE_DEVICES)
        county = await open_page(browser, hub.url)
        village = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(county, hub.account("leader", COUNTY))
        await sign_in(village, hub.account("station", VILLAGE))

        # Nobody has said anything of duty yet; the county puts the village's roster.
        await county.get_by_test_id("room-duty").click()
        await expect(county.get_by_test_id("own-duty")).to_contain_text("还没有人接过班")
        await county.get_by_test_id("duty-search").fill("坦渡村")
        row = county.get_by_test_id(f"duty-{VILLAGE}")
        await expect(row).to_have_attribute("data-state", "unplanned")
        await row.press("Enter")
        await put_a_roster(county)
        await expect(row).to_have_attribute("data-state", re.compile("roster"))
        await expect(row).to_contain_text("张建国（按排班）")
        assert await severe_findings(county, "[data-testid=duty-room]") == []

        # The village sees whose shift it is, and takes over with large keys.
        own = village.get_by_test_id("own-duty")
        await expect(own).to_contain_text("张建国 当班（按排班", timeout=30_000)
        await village.get_by_test_id("duty-take").click()
        await expect(village.get_by_test_id("duty-name")).to_have_value("张建国")
        box = await village.get_by_test_id("duty-take-confirm").bounding_box()
        assert box is not None
        assert box["height"] >= 56
        await village.get_by_test_id("duty-take-confirm").click()
        await expect(own).to_contain_text("已接班：张建国")
        await expect(row).to_have_attribute("data-state", "taken", timeout=30_000)

        # It hands over with a note; the next one reads it before he takes over.
        await village.get_by_test_id("duty-hand").click()
        await village.get_by_test_id("duty-situation").fill("水位 32.1 米，平稳")
        await village.get_by_test_id("duty-to_do").fill("20 时复测水位")
        assert await severe_findings(village, "[data-testid=own-duty]") == []
        await village.get_by_test_id("duty-hand-confirm").click()
        await expect(own).to_contain_text("已交班")
        await village.get_by_test_id("duty-take").click()
        await expect(own).to_contain_text("20 时复测水位")
        await village.get_by_test_id("duty-name").fill("李秀英")
        await village.get_by_test_id("duty-take-confirm").click()
        await expect(own).to_contain_text("已接班：李秀英")

        # The county reads the note and the log of the day.
        await county.get_by_test_id("duty-tab-turns").click()
        turns = county.get_by_test_id("duty-turns")
        await expect(turns).to_contain_text("李秀英", timeout=30_000)
        await expect(turns).to_contain_text("已阅读并接班")
        await expect(turns).to_contain_text("水位 32.1 米，平稳")
        await county.get_by_test_id("duty-tab-log").click()
        log = county.get_by_test_id("duty-log")
        await expect(log).to_contain_text("李秀英 阅读交班记录并接班")
        await expect(log.locator("tr[data-kind='duty.planned']")).to_have_count(1)
        async with county.expect_download() as download:
            await county.get_by_test_id("log-file").click()
        text = (await (await download.value).path()).read_text("utf-8-sig")
        assert "20 时复测水位" in text
        assert await severe_findings(county, "[data-testid=duty-room]") == []

        # Who is on duty stands where one calls.
        await to_command(county)
        await county.get_by_test_id("tree-search").fill("坦渡村")
        await expect(county.get_by_test_id(f"duty-of-{VILLAGE}").first).to_have_text("值班 李秀英")
        # it is there, so it is chosen already
        chosen = county.get_by_role("list", name="个中心将被呼叫")
        await expect(chosen.get_by_test_id(f"duty-of-{VILLAGE}")).to_have_text("值班 李秀英")
        await browser.close()
