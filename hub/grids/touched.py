"""How often something that phones hold has changed, by place: a phone that has the newest of it is given nothing again.

Counts live in memory: after a restart everything counts as changed, once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from hub.entry import Entry, center_audience

_CENTER = center_audience("")
#: What may change anything: who there is, what places are called, of which meetings one may know.
_EVERYWHERE = ("account.changed", "account.deleted", "center", "directory", "secrecy")
#: Of a grid alone; a fold says nothing new.
_OF_GRID = ("visit.recorded", "visit.corrected", "visit.settled")
_SILENT = frozenset({"sweep.folded"})


class Touched:
    """Codes of centers and grids, and how often something there changed."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(6)
        self._count = 0
        self._everywhere = 0
        self._at: dict[str, int] = {}

    def at(self, places: Iterable[str]) -> None:
        """Something changed at these places. Call it when it can be read."""
        self._count += 1
        self._at.update(dict.fromkeys(places, self._count))

    def everywhere(self) -> None:
        """Something changed, and who knows where."""
        self._count += 1
        self._everywhere = self._count
        self._at.clear()

    def heard(self, entry: Entry) -> None:
        """An entry was committed: it touches the centers that it is told to, or the grids that it names."""
        kind, data = entry.kind, entry.data
        if kind in _SILENT:
            return
        if kind in _EVERYWHERE or kind.partition(".")[0] in _EVERYWHERE:
            self.everywhere()
        elif kind in _OF_GRID:
            self.at((data["grid"],))
        else:
            places = [each.removeprefix(_CENTER) for each in entry.audience if each.startswith(_CENTER)]
            places += data.get("grids", ()) if kind.startswith("registry.") else ()
            if places:
                self.at(places)

    def mark(self, places: Iterable[str]) -> str:
        """The same as long as nothing of these places changed. Ask before reading."""
        newest = max((self._at.get(each, 0) for each in places), default=0)
        return f"{self._run}-{max(newest, self._everywhere)}"
