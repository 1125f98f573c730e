"""Real Chromium against one media node: publishes at its rate, watches in slots, switches, restarts ICE."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page

from hub.media.transport.dtls import Certificate
from tests.e2e.browser import bare_pages
from tests.support import h264_sender
from tests.support.media_light import LightPeer, LightSocket
from tests.support.media_node import FakeControl, media_node
from tests.support.waiting import eventually

pytestmark = pytest.mark.alone

PAGE = """<!doctype html><video id="v" autoplay muted playsinline></video><script>
const offered = async (pc) => { await pc.setLocalDescription(await pc.createOffer()); return pc.localDescription.sdp; };
window.publish = async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 360 }, audio: true });
  window.pc = new RTCPeerConnection();
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  return offered(pc);
};
window.watch = async (video, audio) => {
  window.begun = performance.now();
  window.pc = new RTCPeerConnection();
  for (let i = 0; i < video; i++) pc.addTransceiver('video', { direction: 'recvonly' });
  for (let i = 0; i < audio; i++) pc.addTransceiver('audio', { direction: 'recvonly' });
  pc.ontrack = (event) => {
    if (event.track.kind === 'video' && !v.srcObject) {
      v.srcObject = new MediaStream([event.track]);
      v.requestVideoFrameCallback(() => { window.firstFrame = performance.now() - window.begun; });
    }
  };
  return offered(pc);
};
window.answer = (sdp) => pc.setRemoteDescription({ type: 'answer', sdp });
window.restart = async () => { pc.restartIce(); return offered(pc); };
window.remote = () => pc.remoteDescription.sdp;
window.reports = async (type) =>
  [...(await pc.getStats()).values()].filter((report) => report.type === type && report.kind !== 'audio');
