"""The stage by the keyboard: a layout to all and to the wall, who is seen in which cell, lock, selected view, dual stream."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, KEEP_PEERS, launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, COUNTY, TOWNSHIP, VILLAGE = "430600000000", "430682000000", "430682115000", "430682115210"
#: Each camera is one colour: who stands in a cell is seen, not said.
COLOURS = {COUNTY: "#c02020", TOWNSHIP: "#20a020", VILLAGE: "#2020c0"}
NAMES = {COUNTY: "red", TOWNSHIP: "green", VILLAGE: "blue"}

#: A camera that shows one colour, with something in it that moves.
COLOURED = """
(() => {
  const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 360
  const context = canvas.getContext('2d')
  let turn = 0
  setInterval(() => {
    context.fillStyle = 'COLOUR'; context.fillRect(0, 0, 640, 360)
    context.fillStyle = '#888'; context.fillRect((turn += 7) % 640, 0, 12, 24)
  }, 100)
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = wanted.audio ? await real({ audio: wanted.audio }) : new MediaStream()
    if (wanted.video) stream.addTrack(canvas.captureStream(10).getVideoTracks()[0])
    return stream
  }
})();
"""
#: What colour the picture of an element has.
SEEN = """(element) => {
  const video = element instanceof HTMLVideoElement ? element : element.querySelector('video')
  if (!video || video.readyState < 2 || !video.videoWidth) return 'nothing'
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1
  const context = canvas.getContext('2d')
  context.drawImage(video, video.videoWidth / 4, video.videoHeight / 2, 40, 40, 0, 0, 1, 1)
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data
  const most = Math.max(r, g, b)
  if (most < 90 || most - Math.min(r, g, b) < 50) return `grey ${r} ${g} ${b}`
  return most === r ? 'red' : most === g ? 'green' : 'blue'
}"""


async def coloured(browser: Browser, hub: HubProcess, center: str, role: str = "station") -> Page:
    """A page of a center with a camera of its colour, in a phone's size."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    await context.add_init_script(KEEP_PEERS + COLOURED.replace("COLOUR", COLOURS[center]))
    page = await context.new_page()
    await page.goto(hub.url)
    await sign_in(page, hub.account(role, center))
    await page.get_by_test_id("station-answer").click(timeout=30_000)
    return page


async def seen(page: Page, wanted: dict[str, str]) -> None:
    """Until these elements show these colours."""

    async def right() -> bool:
        found = {name: await page.get_by_test_id(name).evaluate(SEEN) for name in wanted}
        assert found == wanted, f"seen: {found}"
        return True

    await eventually(right, 30)


