"""All that a phone of a grid member holds, in one transaction: tens of thousands of them ask at the same hour."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from hub.directory.accounts import STATION, Account
from hub.directory.tree import CenterTree
from hub.grids.phone_work import Json, PhoneWork, WorkWanted
from hub.grids.touched import Touched
from hub.store.clearing_rows import own_clearings
from hub.store.database import Database
from hub.store.errand_reading import errands_of, words_of
from hub.store.grid_task_rows import tasks_of_grids
from hub.store.order_reading import asked_of, open_orders
from hub.store.registry_store import RegistryStore
from hub.store.sight import Sight
from hub.store.sweep_store import SweepStore, doors_of, rows_of_grids, said_at
from hub.store.visit_reading import corrections_of, visits_by


class WorkStore:
    """Reads what several stores keep. What it costs depends on the grids alone, however large the city is."""

    def __init__(self, database: Database, registry: RegistryStore, sweeps: SweepStore) -> None:
        self._database = database
        self._registry = registry
        self._sweeps = sweeps

    @property
    def touched(self) -> Touched:
        """Where something changed that phones hold."""
        return self._registry.touched

    async def read(self, wanted: WorkWanted, tree: CenterTree) -> PhoneWork:
        """What there is of some grids, and of what an account said. Who may read it the caller checks.

        Raises Refusal `unavailable`.
        """
        grids = wanted.grids

        def work(connection: sa.Connection) -> PhoneWork:
            cards = self._registry.cards_of(connection, grids)
            errands = errands_of(connection, grids, wanted.errands_since)
            homes = [each["household"] for each in cards]
            there = set(homes)
            visits = visits_by(connection, wanted.account, wanted.day_begins)
            own = [each for each in visits if each["household"] in there]
            fixes = corrections_of(connection, [each["seq"] for each in own])
            said = [each["seq"] for each in own] + [one["seq"] for each in fixes.values() for one in each]
            return PhoneWork(
                cards=cards,
                rows=rows_of_grids(connection, wanted.sweeps, grids),
                known=self._sweeps.known_of(connection, homes),
                errands=errands,
                errand_words=words_of(connection, [each["errand"] for each in errands]),
                tasks=tasks_of_grids(connection, grids, wanted.errands_since),
                orders=_orders(connection, wanted.villages, tree),
                lists={each: own_clearings(connection, each) for each in wanted.villages},
                doors=doors_of(connection, homes),
                own=own,
                fixes=fixes,
                said=said_at(connection, said),
            )

        return await self._database.read(work) if grids else PhoneWork()


def _orders(
    connection: sa.Connection, villages: Collection[str], tree: CenterTree
) -> dict[str, Sequence[Json]]:
    found: dict[str, Sequence[Json]] = {}
    for village in asked_of(connection, villages):
        reader = Account("", "", "", STATION, village)
        found[village] = open_orders(connection, Sight(reader, tree, connection.dialect.name), village)
    return found
