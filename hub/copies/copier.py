"""The copier: what is to stand in the second copy is sent there, verified, let go from here and brought back, file by file.

Its rows say how each file stands, so a hub that is killed goes on where it was; parts of a file that were sent are not sent
again. Nothing is copied that was not read back, and no file goes from this machine but in the call that has just verified its
copy.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from hub.clock import Clock, to_wire
from hub.config import Config
from hub.copies.ports import CopyRows, Do, Failed, Hands, Journal, WorkLost
from hub.depot.ports import BlobsAway
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.evidence.copied import CopyCounts, Thing
from hub.ids import new_id
from hub.objects.reference import named_in
from hub.rules import parse_data

#: How often it is asked whether the storage is there; it has so long to answer (its door's time-outs).
PROBE_S: Final = 2.0
ANSWER_S: Final = 2.0
#: With nothing to do it is looked so often for what there is.
IDLE_S: Final = 10.0
#: What is to be copied is looked for at once when a part is closed or a job done, and else so often at most.
ENLIST_S: Final = 30.0
#: What was deleted for good is looked for so often.
STRAYS_S: Final = 600.0
#: The pause before a file is tried again: doubled each time, from the one to the other.
RETRY_S: Final = (10.0, 3600.0)
#: Reasons that are the storage's, not the file's: nothing more is tried until it answers.
STORAGE: Final = frozenset({"away", "refused", "no_bucket", "full"})
#: A storage that answers, but did not do what it was to do, is tried again after so long.
AWAY_S: Final = 10.0
REFUSED_S: Final = 60.0
#: The figures are read anew so often at most while files are copied.
COUNT_S: Final = 3.0

log = logging.getLogger(__name__)


class FarSide(Protocol):
    """The storage, asked whether it is there, and read for who plays a recording: hub.copies.far.Far. Raises BlobsAway."""

    async def there(self) -> None: ...
    def read(self, key: str, first: int, length: int) -> AsyncIterator[bytes]: ...
    async def close(self) -> None: ...


@dataclass(slots=True)
class At:
    """What it is at."""

    what: Do
    thing: Thing
    stage: str = ""
    done: int = 0
    total: int = 0


def always_free(thing: Thing) -> bool:
    """Nothing is held."""
    return True


class Copier:
    """One for a hub. `start` once the journal is there, `stop` before it goes.

    `may_release` says of a file whether it may go from this machine at all; without it all may.
    """

    def __init__(
        self,
        config: Config,
        rows: CopyRows,
        journal: Journal,
        hands: Hands,
        far: FarSide,
        clock: Clock,
        *,
        may_release: Callable[[Thing], bool] = always_free,
    ) -> None:
        self.rows = rows
        self.trouble = ""
        """Why nothing can be copied: `away`, `refused`, `no_bucket`, `full`; empty while it can."""
        self.since: datetime | None = None
        """Since when that is so."""
        self.answered_at: datetime | None = None
        """When the storage answered last."""
        self.at: At | None = None
        self.counted = CopyCounts({})
        self._config = config
        self._journal = journal
        self._hands = hands
        self._far = far
        self._clock = clock
        self._may_release = may_release
        self._wake = asyncio.Event()
        self._enlist_at = 0.0
        self._strays_at = 0.0
        self._held_until = 0.0
        self._counted_at = float("-inf")
        self._tasks: list[asyncio.Task[None]] = []
        self._unsubscribe: Callable[[], None] = lambda: None

    @property
    def place(self) -> str:
        """Where the second copy stands, for people: host and bucket."""
        return f"{urlsplit(self._config.copies_s3_url or '').netloc}/{self._config.copies_s3_bucket}"

    async def start(self) -> None:
        """Begin."""
        self._unsubscribe = self._journal.subscribe(self._entries)
        self._tasks = [
            asyncio.create_task(self._watch(), name="second copy watched"),
            asyncio.create_task(self._run(), name="second copy"),
        ]

    async def stop(self) -> None:
        """End; what is half done is taken up at the next start."""
        self._unsubscribe()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._hands.stop()
        await self._far.close()

    async def read(self, thing: Thing, first: int, length: int) -> AsyncIterator[bytes]:
        """These bytes of a file there, in pieces. Raises Refusal: `not_found`, `unavailable`."""
        try:
            async for piece in self._far.read(thing.key, first, length):
                yield piece
        except FileNotFoundError:
            raise Refusal("not_found", "the file is not in the second copy") from None
        except BlobsAway as problem:
            log.warning("a file of the second copy cannot be read: %s", problem)
            raise Refusal(
                "unavailable", "this file stands in the second copy, which cannot be reached"
            ) from problem

    async def copied(self, digest: str) -> bool:
        """Whether a file with this SHA-256 stands in the copy, verified. Raises Refusal `unavailable`."""
        return await self.rows.copied(digest)

    async def here(self, meeting: str) -> bool:
        """Whether all that was recorded of a meeting is on this machine; what is not is brought back from now on."""
        away = await self.rows.want(meeting, self._clock())
        if away:
            self._wake.set()
        return away == 0

    async def count(self, within_s: float = 0.0) -> None:
        """Read the figures anew, unless that was done within so many seconds."""
        if time.monotonic() - self._counted_at >= within_s:
            self.counted = await self.rows.counts()
            self._counted_at = time.monotonic()

    # -- the storage

    async def _watch(self) -> None:
        while True:
            began = time.monotonic()
            try:
                async with asyncio.timeout(ANSWER_S + 0.5):
                    await self._far.there()
                self._answers()
            except TimeoutError:
                self._troubled("away", "it does not answer")
            except BlobsAway as problem:
                self._troubled(problem.why, str(problem))
            except Exception:
                log.exception("the storage of the second copy could not be asked")
            await asyncio.sleep(max(0.0, PROBE_S - (time.monotonic() - began)))

    def _answers(self) -> None:
        self.answered_at = self._clock()
        if self.trouble and time.monotonic() >= self._held_until:
            log.info("the storage of the second copy answers again")
            self.trouble, self.since = "", None
            self._wake.set()

    def _troubled(self, why: str, detail: str) -> None:
        if why != self.trouble:
            log.warning("the second copy waits (%s): %s", why, detail)
            self.trouble, self.since = why, self._clock()

    # -- the work

    def _entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind in ("recording.part_closed", "job.done"):
                self._enlist_at = 0.0
            elif entry.kind == "disposal.destroyed":
                self._strays_at = 0.0
            elif entry.kind != "copy.asked_back" and not any(True for _ in named_in(entry.data)):
                continue
            self._wake.set()

    async def _run(self) -> None:
        reconciled = False
        while True:
            self._wake.clear()
            worked = False
            try:
                if not reconciled:
                    await self._reconcile()
                    reconciled = True
                worked = await self._once()
                if not worked:
                    await self.count()
            except Refusal as refusal:
                log.info("the second copy waits for the database: %s", refusal.message)
            except WorkLost as problem:
                log.warning("copying is begun again: %s", problem)
                await asyncio.sleep(1.0)
                worked = True
            except Exception:
                log.exception("the second copy failed by a fault")
            if not worked:
                try:
                    async with asyncio.timeout(IDLE_S):
                        await self._wake.wait()
                except TimeoutError:
                    pass

    async def _reconcile(self) -> None:
        """Files that the journal says went from here and that are here: a hub was killed in between, or they were put back."""
        for thing in await self.rows.released():
            if await asyncio.to_thread(self._size_here, thing) == thing.bytes:
                await self._note("copy.note_returned", {"parts": [_told(thing)]})

    async def _once(self) -> bool:
        """Do the next thing; whether there was any. Raises Refusal, WorkLost."""
        now = self._clock()
        if time.monotonic() >= self._enlist_at:
            self._enlist_at = time.monotonic() + ENLIST_S
            if await self.rows.enlist(now):
                await self.count()
        if self.trouble:
            return False
        rows, config = self.rows, self._config
        if time.monotonic() >= self._strays_at:
            # first: what was destroyed by decision does not wait behind a week of sending
            if (thing := await rows.next_stray()) is not None:
                await self._take_away(thing)
                return True
            self._strays_at = time.monotonic() + STRAYS_S
        if (thing := await rows.next_wanted(now)) is not None:
            await self._bring_back(thing)
        elif (thing := await rows.next_to_send(now)) is not None:
            await self._send(thing)
        elif config.release_days is not None and (thing := await self._releasable(now)) is not None:
            await self._release(thing)
        elif (thing := await rows.next_to_verify(now - timedelta(days=config.copies_days))) is not None:
            await self._verify(thing)
        else:
            return False
        return True

    async def _do(self, what: Do, thing: Thing) -> dict[str, Any] | None:
        """Have it done. None when the storage is the trouble. Raises Failed for what is the file's, WorkLost."""
        at = self.at = At(what, thing)

        def told(stage: str, done: int, total: int) -> None:
            at.stage, at.done, at.total = stage, done, total

        try:
            return await self._hands.do(what, thing, told)
        except Failed as problem:
            if problem.reason not in STORAGE:
                raise
            self._held_until = time.monotonic() + (AWAY_S if problem.reason == "away" else REFUSED_S)
            self._troubled(problem.reason, problem.detail)
            if problem.reason == "away":
                # behind the others: that the storage cannot take just this one must not hold up all
                await self._failed(thing, problem)
            return None
        finally:
            self.at = None

    async def _send(self, thing: Thing) -> None:
        try:
            if await self._do("send", thing) is not None:
                await self.rows.note_verified(thing, self._clock())
                await self.count(COUNT_S)
        except Failed as problem:
            await self._failed(thing, problem)

    async def _verify(self, thing: Thing) -> bool:
        """Whether it holds; what does not is sent again."""
        try:
            if await self._do("verify", thing) is None:
                return False
        except Failed as problem:
            if problem.reason in ("differs", "not_there"):
                log.error("%s of the second copy: %s", thing.key, problem)
                await self.rows.note_damaged(thing, problem.reason, self._clock())
            else:
                await self._failed(thing, problem)
            return False
        await self.rows.note_verified(thing, self._clock())
        return True

    async def _releasable(self, now: datetime) -> Thing | None:
        assert self._config.release_days is not None
        thing = await self.rows.next_to_release(now - timedelta(days=self._config.release_days), now)
        if thing is not None and not self._may_release(thing):
            # asked again in an hour: what holds it may be over then
            await self.rows.note_failed(thing, "held", now + timedelta(seconds=RETRY_S[1]))
            return None
        return thing

    async def _release(self, thing: Thing) -> None:
        """Away with a file of this machine, whose copy is verified now; not while the journal cannot tell of it."""
        if not self._journal.available or not await self._verify(thing):
            return
        await self._note("copy.note_released", {"place": self.place, "parts": [_told(thing)]})
        await asyncio.to_thread(self._path(thing).unlink, missing_ok=True)
        log.info("%s stands in the second copy alone from now on", thing.file)

    async def _bring_back(self, thing: Thing) -> None:
        try:
            same = await asyncio.to_thread(self._size_here, thing) == thing.bytes
            if not same or await self.rows.is_found_damaged(thing):
                if await self._do("fetch", thing) is None:
                    return
                if thing.kind == "part":
                    await self._note_returned(thing)
        except Failed as problem:
            if problem.reason in ("differs", "not_there"):
                log.error("%s of the second copy: %s", thing.key, problem)
            await self._failed(thing, problem)
            return
        await self.rows.note_back(thing)
        await self.count(COUNT_S)

    async def _note_returned(self, thing: Thing) -> None:
        if any(each.id == thing.id for each in await self.rows.released()):
            await self._note("copy.note_returned", {"parts": [_told(thing)]})

    async def _take_away(self, thing: Thing) -> None:
        """What was deleted for good here goes there, too."""
        if await self.rows.stands_elsewhere(thing) or await self._do("delete", thing) is not None:
            await self.rows.forget(thing)

    async def _failed(self, thing: Thing, problem: Failed) -> None:
        first, most = RETRY_S
        pause = min(most, first * 2.0 ** min(thing.tries, 12))
        log.warning("%s of the second copy: %s (%s)", thing.key, problem.reason, problem.detail)
        await self.rows.note_failed(thing, problem.reason, self._clock() + timedelta(seconds=pause))

    async def _note(self, kind: str, data: dict[str, Any]) -> None:
        """Have it written. Raises Refusal: nothing is done then that had to be told before."""
        command = Command(new_id("s", self._clock()), kind, None, parse_data(kind, data))
        await self._journal.submit(command, SYSTEM_ACCOUNT)

    def _path(self, thing: Thing) -> Path:
        return self._config.recordings_dir / thing.file

    def _size_here(self, thing: Thing) -> int | None:
        """Of a recorded or made file: its size on this machine. An object's is not looked at: its bytes are."""
        folder = {"part": self._config.recordings_dir, "made": self._config.made_dir}.get(thing.kind)
        if folder is None:
            return None
        path = folder / thing.file
        try:
            return path.stat().st_size if path.resolve().is_relative_to(folder.resolve()) else None
        except OSError:
            return None

    def told(self) -> dict[str, Any]:
        """How it stands, for pages."""
        at = self.at
        return {
            "place": self.place,
            "trouble": self.trouble,
            "since": to_wire(self.since) if self.since is not None else None,
            "answered_at": to_wire(self.answered_at) if self.answered_at is not None else None,
            "at": None
            if at is None
            else {
                "what": at.what,
                "kind": at.thing.kind,
                "file": at.thing.file,
                "meeting": at.thing.meeting,
                "stage": at.stage,
                "done": at.done,
                "total": at.total,
            },
        }


def _told(thing: Thing) -> dict[str, Any]:
    recording, _, part = thing.id.partition("/")
    return {
        "recording": recording,
        "part": part,
        "file": thing.file,
        "bytes": thing.bytes,
        "sha256": thing.sha256,
    }