async def test_who_stands_in_which_cell_on_desk_station_and_wall(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        opened = {
            "title": "防汛调度",
            "kind": "dispatch",
            "centers": [COUNTY, TOWNSHIP, VILLAGE],
            "record": False,
        }
        meeting = (await tool.command("meeting.open", opened))["entries"][0]["meeting"]
        stations = {center: await coloured(browser, hub, center) for center in (TOWNSHIP, VILLAGE, COUNTY)}
        desk = await open_page(browser, f"{hub.url}/command/{meeting}")
        await sign_in(desk, hub.account("leader", CITY))
        await expect(desk.get_by_role("tab", name="舞台")).to_be_visible(timeout=30_000)
        people = (await tool.get(f"/api/v1/meetings/{meeting}"))["participants"]
        who = {one["center"]: one["id"] for one in people}

        # By the keyboard alone: to the tab, the grid of four, the township into the second cell.
        await desk.get_by_role("tab", name="舞台").focus()
        await desk.keyboard.press("Enter")
        grid = desk.get_by_role("radio", name="4 画面")
        await grid.focus()
        await desk.keyboard.press("Space")
        cell = desk.get_by_test_id("draft-cell-0")
        await cell.focus()
        await desk.keyboard.press("ArrowRight")
        await expect(desk.get_by_test_id("draft-cell-1")).to_be_focused()
        await desk.keyboard.press("Enter")
        await desk.get_by_test_id(f"draft-put-{who[TOWNSHIP]}").focus()
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_test_id("draft-cell-1")).to_have_attribute("data-who", who[TOWNSHIP])
        # and the village into the third by dragging
        await desk.get_by_test_id(f"draft-put-{who[VILLAGE]}").drag_to(desk.get_by_test_id("draft-cell-2"))
        await expect(desk.get_by_test_id("draft-cell-2")).to_have_attribute("data-who", who[VILLAGE])
        await desk.get_by_test_id("stage-all").focus()
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_test_id("stage-now")).to_contain_text("多画面（4）")

        # Who was put there stands there, and the county comes by itself.
        await seen(desk, {"cell-video-0": "red", "cell-video-1": "green", "cell-video-2": "blue"})
        assert await severe_findings(desk) == []
        village = stations[VILLAGE]
        await seen(village, {"cell-video-1": "green", "cell-video-2": "blue"})
        assert await severe_findings(village) == []

        # Kept under a name; the wall is opened at its address by an account of its own.
        await desk.get_by_test_id("layout-name").fill("堤防四方")
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_role("button", name="取用布局 堤防四方")).to_be_visible(timeout=30_000)
        await desk.get_by_test_id("stage-wall").click()
        await expect(desk.get_by_test_id("stage-now")).to_contain_text("大屏在看")
        wall = await open_page(browser, f"{hub.url}/wall/{meeting}", width=1920, height=1080)
        await sign_in(wall, hub.account("dispatcher", CITY))
        await seen(wall, {"cell-video-0": "red", "cell-video-1": "green", "cell-video-2": "blue"})
        await expect(wall.get_by_test_id("cell-plate-1")).to_contain_text("坦渡镇")
        assert await severe_findings(wall) == []

        # The first of two screens shows half of it; a locked stage is refused to others by its word.
        await desk.get_by_test_id("wall-count").select_option("2")
        await desk.get_by_label("大屏 2 显示什么").select_option("2/2")
        await wall.goto(f"{hub.url}/wall/{meeting}/2")
        await expect(wall.get_by_test_id("wall")).to_have_attribute("data-grid", "2", timeout=30_000)
        await seen(wall, {"cell-video-0": "blue"})
        await desk.get_by_test_id("stage-lock").click()
        await expect(desk.get_by_test_id("stage-locked")).to_be_visible()
        deputy = await Tool.sign_in(http, hub.url, hub.account("dispatcher", CITY))
        asked = {"id": "locked-1", "kind": "stage.layout", "meeting": meeting, "data": {"layout": None}}
        url = f"{hub.url}/api/v1/commands"
        async with http.post(url, json=asked, headers=deputy.headers) as answer:
            assert (await answer.json())["error"]["code"] == "stage_locked"
        await desk.get_by_test_id("stage-lock").click()
        await expect(desk.get_by_test_id("stage-locked")).to_have_count(0)

        # A selected view: the village alone sees the county.
        await desk.get_by_test_id("view-viewer").select_option(who[VILLAGE])
        await desk.get_by_test_id("view-source").select_option(who[COUNTY])
        await desk.get_by_test_id("view-set").click()
        await expect(desk.get_by_test_id(f"view-{who[VILLAGE]}")).to_be_visible(timeout=30_000)
        await seen(village, {"station-stage-video": "red"})
        await desk.get_by_role("button", name=re.compile("让 坦渡村.*回到主画面")).click()

        # A shared screen stands beside who is broadcast, on desk, station and wall; one key shares and shows.
        await tool.command("stage.broadcast", {"participant": who[TOWNSHIP]}, meeting)
        await desk.get_by_test_id("own-screen").click()
        await expect(desk.get_by_test_id("own-sharing")).to_have_attribute(
            "data-shown", "all", timeout=30_000
        )
        await wall.goto(f"{hub.url}/wall/{meeting}")

        async def beside(page: Page, name: str) -> None:
            async def wide() -> bool:
                width: Any = await page.get_by_test_id(name).evaluate("(element) => element.videoWidth")
                assert width > 0, "no screen beside the speaker"
                return True

            await eventually(wide, 30)

        await beside(village, "station-second")
        await seen(village, {"station-stage-video": "green"})
        await beside(wall, "wall-second")
        await desk.get_by_test_id("stage-unshare").click()
        await expect(village.get_by_test_id("station-second")).to_have_count(0, timeout=30_000)
        await expect(desk.get_by_test_id("own-sharing")).to_have_attribute("data-shown", "asked")

        # The wall comes back by itself, and says when it is over.
        await tool.command("meeting.end", {}, meeting)
        await expect(wall.get_by_test_id("wall-only")).to_contain_text("会议已结束", timeout=30_000)
