"""Second factors as rows: what makes the codes (sealed elsewhere), the last code used, and the codes for bad days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.store.database import Database
from hub.store.tables import recovery_codes, second_factors


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """An account's second factor. `sealed` and `pending` are secrets under a key that the database does not hold."""

    sealed: str | None = field(repr=False)
    #: None: it has none yet.
    enrolled_at: datetime | None
    pending: str | None = field(repr=False)
    recovery_left: int


class SecondFactorStore:
    """The rows of second factors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, account: str) -> StoredFactor | None:
        """What there is of an account's second factor."""
        row_of = sa.select(second_factors).where(second_factors.c.account == account)
        left_of = sa.select(sa.func.count()).where(recovery_codes.c.account == account)

        def work(connection: sa.Connection) -> StoredFactor | None:
            row = connection.execute(row_of).first()
            if row is None:
                return None
            left = connection.execute(left_of).scalar_one()
            at = from_wire(row.enrolled_at) if row.enrolled_at else None
            return StoredFactor(row.sealed, at, row.pending, left)

        return await self._database.read(work)

    async def enrolled(self, accounts: Collection[str]) -> set[str]:
        """Which of these accounts have a second factor."""
        query = sa.select(second_factors.c.account).where(
            second_factors.c.account.in_(list(accounts)), second_factors.c.enrolled_at.is_not(None)
        )
        return set(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def all_enrolled(self) -> set[str]:
        """All accounts that have a second factor."""
        query = sa.select(second_factors.c.account).where(second_factors.c.enrolled_at.is_not(None))
        return set(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def propose(self, account: str, pending: str) -> None:
        """A secret that its owner has not confirmed yet, in place of an earlier such one."""
        there = second_factors.update().where(second_factors.c.account == account).values(pending=pending)
        new = {"account": account, "sealed": None, "enrolled_at": None, "step": -1, "pending": pending}

        def work(connection: sa.Connection) -> None:
            if connection.execute(there).rowcount == 0:
                connection.execute(second_factors.insert(), new)

        await self._database.write(work)

    async def enrol(
        self, account: str, pending: str, step: int, at: datetime, codes: Collection[str]
    ) -> bool:
        """The pending secret counts from now on, its code of `step` is used up; these are the codes for bad days.

        False when it is not the pending one any more.
        """
        take = (
            second_factors.update()
            .where(second_factors.c.account == account, second_factors.c.pending == pending)
            .values(sealed=pending, enrolled_at=to_wire(at), step=step, pending=None)
        )

        def work(connection: sa.Connection) -> bool:
            if connection.execute(take).rowcount == 0:
                return False
            _put_codes(connection, account, codes)
            return True

        return await self._database.write(work)

    async def use_step(self, account: str, step: int) -> bool:
        """Use a code up; False when it, or a later one, was used before."""
        use = (
            second_factors.update()
            .where(second_factors.c.account == account, second_factors.c.step < step)
            .values(step=step)
        )
        return await self._database.write(lambda connection: connection.execute(use).rowcount == 1)

    async def use_recovery(self, account: str, code_hash: str) -> bool:
        """Use a code for bad days up; False when there is no such one."""
        use = recovery_codes.delete().where(
            recovery_codes.c.account == account, recovery_codes.c.hash == code_hash
        )
        return await self._database.write(lambda connection: connection.execute(use).rowcount == 1)

    async def replace_recovery(self, account: str, codes: Collection[str]) -> None:
        """Other codes for bad days, in place of those that are left."""
        await self._database.write(lambda connection: _put_codes(connection, account, codes))


def _put_codes(connection: sa.Connection, account: str, codes: Collection[str]) -> None:
    connection.execute(recovery_codes.delete().where(recovery_codes.c.account == account))
    connection.execute(recovery_codes.insert(), [{"account": account, "hash": each} for each in codes])
