"""A whole hub with real media: what a withdrawn sign-in sends and sees stops within 2 s; a flood takes nothing from others."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from hub.coordination.allowance import AWAITED_PER_ACCOUNT
from hub.media.transport.dtls import Certificate
from signaling.pace import OFFERS_AT_ONCE, OFFERS_PER_S
from tests.support.hub_process import HubProcess, Tool
from tests.support.light_call import Connected, Talker, Viewer
from tests.support.light_caller import SDP, Caller, flows
from tests.support.media_light import LightPeer
from tests.support.waiting import eventually

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
#: Everything withdrawn ends within this.
PROMISE_S = 2.0


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    hub = HubProcess(tmp_path, media_port=0)
    await hub.start(timeout_s=60)
    yield hub
    hub.stop()


class Stage:
    """Callers of one hub with their peers, all ended together."""

    def __init__(self, hub: HubProcess, http: aiohttp.ClientSession) -> None:
        self.hub = hub
        self._http = http
        self._certificate = Certificate()
        self._callers: list[Caller] = []
        self._peers: list[Connected] = []
        self._running: list[asyncio.Task[None]] = []

    async def sign_in(self, role: str, center: str) -> Caller:
        tool = await Tool.sign_in(self._http, self.hub.url, self.hub.account(role, center))
        caller = Caller(self._http, tool, self._certificate)
        self._callers.append(caller)
        return caller

    async def talks(self, caller: Caller, meeting: str) -> Connected:
        """Sends picture and sound from now on."""
        connected = await caller.call("whip", meeting)
        self._run(connected, Talker(connected).run())
        return connected

    async def watches(self, caller: Caller, meeting: str) -> Connected:
        """Watches the stage from now on."""
        connected = await caller.call("whep", meeting)
        self._run(connected, Viewer(connected).run())
        return connected

    def offer(self) -> str:
        """An offer of somebody who will never come."""
        peer = LightPeer(lambda datagram: None, self._certificate.endpoint, self._certificate.fingerprint)
        return peer.offer("recvonly", video=1, audio=1)

    def _run(self, connected: Connected, work: object) -> None:
        assert asyncio.iscoroutine(work)
        self._peers.append(connected)
        self._running.append(asyncio.create_task(work))

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for connected in self._peers:
            connected.close()
        for caller in self._callers:
            await caller.close()


@contextlib.asynccontextmanager
async def stage(hub: HubProcess) -> AsyncIterator[Stage]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        made = Stage(hub, http)
        try:
            yield made
        finally:
            await made.close()


async def silent_since(*viewers: Connected) -> float:
    """When the last packet came to any of them, once nothing has come for a second; fails if that takes too long."""
    counts, last = [-1], time.monotonic()
    until = last + PROMISE_S + 2.0
    while time.monotonic() - last < 1.0:
        assert time.monotonic() < until, "packets still come"
        now = [viewer.peer.counters["rtp"] for viewer in viewers]
        if now != counts:
            counts, last = now, time.monotonic()
        await asyncio.sleep(0.02)
    return last


async def open_meeting(chair: Caller) -> str:
    centers = [VILLAGE, COUNTY]
    data = {"title": "调度", "kind": "dispatch", "centers": centers, "record": False}
    opened = await chair.tool.command("meeting.open", data)
    return str(opened["entries"][0]["meeting"])


async def test_media_of_a_withdrawn_sign_in_stop_at_once_and_those_of_another_go_on(hub: HubProcess) -> None:
    async with stage(hub) as on:
        chair, here, there = [
            await on.sign_in(*who) for who in (("leader", CITY), ("station", VILLAGE), ("station", VILLAGE))
        ]
        meeting = await open_meeting(chair)
        for caller in (chair, here, there):
            await caller.tool.command("meeting.join", meeting=meeting)
            await caller.follow(meeting)
        await on.talks(chair, meeting)
        await on.talks(here, meeting)
        chair_sees, here_sees, there_sees = [await on.watches(one, meeting) for one in (chair, here, there)]
        for viewer in (chair_sees, here_sees, there_sees):
            await flows(viewer)

        # Signed out: its picture is seen no more, and it sees nothing; the account's other sign-in goes on.
        begun = time.monotonic()
        async with aiohttp.ClientSession() as http:
            url = f"{hub.url}/api/v1/session"
            async with http.delete(url, headers=here.tool.headers) as answer:
                assert answer.status == 204
        assert await silent_since(chair_sees, here_sees) - begun < PROMISE_S
        assert sorted(e["reason"] for e in here.told if e["kind"] == "closed") == ["withdrawn"] * 2
        await flows(there_sees)

        # Disabled by another process: nothing of the account is left.
        await on.talks(there, meeting)
        await flows(chair_sees)
        done = await asyncio.to_thread(
            hub.run, "accounts", "disable", hub.account("station", VILLAGE)["username"]
        )
        assert done.returncode == 0, done.stderr
        begun = time.monotonic()
        assert await silent_since(chair_sees, there_sees) - begun < PROMISE_S

        # Control dies and comes back: it learns from the node under which sign-in each session runs.
        county = await on.sign_in("leader", COUNTY)
        await county.tool.command("meeting.join", meeting=meeting)
        await on.talks(county, meeting)
        county_sees = await on.watches(county, meeting)
        await flows(chair_sees)
        hub.kill("control")
        await hub.start(timeout_s=60)
        await flows(chair_sees)
        await flows(county_sees)
        done = await asyncio.to_thread(
            hub.run, "accounts", "sign-out", hub.account("leader", COUNTY)["username"]
        )
        assert done.returncode == 0, done.stderr
        begun = time.monotonic()
        assert await silent_since(chair_sees, county_sees) - begun < PROMISE_S


async def test_a_flood_of_one_account_is_refused_and_another_joins_meanwhile(hub: HubProcess) -> None:
    async with stage(hub) as on:
        hostile, chair, village = [
            await on.sign_in(*who) for who in (("leader", COUNTY), ("leader", CITY), ("station", VILLAGE))
        ]
        meeting = await open_meeting(chair)
        own = []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

            async def post(path: str, **sent: object) -> tuple[int, object]:
                headers = {**hostile.tool.headers, **(SDP if "data" in sent else {})}
                async with http.post(f"{hub.url}{path}", headers=headers, **sent) as answer:  # type: ignore[arg-type]
                    return answer.status, (await answer.json()) if answer.status != 201 else None

            # It opens as many meetings as it can.
            for number in range(80):
                data = {"title": "x", "kind": "dispatch", "centers": [VILLAGE], "record": False}
                body = {"id": f"open-{number}", "kind": "meeting.open", "data": data}
                status, answered = await post("/api/v1/commands", json=body)
                assert isinstance(answered, dict)
                if status == 200:
                    own.append(answered["entries"][0]["meeting"])
                else:
                    assert (status, answered["error"]["code"]) == (429, "too_many")
            assert len(own) == 64

            # And it offers 400 times a second, in all of them.
            offer, statuses, codes = on.offer(), [], set()
            stop = asyncio.Event()

            async def flood() -> None:
                number = 0
                while not stop.is_set():
                    status, answered = await post(f"/whep/{own[number % 64]}", data=offer)
                    number += 1
                    statuses.append(status)
                    if isinstance(answered, dict):
                        codes.add(answered["error"]["code"])
                    await asyncio.sleep(0.02)

            begun = time.monotonic()
            floods = [asyncio.create_task(flood()) for _ in range(8)]
            try:
                await eventually(lambda: statuses.count(429) > 200, 20, "the flood is not refused")
                # Meanwhile a village joins and is seen.
                asked = time.monotonic()
                for caller in (chair, village):
                    await caller.tool.command("meeting.join", meeting=meeting)
                await on.talks(village, meeting)
                sees = await on.watches(chair, meeting)
                await flows(sees, packets=10)
                took = time.monotonic() - asked
            finally:
                stop.set()
                await asyncio.gather(*floods)
            lasted = time.monotonic() - begun
            assert took < 5.0, f"the village was seen after {took:.1f} s"
            assert codes == {"too_many"}
            assert statuses.count(201) <= min(AWAITED_PER_ACCOUNT + 8, OFFERS_AT_ONCE + OFFERS_PER_S * lasted)
            await flows(sees)

            # When it has stopped, the account works as any other: what never connected is gone after a while.
            async def works_again() -> bool:
                status, _ = await post(f"/whep/{own[0]}", data=offer)
                return status == 201

            await eventually(works_again, 25, "the account is shut out")
