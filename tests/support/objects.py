"""Files to upload, and tools that upload them as others would."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping
from typing import Any

import aiohttp

from signaling.http_uploads import PATCH_TYPE, TUS, UPLOADS
from tests.support.hub_process import HubProcess

JPEG_TYPE = "image/jpeg"


def jpeg(size: int = 4000, salt: str = "") -> bytes:
    """Bytes that begin as a JPEG does; others for each salt."""
    return (b"\xff\xd8\xff\xe0" + hashlib.sha256(salt.encode()).digest() * (size // 32 + 1))[:size]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def put(
    http: aiohttp.ClientSession, content: bytes, type_: str = JPEG_TYPE
) -> tuple[int, dict[str, Any]]:
    """Upload in one go: status and body."""
    async with http.put(
        "/api/v1/objects", data=io.BytesIO(content), headers={"Content-Type": type_}
    ) as answer:
        return answer.status, await answer.json()


class Control(HubProcess):
    """Control alone: no nodes, no recorder, so it is there once it answers."""

    async def is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


class TusUpload:
    """One upload by tus 1.0.0. Every call returns the status."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self.location = ""
        self.headers: Mapping[str, str] = {}

    async def begin(self, length: int, type_: str = JPEG_TYPE) -> int:
        metadata = "filename " + base64.b64encode("水位.jpg".encode()).decode()
        metadata += ",filetype " + base64.b64encode(type_.encode()).decode()
        headers = {"Upload-Length": str(length), "Upload-Metadata": metadata}
        status = await self._call("POST", UPLOADS, headers=headers)
        self.location = self.headers.get("Location", "")
        return status

    async def send(self, offset: int, content: Any) -> int:
        headers = {"Upload-Offset": str(offset), "Content-Type": PATCH_TYPE}
        data = io.BytesIO(content) if isinstance(content, bytes) else content
        return await self._call("PATCH", self.location, headers=headers, data=data)

    async def head(self) -> int:
        return await self._call("HEAD", self.location)

    async def delete(self) -> int:
        return await self._call("DELETE", self.location)

    @property
    def offset(self) -> int:
        """How far the last answer said it is."""
        return int(self.headers["Upload-Offset"])

    @property
    def object(self) -> str | None:
        """The object's digest, once the last answer named it."""
        return self.headers.get("Content-Location", "").rpartition("/")[2] or None

    async def _call(self, method: str, path: str, **more: Any) -> int:
        more["headers"] = {"Tus-Resumable": TUS, **more.get("headers", {})}
        async with self._http.request(method, path, **more) as answer:
            self.headers = answer.headers
            await answer.read()
            return answer.status
