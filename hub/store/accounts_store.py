"""Accounts to be read, the hashes of their passwords and of their tokens. What changes accounts is entries (hub/house)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import argon2
import sqlalchemy as sa

from hub.clock import Clock, from_wire, system_clock, to_wire
from hub.directory.accounts import Account, SignIn, TokenStanding
from hub.errors import Refusal
from hub.store.database import Database
from hub.store.tables import accounts, credentials, tokens

log = logging.getLogger(__name__)

#: Those of the listed tokens that there are, with their accounts: asked every second, so it begins at the list.
_STANDING: Final = """
SELECT t.hash, t.expires_at, a.id, a.username, a.name, a.role, a.center, a.disabled, c.password_hash
FROM {listed} JOIN tokens t ON t.hash = listed.value JOIN accounts a ON a.id = t.account
LEFT JOIN credentials c ON c.account = a.id"""
_LISTED: Final = {
    "sqlite": "json_each(:listed) AS listed",
    "postgresql": "json_array_elements_text(CAST(:listed AS json)) AS listed(value)",
}
_SET_HASH: Final = """
INSERT INTO credentials (account, password_hash) VALUES (:account, :password_hash)
ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash"""
_WITH_PASSWORD: Final = sa.select(accounts, credentials.c.password_hash).outerjoin(
    credentials, credentials.c.account == accounts.c.id
)
#: Characters of the end of a password's hash that tell one password from another.
_MARK: Final = 16

#: A token in use is extended at most this often.
EXTEND_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account with the argon2id hash of its password; None while it has none, and nobody can sign in."""

    account: Account
    password_hash: str | None


def _account(row: Any) -> Account:
    return Account(row.id, row.username, row.name, row.role, row.center, row.disabled)


def _mark(password_hash: str | None) -> str:
    return (password_hash or "")[-_MARK:]


def _standing(row: Any) -> TokenStanding:
    account = Account(row.id, row.username, row.name, row.role, row.center, bool(row.disabled))
    return TokenStanding(account, from_wire(row.expires_at), _mark(row.password_hash))


