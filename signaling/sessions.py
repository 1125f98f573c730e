"""Signing in and out: passwords against argon2 hashes, opaque tokens of which only the hash is kept."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from hub.clock import Clock, to_wire
from hub.directory.accounts import Account, HeldSession, Need, SignIn, TokenStanding
from hub.entry import Entry
from hub.errors import Refusal
from hub.fields import has_unfit_characters
from hub.house.policies import Policy
from signaling.access import Access, Reason
from signaling.address import counted_as, network_of
from signaling.challenge import Challenges
from signaling.devices import Devices
from signaling.one_time import GOOD_FOR, make_one_time
from signaling.second_factor import SecondFactors
from signaling.throttle import BY_NAME, Limits, Slowing, Throttle, limits_of
from signaling.trace import Trace
from signaling.verifying import Verifier
from signaling.withdrawal import TokenStore, Withdrawal

MAX_USERNAME: Final = 64
MAX_PASSWORD: Final = 256
#: A code of a phone, or one for bad days, as somebody types it.
MAX_CODE: Final = 64
#: Failures of its address up to which a name that signed in from there before passes as known.
_QUIET_ADDRESS: Final = 20

_NEEDED: Final[dict[Need, Refusal]] = {
    "second_factor": Refusal("second_factor_needed", "get a second factor first"),
    "password": Refusal("password_needed", "choose another password first"),
}

log = logging.getLogger(__name__)

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class StoredAccount(Protocol):
    """An account with the argon2 hash of its password; None while it has none."""

    @property
    def account(self) -> Account: ...
    @property
    def password_hash(self) -> str | None: ...
    @property
    def one_time_until(self) -> datetime | None: ...


class PasswordFacts(Protocol):
    """What is known of a password without knowing it: hub.store.accounts_store.PasswordFacts."""

    @property
    def set_at(self) -> datetime | None: ...
    @property
    def once(self) -> bool: ...
    @property
    def old(self) -> tuple[str, ...]: ...


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
        agent: str = "",
        needs: Need | None = None,
        device: str | None = None,
    ) -> None: ...
    async def token_standing(self, token_hash: str, now: datetime) -> TokenStanding | None: ...
    async def signed_in_from(self, username: str, address: str) -> bool: ...
    async def sign_in_before(self, token_hash: str) -> SignIn | None: ...
    async def oldest_tokens(self, account_id: str, beyond: int, now: datetime) -> Sequence[str]: ...
    async def sessions_of(self, account_ids: Collection[str], now: datetime) -> Sequence[HeldSession]: ...
    async def set_needs(self, token_hash: str, needs: Need | None) -> None: ...
    async def password_facts(self, account_id: str) -> PasswordFacts: ...
    async def set_password(self, account_id: str, password: str, keep: str | None = None) -> None: ...
    async def set_one_time(self, passwords: Mapping[str, str], until: datetime) -> None: ...


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
        policy: Callable[[], Policy] = Policy,
        factors: SecondFactors | None = None,
        challenges: Challenges | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        #: The policies of now.
        self.policy = policy
        #: Without a place to keep them, nobody has a second factor.
        self.factors = factors
        self._lifetime = timedelta(days=lifetime_days)
        #: Without a journal nobody is told of sign-ins.
        self.trace = trace or Trace(None, clock)
        self.withdrawal = Withdrawal(store, clock, self._lifetime, policy)
        self.withdrawal.on_end = self._ended
        self.monotonic = monotonic
        self.throttle = Throttle()
        self.verifier = Verifier()
        #: Without keys that are kept, devices are known until the restart, and so are right passwords without a code.
        self.devices = devices or Devices(secrets.token_bytes(32))
        self._challenges = challenges or Challenges(secrets.token_bytes(32))

    @property
    def limits(self) -> Limits:
        """How mistakes slow down, by the policy of now."""
        return limits_of(self.policy().slowing)

    async def sign_in(
        self, username: str, password: str, address: str, device: str | None = None, agent: str = ""
    ) -> tuple[str, Account]:
        """A fresh token for this account. `address` is the caller's, `device` its device cookie if it has one.

        Failures slow down the next try of this name from this address (`signaling.throttle`). Who signs in at a device, or
        from an address, at which this name has signed in before is neither slowed by what others try elsewhere, nor has to
        wait behind them.

        Raises Refusal: `unauthenticated`, `password_expired` (a one-time password, known but too old), `too_many` (with
        Retry-After), `invalid` for an overlong text. Raises
        SecondFactorAsked where the password is right and a code is wanted, too.
        """
        if not 1 <= len(username) <= MAX_USERNAME or has_unfit_characters(username):
            raise Refusal("invalid", f"a name has 1 to {MAX_USERNAME} characters", "username")
        if not 1 <= len(password) <= MAX_PASSWORD:
            raise Refusal("invalid", f"a password has 1 to {MAX_PASSWORD} characters", "password")
        now, source = self.monotonic(), counted_as(address)
        try:
            keys, stranger = await self._begin(username, address, source, device, now)
        except Refusal:
            self.trace.refused()
            raise
        stored = await self.store.find_by_username(username)
        password_hash = stored.password_hash if stored is not None else None
        right = await self.verifier.verify(password_hash, password, stranger=stranger)
        if stored is None or not right or stored.account.disabled:
            account = stored.account.id if stored is not None else None
            self.trace.failed(account, network_of(address), self.throttle.slows(keys, self.monotonic()))
            raise Refusal("unauthenticated", "name or password is wrong")
        self.throttle.succeed(keys)
        if stored.one_time_until is not None and stored.one_time_until <= self.clock():
            self.trace.failed(stored.account.id, network_of(address), False)
            raise Refusal("password_expired", "this one-time password is too old; ask for another one")
        if self.factors is not None and await self.factors.enrolled([stored.account.id]):
            found = await self.store.account_and_mark(stored.account.id)
            if found is not None:
                raise self._challenges.ask(stored.account.id, found[1], self.clock())
        return await self._open(stored.account, address, agent)

    async def second_step(
        self, challenge: str, code: str, address: str, agent: str = ""
    ) -> tuple[str, Account]:
        """A fresh token for who has given the right password, and now the code of his phone or one for bad days.

        Raises Refusal: `unauthenticated` with the field `challenge` (over, or another password by now) or `code`, `too_many`.
        """
        account_id = self._challenges.account(challenge, self.clock())
        found = await self.store.account_and_mark(account_id) if account_id is not None else None
        if found is None or found[0].disabled or not self._challenges.fits(challenge, found[1]):
            raise Refusal("unauthenticated", "give name and password again", "challenge")
        account, factors = found[0], self.factors
        limits = self.limits
        source = counted_as(address)
        keys = {f"code {source} {account.username}": limits.pair, f"codes {account.id}": limits.name}
        try:
            self.throttle.begin(keys, self.monotonic())
        except Refusal:
            self.trace.refused()
            raise
        how = await factors.check(account.id, code[:MAX_CODE]) if factors is not None else None
        if how is None:
            self.trace.failed(account.id, network_of(address), self.throttle.slows(keys, self.monotonic()))
            raise Refusal("unauthenticated", "this is not the code of now", "code")
        self.throttle.succeed(keys)
        if how == "recovery":
            await self.trace.tell("second_factor.note", {"account": account.id, "what": "recovery_used"})
        return await self._open(account, address, agent)

    async def open_phone(self, account: Account, device: str, address: str, agent: str) -> str:
        """A fresh token for a phone that was just bound to this account: the phone stands for password and second factor."""
        return (await self._open(account, address, agent, device))[0]

    async def _open(
        self, account: Account, address: str, agent: str, device: str | None = None
    ) -> tuple[str, Account]:
        """Begin a session of this account."""
        token = secrets.token_urlsafe(32)
        moment = self.clock()
        needs = await self.needs(account) if device is None else None
        await self._make_room(account, moment)
        await self.store.add_token(
            token_hash(token), account.id, moment, moment + self._lifetime, address, agent, needs, device
        )
        begun = {"account": account.id, "network": network_of(address), "at": to_wire(moment)}
        await self.trace.tell("session.note_begun", begun)
        return token, account

    async def needs(self, account: Account) -> Need | None:
        """What this account has to do before anything else, by the policy of now."""
        policy = self.policy()
        factors = self.factors if account.role in policy.second_factor else None
        if factors is not None and not await factors.enrolled([account.id]):
            return "second_factor"
        facts = await self.store.password_facts(account.id)
        if facts.once:
            return "password"
        days = timedelta(days=policy.password.days)
        # a password of unknown age is older than the hub notes
        if days and (facts.set_at is None or facts.set_at + days <= self.clock()):
            return "password"
        return None

    async def _make_room(self, account: Account, now: datetime) -> None:
        """End the oldest sessions of an account that has as many as it may."""
        most = self.policy().most_sessions
        if most:
            for key in await self.store.oldest_tokens(account.id, most - 1, now):
                self.withdrawal.end(key, "signed_out")
                await self.store.revoke_tokens([key])

    async def _begin(
        self, username: str, address: str, source: str, device: str | None, now: float
    ) -> tuple[dict[str, Slowing], str | None]:
        """Count the try; under which keys, and where a stranger comes from. Raises Refusal when it has to wait."""
        limits = self.limits
        number = self.devices.known(device, username)
        if number is not None:
            keys = {f"device {number} {username}": limits.pair}
            self.throttle.begin(keys, now)
            return keys, None
        keys = {f"pair {source} {username}": limits.pair, f"address {source}": limits.address}
        self.throttle.begin(keys, now)
        stranger = await self._stranger(username, address, source)
        if stranger is not None:
            by_name = {f"{BY_NAME}{username}": limits.name}
            try:
                self.throttle.begin(by_name, now)
            except Refusal:
                self.throttle.take_back(keys)
                raise
            keys |= by_name
        return keys, stranger

    def entries(self, entries: Sequence[Entry]) -> None:
        """What the journal tells: names that need not wait any more."""
        for entry in entries:
            if entry.kind == "account.unlocked":
                self.throttle.forget(entry.data["username"])

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
            access = await self.access_for(token, limited=True)
        except Refusal as refusal:
            if refusal.code != "unavailable":
                raise
        except Exception:
            log.exception("a token that is given back could not be looked up")
        await self.withdrawal.sign_out(token_hash(token))
        del access

    async def sign_in_before(self, token: str) -> SignIn | None:
        """The sign-in of this account before the one that gave this token."""
        return await self.store.sign_in_before(token_hash(token))

    async def give_one_time(self, account_ids: Collection[str]) -> tuple[dict[str, str], datetime]:
        """A fresh one-time password for each of these accounts, and until when they are good. Who may is for the caller to ask.

        What people choose in their place is held against the policy (`OwnSecurity.change_password`).
        """
        made = {account: make_one_time() for account in account_ids}
        until = self.clock() + GOOD_FOR
        await self.store.set_one_time(made, until)
        return made, until

    async def access_for(self, token: str, *, limited: bool = False) -> Access:
        """What this token gives, now. `limited`: also where something has to be done first (`TokenStanding.needs`).

        Raises Refusal: `unauthenticated`; `second_factor_needed`, `password_needed`.
        """
        if _TOKEN.fullmatch(token) is not None:
            key = token_hash(token)
            self.withdrawal.require_good(key)
            now = self.clock()
            standing = await self.store.token_standing(key, now)
            gone = standing is None or standing.account.disabled
            if standing is not None and not gone and not self.withdrawal.over(key, standing, now):
                if standing.needs is not None and not limited:
                    raise _NEEDED[standing.needs]
                return self.withdrawal.access(key, standing.account)
        raise Refusal("unauthenticated", "sign in first")

    async def needs_of(self, token: str) -> Need | None:
        """What has to be done under this token before anything else."""
        standing = await self.store.token_standing(token_hash(token), self.clock())
        return standing.needs if standing is not None else None

    async def password_given_at(self, account: Account) -> str | None:
        """When this account was given the password that it has; None: its owner chose it, or that is not noted."""
        facts = await self.store.password_facts(account.id)
        return to_wire(facts.set_at) if facts.once and facts.set_at is not None else None

    async def account_for(self, token: str) -> Account:
        """Whose token this is, now. Raises Refusal("unauthenticated")."""
        return (await self.access_for(token)).account

    async def _stranger(self, username: str, address: str, source: str) -> str | None:
        """Where a caller without a known device comes from; None if this name has signed in from there before.

        An address from which much is guessed vouches for nobody.
        """
        if (
            self.throttle.failures(f"address {source}", self.limits.address, self.monotonic())
            > _QUIET_ADDRESS
        ):
            return source
        return None if await self.store.signed_in_from(username, address) else source
