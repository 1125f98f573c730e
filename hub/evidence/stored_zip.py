"""A ZIP whose every byte follows from its files: stored, no dates, no remarks; as ZIP64 where it may be larger than 4 GiB.

`verify_bundle.py` refuses any other frame, so that a bundle with one byte changed is known whichever byte it is. The frame is
told there, once.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from hub.evidence.verify_bundle import ended, framed

#: What such a file may take without the frame of ZIP64.
MOST_BYTES: Final = (1 << 32) - (1 << 20)


class TooLarge(Exception):
    """It does not fit into 4 GiB, and is not `wide`."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in it."""

    sha256: str
    bytes: int


class StoredZip:
    """Writes one into an empty file that can be sought and read back; `wide`: with the frame of ZIP64, of any size."""

    def __init__(self, file: BinaryIO, *, wide: bool = False) -> None:
        self._file = file
        self._wide = wide
        self._at = 0
        self._central: list[bytes] = []

    def add(self, name: str, blocks: Iterable[bytes]) -> Member:
        """One more file. Raises TooLarge, and what `blocks` raises; the file is of no use then."""
        raw, began = name.encode("ascii"), self._at
        begins = began + len(framed(raw, 0, 0, 0, self._wide)[0])
        self._file.seek(begins)
        size, crc, digest = 0, 0, hashlib.sha256()
        for block in blocks:
            size += len(block)
            if begins + size > MOST_BYTES and not self._wide:
                raise TooLarge
            crc = zlib.crc32(block, crc)
            digest.update(block)
            self._file.write(block)
        before, listed = framed(raw, crc, size, began, self._wide)
        self._file.seek(began)
        self._file.write(before)
        self._central.append(listed)
        self._at = begins + size
        return Member(digest.hexdigest(), size)

    def end(self) -> Member:
        """Close the list of files; the whole as it is now. Reads it once."""
        central = b"".join(self._central)
        self._file.seek(self._at)
        self._file.write(central + ended(len(self._central), len(central), self._at, self._wide))
        self._file.flush()
        self._file.seek(0)
        digest, size = hashlib.sha256(), 0
        while block := self._file.read(1 << 20):
            digest.update(block)
            size += len(block)
        return Member(digest.hexdigest(), size)


def frame_bytes(names: Iterable[str]) -> int:
    """What the frame takes besides the files with these names."""
    return len(ended(0, 0, 0, False)) + sum(
        len(part) for name in names for part in framed(name.encode(), 0, 0, 0, False)
    )
