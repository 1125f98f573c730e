"""Accounts to be read, the hashes of their passwords and of their tokens. What changes accounts is entries (hub/house)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import argon2
import sqlalchemy as sa

from hub.clock import Clock, from_wire, system_clock, to_wire
from hub.directory.accounts import Account, HeldSession, Need, SignIn, TokenStanding
from hub.errors import Refusal
from hub.store.database import Database
from hub.store.tables import accounts, credentials, old_passwords, tokens

log = logging.getLogger(__name__)

#: Those of the listed tokens that there are, with their accounts: asked every second, so it begins at the list.
_STANDING: Final = """
SELECT t.hash, t.expires_at, a.id, a.username, a.name, a.role, a.center, a.disabled, a.cleared, c.password_hash,
    t.created_at, t.seen_at, t.needs
FROM {listed} JOIN tokens t ON t.hash = listed.value JOIN accounts a ON a.id = t.account
LEFT JOIN credentials c ON c.account = a.id"""
_LISTED: Final = {
    "sqlite": "json_each(:listed) AS listed",
    "postgresql": "json_array_elements_text(CAST(:listed AS json)) AS listed(value)",
}
_SET_HASH: Final = """
INSERT INTO credentials (account, password_hash, set_at, once, one_time_until)
VALUES (:account, :password_hash, :set_at, :once, :one_time_until)
ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash, set_at = excluded.set_at, once = excluded.once,
one_time_until = excluded.one_time_until"""
#: Passwords of an account that are remembered: more than any policy asks for.
_OLD_KEPT: Final = 12
_WITH_PASSWORD: Final = sa.select(
    accounts, credentials.c.password_hash, credentials.c.one_time_until
).outerjoin(credentials, credentials.c.account == accounts.c.id)
#: Characters of the end of a password's hash that tell one password from another.
_MARK: Final = 16

#: A token in use is extended at most this often.
EXTEND_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account with the argon2id hash of its password; None while it has none, and nobody can sign in."""

    account: Account
    password_hash: str | None
    one_time_until: datetime | None = None
    """Until when it opens, where the hub gave it for one sign-in."""


@dataclass(frozen=True, slots=True)
class PasswordFacts:
    """What is known of an account's password without knowing it."""

    #: None: longer than it is noted.
    set_at: datetime | None
    #: Whether its owner has to choose another one.
    once: bool
    #: Hashes of the passwords it had, the newest first, the present one among them.
    old: tuple[str, ...]


def _account(row: Any) -> Account:
    return Account(
        row.id, row.username, row.name, row.role, row.center, bool(row.disabled), bool(row.cleared)
    )


def _mark(password_hash: str | None) -> str:
    return (password_hash or "")[-_MARK:]


def session_id(token_hash: str) -> str:
    """By what a session is known to people: of 64 hex digits the first 16, which open nothing."""
    return token_hash[:16]


def _held(row: Any) -> HeldSession:
    return HeldSession(
        session_id(row.hash),
        row.account,
        from_wire(row.created_at),
        from_wire(row.seen_at or row.created_at),
        from_wire(row.expires_at),
        row.address or "",
        row.agent or "",
        row.needs,
    )


