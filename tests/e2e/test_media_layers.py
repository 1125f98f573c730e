"""A camera in layers, through the pages: a tile gets what fits it, and what nobody watches is not sent."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page

from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in, to_command
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY, VILLAGE = "430600000000", "430682115210"
#: Whatever this machine is: pages send all their layers.
MANY_CORES = "Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 8 })"

SENT = """async () => {
  const found = {}
  for (const peer of window.__peers) {
    if (peer.connectionState !== 'connected') continue
    for (const one of (await peer.getStats()).values()) {
      if (one.type === 'outbound-rtp' && one.kind === 'video') found[one.rid] = [one.active, one.frameWidth ?? 0]
    }
  }
  return found
}"""


async def width(page: Page, test_id: str, wanted: int) -> None:
    """Until the element shows a picture that is so wide."""

    async def shown() -> bool:
        found = await page.get_by_test_id(test_id).evaluate("element => element.videoWidth")
        assert found == wanted, f"{test_id} shows {found} px, not {wanted}"
        return True

    await eventually(shown, 25)


async def sends(page: Page, *rids: str) -> None:
    """Until the page sends these layers of its camera and no others."""

    async def settled() -> bool:
        found: dict[str, Any] = await page.evaluate(SENT)
        active = {rid for rid, (is_active, _) in found.items() if is_active}
        assert active == set(rids), f"sent: {found}"
        return True

    await eventually(settled, 25)


async def test_a_tile_gets_the_layer_that_fits_and_layers_nobody_watches_rest(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        # A camera that two pages of one browser share has the size that the first of them wanted.
        office, field = await launch(playwright, *FAKE_DEVICES), await launch(playwright, *FAKE_DEVICES)
        leader = await open_page(office, hub.url)
        village = await open_page(field, hub.url, width=300, height=640)
        for page, role, center in ((leader, "leader", CITY), (village, "station", VILLAGE)):
            await page.context.add_init_script(MANY_CORES)
            await page.reload()
            await sign_in(page, hub.account(role, center))
        await to_command(leader)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        await village.get_by_test_id("station-line").and_(village.locator("[data-state=online]")).wait_for()
        # Not recorded: a recording takes the best layer, whoever watches.
        opened = await tool.command(
            "meeting.open", {"title": "防汛", "kind": "dispatch", "centers": [VILLAGE], "record": False}
        )
        meeting = opened["entries"][0]["meeting"]
        await village.get_by_test_id("station-answer").click()
        await (
            leader.get_by_test_id(f"meeting-enter-{meeting}")
            .or_(leader.get_by_test_id("stage-video"))
            .first.wait_for()
        )
        enter = leader.get_by_test_id(f"meeting-enter-{meeting}")
        if await enter.count():
            await enter.click()

        # The village on the leader's stage is large, in its tile it is small.
        people = (await tool.get(f"/api/v1/meetings/{meeting}"))["participants"]
        here = {one["center"]: one["id"] for one in people}
        tile = f"tile-video-{here[VILLAGE]}"
        await asyncio.gather(width(leader, "stage-video", 640), width(leader, tile, 320))
        mark = leader.get_by_test_id(f"tile-{here[VILLAGE]}").locator("[data-quality=good]")
        await mark.wait_for(timeout=10_000)

        # The leader's camera, once it is on, is small on a narrow phone; nobody takes the larger layers, and they rest.
        await leader.get_by_test_id("own-camera").click()
        await width(village, "station-stage-video", 320)
        await sends(leader, "q")

        # The phone becomes a wall: the large layer comes back by itself.
        await village.set_viewport_size({"width": 1500, "height": 900})
        await width(village, "station-stage-video", 1280)
        await sends(leader, "q", "f")

        # Tiles only: the tile is large now, and the picture in it.
        await leader.keyboard.press("w")
        await width(leader, tile, 640)
