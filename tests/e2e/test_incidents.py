"""An incident made out of a report: routed to a county and on to a village, handled there, checked twice, closed, reopened."""

from __future__ import annotations

import os
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, COUNTY, VILLAGE

pytestmark = pytest.mark.e2e

TITLE = "长安河水位上涨"


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`INCIDENT_PICTURES`: a folder)."""
    if folder := os.environ.get("INCIDENT_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def step(page: Page, key: str, words: str) -> None:
    """A step that asks for words: the key, the words where the cursor stands, sent from the keyboard."""
    await page.get_by_test_id(f"incident-{key}").click()
    await expect(page.get_by_test_id("incident-words")).to_be_focused()
    await page.keyboard.type(words)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_test_id("incident-ask")).to_be_hidden()


async def test_a_report_becomes_an_incident_that_is_handled_checked_closed_and_reopened(
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

        expect.set_options(timeout=30_000)
        station = await at("station", VILLAGE, 390, 844)
        city, county = await at("leader", CITY, 1366, 768), await at("leader", COUNTY, 390, 844)
        await station.get_by_test_id("station-report-abnormal").click()
        await station.get_by_test_id("station-report-text").fill(TITLE)
        await station.get_by_test_id("station-report-send").click()

        # The city makes an incident out of it; the form is filled in from the report, and saved from the keyboard.
        await city.get_by_test_id("strip-open").click()
        await city.get_by_test_id("case-incident").click()
        await expect(city.get_by_test_id("incident-title")).to_have_value(TITLE)
        await expect(city.get_by_test_id("incident-title")).to_be_focused()
        await expect(city.get_by_test_id("incident-from")).to_contain_text("坦渡村")
        await expect(city.get_by_text("不要填写姓名、电话、身份证号")).to_be_visible()
        await city.get_by_test_id("incident-place").fill("坦渡村二组")
        await city.get_by_test_id("incident-category").select_option("flood")
        await city.get_by_test_id("incident-urgency").select_option("urgent")
        await city.get_by_role("button", name="明天 18:00").click()
        assert await severe_findings(city, "[data-testid=incident-form]") == []
        await picture(city, "form")
        await city.get_by_test_id("incident-place").press("Enter")
        state = city.get_by_test_id("incident-state")
        await expect(state).to_have_text("已登记")
        await expect(city.get_by_test_id("incident-number")).to_have_text("2026-0001")
        await step(city, "study", "与水利局会商：派人巡堤，低洼户先转移")
        await expect(state).to_have_text("已研判")

        # Routed to the county, by keyboard: found by pinyin, chosen by Enter.
        await city.get_by_test_id("incident-route").press("Enter")
        await expect(city.get_by_test_id("incident-words")).to_be_focused()
        await city.keyboard.type("请核实并处置")
        await city.get_by_test_id("route-search").focus()
        await city.keyboard.type("linxiangshi")
        await expect(city.get_by_test_id(f"found-{COUNTY}")).to_be_visible()
        await city.keyboard.press("Enter")
        await expect(city.get_by_test_id("route-chosen")).to_have_text("交办：临湘市")
        await picture(city, "route")
        await city.get_by_test_id("incident-send").press("Enter")
        await expect(state).to_have_text("待签收")
        await expect(city.get_by_test_id("incident-responsible")).to_have_text("临湘市")

        # The county, on a telephone: what is its to do is on the first page; it receives it and passes it down.
        await county.get_by_test_id("overview-incidents").get_by_text(TITLE).click()
        await county.get_by_test_id("incident-acknowledge").click()
        await expect(county.get_by_test_id("incident-state")).to_have_text("处置中")
        await county.get_by_test_id("incident-route").click()
        await county.get_by_test_id(f"route-{VILLAGE}").click()
        await county.get_by_test_id("incident-words").fill("请到现场处置")
        await picture(county, "county-route")
        await county.get_by_test_id("incident-send").click()
        await expect(county.get_by_test_id("incident-state")).to_have_text("待签收")
        assert await severe_findings(county) == []
        await picture(county, "county")

        # The village: three large keys.
        pane = station.get_by_test_id("station-incidents")
        await expect(pane).to_contain_text("请到现场处置")
        await picture(station, "station-new")
        await pane.get_by_test_id("station-incident-acknowledge").click()
        await pane.get_by_test_id("station-incident-note").click()
        await pane.get_by_test_id("station-incident-text").fill("已到现场，3户转移")
        await pane.get_by_test_id("station-incident-send").click()
        await expect(pane).to_contain_text("最近：已到现场，3户转移")
        assert await severe_findings(station, "[data-testid=station-incidents]") == []
        await pane.get_by_test_id("station-incident-complete").click()
        await pane.get_by_test_id("station-incident-text").fill("水位回落")
        await picture(station, "station-complete")
        await pane.get_by_test_id("station-incident-send").click()
        await expect(pane).to_contain_text("等 临湘市 核查")

        # Checked by who asked: first the county, then the city, which closes it.
        await expect(county.get_by_test_id("incident-state")).to_have_text("待核查")
        await step(county, "close", "已看现场照片")
        await expect(county.get_by_test_id("incident-responsible")).to_have_text("临湘市")
        await expect(pane).to_be_hidden()
        await expect(city.get_by_test_id("incident-close")).to_be_visible()
        await step(city, "close", "已电话回访")
        await expect(state).to_have_text("已办结")
        await picture(city, "closed")
        assert await severe_findings(city) == []

        # It is in the ledger among the closed ones, by an address; and taken up again.
        await step(city, "reopen", "水位又涨")
        await expect(state).to_have_text("待签收")
        await expect(county.get_by_test_id("incident-acknowledge")).to_be_visible()
        await city.goto(f"{hub.url}/incidents?q=2026-0001&kind=incident")
        await expect(city.get_by_test_id("incidents").get_by_text(TITLE)).to_be_visible()
        await picture(city, "ledger")
        await city.goto(f"{hub.url}/incidents?show=closed")
        await expect(city.get_by_test_id("incidents-empty")).to_be_visible()

        # In a meeting it is what a decision rests on: drafted, confirmed by the chair, carried out by an order, amended.
        async with aiohttp.ClientSession() as http:
            tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            data = {"title": "防汛会商", "kind": "consultation", "centers": [COUNTY]}
            meeting = (await tool.command("meeting.open", data))["entries"][0]["meeting"]
            incident = (await tool.get("/api/v1/incidents"))["incidents"][0]["id"]
            await city.goto(f"{hub.url}/command/{meeting}")
            await city.get_by_test_id("decision-open").click()
            await expect(city.get_by_test_id("decision-text")).to_be_focused()
            await city.keyboard.type("启动防汛三级响应")
            await city.get_by_test_id("decision-more").locator("summary").click()
            await city.get_by_test_id(f"basis-{incident}").click()
            await city.get_by_test_id("decision-responsible").fill("临湘市")
            await city.get_by_test_id("decision-responsible").press("Enter")
            await city.get_by_test_id("decision-draft").click()
            first = city.locator("[data-testid^=decision-d_]").last
            await expect(first).to_have_attribute("data-state", "draft")
            await first.get_by_test_id("decision-edit").click()
            await city.get_by_test_id("decision-text").fill("启动防汛二级响应")
            await city.keyboard.press("Enter")
            await expect(first).to_contain_text("启动防汛二级响应")
            await first.get_by_test_id("decision-confirm").click()
            await expect(first).to_have_attribute("data-state", "confirmed")
            await expect(first).to_contain_text(f"事件 2026-0001 {TITLE}")
            # What is reported in the meeting is ordered about, and taken in, where it stands.
            in_it = await Tool.sign_in(http, hub.url, hub.account("leader", COUNTY))
            await in_it.command("meeting.join", {}, meeting)
            await in_it.command("report.file", {"situation": "abnormal", "text": "堤脚渗水"}, meeting)
            await city.get_by_test_id("tab-reports").click()
            await expect(city.get_by_test_id("report-incident")).to_be_visible()
            await city.get_by_test_id("report-order").press("Enter")
            await expect(city.get_by_test_id("order-quote")).to_contain_text("堤脚渗水")
            await expect(city.get_by_test_id("order-sheet").get_by_test_id("order-text")).to_be_focused()
            await city.get_by_test_id("order-sheet-close").click()
            await city.get_by_test_id("decision-open").click()
            await first.get_by_test_id("decision-order").click()
            await city.get_by_test_id("order-sheet").get_by_test_id("order-send").click()
            await expect(first.get_by_test_id("decision-progress")).to_contain_text("指令 1 条 · 签收 0/1")
            await picture(city, "decisions")
            await first.get_by_test_id("decision-amend").click()
            await city.get_by_test_id("decision-text").fill("启动防汛一级响应")
            await city.keyboard.press("Enter")
            await expect(first).to_contain_text("已被后一条修改")
            assert await severe_findings(city, "#panel-decisions") == []
            await tool.command("meeting.end", {}, meeting)
            await city.goto(f"{hub.url}/archive/{meeting}")
            await city.get_by_test_id("archive-minutes-open").click()
            await expect(city.get_by_test_id("minutes-decisions")).to_contain_text("启动防汛一级响应")
            await expect(city.get_by_test_id("minutes-decisions")).to_contain_text("依据")
            await picture(city, "minutes")

            # Amended after the meeting: both say so. Its order is followed live, and leads back to the second it was given at.
            newest = city.get_by_test_id("minutes-decisions").locator("[data-testid^=minutes-decision-]").last
            await newest.get_by_test_id("minutes-amend").click()
            await expect(city.get_by_test_id("amend-text")).to_have_value("启动防汛一级响应")
            await city.get_by_test_id("amend-text").fill("启动防汛特级响应")
            await city.get_by_test_id("amend-record").click()
            await expect(newest).to_contain_text("修改了：启动防汛一级响应")
            await expect(city.get_by_test_id("minutes-decisions")).to_contain_text(
                "已被后一条修改为：启动防汛特级响应"
            )
            order = (await tool.get("/api/v1/orders"))["orders"][0]
            follows = city.get_by_test_id("minutes-decisions").get_by_test_id("orders-about")
            follows = follows.filter(has=city.get_by_role("link"))
            await expect(follows).to_contain_text("签收 0/1")
            signs = await Tool.sign_in(http, hub.url, hub.account("leader", COUNTY))
            await signs.command("order.sign", {"order": order["id"]})
            await expect(follows).to_contain_text("签收 1/1")
            await follows.get_by_role("link").click()
            await expect(city.get_by_test_id("order-about")).to_contain_text("启动防汛二级响应")
            await expect(city.get_by_test_id("moment-link")).to_contain_text("防汛会商")
            await picture(city, "order-of-a-decision")
            await city.get_by_test_id("moment-link").press("Enter")
            await city.wait_for_url(f"**/archive/{meeting}?*entry={order['seq']}*")

        # Found from everywhere by its number; and what is being written is not lost without a word.
        await city.keyboard.press("Control+k")
        await city.keyboard.type("2026-0001")
        await expect(city.get_by_role("option", name=TITLE).first).to_be_visible()
        await city.goto(f"{hub.url}/incidents/new")
        await city.get_by_test_id("incident-title").fill("路面塌陷")
        await city.get_by_test_id("rail").get_by_role("link", name="指令").click()
        await city.get_by_test_id("incident-leave-keep").click()
        await expect(city.get_by_test_id("incident-title")).to_have_value("路面塌陷")
        await browser.close()
