"""Signing in and out: passwords against argon2 hashes, opaque tokens of which only the hash is kept."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from hub.clock import Clock, to_wire
from hub.directory.accounts import Account, SignIn
from hub.errors import Refusal
from hub.fields import has_unfit_characters
from signaling.access import Access, Reason
from signaling.address import counted_as, network_of
from signaling.devices import Devices
from signaling.throttle import ADDRESS, NAME, PAIR, Slowing, Throttle
from signaling.trace import Trace
from signaling.verifying import Verifier
from signaling.withdrawal import TokenStore, Withdrawal

MAX_USERNAME: Final = 64
MAX_PASSWORD: Final = 256
#: What a person chooses for a password; length is what guessing costs (NIST SP 800-63B, 3.1.1.2).
MIN_CHOSEN_PASSWORD: Final = 10
#: Failures of its address up to which a name that signed in from there before passes as known.
_QUIET_ADDRESS: Final = 20

log = logging.getLogger(__name__)

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class StoredAccount(Protocol):
    """An account with the argon2 hash of its password; None while it has none."""

    @property
    def account(self) -> Account: ...
    @property
    def password_hash(self) -> str | None: ...


class AccountStore(TokenStore, Protocol):
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
    async def signed_in_from(self, username: str, address: str) -> bool: ...
    async def sign_in_before(self, token_hash: str) -> SignIn | None: ...
    async def set_password(self, account_id: str, password: str, keep: str | None = None) -> None: ...


def token_hash(token: str) -> str:
    """What is kept of a token: SHA-256, hex. A token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Sign-ins of this hub. Unknown name, wrong password and disabled account look and last the same.

    `withdrawal` ends what runs under tokens that are no more.
    """

    def __init__(
        self,
        store: AccountStore,
        clock: Clock,
        lifetime_days: int,
        monotonic: Callable[[], float] = time.monotonic,
        devices: Devices | None = None,
        trace: Trace | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lifetime = timedelta(days=lifetime_days)
        #: Without a journal nobody is told of sign-ins.
        self.trace = trace or Trace(None, clock)
        self.withdrawal = Withdrawal(store, clock, self._lifetime)
        self.withdrawal.on_end = self._ended
        self._monotonic = monotonic
        self._throttle = Throttle()
        self._verifier = Verifier()
        #: Without a key that is kept, devices are known until the restart.
        self.devices = devices or Devices(secrets.token_bytes(32))

    async def sign_in(
        self, username: str, password: str, address: str, device: str | None = None
    ) -> tuple[str, Account]:
        """A fresh token for this account. `address` is the caller's, `device` its device cookie if it has one.

        Failures slow down the next try of this name from this address (`signaling.throttle`). Who signs in at a device, or
        from an address, at which this name has signed in before is neither slowed by what others try elsewhere, nor has to
        wait behind them.

        Raises Refusal: `unauthenticated`, `too_many` (with Retry-After), `invalid` for an overlong text.
        """
        if not 1 <= len(username) <= MAX_USERNAME or has_unfit_characters(username):
            raise Refusal("invalid", f"a name has 1 to {MAX_USERNAME} characters", "username")
        if not 1 <= len(password) <= MAX_PASSWORD:
            raise Refusal("invalid", f"a password has 1 to {MAX_PASSWORD} characters", "password")
        now, source = self._monotonic(), counted_as(address)
        try:
            keys, stranger = await self._begin(username, address, source, device, now)
        except Refusal:
            self.trace.refused()
            raise
        stored = await self._store.find_by_username(username)
        password_hash = stored.password_hash if stored is not None else None
        right = await self._verifier.verify(password_hash, password, stranger=stranger)
        if stored is None or not right or stored.account.disabled:
            account = stored.account.id if stored is not None else None
            self.trace.failed(account, network_of(address), self._throttle.slows(keys, self._monotonic()))
            raise Refusal("unauthenticated", "name or password is wrong")
        self._throttle.succeed(keys)
        token = secrets.token_urlsafe(32)
        moment = self._clock()
        await self._store.add_token(
            token_hash(token), stored.account.id, moment, moment + self._lifetime, address
        )
        begun = {"account": stored.account.id, "network": network_of(address), "at": to_wire(moment)}
        await self.trace.tell("session.note_begun", begun)
        return token, stored.account

    async def _begin(
        self, username: str, address: str, source: str, device: str | None, now: float
    ) -> tuple[dict[str, Slowing], str | None]:
        """Count the try; under which keys, and where a stranger comes from. Raises Refusal when it has to wait."""
        number = self.devices.known(device, username)
        if number is not None:
            keys = {f"device {number} {username}": PAIR}
            self._throttle.begin(keys, now)
            return keys, None
        keys = {f"pair {source} {username}": PAIR, f"address {source}": ADDRESS}
        self._throttle.begin(keys, now)
        stranger = await self._stranger(username, address, source)
        if stranger is not None:
            by_name = {f"name {username}": NAME}
            try:
                self._throttle.begin(by_name, now)
            except Refusal:
                self._throttle.take_back(keys)
                raise
            keys |= by_name
        return keys, stranger

    def _ended(self, account: Account, reason: Reason) -> None:
        ended = {"account": account.id, "reason": reason, "at": self.trace.now()}
        self.trace.note("session.note_ended", ended)

    async def sign_out(self, token: str) -> None:
        """The token is dead when this returns, and what ran under it ends, also when that cannot be written yet.

        Raises Refusal("unauthenticated") for a token that is none, or no more.
        """
        access = None
        try:
            # Held until it has ended, so that its end is told.
            access = await self.access_for(token)
        except Refusal as refusal:
            if refusal.code != "unavailable":
                raise
        except Exception:
            log.exception("a token that is given back could not be looked up")
        await self.withdrawal.sign_out(token_hash(token))
        del access

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
        # keys of their own: whoever sits at an open session must not lock its owner out of signing in
        keys = {f"password {account.id}": PAIR}
        self._throttle.begin(keys, self._monotonic())
        stored = await self._store.find_by_username(account.username)
        password_hash = stored.password_hash if stored is not None else None
        if not await self._verifier.verify(password_hash, old, stranger=None):
            raise Refusal("invalid", "this is not the present password", "old")
        self._throttle.succeed(keys)
        if new == old:
            raise Refusal("invalid", "this is the present password", "new")
        await self._store.set_password(account.id, new, token_hash(token))
        self.withdrawal.end_others(account.id, token_hash(token), "changed")
        await self.trace.tell("account.note_password", {"account": account.id, "by_owner": True})
        return account

    async def sign_in_before(self, token: str) -> SignIn | None:
        """The sign-in of this account before the one that gave this token."""
        return await self._store.sign_in_before(token_hash(token))

    async def access_for(self, token: str) -> Access:
        """What this token gives, now. Raises Refusal("unauthenticated")."""
        if _TOKEN.fullmatch(token) is not None:
            key = token_hash(token)
            self.withdrawal.require_good(key)
            account = await self._store.account_for_token(key, self._clock())
            if account is not None and not account.disabled:
                return self.withdrawal.access(key, account)
        raise Refusal("unauthenticated", "sign in first")

    async def account_for(self, token: str) -> Account:
        """Whose token this is, now. Raises Refusal("unauthenticated")."""
        return (await self.access_for(token)).account

    async def _stranger(self, username: str, address: str, source: str) -> str | None:
        """Where a caller without a known device comes from; None if this name has signed in from there before.

        An address from which much is guessed vouches for nobody.
        """
        if self._throttle.failures(f"address {source}", ADDRESS, self._monotonic()) > _QUIET_ADDRESS:
            return source
        return None if await self._store.signed_in_from(username, address) else source
