"""Objects in a real S3 server: sent with their SHA-256, read by ranges, swept; and what is so when it is away."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.clock import system_clock
from hub.config import ConfigError, load
from hub.depot.looking import looking
from hub.depot.ports import BlobsAway
from hub.depot.s3 import PART_BYTES, S3Blobs
from hub.depot.s3_door import S3Place
from hub.depot.sweep import Sweep
from tests.support.edge import running_edge
from tests.support.objects import TusUpload, jpeg, put, sha256
from tests.support.rules import VILLAGE
from tests.support.s3_server import BUCKET, S3Server, running_s3


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
async def server(launched: S3Server) -> S3Server:
    await launched.ready()
    return launched


@pytest.fixture
async def blobs(server: S3Server) -> AsyncIterator[S3Blobs]:
    made = S3Blobs(S3Place(server.url, BUCKET, "us-east-1", server.key, server.secret))
    yield made
    await made.close()


async def whole(blobs: S3Blobs, digest: str, first: int, length: int) -> bytes:
    return b"".join([piece async for piece in blobs.read(digest, first, length)])


@pytest.mark.parametrize("size", [1, 100_000, PART_BYTES, PART_BYTES + 1])
async def test_what_is_put_is_read_again_whole_and_by_range(
    blobs: S3Blobs, tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)
    (tmp_path / "file").write_bytes(content)
    digest = sha256(content)
    assert await blobs.size(digest) is None
    await blobs.put(digest, tmp_path / "file", size)
    assert await blobs.size(digest) == size
    assert sha256(await whole(blobs, digest, 0, size)) == digest
    assert await whole(blobs, digest, size // 2, 1) == content[size // 2 : size // 2 + 1]
    assert digest in {found async for found, _ in blobs.listed()}
    await blobs.delete(digest)
    await blobs.delete(digest)
    assert await blobs.size(digest) is None
    with pytest.raises(FileNotFoundError):
        await whole(blobs, digest, 0, 1)


@pytest.mark.parametrize("size", [1000, PART_BYTES + 1000])
async def test_bytes_that_are_not_what_the_digest_says_are_not_kept(
    blobs: S3Blobs, server: S3Server, tmp_path: Path, size: int
) -> None:
    (tmp_path / "file").write_bytes(os.urandom(size))
    with pytest.raises(BlobsAway):
        await blobs.put("ab" * 32, tmp_path / "file", size)
    assert await blobs.size("ab" * 32) is None
    async with server.client() as client:
        assert not (await client.list_multipart_uploads(Bucket=BUCKET)).get("Uploads")


async def test_a_sending_that_was_cut_off_is_tidied_up(blobs: S3Blobs, server: S3Server) -> None:
    async with server.client() as client:
        await client.create_multipart_upload(Bucket=BUCKET, Key="ab/" + "ab" * 32)
        await blobs.tidy(datetime.now(UTC) - timedelta(hours=1))
        assert len((await client.list_multipart_uploads(Bucket=BUCKET))["Uploads"]) == 1
        await blobs.tidy(datetime.now(UTC) + timedelta(minutes=1))
        assert not (await client.list_multipart_uploads(Bucket=BUCKET)).get("Uploads")


async def test_a_hub_with_s3_keeps_objects_there_and_uploads_beside_itself(
    server: S3Server, tmp_path: Path
) -> None:
    film = jpeg(PART_BYTES + 5000)
    async with running_edge(tmp_path, **server.settings) as edge:
        station = await edge.person("station", VILLAGE)
        upload = TusUpload(station.http)
        await upload.begin(len(film))
        assert await upload.send(0, film[:1_000_000]) == 204
        assert await upload.send(1_000_000, film[1_000_000:]) == 204
        assert upload.object == sha256(film)
        assert not [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
        path = f"/api/v1/objects/{upload.object}"
        async with station.http.get(path, headers={"Range": "bytes=5-104"}) as answer:
            assert (answer.status, await answer.read()) == (206, film[5:105])
        async with station.http.get(path) as answer:
            assert sha256(await answer.read()) == upload.object
        with looking(edge.services.config) as look:
            assert look(upload.object) == (len(film), upload.object)
            assert look("0" * 64) is None
        edge.depot.clock = lambda: system_clock() + edge.depot.grace + timedelta(minutes=1)
        await Sweep(edge.depot, lambda: True).once()
        async with station.http.get(path) as answer:
            assert answer.status == 404
        assert await edge.depot.blobs.size(upload.object) is None


async def test_while_the_storage_is_away_uploads_wait_and_become_objects_later(tmp_path: Path) -> None:
    with running_s3(tmp_path / "s3") as server:
        await server.ready()
        async with running_edge(tmp_path, **server.settings) as edge:
            station = await edge.person("station", VILLAGE)
            assert (await put(station.http, jpeg(1000, "before")))[0] == 201
            server.kill()
            upload = TusUpload(station.http)
            await upload.begin(1000)
            assert await upload.send(0, jpeg(1000)) == 503
            async with station.http.get(f"/api/v1/objects/{sha256(jpeg(1000, 'before'))}") as answer:
                assert (answer.status, (await answer.json())["error"]["code"]) == (503, "unavailable")
            server.launch()
            await server.ready()
            assert await upload.head() == 200
            assert upload.object == sha256(jpeg(1000))


def test_a_storage_needs_all_it_needs() -> None:
    with pytest.raises(ConfigError, match="HUB_OBJECTS_S3_BUCKET"):
        load({"HUB_OBJECTS_S3_URL": "http://s3.example.org"})
    with pytest.raises(ConfigError, match="HUB_OBJECTS_S3_URL"):
        load({"HUB_OBJECTS_S3_URL": "s3.example.org"})
