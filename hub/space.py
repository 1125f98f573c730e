"""Room on the file systems that the hub writes to."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

#: How often room is looked for.
LOOK_S: Final = 2.0

log = logging.getLogger(__name__)


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

    def __init__(self, folders: Mapping[str, Path], reserve_bytes: int) -> None:
        self.low: list[str] = []
        """The names of the folders with less than the reserve."""
        self._folders = folders
        self._reserve_bytes = reserve_bytes

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
            await asyncio.sleep(LOOK_S)
