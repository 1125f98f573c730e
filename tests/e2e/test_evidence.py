"""Evidence: the clerk verifies a meeting by one key, takes its bundle, and a stranger verifies it without the hub."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from tests.e2e.axe import severe_findings
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess, Tool

pytestmark = pytest.mark.e2e

CITY, VILLAGE = "430600000000", "430682115210"


async def _verified(program: Path, bundle: Path, *options: str) -> tuple[int, str]:
    """The downloaded verifier over a bundle, as a stranger runs it: exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(program), str(bundle), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd="/",
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_a_meeting_is_verified_and_its_bundle_holds_until_a_byte_is_flipped(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with playwright_running() as playwright, aiohttp.ClientSession() as http:
        browser = await launch(playwright)
        tool = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        opened = {"title": "防汛会商", "kind": "dispatch", "centers": [VILLAGE], "record": False}
        meeting = (await tool.command("meeting.open", opened))["entries"][0]["meeting"]
        await tool.command("meeting.join", {}, meeting)
        await tool.command("decision.record", {"text": "转移低洼户"}, meeting)
        await tool.command("meeting.end", {}, meeting)

        page = await open_page(browser, f"{hub.url}/archive/{meeting}")
        await sign_in(page, hub.account("clerk", CITY))
        key = page.get_by_role("button", name="核验 · 取证")
        await key.focus(timeout=30_000)
        await page.keyboard.press("Enter")

        # One key, by the keyboard alone: all is well; a file that nobody recorded is told, and well again without it.
        drawer = page.get_by_test_id("archive-evidence")
        await drawer.get_by_role("button", name="开始核验").focus()
        await page.keyboard.press("Enter")
        checked = drawer.get_by_test_id("evidence-checked")
        await expect(checked).to_contain_text("核验通过")
        stray = hub.folder / "recordings" / meeting / "stray.webm"
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_bytes(b"?")
        await drawer.get_by_role("button", name="再核验一次").press("Enter")
        await expect(checked).to_contain_text("发现 1 处问题")
        await expect(checked).to_contain_text("来历不明：台账里没有这个文件的记录")
        assert await severe_findings(page) == []
        stray.unlink()

        # The bundle: size told beforehand, made, fetched with the program that verifies it.
        await expect(drawer.get_by_test_id("evidence-size")).to_contain_text("约")
        await drawer.get_by_role("button", name="生成取证包").press("Enter")
        async with page.expect_download() as download:
            await drawer.get_by_test_id("evidence-download").click()
        bundle = tmp_path / "bundle.zip"
        await (await download.value).save_as(bundle)
        async with page.expect_download() as download:
            await drawer.get_by_test_id("evidence-verifier").click()
        program = tmp_path / "verify_bundle.py"
        await (await download.value).save_as(program)
        assert await severe_findings(page) == []
        content = bundle.read_bytes()
        await expect(drawer.get_by_test_id("evidence-sha")).to_have_text(hashlib.sha256(content).hexdigest())

        code, said = await _verified(program, bundle, "--checkpoints", str(hub.folder / "checkpoints.jsonl"))
        assert code == 0, said
        assert "防汛会商" in said
        flipped = bytearray(content)
        flipped[content.index("转移低洼户".encode())] ^= 1
        bundle.write_bytes(flipped)
        code, said = await _verified(program, bundle)
        assert code == 1
        assert "文件被改动 entries.jsonl" in said
