"""What stood in the directory before the journal told of it: read once, at the first start, and then gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hub.store.database import Database
from hub.store.tables import unadopted_accounts, unadopted_centers


@dataclass(frozen=True, slots=True)
class Unadopted:
    """Rows in the form of the command `directory.adopt`."""

    accounts: list[dict[str, Any]]
    centers: list[dict[str, Any]]


class UnadoptedStore:
    """The directory of an older version."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Unadopted:
        """All of it; empty where it was adopted, and in a database that began with this version."""

        def work(connection: sa.Connection) -> Unadopted:
            accounts = connection.execute(
                sa.select(unadopted_accounts).order_by(unadopted_accounts.c.account)
            )
            centers = connection.execute(sa.select(unadopted_centers).order_by(unadopted_centers.c.place))
            return Unadopted(
                [{**row, "disabled": bool(row["disabled"])} for row in accounts.mappings()],
                [dict(row) for row in centers.mappings()],
            )

        return await self._database.read(work)

    async def clear(self) -> None:
        """The journal tells of it now."""

        def work(connection: sa.Connection) -> None:
            connection.execute(unadopted_accounts.delete())
            connection.execute(unadopted_centers.delete())

        await self._database.write(work)
