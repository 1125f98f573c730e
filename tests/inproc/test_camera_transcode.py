"""Cameras that no browser shows, from an RTSP server through gateway and node: transcoded within a quota, else by pictures."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest

from clients.camera.scene import Scene
from clients.camera.server import Camera, CameraServer
from hub.coordination import links
from hub.gateway import camera, child, pulls
from hub.gateway.process import Gateway
from tests.support.camera_stand import CAMERA, OTHER, CameraStand, camera_stand
from tests.support.coordination_stand import LEADER, STATION
from tests.support.waiting import eventually

_H265 = Scene("h265", 640, 360, 10, 300_000, codec="h265", stretch_s=1, loop_s=2)
_B = Scene("b", 640, 360, 10, 300_000, b_pictures=2, stretch_s=1, loop_s=2)
_PLAIN = Scene("plain", 320, 180, 10, 200_000, stretch_s=1, loop_s=2)


@pytest.fixture
async def server() -> AsyncIterator[CameraServer]:
    server = CameraServer(
        [
            Camera("h265", _H265),
            Camera("b", _B),
            Camera("both", _H265, _H265),
            Camera("sub", _H265, _PLAIN),
            Camera("plain", _PLAIN),
        ]
    )
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CameraStand]:
    monkeypatch.setattr(pulls, "KEEP_S", 0.5)
    monkeypatch.setattr(camera, "_KEPT_S", 0.2)
    monkeypatch.setattr(child, "FIRST_PAUSE_S", 0.2)
    monkeypatch.setattr(child, "HANGS_S", 1.0)
    async with camera_stand(monkeypatch) as stand:
        stand.node()
        yield stand


def told(stand: CameraStand, camera: str = CAMERA) -> tuple[str, str, str | None]:
    """State, reason and what is given instead, as the leader was last told."""
    event: dict[str, Any] = next(
        (each for each in reversed(stand.told("camera")) if each["camera"] == camera), {}
    )
    return event.get("state", ""), event.get("reason", ""), event.get("instead")


async def is_told(
    stand: CameraStand, state: str, reason: str, instead: str | None, camera: str = CAMERA
) -> None:
    def so() -> bool:
        assert told(stand, camera) == (state, reason, instead), told(stand, camera)
        return True

    await eventually(so, 8)


def children(gateway: Gateway) -> list[int]:
    found = [pull._transcoder for camera in gateway.cameras.by_id.values() for pull in camera.pulls.values()]
    return [pid for each in found if each is not None and (pid := each._child.pid) is not None]


@pytest.mark.parametrize("name", ["h265", "b", "both"])
async def test_what_no_browser_shows_arrives_as_h264(
    stand: CameraStand, server: CameraServer, name: str
) -> None:
    gateway = stand.real_gateway()
    await stand.ready()
    stand.directory.put_real(CAMERA, server, name, LEADER)
    looker = await stand.looker()
    await looker.select(CAMERA, tile=(1280, 720))
    await looker.sees(timeout_s=20)  # aiortc decodes what the node sends as H264
    await is_told(stand, "playing", "", "transcoded")
    assert len(children(gateway)) == 1
    await eventually(lambda: server.cameras[name].playing == 1, 5, "one stream is enough")
    await looker.select(None)
    await eventually(lambda: not children(gateway), 5, "the child outlives its last viewer")
    await eventually(lambda: server.cameras[name].playing == 0, 5, "the camera is still pulled")


async def test_a_sub_stream_that_plays_needs_no_transcoder(stand: CameraStand, server: CameraServer) -> None:
    gateway = stand.real_gateway()
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "sub", LEADER)
    looker = await stand.looker()
    await looker.select(CAMERA, tile=(1280, 720))
    await looker.sees(timeout_s=20)
    await is_told(stand, "playing", "", None)
    assert gateway.cameras.quota.dump() == {"most": 1, "held": 0, "waiting": 0}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_child_that_dies_or_hangs_is_replaced(
    stand: CameraStand, server: CameraServer, how: signal.Signals
) -> None:
    gateway = stand.real_gateway()
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "h265", LEADER)
    looker = await stand.looker()
    await looker.select(CAMERA)
    await looker.sees(timeout_s=20)
    [before] = children(gateway)
    os.kill(before, how)
    await is_told(stand, "unplayable", "transcode_failed", "snapshots")
    await looker.sees(timeout_s=20)
    await is_told(stand, "playing", "", "transcoded")
    assert children(gateway) != [before]
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


async def test_over_the_quota_there_are_pictures_with_words_until_a_place_is_free(
    stand: CameraStand, server: CameraServer
) -> None:
    gateway = stand.real_gateway(transcodes=1)
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "h265", LEADER, STATION)
    stand.directory.put_real(OTHER, server, "b", LEADER)
    first, second = await stand.looker(STATION), await stand.looker(LEADER)
    await first.select(CAMERA)
    await first.sees(timeout_s=20)
    await second.select(OTHER)
    await is_told(stand, "unplayable", "quota", "snapshots", camera=OTHER)
    pull = gateway.cameras.by_id[OTHER].pulls["main"]
    await eventually(lambda: pull.raw is not None and bool(pull.raw.kept), 3, "no key picture")
    sessions = server.cameras["b"].sessions
    picture = await stand.cameras.asks.picture(OTHER)
    assert picture["jpeg"]
    assert server.cameras["b"].sessions == sessions, "a camera that is pulled is not dialled again"
    await first.select(None)
    await second.sees(timeout_s=20)
    await is_told(stand, "playing", "", "transcoded", camera=OTHER)


async def test_a_transcoded_camera_comes_back_after_a_reboot(
    stand: CameraStand, server: CameraServer
) -> None:
    gateway = stand.real_gateway()
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "h265", LEADER)
    looker = await stand.looker()
    await looker.select(CAMERA)
    await looker.sees(timeout_s=20)
    before = children(gateway)
    server.cameras["h265"].reboot()
    await eventually(lambda: told(stand)[0] == "reconnecting", 5, "it is not told")
    await looker.sees(timeout_s=10)
    assert children(gateway) == before, "the child has nothing to do with it"


# -- browsers that take no H264


async def test_a_browser_without_h264_is_sent_vp8_beside_others_by_the_same_pull(
    stand: CameraStand, server: CameraServer
) -> None:
    gateway = stand.real_gateway(transcodes=1)
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "plain", LEADER, STATION)
    without, other = await stand.looker(LEADER, codec="VP8"), await stand.looker(STATION)
    await without.select(CAMERA)
    await without.sees(timeout_s=20)
    await is_told(stand, "playing", "", "transcoded")
    await eventually(lambda: CAMERA in stand.cameras.flows(LEADER.id), 5, "it does not count as flowing")
    await other.select(CAMERA)
    await other.sees(timeout_s=10)
    assert stand.told("camera", STATION)[-1]["instead"] is None, "who takes H264 is given it"
    assert max(len(each.listeners) for each in server.cameras["plain"].streams.values()) == 1
    server.cameras["plain"].reboot()
    await without.sees(timeout_s=15)
    await without.select(None)
    await eventually(lambda: gateway.cameras.quota.dump()["held"] == 0, 5, "its place is kept")
    twin = gateway.cameras.by_id[CAMERA].twin
    assert twin is not None
    assert twin.dump() == {"state": "", "of": None, "transcoder": None}
    await other.sees()


async def test_without_h264_and_over_the_quota_there_are_pictures_with_words(
    stand: CameraStand, server: CameraServer
) -> None:
    gateway = stand.real_gateway(transcodes=1)
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "h265", STATION)
    stand.directory.put_real(OTHER, server, "plain", LEADER)
    first, second = await stand.looker(STATION), await stand.looker(LEADER, codec="VP8")
    await first.select(CAMERA)
    await first.sees(timeout_s=20)
    await second.select(OTHER)
    await is_told(stand, "unplayable", "quota", "snapshots", camera=OTHER)
    plain = server.cameras["plain"]
    assert (await stand.cameras.asks.picture(OTHER))["jpeg"]
    assert plain.playing == 0, "nothing is pulled that nobody is shown"
    before = plain.sessions
    for _ in range(3):
        assert (await stand.cameras.asks.picture(OTHER, series=True))["jpeg"]
    assert plain.sessions == before + 1, "a camera that is shown by pictures is not dialled for each"
    await eventually(lambda: plain.playing == 0, 5, "it is pulled though nobody asks for pictures any more")
    # where a viewer's line has no room for it, nobody asks: the word is the same
    await second.select(None)
    await eventually(lambda: gateway.cameras.quota.dump()["waiting"] == 0, 5, "it waits for nobody")
    assert gateway.cameras.by_id[OTHER].state()["twin"] == "quota"
    await second.select(OTHER)
    await is_told(stand, "unplayable", "quota", "snapshots", camera=OTHER)
    await first.select(None)
    await second.sees(timeout_s=20)
    await is_told(stand, "playing", "", "transcoded", camera=OTHER)
    assert gateway.cameras.quota.dump() == {"most": 1, "held": 1, "waiting": 0}


async def test_what_no_browser_shows_is_made_vp8_for_one_that_takes_nothing_else(
    stand: CameraStand, server: CameraServer
) -> None:
    stand.real_gateway()
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "h265", LEADER)
    looker = await stand.looker(LEADER, codec="VP8")
    await looker.select(CAMERA)
    await looker.sees(timeout_s=20)
    await is_told(stand, "playing", "", "transcoded")


async def test_which_codecs_browsers_take_is_known_again_after_control_has_started_anew(
    stand: CameraStand, server: CameraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "NODE_GRACE_S", 20.0)
    gateway = stand.real_gateway()
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "plain", LEADER, STATION)
    without, other = await stand.looker(LEADER, codec="VP8"), await stand.looker(STATION)
    await without.select(CAMERA)
    await other.select(CAMERA)
    await without.sees(timeout_s=20)
    [node] = stand.nodes
    takes = {peer["peer"]: peer.get("takes") for peer in node.sfu.hello()["peers"]}
    assert takes == {without.session: ["vp8"], other.session: None}
    # it knows of its sessions what the node's next hello says
    coordination, link = stand.stand.coordination, node.dialer.link
    assert link is not None
    for looker in (without, other):
        coordination._sessions.remove(looker.session)
    stand.cameras._shown.clear()
    await link.close()
    await eventually(lambda: len(stand.cameras._shown) == 2, 10, "the node has not told what is shown")
    assert stand.cameras._shown.twins() == {CAMERA}
    before = gateway.cameras.by_id[CAMERA].twin
    await without.sees(30, timeout_s=20)
    assert gateway.cameras.by_id[CAMERA].twin is before
    await is_told(stand, "playing", "", "transcoded")


async def test_a_meeting_is_told_how_its_cameras_pictures_are_also_for_browsers_without_h264(
    stand: CameraStand, server: CameraServer
) -> None:
    stand.real_gateway(transcodes=0)
    await stand.ready()
    stand.directory.put_real(CAMERA, server, "h265", LEADER)
    stand.directory.put_real(OTHER, server, "plain", LEADER)
    meeting, give = await stand.stand.meeting(), stand.stand.writer.give
    for each in (CAMERA, OTHER):
        found = {"name": "村口", "center": STATION.center, "sound": False}
        await give(LEADER, "camera.bring", {"camera": each, "found": found}, meeting)

    def sends() -> set[str]:
        told = stand.stand.coordination.media_events(meeting, LEADER)
        return {one["participant"] for each in told if each["kind"] == "sources" for one in each["sources"]}

    await eventually(lambda: sends() == {CAMERA, OTHER}, 10, "cameras that were there first do not count")
    looker = await stand.looker(STATION, 2, meeting=meeting)
    await looker.select(CAMERA, OTHER)
    await looker.sees(slot=1)
    no_place = {"state": "unplayable", "reason": "quota", "instead": "snapshots"}
    plays = {"state": "playing", "reason": "", "instead": None}

    def holds() -> dict[str, tuple[Any, Any]]:
        told = stand.stand.coordination.media_events(meeting, LEADER)
        brought = [each for each in told if each["kind"] == "brought"]
        return {each["camera"]: (each["picture"], each["without_h264"]) for each in brought}

    def so() -> bool:
        assert holds() == {CAMERA: (no_place, no_place), OTHER: (plays, no_place)}, holds()
        return True

    await eventually(so, 10)
    events = [(who, each) for who, each in stand.stand.told if each["kind"] == "brought"]
    assert {who for who, _ in events} == {None}, "it is told to the whole meeting"
    # one more meeting is told at once what is known of it
    second = await stand.stand.meeting()
    found = {"name": "村口", "center": STATION.center, "sound": False}
    await give(LEADER, "camera.bring", {"camera": CAMERA, "found": found}, second)
    assert stand.stand.told[-1][1]["meeting"] == second
    assert stand.stand.told[-1][1]["picture"] == no_place
    await give(LEADER, "camera.part", {"camera": CAMERA}, meeting)
    assert set(holds()) == {OTHER}
