"""A slot's switch until it is seen: ``python -m tests.bench.bench_switch [--switches 60]``. Prints JSON.

A page in real Chromium watches one slot; three other pages of the same browser publish drawings in different
sizes, so that the new picture is known by its size. From control's call to the node (`peer.select`) to the first
`requestVideoFrameCallback` with the new size, as in a tour of stations or a roll call. "layers": the same with one publisher in
simulcast, from the smallest layer to the largest and back by the size of the tile; there the throttle of one key frame
a second for larger layers is waited out before each. "good line": the first over a relay that delays everything between each
page and the node by 20 ms each way, as a line from a village to its city does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from playwright.async_api import Page

from tests.bench.live import percentiles
from tests.e2e.browser import bare_pages
from tests.support.lossy import Line
from tests.support.media_node import FakeControl, media_node
from tests.support.udp_relay import UdpRelay
from tests.support.waiting import eventually

PAGE = """<!doctype html><video id="v" autoplay muted playsinline></video><script>
const offered = async () => { await pc.setLocalDescription(await pc.createOffer()); return pc.localDescription.sdp; };
const prefer = (transceiver) => transceiver.setCodecPreferences(
  RTCRtpReceiver.getCapabilities('video').codecs.filter((codec) => /VP8|rtx/.test(codec.mimeType)));
window.publish = async (width, height, layers) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const ink = canvas.getContext('2d');
  setInterval(() => {
    ink.fillStyle = `hsl(${performance.now() / 20 % 360} 60% 50%)`;
    ink.fillRect(Math.random() * width, Math.random() * height, width / 4, height / 4);
  }, 33);
  const stream = canvas.captureStream(30);
  window.pc = new RTCPeerConnection();
  const sendEncodings = layers ? [
    { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150000 },
    { rid: 'f', maxBitrate: 1500000 }] : [{ maxBitrate: 500000 }];
  const video = pc.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', streams: [stream], sendEncodings });
  prefer(video);
  const offer = await offered();
  // On a busy machine Chromium would send a smaller picture, and the switch would not be known by its size.
  await video.sender.setParameters({ ...video.sender.getParameters(), degradationPreference: 'maintain-resolution' });
  return offer;
};
window.watch = async () => {
  window.pc = new RTCPeerConnection();
  prefer(pc.addTransceiver('video', { direction: 'recvonly' }));
  pc.ontrack = (event) => { v.srcObject = new MediaStream([event.track]); };
  const look = (now, frame) => {
    window.shown = frame.width;
    if (window.awaited === frame.width) { window.awaited = 0; window.seen = performance.timeOrigin + performance.now(); }
    v.requestVideoFrameCallback(look);
  };
  v.requestVideoFrameCallback(look);
  return offered();
};
window.answer = (sdp) => pc.setRemoteDescription({ type: 'answer', sdp });
window.expect = (width) => { window.seen = 0; window.awaited = width; };
</script>"""
#: Widths and heights of the three cameras.
CAMERAS = ((320, 180), (480, 270), (640, 360))
#: One way, between a page and the node.
GOOD_LINE_S = 0.02
#: How the answer of the node is told to a page.
Redirect = Callable[[str], str]


async def peer(
    control: FakeControl, page: Page, name: str, direction: str, offer: str, redirect: Redirect = str
) -> None:
    opened = await control.call(
        "peer.open", peer=name, meeting="m", participant=name, direction=direction, offer=offer
    )
    await page.evaluate("sdp => answer(sdp)", redirect(opened["answer"]))
    await eventually(lambda: control.of("peer", peer=name, state="connected"), why=f"{name}: not connected")


async def switch(
    control: FakeControl, page: Page, width: int, video: list[str], tiles: list[list[int]] | None = None
) -> float:
    """One switch; milliseconds until it is seen."""
    await page.evaluate("width => expect(width)", width)
    begun = time.time() * 1000
    await control.call("peer.select", peer="viewer", video=video, **({"tiles": tiles} if tiles else {}))

    async def seen() -> float:
        return float(await page.evaluate("window.seen"))

    why = f"no picture of width {width}"
    return await eventually(seen, why=why) - begun


async def between_cameras(
    control: FakeControl, viewer: Page, cameras: list[Page], count: int, redirect: Redirect = str
) -> list[float]:
    """Connect all, and switch so many times from one camera to the next; milliseconds of each."""
    for (width, height), page in zip(CAMERAS, cameras, strict=True):
        offer = await page.evaluate("size => publish(...size)", [width, height, False])
        await peer(control, page, f"camera{width}", "publish", offer, redirect)
    await peer(control, viewer, "viewer", "watch", await viewer.evaluate("watch()"), redirect)
    await switch(control, viewer, 320, ["camera320"])
    await asyncio.sleep(5)  # until the cameras send at their rates
    took = []
    for number in range(1, count + 1):
        width = CAMERAS[number % len(CAMERAS)][0]
        took.append(await switch(control, viewer, width, [f"camera{width}"]))
        await asyncio.sleep(0.6)
    return took


async def between_layers(control: FakeControl, viewer: Page, layered: Page, count: int) -> list[float]:
    """Add a publisher in two layers, and switch so many times between them; milliseconds of each."""
    await peer(control, layered, "layered", "publish", await layered.evaluate("publish(1280, 720, true)"))
    await switch(control, viewer, 1280, ["layered"], [[1280, 720]])
    took = []
    for number in range(count):
        await asyncio.sleep(2.6)
        tile = [320, 180] if number % 2 == 0 else [1280, 720]
        took.append(await switch(control, viewer, tile[0], ["layered"], [tile]))
    return took


async def measure(count: int) -> list[dict[str, Any]]:
    async with (
        media_node() as (control, _),
        bare_pages(PAGE, len(CAMERAS) + 2) as (viewer, layered, *cameras),
    ):
        sources = await between_cameras(control, viewer, cameras, count)
        layers = await between_layers(control, viewer, layered, count // 3)
    async with media_node() as (control, node), bare_pages(PAGE, len(CAMERAS) + 1) as (viewer, *cameras):
        relay = UdpRelay(node.port.port, Line(delay_s=GOOD_LINE_S))
        try:
            far = await between_cameras(control, viewer, cameras, count, relay.redirected)
        finally:
            relay.close()
    return [
        {"switch": "to another source", **percentiles(sources)},
        {"switch": "to another layer", **percentiles(layers)},
        {"switch": "to another source, good line", **percentiles(far)},
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--switches", type=int, default=60)
    count = parser.parse_args().switches
    print(json.dumps({"bench": "switch", "rounds": asyncio.run(measure(count))}, indent=2))


if __name__ == "__main__":
    main()
