"""What the copier's own process does: one file at a time, sent, read back, fetched or taken away, as it is told.

It is told in lines of JSON on standard input, and ends with it: `{"do", "thing", …}`. It answers in lines of JSON:
`{"at": [stage, done, total]}`, and last `{"done": what came of it}` or `{"failed": [reason, detail]}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final

from hub.config import Config
from hub.copies.far import Far, place_of
from hub.copies.ports import MAX_LINE_BYTES, Data, Do, Told
from hub.depot.build import build_blobs
from hub.depot.folder import FILE_MODE, make_folder, sync_folder
from hub.depot.ports import Blobs, BlobsAway
from hub.depot.s3_door import S3Door
from hub.evidence.copied import Thing
from hub.space import free_bytes

#: Progress is told so often at most.
EVERY_S: Final = 0.5
_UNFINISHED: Final = ".fetched"


class CannotCopy(Exception):
    """It cannot be done, and is not the storage's being away.

    `reason`: `gone` (no file on this machine), `changed` (that is another one than the journal tells of), `differs` (what was
    read back is another one), `not_there` (nothing stands there), `no_room`, `disk`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


class Worker:
    """Does it. Everything raises CannotCopy, BlobsAway, OSError."""

    def __init__(self, config: Config, far: Far, blobs: Blobs) -> None:
        self._config, self._far, self._blobs = config, far, blobs

    async def do(self, what: Do, thing: Thing, told: Told) -> Data:
        """One thing to one file; what came of it."""
        match what:
            case "send":
                await self.send(thing, told)
            case "verify":
                await self.verify(thing, told)
            case "fetch":
                return {"fetched": await self.fetch(thing, told)}
            case "delete":
                await self._far.delete(thing.key)
        return {}

    async def send(self, thing: Thing, told: Told) -> None:
        """Have it there, and read it back. What stands there already and is whole is only read; what is not is sent anew."""
        there = await self._far.size(thing.key)
        if there == thing.bytes and await self._is_whole(thing, told):
            return
        if there is not None:
            await self._far.delete(thing.key)
        source = _OfBlobs(self._blobs, thing) if thing.kind == "object" else _OfFile(self.path(thing), thing)
        await source.look()
        await self._far.put(thing.key, source, thing.bytes, lambda done, total: told("sending", done, total))
        if not await self._is_whole(thing, told):
            await self._far.delete(thing.key)
            here = await self._digest_here(thing, told)
            if here is not None and here != (thing.bytes, thing.sha256):
                raise CannotCopy("changed", "the file on this machine is not what the journal tells of")
            raise CannotCopy("differs", "what was read back is not what was sent")

    async def _is_whole(self, thing: Thing, told: Told) -> bool:
        """Whether what stands there, read to its end, is what the journal tells of."""
        found = await self._far.digest(thing.key, lambda done, total: told("reading", done, total))
        return found == (thing.bytes, thing.sha256)

    async def verify(self, thing: Thing, told: Told) -> None:
        """Read what stands there."""
        found = await self._far.digest(thing.key, lambda done, total: told("reading", done, total))
        if found is None:
            raise CannotCopy("not_there", "nothing stands there any more")
        if found != (thing.bytes, thing.sha256):
            raise CannotCopy("differs", "what stands there is not what was sent")

    async def fetch(self, thing: Thing, told: Told) -> bool:
        """Have it on this machine, whole; goes on with what was fetched before. Whether it had to be fetched."""
        here = await self._digest_here(thing, told)
        if here == (thing.bytes, thing.sha256):
            return False
        target = self.path(thing)
        fresh = target.with_name(target.name + _UNFINISHED)
        await asyncio.to_thread(make_folder, fresh.parent)
        await self._bring(thing, fresh, told)
        if thing.kind == "object":
            with _at_home():
                await self._blobs.put(thing.sha256, fresh, thing.bytes)
            fresh.unlink(missing_ok=True)
        else:
            os.replace(fresh, target)
            await asyncio.to_thread(sync_folder, target.parent)
        return True

    async def listed(self) -> AsyncIterator[tuple[str, int]]:
        """Every key there with its size."""
        async for each in self._far.listed():
            yield each

    def path(self, thing: Thing) -> Path:
        """Where it stands on this machine; an object: where it is put together."""
        config = self._config
        folder = {
            "part": config.recordings_dir,
            "made": config.made_dir,
            "object": config.objects_dir / "uploads",
        }[thing.kind]
        path = folder / thing.file
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CannotCopy("gone", "its name lies outside its folder")
        return path

    async def _bring(self, thing: Thing, fresh: Path, told: Told) -> None:
        made, done = hashlib.sha256(), 0
        with open(os.open(fresh, os.O_RDWR | os.O_CREAT, FILE_MODE), "r+b") as file:
            while done < thing.bytes and (block := await asyncio.to_thread(file.read, 1 << 20)):
                made.update(block)
                done += len(block)
            if done > thing.bytes:
                made, done = hashlib.sha256(), 0
            if free_bytes(fresh.parent) - (thing.bytes - done) < self._config.disk_reserve_mb << 20:
                raise CannotCopy("no_room", "there is too little room on the disk for it")
            file.seek(done)
            file.truncate()
            try:
                async for piece in self._far.read(thing.key, done, thing.bytes - done):
                    made.update(piece)
                    await asyncio.to_thread(file.write, piece)
                    done += len(piece)
                    told("fetching", done, thing.bytes)
            except FileNotFoundError:
                raise CannotCopy("not_there", "nothing stands there any more") from None
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        if made.hexdigest() != thing.sha256:
            fresh.unlink(missing_ok=True)
            raise CannotCopy("differs", "what stands there is not what was sent")

    async def _digest_here(self, thing: Thing, told: Told) -> tuple[int, str] | None:
        """Size and SHA-256 of the file on this machine, None when there is none."""
        made, done = hashlib.sha256(), 0
        try:
            async for piece in self._pieces(thing):
                await asyncio.to_thread(made.update, piece)
                done += len(piece)
                told("looking", done, thing.bytes)
        except FileNotFoundError:
            return None
        return done, made.hexdigest()

    async def _pieces(self, thing: Thing) -> AsyncIterator[bytes]:
        if thing.kind == "object":
            with _at_home():
                size = await self._blobs.size(thing.sha256)
                if size is None:
                    raise FileNotFoundError(thing.sha256)
                async for piece in self._blobs.read(thing.sha256, 0, size):
                    yield piece
            return
        with await asyncio.to_thread(self.path(thing).open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, 1 << 20):
                yield piece


