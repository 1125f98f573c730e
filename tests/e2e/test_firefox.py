"""Pages in a real Firefox, which takes no H264: a station joins, is seen, sees by VP8; a wall shows VP8 and pictures."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import aioice.ice
import numpy as np
import pytest

from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from clients.station.options import StationOptions
from clients.station.station import Station
from tests.e2e.browser import KEEP_PEERS, PICTURE
from tests.support.firefox import Firefox, firefox
from tests.support.foreign_media import ForeignPeer, foreign_peer
from tests.support.hub_process import HubProcess, Tool
from tests.support.real_media import Grey, bunny_mp4, likeness
from tests.support.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

CITY, COUNTY, VILLAGE = "430600000000", "430682000000", "430682115210"
IS_FILM = 0.9

STREAMS = """async () => {
  const found = { sent: 0, decoded: 0, codecs: [] }
  for (const peer of window.__peers) {
    if (peer.connectionState !== 'connected') continue
    const reports = [...(await peer.getStats()).values()]
    for (const one of reports) {
      if (one.kind !== 'video') continue
      if (one.type === 'outbound-rtp') found.sent += one.framesEncoded ?? 0
      if (one.type === 'inbound-rtp') found.decoded += one.framesDecoded ?? 0
      const codec = reports.find(other => other.id === one.codecId)
      if (codec && /-rtp$/.test(one.type)) found.codecs.push(codec.mimeType)
    }
  }
  return found
}"""

#: How the page's connections stand, for the reason of a failure.
STATES = """async () => {
  const found = []
  for (const peer of window.__peers) {
    const of = {}
    for (const one of (await peer.getStats()).values()) {
      if (/-rtp$/.test(one.type) && one.packetsReceived !== 0)
        of[`${one.type} ${one.kind} ${one.ssrc}`] = one.packetsReceived ?? one.packetsSent
    }
    found.push([peer.connectionState, peer.iceConnectionState, of])
  }
  return found
}"""

#: Mean colour (red, green, blue) of what a video element shows.
COLOUR = """(element) => {
  const video = element instanceof HTMLVideoElement ? element : element.querySelector('video')
  if (!video || !video.videoWidth) return null
  const canvas = document.createElement('canvas')
  canvas.width = 16; canvas.height = 9
  const context = canvas.getContext('2d')
  context.drawImage(video, 0, 0, 16, 9)
  const data = context.getImageData(0, 0, 16, 9).data
  const sums = [0, 0, 0]
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) sums[c] += data[i + c] / (data.length / 4)
  return sums
}"""


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """aioice leaves the loopback address out; here it is the only one that is meant."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


async def test_a_station_in_firefox_joins_sees_the_broadcast_and_is_seen(
    hub: HubProcess, film: list[Grey], tmp_path: Path
) -> None:
    county = hub.account("station", COUNTY)
    other = Station(
        StationOptions(
            url=hub.url,
            username=county["username"],
            password=county["password"],
            video=bunny_mp4(),
            cache_dir=tmp_path / "cache",
            auto_answer_s=0.1,
        )
    )
    running = asyncio.create_task(other.run())
    try:
        async with firefox(tmp_path / "firefox") as page, aiohttp.ClientSession() as http:
            leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            await page.ask("open", hub.url, KEEP_PEERS)
            await sign_in(page, hub.account("station", VILLAGE))
            await page.ask("wait", "station-line", "online")
            opened = await leader.command(
                "meeting.open",
                {"title": "防汛会商", "kind": "consultation", "centers": [COUNTY, VILLAGE], "record": False},
            )
            meeting = opened["entries"][0]["meeting"]
            await page.ask("click", "station-answer")
            await page.ask("wait", "station-meeting")
            await eventually(lambda: other.publishing, 20, "the county's station does not publish")

            # Firefox watches what the leader broadcasts.
            people = await participants(leader, meeting)
            await leader.command("stage.broadcast", {"participant": people[COUNTY]}, meeting)
            await shows_film(page, film)

            # The leader's player, which is no code of ours, sees Firefox.
            await leader.command("stage.broadcast", {"participant": people[VILLAGE]}, meeting)
            async with foreign_peer(http, leader.token) as player:
                player.receive("audio", "video")
                await player.connect(f"{hub.url}/whep/{meeting}")
                await page.ask("wait", "station-onair")
                await shows_what_firefox_sends(page, player)
                await eventually(lambda: player.sinks["audio"].loudest > 0.005, 10, "Firefox is not heard")
            streams = await page.ask("evaluate", STREAMS)
            assert streams["sent"] > 20
            assert streams["decoded"] > 20
            assert set(streams["codecs"]) == {"video/VP8"}
            assert await page.ask("errors") == []
    finally:
        await other.stop()
        await running


