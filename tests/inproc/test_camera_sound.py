"""The sound of cameras, on wish: asked of the camera by who may and wants to hear it, made Opus, and heard by nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from clients.camera.sounds import TONE_HZ
from hub.errors import Refusal
from hub.gateway import sound
from tests.support.camera_stand import CAMERA, OTHER, CameraStand, Looker, camera_stand
from tests.support.coordination_stand import LEADER, STATION
from tests.support.waiting import eventually

_SCENE = Scene("heard", 320, 180, 10, 200_000, stretch_s=1, loop_s=2)


@pytest.fixture
async def server() -> AsyncIterator[CameraServer]:
    server = CameraServer([Camera(kind, _SCENE, sound=kind) for kind in ("pcma", "pcmu", "aac", "opus")])
    server.cameras["deaf"] = Camera("deaf", _SCENE)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CameraStand]:
    monkeypatch.setattr(sound, "KEEP_S", 0.3)
    async with camera_stand(monkeypatch) as stand:
        stand.node()
        stand.real_gateway()
        yield stand


def told(stand: CameraStand) -> str | None:
    event = next(each for each in reversed(stand.told("camera")) if each["camera"] == CAMERA)
    state: str | None = event["sound"]
    return state


async def hears(looker: Looker) -> None:
    """Wait until the simulator's tone comes."""
    await looker.sound.shows(TONE_HZ, 30, 12)


@pytest.mark.parametrize("kind", ["pcma", "pcmu", "aac", "opus"])
async def test_a_camera_is_heard_by_who_asks_for_it_and_by_nobody_else(
    stand: CameraStand, server: CameraServer, kind: str
) -> None:
    await stand.ready()
    stand.directory.put_real(CAMERA, server, kind, LEADER, STATION)
    stand.directory.sounding.add(CAMERA)
    camera = server.cameras[kind]
    leader, station = await stand.looker(LEADER, sound=True), await stand.looker(STATION, sound=True)
    for looker in (leader, station):
        await looker.select(CAMERA)
        await looker.sees()
    assert (camera.playing, camera.heard) == (1, 0), "nobody asked for its sound"
    await leader.listen(CAMERA)
    await hears(leader)
    await eventually(lambda: told(stand) == "playing", 3, "it is not told")
    assert camera.heard == 1
    who = {each["account"]: each["hears"] for each in stand.told("camera", STATION)[-1]["watchers"]}
    assert who == {LEADER.id: True, STATION.id: False}, "who listens is seen by who watches"
    assert station.sound.frames == 0
    assert {event["sound"] for event in stand.told("camera", STATION)} == {None}
    await leader.listen(None)
    await eventually(lambda: camera.heard == 0, 5, "the camera is still heard")
    assert not any(each["hears"] for each in stand.cameras.watchers(CAMERA))
    assert camera.playing == 1, "its picture has nothing to do with it"


async def test_what_one_may_not_hear_one_does_not(stand: CameraStand, server: CameraServer) -> None:
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "pcma", LEADER)
    looker = await stand.looker(LEADER, sound=True)
    with pytest.raises(Refusal, match="not shown"):
        await looker.listen(CAMERA)
    await looker.select(CAMERA, None)
    with pytest.raises(Refusal, match="not to be heard"):
        await looker.listen(CAMERA)  # the directory does not say that it may be
    with pytest.raises(Refusal, match="not shown"):
        await looker.listen(OTHER)
    stand.directory.sounding.add(CAMERA)
    stand.directory.share(CAMERA, LEADER)
    await looker.listen(CAMERA)
    await hears(looker)
    stand.directory.share(CAMERA, STATION)
    await eventually(lambda: server.cameras["pcma"].heard == 0, 5, "a right that has ended is heard on")


async def test_a_camera_without_sound_says_so(stand: CameraStand, server: CameraServer) -> None:
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "deaf", LEADER)
    stand.directory.sounding.add(CAMERA)
    looker = await stand.looker(LEADER, sound=True)
    await looker.select(CAMERA)
    await looker.listen(CAMERA)
    await eventually(lambda: told(stand) == "none", 5, "it is not told")
    await looker.sees()


async def test_in_a_meeting_it_is_heard_where_it_was_brought_with_its_sound(
    stand: CameraStand, server: CameraServer
) -> None:
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "pcma", LEADER)
    stand.directory.sounding.add(CAMERA)
    camera = server.cameras["pcma"]
    meeting = await stand.stand.meeting()
    give = stand.stand.writer.give
    bring = {"camera": CAMERA, "found": {"name": "村口", "center": STATION.center, "sound": True}}
    await give(LEADER, "camera.bring", bring, meeting)
    await give(LEADER, "stage.broadcast", {"participant": CAMERA}, meeting)
    looker = await stand.looker(STATION, meeting=meeting, sound=True)
    await looker.sees()
    assert camera.heard == 0, "it was brought without its sound"
    await give(LEADER, "camera.bring", {**bring, "sound": True}, meeting)
    await hears(looker)
    await give(LEADER, "camera.bring", {**bring, "sound": False}, meeting)
    await eventually(lambda: camera.heard == 0, 5, "it is still heard")
