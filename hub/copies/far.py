"""The far side of the second copy: files by key in a bucket, sent in parts that a later sending takes over, and read back.

Nothing there is believed: an ETag is no digest of a file, and a storage that says "kept" may have kept something else. Whether
a file stands there is known when its bytes were read back and their SHA-256 made here.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from hub.config import Config
from hub.depot.ports import BlobsAway
from hub.depot.s3_door import S3Door, S3Place, is_missing

#: A larger file is sent in parts of this size, of which one is in memory. S3 takes 10,000, none but the last below 5 MiB.
PART_BYTES: Final = 8 << 20
MOST_PARTS: Final = 10_000
CHUNK_BYTES: Final = 256 * 1024

#: (bytes done, of how many)
Progress = Callable[[int, int], None]


class Source(Protocol):
    """A file that is sent: its bytes from any place on."""

    async def read(self, first: int, length: int) -> bytes:
        """These bytes. Raises OSError, FileNotFoundError."""


def place_of(config: Config) -> S3Place:
    """Where the second copy stands by the settings, which name one."""
    assert config.copies_s3_url is not None
    return S3Place(
        url=config.copies_s3_url,
        bucket=config.copies_s3_bucket,
        region=config.copies_s3_region,
        key=config.copies_s3_key,
        secret=config.copies_s3_secret,
    )


class Far:
    """The files there. Everything raises BlobsAway; `hub.depot.s3_door.why_of` says why."""

    def __init__(self, door: S3Door, bytes_a_second: int = 0) -> None:
        self._door = door
        self._pace = bytes_a_second

    async def there(self) -> None:
        """Nothing, when the bucket answers and is ours."""
        async with self._door.asking() as client:
            await client.head_bucket(Bucket=self._door.place.bucket)

    async def size(self, key: str) -> int | None:
        """How many bytes stand under this key, None when nothing does."""
        async with self._door.asking() as client:
            try:
                found = await client.head_object(**self._at(key))
            except ClientError as problem:
                if is_missing(problem):
                    return None
                raise
            return int(found["ContentLength"])

    async def put(self, key: str, source: Source, size_bytes: int, progress: Progress) -> None:
        """Send a file; parts of it that an earlier sending brought there are not sent again."""
        async with self._door.asking() as client:
            if size_bytes <= PART_BYTES:
                progress(0, size_bytes)
                await client.put_object(**self._at(key), Body=await source.read(0, size_bytes))
                progress(size_bytes, size_bytes)
            else:
                await self._put_parts(client, key, source, size_bytes, progress)

    async def read(self, key: str, first: int, length: int) -> AsyncIterator[bytes]:
        """These bytes, in pieces. Raises FileNotFoundError where nothing stands."""
        if length <= 0:
            return
        async with self._door.asking() as client:
            try:
                found = await client.get_object(**self._at(key), Range=f"bytes={first}-{first + length - 1}")
            except ClientError as problem:
                if is_missing(problem):
                    raise FileNotFoundError(key) from problem
                raise
            async with found["Body"] as body:
                due = time.monotonic()
                while length > 0:
                    piece = await body.read(min(CHUNK_BYTES, length))
                    if not piece:
                        raise BlobsAway("the storage ended an answer too soon")
                    length -= len(piece)
                    yield piece
                    if self._pace:
                        due += len(piece) / self._pace
                        await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def digest(self, key: str, progress: Progress) -> tuple[int, str] | None:
        """Size and SHA-256 of what stands under this key, read back to its end; None when nothing does."""
        size = await self.size(key)
        if size is None:
            return None
        made, done = hashlib.sha256(), 0
        try:
            async for piece in self.read(key, 0, size):
                made.update(piece)
                done += len(piece)
                progress(done, size)
        except FileNotFoundError:
            return None
        return size, made.hexdigest()

    async def delete(self, key: str) -> None:
        """Let go of it; nothing there is no error."""
        async with self._door.asking() as client:
            await client.delete_object(**self._at(key))

    async def listed(self) -> AsyncIterator[tuple[str, int]]:
        """Every key there with its size."""
        async with self._door.asking() as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self._door.place.bucket)
            async for page in pages:
                for found in page.get("Contents", ()):
                    yield str(found["Key"]), int(found["Size"])

    async def close(self) -> None:
        """Let go of connections."""
        await self._door.close()

    async def _put_parts(
        self, client: Any, key: str, source: Source, size_bytes: int, progress: Progress
    ) -> None:
        at, step = self._at(key), part_bytes(size_bytes)
        upload, parts = await self._begun(client, key, size_bytes, step)
        sending = {**at, "UploadId": upload}
        for first in range(len(parts) * step, size_bytes, step):
            progress(first, size_bytes)
            body = await source.read(first, min(step, size_bytes - first))
            number = len(parts) + 1
            told = await client.upload_part(**sending, PartNumber=number, Body=body)
            parts.append({"PartNumber": number, "ETag": told["ETag"]})
        progress(size_bytes, size_bytes)
        await client.complete_multipart_upload(**sending, MultipartUpload={"Parts": parts})

    async def _begun(
        self, client: Any, key: str, size_bytes: int, step: int
    ) -> tuple[str, list[dict[str, Any]]]:
        """The newest sending of this file that was begun and never ended, with its parts; else a new one."""
        bucket = self._door.place.bucket
        found = await client.list_multipart_uploads(Bucket=bucket, Prefix=key)
        begun = sorted(
            (each for each in found.get("Uploads", ()) if each["Key"] == key),
            key=lambda each: each["Initiated"],
        )
        kept: tuple[str, list[dict[str, Any]]] | None = None
        for each in reversed(begun):
            try:
                parts = await self._parts(client, key, each["UploadId"], size_bytes, step)
            except ClientError as problem:
                if not is_missing(problem):
                    raise
                continue
            if kept is None and parts:
                kept = each["UploadId"], parts
            else:
                await client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=each["UploadId"])
        if kept is not None:
            return kept
        made = await client.create_multipart_upload(**self._at(key))
        return made["UploadId"], []

    async def _parts(
        self, client: Any, key: str, upload: str, size_bytes: int, step: int
    ) -> list[dict[str, Any]]:
        """The parts that stand there without a gap, each as large as it is to be."""
        kept: list[dict[str, Any]] = []
        pages = client.get_paginator("list_parts").paginate(**self._at(key), UploadId=upload)
        async for page in pages:
            for each in page.get("Parts", ()):
                first = len(kept) * step
                if each["PartNumber"] != len(kept) + 1 or each["Size"] != min(step, size_bytes - first):
                    return kept
                kept.append({"PartNumber": each["PartNumber"], "ETag": each["ETag"]})
        return kept

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._door.place.bucket, "Key": key}


def part_bytes(size_bytes: int) -> int:
    """How large the parts of a file are: the same for the same size, so that a sending can be taken over."""
    return max(PART_BYTES, -(-size_bytes // MOST_PARTS))
