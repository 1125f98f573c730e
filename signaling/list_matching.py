"""Searching the registry for a list's persons, and giving their rows to the grids: beside all else, ended or taken up again.

What a search found stands beside the sealed rows (`MatchService`). It is done by a child process, which reads the database; a
hub that died in the middle goes on with what was not looked for yet. Giving out is told to the journal village by village.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.dispatch.clearings import Clearing, clearing_of
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.catalog import grids_in
from hub.grids.list_kept import ListSearch, RowMatch
from hub.grids.list_matching import Candidate, Match
from hub.ids import new_id
from hub.rules import parse_data
from hub.sheets.hits_reading import HitsReader
from signaling.clearing_rows import opened
from signaling.services import Json, Services

#: Villages that are told to the journal at the same time: their entries share a transaction, and others' go between.
AT_ONCE: Final = 8
#: Rows that are written in one transaction.
PIECE: Final = 500

log = logging.getLogger(__name__)


class ListMatcher:
    """Searches that go on, one a list."""

    def __init__(self, services: Services, piece: int = PIECE) -> None:
        self._services = services
        self._piece = piece
        self._reader = HitsReader("hub.store.match_child")
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Go on where a hub ended. A database that is away is no reason not to start."""
        try:
            for search in await self._services.lists.matches.unfinished():
                self._begin(search, self._match if search.state == "matching" else self._share)
        except Refusal as refusal:
            log.warning("searches for rows of lists do not go on: %s", refusal.message)

    async def close(self) -> None:
        """End what runs; it is taken up at the next start."""
        await self._end(self._tasks.values())

    async def search(self, account: Account, found: Clearing, scope: str) -> ListSearch:
        """Begin to look for the rows of a center, and of all below it, that no grid has yet. Raises Refusal `wrong_state`."""
        self._require_quiet(found)
        now = self._services.clock()
        rows = sum(len(numbers) for _, numbers in self._wanted(found, scope, ()))
        search = ListSearch(
            found.id,
            new_id("s", now),
            scope,
            account.id,
            account.name,
            account.center,
            "matching",
            0,
            rows,
            to_wire(now),
            None,
            None,
        )
        await self._services.lists.matches.begin(search)
        self._begin(search, self._match)
        return search

    async def share(self, account: Account, found: Clearing, scope: str) -> ListSearch:
        """Begin to give what was found to the grids. Raises Refusal `wrong_state`."""
        self._require_quiet(found)
        last = await self._services.lists.matches.search(found.id)
        if last is None:
            raise Refusal("wrong_state", "nothing was looked for yet", "clearing")
        search = replace(
            last,
            scope=scope,
            account=account.id,
            name=account.name,
            center=account.center,
            state="sharing",
            done=0,
            rows=len(self._villages(found, scope)),
            ended_at=None,
            why=None,
        )
        await self._services.lists.matches.begin(search)
        self._begin(search, self._share)
        return search

    async def stop(self, found: Clearing) -> None:
        """End what goes on about a list; what was found or given out so far stays."""
        if (task := self._tasks.get(found.id)) is None:
            return
        await self._end([task])
        if (search := await self._services.lists.matches.search(found.id)) is not None:
            await self._stands(search, "stopped", search.done, search.rows)

    def _require_quiet(self, found: Clearing) -> None:
        if found.id in self._tasks:
            raise Refusal("wrong_state", "its rows are being looked for, or given out, just now", "clearing")

    def _begin(self, search: ListSearch, work: Callable[[ListSearch], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.create_task(self._whole(search, work), name="list in grids")
        self._tasks[search.clearing] = task
        task.add_done_callback(lambda _: self._tasks.pop(search.clearing, None))

    @staticmethod
    async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
        ended = list(tasks)
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)

    async def _whole(
        self, search: ListSearch, work: Callable[[ListSearch], Coroutine[Any, Any, None]]
    ) -> None:
        try:
            await work(search)
        except Refusal as refusal:
            await self._failed(search, refusal.field or refusal.code)
        except Exception:
            log.exception("rows of a list could not be given to grids")
            await self._failed(search, "unavailable")

    async def _failed(self, search: ListSearch, why: str) -> None:
        try:
            await self._stands(search, "failed", 0, search.rows, why)
        except Refusal:
            log.warning("a search for rows of a list ended without a word: it is taken up at the next start")

    async def _stands(
        self, search: ListSearch, state: str, done: int, rows: int, why: str | None = None
    ) -> None:
        services = self._services
        at = None if state in ("matching", "sharing") else services.clock()
        await services.lists.matches.stands(search.run, state, done, rows, at, why)

    # -- looking for them

    def _villages(self, found: Clearing, scope: str) -> list[str]:
        """The centers of this one's subtree that have rows, and grids to give them to, by code."""
        state, tree = self._services.writer.state, self._services.tree
        grids = grids_in(state).of_village
        return sorted(code for code in found.holders() if code in grids and tree.contains(scope, code))

    def _wanted(self, found: Clearing, scope: str, known: Iterable[int]) -> list[tuple[str, list[int]]]:
        """Village -> its rows of which nothing is known, that no grid has, and that were not looked for yet."""
        wanted, left_out = [], set(known)
        for village in self._villages(found, scope):
            rows = [
                row
                for row in found.rows_of(village)
                if not found.at[row - 1] and not found.outcomes[row - 1] and row not in left_out
            ]
            if rows:
                wanted.append((village, rows))
        return wanted

    async def _match(self, search: ListSearch) -> None:
        services = self._services
        matches, found = services.lists.matches, self._there(search)
        wanted = self._wanted(found, search.scope, await matches.found_by(found.id, search.run))
        left = sum(len(rows) for _, rows in wanted)
        of = search.done + left
        there = await opened(services, found)
        asked: Json = {
            "url": matches.url,
            "clearing": found.id,
            "key": there.key.raw.hex(),
            "registry": services.registry.key.raw.hex(),
            "columns": there.columns,
            "today": services.clock().date().isoformat(),
            "villages": wanted,
            "piece": self._piece,
        }
        await matches.stands(search.run, "matching", search.done, of, None, None)
        done = search.done
        async with aclosing(self._reader.lines(b"", asked)) as lines:
            async for line in lines:
                rows = [_row_match(each) for each in line["found"]]
                done += len(rows)
                if not await matches.put(found.id, search.run, rows, done):
                    return
        await self._stands(search, "matched", done, done)

    def _there(self, search: ListSearch) -> Clearing:
        found = clearing_of(self._services.writer.state, search.clearing)
        if found is None:
            raise Refusal("not_found", "there is no such list, or its rows are gone")
        return found

    # -- giving them out

    async def _share(self, search: ListSearch) -> None:
        found = self._there(search)
        villages = self._villages(found, search.scope)
        done = 0
        for first in range(0, len(villages), AT_ONCE):
            some = villages[first : first + AT_ONCE]
            sure = await self._services.lists.matches.sure(found.id, some)
            await asyncio.gather(*(self._give(search, village, rows) for village, rows in sure.items()))
            done += len(some)
            await self._stands(search, "sharing", done, len(villages))
        await self._stands(search, "shared", done, done)

    async def _give(self, search: ListSearch, village: str, rows: Sequence[tuple[int, str, str]]) -> None:
        found, services = self._there(search), self._services
        grids: defaultdict[str, list[int]] = defaultdict(list)
        ways: Counter[str] = Counter()
        for row, way, grid in rows:
            if found.holder(row) == village and not found.at[row - 1] and not found.outcomes[row - 1]:
                grids[grid].append(row)
                ways[way] += 1
        if not grids:
            return
        data = {
            "clearing": found.id,
            "center": village,
            "grids": dict(grids),
            "ways": dict(ways),
            "account": search.account,
            "name": search.name,
            "by": search.center,
        }
        kind, id = "clearing.allot", new_id("s", services.clock())
        await services.writer.submit(
            Command(f"allot-{id}", kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT
        )


def _row_match(told: Sequence[Any]) -> RowMatch:
    number, center, way, grid, household, candidates = told
    alike = tuple(Candidate(home, person, score, tuple(why)) for home, person, score, why in candidates)
    return RowMatch(number, center, Match(way, grid, household, alike))
