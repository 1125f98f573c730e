"""A village's camera before a meeting: found on the desk, brought in, seen moving, on the stage, and back after its reboot."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, frames_grow, launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY, VILLAGE = "430600000000", "430682115210"


async def test_a_camera_is_found_brought_seen_and_back_after_its_reboot(tmp_path: Path) -> None:
    gate = Camera("gate", Scene("村口", 480, 270, 10, 250_000, loop_s=4), None, "admin", "geheim")
    server = CameraServer([gate])
    await server.start()
    hub = HubProcess(tmp_path / "hub", {"HUB_CAMERA_NETWORKS": "127.0.0.0/8"})
    try:
        await hub.start()
        async with aiohttp.ClientSession() as http, playwright_running() as playwright:
            admin = await Tool.sign_in(http, hub.url, hub.account("system_admin", CITY))
            new = {
                "center": VILLAGE,
                "name": "村口",
                "main": server.url("gate"),
                "user": "admin",
                "password": "geheim",
            }
            async with http.post(f"{hub.url}/api/v1/cameras", json=new, headers=admin.headers) as answer:
                assert answer.status == 201, await answer.text()
                camera = (await answer.json())["camera"]
            leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            data = {"title": "看村口", "kind": "dispatch", "centers": [VILLAGE], "record": False}
            meeting = (await leader.command("meeting.open", data))["entries"][0]["meeting"]
            browser = await launch(playwright, *FAKE_DEVICES)
            page = await open_page(browser, f"{hub.url}/command/{meeting}")
            await sign_in(page, hub.account("leader", CITY))
            await expect(page.get_by_role("tab", name="舞台")).to_be_visible(timeout=30_000)
            await page.keyboard.press("Shift+K")
            sheet = page.get_by_test_id("cameras-sheet")
            await sheet.get_by_test_id("cameras-find").fill("村口")
            await sheet.get_by_test_id(f"camera-row:{camera}").get_by_role("button").click()
            await expect(sheet.get_by_test_id(f"camera-here:{camera}")).to_be_visible()
            assert not await severe_findings(page)
            await page.screenshot(path=str(tmp_path / "sheet.png"))
            await page.keyboard.press("Escape")
            tile = page.get_by_test_id(f"tile-{camera}")
            await expect(tile).to_contain_text("村口")
            await expect(tile).to_contain_text("画面正常")
            await expect(tile).not_to_contain_text("已到会")
            await expect(page.get_by_test_id(f"tile-broadcast-{camera}")).to_have_count(1)
            await expect(page.get_by_test_id(f"tile-mute-{camera}")).to_have_count(0)
            await frames_grow(page)
            await page.screenshot(path=str(tmp_path / "tile.png"))
            await leader.command("stage.broadcast", {"participant": camera}, meeting)
            await expect(page.get_by_test_id("stage-plate")).to_contain_text("村口")
            gate.reboot()
            await frames_grow(page, 20)
            await page.screenshot(path=str(tmp_path / "stage.png"))
            found = await leader.get(f"/api/v1/meetings/{meeting}")
            assert found["joined"] <= 1, "nobody has come but the leader"
            await browser.close()
    finally:
        print(hub.log_tail())
        hub.stop()
        await server.close()
