"""The station's page over what happens to it: a second tab, a device that goes away, a session that ends."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Page

from tests.e2e.browser import FAKE_DEVICES, KEEP_PEERS, launch, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY, VILLAGE = "430600000000", "430682115210"
CALL = {"title": "防汛调度", "kind": "dispatch", "centers": [VILLAGE]}

#: Camera and microphone that can be pulled out (`__pull`) and put back (`__plug`): as the system does it, the track ends,
#: the kind cannot be had, and the list of devices changes.
PLUGS = """
(() => {
  const devices = navigator.mediaDevices;
  const real = devices.getUserMedia.bind(devices);
  const pulled = new Set();
  window.__tracks = [];
  devices.getUserMedia = async (constraints) => {
    for (const kind of pulled) if (constraints[kind]) throw new DOMException('pulled', 'NotFoundError');
    const stream = await real(constraints);
    window.__tracks.push(...stream.getTracks());
    return stream;
  };
  window.__pull = (kind) => {
    pulled.add(kind);
    for (const track of window.__tracks) {
      if (track.kind === kind && track.readyState === 'live') { track.stop(); track.dispatchEvent(new Event('ended')); }
    }
    devices.dispatchEvent(new Event('devicechange'));
  };
  window.__plug = (kind) => { pulled.delete(kind); devices.dispatchEvent(new Event('devicechange')); };
})();
"""

#: Which kinds this page sends packets of within a second.
SENDING = """async () => {
  const sent = async () => {
    const found = { audio: 0, video: 0 };
    for (const peer of window.__peers) {
      if (peer.connectionState === 'closed') continue;
      for (const report of (await peer.getStats()).values())
        if (report.type === 'outbound-rtp') found[report.kind] += report.packetsSent;
    }
    return found;
  };
  const before = await sent();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const after = await sent();
  return Object.keys(after).filter((kind) => after[kind] > before[kind]);
}"""
LIVE_TRACKS = "() => window.__tracks.filter((track) => track.readyState === 'live').length"


async def context_of(browser: Any) -> BrowserContext:
    context: BrowserContext = await browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN"
    )
    await context.add_init_script(KEEP_PEERS + PLUGS)
    return context


async def in_meeting(page: Page) -> None:
    await page.get_by_test_id("station-meeting").wait_for(timeout=15_000)
    await page.locator("[data-testid=station-heard][data-state=yes]").wait_for(timeout=20_000)


async def sends(page: Page, *kinds: str) -> None:
    """Until packets of just these kinds leave the page."""

    async def sent() -> bool:
        kinds_now = await page.evaluate(SENDING)
        assert set(kinds_now) == set(kinds), f"sends {kinds_now}"
        return True

    await eventually(sent, 15)


async def test_one_tab_takes_part_and_a_withdrawn_session_stops_it(hub_of_file: HubProcess) -> None:
    hub = hub_of_file
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        context = await context_of(browser)
        first = await context.new_page()
        await first.goto(hub.url)
        await sign_in(first, hub.account("station", VILLAGE))
        await first.locator("[data-testid=station-line][data-state=online]").wait_for()
        # No answer by itself: the tab that rings is pressed, the other one would ring for ever.
        await first.get_by_test_id("station-autoanswer").select_option("5")
        second = await context.new_page()
        await second.goto(f"{hub.url}/station")
        elsewhere = second.get_by_test_id("station-elsewhere")
        await elsewhere.and_(second.locator("[data-state=waiting]")).wait_for()

        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        opened = await leader.command("meeting.open", CALL)
        await first.get_by_test_id("station-ring").wait_for()
        await first.get_by_test_id("station-ring-recorded").wait_for()
        # It answers itself, in one tab; the other one says where, though its own countdown would be over, too.
        await in_meeting(first)
        await elsewhere.and_(second.locator("[data-state=meeting]")).wait_for()
        assert "您已在另一页面参会" in await elsewhere.inner_text()
        assert await second.evaluate(LIVE_TRACKS) == 0
        await first.get_by_test_id("recording-lamp").wait_for()
        assert "防汛调度" in await first.title()

        # By a press, and only by one, the second tab takes over; the first lets go of everything.
        await second.get_by_test_id("station-take-over").click()
        await in_meeting(second)
        await first.get_by_test_id("station-elsewhere").and_(first.locator("[data-state=meeting]")).wait_for()
        assert await first.evaluate(LIVE_TRACKS) == 0
        # Loaded anew it goes on as the one it was, past the tab that waits.
        await second.reload()
        await in_meeting(second)
        assert await first.get_by_test_id("station-elsewhere").count() == 1
        # Closed, it leaves the meeting to the tab that waits, without a ring.
        await second.close()
        await in_meeting(first)
        await sends(first, "audio", "video")

        # The session is withdrawn: nothing is captured or received, and one key leads back to the same page.
        cookie = next(one for one in await context.cookies() if one["name"] == "lianxian_session")
        headers = {"Authorization": f"Bearer {cookie['value']}"}
        async with http.delete(f"{hub.url}/api/v1/session", headers=headers) as answer:
            assert answer.status == 204
        await first.locator("[data-testid=session-ended][data-reason=signed_out]").wait_for(timeout=5_000)
        assert await first.evaluate(LIVE_TRACKS) == 0
        assert await first.evaluate("() => window.__peers.every((peer) => peer.connectionState === 'closed')")
        assert await first.locator("video").count() == 0
        await first.get_by_test_id("session-again").click()
        await sign_in(first, hub.account("station", VILLAGE))
        await first.wait_for_url("**/station")
        await in_meeting(first)
        await leader.command("meeting.end", meeting=opened["entries"][0]["meeting"])
        await browser.close()


async def test_a_device_that_goes_away_comes_back_by_itself(hub_of_file: HubProcess) -> None:
    hub = hub_of_file
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        page = await (await context_of(browser)).new_page()
        await page.goto(hub.url)
        await sign_in(page, hub.account("station", VILLAGE))
        await page.locator("[data-testid=station-line][data-state=online]").wait_for()
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        await leader.command("meeting.open", CALL)
        await page.get_by_test_id("station-answer").click()
        await in_meeting(page)
        connections = await page.evaluate("() => window.__peers.length")

        await page.evaluate("() => window.__pull('audio')")
        await page.locator("[data-testid=station-heard][data-state=mic_lost]").wait_for(timeout=2_000)
        advice = page.locator("[data-testid=station-advice][data-advice=lost][data-what=microphone]")
        await advice.wait_for()
        assert "重新检测" in await advice.inner_text()
        await sends(page, "video")
        await page.evaluate("() => window.__plug('audio')")
        await in_meeting(page)
        await sends(page, "audio", "video")
        assert await page.evaluate("() => window.__peers.length") == connections, (
            "the running session carries the new track"
        )

        # Everything gone: nothing is published any more; back, and it is sent again, without a touch.
        await page.evaluate("() => { window.__pull('audio'); window.__pull('video'); }")
        await page.locator("[data-testid=station-seen][data-state=cam_lost]").wait_for(timeout=2_000)
        await sends(page)
        await page.evaluate("() => { window.__plug('audio'); window.__plug('video'); }")
        await in_meeting(page)
        await sends(page, "audio", "video")
        await browser.close()
