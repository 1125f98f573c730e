"""Which center a text of a list means: its code, its name, or names of its path. What is not plain is never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final

#: (code, name, code of the center above)
Known = tuple[str, str, str | None]

_CODE: Final = re.compile(r"[0-9]{12}")
#: What people write between the names of a path.
_BETWEEN: Final = re.compile(r"[\s/\\>›»、,，;；|·:：_-]+")
#: Names above a center that may stand before its own, nearest first.
_STEPS: Final = 4
#: Centers that are shown for a text that means none.
SUGGESTED: Final = 6


def plain(text: str) -> str:
    """A text as it is compared: wide characters narrow, without blanks and what stands between names."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


class Matcher:
    """Finds the centers of one subtree by what lists write of them.

    `centers` are those of the subtree and those above it; `own` the codes that may be found.
    """

    def __init__(self, centers: Iterable[Known], own: Iterable[str]) -> None:
        self._known: Mapping[str, Known] = {each[0]: each for each in centers}
        self._own = [code for code in own if code in self._known]
        self._codes = frozenset(self._own)
        self._keys: dict[str, list[str]] = {}
        self._names = {code: plain(self._known[code][1]) for code in self._own}
        for code in self._own:
            above = [plain(name) for name in self._above(code)]
            # A name that two steps share makes the same key twice.
            keys = {
                "".join(some) + self._names[code]
                for count in range(len(above) + 1)
                for some in combinations(above, count)
            }
            for key in keys:
                self._keys.setdefault(key, []).append(code)

    def find(self, text: str) -> list[str]:
        """The codes of all centers that the text may mean: one is sure, none is unknown."""
        written = unicodedata.normalize("NFKC", text).strip()
        if _CODE.fullmatch(written):
            return [written] if written in self._codes else []
        return list(self._keys.get(plain(text), ()))

    def suggest(self, text: str) -> list[str]:
        """Some centers whose name stands in the text, or begins it, the longest name first: for a person to choose from."""
        written = plain(text)
        if len(written) < 2:
            return []
        found = [
            (-len(name), code) for code, name in self._names.items() if name in written or written in name
        ]
        return [code for _, code in sorted(found)[:SUGGESTED]]

    def _above(self, code: str) -> list[str]:
        """Names of the centers above, root first."""
        names: list[str] = []
        parent = self._known[code][2]
        while parent is not None and parent in self._known and len(names) < _STEPS:
            names.append(self._known[parent][1])
            parent = self._known[parent][2]
        return names[::-1]
