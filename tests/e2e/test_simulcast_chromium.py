"""Real Chromium with simulcast through one media node: layers by tile and line, temporal layers, stopped layers, RED."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page

from tests.e2e.browser import bare_pages
from tests.e2e.test_media_chromium import open_peer
from tests.support.media_node import FakeControl, media_node
from tests.support.waiting import eventually

pytestmark = pytest.mark.alone

PAGE = """<!doctype html><video id="v" autoplay muted playsinline></video><script>
const offered = async () => { await pc.setLocalDescription(await pc.createOffer()); return pc.localDescription.sdp; };
const prefer = (transceiver, mime) => {
  const codecs = RTCRtpReceiver.getCapabilities('video').codecs;
  const wanted = codecs.filter((codec) => codec.mimeType === mime || codec.mimeType === 'video/rtx');
  transceiver.setCodecPreferences(wanted);
};
window.publish = async (mime, mode) => {
  const stream = await navigator.mediaDevices.getUserMedia(
    { video: { width: 1280, height: 720, frameRate: 30 }, audio: true });
  window.pc = new RTCPeerConnection();
  pc.addTrack(stream.getAudioTracks()[0], stream);
  const layer = (rid, scale, rate) => (
    { rid, scaleResolutionDownBy: scale, maxBitrate: rate, ...(mode ? { scalabilityMode: mode } : {}) });
  window.video = pc.addTransceiver(stream.getVideoTracks()[0], {
    direction: 'sendonly', streams: [stream],
    sendEncodings: [layer('q', 4, 150000), layer('h', 2, 500000), layer('f', 1, 1500000)] });
  prefer(window.video, mime);
  return offered();
};
window.activate = async (active) => {
  const parameters = video.sender.getParameters();
  for (const each of parameters.encodings) each.active = active.includes(each.rid);
  await video.sender.setParameters(parameters);
};
window.watch = async (slots) => {
  window.pc = new RTCPeerConnection();
  for (let i = 0; i < slots; i++) pc.addTransceiver('video', { direction: 'recvonly' });
  pc.addTransceiver('audio', { direction: 'recvonly' });
  pc.ontrack = (event) => { if (event.track.kind === 'video' && !v.srcObject) v.srcObject = new MediaStream([event.track]); };
  return offered();
};
window.answer = (sdp) => pc.setRemoteDescription({ type: 'answer', sdp });
window.reports = async (type, kind) =>
  [...(await pc.getStats()).values()].filter((report) => report.type === type && report.kind === kind);
</script>"""


@pytest.fixture
async def pages() -> AsyncIterator[tuple[Page, Page]]:
    """Two pages in one Chromium with fake camera and microphone."""
    async with bare_pages(PAGE, 2) as (first, second):
        yield first, second


async def picture(page: Page, mid: str = "0") -> dict[str, Any]:
    reports: list[dict[str, Any]] = await page.evaluate("reports('inbound-rtp', 'video')")
    return next((report for report in reports if report["mid"] == mid), {})


async def layers(control: FakeControl) -> list[dict[str, Any]]:
    dump = await control.call("dump")
    [publication] = [p for p in dump["meetings"][0]["publications"] if "/video/" in p["label"]]
    found: list[dict[str, Any]] = publication["layers"]
    return found


async def shows(page: Page, height: int, timeout_s: float = 15) -> None:
    """The first slot shows pictures of this height, and goes on doing so."""

    async def so() -> bool:
        report = await picture(page)
        assert report.get("frameHeight") == height, f"{report.get('frameHeight')} instead of {height}"
        return True

    await eventually(so, timeout_s=timeout_s)


@pytest.mark.e2e
@pytest.mark.parametrize("mime", ["video/VP8", "video/H264", "video/VP9"])
async def test_a_viewer_gets_the_layer_that_fits_his_tile(pages: tuple[Page, Page], mime: str) -> None:
    station, viewer = pages
    mode = "L1T3" if mime == "video/VP8" else "L1T1"
    async with media_node() as (control, _):
        await open_peer(
            control, station, "village", "publish", await station.evaluate("a => publish(...a)", [mime, mode])
        )
        await open_peer(control, viewer, "leader", "watch", await viewer.evaluate("watch(2)"))
        await shows(viewer, 720, 25)
        for tile, height in (([300, 170], 180), ([640, 360], 360), ([1280, 720], 720)):
            await control.call("peer.select", peer="s_leader", video=["village"], tiles=[tile])
            before = await picture(viewer)
            await shows(viewer, height)
            after = await picture(viewer)
            assert after["freezeCount"] - before["freezeCount"] <= 1
        await control.call("peer.select", peer="s_leader", video=["village"], tiles=[[300, 170]])
        await eventually(
            lambda: any(told["active"] == ["q"] for told in control.of("layers")),
            timeout_s=12,
            why="the publisher is not told to stop what nobody takes",
        )
        await station.evaluate("activate(['q'])")
        await shows(viewer, 180)
        await control.call("peer.select", peer="s_leader", video=["village"], tiles=[[1280, 720]])
        await eventually(
            lambda: "f" in control.of("layers")[-1]["active"], why="the large layer is not asked for again"
        )
        await station.evaluate("activate(['q', 'f'])")
        await shows(viewer, 720)
        report = await picture(viewer)
        assert report["framesDecoded"] > 100
