"""Grids in tests of rules: a village's people, and grids made of them."""

from __future__ import annotations

from typing import Any

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.grids.catalog import Grid, grids_in
from hub.people import Accounts
from tests.support.rules import TOWN, VILLAGE, World, account

#: Who keeps the grids of the town's villages.
KEEPER = account("dispatcher", TOWN)


def person(world: World, role: str = "grid_member", center: str = VILLAGE) -> Account:
    """An account of the world's directory."""
    name = f"{role}{len(world.entries)}"
    new = {"username": name, "name": f"{name}某", "role": role, "center": center}
    (entry,) = world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
    return world.state.parts.read(Accounts).by_id[entry.data["accounts"][0]["account"]]


def grid(world: World, *members: Account, leader: Account | None = None, **more: Any) -> Grid:
    """A grid that was just made in the village of its people, or in VILLAGE."""
    people = [*members, *([] if leader is None else [leader])]
    village = people[0].center if people else VILLAGE
    facts = {
        "name": f"网格{len(world.entries)}",
        "leader": None if leader is None else leader.id,
        "members": [each.id for each in members],
        **more,
    }
    (entry,) = world.do(KEEPER, "grid.make", village=village, grids=[facts])
    return grids_in(world.state).by_code[entry.data["grids"][0]["grid"]]
