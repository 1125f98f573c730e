"""IPv4, IPv6 or both: calls connect and are recorded by what the machine has, and nobody is told of an address that is dead."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from hub.media.transport.dtls import Certificate
from recordings.relay_port import RelayPort
from tests.support.hub_process import HubProcess, Tool
from tests.support.light_call import ClipTalker, Viewer
from tests.support.light_caller import Caller, flows
from tests.support.media_files import flash_and_beep, read_contents
from tests.support.second_machine import machine_without_ipv4
from tests.support.waiting import eventually

CITY, VILLAGE = "430600000000", "430682115210"


@pytest.mark.parametrize(
    ("media_hosts", "bind", "http_host", "nodes"),
    [
        ("::1", "", "::1", 1),
        ("127.0.0.1,::1", "", "127.0.0.1", 2),
        ("::1,127.0.0.1", "::", "127.0.0.1", 1),
        ("127.0.0.1", "", "127.0.0.1", 1),
    ],
)
async def test_a_call_is_watched_and_recorded_in_every_family_it_is_told_of(
    tmp_path: Path, media_hosts: str, bind: str, http_host: str, nodes: int
) -> None:
    settings = {"HUB_MEDIA_HOST": media_hosts, "HUB_MEDIA_BIND": bind, "HUB_NODES": str(nodes)}
    hub = HubProcess(tmp_path / "hub", settings, http_host=http_host)
    hosts = media_hosts.split(",")
    certificate = Certificate()
    async with AsyncExitStack() as stack:
        if http_host == "::1":
            stack.enter_context(machine_without_ipv4())
        stack.callback(hub.stop)
        await hub.start(60)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        opened = await leader.command(
            "meeting.open",
            {"title": "会商", "kind": "consultation", "centers": [VILLAGE], "record": True},
        )
        meeting = opened["entries"][0]["meeting"]
        people = [
            (leader, hosts[0]),
            (await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE)), hosts[-1]),
        ]
        for tool, host in people:
            caller = Caller(http, tool, certificate)
            caller.bind = host
            publishing = await caller.call("whip", meeting)
            stack.callback(publishing.close)
            talking = asyncio.create_task(ClipTalker(publishing, flash_and_beep("vp8", 4)).run())
            stack.callback(talking.cancel)
            watching = await caller.call("whep", meeting)
            stack.callback(watching.close)
        viewer = asyncio.create_task(Viewer(watching).run())
        stack.callback(viewer.cancel)
        await flows(watching, 60)

        async def both_grow() -> bool:
            parts = (await leader.get(f"/api/v1/meetings/{meeting}/recordings"))["recordings"][0]["parts"]
            assert len(parts) == 2, f"parts: {parts}\n{hub.log_tail()}"
            return True

        await eventually(both_grow, 15)
        await asyncio.sleep(3)  # what is said meanwhile is looked at below
        await leader.command("meeting.end", {}, meeting)

        async def all_closed() -> list[str]:
            parts = (await leader.get(f"/api/v1/meetings/{meeting}/recordings"))["recordings"][0]["parts"]
            assert all(part["state"] == "closed" for part in parts), str(parts)
            return [part["id"] for part in parts]

        closed = await eventually(all_closed, 15)
        for part in closed:
            (file,) = (tmp_path / "hub" / "recordings").rglob(f"{part}.webm")
            contents = read_contents(file)
            assert contents.pictures > 40
            assert len(contents.flashes_s) >= 2
            assert len(contents.beeps_s) >= 2


async def test_the_recorder_listens_at_the_addresses_that_the_machine_has() -> None:
    port = RelayPort(("192.0.2.7", "::1", "127.0.0.1"), 0, lambda: 0)
    assert port.hosts == ["::1", "127.0.0.1"]
    port.close()
    with pytest.raises(OSError, match="assign"):
        RelayPort(("192.0.2.7",), 0, lambda: 0)
