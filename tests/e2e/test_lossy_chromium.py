"""Real Chromium over bad lines: it publishes and watches through a UDP relay that loses, delays, narrows and moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from tests.e2e.browser import ARGUMENTS
from tests.support.lossy import Line
from tests.support.media_node import FakeControl, media_node
from tests.support.udp_relay import UdpRelay
from tests.support.waiting import eventually

#: What the page asks of the browser on a line that loses packets: hold pictures and sound back for so long.
HOLD_MS = 400
#: So long is counted, after the browser has had time to get used to the line.
SETTLE_S, COUNT_S = 6.0, 14.0

PAGE = """<!doctype html><video id="v" autoplay muted playsinline></video><audio id="a" autoplay></audio><script>
const offered = async (pc) => { await pc.setLocalDescription(await pc.createOffer()); return pc.localDescription.sdp; };
window.publish = async (simulcast) => {
  const size = simulcast ? { width: 1280, height: 720 } : { width: 640, height: 360 };
  const stream = await navigator.mediaDevices.getUserMedia({ video: size, audio: true });
  window.pc = new RTCPeerConnection();
  pc.addTrack(stream.getAudioTracks()[0], stream);
  const layers = [['q', 4, 120000], ['h', 2, 450000], ['f', 1, 1000000]];
  pc.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', streams: [stream], sendEncodings: simulcast
    ? layers.map(([rid, scaleResolutionDownBy, maxBitrate]) => ({ rid, scaleResolutionDownBy, maxBitrate })) : [{}] });
  return offered(pc);
};
window.watch = async (hold) => {
  window.pc = new RTCPeerConnection();
  for (const kind of ['video', 'audio']) pc.addTransceiver(kind, { direction: 'recvonly' });
  pc.ontrack = ({ track, receiver }) => {
    if (hold) receiver.jitterBufferTarget = hold;
    (track.kind === 'video' ? v : a).srcObject = new MediaStream([track]);
  };
  return offered(pc);
};
window.answer = (sdp) => pc.setRemoteDescription({ type: 'answer', sdp });
window.state = () => pc.connectionState;
window.restart = () => { pc.restartIce(); return offered(pc); };
window.remote = () => pc.remoteDescription.sdp;
window.reports = async (type) => [...(await pc.getStats()).values()].filter((report) => report.type === type);
</script>"""


_ICE = ("a=ice-ufrag:", "a=ice-pwd:")


@dataclass
class Pages:
    """A page that publishes and one that watches, each behind a line of its own."""

    control: FakeControl
    station: Page
    viewer: Page
    up: UdpRelay
    down: UdpRelay

    async def begin(self, *, simulcast: bool = False, hold_ms: int = 0) -> None:
        """Connect both."""
        offer = await self.station.evaluate("simulcast => publish(simulcast)", simulcast)
        await self._open(self.station, "village", "publish", offer, self.up)
        await eventually(lambda: self.control.of("sources"), timeout_s=20, why="nothing is published")
        await self._open(
            self.viewer, "leader", "watch", await self.viewer.evaluate(f"watch({hold_ms})"), self.down
        )

    async def _open(self, page: Page, name: str, direction: str, offer: str, relay: UdpRelay) -> None:
        opened = await self.control.call(
            "peer.open", peer=f"s_{name}", meeting="m", participant=name, direction=direction, offer=offer
        )
        await page.evaluate("sdp => answer(sdp)", relay.redirected(opened["answer"]))
        await eventually(
            lambda: self.control.of("peer", peer=f"s_{name}", state="connected"),
            20,
            f"{name} is not connected",
        )

    async def restart_where_failed(self) -> list[str]:
        """What our page does when its browser has given a line up: new ICE names, the same session (RFC 9725 §4.3.3)."""
        failed = []
        for name, page, relay in (("village", self.station, self.up), ("leader", self.viewer, self.down)):
            if await page.evaluate("state()") != "failed":
                continue
            failed.append(name)
            names = [
                line for line in (await page.evaluate("restart()")).splitlines() if line.startswith(_ICE)
            ]
            answer = await self.control.call(
                "peer.restart", peer=f"s_{name}", fragment="\r\n".join(names[:2])
            )
            new = {
                line.partition(":")[0]: line
                for line in answer["fragment"].splitlines()
                if line.startswith(_ICE)
            }
            lines = (await page.evaluate("remote()")).split("\r\n")
            changed = "\r\n".join(new.get(line.partition(":")[0], line) for line in lines)
            await page.evaluate("sdp => answer(sdp)", relay.redirected(changed))
        return failed

    async def received(self) -> dict[str, dict[str, Any]]:
        """The viewer's statistics by kind."""
        return {report["kind"]: report for report in await self.viewer.evaluate("reports('inbound-rtp')")}

    async def decoded(self) -> int:
        """Pictures that the viewer has decoded."""
        return int((await self.received()).get("video", {}).get("framesDecoded", 0))

    async def pictures_go_on(self, within_s: float, by: int = 5) -> None:
        """Until so many more pictures were decoded than now."""
        before = await self.decoded()

        async def more() -> bool:
            return await self.decoded() >= before + by

        await eventually(more, within_s, "pictures do not come again")

    async def count(self, seconds: float) -> dict[str, float]:
        """What the viewer saw and heard in this time."""
        before = await self.received()
        await asyncio.sleep(seconds)
        after = await self.received()

        def grown(kind: str, name: str) -> float:
            return float(after[kind][name]) - float(before[kind][name])

        return {
            "frozen": grown("video", "totalFreezesDuration") / seconds,
            "freezes": grown("video", "freezeCount"),
            "dropped": grown("video", "framesDropped"),
            "decoded": grown("video", "framesDecoded"),
            "repaired": grown("video", "retransmittedPacketsReceived"),
            "lost": grown("audio", "packetsLost"),
            "concealed": grown("audio", "concealedSamples") / grown("audio", "totalSamplesReceived"),
        }


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    """Two pages in one Chromium, a node, and a relay before it for each."""
    app = web.Application()

    async def serve(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app.router.add_get("/", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=30"]
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*ARGUMENTS, *fake]
        )
        stack.push_async_callback(browser.close)
        control, node = await stack.enter_async_context(media_node())
        station, viewer = await browser.new_page(), await browser.new_page()
        for page in (station, viewer):
            await page.goto(url)
        up, down = (UdpRelay(node.port.port, Line(delay_s=0.0), Line(delay_s=0.0), seed) for seed in (1, 2))
        stack.callback(up.close)
        stack.callback(down.close)
        yield Pages(control, station, viewer, up, down)


