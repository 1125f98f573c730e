"""Cameras on pages: a wall comes up, dies and is back; a picture keeps its digest; watchers are seen; rights end at once."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool, free_port

pytestmark = pytest.mark.e2e

CITY, TOWN, VILLAGE = "430600000000", "430682115000", "430682115210"
WAIT_MS = 30_000
#: Whether the page plays something that is no silence.
HEARD = """async () => {
    const audio = document.querySelector('audio')
    if (audio === null || audio.paused || audio.muted || audio.srcObject === null) return false
    window.__heard ??= (() => {
        const context = new AudioContext()
        const analyser = context.createAnalyser()
        context.createMediaStreamSource(audio.srcObject).connect(analyser)
        return analyser
    })()
    const wave = new Float32Array(window.__heard.fftSize)
    window.__heard.getFloatTimeDomainData(wave)
    return wave.some((each) => Math.abs(each) > 0.1)
}"""


@pytest.fixture
async def cameras() -> AsyncIterator[CameraServer]:
    """Four cameras of a village."""

    def made(number: int) -> Camera:
        hue = number / 4
        return Camera(
            f"cam{number}",
            Scene(f"{number}", 1280, 720, 12, 900_000, hue),
            Scene(f"{number}", 480, 270, 12, 220_000, hue),
            sound="pcma",
        )

    server = CameraServer(made(number) for number in range(4))
    await server.start(port=free_port())
    yield server
    await server.close()


async def added(http: aiohttp.ClientSession, admin: Tool, server: CameraServer) -> list[str]:
    """Put the cameras into the directory; their ids."""
    made = []
    for name in server.cameras:
        body: dict[str, object] = {"center": VILLAGE, "name": f"村口{name[-1]}"}
        body |= {"main": server.url(name), "sub": server.url(name, "sub"), "sound": True}
        async with http.post(f"{admin.url}/api/v1/cameras", json=body, headers=admin.headers) as answer:
            assert answer.status == 201, await answer.text()
            made.append((await answer.json())["camera"])
    return made


def view(page: Page, camera: str) -> Locator:
    return page.locator(f'[data-testid="camera-view"][data-camera="{camera}"]').first


async def test_a_wall_of_cameras_from_first_picture_to_a_right_that_ends(
    tmp_path: Path, cameras: CameraServer
) -> None:
    hub = HubProcess(tmp_path / "hub", {"HUB_CAMERA_NETWORKS": "127.0.0.0/8"})
    await hub.start()
    try:
        async with playwright_running() as playwright, aiohttp.ClientSession() as http:
            admin = await Tool.sign_in(http, hub.url, hub.account("system_admin", CITY))
            ids = await added(http, admin, cameras)
            browser = await launch(playwright)

            # An empty wall says how to begin; four cameras come up with one key, by their small streams.
            page = await open_page(browser, f"{hub.url}/patrol")
            await sign_in(page, hub.account("leader", TOWN))
            await expect(page.get_by_test_id("wall-empty")).to_contain_text("双击", timeout=WAIT_MS)
            await page.get_by_test_id("wall-first").click()
            for camera in ids:
                await expect(view(page, camera)).to_have_attribute("data-state", "playing", timeout=WAIT_MS)

            # On the whole screen the keys of the cells hold, though none of them has the focus.
            await page.keyboard.press("f")
            await page.wait_for_function("document.fullscreenElement !== null", timeout=WAIT_MS)
            await page.evaluate("document.activeElement?.blur()")
            await page.keyboard.press("ArrowRight")
            await expect(page.get_by_test_id("wall-cell-1")).to_be_focused()
            await page.evaluate("document.activeElement?.blur()")
            await page.keyboard.press("Enter")
            await expect(page.get_by_test_id("wall-big").get_by_test_id("camera-view")).to_have_attribute(
                "data-camera", await page.get_by_test_id("wall-cell-1").get_attribute("data-camera") or ""
            )
            await page.keyboard.press("Escape")
            await expect(page.get_by_test_id("wall-big")).to_have_count(0)
            await page.keyboard.press("f")

            # One is enlarged by a press and gets its main stream; Esc goes back.
            first = page.get_by_test_id("wall-cell-0")
            chosen = await first.get_attribute("data-camera")
            assert chosen is not None
            await first.click()
            big = page.get_by_test_id("wall-big")
            await page.wait_for_function(
                "() => document.querySelector('[data-testid=wall-big] video')?.videoWidth === 1280",
                timeout=WAIT_MS,
            )

            # It is silent until it is asked for its sound; then the page plays what the camera hears.
            assert await page.locator("audio").count() == 0
            await page.keyboard.press("m")
            await expect(big.get_by_test_id("camera-listen")).to_have_attribute(
                "data-sound", "playing", timeout=WAIT_MS
            )
            await page.wait_for_function(HEARD, timeout=WAIT_MS)
            await page.keyboard.press("m")
            await expect(page.locator("audio")).to_have_count(0)

            # A second person is seen to watch.
            other = await open_page(browser, f"{hub.url}/patrol/camera/{chosen}")
            await sign_in(other, hub.account("leader", CITY))
            await expect(other.get_by_test_id("camera-watchers").locator("li")).to_have_count(
                2, timeout=WAIT_MS
            )

            # From a center's card, wherever one is: its cameras over the room, and nobody is called.
            await other.keyboard.press("Control+k")
            await other.keyboard.type(VILLAGE)
            await other.get_by_role("option").first.click()
            await expect(other.get_by_test_id("camera-count")).to_contain_text("4", timeout=WAIT_MS)
            await other.get_by_test_id("selection-cameras").click()
            looked = other.get_by_test_id("center-cameras").get_by_test_id("camera-view")
            await expect(looked).to_have_attribute("data-state", "playing", timeout=WAIT_MS)
            await other.keyboard.press("Escape")
            await expect(view(other, chosen)).to_have_attribute("data-state", "playing", timeout=WAIT_MS)

            # The hub makes a picture: what is kept has the digest that the page shows.
            await page.keyboard.press("s")
            made = page.get_by_test_id("picture-made")
            await expect(made).to_be_visible(timeout=WAIT_MS)
            digest = await made.get_attribute("data-object")
            async with http.get(f"{hub.url}/api/v1/objects/{digest}", headers=admin.headers) as answer:
                assert answer.status == 404, "who may not watch the camera does not read its pictures"
            reader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            async with http.get(f"{hub.url}/api/v1/objects/{digest}", headers=reader.headers) as answer:
                jpeg = await answer.read()
            assert hashlib.sha256(jpeg).hexdigest() == digest
            await page.keyboard.press("Escape")
            await expect(big).to_have_count(0)

            # The cameras die: the old picture bears its moment. They are back: so is the picture, in its place.
            await page.evaluate("window.__never_reloaded = true")
            port = cameras.port
            await cameras.close()
            await expect(view(page, ids[0]).get_by_test_id("camera-as-of")).to_contain_text(
                "截至", timeout=WAIT_MS
            )
            await cameras.start(port=port)
            for camera in ids:
                await expect(view(page, camera)).to_have_attribute("data-state", "playing", timeout=WAIT_MS)
            assert await first.get_attribute("data-camera") == chosen
            assert await page.evaluate("window.__never_reloaded === true")

            # One is taken out of use: nobody sees it any more, and that is said.
            one = f"{admin.url}/api/v1/cameras/{chosen}"
            async with http.patch(one, json={"shown": False}, headers=admin.headers) as answer:
                assert answer.status == 200, await answer.text()
            await expect(view(page, chosen)).to_have_attribute("data-state", "withheld", timeout=5_000)
            await expect(view(page, chosen)).to_contain_text("无权")
    finally:
        hub.stop()
