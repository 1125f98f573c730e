"""The registry in the database: read with its right checked by who asks, changed after the journal was told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import Clock, to_wire
from hub.grids.catalog import village_of
from hub.grids.registry import (
    Building,
    ChangedBy,
    Counts,
    Forgettable,
    House,
    Household,
    HouseholdCard,
    HouseholdChange,
    Unit,
    Version,
    card_of,
)
from hub.grids.registry_sealing import RegistryKey
from hub.grids.touched import Touched
from hub.store import tables
from hub.store.camera_rows import in_codes, in_listed, listed
from hub.store.database import Database
from hub.store.registry_batches import RegistryBatches
from hub.store.registry_rows import (
    building_of,
    building_row,
    card_told,
    count_anew,
    counts_of,
    drop_said,
    facts_of,
    house_of,
    house_row,
    household_of,
    label_of,
    put_household,
    unit_of,
    unit_row,
    version_household,
)

_households = tables.households.c
_buildings = tables.registry_buildings.c
_houses = tables.registry_houses.c
_units = tables.registry_units.c
_versions = tables.registry_versions.c
_sums = tables.registry_sums.c
#: Versions of a household that its history shows.
SHOWN_VERSIONS: Final = 50


class RegistryStore:
    """Implements `signaling.registry_service.RegistryService`. Everything raises Refusal `unavailable`."""

    def __init__(
        self, database: Database, key: RegistryKey, clock: Clock, touched: Touched | None = None
    ) -> None:
        self._database = database
        self.key = key
        #: Is told where something changed once it can be read.
        self.touched = touched or Touched()
        self.batches = RegistryBatches(database, key, clock)

    # -- households

    async def get(self, household: str) -> Household | None:
        """A household, whatever became of it; None where there is none, or not yet."""
        return (await self.some([household])).get(household)

    async def some(self, households: Iterable[str]) -> dict[str, Household]:
        """Those of these that there are, by id."""
        wanted = sorted(set(households))

        def work(connection: sa.Connection) -> dict[str, Household]:
            query = sa.select(tables.households).where(
                in_codes(_households.id, wanted, connection.dialect.name), _there()
            )
            found = (household_of(self.key, row) for row in connection.execute(query))
            return {each.household: each for each in found}

        return await self._database.read(work) if wanted else {}

    async def in_grids(self, grids: Collection[str]) -> list[Household]:
        """Who lives in these grids, in the order of grids and of the walk."""

        def work(connection: sa.Connection) -> list[Household]:
            return [household_of(self.key, row) for row in self._rows_in(connection, grids)]

        return await self._database.read(work)

    async def households_of(self, grids: Collection[str]) -> list[HouseholdCard]:
        """The cards of all households of these grids, in the order of grids and of the walk; unmasked."""
        found = await self._database.read(lambda connection: self.cards_of(connection, grids))
        return [HouseholdCard.model_validate(each) for each in found]

    def cards_of(self, connection: sa.Connection, grids: Collection[str]) -> list[dict[str, Any]]:
        """See `households_of`; as on the wire."""
        found = connection.execute(_cards_in(connection.dialect.name), {"grids": listed(grids)})
        return [card_told(self.key, each, _place(self.key, each)) for each in found]

    async def cards(self, households: Sequence[Household]) -> list[HouseholdCard]:
        """The cards of these, in their order."""
        return await self._database.read(lambda connection: self._cards(connection, households))

    async def in_village(self, village: str) -> list[Household]:
        """Who lives in a village, in the order of grids and of the walk."""

        def work(connection: sa.Connection) -> list[Household]:
            query = _walked().where(in_village(_households.grid, village))
            return [household_of(self.key, row) for row in connection.execute(query)]

        return await self._database.read(work)

    async def marked(self, marks: Collection[str], limit: int) -> list[Household]:
        """Households of which a person has one of these marks, with those who left."""
        table = tables.registry_marks

        def work(connection: sa.Connection) -> list[Household]:
            rows = sa.select(table.c.household).where(table.c.mark.in_(sorted(marks))).distinct()
            query = sa.select(tables.households).where(_households.row.in_(rows), _there()).limit(limit)
            return [household_of(self.key, row) for row in connection.execute(query)]

        return await self._database.read(work) if marks else []

    async def put(self, changes: Sequence[HouseholdChange], seq: int, by: ChangedBy) -> None:
        """Write what entry `seq` told of; done already, nothing happens."""

        def work(connection: sa.Connection) -> set[str]:
            grids: set[str] = set()
            for change in changes:
                now = change.household
                grids.add(now.grid)
                there = sa.select(_households.seq, _households.grid).where(_households.id == now.household)
                old = connection.execute(there).first()
                if old is not None and old.seq >= seq:
                    continue
                put_household(connection, self.key, now, change.sealed, to_wire(by.at))
                was = change.was
                grids.add(now.grid if was is None else was.grid)
                version = {
                    "household": now.household,
                    "seq": seq,
                    "grid": now.grid,
                    "at": to_wire(by.at),
                    "account": by.account,
                    "name": by.name,
                    "what": change.what,
                    "late": int(change.late),
                    "settled": int(not change.late),
                    "command": by.command,
                    "facts": "" if was is None else facts_of(was),
                    "sealed": "" if was is None else self.key.seal(was)[0],
                }
                connection.execute(tables.registry_versions.insert(), version)
            count_anew(connection, sorted(grids))
            return grids

        self.touched.at(await self._database.write(work))

    async def done(self, command: str) -> list[str]:
        """The households that this changed already."""
        query = (
            sa.select(_versions.household).where(_versions.command == command).order_by(_versions.household)
        )
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def at_entry(self, seq: int) -> list[str]:
        """The households that an entry changed."""
        query = sa.select(_versions.household).where(_versions.seq == seq)
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def versions(self, household: str) -> list[Version]:
        """What became of a household, the newest first; the first version of one has nothing before it."""
        query = (
            sa.select(tables.registry_versions)
            .where(_versions.household == household)
            .order_by(_versions.seq.desc())
            .limit(SHOWN_VERSIONS)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [self._version(row) for row in rows]

    async def unsettled(
        self, grids: Collection[str] | None, village: str | None, limit: int
    ) -> list[Version]:
        """Changes that were made without knowing of others, in these grids or in a village, the oldest first."""

        def work(connection: sa.Connection) -> list[Version]:
            query = sa.select(tables.registry_versions).where(_versions.settled == 0)
            if grids is not None:
                query = query.where(_versions.grid.in_(sorted(grids)))
            if village is not None:
                query = query.where(in_village(_versions.grid, village))
            return [
                self._version(row) for row in connection.execute(query.order_by(_versions.seq).limit(limit))
            ]

        return await self._database.read(work)

    async def settle(self, household: str, seq: int) -> None:
        """There is nothing more to settle about this change."""
        is_it = sa.and_(_versions.household == household, _versions.seq == seq)
        statement = tables.registry_versions.update().where(is_it).values(settled=1)
        await self._database.write(lambda connection: connection.execute(statement))

    # -- what is forgotten

    async def forgettable(self, before: datetime, limit: int) -> Forgettable:
        """What is to be deleted: those who left before then, some `limit` of them, and older states from before then."""
        since = to_wire(before)

        def work(connection: sa.Connection) -> Forgettable:
            query = sa.select(tables.households).where(_households.gone_at < since, _there()).limit(limit)
            whole: list[str] = []
            some: dict[str, list[str]] = {}
            for row in connection.execute(query):
                if len(whole) + sum(map(len, some.values())) >= limit:
                    break
                household = household_of(self.key, row)
                gone = [each.person for each in household.persons if each.left_at and each.left_at < since]
                if household.state != "here" and (
                    household.state == "merged" or len(gone) == len(household.persons)
                ):
                    whole.append(household.household)
                elif gone:
                    some[household.household] = gone
            old = sa.select(sa.func.count()).where(_versions.at < since, _versions.settled == 1)
            return Forgettable(whole, some, int(connection.execute(old).scalar_one()))

        return await self._database.read(work)

    async def forget(self, what: Forgettable, before: datetime) -> None:
        """Take rows, salts, marks and older states away for good; those who stay get another salt."""
        since = to_wire(before)

        def work(connection: sa.Connection) -> None:
            versions, marks = tables.registry_versions, tables.registry_marks
            connection.execute(versions.delete().where(_versions.at < since, _versions.settled == 1))
            is_whole = in_codes(_households.id, what.households, connection.dialect.name)
            numbers = connection.execute(sa.select(_households.row).where(is_whole)).scalars().all()
            connection.execute(marks.delete().where(marks.c.household.in_(numbers)))
            connection.execute(versions.delete().where(_versions.household.in_(what.households)))
            connection.execute(tables.households.delete().where(_households.row.in_(numbers)))
            drop_said(connection, what.households, what.persons)
            for id, persons in what.persons.items():
                row = connection.execute(sa.select(tables.households).where(_households.id == id)).first()
                if row is not None:
                    now = _without(household_of(self.key, row), persons)
                    put_household(connection, self.key, now, self.key.seal(now)[0], since)
                old = sa.select(tables.registry_versions).where(
                    _versions.household == id, _versions.sealed != ""
                )
                for version in connection.execute(old).all():
                    was = _without(version_household(self.key, version), persons)
                    is_it = sa.and_(_versions.household == id, _versions.seq == version.seq)
                    connection.execute(versions.update().where(is_it).values(sealed=self.key.seal(was)[0]))

        await self._database.write(work)
        self.touched.everywhere()

    # -- places and units

    async def buildings(self, grids: Collection[str]) -> list[Building]:
        """Buildings in which these grids have something, in the order of the walk."""

        def work(connection: sa.Connection) -> list[Building]:
            lived = sa.select(_households.building).where(
                _households.grid.in_(sorted(grids)), _households.state == "here"
            )
            query = (
                sa.select(tables.registry_buildings)
                .where(
                    sa.or_(_buildings.grid.in_(sorted(grids)), _buildings.id.in_(lived)),
                    _buildings.state == "here",
                )
                .order_by(_buildings.grid, _buildings.walk, _buildings.id)
            )
            return [building_of(row) for row in connection.execute(query)]

        return await self._database.read(work)

    async def filled(self, grids: Collection[str]) -> list[tuple[Building, Counts]]:
        """The same with what there is in each: all its houses, and who lives there in these grids."""
        found = await self.buildings(grids)
        ids = [each.building for each in found]

        def work(connection: sa.Connection) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
            inside = in_codes(_houses.building, ids, connection.dialect.name)
            houses = (
                sa.select(_houses.building, sa.func.count().label("houses"))
                .where(inside, _houses.state == "here")
                .group_by(_houses.building)
            )
            lived = (
                sa.select(
                    _households.building,
                    sa.func.count().label("households"),
                    sa.func.sum(_households.persons).label("persons"),
                )
                .where(_households.grid.in_(sorted(grids)), _households.state == "here")
                .group_by(_households.building)
            )
            return (
                {row.building: row.houses for row in connection.execute(houses)},
                {row.building: (row.households, int(row.persons)) for row in connection.execute(lived)},
            )

        houses, lived = await self._database.read(work)
        none = (0, 0)
        return [
            (
                each,
                Counts(
                    houses=houses.get(each.building, 0),
                    households=lived.get(each.building, none)[0],
                    persons=lived.get(each.building, none)[1],
                ),
            )
            for each in found
        ]

    async def in_building(self, building: str) -> list[Household]:
        """Who lives in a building, in the order of the walk."""

        def work(connection: sa.Connection) -> list[Household]:
            query = _walked().where(_households.building == building)
            return [household_of(self.key, row) for row in connection.execute(query)]

        return await self._database.read(work)

    async def building(self, building: str) -> Building | None:
        """One building."""
        query = sa.select(tables.registry_buildings).where(
            _buildings.id == building, _buildings.state == "here"
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else building_of(row)

    async def houses(self, building: str) -> list[House]:
        """The houses of a building, in the order of the walk."""
        query = (
            sa.select(tables.registry_houses)
            .where(_houses.building == building, _houses.state == "here")
            .order_by(_houses.walk, _houses.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [house_of(self.key, row) for row in rows]

    async def house(self, house: str) -> House | None:
        """One house."""
        query = sa.select(tables.registry_houses).where(_houses.id == house, _houses.state == "here")
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else house_of(self.key, row)

    async def units(self, grids: Collection[str]) -> list[Unit]:
        """The units of these grids."""
        query = (
            sa.select(tables.registry_units)
            .where(_units.grid.in_(sorted(grids)), _units.state == "here")
            .order_by(_units.grid, _units.name, _units.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [unit_of(self.key, row) for row in rows]

    async def unit(self, unit: str) -> Unit | None:
        """One unit."""
        query = sa.select(tables.registry_units).where(_units.id == unit, _units.state == "here")
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else unit_of(self.key, row)

    async def put_building(self, building: Building) -> None:
        """Put it in the place of what is there of it, or as a new one."""
        await self._put(tables.registry_buildings, building_row(building), (building.grid,))

    async def put_house(self, house: House, grid: str) -> None:
        """The same of a house, in a building of this grid."""
        await self._put(tables.registry_houses, house_row(self.key, house), (grid,))

    async def put_unit(self, unit: Unit) -> None:
        """The same of a unit."""
        await self._put(tables.registry_units, unit_row(self.key, unit), (unit.grid,))

    async def take(self, what: str, id: str, grid: str) -> None:
        """A building, house or unit is there no more."""
        table = {"building": tables.registry_buildings, "house": tables.registry_houses}.get(
            what, tables.registry_units
        )

        def work(connection: sa.Connection) -> None:
            connection.execute(table.delete().where(table.c.id == id))
            count_anew(connection, (grid,))

        await self._database.write(work)
        self._places_changed((grid,))

    # -- numbers

    async def sums(self, grids: Collection[str] | None = None) -> dict[str, Counts]:
        """Code of a grid -> what there is in it; all of them with None."""

        def work(connection: sa.Connection) -> dict[str, Counts]:
            query = sa.select(tables.registry_sums)
            if grids is not None:
                query = query.where(in_codes(_sums.grid, grids, connection.dialect.name))
            return {row.grid: counts_of(row) for row in connection.execute(query)}

        return await self._database.read(work)

    async def village_sums(self) -> dict[str, Counts]:
        """Code of a village -> what there is in its grids."""
        village = sa.func.substr(_sums.grid, 1, 12)

        def work(connection: sa.Connection) -> dict[str, Counts]:
            added = [sa.func.sum(_sums[name]).label(name) for name in Counts.__dataclass_fields__]
            query = sa.select(village.label("village"), *added).group_by(village)
            return {row.village: counts_of(row) for row in connection.execute(query)}

        return await self._database.read(work)

    # -- inside

    async def _put(self, table: sa.Table, row: dict[str, Any], grids: Collection[str]) -> None:
        def work(connection: sa.Connection) -> set[str]:
            old = connection.execute(sa.select(table).where(table.c.id == row["id"])).first()
            before = getattr(old, "grid", None)
            if old is None:
                connection.execute(table.insert(), row)
            elif old.seq < row["seq"]:
                values = {name: value for name, value in row.items() if name != "batch"}
                connection.execute(table.update().where(table.c.id == row["id"]).values(values))
            changed = {*grids, *([before] if before else [])}
            count_anew(connection, changed)
            # Nobody lives yet in what is new.
            return changed if old is not None else set()

        self._places_changed(await self._database.write(work))

    def _places_changed(self, grids: Collection[str]) -> None:
        """Who lives in a building may belong to another grid of the village."""
        self.touched.at({*grids, *map(village_of, grids)})

    def _rows_in(self, connection: sa.Connection, grids: Collection[str]) -> Sequence[Any]:
        return connection.execute(_in_grids(connection.dialect.name), {"grids": listed(grids)}).all()

    def _cards(self, connection: sa.Connection, households: Sequence[Household]) -> list[HouseholdCard]:
        names, labels = self._places_of(connection, households)
        return [card_of(each, _words(names, labels, each)) for each in households]

    def _places_of(
        self, connection: sa.Connection, households: Sequence[Any]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """What the buildings and houses of these are called."""
        buildings, houses = _places(connection.dialect.name)
        inside = {"ids": listed({each.building for each in households})}
        names = {row.id: row.name for row in connection.execute(buildings, inside)}
        inside = {"ids": listed({each.house for each in households})}
        return names, {row.id: label_of(self.key, row) for row in connection.execute(houses, inside)}

    def _version(self, row: Any) -> Version:
        was = version_household(self.key, row) if row.sealed else None
        plain = ("household", "seq", "grid", "at", "account", "name", "what")
        return Version(
            **{name: getattr(row, name) for name in plain},
            late=bool(row.late),
            settled=bool(row.settled),
            was=was,
        )


def _without(household: Household, persons: Collection[str]) -> Household:
    kept = [each for each in household.persons if each.person not in persons]
    return household.model_copy(update={"persons": kept})


def _words(names: Mapping[str, str], labels: Mapping[str, str], household: Any) -> list[str]:
    """Where a household is."""
    return [word for word in (names.get(household.building, ""), labels.get(household.house, "")) if word]


def _there() -> sa.ColumnElement[bool]:
    """Not of an import that is not whole yet, or was taken back."""
    return _households.state.in_(("here", "left", "merged"))


def _walked() -> sa.Select[Any]:
    return (
        sa.select(tables.households)
        .where(_households.state == "here")
        .order_by(_households.grid, _households.walk, _households.row)
    )


# A phone asks for its grids, and a city has tens of thousands of phones: statements are put together once.


@cache
def _in_grids(dialect: str) -> sa.Select[Any]:
    return _walked().where(in_listed(_households.grid, sa.bindparam("grids", type_=sa.Text), dialect))


@cache
def _cards_in(dialect: str) -> sa.Select[Any]:
    """Those of `_in_grids` as far as their cards tell of them, with what building and house are called."""
    there = tables.households.outerjoin(tables.registry_buildings, _buildings.id == _households.building)
    there = there.outerjoin(tables.registry_houses, _houses.id == _households.house)
    named = (
        _buildings.name.label("building_name"),
        _households.house,
        _houses.label.label("house_label"),
        _houses.sealed.label("house_sealed"),
    )
    facts = (_households[name] for name in ("id", "grid", "building", "walk", "kind", "seq", "sealed"))
    return (
        sa.select(*facts, *named)
        .select_from(there)
        .where(in_listed(_households.grid, sa.bindparam("grids", type_=sa.Text), dialect))
        .where(_households.state == "here")
        .order_by(_households.grid, _households.walk, _households.row)
    )


def _place(key: RegistryKey, row: Any) -> list[str]:
    """Where a household of `_cards_in` is, in words."""
    label = row.house_label if row.house_sealed is None else key.open_text(row.house, row.house_sealed)
    return [word for word in (row.building_name, label) if word]


@cache
def _places(dialect: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    ids = sa.bindparam("ids", type_=sa.Text)
    buildings = sa.select(_buildings.id, _buildings.name).where(in_listed(_buildings.id, ids, dialect))
    houses = sa.select(_houses.id, _houses.label, _houses.sealed).where(in_listed(_houses.id, ids, dialect))
    return buildings, houses


def in_village(column: Any, village: str) -> sa.ColumnElement[bool]:
    """Whether a column of grids' codes holds one of this village."""
    return sa.and_(column >= village, column < f"{village}:")
