"""Cameras are turned by one hand at a time, the higher center's first, and stand still when the hand dies."""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from clients.camera.onvif import OnvifServer
from clients.camera.scene import Scene
from clients.camera.server import Camera as Simulated
from clients.camera.turntable import Turntable
from hub.cameras.seats import IDLE_S
from hub.entry import Entry
from hub.gateway.onvif_calls import OnvifCalls
from signaling.http_camera_devices import TURNING
from tests.support.camera_pull import LOOPBACK
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, OTHER_COUNTY, TOWN, VILLAGE
from tests.support.waiting import eventually

PAGE = Path(__file__).resolve().parents[1] / "support" / "turning_page.py"
TOLD: list[Entry] = []
SERIAL = itertools.count(100)
NETWORK = {"HUB_CAMERA_NETWORKS": "127.0.0.0/8"}


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, **NETWORK) as edge:
        TOLD.clear()
        edge.writer.subscribe(TOLD.extend)
        yield edge


async def add(edge: Edge, onvif: str | None = "http://127.0.0.1:9/onvif", **more: Any) -> str:
    admin = await edge.person("system_admin", CITY, number=next(SERIAL))
    body = {"center": VILLAGE, "name": "村口", "main": "rtsp://127.0.0.1/a", "onvif": onvif, **more}
    async with admin.http.post("/api/v1/cameras", json=body) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["camera"])


def kinds() -> list[tuple[str, dict[str, Any]]]:
    """The entries about turning, with what they say."""
    return [
        (entry.kind, dict(entry.data)) for entry in TOLD if entry.kind in ("camera.taken", "camera.released")
    ]


async def turn(listener: Any, camera: str, do: str = "move", **more: Any) -> Any:
    return await listener.call("turn", {"camera": camera, "do": do, **more})


async def test_taking_moving_and_letting_go(edge: Edge) -> None:
    camera = await add(edge)
    station, watcher = await edge.person("station", VILLAGE), await edge.person("dispatcher", TOWN)
    edge.media.cameras.watching[camera] = [{"account": watcher.account.id, "name": "a", "center": TOWN}]
    page = await edge.listen(station)
    other = await edge.listen(watcher)
    answer = await turn(page, camera, pan=0.5, tilt=-1)
    assert answer["hand"]["account"] == station.account.id
    assert edge.media.cameras.asked == [("ptz.move", camera, {"pan": 0.5, "tilt": -1.0, "zoom": 0.0})]
    told = await other.until("media", kind="turning", moving=True)
    assert told["hand"]["center"] == VILLAGE
    await turn(page, camera)
    assert edge.media.cameras.asked[-1][0] == "ptz.stop"
    assert (await turn(page, camera, "recall", preset="2"))["hand"]
    assert ("ptz.recall", camera, {"preset": "2"}) in edge.media.cameras.asked
    edge.media.cameras.on_turn_refused(camera, "unreachable")
    await page.until("media", kind="turning", refused="unreachable")
    assert (await turn(page, camera, "release"))["hand"] is None
    await other.until("media", kind="turning", hand=None)
    assert (await turn(page, camera, pan=1))["hand"]
    await page.client.disconnect()
    await eventually(lambda: edge.media.cameras.asked[-1][0] == "ptz.stop", why="it turns on")
    await eventually(lambda: len(kinds()) == 4, why="the journal was not told")
    found = kinds()
    assert [kind for kind, _ in found] == ["camera.taken", "camera.released"] * 2
    assert found[3][1]["reason"] == "gone"
    assert found[1][1]["reason"] == "released"
    assert found[1][1]["moves"] == 2


async def test_a_higher_center_takes_it_and_a_lower_one_waits(edge: Edge) -> None:
    camera = await add(edge)
    station, town = await edge.person("station", VILLAGE), await edge.person("dispatcher", TOWN)
    city, same = await edge.person("leader", CITY), await edge.person("leader", TOWN, number=1)
    low = await edge.listen(station)
    middle = await edge.listen(town)
    high = await edge.listen(city)
    beside = await edge.listen(same)
    assert (await turn(low, camera, pan=1))["hand"]
    assert (await turn(middle, camera, pan=-1))["hand"]["account"] == town.account.id
    await low.until("media", kind="turning", camera=camera)
    for page in (low, beside):
        assert (await turn(page, camera, pan=1))["error"]["code"] == "conflict"
    assert (await turn(high, camera, "take"))["hand"]["account"] == city.account.id
    assert (await turn(middle, camera, pan=1))["error"]["code"] == "conflict"
    # Whoever may turn it may stop it: what moves may hit somebody.
    assert "error" not in await turn(low, camera, "stop")
    found = [(kind, data.get("taken_from"), data.get("reason")) for kind, data in kinds()]
    assert found[:5] == [
        ("camera.taken", "", None),
        ("camera.released", None, "taken"),
        ("camera.taken", station.account.name, None),
        ("camera.released", None, "taken"),
        ("camera.taken", town.account.name, None),
    ]


