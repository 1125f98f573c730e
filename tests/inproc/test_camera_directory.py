"""The directory of cameras over HTTP: added, changed, shared, found; seen by those who may, and its secrets by nobody."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from hub.cameras.catalog import Facts
from hub.cameras.rights import may_about
from hub.cameras.wanted import CameraFilter
from hub.directory.accounts import ROLES
from hub.store import camera_reading
from hub.store.camera_store import CameraStore
from tests.support import rules
from tests.support.edge import Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE

NETWORK = {"HUB_CAMERA_NETWORKS": "10.43.0.0/16"}
PASSWORD = "Zq9-very+secret@7"


def asked(**more: Any) -> dict[str, Any]:
    """A camera of 坦渡村, with its user and password in the address, as vendors' tools write it."""
    given = {
        "center": VILLAGE,
        "name": "村口",
        "main": f"rtsp://admin:{PASSWORD}@10.43.0.7:554/Streaming/Channels/101",
        "sub": "rtsp://10.43.0.7/Streaming/Channels/102",
        "tags": ["路口"],
        "code": "43068211521032000001",
    }
    return {**given, **more}


async def add(person: Person, **more: Any) -> dict[str, Any]:
    async with person.http.post("/api/v1/cameras", json=asked(**more)) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 201, found
        return found


async def change(person: Person, camera: str, **more: Any) -> tuple[int, dict[str, Any]]:
    async with person.http.patch(f"/api/v1/cameras/{camera}", json=more) as answer:
        return answer.status, await answer.json()


async def names(person: Person, **params: str) -> list[str]:
    return [each["name"] for each in (await person.get("/api/v1/cameras", **params))["cameras"]]


async def test_a_camera_is_added_seen_changed_and_removed(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        leader = await edge.person("leader", TOWN)
        made = await add(admin)
        assert made["layers"] == ["main", "sub"]
        assert made["facts"]["state"] == "unknown"
        assert made["can"] == ["manage"]

        seen = await leader.get(f"/api/v1/cameras/{made['camera']}")
        assert seen["path"] == ["岳阳市", "临湘市", "坦渡镇", "坦渡村"]
        assert seen["can"] == ["watch", "move"]
        assert PASSWORD not in json.dumps(seen)
        assert "10.43" not in json.dumps(seen)

        there = await admin.get(f"/api/v1/cameras/{made['camera']}/addresses")
        assert there == {
            "main": "rtsp://10.43.0.7:554/Streaming/Channels/101",
            "sub": "rtsp://10.43.0.7/Streaming/Channels/102",
            "onvif": None,
            "user": "admin",
            "password": True,
        }
        secret = await edge.services.cameras.secret(made["camera"])
        assert secret is not None
        assert secret.password == PASSWORD

        status, _ = await change(admin, made["camera"], name="村口东", password="other")
        assert status == 200
        secret = await edge.services.cameras.secret(made["camera"])
        assert secret is not None
        assert (secret.user, secret.password) == ("admin", "other")
        assert await names(leader) == ["村口东"]

        async with admin.http.delete(f"/api/v1/cameras/{made['camera']}") as answer:
            assert answer.status == 204
        assert await names(leader) == []


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"main": "http://10.43.0.7/"}, 400, "main"),
        ({"main": "rtsp://192.168.1.7/x"}, 422, "main"),
        ({"main": "rtsp://10.43.0.7:99999/x"}, 400, "main"),
        ({"sub": "rtsp://10.44.0.7/x"}, 422, "sub"),
        ({"center": "430600000009"}, 404, "center"),
        ({"shared": ["430600000009"]}, 404, "shared"),
        ({"code": "with blanks"}, 400, "code"),
    ],
)
async def test_what_cannot_be_a_camera_is_refused(
    tmp_path: Path, more: dict[str, Any], status: int, field: str
) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        async with admin.http.post("/api/v1/cameras", json=asked(**more)) as answer:
            body = await answer.json()
        assert (answer.status, body["error"]["field"]) == (status, field)
        assert PASSWORD not in json.dumps(body)


