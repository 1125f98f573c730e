"""A whole hub records a camera that was brought into a meeting: what was recorded decodes, and the film shows and hears it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import aiohttp
import av

from clients.camera.scene import Scene, read_number
from clients.camera.server import Camera, CameraServer
from clients.camera.sounds import TONE_HZ
from hub.film.plan import plan_film
from hub.store.database import Database
from tests.support.hub_process import HubProcess, Tool
from tests.support.receipts_kept import entries_of
from tests.support.waiting import eventually

CITY, VILLAGE = "430600000000", "430682115210"


def pictures(media: bytes) -> list[int]:
    """The numbers that stand in the pictures of a recorded file, in their order."""
    with av.open(io.BytesIO(media), "r") as file:
        return [read_number(frame.to_image()) for frame in file.decode(video=0)]  # type: ignore[no-untyped-call]


def loudest_hz(media: bytes) -> set[int]:
    """The pitches, to 50 Hz, of what is heard in a recorded file."""
    found = set()
    with av.open(io.BytesIO(media), "r") as file:
        for frame in file.decode(audio=0):
            samples: Any = frame.to_ndarray().reshape(-1)
            if abs(samples).max() > 0.1:
                crossings = ((samples[:-1] < 0) & (samples[1:] >= 0)).sum()
                found.add(round(crossings * frame.sample_rate / len(samples) / 50) * 50)
    return found


async def test_a_camera_in_a_meeting_is_recorded_and_stands_in_its_film(tmp_path: Path) -> None:
    scene = Scene("村口", 480, 270, 10, 250_000, stretch_s=1, loop_s=4)
    server = CameraServer([Camera("gate", scene, sound="pcma")])
    await server.start()
    hub = HubProcess(tmp_path / "hub", {"HUB_CAMERA_NETWORKS": "127.0.0.0/8"})
    try:
        await hub.start()
        async with aiohttp.ClientSession() as http:
            admin = await Tool.sign_in(http, hub.url, hub.account("system_admin", CITY))
            new = {"center": VILLAGE, "name": "村口", "main": server.url("gate"), "sound": True}
            async with http.post(f"{hub.url}/api/v1/cameras", json=new, headers=admin.headers) as answer:
                camera = (await answer.json())["camera"]
            leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            opening = {"title": "看村口", "kind": "dispatch", "centers": [VILLAGE], "record": True}
            meeting = (await leader.command("meeting.open", opening))["entries"][0]["meeting"]
            await leader.command("camera.bring", {"camera": camera, "sound": True}, meeting)
            await leader.command("stage.broadcast", {"participant": camera}, meeting)
            # Nobody watches: recording asks for it.
            await eventually(
                lambda: server.cameras["gate"].playing and server.cameras["gate"].heard, 20, "not pulled"
            )
            await eventually(lambda: _bytes_in(hub.folder) > 250_000, 40, "nothing is recorded")
            await leader.command("meeting.end", {}, meeting)

            async def closed() -> list[dict[str, Any]]:
                told = await leader.get(f"/api/v1/meetings/{meeting}/recordings")
                [recording] = told["recordings"]
                parts: list[dict[str, Any]] = recording["parts"]
                assert parts, "no part"
                assert all(part["sha256"] for part in parts), f"a part is open: {parts}"
                return [{**part, "recording": recording["id"]} for part in parts]

            parts = await eventually(closed, 20)
            files = {}
            for part in parts:
                url = f"{hub.url}/api/v1/recordings/{part['recording']}/parts/{part['id']}/media"
                async with http.get(url, headers=leader.headers) as answer:
                    assert answer.status == 200
                    files[part["id"]] = await answer.read()
        hub.stop()
        assert {part["participant"] for part in parts} == {camera}
        seen = [number for each in files.values() if _has(each, "video") for number in pictures(each)]
        assert len(seen) >= 30
        assert len(set(seen)) >= 20, "the picture moves"
        heard = set[int]().union(*(loudest_hz(each) for each in files.values() if _has(each, "audio")))
        assert any(abs(pitch - TONE_HZ) <= 50 for pitch in heard), heard
        database = Database(f"sqlite:///{hub.folder}/hub.db")
        entries = [each for each in entries_of(database, hub.folder)[0] if each.meeting == meeting]
        plan = plan_film(entries, "Asia/Shanghai")
        tiles = [tile for shown in plan.scenes for tile in shown.tiles]
        assert {tile.participant for tile in tiles} == {camera}
        assert any("村口" in tile.plate for tile in tiles)
        assert camera in {each.participant for each in plan.heard}
    finally:
        hub.stop()
        await server.close()


def _has(media: bytes, kind: str) -> bool:
    with av.open(io.BytesIO(media), "r") as file:
        return bool(file.streams.video if kind == "video" else file.streams.audio)


def _bytes_in(folder: Path) -> int:
    return sum(
        path.stat().st_size for path in (folder / "recordings").rglob("*") if path.suffix in (".mkv", ".webm")
    )
