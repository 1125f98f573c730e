"""The tree of centers in the database."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from hub.directory.pinyin import initials, spell
from hub.directory.tree import Center
from hub.store.database import Database
from hub.store.tables import centers


class CenterStore:
    """Centers, kept in the order of the list they were imported from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[Center]:
        """All centers, in the order of their list."""
        query = sa.select(centers).order_by(centers.c.place)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [Center(row.code, row.name, row.level, row.parent, spell(row.name)) for row in rows]

    async def import_rows(self, rows: Iterable[Center]) -> int:
        """Make these centers the directory, in place of those that are there. Returns how many they are."""
        values = [
            {
                "code": center.code,
                "name": center.name,
                "level": center.level,
                "parent": center.parent,
                "initials": initials(center.pinyin),
                "place": place,
            }
            for place, center in enumerate(rows)
        ]

        def work(connection: sa.Connection) -> None:
            connection.execute(centers.delete())
            if values:
                connection.execute(centers.insert(), values)

        await self._database.write(work)
        return len(values)