async def test_two_cameras_have_neither_one_number_nor_one_address(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        await add(admin)
        for field, more in (("code", {"main": "rtsp://10.43.0.8/1"}), ("main", {"code": "2"})):
            async with admin.http.post("/api/v1/cameras", json=asked(**more)) as answer:
                assert (answer.status, (await answer.json())["error"]["field"]) == (409, field)


async def test_sharing_gives_watching_and_ends_at_once(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin, dispatcher = await edge.person("system_admin", CITY), await edge.person("dispatcher", VILLAGE)
        beside = await edge.person("station", OTHER_VILLAGE)
        made = await add(admin)
        camera = made["camera"]
        heard: list[frozenset[str] | None] = []
        edge.services.cameras.listen(heard.append)
        assert await names(beside) == []
        assert (await beside.http.get(f"/api/v1/cameras/{camera}")).status == 404

        assert (await change(dispatcher, camera, shared=[OTHER_VILLAGE]))[0] == 200
        assert await names(beside) == ["村口"]
        assert await names(beside, shared="yes", watch="yes") == ["村口"]
        assert (await edge.services.cameras.readable(beside.account, camera)) is not None
        seen = await beside.get(f"/api/v1/cameras/{camera}")
        assert seen["can"] == ["watch"]
        assert (await beside.get("/api/v1/cameras/counts"))["shared"] == 1

        assert (await change(dispatcher, camera, shared=[]))[0] == 200
        assert heard == [frozenset({camera})] * 2
        assert (await edge.services.cameras.readable(beside.account, camera)) is None
        assert await names(beside) == []


async def test_who_keeps_a_camera_changes_no_address_and_who_reads_it_nothing(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        keeper, above = await edge.person("dispatcher", VILLAGE), await edge.person("dispatcher", TOWN)
        elsewhere = await edge.person("system_admin", OTHER_COUNTY)
        camera = (await add(admin))["camera"]
        assert (await change(keeper, camera, name="村口西", tags=["河道", "河道"]))[0] == 200
        assert (await keeper.get("/api/v1/cameras/tags"))["tags"] == [{"tag": "河道", "cameras": 1}]
        assert (await change(keeper, camera, main="rtsp://10.43.0.9/1"))[0] == 403
        assert (await change(above, camera, name="别的"))[0] == 403
        assert (await change(elsewhere, camera, name="别的"))[0] == 404
        assert (await keeper.http.get(f"/api/v1/cameras/{camera}/addresses")).status == 403
        assert (await keeper.http.delete(f"/api/v1/cameras/{camera}")).status == 403


async def test_a_camera_out_of_use_is_there_for_who_manages_it_alone(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin, leader = await edge.person("system_admin", CITY), await edge.person("leader", CITY)
        camera = (await add(admin, shown=False))["camera"]
        assert (await names(admin), await names(leader)) == (["村口"], [])
        assert (await edge.services.cameras.readable(leader.account, camera)) is None
        assert (await change(admin, camera, shown=True))[0] == 200
        assert await names(leader) == ["村口"]


async def test_cameras_are_found_by_words_pinyin_numbers_tags_and_words_of_the_path(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_edge(tmp_path, database_url=database_url, **NETWORK) as edge:
        admin, leader = await edge.person("system_admin", CITY), await edge.person("leader", CITY)
        await add(admin)
        await add(
            admin,
            center=OTHER_VILLAGE,
            name="水库大坝",
            main="rtsp://10.43.0.9/1",
            code="B-7",
            place="东侧",
            tags=[],
        )
        for text, found in {
            "水库": ["水库大坝"],
            "shuiku": ["水库大坝"],
            "skdb": ["水库大坝"],
            "B-7": ["水库大坝"],
            "路口": ["村口"],
            "东侧": ["水库大坝"],
            "临湘 坦渡村": ["村口"],
            "坦渡": ["水库大坝", "村口"],
            "临湘 大坝": ["水库大坝"],
            "岳阳县 大坝": [],
        }.items():
            for most in (30_000, 1, 0):  # put in order, or read in the order of the table
                monkeypatch.setattr(camera_reading, "_MOST_SORTED", most)
                assert await names(leader, q=text) == found, (text, most)
        pages = [await leader.get("/api/v1/cameras", limit="1", q="坦渡")]
        pages.append(await leader.get("/api/v1/cameras", limit="1", q="坦渡", cursor=pages[0]["next"]))
        assert [page["cameras"][0]["name"] for page in pages] == ["水库大坝", "村口"]
        assert pages[1]["next"] is None
        assert await names(leader, tag="路口") == ["村口"]
        assert await names(leader, center=VILLAGE) == ["村口"]
        assert await names(leader, center=TOWN, below="no") == []
        first = await leader.get("/api/v1/cameras", limit="1")
        second = await leader.get("/api/v1/cameras", limit="1", cursor=first["next"])
        assert [first["cameras"][0]["name"], second["cameras"][0]["name"]] == ["水库大坝", "村口"]
        assert second["next"] is None


async def test_numbers_stand_by_center_and_state(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin, leader = await edge.person("system_admin", CITY), await edge.person("leader", COUNTY)
        first = (await add(admin))["camera"]
        second = (await add(admin, center=TOWN, main="rtsp://10.43.0.9/1", code=""))["camera"]
        await edge.services.cameras.note(first, Facts(state="ok"))
        kept = await edge.services.cameras.note(second, Facts(state="refused", reason="password"))
        again = await edge.services.cameras.note(second, Facts(state="refused", reason="password"))
        assert kept.since == again.since
        assert kept.since is not None
        board = (await leader.get("/api/v1/cameras/counts", parent=TOWN))["centers"]
        told = [(each["name"], each["cameras"], each["ok"], each["away"], each["own"]) for each in board]
        assert told == [("坦渡镇", 2, 1, 1, 1), ("坦渡村", 1, 1, 0, 1), ("长岭社区", 0, 0, 0, 0)]
        assert await names(leader, state="failing") == ["村口"]
        assert (await leader.http.get("/api/v1/cameras/counts?parent=" + CITY)).status == 404


async def test_those_that_matter_and_give_no_picture_are_known_and_looked_at_first(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        ids = []
        for number in range(3):
            new = {"main": f"rtsp://10.43.0.9/{number}", "code": "", "important": number < 2}
            ids.append(str((await add(admin, **new))["camera"]))
        store = cast(CameraStore, edge.services.cameras)
        for camera, state in zip(ids, ("away", "ok", "away"), strict=True):
            await store.note(camera, Facts.model_validate({"state": state}))
        states, away = await store.standing(10)
        assert (states, [each.camera for each in away]) == ({"away": 2, "ok": 1}, ids[:1])
        later = edge.services.clock() + timedelta(minutes=1)
        assert [each.camera for each in await store.important_due(later, {ids[0]}, 5)] == ids[1:2]
        assert await store.important_due(later - timedelta(hours=1), (), 5) == []


async def test_pages_and_one_camera_agree_on_who_may_see_it(tmp_path: Path, database_url: str) -> None:
    """The conditions on rows say the same as the rule about one, for every role, place, sharing and use; with words, too."""
    async with running_edge(tmp_path, database_url=database_url, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        for number, (center, shared, shown) in enumerate(
            itertools.product((COUNTY, VILLAGE), ([], [OTHER_VILLAGE], [OTHER_COUNTY]), (True, False))
        ):
            more = {"center": center, "shared": shared, "shown": shown, "code": "", "sub": None}
            await add(admin, name=f"c{number}", main=f"rtsp://10.43.1.{number}/1", **more)
        everyone = await admin.get("/api/v1/cameras", limit="200")
        cameras = await edge.services.cameras.some(each["camera"] for each in everyone["cameras"])
        assert len(cameras) == 12
        tree = edge.services.tree
        for role, place in itertools.product(ROLES, (CITY, COUNTY, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)):
            who = rules.account(role, place)
            for watch, action in ((False, "camera.read"), (True, "camera.watch")):
                allowed = {each.camera for each in cameras.values() if may_about(who, action, tree, each)}
                for text in (None, "c1"):
                    found, _ = await edge.services.cameras.page(
                        who, CameraFilter(watch=watch, text=text), 100
                    )
                    meant = {each for each in allowed if text is None or text in cameras[each].name}
                    assert {each.camera for each in found} == meant, (role, place, action, text)
