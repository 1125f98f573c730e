"""A part that is being written: frames are put in a queue here, and a thread of the pool writes them."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Final, TypeVar

from recordings.archive import FOLDER_MODE, sync_folder
from recordings.finishing import finish
from recordings.holes import Hole, HoleNotes
from recordings.muxer import MuxError, PartFile, Sample, Track, picture_size
from recordings.part_record import PartRecord
from recordings.sound_line import SoundLine
from recordings.writing import Reason, Writing, reason_of

#: Frames are written in batches of this much time; it is part of what a kill costs.
BATCH_S: Final = 0.1
#: With nothing to write, this often it is looked whether the file must be forced to the disk.
LOOK_S: Final = 1.0
#: What may wait for a slow disk. Beyond it frames are left out until the next key frame.
MAX_WAITING_BYTES: Final = 16 * 1024 * 1024

Done = TypeVar("Done")

log = logging.getLogger(__name__)


class Part:
    """One growing file. `add` never blocks; everything that touches the disk runs in the pool. Sound is laid end to end.

    `on_opened` is called once the file stands and holds its first frames, `on_closed` once it is final.
    `writing` is told whether the disk takes it; while that has no room, nothing is written.
    `failed` is set when the disk refused: what was written so far is kept, the rest is not taken any more. What `finishers`
    copy and hash at its end keeps nobody waiting who writes in `pool`.
    """

    def __init__(
        self,
        record: PartRecord,
        root: Path,
        pool: Executor,
        parameters: bytes,
        on_opened: Callable[[PartRecord], None],
        on_closed: Callable[[PartRecord], Awaitable[None]],
        writing: Writing,
        finishers: Executor | None = None,
    ) -> None:
        self.record = record
        self.parameters = parameters
        self.failed = False
        self.left_out = 0
        self.last_ms = 0
        self._picture_ms = 0
        self._sound = SoundLine()
        self._tracks = [Track(track["kind"], track["codec"]) for track in record.tracks]
        self._root = root
        self._pool = pool
        self._finishers = finishers or pool
        self._holes = HoleNotes()
        self._on_opened = on_opened
        self._on_closed = on_closed
        self._writing = writing
        self._waiting: list[Sample] = []
        self._waiting_bytes = 0
        self._overflowed = False
        self._announced = False
        self._ending = False
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._write_all(), name=f"part {record.part}")

    def holds(self, track: Track) -> bool:
        """Whether the file has this track."""
        return track in self._tracks

    def add(self, sample: Sample) -> None:
        """Take a frame to be written."""
        if self.failed or self._ending:
            return
        pace = self._writing.pace
        if self._waiting_bytes > MAX_WAITING_BYTES or pace.is_behind:
            self._overflowed = True
        elif self._overflowed and (not self._has_video or (sample.kind == "video" and sample.key)):
            self._overflowed = self._waiting_bytes > MAX_WAITING_BYTES // 2 or not pace.has_eased
        if self._overflowed:
            self.left_out += 1
            self._holes.left_out(sample.kind)
            return
        self._holes.goes_on(sample.kind, sample.at_ms, sample.quiet_ms)
        if sample.kind == "video":
            self._picture_ms = max(self._picture_ms, sample.at_ms)
            self._put(sample)
        else:
            for at_ms, data in self._sound.place(sample.data, sample.at_ms):
                self._put(Sample(sample.kind, data, at_ms, True))

    def pass_time(self, at_ms: int) -> None:
        """No sound from before `at_ms` comes any more: where there is none, silence goes along with the picture."""
        until_ms = min(at_ms, self._picture_ms)
        if self.failed or self._ending or self._overflowed or not self._has_sound:
            return
        for filled_ms, data in self._sound.fill(until_ms):
            self._put(Sample("audio", data, filled_ms, True))

    def end(self) -> asyncio.Task[None]:
        """Nothing more comes. The task is done when the file is final and its record says so."""
        self.pass_time(self._picture_ms)
        self._ending = True
        self._wake.set()
        return self._task

    def _put(self, sample: Sample) -> None:
        self._waiting.append(sample)
        self._waiting_bytes += len(sample.data)
        self._writing.pace.hold(len(sample.data))
        self.last_ms = max(self.last_ms, sample.at_ms)
        self._wake.set()

    @property
    def sound_ms(self) -> int:
        """How far the sound goes."""
        return self._sound.end_ms

    @property
    def _has_sound(self) -> bool:
        return any(track.kind == "audio" for track in self._tracks)

    @property
    def _has_video(self) -> bool:
        return any(track.kind == "video" for track in self._tracks)

    async def _write_all(self) -> None:
        file: PartFile | None = None
        try:
            while not (self._ending and not self._waiting):
                batch = await self._next_batch()
                if file is None:
                    if not batch:
                        continue
                    file = await self._on_disk(self._begin, batch)
                    self._announced = True
                    self._on_opened(self.record)
                    self._writing.wrote(self.record.recording, self.record.peer)
                elif not self._writing.has_room():
                    raise MuxError("there is no room", errno.ENOSPC)
                await self._on_disk(file.write, batch)
                self._gone(batch)
        except (MuxError, OSError) as trouble:
            self._give_up(str(trouble), reason_of(trouble))
            # One that was never begun is tried again every few seconds, which is told as `writing`.
            log.log(
                logging.ERROR if self._announced else logging.DEBUG,
                "part %s cannot be written on: %s",
                self.record.part,
                trouble,
            )
        except Exception:
            # A fault of ours costs this one part; the others go on.
            self._give_up("a fault of the recorder", "failed")
            log.exception("part %s is given up", self.record.part)
        self._writing.pace.release(self._waiting_bytes)
        await asyncio.get_running_loop().run_in_executor(self._finishers, self._finish, file)
        await self._on_closed(self.record)

    async def _on_disk(self, work: Callable[[list[Sample]], Done], batch: list[Sample]) -> Done:
        """Have the pool do it, under the eyes of whoever tells how slow the disk is."""
        self._writing.pace.began(self.record.recording, self.record.part)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, batch)
        finally:
            self._writing.pace.ended(self.record.part)

    def _gone(self, batch: list[Sample]) -> None:
        """What was in the hands of the disk waits no more."""
        size = sum(len(sample.data) for sample in batch)
        self._waiting_bytes -= size
        self._writing.pace.release(size)

    def _give_up(self, trouble: str, reason: Reason) -> None:
        self.failed = True
        self.record.trouble = trouble
        self._writing.refused(self.record.recording, self.record.peer, reason)

    async def _next_batch(self) -> list[Sample]:
        if not self._ending:
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            except TimeoutError:
                return []
            if not self._ending:
                await asyncio.sleep(BATCH_S)
        self._wake.clear()
        batch, self._waiting = self._waiting, []
        return batch

    def _begin(self, first: list[Sample]) -> PartFile:
        if not self._writing.has_room():
            raise MuxError("there is no room", errno.ENOSPC)
        path = self.record.media_path(self._root)
        path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        size = (0, 0)
        video = next((track.codec for track in self._tracks if track.kind == "video"), None)
        if video is not None:
            key = next(sample.data for sample in first if sample.kind == "video")
            size = picture_size(video, key)
        # The record first: a file without a record would never be found again after a kill.
        self.record.save(self._root)
        file = PartFile(path, self._tracks, size)
        sync_folder(path.parent)
        return file

    def _finish(self, file: PartFile | None) -> None:
        if file is not None:
            try:
                file.close()
            except MuxError as trouble:
                self.record.trouble = self.record.trouble or str(trouble)
        close_record(
            self.record,
            self._root,
            keep=self._announced,
            reserve_bytes=self._writing.reserve_bytes,
            noted=self._holes.noted,
        )


def close_record(
    record: PartRecord,
    root: Path,
    *,
    keep: bool = False,
    reserve_bytes: int = 0,
    noted: Sequence[Hole] = (),
) -> None:
    """Make the part's file final and its record closed. Blocks. What fails is told in the record and the log.

    A part that holds nothing and that control was never told of is erased, unless it is to be kept because control is being
    told just now; its `state` then stays `writing`.
    """
    try:
        path = record.media_path(root)
        done = finish(path, reserve_bytes // 2, noted) if path.parent.exists() else None
        if done is None or (done.samples == 0 and not record.opened_told and not keep):
            if path.parent.exists():
                record.erase(root)
            return
        record.duration_ms, record.bytes, record.sha256 = done.duration_ms, done.bytes, done.sha256
        record.trouble = record.trouble or done.trouble
        record.holes = [hole.to_wire() for hole in done.holes]
        record.state = "closed"
        record.save(root)
    except OSError as trouble:
        record.trouble = record.trouble or f"cannot be finished: {trouble.strerror}"
        log.error("part %s cannot be finished: %s", record.part, trouble.strerror)
