"""Rows of the registry and the values they are; what entries do to them when they are written, and never again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

from hub.entry import Entry
from hub.grids.catalog import village_of
from hub.grids.moves import moves
from hub.grids.registry import Building, Counts, House, Household, Unit, counted
from hub.grids.registry_sealing import PERSON, RegistryKey
from hub.store import tables
from hub.store.bulk import Change, run_changes
from hub.store.camera_rows import in_codes

Json = dict[str, Any]
#: Houses of a building come one after the other on the walk: a building's place counts this much.
STEP: Final = 10_000
_HOUSEHOLD: Final = (
    "household",
    "grid",
    "building",
    "house",
    "walk",
    "kind",
    "state",
    "seq",
)
#: Where, of a person as it is sealed, what its card shows stands; and when it left.
_SHOWN: Final = itemgetter(
    *map(PERSON.index, ("person", "name", "relation", "birth", "sex", "residence", "phone", "left_at"))
)
_SUMS: Final = (
    "INSERT INTO registry_sums (grid, buildings, houses, units, households, persons, registered, floating, abroad)"
    " SELECT :grid, (SELECT count(*) FROM registry_buildings WHERE grid = :grid AND state = 'here'),"
    " (SELECT count(*) FROM registry_houses JOIN registry_buildings ON registry_buildings.id = registry_houses.building"
    " WHERE registry_buildings.grid = :grid AND registry_houses.state = 'here'),"
    " (SELECT count(*) FROM registry_units WHERE grid = :grid AND state = 'here'),"
    " count(*), coalesce(sum(persons), 0), coalesce(sum(registered), 0), coalesce(sum(floating), 0), coalesce(sum(abroad), 0)"
    " FROM households WHERE grid = :grid AND state = 'here'"
)
_NO_SUMS: Final = "DELETE FROM registry_sums WHERE grid = :grid"
_MOVE_ONE: Final = "UPDATE households SET grid = :grid WHERE id = :household"
_MOVE_ALL: Final = "UPDATE households SET grid = :grid WHERE grid = :was"
#: A building goes where those who live in it go, once nobody in it is left behind.
_MOVE_BUILDINGS: Final = (
    "UPDATE registry_buildings SET grid = :grid WHERE grid = :was"
    " AND id IN (SELECT building FROM households WHERE grid = :grid)"
    " AND id NOT IN (SELECT building FROM households WHERE grid = :was AND state = 'here')"
)
_MOVE_UNITS: Final = (
    "UPDATE registry_units SET grid = :grid WHERE grid = :was AND building IN"
    " (SELECT id FROM registry_buildings WHERE grid = :grid)"
)
_ALL_BUILDINGS: Final = "UPDATE registry_buildings SET grid = :grid WHERE grid = :was"
_ALL_UNITS: Final = "UPDATE registry_units SET grid = :grid WHERE grid = :was"
_VERSIONS: Final = "UPDATE registry_versions SET grid = :grid WHERE settled = 0 AND household = :household"
_ALL_VERSIONS: Final = "UPDATE registry_versions SET grid = :grid WHERE settled = 0 AND grid = :was"
_BATCH: Final = "UPDATE registry_batches SET state = :state WHERE id = :batch"
#: What others live in stays when the list that brought it goes.
_USED: Final = {
    "registry_buildings": " AND id NOT IN (SELECT building FROM households WHERE batch <> :batch AND state = 'here')",
    "registry_houses": " AND id NOT IN (SELECT house FROM households WHERE batch <> :batch AND state = 'here')",
}
_TABLES: Final = ("registry_buildings", "registry_houses", "registry_units", "households")


def recounted(grids: Iterable[str]) -> Iterator[Change]:
    """Count anew what there is in these grids."""
    for grid in dict.fromkeys(grids):
        yield _NO_SUMS, {"grid": grid}
        yield _SUMS, {"grid": grid}


def moved_households(was: str, grid: str, households: Collection[str]) -> Iterator[Change]:
    """A grid is split: these households go to another one, and buildings and units with them."""
    for household in households:
        yield _MOVE_ONE, {"grid": grid, "household": household}
        yield _VERSIONS, {"grid": grid, "household": household}
    for statement in (_MOVE_BUILDINGS, _MOVE_UNITS):
        yield statement, {"grid": grid, "was": was}
    yield from recounted((was, grid))


def moved_grid(was: str, grid: str) -> Iterator[Change]:
    """All that stands in a grid goes to another one."""
    for statement in (_MOVE_ALL, _ALL_BUILDINGS, _ALL_UNITS, _ALL_VERSIONS):
        yield statement, {"grid": grid, "was": was}
    yield from recounted((was, grid))


def registry_effects(entry: Entry) -> Iterator[Change]:
    """What an entry does here when it is written, and never again: grids are split and joined, an import comes, or goes."""
    for move in moves(entry):
        if move.households is None:
            yield from moved_grid(move.origin, move.to)
        else:
            yield from moved_households(move.origin, move.to, move.households)
    if entry.kind in ("registry.imported", "registry.import_undone"):
        yield from _batch(entry)


def _batch(entry: Entry) -> Iterator[Change]:
    came = entry.kind == "registry.imported"
    for name in _TABLES:
        kept = "" if came else _USED.get(name, "")
        yield (
            f"UPDATE {name} SET state = :state, seq = :seq WHERE batch = :batch AND state = :was{kept}",  # noqa: S608
            {
                "state": "here" if came else "undone",
                "seq": entry.seq,
                "batch": entry.data["batch"],
                "was": "coming" if came else "here",
            },
        )
    yield _BATCH, {"batch": entry.data["batch"], "state": "live" if came else "undone"}
    yield from recounted(entry.data["grids"])


# -- rows as values


def household_row(household: Household, number: int, batch: str, sealed: str, merged_at: str | None) -> Json:
    """A household as a row; `merged_at`: since when it is another one."""
    left = [each.left_at for each in household.persons if each.left_at]
    left += [merged_at] if merged_at is not None else []
    return {
        "row": number,
        "id": household.household,
        **{name: getattr(household, name) for name in _HOUSEHOLD if name != "household"},
        **counted(household),
        "gone_at": min(left) if left else None,
        "batch": batch,
        "sealed": sealed,
    }


def household_of(key: RegistryKey, row: Any) -> Household:
    """The household in a row. Raises Refusal `unavailable`."""
    facts = {name: getattr(row, name) for name in _HOUSEHOLD if name != "household"}
    return Household.model_validate({"household": row.id, **facts, **key.open(row.id, row.sealed)})


def card_told(key: RegistryKey, row: Any, place: list[str]) -> Json:
    """The card of `household_of` as on the wire, in one go: phones ask for fifty at a time. Raises Refusal `unavailable`."""
    note, living = key.open_packed(row.id, row.sealed)
    persons = []
    for each in living:
        person, name, relation, birth, sex, residence, phone, left_at = _SHOWN(each)
        if not left_at:
            year = int(birth[:4]) if birth else None
            persons.append(
                {
                    "person": person,
                    "name": name,
                    "relation": relation,
                    "birth_year": year,
                    "sex": sex,
                    "residence": residence,
                    "phone": phone,
                }
            )
    return {
        "household": row.id,
        "grid": row.grid,
        "building": row.building,
        "place": place,
        "walk": row.walk,
        "kind": row.kind,
        "persons": persons,
        "note": note,
        "seq": row.seq,
        "last": {},
    }


def facts_of(household: Household) -> str:
    """What is not personal of a household, for a version."""
    return json.dumps({name: getattr(household, name) for name in _HOUSEHOLD})


def version_household(key: RegistryKey, row: Any) -> Household:
    """The household in a row of versions. Raises Refusal `unavailable`."""
    return Household.model_validate({**json.loads(row.facts), **key.open(row.household, row.sealed)})


def building_row(building: Building, batch: str = "", state: str = "here") -> Json:
    """A building as a row."""
    facts = building.model_dump(exclude={"building"})
    return {"id": building.building, **facts, "state": state, "batch": batch}


def building_of(row: Any) -> Building:
    """The building in a row."""
    facts = {name: getattr(row, name) for name in Building.model_fields if name != "building"}
    return Building.model_validate({"building": row.id, **facts})


def house_row(key: RegistryKey, house: House, batch: str = "", state: str = "here") -> Json:
    """A house as a row; a label that may name somebody is sealed."""
    label, sealed = key.seal_label(house.house, house.label)
    return {
        "id": house.house,
        "building": house.building,
        "label": label,
        "sealed": sealed,
        "use": house.use,
        "walk": house.walk,
        "state": state,
        "seq": house.seq,
        "batch": batch,
    }


def label_of(key: RegistryKey, row: Any) -> str:
    """What a house is called. Raises Refusal `unavailable`."""
    return str(row.label if row.sealed is None else key.open_text(row.id, row.sealed))


def house_of(key: RegistryKey, row: Any) -> House:
    """The house in a row."""
    facts = {name: getattr(row, name) for name in ("building", "use", "walk", "seq")}
    return House.model_validate({"house": row.id, **facts, "label": label_of(key, row)})


def unit_row(key: RegistryKey, unit: Unit, batch: str = "", state: str = "here") -> Json:
    """A unit as a row."""
    facts = {name: getattr(unit, name) for name in ("grid", "building", "name", "kind", "workers", "seq")}
    return {"id": unit.unit, **facts, "sealed": key.seal_unit(unit), "state": state, "batch": batch}


def unit_of(key: RegistryKey, row: Any) -> Unit:
    """The unit in a row."""
    facts = {name: getattr(row, name) for name in ("grid", "building", "name", "kind", "workers", "seq")}
    return Unit.model_validate({"unit": row.id, **facts, **key.open_unit(row.id, row.sealed)})


def counts_of(row: Any) -> Counts:
    """What a row of sums says."""
    return Counts(*(int(getattr(row, name)) for name in Counts.__dataclass_fields__))


def next_row(connection: sa.Connection) -> int:
    """A number that no household has."""
    rows = tables.households.c.row
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(rows), 0))).scalar_one()) + 1


def put_household(
    connection: sa.Connection, key: RegistryKey, household: Household, sealed: str, at: str
) -> None:
    """This in the place of what is there of a household, or as a new one, since `at`; found by its persons from now on."""
    is_it = tables.households.c.id == household.household
    old = connection.execute(
        sa.select(tables.households.c.row, tables.households.c.batch).where(is_it)
    ).first()
    number = next_row(connection) if old is None else old.row
    merged_at = at if household.state == "merged" else None
    row = household_row(household, number, "" if old is None else old.batch, sealed, merged_at)
    if old is None:
        connection.execute(tables.households.insert(), row)
    else:
        connection.execute(tables.households.update().where(is_it).values(row))
    last = tables.last_visits
    counted_in = village_of(household.grid) if household.state == "here" else ""
    connection.execute(last.update().where(last.c.household == household.household).values(center=counted_in))
    marks = tables.registry_marks
    connection.execute(marks.delete().where(marks.c.household == number))
    found = key.marks_of(household) if household.state != "merged" else set()
    if found:
        connection.execute(marks.insert(), [{"mark": each, "household": number} for each in sorted(found)])


def count_anew(connection: sa.Connection, grids: Iterable[str]) -> None:
    """See `recounted`."""
    run_changes(connection, recounted(grids))


def write_rows(connection: sa.Connection, new: Mapping[sa.Table, Sequence[Json]]) -> None:
    """Many rows, on the driver's own cursor."""
    run_changes(connection, ((table, row) for table, rows in new.items() for row in rows))


def drop_said(
    connection: sa.Connection, households: Collection[str], asked_anew: Collection[str] = ()
) -> None:
    """What was said at these households goes with them; of those `asked_anew`, where somebody is gone, what is known by it."""
    dialect = connection.dialect.name
    for table in (tables.visit_words, tables.errand_words):
        connection.execute(table.delete().where(in_codes(table.c.household, households, dialect)))
    last = tables.last_visits
    connection.execute(last.delete().where(in_codes(last.c.household, households, dialect)))
    whose = [*households, *asked_anew]
    for table in (tables.household_known, tables.answer_marks):
        connection.execute(table.delete().where(in_codes(table.c.household, whose, dialect)))
