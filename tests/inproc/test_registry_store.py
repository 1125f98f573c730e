"""The registry in the database: cards in walking order, found by number and telephone, counted, split and joined."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from hub.grids.registry import (
    Building,
    ChangedBy,
    Counts,
    House,
    Household,
    HouseholdChange,
    Person,
    Unit,
    counted,
)
from hub.grids.registry_sealing import RegistryKey
from hub.store import tables
from hub.store.bulk import run_changes
from hub.store.database import Database, open_database
from hub.store.registry_made import MANY, grid_codes, write_made
from hub.store.registry_rows import moved_grid, moved_households
from hub.store.registry_store import RegistryStore

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
KEY = RegistryKey(b"k" * 32)
VILLAGE = "430682115210"
FIRST, SECOND = f"{VILLAGE}001", f"{VILLAGE}002"
BY = ChangedBy("a_000000000000000001", "网格员", NOW, "")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close_now()


@pytest.fixture
def store(database: Database) -> RegistryStore:
    return RegistryStore(database, KEY, lambda: NOW)


def household(nth: int, *names: str, grid: str = FIRST, walk: int = 10_001, **more: object) -> Household:
    persons = [
        Person(
            person=f"pe_{nth:015}{at:03}",
            name=name,
            number=f"E{nth}0000{at}",
            phone=f"1540000{nth:02}{at:02}",
        )
        for at, name in enumerate(names)
    ]
    return Household.model_validate(
        {
            "household": f"hh_{nth:018}",
            "grid": grid,
            "building": "bd_000000000000000001",
            "house": f"ho_{nth:018}",
            "walk": walk,
            "persons": [each.model_dump() for each in persons],
            **more,
        }
    )


async def put(
    store: RegistryStore, seq: int, *households: Household, what: str = "registered", **more: bool
) -> None:
    was = await store.some([each.household for each in households])
    changes = [
        HouseholdChange(
            each.model_copy(update={"seq": seq}), KEY.seal(each)[0], what, was.get(each.household), **more
        )
        for each in households
    ]
    await store.put(changes, seq, BY)


async def test_cards_come_in_walking_order_with_where_they_are(store: RegistryStore) -> None:
    building = Building(building="bd_000000000000000001", grid=FIRST, name="3栋", walk=1)
    await store.put_building(building.model_copy(update={"seq": 1}))
    for nth, label in ((1, "1单元101"), (2, "云家老屋")):
        house = House(house=f"ho_{nth:018}", building=building.building, label=label, walk=nth, seq=1)
        await store.put_house(house, FIRST)
    await put(store, 2, household(2, "云青樵", walk=10_002), household(1, "李石亭", "赵竹坪"))
    cards = await store.households_of([FIRST])
    assert [(each.place, len(each.persons), each.seq) for each in cards] == [
        (["3栋", "1单元101"], 2, 2),
        (["3栋", "云家老屋"], 1, 2),
    ]
    # what phones are given at once and what a household's own page is built of are the same card
    assert cards == await store.cards(await store.in_grids([FIRST]))
    assert await store.households_of([SECOND]) == []
    [first, _] = await store.houses(building.building)
    assert first.label == "1单元101"


async def test_nothing_personal_stands_in_the_database_unsealed(
    store: RegistryStore, database: Database
) -> None:
    await store.put_house(
        House(house="ho_000000000000000002", building="bd_1", label="云家老屋", seq=1), FIRST
    )
    unit = Unit(
        unit="ut_000000000000000001", grid=FIRST, name="小店", contact="赵竹坪", phone="15400000099", seq=1
    )
    await store.put_unit(unit)
    await put(store, 2, household(1, "云青樵", note="独居"))
    await put(store, 3, household(1, "云青樵", "李石亭"), what="changed")
    assert (await store.units([FIRST])) == [unit]
    with database.reading() as connection:
        said = [
            str(tuple(row))
            for table in tables.metadata.sorted_tables
            if table.name.startswith(("registry_", "households"))
            for row in connection.execute(sa.select(table))
        ]
    assert len(said) > 5
    for secret in ("云家老屋", "赵竹坪", "15400000099", "云青樵", "李石亭", "E100000", "1540000", "独居"):
        assert not any(secret in row for row in said), secret


async def test_a_household_is_found_by_number_and_telephone_of_its_persons(store: RegistryStore) -> None:
    await put(store, 1, household(1, "云青樵"), household(2, "李石亭"))
    assert [each.household[-1] for each in await store.marked([KEY.number_mark("E200000")], 5)] == ["2"]
    assert [each.household[-1] for each in await store.marked([KEY.phone_mark("15400000100")], 5)] == ["1"]
    changed = household(2, "李石亭").model_copy(update={"persons": []})
    await put(store, 2, changed, what="changed")
    assert await store.marked([KEY.number_mark("E200000")], 5) == []


async def test_what_an_entry_told_of_is_written_once_and_what_was_there_is_kept(store: RegistryStore) -> None:
    await put(store, 1, household(1, "云青樵"))
    await put(store, 2, household(1, "李石亭"), what="changed", late=True)
    await put(store, 2, household(1, "赵竹坪"), what="changed")
    found = await store.get("hh_000000000000000001")
    assert found is not None
    assert (found.seq, found.persons[0].name) == (2, "李石亭")
    later, first = await store.versions(found.household)
    assert (first.what, first.was) == ("registered", None)
    assert later.was is not None
    assert (later.late, later.settled, later.was.persons[0].name) == (True, False, "云青樵")
    assert [each.seq for each in await store.unsettled([FIRST], None, 9)] == [2]
    assert await store.unsettled([SECOND], None, 9) == []
    await store.settle(found.household, 2)
    assert await store.unsettled(None, VILLAGE, 9) == []


async def test_counts_equal_a_recount_however_a_grid_is_split_and_joined(
    store: RegistryStore, database: Database
) -> None:
    grids = list(grid_codes([VILLAGE, "430682115211"], 2))
    made, persons = write_made(database, KEY, [(grid, 40) for grid in grids], seed=5)
    assert made == 160
    before = await store.households_of([FIRST])
    third = f"{VILLAGE}009"
    moving = [each.household for each in before[:17]]

    async def total() -> Counts:
        return sum((await store.sums()).values(), Counts())

    whole = await total()
    assert (whole.households, whole.persons) == (160, persons)

    async def recounted() -> None:
        sums = await store.sums()
        for grid in (*grids, third):
            there = await store.in_grids([grid])
            added = [
                sum(counted(each)[name] for each in there) for name in ("persons", "registered", "floating")
            ]
            said = sums.get(grid, Counts())
            assert [len(there), *added] == [said.households, said.persons, said.registered, said.floating]
        assert await total() == whole, "nothing is lost or counted twice"

    with database.writing() as connection:
        run_changes(connection, moved_households(FIRST, third, moving))
    await recounted()
    assert {each.household for each in await store.households_of([third])} == set(moving)
    shared = {each.building for each in before[:17]} & {each.building for each in before[17:]}
    assert shared
    assert shared <= {each.building for each in await store.buildings([third])}
    assert shared <= {each.building for each in await store.buildings([FIRST])}
    with database.writing() as connection:
        for each in (FIRST, third):
            run_changes(connection, moved_grid(each, SECOND))
    await recounted()
    assert (await store.sums([SECOND]))[SECOND].households == 80
    assert (await store.village_sums())[VILLAGE].households == 80


async def test_a_whole_city_is_written_with_its_indexes_made_afterwards(
    store: RegistryStore, database: Database
) -> None:
    grids = list(grid_codes([f"4306821{at:05}" for at in range(MANY // 10)], 10))
    households, persons = write_made(database, KEY, [(grid, 1) for grid in grids])
    assert households == MANY
    assert persons > MANY
    number = (await store.in_grids([grids[77]]))[0].persons[0].number
    assert [each.grid for each in await store.marked([KEY.number_mark(number)], 5)] == [grids[77]]
    with database.reading() as connection:
        names = {each["name"] for each in sa.inspect(connection).get_indexes("households")}
    assert names == {str(index.name) for index in tables.households.indexes}
