"""Finding a center by what is typed: its name, its pinyin in full or by initials, its code, words of its path."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from typing import Protocol


class Named(Protocol):
    """What a center is found by."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def pinyin(self) -> str:
        """As hub.directory.pinyin.spell gives it."""


def words_of(text: str) -> list[str]:
    """What is typed as words: wide letters and digits made narrow, lower case, parted at any white space."""
    return unicodedata.normalize("NFKC", text).lower().split()


def rank(path: Sequence[Named], words: Sequence[str]) -> int | None:
    """How well the last center of a path (root first) is meant by these words, 0 best; None when not at all.

    Every word must be found somewhere on the path, and one of them at the center itself: "临湘 坦渡" finds
    坦渡镇 and 坦渡村 below 临湘市, and not every village of 坦渡镇.
    """
    if not path or not words:
        return None
    own = [_rank_of(path[-1], word) for word in words]
    best = min((found for found in own if found is not None), default=None)
    if best is None:
        return None
    for word, found in zip(words, own, strict=True):
        if found is None and all(_rank_of(center, word) is None for center in path[:-1]):
            return None
    return best


def _rank_of(center: Named, word: str) -> int | None:
    name = center.name.lower()
    if word in (name, center.code):
        return 0
    syllables = _syllables(center.pinyin)
    if _reads(syllables, word, whole=True):
        return 1
    if name.startswith(word):
        return 2
    if _reads(syllables, word):
        return 3
    if word in name:
        return 4
    if center.code.startswith(word):
        return 5
    # Inside a name one letter would find nearly everything.
    if len(word) > 1 and any(_reads(syllables[start:], word) for start in range(1, len(syllables))):
        return 6
    return None


@functools.lru_cache(maxsize=16_384)
def _syllables(spelled: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each syllable. Kept: a search asks for those of the whole tree."""
    return tuple(tuple(syllable.split("/")) for syllable in spelled.split())


def _reads(syllables: Sequence[Sequence[str]], word: str, *, whole: bool = False) -> bool:
    """Whether the word spells these syllables from the first on, each in full or by its beginning; `whole`: all of them."""
    if not word:
        return not whole or not syllables
    if not syllables:
        return False
    for reading in syllables[0]:
        length = 0
        while length < min(len(reading), len(word)) and reading[length] == word[length]:
            length += 1
            if _reads(syllables[1:], word[length:], whole=whole):
                return True
    return False
