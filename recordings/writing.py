"""Whether what comes for each recording is written: the disk's room, and parts that the disk refused."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

from hub.space import free_bytes
from recordings.disk_pace import DiskPace

Reason = Literal["disk_full", "failed", "disk_slow"]

#: How often room is looked for, and what has changed is told.
LOOK_S: Final = 1.0
#: How often it is looked whether the disk keeps up; in memory, as a disk that hangs answers no question.
PACE_S: Final = 0.5
#: A publisher's part is tried again every 5 s; one that was not refused for so long is written.
REMEMBER_S: Final = 12.0
#: What a disk that refused must take before it is believed again, in bytes.
PROBE_BYTES: Final = 256 * 1024
#: A dot at the start: no part has such a name.
PROBE_FILE: Final = ".probe"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

log = logging.getLogger(__name__)


def reason_of(trouble: BaseException) -> Reason:
    """The word for why the disk refused, from an error with an `errno`."""
    return "disk_full" if getattr(trouble, "errno", None) in _NO_ROOM else "failed"


class Writing:
    """What the recorder knows of its disk. `tell` gets the event `writing` (docs/link.md) on each change.

    With less than `reserve_bytes` free nothing more is written: the journal, which matters more, may share the disk.
    """

    def __init__(
        self,
        root: Path,
        reserve_bytes: int,
        tell: Callable[[dict[str, Any]], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self.reserve_bytes = reserve_bytes
        self.pace = DiskPace(clock=clock)
        self._root = root
        self._tell = tell
        self._clock = clock
        self._free = free
        self._full = False
        self._refused = False
        self._failures: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._told: dict[str, Reason | None] = {}

    def has_room(self) -> bool:
        """Whether anything more may be written now."""
        return not self._full

    def began(self, recording: str) -> None:
        """A recording runs from now on."""
        self._told.setdefault(recording, None)
        self.tell_changes()

    def ended(self, recording: str) -> None:
        self._told.pop(recording, None)
        self._failures.pop(recording, None)

    def refused(self, recording: str, peer: str, reason: Reason) -> None:
        """A part of this publisher could not be written."""
        if reason == "disk_full":
            self._full = self._refused = True
        elif recording in self._told:
            self._failures[recording][peer] = self._clock()
        self.tell_changes()

    def wrote(self, recording: str, peer: str) -> None:
        """A part of this publisher stands, with its first frames."""
        if self._failures.get(recording, {}).pop(peer, None) is not None:
            self.tell_changes()

    def reason(self, recording: str) -> Reason | None:
        """Why what comes for a recording is not written just now; None when it is."""
        if self._full:
            return "disk_full"
        since = self._clock() - REMEMBER_S
        failures = self._failures.get(recording, {})
        if any(at > since for at in failures.values()):
            return "failed"
        return "disk_slow" if self.pace.is_slow(recording) else None

    def tell_changes(self) -> None:
        """Tell of every recording of which something else holds than was told."""
        for recording, told in self._told.items():
            reason = self.reason(recording)
            if reason != told:
                self._told[recording] = reason
                self._tell({"recording": recording, "writing": reason is None, "reason": reason})

    async def run(self) -> None:
        """Look for room until cancelled; what was full is written to again as soon as it takes something."""
        await asyncio.gather(self._look_for_room(), self._look_at_pace())

    async def _look_for_room(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def _look_at_pace(self) -> None:
        while True:
            await asyncio.sleep(PACE_S)
            self.tell_changes()

    async def look(self) -> None:
        """Look once whether there is room."""
        full = await asyncio.to_thread(self._is_full)
        if full != self._full:
            free = f"less than {self.reserve_bytes >> 20} MiB are free" if full else "there is room again"
            log.log(logging.ERROR if full else logging.WARNING, "the recordings folder: %s", free)
        self._full = full
        self._refused = self._refused and full
        self.tell_changes()

    def _is_full(self) -> bool:
        try:
            # Somewhat more than the reserve, lest it goes back and forth at the edge.
            wanted = self.reserve_bytes * 5 // 4 if self._full else self.reserve_bytes
            if self._free(self._root) < wanted:
                return True
            if self._refused:
                self._probe()
        except OSError:
            return self._refused  # whether anything can be written otherwise, the parts show
        return False

    def _probe(self) -> None:
        path = self._root / PROBE_FILE
        try:
            with path.open("wb") as file:
                file.write(bytes(PROBE_BYTES))
                file.flush()
                os.fsync(file.fileno())
        finally:
            path.unlink(missing_ok=True)
