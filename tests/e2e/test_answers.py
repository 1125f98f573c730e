"""Real browsers and the answers to their offers of simulcast and sound: accepted, and understood as meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hub.wire.sdp import Fingerprint, LocalTransport
from hub.wire.sdp_answer import PublishPlan, answer_publish
from hub.wire.sdp_parse import parse_offer
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running
from tests.support.firefox import firefox

pytestmark = pytest.mark.e2e

LOCAL = LocalTransport("hubu", "p" * 24, Fingerprint("sha-256", ":".join(["AB"] * 32)), (("127.0.0.1", 9),))

#: Offers camera and sound, the camera in layers: [names, name of a paused one or null, name of the codec or null].
OFFER = """async ([rids, paused, codec]) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
  const peer = window.__peer = new RTCPeerConnection()
  peer.addTransceiver(stream.getAudioTracks()[0], { direction: 'sendonly' })
  const sendEncodings = rids.map((rid, index) => ({
    rid, scaleResolutionDownBy: 2 ** (rids.length - 1 - index), active: rid !== paused,
  }))
  const video = peer.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', sendEncodings })
  if (codec) video.setCodecPreferences(RTCRtpSender.getCapabilities('video').codecs
    .filter(one => one.mimeType === 'video/' + codec || one.mimeType === 'video/rtx'))
  await peer.setLocalDescription()
  return peer.localDescription.sdp
}"""

#: Takes the answer; then which layers are left, and which of them may be started.
ANSWER = """async (sdp) => {
  const peer = window.__peer
  await peer.setRemoteDescription({ type: 'answer', sdp })
  const sender = peer.getSenders()[1]
  const before = sender.getParameters()
  for (const encoding of before.encodings) encoding.active = true
  await sender.setParameters(before)
  return {
    state: peer.signalingState,
    layers: sender.getParameters().encodings.map(one => [one.rid, one.active]),
    codecs: peer.getSenders().map(one => one.getParameters().codecs.map(codec => codec.mimeType)),
    directions: peer.getTransceivers().map(one => one.currentDirection),
  }
}"""


@pytest.fixture
async def page_url() -> AsyncIterator[str]:
    """An empty page on loopback, where browsers let a camera be used."""

    async def empty(request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>x</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", empty)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def answer(offer: str) -> PublishPlan:
    return answer_publish(parse_offer(offer), LOCAL)


def check(plan: PublishPlan, taken: dict[str, Any], codec: str, layers: list[str]) -> None:
    assert taken["state"] == "stable"
    assert taken["layers"] == [[rid, True] for rid in layers]
    assert taken["codecs"][1][0].lower() == f"video/{codec}"
    assert taken["directions"] == ["sendonly", "sendonly"]
    sound, picture = plan.tracks
    assert picture.codec.name == codec
    assert sorted(picture.rids) == sorted(layers)
    assert (picture.ssrc, picture.rtx_ssrc) == (None, None)
    assert None not in (picture.extensions.rid, picture.extensions.repaired_rid, picture.codec.rtx)
    assert "useinbandfec=1" in sound.codec.fmtp.split(";")


async def test_chromium_sends_the_layers_and_the_redundant_sound_that_were_answered(page_url: str) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright, *FAKE_DEVICES)
        try:
            for codec in ("VP8", "VP9", "H264"):
                page = await open_page(browser, page_url)
                plan = answer(await page.evaluate(OFFER, [["q", "h", "f"], "h", codec]))
                taken = await page.evaluate(ANSWER, plan.answer)
                check(plan, taken, codec.lower(), ["q", "h", "f"])
                assert plan.tracks[0].codec.red is not None
                assert taken["codecs"][0][:2] == ["audio/red", "audio/opus"]
                await page.context.close()
        finally:
            await browser.close()


async def test_firefox_sends_the_layers_that_were_answered(page_url: str, tmp_path: Path) -> None:
    async with firefox(tmp_path / "firefox") as page:
        await page.ask("open", page_url)
        plan = answer(await page.ask("evaluate", OFFER, [["f", "h", "q"], None, None]))
        check(plan, await page.ask("evaluate", ANSWER, plan.answer), "vp8", ["f", "h", "q"])
        assert plan.tracks[1].rids == ("q", "h", "f")
