"""A node or a recorder that hangs is replaced by itself: pictures come back, and the recording goes on in a new part."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.media.transport.dtls import Certificate
from hub.supervisor import holder
from tests.support.hub_process import HubProcess, Tool
from tests.support.light_call import Connected, Talker, Viewer
from tests.support.light_caller import Caller, flows
from tests.support.waiting import eventually

CITY, VILLAGE = "430600000000", "430682115210"
#: Grace of the supervisor, its look, a start of Python on a busy machine.
REPLACED_S = 40.0


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    hub = HubProcess(tmp_path)
    yield hub
    hub.stop()


async def replaced(hub: HubProcess, which: str, hung: int) -> None:
    await eventually(
        lambda: holder(hub.folder, which) not in (None, hung), REPLACED_S, f"the hung {which} is not replaced"
    )
    await eventually(hub.is_ready, 30, f"the hub is not ready with a new {which}")


async def test_a_hung_node_and_a_hung_recorder_are_replaced_and_a_meeting_goes_on(hub: HubProcess) -> None:
    await hub.start(timeout_s=60)
    certificate = Certificate()
    async with aiohttp.ClientSession() as http:
        city, village = [
            Caller(http, await Tool.sign_in(http, hub.url, hub.account(*who)), certificate)
            for who in (("leader", CITY), ("station", VILLAGE))
        ]
        opened = await city.tool.command(
            "meeting.open", {"title": "调度", "kind": "dispatch", "centers": [VILLAGE], "record": True}
        )
        meeting = opened["entries"][0]["meeting"]
        for caller in (city, village):
            await caller.tool.command("meeting.join", meeting=meeting)
            await caller.follow(meeting)

        async def parts() -> list[dict[str, Any]]:
            found = await city.tool.get(f"/api/v1/meetings/{meeting}/recordings")
            return list(found["recordings"][0]["parts"])

        running: list[asyncio.Task[None]] = []
        peers: list[Connected] = []

        async def hang_up() -> None:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for peer in peers:
                peer.close()
            running.clear()
            peers.clear()

        async def call() -> None:
            """What a page does at first and again whenever it is told that its session is lost."""
            await hang_up()
            sound = await village.call("whip", meeting, video=0)
            peers.append(sound)
            viewer = await city.call("whep", meeting)
            peers.append(viewer)
            running[:] = [
                asyncio.create_task(Talker(sound, packets=0).run()),
                asyncio.create_task(Viewer(viewer).run()),
            ]
            await flows(viewer, 30)

        try:
            await call()
            await eventually(parts, 20, "nothing is recorded")
            hung = hub.pid("recorder")
            os.kill(hung, signal.SIGSTOP)
            await replaced(hub, "recorder", hung)
            states = [(e["state"], e["reason"]) for e in city.told if e["kind"] == "recording"]
            assert states[0] == ("waiting", "no_recorder")

            async def goes_on() -> bool:
                told = await parts()
                return len(told) >= 2 and told[-1]["state"] == "recording"

            await eventually(goes_on, 20, "no new part")

            hung = hub.pid("node")
            os.kill(hung, signal.SIGSTOP)
            await eventually(lambda: village.lost(), 20, "the publisher is not told that its session is lost")
            await replaced(hub, "node", hung)
            await call()

            # A control that finds one that hangs from before.
            hub.kill()
            hung = hub.pid("node")
            os.kill(hung, signal.SIGSTOP)
            await hub.start(timeout_s=90)
            assert holder(hub.folder, "node") not in (None, hung)
            await call()
        finally:
            await hang_up()
            for caller in (city, village):
                await caller.close()