def _worsen(relay: UdpRelay, loss: float, delay_s: float) -> None:
    for line in (relay.up, relay.down):
        line.loss, line.delay_s = loss, delay_s


@pytest.mark.e2e
async def test_chromium_sees_and_hears_over_ten_percent_loss_both_ways(pages: Pages) -> None:
    """The strict two minutes are held in virtual time; here a real browser says the same of some seconds."""
    for relay in (pages.up, pages.down):
        _worsen(relay, 0.1, 0.04)
    await pages.begin(hold_ms=HOLD_MS)
    await pages.pictures_go_on(10, by=30)
    await asyncio.sleep(SETTLE_S)
    seen = await pages.count(COUNT_S)
    print(seen)
    assert seen["repaired"] > 20, "the line lost nothing"
    assert seen["decoded"] > 10 * COUNT_S
    assert seen["frozen"] <= 0.05
    assert seen["dropped"] <= 0.03 * seen["decoded"]
    assert seen["concealed"] <= 0.04


@pytest.mark.e2e
async def test_chromium_goes_on_after_a_new_address_and_a_blackout_without_joining_again(
    pages: Pages,
) -> None:
    await pages.begin()
    await pages.pictures_go_on(10, by=30)
    for relays in ((pages.up,), (pages.down,), (pages.up, pages.down)):
        for relay in relays:
            relay.rebind()
        await asyncio.sleep(0.3)  # what was on its way has come
        await pages.pictures_go_on(5 - 0.3)
    for relay in (pages.up, pages.down):
        relay.dark = True
    await asyncio.sleep(20)
    for relay in (pages.up, pages.down):
        relay.dark = False
    began = asyncio.get_running_loop().time()
    before, failed = await pages.decoded(), list[str]()

    async def pictures() -> bool:
        # The browser gives a line up after about 20 s: just before the light comes back, or just after.
        failed.extend(await pages.restart_where_failed())
        return await pages.decoded() >= before + 5

    await eventually(pictures, 10, "pictures do not come again")
    print(
        f"given up by {failed}, pictures {asyncio.get_running_loop().time() - began:.1f} s after the blackout"
    )
    assert not pages.control.of("peer", state="closed")
    for told in pages.control.of("sources"):
        assert [source["participant"] for source in told["sources"]] in ([], ["village"])


@pytest.mark.e2e
async def test_a_narrow_line_gets_a_smaller_picture_and_the_large_one_when_it_widens(pages: Pages) -> None:
    pages.down.down.rate_bps, pages.down.down.queue_bytes = 2_000_000, 40_000
    await pages.begin(simulcast=True)
    await pages.control.call("peer.select", peer="s_leader", video=["village"], tiles=[[1280, 720]])

    async def width(wanted: int) -> bool:
        shown = (await pages.received())["video"].get("frameWidth", 0)
        assert shown == wanted, f"{shown} wide"
        return True

    await eventually(lambda: width(1280), 20)
    pages.down.down.rate_bps = 400_000
    await asyncio.sleep(5)
    path, loop = pages.down.down_path, asyncio.get_running_loop()
    before, began = path.counters["queue_full"], loop.time()
    seen = await pages.count(6)
    assert path.counters["queue_full"] == before, f"the line is overfull {loop.time() - began:.0f} s after"
    assert (await pages.received())["video"]["frameWidth"] < 1280
    assert seen["decoded"] > 6 * 10
    assert seen["concealed"] <= 0.02
    pages.down.down.rate_bps = 2_000_000
    await eventually(lambda: width(1280), 30)
