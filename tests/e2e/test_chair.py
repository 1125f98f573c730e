"""The chair drops and the backup leads on; who comes late waits and is let in; the meeting rests; all of it is told."""

from __future__ import annotations

import csv
import io

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in, to_command
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
WAIT_MS = 30_000


async def enter(page: Page, hub: HubProcess, role: str, center: str) -> None:
    await sign_in(page, hub.account(role, center))
    await to_command(page)
    await expect(page.get_by_role("tab", name="主席")).to_be_visible(timeout=WAIT_MS)


async def test_the_backup_leads_on_by_the_keyboard(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        backup = await Tool.sign_in(http, hub.url, hub.account("leader", COUNTY))
        name = str(backup.account["name"])
        leader = f"临湘市 {name}"
        opened = {"title": "防汛调度", "kind": "dispatch", "centers": [COUNTY, VILLAGE], "record": False}
        meeting = (await tool.command("meeting.open", opened))["entries"][0]["meeting"]
        mayor = await open_page(browser, f"{hub.url}/command/{meeting}")
        await enter(mayor, hub, "leader", CITY)
        county = await open_page(browser, f"{hub.url}/command/{meeting}")
        await enter(county, hub, "leader", COUNTY)

        # The mayor names the county's leader as backup, by the keyboard; then his page is gone.
        await mayor.keyboard.press("h")
        await mayor.get_by_test_id("chair-backup-to").select_option(label=leader)
        await mayor.get_by_test_id("chair-backup-name").focus()
        assert await severe_findings(mayor) == []
        await mayor.keyboard.press("Enter")
        await expect(mayor.get_by_test_id("chair-backup")).to_contain_text(leader)
        # It is locked; then his page is gone.
        await mayor.keyboard.press("Shift+L")
        await expect(mayor.get_by_test_id("lock")).to_have_attribute("data-state", "locked")
        await mayor.context.close()

        # Who comes late waits, and is told so.
        station = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(station, hub.account("station", VILLAGE))
        await station.get_by_test_id("station-answer").click(timeout=WAIT_MS)
        door = station.get_by_test_id("station-door")
        await expect(door).to_contain_text("会议已锁定，请等候", timeout=WAIT_MS)
        assert await severe_findings(station) == []

        # The backup has the chair, sees at once who waits, and lets him in by one key.
        await county.keyboard.press("h")
        lost = county.get_by_test_id("notice-lost")
        await expect(lost).to_contain_text(leader, timeout=WAIT_MS)
        notice = county.get_by_test_id("notice-chair")
        await expect(notice).to_contain_text("您现在是主席", timeout=WAIT_MS)
        await expect(county.get_by_test_id("chair-who")).to_contain_text("（您）")
        await expect(county.get_by_test_id("notice-waiting")).to_contain_text("1 个在等候入会")
        await expect(county.get_by_test_id("waiting")).to_contain_text("坦渡村")
        assert await severe_findings(county) == []
        await county.keyboard.press("Shift+A")
        await expect(door).to_be_hidden()
        await expect(station.get_by_test_id("station-chair")).to_contain_text(leader)
        heard = station.get_by_test_id("station-heard")
        await expect(heard).to_have_attribute("data-state", "yes", timeout=WAIT_MS)

        # The meeting rests: said plainly, and the stage is empty.
        await county.keyboard.press("Shift+P")
        await expect(station.get_by_test_id("station-paused")).to_contain_text("会议暂停")
        await expect(heard).to_have_attribute("data-state", "rests")
        await expect(county.get_by_test_id("notice-paused")).to_be_visible()
        assert await severe_findings(station) == []
        await county.keyboard.press("Shift+P")
        await expect(station.get_by_test_id("station-paused")).to_be_hidden()
        await expect(heard).to_have_attribute("data-state", "yes", timeout=WAIT_MS)

        # The history tells each, by person, and is taken out.
        await county.get_by_test_id("chair-view-record").click()
        lines = county.get_by_test_id("controls")
        for words in (
            "继续开会",
            "暂停会议",
            "放行 坦渡村",
            "锁定会议",
            f"掉线，{leader} 接任主席",
        ):
            await expect(lines).to_contain_text(words)
        assert await severe_findings(county) == []
        await county.get_by_test_id("controls-by").select_option(label="系统")
        await expect(lines.get_by_role("listitem")).to_have_count(1)
        await county.get_by_test_id("controls-by").select_option(label="所有人")
        await county.get_by_test_id("controls-group").select_option(label="会议")
        async with county.expect_download() as download:
            await county.get_by_test_id("controls-csv").click()
        text = (await (await download.value).path()).read_text("utf-8-sig")
        rows = [(row["操作"], row["操作人"]) for row in csv.DictReader(io.StringIO(text))]
        assert rows[:2] == [(act, name) for act in ("继续会议", "暂停会议")]

        # In the archive each stands at its second: a click goes there; the minutes have them as an annex.
        await tool.command("meeting.end", {}, meeting)
        archive = await open_page(browser, hub.url)
        await sign_in(archive, hub.account("leader", CITY))
        await archive.get_by_test_id("room-command").wait_for()
        await archive.goto(f"{hub.url}/archive/{meeting}")
        await archive.get_by_test_id("archive-filter-control").click(timeout=WAIT_MS)
        await archive.get_by_role("button", name="暂停会议").first.click()
        await eventually(lambda: "entry=" in archive.url, 30.0, why="the click went nowhere")
        await archive.get_by_test_id("archive-minutes-open").click()
        await expect(archive.get_by_test_id("controls-minutes")).to_contain_text("锁定会议", timeout=WAIT_MS)
        assert await severe_findings(archive) == []
