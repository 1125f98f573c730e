"""Everything that is read: plain JSON in the shapes of docs/protocol.md, and only what the account may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from hub.clock import Clock, system_clock
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.filters import EVERYTHING, ListFilter
from hub.store import meeting_reading, tables
from hub.store.database import Database
from hub.store.entry_reading import earlier_entries, later_entries
from hub.store.lists import decision_page, order_page, report_page
from hub.store.order_reading import Json, read_orders
from hub.store.projections import COMPLETED
from hub.store.search import MeetingFilter, find_meetings
from hub.store.sight import Sight

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
        self,
        account: Account,
        tree: CenterTree,
        meeting: str,
        since: int = 0,
        limit: int = 500,
        *,
        before: int | None = None,
        kind: str | None = None,
    ) -> Json:
        """``{"entries": […], "seq": newest of the meeting, "next"}``, by seq: those after `since` that the account may
        read, or with `before` the newest of those before it; `next` is the `since` or `before` of the following page.
        """
        sight = self._sight(account, tree)
        if before is not None:
            return await self._read(
                lambda connection: earlier_entries(connection, sight, meeting, before, limit, kind)
            )
        return await self._read(
            lambda connection: later_entries(connection, sight, meeting, since, limit, kind)
        )

    async def orders(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"orders": [Order…], "next": id | null}``, newest first; `next` is the `before` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: order_page(connection, sight, wanted, limit))

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
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"reports": [Report…], "next": id | null}``, as `orders`."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: report_page(connection, sight, wanted, limit))

    async def decisions(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"decisions": [Decision…], "next": id | null}``, as `orders`."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: decision_page(connection, sight, wanted, limit))

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
