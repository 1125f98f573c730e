"""A control that is killed in the middle of an upload: nothing half is served, and the upload is gone on with."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from tests.support.hub_process import Tool
from tests.support.objects import Control, TusUpload, jpeg, sha256
from tests.support.waiting import eventually

CITY = "430600000000"
FILM = jpeg(24 << 20)


@pytest.fixture
async def control(tmp_path: Path) -> AsyncIterator[Control]:
    made = Control(tmp_path, {"HUB_EMBEDDED": "false"})
    await made.start()
    yield made
    made.stop()


async def test_an_upload_goes_on_after_kill_9_at_any_moment_and_nothing_half_is_served(
    control: Control,
) -> None:
    digest = sha256(FILM)
    async with aiohttp.ClientSession() as http:
        tool = await Tool.sign_in(http, control.url, control.account("leader", CITY))
    uploads = control.folder / "objects" / "uploads"
    async with aiohttp.ClientSession(control.url, headers=tool.headers) as http:
        upload = TusUpload(http)
        assert await upload.begin(len(FILM)) == 201
        for part in (1, 3):
            reached = part * len(FILM) // 4
            sending = asyncio.create_task(upload.send(upload.offset if part > 1 else 0, _from(upload, part)))
            file = uploads / upload.location.rpartition("/")[2]
            await eventually(partial(_has, file, reached), 20, "nothing is written")
            control.kill()
            with pytest.raises(aiohttp.ClientError):
                await sending
            await control.start()
            async with http.get(f"/api/v1/objects/{digest}") as answer:
                assert answer.status == 404
            assert await upload.head() == 200
            assert reached <= upload.offset < len(FILM)
        assert await upload.send(upload.offset, io.BytesIO(FILM[upload.offset :])) == 204
        assert upload.object == digest
        async with http.get(f"/api/v1/objects/{digest}") as answer:
            assert hashlib.sha256(await answer.read()).hexdigest() == digest
        assert list(uploads.iterdir()) == []


def _has(file: Path, size: int) -> bool:
    return file.stat().st_size >= size


async def _from(upload: TusUpload, part: int) -> AsyncIterator[bytes]:
    """The film from where the upload stands to a little past this quarter, then nothing more, on an open line."""
    at = upload.offset if part > 1 else 0
    until = part * len(FILM) // 4 + 1000
    while at < until:
        yield FILM[at : min(at + 65536, until)]
        at = min(at + 65536, until)
    await asyncio.Event().wait()
