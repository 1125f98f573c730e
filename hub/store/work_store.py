"""All that a phone of a grid member holds, in one transaction: tens of thousands of them ask at the same hour."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from hub.directory.accounts import STATION, Account
from hub.directory.tree import CenterTree
from hub.grids.phone_work import Json, PhoneWork
from hub.grids.touched import Touched
from hub.store.clearing_rows import own_clearings
from hub.store.database import Database
from hub.store.errand_reading import errands_of, words_of
from hub.store.grid_task_rows import tasks_of_grids
from hub.store.order_reading import asked_of, open_orders
from hub.store.registry_store import RegistryStore
from hub.store.sight import Sight
from hub.store.sweep_store import SweepStore, rows_of_grids


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

    async def read(
        self,
        grids: Collection[str],
        villages: Collection[str],
        sweeps: Collection[str],
        since: str,
        tree: CenterTree,
    ) -> PhoneWork:
        """What there is of these grids, of their rows in these sweeps, and of the villages; errands and tasks since a moment.

        Who may read it is for the caller to check. Raises Refusal `unavailable`.
        """

        def work(connection: sa.Connection) -> PhoneWork:
            cards = self._registry.cards_of(connection, grids)
            errands = errands_of(connection, grids, since)
            return PhoneWork(
                cards,
                rows_of_grids(connection, sweeps, grids),
                self._sweeps.known_of(connection, [each.household for each in cards]),
                errands,
                words_of(connection, [each["errand"] for each in errands]),
                tasks_of_grids(connection, grids, since),
                _orders(connection, villages, tree),
                {each: own_clearings(connection, each) for each in villages},
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
