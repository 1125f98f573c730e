"""Two villages with three grids, their people and households, and sweeps through them, over a real edge."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from hub.clock import system_clock, to_wire
from hub.directory.accounts import GRID_LEADER, GRID_MEMBER
from hub.grids.sweep_ready import READY
from hub.store.registry_made import write_made
from tests.support.edge import Edge, Person
from tests.support.rules import CITY, OTHER_VILLAGE, VILLAGE

G1: Final = f"{VILLAGE}001"
G2: Final = f"{VILLAGE}002"
ELSEWHERE: Final = f"{OTHER_VILLAGE}001"
#: Made up, and found nowhere else: what must stand nowhere in the open.
WORDS: Final = "标记己说孩子从外地回来"
FORM: Final = [each.model_dump(mode="json") for each in READY["fever"].form]
#: How many households each grid has.
HOUSEHOLDS: Final = ((G1, 6), (G2, 5), (ELSEWHERE, 7))


class City:
    """Two villages with three grids, their people, and a sweep."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self._serial = 0

    async def begin(self) -> None:
        edge = self.edge
        self.desk = await edge.known_person("dispatcher", CITY)
        self.village = await edge.known_person("dispatcher", VILLAGE)
        self.leader = await edge.known_person(GRID_LEADER, VILLAGE)
        self.one = await edge.known_person(GRID_MEMBER, VILLAGE)
        self.two = await edge.known_person(GRID_MEMBER, VILLAGE)
        self.other = await edge.known_person(GRID_MEMBER, OTHER_VILLAGE)
        people = [self.one.account.id, self.two.account.id]
        grids = [
            {"grid": G1, "name": "一组", "leader": self.leader.account.id, "members": people},
            {"grid": G2, "name": "二组", "leader": self.leader.account.id, "members": people[1:]},
        ]
        await self.desk.command("grid.make", village=VILLAGE, grids=grids)
        await self.desk.command(
            "grid.make",
            village=OTHER_VILLAGE,
            grids=[{"grid": ELSEWHERE, "name": "长岭一组", "members": [self.other.account.id]}],
        )
        await asyncio.to_thread(write_made, edge.database, edge.services.registry.key, HOUSEHOLDS, 3)

    async def open(self, **more: Any) -> str:
        """A sweep of the city; its id."""
        self._serial += 1
        asked = {
            "id": f"open{self._serial}",
            "title": "发热排查",
            "sort": "blanket",
            "center": CITY,
            "form": FORM,
        }
        return str((await post(self.desk, "/api/v1/sweeps", {**asked, **more}, 201))["sweep"])

    async def visit(
        self, who: Person, sweep: str, row: int, outcome: str = "met", **more: Any
    ) -> dict[str, Any]:
        """What became of one visit."""
        self._serial += 1
        visit = {
            "id": f"v{self._serial}",
            "sweep": sweep,
            "row": row,
            "outcome": outcome,
            "occurred_at": to_wire(system_clock()),
            **more,
        }
        (found,) = (await post(who, "/api/v1/visits", {"visits": [visit]}))["results"]
        return dict(found)


async def post(person: Person, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    async with person.http.post(path, json=body) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == status, found
        return found
