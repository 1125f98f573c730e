"""How far the journal has come, kept beside the database: what was cut off the journal's end is missed.

`journal.head` in the data folder holds number and hash of the newest committed entry. It is written after each commit, in
place and without being forced to the disk, which costs some microseconds; it is forced with each checkpoint. So a
kill loses nothing of it, a loss of power at most what came since the last checkpoint. It is never ahead of the database.
"""

from __future__ import annotations

import logging
import os
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.journal.ports import Mark, Tip

HEAD_FILE: Final = "journal.head"
_LINE: Final = re.compile(rb"(\d{20}) ([0-9a-f]{64}) ([0-9a-f]{8})\n")

log = logging.getLogger(__name__)


class Head:
    """The file `journal.head` of a data folder. What goes wrong with it is logged: the journal does not wait for it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / HEAD_FILE
        self._descriptor: int | None = None
        self._failed = False

    def note(self, tip: Tip) -> None:
        """The journal has come to this entry."""
        text = b"%020d %s" % (tip.seq, tip.hash.encode())
        try:
            if self._descriptor is None:
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                self._descriptor = os.open(self.path, flags, 0o600)
            os.pwrite(self._descriptor, b"%s %08x\n" % (text, zlib.crc32(text)), 0)
            self._failed = False
        except OSError as trouble:
            if not self._failed:
                log.error("%s cannot be written: %s", HEAD_FILE, trouble.strerror)
            self._failed = True

    def force(self) -> None:
        """Have it survive a loss of power. Blocks; raises OSError."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Give the file back. Closing twice is no error."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def read_head(folder: Path) -> Mark | None:
    """What `journal.head` says; None when there is none or it says nothing that can be relied on."""
    try:
        found = _LINE.match((folder / HEAD_FILE).read_bytes())
    except OSError:
        return None
    if found is None:
        return None
    text = found[0][: found.start(3) - 1]
    if zlib.crc32(text) != int(found[3], 16):
        return None
    return Mark(int(found[1]), found[2].decode(), HEAD_FILE)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The journal does not hold what it once held: the entry of `mark` is missing, or another one stands in its place.

    `agreed` is the newest entry of which a mark shows that it is the one of then; 0 where none does.
    """

    tip: Tip
    mark: Mark
    agreed: int

    @property
    def is_cut(self) -> bool:
        """Whether entries are missing at the end; else their numbers were used again."""
        return self.mark.seq > self.tip.seq

    @property
    def first_lost(self) -> int:
        return (self.tip.seq if self.is_cut else self.agreed) + 1

    @property
    def lost(self) -> int:
        """How many entries are known to be lost (at most, where numbers were used again)."""
        return self.mark.seq - self.first_lost + 1

    def __str__(self) -> str:
        if self.is_cut:
            return (
                f"the journal ends at entry {self.tip.seq}, but it had come to entry {self.mark.seq}"
                f" ({self.mark.where}): {self.lost} entries are missing"
            )
        return f"entry {self.mark.seq} is not the one that was written ({self.mark.where})"


def find_shortfall(tip: Tip, marks: Iterable[Mark], hash_at: Callable[[int], str | None]) -> Shortfall | None:
    """What is missing of the journal that ends at `tip`, by the furthest mark that shows it. `hash_at` of an entry's number."""
    agreed, worst = 0, None
    for mark in sorted(marks, key=lambda each: (each.seq, each.hash != "")):
        if not mark.seq:
            continue  # of before the first entry: any journal begins there
        if mark.seq <= tip.seq and (not mark.hash or hash_at(mark.seq) == mark.hash):
            agreed = mark.seq if mark.hash else agreed
        else:
            worst = mark
    return Shortfall(tip, worst, agreed if agreed < worst.seq else 0) if worst is not None else None
