"""Writes of the registry: rights, then the journal, then the rows. Those about one household come one after the other.

A write that comes again with its id is answered as the first time. One that did not know of another (`base`) is done, flagged:
what stood there before is kept, and somebody settles it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from typing import Any, Final
from zlib import crc32

from hub.clock import from_wire, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.registry import (
    Building,
    ChangedBy,
    House,
    Household,
    Unit,
    Version,
)
from hub.grids.registry import HouseholdChange as Changed
from hub.grids.registry_forms import NoForm, name_of, phone_of
from hub.grids.registry_writing import back, different, left, merged, moved, with_persons
from hub.ids import new_id
from hub.rules import parse_data
from signaling.registry_sight import RegistrySight
from signaling.schemas.registry_asked import (
    BuildingChange,
    BuildingNew,
    HouseChange,
    HouseholdBack,
    HouseholdChange,
    HouseholdLeave,
    HouseholdMerge,
    HouseholdMove,
    HouseholdNew,
    HouseholdSettle,
    HouseNew,
    NewPlace,
    RegistryWrite,
    UnitChange,
    UnitNew,
)
from signaling.services import Json, Services

#: How long ago something may have happened that is told only now, and how far a device's clock may be ahead.
OLDEST: Final = timedelta(days=7)
AHEAD: Final = timedelta(minutes=5)
#: Writes about as many households go on at the same time.
_TURNS: Final = 64
#: Houses come one after the other on the walk: a building's place counts this much.
STEP: Final = 10_000


class RegistryDesk:
    """Who writes comes here. Everything raises Refusal; what may not be seen is `not_found`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.sight = RegistrySight(services)
        self._turns = [asyncio.Lock() for _ in range(_TURNS)]

    # -- households

    async def register(self, account: Account, asked: HouseholdNew) -> Household:
        """Register a household. Raises Refusal `conflict` where a number is registered already, unless `though`."""
        self.sight.require_grid(account, "keep", asked.grid)
        async with self._turn(f"{account.id}:{asked.id}"):
            if (done := await self._done(account, asked)) is not None:
                return done[0]
            house, walk = await self._place(account, asked.grid, asked.place)
            empty = Household(
                household=self._id("hh"),
                grid=asked.grid,
                building=house.building,
                house=house.house,
                walk=walk,
                kind=asked.kind,
                note=asked.note,
            )
            made = with_persons(empty, (), asked.persons, self._today(), self._new_person, "persons")
            fields = {each.person: f"persons.{at}" for at, each in enumerate(made.persons)}
            await self._require_new(made, None, fields, though=asked.though)
            [written] = await self._write(account, asked, "registered", [(None, made)])
        return written

    async def change(self, account: Account, household: str, asked: HouseholdChange) -> Household:
        """Change what is not null, and add who came."""
        async with self._turn(household):
            if (done := await self._done(account, asked)) is not None:
                return done[0]
            was = await self._here(account, household)
            now = with_persons(was, asked.persons, asked.new, self._today(), self._new_person)
            plain = {
                name: getattr(asked, name) for name in ("kind", "note") if getattr(asked, name) is not None
            }
            now = now.model_copy(update=plain)
            if now == was:
                return was
            places = {each.person: f"persons.{at}" for at, each in enumerate(asked.persons)}
            came = now.persons[len(was.persons) :]
            places |= {each.person: f"new.{at}" for at, each in enumerate(came)}
            await self._require_new(now, was, places, though=asked.though)
            fields = different(was, now)
            [written] = await self._write(
                account, asked, "changed", [(was, now)], base=asked.base, fields=fields
            )
        return written

    async def move(self, account: Account, household: str, asked: HouseholdMove) -> list[Household]:
        """Move a household to another place or grid, or some of its persons into another household."""
        if (asked.to is None) == (asked.place is None) or (asked.to is None) != (not asked.persons):
            raise Refusal("invalid", "say where the household moves, or who moves into which household", "to")
        async with self._turn(household, *([asked.to] if asked.to else [])):
            if (done := await self._done(account, asked)) is not None:
                return done
            was = await self._here(account, household)
            if asked.place is not None:
                grid = asked.grid or was.grid
                self.sight.require_grid(account, "keep", grid)
                house, walk = await self._place(account, grid, asked.place)
                place = {"grid": grid, "building": house.building, "house": house.house, "walk": walk}
                pairs = [(was, was.model_copy(update=place))]
                more: Json = {"moved": [], "to": None}
            else:
                if asked.to == household or asked.to is None:
                    raise Refusal("invalid", "somebody moves into another household", "to")
                there = await self._here(account, asked.to)
                source, to = moved(was, there, asked.persons)
                pairs = [(was, source), (there, to)]
                more = {"moved": asked.persons, "to": to.household}
            return await self._write(
                account,
                asked,
                "moved",
                pairs,
                base=asked.base,
                came_from=was.grid,
                second="to_commitment",
                **more,
            )

    async def leave(self, account: Account, household: str, asked: HouseholdLeave) -> Household:
        """A household, or some of its persons, live there no more; what is known of them is kept for a time."""
        async with self._turn(household):
            if (done := await self._done(account, asked)) is not None:
                return done[0]
            was = await self._here(account, household)
            now = left(was, asked.persons, asked.occurred_at or to_wire(self._services.clock()))
            [written] = await self._write(
                account, asked, "left", [(was, now)], base=asked.base, gone=asked.persons
            )
        return written

    async def come_back(self, account: Account, household: str, asked: HouseholdBack) -> Household:
        """A household that left, and whose rows are there still, lives there again."""
        async with self._turn(household):
            if (done := await self._done(account, asked)) is not None:
                return done[0]
            was = await self.sight.household(account, household, "keep")
            if was.state != "left":
                raise Refusal("wrong_state", "this household did not leave")
            [written] = await self._write(
                account, asked, "changed", [(was, back(was))], base=asked.base, fields=["persons"]
            )
        return written

    async def merge(self, account: Account, household: str, asked: HouseholdMerge) -> Household:
        """Another household is the same as this one: it is no more, until the merge is taken back."""
        async with self._turn(household, asked.other):
            if (done := await self._done(account, asked)) is not None:
                return next(each for each in done if each.household == household)
            if asked.other == household:
                await self._here(account, household)
                raise Refusal("invalid", "a household is merged with another one", "other")
            was, other = await self._here(account, household), await self._here(account, asked.other)
            now, gone = merged(was, other, asked.same)
            written = await self._write(
                account, asked, "merged", [(was, now), (other, gone)], base=asked.base, other=other.household
            )
        return written[0]

    async def unmerge(self, account: Account, household: str, asked: HouseholdBack) -> Household:
        """Take the last merge of this household back, as long as nothing was changed since."""
        async with self._turn(household):
            if (done := await self._done(account, asked)) is not None:
                return next(each for each in done if each.household == household)
            was = await self._here(account, household)
            versions = await self._services.registry.versions(household)
            last = versions[0] if versions else None
            other = None if last is None or last.what != "merged" else await self._merged_with(last)
            if last is None or other is None or last.was is None:
                raise Refusal("wrong_state", "the last that became of this household is no merge")
            self.sight.require(account, "keep", other.grid)
            written = await self._write(
                account,
                asked,
                "unmerged",
                [(was, last.was), (other, other.model_copy(update={"state": "here"}))],
                base=asked.base,
                second="other_commitment",
                other=other.household,
            )
        return written[0]

    async def settle(self, account: Account, household: str, asked: HouseholdSettle) -> Household:
        """Two changes that did not know of each other: say which of them holds."""
        async with self._turn(household):
            if (done := await self._done(account, asked)) is not None:
                return done[0]
            was = await self.sight.household(account, household, "settle")
            versions = await self._services.registry.versions(household)
            late = next((each for each in versions if each.seq == asked.of and each.late), None)
            if late is None:
                raise Refusal("not_found", "there is no such change", "of")
            if late.settled:
                raise Refusal("already_done", "this is settled already")
            now = was if asked.keep == "later" or late.was is None else late.was
            [written] = await self._write(
                account, asked, "settled", [(was, now)], base=was.seq, of=asked.of, kept=asked.keep
            )
            await self._services.registry.settle(household, asked.of)
        return written

    # -- looks

    async def look(self, account: Account, household: str) -> Household:
        """Tell the journal that somebody sees a household unmasked whose grid is not his; then it is his to see."""
        found = await self.sight.household(account, household)
        if not self.sight.may(account, "see", found.grid):
            self.sight.require(account, "unmask", found.grid)
            await self.looked(account, "household", found.grid, [household])
        return found

    async def looked(self, account: Account, what: str, grid: str, ids: Sequence[str]) -> None:
        """Have the journal told of a look."""
        await self._tell(
            "registry.note_looked", {"what": what, "grid": grid, "ids": list(ids), **_who(account)}
        )

    async def exported(self, account: Account, told: Json) -> None:
        """Have the journal told that something was taken away as a file."""
        await self._tell("registry.note_exported", {**told, **_who(account)})

    # -- places and units

    async def add_building(self, account: Account, asked: BuildingNew) -> Building:
        """Put a new building in."""
        self.sight.require_grid(account, "keep", asked.grid)
        walk = asked.walk or await self._next_walk(asked.grid)
        made = Building(building=self._id("bd"), **{**asked.model_dump(), "walk": walk})
        return await self._put_building(account, "added", made)

    async def change_building(self, account: Account, building: str, asked: BuildingChange) -> Building:
        """Change what is not null."""
        async with self._turn(building):
            was = await self.sight.building(account, building, "keep")
            now = was.model_copy(update=asked.model_dump(exclude_none=True))
            return was if now == was else await self._put_building(account, "changed", now)

    async def remove_building(self, account: Account, building: str) -> None:
        """Take an empty building out."""
        async with self._turn(building):
            was = await self.sight.building(account, building, "keep")
            registry = self._services.registry
            if await registry.houses(building) or await registry.in_building(building):
                raise Refusal("wrong_state", "there are houses in this building still")
            await self._place_told(account, "building", "removed", building, was.grid)
            await registry.take("building", building, was.grid)

    async def add_house(self, account: Account, asked: HouseNew) -> House:
        """Put a new house into a building."""
        async with self._turn(asked.building):
            building = await self.sight.building(account, asked.building, "keep")
            there = await self._services.registry.houses(asked.building)
            walk = asked.walk or max((each.walk for each in there), default=0) + 1
            made = House(house=self._id("ho"), **{**asked.model_dump(), "walk": walk})
            return await self._put_house(account, "added", made, building.grid)

    async def change_house(self, account: Account, house: str, asked: HouseChange) -> House:
        """Change what is not null."""
        there, _ = await self.sight.house(account, house, "keep")
        async with self._turn(there.building):
            was, building = await self.sight.house(account, house, "keep")
            now = was.model_copy(update=asked.model_dump(exclude_none=True))
            return was if now == was else await self._put_house(account, "changed", now, building.grid)

    async def remove_house(self, account: Account, house: str) -> None:
        """Take a house out in which nobody lives."""
        there, _ = await self.sight.house(account, house, "keep")
        async with self._turn(there.building):
            _, building = await self.sight.house(account, house, "keep")
            if any(
                each.house == house for each in await self._services.registry.in_building(building.building)
            ):
                raise Refusal("wrong_state", "somebody lives in this house still")
            await self._place_told(account, "house", "removed", house, building.grid)
            await self._services.registry.take("house", house, building.grid)

    async def add_unit(self, account: Account, asked: UnitNew) -> Unit:
        """Put a new unit in."""
        self.sight.require_grid(account, "keep", asked.grid)
        if asked.building is not None:
            await self.sight.building(account, asked.building)
        facts = {**asked.model_dump(), "building": asked.building or "", **_unit_forms(asked)}
        return await self._put_unit(account, "added", Unit(unit=self._id("ut"), **facts))

    async def change_unit(self, account: Account, unit: str, asked: UnitChange) -> Unit:
        """Change what is not null."""
        async with self._turn(unit):
            was = await self.sight.unit(account, unit, "keep")
            now = was.model_copy(update={**asked.model_dump(exclude_none=True), **_unit_forms(asked)})
            return was if now == was else await self._put_unit(account, "changed", now)

    async def remove_unit(self, account: Account, unit: str) -> None:
        """Take a unit out."""
        async with self._turn(unit):
            was = await self.sight.unit(account, unit, "keep")
            await self._place_told(account, "unit", "removed", unit, was.grid)
            await self._services.registry.take("unit", unit, was.grid)

    # -- inside

    async def _write(
        self,
        account: Account,
        asked: RegistryWrite,
        what: str,
        pairs: Sequence[tuple[Household | None, Household]],
        *,
        base: int | None = None,
        second: str | None = None,
        **more: Any,
    ) -> list[Household]:
        """Have the journal told of households that become other ones, then write them; as they are then."""
        key = self._services.registry.key
        sealed = [key.seal(now) for _, now in pairs]
        was, now = pairs[0]
        late = was is not None and base is not None and base < was.seq and what != "settled"
        data = {
            **_who(account),
            "household": now.household,
            "grid": now.grid,
            "persons": len(now.living) if now.state == "here" else 0,
            "commitment": sealed[0][1],
            "base": base,
            "late": late,
            "occurred_at": self._occurred(asked),
            "offline": asked.offline,
            **more,
        }
        if second is not None:
            data[second] = sealed[1][1] if len(sealed) > 1 else None
        seq = await self._tell(f"household.note_{what}", data)
        changes = [
            Changed(each.model_copy(update={"seq": seq}), seal, what, before, late and before is was)
            for (before, each), (seal, _) in zip(pairs, sealed, strict=True)
        ]
        by = ChangedBy(account.id, account.name, self._services.clock(), f"{account.id}:{asked.id}")
        await self._services.registry.put(changes, seq, by)
        return [change.household for change in changes]

    async def _done(self, account: Account, asked: RegistryWrite) -> list[Household] | None:
        """The households as they are, where this was done already."""
        self._occurred(asked)
        ids = await self._services.registry.done(f"{account.id}:{asked.id}")
        if not ids:
            return None
        found = await self._services.registry.some(ids)
        return [found[id] for id in ids if id in found]

    def _occurred(self, asked: RegistryWrite) -> str | None:
        """Raises Refusal `invalid` for what cannot be."""
        if asked.occurred_at is None:
            return None
        now, at = self._services.clock(), from_wire(asked.occurred_at)
        if not now - OLDEST <= at <= now + AHEAD:
            raise Refusal("invalid", "this happened in the last 7 days", "occurred_at")
        return asked.occurred_at

    async def _here(self, account: Account, household: str) -> Household:
        found = await self.sight.household(account, household, "keep")
        if found.state != "here":
            raise Refusal("wrong_state", "this household is not there any more")
        return found

    async def _merged_with(self, version: Version) -> Household | None:
        """The household that was merged into another one by the entry of this version."""
        ids = await self._services.registry.at_entry(version.seq)
        found = await self._services.registry.some(each for each in ids if each != version.household)
        return next((each for each in found.values() if each.state == "merged"), None)

    async def _require_new(
        self, now: Household, was: Household | None, places: Mapping[str, str], *, though: bool
    ) -> None:
        """Raises Refusal `conflict` where somebody new has a number that is registered already; `places`: person -> field."""
        before = {each.number for each in was.persons} if was is not None else set()
        registry, seen = self._services.registry, set[str]()
        for person in now.living:
            number, place = person.number, f"{places.get(person.person, 'persons')}.number"
            if not number or number in before:
                continue
            if number in seen:
                raise Refusal("conflict", "two persons of one household have the same number", place)
            seen.add(number)
            there = [] if though else await registry.marked([registry.key.number_mark(number)], 5)
            if any(each.number == number for household in there for each in household.living):
                raise Refusal("conflict", "somebody with this number is registered already", place)

    async def _place(self, account: Account, grid: str, asked: NewPlace) -> tuple[House, int]:
        """The house that is meant, made where it is new, and its place on the walk."""
        registry = self._services.registry
        if asked.house is not None:
            house, building = await self.sight.house(account, asked.house)
        elif asked.building is not None:
            building = await self.sight.building(account, asked.building)
            house = await self._same_house(account, building, asked.label)
        else:
            if not asked.building_name:
                raise Refusal("invalid", "say which house it is, or how the building is called", "place")
            there = await registry.buildings([grid])
            known = next((each for each in there if each.name == asked.building_name), None)
            building = known or await self.add_building(
                account, BuildingNew(grid=grid, name=asked.building_name)
            )
            house = await self._same_house(account, building, asked.label)
        return house, building.walk * STEP + house.walk

    async def _same_house(self, account: Account, building: Building, label: str) -> House:
        there = await self._services.registry.houses(building.building)
        known = next((each for each in there if each.label == label), None)
        if known is not None:
            return known
        walk = max((each.walk for each in there), default=0) + 1
        made = House(house=self._id("ho"), building=building.building, label=label, walk=walk)
        return await self._put_house(account, "added", made, building.grid)

    async def _next_walk(self, grid: str) -> int:
        there = await self._services.registry.buildings([grid])
        return max((each.walk for each in there), default=0) + 1

    async def _put_building(self, account: Account, how: str, building: Building) -> Building:
        seq = await self._place_told(account, "building", how, building.building, building.grid)
        written = building.model_copy(update={"seq": seq})
        await self._services.registry.put_building(written)
        return written

    async def _put_house(self, account: Account, how: str, house: House, grid: str) -> House:
        seq = await self._place_told(account, "house", how, house.house, grid)
        written = house.model_copy(update={"seq": seq})
        await self._services.registry.put_house(written, grid)
        return written

    async def _put_unit(self, account: Account, how: str, unit: Unit) -> Unit:
        seq = await self._place_told(account, "unit", how, unit.unit, unit.grid)
        written = unit.model_copy(update={"seq": seq})
        await self._services.registry.put_unit(written)
        return written

    async def _place_told(self, account: Account, what: str, how: str, id: str, grid: str) -> int:
        data = {"what": what, "how": how, "id": id, "grid": grid, **_who(account)}
        return await self._tell("registry.note_placed", data)

    async def _tell(self, kind: str, data: Json) -> int:
        """Have the journal told; the entry's number."""
        command = Command(f"registry-{self._id('s')}", kind, None, parse_data(kind, data))
        answer = await self._services.writer.submit(command, SYSTEM_ACCOUNT)
        return answer.seq

    def _id(self, prefix: str) -> str:
        return new_id(prefix, self._services.clock())

    def _new_person(self) -> str:
        return self._id("pe")

    def _today(self) -> date:
        return self._services.clock().date()

    @asynccontextmanager
    async def _turn(self, *about: str) -> AsyncIterator[None]:
        """Nobody else writes about these meanwhile."""
        async with AsyncExitStack() as stack:
            for at in sorted({crc32(each.encode()) % _TURNS for each in about}):
                await stack.enter_async_context(self._turns[at])
            yield


def _who(account: Account) -> Json:
    return {"account": account.id, "account_name": account.name}


def _unit_forms(asked: UnitNew | UnitChange) -> Json:
    """What is personal of a unit in one form. Raises Refusal `invalid`."""
    found: Json = {}
    for name, form in (("contact", name_of), ("phone", phone_of)):
        text = getattr(asked, name)
        if text:
            try:
                found[name] = form(text)
            except NoForm:
                raise Refusal("invalid", "this cannot be", name) from None
    return found
