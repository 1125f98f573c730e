"""Uploads as they come in: a file each, whose length is how far the upload has come."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from hub.depot.folder import FILE_MODE, make_folder, sync_folder
from hub.errors import Refusal
from hub.ids import is_id
from hub.objects.kinds import HEAD_BYTES

T = TypeVar("T")

_BLOCK: Final = 1 << 20


class Spool:
    """The files of uploads in one folder. What the disk refuses is a Refusal("unavailable")."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, upload_id: str) -> Path:
        """The file of this upload."""
        if not is_id(upload_id, "u"):
            raise ValueError("this is no id of an upload")
        return self.folder / upload_id

    async def make(self, upload_id: str) -> None:
        """An empty file for an upload that begins."""

        def work() -> None:
            make_folder(self.folder)
            os.close(os.open(self.path(upload_id), os.O_WRONLY | os.O_CREAT, FILE_MODE))
            sync_folder(self.folder)

        await through(work)

    async def size(self, upload_id: str) -> int:
        """How far the upload has come; 0 when its file is gone."""
        return await through(lambda: _size(self.path(upload_id)))

    async def open(self, upload_id: str) -> BinaryIO:
        """The file, to be written on at its end."""
        path = self.path(upload_id)
        return await through(
            lambda: os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE_MODE), "ab", 0)
        )

    async def head(self, upload_id: str) -> bytes:
        """How the file begins."""
        return await through(lambda: _head(self.path(upload_id)))

    async def digest(self, upload_id: str) -> str:
        """The SHA-256 of what stands in the file, hex."""
        return await through(lambda: _digest(self.path(upload_id)))

    async def drop(self, upload_id: str) -> None:
        """Away with the file; none is no error."""
        await through(lambda: self.path(upload_id).unlink(missing_ok=True))

    async def touched(self) -> dict[str, datetime]:
        """Every upload's file, and when something was last written to it."""
        return await through(lambda: dict(_touched(self.folder)))


async def through(work: Callable[[], T]) -> T:
    """Run it in a thread and to its end, also when the one who waits is cancelled.

    Raises Refusal("unavailable") for what the disk refuses.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        if not running.cancelled():
            running.exception()  # looked at, so that nobody complains that nobody did
        raise
    except OSError as problem:
        raise Refusal("unavailable", f"the disk takes no uploads now: {problem.strerror}") from problem


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _touched(folder: Path) -> Iterator[tuple[str, datetime]]:
    if not folder.is_dir():
        return
    for entry in os.scandir(folder):
        try:
            if is_id(entry.name, "u"):
                yield entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)
        except FileNotFoundError:
            continue
