"""Recordings as browsers play them: what is heard and seen against when it was made, from the start and after a seek."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.e2e.browser import launch, playwright_running
from tests.support.firefox import firefox
from tests.support.loudspeaker import loudspeaker
from tests.support.media_files import Clip, flash_and_beep, left_out, with_dtx
from tests.support.recording_bench import Bench
from tests.support.relay_sender import OutgoingStream

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

SECONDS = 14
#: Where nothing was sent by the muted microphone; where the stamps of the picture step.
HOLE = (2.5, 9.5)
STEP_AT_S, STEP_S = 6.5, 3.0
#: A person notices more. The browsers' own looking costs some of it.
IN_STEP_S = 0.15

#: Plays every file from `from` to its end. For each: beeps and flashes as [when by the page's clock, second of the file].
PLAY = """async (given) => {
  const context = new AudioContext()
  await context.resume()
  const happened = (target, event) => new Promise((ok) => target.addEventListener(event, ok, { once: true }))
  const play = async (url) => {
    const video = document.createElement('video')
    video.src = url
    document.body.append(video)
    const analyser = context.createAnalyser()
    analyser.fftSize = 1024
    context.createMediaElementSource(video).connect(analyser)
    analyser.connect(context.destination)
    await happened(video, 'canplay')
    if (given.from) {
      video.currentTime = given.from
      await happened(video, 'seeked')
    }
    const canvas = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true })
    const samples = new Float32Array(analyser.fftSize)
    const found = { heard: [], seen: [] }
    let loud = true, bright = true, quiet = 0
    const look = () => {
      const now = performance.now() / 1000
      analyser.getFloatTimeDomainData(samples)
      const level = samples.slice(512).reduce((most, one) => Math.max(most, Math.abs(one)), 0)
      if (level > 0.1 && !loud && now - quiet > 0.3) found.heard.push([now, video.currentTime])
      if (level > 0.1) quiet = now
      loud = level > 0.1
      canvas.drawImage(video, 0, 0, 8, 8)
      const light = canvas.getImageData(2, 2, 1, 1).data[0] > 128
      if (light && !bright) found.seen.push([now, video.currentTime])
      bright = light
    }
    await video.play()
    const timer = setInterval(look, 10)
    await happened(video, 'ended')
    clearInterval(timer)
    video.remove()
    return found
  }
  const names = Object.keys(given.files)
  const all = await Promise.all(names.map((name) => play(given.files[name])))
  return Object.fromEntries(names.map((name, n) => [name, all[n]]))
}"""


async def _recorded(
    root: Path, clips: tuple[Clip, Clip], step_s: float = 0.0, turned: Clip | None = None
) -> Path:
    """The file of a publisher of these clips; at STEP_AT_S the stamps of his picture step, or he sends it `turned`."""
    bench = Bench(root)
    streams = [bench.open(clip) for clip in clips]
    for start_s, seconds in ((0, STEP_AT_S), (STEP_AT_S, SECONDS)):
        again = [OutgoingStream(each.clip, each.ssrc, each.sequence, each.timestamp) for each in streams]
        await bench.play(*again, start_s=start_s, seconds=seconds)
        streams[0].timestamp += round(step_s * 90_000)
        streams[0].clip = turned or streams[0].clip
    (record,) = await bench.finish()
    bench.pool.shutdown()
    return bench.path(record)


@asynccontextmanager
async def _served(root: Path) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """Address of a page, and those of the recordings on it by what is special about each."""
    picture, sound = flash_and_beep("vp8", SECONDS)
    # A phone that is turned, and a layer that is left for a larger one, are another size within one file.
    upright, _ = flash_and_beep("vp8", SECONDS, size=(360, 640))
    files = {
        "muted": await _recorded(root / "muted", (picture, left_out(sound, HOLE))),
        "dtx": await _recorded(root / "dtx", (picture, with_dtx(sound))),
        "step": await _recorded(root / "step", (picture, sound), STEP_S),
        "turned": await _recorded(root / "turned", (picture, sound), turned=upright),
    }
    app = web.Application()

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>recordings</title>", content_type="text/html")

    app.router.add_get("/", page)
    app.router.add_static("/files", root)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield url, {name: f"{url}/files/{path.relative_to(root)}" for name, path in files.items()}
    finally:
        await runner.cleanup()


def _check(name: str, found: dict[str, Any], from_s: float) -> None:
    """Every flash is seen at its second, and has its beep, except where nothing was sent."""
    due = [second for second in range(1, SECONDS) if second > from_s]
    seen = {round(at_s): when for when, at_s in found["seen"]}
    assert set(due) <= set(seen), f"{name}: flashes at {sorted(seen)} of {due}"
    spoken = [second for second in due if name != "muted" or not HOLE[0] <= second < HOLE[1]]
    beeps = [when for when, at_s in found["heard"] if at_s > from_s + 0.4]  # the first flash has no beginning
    for second in spoken:
        nearest = min((abs(when - seen[second]) for when in beeps), default=99.0)
        assert nearest < IN_STEP_S, (
            f"{name} from {from_s} s: the beep of second {second} is {nearest:.2f} s off"
        )
    for when in beeps:
        assert min(abs(when - seen[second]) for second in seen) < IN_STEP_S, f"{name}: a beep at a wrong time"


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
async def test_what_was_said_is_heard_when_it_was_said(tmp_path: Path, browser: str) -> None:
    """A muted microphone, DTX, a camera whose stamps step, a turned phone; from the start, and after a seek behind the hole."""
    async with _served(tmp_path) as (url, files):
        for from_s in (0.0, 10.5):
            given = {"files": files, "from": from_s}
            if browser == "firefox":
                async with loudspeaker() as to, firefox(tmp_path / f"firefox-{from_s}", more=to) as page:
                    await page.ask("open", url)
                    found = await asyncio.wait_for(page.ask("evaluate", PLAY, given), 60)
            else:
                async with playwright_running() as playwright:
                    chromium = await launch(playwright)
                    tab = await chromium.new_page()
                    await tab.goto(url)
                    found = await asyncio.wait_for(tab.evaluate(PLAY, given), 60)
                    await chromium.close()
            for name in files:
                _check(name, found[name], from_s)
