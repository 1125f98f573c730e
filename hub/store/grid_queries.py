"""What is read of grids: sweeps, visits, errands, what orders ask of them. In the shapes of docs/protocol.md."""

from __future__ import annotations

from collections.abc import Collection

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.filters import (
    ErrandFilter,
    GridFilter,
)
from hub.store.errand_reading import errand_page, errand_row, errand_sums
from hub.store.grid_reading import (
    grid_imports,
    grid_page,
    own_grids,
    village_counts,
    whole_grid,
)
from hub.store.grid_task_rows import tasks_of_order
from hub.store.order_reading import (
    Json,
)
from hub.store.reader import Reader
from hub.store.sweep_reading import (
    grid_sums,
    read_sweep,
    read_sweep_board,
    sweep_page,
    visit_days,
    visits_of,
)
from hub.store.visit_reading import corrections_of, seen_since, walked


class GridQueries(Reader):
    """Reads of grids and of those who walk them."""

    async def sweeps(
        self, account: Account, tree: CenterTree, state: str | None, before: str | None, limit: int
    ) -> Json:
        """``{"sweeps": [Sweep…], "next": id | null}``, newest first."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: sweep_page(connection, sight, state, before, limit))

    async def sweep(self, account: Account, tree: CenterTree, sweep: str) -> Json | None:
        """A sweep in the numbers that the account may read; None when it does not exist for it."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: read_sweep(connection, sight, sweep))

    async def sweep_board(
        self, account: Account, tree: CenterTree, sweep: str
    ) -> tuple[Json, list[Json]] | None:
        """The same with ``{center, first, rows, persons, met, …}`` of each of its villages that the account may read."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: read_sweep_board(connection, sight, sweep))

    async def sweep_grids(
        self, sweep: str, first: int, last: int, grids: Collection[str] | None
    ) -> list[Json]:
        """The same by grid, over the rows of these numbers. Who may read them is for the caller to check."""
        return await self._read(lambda connection: grid_sums(connection, sweep, first, last, grids))

    async def visits(self, sweep: str | None, row: int | None, household: str | None) -> list[Json]:
        """Visits of a row, or of a household, newest first. Who may read them is for the caller to check."""
        return await self._read(lambda connection: visits_of(connection, sweep, row, household))

    async def corrections_of(self, seqs: Collection[int]) -> dict[int, list[Json]]:
        """Entry of a visit -> what was put right of it, the oldest first. Who may read the visit is for the caller to check."""
        return await self._read(lambda connection: corrections_of(connection, seqs))

    async def walked(self, accounts: Collection[str], grids: Collection[str], since: str) -> list[Json]:
        """How far these accounts have come in these grids since then. Who may read it is for the caller to check."""
        return await self._read(lambda connection: walked(connection, accounts, grids, since))

    async def phones_seen(self, accounts: Collection[str], since: str) -> list[str]:
        """Those of these of whose phones something was heard since then. Whom to tell of which is for the caller to check."""
        return await self._read(lambda connection: seen_since(connection, accounts, since))

    async def errands(
        self, account: Account, tree: CenterTree, wanted: ErrandFilter, limit: int
    ) -> tuple[list[Json], int | None]:
        """Errands that are seen, newest first, and the `before` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: errand_page(connection, sight, wanted, limit))

    async def errand(self, errand: str) -> Json | None:
        """One errand. Who may read it is for the caller to check."""
        return await self._read(lambda connection: errand_row(connection, errand))

    async def errand_sums(
        self, account: Account, tree: CenterTree, now: str, since: str, by: str
    ) -> list[Json]:
        """Errands that are seen in numbers, by `center` (the village) or `grid`, and kind."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: errand_sums(connection, sight, now, since, by))

    async def grid_tasks(self, account: Account, tree: CenterTree, order: str) -> list[Json]:
        """Where an order is in grids that are seen."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: tasks_of_order(connection, sight, order))

    async def visit_days(self, since: str, until: str) -> list[Json]:
        """Sums of days by village. Who may read which is for the caller to check."""
        return await self._read(lambda connection: visit_days(connection, since, until))

    async def grids(self, account: Account, tree: CenterTree, wanted: GridFilter, limit: int = 100) -> Json:
        """``{"grids", "next"}``, by code; `next` is the `after` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: grid_page(connection, sight, wanted, limit))

    async def grid_imports(self, account: Account, tree: CenterTree, since: str) -> list[Json]:
        """Lists that brought grids, or gave them other people, since then, the newest first."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: grid_imports(connection, sight, since))

    async def own_grids(self, account: str) -> list[Json]:
        """The grids that an account answers for or walks."""
        return await self._read(lambda connection: own_grids(connection, account))

    async def grid(self, account: Account, tree: CenterTree, grid: str) -> Json | None:
        """``{"grid", "history"}``; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: whole_grid(connection, sight, grid))

    async def grid_counts(self, account: Account, tree: CenterTree, parent: str) -> dict[str, Json]:
        """Village -> numbers of its grids, below a center. Who may read them is for the caller to check."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: village_counts(connection, sight, parent))
