"""Made-up grids for tests, measuring and the demo: from a seed, always the same, of any size. Nobody in them is real.

Numbers stand in a region that there is none of (99), telephones in a range that is given to nobody (154); names are put
together from two small tables.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final, NamedTuple

from hub.grids.registry import Building, BuildingKind, House, HouseholdKind, Relation, Residence, Sex
from hub.grids.registry_forms import check_digit
from hub.ids import base32

#: Households of a grid, as they are laid out: 30 to 50.
FEWEST: Final = 34
MOST: Final = 50
_FAMILY: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
_FIRST: Final = "云青禾舟晓岚松竹星河清远山木林溪石雨初景"
_SECOND: Final = "樵渡岭坪汀洲堤垅圩港湾埠桥亭畈塘泉滨屿野"
_GROUPS: Final = "一二三四五六七八九十"
#: The day that ages are made for: what is made up does not change from day to day.
_TODAY: Final = date(2026, 1, 1)
_NOBODY: Final = "154"
_NOWHERE: Final = 99


class MadePerson(NamedTuple):
    """A person, field for field as `hub.grids.registry.Person`, in its order."""

    person: str
    name: str
    number: str
    number_kind: str
    phone: str
    birth: str
    sex: Sex
    relation: Relation
    residence: Residence
    note: str
    left_at: str


class MadeHousehold(NamedTuple):
    """A household: its place is that of its house."""

    household: str
    building: str
    house: str
    walk: int
    kind: HouseholdKind
    persons: list[MadePerson]


class MadeGrid(NamedTuple):
    """What there is in a grid."""

    grid: str
    buildings: list[Building]
    houses: list[House]
    households: list[MadeHousehold]


@cache
def _days() -> list[str]:
    """All days of a century up to now, as digits."""
    return [(_TODAY - timedelta(days=back)).strftime("%Y%m%d") for back in range(36_500)]


def made_id(prefix: str, seed: int, ordinal: int, index: int) -> str:
    """An id that is the same each time: by seed (below 2^35), number of the grid (below 2^25), number in it (below 2^30)."""
    return f"{prefix}_{base32(seed << 25 | ordinal, 6)}{base32(index, 3)}"


def made_grid(seed: int, grid: str, ordinal: int, households: int | None = None) -> MadeGrid:
    """The grid with this code, the `ordinal`th of its city: blocks of flats in some villages, yards of houses in others."""
    dice = random.Random(f"{seed}-{grid}")
    count = dice.randint(FEWEST, MOST) if households is None else households
    town = hash_of(grid[:12]) % 5 < 2
    each = 12 if town else 7
    made = MadeGrid(grid, [], [], [])
    number = 0
    for index in range(count):
        at = index % each
        if at == 0:
            nth = len(made.buildings)
            name = f"{nth + 1}栋" if town else f"{_GROUPS[nth % 10]}组{nth // 10 + 1}院"
            kind: BuildingKind = "block" if town else "yard"
            made.buildings.append(
                Building(
                    building=made_id("bd", seed, ordinal, nth), grid=grid, name=name, kind=kind, walk=nth + 1
                )
            )
        building = made.buildings[-1]
        label = f"{at // 6 + 1}单元{at % 6 // 2 + 1}0{at % 2 + 1}" if town else f"{at + 1}号"
        house = House(
            house=made_id("ho", seed, ordinal, index), building=building.building, label=label, walk=at + 1
        )
        made.houses.append(house)
        persons: list[MadePerson] = []
        residence: Residence = "floating" if dice.random() < (0.3 if town else 0.08) else "registered"
        for relation, age in _family(dice):
            persons.append(_person(dice, seed, ordinal, number, relation, age, residence))
            number += 1
        household_kind: HouseholdKind = (
            "single" if len(persons) == 1 else "rental" if residence == "floating" else "family"
        )
        made.households.append(
            MadeHousehold(
                made_id("hh", seed, ordinal, index),
                building.building,
                house.house,
                building.walk * 10_000 + house.walk,
                household_kind,
                persons,
            )
        )
    return made


def hash_of(text: str) -> int:
    """A number made of digits, the same in each process."""
    return sum(int(digit) * (at + 3) for at, digit in enumerate(text))


def _family(dice: random.Random) -> Iterator[tuple[Relation, int]]:
    """Who lives together, and how old, in years: 2.6 persons on average."""
    head = dice.randint(24, 84)
    yield "head", head
    chance = dice.random()
    if chance < 0.22:
        return
    yield "spouse", max(21, head + dice.randint(-6, 5))
    if head < 55:
        for _ in range(1 if chance < 0.8 else 2):
            if dice.random() < 0.7:
                yield "child", dice.randint(0, max(1, head - 23))
    if chance > 0.82:
        yield "parent", min(99, head + dice.randint(21, 30))


def _person(
    dice: random.Random,
    seed: int,
    ordinal: int,
    number: int,
    relation: Relation,
    age: int,
    residence: Residence,
) -> MadePerson:
    roll = dice.getrandbits(40)
    day = _days()[min(36_499, age * 365 + roll % 365)]
    name = _FAMILY[(roll >> 9) % 30] + _FIRST[(roll >> 14) % 20] + _SECOND[(roll >> 19) % 20]
    female = roll >> 24 & 1
    digits = f"{_NOWHERE}{ordinal % 10_000:04}{day}{number % 500 * 2 + (1 - female):03}"
    phone = f"{_NOBODY}{(ordinal * 300 + number) % 100_000_000:08}" if 12 <= age < 80 else ""
    return MadePerson(
        made_id("pe", seed, ordinal, number),
        name,
        digits + check_digit(digits),
        "id",
        phone,
        f"{day[:4]}-{day[4:6]}-{day[6:]}",
        "f" if female else "m",
        relation,
        "abroad" if roll >> 25 & 1023 == 0 else residence,
        "",
        "",
    )