class _OfFile:
    """A file of this machine, to be sent."""

    def __init__(self, path: Path, thing: Thing) -> None:
        self._path, self._thing = path, thing

    async def look(self) -> None:
        """Raises CannotCopy unless it is there and as large as it is to be."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            raise CannotCopy("gone", "the file is not on this machine") from None
        if size != self._thing.bytes:
            raise CannotCopy("changed", f"it has {size} bytes, not {self._thing.bytes}")

    async def read(self, first: int, length: int) -> bytes:
        """See Source."""

        def work() -> bytes:
            with self._path.open("rb") as file:
                file.seek(first)
                return file.read(length)

        try:
            body = await asyncio.to_thread(work)
        except FileNotFoundError:
            raise CannotCopy("gone", "the file is not on this machine any more") from None
        if len(body) != length:
            raise CannotCopy("changed", "the file became shorter while it was sent")
        return body


class _OfBlobs:
    """An object, wherever objects stand, to be sent."""

    def __init__(self, blobs: Blobs, thing: Thing) -> None:
        self._blobs, self._thing = blobs, thing

    async def look(self) -> None:
        """Raises CannotCopy unless it is there and as large as it is to be."""
        with _at_home():
            size = await self._blobs.size(self._thing.sha256)
        if size != self._thing.bytes:
            raise CannotCopy("gone" if size is None else "changed", "the object is not here, or another one")

    async def read(self, first: int, length: int) -> bytes:
        """See Source."""
        with _at_home():
            try:
                pieces = [piece async for piece in self._blobs.read(self._thing.sha256, first, length)]
            except FileNotFoundError:
                raise CannotCopy("gone", "the object is not here any more") from None
        return b"".join(pieces)


@contextlib.contextmanager
def _at_home() -> Iterator[None]:
    """What is wrong with the place of objects is nothing of the second copy's."""
    try:
        yield
    except BlobsAway as problem:
        raise CannotCopy("disk", str(problem)) from problem


class TellAt:
    """Progress as lines, not more often than anybody reads them."""

    def __init__(self, say: Callable[[Data], None]) -> None:
        self._say = say
        self._last = ("", 0.0)

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._last[0] or now - self._last[1] >= EVERY_S:
            self._last = stage, now
            self._say({"at": [stage, done, total]})


@contextlib.asynccontextmanager
async def worker_of(config: Config) -> AsyncIterator[Worker]:
    """A worker by the settings, which name a second copy; its connections end with the context."""
    pace = config.copies_mb_s << 20
    far = Far(S3Door(place_of(config), attempts=2, bytes_a_second=pace), pace)
    blobs = build_blobs(config)
    try:
        yield Worker(config, far, blobs)
    finally:
        await far.close()
        await blobs.close()


def serve(config: Config) -> int:
    """Do what standard input tells, until it ends. Whoever is in a meeting comes first."""
    os.nice(19)
    asyncio.run(_serve(config))
    return 0


async def _serve(config: Config) -> None:
    orders: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        while line := sys.stdin.buffer.readline(MAX_LINE_BYTES):
            loop.call_soon_threadsafe(orders.put_nowait, line)
        os._exit(0)  # the hub is gone: what is half done is taken up by the next one

    threading.Thread(target=listen, name="orders", daemon=True).start()
    async with worker_of(config) as worker:
        while True:
            told = json.loads(await orders.get())
            _say(await _answer(worker, told["do"], Thing(**told["thing"])))


async def _answer(worker: Worker, what: Do, thing: Thing) -> Data:
    try:
        return {"done": await worker.do(what, thing, TellAt(_say))}
    except CannotCopy as problem:
        return {"failed": [problem.reason, problem.detail[:400]]}
    except BlobsAway as problem:
        return {"failed": [problem.why, str(problem)[:400]]}
    except OSError as problem:
        return {"failed": ["disk", str(problem)[:400]]}


def _say(told: Data) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()
