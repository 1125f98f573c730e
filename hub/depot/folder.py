"""Objects in a folder: one file each, named by its digest, for the hub's own user alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from hub.depot.ports import BlobsAway
from hub.objects.reference import is_digest

T = TypeVar("T")

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
CHUNK_BYTES: Final = 256 * 1024
_UNFINISHED: Final = ".new"


def make_folder(folder: Path) -> None:
    """A folder that nobody else looks into. Raises OSError."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power loss. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FolderBlobs:
    """Blobs in `root`, spread over 256 folders."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, digest: str) -> Path:
        """Where this object stands."""
        if not is_digest(digest):
            raise ValueError("this is no digest")
        return self._root / digest[:2] / digest

    async def put(self, digest: str, path: Path, size_bytes: int) -> None:
        """See Blobs. The file must have been synced; on one file system it is linked, else copied."""
        await _tried(lambda: self._put(self.path(digest), path))

    async def size(self, digest: str) -> int | None:
        """See Blobs."""
        target = self.path(digest)
        return await _tried(lambda: target.stat().st_size if target.exists() else None)

    async def read(self, digest: str, first: int, length: int) -> AsyncIterator[bytes]:
        """See Blobs."""
        file = await asyncio.to_thread(self.path(digest).open, "rb")
        try:
            file.seek(first)
            while length > 0:
                piece = await asyncio.to_thread(file.read, min(CHUNK_BYTES, length))
                if not piece:
                    raise BlobsAway("an object became shorter while it was read")
                length -= len(piece)
                yield piece
        except OSError as problem:
            raise BlobsAway(f"an object cannot be read: {problem.strerror}") from problem
        finally:
            file.close()

    async def delete(self, digest: str) -> None:
        """See Blobs."""
        await _tried(lambda: self.path(digest).unlink(missing_ok=True))

    async def listed(self) -> AsyncIterator[tuple[str, datetime]]:
        """See Blobs."""
        for found in await _tried(lambda: list(self._listed())):
            yield found

    async def tidy(self, before: datetime) -> None:
        """See Blobs: copies that were cut off."""
        await _tried(lambda: self._tidy(before))

    async def close(self) -> None:
        """See Blobs."""

    def _put(self, target: Path, source: Path) -> None:
        make_folder(self._root)
        make_folder(target.parent)
        unfinished = target.with_name(target.name + _UNFINISHED)
        unfinished.unlink(missing_ok=True)
        try:
            os.link(source, unfinished)
        except OSError:
            # Another file system, or one without links.
            with (
                source.open("rb") as file,
                open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as copy,
            ):
                shutil.copyfileobj(file, copy, CHUNK_BYTES)
                copy.flush()
                os.fsync(copy.fileno())
        os.replace(unfinished, target)
        # A link to what it already is stays behind: rename does nothing then (rename(2)).
        unfinished.unlink(missing_ok=True)
        sync_folder(target.parent)
        sync_folder(self._root)

    def _tidy(self, before: datetime) -> None:
        for path in self._root.glob(f"[0-9a-f][0-9a-f]/*{_UNFINISHED}"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                path.unlink(missing_ok=True)

    def _listed(self) -> Iterator[tuple[str, datetime]]:
        for folder in self._root.glob("[0-9a-f][0-9a-f]"):
            for entry in os.scandir(folder):
                with contextlib.suppress(FileNotFoundError):
                    if is_digest(entry.name):
                        yield entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)


async def _tried(work: Callable[[], T]) -> T:
    """Run it in a thread; what the file system says no to is a BlobsAway."""
    try:
        return await asyncio.to_thread(work)
    except OSError as problem:
        raise BlobsAway(f"the folder of objects refuses: {problem.strerror}") from problem
