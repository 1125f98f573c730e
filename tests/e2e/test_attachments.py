"""A photo with a report, in a real browser, on a slow line that breaks while it is sent."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from playwright.async_api import CDPSession

from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import Tool
from tests.support.objects import Control, sha256
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, VILLAGE = "430600000000", "430682115210"
#: So slow that the photo takes some seconds, in bytes a second.
SLOW = 150_000


def photo() -> bytes:
    """A JPEG of some 300 KB."""
    made = io.BytesIO()
    Image.frombytes("RGB", (480, 480), os.urandom(480 * 480 * 3)).save(made, "JPEG", quality=97)
    return made.getvalue()


async def emulate(line: CDPSession, *, offline: bool = False, upload: int = -1) -> None:
    await line.send(
        "Network.emulateNetworkConditions",
        {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload},
    )


async def test_a_photo_reaches_the_leader_over_a_line_that_broke_while_it_was_sent(tmp_path: Path) -> None:
    content = photo()
    hub = Control(tmp_path, {"HUB_EMBEDDED": "false"})
    await hub.start(60)
    try:
        async with playwright_running() as playwright, aiohttp.ClientSession() as http:
            page = await open_page(await launch(playwright), hub.url)
            await sign_in(page, hub.account("station", VILLAGE))
            await page.get_by_test_id("station-report-abnormal").click()
            await page.get_by_test_id("station-report-text").fill("水位上涨")
            line = await page.context.new_cdp_session(page)
            await line.send("Network.enable")
            await emulate(line, upload=SLOW)
            file: Any = {"name": "水位.jpg", "mimeType": "image/jpeg", "buffer": content}
            await page.get_by_test_id("station-report-attach-files").set_input_files(file)
            uploads = tmp_path / "objects" / "uploads"

            def come() -> bool:
                return any(path.stat().st_size > 50_000 for path in uploads.glob("*"))

            await eventually(come, 20, "nothing comes")
            row = '[data-testid="station-report-attach-file"]'
            await emulate(line, offline=True)
            await page.locator(f'{row}[data-phase="waiting"]').wait_for()
            await emulate(line)
            await page.locator(f'{row}[data-phase="done"]').wait_for()
            await page.get_by_test_id("station-report-send").click()
            leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))

            async def reports() -> list[dict[str, Any]]:
                found: list[dict[str, Any]] = (await leader.get("/api/v1/reports"))["reports"]
                return found

            (attached,) = (await eventually(reports, 20, "no report"))[0]["attachments"]
            assert (attached["name"], attached["object"]) == ("水位.jpg", sha256(content))
            path = f"{hub.url}/api/v1/objects/{attached['object']}"
            async with http.get(path, headers=leader.headers) as answer:
                assert await answer.read() == content
    finally:
        hub.stop()
