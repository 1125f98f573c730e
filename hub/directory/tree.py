"""The tree of centers as a value: who stands below whom, and how a center is found by typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hub.directory.finding import rank, words_of

#: The four levels, top first.
LEVELS: Final = ("city", "county", "township", "village")


@dataclass(frozen=True, slots=True)
class Center:
    """One center. The code is the key: names repeat (联合村 four times in the real tree)."""

    #: 12 digits, 2+2+2+3+3.
    code: str
    name: str
    #: One of LEVELS.
    level: str
    #: The code of the center above; None for a root. Explicit: functional areas stand outside the numbering.
    parent: str | None
    #: The name's pinyin, as hub.directory.pinyin.spell gives it ("tan du cun" for 坦渡村).
    pinyin: str
    #: A functional area (功能区): a zone with an administration of its own, whose code may stand outside of the numbering.
    functional: bool = False


class CenterTree:
    """All centers, immutable. A change of the directory makes a new tree.

    Raises ValueError on a repeated code, an unknown parent or a circle.
    """

    def __init__(self, centers: Iterable[Center]) -> None:
        self._centers: dict[str, Center] = {}
        for center in centers:
            if center.code in self._centers:
                raise ValueError(f"center {center.code} stands twice in the list")
            self._centers[center.code] = center
        self._children: dict[str | None, list[Center]] = {}
        for center in self._centers.values():
            if center.parent is not None and center.parent not in self._centers:
                raise ValueError(f"center {center.code} has the unknown parent {center.parent}")
            self._children.setdefault(center.parent, []).append(center)
        reached = sum(len(self.subtree(root.code)) for root in self.roots)
        if reached != len(self._centers):
            raise ValueError("the parents of some centers go round in a circle")

    def __len__(self) -> int:
        return len(self._centers)

    def __contains__(self, code: object) -> bool:
        return code in self._centers

    def __getitem__(self, code: str) -> Center:
        """The center with this code. Raises KeyError."""
        return self._centers[code]

    def get(self, code: str) -> Center | None:
        """The center with this code, or None."""
        return self._centers.get(code)

    @property
    def roots(self) -> list[Center]:
        """The centers without a parent."""
        return self.children(None)

    def children(self, code: str | None) -> list[Center]:
        """The centers right below (of None: the roots), in the order of the list."""
        return list(self._children.get(code, ()))

    def contains(self, ancestor: str, code: str) -> bool:
        """Whether `code` is `ancestor` itself or stands below it. False for codes that do not exist."""
        center = self._centers.get(code)
        while center is not None:
            if center.code == ancestor:
                return True
            center = self._centers.get(center.parent) if center.parent is not None else None
        return False

    def subtree(self, code: str) -> list[Center]:
        """The center and all below it, parents before children; empty for an unknown code."""
        found: list[Center] = []
        start = self._centers.get(code)
        pending = [start] if start is not None else []
        while pending:
            center = pending.pop()
            found.append(center)
            pending.extend(reversed(self._children.get(center.code, ())))
        return found

    def path(self, code: str) -> list[Center]:
        """From the root down to the center itself; empty for an unknown code."""
        steps: list[Center] = []
        center = self._centers.get(code)
        while center is not None:
            steps.append(center)
            center = self._centers.get(center.parent) if center.parent is not None else None
        return steps[::-1]

    def search(self, text: str, within: str | None = None, limit: int = 100) -> list[Center]:
        """Centers found by name, pinyin, code or words of their path (hub.directory.finding), best matches first.

        `within` limits the search to that center's subtree (None: everywhere). An empty text finds nothing.
        """
        words = words_of(text)
        if not words or limit <= 0:
            return []
        pool = self._centers.values() if within is None else self.subtree(within)
        ranked = [
            (found, center.code)
            for center in pool
            if (found := rank(self.path(center.code), words)) is not None
        ]
        ranked.sort()
        return [self._centers[code] for _, code in ranked[:limit]]
