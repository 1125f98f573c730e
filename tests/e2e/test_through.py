"""Networks that block UDP: both browsers and the headless station join, publish and watch over the relay."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page

from tests.e2e.axe import severe_findings
from tests.e2e.browser import FAKE_DEVICES, launch, playwright_running, sign_in
from tests.support.firefox import firefox
from tests.support.hub_process import ROOT, HubProcess, Tool, free_port
from tests.support.real_media import bunny_mp4
from tests.support.second_machine import SecondMachine
from tests.support.turn_server import certificate
from tests.support.waiting import eventually

pytestmark = pytest.mark.e2e

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
OTHER = "430682115001"

#: Keeps the connections of a page, and how long each took from its beginning (ms).
KEEP = """
(() => {
  window.__peers = []
  const Real = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Real {
    constructor(...args) {
      super(...args)
      this.begun = performance.now()
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') this.took ??= Math.round(performance.now() - this.begun)
      })
      window.__peers.push(this)
    }
  }
})()
"""
#: Of those that stand: what they took, by what they go, what they sent and decoded.
LINES = """async () => {
  const found = []
  for (const peer of window.__peers) {
    if (peer.connectionState !== 'connected') continue
    const all = [...(await peer.getStats()).values()]
    const chosen = all.find(one => one.type === 'transport' && one.selectedCandidatePairId)
    const pair = chosen
      ? all.find(one => one.id === chosen.selectedCandidatePairId)
      : all.find(one => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded')
    const own = all.find(one => one.id === pair?.localCandidateId)
    const videos = (type) => all.filter(one => one.type === type && one.kind === 'video')
    const sum = (type, field) => videos(type).reduce((n, one) => n + (one[field] ?? 0), 0)
    found.push({
      took: peer.took, type: own?.candidateType, by: own?.relayProtocol ?? null, address: own?.address ?? null,
      sent: sum('outbound-rtp', 'framesEncoded'), decoded: sum('inbound-rtp', 'framesDecoded'),
    })
  }
  return found
}"""

Ask = Callable[[], Awaitable[list[dict[str, Any]]]]


@pytest.fixture
def machine() -> Iterator[SecondMachine]:
    second = SecondMachine()
    try:
        second.__enter__()
        second.lets_out(1)
    except OSError as problem:
        second.__exit__()
        pytest.skip(f"no network can be cut off here: {problem}")
    yield second
    second.__exit__()


@pytest.fixture
async def hub(machine: SecondMachine, tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A hub with its relay beside it, at this end of the cable."""
    assert shutil.which("turnserver"), "coturn is missing (tools/system-packages.sh)"
    _, cert, key = certificate(tmp_path, machine.near)
    settings = {
        "HUB_MEDIA_HOST": machine.near,
        "HUB_MEDIA_BIND": machine.near,
        "HUB_METRICS": "open",
        "HUB_TURN": "here",
        "HUB_TURN_PORT": str(free_port()),
        "HUB_TURN_TLS_PORT": str(free_port()),
        "HUB_TURN_CERT": str(cert),
        "HUB_TURN_KEY": str(key),
    }
    hub = HubProcess(tmp_path / "hub", settings, http_host=machine.near)
    try:
        await hub.start()
        yield hub
    except BaseException:
        print(hub.log_tail())
        raise
    finally:
        hub.stop()


@asynccontextmanager
async def headless(hub: HubProcess, machine: SecondMachine, folder: Path) -> AsyncIterator[None]:
    """The headless station of a county, at the far end of the cable."""
    account = hub.account("station", OTHER)
    with open(folder / "station.log", "wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(*machine.command, sys.executable, "-m", "clients.station", "--url", hub.url),
            *("--username", account["username"], "--auto-answer", "0.1"),
            *("--video", str(bunny_mp4()), "--cache", str(folder / "cache")),
            cwd=ROOT,
            env={
                **os.environ,
                "LIANXIAN_PASSWORD": account["password"],
                "SSL_CERT_FILE": str(folder / "authority.pem"),
            },
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def program_of(machine: SecondMachine, folder: Path) -> str:
    """A program that starts Chromium at the far end of the cable."""
    script = folder / "chromium"
    script.write_text(f'#!/bin/sh\nexec {" ".join(machine.command)} /usr/bin/chromium "$@"\n')
    script.chmod(0o755)
    return str(script)


async def by_relay(ask: Ask, way: str, count: int, timeout_s: float = 20) -> list[dict[str, Any]]:
    """Until so many connections of a page stand, all by the relay, reached by `way`."""

    async def stand() -> list[dict[str, Any]]:
        lines = await ask()
        assert len(lines) >= count, f"{lines}"
        assert all(line["type"] == "relay" for line in lines), f"{lines}"
        assert all(line["by"] in (way, None) for line in lines), f"{lines}"
        return lines

    return await eventually(stand, timeout_s)


async def grows(ask: Ask, name: str, timeout_s: float = 20) -> None:
    """Until a page has `sent`, or `decoded`, some pictures more than now."""

    async def total() -> int:
        return sum(line[name] for line in await ask())

    before = await total()

    async def more() -> bool:
        now = await total()
        assert now >= before + 5, f"{name} {before} then {now}"
        return True

    await eventually(more, timeout_s)


async def test_where_udp_is_blocked_everybody_comes_in_over_the_relay(
    hub: HubProcess, machine: SecondMachine, tmp_path: Path
) -> None:
    plain = int(hub.extra["HUB_TURN_PORT"])
    machine.lets_out(hub.http_port, plain)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        playwright = await stack.enter_async_context(playwright_running())
        await stack.enter_async_context(headless(hub, machine, tmp_path))
        county = await stack.enter_async_context(
            firefox(
                tmp_path / "firefox",
                command=machine.command,
                preferences={
                    "media.devices.insecure.enabled": True,
                    "media.getusermedia.insecure.enabled": True,
                },
                authority=tmp_path / "authority.pem",
            )
        )
        browser = await launch(
            playwright,
            *FAKE_DEVICES,
            f"--unsafely-treat-insecure-origin-as-secure={hub.url}",
            "--ignore-certificate-errors",
            program=program_of(machine, tmp_path),
        )
        stack.push_async_callback(browser.close)
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        await context.add_init_script(KEEP)
        village = await context.new_page()
        await village.goto(hub.url)
        await sign_in(village, hub.account("station", VILLAGE))
        await village.get_by_test_id("station-line").wait_for()
        await county.ask("open", hub.url, KEEP)
        await county.ask("wait", "signin-username")
        account = hub.account("station", COUNTY)
        await county.ask("fill", "signin-username", account["username"])
        await county.ask("fill", "signin-password", account["password"])
        await county.ask("click", "signin-submit")
        await county.ask("wait", "station-line", "online")

        calls = [COUNTY, VILLAGE, OTHER]
        opened = await leader.command(
            "meeting.open",
            {"title": "防汛会商", "kind": "consultation", "centers": calls, "record": False},
        )
        meeting = opened["entries"][0]["meeting"]
        await village.get_by_test_id("station-answer").click()
        await county.ask("click", "station-answer")
        of_chromium: Ask = lambda: village.evaluate(LINES)  # noqa: E731
        of_firefox: Ask = lambda: county.ask("evaluate", LINES)  # noqa: E731
        took: dict[str, list[int]] = {}

        async def measured(name: str, way: str) -> None:
            for page, ask in (("Chromium", of_chromium), ("Firefox", of_firefox)):
                lines = await by_relay(ask, way, 2)
                took[f"{page}, {name}"] = [line["took"] for line in lines]

        await measured("first, TCP", "tcp")
        await eventually(lambda: joined(leader, meeting), 20)
        people = {
            one["center"]: one["id"]
            for one in (await leader.get(f"/api/v1/meetings/{meeting}"))["participants"]
        }

        async def everybody_watches() -> None:
            """The browsers watch the headless station, then each other: who is watched sends."""
            for center, watching in (
                (OTHER, [grows(of_chromium, "decoded"), grows(of_firefox, "decoded")]),
                (VILLAGE, [grows(of_chromium, "sent"), grows(of_firefox, "decoded")]),
                (COUNTY, [grows(of_firefox, "sent"), grows(of_chromium, "decoded")]),
            ):
                await leader.command("stage.broadcast", {"participant": people[center]}, meeting)
                await asyncio.gather(*watching)

        await everybody_watches()
        # The page says it, and the desk is told.
        assert (await village.get_by_test_id("station-way").inner_text()).strip() == "中继"
        await county.ask("wait", "station-way", "relay")
        await eventually(lambda: relayed(http, hub, 3), 10)
        await sound_only_and_back(village, of_chromium)

        assert await county.ask("errors") == []
        print(json.dumps(took))


async def joined(leader: Tool, meeting: str) -> bool:
    """Whether all three stations are in the meeting."""
    people = (await leader.get(f"/api/v1/meetings/{meeting}"))["participants"]
    here = {one["center"] for one in people if one["state"] == "joined"}
    assert {COUNTY, VILLAGE, OTHER} <= here, f"joined: {here}"
    return True


async def relayed(http: aiohttp.ClientSession, hub: HubProcess, count: int) -> bool:
    """Whether the hub counts so many participants that are connected over the relay."""
    async with http.get(f"{hub.url}/metrics") as answer:
        text = await answer.text()
    line = next(each for each in text.splitlines() if each.startswith("hub_relayed_participants "))
    assert float(line.split()[1]) == count, line
    return True


async def sound_only_and_back(village: Page, ask: Ask) -> None:
    """By the keyboard: no picture comes or goes, the page says so, and one key brings all back."""
    await village.get_by_test_id("station-line").wait_for()
    key = village.get_by_role("button", name="线路", exact=True)
    await key.focus()
    await village.keyboard.press("Enter")
    choice = village.get_by_role("button", name="只要声音")
    await choice.focus()
    await village.keyboard.press("Enter")
    await village.get_by_role("status").filter(has_text="您已选择：只收声音").wait_for()
    assert await severe_findings(village) == []

    async def still() -> bool:
        before = await ask()
        await asyncio.sleep(1)  # whatever came meanwhile is looked at
        after = await ask()
        sums = [
            [sum(line[name] for line in lines) for name in ("sent", "decoded")] for lines in (before, after)
        ]
        assert sums[0] == sums[1], f"pictures still flow: {sums}"
        return True

    await eventually(still, 10)
    assert await village.get_by_test_id("station-seen").get_attribute("data-state") == "sound_only"
    await village.get_by_role("button", name="恢复全部画面").click()
    await grows(ask, "decoded")
