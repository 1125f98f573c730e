"""Objects in storage that speaks S3: one key each, made of the digest; what is sent is checked there by its SHA-256."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from hub.depot.ports import BlobsAway
from hub.depot.s3_door import S3Door, S3Place, is_missing
from hub.objects.reference import is_digest

#: A file up to this size is sent at once; a larger one in parts of it, of which one is in memory.
PART_BYTES: Final = 16 << 20
CHUNK_BYTES: Final = 256 * 1024
#: Files sent at the same time.
_PUTS_AT_ONCE: Final = 2


class S3Blobs:
    """Blobs in one bucket that is the hub's own. The connection is made at the first use."""

    def __init__(self, place: S3Place) -> None:
        self._door = S3Door(place)
        self._puts = asyncio.Semaphore(_PUTS_AT_ONCE)

    async def put(self, digest: str, path: Path, size_bytes: int) -> None:
        """See Blobs. The storage refuses bytes whose SHA-256 is another one than was said."""
        async with self._puts, self._door.asking() as client:
            if size_bytes <= PART_BYTES:
                body = await asyncio.to_thread(path.read_bytes)
                await client.put_object(**self._at(digest), Body=body, ChecksumSHA256=_base64(digest))
            else:
                await self._put_parts(client, digest, path)

    async def size(self, digest: str) -> int | None:
        """See Blobs."""
        async with self._door.asking() as client:
            try:
                found = await client.head_object(**self._at(digest))
            except ClientError as problem:
                if is_missing(problem):
                    return None
                raise
            return int(found["ContentLength"])

    async def read(self, digest: str, first: int, length: int) -> AsyncIterator[bytes]:
        """See Blobs."""
        async with self._door.asking() as client:
            try:
                span = f"bytes={first}-{first + length - 1}"
                found = await client.get_object(**self._at(digest), Range=span)
            except ClientError as problem:
                if is_missing(problem):
                    raise FileNotFoundError(digest) from problem
                raise
            async with found["Body"] as body:
                while length > 0:
                    piece = await body.read(min(CHUNK_BYTES, length))
                    if not piece:
                        raise BlobsAway("the storage of objects ended an answer too soon")
                    length -= len(piece)
                    yield piece

    async def delete(self, digest: str) -> None:
        """See Blobs."""
        async with self._door.asking() as client:
            await client.delete_object(**self._at(digest))

    async def listed(self) -> AsyncIterator[tuple[str, datetime]]:
        """See Blobs."""
        async with self._door.asking() as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=self._door.place.bucket)
            async for page in pages:
                for found in page.get("Contents", ()):
                    digest = str(found["Key"]).rpartition("/")[2]
                    if is_digest(digest) and found["Key"] == self._at(digest)["Key"]:
                        yield digest, found["LastModified"].astimezone(UTC)

    async def tidy(self, before: datetime) -> None:
        """See Blobs: sendings in parts that were never completed."""
        async with self._door.asking() as client:
            found = await client.list_multipart_uploads(Bucket=self._door.place.bucket)
            for each in found.get("Uploads", ()):
                if each["Initiated"] < before:
                    await client.abort_multipart_upload(
                        Bucket=self._door.place.bucket, Key=each["Key"], UploadId=each["UploadId"]
                    )

    async def close(self) -> None:
        """See Blobs."""
        await self._door.close()

    async def _put_parts(self, client: Any, digest: str, path: Path) -> None:
        at = self._at(digest)
        begun = await client.create_multipart_upload(**at, ChecksumAlgorithm="SHA256")
        sending = {**at, "UploadId": begun["UploadId"]}
        try:
            parts: list[dict[str, Any]] = []
            whole = hashlib.sha256()
            with path.open("rb") as file:
                while body := await asyncio.to_thread(file.read, PART_BYTES):
                    whole.update(body)
                    number, checksum = len(parts) + 1, _base64(hashlib.sha256(body).hexdigest())
                    told = await client.upload_part(
                        **sending, PartNumber=number, Body=body, ChecksumSHA256=checksum
                    )
                    parts.append({"PartNumber": number, "ETag": told["ETag"], "ChecksumSHA256": checksum})
            if whole.hexdigest() != digest:
                raise BlobsAway("an upload changed on the disk while it was sent to the storage")
            await client.complete_multipart_upload(**sending, MultipartUpload={"Parts": parts})
        except BaseException:
            await asyncio.shield(client.abort_multipart_upload(**sending))
            raise

    def _at(self, digest: str) -> dict[str, str]:
        if not is_digest(digest):
            raise ValueError("this is no digest")
        return {"Bucket": self._door.place.bucket, "Key": f"{digest[:2]}/{digest}"}


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()
