"""A household that stands in the registry, with a change that has to be settled and a list that was brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.grids.registry import Building, ChangedBy, Household, HouseholdChange
from tests.support.edge import Edge
from tests.support.journal import command

HOUSEHOLD, BUILDING, BATCH = ("hh_" + "0" * 18, "bd_" + "0" * 18, "rb_" + "0" * 18)


async def registered(edge: Edge, grid: str, center: str, account: str, at: datetime) -> None:
    """Put them there: the household into this grid, the list as brought by this account of this center."""
    registry = edge.services.registry
    await registry.put_building(Building(building=BUILDING, grid=grid, name="3栋", seq=1))
    first = Household(household=HOUSEHOLD, grid=grid, building=BUILDING, house="ho_" + "0" * 18, walk=1)
    was: Household | None = None
    for seq in (1, 2):
        now = first.model_copy(update={"seq": seq})
        change = HouseholdChange(now, registry.key.seal(now)[0], "changed", was, late=seq == 2)
        await registry.put([change], seq, ChangedBy(account, "某", at, f"{account}:{seq}"))
        was = now
    counts: dict[str, Any] = {"households": 0, "persons": 0, "buildings": 0, "left_out": 0, "grids": [grid]}
    await registry.batches.begin(BATCH, center, account, "某")
    await registry.batches.count(BATCH, counts)
    told: dict[str, Any] = {"account": account, "account_name": "某", "batch": BATCH, "center": center}
    note = command("registry.note_imported", **told, **counts, commitment="0" * 64)
    await edge.writer.submit(note, SYSTEM_ACCOUNT)