#: Of each camera on the wall: its state, its words, and whether a picture stands in place of a moving one.
CELLS = """() => Object.fromEntries(
  [...document.querySelectorAll('[data-testid=camera-view]')].map((cell) => [cell.dataset.camera, {
  state: cell.dataset.state,
  words: cell.textContent + (cell.querySelector('.state')?.title ?? ''),
  picture: cell.querySelector('img.still')?.naturalWidth ?? 0,
  asOf: cell.querySelector('[data-testid=camera-as-of]')?.textContent ?? '',
}]))"""


async def test_a_wall_in_firefox_moves_as_far_as_the_quota_goes_and_shows_pictures_beyond(
    tmp_path: Path,
) -> None:
    scene = Scene("村口", 480, 270, 10, 250_000, loop_s=4)
    server = CameraServer([Camera("one", scene), Camera("two", scene)])
    await server.start()
    hub = HubProcess(tmp_path / "hub", {"HUB_CAMERA_NETWORKS": "127.0.0.0/8", "HUB_CAMERA_TRANSCODES": "1"})
    try:
        await hub.start()
        async with firefox(tmp_path / "firefox") as page, aiohttp.ClientSession() as http:
            admin = await Tool.sign_in(http, hub.url, hub.account("system_admin", CITY))
            ids = []
            for name in server.cameras:
                body = {"center": VILLAGE, "name": name, "main": server.url(name)}
                async with http.post(f"{hub.url}/api/v1/cameras", json=body, headers=admin.headers) as answer:
                    assert answer.status == 201, await answer.text()
                    ids.append((await answer.json())["camera"])
            await page.ask("open", f"{hub.url}/patrol?grid=4&cameras={','.join(ids)}", KEEP_PEERS)
            await sign_in(page, hub.account("leader", COUNTY))
            pictures = set()

            async def as_far_as_it_goes() -> dict[str, Any]:
                cells = await page.ask("evaluate", CELLS, None)
                states = {camera: cell["state"] for camera, cell in cells.items()}
                assert sorted(states.get(each, "") for each in ids) == ["playing", "still"], states
                [still] = [cell for cell in cells.values() if cell["state"] == "still"]
                assert still["picture"] > 0, "words and no picture"
                pictures.add(still["asOf"])
                assert len(pictures) > 2, "the picture is never another one"
                return {cell["state"]: cell["words"] for cell in cells.values()}

            words = await eventually(as_far_as_it_goes, 40)
            assert "已转码播放" in words["playing"]
            assert "转码名额已满" in words["still"]
            before = (await page.ask("evaluate", STREAMS))["decoded"]

            async def moves() -> bool:
                return bool((await page.ask("evaluate", STREAMS))["decoded"] > before + 10)

            await eventually(moves, 10, "what is transcoded stands still")
            assert set((await page.ask("evaluate", STREAMS))["codecs"]) == {"video/VP8"}
            await page.ask("shot", str(tmp_path / "wall.png"))
            assert await page.ask("errors") == []
    finally:
        print(hub.log_tail())
        hub.stop()
        await server.close()


async def sign_in(page: Firefox, credentials: dict[str, str]) -> None:
    """Sign in on the sign-in page."""
    await page.ask("wait", "signin-username")
    await page.ask("fill", "signin-username", credentials["username"])
    await page.ask("fill", "signin-password", credentials["password"])
    await page.ask("click", "signin-submit")


async def participants(tool: Tool, meeting: str) -> dict[str, str]:
    """Center -> id of county and village, once both are there."""

    async def both() -> dict[str, str]:
        people = (await tool.get(f"/api/v1/meetings/{meeting}"))["participants"]
        here = {one["center"]: one["id"] for one in people if one["state"] == "joined"}
        assert {COUNTY, VILLAGE} <= set(here), f"joined: {sorted(here)}"
        return here

    return await eventually(both, 20)


async def shows_film(page: Firefox, film: list[Grey]) -> None:
    """Until the stage on the page shows a picture of the film."""

    async def shown() -> bool:
        grey = await page.picture("station-stage-video", PICTURE)
        if grey is None:
            raise AssertionError(
                f"no picture on the stage; connections: {await page.ask('evaluate', STATES)}"
            )
        alike = likeness(grey, film)
        assert alike > IS_FILM, f"likeness {alike:.2f}"
        return True

    await eventually(shown, 40)


async def shows_what_firefox_sends(page: Firefox, player: ForeignPeer) -> None:
    """Until the player's picture has the colour of the page's own camera, in three moments with different colours."""
    seen: list[Any] = []

    async def again() -> bool:
        own = await page.ask("element", "station-own-video", COLOUR)
        assert own is not None, "no own picture"
        theirs = player.sinks["video"].colour
        assert theirs is not None, "no picture at the player"
        gap = float(np.abs(np.array(own) - theirs).max())
        assert gap < 16, f"Firefox shows {own}, the player {theirs}"
        if all(np.abs(np.array(own) - before).max() > 8 for before in seen):
            seen.append(np.array(own))
        assert len(seen) >= 3, f"the colour stays: {own}"
        return True

    await eventually(again, 30)
