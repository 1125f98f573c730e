"""A meeting that joins another one, with control and nodes as they run: told, linked, seen and heard; parted, none of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.directory.accounts import Account
from hub.media.transport.dtls import Certificate
from tests.support.coordination_stand import LEADER, STATION, Peer, Stand, standing
from tests.support.hub_process import HubProcess, Tool
from tests.support.light_call import Talker
from tests.support.light_caller import Caller, flows
from tests.support.waiting import eventually

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
COUNTY_LEADER = Account("a_01m82v7m00dg4wd227", "county", "李某", "leader", COUNTY)


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stand]:
    async with standing(monkeypatch) as stand:
        yield stand


async def _opened(stand: Stand, chair: Account, *others: Account) -> str:
    data = {"title": chair.name, "kind": "dispatch", "centers": [VILLAGE], "record": False}
    answer = await stand.writer.give(chair, "meeting.open", data)
    meeting = answer.entries[0].meeting
    assert meeting is not None
    for who in (chair, *others):
        await stand.writer.give(who, "meeting.join", meeting=meeting)
    return meeting


def _told(node: Peer, meeting: str) -> dict[str, Any]:
    """What a node was told of a meeting last."""
    return next((each for each in reversed(node.of("meeting.set")) if each["meeting"] == meeting), {})


def _links(node: Peer) -> set[str]:
    """The meetings of which a node has a relay to another one now."""
    closed = {each["relay"] for each in node.of("relay.close")}
    return {each["meeting"] for each in node.of("relay.open") if each["relay"] not in closed}


async def test_nodes_of_both_have_both_while_they_are_one_conference_and_not_after(stand: Stand) -> None:
    nodes = [
        stand.node(id=f"n{each}", pid=each, media={"host": "127.0.0.1", "port": 7000 + each})
        for each in (1, 2)
    ]
    await eventually(lambda: len(stand.coordination._nodes) == 2)
    city = await _opened(stand, LEADER)
    county = await _opened(stand, COUNTY_LEADER, STATION)
    await stand.coordination.open(LEADER, city, "publish", "v=0")
    await stand.coordination.open(STATION, county, "watch", "v=0")
    assert [len(node.of("peer.open")) for node in nodes] == [1, 1], "each meeting is at a node of its own"
    assert not any(_links(node) for node in nodes)

    await stand.writer.give(LEADER, "unit.invite", {"other": county}, meeting=city)
    await stand.writer.give(COUNTY_LEADER, "unit.accept", {"other": city}, meeting=county)
    await eventually(lambda: all(_links(node) == {city, county} for node in nodes))
    above = {county: {"pictures": [COUNTY_LEADER.id], "sounds": [COUNTY_LEADER.id], "recorded": True}}
    below = {city: {"pictures": [LEADER.id], "sounds": None}}
    for node in nodes:
        assert _told(node, city)["guests"] == above
        assert (_told(node, county)["guests"], _told(node, county)["fallback"]) == (below, LEADER.id)

    await stand.writer.give(LEADER, "participant.mute", {"participant": COUNTY_LEADER.id}, meeting=city)
    await eventually(lambda: all(not _told(node, city)["guests"][county]["sounds"] for node in nodes))
    await stand.writer.give(LEADER, "stage.broadcast", {"participant": LEADER.id}, meeting=city)
    await stand.coordination.open(LEADER, city, "watch", "v=0")

    await stand.writer.give(COUNTY_LEADER, "unit.end", {"other": city}, meeting=county)
    await eventually(
        lambda: not any("guests" in _told(node, each) for node in nodes for each in (city, county))
    )
    await eventually(lambda: not any(_links(node) for node in nodes))


async def _silent(viewer: Any, spoken: Talker) -> None:
    """Nothing reaches the viewer while so much more is sent."""
    before, sent = viewer.peer.counters["rtp"], spoken.picture
    await eventually(lambda: spoken.picture > sent + 30, 10, "nothing is sent")
    assert viewer.peer.counters["rtp"] == before


async def test_the_upper_chair_is_seen_and_heard_below_across_nodes_and_no_more_after(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path, {"HUB_NODES": "2"}, media_port=0)
    try:
        await hub.start(timeout_s=90)
        certificate = Certificate()
        async with aiohttp.ClientSession() as http:
            people = [("leader", CITY), ("leader", COUNTY), ("station", VILLAGE)]
            mayor, chair, station = [
                Caller(http, await Tool.sign_in(http, hub.url, hub.account(*each)), certificate)
                for each in people
            ]
            meetings = []
            for caller, center, others in ((mayor, COUNTY, []), (chair, VILLAGE, [station])):
                opened = await caller.tool.command(
                    "meeting.open",
                    {"title": "调度", "kind": "dispatch", "centers": [center], "record": center == COUNTY},
                )
                meetings.append(opened["entries"][0]["meeting"])
                for each in (caller, *others):
                    await each.tool.command("meeting.join", meeting=meetings[-1])
            city, county = meetings
            talker = Talker(await mayor.call("whip", city))
            peers = [talker.station]
            running = [asyncio.create_task(talker.run())]
            below = await station.call("whep", county)
            above = await mayor.call("whep", city)
            peers += [below, above]
            try:
                await _silent(below, talker)
                await chair.tool.command("unit.ask", {"other": city}, meeting=county)
                await mayor.tool.command("unit.accept", {"other": county}, meeting=city)
                await flows(below)
                await chair.tool.command("unit.end", {"other": city}, meeting=county)
                await eventually(lambda: _rests(below), 5, "something of the city still comes")
                await _silent(below, talker)
                await mayor.tool.command("unit.invite", {"other": county}, meeting=city)
                await chair.tool.command("unit.accept", {"other": city}, meeting=county)
                await flows(below)
                # Sound alone is recorded without being looked into, so that its part can be a real one.
                spoken = Talker(await chair.call("whip", county, video=0), packets=0)
                peers.append(spoken.station)
                running.append(asyncio.create_task(spoken.run()))
                await flows(above)

                async def recorded_above() -> bool:
                    """Who speaks for the unit is in the recording of the meeting above, from whatever node."""
                    found = await mayor.tool.get(f"/api/v1/meetings/{city}/entries")
                    parts = [e for e in found["entries"] if e["kind"] == "recording.part_opened"]
                    return chair.tool.account["id"] in {e["data"]["participant"] for e in parts}

                await eventually(recorded_above, 30, "the unit is not recorded above")
                await mayor.tool.command("unit.end", {"other": county}, meeting=city)
                await eventually(lambda: _rests(above), 5, "something of the county still comes")
                await _silent(above, spoken)
            finally:
                for task in running:
                    task.cancel()
                for peer in peers:
                    peer.close()
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.gather(*running)
    finally:
        hub.stop()


def _rests(viewer: Any) -> bool:
    """Whether nothing has come since it was asked last."""
    before, viewer.heard_before = getattr(viewer, "heard_before", -1), viewer.peer.counters["rtp"]
    return bool(before == viewer.heard_before)
