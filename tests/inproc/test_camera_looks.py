"""Pictures of cameras at the edge: made by the hub, named by an entry, read by right; stills for who watches; who watched."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.rules import parse_data
from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE

NETWORK = {"HUB_CAMERA_NETWORKS": "10.43.0.0/16"}
JPEG = b"\xff\xd8\xff\xe0" + b"what the camera showed" * 40
CAMERA = {"center": VILLAGE, "name": "村口", "main": "rtsp://10.43.0.7/1"}


async def added(edge: Edge, *, by: int = 0, **more: Any) -> str:
    """A camera of 坦渡村; `by` is the number of the administrator who adds it."""
    admin = await edge.person("system_admin", CITY, number=by)
    async with admin.http.post("/api/v1/cameras", json={**CAMERA, **more}) as answer:
        assert answer.status == 201
        camera = (await answer.json())["camera"]
    assert isinstance(camera, str)
    return camera


async def pictured(person: Person, camera: str) -> tuple[int, dict[str, Any]]:
    async with person.http.post(f"/api/v1/cameras/{camera}/pictures") as answer:
        return answer.status, await answer.json()


def shows(edge: Edge, camera: str, jpeg: bytes) -> None:
    """What the gateway would give of it from now on."""
    edge.media.cameras.jpegs[camera] = base64.b64encode(jpeg).decode()


async def test_a_picture_is_kept_by_its_digest_and_read_by_who_may_watch(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        camera = await added(edge)
        leader = await edge.person("leader", TOWN)
        assert (await pictured(leader, camera))[0] == 503, "there is no gateway"
        shows(edge, camera, JPEG)
        status, entry = await pictured(leader, camera)
        assert (status, entry["kind"], entry["actor"]["account"]) == (201, "camera.pictured", "system")
        data = entry["data"]
        digest = hashlib.sha256(JPEG).hexdigest()
        assert (data["camera"], data["picture"]["object"]) == (camera, digest)
        assert data["by"]["account"] == leader.account.id
        # it can be named by what follows from it
        order = {"targets": [VILLAGE], "text": "请核实", "attachments": [data["picture"]]}
        assert (await leader.command("order.issue", **order))["entries"]
        for reader in (await edge.person("dispatcher", COUNTY), await edge.person("station", VILLAGE)):
            async with reader.http.get(f"/api/v1/objects/{digest}") as answer:
                assert await answer.read() == JPEG
            told = await reader.get(f"/api/v1/cameras/{camera}/pictures")
            assert [each["data"]["picture"]["object"] for each in told["entries"]] == [digest]
        for stranger in (await edge.person("leader", OTHER_COUNTY), await edge.person("clerk", COUNTY)):
            assert (await pictured(stranger, camera))[0] == 404
            for path in ("pictures", "looks", "still"):
                async with stranger.http.get(f"/api/v1/cameras/{camera}/{path}") as answer:
                    assert answer.status == 404


async def test_what_is_no_picture_is_kept_nowhere(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        camera = await added(edge)
        leader = await edge.person("leader", TOWN)
        for wrong in ("not base64!", base64.b64encode(b"<html>").decode(), "A" * 1_200_000):
            edge.media.cameras.jpegs[camera] = wrong
            status, body = await pictured(leader, camera)
            assert (status, body["error"]["code"]) == (503, "unavailable")
        assert (await leader.get(f"/api/v1/cameras/{camera}/pictures"))["entries"] == []


async def test_stills_are_for_who_watches_and_cost_the_camera_one_picture(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        camera = await added(edge)
        leader, other = await edge.person("leader", TOWN), await edge.person("dispatcher", TOWN)
        shows(edge, camera, JPEG)

        async def still(person: Person) -> tuple[int, bytes]:
            async with person.http.get(f"/api/v1/cameras/{camera}/still", params={"at": "1"}) as answer:
                return answer.status, await answer.read()

        assert (await still(leader))[0] == 404, "nobody watches unseen"
        edge.media.cameras.watching[camera] = [
            {"account": each.account.id, "name": each.account.name, "center": TOWN}
            for each in (leader, other)
        ]
        assert await still(leader) == (200, JPEG)
        shows(edge, camera, JPEG + b"later")
        assert await still(other) == (200, JPEG), "the second gets the picture of the first"


async def test_who_watched_is_read_by_who_may_watch(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        camera, other = await added(edge), await added(edge, by=1, main="rtsp://10.43.0.8/1")
        leader, stranger = await edge.person("leader", TOWN), await edge.person("leader", OTHER_COUNTY)
        look = {
            "camera_name": "村口",
            "account": leader.account.id,
            "name": "某",
            "center": TOWN,
            "seconds": 55,
        }
        look |= {"begun": "2026-11-23T08:00:00Z", "until": "2026-11-23T08:01:00Z"}
        data = {"at": VILLAGE, "looks": [{**look, "camera": each} for each in (camera, other)]}
        kind = "camera.note_watched"
        await edge.services.writer.submit(
            Command("looked", kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT
        )
        path = f"/api/v1/cameras/{camera}/looks"
        [seen] = (await leader.get(path))["looks"]
        assert (seen["camera"], seen["account"], seen["seconds"]) == (camera, leader.account.id, 55)
        async with stranger.http.get(path) as answer:
            assert answer.status == 404


async def test_entries_of_a_camera_come_in_pages_newest_first(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        camera = await added(edge)
        leader = await edge.person("leader", TOWN)
        seqs = []
        for number in range(5):
            shows(edge, camera, JPEG + bytes([number]))
            seqs.append((await pictured(leader, camera))[1]["seq"])
        path = f"/api/v1/cameras/{camera}/pictures"
        first = await leader.get(path, limit="3")
        assert [each["seq"] for each in first["entries"]] == seqs[:1:-1]
        rest = await leader.get(path, before=str(first["next"]))
        assert [each["seq"] for each in rest["entries"]] == seqs[1::-1]
        assert rest["next"] is None
