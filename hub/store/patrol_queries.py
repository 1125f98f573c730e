"""What is read of cameras and of rounds through them. In the shapes of docs/protocol.md."""

from __future__ import annotations

from collections.abc import Collection

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.filters import (
    FindingFilter,
    RoundFilter,
)
from hub.statistics.period import Period
from hub.store.camera_entries import camera_entries
from hub.store.order_reading import (
    Json,
)
from hub.store.patrol_findings import finding_page
from hub.store.patrol_reading import (
    count_rounds,
    patrol_figures,
    read_route,
    read_routes,
    round_page,
    whole_round,
)
from hub.store.reader import Reader


class PatrolQueries(Reader):
    """Reads of patrol."""

    async def camera_entries(
        self,
        account: Account,
        tree: CenterTree,
        camera: str,
        kinds: Collection[str],
        before: int | None,
        limit: int,
    ) -> Json:
        """``{"entries", "next"}``: what tells of a camera, newest first. Who may see the camera is for the caller to check."""
        sight = self._sight(account, tree)
        return await self._read(
            lambda connection: camera_entries(connection, sight, camera, kinds, before, limit)
        )

    async def patrol_routes(self, account: Account, tree: CenterTree, center: str | None) -> list[Json]:
        """Routes that are walked, without their stops; of a center and those below it, where one is named."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: read_routes(connection, sight, center))

    async def patrol_route(self, account: Account, tree: CenterTree, route: str) -> Json | None:
        """A route with its stops; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: read_route(connection, sight, route))

    async def patrol_rounds(
        self, account: Account, tree: CenterTree, wanted: RoundFilter, since: str, limit: int = 100
    ) -> Json:
        """``{"rounds", "next", "figures"}``: the ledger, newest first, and what goes on and was missed since then."""
        sight = self._sight(account, tree)
        return await self._read(
            lambda connection: {
                **round_page(connection, sight, wanted, limit),
                "figures": patrol_figures(connection, sight, since),
            }
        )

    async def patrol_round(self, account: Account, tree: CenterTree, round: str) -> Json | None:
        """``{"round", "stops", "walks"}``; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: whole_round(connection, sight, round))

    async def patrol_findings(
        self, account: Account, tree: CenterTree, wanted: FindingFilter, limit: int
    ) -> Json:
        """``{"findings", "next"}``: what was found on rounds, newest first."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: finding_page(connection, sight, wanted, limit))

    async def patrol_counts(
        self, tree: CenterTree, top: str, period: Period
    ) -> list[tuple[str, str, dict[str, int]]]:
        """(center, hour of UTC, numbers) of rounds below a center. Who may read them is for the caller to check."""
        return await self._read(lambda connection: count_rounds(connection, tree, top, period))
