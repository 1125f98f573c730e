"""Lists of cameras: a file with passwords comes in, is looked at, loaded, found, taken out again and taken back."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from tests.support.edge import Edge, Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.waiting import eventually

NETWORK = {"HUB_CAMERA_NETWORKS": "10.43.0.0/16"}
SECRET = "Qx7-planted-password"
IN_ADDRESS = "Wv8-planted-in-address"
FILE = f"""区划,设备名称,国标编码,RTSP地址,用户名,密码,标签,类型,经度,纬度
坦渡村,村口,43068211521032000001,rtsp://10.43.0.1/Streaming/Channels/101,viewer,{SECRET},路口 学校,球机,113.4,29.5
临湘市坦渡镇长岭社区,桥头,43068211500132000002,rtsp://admin:{IN_ADDRESS}@10.43.0.2:554/1,,,,枪机,,
坦渡村,村口二,43068211521032000001,rtsp://10.43.0.3/1,,,,,,
坦渡村,越界,,rtsp://192.168.0.3/1,,,,,,
坦渡村,,,rtsp://10.43.0.4/1,,,,,,
无名村,哪里,,rtsp://10.43.0.5/1,,,,,,
坦渡村,坏地址,,{SECRET}://10.43.0.6/1,,,,,,
"""


async def bring(person: Person, content: str = FILE) -> dict[str, Any]:
    async with person.http.post("/api/v1/cameras/drafts", data=content.encode()) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 201, found
        return found


async def post(person: Person, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    async with person.http.post(path, json=body) as answer:
        return answer.status, await answer.json()


async def load(person: Person, draft: dict[str, Any], **more: Any) -> dict[str, Any]:
    columns = [column["guess"] for column in draft["columns"]]
    path = f"/api/v1/cameras/drafts/{draft['draft']}"
    status, body = await post(person, f"{path}/load", columns=columns, leave_out=True, **more)
    assert status == 202, body

    async def ended() -> dict[str, Any] | None:
        found = await person.get(path)
        return found if found["state"] != "loading" else None

    return await eventually(ended, 20, "the list is not loaded")


async def names(person: Person, **params: str) -> list[str]:
    return [each["name"] for each in (await person.get("/api/v1/cameras", **params))["cameras"]]


async def test_a_list_is_looked_at_before_it_counts(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        draft = await bring(admin)
        guesses = [column["guess"] for column in draft["columns"]]
        assert guesses == ["center", "name", "code", "main", "user", "password", "tags", "kind", "lon", "lat"]
        assert draft["columns"][5]["samples"][0] == "•••"
        assert draft["columns"][3]["samples"][1] == "rtsp://10.43.0.2/…"
        path = f"/api/v1/cameras/drafts/{draft['draft']}/match"
        status, found = await post(admin, path, columns=guesses)
        assert status == 200, found
        assert (found["cameras"], found["centers"], found["known"], found["unsure_rows"]) == (2, 2, 0, 1)
        assert [(each["row"], each["why"]) for each in found["wrong"]] == [
            (4, "twice"),
            (5, "network"),
            (6, "name"),
            (8, "address_scheme"),
        ]
        assert found["unsure"][0]["text"] == "无名村"
        first = found["first"][0]
        assert (first["kind"], first["tags"], first["password"]) == ("ptz", ["路口", "学校"], True)
        assert await names(admin) == []

        mended = [{"text": "无名村", "center": OTHER_VILLAGE}]
        _, again = await post(admin, path, columns=guesses, mends=mended)
        assert (again["cameras"], again["unsure_rows"]) == (3, 0)
        refused = await post(admin, path, columns=[*guesses[:5], "out", "main", *guesses[7:]])
        assert (refused[0], refused[1]["error"]["field"]) == (400, "columns")


async def test_a_list_is_loaded_whole_told_once_and_taken_back(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin, leader = await edge.person("system_admin", CITY), await edge.person("leader", COUNTY)
        heard: list[frozenset[str] | None] = []
        edge.services.cameras.listen(heard.append)
        done = await load(admin, await bring(admin))
        assert (done["state"], done["done"], done["of"]) == ("loaded", 2, 2)
        assert await names(leader) == ["桥头", "村口"]
        assert heard == [None]
        assert await names(leader, q="xuexiao") == [], "tags are found as they are written"
        assert await names(leader, q="ck") == ["村口"]
        found = await admin.get("/api/v1/cameras", q="桥头")
        secret = await edge.services.cameras.secret(found["cameras"][0]["camera"])
        assert secret is not None
        assert (secret.main, secret.user, secret.password) == ("rtsp://10.43.0.2:554/1", "admin", IN_ADDRESS)

        again = await load(admin, await bring(admin))
        assert (again["state"], again["why"]) == ("failed", "known")
        (one,) = (await admin.get("/api/v1/cameras/imports"))["imports"]
        assert (one["cameras"], one["centers"], one["left_out"]) == (2, 2, 5)
        told = [entry for entry in await house(edge) if entry["kind"].startswith("camera.")]
        assert [(entry["kind"], entry["data"]["digest"]) for entry in told] == [
            ("camera.imported", one["digest"])
        ]

        async with admin.http.delete(f"/api/v1/cameras/imports/{one['batch']}") as answer:
            assert (answer.status, await answer.json()) == (200, {"cameras": 2})
        assert await names(leader) == []
        assert (await admin.http.delete(f"/api/v1/cameras/imports/{one['batch']}")).status == 404
        third = await load(admin, await bring(admin))
        assert third["state"] == "loaded", "what was taken back is not there any more"


async def house(edge: Edge) -> list[dict[str, Any]]:
    """What the audit administrator reads."""
    auditor = await edge.person("audit_admin", CITY)
    found: list[dict[str, Any]] = (await auditor.get("/api/v1/audit"))["entries"]
    return found


async def test_who_manages_a_part_brings_cameras_of_that_part_alone(tmp_path: Path) -> None:
    async with running_edge(tmp_path, **NETWORK) as edge:
        leader = await edge.person("leader", CITY)
        assert (await leader.http.post("/api/v1/cameras/drafts", data=b"a,b")).status == 403
        assert (await leader.http.get("/api/v1/cameras/export")).status == 403
        village = await edge.person("system_admin", VILLAGE)
        done = await load(village, await bring(village))
        assert (done["state"], done["of"]) == ("loaded", 1), "the other village is not his"
        other = await edge.person("system_admin", OTHER_COUNTY)
        assert (await other.get("/api/v1/cameras/imports"))["imports"] == []


async def test_nothing_secret_is_in_logs_entries_answers_exports_or_the_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running_edge(tmp_path, **NETWORK) as edge:
        admin = await edge.person("system_admin", CITY)
        said: list[str] = []
        draft = await bring(admin)
        said.append(str(draft))
        path = f"/api/v1/cameras/drafts/{draft['draft']}/match"
        columns = [column["guess"] for column in draft["columns"]]
        said.append(str(await post(admin, path, columns=columns)))
        await load(admin, draft)
        new = {
            "center": VILLAGE,
            "name": "新",
            "main": f"rtsp://root:{IN_ADDRESS}@10.43.0.9/x?password={SECRET}",
        }
        status, made = await post(admin, "/api/v1/cameras", **new)
        assert status == 201
        said.append(str(made))
        for bad in (
            f"ftp://x:{SECRET}@10.43.0.9/",
            f"rtsp://x:{SECRET}@192.168.9.9/",
            f"rtsp://{SECRET} {IN_ADDRESS}",
        ):
            refused = await post(admin, "/api/v1/cameras", **{**new, "main": bad})
            assert refused[0] in (400, 422)
            said.append(str(refused))
        async with admin.http.patch(f"/api/v1/cameras/{made['camera']}", json={"password": SECRET}) as answer:
            assert answer.status == 200
            said.append(await answer.text())
        for read in (
            "",
            "/export",
            "/export?format=csv",
            f"/{made['camera']}",
            f"/{made['camera']}/addresses",
        ):
            async with admin.http.get(f"/api/v1/cameras{read}") as answer:
                assert answer.status == 200
                said.append((await answer.read()).decode("utf-8-sig"))
        entries = str(await house(edge))
        said.append(entries)
        said += [f"{record.getMessage()} {record.exc_text}" for record in caplog.records]
        assert any("村口" in each for each in said), "the reads show cameras"
        for text in said:
            for planted in (SECRET, IN_ADDRESS):
                assert planted not in text
        assert "10.43.0." not in entries
        assert "rtsp" not in entries
        stored = b"".join(file.read_bytes() for file in tmp_path.glob("hub.db*"))
    assert "村口".encode() in stored
    for planted in (SECRET, IN_ADDRESS, "10.43.0.1"):
        assert planted.encode() not in stored
