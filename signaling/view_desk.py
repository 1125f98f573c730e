"""Reading views: the list of rows is fixed when a reading begins; pages, sums and files are read from it a piece at a time.

What is sealed is opened 200 rows at a time, and others have their turn in between; a page stops after an eighth of a second
and says how far it has come. Readings stand in this process's memory alone, with the files that are made of them: half an hour.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.grids.catalog import grids_in, village_of
from hub.grids.registry_notes import MAX_GRIDS, MAX_TOLD
from hub.grids.sweep_state import Sweeps
from hub.grids.view_ready import READY, Answers, answers_of
from hub.grids.view_rows import Opened, Reader, Sums, Ways, is_sealed, needs, sought
from hub.grids.view_words import head_of, sheet_of, text_of, words_of
from hub.grids.views import ViewAsks, view_for
from hub.ids import new_id
from hub.sheets.writing_child import written
from signaling.registry_desk import RegistryDesk
from signaling.schemas.view_asked import ReadingAsked, ViewFileAsked
from signaling.services import Json, Services

#: Rows opened at once, how long a page looks for its rows (seconds), and how long others have a turn.
PIECE: Final = 200
PAGE_S: Final = 0.12
PAUSE_S: Final = 0.005
#: Rows of a page, and of a file, at most.
MAX_PAGE: Final = 200
MAX_FILE_ROWS: Final = 80_000
#: Readings of one person, and of all; how long one is kept after it was last asked for.
OF_ONE: Final = 4
OF_ALL: Final = 64
KEPT: Final = timedelta(minutes=30)
#: So many are counted, or become files, at the same time; the others wait.
AT_ONCE: Final = 2
_LEVELS: Final = ("county", "township", "village")

log = logging.getLogger(__name__)


#: A household or visit, and the rows that it gives.
Found = tuple[Opened, list[Json | None]]


@dataclass
class MadeFile:
    """A file that is made of a reading, or was."""

    asked: ViewFileAsked
    state: str = "making"
    scanned: int = 0
    rows: int = 0
    why: str | None = None
    content: bytes = field(default=b"", repr=False)
    task: asyncio.Task[None] | None = field(default=None, repr=False)


@dataclass
class Reading:
    """A view as somebody reads it."""

    id: str
    account: str
    view: str | None
    asks: ViewAsks
    center: str
    full: bool
    keys: Sequence[int] = field(repr=False)
    villages: frozenset[str] = field(repr=False)
    reader: Reader = field(repr=False)
    answers: Mapping[str, Answers] = field(repr=False)
    ways: Ways = field(repr=False)
    needs: frozenset[str]
    sought: frozenset[str]
    at: datetime
    seq: int
    until: datetime
    sums: Sums | None = None
    counted: str = "counting"
    scanned: int = 0
    counting: asyncio.Task[None] | None = field(default=None, repr=False)
    file: MadeFile | None = None


class ViewDesk:
    """The readings that go on."""

    def __init__(self, services: Services, registry: RegistryDesk) -> None:
        self._services = services
        self._registry = registry
        self._by_id: dict[str, Reading] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._paging = 0

    # -- reading

    async def begin(self, account: Account, asked: ReadingAsked) -> Reading:
        """Begin to read. Raises Refusal: `not_found`, `invalid`, `forbidden` (full), `too_many`."""
        services, now = self._services, self._services.clock()
        view, asks = self._asks(account, asked)
        center = self._center(account, asked, asks)
        villages, grids = self._where(account, center, asks)
        if asked.full and not any(self._may_uncover(account, village) for village in villages):
            raise Refusal("forbidden", "what is personal is not yours to see", "full")
        seq = services.writer.state.last_seq
        self._make_room(account)
        keys = await services.views.listed(asks, grids, villages, now)
        answers, ways = self.answers(), self._ways(villages, grids)
        reading = Reading(
            id=new_id("gv", now),
            account=account.id,
            view=view,
            asks=asks,
            center=center,
            full=asked.full,
            keys=keys,
            villages=frozenset(villages),
            reader=Reader(asks, answers, ways, now),
            answers=answers,
            ways=ways,
            needs=needs(asks),
            sought=sought(asks),
            at=now,
            seq=seq,
            until=now + KEPT,
        )
        self._by_id[reading.id] = reading
        if asked.sums:
            reading.sums = Sums()
            if is_sealed(asks):
                reading.counting = asyncio.create_task(self._count(reading), name="sums of a view")
            else:
                self._summed(reading, await services.views.summed(asks, grids, villages, now))
        return reading

    def of(self, account: Account, reading: str) -> Reading:
        """Somebody's own. Raises Refusal `not_found`: it is over, or he may read there no longer."""
        found, now = self._by_id.get(reading), self._services.clock()
        if found is None or found.account != account.id or found.until < now:
            raise Refusal("not_found", "this reading is over: read the view again", "reading")
        if not may(account, "registry.read", self._services.tree, found.center):
            raise Refusal("not_found", "this reading is over: read the view again", "reading")
        found.until = now + KEPT
        return found

    async def page(self, account: Account, reading: Reading, after: int, limit: int) -> Json:
        """Rows from this place in the list on: so many, or as many as an eighth of a second gives."""
        self._paging += 1
        try:
            return await self._page(account, reading, after, limit)
        finally:
            self._paging -= 1

    async def _page(self, account: Account, reading: Reading, after: int, limit: int) -> Json:
        loop = asyncio.get_running_loop()
        until, at = loop.time() + PAGE_S, after
        rows: list[Json] = []
        shown: dict[str, set[str]] = {}
        piece = PIECE if is_sealed(reading.asks) else limit
        while at < len(reading.keys) and len(rows) < limit:
            keys = reading.keys[at : at + piece]
            at += len(keys)
            for each, persons in await self._opened(reading, keys):
                if len(rows) >= limit:
                    # the next page begins with it
                    at += keys.index(each.key) - len(keys)
                    break
                rows += self._rows(account, reading, each, persons, shown)
            if loop.time() > until:
                break
        await self._looked(account, shown)
        at = min(at, len(reading.keys))
        return {
            "rows": rows,
            "scanned": at,
            "of": len(reading.keys),
            "next": at if at < len(reading.keys) else None,
        }

    def told(self, account: Account, reading: Reading) -> Json:
        """A reading on the wire."""
        tree, sums, file = self._services.tree, reading.sums, reading.file
        return {
            "reading": reading.id,
            "asks": reading.asks.model_dump(mode="json"),
            "center": reading.center,
            "center_name": tree[reading.center].name,
            "level": tree[reading.center].level,
            "of": len(reading.keys),
            "sealed": is_sealed(reading.asks),
            "full": reading.full,
            "may_full": any(self._may_uncover(account, village) for village in reading.villages),
            "seq": reading.seq,
            "at": to_wire(reading.at),
            "sums": None
            if sums is None
            else {
                "state": reading.counted,
                "scanned": reading.scanned,
                "rows": sums.rows,
                "persons": sums.persons,
                "lines": self._lines(reading, sums),
            },
            "file": None if file is None else self._file_told(reading, file),
        }

    def answers(self) -> dict[str, Answers]:
        """What answers are called, by the forms that are ready and those of sweeps."""
        sweeps = self._services.writer.state.parts.read(Sweeps).by_id.values()
        return answers_of(sweep.form for sweep in sweeps)

    # -- files

    def make(self, account: Account, reading: Reading, asked: ViewFileAsked) -> None:
        """Begin to make a file. Raises Refusal `wrong_state`, `forbidden`."""
        if reading.file is not None and reading.file.state == "making":
            raise Refusal("wrong_state", "a file of this reading is being made")
        if reading.full and not all(self._may_uncover(account, village) for village in reading.villages):
            raise Refusal("forbidden", "what is personal is not yours to take", "full")
        if asked.what == "sums" and (reading.sums is None or reading.counted != "done"):
            raise Refusal("wrong_state", "the rows are not counted yet", "what")
        file = reading.file = MadeFile(asked)
        file.task = asyncio.create_task(self._make(account, reading, file), name="file of a view")

    def cancel(self, reading: Reading) -> None:
        """No file is made of it, and what was made is forgotten."""
        file, reading.file = reading.file, None
        if file is not None and file.task is not None:
            file.task.cancel()

    def drop(self, reading: Reading) -> None:
        """Forget a reading."""
        self.cancel(reading)
        if reading.counting is not None:
            reading.counting.cancel()
        self._by_id.pop(reading.id, None)

    async def close(self) -> None:
        """End all readings."""
        tasks = [each.counting for each in self._by_id.values() if each.counting is not None]
        tasks += [
            each.file.task
            for each in self._by_id.values()
            if each.file is not None and each.file.task is not None
        ]
        for each in list(self._by_id.values()):
            self.drop(each)
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- inside

    def _asks(self, account: Account, asked: ReadingAsked) -> tuple[str | None, ViewAsks]:
        if sum(each is not None for each in (asked.view, asked.ready, asked.asks)) != 1:
            raise Refusal("invalid", "say which view is read", "view")
        services = self._services
        if asked.view is not None:
            return asked.view, view_for(services.writer.state, account, services.tree, asked.view).asks
        if asked.asks is not None:
            return None, asked.asks
        if asked.ready is None or asked.ready not in READY:
            raise Refusal("not_found", "there is no such view", "ready")
        return None, READY[asked.ready].asks

    def _center(self, account: Account, asked: ReadingAsked, asks: ViewAsks) -> str:
        """Where one looks: of an area that reaches further than one sees, one's own part. Raises Refusal `not_found`."""
        tree = self._services.tree
        center = asked.center or asks.area or account.center
        if center in tree and asked.center is None and tree.contains(center, account.center):
            center = account.center
        if center not in tree or not may(account, "registry.read", tree, center):
            raise Refusal("not_found", "there is no such center", "center")
        return center

    def _where(self, account: Account, center: str, asks: ViewAsks) -> tuple[list[str], list[str]]:
        """Villages and grids that are looked at."""
        tree, grids = self._services.tree, grids_in(self._services.writer.state)
        villages = [
            each.code
            for each in tree.subtree(center)
            if each.level == "village" and may(account, "registry.read", tree, each.code)
        ]
        only = frozenset(asks.filters.grids)
        if only:
            named = {village_of(grid) for grid in only}
            villages = [each for each in villages if each in named]
        found = [
            code
            for village in villages
            for code in grids.of_village.get(village, ())
            if not only or code in only
        ]
        return villages, found

    def _ways(self, villages: Sequence[str], grids: Sequence[str]) -> Ways:
        tree, known = self._services.tree, grids_in(self._services.writer.state).by_code
        levels = {
            village: {step.level: step.code for step in tree.path(village) if step.level in _LEVELS}
            for village in villages
        }
        names = {code: tree[code].name for way in levels.values() for code in way.values()}
        return Ways(levels, names | {code: known[code].name for code in grids})

    def _may_uncover(self, account: Account, village: str) -> bool:
        return may(account, "registry.unmask", self._services.tree, village)

    async def _opened(self, reading: Reading, keys: Sequence[int]) -> list[Found]:
        """Households, or visits, that give rows, opened whole: first as far as it takes to say which those are."""
        if reading.sought < reading.needs and is_sealed(reading.asks):
            keys = [each.key for each, _ in await self._sought(reading, keys, reading.sought)]
        return await self._sought(reading, keys, reading.needs) if keys else []

    async def _sought(self, reading: Reading, keys: Sequence[int], needed: frozenset[str]) -> list[Found]:
        """The same, opened so far; one that moved out of what is looked at gives no row."""
        found = await self._services.views.opened(reading.asks, keys, needed, reading.at)
        there = ((each, list(reading.reader.rows(each))) for each in found)
        return [(each, rows) for each, rows in there if rows and village_of(each.grid) in reading.villages]

    def _rows(
        self,
        account: Account,
        reading: Reading,
        opened: Opened,
        persons: Sequence[Json | None],
        shown: dict[str, set[str]],
    ) -> list[Json]:
        sight = self._registry.sight
        sees = sight.may(account, "see", opened.grid)
        full = sees or (reading.full and self._may_uncover(account, village_of(opened.grid)))
        if persons and full and not sees and opened.household:
            shown.setdefault(opened.grid, set()).add(opened.household)
        return [
            {
                "household": opened.household,
                "person": None if person is None else person["person"],
                "masked": not full,
                "cells": reading.reader.cells(opened, person, full=full),
            }
            for person in persons
        ]

    async def _looked(self, account: Account, shown: Mapping[str, set[str]]) -> None:
        """Have the journal told whom somebody saw uncovered, before he does."""
        for grid, households in sorted(shown.items()):
            ids = sorted(households)
            for first in range(0, len(ids), MAX_TOLD):
                await self._registry.looked(account, "household", grid, ids[first : first + MAX_TOLD])

    async def _pieces(self, reading: Reading, *, whole: bool) -> AsyncIterator[list[Found]]:
        """All of it, a piece at a time; `whole`: to be told, else to be counted."""
        for first in range(0, len(reading.keys), PIECE):
            while self._paging:
                # who waits for a page comes before who waits for a sum
                await asyncio.sleep(PAUSE_S)
            keys = reading.keys[first : first + PIECE]
            yield await (
                self._opened(reading, keys) if whole else self._sought(reading, keys, reading.sought)
            )
            await asyncio.sleep(PAUSE_S)

    async def _count(self, reading: Reading) -> None:
        sums = reading.sums = Sums()
        try:
            async with self._turn:
                async for piece in self._pieces(reading, whole=False):
                    for opened, rows in piece:
                        for person in rows:
                            persons = 1 if person is not None else opened.counts.get("persons", 0)
                            if reading.asks.source == "visits" and opened.visit is not None:
                                persons = opened.visit["seen"]
                            sums.add(reading.reader.group(opened, person), 1, persons)
                    reading.scanned = min(reading.scanned + PIECE, len(reading.keys))
            reading.counted = "done"
        except Refusal:
            reading.counted = "failed"
        except Exception:
            log.exception("a view could not be counted")
            reading.counted = "failed"

    def _summed(self, reading: Reading, lines: Sequence[tuple[str, int, int]]) -> None:
        sums = reading.sums = Sums()
        by = reading.asks.sums or ""
        for group, rows, persons in lines:
            sums.add(reading.ways.code(by, group) if by in (*_LEVELS, "grid") else group, rows, persons)
        reading.scanned, reading.counted = len(reading.keys), "done"

    def _lines(self, reading: Reading, sums: Sums) -> list[Json]:
        by = reading.asks.sums
        if by is None:
            return []
        places = by in (*_LEVELS, "grid")
        return [
            {
                "key": group,
                "name": reading.ways.name(group)
                if places
                else words_of(by, group, reading.answers) or (group if by == "sweep" else ""),
                "rows": rows,
                "persons": persons,
            }
            for group, rows, persons in sums.lines()
        ]

    async def _make(self, account: Account, reading: Reading, file: MadeFile) -> None:
        try:
            async with self._turn:
                if file.asked.what == "sums":
                    header, rows, households = self._sum_sheet(reading, file)
                else:
                    header = sheet_of(reading.asks.columns, reading.answers, file.asked.lang)
                    rows, households = await self._all(account, reading, file)
                file.rows = len(rows)
                content = await written(file.asked.format, header, rows)
                await self._exported(account, reading, len(rows), households, file)
            file.content, file.state = content, "done"
        except Refusal as refusal:
            file.state, file.why = "failed", refusal.code if refusal.code == "too_many" else "unavailable"
        except Exception:
            log.exception("a file of a view could not be made")
            file.state, file.why = "failed", "unavailable"

    async def _all(self, account: Account, reading: Reading, file: MadeFile) -> tuple[list[list[str]], int]:
        """All rows in words, and of how many households. Raises Refusal `too_many`."""
        columns, answers, language = reading.asks.columns, reading.answers, file.asked.lang
        rows: list[list[str]] = []
        households: set[str] = set()
        async for piece in self._pieces(reading, whole=True):
            for opened, persons in piece:
                told = self._rows(account, reading, opened, persons, {})
                if told:
                    households.add(opened.household)
                rows += [
                    [
                        text_of(column, cell, answers, language)
                        for column, cell in zip(columns, each["cells"], strict=True)
                    ]
                    for each in told
                ]
            file.scanned = min(file.scanned + PIECE, len(reading.keys))
            file.rows = len(rows)
            if len(rows) > MAX_FILE_ROWS:
                raise Refusal("too_many", f"a file has at most {MAX_FILE_ROWS} rows")
        return rows, len(households)

    def _sum_sheet(self, reading: Reading, file: MadeFile) -> tuple[list[str], list[list[str]], int]:
        sums, by, language = reading.sums or Sums(), reading.asks.sums, file.asked.lang
        zh = language == "zh"
        rows = [
            [
                line["name"] or text_of(by or "", line["key"], reading.answers, language),
                str(line["rows"]),
                str(line["persons"]),
            ]
            for line in self._lines(reading, sums)
        ]
        rows.append(["合计" if zh else "total", str(sums.rows), str(sums.persons)])
        file.scanned = len(reading.keys)
        what = head_of(by, reading.answers, language) if by else ""
        return [what, "行数" if zh else "rows", "人数" if zh else "persons"], rows, 0

    async def _exported(
        self, account: Account, reading: Reading, rows: int, households: int, file: MadeFile
    ) -> None:
        grids = sorted({*reading.asks.filters.grids})
        told = {
            "center": reading.center,
            "grids": grids if len(grids) <= MAX_GRIDS else [],
            "households": households,
            "persons": rows if reading.asks.source == "persons" and file.asked.what == "rows" else 0,
            "masked": not reading.full,
            "view": reading.view,
            "rows": rows,
        }
        await self._registry.exported(account, told)

    def _file_told(self, reading: Reading, file: MadeFile) -> Json:
        return {
            "state": file.state,
            "what": file.asked.what,
            "format": file.asked.format,
            "scanned": file.scanned,
            "rows": file.rows,
            "why": file.why,
            "until": to_wire(reading.until) if file.state == "done" else None,
        }

    def _make_room(self, account: Account) -> None:
        """Readings that are over go; so does the oldest of somebody who has many. Raises Refusal `too_many`."""
        now = self._services.clock()
        for each in [each for each in self._by_id.values() if each.until < now]:
            self.drop(each)
        own = [each for each in self._by_id.values() if each.account == account.id]
        idle = [each for each in own if each.file is None or each.file.state != "making"]
        if len(own) >= OF_ONE:
            if not idle:
                raise Refusal("too_many", "wait until one of your files is made")
            self.drop(min(idle, key=lambda each: each.until))
        if len(self._by_id) >= OF_ALL:
            self.drop(min(self._by_id.values(), key=lambda each: each.until))