</script>"""


@pytest.fixture
async def pages() -> AsyncIterator[tuple[Page, Page]]:
    """Two pages in one Chromium with fake camera and microphone."""
    async with bare_pages(PAGE, 2) as (first, second):
        yield first, second


async def open_peer(control: FakeControl, page: Page, name: str, direction: str, offer: str) -> None:
    opened = await control.call(
        "peer.open", peer=f"s_{name}", meeting="m", participant=name, direction=direction, offer=offer
    )
    await page.evaluate("sdp => answer(sdp)", opened["answer"])
    await eventually(
        lambda: control.of("peer", peer=f"s_{name}", state="connected"),
        timeout_s=20,
        why=f"{name} is not connected",
    )


async def decoded(page: Page) -> dict[str, int]:
    """Frames decoded in each section."""
    reports: list[dict[str, Any]] = await page.evaluate("reports('inbound-rtp')")
    return {report["mid"]: report.get("framesDecoded", 0) for report in reports}


@pytest.mark.e2e
async def test_chromium_publishes_watches_switches_and_restarts_ice(pages: tuple[Page, Page]) -> None:
    station, viewer = pages
    async with media_node() as (control, _):
        await open_peer(control, station, "village", "publish", await station.evaluate("publish()"))
        await eventually(lambda: control.of("sources"), timeout_s=20, why="nothing is published")
        await open_peer(control, viewer, "leader", "watch", await viewer.evaluate("watch(4, 2)"))

        async def first_frame() -> bool:
            return bool(await viewer.evaluate("window.firstFrame"))

        await eventually(first_frame, timeout_s=20, why="no picture")

        async def rate() -> bool:
            [report] = await station.evaluate("reports('outbound-rtp')")
            assert report["targetBitrate"] > 500_000, f"only {report['targetBitrate']} bit/s are allowed"
            return True

        await eventually(rate, timeout_s=20)

        await control.call("peer.select", peer="s_leader", video=[None, None, "village"])
        before = await decoded(viewer)

        async def moved() -> bool:
            now = await decoded(viewer)
            assert now.get("2", 0) > 15, f"slot 2 decoded {now}"
            assert now["0"] - before["0"] < 5, "slot 0 goes on"
            return True

        await eventually(moved, timeout_s=20)

        offer = await viewer.evaluate("restart()")
        credentials = [line for line in offer.splitlines() if line.startswith(("a=ice-ufrag", "a=ice-pwd"))]
        answer = await control.call("peer.restart", peer="s_leader", fragment="\r\n".join(credentials[:2]))
        new = dict(
            line[2:].split(":", 1)
            for line in answer["fragment"].splitlines()
            if line.startswith(("a=ice-ufrag", "a=ice-pwd"))
        )
        remote = await viewer.evaluate("remote()")
        lines = []
        for line in remote.split("\r\n"):
            name = line[2:].split(":", 1)[0]
            lines.append(f"a={name}:{new[name]}" if name in ("ice-ufrag", "ice-pwd") else line)
        await viewer.evaluate("sdp => answer(sdp)", "\r\n".join(lines))
        seen = (await decoded(viewer))["2"]

        async def goes_on() -> bool:
            dump = await control.call("dump")
            [peer] = [peer for peer in dump["peers"] if peer["peer"] == "s_leader"]
            assert len(peer["ice"]["ufrags"]) == 1, "the new credentials are not used yet"
            assert (await decoded(viewer))["2"] > seen + 20, "the picture stopped at the restart"
            return True

        await eventually(goes_on, timeout_s=20)
        dump = await control.call("dump")
        assert dump["ingress"]["dropped"].get("bugs", 0) == 0


@pytest.mark.e2e
async def test_chromium_sends_no_more_than_the_hub_tells_it_though_it_gets_transport_wide_feedback(
    pages: tuple[Page, Page],
) -> None:
    station, _ = pages
    async with media_node(publisher_bps=400_000) as (control, _):
        await open_peer(control, station, "village", "publish", await station.evaluate("publish()"))
        rates: list[float] = []

        async def kept_to() -> bool:
            [report] = await station.evaluate("reports('outbound-rtp')")
            rates.append(report.get("targetBitrate", 0))
            assert rates[-1] > 300_000, f"grows slowly: {rates[-5:]}"
            assert len(rates) > 60, "not for long"
            return True

        await eventually(kept_to, timeout_s=30)
        # Chromium probes as soon as it is connected, some hundred milliseconds before it has been told anything.
        assert max(rates[20:]) <= 400_000, rates
        assert not control.of("dropped")


async def send_h264(peer: LightPeer, cut: h264_sender.Cut) -> None:
    """Play the clip for ever, and answer no request."""
    frames, seq, number = h264_sender.clip().frames, 100, 0
    while True:
        units = h264_sender.units_of(frames[number % len(frames)].data)
        for stamp, payload, marker in cut(units, number * 90_000 // h264_sender.FPS):
            peer.send_video(seq, stamp, payload, marker)
            seq += 1
        number += 1
        await asyncio.sleep(1 / h264_sender.FPS)


@pytest.mark.e2e
@pytest.mark.parametrize("how", ["once", "as a picture of their own", "in the description alone"])
async def test_a_later_chromium_sees_h264_however_its_parameter_sets_came(
    pages: tuple[Page, Page], how: str
) -> None:
    viewer, _ = pages
    async with media_node() as (control, node):
        sock = LightSocket(node.port.port)
        certificate = Certificate()
        peer = LightPeer(sock.send, certificate.endpoint, certificate.fingerprint)
        sock.peer = peer
        fmtp = h264_sender.FMTP
        if how == "in the description alone":
            fmtp = h264_sender.described(h264_sender.clip())
        offer = peer.offer("sendonly", audio=0, codec="H264", fmtp=fmtp)
        opened = await control.call(
            "peer.open",
            peer="s_village",
            meeting="m",
            participant="village",
            direction="publish",
            offer=offer,
        )
        peer.take_answer(opened["answer"])
        peer.check()
        await eventually(lambda: peer.keys is not None, timeout_s=20, why="the camera has no keys")
        sending = asyncio.create_task(send_h264(peer, h264_sender.CUTS[how]))
        try:
            await asyncio.wait_for(asyncio.shield(_sent(control)), 20)
            await open_peer(control, viewer, "leader", "watch", await viewer.evaluate("watch(1, 0)"))

            async def pictures() -> bool:
                assert (await decoded(viewer)).get("0", 0) > 60, f"decoded {await decoded(viewer)}"
                return True

            await eventually(pictures, timeout_s=20)
        finally:
            sending.cancel()
            peer.close()
            sock.close()


async def _sent(control: FakeControl) -> None:
    """The camera has sent for longer than from one IDR picture to the next."""

    async def seen() -> bool:
        dump = await control.call("dump")
        [peer] = [one for one in dump["peers"] if one["peer"] == "s_village"]
        received = [layer["received"] for track in peer["tracks"] for layer in track["layers"]]
        assert max(received, default=0) > 200, f"received {received}"
        return True

    await eventually(seen, timeout_s=20)