async def test_a_hand_that_rests_is_taken_off(edge: Edge) -> None:
    camera = await add(edge)
    station = await edge.person("station", VILLAGE)
    turning = edge.app[TURNING]
    now = time.monotonic()
    turning._clock = lambda: now
    page = await edge.listen(station)
    await turn(page, camera, "take")
    now += IDLE_S - 1
    await turning.look()
    assert (await turn(page, camera, "look"))["hand"]
    now += 2
    await turning.look()
    assert (await turn(page, camera, "look"))["hand"] is None
    assert kinds()[-1][1]["reason"] == "idle"


async def test_who_may_not_turn_it(edge: Edge) -> None:
    camera = await add(edge)
    for role, center, code in (
        ("leader", OTHER_COUNTY, "not_found"),
        ("clerk", TOWN, "not_found"),
        ("station", TOWN, "not_found"),
        ("system_admin", CITY, "forbidden"),
        ("audit_admin", CITY, "forbidden"),
    ):
        person = await edge.person(role, center)
        page = await edge.listen(person)
        for do in ("look", "take", "move", "stop", "recall", "release"):
            assert (await turn(page, camera, do, pan=1, preset="1"))["error"]["code"] == code, (role, do)
        async with person.http.get(f"/api/v1/cameras/{camera}/presets") as answer:
            assert answer.status == {"not_found": 404, "forbidden": 403}[code]
    assert edge.media.cameras.asked == []


async def test_sharing_gives_no_hand_and_a_camera_without_onvif_has_no_neck(edge: Edge) -> None:
    shared = await add(edge, shared=[OTHER_COUNTY])
    fixed = await add(edge, None, main="rtsp://127.0.0.1/b")
    guest, station = await edge.person("leader", OTHER_COUNTY), await edge.person("station", VILLAGE)
    page = await edge.listen(guest)
    own = await edge.listen(station)
    assert (await turn(page, shared, pan=1))["error"]["code"] == "forbidden"
    assert (await turn(own, fixed, pan=1))["error"]["code"] == "unprocessable"
    for speeds in ({"pan": 1.5}, {"pan": "fast"}, {"roll": 1}):
        assert (await turn(own, shared, **speeds))["error"]["code"] == "invalid"


@pytest.fixture
async def dome(edge: Edge) -> AsyncIterator[tuple[str, Turntable]]:
    """A camera of the directory that is really there, by way of a gateway's calls."""
    table = Turntable()
    server = OnvifServer(
        {"dome": Simulated("dome", Scene("a", 320, 180), turntable=table)}, "rtsp://127.0.0.1:1"
    )
    await server.start()
    gateway = OnvifCalls(LOOPBACK, time.monotonic, lambda event, data: None)
    camera = await add(edge, server.url("dome"))

    async def ask(method: str, camera: str, **more: Any) -> dict[str, Any]:
        return await gateway.calls()[method]({"camera": camera, "onvif": server.url("dome"), **more}) or {}

    edge.media.cameras.asks.turn = ask  # type: ignore[method-assign]
    yield camera, table
    await gateway.hands.close()
    await server.close()


async def presets(person: Person, camera: str) -> list[dict[str, Any]]:
    async with person.http.get(f"/api/v1/cameras/{camera}/presets") as answer:
        assert answer.status == 200, await answer.text()
        return list((await answer.json())["presets"])


