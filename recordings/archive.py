"""The recordings folder: which names are safe in it, and what stands in it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: One step of a path: no dot at the start, no separator, nothing a shell or another system would trip over.
_STEP: Final = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")
MAX_STEPS: Final = 8
#: What is recorded is for the hub's own user alone; everybody else asks the hub.
FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
SUFFIXES: Final = frozenset({".webm", ".mkv"})


class UnsafePath(ValueError):
    """A name that does not stay in the recordings folder, or could not be told apart there."""


def inside(root: Path, relative: str) -> Path:
    """The path of `relative` below `root`. Raises UnsafePath for anything but plain steps downward.

    Links that lead out of the folder are found as well.
    """
    steps = relative.split("/")
    if len(steps) > MAX_STEPS or not all(_STEP.match(step) for step in steps):
        raise UnsafePath("not a plain path below the recordings folder")
    path = root.joinpath(*steps)
    if not path.resolve().is_relative_to(root.resolve()):
        raise UnsafePath("the path leads out of the recordings folder")
    return path


def media_files(root: Path) -> Iterator[str]:
    """Relative paths of all parts in the folder, sorted, for ``hub journal verify``; unfinished copies are left out."""
    for folder, names, files in os.walk(root):
        names.sort()
        for name in sorted(files):
            if Path(name).suffix in SUFFIXES:
                yield (Path(folder) / name).relative_to(root).as_posix()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power loss. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def close_to_others(root: Path) -> int:
    """Take the folder and all in it from everybody but its owner; how much had been open. What is not ours is left.

    Links are not followed.
    """
    changed = 0
    for folder, _, files in os.walk(root):
        for path, mode in (
            (folder, FOLDER_MODE),
            *((os.path.join(folder, name), FILE_MODE) for name in files),
        ):
            try:
                found = os.lstat(path)
                if not stat.S_ISLNK(found.st_mode) and stat.S_IMODE(found.st_mode) & 0o077:
                    os.chmod(path, mode)
                    changed += 1
            except OSError:
                continue  # gone meanwhile, or another's
    return changed
