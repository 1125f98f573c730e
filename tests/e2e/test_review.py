"""The clerk's player: a statement is found, marked, cut out, linked to; pictures and files are proven; in part by keys."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.clock import system_clock
from hub.store.voice_store import VoiceStore
from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, playwright_running, sign_in
from tests.support.archived import Archived, archived
from tests.support.edge import PASSWORD
from tests.support.small_media import record

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

SECONDS = 30


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`REVIEW_PICTURES`: a folder)."""
    if folder := os.environ.get("REVIEW_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def seconds(page: Page) -> float:
    return float(await page.get_by_test_id("archive-time").get_attribute("data-seconds") or -1)


async def recorded(there: Archived, folder: Path) -> None:
    """Two villages were recorded, one of them in two parts."""
    village, county, *_ = there.stations
    long = record(folder / "long.webm", SECONDS, 2, size=(640, 360))
    short = record(folder / "short.mkv", 12, 2, picture="libx264", size=(640, 360))
    lost = {"kind": "video", "from_ms": 6_000, "to_ms": 9_000, "why": "lost"}
    first = await there.meeting.add(long, village, SECONDS * 1000, holes=[lost])
    await there.meeting.add(short, county, 12_000)
    await there.meeting.add(short, county, 12_000, offset_ms=17_000)
    heard = {
        "recording": there.meeting.recording,
        "part": first,
        "duration_ms": SECONDS * 1000,
        "spans": [[7_000, 12_000]],
        "lines": [[7_500, 12_000, "村口检查站昨晚已经封了"]],
    }
    await VoiceStore(there.edge.database).keep([heard], system_clock())


async def test_a_clerk_finds_a_statement_marks_it_cuts_a_clip_and_links_to_its_second(tmp_path: Path) -> None:
    async with archived(tmp_path, SECONDS, recorded) as there, playwright_running() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page = await context.new_page()
        page.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        await page.goto(there.edge.url)
        account = there.clerk.account
        await sign_in(page, {"username": account.username, "password": PASSWORD})
        await expect(page.get_by_test_id("archive-search")).to_be_visible()
        await page.goto(there.url)

        # The statement is found in the record, and a press goes to its second.
        await page.get_by_test_id("archive-filter-reports").click()
        statement = page.locator('[data-kind="report.filed"]')
        await expect(statement).to_contain_text("村口检查站已封")
        await statement.click()
        await expect(page.get_by_test_id("archive-play")).to_have_attribute("data-state", "playing")
        # What is said there stands below the picture, and on lanes who speaks and what the line was like; nothing else does.
        await expect(page.get_by_test_id("said")).to_contain_text("村口检查站昨晚已经封了")
        await page.keyboard.press("k")
        lanes = page.locator('[data-testid^="archive-lane-"]')
        told = [
            (await lane.get_attribute("data-testid") or "")[len("archive-lane-") :]
            for lane in await lanes.all()
        ]
        assert told == ["voice", "line", "gaps", "presence", "stage", "reports", "alarms"]
        await page.get_by_test_id("archive-filter-all").click()
        await picture(page, "statement")

        # By keyboard alone: a frame on, mark it, choose a stretch, cut it out.
        await expect(page.get_by_test_id("archive-play")).to_have_attribute("data-state", "paused")
        before = await seconds(page)
        await page.keyboard.press(".")
        assert await seconds(page) == pytest.approx(before + 0.04, abs=0.005)
        await page.keyboard.press("m")
        await expect(page.get_by_test_id("archive-mark-text")).to_be_focused()
        await picture(page, "marking")
        await page.keyboard.type("检查站")
        await page.keyboard.press("Enter")
        await expect(page.locator('[data-kind="mark.added"]')).to_contain_text("检查站")
        await page.locator("body").focus()
        await page.keyboard.press("i")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("o")
        await expect(page.get_by_test_id("archive-clip-box")).to_contain_text("长 00:10.0")
        await expect(page.get_by_test_id("archive-chosen")).to_be_visible()
        await picture(page, "chosen")
        await page.get_by_test_id("archive-clip-cut").press("Enter")
        made = page.get_by_test_id("archive-made-clip")
        await expect(made.first).to_be_visible()
        await picture(page, "made")
        async with page.expect_download() as saving:
            await made.first.click()
        saved = Path(await (await saving.value).path())
        digest = hashlib.sha256(saved.read_bytes()).hexdigest()
        await expect(page.get_by_test_id("archive-made")).to_contain_text(digest)
        assert await severe_findings(page, "[data-testid=archive-made]") == []
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("archive-made")).to_have_count(0)

        # A picture of this moment, made by the hub from what was recorded.
        await page.keyboard.press("p")
        await expect(page.get_by_test_id("archive-picture-box")).to_be_visible()
        await page.get_by_test_id("archive-picture-box").get_by_role("button", name="坦渡村").click()
        await expect(page.get_by_test_id("archive-made-picture")).to_be_visible()
        await picture(page, "picture")
        await page.keyboard.press("Escape")

        # The mark is said otherwise, and another's page opens at the second that the address says.
        await page.get_by_test_id("archive-key-marks").click()
        await page.get_by_test_id("archive-marked-change").click()
        await page.get_by_test_id("archive-marked-text").fill("检查站已封，待核")
        await page.get_by_test_id("archive-marked-save").click()
        await expect(page.get_by_test_id("archive-marks")).to_contain_text("检查站已封，待核")
        await picture(page, "marks")
        assert await severe_findings(page, "[data-testid=archive-marks]") == []
        await page.keyboard.press("Escape")
        link = await context.new_page()
        await link.goto(f"{there.url}?t=20")
        await expect(link.get_by_test_id("archive-play")).to_have_attribute("data-state", "playing")
        assert await seconds(link) >= 20
        await expect(link.locator('li.current, [aria-current="true"]').first).to_be_in_viewport()
        await link.close()

        # Small pictures where the pointer is; then a file is damaged, and the page says so.
        line = page.get_by_test_id("archive-timeline")
        await line.hover(position={"x": 400, "y": 40})
        await expect(page.get_by_test_id("archive-thumbs")).to_be_visible()
        await picture(page, "thumbs")
        damaged = bytearray(there.meeting.files[0].read_bytes())
        damaged[len(damaged) // 2] ^= 1
        there.meeting.files[0].write_bytes(bytes(damaged))
        there.meeting.files[1].unlink()
        await page.get_by_test_id("archive-proof-open").click()
        await page.get_by_test_id("archive-files-check-start").click()
        await expect(page.get_by_test_id("archive-files-verdict")).to_contain_text("发现 2 处问题")
        one, two, three = (page.get_by_test_id(f"archive-file-{part}") for part in there.meeting.parts)
        await expect(one).to_contain_text("内容被改动")
        await expect(two).to_contain_text("文件不见了")
        await expect(three).to_contain_text("完好")
        await picture(page, "damaged")
        assert await severe_findings(page, "[data-testid=archive-proof]") == []
        await page.keyboard.press("Escape")
        await page.set_viewport_size({"width": 390, "height": 844})
        await picture(page, "narrow")
        await browser.close()
