"""The page of grid members, as a phone has it: ``python -m tests.bench.bench_phone_page``. Prints JSON.

A hub with a grid of fifty households for each of twenty members, who have said 20,000 things of them. `visit accepted`: a phone
sends one visit while the nineteen others do, every two seconds each, from request to answer. `first sync at 256 kbit/s`: in
Chromium on a phone that has never been here, every byte through a line of 256 kbit/s each way: from the key that binds it to
all fifty households, PINs typed by a machine; `shell`, before that, from the address to the page that binds; `from nothing`
both. `known household, nothing changed`: the page of a phone that is bound is opened, and 无变化 tapped: from the opening to
where the page says that it keeps it; `after the PIN` with six digits before. `bytes` are those that came over the line; of
`shell kept` they are all that the service worker keeps, as the hub sends it, compressed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import numpy as np
from playwright.async_api import Browser, Page, expect

from hub.clock import system_clock, to_wire
from tests.e2e.browser import launch, playwright_running
from tests.e2e.first_load import shell_sizes
from tests.support.cut_line import CutLine
from tests.support.hub_process import HubProcess
from tests.support.walked_grid import WalkedGrid

MEMBERS: Final = 20
HOUSEHOLDS: Final = 50
SAID: Final = 20_000
LINE_BYTES_PER_S: Final = 32_000
PIN: Final = "135790"
#: As many as a phone sends at once.
_BATCH: Final = 20
#: Each phone says something every so often, s.
_PAUSE_S: Final = 2.0


@dataclass
class _Member:
    """A phone without a page: what it sends is what the page sends."""

    http: aiohttp.ClientSession
    rows: list[int]
    sweep: str
    serial: int = 0

    @classmethod
    async def bound(cls, hub: HubProcess, walked: WalkedGrid, number: int) -> _Member:
        code = (await walked.code(number))["code"]
        jar = aiohttp.CookieJar(unsafe=True)
        http = aiohttp.ClientSession(hub.url, cookie_jar=jar, headers={"Origin": hub.url})
        async with http.post("/api/v1/devices/bind", json={"code": code}) as answer:
            assert answer.status == 201, await answer.text()
            http.headers["Lianxian-Half"] = (await answer.json())["half"]
        async with http.get("/api/v1/grid-work") as answer:
            found = await answer.json()
        return cls(http, [each["row"] for each in found["rows"]], walked.sweep)

    async def say(self, count: int, dice: random.Random) -> float:
        """So many visits in one request; how long it took, s."""
        at, visits = to_wire(system_clock()), []
        for _ in range(count):
            self.serial += 1
            outcome = dice.choice(("met", "unchanged", "absent", "phone"))
            visits.append(
                {
                    "id": f"b{self.serial}",
                    "sweep": self.sweep,
                    "row": dice.choice(self.rows),
                    "outcome": outcome,
                    "occurred_at": at,
                    "answers": {"need": "no"} if outcome == "met" else {},
                }
            )
        while True:
            begun = time.perf_counter()
            async with self.http.post("/api/v1/visits", json={"visits": visits}) as answer:
                found = await answer.json()
            took = time.perf_counter() - begun
            if answer.status != 429:
                break
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        assert answer.status == 200, found
        assert all(each["error"] is None for each in found["results"]), found
        return took


async def accepted(hub: HubProcess, walked: WalkedGrid, each: int) -> list[float]:
    """How long single visits take beside those of others, s."""
    dice = random.Random(5)
    members = [await _Member.bound(hub, walked, number) for number in range(MEMBERS)]
    try:
        for _ in range(SAID // (MEMBERS * _BATCH)):
            for member in members:
                await member.say(_BATCH, dice)
        took: list[float] = []

        async def walks(member: _Member) -> None:
            for _ in range(each):
                await asyncio.sleep(dice.uniform(0.5, 1.5) * _PAUSE_S)
                took.append(await member.say(1, dice))

        await asyncio.gather(*map(walks, members))
        return took
    finally:
        for member in members:
            await member.http.close()


async def _typed(page: Page) -> None:
    await expect(page.get_by_test_id("pin-1")).to_be_enabled()
    await page.keyboard.type(PIN)


async def first_sync(browser: Browser, line: CutLine, address: str) -> tuple[Page, list[float], list[int]]:
    """A phone that has never been here: its page; s and bytes of the shell, and of the first sync."""
    context = await browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
    page = await context.new_page()
    came, at = line.came, time.perf_counter()
    await page.goto(f"{line.url}/grid#{address.partition('#')[2]}", wait_until="commit")
    await page.get_by_test_id("grid-bind-go").wait_for()
    shell_s, shell_bytes = time.perf_counter() - at, line.came - came
    came, at = line.came, time.perf_counter()
    await page.get_by_test_id("grid-bind-go").click()
    await _typed(page)
    await _typed(page)
    await page.locator("li[data-testid^=stop-]").nth(HOUSEHOLDS - 1).wait_for()
    return page, [shell_s, time.perf_counter() - at], [shell_bytes, line.came - came]


async def known(page: Page, url: str, *, locked: bool) -> float:
    """From opening the page to where it says that 无变化 is kept, s."""
    if locked:
        await page.get_by_test_id("grid-tab-mine").click()
        await page.get_by_test_id("grid-lock-now").click()
        await page.get_by_test_id("grid-lock").wait_for()
    await page.goto("about:blank")
    begun = time.perf_counter()
    await page.goto(f"{url}/grid", wait_until="commit")
    if locked:
        await _typed(page)
    open_ones = page.locator("li[data-testid^=stop-]").filter(has=page.get_by_test_id("stop-unchanged"))
    stop = page.get_by_test_id(str(await open_ones.first.get_attribute("data-testid")))
    await stop.get_by_test_id("stop-unchanged").click()
    await stop.get_by_test_id("stop-undo").wait_for()
    return time.perf_counter() - begun


def row(
    what: str, took: Sequence[float], *, bytes_: int | None = None, taps: int | None = None
) -> dict[str, Any]:
    p50, p95 = (round(float(np.percentile(took, at)) * 1000, 1) for at in (50, 95)) if took else (None, None)
    return {"what": what, "times": len(took), "p50_ms": p50, "p95_ms": p95, "bytes": bytes_, "taps": taps}


async def measure(each: int, syncs: int) -> list[dict[str, Any]]:
    """All of it against one hub."""
    with tempfile.TemporaryDirectory(prefix="bench-phone-page-") as name:
        hub = HubProcess(Path(name) / "hub")
        line = CutLine(hub.http_port, LINE_BYTES_PER_S)
        try:
            await hub.start(300)
            sizes = await shell_sizes(hub.url)
            walked = WalkedGrid(hub)
            await walked.begin(HOUSEHOLDS, members=MEMBERS, of_grids=MEMBERS)
            rows = [row("shell kept", [], bytes_=sum(sizes.values()))]
            await line.start()
            times: list[list[float]] = []
            sizes_came: list[list[int]] = []
            opened: list[float] = []
            after_pin: list[float] = []
            async with playwright_running() as playwright:
                browser = await launch(playwright)
                for number in range(syncs):
                    address = (await walked.code(number))["address"]
                    page, took, came = await first_sync(browser, line, address)
                    times.append(took)
                    sizes_came.append(came)
                    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
                    opened += [await known(page, line.url, locked=False) for _ in range(3)]
                    after_pin += [await known(page, line.url, locked=True) for _ in range(2)]
                    await page.context.close()
                await browser.close()
            shell, sync = zip(*times, strict=True)
            shell_bytes, sync_bytes = (max(each) for each in zip(*sizes_came, strict=True))
            rows += [
                row("shell at 256 kbit/s", shell, bytes_=shell_bytes),
                row("first sync at 256 kbit/s", sync, bytes_=sync_bytes, taps=1 + 2 * len(PIN)),
                row("from nothing at 256 kbit/s", [sum(each) for each in times]),
                row("known household, nothing changed", opened, taps=1),
                row("the same after the PIN", after_pin, taps=1 + len(PIN)),
            ]
            print(sizes, *rows, sep="\n", file=sys.stderr, flush=True)
            rows.append(row("visit accepted", await accepted(hub, walked, each)))
        finally:
            hub.stop()
            await line.stop()
    return [{**each, "load": round(os.getloadavg()[0], 1)} for each in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=20, help="single visits of each phone")
    parser.add_argument("--syncs", type=int, default=5)
    asked = parser.parse_args()
    print(json.dumps({"phone_page": asyncio.run(measure(asked.each, asked.syncs))}, indent=1))


if __name__ == "__main__":
    main()
