"""Signing in and out: passwords against argon2 hashes, opaque tokens of which only the hash is kept."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import argon2

from hub.clock import Clock
from hub.directory.accounts import Account, SignIn
from hub.errors import Refusal
from signaling.throttle import Throttle

#: Passwords verified at the same time: each takes a core and 64 MiB for some 50 ms.
VERIFYING_AT_ONCE: Final = 2
#: Sign-ins that may wait for their turn.
WAITING_AT_MOST: Final = 256
MAX_USERNAME: Final = 64
MAX_PASSWORD: Final = 256
#: What a person chooses for a password; length is what guessing costs (NIST SP 800-63B, 3.1.1.2).
MIN_CHOSEN_PASSWORD: Final = 10

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class StoredAccount(Protocol):
    """An account with the argon2 hash of its password."""

    @property
    def account(self) -> Account: ...
    @property
    def password_hash(self) -> str: ...


class AccountStore(Protocol):
    """Where accounts and the hashes of tokens are kept."""

    async def find_by_username(self, username: str) -> StoredAccount | None: ...
    async def add_token(
        self,
        token_hash: str,
        account_id: str,
        created_at: datetime,
        expires_at: datetime,
        address: str | None = None,
    ) -> None: ...
    async def account_for_token(self, token_hash: str, now: datetime) -> Account | None: ...
    async def revoke_token(self, token_hash: str) -> None: ...
    async def sign_in_before(self, token_hash: str) -> SignIn | None: ...
    async def set_password(self, account_id: str, password: str, keep: str | None = None) -> None: ...


def token_hash(token: str) -> str:
    """What is kept of a token: SHA-256, hex. A token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Sign-ins of this hub. Unknown name, wrong password and disabled account look and last the same."""

    def __init__(
        self,
        store: AccountStore,
        clock: Clock,
        lifetime_days: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lifetime = timedelta(days=lifetime_days)
        self._monotonic = monotonic
        self._throttle = Throttle()
        self._hasher = argon2.PasswordHasher()
        self._turn = asyncio.Semaphore(VERIFYING_AT_ONCE)
        self._waiting = 0
        self._decoy: str | None = None

    async def sign_in(self, username: str, password: str, address: str) -> tuple[str, Account]:
        """A fresh token for this account. `address` is the caller's, for throttling.

        Raises Refusal: `unauthenticated`, `too_many` (with Retry-After), `invalid` for an overlong text.
        """
        if not 1 <= len(username) <= MAX_USERNAME:
            raise Refusal("invalid", f"a name has 1 to {MAX_USERNAME} characters", "username")
        if not 1 <= len(password) <= MAX_PASSWORD:
            raise Refusal("invalid", f"a password has 1 to {MAX_PASSWORD} characters", "password")
        began = self._monotonic()
        keys = (f"name {username}", f"address {address}")
        self._throttle.begin(keys, began)
        stored = await self._store.find_by_username(username)
        right = await self._verify(stored.password_hash if stored is not None else None, password)
        if stored is None or not right or stored.account.disabled:
            raise Refusal("unauthenticated", "name or password is wrong")
        self._throttle.succeed(keys, began)
        token = secrets.token_urlsafe(32)
        now = self._clock()
        await self._store.add_token(token_hash(token), stored.account.id, now, now + self._lifetime, address)
        return token, stored.account

    async def sign_out(self, token: str) -> None:
        """The token is dead when this returns."""
        await self._store.revoke_token(token_hash(token))

    async def change_password(self, token: str, old: str, new: str) -> Account:
        """Another password for the account of this token; all its other sessions are dead when this returns.

        Raises Refusal: `unauthenticated` for a dead token; `invalid` with the field `old` for a wrong present password (the
        session stays good), or `new` for one that is too short, too long, the name itself or the old one; `too_many`.
        """
        account = await self.account_for(token)
        if not MIN_CHOSEN_PASSWORD <= len(new) <= MAX_PASSWORD:
            raise Refusal(
                "invalid", f"a password has {MIN_CHOSEN_PASSWORD} to {MAX_PASSWORD} characters", "new"
            )
        if len(old) > MAX_PASSWORD:
            raise Refusal("invalid", "this is not the present password", "old")
        if new.strip().casefold() in {account.username.casefold(), account.name.casefold()}:
            raise Refusal("invalid", "a password is not the name of its owner", "new")
        began = self._monotonic()
        # keys of their own: whoever sits at an open session must not lock its owner out of signing in
        keys = (f"password {account.id}",)
        self._throttle.begin(keys, began)
        stored = await self._store.find_by_username(account.username)
        if not await self._verify(stored.password_hash if stored is not None else None, old):
            raise Refusal("invalid", "this is not the present password", "old")
        self._throttle.succeed(keys, began)
        if new == old:
            raise Refusal("invalid", "this is the present password", "new")
        await self._store.set_password(account.id, new, token_hash(token))
        return account

    async def sign_in_before(self, token: str) -> SignIn | None:
        """The sign-in of this account before the one that gave this token."""
        return await self._store.sign_in_before(token_hash(token))

    async def account_for(self, token: str) -> Account:
        """Whose token this is, now. Raises Refusal("unauthenticated")."""
        if _TOKEN.fullmatch(token) is not None:
            account = await self._store.account_for_token(token_hash(token), self._clock())
            if account is not None and not account.disabled:
                return account
        raise Refusal("unauthenticated", "sign in first")

    async def _verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; takes as long for an account that does not exist."""
        if self._waiting >= WAITING_AT_MOST:
            raise Refusal("too_many", "too many sign-ins at the same time; try again")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(self._verify_now, password_hash, password)
        finally:
            self._waiting -= 1

    def _verify_now(self, password_hash: str | None, password: str) -> bool:
        if password_hash is None and self._decoy is None:
            self._decoy = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            self._hasher.verify(password_hash or self._decoy or "", password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return password_hash is not None
