"""A list of people in browsers: a desk brings it, two villages clear it on their phones, one of them off line for a moment."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
import xlsxwriter
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.rules import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = pytest.mark.e2e
LONG = 30_000
EACH = 19


def book() -> bytes:
    """Forty made-up people: nineteen of each village, one of a name that is not sure, one whose number lost its digits."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["身份证号", "姓名", "乡镇", "村", "来源"])
        for number in range(40):
            village = "坦渡村" if number < EACH else OTHER_VILLAGE if number < 2 * EACH else "坦渡村三组"
            # The first two are the same person.
            cells = [f"43068219900101{max(1, number):04d}", f"某{number}𠮷", "坦渡镇", village, "铁路"]
            if village == OTHER_VILLAGE:
                cells[2] = ""
            for column, cell in enumerate(cells):
                sheet.write_string(number + 1, column, cell)
        sheet.write_number(40, 0, 430682199001019999)
    return file.getvalue()


async def shoot(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asks for it."""
    if folder := os.environ.get("HUB_TEST_PICTURES"):
        await page.screenshot(path=str(Path(folder) / f"lists-{name}.png"))


async def bring(desk: Page) -> None:
    """The file, its columns as they are guessed, the one name that is not sure decided by hand, and loaded."""
    await desk.get_by_test_id("rail").get_by_role("link", name="档案").click()
    await desk.get_by_role("link", name="比对").click()
    await expect(desk.get_by_test_id("lists-empty")).to_be_visible()
    await desk.get_by_test_id("lists-bring").press("Enter")
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    await desk.get_by_test_id("list-file").set_input_files(
        {"name": "铁路比对.xlsx", "mimeType": sheet, "buffer": book()}
    )
    await expect(desk.get_by_test_id("list-matched")).to_contain_text("38 行归到 2 个中心", timeout=LONG)
    await expect(desk.get_by_test_id("list-wrong")).to_contain_text("1 行不能用")
    await expect(desk.get_by_test_id("list-column-0")).to_have_value("id")
    await expect(desk.get_by_test_id("list-load")).to_have_attribute("aria-disabled", "true")
    await shoot(desk, "bring")
    assert await severe_findings(desk, "[data-testid=list-bring]") == []
    await desk.get_by_label("坦渡镇 坦渡村三组：选择中心").select_option(VILLAGE)
    await expect(desk.get_by_test_id("list-matched")).to_contain_text("39 行归到 2 个中心", timeout=LONG)
    await expect(desk.get_by_test_id("list-title")).to_have_value("铁路比对")
    await desk.get_by_test_id("list-load").press("Enter")
    await expect(desk.get_by_test_id("list-board")).to_have_attribute("data-state", "loaded", timeout=LONG)


async def clear(village: Page, rows: range) -> None:
    """All is well with these."""
    for number in rows:
        await village.get_by_test_id(f"station-row-{number}-normal").click()


async def test_a_list_is_brought_given_out_cleared_on_phones_and_taken_back(hub: HubProcess) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright, *FAKE_DEVICES)
        desk = await open_page(browser, hub.url)
        near = await open_page(browser, hub.url, width=390, height=844)
        far = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(desk, hub.account("leader", COUNTY))
        await sign_in(near, hub.account("station", VILLAGE))
        await sign_in(far, hub.account("station", OTHER_VILLAGE))
        await near.get_by_test_id("station-waiting").wait_for()
        await far.get_by_test_id("station-waiting").wait_for()

        await bring(desk)
        await expect(near.get_by_test_id("station-lists")).to_have_count(0)
        await desk.get_by_test_id("list-note").fill("今日 18:00 前清零")
        await shoot(desk, "issue")
        await desk.get_by_test_id("list-issue").press("Enter")
        await desk.get_by_test_id("list-issue-confirm").press("Enter")
        board = desk.get_by_test_id("list-board")
        await expect(board).to_have_attribute("data-state", "issued", timeout=LONG)

        # Both villages hear of it without a touch; rows of the first stand in full before it.
        await expect(near.get_by_test_id("station-lists")).to_have_attribute(
            "data-left", str(EACH + 1), timeout=LONG
        )
        await shoot(near, "key")
        await far.get_by_test_id("station-lists").click(timeout=LONG)
        await near.get_by_test_id("station-lists").click()
        first = near.get_by_test_id(f"station-row-{EACH + 1}")
        await expect(first).to_contain_text("某0𠮷", timeout=LONG)
        await expect(first).to_contain_text("重复")
        await shoot(near, "station")
        assert await severe_findings(near, "[data-testid=station-rows]") == []
        await near.get_by_test_id(f"station-row-{EACH + 1}-normal").click()
        await near.get_by_test_id(f"station-row-{EACH + 1}-undo").click()
        await expect(first).to_have_attribute("data-outcome", "none")
        await near.get_by_test_id(f"station-row-{EACH + 1}-abnormal").click()
        await first.get_by_text("联系不上").click()
        await near.get_by_test_id(f"station-row-{EACH + 1}-words").fill("家中无人")
        await shoot(near, "abnormal")
        await near.get_by_test_id(f"station-row-{EACH + 1}-report").click()
        await near.get_by_test_id(f"station-row-{EACH + 2}-moved").click()
        await near.get_by_test_id(f"station-row-{EACH + 2}-search").fill("坦渡镇")
        await near.get_by_test_id(f"station-row-{EACH + 2}-search").press("Enter")
        await near.get_by_test_id(f"station-row-{EACH + 2}-to-{TOWN}").click()
        await clear(near, range(EACH + 3, 2 * EACH + 2))

        # The other one is off line for a moment: what it finds out waits, and nothing counts twice.
        await expect(far.get_by_test_id("station-row-1")).to_be_visible(timeout=LONG)
        await far.context.set_offline(True)
        await clear(far, range(1, EACH + 1))
        await expect(far.get_by_test_id("station-rows-offline")).to_be_visible(timeout=60_000)
        await expect(far.get_by_test_id("station-row-1")).to_contain_text("待上报", timeout=LONG)
        await shoot(far, "offline")
        await far.context.set_offline(False)

        async def counts(**wanted: int) -> None:
            for name, count in wanted.items():
                shown = desk.get_by_test_id(f"list-count-{name}")
                await expect(shown).to_have_text(str(count), timeout=60_000)

        await counts(total=2 * EACH + 1, left=1, normal=2 * EACH - 1, abnormal=1, passed=1)
        await desk.get_by_test_id("board-village").check(force=True)
        worst = desk.get_by_test_id(f"board-row-{TOWN}")
        await expect(worst).to_contain_text("0%", timeout=LONG)
        await shoot(desk, "board")
        assert await severe_findings(desk, "[data-testid=lists]") == []

        # From above, people are masked; one is read in full, by name of who did.
        await desk.get_by_test_id(f"board-row-{VILLAGE}").get_by_role("button").first.click()
        row = desk.get_by_test_id(f"list-row-{EACH + 1}")
        await expect(row).to_contain_text("某•••", timeout=LONG)
        await expect(row).not_to_contain_text("某0𠮷")
        await desk.get_by_test_id(f"list-see-{EACH + 1}").press("Enter")
        await expect(row).to_contain_text("某0𠮷", timeout=LONG)
        await expect(row).to_contain_text("家中无人")
        await shoot(desk, "rows")
        assert await severe_findings(desk, "[data-testid=list-rows]") == []
        await desk.get_by_test_id("list-rows-close").click()

        await desk.get_by_test_id("list-delete").click()
        await desk.get_by_test_id("list-delete-confirm").click()
        await expect(desk.get_by_role("dialog")).to_contain_text("请写明原因")
        await desk.get_by_test_id("list-delete-why").fill("已全部核实")
        await desk.get_by_test_id("list-delete-confirm").click()
        await expect(board).to_have_attribute("data-state", "deleted", timeout=LONG)
        await counts(total=2 * EACH + 1, normal=2 * EACH - 1)
        await near.get_by_test_id("station-rows-close").click()
        await expect(near.get_by_test_id("station-lists")).to_have_count(0, timeout=LONG)
        await expect(near.get_by_test_id("station-list-closed")).to_contain_text("已全部核实", timeout=LONG)
        await expect(desk.get_by_test_id("list-closed-why")).to_contain_text("已全部核实")
        await browser.close()
