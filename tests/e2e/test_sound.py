"""Sound: who is heard and who is not, by what really arrives; keys of the chair by the keyboard, words of the station."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in, to_command
from tests.support.hub_process import HubProcess, Tool
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, COUNTY, VILLAGE, OTHER_VILLAGE = "430600000000", "430682000000", "430682115210", "430682115001"

#: How much sound the page has been given by now, by the loudness that came out of the decoders.
ENERGY = """async () => {
  let energy = 0;
  for (const peer of window.__peers) {
    if (peer.connectionState === 'closed') continue;
    for (const report of (await peer.getStats()).values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'audio') energy += report.totalAudioEnergy ?? 0;
    }
  }
  return energy;
}"""


async def hears(page: Page) -> None:
    """Until sound comes out of the page's decoders: the microphones under test beep once a second."""
    before = float(await page.evaluate(ENERGY))

    async def louder() -> bool:
        now = float(await page.evaluate(ENERGY))
        assert now > before + 1e-6, f"{now - before} more energy"
        return True

    await eventually(louder, 30)


async def hears_nothing(page: Page) -> None:
    """Until three seconds have passed in a row in which nothing did."""

    async def silent() -> bool:
        before = float(await page.evaluate(ENERGY))
        await page.wait_for_timeout(3_000)
        now = float(await page.evaluate(ENERGY))
        assert now <= before + 1e-9, f"{now - before} more energy"
        return True

    await eventually(silent, 30)


async def test_exactly_those_are_heard_who_should_be_and_all_are_told(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        opened = {
            "title": "防汛会商",
            "kind": "dispatch",
            "centers": [COUNTY, VILLAGE, OTHER_VILLAGE],
            "record": False,
        }
        meeting = (await tool.command("meeting.open", opened))["entries"][0]["meeting"]
        await tool.command("meeting.join", {}, meeting)
        tandu, changling = [await open_page(browser, hub.url, width=390, height=844) for _ in range(2)]
        for page, center in ((tandu, VILLAGE), (changling, OTHER_VILLAGE)):
            await sign_in(page, hub.account("station", center))
            await page.get_by_test_id("station-answer").click(timeout=30_000)
        leader = await open_page(browser, f"{hub.url}/command/{meeting}")
        await sign_in(leader, hub.account("leader", CITY))
        await to_command(leader)
        village = (await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE))).account["id"]
        await expect(leader.get_by_role("tab", name="声音")).to_be_visible(timeout=30_000)
        for page in (leader, changling, tandu):
            await hears(page)

        # The sound of the meeting by the keyboard: J opens it, push-to-talk is chosen.
        # in the corner: in the middle of a tile its keys come up under the pointer
        await leader.get_by_test_id(f"tile-{village}").click()
        await leader.keyboard.press("j")
        await leader.get_by_test_id("sound-mode-talk").focus()
        assert await severe_findings(leader) == []
        await leader.keyboard.press("Enter")
        key = tandu.get_by_test_id("station-talk")
        await expect(key).to_be_visible(timeout=30_000)
        await expect(tandu.get_by_test_id("station-heard")).to_have_attribute("data-state", "talk")
        for page in (leader, changling):
            await hears_nothing(page)
        assert await severe_findings(tandu) == []

        # The village holds its key and is heard; the leader's space bar interrupts it.
        await key.scroll_into_view_if_needed()
        box = await key.bounding_box()
        assert box is not None
        assert box["height"] >= 56
        await tandu.mouse.move(box["x"] + 40, box["y"] + 40)
        await tandu.mouse.down()
        await expect(key).to_have_attribute("data-state", "talking", timeout=30_000)
        await expect(leader.get_by_test_id("desk-talk")).to_contain_text("坦渡村 正在讲话")
        await hears(leader)
        await hears(changling)
        await leader.keyboard.down(" ")
        await expect(key).to_have_attribute("data-state", "interrupted", timeout=30_000)
        await expect(leader.get_by_test_id("desk-talk")).to_have_attribute("data-state", "talking")
        await hears(changling)
        await leader.keyboard.up(" ")
        await tandu.mouse.up()
        await leader.get_by_test_id("sound-mode-open").click()
        await expect(key).to_be_hidden()

        # A word apart: both hear each other, the other village hears nobody and is told.
        await leader.keyboard.press("k")
        await leader.keyboard.press("a")
        await expect(tandu.get_by_test_id("sound-apart")).to_contain_text("单独通话", timeout=30_000)
        await expect(changling.get_by_test_id("sound-others")).to_contain_text("坦渡村")
        await hears_nothing(changling)
        await hears(tandu)
        await hears(leader)
        assert await severe_findings(leader) == []
        await leader.keyboard.press("a")
        await expect(changling.get_by_test_id("sound-others")).to_be_hidden(timeout=30_000)
        await hears(changling)

        # Loudspeakers off: no sound comes at all, and it stands there in a word.
        await leader.get_by_test_id("speaker-one").click()
        await expect(tandu.get_by_test_id("sound-speakerOff")).to_contain_text("听不到", timeout=30_000)
        await hears_nothing(tandu)
        await expect(leader.get_by_test_id(f"sound-of-{village}")).to_contain_text("扬声器关")
        await leader.get_by_test_id("speaker-open").click()
        await hears(tandu)

        # Who is muted cannot help himself, and asks for the floor; the leader listens in, which stands there.
        await leader.get_by_test_id("sound-mute-one").click()
        await expect(tandu.get_by_test_id("sound-muted")).to_contain_text("不能自行开麦", timeout=30_000)
        await leader.keyboard.press("Shift+J")
        await expect(tandu.get_by_test_id("sound-listened")).to_contain_text(
            "正在监听您的声音", timeout=30_000
        )
        await hears(leader)
        assert await severe_findings(tandu) == []
        await leader.keyboard.press("Shift+J")
        await expect(tandu.get_by_test_id("sound-listened")).to_be_hidden(timeout=30_000)
        await tandu.get_by_test_id("sound-ask").click()
        await tandu.get_by_test_id("station-floor-reason").fill("堤脚渗水")
        await tandu.get_by_test_id("station-floor-tell").click()
        await leader.get_by_role("tab", name="发言").click()
        waits = leader.get_by_test_id(f"floor-{village}").filter(has_text="坦渡村")
        await expect(waits.first).to_contain_text("堤脚渗水", timeout=30_000)
        await leader.get_by_test_id(f"floor-grant-{village}").click()
        await expect(tandu.get_by_test_id("station-floor-says")).to_have_attribute(
            "data-state", "speaking", timeout=30_000
        )
        await hears(changling)
        await tool.command("meeting.end", {}, meeting)
        await browser.close()
