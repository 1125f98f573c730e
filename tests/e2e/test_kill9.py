"""kill -9 of each process in a running meeting, seen from the pages: what must go on goes on, the rest comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import av
import pytest
from playwright.async_api import Page

from clients.station.options import StationOptions
from clients.station.station import Station
from tests.e2e.browser import (
    frames_decoded,
    frames_grow,
    launch,
    open_page,
    playwright_running,
    sign_in,
    to_command,
)
from tests.support.hub_process import HubProcess, Tool, wait_gone
from tests.support.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY, VILLAGE = "430600000000", "430682115210"


@dataclass
class Session:
    """A meeting that runs: the leader at his console, the village's station on the stage."""

    hub: HubProcess
    page: Page
    tool: Tool
    station: Station
    meeting: str

    async def snapshot(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.tool.get(f"/api/v1/meetings/{self.meeting}")
        return found

    async def entries(self) -> list[dict[str, Any]]:
        found = await self.tool.get(f"/api/v1/meetings/{self.meeting}/entries?since=0&limit=500")
        entries: list[dict[str, Any]] = found["entries"]
        return entries

    async def parts(self) -> list[dict[str, Any]]:
        found = await self.tool.get(f"/api/v1/meetings/{self.meeting}/recordings")
        return [part for recording in found["recordings"] for part in recording["parts"]]

    async def order(self, text: str) -> None:
        """Issue an order at the console."""
        await self.page.get_by_test_id("order-open").click()
        await self.page.get_by_test_id(f"order-chip-{VILLAGE}").wait_for()
        await self.page.get_by_test_id("order-text").fill(text)
        await self.page.keyboard.press("Enter")
        await self.page.get_by_text(text).first.wait_for()

        async def written() -> bool:
            texts = [entry["data"].get("text") for entry in await self.entries()]
            assert text in texts, f"not written: {texts}"
            return True

        await eventually(written, 10)


@asynccontextmanager
async def running_session(hub: HubProcess, cache: Path) -> AsyncIterator[Session]:
    """Until the leader sees the village on his stage and its picture is being recorded."""
    village = hub.account("station", VILLAGE)
    station = Station(
        StationOptions(
            url=hub.url,
            username=village["username"],
            password=village["password"],
            cache_dir=cache,
            auto_answer_s=0.2,
        )
    )
    running = asyncio.create_task(station.run())
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        try:
            browser = await launch(playwright)
            page = await open_page(browser, hub.url)
            await sign_in(page, hub.account("leader", CITY))
            await to_command(page)
            await page.get_by_test_id("chosen-count").and_(page.get_by_text("1", exact=True)).wait_for()
            await page.get_by_test_id("convene").click()
            tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))

            async def opened() -> str:
                meetings = (await tool.get("/api/v1/meetings?state=open"))["meetings"]
                assert meetings, "no meeting yet"
                return str(meetings[0]["id"])

            meeting = await eventually(opened)
            session = Session(hub, page, tool, station, meeting)
            await eventually(lambda: station.publishing, 20, "the station does not publish")
            await frames_grow(page, by=20, timeout_s=20)

            async def recorded() -> bool:
                parts = await session.parts()
                assert any(part["state"] == "recording" for part in parts), f"parts: {parts}"
                return True

            await eventually(recorded, 10)
            # Were the page loaded anew, this would be gone.
            await page.evaluate("window.__never_reloaded = true")
            yield session
            assert await page.evaluate("window.__never_reloaded === true")
        finally:
            await station.stop()
            await running


async def online(page: Page, timeout_s: float = 15.0) -> None:
    """Until the page says that it is connected."""
    await (
        page.get_by_test_id("connection-state")
        .and_(page.locator('[data-state="online"]'))
        .wait_for(timeout=timeout_s * 1000)
    )


async def test_pictures_go_on_without_control_and_nothing_acknowledged_is_missing(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with running_session(hub, tmp_path / "cache") as session:
        await session.order("加强巡查")
        before = await session.snapshot()
        entries = await session.entries()
        hub.kill("control")
        # Without control: pictures still come, for as long as one looks.
        for _ in range(3):
            await frames_grow(session.page, by=10, timeout_s=4)
        await hub.start()
        await online(session.page)
        after = await session.snapshot()
        for kept in ("participants", "orders", "broadcast", "recording", "state", "title", "seq"):
            assert after[kept] == before[kept], kept
        assert (await session.entries())[: len(entries)] == entries
        await session.order("第二道指令")
        latest = await session.entries()
        numbers = [entry["seq"] for entry in latest]
        assert (latest[len(entries)]["kind"], latest[len(entries)]["data"]["text"]) == (
            "order.issued",
            "第二道指令",
        )
        assert latest[len(entries)]["seq"] > before["seq"]
        assert len(set(numbers)) == len(numbers)
        await frames_grow(session.page, by=10, timeout_s=5)
        assert len(await session.parts()) == 1
    assert hub.run("journal", "verify").returncode == 0


async def test_a_meeting_goes_on_without_the_recorder_and_a_new_part_begins(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with running_session(hub, tmp_path / "cache") as session:
        await asyncio.sleep(3)  # something to lose
        first = (await session.parts())[0]
        growing = next((hub.folder / "recordings").rglob("p_*.webm"), None) or next(
            (hub.folder / "recordings").rglob("p_*")
        )
        pid, killed_at = hub.pid("recorder"), time.time()
        hub.kill("recorder")
        await wait_gone(pid)
        raw = growing.read_bytes()
        await frames_grow(session.page, by=10, timeout_s=3)

        async def new_part() -> dict[str, Any]:
            entries = [e for e in await session.entries() if e["kind"] == "recording.part_opened"]
            fresh = [e for e in entries if e["data"]["part"] != first["id"]]
            assert fresh, "no new part yet"
            found: dict[str, Any] = fresh[0]
            return found

        begun = datetime.fromisoformat((await eventually(new_part, 8))["at"]).timestamp()
        assert begun - killed_at < 5, f"the new part began {begun - killed_at:.1f} s after the kill"
        # The part as it lay there after the kill opens without repair, at most 2 s short.
        copy = tmp_path / "as-it-was.webm"
        copy.write_bytes(raw)
        with av.open(str(copy)) as film:
            times = [frame.time or 0.0 for frame in film.decode(video=0)]
        assert times[-1] > 2.0

        async def closed() -> bool:
            part = next(part for part in await session.parts() if part["id"] == first["id"])
            assert part["state"] == "closed", part
            return True

        await eventually(closed, 10)
    assert hub.run("journal", "verify").returncode == 0


async def test_pages_and_stations_are_back_with_pictures_after_the_node_died(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with running_session(hub, tmp_path / "cache") as session:
        pid = hub.pid("node")
        hub.kill("node")
        await wait_gone(pid)
        killed_at = time.monotonic()
        last = await frames_decoded(session.page)

        async def pictures_again() -> bool:
            now = await frames_decoded(session.page)
            assert session.station.publishing, "the station does not publish"
            # The new connection counts from zero.
            assert now > 10 and now != last, f"{now} frames"  # noqa: PT018
            return True

        await eventually(pictures_again, 12)
        assert time.monotonic() - killed_at < 10
        await frames_grow(session.page, by=10, timeout_s=5)
        people = (await session.snapshot())["participants"]
        assert sorted(p["center"] for p in people if p["state"] == "joined") == sorted([CITY, VILLAGE])
    assert hub.run("journal", "verify").returncode == 0
