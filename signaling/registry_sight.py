"""What of the registry somebody may see, and how: whole in the own grids, covered everywhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.grids.catalog import grids_in, may_in_grid, village_of
from hub.grids.registry import (
    Building,
    Counts,
    House,
    Household,
    HouseholdCard,
    Person,
    Unit,
    Version,
)
from hub.grids.registry_forms import masked_label, masked_name, masked_number, masked_phone
from signaling.services import Json, Services

#: What a page is told that it may do about a household, of the actions `registry.…`.
CAN: Final = ("see", "unmask", "keep", "settle")


class RegistrySight:
    """The registry as somebody sees it. What may not be seen is `not_found`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def may(self, account: Account, action: str, grid: str) -> bool:
        """Whether the account may do this (`read`, `see`, `unmask`, `keep`, `settle`, `bring`) about what stands in a grid."""
        services = self._services
        return may_in_grid(services.writer.state, account, f"registry.{action}", services.tree, grid)

    def require(
        self, account: Account, action: str, grid: str, field: str | None = None, what: str = "household"
    ) -> None:
        """Raises Refusal: `not_found` for what may not be seen, `forbidden` for what may not be done about it.

        `what` it is about: who may not see it is answered word for word as if it had never been there.
        """
        if not self.may(account, "read", grid):
            raise missing(what, field)
        if not self.may(account, action, grid):
            raise Refusal("forbidden", "this is not yours to do", field)

    def require_grid(self, account: Account, action: str, grid: str, field: str = "grid") -> None:
        """The same, and the grid is one that is worked in."""
        if grid not in grids_in(self._services.writer.state).by_code:
            raise missing("grid", field)
        self.require(account, action, grid, field, "grid")

    async def household(self, account: Account, household: str, action: str = "read") -> Household:
        """The household, if the account may do this about it."""
        found = await self._services.registry.get(household)
        if found is None:
            raise missing("household")
        self.require(account, action, found.grid)
        return found

    async def building(self, account: Account, building: str, action: str = "read") -> Building:
        """The building, if the account may do this about what stands in its grid, or in a grid of those who live in it."""
        found = await self._services.registry.building(building)
        if found is None:
            raise missing("building", "building")
        self.require(account, action, found.grid, "building", "building")
        return found

    async def house(self, account: Account, house: str, action: str = "read") -> tuple[House, Building]:
        """The house and its building, if the account may do this about it."""
        found = await self._services.registry.house(house)
        building = None if found is None else await self._services.registry.building(found.building)
        if found is None or building is None:
            raise missing("house", "house")
        self.require(account, action, building.grid, "house", "house")
        return found, building

    async def unit(self, account: Account, unit: str, action: str = "read") -> Unit:
        """The unit, if the account may do this about it."""
        found = await self._services.registry.unit(unit)
        if found is None:
            raise missing("unit")
        self.require(account, action, found.grid, what="unit")
        return found

    def grids_in_sight(self, account: Account, center: str | None, grid: str | None) -> list[str]:
        """Codes of the grids that are asked for, as far as the account sees them. Raises Refusal `not_found`."""
        grids = grids_in(self._services.writer.state)
        if grid is not None:
            self.require(account, "read", grid, "grid", "grid")
            return [grid]
        village = center or account.center
        found = [code for code in grids.of_village.get(village, ()) if self.may(account, "read", code)]
        if not found and not self.may(account, "read", f"{village}000"):
            raise Refusal("not_found", "there is no such center", "center")
        return found

    # -- as it goes over the wire

    async def seen(
        self, account: Account, households: Sequence[Household], *, full: bool | None = None
    ) -> list[Json]:
        """Households as the account sees them; `full`: unmasked, since the journal was told; False: masked anyway."""
        registry = self._services.registry
        cards = {card.household: card for card in await registry.cards(households)}
        grids = {each.grid for each in households}
        open_ = await registry.unsettled(grids, None, 500) if grids else []
        late: dict[str, list[int]] = {}
        for version in open_:
            late.setdefault(version.household, []).append(version.seq)
        return [
            self._seen(account, each, cards[each.household], late.get(each.household, []), full=full)
            for each in households
        ]

    def _seen(
        self,
        account: Account,
        household: Household,
        card: HouseholdCard,
        late: list[int],
        *,
        full: bool | None,
    ) -> Json:
        services = self._services
        can = [word for word in CAN if self.may(account, word, household.grid)]
        whole = "see" in can if full is None else full
        village = village_of(household.grid)
        grid = grids_in(services.writer.state).by_code.get(household.grid)
        plain = ("household", "grid", "building", "house", "walk", "kind", "state", "seq")
        return {
            **{name: getattr(household, name) for name in plain},
            "grid_name": grid.name if grid is not None else household.grid[-3:],
            "center": village,
            "center_name": services.tree[village].name if village in services.tree else "",
            "place": card.place if whole else [*card.place[:1], *map(masked_label, card.place[1:])],
            "note": household.note if whole else "",
            "persons": [person_seen(each, full=whole) for each in household.persons],
            "masked": not whole,
            "late": late,
            "can": can,
        }

    async def versions(
        self, account: Account, versions: Iterable[Version], *, full: bool | None = None
    ) -> list[Json]:
        """What became of a household, as the account sees it."""
        told = list(versions)
        before = [each.was for each in told if each.was is not None]
        seen = iter(await self.seen(account, before, full=full))
        plain = ("seq", "at", "account", "name", "what", "late", "settled")
        return [
            {
                **{name: getattr(each, name) for name in plain},
                "was": None if each.was is None else next(seen),
            }
            for each in told
        ]

    def house_seen(self, account: Account, house: House, grid: str) -> Json:
        """A house as the account sees it."""
        whole = self.may(account, "see", grid)
        return {**house.model_dump(), "label": house.label if whole else masked_label(house.label)}

    def unit_seen(self, account: Account, unit: Unit, *, full: bool = False) -> Json:
        """A unit as the account sees it."""
        whole = full or self.may(account, "see", unit.grid)
        told = unit.model_dump()
        if not whole:
            told |= {
                "contact": masked_name(unit.contact),
                "phone": masked_phone(unit.phone),
                "note": "",
            }
        can = [word for word in CAN if self.may(account, word, unit.grid)]
        return {**told, "masked": not whole, "can": can}

    async def buildings(self, account: Account, grids: Collection[str]) -> list[Json]:
        """The buildings of these grids with how much of it is in each."""
        registry = self._services.registry
        return [self._building(account, each, there) for each, there in await registry.filled(grids)]

    def _building(self, account: Account, building: Building, there: Counts) -> Json:
        grid = grids_in(self._services.writer.state).by_code.get(building.grid)
        return {
            **building.model_dump(),
            "grid_name": grid.name if grid is not None else building.grid[-3:],
            "houses": there.houses,
            "households": there.households,
            "persons": there.persons,
            "can": [word for word in CAN if self.may(account, word, building.grid)],
        }


def missing(what: str, field: str | None = None) -> Refusal:
    """What is not there, or not for who asks."""
    return Refusal("not_found", f"there is no such {what}", field)


def person_seen(person: Person, *, full: bool) -> Json:
    """A person on the wire."""
    told = {**person.model_dump(), "left_at": person.left_at or None}
    if full:
        return told
    return told | {
        "name": masked_name(person.name),
        "number": masked_number(person.number),
        "phone": masked_phone(person.phone),
        "birth": person.birth[:4],
        "note": "",
    }
