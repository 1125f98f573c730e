"""Accounts put straight into the tables, past the journal: for tests of what reads them, and as another process has it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hub.directory.accounts import Account
from hub.store.accounts_store import AccountStore
from hub.store.database import Database
from hub.store.tables import accounts, credentials, tokens


async def put_account(database: Database, account: Account, password_hash: str) -> None:
    """An account that can sign in."""
    names = ("id", "username", "name", "role", "center", "disabled", "cleared")
    row = {name: getattr(account, name) for name in names}

    def work(connection: sa.Connection) -> None:
        connection.execute(accounts.insert(), row)
        connection.execute(credentials.insert(), {"account": account.id, "password_hash": password_hash})

    await database.write(work)


async def put_password(database: Database, account: str, password_hash: str) -> None:
    """An account that the journal made can sign in."""
    row = {"account": account, "password_hash": password_hash}
    await database.write(lambda connection: connection.execute(credentials.insert(), row))


class Elsewhere(AccountStore):
    """Another process, which changes accounts and ends their sessions as its own journal's entries do."""

    async def set_disabled(self, account: str, disabled: bool) -> None:
        """Disabling ends sessions."""
        await self._change(account, ends=disabled, disabled=disabled)

    async def set_place(self, account: str, **place: str) -> None:
        """Another role or center."""
        await self._change(account, ends=True, **place)

    async def remove(self, account: str) -> None:
        """The account is no more."""

        def work(connection: sa.Connection) -> None:
            for table, column in ((accounts, "id"), (credentials, "account"), (tokens, "account")):
                connection.execute(table.delete().where(table.c[column] == account))

        await self._database.write(work)

    async def _change(self, account: str, *, ends: bool, **values: Any) -> None:
        def work(connection: sa.Connection) -> None:
            connection.execute(accounts.update().where(accounts.c.id == account).values(**values))
            if ends:
                connection.execute(tokens.delete().where(tokens.c.account == account))

        await self._database.write(work)
