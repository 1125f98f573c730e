"""Cameras from request to picture: pulled for who asks, once for all of them, and back by themselves whatever goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from hub.cameras.catalog import Facts, StreamFacts
from hub.errors import Refusal
from hub.gateway import pulls
from tests.support.camera_stand import CAMERA, OTHER, CameraStand, camera_stand
from tests.support.coordination_stand import LEADER, STATION
from tests.support.waiting import eventually

_SCENE = Scene("gate", 320, 180, 10, 200_000, stretch_s=1, loop_s=2)


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CameraStand]:
    monkeypatch.setattr(pulls, "KEEP_S", 0.5)
    async with camera_stand(monkeypatch) as stand:
        yield stand


async def test_one_pull_serves_all_who_watch_and_ends_when_nobody_does(stand: CameraStand) -> None:
    stand.node()
    stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER, STATION)
    leader, station = await stand.looker(LEADER), await stand.looker(STATION)
    assert not stand.scene.opened, "nobody has asked for a picture"
    await leader.select(CAMERA)
    await leader.sees()
    await station.select(CAMERA)
    await station.sees()
    assert len(stand.scene.opened) == 1
    assert [each["account"] for each in stand.cameras.watchers(CAMERA)] == [LEADER.id, STATION.id]
    await eventually(lambda: stand.state() == "playing")
    assert len(stand.told("camera")[-1]["watchers"]) == 2
    await leader.select(None)
    await station.sees()
    await station.select(None)
    await eventually(lambda: not stand.scene.running, why="the camera is still pulled")
    await leader.select(CAMERA)
    await leader.sees()
    assert len(stand.scene.opened) == 2


async def test_ten_who_watch_are_one_conversation_with_the_camera(stand: CameraStand) -> None:
    camera = Camera("gate", _SCENE)
    server = CameraServer([camera])
    await server.start()
    try:
        stand.node()
        stand.node("n2")
        stand.real_gateway()
        await stand.ready(2)
        stand.directory.put_real(CAMERA, server, "gate", LEADER, STATION)
        lookers = [await stand.looker(each) for each in (LEADER, STATION) for _ in range(5)]
        await asyncio.gather(*(looker.select(CAMERA) for looker in lookers))
        for looker in lookers:
            await looker.sees(3)
        assert camera.playing == 1
        assert [camera.asked.count(word) for word in ("DESCRIBE", "SETUP", "PLAY")] == [1, 1, 1]
        for looker in lookers[1:]:
            await looker.select(None)
        await lookers[0].sees(3)
        assert (camera.playing, camera.asked.count("TEARDOWN")) == (1, 0), "one still watches"
        await lookers[0].select(None)
        await eventually(lambda: camera.playing == 0, why="the camera is still pulled")
    finally:
        await server.close()


async def test_what_one_may_not_see_stays_dark_and_what_is_withdrawn_goes_dark_at_once(
    stand: CameraStand,
) -> None:
    stand.node()
    stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER)
    leader, station = await stand.looker(LEADER, 2), await stand.looker(STATION)
    with pytest.raises(Refusal, match="cameras"):
        await leader.select("stage")
    await station.select(CAMERA)
    await leader.select(CAMERA, OTHER)
    await leader.sees()
    assert stand.state(CAMERA, STATION) == stand.state(OTHER) == "withheld"
    assert station.viewers[0].frames == 0
    assert stand.told("camera", STATION)[-1]["watchers"] == []
    stand.directory.share(CAMERA, STATION)
    await eventually(lambda: stand.state() == "withheld", 2, "the leader is not told")
    await station.sees()
    await asyncio.sleep(0.2)  # what was on its way
    before = leader.viewers[0].frames
    await station.sees(5)
    assert leader.viewers[0].frames == before


async def test_a_rebooted_camera_comes_back_into_the_same_slot(stand: CameraStand) -> None:
    stand.node()
    stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER)
    looker = await stand.looker()
    await looker.select(CAMERA)
    await looker.sees()
    for _ in range(3):
        stand.scene.away = True
        await eventually(lambda: stand.state() == "reconnecting")
        stand.scene.away = False
        await looker.sees()
    assert len(stand.scene.opened) == 1


async def test_pictures_outlive_the_gateway_and_its_return_needs_nobody(stand: CameraStand) -> None:
    stand.node()
    gateway = stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER)
    looker = await stand.looker()
    await looker.select(CAMERA)
    await looker.sees()
    await stand.end(gateway)
    stand.gateway()
    await looker.sees(timeout_s=15)
    await eventually(lambda: stand.state() == "playing")


async def test_the_tile_decides_which_stream_is_pulled(stand: CameraStand) -> None:
    stand.node()
    stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER, sub=True)
    looker = await stand.looker()
    await looker.select(CAMERA, tile=(200, 112))
    await looker.sees()
    assert [target.url.rpartition("/")[2] for target in stand.scene.opened] == ["sub"]
    await looker.select(CAMERA, tile=(1280, 720))
    await eventually(lambda: len(stand.scene.opened) == 2, why="the main stream is not asked for")
    await looker.sees()


async def test_a_wall_opens_by_small_streams_alone_where_it_is_known_how_large_they_are(
    stand: CameraStand,
) -> None:
    stand.node()
    gateway = stand.gateway()
    await stand.ready()
    small = StreamFacts(layer="sub", codec="H264", width=320, height=180, fps=10, bps=150_000)
    large = StreamFacts(layer="main", codec="H264", width=640, height=360, fps=10, bps=900_000)
    for camera in (CAMERA, OTHER):
        stand.directory.put(camera, LEADER, sub=True)
        stand.directory.facts[camera] = Facts(state="ok", streams=[large, small])
    looker = await stand.looker(slots=2)
    await looker.select(CAMERA, OTHER, tile=(200, 112))
    for slot in range(2):
        await looker.sees(slot=slot)
    assert {target.url.rpartition("/")[2] for target in stand.scene.opened} == {"sub"}
    [main] = gateway.cameras.by_id[OTHER].pulls["main"].layers
    assert (main.size, main.rates.cumulative_bps) == ((640, 360), (900_000,))


async def test_it_is_known_how_long_a_picture_really_flowed(stand: CameraStand) -> None:
    flows: list[tuple[str, str, float, str]] = []
    stand.cameras.on_flow.append(lambda *flow: flows.append(flow))
    stand.node()
    stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER)
    stand.scene.still = True
    looker = await stand.looker()
    await looker.select(CAMERA)
    await asyncio.sleep(2.0)
    stand.scene.still = False
    assert not flows, "a picture that never came flows to nobody"
    await eventually(lambda: bool(flows) and flows[-1][2] >= 2, 8, "it is not told that the picture flows")
    assert flows[-1][:2] == (LEADER.id, CAMERA)
    assert stand.cameras.flows(LEADER.id)[CAMERA].seconds >= 2
    await looker.select(None)
    await eventually(lambda: flows[-1][2] == 0, 5, "it is not told that the picture has stopped")


async def test_who_watched_stands_in_the_journal(stand: CameraStand) -> None:
    stand.node()
    stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER)
    looker = await stand.looker()
    await looker.select(CAMERA)
    await eventually(
        lambda: any(flow.seconds >= 2 for flow in stand.cameras.flows(LEADER.id).values()), 8, "nothing flows"
    )
    await stand.cameras.stop()
    [entry] = [each for each in stand.stand.writer.entries if each.kind == "camera.watched"]
    [look] = entry.data["looks"]
    assert (look["account"], look["camera"], look["camera_name"]) == (LEADER.id, CAMERA, "村口")
    assert look["begun"] < look["until"]
    assert look["seconds"] >= 1
    assert "secret" not in repr(entry.data)


async def test_a_camera_in_a_meeting_is_seen_by_who_is_there_and_counted_by_nobody(
    stand: CameraStand,
) -> None:
    stand.node()
    stand.gateway()
    await stand.ready()
    stand.directory.put(CAMERA, LEADER)
    meeting = await stand.stand.meeting()
    found = {"name": "坦渡村 村口", "center": STATION.center}
    with pytest.raises(Refusal, match="no such camera"):
        await stand.stand.writer.give(LEADER, "camera.bring", {"camera": CAMERA, "found": None}, meeting)
    with pytest.raises(Refusal):
        await stand.stand.writer.give(STATION, "camera.bring", {"camera": CAMERA, "found": found}, meeting)
    await stand.stand.writer.give(LEADER, "camera.bring", {"camera": CAMERA, "found": found}, meeting)
    state = stand.stand.writer.state.meetings[meeting]
    assert {seat.id for seat in state.joined} == {LEADER.id, STATION.id}
    await stand.stand.writer.give(LEADER, "stage.broadcast", {"participant": CAMERA}, meeting)
    looker = await stand.looker(STATION, meeting=meeting)
    await looker.sees()  # the stage
    without = await stand.looker(LEADER, meeting=meeting, codec="VP8")
    await without.sees(timeout_s=20)  # transcoded, for who takes no H264
    assert len(stand.scene.opened) == 1
    await stand.stand.writer.give(LEADER, "camera.part", {"camera": CAMERA}, meeting)
    assert stand.stand.writer.entries[-1].kind == "stage.broadcast", "the stage is free again"
    await eventually(lambda: not stand.scene.running, 5, "the camera is still pulled")
