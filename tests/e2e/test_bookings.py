"""A booked meeting: asked for by a county, approved above, told of at a village, opened by itself, held, kept."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from playwright.async_api import Page, expect

from hub.clock import system_clock, to_wire
from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import COUNTY, VILLAGE

pytestmark = pytest.mark.e2e
TITLE = "防汛调度例会"


async def fill_in(page: Page) -> None:
    """The form, from the keyboard alone: the title has the cursor, the village is found and ticked in the tree."""
    await page.get_by_test_id("booking-new").press("Enter")
    await expect(page.get_by_test_id("booking-title")).to_be_focused()
    await page.keyboard.type(TITLE)
    await page.get_by_test_id("booking-length").select_option("30")
    await page.get_by_test_id("booking-note").fill("1. 雨情通报\n2. 各村汇报")
    await page.get_by_role("combobox", name="备用主席").select_option(label="临湘市 李某")
    await page.get_by_test_id("tree-search").focus()
    await page.keyboard.type("坦渡村")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("booking-chosen")).to_contain_text("1")


async def test_a_meeting_is_booked_approved_noticed_opened_by_itself_and_held(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        county = await open_page(browser, hub.url)
        leader = await open_page(browser, hub.url)
        village = await open_page(browser, hub.url, width=390, height=844)
        names = ["--username", "linxiang-dispatch", "--name", "周某"]
        added = await asyncio.to_thread(
            hub.run, "accounts", "add", *names, "--role", "dispatcher", "--center", COUNTY
        )
        dispatcher = dict(zip(("username", "password"), added.stdout.split(), strict=True))
        for page, credentials in (
            (county, dispatcher),
            (leader, hub.account("leader", COUNTY)),
            (village, hub.account("station", VILLAGE)),
        ):
            await sign_in(page, credentials)
        await village.get_by_test_id("station-waiting").wait_for()

        # The county's leader wants to see what is booked.
        await leader.get_by_test_id("rail").get_by_role("link", name="会议").click()
        await leader.get_by_test_id("approval-required").check()
        await expect(leader.get_by_test_id("approval-required")).to_be_enabled()

        # The dispatcher fills in the form; that it needs approval is said, a conflict shows while it is filled in.
        await county.get_by_test_id("rail").get_by_role("link", name="会议").click()
        await expect(county.get_by_text("还没有预约")).to_be_visible()
        await fill_in(county)
        await expect(county.get_by_test_id("booking-approval-needed")).to_contain_text("批准")
        await expect(county.get_by_test_id("booking-conflicts")).to_contain_text("没有冲突")
        assert await severe_findings(county, "[data-testid=booking-form]") == []
        await county.get_by_test_id("template-save").click()
        await expect(county.get_by_test_id(f"template-{TITLE}")).to_be_visible()
        await county.get_by_test_id("booking-save").press("Enter")
        mine = county.get_by_test_id("booking-detail")
        await expect(mine).to_have_attribute("data-state", "proposed")
        await expect(mine.get_by_test_id("booking-backup")).to_have_text("临湘市 李某")
        booking = county.url.rsplit("/", 1)[1]
        await county.get_by_test_id("booking-copy").click()
        await expect(county.get_by_test_id("booking-chosen")).to_contain_text("1")
        await county.get_by_test_id("booking-back").click()
        await county.get_by_test_id(f"booking-{booking}").click()

        # Its leader hears of it at once, and approves; the booker and the village see it without a touch.
        await leader.get_by_test_id("bookings-waiting").get_by_text(TITLE).click()
        await leader.get_by_test_id("booking-approve").click()
        await expect(mine).to_have_attribute("data-state", "approved", timeout=30_000)
        strip = village.get_by_test_id("station-bookings")
        await expect(strip).to_contain_text(TITLE, timeout=30_000)
        assert await severe_findings(leader, "[data-testid=meetings]") == []
        assert await severe_findings(village, "[data-testid=station-bookings]") == []

        # Another meeting at the time is said by name while one fills in.
        await county.get_by_test_id("booking-copy").click()
        await expect(county.get_by_test_id("booking-title")).to_have_value(TITLE)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", COUNTY))
        known = await tool.get(f"/api/v1/bookings/{booking}")
        local = datetime.fromisoformat(known["starts_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
        await county.get_by_test_id("booking-day").fill(f"{local:%Y-%m-%d}")
        await county.get_by_test_id("booking-time").fill(f"{local:%H:%M}")
        await expect(county.get_by_test_id("booking-conflicts")).to_contain_text(f"坦渡村 已在“{TITLE}”")
        await expect(county.get_by_test_id("booking-conflicts")).to_contain_text("主席相同")
        await county.get_by_test_id("booking-back").click()
        await county.get_by_test_id("booking-leave-confirm").click()
        await county.get_by_test_id(f"booking-{booking}").click()

        # Its time comes soon: the notice, and the meeting by itself.
        soon = to_wire(system_clock() + timedelta(seconds=8))
        kept = ("title", "kind", "minutes", "record", "notice_minutes", "by_itself", "note")
        fields = {name: known[name] for name in kept}
        await tool.command(
            "booking.change",
            {
                **fields,
                "booking": booking,
                "starts_at": soon,
                "centers": [VILLAGE],
                "chair": known["chair"]["account"],
                "backup": known["backup"]["account"],
            },
        )
        await expect(strip).to_contain_text("即将开会", timeout=30_000)
        await expect(village.get_by_test_id("station-answer")).to_be_visible(timeout=30_000)
        await village.get_by_test_id("station-answer").click()
        await expect(mine).to_have_attribute("data-state", "opened", timeout=30_000)
        await county.get_by_test_id("booking-enter").press("Enter")
        await expect(county.get_by_test_id("number-arrived")).to_contain_text("1/1", timeout=30_000)

        # Held, and in the archive.
        meeting = (await tool.get(f"/api/v1/bookings/{booking}"))["meeting"]
        chair = await Tool.sign_in(http, hub.url, dispatcher)
        # who was named with the booking stands by in the meeting
        led = await chair.get(f"/api/v1/meetings/{meeting}/controls?group=chair")
        assert [(one["kind"], one["data"]["participant"]["id"]) for one in led["entries"]] == [
            ("chair.backup_named", known["backup"]["account"])
        ]
        await chair.command("meeting.end", {}, meeting)
        await county.goto(f"{hub.url}/meetings/{booking}")
        await expect(mine).to_have_attribute("data-state", "held", timeout=30_000)
        await county.get_by_test_id("booking-archive").click()
        await expect(county).to_have_url(re.compile(f"/archive/{meeting}"))
        await expect(county.get_by_role("heading", name=TITLE).first).to_be_visible()
        await browser.close()
