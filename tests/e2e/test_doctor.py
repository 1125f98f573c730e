"""The device check in Chromium: at the station by hand and keyboard, with noise, and the board of a check before a meeting."""

from __future__ import annotations

import asyncio
import random
import statistics
import wave
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in, to_command
from tests.support.hub_process import HubProcess
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, VILLAGE, OTHER = "430600000000", "430682115210", "430682115001"


def noise(path: Path) -> Path:
    """Two seconds of even noise, as of a fan."""
    chosen = random.Random(1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(
            b"".join(chosen.randint(-3000, 3000).to_bytes(2, "little", signed=True) for _ in range(96_000))
        )
    return path


async def loudness(page: Page) -> float:
    """What the doctor's bar shows, 0 to 100 over 54 dB: the middle of ten looks."""
    looks = []
    for _ in range(10):
        looks.append(int(await page.get_by_test_id("doctor-level").get_attribute("aria-valuenow") or 0))
        await asyncio.sleep(0.15)
    return statistics.median(looks)


async def test_the_station_is_checked_its_noise_goes_and_a_desk_sees_the_board(
    hub: HubProcess, tmp_path: Path
) -> None:
    fan = f"--use-file-for-fake-audio-capture={noise(tmp_path / 'fan.wav')}"
    async with playwright_running() as playwright:
        browser = await launch(playwright, *FAKE_DEVICES, fan)
        station = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(station, hub.account("station", VILLAGE))
        await station.get_by_test_id("station-check").focus()
        await station.keyboard.press("Enter")
        row = station.get_by_role("region", name="网络", exact=True)
        await expect(row.get_by_role("status")).to_have_text("良好", timeout=30_000)
        await expect(row).to_contain_text("直连")
        await expect(
            station.get_by_role("region", name="摄像头", exact=True).get_by_role("status")
        ).to_have_text("正常")

        await station.get_by_role("button", name="播放声音").focus()
        await station.keyboard.press("Enter")
        await station.get_by_role("button", name="听到了", exact=True).click(timeout=15_000)
        await expect(
            station.get_by_role("region", name="扬声器", exact=True).get_by_role("status")
        ).to_have_text("听得到")

        before = await loudness(station)
        await station.get_by_role("switch").check()
        await expect(station.get_by_test_id("doctor-quiet-state")).to_have_text("已开")

        async def quieter() -> bool:
            now = await loudness(station)
            assert now <= before - 10, f"{before} before, {now} now: not 5 dB less"
            return True

        assert before > 20
        await eventually(quieter, 12.0)
        assert await severe_findings(station, "[data-testid=doctor]") == []
        await station.get_by_role("button", name="结束检查").click()

        credentials = hub.account("station", OTHER)
        headless = Station(
            StationOptions(
                hub.url, credentials["username"], credentials["password"], cache_dir=tmp_path / "clips"
            )
        )
        running = asyncio.create_task(headless.run())
        await eventually(lambda: headless.connected, 30.0, "the headless station is not there")
        desk = await open_page(browser, hub.url)
        await sign_in(desk, hub.account("leader", CITY))
        await to_command(desk)
        await desk.get_by_test_id("preset-all").click()
        await desk.get_by_role("button", name="会前检查").click()
        await desk.get_by_test_id("check-start").click()
        await expect(desk.get_by_test_id("check-count-fine")).to_contain_text("2", timeout=40_000)
        assert await severe_findings(desk, "dialog") == []
        await browser.close()
        await headless.stop()
        await running
