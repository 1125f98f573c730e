"""Lines cut, a machine that sleeps, the hub killed, pages loaded anew and opened twice: all stays as it was."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.e2e.browser import FAKE_DEVICES, frames_grow, launch, open_page, playwright_running, sign_in
from tests.support.cut_line import CutLine
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, VILLAGE, OTHER = "430600000000", "430682115210", "430682115001"
#: Longer than the hub waits for the answer to a ping (18 s): it has given the sleeper up.
SLEEP_S = float(os.environ.get("TEST_SLEEP_S", "20"))


@dataclass
class Stand:
    """A meeting of a leader, a village at a browser and a village's headless station."""

    tool: Tool
    meeting: str

    async def truth(self) -> dict[str, Any]:
        """What no loss may change: who sits where, who is muted by the chair, hands, the stage."""
        found = await self.tool.get(f"/api/v1/meetings/{self.meeting}")
        seats = sorted(
            (one["id"], one["state"], one["muted"], one["joined_at"]) for one in found["participants"]
        )
        return {"seats": seats, "broadcast": found["broadcast"]}

    async def kinds(self) -> list[str]:
        answer = await self.tool.get(f"/api/v1/meetings/{self.meeting}/entries?since=0&limit=500")
        return [str(one["kind"]) for one in answer["entries"]]

    async def decide(self, text: str) -> None:
        await self.tool.command("decision.record", {"text": text}, self.meeting)


async def renderers(browser: Browser) -> set[int]:
    session = await browser.new_browser_cdp_session()
    found = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return {int(one["id"]) for one in found["processInfo"] if one["type"] == "renderer"}


def lamp(page: Page, state: str) -> Any:
    return page.locator(f"[data-testid=station-line][data-state={state}]")


