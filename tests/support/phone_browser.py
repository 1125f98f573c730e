"""Phones as real browsers, each with a profile of its own that outlives it: begun, killed by `kill -9`, begun again.

A phone's clock may be behind or ahead of the machine's, and each photo is hashed as it leaves the camera's canvas, before the
page has done anything with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol, TypeVar

from playwright.async_api import Page, Playwright

from tests.e2e.browser import ARGUMENTS
from tests.support.firefox import Firefox, firefox
from tests.support.waiting import eventually

T = TypeVar("T")
WIDTH, HEIGHT = 360, 780
#: A browser on a machine that is busy with others.
_LONGEST_S = 45.0

#: Before any script of the page: its clock, and what its camera takes.
_BEFORE = """(() => {
  const Real = Date
  window.__aheadMs = AHEAD_MS
  window.__taken = []
  window.Date = class extends Real {
    constructor(...given) { if (given.length === 0) super(Real.now() + window.__aheadMs); else super(...given) }
    static now() { return Real.now() + window.__aheadMs }
  }
  const toBlob = HTMLCanvasElement.prototype.toBlob
  HTMLCanvasElement.prototype.toBlob = function (done, ...how) {
    toBlob.call(this, async (blob) => {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))
      window.__taken.push(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''))
      done(blob)
    }, ...how)
  }
})()"""


class Killed(Exception):
    """The browser was killed while something was asked of it."""


class Driver(Protocol):
    """One life of a browser with one page; CSS says what is meant on it."""

    async def open(self, url: str, before: str) -> None: ...
    async def tap(self, css: str) -> None: ...
    async def type(self, text: str) -> None: ...
    async def files(self, css: str, *paths: Path) -> None: ...
    async def evaluate(self, code: str, given: object) -> Any: ...
    async def offline(self, cut: bool) -> None: ...
    async def close(self) -> None: ...
    def kill(self) -> None: ...
    async def bury(self) -> None: ...


class _Chromium:
    def __init__(self, process: subprocess.Popen[bytes], page: Page) -> None:
        self._process = process
        self.page = page

    @classmethod
    async def begin(cls, playwright: Playwright, folder: Path) -> _Chromium:
        told = folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        switches = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}", *ARGUMENTS]
        process = subprocess.Popen(
            ["/usr/bin/chromium", *switches, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            port = await eventually(lambda: _port(told), _LONGEST_S, "Chromium does not start")
            browser = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            (context,) = browser.contexts
            page = context.pages[0] if context.pages else await context.new_page()
            await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            page.set_default_timeout(_LONGEST_S * 1000)
        except BaseException:
            _kill_group(process.pid)
            process.wait()
            raise
        return cls(process, page)

    async def open(self, url: str, before: str) -> None:
        await self.page.add_init_script(before)
        await self.page.goto(url)

    async def tap(self, css: str) -> None:
        await self.page.locator(css).first.click()

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def files(self, css: str, *paths: Path) -> None:
        await self.page.locator(css).first.set_input_files(paths)

    async def evaluate(self, code: str, given: object) -> Any:
        return await self.page.evaluate(code, given)

    async def offline(self, cut: bool) -> None:
        await self.page.context.set_offline(cut)

    async def close(self) -> None:
        """As a person closes it: what it holds in memory goes to its disk."""
        session = await self.page.context.new_cdp_session(self.page)
        with contextlib.suppress(Exception):
            await session.send("Browser.close")
        await asyncio.to_thread(self._process.wait, 20)

    def kill(self) -> None:
        _kill_group(self._process.pid)
        self._process.wait()

    async def bury(self) -> None:
        """Nothing is left of it."""


def _port(told: Path) -> str | None:
    """The port that Chromium has written down."""
    words = told.read_text().split() if told.exists() else []
    return words[0] if len(words) > 1 else None


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


class _Firefox:
    def __init__(self, driver: Firefox, stack: AsyncExitStack, pid: int) -> None:
        self._driver = driver
        self._stack = stack
        self._pid = pid

    @classmethod
    async def begin(cls, folder: Path) -> _Firefox:
        async with AsyncExitStack() as stack:
            driver = await stack.enter_async_context(firefox(folder))
            pid = await driver.ask("pid")
            await driver.ask("size", WIDTH, HEIGHT)
            return cls(driver, stack.pop_all(), pid)
        raise AssertionError("the driver of Firefox has ended")

    async def open(self, url: str, before: str) -> None:
        await self._driver.ask("open", url, before)

    async def tap(self, css: str) -> None:
        await self._driver.ask("tap", css)

    async def type(self, text: str) -> None:
        await self._driver.ask("type", text)

    async def files(self, css: str, *paths: Path) -> None:
        await self._driver.ask("files", css, [str(path) for path in paths])

    async def evaluate(self, code: str, given: object) -> Any:
        return await self._driver.ask("evaluate", code, given)

    async def offline(self, cut: bool) -> None:
        await self._driver.ask("offline", cut)

    async def close(self) -> None:
        await self._stack.aclose()

    def kill(self) -> None:
        self._driver.kill()
        _kill_group(self._pid)

    async def bury(self) -> None:
        """The driver's pipes."""
        await self._stack.aclose()


