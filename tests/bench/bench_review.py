"""The clerk's player in Chromium: ``python -m tests.bench.bench_review``. Prints JSON. Takes about twelve minutes.

A meeting of ten minutes whose four tracks (640x360, a key frame every 4 s) stand in the archive is opened. "start": from the
press of the key until all four pictures move. "seek": from a press on the time line until all four stand at the moment and go
on, 40 times at moments all over it. "apart": how far the tracks are from each other, looked at four times a second for ten
minutes of playing. REVIEW_SECONDS makes it shorter.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from tests.e2e.browser import launch, playwright_running
from tests.support.archived import Archived, archived
from tests.support.edge import PASSWORD
from tests.support.firefox import firefox
from tests.support.loudspeaker import loudspeaker
from tests.support.small_media import record

SECONDS: Final = int(os.environ.get("REVIEW_SECONDS", "600"))
SEEKS: Final = 40

#: Ask of a page: code, and what it is given.
Ask = Callable[[str, Any], Awaitable[Any]]

SIGN_IN = """async (given) => {
  const answer = await fetch('/api/v1/session', {
    method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(given),
  })
  return answer.ok
}"""
#: Until the page's four pictures are there.
THERE = """async () => {
  const videos = () => [...document.querySelectorAll('[data-testid=archive-wall] video')]
  for (let n = 0; n < 600; n += 1) {
    const all = videos()
    if (all.length === 4 && all.every((one) => one.readyState >= 2)) return true
    await new Promise((ok) => setTimeout(ok, 50))
  }
  return false
}"""
START = """async () => {
  const videos = [...document.querySelectorAll('[data-testid=archive-wall] video')]
  const begun = performance.now()
  const from = videos.map((one) => one.currentTime)
  document.querySelector('[data-testid=archive-play]').click()
  while (videos.some((one, n) => one.currentTime <= from[n])) {
    if (performance.now() - begun > 10000) return null
    await new Promise((ok) => setTimeout(ok, 5))
  }
  return performance.now() - begun
}"""
#: A press on the time line at this share of it.
SEEK = """async (share) => {
  const line = document.querySelector('[data-testid=archive-timeline]')
  const box = line.getBoundingClientRect()
  const left = Number(line.dataset.leftPx), width = Number(line.dataset.widthPx)
  const x = box.left + left + share * width, y = box.top + 24
  const goal = (Number(line.dataset.toMs) * share) / 1000
  const videos = [...document.querySelectorAll('[data-testid=archive-wall] video')]
  const begun = performance.now()
  const press = { bubbles: true, clientX: x, clientY: y, button: 0, pointerId: 1 }
  line.setPointerCapture = () => undefined
  line.dispatchEvent(new PointerEvent('pointerdown', press))
  line.dispatchEvent(new PointerEvent('pointerup', press))
  const there = (one) => !one.seeking && !one.paused && one.readyState >= 3 && Math.abs(one.currentTime - goal) < 3
  while (!videos.every(there)) {
    if (performance.now() - begun > 10000) return null
    await new Promise((ok) => setTimeout(ok, 5))
  }
  return performance.now() - begun
}"""
#: How far apart the tracks are, in ms, four times a second for so long.
APART = """async (seconds) => {
  const videos = [...document.querySelectorAll('[data-testid=archive-wall] video')]
  const found = []
  for (let n = 0; n < seconds * 4; n += 1) {
    await new Promise((ok) => setTimeout(ok, 250))
    const playing = videos.filter((one) => !one.paused && !one.seeking)
    const at = playing.map((one) => one.currentTime)
    if (at.length > 1) found.push((Math.max(...at) - Math.min(...at)) * 1000)
  }
  return found
}"""


async def four(there: Archived, folder: Path) -> None:
    """The same file four times: what they show tells how far they are apart."""
    source = record(folder / "track.webm", SECONDS, 4, size=(640, 360))
    for station in there.stations:
        await there.meeting.add(source, station, SECONDS * 1000)


def share(values: list[float], part: float) -> float:
    """The value below which this part of all lie."""
    return round(sorted(values)[min(len(values) - 1, int(len(values) * part))], 1)


async def figures(browser: str, ask: Ask, seconds: int) -> dict[str, object]:
    """Start, seeks and ten minutes of playing; the page is open."""
    assert await ask(THERE, None), "the pictures did not come"
    start = await ask(START, None)
    seeks = [await ask(SEEK, (7 * n % SEEKS + 0.5) / SEEKS * 0.95) for n in range(SEEKS)]
    assert None not in [start, *seeks], "the pictures did not move"
    await ask(SEEK, 0.001)
    apart: list[float] = []
    while len(apart) < (seconds - 30) * 4 and (more := await ask(APART, 30)):
        apart += more
    return {
        "browser": browser,
        "start_ms": round(start),
        "seek_p50_ms": share(seeks, 0.5),
        "seek_p95_ms": share(seeks, 0.95),
        "apart_p50_ms": share(apart, 0.5),
        "apart_p95_ms": share(apart, 0.95),
        "apart_most_ms": round(max(apart), 1),
        "looks": len(apart),
    }


async def in_chromium(there: Archived, seconds: int) -> dict[str, object]:
    """All figures in Debian's Chromium."""
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page(viewport={"width": 1366, "height": 768})
        await page.goto(there.edge.url)
        assert await page.evaluate(SIGN_IN, credentials(there))
        await page.goto(there.url)
        found = await figures("Chromium", lambda code, given: page.evaluate(code, given), seconds)
        await browser.close()
        return found


async def in_firefox(there: Archived, folder: Path, seconds: int) -> dict[str, object]:
    """All figures in Debian's Firefox."""
    async with loudspeaker() as to, firefox(folder / "firefox", more=to) as page:
        await page.ask("open", there.edge.url)
        assert await page.ask("evaluate", SIGN_IN, credentials(there))
        await page.ask("open", there.url)
        return await figures("Firefox", lambda code, given: page.ask("evaluate", code, given), seconds)


def credentials(there: Archived) -> dict[str, str]:
    """Of the clerk."""
    return {"username": there.clerk.account.username, "password": PASSWORD}


async def measure(in_the_other: bool = False) -> list[dict[str, object]]:
    """The row of one browser."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with archived(folder, SECONDS, four) as there:
            if in_the_other:
                return [await in_firefox(there, folder, SECONDS)]
            return [await in_chromium(there, SECONDS)]


if __name__ == "__main__":
    print(json.dumps({"review": asyncio.run(measure())}, indent=2))
