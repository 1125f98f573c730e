"""Words over the pictures, and tours: begun by the keyboard, shown with real pictures, known to who is seen, in the minutes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.e2e.axe import severe_findings
from tests.e2e.browser import (
    FAKE_DEVICES,
    frames_grow,
    launch,
    open_page,
    playwright_running,
    sign_in,
    to_command,
)
from tests.e2e.narrow import cut_off
from tests.support.hub_process import HubProcess, Tool

pytestmark = pytest.mark.e2e

CITY, COUNTY, TOWNSHIP = "430600000000", "430682000000", "430682115000"
VILLAGE, OTHER = "430682115210", "430682115001"
#: A folder for pictures of the pages, for who wants to look at them.
SHOTS = os.environ.get("TEST_SHOTS")
WAIT_MS = 30_000


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/{name}.png")


@asynccontextmanager
async def headless(hub: HubProcess, cache: Path, *centers: str) -> AsyncIterator[dict[str, Station]]:
    """Stations without a page, by center; they answer by themselves and show the scene of their center."""
    stations = {}
    for center in centers:
        name, password = (hub.account("station", center)[each] for each in ("username", "password"))
        options = StationOptions(
            url=hub.url, username=name, password=password, cache_dir=cache, auto_answer_s=0.2
        )
        stations[center] = Station(options)
    running = [asyncio.create_task(station.run()) for station in stations.values()]
    try:
        yield stations
    finally:
        for station in stations.values():
            await station.stop()
        await asyncio.gather(*running)


async def test_words_over_the_pictures_and_tours_through_them(hub: HubProcess, tmp_path: Path) -> None:
    async with (
        playwright_running() as playwright,
        aiohttp.ClientSession() as http,
        headless(hub, tmp_path / "cache", COUNTY, TOWNSHIP, OTHER) as stations,
    ):
        browser = await launch(playwright, *FAKE_DEVICES)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        centers = [COUNTY, TOWNSHIP, VILLAGE, OTHER]
        opened = {"title": "防汛调度", "kind": "dispatch", "centers": centers, "record": False}
        meeting = (await tool.command("meeting.open", opened))["entries"][0]["meeting"]
        station = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(station, hub.account("station", VILLAGE))
        await station.get_by_test_id("station-answer").click(timeout=WAIT_MS)
        leader = await open_page(browser, f"{hub.url}/command/{meeting}")
        await sign_in(leader, hub.account("leader", CITY))
        await to_command(leader)
        await expect(leader.locator("article.tile")).to_have_count(4, timeout=WAIT_MS)
        await words(leader, station)
        await own_tour(leader, stations)
        await tour_for_all(leader, station)
        await mosaic_tour(leader, station)
        await voices(leader, tool, meeting)
        assert await cut_off(leader) == []
        await tool.command("meeting.end", {}, meeting)
        await leader.goto(f"{hub.url}/archive/{meeting}")
        await leader.get_by_test_id("archive-minutes-open").click(timeout=WAIT_MS)
        tours = leader.get_by_test_id("tour-minutes")
        await expect(tours).to_contain_text("轮巡（自己看）", timeout=WAIT_MS)
        await expect(tours).to_contain_text("共 4 家")
        await expect(leader.get_by_test_id("banner-minutes")).to_contain_text("今晚八时前完成转移")
        assert await severe_findings(leader) == []
        await shot(leader, "minutes")
        # the longer words of the room before a meeting, on a phone
        await leader.evaluate("localStorage.setItem('lianxian.locale', 'en')")
        await leader.goto(f"{hub.url}/command")
        await expect(leader.get_by_test_id("convene")).to_contain_text("Convene", timeout=WAIT_MS)
        assert await cut_off(leader) == []


async def words(leader: Page, station: Page) -> None:
    """Shift and B open the sheet with the cursor in the words; Enter shows them to all."""
    await leader.keyboard.press("Shift+B")
    await expect(leader.get_by_test_id("banner-text")).to_be_focused(timeout=WAIT_MS)
    await leader.keyboard.type("今晚八时前完成转移")
    assert await severe_findings(leader) == []
    await shot(leader, "banner-sheet")
    await leader.keyboard.press("Enter")
    for page in (leader, station):
        await expect(page.get_by_test_id("line-banner")).to_contain_text("今晚八时前", timeout=WAIT_MS)
    # It is read aloud, once, and hides none of the picture.
    await expect(station.get_by_role("status").filter(has_text="通知：今晚八时前")).to_have_count(1)
    line = await station.get_by_test_id("line-banner").bounding_box()
    picture = await station.get_by_test_id("station-stage-video").bounding_box()
    assert line is not None
    assert picture is not None
    assert line["y"] >= picture["y"] + picture["height"] - 1
    # A warning that runs, to villages alone.
    await leader.keyboard.press("Shift+B")
    await leader.get_by_test_id("banner-kind-ticker").check()
    await leader.get_by_test_id("banner-style-warning").check()
    await leader.get_by_test_id("banner-who").select_option("level:village")
    await leader.get_by_test_id("banner-text").fill(
        "长江监利站水位 34.52 米，超警戒 0.52 米，请各村加密巡堤频次"
    )
    await leader.get_by_test_id("banner-text").press("Enter")
    await expect(station.get_by_test_id("line-ticker")).to_contain_text("警示", timeout=WAIT_MS)
    await expect(leader.get_by_test_id("line-ticker")).to_have_count(0)
    assert await severe_findings(station) == []
    await shot(station, "station-both")
    await leader.keyboard.press("Shift+B")
    await leader.get_by_test_id("remove-ticker").click()
    await expect(station.get_by_test_id("line-ticker")).to_have_count(0, timeout=WAIT_MS)
    await leader.keyboard.press("Escape")


async def own_tour(leader: Page, stations: dict[str, Station]) -> None:
    """T and Enter begin a tour of one's own; it is led by the keyboard, and passes over who is not there."""
    now, strip = leader.get_by_test_id("tour-now"), leader.get_by_test_id("tour-strip")
    plate = leader.get_by_test_id("stage-plate")
    await leader.keyboard.press("t")
    await leader.get_by_test_id("tour-who").select_option("all")
    assert await severe_findings(leader) == []
    await shot(leader, "tour-sheet")
    await leader.get_by_test_id("tour-seconds").select_option("120")
    await leader.get_by_test_id("tour-order").select_option("hand")
    await leader.get_by_test_id("tour-hand").get_by_role("listitem").filter(has_text="坦渡村").focus()
    await leader.keyboard.press("Alt+ArrowUp")
    await shot(leader, "tour-hand")
    await leader.get_by_test_id("tour-start").focus()
    await leader.keyboard.press("Enter")
    await expect(now).to_have_text("正在看 临湘市", timeout=WAIT_MS)
    await expect(plate).to_contain_text("临湘市", timeout=WAIT_MS)
    assert await severe_findings(leader) == []
    await frames_grow(leader, timeout_s=30)
    await shot(leader, "tour-own")
    await expect(leader.get_by_test_id("tour-next-says")).to_have_text("下一个 坦渡村")
    await leader.keyboard.press("g")
    await expect(strip).to_contain_text("已暂停", timeout=WAIT_MS)
    await leader.keyboard.press("]")
    await expect(now).to_have_text("正在看 坦渡村", timeout=WAIT_MS)
    await expect(plate).to_contain_text("坦渡村", timeout=WAIT_MS)
    await leader.keyboard.press("]")
    await expect(now).to_have_text("正在看 坦渡镇", timeout=WAIT_MS)
    await leader.keyboard.press("[")
    await expect(now).to_have_text("正在看 坦渡村", timeout=WAIT_MS)
    await stations[TOWNSHIP].stop()
    await expect(leader.locator("article.tile")).to_have_count(3, timeout=WAIT_MS)
    await leader.keyboard.press("]")
    await expect(now).to_have_text("正在看 长岭社区", timeout=WAIT_MS)
    await expect(strip).to_contain_text("跳过 1", timeout=WAIT_MS)
    await leader.get_by_test_id("tour-list").click()
    await expect(leader.get_by_test_id(f"tour-row-{TOWNSHIP}")).to_contain_text(
        "不在会，已跳过", timeout=WAIT_MS
    )
    await shot(leader, "tour-list")
    # It may stay for another time with each from now on.
    pace = leader.get_by_test_id("tour-pace")
    await pace.select_option("60")
    await expect(pace).to_have_value("60")
    await expect(strip).to_contain_text("已暂停")
    await leader.get_by_test_id(f"tour-go-{COUNTY}").click()
    await expect(now).to_have_text("正在看 临湘市", timeout=WAIT_MS)
    await leader.keyboard.press("Escape")
    await leader.keyboard.press("g")
    await expect(strip).to_have_attribute("data-state", "running", timeout=WAIT_MS)
    await leader.get_by_test_id("tour-stop").click()
    await expect(strip).to_have_count(0, timeout=WAIT_MS)