class PhoneBrowser:
    """A phone's browser through all of its lives. What is asked of a killed one raises Killed."""

    def __init__(self, kind: str, folder: Path, playwright: Playwright) -> None:
        self.kind = kind
        self._folder = folder
        self._playwright = playwright
        self._life: Driver | None = None
        self._dead: list[Driver] = []
        self._gone = asyncio.Event()
        #: So often it was killed.
        self.kills = 0

    @property
    def lives(self) -> bool:
        return self._life is not None

    async def begin(self, url: str, *, ahead_s: float = 0.0, offline: bool = False) -> None:
        """A new life, with this page open. `ahead_s`: of its clock against this machine's. Raises Killed."""
        await self._bury()
        self._gone = asyncio.Event()
        self._folder.mkdir(parents=True, exist_ok=True)
        if self.kind == "chromium":
            self._life = await _Chromium.begin(self._playwright, self._folder)
        else:
            self._life = await _Firefox.begin(self._folder)
        life = self._life
        if offline:
            await self._asked(life.offline(True))
        await self._asked(life.open(url, _BEFORE.replace("AHEAD_MS", str(round(ahead_s * 1000)))))

    def kill(self) -> None:
        """`kill -9` of all of its processes."""
        life, self._life = self._life, None
        if life is not None:
            self.kills += 1
            self._gone.set()
            life.kill()
            self._dead.append(life)

    async def close(self) -> None:
        """End it as a person does; nothing where it does not live."""
        await self._bury()
        life, self._life = self._life, None
        if life is not None:
            await life.close()

    async def _bury(self) -> None:
        while self._dead:
            await self._dead.pop().bury()

    async def set_clock(self, ahead_s: float) -> None:
        await self.evaluate("(ms) => { window.__aheadMs = ms }", round(ahead_s * 1000))

    async def tap(self, css: str) -> None:
        await self._asked(self._now().tap(css))

    async def type(self, text: str) -> None:
        await self._asked(self._now().type(text))

    async def files(self, css: str, *paths: Path) -> None:
        await self._asked(self._now().files(css, *paths))

    async def evaluate(self, code: str, given: object = None) -> Any:
        return await self._asked(self._now().evaluate(code, given))

    async def offline(self, cut: bool) -> None:
        await self._asked(self._now().offline(cut))

    async def attribute(self, css: str, name: str) -> str | None:
        """Of the first such element; None where there is none, or it lacks it."""
        code = "([css, name]) => document.querySelector(css)?.getAttribute(name) ?? null"
        found: str | None = await self.evaluate(code, [css, name])
        return found

    async def there(self, css: str) -> bool:
        """Whether such an element is on the page."""
        return bool(await self.evaluate("(css) => document.querySelector(css) !== null", css))

    def _now(self) -> Driver:
        if self._life is None:
            raise Killed
        return self._life

    async def _asked(self, asked: Awaitable[T]) -> T:
        """The answer, unless the browser is killed before. Raises Killed."""
        gone = asyncio.ensure_future(self._gone.wait())
        asking = asyncio.ensure_future(asked)
        await asyncio.wait([gone, asking], timeout=_LONGEST_S, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if self._gone.is_set():
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            raise Killed
        assert asking.done(), f"{self.kind} does not answer"
        return asking.result()
