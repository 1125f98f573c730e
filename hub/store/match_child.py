"""The child that looks for a list's persons in the registry (``-m hub.store.match_child``): a question in, lines of JSON out.

It reads the database by itself, and has both keys: that of the list opens rows, from which the registry's marks are made. What
rows and households hold stays in this process; out go numbers of rows, ids and codes. It writes nothing.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from hub.grids.likeness import Wanted, may_be
from hub.grids.list_matching import (
    Buildings,
    Facts,
    Match,
    by_mark,
    facts_of,
    family_sounds,
    undecided,
    years_near,
)
from hub.grids.registry import Household, Person
from hub.grids.registry_sealing import RegistryKey
from hub.sheets.child import limit
from hub.sheets.list_columns import told_by
from hub.sheets.sealing import ListKey, unpacked
from hub.store import tables
from hub.store.camera_rows import in_codes
from hub.store.database import Database
from hub.store.registry_store import in_village

#: CPU time, in seconds: 65,218 rows against a city of 1.6 million households take about 40.
CPU_S: Final = 300
MEMORY_BYTES: Final = 2 << 30
_FIELDS: Final = tuple(Person.model_fields)
#: Places of what is asked of many persons, before one of them is made whole.
_BIRTH, _LEFT, _NAME, _NUMBER, _PHONE = map(_FIELDS.index, ("birth", "left_at", "name", "number", "phone"))

Json = dict[str, Any]
_households = tables.households.c


def answers(asked: Json) -> Iterator[Json]:
    """``{"found": [[row, center, way, grid, household, candidates]…]}`` `piece` at a time, by village. Raises Refusal."""
    key = ListKey(asked["clearing"], bytes.fromhex(asked["key"]))
    registry = RegistryKey(bytes.fromhex(asked["registry"]))
    columns, today = told_by(asked["columns"]), date.fromisoformat(asked["today"])
    most: int = asked["piece"]
    database = Database(asked["url"])
    try:
        piece: list[list[Any]] = []
        for village, numbers in asked["villages"]:
            with database.reading() as connection:
                facts = {
                    number: facts_of(columns, cells, today)
                    for number, cells in _rows(connection, key, asked["clearing"], numbers)
                }
                for number, match in _matched(connection, registry, village, facts):
                    candidates = [
                        [each.household, each.person, each.score, each.why] for each in match.candidates
                    ]
                    piece.append([number, village, match.way, match.grid, match.household, candidates])
            while len(piece) >= most:
                yield {"found": piece[:most]}
                del piece[:most]
        yield {"found": piece}
    finally:
        database.close_now()


def _rows(
    connection: sa.Connection, key: ListKey, clearing: str, numbers: Sequence[int]
) -> Iterator[tuple[int, list[str]]]:
    rows, wanted = tables.clearing_rows.c, set(numbers)
    # Most villages have their rows one after the other; what came from elsewhere stands apart.
    together = numbers[-1] - numbers[0] < 2 * len(numbers)
    inside = rows.number.between(numbers[0], numbers[-1]) if together else rows.number.in_(numbers)
    query = sa.select(rows.number, rows.sealed).where(rows.clearing == clearing, inside)
    for row in connection.execute(query.order_by(rows.number)):
        if row.number in wanted:
            yield row.number, unpacked(key.open_row(row.number, row.sealed))[1]


def _matched(
    connection: sa.Connection, key: RegistryKey, village: str, facts: Mapping[int, Facts]
) -> Iterator[tuple[int, Match]]:
    """Where each row of a village belongs."""
    numbers = {each.number: key.number_mark(each.number) for each in facts.values() if each.number}
    phones = {each.phone: key.phone_mark(each.phone) for each in facts.values() if each.phone}
    homes = _homes(connection, {*numbers.values(), *phones.values()}, village)
    left: dict[int, Facts] = {}
    for row, each in facts.items():
        match = by_mark("number", homes[numbers[each.number]]) if each.number else None
        if match is None and each.phone and not (each.number and homes[numbers[each.number]]):
            match = by_mark("phone", homes[phones[each.phone]])
        if match is None:
            left[row] = each
        else:
            yield row, match
    if not left:
        return
    there, near = _buildings(connection, village), Near(connection, key, village)
    for row, each in left.items():
        yield row, undecided(each, near.of(each) if each.name else [], there)


def _homes(
    connection: sa.Connection, marks: Collection[str], village: str
) -> defaultdict[str, set[tuple[str, str]]]:
    """Mark -> households (id, grid) of the village in which somebody has it."""
    table = tables.registry_marks.c
    query = (
        sa.select(table.mark, _households.id, _households.grid)
        .join(tables.households, _households.row == table.household)
        .where(in_codes(table.mark, marks, connection.dialect.name))
        .where(_households.state == "here", in_village(_households.grid, village))
    )
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    if marks:
        for row in connection.execute(query):
            found[row.mark].add((row.id, row.grid))
    return found


def _buildings(connection: sa.Connection, village: str) -> Buildings:
    there = tables.registry_buildings.c
    query = sa.select(there.grid, there.name, there.id).where(
        in_village(there.grid, village), there.state == "here"
    )
    return Buildings((row.grid, row.name, row.id) for row in connection.execute(query))


class Near:
    """Who lives in a village, by the year of his birth and the sound of his family name: opened once, asked many times."""

    def __init__(self, connection: sa.Connection, key: RegistryKey, village: str) -> None:
        query = sa.select(_households.id, _households.grid, _households.building, _households.sealed).where(
            _households.state == "here", in_village(_households.grid, village)
        )
        self._people: list[tuple[Any, list[Any]]] = []
        self._by_year: defaultdict[str, list[int]] = defaultdict(list)
        for row in connection.execute(query):
            for person in key.open_packed(row.id, row.sealed)[1]:
                if not person[_LEFT]:
                    self._by_year[person[_BIRTH][:4]].append(len(self._people))
                    self._people.append((row, person))
        self._by_sound: defaultdict[str, list[int]] = defaultdict(list)

    def of(self, facts: Facts) -> list[Household]:
        """Who may be alike: those of about that age, and those whose age nobody knows; else those with such a family name."""
        wanted = Wanted(facts.name, facts.number, facts.phone)
        return [
            self._home(at)
            for at in self._about(facts)
            for person in (self._people[at][1],)
            if may_be(wanted, person[_NAME], person[_NUMBER], person[_PHONE])
        ]

    def _about(self, facts: Facts) -> list[int]:
        years = years_near(facts.birth)
        if years is not None:
            return [at for year in (*sorted(years), "") for at in self._by_year.get(year, ())]
        if not self._by_sound:
            for at, (_, person) in enumerate(self._people):
                for sound in family_sounds(person[_NAME]):
                    self._by_sound[sound].append(at)
        found = {at for sound in family_sounds(facts.name) for at in self._by_sound.get(sound, ())}
        return sorted(found)

    def _home(self, at: int) -> Household:
        """One person with his household, as it was checked when it was sealed."""
        row, fields = self._people[at]
        person = Person.model_construct(**dict(zip(_FIELDS, fields, strict=True)))
        return Household.model_construct(
            household=row.id, grid=row.grid, building=row.building, persons=[person]
        )


def main(write: Callable[[str], object] = sys.stdout.write) -> int:
    """Read, answer, end."""
    limit(CPU_S, MEMORY_BYTES)
    asked: Json = json.loads(sys.stdin.buffer.readline())
    for line in answers(asked):
        write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
