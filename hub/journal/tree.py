"""The journal as a Merkle tree (RFC 6962 §2.1): one root stands for all entries, and few nodes show that an entry is in it.

A leaf is the entry's own hash, 32 bytes; leaves stand in the order of the entries. Whoever may not read an entry still
gets its hash, and can prove everything around it.
"""

from __future__ import annotations

import hashlib
import json
import os
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TREE_FILE: Final = "journal.tree"
#: Root of the tree without leaves.
EMPTY: Final = hashlib.sha256(b"").hexdigest()


def leaf_of(entry_hash: str) -> bytes:
    """The leaf of the entry with this hash, hex. Raises ValueError."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()


def _above(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows: the roots of its whole subtrees, at most one of each size, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, entry_hash: str) -> None:
        """One more entry."""
        node, size = leaf_of(entry_hash), self.size
        while size & 1:
            node, size = _above(self._peaks.pop(), node), size >> 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> str:
        """The root over all entries so far, hex."""
        if not self._peaks:
            return EMPTY
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = _above(peak, node)
        return node.hex()

    def text(self, seq: int) -> str:
        """It as it is now, with the entry `seq` it goes up to, to be kept by `write_tree`."""
        return json.dumps({"seq": seq, "size": self.size, "peaks": [peak.hex() for peak in self._peaks]})

    @classmethod
    def of(cls, size: int, peaks: Sequence[str]) -> Frontier:
        """As `text` told it. Raises ValueError."""
        if size < 0 or size.bit_count() != len(peaks):
            raise ValueError("no tree has these subtrees")
        frontier = cls()
        frontier.size, frontier._peaks = size, [bytes.fromhex(peak) for peak in peaks]
        return frontier


def write_tree(folder: Path, text: str) -> None:
    """Keep a tree, so that the next start need not read the whole journal. Blocks; raises OSError."""
    beside = folder / f"{TREE_FILE}.new"
    beside.write_text(text, encoding="ascii")
    os.replace(beside, folder / TREE_FILE)


def read_tree(folder: Path) -> tuple[int, Frontier] | None:
    """The entry up to which a kept tree goes, and the tree; None when nothing usable is there."""
    try:
        told = json.loads((folder / TREE_FILE).read_text(encoding="ascii"))
        return int(told["seq"]), Frontier.of(int(told["size"]), told["peaks"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Node:
    """The root of the subtree over the leaves `first` up to, not including, `end`."""

    first: int
    end: int
    hash: bytes


class Tree:
    """All nodes over the entries of a journal, in memory: 64 bytes an entry."""

    def __init__(self, hashes: Iterable[str]) -> None:
        self._levels: list[list[bytes]] = [[leaf_of(each) for each in hashes]]
        while len(below := self._levels[-1]) > 1:
            pairs = range(0, len(below) - 1, 2)
            self._levels.append([_above(below[place], below[place + 1]) for place in pairs])

    @property
    def size(self) -> int:
        """Leaves."""
        return len(self._levels[0])

    def root(self, size: int | None = None) -> str:
        """The root over the first `size` leaves, hex; over all without it."""
        size = self.size if size is None else size
        return self._over(0, size).hex() if size else EMPTY

    def proof(self, wanted: Sequence[int], sizes: Sequence[int]) -> list[Node]:
        """The nodes that, with the `wanted` leaves, give the root over all leaves and the roots over the first `sizes` leaves.

        These are the inclusion proofs of all wanted leaves (RFC 6962 §2.1.1) and the consistency proofs of all sizes
        (§2.1.2) in one: what several of them need stands in it once. Left to right; wanted leaves are not in it.
        """
        own = set(wanted)
        cuts = sorted({*own, *(leaf + 1 for leaf in own), *sizes})
        found: list[Node] = []

        def walk(first: int, end: int) -> None:
            place = bisect_right(cuts, first)
            if place < len(cuts) and cuts[place] < end:
                middle = first + split(end - first)
                walk(first, middle)
                walk(middle, end)
            elif end - first > 1 or first not in own:
                found.append(Node(first, end, self._over(first, end)))

        if self.size:
            walk(0, self.size)
        return found

    def _over(self, first: int, end: int) -> bytes:
        size = end - first
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self._levels[level][first >> level]
        middle = first + split(size)
        return _above(self._over(first, middle), self._over(middle, end))


def split(size: int) -> int:
    """The largest power of two that is smaller than `size`, which is at least 2: where a tree is parted."""
    return 1 << (size - 1).bit_length() - 1
