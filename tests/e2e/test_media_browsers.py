"""Chromium and Firefox in one meeting: each with camera and shared screen, each as the viewer of the other."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page

from tests.e2e.browser import (
    FAKE_DEVICES,
    KEEP_PEERS,
    launch,
    open_page,
    playwright_running,
    sign_in,
    to_command,
)
from tests.support.firefox import Firefox, firefox, virtual_screen
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY, VILLAGE = "430600000000", "430682115210"
#: Chromium's fake screen; Firefox shares the virtual one.
CHROMIUM_SCREEN, FIREFOX_SCREEN = 1920, 1280

#: Width of the picture, and its look as a number.
SHOWN = """(element) => {
  const canvas = document.createElement('canvas')
  canvas.width = 32; canvas.height = 18
  const context = canvas.getContext('2d')
  if (element.videoWidth) context.drawImage(element, 0, 0, 32, 18)
  return [element.videoWidth, context.getImageData(0, 0, 32, 18).data.reduce((a, b) => (a * 31 + b) % 1000003, 7)]
}"""


class Shown:
    """Waits for moving pictures of a width in an element of one of the browsers."""

    def __init__(self, chromium: Page, other: Firefox) -> None:
        self._chromium = chromium
        self._firefox = other

    async def in_chromium(self, name: str, *widths: int) -> None:
        before: list[int] = []

        async def shown() -> bool:
            found = await self._chromium.get_by_test_id(name).evaluate(SHOWN)
            return self._judge(f"Chromium's {name}", found, widths, before)

        await eventually(shown, 30)

    async def in_firefox(self, name: str, *widths: int) -> None:
        before: list[int] = []

        async def shown() -> bool:
            found = await self._firefox.ask("element", name, SHOWN)
            return self._judge(f"Firefox's {name}", found, widths, before)

        await eventually(shown, 30)

    @staticmethod
    def _judge(name: str, found: list[int], widths: tuple[int, ...], before: list[int]) -> bool:
        assert found[0] in widths, f"{name} shows {found[0]} px, not {widths}"
        if found[1] not in before:
            before.append(found[1])
        # a shared screen may have nothing that moves; no other picture has its width
        screen = len(widths) == 1
        assert screen or len(before) > 3, f"{name} stands still"
        return True


async def test_camera_and_screen_of_each_browser_are_seen_in_the_other(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with (
        playwright_running() as playwright,
        aiohttp.ClientSession() as http,
        virtual_screen() as display,
        firefox(tmp_path / "firefox", display) as village,
    ):
        browser = await launch(playwright, *FAKE_DEVICES)
        leader = await open_page(browser, hub.url)
        await sign_in(leader, hub.account("leader", CITY))
        await to_command(leader)
        await village.ask("open", hub.url, KEEP_PEERS)
        await village.ask("wait", "signin-username")
        credentials = hub.account("station", VILLAGE)
        await village.ask("fill", "signin-username", credentials["username"])
        await village.ask("fill", "signin-password", credentials["password"])
        await village.ask("click", "signin-submit")
        await village.ask("wait", "station-line", "online")
        await leader.get_by_test_id("chosen-count").and_(leader.get_by_text("1", exact=True)).wait_for()
        await leader.get_by_test_id("convene").click()
        await village.ask("click", "station-answer")
        await village.ask("wait", "station-meeting")
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        meeting = (await tool.get("/api/v1/meetings?state=open"))["meetings"][0]["id"]
        shown = Shown(leader, village)

        # Cameras; the leader's after a key.
        await leader.get_by_test_id("own-camera").click()
        await leader.get_by_test_id("own-microphone").click()
        await asyncio.gather(
            shown.in_chromium("stage-video", 320, 640),
            shown.in_firefox("station-stage-video", 320, 640, 1280),
        )
        people = (await tool.get(f"/api/v1/meetings/{meeting}"))["participants"]
        here = {one["center"]: one["id"] for one in people}

        # Chromium's screen stands beside the camera in Firefox, and leaves the stage to it when it ends.
        await leader.get_by_test_id("own-screen").click()
        await shown.in_firefox("station-second", CHROMIUM_SCREEN)
        await shown.in_firefox("station-stage-video", 320, 640, 1280)
        await leader.get_by_test_id("own-screen").click()

        # Firefox's screen stands beside its camera in Chromium and has a tile of its own.
        await village.ask("click", "station-devices")
        await village.ask("click", "station-share")
        await village.ask("wait", "station-sharing", "on")
        screen = f"{here[VILLAGE]}:screen"
        await shown.in_chromium("stage-second", FIREFOX_SCREEN)
        await shown.in_chromium(f"tile-video-{screen}", FIREFOX_SCREEN)
        await shown.in_chromium(f"tile-video-{here[VILLAGE]}", 320, 640)
        assert await leader.get_by_test_id("stage-second").get_attribute("data-source") == screen

        # It ends by the station's own key: tile and stage go back to the camera.
        await village.ask("click", "station-share-stop")
        await leader.get_by_test_id(f"tile-{screen}").wait_for(state="detached", timeout=10_000)
        await shown.in_chromium("stage-video", 320, 640)
        assert await village.ask("errors") == []