async def test_whatever_breaks_one_is_back_as_one_was(hub: HubProcess, tmp_path: Path) -> None:
    line = CutLine(hub.http_port)
    await line.start()
    other = hub.account("station", OTHER)
    headless = Station(
        StationOptions(
            url=line.url,
            username=other["username"],
            password=other["password"],
            cache_dir=tmp_path / "cache",
            auto_answer_s=0.2,
        )
    )
    running = asyncio.create_task(headless.run())
    took: dict[str, float] = {}
    try:
        async with playwright_running() as playwright, aiohttp.ClientSession() as http:
            browser = await launch(playwright, *FAKE_DEVICES)
            tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            wanted = {"title": "防汛调度", "kind": "dispatch", "centers": [VILLAGE, OTHER]}
            opened = await tool.command("meeting.open", wanted)
            stand = Stand(tool, str(opened["entries"][0]["meeting"]))
            village = await open_page(browser, line.url, width=390, height=844)
            await sign_in(village, hub.account("station", VILLAGE))
            await village.get_by_test_id("station-answer").click()
            await village.locator("[data-testid=station-heard][data-state=yes]").wait_for(timeout=30_000)
            before = await renderers(browser)
            desk = await open_page(browser, hub.url)
            await sign_in(desk, hub.account("leader", CITY))
            await desk.get_by_test_id("console").wait_for()
            sleepers = await renderers(browser) - before  # a spare one may be among them
            await eventually(lambda: headless.publishing, 30, "the headless station does not publish")

            # A hand is up, one is muted by the chair, one by itself, one is on the stage.
            me = str((await tool.get(f"/api/v1/meetings/{stand.meeting}"))["broadcast"] or "")
            people = {
                one["center"]: one["id"]
                for one in (await tool.get(f"/api/v1/meetings/{stand.meeting}"))["participants"]
            }
            assert me == ""
            await tool.command("stage.broadcast", {"participant": people[VILLAGE]}, stand.meeting)
            await tool.command("participant.mute", {"participant": people[OTHER]}, stand.meeting)
            await village.get_by_test_id("station-floor").click()
            await village.locator("[data-testid=station-floor-says][data-state=waiting]").wait_for()
            await village.get_by_test_id("station-mute").click()
            await frames_grow(desk, by=5, timeout_s=30)
            as_it_was = await stand.truth()
            kinds = await stand.kinds()

            async def same(page: Page = village) -> None:
                assert await stand.truth() == as_it_was
                await page.locator("[data-testid=station-floor-says][data-state=waiting]").wait_for()
                await expect(page.get_by_test_id("station-mute")).to_have_attribute("aria-pressed", "true")
                now = await stand.kinds()
                for once in ("meeting.joined", "floor.requested", "meeting.left"):
                    assert now.count(once) == kinds.count(once), once

            # --- the line is cut for three seconds: said in words, tried at once by a key, what was pressed goes out once
            line.reset()
            await lamp(village, "reconnecting").wait_for(timeout=30_000)
            await expect(village.get_by_test_id("station-line")).to_contain_text("正在重新连接")
            await expect(village.get_by_test_id("lost-for")).to_contain_text("已断 00:00:")
            await village.get_by_test_id("station-report-normal").click()
            await stand.decide("断线时所作的第一项")
            await asyncio.sleep(3)
            line.mend()
            began = time.monotonic()
            await village.get_by_test_id("reconnect-now").press("Enter")
            await expect(village.get_by_test_id("restored")).to_contain_text(
                "已恢复，断线 00:00:", timeout=30_000
            )
            took["cut 3 s"] = time.monotonic() - began

            async def reported() -> bool:
                assert (await stand.kinds()).count("report.filed") == 1
                return True

            await eventually(reported, 30)
            await same()

            # --- fifteen seconds of silence on one line while the machine at the desk sleeps
            line.silence()
            for pid in sleepers:
                os.kill(pid, signal.SIGSTOP)
            slept = time.monotonic()
            try:
                await stand.decide("断线时所作的第二项")
                await asyncio.sleep(15)
                line.mend()
                began = time.monotonic()
                await lamp(village, "online").wait_for(timeout=30_000)
                await expect(village.get_by_test_id("as-of")).to_have_count(0, timeout=30_000)
                took["cut 15 s"] = time.monotonic() - began
                await asyncio.sleep(max(0.0, SLEEP_S - (time.monotonic() - slept)))
            finally:
                for pid in sleepers:
                    os.kill(pid, signal.SIGCONT)
            began = time.monotonic()
            online = desk.locator("[data-testid=connection-state][data-state=online]")
            await expect(desk.get_by_test_id("restored")).to_be_visible(timeout=30_000)
            await online.wait_for(timeout=30_000)
            took["sleep"] = time.monotonic() - began
            await frames_grow(desk, by=5, timeout_s=30)
            took["picture after sleep"] = time.monotonic() - began
            await same()
            await desk.get_by_test_id("tab-log").click()
            for text in ("断线时所作的第一项", "断线时所作的第二项"):
                await expect(
                    desk.locator("[data-kind='decision.recorded']").filter(has_text=text)
                ).to_have_count(1)

            # --- the hub is killed and begins anew
            hub.kill("control")
            await lamp(village, "reconnecting").wait_for(timeout=30_000)
            await expect(desk.get_by_test_id("reconnect-now")).to_be_visible(timeout=30_000)
            await hub.start()
            began = time.monotonic()
            await lamp(village, "online").wait_for(timeout=30_000)
            await online.wait_for(timeout=30_000)
            took["hub killed"] = time.monotonic() - began
            await frames_grow(desk, by=5, timeout_s=30)
            await same()

            # --- loaded anew: no ring, the same seat, hand and mute
            began = time.monotonic()
            await village.reload()
            await village.locator("[data-testid=station-seen][data-state=on_air]").wait_for(timeout=30_000)
            took["reload"] = time.monotonic() - began
            assert await village.get_by_test_id("station-ring").count() == 0
            await same()
            await frames_grow(desk, by=5, timeout_s=30)

            # --- a second window of the desk watches, says so, and goes on by one key; the first steps back
            second = await desk.context.new_page()
            await second.goto(desk.url)
            await expect(second.get_by_test_id("other-window")).to_contain_text(
                "已在另一个窗口中打开", timeout=30_000
            )
            assert await second.locator("audio").count() == 0
            await second.get_by_test_id("device-resume").press("Enter")
            await expect(desk.get_by_test_id("other-window")).to_be_visible(timeout=30_000)
            await expect(second.get_by_test_id("other-window")).to_have_count(0, timeout=30_000)
            await second.close()
            await expect(desk.get_by_test_id("other-window")).to_have_count(0, timeout=30_000)
            await same()
            assert headless.publishing
            print({what: round(seconds, 1) for what, seconds in took.items()})
            await browser.close()
    finally:
        await headless.stop()
        await running
        await line.stop()
