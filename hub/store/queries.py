"""Everything that is read: plain JSON in the shapes of docs/protocol.md, and only what the account may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from hub.clock import Clock, system_clock
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.state import TARGET_STATES
from hub.store import meeting_reading, tables
from hub.store.database import Database
from hub.store.order_reading import Json, read_decisions, read_orders, read_reports, slowest_step
from hub.store.projections import COMPLETED
from hub.store.search import MeetingFilter, find_meetings
from hub.store.sight import Condition, Sight

T = TypeVar("T")


class Queries:
    """The reading side of the journal. Each call reads one consistent, committed state."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def _sight(self, account: Account, tree: CenterTree) -> Sight:
        return Sight(account, tree, self._database.engine.dialect.name)

    async def _read(self, work: Callable[[sa.Connection], T]) -> T:
        return await self._database.read(work)

    async def meetings(
        self,
        account: Account,
        tree: CenterTree,
        *,
        state: str | None = None,
        text: str | None = None,
        since: str | None = None,
        until: str | None = None,
        center: str | None = None,
        limit: int = 50,
        before: str | None = None,
    ) -> Json:
        """``{"meetings": [Summary…], "next": id | null}``, newest first. `text` searches, `since`/`until` are times."""
        sight = self._sight(account, tree)
        wanted = MeetingFilter(state, text, since, until, center, before)
        return await self._read(lambda connection: find_meetings(connection, sight, wanted, limit))

    async def meeting_snapshot(self, account: Account, tree: CenterTree, meeting: str) -> Json | None:
        """The Snapshot of a meeting; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: meeting_reading.snapshot(connection, sight, meeting))

    async def is_removed(self, account: Account, tree: CenterTree, meeting: str) -> bool:
        """Whether this account was removed from the meeting, running or ended."""
        query = self._sight(account, tree).removed_from().where(tables.participants.c.meeting == meeting)
        return await self._read(lambda connection: connection.execute(query).first() is not None)

    async def entries(
        self, account: Account, tree: CenterTree, meeting: str, since: int = 0, limit: int = 500
    ) -> Json:
        """``{"entries": […], "seq": newest of the meeting}``: those after `since` that the account may read."""
        sight = self._sight(account, tree)
        return await self._read(
            lambda connection: meeting_reading.meeting_entries(connection, sight, meeting, since, limit)
        )

    async def orders(
        self,
        account: Account,
        tree: CenterTree,
        *,
        meeting: str | None = None,
        state: str | None = None,
        center: str | None = None,
        limit: int = 100,
    ) -> list[Json]:
        """Orders, newest first; `center` is the issuer's or a target's, or one above it."""
        sight = self._sight(account, tree)
        orders, targets = tables.orders.c, tables.order_targets.c
        wanted: list[Condition] = []
        if meeting is not None:
            wanted.append(orders.meeting == meeting)
        if state is not None:
            steps: list[str] = list(TARGET_STATES)
            wanted.append(sa.literal(steps.index(state)).__eq__(slowest_step(sight)))
        if center is not None:
            aimed = sa.select(targets.order_id).where(sight.below(targets.center, center))
            wanted.append(sa.or_(sight.below(orders.issuer_center, center), orders.id.in_(aimed)))
        return await self._read(lambda connection: read_orders(connection, sight, *wanted, limit=limit))

    async def open_orders(self, account: Account, tree: CenterTree, limit: int = 500) -> list[Json]:
        """The orders to the account's own center that it has not completed, newest first, with its own row alone."""
        sight = self._sight(account, tree)
        targets = tables.order_targets.c
        center = account.center
        own = sa.select(targets.order_id).where(targets.center == center, targets.step < COMPLETED)
        wanted = tables.orders.c.id.in_(own)
        return await self._read(
            lambda connection: read_orders(connection, sight, wanted, limit=limit, target=center)
        )

    async def reports(
        self,
        account: Account,
        tree: CenterTree,
        *,
        meeting: str | None = None,
        center: str | None = None,
        limit: int = 100,
    ) -> list[Json]:
        """Reports, newest first; `center` is the one that reported, or one above it."""
        sight = self._sight(account, tree)
        reports = tables.reports.c
        wanted: list[Condition] = []
        if meeting is not None:
            wanted.append(reports.meeting == meeting)
        if center is not None:
            wanted.append(sight.below(reports.center, center))
        return await self._read(lambda connection: read_reports(connection, sight, *wanted, limit=limit))

    async def decisions(
        self, account: Account, tree: CenterTree, *, meeting: str | None = None, limit: int = 100
    ) -> list[Json]:
        """Decisions, newest first."""
        sight = self._sight(account, tree)
        wanted = [] if meeting is None else [tables.decisions.c.meeting == meeting]
        return await self._read(lambda connection: read_decisions(connection, sight, *wanted, limit=limit))

    async def recordings(self, meeting: str) -> list[Json]:
        """The recordings of a meeting with their parts. Who may see the meeting is for the caller to check."""
        return await self._read(
            lambda connection: meeting_reading.recordings(connection, meeting, self._clock())
        )

    async def part(self, recording: str, part: str) -> Json | None:
        """One Part, with `meeting` and `file` besides; who may see the meeting is for the caller to check."""
        return await self._read(
            lambda connection: meeting_reading.part(connection, recording, part, self._clock())
        )
