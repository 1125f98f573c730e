"""A routine task: given at a desk, answered by villages on phones, one urged and one late; the board, the reports, the file."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from playwright.async_api import Page, expect

from hub.clock import system_clock, to_wire
from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import COUNTY, OTHER_VILLAGE, VILLAGE

pytestmark = pytest.mark.e2e


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`TASK_PICTURES`: a folder)."""
    if folder := os.environ.get("TASK_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_task_is_given_answered_urged_and_its_board_is_right(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)

        async def at(role: str, center: str, width: int, height: int) -> Page:
            context = await browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = await context.new_page()
            page.set_default_timeout(30_000)
            await page.goto(hub.url)
            await sign_in(page, hub.account(role, center))
            return page

        expect.set_options(timeout=30_000)
        desk = await at("leader", COUNTY, 1366, 768)
        village = await at("station", VILLAGE, 390, 844)
        neighbour = await at("station", OTHER_VILLAGE, 390, 844)
        for page in (village, neighbour):
            await page.get_by_test_id("station-waiting").wait_for()

        # From the rail to a task that is given, by keyboard: every village of a township, by tomorrow evening.
        await desk.get_by_test_id("rail").get_by_role("link", name="情况").press("Enter")
        await desk.get_by_test_id("cases-tabs").get_by_role("link", name="例行任务").press("Enter")
        await expect(desk.get_by_test_id("tasks-empty")).to_contain_text("还没有例行任务")
        await desk.get_by_test_id("tasks-give").press("Enter")
        await expect(desk.get_by_test_id("task-title")).to_be_focused()
        await desk.keyboard.type("每日平安报告")
        await desk.get_by_test_id("task-text").fill("巡查堤坝、水库后报告")
        await desk.get_by_test_id("task-give").press("Enter")
        await expect(desk.get_by_role("alert")).to_contain_text("请选择谁来报")
        await desk.get_by_test_id("task-level").select_option("village")
        await desk.get_by_test_id("task-add").press("Enter")
        tomorrow = (system_clock().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)).date()
        await desk.get_by_test_id("task-day").fill(tomorrow.isoformat())
        await picture(desk, "form")
        assert await severe_findings(desk, "[data-testid=task-form]") == []
        await desk.get_by_test_id("task-give").press("Enter")
        board = desk.get_by_test_id("task-board")
        await expect(board).to_contain_text("每日平安报告")
        await expect(board.get_by_test_id("task-numbers")).to_contain_text("已报 0/")

        # One tap at the village; taken back, nothing is sent; pressed again, it is.
        tasks = village.get_by_test_id("station-tasks")
        await expect(tasks).to_contain_text("还剩")
        await tasks.get_by_test_id("station-task-normal").click()
        await expect(tasks).to_contain_text("秒后报出")
        await picture(village, "held")
        assert await severe_findings(village) == []
        await tasks.get_by_test_id("station-task-back").click()
        await tasks.get_by_test_id("station-task-normal").click()
        await expect(tasks.get_by_test_id("station-task-answered")).to_contain_text("一切正常")
        await expect(board.get_by_test_id("task-numbers")).to_contain_text("已报 1/")

        # Put right while it goes on: it holds at once, and what it said before stands there.
        await board.get_by_test_id("task-change").click()
        await desk.get_by_test_id("task-change-text").fill("巡查堤坝、水库后报告")
        await desk.get_by_test_id("task-change-reason").fill("汛期加密")
        await desk.get_by_test_id("task-change-reason").press("Enter")
        await expect(board.get_by_test_id("task-version")).to_contain_text("汛期加密")
        await expect(neighbour.get_by_test_id("station-task-changed")).to_contain_text("汛期加密")

        # Who is missing is urged, sees it, and reports what is wrong with kind, place and number.
        await board.get_by_test_id("task-urge").click()
        asked = neighbour.get_by_test_id("station-tasks")
        await expect(asked.get_by_test_id("station-task-urged")).to_contain_text("第 1 次")
        await expect(
            village.get_by_test_id("station-tasks").get_by_test_id("station-task-urged")
        ).to_have_count(0)
        await asked.get_by_test_id("station-task-abnormal").click()
        await asked.get_by_test_id("station-task-kind-water").click()
        await expect(asked.get_by_test_id("station-task-text")).to_have_value("水位上涨，请求支援。")
        await asked.get_by_test_id("station-task-urgency-urgent").click()
        await asked.get_by_test_id("station-task-place").fill("北堤 3 组")
        await asked.get_by_test_id("station-task-persons").fill("12")
        await picture(neighbour, "abnormal")
        assert await severe_findings(neighbour) == []
        await asked.get_by_test_id("station-task-send").click()
        await expect(asked.get_by_test_id("station-task-answered")).to_contain_text("有情况")
        await expect(board.get_by_test_id("task-numbers")).to_contain_text("已报 2/")

        # The board by township and village, and what was reported behind it.
        await board.get_by_test_id("board-unfold").click()
        await board.get_by_test_id("task-only-abnormal").click()
        line = board.get_by_test_id(f"board-{OTHER_VILLAGE}")
        await expect(line).to_contain_text("有情况")
        await picture(desk, "board")
        assert await severe_findings(desk, "[data-testid=tasks-page]") == []
        await line.get_by_role("link", name="看报告").click()
        report = desk.get_by_test_id("report-view")
        await expect(report).to_contain_text("北堤 3 组")
        await expect(report).to_contain_text("12 人")
        await expect(report).to_contain_text("水情汛情")
        await expect(report.get_by_test_id("report-urgency")).to_have_text("紧急")
        await picture(desk, "report")
        assert await severe_findings(desk, "[data-testid=reports]") == []

        # A second one that is due at once: what comes after is late, and the board says so.
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", COUNTY))
        due = to_wire(system_clock() + timedelta(seconds=2))
        given = await tool.command(
            "task.give", {"title": "即报", "due": due, "centers": [VILLAGE, OTHER_VILLAGE]}
        )
        late = given["entries"][0]["data"]["task"]
        one = village.get_by_test_id(f"station-task-{late}")
        await expect(one).to_contain_text("已过时限")
        await one.get_by_test_id("station-task-normal").click()
        await expect(one.get_by_test_id("station-task-answered")).to_contain_text("迟报")
        await picture(village, "late")
        await desk.goto(f"{hub.url}/cases/tasks/{late}")
        await expect(board.get_by_test_id("task-numbers")).to_contain_text("已报 1/2")
        await expect(board.get_by_test_id("task-only-late")).to_contain_text("1")
        await board.get_by_test_id("task-only-missing").click()
        await expect(board.get_by_test_id(f"board-{OTHER_VILLAGE}")).to_contain_text("超时未报")
        async with desk.expect_download() as downloading:
            await board.get_by_test_id("task-csv").click()
        text = Path(await (await downloading.value).path()).read_text("utf-8-sig")
        assert [row.split(",")[4:7] for row in text.splitlines()[1:]] == [
            ["未报", "", ""],
            ["已报", "一切正常", "迟报"],
        ]

        # 总览 says how far today's are; withdrawn, the village reads why and need not report any more.
        await desk.get_by_test_id("rail").get_by_role("link", name="总览").click()
        await expect(desk.get_by_test_id(f"overview-task-{late}")).to_contain_text("已报 1/2")
        await picture(desk, "overview")
        await desk.get_by_test_id(f"overview-task-{late}").click()
        await board.get_by_test_id("task-withdraw").click()
        await desk.get_by_test_id("task-reason").fill("重复下发")
        await desk.get_by_test_id("task-sure-confirm").click()
        await expect(board.get_by_test_id("task-ended")).to_contain_text("重复下发")
        await expect(neighbour.get_by_test_id(f"station-task-{late}")).to_contain_text("已撤回，不用再报")
        await expect(desk.get_by_test_id(f"task-{late}")).to_have_count(0)
        await expect(board.get_by_test_id("task-ended")).to_contain_text("重复下发")

        # The ledger of reports, with its numbers by center; at a phone's width, for a station its own alone.
        await desk.goto(f"{hub.url}/cases/reports?show=every")
        await expect(desk.get_by_test_id("reports-totals")).to_be_visible()
        await picture(desk, "reports")
        await neighbour.goto(f"{hub.url}/cases/reports")
        await expect(neighbour.locator("[data-testid^=report-row-]")).to_have_count(1)
        await picture(neighbour, "own-reports")
        assert await severe_findings(neighbour, "[data-testid=reports]") == []