def _standing(row: Any) -> TokenStanding:
    account = _account(row)
    begun = from_wire(row.created_at)
    seen = from_wire(row.seen_at) if row.seen_at else begun
    return TokenStanding(account, from_wire(row.expires_at), _mark(row.password_hash), begun, seen, row.needs)


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
        self._quick_hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
        # What `standing` answered last: thousands of rows of which hardly one has changed are not taken apart again.
        self._seen: dict[str, tuple[Any, TokenStanding]] = {}

    async def find_by_username(self, username: str) -> StoredAccount | None:
        """The account with this user name, with the hash of its password."""
        query = _WITH_PASSWORD.where(accounts.c.username == username)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        if row is None:
            return None
        until = from_wire(row.one_time_until) if row.one_time_until is not None else None
        return StoredAccount(_account(row), row.password_hash or None, until)

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

    async def set_password(
        self, account_id: str, password: str, keep: str | None = None, *, once: bool = False
    ) -> None:
        """Give the account a password, or another one; every session of it ends, but that of the token hash `keep`.

        `once`: its owner has to choose another one at the next sign-in. Raises KeyError for an unknown account.
        """
        password_hash = await asyncio.to_thread(self._hasher.hash, password)
        now = to_wire(self._clock())
        row = {
            "account": account_id,
            "password_hash": password_hash,
            "set_at": now,
            "once": once,
            "one_time_until": None,
        }
        old = old_passwords.c.account == account_id

        def work(connection: sa.Connection) -> None:
            known = sa.select(accounts.c.id).where(accounts.c.id == account_id)
            if connection.execute(known).first() is None:
                raise KeyError(account_id)
            connection.execute(sa.text(_SET_HASH), row)
            connection.execute(old_passwords.delete().where(old, old_passwords.c.at == now))
            connection.execute(
                old_passwords.insert(), {"account": account_id, "at": now, "password_hash": password_hash}
            )
            newest = sa.select(old_passwords.c.at).where(old).order_by(old_passwords.c.at.desc())
            kept = connection.execute(newest.limit(_OLD_KEPT)).scalars().all()
            connection.execute(old_passwords.delete().where(old, old_passwords.c.at.not_in(kept)))
            ended = tokens.c.account == account_id
            connection.execute(tokens.delete().where(ended, tokens.c.hash != (keep or "")))

        await self._database.write(work)

    async def set_one_time(self, passwords: Mapping[str, str], until: datetime) -> None:
        """Give each of these accounts this password: it opens until then, and has to be changed at once. No session may live.

        Passwords of the hub's own making, drawn from 2^55: a cheaper hash than people's need is enough.
        """
        hashes = await asyncio.to_thread(
            lambda: {account: self._quick_hasher.hash(password) for account, password in passwords.items()}
        )
        more = {"set_at": to_wire(self._clock()), "once": True, "one_time_until": to_wire(until)}
        rows = [{"account": account, "password_hash": hashed, **more} for account, hashed in hashes.items()]

        def work(connection: sa.Connection) -> None:
            connection.execute(tokens.delete().where(tokens.c.account.in_([*hashes])))
            connection.execute(sa.text(_SET_HASH), rows)

        await self._database.write(work)

    async def password_facts(self, account_id: str) -> PasswordFacts:
        """Since when the account has its password, and what passwords it had."""
        present = sa.select(credentials.c.set_at, credentials.c.once).where(
            credentials.c.account == account_id
        )
        old = (
            sa.select(old_passwords.c.password_hash)
            .where(old_passwords.c.account == account_id)
            .order_by(old_passwords.c.at.desc())
        )

        def work(connection: sa.Connection) -> PasswordFacts:
            row = connection.execute(present).first()
            hashes = tuple(connection.execute(old).scalars())
            if row is None:
                return PasswordFacts(None, False, hashes)
            return PasswordFacts(from_wire(row.set_at) if row.set_at else None, bool(row.once), hashes)

        return await self._database.read(work)

    async def add_token(
        self,
        token_hash: str,
        account_id: str,
        created_at: datetime,
        expires_at: datetime,
        address: str | None = None,
        agent: str = "",
        needs: Need | None = None,
        device: str | None = None,
    ) -> None:
        """Begin a session; sessions that have expired are swept out. With an address it counts as a sign-in from there.

        `agent` is what it was begun in, `needs` what has to be done in it first, `device` the grid member's phone it is of.
        """
        row = {
            "hash": token_hash,
            "account": account_id,
            "created_at": to_wire(created_at),
            "expires_at": to_wire(expires_at),
            "seen_at": to_wire(created_at),
            "address": address,
            "agent": agent or None,
            "needs": needs,
            "device": device,
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

    async def token_standing(self, token_hash: str, now: datetime) -> TokenStanding | None:
        """What stands behind a token that has not expired; its time is extended, at most once an hour."""
        found = (await self._read_standing([token_hash])).get(token_hash)
        if found is None or found.expires_at <= now:
            return None
        longer = now + self._idle
        if longer - found.expires_at >= EXTEND_EVERY:
            try:
                await self.extend_tokens([token_hash], longer)
            except Refusal:
                log.debug("a token could not be extended; the next use of it tries again")
        return found

    async def _read_standing(self, token_hashes: Collection[str]) -> dict[str, TokenStanding]:
        return {row[0]: _standing(row) for row in await self._standing_rows(token_hashes)}

    async def _standing_rows(self, token_hashes: Collection[str]) -> Sequence[Any]:
        query = sa.text(_STANDING.format(listed=_LISTED[self._database.engine.dialect.name]))
        listed = json.dumps(list(token_hashes))
        return await self._database.read(
            lambda connection: connection.execute(query, {"listed": listed}).all()
        )

    async def standing(self, token_hashes: Collection[str]) -> dict[str, TokenStanding]:
        """What stands behind each of these tokens now, expired or not; those that were revoked are missing."""
        rows = await self._standing_rows(token_hashes)
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

    async def note_seen(self, seen: Mapping[str, datetime]) -> None:
        """In these sessions a person did something, then; unknown ones are no error."""
        note = tokens.update().where(tokens.c.hash == sa.bindparam("one")).values(seen_at=sa.bindparam("at"))
        rows = [{"one": key, "at": to_wire(at)} for key, at in seen.items()]
        await self._database.write(lambda connection: connection.execute(note, rows))

    async def set_needs(self, token_hash: str, needs: Need | None) -> None:
        """What has to be done in this session before anything else; None: it is good for everything."""
        change = tokens.update().where(tokens.c.hash == token_hash).values(needs=needs)
        await self._database.write(lambda connection: connection.execute(change))

    async def sessions_of(self, account_ids: Collection[str], now: datetime) -> Sequence[HeldSession]:
        """The sessions of these accounts that have not expired, the newest first."""
        query = (
            sa.select(tokens)
            .where(tokens.c.account.in_(list(account_ids)), tokens.c.expires_at > to_wire(now))
            .order_by(tokens.c.created_at.desc(), tokens.c.hash)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_held(row) for row in rows]

    async def oldest_tokens(self, account_id: str, beyond: int, now: datetime) -> Sequence[str]:
        """The token hashes of an account's sessions but the `beyond` newest."""
        query = (
            sa.select(tokens.c.hash)
            .where(tokens.c.account == account_id, tokens.c.expires_at > to_wire(now))
            .order_by(tokens.c.created_at.desc(), tokens.c.hash)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).scalars().all())
        return rows[beyond:]

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
