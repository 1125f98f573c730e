"""A wall of sixteen cameras in real browsers: ``python -m tests.bench.bench_camera_wall``. Prints JSON.

A whole hub and sixteen made-up cameras on loopback, as in bench_camera_faults. The page of the wall is opened with all of
them in a grid of sixteen, in Debian's Chromium and in its Firefox, which takes no H264. "move": from the wall's cells
standing on the page until each camera's second picture was painted, its session being opened included; "shown": until each
cell shows something (where a browser takes no H264 as many move as the quota of transcodings lets, the others are pictures
every three seconds). "picture's age": from when a picture in a cell that does not move was asked for until the next stands
there, as it was met at twenty moments. "enlarged": from the press on a cell until its main stream is painted, cells one
after the other, each the first time; "again": those once more, a little later. "let go": from leaving the page until the
last camera is pulled no more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from clients.camera.faults import Faults
from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from tests.bench.bench_camera_faults import LARGE, SMALL, TILES, TOWN, Venue, row, venue
from tests.e2e.browser import launch, open_page, playwright_running
from tests.support.firefox import firefox
from tests.support.waiting import eventually

_LOOP_S: Final = 4
#: Transcodings that the hub has room for, as is usual.
_TRANSCODES: Final = 1

SIGN_IN = """async (given) => {
  const answer = await fetch('/api/v1/session', {
    method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(given),
  })
  return answer.ok
}"""
#: Begin to look: in `__wall` stands when each cell first showed something, in ms from the moment all cells stood.
LOOKING = """(count) => {
  const wall = (window.__wall = { shown: {}, moving: {}, count: 0 })
  const counted = new WeakMap()
  const look = () => {
    const all = [...document.querySelectorAll('[data-testid=camera-view]')]
    if (all.length < count) return
    wall.begun ??= performance.now()
    wall.count = all.length
    for (const cell of all) {
      const camera = cell.dataset.camera, now = Math.round(performance.now() - wall.begun)
      const video = cell.querySelector('video')
      if (video && !counted.has(video)) {
        counted.set(video, 0)
        const painted = () => {
          counted.set(video, counted.get(video) + 1)
          video.requestVideoFrameCallback(painted)
        }
        video.requestVideoFrameCallback(painted)
      }
      if (counted.get(video) >= 2 && cell.dataset.state === 'playing') {
        wall.moving[camera] ??= now
        wall.shown[camera] ??= now
      }
      if (cell.querySelector('img.still')?.complete) wall.shown[camera] ??= now
    }
  }
  setInterval(look, 5)
}"""
#: What came of it so far, and of the cells that show pictures one after the other, how old (ms) each is.
SEEN = """() => ({
  shown: Object.values(window.__wall.shown),
  moving: Object.values(window.__wall.moving),
  ages: [...document.querySelectorAll('img.still')].map((one) => Date.now() - Number(new URL(one.src).searchParams.get('at'))),
})"""
#: Press a cell; ms until its large picture is painted, then back.
ENLARGED = """async (given) => {
  const begun = performance.now()
  document.querySelector(`[data-testid=wall-cell-${given.cell}]`).click()
  const video = () => document.querySelector('[data-testid=wall-big] video')
  const end = begun + 20000
  let took = null
  while (performance.now() < end) {
    const one = video()
    if (one?.videoWidth === given.width) { took = Math.round(performance.now() - begun); break }
    await new Promise((ok) => setTimeout(ok, 4))
  }
  document.querySelector('[data-testid=wall-back]').click()
  return took
}"""

Evaluate = Callable[[str, Any], Awaitable[Any]]


async def measured(browser: str, evaluate: Evaluate, enlarged: int, moving: int) -> list[dict[str, Any]]:
    """What one browser's wall does. `enlarged`: so many of its cells are; `moving`: so many have to move."""
    await evaluate(LOOKING, TILES)
    found: dict[str, Any] = {}

    async def all_show() -> bool:
        found.update(await evaluate(SEEN, None))
        there = f"{len(found['shown'])} of {TILES} cells show anything, {len(found['moving'])} move"
        assert len(found["shown"]) >= TILES, there
        assert len(found["moving"]) >= moving, there
        return True

    await eventually(all_show, 60)
    cells = {"browser": browser, "cells": TILES}
    rows = [
        {**row("shown", [max(found["shown"]) / 1000], 3000), **cells},
        {**row("move", [sorted(found["moving"])[moving - 1] / 1000], 3000), **cells, "cells": moving},
    ]
    if moving < TILES:
        ages = []
        for _ in range(20):
            ages += [age / 1000 for age in (await evaluate(SEEN, None))["ages"]]
            await asyncio.sleep(0.7)
        rows.append({**row("picture's age", ages, 5000), **cells, "cells": TILES - moving})
    await asyncio.sleep(3)
    for case in ("enlarged", "again") if enlarged else ():
        took = []
        for cell in range(enlarged):
            ms = await evaluate(ENLARGED, {"cell": cell, "width": LARGE})
            assert ms is not None, f"{browser}: cell {cell} is not enlarged"
            took.append(ms / 1000)
            await asyncio.sleep(1)
        rows.append({**row(case, took, 1000), "browser": browser, "cells": enlarged})
    return rows


