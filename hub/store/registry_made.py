"""Made-up grids written straight into the registry: for measuring, tests and the demo. No entry tells of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from hub.grids.made_up import MadeGrid, made_grid
from hub.grids.registry_sealing import SALT_BYTES, RegistryKey
from hub.store import tables
from hub.store.bulk import write
from hub.store.database import Database
from hub.store.registry_rows import building_row, house_row, next_row

#: Grids that are written in one transaction.
PIECE: Final = 200
#: From so many on, indexes are made afterwards: marks come in no order, and each would touch another page.
MANY: Final = 2_000
_FILLED: Final = (
    tables.registry_buildings,
    tables.registry_houses,
    tables.households,
    tables.registry_marks,
    tables.registry_sums,
)


def write_made(
    database: Database, key: RegistryKey, grids: Sequence[tuple[str, int | None]], seed: int = 1
) -> tuple[int, int]:
    """Fill these grids (code, how many households; None: as it comes), which are empty. How many households and persons."""
    indexes = [index for table in _FILLED for index in table.indexes] if len(grids) >= MANY else []
    with database.writing() as connection:
        for index in indexes:
            index.drop(connection)
    numbered = enumerate(grids)
    households = persons = 0
    while piece := [made_grid(seed, grid, at, count) for at, (grid, count) in islice(numbered, PIECE)]:
        with database.writing() as connection:
            row = next_row(connection)
            rows = _Rows()
            for each in piece:
                row = rows.add(key, each, row)
            rows.write(connection)
        households += len(rows.new[tables.households])
        persons += rows.persons
    with database.writing() as connection:
        for index in indexes:
            index.create(connection)
    return households, persons


def fill_demo(database: Database, key: RegistryKey, grids: Sequence[str]) -> None:
    """Made-up households for the demo's grids, where nobody was ever registered."""
    with database.reading() as connection:
        begun = connection.execute(sa.select(tables.registry_sums.c.grid).limit(1)).first()
    if begun is None:
        write_made(database, key, [(grid, None) for grid in grids])


class _Rows:
    """Rows of some grids, in the order of their tables' columns."""

    def __init__(self) -> None:
        self.new: dict[sa.Table, list[tuple[Any, ...]]] = {table: [] for table in _FILLED}
        self.persons = 0

    def add(self, key: RegistryKey, made: MadeGrid, row: int) -> int:
        """Add a grid, its households numbered from `row`; the next free number."""
        for building in made.buildings:
            self.new[tables.registry_buildings].append(
                _values(tables.registry_buildings, building_row(building))
            )
        for house in made.houses:
            self.new[tables.registry_houses].append(_values(tables.registry_houses, house_row(key, house)))
        total = dict.fromkeys(("registered", "floating", "abroad"), 0)
        marks = self.new[tables.registry_marks]
        for household in made.households:
            counts = dict.fromkeys(total, 0)
            found: set[str] = set()
            for person in household.persons:
                counts[person.residence] += 1
                found.add(key.number_mark(person.number))
                if person.phone:
                    found.add(key.phone_mark(person.phone))
            marks += [(each, row) for each in found]
            plain = json.dumps(["", household.persons], ensure_ascii=False, separators=(",", ":")).encode()
            self.new[tables.households].append(
                (
                    row,
                    household.household,
                    made.grid,
                    household.building,
                    household.house,
                    household.walk,
                    household.kind,
                    len(household.persons),
                    counts["registered"],
                    counts["floating"],
                    counts["abroad"],
                    "here",
                    0,
                    None,
                    "",
                    key.seal_packed(household.household, os.urandom(SALT_BYTES) + plain),
                )
            )
            self.persons += len(household.persons)
            for name, count in counts.items():
                total[name] += count
            row += 1
        self.new[tables.registry_sums].append(
            (
                made.grid,
                len(made.buildings),
                len(made.houses),
                0,
                len(made.households),
                sum(total.values()),
                *total.values(),
            )
        )
        return row

    def write(self, connection: sa.Connection) -> None:
        """Put them in."""
        write(connection, self.new, [])


def _values(table: sa.Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.columns)


def grid_codes(villages: Iterable[str], grids: int) -> Iterator[str]:
    """Codes of so many grids in each village."""
    for village in villages:
        for number in range(1, grids + 1):
            yield f"{village}{number:03}"
