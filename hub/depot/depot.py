"""The depot: takes uploads, makes objects of them, gives them out, and keeps what a command is about to name."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

from hub.clock import Clock
from hub.depot.locks import Locks
from hub.depot.ports import Blobs, BlobsAway, ObjectRows
from hub.depot.spool import Spool, through
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.ids import new_id
from hub.objects.kinds import HEAD_BYTES, require_beginning, require_kind
from hub.objects.quota import Limits, Standing, admit
from hub.objects.values import Stored, Upload
from hub.space import free_bytes

#: What a command is about to name is kept so long, named or not.
PINNED: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
#: Files whose SHA-256 is made at the same time: each takes a core.
_DIGESTS_AT_ONCE: Final = 2

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Writing:
    """A request that writes on an upload: `over` ends it, so that a later one can go on."""

    over: asyncio.Timeout
    done: asyncio.Future[None]


class Depot:
    """Uploads and objects. Refusals are typed; others' uploads are `not_found`, objects one may not read too.

    `grace` is how long an unfinished upload stands still, and an object waits to be named, before the sweep takes it.
    """

    def __init__(
        self,
        rows: ObjectRows,
        blobs: Blobs,
        uploads: Path,
        limits: Limits,
        *,
        clock: Clock,
        grace: timedelta,
        reserve_bytes: int = 0,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self.rows, self.blobs, self.spool = rows, blobs, Spool(uploads)
        self.limits, self.grace, self.clock = limits, grace, clock
        self.placing = Locks()
        """Held by digest while an object is made or swept: bytes and row come and go together."""
        self.counts: Counter[str] = Counter()
        """`uploads`, `objects`, `bytes_in`, `bytes_out`, `swept_objects`, `swept_uploads` since the start."""
        self._reserve_bytes = reserve_bytes
        self._free = free
        self._writing: dict[str, _Writing] = {}
        self._finishing: dict[str, asyncio.Task[Stored]] = {}
        self._digests = asyncio.Semaphore(_DIGESTS_AT_ONCE)

    async def begin(self, account: Account, type_: str, size_bytes: int) -> Upload:
        """Begin an upload. Raises Refusal: `unsupported_media`, and as `hub.objects.quota.admit`."""
        require_kind(type_)
        now = self.clock()
        upload = Upload(new_id("u", now), account.id, size_bytes, type_, now)

        def may_begin(standing: Standing) -> None:
            admit(self.limits, standing, size_bytes)

        await self._require_room(size_bytes)
        await self.rows.begin(upload, now - _DAY, may_begin)
        try:
            await self.spool.make(upload.id)
        except BaseException:
            await asyncio.shield(self.rows.drop_upload(upload.id))
            raise
        self.counts["uploads"] += 1
        return upload

    async def append(
        self, account: Account, upload_id: str, offset: int, pieces: AsyncIterable[bytes]
    ) -> tuple[Upload, int]:
        """Write on an upload from `offset`, which must be how far it has come. Returns it, and how far it is then.

        A whole one becomes an object. Whatever interrupts this, what was written stays. A later call ends an earlier one
        that still waits for bytes. Raises Refusal: `conflict` for another offset, `too_large`, `unsupported_media` (the upload
        is then gone), `unavailable`.
        """
        upload = await self._own(account, upload_id)
        async with self._alone_on(upload_id):
            at = await self.spool.size(upload_id)
            if offset != at or upload.object is not None:
                raise Refusal("conflict", f"this upload has come to byte {at}", "Upload-Offset")
            file = await self.spool.open(upload_id)
            try:
                at = await self._write(upload, file, at, pieces)
            finally:
                await through(file.close)
        if at == upload.bytes:
            stored = await self._finish(upload)
            upload = replace(upload, type=stored.type, object=stored.object)
        return upload, at

    async def status(self, account: Account, upload_id: str) -> tuple[Upload, int]:
        """The upload, and how far it has come. One that is whole and no object yet (the hub was killed) becomes one."""
        upload = await self._own(account, upload_id)
        if upload.object is not None:
            return upload, upload.bytes
        at = await self.spool.size(upload_id)
        if at == upload.bytes and upload_id not in self._writing:
            await self._finish(upload)
            upload = await self._own(account, upload_id)
        return upload, at

    async def cancel(self, account: Account, upload_id: str) -> None:
        """Away with an upload. The object it became, if it did, is left to the sweep."""
        await self._own(account, upload_id)
        async with self._alone_on(upload_id):
            await self.drop(upload_id)

    async def drop(self, upload_id: str) -> None:
        """Away with an upload, whosever it is."""
        await self.rows.drop_upload(upload_id)
        await self.spool.drop(upload_id)

    def is_busy(self, upload_id: str) -> bool:
        """Whether something is written to this upload now, or it is being made an object."""
        return upload_id in self._writing or upload_id in self._finishing

    async def stored(self, account: Account, tree: CenterTree, digest: str) -> Stored:
        """The object, to be read. Raises Refusal("not_found") for none as for one the account may not read."""
        found = await self.rows.stored(digest)
        if found is None or not await self.rows.may_read(account, tree, digest):
            raise Refusal("not_found", "there is no such object")
        return found

    async def read(self, digest: str, first: int, length: int) -> AsyncIterator[bytes]:
        """These bytes of an object, in pieces. Raises Refusal: `not_found`, `unavailable`."""
        try:
            async for piece in self.blobs.read(digest, first, length):
                self.counts["bytes_out"] += len(piece)
                yield piece
        except FileNotFoundError:
            raise Refusal("not_found", "the file of this object is not here") from None
        except BlobsAway as problem:
            raise _away(problem) from problem

    async def size(self, digest: str) -> int | None:
        """How many bytes are kept under this digest, None when nothing is; for the hub itself. Raises BlobsAway."""
        return await self.blobs.size(digest)

    async def take_away(self, digest: str) -> None:
        """Let go of the bytes of an object that was destroyed: it has no row any more. Raises BlobsAway, Refusal."""
        async with self.placing.of(digest):
            if not await self.rows.known([digest]):
                await self.blobs.delete(digest)

    async def about_to_name(
        self, account: Account, tree: CenterTree, named: Iterable[Mapping[str, Any]]
    ) -> None:
        """A command is about to name these objects: they must be there and readable, and stay for now.

        Raises Refusal: `not_found`, `invalid` where type or size are not the object's.
        """
        wanted = list(named)
        if not wanted:
            return
        digests = {each["object"] for each in wanted}
        found = await self.rows.pin(account, tree, digests, self.clock() + PINNED)
        for each in wanted:
            stored = found.get(each["object"])
            if stored is None:
                raise Refusal("not_found", "there is no such object", "object")
            for name in ("bytes", "type"):
                if each.get(name) != getattr(stored, name):
                    raise Refusal("invalid", f"the {name} of this object is {getattr(stored, name)}", name)

    async def close(self) -> None:
        """Finish what is being finished."""
        await asyncio.gather(*self._finishing.values(), return_exceptions=True)
        await self.blobs.close()

    async def _own(self, account: Account, upload_id: str) -> Upload:
        upload = await self.rows.upload(upload_id)
        if upload is None or upload.account != account.id:
            raise Refusal("not_found", "there is no such upload")
        return upload

    async def _require_room(self, size_bytes: int) -> None:
        """Raises Refusal("unavailable") where the disk would be left with less than the reserve."""

        def free() -> int:
            folder = self.spool.folder
            while not folder.exists():
                folder = folder.parent
            return self._free(folder)

        if await through(free) - size_bytes < self._reserve_bytes:
            raise Refusal("unavailable", "there is too little room on the disk for this upload")

    @contextlib.asynccontextmanager
    async def _alone_on(self, upload_id: str) -> AsyncIterator[None]:
        """The one request that writes on this upload: an earlier one, that waits for a dead line, is ended first."""
        while (earlier := self._writing.get(upload_id)) is not None:
            earlier.over.reschedule(asyncio.get_running_loop().time())
            await asyncio.wait({earlier.done})
        if upload_id in self._finishing:
            raise Refusal("conflict", "this upload is being finished")
        scope = asyncio.timeout(None)
        mine = _Writing(scope, asyncio.get_running_loop().create_future())
        self._writing[upload_id] = mine
        try:
            async with scope:
                yield
        except TimeoutError:
            if not scope.expired():
                raise
            raise Refusal("conflict", "a later request goes on with this upload") from None
        finally:
            del self._writing[upload_id]
            mine.done.set_result(None)

    async def _write(self, upload: Upload, file: BinaryIO, at: int, pieces: AsyncIterable[bytes]) -> int:
        """Append the pieces and sync; how far the upload is then."""
        looked = at >= HEAD_BYTES
        try:
            async for piece in pieces:
                if at + len(piece) > upload.bytes:
                    raise Refusal("too_large", f"this upload has {upload.bytes} bytes", "Upload-Length")
                await through(lambda piece=piece: _write_all(file, piece))  # type: ignore[misc]
                at += len(piece)
                self.counts["bytes_in"] += len(piece)
                if not looked and at >= min(HEAD_BYTES, upload.bytes):
                    looked = True
                    await self._require_type(upload)
        finally:
            await through(lambda: _sync(file))
        return at

    async def _require_type(self, upload: Upload) -> None:
        try:
            require_beginning(upload.type, await self.spool.head(upload.id))
        except Refusal:
            await asyncio.shield(self.drop(upload.id))
            raise

    async def _finish(self, upload: Upload) -> Stored:
        """Make an object of a whole upload; goes on to its end whoever stops waiting."""
        task = self._finishing.get(upload.id)
        if task is None:
            task = self._finishing[upload.id] = asyncio.create_task(self._place(upload))
            task.add_done_callback(lambda _: self._finishing.pop(upload.id, None))
            task.add_done_callback(_look_at)
        return await asyncio.shield(task)

    async def _place(self, upload: Upload) -> Stored:
        await self._require_type(upload)
        async with self._digests:
            digest = await self.spool.digest(upload.id)
        try:
            async with self.placing.of(digest):
                if await self.blobs.size(digest) != upload.bytes:
                    await self.blobs.put(digest, self.spool.path(upload.id), upload.bytes)
                now = self.clock()
                stored = await self.rows.finish(upload, digest, now, now + self.grace)
        except BlobsAway as problem:
            raise _away(problem) from problem
        await self.spool.drop(upload.id)
        self.counts["objects"] += 1
        return stored


def _write_all(file: BinaryIO, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]


def _sync(file: BinaryIO) -> None:
    os.fsync(file.fileno())


def _look_at(task: asyncio.Task[Stored]) -> None:
    if (
        not task.cancelled()
        and (problem := task.exception()) is not None
        and not isinstance(problem, Refusal)
    ):
        log.error("an upload could not be made an object", exc_info=problem)


def _away(problem: BlobsAway) -> Refusal:
    log.warning("objects: %s", problem)
    return Refusal("unavailable", "the store of objects is away; try again in a moment")
