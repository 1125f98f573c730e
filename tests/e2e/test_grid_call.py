"""A grid member at a door is called into a meeting: his phone rings, his camera is on the stage, his household beside it."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, frames_grow, launch, open_page, playwright_running, sign_in
from tests.e2e.test_grid_phone import bound
from tests.support.hub_process import HubProcess, Tool
from tests.support.walked_grid import VILLAGE, WalkedGrid

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY = "430600000000"


async def test_a_phone_is_called_answered_seen_on_the_stage_and_its_household_beside_it(
    hub: HubProcess, tmp_path: Path
) -> None:
    walked = WalkedGrid(hub)
    await walked.begin(households=3)
    household = (await walked.rows())[0]["household"]
    async with aiohttp.ClientSession() as http, playwright_running() as playwright:
        chair = await Tool.sign_in(http, hub.url, hub.account("dispatcher", CITY))
        data = {"title": "防汛调度", "kind": "dispatch", "centers": [VILLAGE], "record": True}
        meeting = str((await chair.command("meeting.open", data))["entries"][0]["meeting"])
        browser = await launch(playwright, *FAKE_DEVICES)
        context = await browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
        phone = await bound(context, (await walked.code())["address"])
        desk = await open_page(browser, f"{hub.url}/command/{meeting}")
        await sign_in(desk, hub.account("dispatcher", CITY))
        await expect(desk.get_by_role("tab", name="舞台")).to_be_visible(timeout=30_000)
        await expect(desk.get_by_role("tab", name="入户")).to_have_count(0)

        # whose phone is there is said, and one key calls it
        await desk.keyboard.press("Shift+W")
        sheet = desk.get_by_test_id("phones-sheet")
        await sheet.get_by_test_id("phones-village").fill("坦渡村")
        await sheet.locator(f"[data-code='{VILLAGE}']").click()
        who = walked.members[0]
        member = sheet.get_by_test_id(f"member-{who}")
        await expect(member).to_have_attribute("data-online", "true")
        await desk.screenshot(path=str(tmp_path / "sheet.png"))
        await member.get_by_test_id(f"call-phone-{who}").click()
        ring = phone.get_by_test_id("call-ring")
        await expect(ring).to_be_visible(timeout=2_000)
        await expect(ring).to_contain_text("防汛调度")
        await expect(sheet.get_by_test_id(f"phone-here-{who}")).to_have_attribute("data-state", "rings")
        await phone.screenshot(path=str(tmp_path / "ring.png"))
        await ring.get_by_test_id("call-answer").click()
        await expect(sheet.get_by_test_id(f"phone-here-{who}")).to_have_attribute("data-state", "in")
        assert not await severe_findings(desk)
        await sheet.get_by_role("button", name="上主画面").click()
        await expect(phone.get_by_test_id("call-in")).to_contain_text("正在主画面")
        await expect(phone.get_by_test_id("call-truth")).to_contain_text("会场能看到您 · 能听到您")
        await desk.screenshot(path=str(tmp_path / "in.png"))
        await desk.keyboard.press("Escape")
        await expect(desk.get_by_test_id("stage-plate")).to_contain_text("坦渡村")
        await frames_grow(desk)
        await phone.screenshot(path=str(tmp_path / "call.png"))

        # a tour takes it for a step of its own
        await desk.keyboard.press("t")
        await desk.get_by_test_id("tour-kind-broadcast").check()
        await desk.get_by_test_id("tour-who").select_option("phones:all")
        await desk.get_by_test_id("tour-start").click()
        await expect(desk.get_by_test_id("tour-now")).to_contain_text("坦渡村 网格员1")
        await desk.screenshot(path=str(tmp_path / "tour.png"))
        await desk.get_by_test_id("tour-stop").click()
        await expect(desk.get_by_test_id("tour-strip")).to_have_count(0)

        # he goes on visiting; what he opens he may show
        await phone.get_by_test_id("call-walk").click()
        await phone.get_by_test_id(f"stop-{household}").locator(".where").click()
        await phone.get_by_test_id("case-show").click()
        await expect(phone.get_by_test_id("call-showing")).to_contain_text("还没有人看")
        await phone.screenshot(path=str(tmp_path / "walk.png"))
        await desk.get_by_role("tab", name="入户").click()
        await desk.get_by_test_id("case-look").click()
        seen = desk.get_by_test_id("case-seen")
        await expect(seen).to_contain_text("•")
        await expect(phone.get_by_test_id("call-showing")).to_contain_text("1 人看过")
        assert not await severe_findings(desk)
        await desk.screenshot(path=str(tmp_path / "case.png"))
        await phone.get_by_test_id("case-hide").click()
        await expect(seen).to_have_count(0)
        await expect(desk.get_by_role("tab", name="入户")).to_have_count(0)

        # the page is loaded anew: the same place, without a touch
        await phone.reload()
        await expect(phone.get_by_test_id("call-in")).to_have_attribute("data-up", "connected")
        await chair.command("phone.release", {"participant": who}, meeting)
        await expect(phone.get_by_test_id("call-in")).to_have_count(0)
        await expect(phone.get_by_test_id("call-said")).to_have_text("通话已结束")
        await expect(desk.get_by_test_id(f"tile-{who}")).to_have_count(0)
        await browser.close()
