"""Devices are found on the networks of cameras, asked for their streams, and put into the directory by who manages cameras."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from clients.camera.onvif import OnvifServer
from clients.camera.scene import Scene
from clients.camera.server import Camera
from clients.camera.turntable import Turntable
from hub.gateway import discovery
from hub.gateway.onvif_calls import OnvifCalls
from tests.support.camera_pull import LOOPBACK
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, OTHER_COUNTY, TOWN, VILLAGE

USER, PASSWORD = "admin", "secret & <word>"
NETWORK = {"HUB_CAMERA_NETWORKS": "127.0.0.0/8"}


@pytest.fixture
async def server() -> AsyncIterator[OnvifServer]:
    """A dome, and a camera that is fixed; their passwords are the same."""
    big, small = Scene("a", 320, 180), Scene("a", 160, 90)
    made = {
        "dome": Camera("dome", big, small, USER, PASSWORD, turntable=Turntable()),
        "other": Camera("other", big, None, USER, PASSWORD, turntable=Turntable()),
    }
    server = OnvifServer(made, "rtsp://127.0.0.1:8554")
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def edge(tmp_path: Path, server: OnvifServer) -> AsyncIterator[Edge]:
    """A hub whose gateway is really there."""
    gateway = OnvifCalls(LOOPBACK, time.monotonic, lambda event, data: None)
    async with running_edge(tmp_path, **NETWORK) as edge:

        async def ask(method: str, **more: Any) -> dict[str, Any]:
            edge.media.cameras.asked.append((method, "", more))
            if method in edge.media.cameras.answers:
                return edge.media.cameras.answers[method]
            return await gateway.calls()[method](more) or {}

        edge.media.cameras.asks.onvif = ask  # type: ignore[method-assign]
        yield edge
    await gateway.hands.close()


async def ask(who: Person, path: str, body: Any = None) -> tuple[int, Any]:
    async with who.http.post(f"/api/v1/cameras{path}", json=body) as answer:
        return answer.status, await answer.json()


def device(server: OnvifServer, name: str = "dome", password: str = PASSWORD) -> dict[str, str]:
    return {"onvif": server.url(name), "user": USER, "password": password}


async def test_addresses_of_a_small_network_are_asked_one_by_one(server: OnvifServer) -> None:
    port = await server.answer_questions()
    found = await discovery.ask_each("127.0.0.1/32", LOOPBACK, 0.3, port)
    assert [(each.name, each.onvif) for each in found] == [
        ("dome", server.url("dome")),
        ("other", server.url("other")),
    ]
    for network in ("127.0.0.0/16", "fe80::/120", "all of them", ""):
        with pytest.raises(discovery.NotAsked):
            await discovery.ask_each(network, LOOPBACK, 0.1, port)
    # Outside the networks of cameras nobody is asked, and who answers for another place is left out.
    assert await discovery.ask_each("127.0.0.1/32", [ip_network("10.0.0.0/8")], 0.1, port) == []


async def test_what_answers_is_told_with_what_the_directory_has_of_it(
    edge: Edge, server: OnvifServer
) -> None:
    admin = await edge.person("system_admin", CITY)
    for number, more in enumerate(({"onvif": server.url("dome")}, {})):
        body = {"center": VILLAGE, "name": f"村口{number}", "main": f"rtsp://127.0.0.1/{number}", **more}
        status, made = await ask(admin, "", body)
        assert status == 201
        if number == 0:
            known = made["camera"]
    edge.media.cameras.answers["onvif.discover"] = {
        "found": [
            {"address": "127.0.0.1", "onvif": server.url(name), "name": name, "hardware": "b"}
            for name in ("dome", "other")
        ]
    }
    status, found = await ask(admin, "/discoveries", {"network": "127.0.0.0/28"})
    assert status == 200
    assert edge.media.cameras.asked[-1] == ("onvif.discover", "", {"network": "127.0.0.0/28"})
    assert [(each["known"], each["camera"], each["here"]) for each in found["devices"]] == [
        (True, known, 1),
        (False, None, 1),
    ]
    async with admin.http.get("/api/v1/cameras/networks") as answer:
        told = (await answer.json())["networks"]
    assert told == [{"network": "127.0.0.0/8", "addresses": 2**24, "asked": True}]


async def test_a_device_shows_its_streams_and_becomes_a_camera(edge: Edge, server: OnvifServer) -> None:
    admin = await edge.person("system_admin", CITY)
    status, found = await ask(admin, "/profiles", device(server))
    assert status == 200
    assert found["device"]["model"] == "DEMO-720"
    assert [(each["token"], each["width"], each["known"]) for each in found["profiles"]] == [
        ("main", 320, None),
        ("sub", 160, None),
    ]
    status, shown = await ask(admin, "/snapshots", {**device(server), "profile": "sub"})
    assert status == 200, shown
    assert base64.b64decode(shown["jpeg"]).startswith(b"\xff\xd8")
    new = {"center": VILLAGE, "name": "泄洪闸", "kind": "ptz", "tags": ["防汛"], **device(server)}
    status, made = await ask(admin, "", {**new, "streams": {"main": "main", "sub": "sub"}})
    assert (status, made["layers"], made["onvif"]) == (201, ["main", "sub"], True)
    secret = await edge.services.cameras.secret(made["camera"])
    assert secret is not None
    assert (secret.main, secret.sub) == ("rtsp://127.0.0.1:8554/dome/main", "rtsp://127.0.0.1:8554/dome/sub")
    assert (secret.user, secret.password) == (USER, PASSWORD)
    # It is known from now on, by the address of its stream.
    _, found = await ask(admin, "/profiles", device(server))
    assert [each["known"] for each in found["profiles"]] == [made["camera"], None]
    status, _ = await ask(admin, "", {**new, "streams": {"main": "main", "sub": ""}})
    assert status == 409
    status, refused = await ask(admin, "", {**new, "streams": {"main": "third", "sub": ""}})
    assert (status, refused["error"]["field"]) == (404, "main")


async def test_a_camera_of_the_directory_is_asked_anew_by_what_is_kept_of_it(
    edge: Edge, server: OnvifServer
) -> None:
    admin = await edge.person("system_admin", CITY)
    body = {"center": VILLAGE, "name": "村口", "main": "rtsp://127.0.0.1/old", **device(server)}
    _, made = await ask(admin, "", body)
    camera = made["camera"]
    status, found = await ask(admin, "/profiles", {"camera": camera})
    assert (status, found["onvif"], len(found["profiles"])) == (200, server.url("dome"), 2)
    change = {"streams": {"main": "main", "sub": "sub"}}
    async with admin.http.patch(f"/api/v1/cameras/{camera}", json=change) as answer:
        assert (answer.status, (await answer.json())["layers"]) == (200, ["main", "sub"])
    secret = await edge.services.cameras.secret(camera)
    assert secret is not None
    assert (secret.main, secret.password) == ("rtsp://127.0.0.1:8554/dome/main", PASSWORD)
    # What is kept goes to the camera's own host alone, whoever asks.
    edge.media.cameras.answers["onvif.profiles"] = {"profiles": []}
    for onvif, password in (("http://127.0.0.1:1/x", PASSWORD), ("http://127.0.0.9/x", "")):
        await ask(admin, "/profiles", {"camera": camera, "onvif": onvif})
        assert edge.media.cameras.asked[-1][2]["password"] == password


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"password": "wrong"}, 503, "credentials"),
        ({"onvif": "http://127.0.0.1:1/onvif"}, 503, "unreachable"),
        ({"onvif": "http://10.0.0.1/onvif"}, 422, "onvif"),
        ({"onvif": "ftp://127.0.0.1/onvif"}, 400, "onvif"),
        ({"onvif": ""}, 400, "onvif"),
    ],
)
async def test_what_goes_wrong_has_its_word_and_no_password(
    edge: Edge, server: OnvifServer, body: dict[str, str], status: int, field: str
) -> None:
    admin = await edge.person("system_admin", CITY)
    for path in ("/profiles", "/snapshots"):
        found, refused = await ask(admin, path, {**device(server), **body})
        assert (found, refused["error"]["field"]) == (status, field), path
        assert PASSWORD not in json.dumps(refused)


async def test_nobody_searches_but_who_manages_cameras(edge: Edge, server: OnvifServer) -> None:
    for role, center in (("leader", CITY), ("dispatcher", TOWN), ("station", VILLAGE), ("audit_admin", CITY)):
        person = await edge.person(role, center)
        for path in ("/discoveries", "/profiles", "/snapshots"):
            assert (await ask(person, path, device(server)))[0] == 403, (role, path)
        async with person.http.get("/api/v1/cameras/networks") as answer:
            assert answer.status == 403
    admin, other = await edge.person("system_admin", CITY), await edge.person("system_admin", OTHER_COUNTY)
    _, made = await ask(admin, "", {"center": VILLAGE, "name": "a", "main": "rtsp://127.0.0.1/a"})
    assert (await ask(other, "/profiles", {"camera": made["camera"]}))[0] == 404
    assert edge.media.cameras.asked == []
