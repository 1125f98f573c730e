"""A hub without accounts is set up on a page, once; a second factor is got at the first sign-in that needs one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Page, expect

from hub.first_code import FILE as CODE_FILE
from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess

PASSWORDS = {"system": "一条河流大波浪宽-1", "security": "两岸稻花香风吹-22", "audit": "三山五岳皆来会-333"}
DUTIES = {"system": "系统管理员", "security": "安全管理员", "audit": "审计管理员"}


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    made = HubProcess(tmp_path / "data", demo=False)
    await made.start()
    try:
        yield made
    finally:
        made.stop()


async def set_up(page: Page, code: str) -> None:
    """The form, filled in as a person would and sent with Enter."""
    await page.get_by_label("安装码").fill(code)
    await page.get_by_label("名称，如 岳阳市").fill("岳阳市")
    await page.get_by_label("12 位代码").fill("430600000000")
    for duty, password in PASSWORDS.items():
        group = page.get_by_role("group", name=DUTIES[duty])
        await group.get_by_label("账号").fill(f"{duty}1")
        await group.get_by_label("姓名").fill(f"{DUTIES[duty]}甲")
        await group.get_by_label("密码").fill(password)
        await group.get_by_label("密码").press("Tab")
    await page.get_by_test_id("setup-go").press("Enter")


async def test_an_empty_hub_is_set_up_once_and_a_second_factor_is_got_where_one_is_needed(
    hub: HubProcess,
) -> None:
    code = (hub.folder / CODE_FILE).read_text(encoding="utf-8").split()[-1]
    assert (hub.folder / CODE_FILE).stat().st_mode & 0o077 == 0
    async with playwright_running() as playwright:
        browser = await launch(playwright)
        page = await open_page(browser, f"{hub.url}/archive", width=1366, height=768)
        # Whatever address: there is nothing to sign in to yet.
        await page.wait_for_url("**/setup")
        assert await severe_findings(page) == []
        await set_up(page, "AAAA-AAAA-AAAA")
        await expect(page.get_by_test_id("setup-problem")).not_to_have_text("")
        await set_up(page, code)
        await expect(page.get_by_test_id("setup-done")).to_be_visible()
        await page.goto(f"{hub.url}/setup")
        await page.wait_for_url("**/signin")

        # The security administrator wants codes of his own kind, and gets his first at his next sign-in.
        await sign_in(page, {"username": "security1", "password": PASSWORDS["security"]})
        await page.wait_for_url("**/admin/*")
        answer = await page.context.request.post(
            f"{hub.url}/api/v1/commands",
            data={
                "id": "00000000-0000-4000-8000-000000000001",
                "kind": "policy.change",
                "data": {"second_factor": ["security_admin"], "lock": {"minutes": 1, "sound": True}},
            },
            headers={"Origin": hub.url},
        )
        assert answer.ok, await answer.text()
        await page.get_by_test_id("person").click()
        await page.get_by_test_id("sign-out").click()
        await sign_in(page, {"username": "security1", "password": PASSWORDS["security"]})
        secret = (await page.get_by_test_id("factor-secret").inner_text()).replace(" ", "")
        assert await severe_findings(page) == []
        await page.get_by_test_id("factor-code").fill(pyotp.TOTP(secret).now())
        await page.get_by_test_id("factor-code").press("Enter")
        codes = page.get_by_test_id("recovery-codes").get_by_role("listitem")
        await expect(codes).to_have_count(10)
        spare = await codes.first.inner_text()
        await page.get_by_test_id("codes-kept").click()
        await page.wait_for_url("**/admin/*")

        # The next time a code is asked for; one for bad days will do, once.
        await page.get_by_test_id("person").click()
        await page.get_by_test_id("sign-out").click()
        await sign_in(page, {"username": "security1", "password": PASSWORDS["security"]})
        field = page.get_by_label("验证码")
        await page.set_viewport_size({"width": 390, "height": 844})
        await expect(field).to_be_visible()
        await field.fill("000000")
        await field.press("Enter")
        await expect(page.get_by_role("alert")).not_to_have_text("")
        await field.fill(spare)
        await field.press("Enter")
        await page.wait_for_url("**/admin/*")

        # Left alone for a minute the desk covers itself, also after a reload; the password opens it.
        await page.clock.install()
        await page.reload()
        await expect(page.get_by_test_id("admin")).to_be_visible()
        await expect(page.get_by_test_id("connection-state")).to_have_attribute("data-state", "online")
        await page.clock.fast_forward(62_000)
        await expect(page.get_by_test_id("lock-cover")).to_be_visible()
        await page.reload()
        cover = page.get_by_role("dialog", name="本席已锁定")
        await expect(cover.get_by_label("密码")).to_be_focused()
        await page.keyboard.press("Escape")
        await page.keyboard.type("不是这个")
        await page.keyboard.press("Enter")
        await expect(cover.get_by_role("alert")).to_have_text("密码不对")
        assert await severe_findings(page) == []
        await page.keyboard.type(PASSWORDS["security"])
        await page.keyboard.press("Enter")
        await expect(cover).to_be_hidden()
        await browser.close()
