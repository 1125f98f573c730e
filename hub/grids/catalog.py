"""Grids as rules keep them: which there are, who answers for each and who walks it, and whose grids an account has.

A grid is named by its code: the 12 digits of its village and three of its own. A city has tens of thousands, so a grid is one
small value that both states of the hub share, and codes and account ids are interned.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import Any, Final

from pydantic import ConfigDict, Field

from hub.directory.accounts import Account
from hub.directory.permissions import may_grid
from hub.directory.tree import CenterTree
from hub.parts import Part
from hub.ruling import Subject
from hub.state import HubState

#: Digits of a village's code, and of a grid's.
VILLAGE_DIGITS: Final = 12
GRID_DIGITS: Final = 15
#: The last number that a grid of a village can have; the first is 1.
LAST_NUMBER: Final = 999


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid that is worked in."""

    #: 15 digits.
    grid: str
    name: str
    #: `basic`, or `dedicated`: one with nothing but a market, a school, a works.
    kind: str
    #: Account of who answers for it (网格长); None for nobody.
    leader: str | None
    #: Accounts of those who walk it (网格员), the first of them first.
    members: tuple[str, ...]
    #: How many households it is meant to have; how many are registered stands in the registry.
    planned: int

    def __deepcopy__(self, memo: object) -> Grid:
        return self

    @property
    def village(self) -> str:
        """Code of its village."""
        return village_of(self.grid)

    @property
    def people(self) -> tuple[str, ...]:
        """Its leader and its members, each once."""
        everybody = self.members if self.leader is None else (self.leader, *self.members)
        return tuple(dict.fromkeys(everybody))

    def to_wire(self) -> dict[str, Any]:
        """As entries tell of it."""
        return {
            "grid": self.grid,
            "name": self.name,
            "kind": self.kind,
            "leader": self.leader,
            "members": list(self.members),
            "planned": self.planned,
        }


class Grids(Part):
    """Every grid that is worked in, and the codes that were."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_code: dict[str, Grid] = Field(default_factory=dict)
    of_village: dict[str, list[str]] = Field(default_factory=dict)
    """Village -> codes of its grids, ascending."""
    of_account: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Account -> codes of the grids that it answers for or walks."""
    ended: set[str] = Field(default_factory=set)
    """Codes of grids that are no more; a code is never given again."""

    def put(self, grid: Grid) -> None:
        """A grid as it is from now on."""
        before = self.by_code.get(grid.grid)
        self.by_code[grid.grid] = grid
        if before is None:
            insort(self.of_village.setdefault(grid.village, []), grid.grid)
        self._assign(grid.grid, () if before is None else before.people, grid.people)

    def end(self, code: str) -> None:
        """A grid is no more."""
        before = self.by_code.pop(code, None)
        if before is None:
            return
        self.ended.add(code)
        self._assign(code, before.people, ())
        codes = self.of_village[before.village]
        del codes[bisect_left(codes, code)]
        if not codes:
            del self.of_village[before.village]

    def _assign(self, code: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
        for account in before:
            if account not in after:
                left = tuple(each for each in self.of_account[account] if each != code)
                if left:
                    self.of_account[account] = left
                else:
                    del self.of_account[account]
        for account in after:
            if account not in before:
                self.of_account[account] = (*self.of_account.get(account, ()), code)

    def free_codes(self, village: str) -> Iterator[str]:
        """Codes of the village that no grid ever had, ascending."""
        for number in range(1, LAST_NUMBER + 1):
            code = f"{village}{number:03d}"
            if code not in self.by_code and code not in self.ended:
                yield code


def village_of(grid: str) -> str:
    """Code of the village that a grid belongs to."""
    return intern(grid[:VILLAGE_DIGITS])


def grid_from(told: dict[str, Any]) -> Grid:
    """The grid that an entry tells of."""
    leader = told["leader"]
    return Grid(
        intern(told["grid"]),
        told["name"],
        intern(told["kind"]),
        None if leader is None else intern(leader),
        tuple(map(intern, told["members"])),
        told["planned"],
    )


def grids_in(state: HubState) -> Grids:
    """All grids, to look at."""
    return state.parts.read(Grids)


def grid_of(state: HubState, grid: str) -> Grid | None:
    """The grid of this code that is worked in; None for none."""
    return grids_in(state).by_code.get(grid)


def grids_of(state: HubState, account: str) -> frozenset[str]:
    """Codes of the grids that this account answers for or walks: what the relation `grid` of the permission table asks."""
    return frozenset(grids_in(state).of_account.get(account, ()))


def may_in_grid(state: HubState, account: Account, action: str, tree: CenterTree, grid: str) -> bool:
    """Whether the account may do `action` about this grid or what stands in it, there or ended.

    Raises KeyError for an unknown action.
    """
    own = grid in grids_in(state).of_account.get(account.id, ())
    return may_grid(account, action, tree, grid[:VILLAGE_DIGITS], own=own)


#: What all entries of grids are about: a restart needs every one of them.
GRIDS: Final = Subject(lambda entry: "grids", lambda state, subject: True)
