"""Real Chromium under test: launching it with real input, and looking at what a page shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import web
from playwright.async_api import Browser, Page, Playwright, async_playwright

from tests.support.real_media import Grey
from tests.support.waiting import eventually

#: As root Chromium needs --no-sandbox; the others keep it from looking for hosts outside.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
#: Ten pictures a second are enough to see one, and leave the machine to what is tested.
FAKE_DEVICES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=10"]
#: At the pace of a real camera, where rates are looked at.
FULL_PACE_DEVICES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]

#: Keeps every RTCPeerConnection of the page where a test can read its statistics.
KEEP_PEERS = """
(() => {
  window.__peers = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...args) { super(...args); window.__peers.push(this); }
  };
})();
"""

FRAMES = """async () => {
  let decoded = 0;
  for (const peer of window.__peers) {
    if (peer.connectionState === 'closed') continue;
    for (const report of (await peer.getStats()).values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'video') decoded += report.framesDecoded ?? 0;
    }
  }
  return decoded;
}"""

PICTURE = """(element) => {
  const video = element instanceof HTMLVideoElement ? element : element.querySelector('video');
  if (!video || video.readyState < 2 || !video.videoWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = 32; canvas.height = 18;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 32, 18);
  const data = context.getImageData(0, 0, 32, 18).data;
  const grey = [];
  for (let i = 0; i < data.length; i += 4) grey.push(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
  return grey;
}"""


@asynccontextmanager
async def playwright_running() -> AsyncIterator[Playwright]:
    """Playwright for one test."""
    async with async_playwright() as playwright:
        yield playwright


async def launch(playwright: Playwright, *extra: str, program: str = "/usr/bin/chromium") -> Browser:
    """Debian's Chromium, headless; `extra` switches choose its camera and microphone. `program`: another one that starts it."""
    return await playwright.chromium.launch(executable_path=program, headless=True, args=[*ARGUMENTS, *extra])


@asynccontextmanager
async def bare_pages(text: str, count: int, *switches: str) -> AsyncIterator[list[Page]]:
    """So many pages of one Chromium that all show this HTML, served here: for tests of the media node without the hub's pages.

    `switches` choose camera and microphone; without any they are Chromium's own fakes, at their full pace.
    """
    app = web.Application()

    async def serve(request: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html")

    app.router.add_get("/", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with async_playwright() as playwright:
            browser = await launch(playwright, *(switches or FULL_PACE_DEVICES))
            pages = [await browser.new_page() for _ in range(count)]
            for page in pages:
                await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
            yield pages
            await browser.close()
    finally:
        await runner.cleanup()


def film_switches(video: Path, sound: Path) -> list[str]:
    """A camera that shows this Y4M file, a microphone that hears this WAV file, both over and over."""
    return [
        *FAKE_DEVICES,
        f"--use-file-for-fake-video-capture={video}",
        f"--use-file-for-fake-audio-capture={sound}",
    ]


async def open_page(browser: Browser, url: str, *, width: int = 1366, height: int = 768) -> Page:
    """A page in a context of its own. What it logs as an error is kept in `page.errors`."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    await context.add_init_script(KEEP_PEERS)
    page = await context.new_page()
    await page.goto(url)
    return page


async def sign_in(page: Page, credentials: dict[str, str]) -> None:
    """Sign in on the sign-in page."""
    await page.get_by_test_id("signin-username").fill(credentials["username"])
    await page.get_by_test_id("signin-password").fill(credentials["password"])
    await page.get_by_test_id("signin-submit").click()


async def to_command(page: Page) -> None:
    """Into the room 指挥, from wherever a leader or dispatcher landed."""
    await page.get_by_test_id("room-command").click()
    await page.get_by_test_id("console").wait_for()


async def frames_decoded(page: Page) -> int:
    """Video frames that all connections of the page have decoded."""
    return int(await page.evaluate(FRAMES))


async def frames_grow(page: Page, by: int = 10, timeout_s: float = 15.0) -> None:
    """Until the page has decoded `by` more frames than now."""
    before = await frames_decoded(page)

    async def grown() -> bool:
        now = await frames_decoded(page)
        assert now >= before + by, f"{now - before} new frames"
        return True

    await eventually(grown, timeout_s)


async def picture(page: Page, test_id: str) -> Grey | None:
    """The 32x18 grey picture that an element with a video shows now, None when it shows none."""
    found: Any = await page.get_by_test_id(test_id).evaluate(PICTURE)
    return np.array(found, dtype=np.float64).reshape(18, 32) if found is not None else None
