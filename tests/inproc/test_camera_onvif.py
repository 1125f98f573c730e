"""Cameras are asked by ONVIF over real sockets, and turned with a dead man's switch."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest

from clients.camera.onvif import OnvifServer
from clients.camera.scene import Scene
from clients.camera.server import Camera
from clients.camera.turntable import Turntable
from hub.errors import Refusal
from hub.gateway.discovery import discover
from hub.gateway.onvif import OnvifProblem, Profile, open_device
from hub.gateway.onvif_calls import OnvifCalls
from hub.gateway.turning import HOLD_S
from tests.support.camera_pull import LOOPBACK
from tests.support.waiting import eventually

USER, PASSWORD = "admin", "secret & <word>"
MAIN, SUB = Scene("a", 320, 180), Scene("a", 160, 90)


@pytest.fixture
def table() -> Turntable:
    return Turntable()


@pytest.fixture
async def server(table: Turntable) -> AsyncIterator[OnvifServer]:
    cameras = {
        "dome": Camera("dome", MAIN, SUB, USER, PASSWORD, turntable=table),
        "fixed": Camera("fixed", MAIN, None, USER, PASSWORD),
    }
    server = OnvifServer(cameras, "rtsp://127.0.0.1:8554")
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def calls() -> AsyncIterator[OnvifCalls]:
    told: list[tuple[str, dict[str, object]]] = []
    calls = OnvifCalls(LOOPBACK, time.monotonic, lambda event, data: told.append((event, data)))
    yield calls
    await calls.hands.close()


def args(server: OnvifServer, camera: str = "dome", **more: object) -> dict[str, object]:
    return {"camera": camera, "onvif": server.url(camera), "user": USER, "password": PASSWORD, **more}


async def test_its_streams_are_found_though_it_names_an_address_of_its_own(server: OnvifServer) -> None:
    device = await open_device(server.url("dome"), USER, PASSWORD, LOOPBACK)
    assert await device.profiles() == [
        Profile("main", "main", "rtsp://127.0.0.1:8554/dome/main", "H264", 320, 180, True, "lens"),
        Profile("sub", "sub", "rtsp://127.0.0.1:8554/dome/sub", "H264", 160, 90, True, "lens"),
    ]
    assert (await device.snapshot()).startswith(b"\xff\xd8")
    assert [each.name for each in await device.presets()] == ["村口", "河堤"]
    await device.close()


@pytest.mark.parametrize(
    ("url", "password", "reason"),
    [
        ("{}", "wrong", "credentials"),
        ("http://192.0.2.7/onvif", PASSWORD, "not_allowed"),
        ("http://169.254.169.254/latest", PASSWORD, "not_allowed"),
        ("ftp://127.0.0.1/", PASSWORD, "malformed"),
        ("http://127.0.0.1:1/onvif", PASSWORD, "unreachable"),
    ],
)
async def test_what_cannot_be_asked_has_its_word(
    server: OnvifServer, url: str, password: str, reason: str
) -> None:
    async def ask() -> None:
        device = await open_device(url.format(server.url("dome")), USER, password, LOOPBACK)
        try:
            await device.profiles()
        finally:
            await device.close()

    with pytest.raises(OnvifProblem) as problem:
        await ask()
    assert problem.value.reason == reason
    assert PASSWORD not in str(problem.value)


async def test_a_move_ends_by_itself_half_a_second_after_it_was_last_renewed(
    server: OnvifServer, calls: OnvifCalls, table: Turntable
) -> None:
    move = calls.calls()["ptz.move"]
    for _ in range(4):
        await move(args(server, pan=0.5, tilt=0.0, zoom=0.0))
        await asyncio.sleep(0.15)
    assert table.is_moving(time.monotonic())
    last = time.monotonic() - 0.15
    await eventually(lambda: not table.is_moving(time.monotonic()), 2.0, "it turns on")
    stopped = time.monotonic() - last
    assert HOLD_S - 0.1 <= stopped <= 0.6
    assert table.moves[-1][1] == (0.0, 0.0, 0.0)
    table.settle(time.monotonic())
    assert table.pan > 0.1


async def test_a_stop_is_at_once_and_another_direction_too(
    server: OnvifServer, calls: OnvifCalls, table: Turntable
) -> None:
    by = calls.calls()
    await by["ptz.move"](args(server, pan=1.0))
    await eventually(lambda: table.is_moving(time.monotonic()), why="it does not turn")
    await by["ptz.move"](args(server, pan=-1.0, tilt=0.5))
    await eventually(lambda: table.moves[-1][1] == (-1.0, 0.5, 0.0), 0.4, "it does not turn back")
    begun = time.monotonic()
    await by["ptz.stop"]({"camera": "dome"})
    await eventually(lambda: not table.is_moving(time.monotonic()), 1.0, "it does not stop")
    assert time.monotonic() - begun < 0.3


async def test_a_device_that_hangs_stops_by_itself(
    server: OnvifServer, calls: OnvifCalls, table: Turntable
) -> None:
    await calls.calls()["ptz.move"](args(server, pan=1.0))
    await eventually(lambda: table.is_moving(time.monotonic()), why="it does not turn")
    server.hung = True
    await eventually(lambda: not table.is_moving(time.monotonic()), 1.5, "it turns for ever")
    server.hung = False


async def test_a_gateway_that_ends_stops_what_turns(
    server: OnvifServer, calls: OnvifCalls, table: Turntable
) -> None:
    await calls.calls()["ptz.move"](args(server, zoom=1.0))
    await eventually(lambda: table.is_moving(time.monotonic()), why="it does not turn")
    await calls.hands.close()
    assert not table.is_moving(time.monotonic())


async def test_presets_are_recalled(server: OnvifServer, calls: OnvifCalls, table: Turntable) -> None:
    by = calls.calls()
    told = await by["ptz.presets"](args(server))
    assert told == {"presets": [{"token": "1", "name": "村口"}, {"token": "2", "name": "河堤"}]}
    await by["ptz.recall"](args(server, preset="2"))
    assert (table.pan, table.tilt, table.zoom) == (0.5, 0.25, 0.5)
    with pytest.raises(Refusal):
        await by["ptz.recall"](args(server, preset="9"))


async def test_a_fixed_camera_is_not_turned(server: OnvifServer, calls: OnvifCalls) -> None:
    with pytest.raises(Refusal) as refused:
        await calls.calls()["ptz.presets"](args(server, "fixed"))
    assert refused.value.field == "not_offered"


@pytest.mark.parametrize("speed", [1.1, -2, float("nan"), "fast", True])
async def test_speeds_have_bounds(server: OnvifServer, calls: OnvifCalls, speed: object) -> None:
    with pytest.raises(Refusal):
        await calls.calls()["ptz.move"](args(server, pan=speed))


async def test_devices_answer_a_call_and_only_those_inside_are_told(server: OnvifServer) -> None:
    try:
        await server.answer_calls()
    except OSError as problem:  # no multicast on this machine's loopback
        pytest.skip(str(problem))
    found = await discover(LOOPBACK, ["127.0.0.1"], 0.6)
    # Others of this machine may answer, too.
    assert [each.name for each in found if str(server.port) in each.onvif] == ["dome"]
    assert await discover([ip_network("10.0.0.0/8")], ["127.0.0.1"], 0.3) == []


async def test_a_direction_is_remembered_replaced_and_forgotten(
    server: OnvifServer, calls: OnvifCalls, table: Turntable
) -> None:
    by = calls.calls()
    table.pan, table.tilt = 0.25, -0.5
    made = await by["ptz.remember"](args(server, name="泄洪闸 <左> & 右"))
    assert made == {"token": "3"}
    assert table.presets["3"] == ("泄洪闸 <左> & 右", (0.25, -0.5, 0.0))
    found = await by["ptz.presets"](args(server))
    assert found is not None
    assert {"token": "3", "name": "泄洪闸 <左> & 右"} in found["presets"]
    table.pan = 1.0
    assert await by["ptz.remember"](args(server, name="村口", preset="1")) == {"token": "1"}
    assert table.presets["1"] == ("村口", (1.0, -0.5, 0.0))
    await by["ptz.forget"](args(server, preset="3"))
    assert "3" not in table.presets
    for method, more in (("ptz.forget", {"preset": "9"}), ("ptz.remember", {"preset": "9", "name": "a"})):
        with pytest.raises(Refusal) as refusal:
            await by[method](args(server, **more))
        assert refusal.value.code == "unavailable"


async def test_a_camera_that_knows_ascii_alone_is_asked_without_the_name(
    server: OnvifServer, calls: OnvifCalls, table: Turntable
) -> None:
    table.ascii_only = True
    assert await calls.calls()["ptz.remember"](args(server, name="泄洪闸")) == {"token": "3"}
    assert table.presets["3"][0] == "Preset 3"