async def tour_for_all(leader: Page, station: Page) -> None:
    """Who is shown to all in a tour knows it; a broadcast by hand makes it rest, and the line says why."""
    strip = leader.get_by_test_id("tour-strip")
    await leader.keyboard.press("t")
    await leader.get_by_test_id("tour-kind-broadcast").check()
    await leader.get_by_test_id("tour-who").select_option("level:village")
    await leader.get_by_test_id("tour-seconds").select_option("5")
    await leader.get_by_test_id("tour-start").focus()
    await leader.keyboard.press("Enter")
    # It steps by itself between the two villages: whose page this is comes and goes.
    seen = station.get_by_test_id("tour-seen")
    await expect(seen).to_have_text("轮巡：全体正在看您的画面", timeout=WAIT_MS)
    await shot(station, "station-tour")
    await shot(leader, "tour-all")
    await expect(station.get_by_test_id("station-onair")).to_be_visible(timeout=WAIT_MS)
    await expect(seen).to_have_count(0, timeout=WAIT_MS)
    # the selected one is broadcast by hand
    await leader.locator("article.tile").filter(has_text="临湘市").focus()
    await leader.keyboard.press("b")
    await expect(strip).to_contain_text("已暂停：主画面被手动切换", timeout=WAIT_MS)
    await shot(leader, "tour-paused")
    await leader.get_by_test_id("tour-stop").click()
    await expect(strip).to_have_count(0, timeout=WAIT_MS)


