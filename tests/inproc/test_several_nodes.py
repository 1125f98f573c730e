"""`hub serve` with two nodes, whole: a picture crosses from one to the other, and outlives the death of either."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

import aiohttp
import pytest

from hub.media.transport.dtls import Certificate
from hub.supervisor import AlreadyRunningError, hold_lock
from tests.support.hub_process import HubProcess, Tool
from tests.support.light_call import Talker, Viewer
from tests.support.light_caller import Caller, flows
from tests.support.waiting import eventually

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    hub = HubProcess(tmp_path, {"HUB_NODES": "2"}, media_port=0)
    yield hub
    hub.stop()


async def test_a_picture_crosses_nodes_is_recorded_and_survives_the_death_of_either(hub: HubProcess) -> None:
    await hub.start(timeout_s=90)
    await eventually(lambda: _links(hub) == 2, 30, "not both nodes have linked")
    certificate = Certificate()
    async with aiohttp.ClientSession() as http:
        accounts = [("station", VILLAGE), ("leader", CITY), ("leader", COUNTY)]
        village, city, county = [
            Caller(http, await Tool.sign_in(http, hub.url, hub.account(*account)), certificate)
            for account in accounts
        ]
        opened = await city.tool.command(
            "meeting.open",
            {"title": "调度", "kind": "dispatch", "centers": [VILLAGE, COUNTY], "record": True},
        )
        meeting = opened["entries"][0]["meeting"]
        for caller in (village, city, county):
            await caller.tool.command("meeting.join", meeting=meeting)
            await caller.follow(meeting)
        station = await village.call("whip", meeting)
        station_port = station.socket.to[1]
        talker = asyncio.create_task(Talker(station).run())
        viewer = await city.call("whep", meeting)
        viewer_port = viewer.socket.to[1]
        # Sound alone is recorded without being looked into, so that the parts of these two can be real ones.
        sounds = [await city.call("whip", meeting, video=0), await county.call("whip", meeting, video=0)]
        running = [talker, asyncio.create_task(Viewer(viewer).run())]
        running += [asyncio.create_task(Talker(sound, packets=0).run()) for sound in sounds]
        peers = [station, viewer, *(sound for sound in sounds)]
        try:
            assert station_port != viewer_port, "the two participants are on two nodes"
            assert [sound.socket.to[1] for sound in sounds] == [viewer_port, station_port]
            await flows(viewer)

            async def both_recorded() -> bool:
                found = await city.tool.get(f"/api/v1/meetings/{meeting}/entries")
                parts = [e for e in found["entries"] if e["kind"] == "recording.part_opened"]
                who = {e["data"]["participant"] for e in parts}
                return who == {county.tool.account["id"], city.tool.account["id"]}

            await eventually(both_recorded, 15, "not both nodes feed the recording")
            everybody = sorted(caller.tool.account["id"] for caller in (village, city, county))
            assert sorted(county.sources()) == everybody
            await county.hang_up("whip", meeting, sounds[1])

            # The viewer's node dies. He goes to the other one and sees the picture again.
            nodes = {_port_of(hub, name): name for name in ("node", "node2")}
            async with _dead(hub, nodes[viewer_port]):
                await eventually(lambda: len(city.lost()) == 2, 10, "the viewer is not told of the loss")
                assert not village.lost()
                viewer = await city.call("whep", meeting)
                peers.append(viewer)
                assert viewer.socket.to[1] == station_port
                running.append(asyncio.create_task(Viewer(viewer).run()))
                await flows(viewer)

            # It is back: the next participant goes there, and sees the picture across.
            await eventually(lambda: _links(hub) == 3, 30, "the node is not back")
            third = await county.call("whep", meeting)
            peers.append(third)
            assert third.socket.to[1] != station_port
            running.append(asyncio.create_task(Viewer(third).run()))
            await flows(third)

            # The publisher's node dies. He publishes at the other one; who watches there sees him again.
            async with _dead(hub, nodes[station_port]):
                await eventually(lambda: village.lost() and len(city.lost()) == 3, 10, "the loss is not told")
                assert not county.lost()
                station = await village.call("whip", meeting)
                peers.append(station)
                assert station.socket.to[1] == third.socket.to[1]
                running.append(asyncio.create_task(Talker(station).run()))
                await flows(third)
                await eventually(lambda: county.sources() == [village.tool.account["id"]])
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for connected in peers:
                connected.close()
            for caller in (village, city, county):
                await caller.close()


@contextlib.asynccontextmanager
async def _dead(hub: HubProcess, name: str) -> AsyncIterator[None]:
    """kill -9 of a node, which cannot begin again before the end of the block: its lock is held here."""

    def locked() -> IO[str] | None:
        try:
            return hold_lock(hub.folder, name)
        except AlreadyRunningError:
            return None

    hub.kill(name)
    lock = await eventually(locked, 5, "the killed node keeps its lock")
    try:
        yield
    finally:
        lock.close()


def _links(hub: HubProcess) -> int:
    """How often a node has linked so far."""
    return len(re.findall(r"node node-\d has linked", (hub.folder / "control.log").read_text()))


def _port_of(hub: HubProcess, lock: str) -> int:
    """The UDP port of a node, from its log."""
    log = (hub.folder / "logs" / f"{lock}.log").read_text()
    found = re.findall(r"listens on UDP port (\d+)", log)
    assert found, log
    return int(found[-1])
