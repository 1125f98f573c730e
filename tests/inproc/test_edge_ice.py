"""Keys to the relay: who gets them, at which doors, how often, and that they stand nowhere else."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from signaling import pace
from tests.inproc.test_edge_media import OFFER, SDP, convene
from tests.support.edge import Edge, running_edge
from tests.support.rules import CITY, VILLAGE
from tests.support.waiting import eventually

URLS = "turn:hub.example.org:3478?transport=udp,turns:hub.example.org:443?transport=tcp"
LINK = re.compile(
    r'<(turns?:[^>]+)>; rel="ice-server"; username="(\d+:a_\w+)"; credential="([\w+/=]+)"; credential-type="password"'
)


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, HUB_TURN="there", HUB_TURN_URLS=URLS) as made:
        yield made


async def test_who_may_join_gets_keys_and_nobody_else(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    village = await edge.person("station", VILLAGE)
    told = await village.get("/api/v1/ice-servers")
    (server,) = told["ice_servers"]
    assert server["urls"] == URLS.split(",")
    assert server["username"].endswith(f":{village.account.id}")
    assert told["expires_at"] is not None
    for role in ("system_admin", "security_admin", "audit_admin"):
        admin = await edge.person(role, CITY)
        async with admin.http.get("/api/v1/ice-servers") as answer:
            assert answer.status == 403
    await edge.services.accounts.sign_out(village.token)
    async with village.http.get("/api/v1/ice-servers") as answer:
        assert answer.status == 401, "a withdrawn sign-in gets none"
        assert "credential" not in await answer.text()
    assert server["credential"] not in caplog.text


async def test_the_doors_of_media_tell_of_the_relay_in_link_headers(edge: Edge) -> None:
    _, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    for door in ("whip", "whep"):
        async with village.http.post(f"/{door}/{meeting}", data=OFFER, headers=SDP) as answer:
            assert answer.status == 201
            found = [LINK.fullmatch(link) for link in answer.headers.getall("Link")]
            assert [one and one[1] for one in found] == URLS.split(",")
            assert "Link" in answer.headers["Access-Control-Expose-Headers"]
        async with village.http.options(f"/{door}/{meeting}") as answer:
            assert len(answer.headers.getall("Link")) == 2
            assert answer.headers["Cache-Control"] == "no-store"
        for token in ("", "Bearer wrong"):
            headers = {"Authorization": token} if token else {"Origin": "https://elsewhere.example"}
            async with (
                aiohttp.ClientSession() as stranger,
                stranger.options(f"{edge.url}/{door}/{meeting}", headers=headers) as answer,
            ):
                assert answer.status == 204
                assert "Link" not in answer.headers


async def test_keys_are_paced_by_account(edge: Edge) -> None:
    village, other = await edge.person("station", VILLAGE), await edge.person("station", VILLAGE, number=2)
    for _ in range(pace.RELAYS_AT_ONCE):
        await village.get("/api/v1/ice-servers")
    async with village.http.get("/api/v1/ice-servers") as answer:
        assert answer.status == 429
    await other.get("/api/v1/ice-servers")


async def test_without_a_relay_there_is_none_to_tell_of(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        _, meeting = await convene(edge, VILLAGE)
        village = await edge.person("station", VILLAGE)
        assert await village.get("/api/v1/ice-servers") == {"ice_servers": [], "expires_at": None}
        async with village.http.post(f"/whep/{meeting}", data=OFFER, headers=SDP) as answer:
            assert "Link" not in answer.headers


async def test_a_station_says_how_it_is_connected_and_the_desk_sees_it(edge: Edge) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    village = await edge.person("station", VILLAGE)
    await village.command("meeting.join", meeting)
    desk, station = await edge.listen(leader), await edge.listen(village)
    await desk.call("follow", {"meeting": meeting, "since": None})
    told = {
        "meeting": meeting,
        "camera": "on",
        "microphone": "on",
        "way": "relay",
        "pictures": "none",
        "weak": True,
    }
    assert await station.call("device", told) == {}

    def seen(way: str) -> bool:
        people = [one for event in desk.of("presence", meeting=meeting) for one in event["participants"]]
        line = (village.account.id, way, "none", True)
        return any((one["id"], one["way"], one["pictures"], one["weak"]) == line for one in people)

    await eventually(lambda: seen("relay"), 5, "the desk is not told of the relay")
    async with leader.http.get("/metrics") as answer:
        assert "hub_relayed_participants 1.0" in await answer.text()
    await station.call("device", {**told, "way": "direct"})
    await eventually(lambda: seen("direct"), 5, "the desk is not told of the straight way")
    refused = await station.call("device", {**told, "way": "tunnel"})
    assert refused["error"]["code"] == "invalid"
