"""Objects over real HTTP: taken in one go or in pieces, counted, checked, given out to whoever may read them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from hub.clock import system_clock
from hub.depot.depot import Depot
from hub.depot.sweep import Sweep
from hub.ids import new_id
from tests.support.edge import Edge, Person, running_edge
from tests.support.objects import TusUpload, jpeg, put, sha256
from tests.support.rules import CITY, VILLAGE
from tests.support.waiting import eventually

PHOTO = jpeg(300_000)


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, HUB_OBJECT_MB="1", HUB_OBJECTS_DAY_MB="3") as made:
        yield made


@pytest.fixture
async def station(edge: Edge) -> Person:
    return await edge.person("station", VILLAGE)


def uploads_of(edge: Edge) -> list[Path]:
    return sorted((edge.folder / "objects" / "uploads").glob("*"))


async def read(person: Person, digest: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    async with person.http.get(f"/api/v1/objects/{digest}", headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_a_file_put_in_one_go_is_read_again_by_its_digest(edge: Edge, station: Person) -> None:
    status, made = await put(station.http, PHOTO)
    digest = sha256(PHOTO)
    assert (status, made) == (201, {"object": digest, "bytes": len(PHOTO), "type": "image/jpeg"})
    status, body, headers = await read(station, digest)
    assert (status, body == PHOTO) == (200, True)
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("inline;")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["ETag"] == f'"{digest}"'
    assert (await read(station, digest, **{"If-None-Match": f'"{digest}"'}))[0] == 304
    status, body, headers = await read(station, digest, Range="bytes=100-199")
    assert (status, body) == (206, PHOTO[100:200])
    assert headers["Content-Range"] == f"bytes 100-199/{len(PHOTO)}"
    assert (await read(station, digest, Range=f"bytes={len(PHOTO)}-"))[0] == 416
    file = edge.folder / "objects" / digest[:2] / digest
    assert file.stat().st_mode & 0o777 == 0o600
    assert uploads_of(edge) == []


async def test_what_is_no_picture_sound_or_film_is_saved_and_not_shown(edge: Edge, station: Person) -> None:
    _, made = await put(station.http, "户,人\n1,2".encode(), "text/csv")
    async with station.http.get(f"/api/v1/objects/{made['object']}", params={"name": "名单.exe"}) as answer:
        disposition = answer.headers["Content-Disposition"]
    assert disposition == "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.exe.csv"


async def test_what_is_not_what_it_says_leaves_nothing_behind(edge: Edge, station: Person) -> None:
    for content, type_ in (
        (b"<html><script>", "image/png"),
        (b"<html>", "text/html"),
        (PHOTO, "image/svg+xml"),
    ):
        status, body = await put(station.http, content, type_)
        assert (status, body["error"]["code"]) == (415, "unsupported_media")
    upload = TusUpload(station.http)
    assert await upload.begin(5000, "image/png") == 201
    assert await upload.send(0, b"<html>" + b" " * 4994) == 415
    assert await upload.head() == 404
    assert uploads_of(edge) == []


async def test_an_object_of_another_is_as_one_that_is_not_there(edge: Edge, station: Person) -> None:
    leader = await edge.person("leader", CITY)
    _, made = await put(station.http, PHOTO)
    assert (await read(leader, made["object"]))[0] == 404
    assert (await read(leader, "0" * 64))[0] == 404
    assert (await read(leader, "nothing"))[0] == 404
    # Who has the bytes himself may upload them, and then reads them.
    assert (await put(leader.http, PHOTO))[0] == 201
    assert (await read(leader, made["object"]))[0] == 200


async def test_an_upload_is_gone_on_with_from_where_it_broke_off(edge: Edge, station: Person) -> None:
    upload = TusUpload(station.http)
    assert await upload.begin(len(PHOTO)) == 201
    assert await upload.send(0, PHOTO[:100_000]) == 204
    assert (upload.offset, upload.object) == (100_000, None)
    assert await upload.send(0, PHOTO) == 409
    assert await upload.send(100_001, PHOTO[100_001:]) == 409
    assert await upload.send(100_000, PHOTO[100_000:] + b"more") == 413
    assert await upload.head() == 200
    offset = upload.offset
    assert 100_000 <= offset <= len(PHOTO)
    if offset < len(PHOTO):
        assert await upload.send(offset, PHOTO[offset:]) == 204
    assert (upload.offset, upload.object) == (len(PHOTO), sha256(PHOTO))
    state = await station.get(upload.location)
    assert (state["object"], state["offset"], state["bytes"]) == (sha256(PHOTO), len(PHOTO), len(PHOTO))
    assert (await read(station, sha256(PHOTO)))[1] == PHOTO
    assert await upload.send(len(PHOTO), b"") == 409, "it is an object now"


async def test_a_later_request_ends_one_that_waits_for_a_dead_line(edge: Edge, station: Person) -> None:
    upload = TusUpload(station.http)
    await upload.begin(len(PHOTO))
    sent = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield PHOTO[:1000]
        sent.set()
        await asyncio.Event().wait()

    dead = TusUpload(station.http)
    dead.location = upload.location
    waiting = asyncio.create_task(dead.send(0, stuck()))
    await sent.wait()
    await eventually(lambda: uploads_of(edge)[0].stat().st_size == 1000, 5, "what came is not written")
    assert await upload.send(1000, PHOTO[1000:]) == 204
    assert upload.object == sha256(PHOTO)
    assert await asyncio.wait_for(waiting, 5) == 409


async def test_an_upload_is_its_owners_alone_and_can_be_given_up(edge: Edge, station: Person) -> None:
    upload, other = TusUpload(station.http), TusUpload((await edge.person("leader", CITY)).http)
    await upload.begin(1000)
    other.location = upload.location
    assert (await other.head(), await other.send(0, b"x"), await other.delete()) == (404, 404, 404)
    assert await upload.delete() == 204
    assert await upload.head() == 404
    assert uploads_of(edge) == []
    async with station.http.request("OPTIONS", "/api/v1/objects/uploads") as answer:
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Max-Size"] == str(1 << 20)
    async with station.http.post("/api/v1/objects/uploads") as answer:
        assert answer.status == 412, "without Tus-Resumable"


async def test_too_large_too_much_and_too_many_are_refused(edge: Edge, station: Person) -> None:
    status, body = await put(station.http, jpeg((1 << 20) + 1))
    assert (status, body["error"]["code"]) == (413, "too_large")
    for number in range(2):
        assert (await put(station.http, jpeg(1 << 20, str(number))))[0] == 201
    upload = TusUpload(station.http)
    assert await upload.begin(1 << 20) == 201, "what is begun counts with the rest of the day"
    status, body = await put(station.http, jpeg(10))
    assert (status, body["error"]["code"]) == (429, "too_many")
    leader = await edge.person("leader", CITY)
    begun = [await TusUpload(leader.http).begin(10) for _ in range(13)]
    assert begun == [201] * 12 + [429]
    async with station.http.put(
        "/api/v1/objects", data=_endless(), headers={"Content-Type": "image/jpeg"}
    ) as answer:
        assert (await answer.json())["error"]["field"] == "Content-Length"


async def _endless() -> AsyncIterator[bytes]:
    yield b"\xff\xd8\xff"


async def test_a_disk_with_too_little_room_takes_no_upload(tmp_path: Path) -> None:
    async with running_edge(tmp_path, HUB_DISK_RESERVE_MB="999999999") as edge:
        station = await edge.person("station", VILLAGE)
        status, body = await put(station.http, PHOTO)
        assert (status, body["error"]["code"]) == (503, "unavailable")
        assert uploads_of(edge) == []


async def test_uploads_and_downloads_end_with_the_sign_in_they_ran_under(edge: Edge, station: Person) -> None:
    _, made = await put(station.http, jpeg(1 << 20))
    again = await edge.signed_in_again(station)
    upload = TusUpload(station.http)
    await upload.begin(len(PHOTO))
    sent = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield PHOTO[:1000]
        sent.set()
        await asyncio.Event().wait()

    sending = asyncio.create_task(upload.send(0, slowly()))
    await sent.wait()
    await eventually(lambda: uploads_of(edge)[0].stat().st_size == 1000, 5, "what came is not written")
    async with station.http.delete("/api/v1/session") as answer:
        assert answer.status == 204
    assert await asyncio.wait_for(sending, 2) == 401
    assert (await read(station, made["object"]))[0] == 401
    # Another sign-in of the same account goes on from there.
    upload = _resumed(again, upload)
    assert await upload.head() == 200
    assert upload.offset == 1000
    assert await upload.send(1000, PHOTO[1000:]) == 204
    assert upload.object == sha256(PHOTO)


def _resumed(person: Person, upload: TusUpload) -> TusUpload:
    same = TusUpload(person.http)
    same.location = upload.location
    return same


async def test_the_sweep_takes_what_stands_still_and_what_nobody_names_and_nothing_else(
    edge: Edge, station: Person
) -> None:
    _, made = await put(station.http, PHOTO)
    upload, fresh = TusUpload(station.http), TusUpload(station.http)
    await upload.begin(1000)
    stray = edge.folder / "objects" / "ab" / ("ab" * 32)
    stray.parent.mkdir()
    stray.write_bytes(b"a row was never written")
    sweep = Sweep(edge.depot, lambda: True)
    await sweep.once()
    assert (await read(station, made["object"]))[0] == 200
    assert await upload.head() == 200
    assert stray.exists()
    _later(edge.depot, edge.depot.grace + timedelta(minutes=1))
    await fresh.begin(1000)
    await sweep.once()
    assert (await read(station, made["object"]))[0] == 404
    assert await upload.head() == 404
    assert await fresh.head() == 200, "it was begun now"
    assert not stray.exists()
    assert [path.name for path in uploads_of(edge)] == [fresh.location.rpartition("/")[2]]
    assert edge.depot.counts["swept_objects"] == 2
    async with station.http.get("/metrics") as answer:
        assert "hub_objects_swept_objects 2.0" in await answer.text()


def _later(depot: Depot, by: timedelta) -> None:
    depot.clock = lambda: system_clock() + by


async def test_what_a_command_is_about_to_name_must_be_there_and_is_kept_for_it(
    edge: Edge, station: Person
) -> None:
    _, made = await put(station.http, PHOTO)
    named = {**made, "name": "水位.jpg"}
    sweep, tree = Sweep(edge.depot, lambda: True), edge.services.tree
    _later(edge.depot, edge.depot.grace + timedelta(minutes=1))
    await edge.depot.about_to_name(station.account, tree, [named])
    await sweep.once()
    assert (await read(station, made["object"]))[0] == 200
    leader = await edge.person("leader", CITY)
    for who, what, code in (
        (leader, named, "not_found"),
        (station, {**named, "object": "0" * 64}, "not_found"),
        (station, {**named, "bytes": 1}, "invalid"),
        (station, {**named, "type": "image/png"}, "invalid"),
    ):
        with pytest.raises(Exception, match="object") as refused:
            await edge.depot.about_to_name(who.account, tree, [what])
        assert getattr(refused.value, "code", None) == code
    _later(edge.depot, edge.depot.grace + timedelta(hours=2))
    await sweep.once()
    assert (await read(station, made["object"]))[0] == 404


async def test_a_whole_upload_whose_hub_was_killed_becomes_an_object_when_it_is_asked_for(
    edge: Edge, station: Person
) -> None:
    upload = TusUpload(station.http)
    await upload.begin(len(PHOTO))
    # As it is found after a kill between the last byte and the object.
    (edge.folder / "objects" / "uploads" / upload.location.rpartition("/")[2]).write_bytes(PHOTO)
    assert await upload.head() == 200
    assert (upload.offset, upload.object) == (len(PHOTO), sha256(PHOTO))
    assert (await read(station, sha256(PHOTO)))[1] == PHOTO


async def test_an_id_that_is_none_reaches_no_file(edge: Edge, station: Person) -> None:
    await put(station.http, PHOTO)
    for path in ("..%2f..%2fhub.db", "%2e%2e", new_id("u", system_clock()), "u_" + "." * 18):
        async with station.http.get(f"/api/v1/objects/uploads/{path}") as answer:
            assert answer.status == 404, path
        async with station.http.get(f"/api/v1/objects/{path}") as answer:
            assert answer.status == 404, path
