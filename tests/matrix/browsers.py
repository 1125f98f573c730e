"""Chromium and Firefox for all rows: each shows a plain page that publishes and watches; a new page for each row."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, Page

from tests.e2e.browser import FAKE_DEVICES, launch, playwright_running
from tests.matrix.place import Refused
from tests.support.firefox import Firefox, firefox, virtual_screen
from tests.support.hub_process import ROOT
from tests.support.loudspeaker import loudspeaker

PAGE = ROOT / "tests" / "support" / "flash_beep.html"
CALL = "async ([name, given]) => window[name](given)"


class Browsers:
    """Both browsers at one page, served at `site`."""

    def __init__(self, chromium: Browser, fox: Firefox, site: str) -> None:
        self._chromium, self._fox, self._site = chromium, fox, site
        self._pages: list[Page] = []
        self._codecs: dict[str, dict[str, list[str]]] = {}

    async def begin_row(self) -> None:
        """Leave what was, and open fresh pages."""
        for page in self._pages:
            await page.close()
        self._pages = [await self._chromium.new_page() for _ in range(2)]
        for page in self._pages:
            await page.goto(self._site)
        await self._fox.ask("open", self._site)
        if not self._codecs:
            for name in ("chromium", "firefox"):
                self._codecs[name] = await self.call(name, "codecs")

    async def call(self, browser: str, name: str, given: Any = None, *, publishing: bool = False) -> Any:
        """Call a function of the page. Chromium has one page to publish and one to watch."""
        if browser == "chromium":
            return await self._pages[0 if publishing else 1].evaluate(CALL, [name, given])
        return await self._fox.ask("evaluate", CALL, [name, given])

    async def publish(self, browser: str, url: str, token: str, codec: str) -> None:
        """Raises Refused when the browser does not send the codec, or with the hub's words."""
        if codec not in self._codecs[browser]["send"]:
            raise Refused(f"it does not send {codec}")
        answer = await self.call(browser, "publish", [url, token, codec], publishing=True)
        _take_answer(answer)

    async def watch(self, browser: str, url: str, token: str, codec: str) -> None:
        """The same for a viewer."""
        if codec not in self._codecs[browser]["receive"]:
            raise Refused(f"it does not receive {codec}")
        _take_answer(await self.call(browser, "watch", [url, token]))

    async def versions(self) -> dict[str, str]:
        """What they say they are."""
        agent = await self._fox.ask("version")
        return {"Chromium": self._chromium.version, "Firefox": str(agent).removeprefix("firefox/")}


def _take_answer(answer: dict[str, Any]) -> None:
    if answer["status"] != 201:
        text = str(answer["text"])
        raise Refused(json.loads(text)["error"]["message"] if text.startswith("{") else text)


@asynccontextmanager
async def running_browsers(folder: Path) -> AsyncIterator[Browsers]:
    """Both started and at the page."""
    app = web.Application()

    async def serve(request: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text("utf-8"), content_type="text/html")

    app.router.add_get("/", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        site = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        async with (
            playwright_running() as playwright,
            virtual_screen() as display,
            loudspeaker() as to,
            firefox(folder / "firefox", display, to) as fox,
        ):
            chromium = await launch(playwright, *FAKE_DEVICES)
            yield Browsers(chromium, fox, site)
            await chromium.close()
    finally:
        await runner.cleanup()
