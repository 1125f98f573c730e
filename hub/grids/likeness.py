"""Who may be the same person: asked before somebody is registered, so that nobody stands in the registry twice.

The same number is the same person. Else it is told by the name as it sounds, the birthday and the building together; a
person decides, the hub only shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Final, Literal

from rapidfuzz import fuzz

from hub.directory.pinyin import spell
from hub.grids.registry import Household, Person

Why = Literal["number", "phone", "name", "birth", "building"]
#: From this score on (of 100) somebody is shown.
LEAST: Final = 70.0
#: Names that sound less alike than this (of 100) are not the same, whatever else is.
_SOUNDS: Final = 80.0
#: What name, birthday and building count together.
_NAME, _BIRTH, _BUILDING = 0.62, 0.26, 0.12
#: Spellings of a name that are tried: of characters with several readings all of them, up to so many.
_READINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom one is about to register, as far as it is known."""

    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    building: str = ""


@dataclass(frozen=True, slots=True)
class Like:
    """A person who may be that one."""

    household: Household
    person: Person = field(repr=False)
    score: float
    why: tuple[Why, ...]


def alike(wanted: Wanted, households: Iterable[Household], most: int = 10) -> list[Like]:
    """Who may be the wanted one, the likeliest first."""
    found = [
        like
        for household in households
        for person in household.persons
        if (like := _like(wanted, household, person)) is not None
    ]
    found.sort(key=lambda each: (-each.score, each.person.person))
    return found[:most]


def _like(wanted: Wanted, household: Household, person: Person) -> Like | None:
    why: list[Why] = []
    if wanted.number and wanted.number == person.number:
        return Like(household, person, 100.0, ("number",))
    if wanted.number and person.number and _told_apart(wanted.number, person.number):
        return None
    name = sounds_alike(wanted.name, person.name)
    if name >= _SOUNDS:
        why.append("name")
    elif not (wanted.phone and wanted.phone == person.phone):
        return None
    if wanted.phone and wanted.phone == person.phone:
        return Like(household, person, max(90.0, name), (*why, "phone"))
    birth = _birth(wanted.birth, person.birth)
    if birth == 1.0:
        why.append("birth")
    building = 0.5 if not wanted.building else float(wanted.building == household.building)
    if building == 1.0:
        why.append("building")
    score = _NAME * name + 100 * (_BIRTH * birth + _BUILDING * building)
    return Like(household, person, round(score, 1), tuple(why)) if score >= LEAST else None


def may_be(wanted: Wanted, name: str, number: str, phone: str) -> bool:
    """Whether `alike` may show somebody of whom this is known: asked of many, before they are made whole."""
    if (wanted.number and wanted.number == number) or (wanted.phone and wanted.phone == phone):
        return True
    return sounds_alike(wanted.name, name) >= _SOUNDS


def _told_apart(one: str, other: str) -> bool:
    """Whether two different numbers belong to two persons: not, where they differ by a slip of the pen."""
    if len(one) != len(other):
        return True
    return sum(left != right for left, right in zip(one, other, strict=True)) > 2


def _birth(one: str, other: str) -> float:
    """How well two birthdays agree, from 0 to 1."""
    if not one or not other:
        return 0.5
    if one == other:
        return 1.0
    if one[:4] == other[:4]:
        return 0.8 if len(one) == 4 or len(other) == 4 or one[5:] == other[8:] + other[4:7] else 0.5
    return 0.2 if abs(int(one[:4]) - int(other[:4])) <= 1 else 0.0


def sounds_alike(one: str, other: str) -> float:
    """How alike two names sound, from 0 to 100.

    >>> sounds_alike("张伟", "章玮")
    95.0
    """
    if not one or not other:
        return 0.0
    if one == other:
        return 100.0
    return 0.95 * max(fuzz.ratio(left, right) for left in _spelled(one) for right in _spelled(other))


@lru_cache(maxsize=8_192)
def _spelled(name: str) -> tuple[str, ...]:
    """How a name may be spelled, the likeliest first."""
    readings = [syllable.split("/") for syllable in spell(name).split()]
    made: list[str] = []
    for each in product(*readings):
        made.append(" ".join(each))
        if len(made) == _READINGS:
            break
    return tuple(made)


def reads_as(name: str, word: str) -> float:
    """How well a typed word (lower case) means a person of this name, from 0 to 100: characters, pinyin in full or initials."""
    if not name or not word:
        return 0.0
    lowered = name.lower()
    if word == lowered:
        return 100.0
    if word in lowered:
        return 80.0
    if not word.isascii():
        return 70.0 if len(word) > 1 and sounds_alike(name, word) >= 95.0 else 0.0
    for spelled in _spelled(name):
        syllables = spelled.split()
        whole, first = "".join(syllables), "".join(each[0] for each in syllables)
        if word == whole:
            return 75.0
        if whole.startswith(word) or (len(word) > 1 and first.startswith(word)):
            return 60.0
    return 0.0
