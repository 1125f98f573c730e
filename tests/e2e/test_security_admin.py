"""The security administrator: policies are felt by others at once, a right waits for a second person, who guessed gets in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.e2e.narrow import wider_sections
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, VILLAGE

SLOW_MS = 30_000


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    made = HubProcess(tmp_path / "data")
    await made.start()
    try:
        yield made
    finally:
        made.stop()


async def guess(url: str, username: str, stop: asyncio.Event) -> None:
    """Somebody tries passwords, again and again."""
    async with aiohttp.ClientSession() as http:
        while not stop.is_set():
            body = {"username": username, "password": "猜一猜"}
            async with http.post(f"{url}/api/v1/session", json=body) as answer:
                assert answer.status in (401, 429)
            await asyncio.sleep(0.2)  # what has to wait is refused, and not counted


async def change_policies(page: Page) -> None:
    """By keyboard alone: three policies are changed, looked at and saved."""
    await page.get_by_test_id("section-policies").focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("最少字符数").focus()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("99")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="不在范围内")).to_be_visible()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("12")
    await page.get_by_label("同时登录").focus()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("1")
    await page.get_by_label("扩大权限须第二人同意").focus()
    await page.keyboard.press("Space")
    await expect(page.get_by_test_id("policies-changes")).to_have_text("3 项改动，还没有保存")
    await page.keyboard.press("Enter")
    sure = page.get_by_test_id("policies-sure")
    await expect(sure).to_contain_text("最少字符数：10 个字符 → 12 个字符")
    await expect(sure).to_contain_text("同时登录：不限 → 1 处")
    assert await severe_findings(page) == []
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("policies-saved")).to_be_visible()


async def test_policies_are_felt_rights_wait_and_who_guessed_gets_in_again(hub: HubProcess) -> None:
    first, leader = hub.account("security_admin", CITY), hub.account("leader", CITY)
    village = hub.account("station", VILLAGE)
    new = ("--username", "security-2", "--name", "安全乙", "--role", "security_admin", "--center", CITY)
    added = await asyncio.to_thread(hub.run, "accounts", "add", *new)
    assert added.returncode == 0, added.stderr
    second = {"username": "security-2", "password": added.stdout.split()[-1]}
    stop = asyncio.Event()
    guesses = asyncio.create_task(guess(hub.url, village["username"], stop))
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        desk, page = await open_page(browser, hub.url), await open_page(browser, hub.url)
        desk.set_default_timeout(SLOW_MS)
        expect.set_options(timeout=SLOW_MS)
        await sign_in(desk, leader)
        await expect(desk.get_by_test_id("overview-online")).to_be_visible()
        await sign_in(page, first)
        await expect(page.get_by_test_id("factors")).to_contain_text("领导")
        assert await severe_findings(page) == []

        # One sign-in each, from now on: the leader's older one ends when he comes from elsewhere.
        await change_policies(page)
        async with aiohttp.ClientSession() as http:
            tool = await Tool.sign_in(http, hub.url, leader)
            await expect(desk.get_by_test_id("session-ended")).to_be_visible()
            body = {"old": leader["password"], "new": "Zq7-vm2-Lx9"}
            change = f"{hub.url}/api/v1/session/password"
            async with http.put(change, json=body, headers=tool.headers) as answer:
                assert (answer.status, (await answer.json())["error"]["field"]) == (400, "short")

        # Who guessed at the village's account made it wait; its guard lets it in.
        await page.get_by_test_id("section-guard").click()
        await page.get_by_label("状态").select_option("slowed")
        row = page.get_by_role("button", name=re.compile("^坦渡村值守"))
        await expect(row).to_contain_text("登录受限")
        await row.press("Enter")
        await expect(page.get_by_test_id("guarded-slowed")).to_contain_text("还须等待")
        assert await severe_findings(page) == []
        stop.set()
        await guesses
        await page.get_by_test_id("guarded-unlock").press("Enter")
        await expect(page.get_by_role("status").filter(has_text="已解除限制")).to_be_visible()
        await expect(page.get_by_test_id("guarded-slowed")).to_have_text("没有登录受限")
        async with aiohttp.ClientSession() as http:
            await Tool.sign_in(http, hub.url, village)

        # A far-reaching role is proposed; nobody agrees to his own.
        record = page.get_by_test_id("guarded")
        await record.get_by_role("combobox", name="角色").select_option("dispatcher")
        await record.get_by_role("button", name="修改角色").click()
        await record.get_by_label("理由").fill("接任调度员")
        await record.get_by_role("button", name="提请授权").click()
        await expect(record.get_by_role("status")).to_contain_text("已提请")
        await page.get_by_test_id("section-approvals").click()
        await expect(page.get_by_test_id("rights-waiting")).to_contain_text("您提请的，须由别人同意")
        await expect(page.get_by_role("button", name="同意")).to_have_count(0)

        # The second one agrees, by keyboard alone; it holds at once.
        other = await open_page(browser, hub.url)
        await sign_in(other, second)
        await other.get_by_test_id("section-approvals").focus()
        await other.keyboard.press("Enter")
        await expect(other.get_by_test_id("rights-waiting")).to_contain_text("接任调度员")
        assert await severe_findings(other) == []
        await other.get_by_role("button", name="同意").press("Enter")
        await other.get_by_test_id("right-sure").get_by_role("textbox").focus()
        await other.keyboard.type("已核实")
        await other.keyboard.press("Control+Enter")
        await expect(other.get_by_role("status").filter(has_text="权限已生效")).to_be_visible()
        await other.get_by_test_id("rights-decided-key").press("Enter")
        await expect(other.get_by_test_id("rights-decided")).to_contain_text("已同意")
        await expect(other.get_by_test_id("rights-decided")).to_contain_text("已核实")
        async with aiohttp.ClientSession() as http:
            assert (await Tool.sign_in(http, hub.url, village)).account["role"] == "dispatcher"
        assert await wider_sections(other, "guard", "policies", "approvals") == []
        await browser.close()
