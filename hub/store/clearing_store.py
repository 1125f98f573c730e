"""The sealed rows of lists of people, as the database keeps them: written a piece at a time, read by number. No key is here."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.clock import to_wire
from hub.store.database import Database
from hub.store.sight import among
from hub.store.tables import clearing_keys, clearing_results, clearing_rows, clearing_words, clearings


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row as it is kept, what came of it, and what was written about it, sealed."""

    number: int
    sealed: str
    mark: str | None
    trouble: str | None
    at: str | None
    words: str | None


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Another row about the same person."""

    mark: str
    clearing: str
    number: int


class ClearingStore:
    """Keys, rows and words of lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self, clearing: str, sealed_key: str, columns: Sequence[Mapping[str, str]], at: datetime
    ) -> None:
        """A list is about to come."""
        row = {"clearing": clearing, "sealed": sealed_key, "columns": json.dumps(columns, ensure_ascii=False)}
        await self._database.write(
            lambda connection: connection.execute(clearing_keys.insert(), {**row, "at": to_wire(at)})
        )

    async def add(self, clearing: str, rows: Sequence[tuple[int, str, str | None]]) -> None:
        """Some of its rows: number, sealed, mark."""
        values = [
            {"clearing": clearing, "number": number, "sealed": sealed, "mark": mark}
            for number, sealed, mark in rows
        ]
        await self._database.write(lambda connection: connection.execute(clearing_rows.insert(), values))

    async def forget(self, clearing: str) -> None:
        """Nothing of this list is kept."""

        def work(connection: sa.Connection) -> None:
            for table in (clearing_keys, clearing_rows, clearing_words):
                connection.execute(table.delete().where(table.c.clearing == clearing))

        await self._database.write(work)

    async def unknown(self) -> list[str]:
        """Lists that have a key and of which no entry tells: a hub died while they came."""
        query = sa.select(clearing_keys.c.clearing).where(
            clearing_keys.c.clearing.not_in(sa.select(clearings.c.id))
        )
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def key(self, clearing: str) -> tuple[str, list[dict[str, str]]] | None:
        """The sealed key and the columns of a list; None once it is gone."""
        query = sa.select(clearing_keys).where(clearing_keys.c.clearing == clearing)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else (row.sealed, json.loads(row.columns))

    async def rows(self, clearing: str, numbers: Collection[int]) -> list[KeptRow]:
        """The rows of these numbers that are there, ascending."""
        rows, results, words = clearing_rows.c, clearing_results.c, clearing_words.c
        query = (
            sa.select(
                rows.number, rows.sealed, rows.mark, results.trouble, results.at, words.sealed.label("words")
            )
            .select_from(
                clearing_rows.outerjoin(
                    clearing_results,
                    sa.and_(results.clearing == rows.clearing, results.number == rows.number),
                ).outerjoin(
                    clearing_words, sa.and_(words.clearing == rows.clearing, words.number == rows.number)
                )
            )
            .where(rows.clearing == clearing, rows.number.in_(sorted(numbers)))
            .order_by(rows.number)
        )
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [KeptRow(row.number, row.sealed, row.mark, row.trouble, row.at, row.words) for row in found]

    async def same(self, marks: Collection[str]) -> list[SamePerson]:
        """All rows with one of these marks, of whatever list."""
        if not marks:
            return []
        rows = clearing_rows.c

        def work(connection: sa.Connection) -> Any:
            query = sa.select(rows.mark, rows.clearing, rows.number).where(
                among(rows.mark, sorted(marks), connection.dialect.name)
            )
            return connection.execute(query.order_by(rows.clearing, rows.number)).all()

        return [SamePerson(row.mark, row.clearing, row.number) for row in await self._database.read(work)]

    async def put_words(self, clearing: str, words: Mapping[int, str | None]) -> None:
        """What was written about rows, sealed, in place of what was written before; None: nothing."""
        table = clearing_words

        def work(connection: sa.Connection) -> None:
            there = sa.and_(table.c.clearing == clearing, table.c.number.in_(sorted(words)))
            connection.execute(table.delete().where(there))
            new = [
                {"clearing": clearing, "number": number, "sealed": sealed}
                for number, sealed in words.items()
                if sealed is not None
            ]
            # A list that was taken back meanwhile keeps nothing.
            kept = sa.select(clearing_keys.c.clearing).where(clearing_keys.c.clearing == clearing)
            if new and connection.execute(kept).first() is not None:
                connection.execute(table.insert(), new)

        await self._database.write(work)
