"""Texts as pairs of characters, so that words of two characters are found inside others: one function for both databases.

Neither database knows where a Chinese word begins, and three characters at a time (trigrams) find none of two. A text is
folded (wide forms narrow, lower case) and parted into runs of letters and digits; a run gives each of its pairs, and its
last character alone. That last one keeps the pairs of two runs apart, so that a row of neighbouring pairs is exactly a
piece of one run, and each character begins one gram, so that one character is found by its beginning.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from hub.directory import pinyin

#: What lies behind this many characters of a text is not found. PostgreSQL keeps 16,383 places of a text.
MOST_CHARACTERS: Final = 4_000
#: Spellings of one name, where its characters are read in several ways.
_SPELLINGS: Final = 6
_NAMES_KEPT: Final = 8_192


@functools.lru_cache(maxsize=16_384)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return "".join(each if each.isalnum() else "\0" for each in plain) or "\0"


def fold(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, NUL for what is no letter or digit; and from which character of it each comes."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in _folded(character):
            folded.append(each)
            places.append(place)
    return "".join(folded), places


def runs(text: str) -> list[str]:
    """Letters and digits without anything between, folded."""
    return [run for run in "".join(map(_folded, text)).split("\0") if run]


def grams(text: str) -> Iterator[str]:
    """The grams of a text, in their order."""
    for run in runs(text[:MOST_CHARACTERS]):
        for place in range(len(run) - 1):
            yield run[place : place + 2]
        yield run[-1]


@functools.lru_cache(maxsize=_NAMES_KEPT)
def spelled(name: str) -> str:
    """A name's readings in Latin letters, each in full and by initials, parted by blanks.

    >>> spelled("坦渡村")
    'tanducun tdc'
    """
    syllables = [each.split("/") for each in pinyin.spell(name).split()]
    found: dict[str, None] = {}
    for reading in itertools.islice(itertools.product(*syllables), _SPELLINGS):
        found["".join(reading)] = None
        found["".join(syllable[0] for syllable in reading)] = None
    folded = fold(name)[0].replace("\0", "")
    return " ".join(each for each in found if each and each != folded)


def row_grams(text: str, names: Iterable[str] = (), spell: bool = False) -> list[str]:
    """All grams under which a row is found: of its text and of names, with `spell` also of how these are spelled."""
    named = [name for name in names if name]
    latin = grams(" ".join(map(spelled, named))) if spell else ()
    return [*grams(text), *grams(" ".join(named)), *latin]


def asked(words: str) -> list[list[str]]:
    """What is looked for: each run as the grams that must stand side by side. All of them are to be found.

    A run of one character is a gram that begins with it.
    """
    found = [
        [run[place : place + 2] for place in range(len(run) - 1)] if len(run) > 1 else [run]
        for run in runs(words)
    ]
    return [list(each) for each in dict.fromkeys(map(tuple, found))]


def marks(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand in the text: from, to, in order and apart."""
    folded, places = fold(text)
    hit = [False] * len(text)
    for run in runs(words):
        at = folded.find(run)
        while at >= 0:
            for place in places[at : at + len(run)]:
                hit[place] = True
            at = folded.find(run, at + 1)
    return [
        (group[0], group[-1] + 1)
        for group in _neighbours([place for place, is_hit in enumerate(hit) if is_hit])
    ]


def _neighbours(places: Sequence[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for place in places:
        if group and place != group[-1] + 1:
            yield group
            group = []
        group.append(place)
    if group:
        yield group