class AccountStore:
    """Accounts and tokens. A token unused for `idle` expires; using it extends it.

    Only hashes come in here: tokens are named by the SHA-256 (hex) of their text. Passwords are hashed with argon2id in a
    thread of their own.
    """

    def __init__(
        self, database: Database, clock: Clock = system_clock, idle: timedelta = timedelta(days=30)
    ) -> None:
        self._database = database
        self._clock = clock
        self._idle = idle
        self._hasher = argon2.PasswordHasher()
        # What `standing` answered last: thousands of rows of which hardly one has changed are not taken apart again.
        self._seen: dict[str, tuple[Any, TokenStanding]] = {}

    async def find_by_username(self, username: str) -> StoredAccount | None:
        """The account with this user name, with the hash of its password."""
        query = _WITH_PASSWORD.where(accounts.c.username == username)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return StoredAccount(_account(row), row.password_hash) if row is not None else None

    async def get(self, account_id: str) -> Account | None:
        """The account with this id."""
        query = sa.select(accounts).where(accounts.c.id == account_id)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return _account(row) if row is not None else None

    async def list(self) -> list[Account]:
        """All accounts, by user name."""
        query = sa.select(accounts).order_by(accounts.c.username)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_account(row) for row in rows]

    async def set_password(self, account_id: str, password: str, keep: str | None = None) -> None:
        """Give the account a password, or another one; every session of it ends, but that of the token hash `keep`.

        Raises KeyError for an unknown account.
        """
        password_hash = await asyncio.to_thread(self._hasher.hash, password)
        row = {"account": account_id, "password_hash": password_hash}

        def work(connection: sa.Connection) -> None:
            known = sa.select(accounts.c.id).where(accounts.c.id == account_id)
            if connection.execute(known).first() is None:
                raise KeyError(account_id)
            connection.execute(sa.text(_SET_HASH), row)
            ended = tokens.c.account == account_id
            connection.execute(tokens.delete().where(ended, tokens.c.hash != (keep or "")))

        await self._database.write(work)

    async def add_token(
        self,
        token_hash: str,
        account_id: str,
        created_at: datetime,
        expires_at: datetime,
        address: str | None = None,
    ) -> None:
        """Begin a session; sessions that have expired are swept out. With an address it counts as a sign-in from there."""
        row = {
            "hash": token_hash,
            "account": account_id,
            "created_at": to_wire(created_at),
            "expires_at": to_wire(expires_at),
        }

        def work(connection: sa.Connection) -> None:
            connection.execute(tokens.delete().where(tokens.c.expires_at <= to_wire(created_at)))
            mine = credentials.c.account == account_id
            before = connection.execute(
                sa.select(credentials.c.signed_in_at, credentials.c.signed_in_from).where(mine)
            ).first()
            at, place = before if before is not None else (None, None)
            connection.execute(tokens.insert(), {**row, "before_at": at, "before_from": place})
            if address is not None:
                now = {"signed_in_at": to_wire(created_at), "signed_in_from": address}
                connection.execute(credentials.update().where(mine).values(**now))

        await self._database.write(work)

    async def account_for_token(self, token_hash: str, now: datetime) -> Account | None:
        """Whose session this is, if it has not expired; its time is extended, at most once an hour."""
        query = (
            sa.select(accounts, tokens.c.expires_at)
            .join(tokens, tokens.c.account == accounts.c.id)
            .where(tokens.c.hash == token_hash, tokens.c.expires_at > to_wire(now))
        )
        row = await self._database.read(lambda connection: connection.execute(query).first())
        if row is None:
            return None
        longer = now + self._idle
        if longer - from_wire(row.expires_at) >= EXTEND_EVERY:
            try:
                await self.extend_tokens([token_hash], longer)
            except Refusal:
                log.debug("a token could not be extended; the next use of it tries again")
        return _account(row)

    async def standing(self, token_hashes: Collection[str]) -> dict[str, TokenStanding]:
        """What stands behind each of these tokens now, expired or not; those that were revoked are missing."""
        query = sa.text(_STANDING.format(listed=_LISTED[self._database.engine.dialect.name]))
        listed = json.dumps(list(token_hashes))
        rows = await self._database.read(
            lambda connection: connection.execute(query, {"listed": listed}).all()
        )
        seen: dict[str, tuple[Any, TokenStanding]] = {}
        for row in rows:
            before = self._seen.get(row[0])
            seen[row[0]] = before if before is not None and before[0] == row else (row, _standing(row))
        self._seen = seen
        return {key: standing for key, (_, standing) in seen.items()}

    async def account_and_mark(self, account_id: str) -> tuple[Account, str] | None:
        """The account and its `TokenStanding.password_mark`, to say why its token is no more; None when it is gone, too."""
        query = _WITH_PASSWORD.where(accounts.c.id == account_id)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return (_account(row), _mark(row.password_hash)) if row is not None else None

    async def extend_tokens(self, token_hashes: Collection[str], expires_at: datetime) -> None:
        """Let these tokens live until then; unknown ones are no error."""
        extend = (
            tokens.update().where(tokens.c.hash == sa.bindparam("one")).values(expires_at=to_wire(expires_at))
        )
        rows = [{"one": each} for each in token_hashes]
        await self._database.write(lambda connection: connection.execute(extend, rows))

    async def sign_in_before(self, token_hash: str) -> SignIn | None:
        """The account's sign-in before the one that made this session; None where there was none."""
        query = sa.select(tokens.c.before_at, tokens.c.before_from).where(tokens.c.hash == token_hash)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        if row is None or row.before_at is None:
            return None
        return SignIn(from_wire(row.before_at), row.before_from or "")

    async def signed_in_from(self, username: str, address: str) -> bool:
        """Whether the last sign-in of this user name, or one before a session that still lives, came from there."""
        before = sa.exists().where(tokens.c.account == accounts.c.id, tokens.c.before_from == address)
        here = sa.exists().where(
            credentials.c.account == accounts.c.id, credentials.c.signed_in_from == address
        )
        query = sa.select(accounts.c.id).where(accounts.c.username == username, sa.or_(here, before))
        found = await self._database.read(lambda connection: connection.execute(query).first())
        return found is not None

    async def revoke_token(self, token_hash: str) -> None:
        """End a session; unknown ones are no error."""
        end = tokens.delete().where(tokens.c.hash == token_hash)
        await self._database.write(lambda connection: connection.execute(end))

    async def revoke_tokens(self, token_hashes: Collection[str]) -> None:
        """End these sessions; unknown ones are no error."""
        end = tokens.delete().where(tokens.c.hash == sa.bindparam("one"))
        rows = [{"one": each} for each in token_hashes]
        await self._database.write(lambda connection: connection.execute(end, rows))

    async def revoke_all(self, account_id: str) -> None:
        """End every session of an account."""
        end = tokens.delete().where(tokens.c.account == account_id)
        await self._database.write(lambda connection: connection.execute(end))
