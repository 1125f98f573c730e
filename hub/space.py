"""Room on the file systems that the hub writes to."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

#: How often room is looked for.
LOOK_S: Final = 2.0

#: What is free must rise by this much above a threshold before that is over, lest it goes back and forth.
EASE: Final = 1.25

#: Enough; little; too little for new recordings (hub/conference/recording_room.py).
Room = Literal["enough", "short", "none"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In bytes: below `reserve` nothing is written, below `refuse` no recording begins, below `warn` people are told."""

    reserve: int
    refuse: int
    warn: int

    def room(self, free: int, before: Room = "enough") -> Room:
        """What so much room is, when it was that before."""
        refuse, warn = max(self.refuse, self.reserve), max(self.warn, self.refuse, self.reserve)
        if free < refuse * (EASE if before == "none" else 1):
            return "none"
        return "short" if free < warn * (EASE if before != "enough" else 1) else "enough"


def room_of(folder: Path, thresholds: Thresholds, before: Room) -> Room:
    """Room for recordings now; as before where nobody can say."""
    try:
        return thresholds.room(
            free_bytes(next(each for each in (folder, *folder.parents) if each.exists())), before
        )
    except OSError:
        return before


def free_near(folder: Path) -> int:
    """How much is free where a folder is, or will be once something is put into it."""
    while not folder.exists():
        folder = folder.parent
    return free_bytes(folder)


def free_bytes(folder: Path) -> int:
    """Room left for us on the file system of the folder. Raises OSError."""
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize


def low_on_space(
    folders: Mapping[str, Path], reserve_bytes: int, free: Callable[[Path], int] = free_bytes
) -> list[str]:
    """The names of the folders where less than `reserve_bytes` are free; one that cannot be looked at is passed over."""
    low = []
    for name, folder in folders.items():
        try:
            if free(folder) < reserve_bytes:
                low.append(name)
        except OSError:
            continue  # it may stand on another machine; who writes there tells of it
    return low


class SpaceWatch:
    """Looks for room now and then, in a thread of its own: a file system that hangs keeps nobody else waiting."""

    def __init__(self, folders: Mapping[str, Path], recordings: Path, thresholds: Thresholds) -> None:
        self.low: list[str] = []
        """The names of the folders with less than the reserve."""
        self.room: Room | None = None
        """Room for recordings; None before the first look."""
        self._folders = folders
        self._recordings = recordings
        self._thresholds = thresholds
        self._reserve_bytes = thresholds.reserve

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            low = await asyncio.to_thread(low_on_space, self._folders, self._reserve_bytes)
            if low != self.low:
                for name in sorted({*low} - {*self.low}):
                    log.error("less than %d MiB are free in the %s folder", self._reserve_bytes >> 20, name)
                for name in sorted({*self.low} - {*low}):
                    log.warning("there is room again in the %s folder", name)
            self.low = low
            before = self.room or "enough"
            self.room = await asyncio.to_thread(room_of, self._recordings, self._thresholds, before)
            await asyncio.sleep(LOOK_S)
