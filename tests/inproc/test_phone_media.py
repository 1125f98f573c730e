"""A grid member's phone in a meeting with real media: seen, heard, recorded, back in its place, out at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from hub.film.plan import plan_film
from hub.store.database import Database
from tests.support.hub_process import HubProcess, Tool
from tests.support.media_aiortc import ColourTrack, ToneTrack, Viewer
from tests.support.receipts_kept import entries_of
from tests.support.waiting import eventually
from tests.support.walked_grid import VILLAGE, WalkedGrid

CITY = "430600000000"
#: A phone that is withdrawn sends nothing any more within this.
PROMISE_S = 2.0
BACK_CAMERA, OFFICE = 90, 180


class Party:
    """Somebody's two connections to a meeting, by WHIP and WHEP, with aiortc."""

    def __init__(self, http: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> None:
        self._http = http
        self._url = url
        self._headers = headers
        self._open: list[RTCPeerConnection] = []
        self.slots: dict[str, Viewer] = {}

    async def sends(self, meeting: str, *tracks: MediaStreamTrack) -> None:
        pc = self._connection()
        for track in tracks:
            pc.addTrack(track)
        await self._agree(pc, f"/whip/{meeting}")

    async def watches(self, meeting: str) -> None:
        """One picture and one sound, as a phone does: what the hub puts there."""
        pc = self._connection()
        for kind in ("video", "audio"):
            pc.addTransceiver(kind, direction="recvonly")
        await self._agree(pc, f"/whep/{meeting}")
        for transceiver in pc.getTransceivers():
            viewer = Viewer(transceiver.receiver.track)
            viewer.start()
            self.slots[transceiver.kind] = viewer

    async def shows(self, luma: float) -> None:
        await self.slots["video"].shows(luma, 12)

    async def hears(self, pitch_hz: float) -> None:
        await self.slots["audio"].shows(pitch_hz, 60)

    async def close(self) -> None:
        for viewer in self.slots.values():
            await viewer.stop()
        self.slots = {}
        for pc in self._open:
            await pc.close()
        self._open = []

    def _connection(self) -> RTCPeerConnection:
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._open.append(pc)
        return pc

    async def _agree(self, pc: RTCPeerConnection, path: str) -> None:
        await pc.setLocalDescription(await pc.createOffer())
        headers = {**self._headers, "Content-Type": "application/sdp"}
        async with self._http.post(
            f"{self._url}{path}", data=pc.localDescription.sdp, headers=headers
        ) as answer:
            text = await answer.text()
            assert answer.status == 201, f"{path}: {answer.status} {text}"
        await pc.setRemoteDescription(RTCSessionDescription(text, "answer"))
        await eventually(lambda: pc.connectionState == "connected", 15, f"{path} is not connected")


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    hub = HubProcess(tmp_path, media_port=0)
    await hub.start(timeout_s=60)
    yield hub
    hub.stop()


async def bound(http: aiohttp.ClientSession, hub: HubProcess, place: WalkedGrid) -> tuple[Tool, str]:
    """A member's phone: what it asks with, and which device it is."""
    code = (await place.code())["code"]
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        aiohttp.ClientSession(cookie_jar=jar) as browser,
        browser.post(f"{hub.url}/api/v1/devices/bind", json={"code": code}) as answer,
    ):
        told = await answer.json()
        assert answer.status == 201, told
        [cookie] = jar
    return Tool(http, hub.url, cookie.value + told["half"], told["account"]), str(told["device"])


async def test_a_phone_is_seen_heard_and_recorded_comes_back_and_is_out_when_it_is_withdrawn(
    hub: HubProcess,
) -> None:
    place = WalkedGrid(hub)
    await place.begin(2)
    async with aiohttp.ClientSession() as http:
        desk = await Tool.sign_in(http, hub.url, hub.account("dispatcher", CITY))
        member, device = await bound(http, hub, place)
        opening = {"title": "防汛调度", "kind": "dispatch", "centers": [VILLAGE], "record": True}
        meeting = str((await desk.command("meeting.open", opening))["entries"][0]["meeting"])
        await desk.command("meeting.join", {}, meeting)
        await desk.command("phone.call", {"account": member.account["id"]}, meeting)
        await member.command("phone.answer", {}, meeting)
        office, phone = Party(http, hub.url, desk.headers), Party(http, hub.url, member.headers)
        try:
            await office.sends(meeting, ColourTrack(OFFICE), ToneTrack(500))
            await phone.sends(meeting, ColourTrack(BACK_CAMERA), ToneTrack(1500))
            who = {"participant": member.account["id"]}
            await desk.command("stage.broadcast", {"participant": desk.account["id"]}, meeting)
            await phone.watches(meeting)
            await phone.shows(OFFICE)
            await phone.hears(500)
            await desk.command("stage.broadcast", who, meeting)
            await office.watches(meeting)
            await office.shows(BACK_CAMERA)
            await office.hears(1500)

            # the screen locked, the network is another one: the same place, the same stage, nobody has to do anything
            await phone.close()
            await phone.sends(meeting, ColourTrack(BACK_CAMERA + 60), ToneTrack(1500))
            await office.shows(BACK_CAMERA + 60)

            seen = office.slots["video"]
            withdrawn = asyncio.get_running_loop().time()
            await place.command(place.desk, "device.withdraw", device=device)
            await _still(seen)
            assert asyncio.get_running_loop().time() - withdrawn < PROMISE_S + 1.0
            async with http.get(f"{hub.url}/api/v1/session", headers=member.headers) as answer:
                assert answer.status == 401
        finally:
            await phone.close()
            await office.close()
        await desk.command("meeting.end", {}, meeting)
        parts = await eventually(lambda: _closed(desk, meeting), 20)
    hub.stop()
    assert {part["participant"] for part in parts} == {desk.account["id"], member.account["id"]}
    entries = [
        each
        for each in entries_of(Database(f"sqlite:///{hub.folder}/hub.db"), hub.folder)[0]
        if each.meeting == meeting
    ]
    plan = plan_film(entries, "Asia/Shanghai")
    plates = {tile.plate for scene in plan.scenes for tile in scene.tiles}
    assert "坦渡村 网格员1" in plates, plates
    assert member.account["id"] in {each.participant for each in plan.heard}


async def _still(viewer: Viewer) -> None:
    """Until no new picture has come for a second."""
    loop = asyncio.get_running_loop()
    until, last, frames = loop.time() + PROMISE_S + 1.0, loop.time(), viewer.frames
    while loop.time() - last < 1.0:
        assert loop.time() < until, "pictures still come"
        if viewer.frames != frames:
            last, frames = loop.time(), viewer.frames
        await asyncio.sleep(0.02)


async def _closed(desk: Tool, meeting: str) -> list[dict[str, Any]]:
    [recording] = (await desk.get(f"/api/v1/meetings/{meeting}/recordings"))["recordings"]
    parts: list[dict[str, Any]] = recording["parts"]
    assert parts, "no part"
    assert all(part["sha256"] for part in parts), f"a part is open: {parts}"
    return parts
