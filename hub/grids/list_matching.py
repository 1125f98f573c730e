"""Where the person of a list's row lives, by what the registry of his village knows. Pure: rows and registry come as values.

Asked one after the other, and the first that knows decides: the number of the card, the telephone, who is alike by name and
birthday (whom a person confirms), the building of the address. What means two households means none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from hub.directory.pinyin import spell
from hub.grids.likeness import Like, Wanted, alike
from hub.grids.registry import Household
from hub.grids.registry_forms import NoForm, birth_of, name_of, number_of, phone_of, told_by
from hub.sheets.list_columns import Tells, told

#: `person`: somebody confirmed it; `hand`: given to a grid by hand; `back`: taken back by hand; both stay as they are.
Way = Literal["number", "phone", "building", "candidates", "none", "person", "hand", "back"]
#: Found without anybody's help.
SURE: Final[tuple[Way, ...]] = ("number", "phone", "building")
#: People who are shown for one row.
MOST: Final = 5
_PLAIN: Final = re.compile(r"[\s,，.。;；:：#号\-—_/()（）]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row says of its person, each in normal form; what has no form counts for nothing."""

    number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the registry whom a row may be about."""

    household: str
    person: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a row belongs."""

    way: Way
    grid: str | None = None
    household: str | None = None
    candidates: tuple[Candidate, ...] = ()


def facts_of(columns: Mapping[Tells, int], cells: Sequence[str], today: date) -> Facts:
    """What a row says."""
    number, kind = _number(told(columns, cells, "number"), today)
    birth = told_by(number)[0] if kind == "id" else _birth(told(columns, cells, "birth"), today)
    return Facts(
        number,
        _phone(told(columns, cells, "phone")),
        _name(told(columns, cells, "name")),
        birth,
        told(columns, cells, "address"),
    )


def _number(written: str, today: date) -> tuple[str, str]:
    try:
        return number_of(written, today)
    except NoForm:
        return "", ""


def _phone(written: str) -> str:
    try:
        return phone_of(written)
    except NoForm:
        return ""


def _name(written: str) -> str:
    try:
        return name_of(written)
    except NoForm:
        return ""


def _birth(written: str, today: date) -> str:
    try:
        return birth_of(written, today)
    except NoForm:
        return ""


def by_mark(way: Literal["number", "phone"], homes: Collection[tuple[str, str]]) -> Match | None:
    """By households (id, grid) that have the mark of a number or telephone; None where that says nothing sure."""
    if len(homes) != 1:
        return None
    ((household, grid),) = homes
    return Match(way, grid, household)


class Buildings:
    """The buildings of a village, found by what an address says."""

    def __init__(self, buildings: Iterable[tuple[str, str, str]]) -> None:
        """`buildings`: grid, name, id."""
        self._by_name: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for grid, name, building in buildings:
            if written := _plain(name):
                self._by_name[written].append((grid, building))
        # The longest name in an address is the one that is meant: 11栋 is not 1栋.
        self._names = sorted(self._by_name, key=lambda each: (-len(each), each))

    def find(self, address: str) -> list[tuple[str, str]]:
        """(grid, id) of the buildings that an address may mean; none where it says of none."""
        written = _plain(address)
        for name in self._names:
            if _stands_in(name, written):
                return self._by_name[name]
        return []


def _plain(text: str) -> str:
    return _PLAIN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _stands_in(name: str, written: str) -> bool:
    """Whether a building's name stands in an address, and not as the end of another number."""
    at = written.find(name)
    while at >= 0:
        before = written[at - 1] if at else ""
        after = written[at + len(name) : at + len(name) + 1]
        if not (name[0].isdigit() and before.isdigit()) and not (name[-1].isdigit() and after.isdigit()):
            return True
        at = written.find(name, at + 1)
    return False


def undecided(facts: Facts, near: Sequence[Household], buildings: Buildings) -> Match:
    """Where nobody has the row's number or telephone: who is alike, else where it says that he lives."""
    there = buildings.find(facts.address) if facts.address else []
    if facts.name:
        building = there[0][1] if len(there) == 1 else ""
        wanted = Wanted(facts.name, facts.number, facts.phone, facts.birth, building)
        likes = alike(wanted, near, MOST)
        if likes:
            return Match("candidates", candidates=tuple(map(_candidate, likes)))
    grids = {grid for grid, _ in there}
    if len(grids) == 1:
        return Match("building", grids.pop())
    return Match("none")


def _candidate(like: Like) -> Candidate:
    return Candidate(like.household.household, like.person.person, like.score, like.why)


def years_near(birth: str) -> frozenset[str] | None:
    """Years in which somebody is born who may be alike; None where the row says nothing of it: any."""
    if not birth:
        return None
    year = int(birth[:4])
    return frozenset(str(each) for each in (year - 1, year, year + 1))


@lru_cache(maxsize=16_384)
def _sounds(character: str) -> tuple[str, ...]:
    return tuple(spell(character).split("/"))


def family_sounds(name: str) -> tuple[str, ...]:
    """How the first character of a name may sound."""
    return _sounds(name[0]) if name else ()