async def in_chromium(
    server: CameraServer, url: str, who: dict[str, str], address: str
) -> list[dict[str, Any]]:
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        page = await open_page(browser, url)
        assert await page.evaluate(SIGN_IN, who)
        await page.goto(address)
        rows = await measured("Chromium", page.evaluate, 8, TILES)
        await page.goto("about:blank")
        rows.append(await let_go("Chromium", server))
        await browser.close()
        return rows


async def in_firefox(
    server: CameraServer, url: str, who: dict[str, str], address: str
) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        async with firefox(Path(folder)) as page:
            await page.ask("open", url)

            async def evaluate(code: str, given: Any) -> Any:
                return await page.ask("evaluate", code, given)

            assert await evaluate(SIGN_IN, who)
            await page.ask("open", address)
            rows = await measured("Firefox", evaluate, 0, _TRANSCODES)
            await page.ask("open", "about:blank")
            return [*rows, await let_go("Firefox", server)]


async def let_go(browser: str, server: CameraServer) -> dict[str, Any]:
    begun = time.perf_counter()
    await eventually(lambda: not any(each.playing for each in server.cameras.values()), 40)
    return {**row("let go", [time.perf_counter() - begun], 15_000), "browser": browser, "cells": TILES}


async def walls(place: Venue, server: CameraServer, only: Sequence[str]) -> list[dict[str, Any]]:
    names = list(server.cameras)
    ids = [await place.add(name, server.url(name), server.url(name, "sub")) for name in names]
    account = place.hub.account("leader", TOWN)
    who = {"username": account["username"], "password": account["password"]}
    address = f"{place.hub.url}/patrol?grid=16&cameras={','.join(ids)}"
    rows = []
    for browser, look in (("chromium", in_chromium), ("firefox", in_firefox)):
        if not only or browser in only:
            rows += await look(server, place.hub.url, who, address)
            print(*rows, sep="\n", file=sys.stderr, flush=True)
    return rows


async def run(only: Sequence[str]) -> dict[str, Any]:
    main = Scene("main", LARGE, 720, 12, 900_000, loop_s=_LOOP_S)
    sub = Scene("sub", SMALL, 270, 12, 220_000, loop_s=_LOOP_S)
    for scene in (main, sub):
        for stretch in range(scene.stretches):
            scene.stretch(stretch)
    server = CameraServer(
        Camera(f"cam{at}", main, sub, faults=Faults(stamps="midnight")) for at in range(TILES)
    )
    await server.start()
    try:
        async with venue({"HUB_CAMERA_TRANSCODES": str(_TRANSCODES)}) as place:
            return {"camera_wall": await walls(place, server, only)}
    finally:
        await server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], choices=("chromium", "firefox"))
    print(json.dumps(asyncio.run(run(parser.parse_args().only)), indent=1))


if __name__ == "__main__":
    main()
