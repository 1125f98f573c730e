"""The rooms: a leader's morning by keyboard, and a meeting that is seen and heard in whatever room he walks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.rules import CITY, VILLAGE
from tests.support.waiting import eventually

PLAYED = "[...document.querySelectorAll('audio')].map(each => each.paused ? -1 : each.currentTime)"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    made = HubProcess(tmp_path / "data")
    await made.start()
    try:
        yield made
    finally:
        made.stop()


async def goes_on(page: Page) -> None:
    """Until sound of the meeting has been played a while: what is paused stands still."""
    before = await page.evaluate(PLAYED)

    async def later() -> bool:
        now = await page.evaluate(PLAYED)
        assert any(new > old >= 0 for new, old in zip(now, before, strict=False)), f"{before} then {now}"
        return True

    await eventually(later, 10)


async def test_the_day_is_worked_from_the_keyboard_and_a_meeting_follows_through_the_rooms(
    hub: HubProcess,
) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright, *FAKE_DEVICES)
        station = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
        leader = await (await browser.new_context(viewport={"width": 1366, "height": 768})).new_page()
        for page, role, center in ((station, "station", VILLAGE), (leader, "leader", CITY)):
            await page.goto(hub.url)
            await sign_in(page, hub.account(role, center))
        await expect(leader.get_by_test_id("overview-online")).to_contain_text("1")
        assert await severe_findings(leader) == []

        # A center is found by words of its path, and given an order, without a pointer and outside of any meeting.
        await leader.keyboard.press("Control+k")
        await expect(leader.get_by_role("option").first).to_be_visible()
        await leader.keyboard.type("临湘 坦渡村")
        await expect(leader.get_by_role("option").first).to_contain_text("坦渡村")
        await leader.keyboard.press("Enter")
        bar = leader.get_by_role("toolbar", name="对象：坦渡村")
        await expect(bar.get_by_role("button", name="选看")).to_be_disabled()
        await bar.get_by_role("button", name="下达指令").focus()
        await leader.keyboard.press("Enter")
        await expect(leader.get_by_role("dialog", name="下达指令").get_by_label("指令内容")).to_be_focused()
        await leader.keyboard.type("上堤巡查")
        await leader.keyboard.press("Enter")
        await expect(leader.get_by_role("dialog", name="下达指令")).to_be_hidden()
        await expect(station.get_by_text("上堤巡查").first).to_be_visible()
        await leader.keyboard.press("Escape")
        await expect(bar).to_be_hidden()

        # One key has everybody who is there chosen; the second, in 指挥, calls them.
        await leader.get_by_role("button", name="全部在线").click()
        await expect(leader.get_by_test_id("chosen-count")).to_have_text("1")
        await leader.get_by_test_id("convene").press("Enter")
        await station.get_by_test_id("station-answer").click()
        await expect(leader.get_by_test_id("number-arrived")).to_contain_text("1/1")

        # In another room it stays heard, its picture floats, and the way back is one key.
        await leader.get_by_test_id("rail").get_by_role("link", name="档案").click()
        await expect(leader.get_by_test_id("archive-search")).to_be_visible()
        await expect(leader.get_by_test_id("meeting-float")).to_be_visible()
        await goes_on(leader)
        await expect(leader).to_have_title("档案 · 岳阳市指挥调度 · 连线")
        assert await severe_findings(leader, "[data-testid=shell]") == []
        await leader.get_by_test_id("meeting-pill").press("Enter")
        await expect(leader.get_by_test_id("meeting-end")).to_be_visible()
        await expect(leader.get_by_test_id("meeting-float")).to_be_hidden()

        # The address alone brings one back to where the meeting is, and the ground is as one likes it.
        await leader.reload()
        await expect(leader.get_by_test_id("number-arrived")).to_contain_text("1/1")
        await leader.get_by_test_id("person").click()
        await leader.get_by_role("button", name="浅色").click()
        await expect(leader.locator("html")).not_to_have_class(re.compile("dark"))
        await browser.close()
