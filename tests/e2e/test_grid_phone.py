"""A grid member's day on a phone of 360 pixels: bound by a code, one tap, an order of the village, no line, its end.

And one errand from the village's telephone to the phone and back.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, expect

from hub.grids.made_up import made_grid
from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.waiting import eventually
from tests.support.walked_grid import VILLAGE, WalkedGrid

PIN = "135790"


async def press(page: Page, pin: str = PIN) -> None:
    """Type a PIN on its pad."""
    for digit in pin:
        await page.get_by_test_id(f"pin-{digit}").click()


async def bound(context: BrowserContext, address: str) -> Page:
    """A phone that was bound by the code at this address, with a PIN."""
    page = await context.new_page()
    await page.goto(address)
    await expect(page.get_by_test_id("grid-code")).to_have_value(address.partition("#")[2])
    assert "#" not in page.url, "the code stays in no address bar"
    await page.get_by_test_id("grid-bind-go").click()
    await press(page)
    await expect(page.get_by_test_id("pin-1")).to_be_enabled()
    await press(page)
    await expect(page.get_by_test_id("grid-today")).to_be_visible()
    return page


def photo() -> bytes:
    """A picture as a camera makes one, with more in it than compresses away."""
    noise = np.random.default_rng(7).integers(0, 255, (600, 800, 3), dtype=np.uint8)
    made = io.BytesIO()
    Image.fromarray(noise).save(made, "JPEG", quality=80)
    return made.getvalue()


async def shoot(page: Page, name: str) -> None:
    """A picture to be looked at, where somebody asks for it."""
    if folder := os.environ.get("HUB_TEST_PICTURES"):
        await page.screenshot(path=str(Path(folder) / f"grid-{name}.png"))


async def order_down_and_up(browser: Browser, hub: HubProcess, walked: WalkedGrid, phone: Page) -> None:
    """An order to the village goes on to two grids, is taken back from each once, and comes back up with a photo."""
    mine, other = walked.grids[0], f"{VILLAGE}002"
    issued = await walked.command(walked.desk, "order.issue", text="逐户提醒防火", targets=[VILLAGE])
    order = issued["entries"][0]["data"]["order"]
    desk = await open_page(browser, hub.url)
    await sign_in(desk, hub.account("dispatcher", VILLAGE))
    await desk.get_by_test_id("rail").wait_for()
    await desk.goto(f"{hub.url}/orders/{order}")
    await desk.get_by_test_id(f"station-order-sign-{order}").click()

    async def give(*grids: str) -> None:
        await desk.get_by_test_id("grids-give").click()
        while "全不选" not in str(await desk.get_by_test_id("grids-every").text_content()):
            await desk.get_by_test_id("grids-every").click()
        await desk.get_by_test_id("grids-every").click()
        for grid in grids:
            await desk.get_by_test_id(f"grids-choose-{grid}").check()
        await desk.get_by_test_id("grids-note").fill("门口拍照")
        await desk.get_by_test_id("grids-send").click()

    async def take(grid: str) -> None:
        await desk.get_by_test_id(f"grids-take-{grid}").click()
        await desk.get_by_test_id("grids-take-text").fill("改由村里办")
        await desk.get_by_test_id("grids-take-send").click()
        await expect(desk.get_by_test_id(f"grids-row-{grid}")).to_have_attribute("data-state", "withdrawn")

    await give(mine, other)
    row = desk.get_by_test_id(f"grids-row-{mine}")
    await expect(row).to_have_attribute("data-state", "given")
    assert await severe_findings(desk, "[data-testid=ledger]") == []
    # the phone has it without being touched, and so it hears that it is taken back
    cards = phone.get_by_test_id("grid-orders").locator("li")
    await expect(cards).to_have_attribute("data-turn", "new")
    await take(mine)
    await expect(cards).to_have_attribute("data-turn", "over")
    await expect(cards).to_contain_text("改由村里办")
    await give(mine)
    await cards.and_(phone.locator("[data-turn=new]")).locator(".what").click()
    await expect(phone.locator("[data-testid^=order-one-]")).to_contain_text("门口拍照")
    await phone.get_by_test_id("order-sign-one").click()
    await expect(row).to_have_attribute("data-state", "signed")
    await phone.get_by_test_id("order-text").fill("42 户都提醒了")
    await phone.get_by_test_id("grid-photo").set_input_files(
        files=[{"name": "o.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    )
    assert await phone.evaluate("document.documentElement.scrollWidth") == 360
    await phone.get_by_test_id("order-done").click()
    # the village sees it come with its photo, and reports upward with the grid's words
    await expect(row).to_have_attribute("data-state", "done")
    await expect(row.get_by_test_id("grids-said")).to_have_text("42 户都提醒了")
    await expect(row.get_by_role("img")).to_be_visible()
    await take(other)
    await desk.get_by_test_id("grids-write").click()
    await expect(desk.get_by_test_id("station-order-complete-text")).to_have_value(
        "走访1号网格：42 户都提醒了"
    )
    await desk.get_by_test_id("station-order-complete-send").click()
    await expect(desk.get_by_test_id(f"station-order-{order}")).to_have_attribute("data-state", "completed")
    (found,) = (await walked.ask(walked.desk, "GET", f"/api/v1/orders?id={order}"))["orders"]
    (said,) = found["targets"][0]["progress"]
    assert (said["text"], len(said["attachments"])) == ("走访1号网格：42 户都提醒了", 1)
    await desk.context.close()


async def test_a_day_of_a_grid_member_on_line_and_off(hub: HubProcess, tmp_path: Path) -> None:
    walked = WalkedGrid(hub)
    await walked.begin(households=6)
    households = [row["household"] for row in await walked.rows()]
    # One row is of somebody who lives there, one of nobody known, whom the village gives to the grid by hand.
    homes = {each.household: each for each in made_grid(7, walked.grids[0], 0, 6).households}
    known = next(each for each in homes[households[4]].persons if each.number)
    clearing = await walked.give_rows(
        [
            ["身份证号", "姓名", "联系电话", "现住址", "所属村", "来源"],
            [known.number, known.name, known.phone, "", VILLAGE, "铁路"],
            ["430682199001010099", "诸葛无此人", "13900000099", "坦渡街 99 号", VILLAGE, "公路"],
        ],
        ["id", "personal", "personal", "personal", "center", "shown"],
    )
    await walked.command(walked.desk, "clearing.assign", clearing=clearing, rows=[2], grid=walked.grids[0])
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
        code = await walked.code()
        page = await bound(context, code["address"])
        stops = [page.get_by_test_id(f"stop-{each}") for each in households]
        # nothing wider than the phone, no key smaller than a thumb
        await expect(stops[0]).to_be_visible()
        await expect(page.get_by_test_id("check-2")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        small = await page.evaluate(
            """[...document.querySelectorAll('button')]
              .filter((key) => key.getBoundingClientRect().height < 56).map((key) => key.textContent)"""
        )
        assert small == []

        # one tap, taken back, said again
        await stops[0].get_by_test_id("stop-unchanged").click()
        await stops[0].get_by_test_id("stop-undo").click()
        await stops[0].get_by_test_id("stop-unchanged").click()
        await expect(stops[0]).to_have_count(0)
        await eventually(
            lambda: _outcome(walked, households[0], "unchanged"), 15, "the visit is not in the journal"
        )

        await order_down_and_up(browser, hub, walked, page)

        # without a line: the page opens, what is said is kept, photos too
        await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        await context.set_offline(True)
        await page.reload()
        await stops[1].locator(".where").click()
        need = page.get_by_test_id("ask-need")
        await need.get_by_test_id("answer-medicine").click()
        await expect(need).to_have_attribute("data-abnormal", "true")
        await page.get_by_test_id("visit-abnormal").click()
        await expect(page.get_by_test_id("finding-text")).to_have_value(re.compile("买药就医"))
        await page.get_by_test_id("grid-photo").set_input_files(
            files=[{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
        )
        await page.get_by_test_id("visit-met").click()
        await stops[2].locator(".where").click()
        await page.get_by_test_id("visit-absent").click()
        # an errand, from its asking to the stars that the household gives, before the hub has heard of it
        await stops[3].locator(".where").click()
        await page.get_by_test_id("household-errand").click()
        await page.get_by_test_id("kind-medicine").click()
        await page.get_by_test_id("errand-text").fill("降压药两盒")
        await page.get_by_test_id("errand-save").click()
        # the household is as it was left, below the form
        back = page.get_by_test_id(f"household-{households[3]}").get_by_test_id("grid-back")
        await back.click()
        errand = page.locator("[data-testid^=errand-er_]")
        await expect(errand).to_have_attribute("data-turn", "mine")
        await errand.get_by_test_id("errand-go").click()
        await page.get_by_test_id("errand-finish").click()
        await page.get_by_test_id("grid-photo").set_input_files(
            files=[{"name": "b.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
        )
        await page.get_by_test_id("errand-said").fill("放在门口")
        await page.get_by_test_id("errand-cost").fill("23.5")
        await page.get_by_test_id("errand-send").click()
        await page.get_by_test_id("star-5").click()
        await expect(errand).to_have_count(0)

        # rows of a list: one is done by the walk to its household, the other tells with words that nobody knows him
        await shoot(page, "today")
        await stops[4].get_by_test_id("check-1").locator(".what").click()
        await expect(page.get_by_test_id("check-home")).to_contain_text(homes[households[4]].persons[0].name)
        await shoot(page, "row")
        await page.get_by_test_id("check-both").click()
        await expect(stops[4].get_by_test_id("check-undo")).to_be_visible()
        await shoot(page, "held")
        await page.get_by_test_id("check-2").locator(".what").click()
        await expect(page.get_by_test_id("check-call")).to_have_attribute("href", "tel:13900000099")
        await page.get_by_test_id("check-note").fill("问过邻居")
        await page.get_by_test_id("check-abnormal").click()
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        await shoot(page, "abnormal")
        await page.get_by_test_id("check-absent").click()

        # what he said an hour ago was wrong: put right without a line, too
        await page.get_by_test_id("grid-tab-homes").click()
        await page.get_by_test_id(f"home-{households[0]}").click()
        await page.get_by_test_id("said-correct").click()
        await page.get_by_test_id("correct-gone").click()
        await page.get_by_test_id("correct-why").first.click()
        await page.get_by_test_id("correct-save").click()
        await expect(page.get_by_test_id("said-fix")).to_contain_text("已搬走")
        await page.get_by_test_id("grid-back").click()
        await page.get_by_test_id("grid-tab-queue").click()
        await expect(
            page.locator("[data-testid^=item-]:is([data-state=waiting], [data-state=held])")
        ).to_have_count(10)
        await page.get_by_test_id("grid-tab-mine").click()
        await page.get_by_test_id("grid-lock-now").click()
        await press(page, "999999")
        await expect(page.get_by_test_id("grid-pin-problem")).to_be_visible()
        await expect(page.get_by_test_id("pin-1")).to_be_enabled()
        await press(page)

        # the line is back: all of it is there, by itself
        await context.set_offline(False)
        await page.get_by_test_id("grid-tab-queue").click()
        await expect(page.get_by_test_id("grid-all-sent")).to_have_attribute("data-proven", "true")
        rows = {row["household"]: row for row in await walked.rows()}
        assert [rows[each]["outcome"] for each in households[:4]] == ["gone", "met", "absent", None]
        assert rows[households[4]]["outcome"] == "unchanged"
        assert rows[households[2]]["next"] == "again"
        path = f"/api/v1/sweeps/{walked.sweep}/rows/{rows[households[1]]['row']}"
        (visit,) = (await walked.ask(walked.desk, "GET", path))["visits"]
        assert (visit["offline"], visit["found"]["what"], len(visit["photos"])) == (True, "report", 1)

        (done,) = (await walked.ask(walked.desk, "GET", "/api/v1/errands"))["errands"]
        assert (done["state"], done["stars"], done["cents"], len(done["photos"])) == ("done", 5, 2350, 1)

        path = f"/api/v1/clearings/{clearing}"
        found = (await walked.ask(walked.desk, "GET", f"{path}/rows?center={VILLAGE}"))["rows"]
        assert [(row["number"], row["outcome"]) for row in found] == [(1, "normal"), (2, "absent")]
        # the list is taken back: its rows are on the phone no more, nor is a name of them in what was sent
        await page.get_by_test_id("grid-tab-queue").click()
        await expect(page.get_by_test_id("grid-queue")).to_contain_text("诸葛无此人")
        await walked.command(walked.desk, "clearing.delete", clearing=clearing, reason="演练结束")
        await page.get_by_test_id("grid-tab-mine").click()
        await page.get_by_test_id("grid-read").click()
        await page.get_by_test_id("grid-tab-queue").click()
        await expect(page.get_by_test_id("grid-queue")).not_to_contain_text("诸葛无此人")
        await page.get_by_test_id("grid-tab-today").click()
        await page.get_by_test_id("grid-done").click()
        await expect(page.locator("[data-testid^=check-]")).to_have_count(0)

        # another household telephones the village, which writes it down; the phone gets it and does it
        desk = await open_page(browser, f"{hub.url}/patrol/errands")
        await sign_in(desk, hub.account("dispatcher", VILLAGE))
        await desk.get_by_test_id("errands-ask").click()
        path = f"/api/v1/registry/households/{households[4]}"
        await desk.get_by_test_id("errand-find").fill(await _resident(walked, path))
        await desk.get_by_test_id("errand-find-go").click()
        await desk.get_by_test_id(f"errand-pick-{households[4]}").click()
        await desk.get_by_test_id("errand-text").fill("煤气灶打不着火")
        await desk.get_by_test_id("errand-kind").select_option("repair")
        await desk.screenshot(path=str(tmp_path / "form.png"))
        assert not await severe_findings(desk)
        await desk.get_by_test_id("errand-save").click()
        record = desk.get_by_test_id("errand-record")
        await expect(record).to_have_attribute("data-state", "asked")
        await page.reload()
        errand = page.locator("[data-testid^=errand-er_][data-turn=free]")
        await expect(errand).to_contain_text("煤气灶打不着火")
        await errand.get_by_test_id("errand-take").click()
        await expect(record).to_have_attribute("data-state", "taken")
        await page.locator("[data-testid^=errand-er_][data-turn=mine]").get_by_test_id("errand-go").click()
        await page.get_by_test_id("errand-finish").click()
        await page.get_by_test_id("grid-photo").set_input_files(
            files=[{"name": "c.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
        )
        await page.get_by_test_id("errand-said").fill("换了电池")
        await page.get_by_test_id("errand-send").click()
        # at the desk it is done by itself: words, picture, and what the household says on the telephone
        await expect(record).to_have_attribute("data-state", "done")
        await expect(record).to_contain_text("换了电池")
        picture = record.get_by_test_id("attachments").locator("img")
        await expect(picture).to_have_js_property("complete", True)
        assert await picture.evaluate("(image) => image.naturalWidth") > 0
        await desk.get_by_test_id("errand-rate-key").click()
        await desk.get_by_test_id("step-star-4").check()
        await desk.get_by_test_id("step-go").click()
        await expect(record).to_contain_text("★★★★☆ 电话回访")
        await expect(desk.locator("[data-testid^=errand-row-]")).to_have_count(2)
        await desk.screenshot(path=str(tmp_path / "errand.png"))
        assert not await severe_findings(desk)

        # withdrawn: signed out, and wiped
        await walked.command(walked.desk, "device.withdraw", device=code["device"], reason="遗失")
        await page.reload()
        await expect(page.get_by_test_id("grid-because")).to_be_visible()
        kept = await page.evaluate(
            """async () => {
              const told = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result) })
              const disk = await told(indexedDB.open('lianxian-grid'))
              const names = [...disk.objectStoreNames]
              const reading = disk.transaction(names)
              const counts = await Promise.all(names.map((name) => told(reading.objectStore(name).count())))
              return counts.reduce((sum, one) => sum + one, 0)
            }"""
        )
        assert kept == 0
        await browser.close()


async def _resident(walked: WalkedGrid, path: str) -> str:
    """The name of somebody who lives there, as the village knows it."""
    token = await walked.sign_in("dispatcher", VILLAGE)
    seen = await walked.ask(token, "POST", f"{path}/look", {"history": False})
    return str(seen["household"]["persons"][0]["name"])


async def _outcome(walked: WalkedGrid, household: str, outcome: str) -> bool:
    return any(row["household"] == household and row["outcome"] == outcome for row in await walked.rows())
