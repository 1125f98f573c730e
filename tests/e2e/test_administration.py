"""The system administrator's day: a list looked at before it counts, a first password, and one that is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, playwright_running, sign_in
from tests.e2e.narrow import wider_sections
from tests.support.hub_process import HubProcess, Tool
from tests.support.rules import CITY, TOWN, VILLAGE

CHOSEN = "一条河流大波浪宽-2026"
LIST = (
    "代码,名称,级别,上级代码,功能区\n"
    f"{TOWN},坦渡镇,乡镇街道,430682000000,否\n"
    f"{VILLAGE},坦渡新村,村社区,{TOWN},否\n"
    f"430682115999,坦渡工业园,村社区,{TOWN},是\n"
    f"43,错行,村社区,{TOWN},否\n"
)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    made = HubProcess(tmp_path / "data")
    await made.start()
    try:
        yield made
    finally:
        made.stop()


async def centers(page: Page) -> None:
    """A list is looked at, applied and undone; one center is closed and reopened, by keyboard alone."""
    search = page.get_by_test_id("centers-search")
    await search.focus()
    await page.keyboard.type("linxiang tanduzhen")
    await expect(page.get_by_role("treeitem", name="坦渡镇")).to_be_visible()
    await page.keyboard.press("Enter")
    record = page.get_by_test_id("center-record")
    await expect(record.get_by_role("heading", name="坦渡镇")).to_be_visible()
    assert await severe_findings(page) == []

    await page.get_by_test_id("centers-import-key").click()
    file: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode("gb18030")}
    await page.get_by_test_id("centers-file").set_input_files([file])
    await expect(page.get_by_test_id("centers-preview")).to_contain_text("新建 1，修改 1，移动 0")
    await expect(page.get_by_test_id("wrong-rows")).to_contain_text("“43”不是 12 位数字的代码")
    assert await severe_findings(page) == []
    await page.get_by_test_id("centers-apply").press("Enter")
    await expect(page.get_by_test_id("centers-last")).to_contain_text("新建或改动 2 个")
    await expect(page.get_by_role("treeitem", name="坦渡新村")).to_be_hidden()
    await search.fill("坦渡工业园")
    await expect(page.get_by_role("treeitem", name="坦渡工业园")).to_be_visible()
    await page.get_by_test_id("centers-undo").press("Enter")
    await expect(page.get_by_test_id("centers-last")).to_contain_text("已撤销")
    await expect(page.get_by_role("treeitem", name="坦渡工业园")).to_be_hidden()

    await search.fill("坦渡镇")
    await search.press("Enter")
    await expect(record.get_by_role("heading", name="坦渡镇")).to_be_visible()
    await page.get_by_test_id("center-add").press("Enter")
    await expect(page.get_by_test_id("new-center-name")).to_be_focused()
    await page.keyboard.type("坦渡工业园")
    await page.keyboard.press("Enter")
    await expect(record.get_by_role("heading", name="坦渡工业园")).to_be_focused()
    await page.get_by_test_id("center-remove").press("Enter")
    asked = page.get_by_test_id("remove-center")
    await expect(asked.get_by_role("button", name="不办理")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("centers-last")).to_contain_text("已撤销 坦渡工业园")
    await page.get_by_test_id("centers-undo").press("Enter")
    await expect(page.get_by_test_id("centers-last")).to_contain_text("恢复为之前的样子")


async def new_account(page: Page) -> str:
    """An account made by keyboard alone; its one-time password, which is shown once."""
    await page.get_by_test_id("section-accounts").press("Enter")
    # a key that is pressed before the tree of centers is known is pressed in vain, and says so by being dim
    await expect(page.get_by_test_id("account-new-key")).to_be_enabled()
    await page.get_by_test_id("account-new-key").press("Enter")
    await expect(page.get_by_test_id("new-username")).to_be_focused()
    for words in ("lihua", "李华"):
        await page.keyboard.type(words)
        await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("临湘 坦渡村")
    await expect(page.get_by_role("option", name="坦渡村")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    sheet = page.get_by_test_id("one-time")
    await expect(sheet).to_contain_text("只显示这一次")
    password: str = await sheet.get_by_role("cell").last.inner_text()
    assert await severe_findings(page) == []
    async with page.expect_download() as saved:
        await sheet.get_by_test_id("one-time-file").press("Enter")
    assert password in (await (await saved.value).path()).read_text(encoding="utf-8")
    await sheet.get_by_test_id("one-time-done").press("Enter")
    await expect(sheet).to_be_hidden()
    await expect(page.get_by_test_id("password-state")).to_contain_text("一次性密码，有效至")
    return password


async def leaders_password(page: Page, hub: HubProcess, guard: Tool) -> None:
    """It is asked for, waits, is agreed to by the security administrator, and then given once."""
    username = hub.account("leader", CITY)["username"]
    await page.get_by_test_id("accounts-search").fill(username)
    await page.get_by_test_id(f"account-{username}").press("Enter")
    await page.get_by_test_id("ask-why").fill("忘记密码，已当面核实")
    await page.get_by_test_id("ask-why").press("Enter")
    await expect(page.get_by_test_id("account-waits")).to_contain_text("等待安全管理员同意")
    await expect(page.get_by_test_id("give-password")).to_be_hidden()
    (waits,) = (await guard.get("/api/v1/rights"))["rights"]
    await guard.command("right.approve", {"proposal": waits["id"]})
    await page.get_by_test_id("accounts-state").select_option("granted")
    await page.get_by_test_id(f"account-{username}").click()
    await page.get_by_test_id("give-password").press("Enter")
    await page.get_by_test_id("give-password-ask-confirm").press("Enter")
    await expect(page.get_by_test_id("one-time")).to_contain_text(username)
    await page.keyboard.press("Escape")
    await page.get_by_test_id("one-time-really").press("Enter")
    await expect(page.get_by_test_id("ask-password")).to_be_visible()


async def test_centers_and_accounts_are_looked_after_and_a_first_password_is_changed(
    hub: HubProcess,
) -> None:
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        page = await (await browser.new_context(viewport={"width": 1366, "height": 768})).new_page()
        page.set_default_timeout(30_000)
        await page.goto(hub.url)
        await sign_in(page, hub.account("system_admin", CITY))
        await page.wait_for_url("**/admin/centers")
        await centers(page)
        password = await new_account(page)

        # Its owner is told who gave it, and is in only with a password of his own.
        owner = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
        owner.set_default_timeout(30_000)
        await owner.goto(hub.url)
        await sign_in(owner, {"username": "lihua", "password": password})
        await expect(owner.get_by_test_id("password-why")).to_contain_text("给了您一个一次性密码")
        for name in ("password-new", "password-again"):
            await owner.get_by_test_id(name).fill(CHOSEN)
        await owner.get_by_test_id("password-again").press("Enter")
        await owner.wait_for_url("**/station")

        async with aiohttp.ClientSession() as http:
            guard = await Tool.sign_in(http, hub.url, hub.account("security_admin", CITY))
            await leaders_password(page, hub, guard)

        # Who is there, and from where.
        await page.get_by_test_id("section-use").press("Enter")
        await expect(page.get_by_test_id("stations")).to_contain_text("临湘市")
        await page.get_by_test_id("stations").get_by_role("button", name="临湘市").press("Enter")
        await page.get_by_test_id("stations-state").select_option("online")
        await expect(page.get_by_role("cell", name="坦渡村")).to_be_visible()
        assert await severe_findings(page) == []
        await page.get_by_test_id("use-signIns").press("Enter")
        await expect(page.get_by_role("row", name="李华").get_by_text("127.0.0.0/24")).to_be_visible()
        assert await severe_findings(page) == []
        assert await wider_sections(page, "centers", "accounts", "use", "health", "backup", "storage") == []