async def mosaic_tour(leader: Page, station: Page) -> None:
    """Several at a time, on the desk and at the station; it stands still while the meeting is paused, and goes on with it."""
    strip, now = leader.get_by_test_id("tour-strip"), leader.get_by_test_id("tour-now")
    await leader.keyboard.press("t")
    await leader.get_by_test_id("tour-kind-mosaic").check()
    await leader.get_by_test_id("tour-who").select_option("all")
    await leader.get_by_test_id("tour-start").focus()
    await leader.keyboard.press("Enter")
    await expect(now).to_have_text("正在看 3 家", timeout=WAIT_MS)
    for page in (leader, station):
        await expect(page.get_by_test_id("mosaic")).to_have_attribute("data-grid", "4", timeout=WAIT_MS)
    await expect(leader.get_by_test_id("cell-plate-0")).to_contain_text("临湘市", timeout=WAIT_MS)
    await expect(station.get_by_test_id("tour-seen")).to_have_text(
        "轮巡：全体正在看您的画面", timeout=WAIT_MS
    )
    await frames_grow(leader, timeout_s=30)
    await shot(leader, "tour-mosaic")
    await leader.keyboard.press("Shift+P")
    await expect(strip).to_contain_text("随会议暂停", timeout=WAIT_MS)
    await expect(station.get_by_test_id("tour-seen")).to_have_count(0, timeout=WAIT_MS)
    await shot(leader, "tour-rests")
    await leader.keyboard.press("Shift+P")
    await expect(strip).to_have_attribute("data-state", "running", timeout=WAIT_MS)
    await leader.get_by_test_id("tour-stop").click()
    await expect(leader.get_by_test_id("mosaic")).to_have_count(0, timeout=WAIT_MS)


async def voices(leader: Page, tool: Tool, meeting: str) -> None:
    """Who speaks takes the stage: of all that are there one alone is heard, and is seen soon after."""
    people = (await tool.get(f"/api/v1/meetings/{meeting}"))["participants"]
    silent = [one["id"] for one in people if one["center"] in (COUNTY, VILLAGE)]
    for who in silent:
        await tool.command("participant.mute", {"participant": who}, meeting)
    await leader.get_by_role("tab", name="舞台").click()
    await leader.get_by_test_id("stage-voice").click()
    await expect(leader.get_by_test_id("stage-now")).to_contain_text("长岭社区", timeout=WAIT_MS)
    await expect(leader.get_by_test_id("stage-plate")).to_contain_text("长岭社区", timeout=WAIT_MS)
    await shot(leader, "voice")
    await leader.get_by_test_id("stage-voice").click()
