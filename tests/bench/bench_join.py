"""Join to first picture in real Chromium: ``python -m tests.bench.bench_join [--joins 30]``. Prints JSON.

From `new RTCPeerConnection` to the first `requestVideoFrameCallback`, by WHEP, one picture and one sound, into a meeting
where a headless station publishes the real film. "alone": nobody else watches, so the hub has told the station to pause its
picture, and it begins anew for each join. "beside_another": another page watches all the time. Joins are about a second apart
but for "in_a_row": there each comes right after the one before, and waits out the pause that the hub leaves between two
requests for a key frame (Chromium as a publisher ignores a second one within 300 ms).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from typing import Any

from playwright.async_api import Page

from tests.bench.live import COUNTY, LiveHub, filming_station, live_hub, open_meeting, percentiles
from tests.e2e.browser import launch, open_page, playwright_running
from tests.support.waiting import eventually

#: One join; resolves to milliseconds. With `keep` it stays in the meeting.
JOIN = """async ([url, token, keep]) => {
  const video = document.createElement('video')
  video.muted = true
  document.body.append(video)
  const headers = { authorization: `Bearer ${token}` }
  const begun = performance.now()
  const peer = new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' })
  const receiver = peer.addTransceiver('video', { direction: 'recvonly' })
  const codecs = RTCRtpReceiver.getCapabilities('video').codecs
  receiver.setCodecPreferences(codecs.filter(one => /VP8|rtx/.test(one.mimeType)))
  peer.addTransceiver('audio', { direction: 'recvonly' })
  const shown = new Promise((resolve, reject) => {
    video.requestVideoFrameCallback(() => resolve(performance.now() - begun))
    setTimeout(() => reject(new Error(`no picture within 15 s, connection ${peer.connectionState}`)), 15000)
  })
  video.srcObject = new MediaStream([receiver.receiver.track])
  video.play()
  await peer.setLocalDescription()
  const body = peer.localDescription.sdp
  const answer = await fetch(url, { method: 'POST', body, headers: { ...headers, 'content-type': 'application/sdp' } })
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
  const spent = await shown
  if (keep) return spent
  await fetch(answer.headers.get('location'), { method: 'DELETE', headers })
  peer.close()
  video.remove()
  return spent
}"""


async def joins(
    live: LiveHub, page: Page, meeting: str, count: int, *, apart_s: float = 0.8, keep: bool = False
) -> list[float]:
    """Join that many times, one after the other; milliseconds of each. `apart_s` is drawn from 1 to 1.5 times that."""
    url = f"{live.hub.url}/whep/{meeting}"
    spent = []
    for _ in range(count):
        await asyncio.sleep(apart_s * random.uniform(1.0, 1.5))
        spent.append(float(await page.evaluate(JOIN, [url, live.leader.token, keep])))
    return spent


async def run(count: int) -> dict[str, Any]:
    """Both measurements on one hub."""
    async with (
        live_hub() as live,
        filming_station(live, COUNTY) as station,
        playwright_running() as playwright,
    ):
        browser = await launch(playwright)
        page = await open_page(browser, f"{live.hub.url}/signin")
        meeting = await open_meeting(live.leader, COUNTY)
        await eventually(lambda: station.publishing, 30, "the station does not publish")
        await joins(live, page, meeting, 2)  # the first ones load what the browser needs
        alone = await joins(live, page, meeting, count)
        other = await open_page(browser, f"{live.hub.url}/signin")
        await joins(live, other, meeting, 1, keep=True)
        beside = await joins(live, page, meeting, count)
        in_a_row = await joins(live, page, meeting, count, apart_s=0)
        await browser.close()
    measured = {"alone": alone, "beside_another": beside, "in_a_row": in_a_row}
    return {"join": [{"joins": name, **percentiles(spent)} for name, spent in measured.items()]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joins", type=int, default=30)
    print(json.dumps(asyncio.run(run(parser.parse_args().joins))))


if __name__ == "__main__":
    main()
