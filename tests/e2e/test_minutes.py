"""Minutes in the browser: the clerk writes from the record, the chair returns once and approves, both files open."""

from __future__ import annotations

import os
from pathlib import Path

import aiohttp
import docx
import pypdf
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, COUNTY, VILLAGE

pytestmark = pytest.mark.e2e

WRITTEN = "会议要求：低洼户今晚全部转移"


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`MINUTES_PICTURES`: a folder)."""
    if folder := os.environ.get("MINUTES_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def held(hub: HubProcess, http: aiohttp.ClientSession) -> str:
    """A meeting of the city in which something was reported, decided and ordered; it is over."""
    leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
    data = {"title": "防汛调度", "kind": "dispatch", "centers": [COUNTY, VILLAGE]}
    meeting = str((await leader.command("meeting.open", data))["entries"][0]["meeting"])
    await leader.command("meeting.join", {}, meeting)
    async with aiohttp.ClientSession() as other:
        station = await Tool.sign_in(other, hub.url, hub.account("station", VILLAGE))
        await station.command("meeting.join", {}, meeting)
        await station.command("report.file", {"situation": "abnormal", "text": "长安河水位上涨"}, meeting)
    await leader.command("decision.record", {"text": "启动防汛三级响应"}, meeting)
    await leader.command("order.issue", {"text": "上堤巡查", "targets": [VILLAGE]}, meeting)
    await leader.command("note.add", {"text": "此处重要"}, meeting)
    await leader.command("meeting.end", {}, meeting)
    return meeting


async def saved_as(page: Page, key: str, folder: Path) -> Path:
    """What a key downloads."""
    async with page.expect_download() as waiting:
        await page.get_by_test_id(key).click()
    download = await waiting.value
    path: Path = folder / download.suggested_filename
    await download.save_as(path)
    return path


async def test_the_clerk_writes_the_chair_returns_once_and_approves_and_both_files_open(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright)
        expect.set_options(timeout=30_000)

        async def at(role: str) -> Page:
            context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
            page = await context.new_page()
            page.set_default_timeout(30_000)
            await page.goto(hub.url)
            await sign_in(page, hub.account(role, CITY))
            return page

        meeting = await held(hub, http)
        clerk, leader = await at("clerk"), await at("leader")

        # From the meeting's page in the archive to its minutes: they are drafted from the record.
        await expect(clerk.get_by_role("link", name="防汛调度").first).to_be_visible()
        await clerk.goto(f"{hub.url}/archive/{meeting}")
        await clerk.get_by_test_id("archive-minutes-open").click()
        await clerk.get_by_test_id("archive-minutes-whole").click()
        decisions = clerk.get_by_test_id("minutes-words-decisions")
        await expect(clerk.get_by_test_id("minutes-saved")).to_contain_text("自动起草")
        assert "启动防汛三级响应" in await decisions.input_value()
        assert "长安河水位上涨" in await clerk.get_by_test_id("minutes-words-reports").input_value()
        await expect(clerk.get_by_test_id("minutes-section-orders")).to_contain_text("承办单位")
        sources = clerk.get_by_test_id("minutes-sources")
        film = sources.get_by_role("link").first
        assert f"/archive/{meeting}?t=" in (await film.get_attribute("href") or "")
        await picture(clerk, "drafted")
        assert await severe_findings(clerk, "[data-testid=minutes-page]") == []

        # Written by keyboard, saved by itself; a section that is dropped comes back; nothing is lost by a reload.
        await decisions.focus()
        await clerk.keyboard.press("Control+End")
        await clerk.keyboard.press("Enter")
        await clerk.keyboard.type(WRITTEN)
        await expect(clerk.get_by_test_id("minutes-saved")).to_contain_text("已保存")
        notes = clerk.get_by_test_id("minutes-section-notes")
        await notes.get_by_role("button", name="删除“标记与记事”").click()
        await expect(notes).to_be_hidden()
        await clerk.get_by_test_id("minutes-undo").click()
        await expect(notes).to_be_visible()
        await clerk.keyboard.press("Control+s")
        await expect(clerk.get_by_test_id("minutes-saved")).to_contain_text("已保存")
        await clerk.reload()
        assert WRITTEN in await decisions.input_value()
        draft = await saved_as(clerk, "minutes-docx", tmp_path)
        header = docx.Document(str(draft)).sections[0].header
        assert "草稿 未经审批" in header.paragraphs[0].text
        await clerk.get_by_test_id("minutes-submit").press("Enter")
        await clerk.get_by_test_id("minutes-ask-confirm").press("Enter")
        await expect(clerk.get_by_test_id("minutes-state")).to_have_text("待审批")

        # The chair finds them on his first page, and sends them back with a word.
        await leader.get_by_test_id(f"overview-minutes-{meeting}").click()
        await expect(leader.get_by_test_id("minutes-mark")).to_have_text("待审批稿")
        await expect(leader.get_by_test_id("minutes-text")).to_contain_text(WRITTEN)
        await picture(leader, "to-approve")
        assert await severe_findings(leader, "[data-testid=minutes-page]") == []
        await leader.get_by_test_id("minutes-return").press("Enter")
        await leader.get_by_test_id("minutes-ask-confirm").click()
        await expect(leader.get_by_test_id("minutes-words")).to_be_focused()
        await leader.keyboard.type("补充责任单位")
        await leader.get_by_test_id("minutes-ask-confirm").press("Enter")
        await expect(leader.get_by_test_id("minutes-state")).to_have_text("已退回")

        # The clerk sees it at once, puts it right, submits again; the chair approves.
        await expect(clerk.get_by_test_id("minutes-stands")).to_contain_text("补充责任单位")
        await decisions.press("Control+End")
        await clerk.keyboard.type("，由坦渡村负责")
        await picture(clerk, "returned")
        await clerk.get_by_test_id("minutes-submit").click()
        await clerk.get_by_test_id("minutes-ask-confirm").click()
        await expect(leader.get_by_test_id("minutes-approve")).to_be_visible()
        await expect(leader.get_by_test_id("minutes-text")).to_contain_text("由坦渡村负责")
        await leader.get_by_test_id("minutes-approve").click()
        await picture(leader, "approve-ask")
        await leader.get_by_test_id("minutes-ask-confirm").click()
        await expect(leader.get_by_test_id("minutes-state")).to_have_text("已审批")
        text = clerk.get_by_test_id("minutes-text")
        await expect(text).to_contain_text("岳会纪〔")
        await expect(text).to_contain_text("由坦渡村负责")
        await picture(clerk, "approved")

        # Both files say the same, with number, approval and digest, and no mark of a draft.
        number = (await text.locator(".number").inner_text()).strip()
        word = docx.Document(str(await saved_as(clerk, "minutes-docx", tmp_path)))
        whole = "\n".join(paragraph.text for paragraph in word.paragraphs)
        assert number in whole
        assert f"{WRITTEN}，由坦渡村负责" in whole
        pages = pypdf.PdfReader(str(await saved_as(clerk, "minutes-pdf", tmp_path))).pages
        read = "".join("".join(page.extract_text().split()) for page in pages)
        for said in (number, WRITTEN, "由坦渡村负责", "审批：岳阳市"):
            assert said in read
        assert "草稿" not in read + whole
        await clerk.get_by_test_id("minutes-print").click()
        await expect(clerk.get_by_test_id("minutes-sheet")).to_contain_text(number)
        assert await severe_findings(clerk) == []
        await picture(clerk, "sheet")
        await clerk.goto(f"{hub.url}/minutes")
        await expect(clerk.get_by_test_id("minutes-list")).to_contain_text(number)
        await picture(clerk, "list")

        # What is put right later is a new version that says why; what changed is told line by line.
        await clerk.get_by_role("link", name="防汛调度").click()
        await clerk.get_by_test_id("minutes-new").click()
        await decisions.press("Control+End")
        await clerk.keyboard.type("（更正）")
        await clerk.get_by_test_id("minutes-submit").click()
        await clerk.get_by_test_id("minutes-words").fill("更正责任单位")
        await clerk.get_by_test_id("minutes-ask-confirm").click()
        await expect(clerk.get_by_test_id("minutes-state")).to_have_text("待审批")
        await leader.get_by_test_id("minutes-approve").click()
        await leader.get_by_test_id("minutes-ask-confirm").click()
        await clerk.get_by_role("tab", name="版本").click()
        await clerk.get_by_test_id("minutes-compare-2").click()
        await expect(clerk.get_by_test_id("minutes-differences")).to_contain_text("（更正）")
        await picture(clerk, "versions")
