"""Roll call: the chair calls one after the other by the keyboard, a village answers with one tap, the list is taken home."""

from __future__ import annotations

import csv
import io

import aiohttp
import pytest
from playwright.async_api import expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, open_page, playwright_running, sign_in, to_command
from tests.support.hub_process import HubProcess, Tool

pytestmark = pytest.mark.e2e

CITY, COUNTY, TOWNSHIP, VILLAGE = "430600000000", "430682000000", "430682115000", "430682115210"


async def test_a_roll_call_by_the_keyboard_with_an_answer_by_one_tap(hub: HubProcess) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright, *FAKE_DEVICES)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        county = await Tool.sign_in(http, hub.url, hub.account("leader", COUNTY))
        opened = {
            "title": "防汛点名",
            "kind": "dispatch",
            "centers": [COUNTY, TOWNSHIP, VILLAGE],
            "record": False,
        }
        meeting = (await tool.command("meeting.open", opened))["entries"][0]["meeting"]
        await tool.command("meeting.join", {}, meeting)
        await county.command("meeting.join", {}, meeting)

        station = await open_page(browser, hub.url, width=390, height=844)
        await sign_in(station, hub.account("station", VILLAGE))
        await station.get_by_test_id("station-answer").click(timeout=30_000)
        leader = await open_page(browser, f"{hub.url}/command/{meeting}")
        await sign_in(leader, hub.account("leader", CITY))
        await to_command(leader)
        await expect(leader.get_by_role("tab", name="点名")).to_be_visible(timeout=30_000)

        # P opens the roll call, Tab reaches the key that begins it.
        await leader.keyboard.press("p")
        await leader.get_by_test_id("rollcall-begin").focus()
        assert await severe_findings(leader) == []
        await leader.keyboard.press("Enter")
        turn = leader.get_by_test_id("rollcall-turn")
        await expect(turn).to_contain_text("正在点 临湘市")
        await expect(turn).to_contain_text("只听见主席和 临湘市")
        strip = station.get_by_test_id("station-rollcall")
        await expect(strip).to_contain_text("下一个就点到您")
        await county.command("roll_call.answer", {"situation": "abnormal", "text": "城区积水"}, meeting)
        await expect(leader.get_by_test_id(f"rollcall-{COUNTY}")).to_contain_text("有情况")

        # P calls the next one: the village, which answers with one tap.
        await leader.keyboard.press("p")
        await expect(strip).to_contain_text("轮到您了")
        assert await severe_findings(station) == []
        await station.get_by_test_id("station-rollcall-normal").click()
        await expect(strip).to_contain_text("已应答：一切正常")
        await expect(leader.get_by_test_id(f"rollcall-{VILLAGE}")).to_contain_text("应答 · 一切正常")

        # Who is absent came last; then it is over, with its numbers and its list.
        await leader.keyboard.press("p")
        await expect(turn).to_contain_text("坦渡镇 不在会")
        await leader.keyboard.press("p")
        total = leader.get_by_test_id("rollcall-sum")
        await expect(total).to_have_attribute("data-state", "finished")
        await expect(total).to_contain_text("应答 2")
        await expect(total).to_contain_text("未应答 1")
        async with leader.expect_download() as download:
            await leader.get_by_test_id("rollcall-csv").click()
        text = (await (await download.value).path()).read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["中心"], row["结果"], row["情况"]) for row in rows] == [
            ("临湘市", "应答", "有情况"),
            ("坦渡村", "应答", "一切正常"),
            ("坦渡镇", "未应答", ""),
        ]

        # The minutes have it, too.
        await tool.command("meeting.end", {}, meeting)
        await leader.goto(f"{hub.url}/archive/{meeting}")
        await leader.get_by_test_id("archive-minutes-open").click(timeout=30_000)
        await expect(leader.get_by_test_id("rollcall-minutes")).to_contain_text(
            "共 3 家，应答 2", timeout=30_000
        )
        assert await severe_findings(leader) == []
