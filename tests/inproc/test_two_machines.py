"""A county's node on another machine (a network namespace): one copy of a picture crosses the line between them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from hub.media.transport.dtls import Certificate
from tests.support.hub_process import ROOT, HubProcess, Tool
from tests.support.light_call import Connected, Talker, Viewer
from tests.support.light_caller import Caller, flows
from tests.support.second_machine import SecondMachine
from tests.support.waiting import eventually

CITY, COUNTY, TOWNSHIP, VILLAGE = "430600000000", "430682000000", "430682115000", "430682115210"
KEY = "the link key of this test"


@pytest.fixture
def machine() -> Iterator[SecondMachine]:
    second = SecondMachine()
    try:
        second.__enter__()
    except OSError as problem:
        pytest.skip(f"no second machine can be made here: {problem}")
    yield second
    second.__exit__()


@pytest.fixture
def hub(machine: SecondMachine, tmp_path: Path) -> Iterator[HubProcess]:
    """Control and the city's node here, the county's node there."""
    hub = HubProcess(
        tmp_path / "city",
        {
            "HUB_MEDIA_HOST": machine.near,
            "HUB_MEDIA_BIND": machine.near,
            "HUB_LINK_KEY": KEY,
        },
        http_host=machine.near,
        media_port=0,
    )
    environment = {
        **hub.environment,
        "HUB_DATA_DIR": str(tmp_path / "county"),
        "HUB_LINK_URL": f"http://{machine.near}:{hub.http_port}/link",
        "HUB_MEDIA_HOST": machine.far,
        "HUB_MEDIA_BIND": "",
        "HUB_NODE_ID": "county",
        "HUB_NODE_REGION": "430682",
    }
    (tmp_path / "county").mkdir()
    with open(tmp_path / "county" / "log", "wb") as log:
        node = subprocess.Popen(
            [*machine.command, sys.executable, "-m", "hub", "node"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    yield hub
    node.terminate()
    hub.stop()
    node.wait(20)


async def _bytes_in(machine: SecondMachine, seconds: float) -> int:
    before = machine.sent_bytes
    await asyncio.sleep(seconds)
    return machine.sent_bytes - before


async def test_twelve_viewers_of_a_county_cost_its_line_one_stream(
    hub: HubProcess, machine: SecondMachine
) -> None:
    await hub.start(timeout_s=90)
    await eventually(lambda: "node county has linked" in hub.log_tail(400), 30, "the county has not linked")
    certificate = Certificate()
    running: list[asyncio.Task[None]] = []
    peers: list[Connected] = []

    async def caller(role: str, center: str, *, away: bool) -> Caller:
        tool = await Tool.sign_in(http, hub.url, hub.account(role, center))
        made = Caller(http, tool, certificate)
        made.bind = machine.far if away else machine.near
        if away:
            made.place = machine.entered
        return made

    async with aiohttp.ClientSession() as http:
        city = await caller("leader", CITY, away=False)
        stations = [
            await caller(role, center, away=True)
            for role, center in (
                ("leader", COUNTY),
                ("station", COUNTY),
                ("leader", TOWNSHIP),
                ("station", VILLAGE),
            )
        ]
        opened = await city.tool.command(
            "meeting.open",
            {"title": "调度", "kind": "dispatch", "centers": [COUNTY, TOWNSHIP, VILLAGE], "record": False},
        )
        meeting = opened["entries"][0]["meeting"]
        try:
            publisher = await city.call("whip", meeting)
            assert publisher.socket.to[0] == machine.near
            peers.append(publisher)
            running.append(asyncio.create_task(Talker(publisher, packets=6, size=1000).run()))
            await asyncio.sleep(3)
            idle = await _bytes_in(machine, 2)
            counts = []
            for count in (1, 12):
                while len(peers) - 1 < count:
                    viewer = await stations[len(peers) % 4].call("whep", meeting)
                    assert viewer.socket.to[0] == machine.far, "a county's node serves its own centers"
                    peers.append(viewer)
                    running.append(asyncio.create_task(Viewer(viewer).run()))
                    await flows(viewer, 60)
                counts.append(await _bytes_in(machine, 3))
            stream = 3 * 30 * 6 * 1000
            assert idle < 2 * 30 * 6 * 1000 * 0.1, f"{idle} bytes crossed though nobody watched"
            assert stream * 0.9 < counts[0] < stream * 1.25
            assert counts[1] < counts[0] * 1.1, f"one viewer {counts[0]} bytes, twelve viewers {counts[1]}"
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for connected in peers:
                connected.close()