async def test_directions_are_made_renamed_and_taken_away(edge: Edge, dome: tuple[str, Turntable]) -> None:
    camera, table = dome
    station, watcher = await edge.person("station", VILLAGE), await edge.person("dispatcher", TOWN)
    edge.media.cameras.watching[camera] = [{"account": watcher.account.id, "name": "a", "center": TOWN}]
    page, other = await edge.listen(station), await edge.listen(watcher)
    table.pan, table.ascii_only = 0.75, True
    answer = await turn(page, camera, "remember", name=" 泄洪闸  左 ")
    assert answer["hand"]["account"] == station.account.id
    # The camera could not take the name: people read it all the same.
    assert answer["presets"][-1] == {"token": "3", "name": "泄洪闸 左", "told": "Preset 3"}
    assert table.presets["3"][1][0] == 0.75
    await other.until("media", kind="turning", presets=True)
    assert (await turn(page, camera, "rename", preset="1", name="村口东"))["presets"][0]["name"] == "村口东"
    assert table.presets["1"] == ("村口", (-0.5, 0.0, 0.0)), "a rename turned the camera"
    table.pan = 0.1
    assert (await turn(page, camera, "remember", preset="1"))["presets"][0]["name"] == "村口东"
    assert table.presets["1"][1][0] == 0.1
    # Who would take one away is told that a patrol turns there.
    stops = [{"camera": camera, "preset": {"token": "2", "name": "河堤"}}, {"camera": camera}]
    await watcher.command("patrol.keep", center=VILLAGE, title="夜巡", stops=stops)
    for person, used in ((watcher, 1), (await edge.person("leader", CITY), 1)):
        found = await presets(person, camera)
        assert [(each["name"], each["stops"]) for each in found] == [
            ("村口东", 0),
            ("河堤", used),
            ("泄洪闸 左", 0),
        ]
    # Somebody called it otherwise at the camera itself: that is what holds.
    table.presets["1"] = ("gate", table.presets["1"][1])
    assert (await presets(station, camera))[0]["name"] == "gate"
    answer = await turn(page, camera, "forget", preset="2")
    assert [each["token"] for each in answer["presets"]] == ["1", "3"]
    told = [
        {name: entry.data[name] for name in ("account_name", "done", "preset", "preset_name", "was")}
        for entry in TOLD
        if entry.kind == "camera.preset_changed"
    ]
    assert [tuple(each.values())[1:] for each in told] == [
        ("set", "3", "泄洪闸 左", ""),
        ("renamed", "1", "村口东", "村口"),
        ("replaced", "1", "村口东", "村口东"),
        ("removed", "2", "河堤", "河堤"),
    ]
    assert {each["account_name"] for each in told} == {station.account.name}
    async with station.http.get(f"/api/v1/cameras/{camera}") as answer:
        assert [each["name"] for each in (await answer.json())["facts"]["presets"]] == ["gate", "泄洪闸 左"]


async def test_directions_are_changed_by_whose_hand_it_is_under_and_by_nobody_without_the_right(
    edge: Edge, dome: tuple[str, Turntable]
) -> None:
    camera, table = dome
    before = dict(table.presets)
    low, high = await edge.person("station", VILLAGE), await edge.person("dispatcher", TOWN)
    mine, theirs = await edge.listen(low), await edge.listen(high)
    assert (await turn(theirs, camera, "take"))["hand"]
    for do in ("remember", "rename", "forget"):
        asked = {"do": do, "preset": "1", "name": "a"}
        assert (await turn(mine, camera, **asked))["error"]["code"] == "conflict", do
        for role, center, code in (
            ("leader", OTHER_COUNTY, "not_found"),
            ("clerk", TOWN, "not_found"),
            ("system_admin", CITY, "forbidden"),
        ):
            page = await edge.listen(await edge.person(role, center, number=next(SERIAL)))
            assert (await turn(page, camera, **asked))["error"]["code"] == code, (do, role)
    for asked, code, field in (
        ({"do": "remember", "name": "河堤"}, "conflict", "name"),
        ({"do": "remember", "name": "  "}, "invalid", "name"),
        ({"do": "remember", "name": "x" * 61}, "invalid", "name"),
        ({"do": "remember", "name": "a", "preset": "9"}, "not_found", "preset"),
        ({"do": "rename", "name": "a", "preset": "9"}, "not_found", "preset"),
        ({"do": "forget", "preset": "9"}, "not_found", "preset"),
    ):
        error = (await turn(theirs, camera, **asked))["error"]
        assert (error["code"], error["field"]) == (code, field), asked
    assert table.presets == before
    assert not [entry for entry in TOLD if entry.kind == "camera.preset_changed"]


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
async def test_it_stands_still_within_600_ms_of_the_death_of_the_page(
    edge: Edge, dome: tuple[str, Turntable], death: signal.Signals
) -> None:
    """From the page's key to the camera's neck, with the gateway's own half second in between."""
    camera, table = dome
    person: Person = await edge.person("station", VILLAGE)
    page = await asyncio.create_subprocess_exec(
        sys.executable, str(PAGE), edge.url, person.token, camera, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert page.stdout is not None
        for _ in range(4):
            assert await page.stdout.readline() == b"turning\n"
        assert table.is_moving(time.monotonic())
        page.send_signal(death)
        begun = time.monotonic()
        await eventually(lambda: not table.is_moving(time.monotonic()), 2.0, "it turns on")
        assert time.monotonic() - begun <= 0.6
    finally:
        if page.returncode is None:
            page.kill()
        await page.wait()
