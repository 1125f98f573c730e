"""The console with a city in its meeting: ``python -m tests.bench.bench_city_console [--stations 500,2047]``. Prints JSON.

A real hub and a station at every center on plain sockets (as `bench_city` has them), and one console in real Chromium: the
convener's, before which all of them join, each 0.5 to 3 s after it is called. A key that changes what is shown (the wall) is
pressed twice a second meanwhile, and again when all are there. `*_key_p95_ms` is from the press until the picture after it
is drawn; `longest_task_ms` and `over_200_ms` are the main thread's tasks (long tasks of the browser: from 50 ms on) while
they join, `joined_s` when the page shows all of them, `heap_mib` its memory then. At last the chair's own keys are pressed,
twenty times each: `broadcast_…`, `mute_…` and `roll_call_step_…` are from the press until all stations whom it concerns have
been told (the muted one; all of them) and the page shows it. Browser, hub and stations share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp
from playwright.async_api import Page

from hub.descriptors import raise_descriptor_limit
from tests.bench.bench_city import LIMIT_S, Crowd
from tests.bench.city_directory import CITY, build_city
from tests.bench.city_keys import Keys, ToldStation
from tests.e2e.browser import launch, playwright_running
from tests.support.hub_process import HubProcess

#: How often the key is pressed.
_PRESS_S: Final = 0.5
#: Presses when all are there.
_CALM_PRESSES: Final = 20
_COOKIE: Final = "lianxian_session"
#: Notes long tasks, and how long a key takes to the picture after it.
_WATCH: Final = """
(() => {
  window.__tasks = [];
  window.__keys = [];
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.__tasks.push(task.duration);
  }).observe({ type: 'longtask' });
  window.addEventListener('keydown', (event) => {
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => window.__keys.push(performance.now() - event.timeStamp);
      after.port2.postMessage(null);
    });
  }, { capture: true });
})();
"""


async def _shown(page: Page) -> int:
    """How many centers the page says have arrived."""
    text = await page.get_by_test_id("number-arrived").inner_text()
    digits = "".join(each if each.isdigit() or each == "/" else "" for each in text.replace(" ", ""))
    return int(digits.split("/")[0] or 0)


async def _press_until(page: Page, done: asyncio.Event) -> None:
    while not done.is_set():
        await page.keyboard.press("w")
        await asyncio.sleep(_PRESS_S)


async def _take(page: Page, name: str) -> list[float]:
    found: list[float] = await page.evaluate(f"window.{name}.splice(0)")
    return found


async def run(stations: int) -> dict[str, Any]:
    """One city before one console."""
    with tempfile.TemporaryDirectory(prefix="bench-console-") as name:
        folder = Path(name) / "hub"
        city = await build_city(folder, stations)
        hub = HubProcess(folder)
        async with aiohttp.ClientSession() as http, playwright_running() as playwright:
            crowd = Crowd(hub, city, http, ToldStation)
            browser = await launch(playwright)
            try:
                await hub.start(60)
                return await _measure(hub, crowd, await _console(browser, hub, city.consoles[0].token), http)
            finally:
                await browser.close()
                await crowd.stop()
                hub.stop()


async def _console(browser: Any, hub: HubProcess, token: str) -> Page:
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    await context.add_init_script(_WATCH)
    await context.add_cookies([{"name": _COOKIE, "value": token, "url": hub.url}])
    page: Page = await context.new_page()
    return page


async def _measure(hub: HubProcess, crowd: Crowd, page: Page, http: aiohttp.ClientSession) -> dict[str, Any]:
    room = asyncio.Semaphore(64)

    async def connected(member: Any) -> None:
        async with room:
            crowd.start([member])
            await crowd.until(lambda: member.greeted_at > 0)

    await asyncio.gather(*(connected(member) for member in crowd.stations))
    data = {"title": "全市调度", "kind": "dispatch", "subtree": CITY, "record": False}
    body = {"id": "convene", "kind": "meeting.open", "data": data}
    headers = {"Authorization": f"Bearer {crowd.chair.person.token}"}
    await page.goto(f"{hub.url}/command")
    await page.get_by_test_id("convene").wait_for()
    begun = time.monotonic()
    async with http.post(f"{hub.url}/api/v1/commands", json=body, headers=headers) as answer:
        meeting = (await answer.json())["entries"][0]["meeting"]
    await page.goto(f"{hub.url}/command/{meeting}")
    await page.get_by_test_id("number-arrived").wait_for()
    await _take(page, "__tasks")
    await _take(page, "__keys")
    done = asyncio.Event()
    pressing = asyncio.create_task(_press_until(page, done))
    joined = await crowd.until(lambda: all(one.joined_at for one in crowd.stations))
    deadline = time.monotonic() + LIMIT_S
    while (shown := await _shown(page)) < len(crowd.stations) and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
    seconds = time.monotonic() - begun
    done.set()
    await pressing
    tasks, keys = await _take(page, "__tasks"), await _take(page, "__keys")
    for _ in range(_CALM_PRESSES):
        await page.keyboard.press("w")
        await asyncio.sleep(_PRESS_S / 2)
    calm = await _take(page, "__keys")
    people = {one.person.account.id: one for one in crowd.stations if isinstance(one, ToldStation)}
    pressed = await Keys(page, people).measure()
    heap = await page.evaluate("performance.memory ? performance.memory.usedJSHeapSize : 0")
    return {
        "stations": len(crowd.stations),
        "missing": len(crowd.stations) - shown if joined else None,
        "joined_s": round(seconds, 1),
        "key_p50_ms": _rank(keys, 0.5),
        "key_p95_ms": _rank(keys, 0.95),
        "calm_key_p95_ms": _rank(calm, 0.95),
        "longest_task_ms": round(max(tasks, default=0.0)),
        "over_200_ms": sum(task > 200 for task in tasks),
        **pressed,
        "heap_mib": round(heap / 2**20),
    }


def _rank(values: Sequence[float], share: float) -> float | None:
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))], 1) if ranked else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", default="500,2047", help="sizes of the city, one after the other")
    sizes = [int(size) for size in parser.parse_args().stations.split(",")]
    raise_descriptor_limit()
    print(json.dumps({"console": [asyncio.run(run(size)) for size in sizes]}, indent=1))


if __name__ == "__main__":
    main()
