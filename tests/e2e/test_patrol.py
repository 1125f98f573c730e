"""A round over the cameras of two villages: from a route to a finding's signed order, past a stop that is dark."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from clients.camera.faults import Faults
from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from hub.directory.accounts import SYSTEM_ADMIN
from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, OTHER_VILLAGE, TOWN, VILLAGE
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e
#: Path at the server, whose it is, what it is called.
PLACES = (
    ("one", VILLAGE, "淤泥村村口"),
    ("dark", OTHER_VILLAGE, "塘城村桥头"),
    ("two", OTHER_VILLAGE, "塘城村河堤"),
)


async def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants to (`PATROL_PICTURES`: a folder)."""
    if folder := os.environ.get("PATROL_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


@asynccontextmanager
async def cameras_of(hub: HubProcess, http: aiohttp.ClientSession) -> AsyncIterator[dict[str, str]]:
    """Three cameras in the directory, one of which answers and sends no picture: path at the server -> id."""
    made = [
        Camera(path, Scene(name, 640, 360, hue=0.3 * at), faults=Faults(silent=path == "dark"))
        for at, (path, _, name) in enumerate(PLACES)
    ]
    server = CameraServer(made)
    await server.start()
    try:
        admin = await Tool.sign_in(http, hub.url, hub.account(SYSTEM_ADMIN, CITY))
        ids = {}
        for path, center, name in PLACES:
            asked = {"center": center, "name": name, "main": server.url(path)}
            url = f"{hub.url}/api/v1/cameras"
            async with http.post(url, json=asked, headers=admin.headers) as answer:
                told: dict[str, Any] = await answer.json()
                assert answer.status in (200, 201), told
                ids[path] = str(told["camera"])
        yield ids
    finally:
        await server.close()


async def test_a_round_is_walked_honestly_from_its_route_to_a_signed_order(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "data", extra={"HUB_CAMERA_NETWORKS": "127.0.0.0/8"})
    try:
        await hub.start()
        async with (
            playwright_running() as playwright,
            aiohttp.ClientSession() as http,
            cameras_of(hub, http) as ids,
        ):
            browser = await launch(playwright, *FAKE_DEVICES)

            async def at(role: str, center: str, width: int, height: int) -> Page:
                context = await browser.new_context(
                    viewport={"width": width, "height": height}, locale="zh-CN"
                )
                page = await context.new_page()
                page.set_default_timeout(30_000)
                await page.goto(hub.url)
                await sign_in(page, hub.account(role, center))
                await page.get_by_test_id("station-waiting" if role == "station" else "rail").wait_for()
                return page

            expect.set_options(timeout=30_000)
            desk = await at("leader", TOWN, 1366, 768)
            await desk.goto(f"{hub.url}/patrol/rounds")
            await expect(desk.get_by_test_id("patrol-empty")).to_contain_text("还没有巡查路线")
            await picture(desk, "empty")

            # A route: cameras by center and words, their order by keys, what is to be looked for.
            await desk.get_by_test_id("patrol-empty").get_by_role("link", name="新建路线").click()
            await desk.get_by_test_id("route-title").fill("夜间巡查")
            await desk.get_by_test_id("add-time").click()
            for path in ("one", "two", "dark"):
                await desk.get_by_test_id(f"add-{ids[path]}").click()
            await desk.get_by_test_id("grip-3").focus()
            await desk.keyboard.press("ArrowUp")
            await expect(desk.get_by_test_id("grip-2")).to_be_focused()
            await desk.get_by_test_id("look-3").fill("有无漂浮物、管涌")
            await picture(desk, "editor")
            assert await severe_findings(desk) == []
            await desk.get_by_test_id("route-save").click()
            view = desk.get_by_test_id("route-view")
            await expect(view.get_by_role("listitem")).to_contain_text(
                ["淤泥村村口", "塘城村桥头", "塘城村河堤"]
            )
            await picture(desk, "route")

            # A round now; walked by who is at the desk.
            await desk.get_by_test_id("patrol-sub").get_by_role("link", name="今日").click()
            await desk.locator("[data-testid^=open-pr_]").click()
            await desk.locator("[data-testid^=take-]").click()
            walk = desk.get_by_test_id("patrol-walk")
            meter = desk.get_by_test_id("meter")
            await expect(walk).to_have_attribute("data-stop", "1")
            await expect(meter).to_have_attribute("data-enough", "true")
            await expect(meter).to_contain_text("可确认")
            await picture(desk, "walk")
            assert await severe_findings(desk) == []
            await desk.keyboard.press("Enter")

            # The dark one can be called normal by nobody, whatever is sent; it is not seen, and why.
            await expect(walk).to_have_attribute("data-stop", "2")
            await expect(desk.get_by_test_id("camera-view")).not_to_have_attribute("data-state", "playing")
            await expect(desk.get_by_test_id("check-normal")).to_be_disabled()
            await desk.keyboard.press("Enter")
            tool = await Tool.sign_in(http, hub.url, hub.account("leader", TOWN))
            round = desk.url.split("/")[-2]
            said = {"round": round, "stop": 2, "outcome": "normal"}
            body = {"id": "forged", "kind": "patrol.check", "data": said}
            async with http.post(f"{hub.url}/api/v1/commands", json=body, headers=tool.headers) as answer:
                assert answer.status == 409
                assert (await answer.json())["error"]["field"] == "outcome"
            await picture(desk, "dark")
            await desk.keyboard.press("n")
            await desk.get_by_test_id("reason-0").click()

            # A finding becomes an order, with the picture that the hub made of the camera.
            await expect(walk).to_have_attribute("data-stop", "3")
            await expect(meter).to_have_attribute("data-enough", "true")
            await desk.keyboard.press("f")
            await desk.get_by_test_id("becomes-order").check()
            await desk.get_by_test_id("finding-text").fill("河堤边漂浮物较多，请清理")
            await desk.get_by_test_id(f"target-{VILLAGE}").click()
            await expect(desk.get_by_test_id("finding-picture")).to_have_attribute(
                "data-object", re.compile("[0-9a-f]{64}")
            )
            await picture(desk, "finding")
            assert await severe_findings(desk, "[data-testid=finding]") == []
            await desk.get_by_test_id("finding-send").click()
            await expect(desk.get_by_test_id("walk-ended")).to_contain_text(
                "正常 1 · 发现 1 · 看不到 1 · 跳过 0"
            )
            await picture(desk, "done")

            # Signed for in the village, and read in the record of the round.
            village = await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE))
            (order,) = (await village.get("/api/v1/orders"))["orders"]
            assert order["about"] == {"what": "patrol", "id": round}
            assert len(order["attachments"]) == 1
            await village.command("order.sign", {"order": order["id"]})
            await desk.get_by_test_id("to-record").click()
            outcomes = [
                await desk.get_by_test_id(f"record-stop-{number}").get_attribute("data-outcome")
                for number in (1, 2, 3)
            ]
            assert outcomes == ["normal", "not_seen", "finding"]
            await expect(desk.get_by_test_id("record-stop-1")).to_contain_text("画面")
            await picture(desk, "record")
            assert await severe_findings(desk) == []
            await desk.get_by_test_id("made-order").click()
            await expect(desk.get_by_text("河堤边漂浮物较多").first).to_be_visible()
            await eventually(lambda: "/orders" in desk.url, 5, "the order is not opened")

            # A phone walks the same way.
            phone = await at("station", TOWN, 390, 844)
            await desk.goto(f"{hub.url}/patrol/rounds/routes")
            route = (await tool.get("/api/v1/patrol/routes"))["routes"][0]["id"]
            await tool.command("patrol.open", {"route": route})
            await phone.goto(f"{hub.url}/patrol/rounds")
            await phone.locator("[data-testid^=take-]").wait_for()
            await picture(phone, "phone-today")
            await phone.locator("[data-testid^=take-]").click()
            await expect(phone.get_by_test_id("patrol-walk")).to_have_attribute("data-stop", "1")
            await picture(phone, "phone-walk")
            await desk.goto(f"{hub.url}/patrol/rounds/numbers")
            await expect(desk.get_by_test_id("patrol-numbers")).to_contain_text("100%")
            await picture(desk, "numbers")
            await desk.goto(f"{hub.url}/patrol/rounds")
            await expect(desk.get_by_test_id("figure-walking")).to_contain_text("1")
            await expect(desk.locator("[data-testid^=round-][data-state=done]")).to_have_count(1)
            await picture(desk, "today")
            await desk.goto(f"{hub.url}/patrol/rounds/ledger")
            await expect(desk.locator("[data-testid^=round-]")).to_have_count(2)
            await picture(desk, "ledger")

            # What was found stands by itself, and opens its round at its stop.
            await desk.get_by_test_id("show-findings").click()
            found = desk.locator("[data-testid^=finding-]")
            await expect(found).to_contain_text(["河堤边漂浮物较多，请清理"])
            await found.click()
            await expect(desk.locator("[data-testid=record-stop-3].meant")).to_contain_text("塘城村河堤")
            await picture(desk, "findings")
            assert await severe_findings(desk) == []
    finally:
        hub.stop()
