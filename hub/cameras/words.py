"""What a camera is found by: its name, also as it is spelled, its number, tags, place; as grams (`hub.directory.grams`).

Made for hundreds of thousands at a time: names are spelled character by character, with the usual reading throughout; a
character with another one gives that reading among its neighbours besides. The names of centers on its path are found in the
tree, with all their readings.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from typing import Final

from hub.directory import grams, pinyin

#: Characters of a name with another reading that counts, and syllables that stand with it.
_OTHERS: Final = 3
_BEFORE, _BEHIND = 1, 3


@functools.lru_cache(maxsize=16_384)
def _readings(character: str) -> tuple[str, ...]:
    """The usual reading of a character and the next; a letter or digit reads as itself."""
    return tuple(each for syllable in pinyin.spell(character).split() for each in syllable.split("/")[:2])


@functools.lru_cache(maxsize=16_384)
def _run(run: str) -> tuple[str, ...]:
    return (*(first + second for first, second in itertools.pairwise(run)), run[-1])


def _grams(texts: Iterable[str]) -> list[str]:
    found: list[str] = []
    for text in texts:
        for run in grams.runs(text):
            found += _run(run)
    return found


def camera_grams(name: str, code: str, tags: Sequence[str], place: str) -> list[str]:
    """The grams under which a camera is found, always the same for the same words."""
    found = _grams([name, code, *tags, place])
    syllables = [reading for each in name if (reading := _readings(each))]
    usual = [each[0] for each in syllables]
    spelled = ["".join(usual), "".join(each[0] for each in usual)]
    others = [at for at, each in enumerate(syllables) if len(each) > 1][:_OTHERS]
    for at in others:
        near = [*usual[max(0, at - _BEFORE) : at], syllables[at][1], *usual[at + 1 : at + _BEHIND]]
        spelled += ["".join(near), "".join(each[0] for each in near)]
    return found + _grams(spelled)
