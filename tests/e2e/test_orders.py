"""The whole cycle of an order over three levels: the city orders a county, which passes it down to a village, and back up."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.rules import CITY, COUNTY, VILLAGE

pytestmark = pytest.mark.e2e
TEXT = "转移低洼地带群众"
SOON_MS = 30_000


async def open_ledger(page: Page) -> None:
    await page.get_by_test_id("rail").get_by_role("link", name="指令").click()
    await expect(page.get_by_test_id("ledger")).to_be_visible()


async def open_first(page: Page) -> str:
    """Open the first order of the ledger; its id."""
    await page.get_by_test_id("ledger").locator("[data-line]").first.press("Enter")
    await page.wait_for_url(re.compile(r"/orders/o_"))
    return str(page.url).split("/orders/")[1].split("?")[0]


async def test_an_order_goes_down_over_three_levels_and_comes_back_accepted(hub: HubProcess) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        city, county = await open_page(browser, hub.url), await open_page(browser, hub.url)
        village = await open_page(browser, hub.url, width=390, height=844)
        for page, credentials in (
            (city, hub.account("leader", CITY)),
            (county, hub.account("leader", COUNTY)),
            (village, hub.account("station", VILLAGE)),
        ):
            await sign_in(page, credentials)
        await village.get_by_test_id("station-waiting").wait_for()

        # The city issues it from the ledger by the keyboard alone: found by typing, Enter chooses, Enter issues.
        await open_ledger(city)
        await expect(city.get_by_test_id("ledger-empty")).to_contain_text("没有未了结的指令")
        await city.get_by_test_id("ledger-issue").press("Enter")
        await city.get_by_test_id("order-find").focus()
        await city.keyboard.type("linxiang")
        await expect(city.get_by_test_id(f"order-found-{COUNTY}")).to_be_visible()
        await city.keyboard.press("Enter")
        await expect(city.get_by_test_id("order-text")).to_be_focused()
        await city.keyboard.type(TEXT)
        await city.get_by_role("button", name="两小时内").press("Enter")
        await city.get_by_test_id("order-text").press("Enter")
        row = city.get_by_test_id("ledger").locator("[data-line]")
        await expect(row).to_have_count(1, timeout=SOON_MS)
        await expect(row).to_contain_text(re.compile(r"岳指〔20\d\d〕1号"))
        top = await open_first(city)
        await expect(city.get_by_test_id(f"order-target-{COUNTY}")).to_have_attribute("data-word", "issued")

        # The county is told without a touch, and what it opens is delivered.
        await open_ledger(county)
        assert await open_first(county) == top
        await expect(city.get_by_test_id(f"order-target-{COUNTY}")).to_have_attribute(
            "data-word", "delivered", timeout=SOON_MS
        )
        await county.get_by_test_id(f"station-order-sign-{top}").click()
        await expect(city.get_by_test_id(f"order-target-{COUNTY}")).to_have_attribute(
            "data-word", "signed", timeout=SOON_MS
        )

        # It is put right while it goes on: the county sees it, and what stood before.
        await city.get_by_test_id("order-correct").click()
        await city.get_by_test_id("order-correct-text").fill(f"{TEXT} 3 户")
        await city.get_by_test_id("order-correct-reason").fill("补充户数")
        await city.get_by_test_id("order-correct-send").click()
        corrected = county.get_by_test_id("station-order-corrected")
        await expect(corrected).to_contain_text("补充户数", timeout=SOON_MS)
        await corrected.locator("summary").click()
        await expect(corrected).to_contain_text(TEXT)

        # Passed down: preset are those below, its own date and words; one village is meant.
        await county.get_by_test_id("order-pass-down").click()
        await expect(county.get_by_test_id("order-under")).to_contain_text("岳指")
        await county.get_by_test_id("order-whom").select_option(index=1)
        await county.get_by_test_id("order-sheet").get_by_test_id("order-text").fill("组织 3 户转移到村部")
        for _ in range(40):
            chips = county.get_by_test_id("order-to").get_by_role("button")
            if await chips.count() <= 1:
                break
            await chips.first.click()
        await county.get_by_test_id("order-find").fill("坦渡村")
        await county.get_by_test_id(f"order-found-{VILLAGE}").click()
        while await county.get_by_test_id("order-to").get_by_role("button").count() > 1:
            await county.get_by_test_id("order-to").get_by_role("button").first.click()
        await expect(county.get_by_test_id("order-to")).to_have_attribute("data-count", "1")
        await county.get_by_test_id("order-send").click()
        await expect(county.get_by_test_id("order-sheet")).to_have_count(0, timeout=SOON_MS)

        # The village, on a phone: its card came by itself, and it has been delivered by being there.
        card = village.get_by_test_id("station-orders").locator("article")
        await expect(card).to_contain_text("临湘指", timeout=SOON_MS)
        await expect(card).to_have_attribute("data-state", "delivered", timeout=SOON_MS)
        below = str(await card.get_attribute("data-testid")).removeprefix("station-order-")
        await village.get_by_test_id(f"station-order-sign-{below}").click()
        await village.get_by_test_id(f"station-order-more-{below}").click()
        await village.get_by_test_id("station-order-more-2").click()
        await village.get_by_test_id("station-order-more-text").fill("道路积水")
        await village.get_by_test_id("station-order-more-send").click()
        await expect(card).to_contain_text("等答复", timeout=SOON_MS)
        assert await severe_findings(village, "[data-testid=station-orders]") == []

        # The county answers, returns what is not good enough, and accepts what is.
        await county.goto(f"{hub.url}/orders/{below}")
        await county.get_by_test_id("target-grant").click()
        await expect(card).to_contain_text("同意延期", timeout=SOON_MS)
        await village.get_by_test_id(f"station-order-complete-{below}").click()
        await village.get_by_test_id("station-order-complete-send").click()
        await county.get_by_test_id("target-return").click()
        await county.get_by_test_id("target-return-text").fill("缺现场照片")
        await county.get_by_test_id("target-return-text").press("Enter")
        await expect(village.get_by_test_id("station-order-returned")).to_contain_text(
            "缺现场照片", timeout=SOON_MS
        )
        await county.get_by_test_id("target-urge").click()
        await county.get_by_test_id("target-urge-text").fill("请尽快补拍")
        await county.get_by_test_id("target-urge-text").press("Enter")
        await expect(card).to_contain_text("催办 1 次", timeout=SOON_MS)
        await village.get_by_test_id(f"station-order-complete-{below}").click()
        await village.get_by_test_id("station-order-complete-text").fill("已补拍")
        await village.get_by_test_id("station-order-complete-send").click()
        await county.get_by_test_id("target-accept").click()
        await expect(card).to_have_attribute("data-state", "accepted", timeout=SOON_MS)

        # The city sees how far it is below, supervises, and accepts what the county reports.
        target = city.get_by_test_id(f"order-target-{COUNTY}")
        await expect(target).to_contain_text("下转 1/1 办结", timeout=SOON_MS)
        await city.get_by_test_id("order-supervise").click()
        await expect(city.get_by_test_id("order-supervise")).to_have_attribute("aria-pressed", "true")
        assert await severe_findings(city, "[data-testid=ledger]") == []
        await county.goto(f"{hub.url}/orders/{top}")
        await county.get_by_test_id(f"station-order-complete-{top}").click()
        await county.get_by_test_id("station-order-complete-send").click()
        await city.get_by_test_id("order-accept-all").click()
        await expect(city.get_by_test_id("ledger-empty")).to_be_visible(timeout=SOON_MS)
        await city.get_by_test_id("ledger-ended").press("Enter")
        await expect(city).to_have_url(re.compile("state=ended"))
        await expect(row).to_have_count(2, timeout=SOON_MS)

        # What orders begin from: examples taken, one changed; then by the keyboard alone: /, Enter, the place is filled, Enter.
        await city.get_by_test_id("ledger-wordings").click()
        await city.get_by_test_id("example-all").click()
        await expect(city.get_by_test_id("wording-examples")).to_have_count(0, timeout=SOON_MS)
        await city.get_by_test_id("wording-change").first.click()
        await city.get_by_test_id("wording-text").fill("每小时报一次【站名】水位")
        await city.get_by_test_id("wording-save").click()
        await expect(city.get_by_test_id("wordings-box")).to_contain_text("每小时报一次【站名】水位")
        assert await severe_findings(city, "[data-testid=wordings-box]") == []
        await city.get_by_test_id("wordings-close").click()
        await city.get_by_test_id("ledger-issue").press("Enter")
        await city.get_by_test_id("order-find").fill("坦渡村")
        await city.get_by_test_id("order-find").press("Enter")
        await expect(city.get_by_test_id("order-text")).to_be_focused()
        await city.keyboard.type("/")
        await expect(city.get_by_test_id("wording-find")).to_be_focused()
        await city.keyboard.type("水位")
        await expect(city.get_by_test_id("order-wordings").get_by_role("option")).to_have_count(1)
        await city.keyboard.press("Enter")
        await expect(city.get_by_test_id("order-text")).to_have_value("每小时报一次【站名】水位")
        await city.keyboard.press("Enter")
        await expect(city.get_by_test_id("order-sheet")).to_contain_text("还没有填：【站名】")
        await city.keyboard.type("城陵矶")
        await expect(city.get_by_test_id("order-text")).to_have_value("每小时报一次城陵矶水位")
        await city.keyboard.press("Enter")
        await expect(card.first).to_contain_text("每小时报一次城陵矶水位", timeout=SOON_MS)
        await expect(card.first).to_contain_text("紧急")

        # A number by a pattern of one's own, and an order that is withdrawn.
        await city.get_by_test_id("ledger-numbering").click()
        await city.get_by_test_id("numbering-pattern").fill("岳防指令〔{year}〕{number}号")
        await expect(city.get_by_test_id("numbering-next")).to_contain_text(
            re.compile(r"岳防指令〔20\d\d〕3号")
        )
        await city.get_by_test_id("numbering-save").click()
        await expect(city.get_by_test_id("numbering")).to_have_count(0)
        await city.get_by_test_id("ledger-issue").click()
        await city.get_by_test_id("order-find").fill("坦渡村")
        await city.get_by_test_id(f"order-found-{VILLAGE}").click()
        await city.get_by_test_id("order-text").fill("巡查北堤")
        await city.get_by_test_id("order-text").press("Enter")
        await expect(card.filter(has_text="岳防指令")).to_contain_text("巡查北堤", timeout=SOON_MS)
        await city.get_by_test_id("ledger-open").click()
        await city.get_by_test_id("ledger").locator("[data-line]", has_text="巡查北堤").press("Enter")
        await city.get_by_test_id("order-withdraw").click()
        await city.get_by_test_id("order-withdraw-text").fill("险情已排除")
        await city.get_by_test_id("order-withdraw-send").click()
        await expect(village.get_by_test_id("station-order-withdrawn")).to_contain_text(
            "险情已排除", timeout=SOON_MS
        )
        await browser.close()
