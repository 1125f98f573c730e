"""A ZIP whose every byte follows from its files: stored, no dates, no remarks, nothing beyond 4 GiB (APPNOTE 6.3.10 §4.3).

`verify_bundle.py` refuses any other frame, so that a bundle with one byte changed is known whichever byte it is.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

#: What such a file may take; the frame of ZIP64 is not written.
MOST_BYTES: Final = (1 << 32) - (1 << 20)
_LOCAL: Final = 30
_CENTRAL: Final = 46


class TooLarge(Exception):
    """It does not fit into 4 GiB."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in it."""

    sha256: str
    bytes: int


class StoredZip:
    """Writes one into an empty file that can be sought and read back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self._central: list[bytes] = []

    def add(self, name: str, blocks: Iterable[bytes]) -> Member:
        """One more file. Raises TooLarge, and what `blocks` raises; the file is of no use then."""
        raw, began = name.encode("ascii"), self._at
        self._file.seek(began + _LOCAL + len(raw))
        size, crc, digest = 0, 0, hashlib.sha256()
        for block in blocks:
            size += len(block)
            if began + size > MOST_BYTES:
                raise TooLarge
            crc = zlib.crc32(block, crc)
            digest.update(block)
            self._file.write(block)
        fixed = struct.pack("<5H3L2H", 20, 0, 0, 0, 33, crc, size, size, len(raw), 0)
        self._file.seek(began)
        self._file.write(b"PK\3\4" + fixed + raw)
        rest = struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, began)
        self._central.append(b"PK\1\2\x14\3" + fixed + rest + raw)
        self._at = began + _LOCAL + len(raw) + size
        return Member(digest.hexdigest(), size)

    def end(self) -> Member:
        """Close the list of files; the whole as it is now. Reads it once."""
        central, count = b"".join(self._central), len(self._central)
        self._file.seek(self._at)
        self._file.write(central)
        self._file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), self._at, 0))
        self._file.flush()
        self._file.seek(0)
        digest, size = hashlib.sha256(), 0
        while block := self._file.read(1 << 20):
            digest.update(block)
            size += len(block)
        return Member(digest.hexdigest(), size)


def frame_bytes(names: Iterable[str]) -> int:
    """What the frame takes besides the files with these names."""
    return 22 + sum(_LOCAL + _CENTRAL + 2 * len(name) for name in names)
