"""A small file system of its own for tests, which can be filled to the last byte and made room on again."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from pathlib import Path

import pytest

_MNT_DETACH = 2


class SmallDisk:
    """A tmpfs of `size_mb` MiB on `folder`; `with SmallDisk(…)`. Needs root; raises OSError where that is not permitted."""

    def __init__(self, folder: Path, size_mb: int) -> None:
        self.folder = folder
        self._size_mb = size_mb
        self._libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
        self._filler = folder / "filler"

    def __enter__(self) -> SmallDisk:
        self.folder.mkdir(parents=True, exist_ok=True)
        options = f"size={self._size_mb}m".encode()
        if self._libc.mount(b"tmpfs", os.fsencode(self.folder), b"tmpfs", 0, options) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return self

    def __exit__(self, *_: object) -> None:
        self._libc.umount2(os.fsencode(self.folder), _MNT_DETACH)

    def fill(self) -> None:
        """Leave no byte free; may be called again when something was given back meanwhile."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def leave(self, size: int) -> None:
        """Leave about so many bytes free."""
        space = os.statvfs(self.folder)
        with self._filler.open("ab", buffering=0) as file:
            file.write(bytes(max(0, space.f_bavail * space.f_frsize - size)))

    def make_room(self) -> None:
        """Give back what `fill` took."""
        self._filler.unlink()


def small_disk(folder: Path, size_mb: int) -> SmallDisk:
    """A SmallDisk, mounted; skips the test where the system permits none."""
    disk = SmallDisk(folder, size_mb)
    try:
        return disk.__enter__()
    except OSError as problem:
        pytest.skip(f"no file system can be mounted here: {problem}")
