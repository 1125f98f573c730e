"""Where a part has holes: stretches in which one of its tracks shows or says nothing, and why.

A file tells where; why is noted while it grows, and forgotten when the recorder is killed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

#: Shorter ones nobody misses: a screen that stands still sends one picture a second.
HOLE_MS: Final = 2000
#: A part tells of its longest ones.
MOST: Final = 200
#: More notes than this are of a line that does not hold for two seconds.
MOST_NOTES: Final = 1000

#: `nothing` came (muted, paused, a line that was cut), what came was `lost` in part, or the `disk` did not keep up.
Why = Literal["nothing", "lost", "disk"]


@dataclass(frozen=True, slots=True)
class Hole:
    """From where to where in its part, in ms, of which kind of track."""

    kind: str
    from_ms: int
    to_ms: int
    why: Why = "nothing"

    def to_wire(self) -> dict[str, Any]:
        return asdict(self)


class HoleNotes:
    """What is noted of a growing part: why something was missing where it goes on."""

    def __init__(self) -> None:
        self.noted: list[Hole] = []
        self._until_ms: dict[str, int] = {}
        self._left_out: set[str] = set()

    def left_out(self, kind: str) -> None:
        """Something of this kind came and was not taken: the disk is behind."""
        self._left_out.add(kind)

    def goes_on(self, kind: str, at_ms: int, quiet_ms: int) -> None:
        """The next of this kind; `quiet_ms` is the longest time without any packet since the last."""
        since_ms = self._until_ms.get(kind, 0)
        self._until_ms[kind] = max(since_ms, at_ms)
        was_left_out = kind in self._left_out
        self._left_out.discard(kind)
        if at_ms - since_ms >= HOLE_MS and len(self.noted) < MOST_NOTES:
            why: Why = "disk" if was_left_out else "nothing" if quiet_ms * 2 >= at_ms - since_ms else "lost"
            self.noted.append(Hole(kind, since_ms, at_ms, why))


class HoleFinder:
    """Finds the holes of a file from its packets, in the file's order."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self._until_ms = dict.fromkeys(kinds, 0)
        self._found: list[Hole] = []

    def packet(self, kind: str, at_ms: int, end_ms: int) -> None:
        """One that shows or says something."""
        self._reach(kind, at_ms)
        self._until_ms[kind] = max(self._until_ms[kind], end_ms)

    def found(self, end_ms: int, noted: Iterable[Hole] = ()) -> list[Hole]:
        """The holes of a file that ends here, oldest first; why, by what was noted of the same stretch."""
        for kind in self._until_ms:
            self._reach(kind, end_ms)
        longest = sorted(self._found, key=lambda hole: hole.from_ms - hole.to_ms)[:MOST]
        notes = list(noted)
        told = [Hole(each.kind, each.from_ms, each.to_ms, _why(each, notes)) for each in longest]
        return sorted(told, key=lambda hole: (hole.from_ms, hole.kind))

    def _reach(self, kind: str, at_ms: int) -> None:
        since_ms = self._until_ms[kind]
        if at_ms - since_ms >= HOLE_MS:
            self._found.append(Hole(kind, since_ms, at_ms))


def _why(hole: Hole, notes: Iterable[Hole]) -> Why:
    def overlap(note: Hole) -> int:
        return min(hole.to_ms, note.to_ms) - max(hole.from_ms, note.from_ms)

    same = [note for note in notes if note.kind == hole.kind and overlap(note) > 0]
    return max(same, key=overlap).why if same else "nothing"
